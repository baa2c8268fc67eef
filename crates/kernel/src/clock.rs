//! Time: it moves only in `advance`, which runs the timers that come due.
//!
//! Models the death row's lists (`inet_timewait_death_row`, `net/ipv4/inet_timewait_sock.c`) and
//! the FIN_WAIT2 part of `tcp_keepalive_timer` (`net/ipv4/tcp_timer.c`). Left out: every other
//! timer, and the port-offset hash's own change of key every 300 s.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::arena::{Links, NONE};
use crate::calendar::{Emptied, SLOTS, TIMEWAIT_MS, Timer, Which};
use crate::call::Problem;
use crate::config::START_SEC_MAX;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::verdict::TimewaitCause;

/// How far the clock goes, in ms: about 31 years.
pub const CLOCK_MS_MAX: u64 = 1_000_000_000_000;

/// Mini-sockets by calendar slot, newest first.
#[derive(Clone, Debug)]
pub(crate) struct DeathRow {
    heads: [u32; SLOTS],
    links: Links,
}

impl DeathRow {
    pub(crate) fn new() -> DeathRow {
        DeathRow { heads: [NONE; SLOTS], links: Links::default() }
    }

    fn head_mut(&mut self, slot: u8) -> (&mut u32, &mut Links) {
        (&mut self.heads[usize::from(slot)], &mut self.links)
    }

    /// A slot's mini-sockets, newest first.
    pub(crate) fn slot(&self, slot: usize) -> impl Iterator<Item = u32> + '_ {
        self.links.iter(self.heads[slot])
    }
}

/// Full FIN_WAIT2 sockets that wait before they become mini-sockets, the next one first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keepalives(BinaryHeap<Reverse<(Timer, u32)>>);

/// What is due next.
enum Due {
    Calendar(Which),
    Keepalive,
}

impl Kernel {
    /// Wall-clock second, Unix time.
    pub(crate) fn second(&self) -> u32 {
        (self.wall_base_s + self.now_ms / 1000) as u32
    }

    /// Jiffies, modulo 2^32: what our own timestamps are made of.
    pub(crate) fn jiffies(&self) -> u32 {
        self.start_jiffies.wrapping_add(self.now_ms as u32)
    }

    /// Enters a mini-socket into a calendar.
    pub(crate) fn schedule(&mut self, id: u32, timeout_ms: u32) {
        let slot = self.calendar.add(timeout_ms, self.now_ms);
        self.tables.timewaits[id].slot = slot;
        let (head, links) = self.death_row.head_mut(slot);
        links.push_front(head, id);
    }

    /// Takes a mini-socket out of its calendar.
    pub(crate) fn unschedule(&mut self, id: u32) {
        let slot = self.tables.timewaits[id].slot;
        self.calendar.remove(slot);
        let (head, links) = self.death_row.head_mut(slot);
        links.remove(head, id);
    }

    /// Lets a full FIN_WAIT2 socket wait for the part of its time above 60 s.
    pub(crate) fn wait_in_fin_wait2(&mut self, socket: u32, ms: u32, trace: &mut Trace<'_>) {
        let timer = self.calendar.arm(self.now_ms + u64::from(ms));
        trace.event(|| Event::FinWait2Waits { until_ms: timer.at_ms });
        self.keepalives.0.push(Reverse((timer, socket)));
    }

    /// Lets time pass; every timer runs at its own millisecond.
    pub(crate) fn advance(&mut self, ms: u64, trace: &mut Trace<'_>) -> Result<(), Problem> {
        let Some(end_ms) = self.now_ms.checked_add(ms).filter(|end_ms| *end_ms <= CLOCK_MS_MAX)
        else {
            return Err(Problem::ClockLimit);
        };
        // Bounded: each mini-socket causes at most two ticks per slot, each wait one.
        while let Some((at_ms, due)) = self.next_due().filter(|(at_ms, _)| *at_ms <= end_ms) {
            self.now_ms = at_ms;
            match due {
                Due::Calendar(which) => self.calendar_tick(which, trace),
                Due::Keepalive => self.keepalive_timer(trace),
            }
        }
        self.now_ms = end_ms;
        Ok(())
    }

    fn next_due(&self) -> Option<(u64, Due)> {
        let calendar = self.calendar.next().map(|(timer, which)| (timer, Due::Calendar(which)));
        let keepalive =
            self.keepalives.0.peek().map(|Reverse((timer, _))| (*timer, Due::Keepalive));
        let next = match (calendar, keepalive) {
            (Some(a), Some(b)) => Some(if a.0 < b.0 { a } else { b }),
            (a, b) => a.or(b),
        };
        next.map(|(timer, due)| (timer.at_ms, due))
    }

    fn calendar_tick(&mut self, which: Which, trace: &mut Trace<'_>) {
        let (t_ms, slot) = (self.now_ms, self.calendar.pointer);
        let emptied = self.calendar.tick(which, t_ms);
        let Emptied { ended, slipped, .. } = emptied;
        self.work += 1 + u64::from(ended);
        let next = self.calendar.pointer;
        trace.event(|| match which {
            Which::Slow => Event::CalendarTick { t_ms, slot, next, ended, slipped },
            Which::Fast => Event::FastTick { t_ms, ended },
        });
        for slot in emptied.slots() {
            self.empty_slot(*slot, trace);
        }
    }

    fn empty_slot(&mut self, slot: u8, trace: &mut Trace<'_>) {
        let mut next = std::mem::replace(self.death_row.head_mut(slot).0, NONE);
        while next != NONE {
            let id = next;
            next = self.death_row.links.next(id);
            self.end_timewait(id, TimewaitCause::Timer, trace);
        }
    }

    /// A waiting FIN_WAIT2 socket becomes a mini-socket for what is left of its time, worked out
    /// anew, or is freed.
    fn keepalive_timer(&mut self, trace: &mut Trace<'_>) {
        let Some(Reverse((_, socket))) = self.keepalives.0.pop() else { return };
        self.work += 1;
        let (t_ms, left_ms) = (self.now_ms, self.fin_time_ms().saturating_sub(TIMEWAIT_MS));
        trace.event(|| Event::FinWait2Checked { t_ms, goes_on: left_ms > 0 });
        if left_ms > 0 {
            self.time_wait(socket, Some(left_ms), trace);
        }
        self.destroy(socket, trace);
    }

    /// Steps the wall clock; timers don't notice.
    pub(crate) fn step_wall(&mut self, sec: i64, trace: &mut Trace<'_>) -> Result<(), Problem> {
        let base_s = self.wall_base_s.checked_add_signed(sec);
        let Some(base_s) = base_s.filter(|base_s| (1..=u64::from(START_SEC_MAX)).contains(base_s))
        else {
            return Err(Problem::WallLimit);
        };
        let from = self.second();
        self.wall_base_s = base_s;
        trace.event(|| Event::WallStepped { from, to: self.second() });
        Ok(())
    }
}
