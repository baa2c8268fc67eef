//! The scripts of prepared machines on the kernel of this very machine: whatever it does
//! otherwise than the model, the script has announced. Where scripts can't be run, the report says
//! so, and why.

mod kernel;

use error99_kernel::Addr;
use error99_replay::history::ALL_CALLS;
use error99_replay::link::Saved;
use error99_replay::{Act, Load, catalogue};
use kernel::{found, obstacle};
use libtest_mimic::{Arguments, Completion, Trial, run};

/// Prepared machines that are not run here: most need tens of thousands of connections or
/// minutes, and one has nothing done to it before the last test does.
const LEFT_OUT: [&str; 7] = [
    "busy-client",
    "live-connections",
    "slipping-calendar",
    "half-the-range",
    "ends-in-bursts",
    "four-gigabytes",
    "sixteen-ports",
];

fn main() {
    let obstacle = obstacle();
    let tried = catalogue::ALL.iter().filter(|prepared| !LEFT_OUT.contains(&prepared.key));
    let mut trials: Vec<Trial> = tried
        .map(|prepared| {
            let name = format!("{}: what this kernel does otherwise was announced", prepared.key);
            trial(name, obstacle, || {
                agrees(prepared.key, &prepared.saved(), |[agreed, ..]| agreed > 0)
            })
        })
        .collect();
    trials.push(trial(
        "a range is exhausted at the connect that the model says".into(),
        obstacle,
        || agrees("sixteen-ports", &exhausted(), |counts| counts == [1, 0, 0]),
    ));
    // What Rust's own harness is asked besides means nothing here.
    let asked = std::env::args().filter(|word| word != "--report-time");
    run(&Arguments::from_iter(asked), trials).exit();
}

/// A test that is left out where there is an obstacle.
fn trial(
    name: String,
    obstacle: Option<&'static str>,
    test: impl FnOnce() -> Completion + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || Ok(obstacle.map_or_else(test, Completion::ignored_with)))
}

/// Runs the script of a machine, and looks at how many calls agreed, differed, and differed as
/// announced.
fn agrees(key: &str, saved: &Saved, right: impl Fn([u32; 3]) -> bool) -> Completion {
    match found(key, saved) {
        Ok((counts, _)) => assert!(right(counts), "{key}: {counts:?}"),
        Err(obstacle) => return Completion::ignored_with(obstacle),
    }
    Completion::Completed
}

/// The machine of sixteen ports with twenty connects.
fn exhausted() -> Saved {
    let mut saved = catalogue::find("sixteen-ports").expect("it is in the catalogue").saved();
    let load = Load::burst(Addr::new(10, 0, 0, 2), 80, 20);
    let history = &mut saved.history;
    history.push(history.tip, ALL_CALLS, Act::Load(load)).expect("it has room");
    saved
}
