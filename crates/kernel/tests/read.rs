//! Releases without vectors: facts worked out by hand from the texts that their rules were read in.
//!
//! The texts: RHEL 7 in part B of the notes on 3.10; the others in the notes on 4.19, 5.15 and
//! later, in the table of since when each rule holds, and in what corrects them. Each test names
//! its own.

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Event, Fastreuse, Fastreuseport, Kernel, OwnersAsked,
    Release, Reply, SocketName, Sysctl, SysctlValue, TimewaitRefusal, Verdict, WalkOrder,
};

const OWN: Addr = Addr::new(10, 0, 0, 1);
const SERVER: Addr = Addr::new(10, 0, 0, 2);
const LOW: u16 = 40_000;

fn s(number: u32) -> SocketName {
    SocketName(number)
}

/// A machine with a range of `ports` ports from 40,000 on, all of whose hints are 0.
fn machine(release: Release, ports: u16) -> Kernel {
    let range = SysctlValue::Two(LOW.into(), (LOW + ports - 1).into());
    let sysctl = vec![(Sysctl::PortRange, range)];
    Kernel::new(&Config { perturb_seed: 0, sysctl, ..Config::of(release) }).expect("it boots")
}

/// The same where every connection has that hash.
fn hashed(release: Release, ports: u16, hash: u64) -> Kernel {
    let mut kernel = machine(release, ports);
    kernel.apply(&Call::Offset { v: Some(hash) });
    kernel
}

fn open(kernel: &mut Kernel, number: u32) {
    assert_eq!(kernel.apply(&Call::Socket { s: s(number) }), Reply::OK);
}

/// The port of a new socket's connect, or its error.
fn connect(kernel: &mut Kernel, number: u32) -> Result<u16, i32> {
    open(kernel, number);
    match kernel.apply(&Call::connect(s(number), SERVER, 80)).ret {
        -115 => Ok(kernel.socket(s(number)).expect("it is open").num),
        ret => Err(ret),
    }
}

/// Binds a new socket with those options, and tells its port or the error.
fn bind(kernel: &mut Kernel, number: u32, options: [bool; 2], at: (Addr, u16)) -> Result<u16, i32> {
    open(kernel, number);
    kernel.apply(&Call::Reuse { s: s(number), on: options[0] });
    kernel.apply(&Call::ReusePort { s: s(number), on: options[1] });
    match kernel.apply(&Call::Bind { s: s(number), addr: at.0, port: at.1 }).ret {
        0 => Ok(kernel.socket(s(number)).expect("it is open").num),
        ret => Err(ret),
    }
}

/// Writes a number, and tells the error, or 0.
fn set(kernel: &mut Kernel, sysctl: Sysctl, value: i32) -> i32 {
    kernel.apply(&Call::Sysctl { sysctl, value: SysctlValue::One(value) }).ret.min(0)
}

fn events(kernel: &mut Kernel, call: &Call) -> Vec<Event> {
    let mut events = Vec::new();
    kernel.apply_traced(call, &mut events);
    events
}

fn order(events: &[Event]) -> WalkOrder {
    let order = events.iter().find_map(|event| match event {
        Event::WalkStarted { order, .. } => Some(*order),
        _ => None,
    });
    order.expect("it walks")
}

/// The draw of a walk, and what it added to its hint.
fn noted(events: &[Event]) -> (u32, u32) {
    let noted = events.iter().find_map(|event| match *event {
        Event::WalkEnded { hint_before, hint_after, drawn, .. } => {
            Some((drawn.unwrap_or(0), hint_after.wrapping_sub(hint_before)))
        }
        _ => None,
    });
    noted.expect("it walks")
}

#[test]
fn files_know_each_by_a_name_without_blanks_and_people_by_its_title() {
    for release in Release::ALL {
        assert_eq!(Release::parse(release.name()), Some(release));
        assert!(!release.name().contains(' '));
    }
    assert_eq!((Release::Rhel7.name(), Release::Rhel7.title()), ("rhel7", "RHEL 7"));
    assert_eq!(Release::V6_8.title(), "6.8");
    assert_eq!(Release::ALL.iter().filter(|release| release.is_traced()).count(), 7);
}

// ── RHEL 7: notes on 3.10, part B ───────────────────────────────

