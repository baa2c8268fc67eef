//! Reads texts that somebody tampered with: `cargo run --release -p error99-replay --example fuzz`,
//! or `cargo xtask bench fuzz`. A number as argument says how many texts, another one which. With
//! `hostile` before the numbers it breeds links that cost as much as they can instead, and writes
//! the worst into the file that a third argument names.

#[path = "../../tests/chance/mod.rs"]
mod chance;
mod harm;
mod hostile;
mod judge;
mod measure;

use std::process::ExitCode;
use std::time::Instant;

use hostile::{AIMS, Hostile, SLICE_MAX, breed};
use judge::{BYTES_MAX, TIME_MAX, judge};

#[global_allocator]
static ALLOCATOR: measure::Counted = measure::Counted;

/// Units of work after which a hostile link is stopped: the tables are full by then.
const UNITS: u64 = 30_000_000;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("hostile") => hostile(),
        _ => tampered(),
    }
}

/// Links that ask for as much as they can.
fn hostile() -> ExitCode {
    let number = |at: usize| std::env::args().nth(at).and_then(|number| number.parse().ok());
    let (links, seed): (u64, u64) = (number(2).unwrap_or(10_000), number(3).unwrap_or(99));
    let began = Instant::now();
    let each = u32::try_from(links / AIMS.len() as u64).unwrap_or(u32::MAX);
    let mut all: Vec<Hostile> = Vec::new();
    println!("{:<8} {:>12} {:>12} {:>12}  link", "for", "memory", "slice", "look");
    for aim in AIMS {
        let bred = breed(aim, each, UNITS, seed);
        for Hostile { link, price } in bred.iter().take(3) {
            println!(
                "{:<8} {:>9.1} MB {:>9.2} ms {:>9.2} ms  {} {link:.100}",
                format!("{aim:?}"),
                price.bytes as f64 / f64::from(1 << 20),
                price.slice.as_secs_f64() * 1_000.0,
                price.look.as_secs_f64() * 1_000.0,
                link.len()
            );
        }
        all.extend(bred);
    }
    if let Some(file) = std::env::args().nth(4) {
        let lines: Vec<&str> = all.iter().map(|hostile| hostile.link.as_str()).collect();
        std::fs::write(file, lines.join("\n")).expect("the file can be written");
    }
    println!("{links} links in {:.0} s, no panic", began.elapsed().as_secs_f32());
    println!("bars: {} MB, {} ms a slice", hostile::BYTES_MAX >> 20, SLICE_MAX.as_millis());
    let kept = |hostile: &Hostile| {
        hostile.price.bytes <= hostile::BYTES_MAX && hostile.price.slice <= SLICE_MAX
    };
    if all.iter().all(kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Texts that somebody tampered with.
fn tampered() -> ExitCode {
    let mut numbers = std::env::args().skip(1).filter_map(|number| number.parse().ok());
    let texts: u64 = numbers.next().unwrap_or(1_000_000);
    let seed = numbers.next().unwrap_or(2_632);
    let began = Instant::now();
    let tallies = judge(u32::try_from(texts).unwrap_or(u32::MAX), seed);
    println!("{:<12} {:>9} {:>9} {:>12} {:>12}", "text", "tried", "read", "slowest", "most memory");
    for (claim, tally) in &tallies {
        println!(
            "{:<12} {:>9} {:>9} {:>9.2} ms {:>9.2} MB",
            format!("{claim:?}"),
            tally.texts,
            tally.read,
            tally.worst.time.as_secs_f64() * 1_000.0,
            tally.worst.bytes as f64 / f64::from(1 << 20)
        );
    }
    let slowest = tallies.values().map(|tally| tally.worst.time).max().unwrap_or_default();
    println!("{texts} texts in {:.0} s, no panic", began.elapsed().as_secs_f32());
    println!("bars: {} ms, {} MB", TIME_MAX.as_millis(), BYTES_MAX >> 20);
    if slowest <= TIME_MAX { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
