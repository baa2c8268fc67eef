//! The timer wheel: a timer for each mini-socket, which ends with all others of its slot.
//!
//! Models `calc_wheel_index`, `__mod_timer` and `collect_expired_timers` of `kernel/time/timer.c`
//! since 4.8, as far as they say when a timer runs and which one first. Left out: several
//! processors, and the nine or so years beyond the last level.

use crate::arena::{Lists, NONE};
use crate::map::{Map, Word};
use crate::timers::Due;

/// Levels above the first; each is eight times as coarse as the one below.
const LEVEL_MAX: u8 = 8;
/// Slots that a level can look ahead.
const AHEAD: u64 = 63;

/// A slot: when it ends, with its level below that, so that of slots that end together the one
/// with the highest level comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Slot(u64);

impl Slot {
    /// The slot for a timer that is to run at `expires`, with the wheel's own clock at `clock`.
    fn of(expires: u64, clock: u64) -> Slot {
        let distance = expires.saturating_sub(clock);
        let level = (0..LEVEL_MAX).find(|level| distance < AHEAD << (3 * level));
        let level = level.unwrap_or(LEVEL_MAX);
        let shift = 3 * level;
        let end = ((expires.max(clock) >> shift) + 1) << shift;
        Slot(end << 4 | u64::from(LEVEL_MAX - level))
    }

    const fn end(self) -> u64 {
        self.0 >> 4
    }

    const fn level(self) -> u8 {
        LEVEL_MAX - (self.0 & 15) as u8
    }
}

impl Word for Slot {
    fn word(self) -> u64 {
        self.0
    }

    fn of(word: u64) -> Slot {
        Slot(word)
    }
}

/// What waits in a slot, packed for [`Lists`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// A mini-socket, by its number.
    Mini(u32),
    /// A full socket, by its place among those that wait, which are few.
    Waiting(u32),
}

impl Entry {
    const fn pack(self) -> u32 {
        match self {
            Entry::Mini(id) => id << 1,
            Entry::Waiting(place) => place << 1 | 1,
        }
    }

    const fn unpack(packed: u32) -> Entry {
        match packed & 1 {
            0 => Entry::Mini(packed >> 1),
            _ => Entry::Waiting(packed >> 1),
        }
    }
}

/// Where no release is here that has it, there can't be one, and the compiler leaves it out.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "later", derive(Default))]
pub(crate) struct Wheel {
    #[cfg(not(feature = "later"))]
    none: std::convert::Infallible,
    /// The newest entry of each slot.
    heads: Map<Slot, u32>,
    links: Lists,
    /// Where each mini-socket waits, by its number.
    minis: Vec<Slot>,
    /// The place of each waiting socket.
    sockets: Map<u32, u32>,
    /// The socket at each place, and where it waits.
    places: Vec<(u32, Slot)>,
    free_places: Vec<u32>,
    count: u32,
    /// A timer runs: the wheel's clock is one tick ahead.
    running: bool,
}

impl Wheel {
    fn slot_for(&self, timeout: u32, now: u64) -> Slot {
        Slot::of(now + u64::from(timeout), now + u64::from(self.running))
    }

    fn insert(&mut self, entry: Entry, slot: Slot) {
        let mut head = self.heads.get(slot).unwrap_or(NONE);
        self.links.push_front(&mut head, entry.pack());
        self.heads.insert(slot, head);
    }

    fn take_out(&mut self, entry: Entry, slot: Slot) {
        let Some(mut head) = self.heads.get(slot) else { return };
        self.links.remove(&mut head, entry.pack());
        match head {
            NONE => _ = self.heads.remove(slot),
            head => self.heads.insert(slot, head),
        }
    }

    pub(crate) fn add(&mut self, id: u32, timeout: u32, now: u64) {
        let (slot, at) = (self.slot_for(timeout, now), id as usize);
        if at >= self.minis.len() {
            self.minis.resize(at + 1, Slot::default());
        }
        self.minis[at] = slot;
        self.count += 1;
        self.insert(Entry::Mini(id), slot);
    }

