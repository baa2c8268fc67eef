//! Whatever a reader can bring about is the same again from its link. The reader here acts without
//! a plan, so these links are longer than a real reader's.

mod chance;
mod reader;

use std::time::Instant;

use chance::Chance;
use error99_replay::link;
use error99_replay::{Machine, scenario};
use reader::Reader;

/// Histories, and most turns of the reader in each.
const ROUNDS: u32 = 10_000;
const TURNS: u64 = 60;

#[test]
fn any_state_that_can_be_reached_is_the_same_frame_from_its_link() {
    let began = Instant::now();
    let mut chance = Chance::new(1_009);
    let (mut sizes, mut of_fifty) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let reader = Reader::after(&mut chance, TURNS);
        let (saved, machine) = (reader.saved(), reader.machine);
        let text = link::write(&saved);
        let read = link::read(&text).unwrap_or_else(|error| panic!("{round}: {error:?}"));
        assert_eq!(read, saved, "round {round}");
        let again = Machine::standing(&read).expect("what was saved can be opened");
        assert!(again.frame() == machine.frame(), "round {round}: {text}");
        assert!(again.ports() == machine.ports(), "round {round}: {text}");
        if round % 20 == 0 {
            assert_eq!(scenario::read(&scenario::write(&saved)), Ok(saved.clone()), "{round}");
        }
        sizes.push(text.len());
        if (45..=55).contains(&saved.history.acts.len()) {
            of_fifty.push(text.len());
        }
    }
    let [median, p95] = report("all", &mut sizes);
    let [_, p95_of_fifty] = report("45 to 55 acts", &mut of_fifty);
    println!("{ROUNDS} histories in {:.1} s", began.elapsed().as_secs_f32());
    assert!(median <= 300 && p95 <= 500 && p95_of_fifty <= 400);
}

fn report(name: &str, sizes: &mut [usize]) -> [usize; 2] {
    sizes.sort_unstable();
    let at = |percent: usize| sizes[(sizes.len() - 1) * percent / 100];
    let [median, p95] = [at(50), at(95)];
    println!("{name}: {} links, median {median}, 95th percentile {p95}", sizes.len());
    [median, p95]
}
