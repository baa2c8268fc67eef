//! What reading a text must keep to, whatever the text is.

use std::collections::BTreeMap;
use std::time::Duration;

use error99_replay::link::{self, Saved};
use error99_replay::{Machine, scenario};

use crate::harm::{Claim, Harm};
use crate::measure::{Cost, measured};

/// No reading takes longer.
pub const TIME_MAX: Duration = Duration::from_millis(100);
/// No reading holds more.
pub const BYTES_MAX: usize = 64 << 20;
/// One state in so many that were read is run for a while.
const RUN: u32 = 50;
/// A machine may be busy with something else: only the fastest of so many attempts counts.
const ATTEMPTS: u32 = 8;

/// What came of the texts of one claim.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub texts: u32,
    /// They hold a history.
    pub read: u32,
    /// The most expensive reading.
    pub worst: Cost,
}

/// Reads so many texts. Panics if one is read wrongly, or holds too much memory; of time the
/// caller decides.
pub fn judge(texts: u32, seed: u64) -> BTreeMap<Claim, Tally> {
    let mut harm = Harm::new(seed);
    let mut tallies: BTreeMap<Claim, Tally> = BTreeMap::new();
    for _ in 0..texts {
        let (claim, text) = harm.text();
        let (saved, cost) = cheapest(claim, &text);
        assert!(cost.bytes <= BYTES_MAX, "{} bytes for {claim:?} {text:.200}", cost.bytes);
        let tally = tallies.entry(claim).or_default();
        tally.texts += 1;
        tally.worst = tally.worst.max(cost);
        if let Some(saved) = saved {
            tally.read += 1;
            accept(claim, saved, tally.read.is_multiple_of(RUN));
        }
    }
    tallies
}

fn cheapest(claim: Claim, text: &str) -> (Option<Saved>, Cost) {
    let read = || measured(|| read(claim, text));
    let (saved, mut cost) = read();
    for _ in 1..ATTEMPTS {
        if cost.time > TIME_MAX / 2 {
            cost.time = cost.time.min(read().1.time);
        }
    }
    (saved, cost)
}

fn read(claim: Claim, text: &str) -> Option<Saved> {
    match claim {
        Claim::Link | Claim::ForgedLink => link::read(text).ok(),
        Claim::File => scenario::read(text).ok(),
    }
}

/// What was read holds together, is written as itself, and can be run.
fn accept(claim: Claim, saved: Saved, run: bool) {
    assert_eq!(saved.history.check(), Ok(()));
    if saved.history.acts.len() <= 1_000 {
        let again = match claim {
            Claim::File => scenario::read(&scenario::write(&saved)).ok(),
            _ => link::read(&link::write(&saved)).ok(),
        };
        assert!(again.as_ref() == Some(&saved), "{saved:#?}\n{again:#?}");
    }
    if run {
        let at = saved.history.at;
        let _ = saved.history.work();
        let mut machine = Machine::open(saved.history).expect("what is read can be opened");
        machine.look_at(saved.client.dst, saved.client.dport);
        machine.work(20_000);
        machine.stop();
        machine.go(at);
        let _ = (machine.frame(), machine.ports());
    }
}
