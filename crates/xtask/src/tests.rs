//! Every check of the project, one after another, and one line at the end.

use crate::run::{Failure, Outcome, Took, run, step, watch, words};
use crate::{site, tools};
use std::process::Command;
use std::time::Instant;

/// What passed and what failed so far.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// One check that passes or fails as a whole.
    fn check(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> bool {
        let result = step(name, work);
        match &result {
            Ok(()) => self.passed += 1,
            Err(Failure(message)) => {
                println!("   {message}");
                self.failed += 1;
            }
        }
        result.is_ok()
    }

    /// Many tests in one command, counted from the summaries that Rust's harness prints.
    fn tests(&mut self, name: &str, command: &mut Command) -> Outcome {
        step(name, || {
            let (mut passed, mut failed) = (0, 0);
            let succeeded = watch(command, |line| {
                if let Some(summary) = line.strip_prefix("test result: ") {
                    passed += count(summary, "passed");
                    failed += count(summary, "failed");
                }
            })?;
            if !succeeded && failed == 0 {
                // It didn't even come to its tests.
                failed = 1;
            }
            self.passed += passed;
            self.failed += failed;
            if failed == 0 { Ok(()) } else { Err(Failure(format!("{failed} failed"))) }
        })
    }
}

/// The number before `word` in `ok. 12 passed; 0 failed; …`.
fn count(summary: &str, word: &str) -> u64 {
    let before = summary.split(word).next().unwrap_or_default();
    before.split_whitespace().last().and_then(|number| number.parse().ok()).unwrap_or(0)
}

pub fn test(filter: &[String]) -> Outcome {
    let start = Instant::now();
    tools::for_building()?;
    tools::for_release()?;
    tools::for_browser_tests()?;
    let mut tally = Tally::default();
    if filter.is_empty() {
        tally.check("formatting", || run(&mut words("cargo fmt --all --check")));
        tally.check("clippy, natively", || {
            run(&mut words(
                "cargo clippy --quiet --locked --workspace --all-targets --features error99/ssr -- -D warnings",
            ))
        });
        tally.check("clippy, for the browser", || {
            run(&mut words(
                "cargo clippy --quiet --locked --package error99 --lib --features csr \
                 --target wasm32-unknown-unknown -- -D warnings",
            ))
        });
        // A failed test is in the tally; the steps after it still have something to say.
        let _ = tally.tests(
            "unit and conformance tests",
            &mut words(
                "cargo test --locked --workspace --exclude error99-e2e --features error99/ssr --no-fail-fast",
            ),
        );
    }
    if tally.check("the site, in dist/", site::trunk_release) {
        let _ = tally.tests(
            "the site in a browser",
            words("cargo test --locked --package error99-e2e --test e2e --").args(filter),
        );
    }
    println!("\nin {}", Took(start.elapsed()));
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed == 0 { Ok(()) } else { Err("not everything passed".into()) }
}

#[cfg(test)]
mod checks {
    use super::count;

    #[test]
    fn the_summary_of_a_test_run_is_read() {
        let summary = "FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(count(summary, "passed"), 12);
        assert_eq!(count(summary, "failed"), 3);
    }
}
