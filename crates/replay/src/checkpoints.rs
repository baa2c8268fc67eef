//! Checkpoints: states of a branch on the way, from which every other one is soon reached.

use crate::run::State;

/// Work between two checkpoints, in units of about ten nanoseconds.
const WORK: u64 = 2_000_000;
/// Most checkpoints kept; when there are more, or when they take too many bytes, every second one
/// goes, and their distance is doubled.
const MOST: usize = 24;
/// The most bytes that checkpoints and the end of a branch may take.
pub const BYTES: usize = 64 << 20;
/// Work after which the last state is kept anew, however far apart the checkpoints are by then: what
/// lies near the end is what a reader looks at.
const LAST_WORK: u64 = 4_000_000;

/// The checkpoints of a branch, the first of them right after boot.
pub struct Checkpoints {
    states: Vec<State>,
    since: u64,
    distance: u64,
    last: Option<State>,
    since_last: u64,
    bytes: usize,
}

impl Checkpoints {
    /// The one after boot.
    pub fn from(boot: State) -> Checkpoints {
        Checkpoints {
            states: vec![boot],
            since: 0,
            distance: WORK,
            last: None,
            since_last: 0,
            bytes: BYTES,
        }
    }

    /// Keeps all within so many bytes: where several machines share a page, each has a part of what
    /// there is.
    pub fn share(&mut self, bytes: usize) {
        self.bytes = bytes;
    }

    /// The machine after boot.
    pub fn first(&self) -> &State {
        &self.states[0]
    }

    /// The latest state that isn't after `done` calls.
    pub fn before(&self, done: u32) -> &State {
        let at = self.states.partition_point(|state| state.done <= done) - 1;
        self.last.as_ref().filter(|last| last.done <= done).unwrap_or(&self.states[at])
    }

    /// Forgets what is after `done` calls.
    pub fn cut(&mut self, done: u32) {
        self.states.retain(|state| state.done <= done);
        self.last.take_if(|last| last.done > done);
    }

    /// So much more work has led to `end`.
    pub fn worked(&mut self, work: u64, end: &State) {
        self.since += work;
        self.since_last += work;
        if self.since >= self.distance {
            self.save(end);
        } else if self.since_last >= LAST_WORK {
            (self.since_last, self.last) = (0, Some(end.clone()));
        }
    }

    fn save(&mut self, end: &State) {
        (self.since, self.since_last, self.last) = (0, 0, None);
        // The end and the last state have their share.
        let room = self.bytes.saturating_sub(2 * end.bytes());
        while self.states.len() > 1 && self.is_full(room) {
            let mut nth = 0;
            self.states.retain(|_| {
                nth += 1;
                nth % 2 == 1
            });
            self.distance = self.distance.saturating_mul(2);
        }
        self.states.push(end.clone());
    }

    /// Whether there are too many for another one, with so many bytes of room.
    fn is_full(&self, room: usize) -> bool {
        let bytes: usize = self.states.iter().map(State::bytes).sum();
        self.states.len() >= MOST || bytes > room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::{Config, Kernel};

    #[test]
    fn near_the_end_there_is_always_a_state() {
        let boot = State::boot(Kernel::new(&Config::default()).expect("it boots"));
        // Room for no checkpoint but the newest, and for many.
        for bytes in [0, BYTES] {
            let mut kept = Checkpoints::from(boot.clone());
            kept.share(bytes);
            let mut end = boot.clone();
            for done in 1..=2_000 {
                end.done = done;
                kept.worked(LAST_WORK / 8, &end);
                assert!(done - kept.before(done).done <= 8, "{bytes}: {done}");
                assert!(kept.states.len() <= MOST);
            }
            kept.cut(1_000);
            assert!(kept.before(2_000).done <= 1_000);
            assert_eq!(kept.before(0).done, 0);
        }
    }
}