#[test]
fn rhel_7_starts_at_even_distances_and_takes_the_port_beside_an_occupied_one() {
    let mut kernel = hashed(Release::Rhel7, 10, 7);
    let mut ports = Vec::new();
    while let Ok(port) = connect(&mut kernel, ports.len() as u32) {
        ports.push(port - LOW);
        // i + 2 without its lowest bit: 2 for the first port, and for the one beside it.
        assert_eq!(kernel.hint() as usize, 2 * ports.len());
    }
    // 7 + hint, made even, in a ring of ten; once the five even ports are gone, the odd ones.
    assert_eq!(ports, [6, 8, 0, 2, 4, 7, 9, 1, 3, 5]);
    let failed = kernel.apply(&Call::connect(s(10), SERVER, 80));
    assert_eq!((failed.errno(), failed.steps), (Some(Errno::EADDRNOTAVAIL), 10));
    assert_eq!(kernel.hint(), 20, "a failure adds nothing");
}

#[test]
fn rhel_7_adds_how_far_it_went_made_even() {
    let mut kernel = hashed(Release::Rhel7, 10, 0);
    for port in [LOW, LOW + 1, LOW + 2] {
        bind(&mut kernel, u32::from(port), [false; 2], (Addr::ANY, port)).expect("free");
    }
    // i is 3 there: 3 + 2 without its lowest bit.
    assert_eq!((connect(&mut kernel, 0), kernel.hint()), (Ok(LOW + 3), 4));
}

#[test]
fn rhel_7_still_loses_ports_where_the_sum_passes_two_to_the_32() {
    // 2^32 is 4 modulo 7: the even sum 2^32 − 2 visits 2 and 3, and goes on from 0.
    let order = WalkOrder::even_start(40_000, 40_006, u32::MAX);
    let ports = (1..=7).map(|step| order.port_of(step) - LOW);
    assert_eq!(ports.collect::<Vec<_>>(), [2, 3, 0, 1, 2, 3, 4]);
    assert_eq!(order.unvisited(), 2);
}

#[test]
fn rhel_7_has_the_range_of_4_2_and_the_knobs_of_3_10() {
    let mut kernel = Kernel::new(&Config::of(Release::Rhel7)).expect("it boots");
    assert_eq!(kernel.port_range(), (32_768, 60_999));
    let texts = [Sysctl::TwReuse, Sysctl::TwRecycle].map(|sysctl| kernel.sysctl_text(sysctl));
    assert_eq!(texts, ["0", "0"]);
    assert_eq!(set(&mut kernel, Sysctl::UnprivilegedStart, 1), -2);
    open(&mut kernel, 0);
    assert_eq!(kernel.apply(&Call::NoPort { s: s(0), on: true }), Reply::OK);
    assert_eq!(kernel.apply(&Call::Window { s: s(0), low: 1, high: 2 }).ret, -92);
}

#[test]
fn rhel_7_looks_for_a_reusing_socket_in_the_lower_half_first() {
    // The lower half of ten is five ports, up to low + 9 / 2.
    let mut kernel = machine(Release::Rhel7, 10);
    let mut found = |number, options| bind(&mut kernel, number, options, (Addr::ANY, 0));
    let mut lower: Vec<u16> = (0..5).filter_map(|n| found(n, [true, false]).ok()).collect();
    lower.sort();
    assert_eq!(lower, [40_000, 40_001, 40_002, 40_003, 40_004]);
    // None is without conflict now, but one that may be shared was remembered.
    assert!(found(5, [true, false]).is_ok_and(|port| port <= 40_004));
    // Where nothing of the lower half can be shared, the upper one is searched.
    let mut kernel = machine(Release::Rhel7, 10);
    for port in 40_000..=40_004 {
        bind(&mut kernel, port.into(), [false; 2], (Addr::ANY, port)).expect("free");
    }
    let upper = bind(&mut kernel, 0, [true, false], (Addr::ANY, 0));
    assert!(upper.is_ok_and(|port| port >= 40_005), "{upper:?}");
}

/// How long after emptying a slot of so many entries the slow calendar ticks again, in ms.
fn tick_after(release: Release, entries: u16) -> u64 {
    let mut kernel = machine(release, 1_000);
    for number in 0..entries.into() {
        connect(&mut kernel, number).expect("there are ports");
        kernel.apply(&Call::close(s(number), CloseHow::Active));
    }
    let told = events(&mut kernel, &Call::Advance { ms: 120_000 });
    let ticks: Vec<(u64, u32)> = told
        .iter()
        .filter_map(|event| match *event {
            Event::CalendarTick { t_ms, ended, .. } => Some((t_ms, ended)),
            _ => None,
        })
        .collect();
    let full = ticks.iter().position(|(_, ended)| *ended == entries.into()).expect("it ends");
    assert_eq!(full, 7, "the eighth tick");
    ticks[full + 1].0 - ticks[full].0
}

