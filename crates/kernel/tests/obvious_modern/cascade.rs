//! The wheel of 3.10: it decides which of two timers that end at one jiffy comes first
//! (`kernel/timer.c`, levels of a small kernel).

use super::timers::TimerKey;

/// Slots of the first level, one jiffy each.
const FIRST: i64 = 64;
/// Slots of each other level.
const SLOTS: i64 = 16;
/// Jiffies of a slot of the second level, the third, and so on.
const WIDTHS: [i64; 4] = [1 << 6, 1 << 10, 1 << 14, 1 << 18];
/// Longest distance that the wheel can tell, in jiffies.
const LONGEST: i64 = (1 << 22) - 1;

/// The wheel.
#[derive(Clone, Debug)]
pub struct CascadingWheel {
    /// The next jiffy to be looked at. It stays behind as long as no timer ends.
    clock: i64,
    /// Timers of each slot, oldest first: the first level, then the others.
    slots: Vec<Vec<TimerKey>>,
    /// Timers that end at the jiffy that was looked at last.
    ending: Vec<TimerKey>,
}

impl CascadingWheel {
    /// An empty wheel that looks at this jiffy next.
    pub fn new(clock: i64) -> CascadingWheel {
        let slots = vec![Vec::new(); (FIRST + SLOTS * 4) as usize];
        CascadingWheel { clock, slots, ending: Vec::new() }
    }

    /// Hangs a timer behind the others of its slot.
    pub fn add(&mut self, key: TimerKey) {
        let slot = self.slot_of(key.0);
        self.slots[slot].push(key);
    }

    fn slot_of(&self, ends: i64) -> usize {
        let distance = ends - self.clock;
        let ends = if distance < 0 { self.clock } else { self.clock + distance.min(LONGEST) };
        match WIDTHS.iter().rposition(|width| distance >= *width) {
            Some(level) => level_slot(level, ends),
            None => (ends & (FIRST - 1)) as usize,
        }
    }

    /// Takes a timer out.
    pub fn remove(&mut self, key: TimerKey) {
        for slot in self.slots.iter_mut().chain([&mut self.ending]) {
            slot.retain(|other| *other != key);
        }
    }

    /// Turns until a timer ends; there must be one that waits.
    pub fn next_due(&mut self) -> TimerKey {
        while self.ending.is_empty() {
            let first = self.clock & (FIRST - 1);
            if first == 0 {
                self.cascade();
            }
            self.clock += 1;
            self.ending = std::mem::take(&mut self.slots[first as usize]);
        }
        self.ending[0]
    }

    /// Timers of slots that begin now move down, lower levels first.
    fn cascade(&mut self) {
        for (level, width) in WIDTHS.iter().enumerate() {
            for key in std::mem::take(&mut self.slots[level_slot(level, self.clock)]) {
                self.add(key);
            }
            if self.clock / width % SLOTS != 0 {
                return;
            }
        }
    }
}

/// The place of a slot of a higher level.
fn level_slot(level: usize, jiffies: i64) -> usize {
    (FIRST + SLOTS * level as i64 + jiffies / WIDTHS[level] % SLOTS) as usize
}
