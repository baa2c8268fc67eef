//! Readers without a plan, their scripts on the kernel of this very machine:
//! `cargo xtask bench real`. Whatever it does otherwise than the model, a script has announced. A
//! number as argument says how many readers.

#[path = "../../replay/tests/chance/mod.rs"]
mod chance;
#[path = "../tests/kernel/mod.rs"]
mod kernel;
#[path = "../../replay/tests/reader/mod.rs"]
mod reader;

/// Acts of a reader.
const ACTS: u64 = 35;

fn main() {
    if let Some(obstacle) = kernel::obstacle() {
        println!("SKIPPED: the scripts can't be run: {obstacle}");
        return;
    }
    let readers = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(150);
    let mut sums = [0; 3];
    for seed in 0..readers {
        let mut chance = chance::Chance::new(seed);
        let saved = reader::Reader::after(&mut chance, ACTS).saved();
        let counts = kernel::found(&format!("reader {seed}"), &saved);
        let counts = counts.unwrap_or_else(|obstacle| {
            println!("SKIPPED: reader {seed} can't run here: {obstacle}");
            [0; 3]
        });
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let [agreed, differed, announced] = sums;
    println!(
        "{readers} readers: {agreed} calls agreed, {announced} differed as announced, {differed} otherwise"
    );
}