    /// An entry that stays in its slot keeps its place there.
    pub(crate) fn restart(&mut self, id: u32, timeout: u32, now: u64) {
        let (old, new) = (self.minis[id as usize], self.slot_for(timeout, now));
        if old != new {
            self.take_out(Entry::Mini(id), old);
            self.minis[id as usize] = new;
            self.insert(Entry::Mini(id), new);
        }
    }

    pub(crate) fn remove(&mut self, id: u32) {
        self.count -= 1;
        self.take_out(Entry::Mini(id), self.minis[id as usize]);
    }

    pub(crate) fn wait(&mut self, socket: u32, timeout: u32, now: u64) -> u64 {
        self.stop(socket);
        let slot = self.slot_for(timeout, now);
        let place = self.free_places.pop().unwrap_or(self.places.len() as u32);
        match self.places.get_mut(place as usize) {
            Some(known) => *known = (socket, slot),
            None => self.places.push((socket, slot)),
        }
        self.sockets.insert(socket, place);
        self.insert(Entry::Waiting(place), slot);
        slot.end()
    }

    pub(crate) fn stop(&mut self, socket: u32) {
        if let Some(place) = self.sockets.remove(socket) {
            let (_, slot) = self.places[place as usize];
            self.take_out(Entry::Waiting(place), slot);
            self.free_places.push(place);
        }
    }

    pub(crate) fn next(&self) -> Option<u64> {
        self.heads.first().map(|(slot, _)| slot.end())
    }

    /// The newest entry of the slot that is due.
    pub(crate) fn run(&mut self) -> Option<Due> {
        self.running = true;
        let (_, head) = self.heads.first()?;
        Some(match Entry::unpack(head) {
            Entry::Mini(id) => {
                self.remove(id);
                Due::Mini(id)
            }
            Entry::Waiting(place) => {
                let (socket, _) = self.places[place as usize];
                self.stop(socket);
                Due::Socket(socket)
            }
        })
    }

    pub(crate) fn rest(&mut self) {
        self.running = false;
    }

    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn bytes(&self) -> usize {
        self.links.bytes() + self.minis.len() * size_of::<Slot>()
    }

    pub(crate) fn level(&self, id: u32) -> u8 {
        self.minis[id as usize].level()
    }

    pub(crate) fn ends(&self, id: u32) -> u64 {
        self.minis[id as usize].end()
    }

    pub(crate) fn agree(&self, minis: usize) -> bool {
        let listed: usize = self.heads.iter().map(|(_, head)| self.links.iter(head).count()).sum();
        self.count as usize == minis
            && listed == minis + self.sockets.len()
            && self.heads.iter().all(|(_, head)| head != NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_ends_at_the_next_multiple_of_512_or_4096_jiffies() {
        let of = |hz: u64, now: u64| Slot::of(now + 60 * hz, now).end() - now;
        for now in 4_295_142_296..4_295_142_296 + 5_000 {
            assert!((15_001..=15_512).contains(&of(250, now)), "{now}");
            assert!((60_001..=64_096).contains(&of(1000, now)), "{now}");
            assert_eq!((of(250, now) + now) % 512, 0);
            assert_eq!((of(1000, now) + now) % 4096, 0);
        }
    }

    #[test]
    fn what_is_armed_while_a_timer_runs_is_a_tick_nearer() {
        let mut wheel = Wheel::default();
        // 504 jiffies are the first distance of the third level, 503 the last of the second.
        assert_eq!(wheel.wait(1, 504, 1_000), 1_536);
        wheel.wait(2, 1, 1_000);
        assert!(matches!(wheel.run(), Some(Due::Socket(2))));
        assert_eq!(wheel.wait(1, 504, 1_000), 1_512);
        wheel.rest();
        assert_eq!(wheel.wait(1, 504, 1_000), 1_536);
    }

    #[test]
    fn the_shortest_timers_run_one_jiffy_late() {
        let of = |expires| (Slot::of(expires, 100).end(), Slot::of(expires, 100).level());
        assert_eq!([101, 162, 163].map(of), [(102, 0), (163, 0), (168, 1)]);
    }
}
