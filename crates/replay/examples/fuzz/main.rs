//! Reads texts that somebody tampered with: `cargo run --release -p error99-replay --example fuzz`,
//! or `cargo xtask bench fuzz`. A number as argument says how many texts, another one which.

#[path = "../../tests/chance/mod.rs"]
mod chance;
mod harm;
mod judge;
mod measure;

use std::process::ExitCode;
use std::time::Instant;

use judge::{BYTES_MAX, TIME_MAX, judge};

#[global_allocator]
static ALLOCATOR: measure::Counted = measure::Counted;

fn main() -> ExitCode {
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
