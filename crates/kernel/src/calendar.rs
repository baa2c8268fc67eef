//! When mini-sockets end: the two calendars of the death row, as numbers only.
//!
//! Models the timing of `net/ipv4/inet_timewait_sock.c` up to 4.0: `inet_twsk_schedule`,
//! `inet_twdr_hangman` with its worker, and `inet_twdr_twcal_tick`; since 2.6.35 `apply_slack`
//! (`kernel/timer.c`); and what RHEL 7 made of the worker, `inet_twdr_twkill_work`. All times are
//! jiffies. Which mini-socket stands in which slot is `death_row`'s business; this part is `Copy`,
//! so that a forecast can run the very same code ahead.

use std::cmp::Ordering;

use crate::rules::TimerRule;
use crate::verdict::CalendarSlot;

/// Slots of the slow calendar (`INET_TWDR_TWKILL_SLOTS`).
pub const SLOW_SLOTS: u8 = 8;
/// Rows of the fast calendar (`INET_TWDR_RECYCLE_SLOTS`).
const FAST_ROWS: u8 = 32;
/// Slots of both; slow ones first.
pub(crate) const SLOTS: usize = SLOW_SLOTS as usize + FAST_ROWS as usize;
/// `TCP_TIMEWAIT_LEN` in seconds.
const TIMEWAIT_S: u32 = 60;
/// How many entries a tick ends itself; one more, and the pointer stays where it is.
const QUOTA: u32 = 100;
/// With so many entries the worker, too, finds more than the quota.
const BUSY: u32 = 2 * (QUOTA + 1);

/// How far the old timer wheel's own clock is behind when a machine starts: nothing has run for a
/// while. At least 3,992 jiffies in the traces of 3.10; it decides which of two timers of one
/// jiffy is first if one was armed before anything ran. Later the wheel is taken to keep up, as it
/// does while connections come and go: 3.10 leaves the timers of answered segments armed. After a
/// time without any timer the real one is behind again, and may sort such two the other way.
const BEHIND: u64 = 4_000;
/// Jiffies that the lists of each level of the old timer wheel look ahead, as powers of two.
const LEVEL_BITS: [u32; 4] = [6, 10, 14, 18];
/// A timer came to a list by being armed, and not from a higher level.
const ARMED: u8 = u8::MAX;

/// A timer that is armed. Of two that are due in the same jiffy, the one that came first to the
/// list of that jiffy runs first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    pub(crate) at: u64,
    order: u64,
    armed: u64,
    /// The level of the old timer wheel (`kernel/timer.c` up to 4.7) that it was put in first;
    /// 0 is that of the next few jiffies.
    level: u8,
}

impl Timer {
    /// Tells it from all others of its kernel; never 0.
    pub(crate) const fn number(&self) -> u64 {
        self.order
    }

    /// How it came to a level: when, and from which one.
    fn arrival(&self, level: u8) -> (u64, u8) {
        let mut from = self.level;
        while from > level {
            let bits = LEVEL_BITS[usize::from(from) - 1];
            let moved = self.at >> bits << bits;
            let to = level_of(self.at - moved);
            if to <= level {
                return (moved, from);
            }
            from = to;
        }
        (self.armed, ARMED)
    }
}

/// The level for a timer that is so far ahead.
fn level_of(ahead: u64) -> u8 {
    LEVEL_BITS.iter().filter(|bits| ahead >> **bits != 0).count() as u8
}

impl Ord for Timer {
    fn cmp(&self, other: &Timer) -> Ordering {
        let mut found = self.at.cmp(&other.at);
        let mut level = 0;
        while found.is_eq() {
            let (ours, theirs) = (self.arrival(level), other.arrival(level));
            found = ours.cmp(&theirs);
            if ours.1 == ARMED {
                return found.then(self.order.cmp(&other.order));
            }
            level = ours.1;
        }
        found
    }
}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Timer) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The first row of the fast calendar that isn't emptied yet, and when it will be.
#[derive(Clone, Copy, Debug)]
struct Hand {
    row: u8,
    at: u64,
}

/// Which calendar ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Slow,
    Fast,
}

/// What a tick empties, in this order, before anything else happens.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Emptied {
    /// Slots to empty, counted over both calendars.
    slots: [u8; FAST_ROWS as usize],
    count: u8,
    /// Entries in them.
    pub(crate) ended: u32,
    /// The slow pointer stays.
    pub(crate) slipped: bool,
}

