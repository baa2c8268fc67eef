//! The death row: which mini-socket waits in which slot of the calendars, and which full socket
//! waits in FIN_WAIT2.
//!
//! Models the lists of `inet_timewait_death_row` (`net/ipv4/inet_timewait_sock.c`) and the
//! FIN_WAIT2 part of `tcp_keepalive_timer` (`net/ipv4/tcp_timer.c`). When a slot's time comes
//! is [`crate::calendar`]'s business.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::arena::{Links, NONE};
use crate::calendar::{Calendar, Emptied, SLOTS, Timer, Which, calendar_slot};
use crate::event::{Event, Trace};
use crate::timers::{self, Due};
use crate::verdict::CalendarSlot;

#[derive(Clone, Debug)]
pub(crate) struct DeathRow {
    calendar: Calendar,
    /// The newest mini-socket of each slot.
    heads: [u32; SLOTS],
    links: Links,
    /// Where each mini-socket waits, by its number; counted over both calendars.
    slots: Vec<u8>,
    /// Full sockets in FIN_WAIT2, the next one first.
    waiting: BinaryHeap<Reverse<(Timer, u32)>>,
}

/// Mini-sockets of the slots that a tick emptied.
pub(crate) struct Batch {
    emptied: Emptied,
    /// Slots that are done.
    done: usize,
}

/// When each slot will be emptied.
pub(crate) struct Forecast([u64; SLOTS]);

impl DeathRow {
    pub(crate) fn new() -> DeathRow {
        DeathRow {
            calendar: Calendar::new(),
            heads: [NONE; SLOTS],
            links: Links::default(),
            slots: Vec::new(),
            waiting: BinaryHeap::new(),
        }
    }

    pub(crate) fn add(&mut self, id: u32, timeout_ms: u32, now_ms: u64) {
        let slot = self.calendar.add(timeout_ms, now_ms);
        let at = id as usize;
        if at >= self.slots.len() {
            self.slots.resize(at + 1, slot);
        }
        self.slots[at] = slot;
        self.links.push_front(&mut self.heads[usize::from(slot)], id);
    }

    pub(crate) fn remove(&mut self, id: u32) {
        let slot = self.slots[id as usize];
        self.calendar.remove(slot);
        self.links.remove(&mut self.heads[usize::from(slot)], id);
    }

    pub(crate) fn wait(&mut self, socket: u32, ms: u32, now_ms: u64) -> u64 {
        let timer = self.calendar.arm(now_ms + u64::from(ms));
        self.waiting.push(Reverse((timer, socket)));
        timer.at_ms
    }

    /// The timer of the calendars that is due next, and that of the waiting sockets.
    fn next(&self) -> (Option<(Timer, Which)>, Option<Timer>) {
        let waiting = self.waiting.peek().map(|Reverse((timer, _))| *timer);
        (self.calendar.next(), waiting)
    }

    pub(crate) fn next_ms(&self) -> Option<u64> {
        let (calendar, waiting) = self.next();
        let calendar = calendar.map(|(timer, _)| timer);
        calendar.into_iter().chain(waiting).min().map(|timer| timer.at_ms)
    }

    pub(crate) fn run(&mut self, now_ms: u64, trace: &mut Trace<'_>) -> Option<Due> {
        match self.next() {
            (Some((timer, which)), waiting) if waiting.is_none_or(|waiting| timer < waiting) => {
                let batch = self.tick(which, now_ms, trace);
                Some(Due::Minis(timers::Batch::Calendars(batch)))
            }
            _ => self.waiting.pop().map(|Reverse((_, socket))| Due::FinWait2(socket)),
        }
    }

    fn tick(&mut self, which: Which, t_ms: u64, trace: &mut Trace<'_>) -> Batch {
        let slot = self.calendar.pointer();
        let emptied = self.calendar.tick(which, t_ms);
        let (Emptied { ended, slipped, .. }, next) = (emptied, self.calendar.pointer());
        trace.event(|| match which {
            Which::Slow => Event::CalendarTick { t_ms, slot, next, ended, slipped },
            Which::Fast => Event::FastTick { t_ms, ended },
        });
        Batch { emptied, done: 0 }
    }

    /// Slot after slot, each from its newest mini-socket on.
    pub(crate) fn take(&mut self, batch: &mut Batch) -> Option<u32> {
        while let Some(slot) = batch.emptied.slots().get(batch.done) {
            let head = &mut self.heads[usize::from(*slot)];
            let id = *head;
            if id != NONE {
                self.links.remove(head, id);
                return Some(id);
            }
            batch.done += 1;
        }
        None
    }

    pub(crate) const fn count(&self) -> u32 {
        self.calendar.tw_count()
    }

    pub(crate) const fn pointer(&self) -> u8 {
        self.calendar.pointer()
    }

    pub(crate) fn slot(&self, id: u32) -> CalendarSlot {
        calendar_slot(self.slots[id as usize])
    }

    pub(crate) fn forecast(&self) -> Forecast {
        Forecast(self.calendar.forecast())
    }

    pub(crate) fn ends_ms(&self, forecast: &Forecast, id: u32) -> u64 {
        forecast.0[usize::from(self.slots[id as usize])]
    }

    pub(crate) fn agree(&self, minis: usize) -> bool {
        let counts = self.calendar.counts();
        let listed = (0..SLOTS).all(|slot| {
            let mut entries = 0;
            let at_home = self.links.iter(self.heads[slot]).all(|id| {
                entries += 1;
                usize::from(self.slots[id as usize]) == slot
            });
            at_home && entries == counts[slot]
        });
        let entries: u32 = counts.iter().sum();
        listed
            && entries == self.count()
            && entries as usize == minis
            && (entries == 0 || self.calendar.next().is_some())
    }
}