#[test]
fn rhel_7_hurries_once_its_worker_too_finds_more_than_a_hundred() {
    // The first hundred and one are ended by the tick itself: 202 leave a hundred and one more.
    let usual = 7_500..7_540;
    assert!(usual.contains(&tick_after(Release::Rhel7, 201)));
    assert_eq!(tick_after(Release::Rhel7, 202), 1_000);
    assert!(usual.contains(&tick_after(Release::V3_10, 202)));
}

// ── Late 4.19: notes on 4.19 (head, §5, §7) and on 5.15 (§1, §2) ─

/// Those that have the table of hints and no vectors.
const TABLE: [Release; 5] =
    [Release::V4_19Late, Release::V5_4, Release::V5_10, Release::V6_6, Release::V6_8];

#[test]
fn with_the_hardening_of_2022_a_start_moves_by_chance_and_by_two_to_sixteen() {
    for release in TABLE {
        let mut kernel = machine(release, 10_000);
        let mut draws = Vec::new();
        for number in 0..40 {
            open(&mut kernel, number);
            let told = events(&mut kernel, &Call::connect(s(number), SERVER, 80));
            let (drawn, added) = noted(&told);
            assert_eq!(added, 2 * drawn + 2, "{release:?}: the first port is free");
            draws.push(drawn);
        }
        draws.sort();
        draws.dedup();
        assert!(draws.len() > 4 && draws.iter().all(|drawn| *drawn < 8), "{draws:?}");
    }
}

#[test]
fn with_the_hardening_of_2022_a_destination_gets_another_hint_every_10_s_of_jiffies() {
    // Jiffies begin 300 s before 2^32, so that at HZ 250 the edge is 816 ms behind 10 s of them.
    let hash = |release, ms| {
        let mut kernel = machine(release, 10_000);
        kernel.apply(&Call::Advance { ms });
        open(&mut kernel, 0);
        let told = events(&mut kernel, &Call::connect(s(0), SERVER, 80));
        told.iter().find_map(|event| match *event {
            Event::WalkStarted { hash, index, .. } => Some((hash, index)),
            _ => None,
        })
    };
    for release in TABLE {
        assert_eq!(hash(release, 0), hash(release, 815), "{release:?}");
        assert_ne!(hash(release, 815), hash(release, 816), "{release:?}");
        assert_eq!(hash(release, 816), hash(release, 10_815), "{release:?}");
    }
    assert_eq!(hash(Release::V4_19, 0), hash(Release::V4_19, 816));
}

#[test]
fn with_the_hardening_of_2022_the_lower_half_of_the_hash_chooses_the_hint() {
    // Hints are 0: the upper half alone is the start, 5 made even.
    for release in TABLE {
        let mut kernel = hashed(release, 10, 5 << 32 | 9);
        assert_eq!(connect(&mut kernel, 0), Ok(LOW + 4), "{release:?}");
    }
}

#[test]
fn since_4_19_222_the_any_address_doesn_t_match_a_remembered_one() {
    // 4.19.13 lets a caller on the any address in without a test, and so onto a connection's port.
    let late = |release| {
        let mut kernel = machine(release, 1);
        assert_eq!(connect(&mut kernel, 0), Ok(LOW));
        let shares = [false, true];
        assert_eq!(bind(&mut kernel, 1, shares, (Addr::LOOPBACK, LOW)), Ok(LOW));
        bind(&mut kernel, 2, shares, (Addr::ANY, LOW))
    };
    assert_eq!(late(Release::V4_19), Ok(LOW));
    for release in TABLE {
        assert_eq!(late(release), Err(-98), "{release:?}");
    }
}

#[test]
fn since_4_19_268_a_failed_connect_gives_its_source_back() {
    let source = |release| {
        let mut kernel = machine(release, 1);
        assert_eq!(connect(&mut kernel, 0), Ok(LOW));
        assert_eq!(connect(&mut kernel, 1), Err(-99));
        kernel.socket(s(1)).expect("it is open").saddr
    };
    assert_eq!([Release::Rhel7, Release::V4_19].map(source), [OWN; 2]);
    assert_eq!(TABLE.map(source), [Addr::ANY; 5]);
}

