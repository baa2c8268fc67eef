//! How fast the model is, beside the genuine C code and beside this machine.
//!
//! `cargo bench -p error99-kernel` measures with criterion and prints one table at the end:
//! for each row the best and the median sample, and the best one's ratio to the C code's best
//! (a noisy 2.6 GHz server, one processor). The last rows say what this machine can do.

mod table;

use std::hint::black_box;

use criterion::Criterion;
use error99_kernel::hash::{jhash_3words, port_offset_hash};
use error99_kernel::{Addr, Event, Release};
use error99_walk::machines::{
    self, Holders, PORTS, SERVER, failing_connect, filled_machine, full_machine, load_scenario,
    open_machine,
};

use table::{Row, print_table};

/// Ports of the default range since 4.2.
const LATER_PORTS: u32 = 28_232;

/// Everything that is measured, in the order of the table.
const ROWS: &[Row] = &[
    Row::per_port("failing walk, live connections in port order", PORTS, Some(16.2)),
    Row::per_port("failing walk, live connections in random order", PORTS, Some(31.7)),
    Row::per_port("failing walk, TIME_WAIT, tcp_tw_reuse 0", PORTS, Some(15.8)),
    Row::per_port("failing walk, TIME_WAIT, tcp_tw_reuse 1, too young", PORTS, None),
    Row::per_port("failing walk, two connections on each port", PORTS, None),
    Row::per_port("failing walk, owned by bind", PORTS, Some(2.0)),
    Row::per_port("failing walk, live, traced", PORTS, None),
    Row::per_port("survey of the range, live", PORTS, None),
    Row::per_connect("28,233 connects into an empty range", PORTS, Some(920.0)),
    Row::per_connect("load: 100 connects a second for 300 s", 30_000, None),
    Row::whole("clone of a kernel with 28,233 connections"),
    Row::per_port("6.18: failing walk, live", LATER_PORTS, None),
    Row::per_port("6.18: failing walk, TIME_WAIT", LATER_PORTS, None),
    Row::per_port("5.15: failing walk, TIME_WAIT", LATER_PORTS, None),
    Row::per_port("3.10: failing walk, TIME_WAIT", PORTS, None),
    Row::whole("6.18: clone of a kernel with 28,232 connections"),
    Row::whole("6.18: clone of a kernel with 28,232 TIME_WAITs"),
    Row::per_port("calibration: 28,233 random dependent loads, 904 kB", PORTS, None),
    Row::per_port("calibration: jhash_3words alone", PORTS, None),
    Row::per_port("calibration: port_offset_hash alone", PORTS, None),
];

fn main() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("walk");
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .sample_size(40)
        .warm_up_time(std::time::Duration::from_millis(500))
        .measurement_time(std::time::Duration::from_secs(3))
        .configure_from_args();
    walks(&mut criterion);
    releases(&mut criterion);
    successes(&mut criterion);
    calibration(&mut criterion);
    criterion.final_summary();
    print_table(ROWS, &folder);
}

fn walks(criterion: &mut Criterion) {
    let holders = [
        Holders::LiveInPortOrder,
        Holders::LiveInRandomOrder,
        Holders::Timewait { tw_reuse: false },
        Holders::Timewait { tw_reuse: true },
        Holders::LivePairs,
        Holders::Bind,
    ];
    for (row, holders) in ROWS.iter().zip(holders) {
        let mut kernel = full_machine(holders);
        criterion.bench_function(row.name, |bencher| {
            bencher.iter(|| failing_connect(&mut kernel));
        });
    }
    let mut kernel = full_machine(Holders::LiveInPortOrder);
    let mut probes = 0_u32;
    criterion.bench_function(ROWS[6].name, |bencher| {
        bencher.iter(|| {
            let mut sink = error99_kernel::Each(|event: Event| {
                probes = probes.wrapping_add(u32::from(matches!(event, Event::Probe(_))));
            });
            kernel.apply_traced(&machines::PROBE, &mut sink)
        });
    });
    black_box(probes);
    criterion.bench_function(ROWS[7].name, |bencher| {
        bencher.iter(|| {
            let ports = kernel.survey(32_768, 61_000, Addr::new(10, 0, 0, 1), SERVER, 80);
            ports.filter(|port| *port == error99_kernel::PortState::LiveSame).count()
        });
    });
    criterion.bench_function(ROWS[10].name, |bencher| bencher.iter(|| kernel.clone()));
}

/// Machines of later releases, filled by their own walks.
fn releases(criterion: &mut Criterion) {
    let filled = [
        (Release::V6_18, false),
        (Release::V6_18, true),
        (Release::V5_15, true),
        (Release::V3_10, true),
    ];
    for (row, (release, closed)) in ROWS[11..].iter().zip(filled) {
        let mut kernel = filled_machine(release, closed);
        criterion.bench_function(row.name, |bencher| {
            bencher.iter(|| failing_connect(&mut kernel));
        });
    }
    for (row, closed) in ROWS[15..].iter().zip([false, true]) {
        let kernel = filled_machine(Release::V6_18, closed);
        criterion.bench_function(row.name, |bencher| bencher.iter(|| kernel.clone()));
    }
}

fn successes(criterion: &mut Criterion) {
    let empty = open_machine();
    criterion.bench_function(ROWS[8].name, |bencher| {
        bencher.iter_batched_ref(
            || empty.clone(),
            |kernel| machines::apply_all(kernel, machines::connects()),
            criterion::BatchSize::LargeInput,
        );
    });
    let (config, calls) = load_scenario();
    let start = error99_kernel::Kernel::new(&config).expect("a usual machine");
    criterion.bench_function(ROWS[9].name, |bencher| {
        bencher.iter_batched_ref(
            || start.clone(),
            |kernel| machines::apply_all(kernel, calls.iter().cloned()),
            criterion::BatchSize::LargeInput,
        );
    });
}

/// What the machine itself can do with the same bytes and the same hashes.
fn calibration(criterion: &mut Criterion) {
    let ring = machines::random_ring();
    criterion.bench_function(ROWS[17].name, |bencher| {
        bencher.iter(|| ring.iter().fold(0, |at: usize, _| ring[at].next));
    });
    criterion.bench_function(ROWS[18].name, |bencher| {
        bencher
            .iter(|| (0..PORTS).fold(0, |sum, port| sum ^ jhash_3words(black_box(port), 2, 3, 4)));
    });
    let secret = [7; 12];
    criterion.bench_function(ROWS[19].name, |bencher| {
        bencher.iter(|| {
            (0..PORTS as u16).fold(0, |sum, port| {
                sum ^ port_offset_hash(Addr::new(10, 0, 0, 1), SERVER, black_box(port), &secret)
            })
        });
    });
}
