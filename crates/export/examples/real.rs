//! Readers without a plan, their scripts on the kernel of this very machine:
//! `cargo xtask bench real`. Whatever it does otherwise than the model, a script has announced. A
//! number as argument says how many readers, a release whose model it is to be; without one it's
//! 2.6.32, and then the newest.

#[path = "../../replay/tests/chance/mod.rs"]
mod chance;
#[path = "../tests/kernel/mod.rs"]
mod kernel;
#[path = "../../replay/tests/reader/mod.rs"]
mod reader;

use std::collections::BTreeMap;

use error99_kernel::Release;

/// Acts of a reader.
const ACTS: u64 = 35;

fn main() {
    if let Some(obstacle) = kernel::obstacle() {
        println!("SKIPPED: the scripts can't be run: {obstacle}");
        return;
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let readers = words.iter().find_map(|word| word.parse().ok()).unwrap_or(150);
    let asked = words.iter().find_map(|word| Release::parse(word));
    let newest = Release::ALL[Release::ALL.len() - 1];
    for release in asked.map_or(vec![Release::V2_6_32, newest], |release| vec![release]) {
        real(release, readers);
    }
}

/// So many readers of a release's model.
fn real(release: Release, readers: u64) {
    let mut sums = [0; 3];
    let mut reasons = BTreeMap::new();
    for seed in 0..readers {
        let mut chance = chance::Chance::new(seed);
        let saved = reader::Reader::of(release, &mut chance, ACTS).saved();
        let found = kernel::found(&format!("{} reader {seed}", release.name()), &saved);
        let (counts, announced) = found.unwrap_or_else(|obstacle| {
            println!("SKIPPED: reader {seed} can't run here: {obstacle}");
            Default::default()
        });
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        announced.into_iter().for_each(|why| *reasons.entry(why).or_insert(0) += 1);
    }
    let [agreed, differed, announced] = sums;
    println!(
        "{readers} readers of {}: {agreed} calls agreed, {announced} differed as announced, {differed} otherwise",
        release.name()
    );
    reasons.into_iter().for_each(|(why, count): (String, u32)| println!("  {count:>5} {why}"));
}
