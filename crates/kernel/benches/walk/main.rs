//! How fast the model is, beside the genuine C code and beside this machine.
//!
//! `cargo bench -p error99-kernel` measures with criterion and prints one table at the end:
//! for each row the best and the median sample, and the best one's ratio to the C code's best
//! (a noisy 2.6 GHz server, one processor). The last rows say what this machine can do.

mod table;

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{BatchSize, Bencher, Criterion};
use error99_kernel::hash::{jhash_3words, port_offset_hash};
use error99_kernel::{Addr, Event, Kernel, PortState, Release};
use error99_walk::machines::{
    self, Holders, PORTS, SERVER, failing_connect, filled_machine, full_machine, load_scenario,
    open_machine,
};

use table::{Row, print_table};

fn main() {
    let mut bench = Bench::new();
    walks(&mut bench);
    successes(&mut bench);
    releases(&mut bench);
    calibration(&mut bench);
    bench.criterion.final_summary();
    print_table(&bench.rows, &bench.folder);
}

/// What measures, and what was measured, in the order of the table.
struct Bench {
    criterion: Criterion,
    folder: PathBuf,
    rows: Vec<Row>,
}

impl Bench {
    fn new() -> Bench {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("walk");
        let criterion = Criterion::default()
            .output_directory(&folder)
            .sample_size(40)
            .warm_up_time(std::time::Duration::from_millis(500))
            .measurement_time(std::time::Duration::from_secs(3))
            .configure_from_args();
        Bench { criterion, folder, rows: Vec::new() }
    }

    fn measure(&mut self, row: Row, what: impl FnMut(&mut Bencher<'_>)) {
        self.criterion.bench_function(&row.name, what);
        self.rows.push(row);
    }
}

fn walks(bench: &mut Bench) {
    for (who, c, holders) in [
        ("live connections in port order", Some(16.2), Holders::LiveInPortOrder),
        ("live connections in random order", Some(31.7), Holders::LiveInRandomOrder),
        ("TIME_WAIT, tcp_tw_reuse 0", Some(15.8), Holders::Timewait { tw_reuse: false }),
        ("TIME_WAIT, tcp_tw_reuse 1, too young", None, Holders::Timewait { tw_reuse: true }),
        ("two connections on each port", None, Holders::LivePairs),
        ("owned by bind", Some(2.0), Holders::Bind),
    ] {
        let mut kernel = full_machine(holders);
        let row = Row::per_port(format!("failing walk, {who}"), PORTS, c);
        bench.measure(row, |bencher| bencher.iter(|| failing_connect(&mut kernel)));
    }
    let mut kernel = full_machine(Holders::LiveInPortOrder);
    let mut probes = 0_u32;
    bench.measure(Row::per_port("failing walk, live, traced", PORTS, None), |bencher| {
        bencher.iter(|| {
            let mut sink = error99_kernel::Each(|event: Event| {
                probes = probes.wrapping_add(u32::from(matches!(event, Event::Probe(_))));
            });
            kernel.apply_traced(&machines::PROBE, &mut sink)
        });
    });
    black_box(probes);
    bench.measure(Row::per_port("survey of the range, live", PORTS, None), |bencher| {
        bencher.iter(|| {
            let ports = kernel.survey(32_768, 61_000, Addr::new(10, 0, 0, 1), SERVER, 80);
            ports.filter(|port| *port == PortState::LiveSame).count()
        });
    });
    let row = Row::whole("clone of a kernel with 28,233 connections");
    bench.measure(row, |bencher| bencher.iter(|| kernel.clone()));
}

fn successes(bench: &mut Bench) {
    let empty = open_machine();
    let row = Row::per_connect("28,233 connects into an empty range", PORTS, Some(920.0));
    bench.measure(row, |bencher| {
        bencher.iter_batched_ref(
            || empty.clone(),
            |kernel| machines::apply_all(kernel, machines::connects()),
            BatchSize::LargeInput,
        );
    });
    let (config, calls) = load_scenario();
    let start = Kernel::new(&config).expect("a usual machine");
    let row = Row::per_connect("load: 100 connects a second for 300 s", 30_000, None);
    bench.measure(row, |bencher| {
        bencher.iter_batched_ref(
            || start.clone(),
            |kernel| machines::apply_all(kernel, calls.iter().cloned()),
            BatchSize::LargeInput,
        );
    });
}

/// Machines of later releases, filled by their own walks; each is made when it is measured.
fn releases(bench: &mut Bench) {
    for release in Release::ALL.into_iter().filter(|release| *release != Release::V2_6_32) {
        for (who, closed) in [("live", false), ("TIME_WAIT", true)] {
            let (low, high) = release.rules().range_at_boot;
            let ports = u32::from(high - low) + 1;
            let mut kernel = None;
            let row =
                Row::per_port(format!("{}: failing walk, {who}", release.title()), ports, None);
            bench.measure(row, |bencher| {
                let kernel = kernel.get_or_insert_with(|| filled_machine(release, closed));
                bencher.iter(|| failing_connect(kernel));
            });
        }
    }
    for (what, closed) in [("connections", false), ("TIME_WAITs", true)] {
        let mut kernel = None;
        bench.measure(
            Row::whole(format!("6.18: clone of a kernel with 28,232 {what}")),
            |bencher| {
                let kernel = kernel.get_or_insert_with(|| filled_machine(Release::V6_18, closed));
                bencher.iter(|| kernel.clone());
            },
        );
    }
}

/// What the machine itself can do with the same bytes and the same hashes.
fn calibration(bench: &mut Bench) {
    let ring = machines::random_ring();
    let row = Row::per_port("calibration: 28,233 random dependent loads, 904 kB", PORTS, None);
    bench.measure(row, |bencher| {
        bencher.iter(|| ring.iter().fold(0, |at: usize, _| ring[at].next));
    });
    bench.measure(Row::per_port("calibration: jhash_3words alone", PORTS, None), |bencher| {
        bencher
            .iter(|| (0..PORTS).fold(0, |sum, port| sum ^ jhash_3words(black_box(port), 2, 3, 4)));
    });
    let secret = [7; 12];
    bench.measure(Row::per_port("calibration: port_offset_hash alone", PORTS, None), |bencher| {
        bencher.iter(|| {
            (0..PORTS as u16).fold(0, |sum, port| {
                sum ^ port_offset_hash(Addr::new(10, 0, 0, 1), SERVER, black_box(port), &secret)
            })
        });
    });
}
