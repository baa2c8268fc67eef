//! Scenario files of any kind: they are read or refused, and what is read can be run.
//!
//! Runs for two seconds; `ERROR99_FUZZ_SECONDS` sets another time. The start of the random
//! numbers is printed and can be given as `ERROR99_FUZZ_SEED`.

use std::time::{Duration, Instant};

use error99_kernel::{Each, Event, Kernel};
use error99_vocabulary::{Json, Scenario};
use fastrand::Rng;

/// Calls of a scenario that are run.
const OPS_RUN: usize = 300;

/// Files of vectors, of every release.
const FILES: [&str; 10] = [
    "hand.jsonl.gz",
    "hand-extra.jsonl.gz",
    "random-odd.jsonl.gz",
    "3.10/hand.jsonl.gz",
    "4.19/hand.jsonl.gz",
    "5.15/hand.jsonl.gz",
    "6.1/hand.jsonl.gz",
    "6.12/hand.jsonl.gz",
    "6.18/hand.jsonl.gz",
    "6.18/random-all.jsonl.gz",
];

/// Scenarios of the vectors: what the fuzzer starts from.
fn seeds() -> Vec<Json> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/");
    let mut seeds = Vec::new();
    for name in FILES {
        let file = std::fs::File::open(format!("{folder}{name}")).expect("part of the crate");
        let text = std::io::read_to_string(flate2::read::GzDecoder::new(file)).expect("text");
        for line in text.lines() {
            let vector = Json::parse(line).expect("JSON");
            seeds.extend(vector.get("scenario").cloned());
        }
    }
    seeds
}

fn pick<T: Clone>(random: &mut Rng, from: &[T]) -> T {
    from[random.usize(..from.len())].clone()
}

/// A value from the edges of what the vocabulary knows.
fn odd_value(random: &mut Rng) -> Json {
    let numbers = [
        0,
        1,
        -1,
        2,
        99,
        1_023,
        32_768,
        65_535,
        65_536,
        i64::from(u32::MAX),
        i64::from(i32::MIN),
        1 << 40,
        i64::MAX,
        i64::MIN,
    ];
    let texts = ["", "s0", "a", "10.0.0.1", "0.0.0.0", "10.0.0.999", "active", "finwait2", "dump"];
    match random.usize(..8) {
        0 => Json::Null,
        1 => Json::Bool(true),
        2 => Json::Text(pick(random, &texts).into()),
        3 => Json::List(vec![Json::Int(pick(random, &numbers)), Json::Int(pick(random, &numbers))]),
        4 => Json::Text("x".repeat(random.usize(..20_000))),
        5 => Json::Int(random.u64(..) as i64),
        _ => Json::Int(pick(random, &numbers)),
    }
}

/// Changes something somewhere in a value.
fn mutate(json: &mut Json, random: &mut Rng) {
    match json {
        Json::List(list) if !list.is_empty() && random.usize(..8) != 0 => {
            let place = random.usize(..list.len());
            match random.usize(..8) {
                0 => drop(list.remove(place)),
                1 => list.push(list[place].clone()),
                2 => {
                    let other = random.usize(..list.len());
                    list.swap(place, other);
                }
                _ => mutate(&mut list[place], random),
            }
        }
        Json::Object(entries) if !entries.is_empty() && random.usize(..16) != 0 => {
            let place = random.usize(..entries.len());
            match random.usize(..16) {
                0 => drop(entries.remove(place)),
                1 => {
                    entries[place].0 = pick(random, &["s", "l", "op", "dport", "ms", "mix"]).into()
                }
                _ => mutate(&mut entries[place].1, random),
            }
        }
        value => *value = odd_value(random),
    }
}

/// Changes some characters of a text.
fn tear(text: &str, random: &mut Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.usize(..4) {
        let place = random.usize(..characters.len().max(1));
        match random.usize(..4) {
            0 => drop(characters.get(place).copied().map(|_| characters.remove(place))),
            1 => characters.insert(place, pick(random, &['"', '{', '[', ',', '9', '-', '\\', 'é'])),
            2 => characters.truncate(place),
            _ => {
                let more: Vec<char> = characters.iter().skip(place).take(40).copied().collect();
                characters.extend(more);
            }
        }
    }
    characters.into_iter().collect()
}

/// Reads and runs; what is read must also be written and read back as itself.
fn try_scenario(text: &str) -> bool {
    let Ok(scenario) = Scenario::parse(text) else { return false };
    let again = Scenario::parse(&scenario.to_json().to_string()).expect("what was read");
    assert_eq!(again, scenario);
    let mut kernel = Kernel::new(&scenario.config).expect("a configuration that was read");
    for op in scenario.calls().take(OPS_RUN) {
        let mut probes = 0_u32;
        kernel.apply_traced(
            op,
            &mut Each(|event| probes += u32::from(matches!(event, Event::Probe(_)))),
        );
        assert!(probes <= 65_535);
    }
    assert_eq!(kernel.check_invariants(), Ok(()));
    true
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn no_scenario_file_makes_the_model_panic() {
    let time = Duration::from_secs(number("ERROR99_FUZZ_SECONDS").unwrap_or(2));
    let seed = number("ERROR99_FUZZ_SEED").unwrap_or(0x9e37_79b9_7f4a_7c15);
    println!("ERROR99_FUZZ_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let seeds = seeds();
    let start = Instant::now();
    let (mut tried, mut run) = (0_u64, 0_u64);
    while start.elapsed() < time {
        let mut json = pick(&mut random, &seeds);
        for _ in 0..random.usize(..6) {
            mutate(&mut json, &mut random);
        }
        let mut text = json.to_string();
        if random.usize(..4) == 0 {
            text = tear(&text, &mut random);
        }
        tried += 1;
        run += u64::from(try_scenario(&text));
    }
    println!("{tried} scenario files, {run} of them run");
    assert!(run > 0 && run < tried);
}
