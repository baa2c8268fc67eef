//! The failing walk, natively: a line for each machine with nanoseconds per port, the samples
//! one after the other.

use error99_walk::{COMPARED, machine, walk};
use std::time::Instant;

/// Walks of one sample: some milliseconds.
const WALKS: u32 = 100;
const SAMPLES: usize = 12;

fn main() {
    for (place, _) in COMPARED.iter().enumerate() {
        let Some(mut kernel) = machine(place) else { continue };
        walk(&mut kernel, WALKS);
        let samples: Vec<String> = (0..SAMPLES)
            .map(|_| {
                let start = Instant::now();
                let ports = walk(&mut kernel, WALKS);
                format!("{:.4}", start.elapsed().as_secs_f64() * 1e9 / f64::from(ports))
            })
            .collect();
        println!("{}", samples.join(" "));
    }
}
