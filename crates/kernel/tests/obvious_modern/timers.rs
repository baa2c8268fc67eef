//! Timers: since 4.8 a wheel that never cascades, on 3.10 one that does.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::cascade::CascadingWheel;

/// When a timer ends, and its place among those that end with it: higher levels first, newest
/// first.
pub type TimerKey = (i64, Reverse<u32>, Reverse<u64>);

/// Whose timer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerOf {
    /// The end of a mini-socket.
    Mini(usize),
    /// The wait of a full socket in FIN_WAIT2.
    FinWait2(usize),
    /// The SYN of a socket is sent again; on 3.10 also the timer of whatever it sent last.
    Syn(usize),
    /// A tick of the slow calendar (3.10).
    SlowTick,
    /// A tick of the fast calendar (3.10).
    FastTick,
}

/// All timers that wait.
#[derive(Clone, Debug)]
pub struct Timers {
    waiting: BTreeMap<TimerKey, TimerOf>,
    armed: u64,
    /// The wheel of 3.10.
    cascading: Option<CascadingWheel>,
}

impl Timers {
    /// No timers; `cascading` is the wheel of 3.10.
    pub fn new(cascading: Option<CascadingWheel>) -> Timers {
        Timers { waiting: BTreeMap::new(), armed: 0, cascading }
    }

    /// The timer that ends first, if it ends no later than that jiffy.
    pub fn due(&mut self, jiffies: i64) -> Option<(TimerKey, TimerOf)> {
        let (first, _) = self.waiting.first_key_value()?;
        if first.0 > jiffies {
            return None;
        }
        let key = match &mut self.cascading {
            Some(wheel) => wheel.next_due(),
            None => *first,
        };
        Some((key, self.waiting[&key]))
    }

    /// A timer ends or is stopped.
    pub fn stop(&mut self, key: TimerKey) {
        self.waiting.remove(&key);
        if let Some(wheel) = &mut self.cascading {
            wheel.remove(key);
        }
    }

    /// Starts a timer, or starts it anew; a timer that ends in the same slot keeps its place.
    ///
    /// `now` is the wheel's clock and `ends` the moment that was asked for, both in jiffies.
    pub fn start(&mut self, of: TimerOf, old: Option<TimerKey>, now: i64, ends: i64) -> TimerKey {
        if self.cascading.is_some() {
            return self.start_of_old(of, old, slackened(now, ends));
        }
        let (fires, level) = place(now, ends);
        if let Some(old) = old {
            if old.0 == fires && old.1 == Reverse(level) && self.waiting.contains_key(&old) {
                return old;
            }
            self.stop(old);
        }
        self.armed += 1;
        let key = (fires, Reverse(level), Reverse(self.armed));
        self.waiting.insert(key, of);
        key
    }

    /// The same on 3.10, whose timers end when they are meant to.
    fn start_of_old(&mut self, of: TimerOf, old: Option<TimerKey>, ends: i64) -> TimerKey {
        if let Some(old) = old {
            if old.0 == ends && self.waiting.contains_key(&old) {
                return old;
            }
            self.stop(old);
        }
        self.armed += 1;
        let key = (ends, Reverse(0), Reverse(self.armed));
        self.waiting.insert(key, of);
        if let Some(wheel) = &mut self.cascading {
            wheel.add(key);
        }
        key
    }
}

/// The later moment that 3.10 makes of the wanted one: it has the longest run of low zero bits
/// within a 256th of the distance (`kernel/timer.c`, `apply_slack`).
fn slackened(now: i64, ends: i64) -> i64 {
    let distance = ends - now;
    let limit = ends + distance.max(0) / 256;
    match (ends ^ limit).checked_ilog2() {
        Some(bit) if distance >= 256 => limit >> bit << bit,
        _ => ends,
    }
}

/// The jiffy at which the wheel ends a timer, and its level.
///
/// Level n holds distances below 63·8ⁿ in slots of 8ⁿ jiffies; the slot after the wanted one
/// is taken (`kernel/time/timer.c`, `calc_wheel_index`).
fn place(now: i64, ends: i64) -> (i64, u32) {
    let distance = ends - now;
    if distance < 0 {
        return (now, 0);
    }
    let level = (0..8).find(|level| distance < 63 << (3 * level)).unwrap_or(8);
    let longest = (63 << 24) - (1 << 24);
    let ends = if distance < 63 << 24 { ends } else { now + longest };
    let slot = 1 << (3 * level);
    ((ends / slot + 1) * slot, level)
}
