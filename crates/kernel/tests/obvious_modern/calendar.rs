//! The calendars in which 3.10 keeps its mini-sockets (`inet_timewait_sock.c`).

use super::machine::Machine;
use super::timers::{TimerKey, TimerOf};
use super::timewait::TIME_WAIT_S;

const SLOTS: i64 = 8;
const ROWS: i64 = 32;
/// A slot of the slow calendar with more entries is finished by a worker, and the pointer stays.
const QUOTA: usize = 100;

/// Both calendars.
pub struct Calendar {
    /// Jiffies between two ticks of the slow calendar.
    period: i64,
    /// Jiffies between two rows of the fast one.
    tick: i64,
    /// Mini-sockets of each slot, newest first.
    slots: Vec<Vec<usize>>,
    rows: Vec<Vec<usize>>,
    /// The slot that the next slow tick empties.
    slot: i64,
    /// Row and jiffy from which the fast calendar counts; nothing while it is idle.
    hand: Option<(i64, i64)>,
    slow: Option<TimerKey>,
    fast: Option<TimerKey>,
}

impl Calendar {
    /// An empty calendar.
    pub fn new(hz: i64) -> Calendar {
        Calendar {
            period: TIME_WAIT_S * hz / SLOTS,
            tick: if hz <= 256 { 32 } else { 128 },
            slots: vec![Vec::new(); SLOTS as usize],
            rows: vec![Vec::new(); ROWS as usize],
            slot: 0,
            hand: None,
            slow: None,
            fast: None,
        }
    }

    fn count(&self) -> usize {
        self.slots.iter().chain(&self.rows).map(Vec::len).sum()
    }

    /// Takes an entry out, wherever it is.
    fn take_out(&mut self, id: usize) {
        for list in self.slots.iter_mut().chain(&mut self.rows) {
            list.retain(|other| *other != id);
        }
    }
}

impl Machine {
    /// Enters a mini-socket, or enters it anew (`inet_twsk_schedule`).
    pub fn enter_calendar(&mut self, id: usize, timeout: i64) {
        self.calendar.take_out(id);
        let (tick, period) = (self.calendar.tick, self.calendar.period);
        let ticks = (timeout + tick - 1) / tick;
        if ticks < ROWS {
            self.enter_fast(id, ticks);
        } else {
            let ahead = if timeout >= TIME_WAIT_S * self.clock.hz {
                SLOTS - 1
            } else {
                ((timeout + period - 1) / period).min(SLOTS - 1)
            };
            let slot = (self.calendar.slot + ahead) % SLOTS;
            self.calendar.slots[slot as usize].insert(0, id);
        }
        if self.calendar.count() == 1 {
            self.start_slow();
        }
    }

    fn start_slow(&mut self) {
        let old = self.calendar.slow;
        let key = self.start_timer(TimerOf::SlowTick, old, self.calendar.period);
        self.calendar.slow = Some(key);
    }

    fn start_fast(&mut self, timeout: i64) {
        let old = self.calendar.fast;
        let key = self.start_timer(TimerOf::FastTick, old, timeout);
        self.calendar.fast = Some(key);
    }

    fn enter_fast(&mut self, id: usize, ticks: i64) {
        let now = self.clock.jiffies();
        let timeout = ticks * self.calendar.tick;
        let row = match self.calendar.hand {
            None => {
                self.calendar.hand = Some((0, now));
                self.start_fast(timeout);
                ticks
            }
            Some((row, _)) => {
                if self.calendar.fast.is_none_or(|key| key.0 > now + timeout) {
                    self.start_fast(timeout);
                }
                (row + ticks) % ROWS
            }
        };
        self.calendar.rows[row as usize].insert(0, id);
    }

    /// Takes a mini-socket out; without any, the slow calendar stops.
    pub fn leave_calendar(&mut self, id: usize) {
        self.calendar.take_out(id);
        if self.calendar.count() == 0
            && let Some(key) = self.calendar.slow.take()
        {
            self.timers.stop(key);
        }
    }

    /// A tick of the slow calendar: a slot is emptied (`inet_twdr_hangman`).
    pub fn slow_tick(&mut self) {
        self.calendar.slow = None;
        if self.calendar.count() == 0 {
            return;
        }
        let slot = self.calendar.slot;
        let ends = std::mem::take(&mut self.calendar.slots[slot as usize]);
        let too_many = ends.len() > QUOTA;
        for id in ends {
            self.end_mini(id, "timer");
        }
        if !too_many {
            self.calendar.slot = (slot + 1) % SLOTS;
        }
        if too_many || self.calendar.count() > 0 {
            self.start_slow();
        }
    }

    /// The fast calendar's timer: rows whose time has come are emptied (`inet_twdr_twcal_tick`).
    pub fn fast_tick(&mut self) {
        self.calendar.fast = None;
        let Some((first, mut j)) = self.calendar.hand.take() else { return };
        let now = self.clock.jiffies();
        for step in 0..ROWS {
            let row = (first + step) % ROWS;
            if j <= now {
                for id in std::mem::take(&mut self.calendar.rows[row as usize]) {
                    self.end_mini(id, "timer");
                }
            } else {
                self.calendar.hand = self.calendar.hand.or(Some((row, j)));
                if !self.calendar.rows[row as usize].is_empty() {
                    self.start_fast(j - now);
                    return;
                }
            }
            j += self.calendar.tick;
        }
        self.calendar.hand = None;
    }
}