impl Emptied {
    pub(crate) fn slots(&self) -> &[u8] {
        &self.slots[..usize::from(self.count)]
    }

    fn push(&mut self, slot: u8) {
        self.slots[usize::from(self.count)] = slot;
        self.count += 1;
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    /// Time between two ticks of the slow calendar.
    period: u64,
    /// The same after a slot that kept the worker busy.
    busy_period: u64,
    /// Length of a row of the fast calendar.
    row: u64,
    /// Timers are put off a little.
    slack: bool,
    /// How far the kernel's timers are behind.
    behind: u64,
    /// Entries per slot.
    counts: [u32; SLOTS],
    /// Entries of both calendars (`tw_count`).
    tw_count: u32,
    /// Slot that the next slow tick empties.
    pointer: u8,
    slow: Option<Timer>,
    fast: Option<Timer>,
    hand: Option<Hand>,
    /// Timers armed so far.
    order: u64,
}

impl Calendar {
    pub(crate) const fn new(hz: u32, rule: TimerRule) -> Calendar {
        let period = (TIMEWAIT_S * hz) as u64 / SLOW_SLOTS as u64;
        let hurries = matches!(rule, TimerRule::CalendarsThatHurry);
        Calendar {
            period,
            busy_period: if hurries { hz as u64 } else { period },
            row: row(hz),
            slack: !matches!(rule, TimerRule::Calendars),
            behind: BEHIND,
            counts: [0; SLOTS],
            tw_count: 0,
            pointer: 0,
            slow: None,
            fast: None,
            hand: None,
            order: 0,
        }
    }

    /// Entries of both calendars (`tw_count`).
    pub(crate) const fn tw_count(&self) -> u32 {
        self.tw_count
    }

    /// The slot that the next slow tick empties.
    pub(crate) const fn pointer(&self) -> u8 {
        self.pointer
    }

    /// The kernel's timers have run.
    pub(crate) fn catch_up(&mut self) {
        self.behind = 0;
    }

    /// A timer armed now.
    pub(crate) fn arm(&mut self, at: u64, now: u64) -> Timer {
        self.order += 1;
        let order = self.order;
        if !self.slack {
            return Timer { at, order, armed: now, level: 0 };
        }
        let at = put_off(at, now);
        let level = level_of((at + self.behind).saturating_sub(now + 1));
        Timer { at, order, armed: now, level }
    }

    /// Enters a mini-socket for `timeout` and gives its slot (`inet_twsk_schedule`).
    pub(crate) fn add(&mut self, timeout: u32, now: u64) -> u8 {
        let rows = u64::from(timeout).div_ceil(self.row);
        let slot = if rows < u64::from(FAST_ROWS) {
            SLOW_SLOTS + self.fast_row(rows as u8, now)
        } else {
            let ahead = u64::from(timeout).div_ceil(self.period).min(u64::from(SLOW_SLOTS) - 1);
            (self.pointer + ahead as u8) % SLOW_SLOTS
        };
        self.counts[usize::from(slot)] += 1;
        self.tw_count += 1;
        if self.tw_count == 1 {
            self.slow = Some(self.arm(now + self.period, now));
        }
        slot
    }

    /// Row of the fast calendar for an entry, counted from the hand and not from now.
    fn fast_row(&mut self, rows: u8, now: u64) -> u8 {
        let due = now + u64::from(rows) * self.row;
        if self.fast.is_none_or(|timer| due < timer.at) {
            self.fast = Some(self.arm(due, now));
        }
        let hand = *self.hand.get_or_insert(Hand { row: 0, at: now });
        (hand.row + rows) % FAST_ROWS
    }

    /// Takes a mini-socket out of a slot. The last one stops the slow timer; the kernel does so
    /// only when it ends, but an entry that is merely moved starts the timer anew.
    pub(crate) fn remove(&mut self, slot: u8) {
        self.counts[usize::from(slot)] -= 1;
        self.drop_entries(1);
    }

    fn drop_entries(&mut self, entries: u32) {
        self.tw_count -= entries;
        if self.tw_count == 0 {
            self.slow = None;
        }
    }

