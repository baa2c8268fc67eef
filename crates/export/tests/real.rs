//! The scripts of prepared machines on the kernel of this very machine: whatever it does
//! otherwise than the model, the script has announced.

mod kernel;

use error99_kernel::Addr;
use error99_replay::history::ALL_CALLS;
use error99_replay::{Act, Load, catalogue};
use kernel::{found, obstacle};

/// Prepared machines that are not run here: three need tens of thousands of connections or
/// minutes, and one has nothing done to it before the other test does.
const LEFT_OUT: [&str; 4] =
    ["busy-client", "live-connections", "slipping-calendar", "sixteen-ports"];

#[test]
fn whatever_this_kernel_does_otherwise_was_announced() {
    if let Some(obstacle) = obstacle() {
        println!("SKIPPED: the scripts can't be run: {obstacle}");
        return;
    }
    let (mut agreed, mut run) = (0, 0);
    let tried = |prepared: &&catalogue::Prepared| !LEFT_OUT.contains(&prepared.key);
    for prepared in catalogue::ALL.iter().filter(tried) {
        if let Some(counts) = found(prepared.key, &prepared.saved()) {
            agreed += counts[0];
            run += 1;
        }
    }
    assert!(run == 0 || agreed > 60, "{agreed} predictions held");
}

#[test]
fn a_range_is_exhausted_at_the_connect_that_the_model_says() {
    if let Some(obstacle) = obstacle() {
        println!("SKIPPED: the script can't be run: {obstacle}");
        return;
    }
    let mut saved = catalogue::find("sixteen-ports").expect("it is in the catalogue").saved();
    let load = Load::burst(Addr::new(10, 0, 0, 2), 80, 20);
    let history = &mut saved.history;
    history.push(history.tip, ALL_CALLS, Act::Load(load)).expect("it has room");
    let counts = found("sixteen-ports", &saved);
    assert!(counts.is_none_or(|counts| counts == [1, 0, 0]), "{counts:?}");
}
