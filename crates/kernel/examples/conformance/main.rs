//! Replays test vectors and compares every field of every trace line.
//!
//! `cargo run --release -p error99-kernel --example conformance -- FILE…`
//!
//! A file is `.json` or `.jsonl`, either also `.gz`: vectors `{scenario, npre, trace}` of any
//! release, or one of the lists of hashes, which are told by their keys. The model is given the scenario
//! and nothing else; the trace is written from its events and views.

mod compare;
mod files;

use std::process::ExitCode;

use files::{Report, check_file};

/// Most differences printed.
const LINES_MAX: usize = 20;

fn main() -> ExitCode {
    let mut total = Report::default();
    for path in std::env::args().skip(1) {
        let report = check_file(path.as_ref());
        let room = LINES_MAX.saturating_sub(total.differences.len());
        for difference in report.differences.iter().take(room) {
            println!("{difference}");
        }
        println!("{path}: {}", report.counts());
        total.add(report);
    }
    println!("{}", total.counts());
    if total.different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
