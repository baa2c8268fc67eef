//! Every check of the project, one after another, and one line at the end.

use crate::run::{Failure, Outcome, Took, run, step, words};
use crate::tally::Tally;
use crate::{site, tools};
use std::env;
use std::process::Command;
use std::thread;
use std::time::Instant;

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
    // The site's program is linked on one processor: meanwhile the others have something to do.
    let site = thread::spawn(site::trunk_release);
    if filter.is_empty() {
        without_browsers(&mut tally);
    }
    let built = step("the site, in dist/", || {
        site.join().unwrap_or_else(|_| Err("its builder has stopped".into()))
    });
    if tally.note("the site, in dist/", built) {
        if filter.is_empty() {
            tally.check("the sizes of the site", site::keeps_its_bars);
        }
        for (engine, name) in engines {
            let mut tests = all("test", "--test e2e --");
            let tests = tests.args(filter).env("E2E_ENGINE", engine);
            let _ = tally.tests(&format!("the site in {name}"), tests);
        }
    }
    if !tally.has_tests() && !tally.has_failed() {
        return Err(Failure(format!("no test is named so: {}", filter.join(" "))));
    }
    tally.say(&Took(start.elapsed()).to_string());
    if tally.has_failed() { Err("not everything passed".into()) } else { Ok(()) }
}

/// What needs no browser: formatting, lints, unit and conformance tests. What fails is in the
/// tally; the steps after it still have something to say.
fn without_browsers(tally: &mut Tally) {
    tally.check("formatting", || run(&mut words("cargo fmt --all --check")));
    tally.check("clippy, natively", || {
        run(&mut all("clippy", "--quiet --all-targets -- -D warnings"))
    });
    tally.check("clippy, for the browser", || {
        run(&mut words(
            "cargo clippy --quiet --locked --package error99 --lib --bins --features csr \
             --target wasm32-unknown-unknown -- -D warnings",
        ))
    });
    // Rust's harness says how long each test took if it may be unstable. Only the tests run so:
    // what is compiled stays what it is.
    let mut timed = all("test", "--no-fail-fast --tests");
    timed.args(["--config", "target.'cfg(all())'.runner=['env','RUSTC_BOOTSTRAP=1']"]);
    timed.args(["--", "-Zunstable-options", "--report-time"]);
    let _ = tally.tests("unit and conformance tests", &mut timed);
    let examples = &mut all("test", "--no-fail-fast --doc");
    let _ = tally.tests("examples in the documentation", examples);
}

/// A command of cargo for all packages. What is compiled depends on which packages are chosen
/// together: with always the same, nothing is compiled twice.
fn all(command: &str, rest: &str) -> Command {
    words(&format!("cargo {command} --locked --workspace --features error99/ssr {rest}"))
}
