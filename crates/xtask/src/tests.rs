//! Every check of the project, one after another, and one line at the end.

use crate::run::{Failure, Outcome, Took, run, step, watch, words};
use crate::{site, tools};
use std::env;
use std::process::Command;
use std::time::Instant;

/// What passed and what failed so far.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    /// What failed, as it was reported: said again at the end, where a long log is read first.
    failures: Vec<String>,
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
                self.failures.push(format!("── {name}: {message}"));
            }
        }
        result.is_ok()
    }

    /// Many tests in one command, counted from the summaries that Rust's harness prints.
    fn tests(&mut self, name: &str, command: &mut Command) -> Outcome {
        step(name, || {
            let (mut passed, mut failed) = (0, 0);
            let mut report = vec![format!("── {name}")];
            let mut failing = false;
            let succeeded = watch(command, |line| {
                if let Some(summary) = line.strip_prefix("test result: ") {
                    passed += count(summary, "passed");
                    failed += count(summary, "failed");
                    failing = false;
                }
                failing |= line == "failures:";
                if failing {
                    report.push(line.to_owned());
                }
            })?;
            if !succeeded && failed == 0 {
                // It didn't even come to its tests.
                failed = 1;
            }
            if failed > 0 {
                self.failures.append(&mut report);
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

/// Engines, as the tests and a reader call them.
const CHROMIUM: (&str, &str) = ("chromium", "Chromium");
const OTHERS: [(&str, &str); 2] = [("firefox", "Firefox"), ("webkitgtk", "WebKitGTK")];

/// Everything; with words, only browser tests named so, in Chromium or in the engine that
/// `E2E_ENGINE` names.
pub fn test(filter: &[String]) -> Outcome {
    let start = Instant::now();
    let asked = env::var("E2E_ENGINE").unwrap_or_default();
    let engines: Vec<_> = [CHROMIUM]
        .into_iter()
        .chain(OTHERS)
        .filter(|engine| match asked.as_str() {
            "" => filter.is_empty() || *engine == CHROMIUM,
            asked => engine.0 == asked,
        })
        .collect();
    if engines.is_empty() {
        return Err(Failure(format!("E2E_ENGINE={asked}: no such engine")));
    }
    tools::for_building()?;
    tools::for_release()?;
    tools::for_browser_tests()?;
    if engines.iter().any(|engine| *engine != CHROMIUM) {
        tools::for_other_engines()?;
    }
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
                "cargo clippy --quiet --locked --package error99 --lib --bins --features csr \
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
        for (engine, name) in engines {
            let mut tests = words("cargo test --locked --package error99-e2e --test e2e --");
            let tests = tests.args(filter).env("E2E_ENGINE", engine);
            let _ = tally.tests(&format!("the site in {name}"), tests);
        }
    }
    for line in &tally.failures {
        println!("{line}");
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
