//! What was tried, how it ended, and how long it took.

use std::collections::BTreeMap;
use std::process::Command;

use crate::run::{Failure, Outcome, step, watch};

/// So many of the slowest tests are named at the end.
const SLOWEST: usize = 20;

/// What passed, what failed and what was left out so far.
#[derive(Default)]
pub struct Tally {
    passed: u64,
    failed: u64,
    /// Tests among them, and those left out.
    tests: u64,
    /// How many tests were left out, by the reason that they gave.
    skipped: BTreeMap<String, u64>,
    /// What failed, as it was reported: said again at the end, where a long log is read first.
    failures: Vec<String>,
    /// Seconds of each test that said how long it took, with its name.
    times: Vec<(f64, String)>,
}

impl Tally {
    /// One check that passes or fails as a whole.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> bool {
        let result = step(name, work);
        self.note(name, result)
    }

    /// The result of a check that is done.
    pub fn note(&mut self, name: &str, result: Outcome) -> bool {
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

    /// Many tests in one command, counted from what Rust's harness prints.
    pub fn tests(&mut self, name: &str, command: &mut Command) -> Outcome {
        step(name, || {
            let mut report = Report::default();
            let succeeded = watch(command, |line| report.read(line))?;
            let Report { passed, mut failed, skipped, times, mut failures, .. } = report;
            if !succeeded && failed == 0 {
                // It didn't even come to its tests.
                failed = 1;
            }
            if failed > 0 {
                self.failures.push(format!("── {name}"));
                self.failures.append(&mut failures);
            }
            self.passed += passed;
            self.failed += failed;
            self.tests += passed + failed + skipped.len() as u64;
            for reason in skipped {
                *self.skipped.entry(reason).or_default() += 1;
            }
            self.times.extend(times.into_iter().map(|(s, test)| (s, format!("{test} ({name})"))));
            if failed == 0 { Ok(()) } else { Err(Failure(format!("{failed} failed"))) }
        })
    }

    /// Whether there was any test at all.
    pub fn has_tests(&self) -> bool {
        self.tests > 0
    }

    pub fn has_failed(&self) -> bool {
        self.failed > 0
    }

    /// What failed, what took longest, what was left out and why, and one line with the numbers.
    pub fn say(&mut self, took: &str) {
        self.failures.iter().for_each(|line| println!("{line}"));
        self.times.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        if !self.times.is_empty() {
            println!("\nslowest tests, in seconds");
        }
        for (seconds, test) in self.times.iter().take(SLOWEST) {
            println!("{seconds:>8.1}   {test}");
        }
        if !self.skipped.is_empty() {
            println!("\nskipped, and why");
        }
        for (reason, count) in &self.skipped {
            println!("{count:>8}   {reason}");
        }
        println!("\nin {took}");
        println!("{}", self.numbers());
    }

    fn numbers(&self) -> String {
        let skipped: u64 = self.skipped.values().sum();
        let mut said = format!("{} passed, {} failed", self.passed, self.failed);
        if skipped > 0 {
            said += &format!(", {skipped} skipped");
        }
        said
    }
}

/// What one command has printed of its tests.
#[derive(Debug, Default, PartialEq)]
struct Report {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
    times: Vec<(f64, String)>,
    /// The lines about what failed.
    failures: Vec<String>,
    failing: bool,
}

impl Report {
    fn read(&mut self, line: &str) {
        if let Some(summary) = line.strip_prefix("test result: ") {
            self.passed += count(summary, "passed");
            self.failed += count(summary, "failed");
            self.failing = false;
        }
        self.failing |= line == "failures:";
        if self.failing {
            self.failures.push(line.to_owned());
            return;
        }
        let Some((name, end)) =
            line.strip_prefix("test ").and_then(|test| test.rsplit_once(" ... "))
        else {
            // The browser tests say it so.
            self.times.extend(line.strip_prefix("took ").and_then(time));
            return;
        };
        if let Some(reason) = end.strip_prefix("ignored") {
            let reason = reason.trim_matches([',', ' ', '(', ')']);
            self.skipped.push(if reason.is_empty() { "without a reason" } else { reason }.into());
        } else if let Some((_, seconds)) = end.split_once(" <") {
            self.times.extend(time(&format!("{} {}", seconds.trim_end_matches(">"), name.trim())));
        }
    }
}

/// The number before `word` in `ok. 12 passed; 0 failed; …`.
fn count(summary: &str, word: &str) -> u64 {
    let before = summary.split(word).next().unwrap_or_default();
    before.split_whitespace().last().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Seconds and name, from `12.345s name`.
fn time(text: &str) -> Option<(f64, String)> {
    let (seconds, name) = text.split_once("s ")?;
    Some((seconds.parse().ok()?, name.to_owned()))
}

#[cfg(test)]
mod checks {
    use super::{Report, Tally};

    #[test]
    fn what_a_harness_prints_is_read() {
        let mut report = Report::default();
        for line in "\
            \nrunning 6 tests\
            \ntest one ... ok <0.250s>\
            \ntest two - should panic ... FAILED <1.5s>\
            \ntest three      ... ignored (no such device)\
            \ntest four ... ignored, too slow\
            \ntest five ... ignored\
            \ntook 61.204s six: with a colon ... and dots\
            \nfailures:\
            \n---- two ----\
            \ntest result: FAILED. 12 passed; 1 failed; 3 ignored; 0 measured; 2 filtered out\
            \ntest seven ... ok"
            .lines()
        {
            report.read(line);
        }
        assert_eq!((report.passed, report.failed), (12, 1));
        assert_eq!(report.skipped, ["no such device", "too slow", "without a reason"]);
        assert_eq!(report.failures, ["failures:", "---- two ----"]);
        let times = [
            (0.25, "one"),
            (1.5, "two - should panic"),
            (61.204, "six: with a colon ... and dots"),
        ];
        assert_eq!(report.times, times.map(|(seconds, name)| (seconds, name.to_owned())));
    }

    #[test]
    fn the_last_line_says_how_many_were_skipped() {
        let mut tally = Tally { passed: 7, ..Tally::default() };
        assert_eq!(tally.numbers(), "7 passed, 0 failed");
        tally.skipped.insert("no namespaces".into(), 2);
        tally.skipped.insert("no scripts".into(), 3);
        assert_eq!(tally.numbers(), "7 passed, 0 failed, 5 skipped");
    }
}
