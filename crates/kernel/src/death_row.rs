//! The death row: which mini-socket waits in which slot of the calendars, and which full socket
//! waits in FIN_WAIT2.
//!
//! Models the lists of `inet_timewait_death_row` (`net/ipv4/inet_timewait_sock.c`) and the
//! timers of full sockets (`net/ipv4/tcp_timer.c`). When a slot's time comes is
//! [`crate::calendar`]'s business.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::arena::{Lists, NONE};
use crate::calendar::{Calendar, Emptied, SLOTS, Timer, Which, calendar_slot};
use crate::event::{Event, Trace};
use crate::rules::TimerRule;
use crate::timers::{self, Due};
use crate::verdict::CalendarSlot;

#[derive(Clone, Debug)]
pub(crate) struct DeathRow {
    calendar: Calendar,
    /// The newest mini-socket of each slot.
    heads: [u32; SLOTS],
    links: Lists,
    /// Where each mini-socket waits, by its number; counted over both calendars.
    slots: Vec<u8>,
    waiting: Waiting,
}

/// Full sockets that wait.
#[derive(Clone, Debug, Default)]
struct Waiting {
    /// Armed timers and what was armed before, with their sockets; the first one is armed.
    queue: BinaryHeap<Reverse<(Timer, u32)>>,
    /// The number of each socket's armed timer, or 0.
    armed: Vec<u64>,
    /// How many are armed.
    count: usize,
}

impl Waiting {
    /// The one that is due first.
    fn first(&self) -> Option<(Timer, u32)> {
        self.queue.peek().map(|first| first.0)
    }

    fn start(&mut self, socket: u32, timer: Timer) {
        let at = socket as usize;
        if at >= self.armed.len() {
            self.armed.resize(at + 1, 0);
        }
        self.armed[at] = timer.number();
        self.count += 1;
        self.queue.push(Reverse((timer, socket)));
    }

    fn stop(&mut self, socket: u32) {
        match self.armed.get_mut(socket as usize) {
            Some(number) if *number != 0 => *number = 0,
            _ => return,
        }
        self.count -= 1;
        let Waiting { queue, armed, count } = self;
        let is_armed = |(timer, socket): (Timer, u32)| armed[socket as usize] == timer.number();
        if queue.len() > 2 * *count + SPARE {
            queue.retain(|entry| is_armed(entry.0));
        }
        while queue.peek().is_some_and(|first| !is_armed(first.0)) {
            queue.pop();
        }
    }

    fn bytes(&self) -> usize {
        self.queue.len() * size_of::<(Timer, u32)>() + self.armed.len() * size_of::<u64>()
    }
}

/// Entries of sockets that no longer wait, beyond as many as still do, that are put up with.
const SPARE: usize = 64;

/// Mini-sockets of the slots that a tick emptied.
pub(crate) struct SlotBatch {
    emptied: Emptied,
    /// Slots that are done.
    done: usize,
}

/// When each slot will be emptied.
pub(crate) struct SlotTimes([u64; SLOTS]);

/// What is due next, and when.
type Next<T> = Option<(Timer, T)>;

impl DeathRow {
    pub(crate) fn new(hz: u32, rule: TimerRule) -> DeathRow {
        DeathRow {
            calendar: Calendar::new(hz, rule),
            heads: [NONE; SLOTS],
            links: Lists::default(),
            slots: Vec::new(),
            waiting: Waiting::default(),
        }
    }

    pub(crate) fn add(&mut self, id: u32, timeout: u32, now: u64) {
        let slot = self.calendar.add(timeout, now);
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

    pub(crate) fn wait(&mut self, socket: u32, timeout: u32, now: u64) -> u64 {
        self.stop(socket);
        let timer = self.calendar.arm(now + u64::from(timeout), now);
        self.waiting.start(socket, timer);
        timer.at
    }

    pub(crate) fn stop(&mut self, socket: u32) {
        self.waiting.stop(socket);
    }

    /// The kernel's timers have run.
    pub(crate) fn catch_up(&mut self) {
        self.calendar.catch_up();
    }

    /// The timer of the calendars that is due next, and the waiting socket that is.
    fn due(&self) -> (Next<Which>, Next<u32>) {
        (self.calendar.next(), self.waiting.first())
    }

    pub(crate) fn next(&self) -> Option<u64> {
        let (calendar, waiting) = self.due();
        let calendar = calendar.map(|(timer, _)| timer);
        let waiting = waiting.map(|(timer, _)| timer);
        calendar.into_iter().chain(waiting).min().map(|timer| timer.at)
    }

    pub(crate) fn run(&mut self, now: u64, t_ms: u64, trace: &mut Trace<'_>) -> Option<Due> {
        match self.due() {
            (Some((timer, which)), waiting)
                if waiting.is_none_or(|(waiting, _)| timer < waiting) =>
            {
                let batch = self.tick(which, now, t_ms, trace);
                Some(Due::Minis(timers::Batch::Calendars(batch)))
            }
            (_, waiting) => waiting.map(|(_, socket)| {
                self.stop(socket);
                Due::Socket(socket)
            }),
        }
    }

    fn tick(&mut self, which: Which, now: u64, t_ms: u64, trace: &mut Trace<'_>) -> SlotBatch {
        let slot = self.calendar.pointer();
        let emptied = self.calendar.tick(which, now);
        let (Emptied { ended, slipped, .. }, next) = (emptied, self.calendar.pointer());
        trace.event(|| match which {
            Which::Slow => Event::CalendarTick { t_ms, slot, next, ended, slipped },
            Which::Fast => Event::FastTick { t_ms, ended },
        });
        SlotBatch { emptied, done: 0 }
    }

    /// Slot after slot, each from its newest mini-socket on.
    pub(crate) fn take(&mut self, batch: &mut SlotBatch) -> Option<u32> {
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

    pub(crate) fn bytes(&self) -> usize {
        self.links.bytes() + self.slots.len() + self.waiting.bytes()
    }

    pub(crate) fn slot(&self, id: u32) -> CalendarSlot {
        calendar_slot(self.slots[id as usize])
    }

    pub(crate) fn forecast(&self) -> SlotTimes {
        SlotTimes(self.calendar.forecast())
    }

    pub(crate) fn ends(&self, forecast: &SlotTimes, id: u32) -> u64 {
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