#[test]
fn late_4_19_still_asks_the_newest_listener_and_5_4_the_one_with_the_address() {
    let accepts = |release| {
        let mut kernel = machine(release, 10);
        for (number, addr) in [(0, OWN), (1, Addr::ANY)] {
            bind(&mut kernel, number, [false, true], (addr, 80)).expect("they share it");
            assert_eq!(kernel.apply(&Call::Listen { s: s(number) }), Reply::OK);
        }
        let accept = |l| Call::Accept {
            l: s(l),
            s: s(9),
            peer: SERVER,
            peer_port: 5_000,
            laddr: OWN,
            peer_ts: true,
        };
        kernel.apply(&accept(1)).ret == 0
    };
    let found = [Release::V4_19, Release::V4_19Late, Release::V5_4].map(accepts);
    assert_eq!(found, [true, true, false]);
}

// ── 5.4 and 5.10: the table of rules, and notes on 5.15 (§4) ─────

#[test]
fn a_half_closed_remnant_is_left_alone_where_the_change_of_2024_came_back() {
    let meets = |release| {
        let mut kernel = machine(release, 1);
        set(&mut kernel, Sysctl::TwReuse, 1);
        connect(&mut kernel, 0).expect("there is a port");
        kernel.apply(&Call::close(s(0), CloseHow::FinWait2));
        kernel.apply(&Call::Advance { ms: 5_000 });
        open(&mut kernel, 1);
        let told = events(&mut kernel, &Call::connect(s(1), SERVER, 80));
        told.iter().find_map(|event| match event {
            Event::Probe(probe) => Some(probe.verdict),
            _ => None,
        })
    };
    let (taken, left) = (Verdict::TimewaitTaken, Verdict::Timewait(TimewaitRefusal::HalfClosed));
    for release in [Release::Rhel7, Release::V4_19Late, Release::V5_15, Release::V6_8] {
        assert_eq!(meets(release), Some(taken), "{release:?}");
    }
    for release in [Release::V5_4, Release::V5_10, Release::V6_6, Release::V6_12] {
        assert_eq!(meets(release), Some(left), "{release:?}");
    }
}

#[test]
fn ip_autobind_reuse_is_there_from_5_10_on_and_never_lets_both_options_share() {
    for release in [Release::Rhel7, Release::V4_19Late, Release::V5_4] {
        assert_eq!(set(&mut machine(release, 1), Sysctl::AutobindReuse, 1), -2, "{release:?}");
    }
    for release in [Release::V5_10, Release::V6_6, Release::V6_8] {
        let second = |options| {
            let mut kernel = machine(release, 1);
            assert_eq!(set(&mut kernel, Sysctl::AutobindReuse, 1), 0);
            assert_eq!(bind(&mut kernel, 0, options, (OWN, 0)), Ok(LOW));
            bind(&mut kernel, 1, options, (OWN, 0))
        };
        assert_eq!(second([true, false]), Ok(LOW), "{release:?}");
        assert_eq!(second([true, true]), Err(-98), "{release:?}");
    }
}

#[test]
fn knobs_are_whole_numbers_up_to_5_10_and_bytes_later() {
    for release in [Release::V4_19Late, Release::V5_4, Release::V5_10] {
        assert_eq!(set(&mut machine(release, 1), Sysctl::Timestamps, 256), 0, "{release:?}");
    }
    for release in [Release::V5_15, Release::V6_6, Release::V6_8] {
        assert_eq!(set(&mut machine(release, 1), Sysctl::Timestamps, 256), -22, "{release:?}");
    }
}

// ── 6.6 and 6.8: the table of rules, notes on 6.12 (§2, §8) and 6.18 (§3) ─