    /// The timer that is due next.
    pub(crate) fn next(&self) -> Option<(Timer, Which)> {
        let slow = self.slow.map(|timer| (timer, Which::Slow));
        let fast = self.fast.map(|timer| (timer, Which::Fast));
        match (slow, fast) {
            (Some(slow), Some(fast)) => Some(if fast.0 < slow.0 { fast } else { slow }),
            (slow, fast) => slow.or(fast),
        }
    }

    /// Runs one tick.
    pub(crate) fn tick(&mut self, which: Which, now: u64) -> Emptied {
        match which {
            Which::Slow => self.slow_tick(now),
            Which::Fast => self.fast_tick(now),
        }
    }

    /// A slot is emptied and the pointer advances; but with more entries than the quota the
    /// worker empties the rest, and the pointer waits for the next tick. Without any entry, as
    /// can be after such a tick, nothing happens and the timer stops.
    fn slow_tick(&mut self, now: u64) -> Emptied {
        self.slow = None;
        let mut emptied = Emptied::default();
        if self.tw_count == 0 {
            return emptied;
        }
        self.empty(self.pointer, &mut emptied);
        emptied.slipped = emptied.ended > QUOTA;
        if !emptied.slipped {
            self.pointer = (self.pointer + 1) % SLOW_SLOTS;
        }
        self.drop_entries(emptied.ended);
        if emptied.slipped || self.tw_count > 0 {
            let period = if emptied.ended < BUSY { self.period } else { self.busy_period };
            self.slow = Some(self.arm(now + period, now));
        }
        emptied
    }

    /// Every row whose time has come is emptied; the first other one becomes the hand, and the
    /// timer goes to the first row with entries.
    fn fast_tick(&mut self, now: u64) -> Emptied {
        self.fast = None;
        let mut emptied = Emptied::default();
        let Some(hand) = self.hand.take() else { return emptied };
        for step in 0..FAST_ROWS {
            let row = (hand.row + step) % FAST_ROWS;
            let at = hand.at + u64::from(step) * self.row;
            let slot = SLOW_SLOTS + row;
            if at <= now {
                self.empty(slot, &mut emptied);
                continue;
            }
            self.hand.get_or_insert(Hand { row, at });
            if self.counts[usize::from(slot)] > 0 {
                self.fast = Some(self.arm(at, now));
                break;
            }
        }
        if self.fast.is_none() {
            self.hand = None;
        }
        self.drop_entries(emptied.ended);
        emptied
    }

    fn empty(&mut self, slot: u8, emptied: &mut Emptied) {
        emptied.ended += std::mem::take(&mut self.counts[usize::from(slot)]);
        emptied.push(slot);
    }

    /// When each slot will be emptied next if nothing but time comes in between; 0 for an
    /// empty slot. A full FIN_WAIT2 socket that is still waiting isn't foreseen.
    pub(crate) fn forecast(mut self) -> [u64; SLOTS] {
        let mut ends = [0; SLOTS];
        // A slow slot waits for at most two ticks per slot of the ring, a fast row for one.
        for _ in 0..2 * SLOTS {
            let Some((timer, which)) = self.next() else { break };
            let before = self.counts;
            for slot in self.tick(which, timer.at).slots() {
                let slot = usize::from(*slot);
                if before[slot] > 0 {
                    ends[slot] = timer.at;
                }
            }
        }
        ends
    }

    /// Entries per slot; for tests.
    pub(crate) fn counts(&self) -> &[u32; SLOTS] {
        &self.counts
    }
}

/// Length of a row of the fast calendar: at most 1/7 s, and a power of two.
const fn row(hz: u32) -> u64 {
    1 << ((hz as u64 - 1).ilog2() - 2)
}

/// Where a timer goes that may be put off by a 256th of its time: to the number with the most
/// zeros at its end.
const fn put_off(at: u64, now: u64) -> u64 {
    let latest = at + at.saturating_sub(now) / 256;
    match (at ^ latest).checked_ilog2() {
        None => at,
        Some(bit) => latest >> bit << bit,
    }
}

/// A slot's number in the calendar that it belongs to.
pub(crate) const fn calendar_slot(slot: u8) -> CalendarSlot {
    match slot.checked_sub(SLOW_SLOTS) {
        None => CalendarSlot::Slow(slot),
        Some(row) => CalendarSlot::Fast(row),
    }
}
