//! A share of the texts that `cargo xtask bench fuzz` reads a million of. How long each takes is
//! measured there, with a program that was built to be fast.

mod chance;
#[path = "../examples/fuzz/harm.rs"]
mod harm;
#[path = "../examples/fuzz/judge.rs"]
mod judge;
#[path = "../examples/fuzz/measure.rs"]
mod measure;

#[global_allocator]
static ALLOCATOR: measure::Counted = measure::Counted;

#[test]
fn no_text_does_harm() {
    for (claim, tally) in judge::judge(20_000, 99) {
        println!("{claim:?}: {tally:?}");
        assert!(tally.read > 0 || claim == harm::Claim::Link, "some {claim:?} can still be read");
    }
}