#[test]
fn since_6_5_the_first_four_repetitions_of_a_syn_are_a_second_apart() {
    let timeout_after = |release, ms| {
        let mut kernel = machine(release, 1);
        open(&mut kernel, 0);
        let Call::Connect { s, dst, dport, peer_ts, family, addr_len, .. } =
            Call::connect(s(0), SERVER, 80)
        else {
            unreachable!()
        };
        let establish = false;
        kernel.apply(&Call::Connect { s, dst, dport, establish, peer_ts, family, addr_len });
        kernel.apply(&Call::Advance { ms });
        kernel.socket(s).expect("it is open").rto
    };
    // In jiffies of 4 ms. Repeated after 1, 2, 3, 4 and 5 s; up to 6.4 after 1, 3 and 7 s.
    for release in [Release::V6_6, Release::V6_8] {
        let timeouts = [900, 4_500, 5_500].map(|ms| timeout_after(release, ms));
        assert_eq!(timeouts, [250, 250, 500], "{release:?}");
    }
    for release in [Release::V5_10, Release::V6_1] {
        let timeouts = [900, 1_500, 3_500].map(|ms| timeout_after(release, ms));
        assert_eq!(timeouts, [250, 500, 1_000], "{release:?}");
    }
}

#[test]
fn since_6_3_a_socket_has_a_window_and_since_6_8_it_is_walked_port_by_port() {
    let window = |release| {
        let mut kernel = machine(release, 100);
        open(&mut kernel, 0);
        let ret = kernel.apply(&Call::Window { s: s(0), low: LOW + 10, high: LOW + 18 }).ret;
        let told = events(&mut kernel, &Call::connect(s(0), SERVER, 80));
        let (order, (drawn, added)) = (order(&told), noted(&told));
        (ret, [order.ring(), order.stride().into(), order.passes().into()], added - drawn)
    };
    let stride = |release| {
        let (ret, order, _) = window(release);
        (ret, order)
    };
    assert_eq!(stride(Release::V5_10), (-92, [100, 2, 2]));
    // Of nine ports the two passes leave one out.
    assert_eq!(stride(Release::V6_6), (0, [8, 2, 2]));
    // All nine, and a port that is free at once adds the draw and one.
    assert_eq!(window(Release::V6_8), (0, [9, 1, 1], 1));
}

#[test]
fn since_6_8_even_the_first_owner_joins_as_if_others_were_there() {
    let flags = |release, options| {
        let mut kernel = machine(release, 10);
        bind(&mut kernel, 0, options, (OWN, LOW)).expect("free");
        let bucket = kernel.bucket(LOW).expect("it has one");
        (bucket.fastreuse, bucket.fastreuseport)
    };
    let alone = [[true, false], [false, true]];
    let (no, exclusive) = (Fastreuse::Exclusive, Fastreuseport::Exclusive);
    for release in [Release::V5_10, Release::V6_6] {
        let expected = [(Fastreuse::Reusable, exclusive), (no, Fastreuseport::Any)];
        assert_eq!(alone.map(|options| flags(release, options)), expected, "{release:?}");
    }
    let expected = [(no, exclusive), (no, Fastreuseport::Strict)];
    assert_eq!(alone.map(|options| flags(Release::V6_8, options)), expected);
}

#[test]
fn in_6_8_an_owner_that_has_put_its_option_back_is_asked() {
    // Corrections, 2: up to 6.6 the bucket's flags let a second socket in; in 6.8 it is tested.
    let second = |release| {
        let mut kernel = machine(release, 10);
        let reuses = [true, false];
        bind(&mut kernel, 0, reuses, (OWN, LOW)).expect("free");
        kernel.apply(&Call::Reuse { s: s(0), on: false });
        open(&mut kernel, 1);
        kernel.apply(&Call::Reuse { s: s(1), on: true });
        let told = events(&mut kernel, &Call::Bind { s: s(1), addr: OWN, port: LOW });
        told.iter().find_map(|event| match event {
            Event::ConflictTested { asked } => Some(*asked),
            _ => None,
        })
    };
    assert_eq!(second(Release::V6_6), Some(OwnersAsked::Skipped));
    assert_eq!(second(Release::V6_8), Some(OwnersAsked::Conflict));
}

#[test]
fn a_negative_limit_of_mini_sockets_is_none_since_6_1() {
    // Corrections, 1: signed up to 5.15, and so in the older ones; unsigned from 6.1 on.
    let kept = |release| {
        let mut kernel = machine(release, 10);
        assert_eq!(set(&mut kernel, Sysctl::MaxTwBuckets, -1), 0);
        connect(&mut kernel, 0).expect("there is a port");
        kernel.apply(&Call::close(s(0), CloseHow::Active));
        kernel.tw_count()
    };
    let signed = [Release::Rhel7, Release::V4_19Late, Release::V5_4, Release::V5_10].map(kept);
    assert_eq!(signed, [0; 4]);
    assert_eq!([Release::V6_6, Release::V6_8].map(kept), [1; 2]);
}
