//! Links that were bred to cost as much as they can, in the page: when it first answers, how fast
//! "Stop" is obeyed, and what the page's process holds. Lab and embed take turns.

use crate::table::Row;
use error99_e2e::{Tab, root};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use std::{fs, io};

/// Links that are tried, at most.
const LINKS: usize = 200;
/// How long a page may take to answer at all before the next one is tried.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a run is left alone before it is stopped.
const RUNS_FOR: Duration = Duration::from_secs(3);

/// What a reader sees of a page that was opened with a link: that it is ready, asks, or runs.
const ANSWER: &str = "
    const shown = (element) => element?.checkVisibility() === true;
    const button = (name) => [...document.querySelectorAll('button')]
        .find((button) => button.textContent.trim() === name && shown(button));
    if (arguments[0]) button(arguments[0])?.click();
    if (button('Run it')) return 'asks';
    if (button('Stop')) return 'runs';
    return document.querySelector('.lab')?.dataset.ready === 'true' ? 'ready' : '';";

/// Opens the links of `target/hostile.txt`, one a line.
pub fn measure(tab: &Tab) -> io::Result<Vec<Row>> {
    let links = fs::read_to_string(root().join("target/hostile.txt"))?;
    let [mut first, mut stopped, mut memory] = [const { Vec::new() }; 3];
    for (link, place) in links.lines().take(LINKS).zip(["lab", "embed/lab"].into_iter().cycle()) {
        tab.visit("/404.html");
        let began = Instant::now();
        tab.visit(&format!("/{place}/#m={link}"));
        let answer = until(tab, |answer| !answer.is_empty());
        first.push(milliseconds(began));
        if answer == "asks" {
            press(tab, "Run it");
        }
        let began = Instant::now();
        while began.elapsed() < RUNS_FOR && answered(tab, "") == "runs" {
            memory.push(megabytes()?);
        }
        let began = Instant::now();
        press(tab, "Stop");
        until(tab, |answer| answer == "ready");
        stopped.push(milliseconds(began));
        memory.push(megabytes()?);
    }
    let row = |what: &str, unit, bar, samples| Row { what: what.into(), unit, bar, samples };
    Ok(vec![
        row("a hostile link, until the lab, a question or its progress", "ms", 2_000.0, first),
        row("a hostile link, from “Stop” until it stands", "ms", 1_000.0, stopped),
        row("what its page holds", "MB", 256.0, memory),
    ])
}

fn answered(tab: &Tab, pressed: &str) -> String {
    let answer: Value = tab.run_with(ANSWER, vec![json!(pressed)]);
    answer.as_str().unwrap_or_default().to_owned()
}

/// Presses the button of that name, if there is one.
fn press(tab: &Tab, name: &str) {
    answered(tab, name);
}

/// What the page answers once it's what is `wanted`, or when patience ends.
fn until(tab: &Tab, wanted: impl Fn(&str) -> bool) -> String {
    let began = Instant::now();
    loop {
        let answer = answered(tab, "");
        if wanted(&answer) || began.elapsed() > PATIENCE {
            return answer;
        }
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// Memory of its own (`RssAnon`) that the largest of the browser's page processes holds.
fn megabytes() -> io::Result<f64> {
    let mut most = 0.0;
    for process in fs::read_dir("/proc")?.flatten() {
        let file = |name: &str| fs::read_to_string(process.path().join(name)).unwrap_or_default();
        if file("cmdline").contains("--type=renderer") {
            let status = file("status");
            let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
            let kb = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
            most = f64::max(most, kb.unwrap_or(0.0) / 1_024.0);
        }
    }
    Ok(most)
}
