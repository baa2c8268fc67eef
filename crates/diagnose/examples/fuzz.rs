//! Reads and judges pastes that somebody tampered with: `cargo run --release -p error99-diagnose
//! --example fuzz -- [HOW MANY] [SEED]`. Nothing may panic, reading may take 100 ms a megabyte, and
//! all of it may hold eight times the paste; then the same of half a million rows.

#[path = "../../replay/examples/fuzz/measure.rs"]
mod measure;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use error99_diagnose::{Reader, diagnose, rebuild};
use measure::{Cost, measured};

#[global_allocator]
static ALLOCATOR: measure::Counted = measure::Counted;

/// What a paste may take whatever its size: machines that are asked, and the clock's grain.
const BASE: Cost = Cost { time: Duration::from_millis(20), bytes: 4 << 20 };

const SEEDS: &[&str] = &[
    include_str!("../tests/pastes/your-machine.json"),
    include_str!("../tests/pastes/ss_tanpe.txt"),
    include_str!("../tests/pastes/ss_tano.txt"),
    include_str!("../tests/pastes/netstat_tano.txt"),
    include_str!("../tests/pastes/proc_net_tcp.txt"),
    include_str!("../tests/pastes/proc_net_tcp6.txt"),
];

/// Pieces that mean something somewhere.
const PIECES: &[&str] = &[
    "\x1b[31m",
    "\r\n",
    "\t",
    "\0",
    "99999999999999999999",
    "-1",
    "65536",
    "::1",
    "[::ffff:1.2.3.4]:1",
    "0.0.0.0:*",
    "TIME-WAIT",
    "LISTEN",
    "tcp 0 0 ",
    "users:((\"",
    "timer:(timewait,",
    "$ ss -tan | head",
    "uniq -c",
    "awk '{print $",
    "sysctl -n ",
    "/proc/sys/net/ipv4/ip_local_port_range",
    "{a,{b,c}}",
    "ip_local_port_range = 65535 1",
    "ip_local_reserved_ports = 0-65535,",
    "htons(",
    "EADDRNOTAVAIL",
    "uname -r\n6.99999.1-x",
    "é",
    "地址已在使用",
    "\n\n",
    "FFFFFFFF:FFFF",
    "bind 127.0.0.6:0 failed 98",
];

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).filter_map(|number| number.parse().ok());
    let (pastes, seed) = (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(99));
    let mut chance = fastrand::Rng::with_seed(seed);
    let began = Instant::now();
    let seeds = seeds();
    let (mut bytes, mut over, mut worst) = (0, 0, Cost::default());
    for _ in 0..pastes {
        let paste = tampered(&seeds, &mut chance);
        let cost = fairly(&paste);
        bytes += paste.len();
        worst = worst.max(cost);
        over += u64::from(!fits(cost, paste.len()));
    }
    println!("{pastes} pastes, {bytes} bytes in {:.0} s, no panic", began.elapsed().as_secs_f32());
    println!("slowest {:.2} ms, most memory {:.2} MB", ms(worst.time), mb(worst.bytes));
    for (name, paste) in [("rows", rows(500_000)), ("pairs", pairs(500_000))] {
        let cost = fairly(&paste);
        let size = mb(paste.len());
        println!(
            "{name}: {size:.1} MB, {:.1} ms a MB, {:.2} times the paste",
            ms(cost.time) / size,
            cost.bytes as f64 / paste.len() as f64
        );
        over += u64::from(!fits(cost, paste.len()));
    }
    println!("{over} over the bars");
    if over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn mb(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn fits(cost: Cost, len: usize) -> bool {
    let time = BASE.time + Duration::from_secs_f64(mb(len) / 10.0);
    cost.time <= time && cost.bytes <= BASE.bytes + 8 * len
}

/// What it costs: of one that takes long the best of three, since others use the machine too.
fn fairly(paste: &str) -> Cost {
    let mut cost = judged(paste);
    for _ in 0..2 {
        if !fits(cost, paste.len()) {
            let again = judged(paste);
            cost = Cost { time: cost.time.min(again.time), ..again };
        }
    }
    cost
}

/// Reads it in slices and judges it; the machine of a small one is booted too.
fn judged(paste: &str) -> Cost {
    let (left, cost) = measured(|| {
        let mut reader = Reader::default();
        let mut rest = paste;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.ceil_char_boundary(rest.len().min(65_536)));
            reader.push(piece);
            rest = after;
        }
        let observed = reader.finish();
        let diagnosis = diagnose(&observed);
        (paste.len() < 65_536).then_some((observed, diagnosis))
    });
    if let Some((observed, diagnosis)) = left.filter(|_| paste.len().is_multiple_of(16)) {
        rebuild(&observed, &diagnosis).boot();
    }
    cost
}

fn seeds() -> Vec<String> {
    let mut seeds: Vec<String> = SEEDS[1..].iter().map(|seed| (*seed).to_owned()).collect();
    let cases: serde_json::Value = serde_json::from_str(SEEDS[0]).expect("it's JSON");
    let cases = cases.as_array().into_iter().flatten();
    seeds.extend(cases.filter_map(|case| case["paste"].as_str().map(str::to_owned)));
    seeds
}

fn tampered(seeds: &[String], chance: &mut fastrand::Rng) -> String {
    let mut bytes = seeds[chance.usize(..seeds.len())].clone().into_bytes();
    for _ in 0..chance.usize(1..12) {
        let at = chance.usize(..=bytes.len());
        let end = bytes.len().min(at + chance.usize(..80));
        match chance.u8(..6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at.max(8)),
            2 => bytes[at..end].fill_with(|| chance.u8(..)),
            3 => {
                let piece = PIECES[chance.usize(..PIECES.len())].bytes();
                drop(bytes.splice(at..at, piece));
            }
            4 => {
                let other = seeds[chance.usize(..seeds.len())].as_bytes();
                let from = chance.usize(..other.len());
                let to = other.len().min(from + chance.usize(..400));
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
            _ => {
                let again = bytes[at..end].repeat(chance.usize(1..4));
                drop(bytes.splice(at..at, again));
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// As many rows of one host, most of them to a few destinations.
fn rows(many: u32) -> String {
    let row = |n: u32| {
        format!(
            "TIME-WAIT 0      0         10.0.{}.1:{} 10.1.0.{}:443 timer:(timewait,{}sec,0)\n",
            n / 100_000,
            1_024 + n % 60_000,
            n / 60_000,
            n % 60
        )
    };
    (0..many).map(row).collect()
}

/// As many short rows, each to a destination of its own.
fn pairs(many: u32) -> String {
    let row = |n: u32| {
        format!(
            "ESTAB 0 0 10.0.0.1:{} 1.{}.{}.{}:1\n",
            9_000 + n % 50_000,
            n >> 16,
            n >> 8 & 255,
            n & 255
        )
    };
    (0..many).map(row).collect()
}
