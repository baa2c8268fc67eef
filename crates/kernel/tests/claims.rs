//! What the crate promises beyond the vectors, one claim per test.

use error99_kernel::{
    Addr, AddrError, BindRefusal, CLOCK_MS_MAX, CalendarSlot, Call, CloseHow, Config, ConfigError,
    ConnectRefusal, Each, Errno, Event, Fastreuse, Kernel, OwnerView, OwnersAsked, PortState,
    Problem, Release, Reply, SocketName, SocketState, Substate, Sysctl, SysctlOutcome, SysctlValue,
    TimewaitCause, TimewaitRefusal, Tuple, Verdict, WalkEnd,
};

const OWN: Addr = Addr::new(10, 0, 0, 1);
const SERVER: Addr = Addr::new(10, 0, 0, 2);
const LOW: u16 = 40_000;

fn s(number: u32) -> SocketName {
    SocketName(number)
}

/// A machine with a range of `ports` ports from 40,000 on.
fn machine(ports: u16) -> Kernel {
    Kernel::new(&Config {
        sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(LOW.into(), (LOW + ports - 1).into()))],
        ..Config::default()
    })
    .expect("a usual machine")
}

/// The same with every port connected to the server, by sockets 0, 1, ….
fn full_machine(ports: u16) -> Kernel {
    let mut kernel = machine(ports);
    for number in 0..ports.into() {
        open(&mut kernel, number);
        assert_eq!(connect(&mut kernel, number), -115);
    }
    kernel
}

fn open(kernel: &mut Kernel, number: u32) {
    assert_eq!(kernel.apply(&Call::Socket { s: s(number) }), Reply::OK);
}

fn connect(kernel: &mut Kernel, number: u32) -> i32 {
    kernel.apply(&Call::connect(s(number), SERVER, 80)).ret
}

fn close(kernel: &mut Kernel, number: u32) {
    assert_eq!(kernel.apply(&Call::close(s(number), CloseHow::Active)), Reply::OK);
}

fn set(kernel: &mut Kernel, sysctl: Sysctl, value: i32) {
    kernel.apply(&Call::Sysctl { sysctl, value: SysctlValue::One(value) });
}

fn events(kernel: &mut Kernel, call: &Call) -> Vec<Event> {
    let mut events = Vec::new();
    kernel.apply_traced(call, &mut events);
    events
}

fn verdicts(kernel: &mut Kernel, call: &Call) -> Vec<Verdict> {
    let verdict = |event| match event {
        Event::Probe(probe) => Some(probe.verdict),
        _ => None,
    };
    events(kernel, call).into_iter().filter_map(verdict).collect()
}

#[test]
fn a_full_range_is_error_99_and_nothing_else_changes() {
    let mut kernel = full_machine(8);
    let hint = kernel.hint();
    open(&mut kernel, 8);
    let reply = kernel.apply(&Call::connect(s(8), SERVER, 80));
    assert_eq!(reply.errno(), Some(Errno::EADDRNOTAVAIL));
    assert_eq!((kernel.hint(), kernel.bsockets()), (hint, 8));
    let socket = kernel.socket(s(8)).unwrap();
    assert_eq!((socket.state, socket.num, socket.saddr), (SocketState::Close, 0, OWN));
}

#[test]
fn a_full_range_to_one_server_still_connects_to_another() {
    let mut kernel = full_machine(8);
    open(&mut kernel, 8);
    let call = Call::connect(s(8), Addr::new(10, 0, 0, 3), 80);
    assert_eq!(verdicts(&mut kernel, &call), [Verdict::Shared]);
    assert_eq!(kernel.recycled(), 1, "counted although no TIME_WAIT was there");
}

#[test]
fn a_walk_tells_each_probe_and_its_end() {
    let mut kernel = full_machine(3);
    open(&mut kernel, 3);
    let told = events(&mut kernel, &Call::connect(s(3), SERVER, 80));
    let probes = told.iter().filter(|event| matches!(event, Event::Probe(_))).count();
    assert_eq!(probes, 3);
    let hint = kernel.hint();
    let end = Event::WalkEnded {
        reason: WalkEnd::Exhausted,
        steps: 3,
        port: None,
        hint_before: hint,
        hint_after: hint,
        drawn: None,
    };
    assert!(told.contains(&end));
    let mut counted = 0;
    kernel.apply_traced(&Call::connect(s(3), SERVER, 80), &mut Each(|_| counted += 1));
    assert_eq!(counted, told.len());
}

#[test]
fn a_refusal_of_a_time_wait_names_the_first_condition_that_fails() {
    let mut kernel = full_machine(1);
    close(&mut kernel, 0);
    open(&mut kernel, 1);
    let call = Call::connect(s(1), SERVER, 80);
    let refused = |refusal| vec![Verdict::Timewait(refusal)];
    assert_eq!(verdicts(&mut kernel, &call), refused(TimewaitRefusal::ReuseOff));
    set(&mut kernel, Sysctl::TwReuse, 1);
    assert_eq!(verdicts(&mut kernel, &call), refused(TimewaitRefusal::TooYoung { age_s: 0 }));
    kernel.apply(&Call::Advance { ms: 1_999 });
    assert_eq!(verdicts(&mut kernel, &call), refused(TimewaitRefusal::TooYoung { age_s: 1 }));
    kernel.apply(&Call::Advance { ms: 1 });
    assert_eq!(verdicts(&mut kernel, &call), [Verdict::TimewaitTaken]);
}

#[test]
fn a_time_wait_without_timestamps_is_refused_for_that_even_with_tcp_tw_reuse() {
    let mut kernel = machine(1);
    set(&mut kernel, Sysctl::Timestamps, 0);
    set(&mut kernel, Sysctl::TwReuse, 1);
    open(&mut kernel, 0);
    connect(&mut kernel, 0);
    close(&mut kernel, 0);
    open(&mut kernel, 1);
    let refused = [Verdict::Timewait(TimewaitRefusal::NoStamp)];
    assert_eq!(verdicts(&mut kernel, &Call::connect(s(1), SERVER, 80)), refused);
}

#[test]
fn a_takeover_joins_before_the_time_wait_ends_so_that_the_bucket_stays() {
    let mut kernel = full_machine(1);
    close(&mut kernel, 0);
    set(&mut kernel, Sysctl::TwReuse, 1);
    kernel.apply(&Call::Advance { ms: 5_000 });
    open(&mut kernel, 1);
    let told = events(&mut kernel, &Call::connect(s(1), SERVER, 80));
    let ended = |event: &&Event| {
        matches!(event, Event::TimewaitEnded { cause: TimewaitCause::Reuse, t_ms: 5_000, .. })
    };
    assert_eq!(told.iter().filter(ended).count(), 1);
    let gone = |event: &Event| {
        matches!(event, Event::BucketDestroyed { .. } | Event::BucketCreated { .. })
    };
    assert!(!told.iter().any(gone));
    assert_eq!(kernel.tw_count(), 0);
}

#[test]
fn no_memory_for_a_bucket_ends_the_walk_at_the_first_free_port() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    kernel.apply(&Call::FailTb { v: 1 });
    let call = Call::connect(s(0), SERVER, 80);
    assert_eq!(verdicts(&mut kernel, &call), [Verdict::NoMemory]);
    assert_eq!((kernel.hint(), kernel.bsockets()), (0, 0));
    assert_eq!(verdicts(&mut kernel, &call), [Verdict::New], "only the first one failed");
}

#[test]
fn a_reply_says_how_many_steps_the_walk_made() {
    let mut kernel = full_machine(5);
    open(&mut kernel, 5);
    let call = Call::connect(s(5), SERVER, 80);
    assert_eq!(kernel.apply(&call).steps, 5, "all in vain");
    kernel.apply(&Call::close(s(4), CloseHow::Rst));
    kernel.apply(&Call::FailTb { v: 1 });
    let failed = kernel.apply(&call);
    assert_eq!(failed.errno(), Some(Errno::EADDRNOTAVAIL));
    assert!((1..=5).contains(&failed.steps), "{}", failed.steps);
    assert_eq!(kernel.apply(&call).steps, failed.steps, "to the one free port");
    assert_eq!(kernel.apply(&Call::Listen { s: s(0) }).steps, 0);
}

#[test]
fn a_reply_says_how_much_a_call_took_also_where_it_failed() {
    let mut kernel = full_machine(5);
    let itself = kernel.apply(&Call::Dump).work;
    let beside = |kernel: &mut Kernel, call: Call| kernel.apply(&call).work - itself;
    open(&mut kernel, 5);
    assert_eq!(beside(&mut kernel, Call::connect(s(5), SERVER, 80)), 5, "a walk in vain");
    let any = Call::Bind { s: s(5), addr: Addr::ANY, port: 0 };
    assert_eq!(beside(&mut kernel, any), 5, "a search in vain");
    for number in 0..4 {
        assert_eq!(beside(&mut kernel, Call::close(s(number), CloseHow::Active)), 0);
    }
    let waiting = kernel.tw_count();
    assert!(beside(&mut kernel, Call::Advance { ms: 120_000 }) > waiting);
    assert_eq!((waiting, kernel.tw_count()), (4, 0));
    assert_eq!(beside(&mut kernel, Call::Dump), 0, "nothing is carried over");
}

#[test]
fn a_syn_that_cannot_be_sent_gives_the_port_back_but_not_the_hint() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    kernel.apply(&Call::FailTcpConnect { v: Some(Errno::ENOBUFS) });
    assert_eq!(connect(&mut kernel, 0), -105);
    assert_eq!((kernel.hint(), kernel.bsockets()), (1, 0));
    kernel.apply(&Call::FailTcpConnect { v: None });
    assert_eq!(connect(&mut kernel, 0), -115);
}

#[test]
fn a_syn_cannot_fail_with_what_means_that_it_was_sent() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    let reply = kernel.apply(&Call::FailTcpConnect { v: Some(Errno::EINPROGRESS) });
    assert_eq!(reply.problem, Some(Problem::SynFailsWithSuccess));
    assert_eq!(connect(&mut kernel, 0), -115);
    assert_eq!(kernel.check_invariants(), Ok(()));
}

#[test]
fn a_destination_that_cannot_be_routed_is_told_with_its_reason() {
    let mut kernel =
        Kernel::new(&Config { unreachable: vec![Addr::new(10, 9, 9, 9)], ..Config::default() })
            .unwrap();
    open(&mut kernel, 0);
    for (dst, refusal, errno) in [
        (Addr::new(10, 9, 9, 9), ConnectRefusal::NoRoute, Errno::ENETUNREACH),
        (Addr::new(224, 0, 0, 1), ConnectRefusal::Multicast, Errno::ENETUNREACH),
        (Addr::BROADCAST, ConnectRefusal::Broadcast, Errno::ENETUNREACH),
        (Addr::new(0, 0, 0, 5), ConnectRefusal::ZeroNetwork, Errno::EINVAL),
    ] {
        let told = events(&mut kernel, &Call::connect(s(0), dst, 80));
        assert_eq!(told, [Event::ConnectRefused(refusal)]);
        assert_eq!(kernel.route(dst), Err(refusal));
        assert_eq!(refusal.errno(), errno);
    }
    let route = kernel.route(Addr::ANY).unwrap();
    assert_eq!((route.source, route.destination), (Addr::LOOPBACK, Addr::LOOPBACK));
}

#[test]
fn a_listening_socket_cannot_connect_and_listening_twice_does_nothing() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    assert_eq!(kernel.apply(&Call::Listen { s: s(0) }), Reply::OK);
    assert_eq!(events(&mut kernel, &Call::Listen { s: s(0) }), [Event::AlreadyListening]);
    let told = events(&mut kernel, &Call::connect(s(0), SERVER, 80));
    assert_eq!(told, [Event::ConnectRefused(ConnectRefusal::Listening)]);
}

#[test]
fn a_multicast_address_can_be_bound_to_but_is_no_source() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    let addr = Addr::new(224, 0, 0, 5);
    assert_eq!(kernel.apply(&Call::Bind { s: s(0), addr, port: 45_000 }), Reply::OK);
    let socket = kernel.socket(s(0)).unwrap();
    assert_eq!((socket.rcv_saddr, socket.saddr, socket.locks()), (addr, Addr::ANY, 12));
}

#[test]
fn bind_asks_for_the_address_then_the_privilege_and_only_then_whether_the_socket_is_bound() {
    for release in Release::ALL {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        open(&mut kernel, 0);
        kernel.apply(&Call::Cap { v: false });
        let mut bind = |addr, port| kernel.apply(&Call::Bind { s: s(0), addr, port });
        assert_eq!(bind(OWN, 45_000), Reply::OK);
        let foreign = Addr::new(10, 9, 9, 9);
        assert_eq!(bind(foreign, 80).errno(), Some(Errno::EADDRNOTAVAIL), "{release:?}");
        assert_eq!(bind(OWN, 80).errno(), Some(Errno::EACCES), "{release:?}");
        assert_eq!(bind(OWN, 45_001).errno(), Some(Errno::EINVAL), "{release:?}");
    }
}

/// A socket with `SO_REUSEADDR`.
fn open_reusing(kernel: &mut Kernel, number: u32) {
    open(kernel, number);
    kernel.apply(&Call::Reuse { s: s(number), on: true });
}

#[test]
fn a_search_for_any_port_starts_over_five_times_when_the_remembered_port_conflicts() {
    let mut kernel = machine(1);
    open_reusing(&mut kernel, 0);
    kernel.apply(&Call::Bind { s: s(0), addr: Addr::ANY, port: LOW });
    kernel.apply(&Call::Reuse { s: s(0), on: false });
    open_reusing(&mut kernel, 1);
    let call = Call::Bind { s: s(1), addr: Addr::ANY, port: 0 };
    let told = events(&mut kernel, &call);
    let count = |wanted: fn(&Event) -> bool| told.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::SearchStarted { .. })), 6);
    assert_eq!(
        count(|event| matches!(event, Event::ConflictTested { asked: OwnersAsked::Conflict })),
        6
    );
    assert_eq!(told.last(), Some(&Event::BindRefused(BindRefusal::Conflict)));
    assert_eq!(kernel.apply(&call).errno(), Some(Errno::EADDRINUSE));
    kernel.apply(&Call::Reuse { s: s(0), on: true });
    let told = events(&mut kernel, &call);
    let searches = told.iter().filter(|event| matches!(event, Event::SearchStarted { .. }));
    assert_eq!(searches.count(), 1, "without a conflict it doesn't");
}

#[test]
fn a_definite_port_that_conflicts_is_refused_without_a_search() {
    let mut kernel = machine(1);
    open(&mut kernel, 0);
    kernel.apply(&Call::Bind { s: s(0), addr: Addr::ANY, port: LOW });
    open_reusing(&mut kernel, 1);
    let told = events(&mut kernel, &Call::Bind { s: s(1), addr: OWN, port: LOW });
    let tested = told.iter().filter(|event| matches!(event, Event::ConflictTested { .. }));
    assert_eq!(tested.count(), 1);
}

#[test]
fn a_time_wait_says_where_it_waits_and_until_when() {
    let mut kernel = full_machine(2);
    let told = events(&mut kernel, &Call::close(s(0), CloseHow::Active));
    let made = told.iter().find_map(|event| match *event {
        Event::TimewaitMade { substate, slot, ends_ms, .. } => Some((substate, slot, ends_ms)),
        _ => None,
    });
    assert_eq!(made, Some((Substate::TimeWait, CalendarSlot::Slow(7), 60_000)));
    set(&mut kernel, Sysctl::TwRecycle, 1);
    let told = events(&mut kernel, &Call::close(s(1), CloseHow::Active));
    let fast = |event: &Event| {
        matches!(event, Event::TimewaitMade { slot: CalendarSlot::Fast(6), ends_ms: 768, .. })
    };
    assert!(told.iter().any(fast), "{told:?}");
    assert_eq!(kernel.timewaits().map(|mini| mini.ends_ms).collect::<Vec<_>>(), [60_000, 768]);
}

#[test]
fn the_101st_time_wait_of_a_slot_makes_the_calendar_slip() {
    let mut kernel = full_machine(101);
    for number in 0..101 {
        close(&mut kernel, number);
    }
    open(&mut kernel, 200);
    kernel.apply(&Call::Advance { ms: 1 });
    let told = events(&mut kernel, &Call::Advance { ms: 60_000 });
    let ticks: Vec<_> = told
        .iter()
        .filter_map(|event| match *event {
            Event::CalendarTick { t_ms, ended, slipped, .. } if ended > 0 => {
                Some((t_ms, ended, slipped))
            }
            _ => None,
        })
        .collect();
    assert_eq!(ticks, [(60_000, 101, true)]);
    assert_eq!(kernel.calendar_pointer(), 7);
}

#[test]
fn a_stamp_survives_a_failed_connect_until_the_destination_changes() {
    let mut kernel = full_machine(1);
    close(&mut kernel, 0);
    set(&mut kernel, Sysctl::TwReuse, 1);
    kernel.apply(&Call::Advance { ms: 5_000 });
    open(&mut kernel, 1);
    let inherited = kernel.wall_second() - 5;
    kernel.apply(&Call::FailTcpConnect { v: Some(Errno::ENOBUFS) });
    let cleared = |event: &Event| matches!(event, Event::StampCleared { .. });
    for (dst, clears) in [(SERVER, false), (SERVER, false), (Addr::new(10, 0, 0, 3), true)] {
        let told = events(&mut kernel, &Call::connect(s(1), dst, 80));
        assert_eq!(told.iter().any(cleared), clears, "{dst}");
        let stamp = if clears { 0 } else { inherited };
        assert_eq!(kernel.socket(s(1)).unwrap().stamp, stamp, "{dst}");
    }
}

#[test]
fn an_older_stamp_never_replaces_a_peers_newer_one_however_old_that_is() {
    let mut kernel = full_machine(2);
    set(&mut kernel, Sysctl::TwRecycle, 1);
    let remembered = |kernel: &mut Kernel, number, stamp_now| {
        let call = Call::Close { s: s(number), how: CloseHow::Active, stamp_now };
        events(kernel, &call).into_iter().find_map(|event| match event {
            Event::PeerRemembered { written, .. } => Some(written),
            _ => None,
        })
    };
    kernel.apply(&Call::Advance { ms: 10_000 });
    assert_eq!(remembered(&mut kernel, 0, true), Some(true));
    kernel.apply(&Call::Advance { ms: 90_000 });
    assert_eq!(remembered(&mut kernel, 1, false), Some(false));
}

#[test]
fn of_two_timers_in_one_millisecond_the_one_armed_first_runs_first() {
    let mut kernel = full_machine(3);
    let half = |number| Call::close(s(number), CloseHow::FinWait2);
    set(&mut kernel, Sysctl::TwRecycle, 1);
    set(&mut kernel, Sysctl::FinTimeout, 2);
    // A fast row that is due at 2,048 ms …
    kernel.apply(&half(0));
    kernel.apply(&Call::Advance { ms: 1_048 });
    // … a full socket that waits until the same millisecond …
    set(&mut kernel, Sysctl::FinTimeout, 61);
    kernel.apply(&half(1));
    kernel.apply(&Call::Advance { ms: 232 });
    // … and one more fast entry for it, which doesn't arm the timer anew.
    close(&mut kernel, 2);
    let told = events(&mut kernel, &Call::Advance { ms: 768 });
    let order: Vec<_> = told
        .iter()
        .filter_map(|event| match *event {
            Event::FastTick { t_ms, ended } => Some(("calendar", t_ms, ended)),
            Event::FinWait2Checked { t_ms, .. } => Some(("full socket", t_ms, 0)),
            _ => None,
        })
        .collect();
    assert_eq!(order, [("calendar", 2_048, 2), ("full socket", 2_048, 0)]);
}

#[test]
fn a_survey_shows_every_kind_of_port() {
    let mut kernel = full_machine(3);
    close(&mut kernel, 0);
    open(&mut kernel, 3);
    kernel.apply(&Call::Bind { s: s(3), addr: Addr::ANY, port: 40_010 });
    open(&mut kernel, 4);
    kernel.apply(&Call::ForceRange { low: 40_011, high: 40_011 });
    kernel.apply(&Call::connect(s(4), Addr::new(10, 0, 0, 3), 80));
    let states: Vec<PortState> = kernel.survey(LOW, 40_012, OWN, SERVER, 80).collect();
    let count = |wanted: &dyn Fn(&PortState) -> bool| states.iter().filter(|s| wanted(s)).count();
    assert_eq!(count(&|state| *state == PortState::LiveSame), 2);
    assert_eq!(count(&|state| matches!(state, PortState::Timewait { ends_ms: 60_000, .. })), 1);
    assert_eq!(states[10..], [PortState::BindOwned, PortState::LiveOther, PortState::Free]);
}

#[test]
fn views_of_a_port_show_its_bucket_and_owners_newest_first() {
    let mut kernel = machine(1);
    for (number, dst) in (0..).zip([SERVER, Addr::new(10, 0, 0, 3), Addr::new(10, 0, 0, 4)]) {
        open(&mut kernel, number);
        kernel.apply(&Call::connect(s(number), dst, 80));
    }
    close(&mut kernel, 1);
    let bucket = kernel.bucket(LOW).unwrap();
    assert_eq!((bucket.fastreuse, bucket.num_owners), (Fastreuse::Automatic, 2));
    assert_eq!((bucket.owners, bucket.timewait_owners), (3, 1));
    let owners: Vec<OwnerView> = kernel.owners(LOW).collect();
    let OwnerView::Timewait(newest) = owners[0] else { panic!("{owners:?}") };
    assert_eq!(newest.tuple.faddr, Addr::new(10, 0, 0, 3));
    let names = owners.iter().filter_map(|owner| match owner {
        OwnerView::Live(socket) => socket.name,
        OwnerView::Timewait(_) => None,
    });
    assert_eq!(names.collect::<Vec<_>>(), [s(2), s(0)]);
    assert_eq!(kernel.chain(kernel.bucket_index(LOW)).collect::<Vec<_>>(), [bucket]);
    assert_eq!(kernel.chain(u32::MAX).count(), 0);
    assert_eq!(kernel.owners(1).count(), 0);
    assert_eq!(kernel.sockets().count(), 2);
    let tuple = kernel.socket(s(0)).unwrap().tuple();
    let (ehash, slot) = kernel.established_slot(&tuple);
    assert_eq!(slot, ehash % kernel.ehash_size());
    assert_eq!(tuple.to_string(), "10.0.0.1:40000 > 10.0.0.2:80");
}

#[test]
fn the_port_offset_of_a_destination_is_the_walks_hash() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    let expected = kernel.port_offset(OWN, SERVER, 80);
    let told = events(&mut kernel, &Call::connect(s(0), SERVER, 80));
    assert!(told.iter().any(|event| {
        matches!(event, Event::WalkStarted { hash, hash_forced: false, .. } if *hash == expected)
    }));
    kernel.apply(&Call::Offset { v: Some(7) });
    assert_eq!(kernel.port_offset(OWN, SERVER, 80), 7);
}

#[test]
fn a_second_number_out_of_range_is_dropped_and_said_to_be() {
    let mut kernel = machine(5);
    let sysctl = Sysctl::PortRange;
    let write = |value| Call::Sysctl { sysctl, value };
    for (value, now, outcome) in [
        (SysctlValue::Two(1_024, 70_000), (1_024, 40_004), SysctlOutcome::HalfTaken),
        (SysctlValue::Two(0, 9), (1_024, 40_004), SysctlOutcome::OutOfRange),
        (SysctlValue::Two(9, 8), (1_024, 40_004), SysctlOutcome::LowAboveHigh),
        (SysctlValue::One(40_005), (1_024, 40_004), SysctlOutcome::LowAboveHigh),
        (SysctlValue::One(40_004), (40_004, 40_004), SysctlOutcome::Taken),
    ] {
        let now = SysctlValue::Two(now.0, now.1);
        let told = events(&mut kernel, &write(value));
        assert_eq!(told, [Event::SysctlWritten { sysctl, now, outcome }]);
    }
    assert_eq!(kernel.sysctl(sysctl).to_string(), "40004 40004");
    assert_eq!(Sysctl::parse("net.ipv4.tcp_tw_reuse"), Some(Sysctl::TwReuse));
    assert_eq!(Sysctl::parse("tcp_mem"), None);
}

#[test]
fn calls_outside_the_models_limits_are_refused_and_change_nothing() {
    let mut kernel = machine(5);
    open(&mut kernel, 5);
    let bind_any = Call::Bind { s: s(5), addr: Addr::ANY, port: 0 };
    for (call, problem) in [
        (Call::Socket { s: s(5) }, Problem::NameInUse),
        (Call::Socket { s: s(u32::MAX) }, Problem::ReservedName),
        (Call::Advance { ms: CLOCK_MS_MAX + 1 }, Problem::ClockLimit),
        (Call::Advance { ms: u64::MAX }, Problem::ClockLimit),
        (Call::Wall { sec: i64::MIN }, Problem::WallLimit),
        (Call::Wall { sec: i64::MAX }, Problem::WallLimit),
        (Call::ForceRange { low: 0, high: 5 }, Problem::RangeFromZero),
    ] {
        let before = format!("{:?}", kernel.socket(s(5)));
        assert_eq!(events(&mut kernel, &call), [Event::Problem(problem)]);
        let reply = kernel.apply(&call);
        assert_eq!((reply.ret, reply.problem), (-22, Some(problem)), "{problem}");
        assert_eq!(format!("{:?}", kernel.socket(s(5))), before);
    }
    kernel.apply(&Call::ForceRange { low: 9, high: 5 });
    for call in [bind_any, Call::Listen { s: s(5) }] {
        assert_eq!(kernel.apply(&call).problem, Some(Problem::EmptyRange));
        assert_eq!(kernel.socket(s(5)).unwrap().state, SocketState::Close);
    }
    let problems = [Problem::TooManySockets, Problem::NameInUse, Problem::EmptyRange];
    assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
}

#[test]
fn names_may_be_used_again_and_may_start_anywhere() {
    let mut kernel = machine(5);
    let near_the_end = u32::MAX - 1;
    for number in [near_the_end, near_the_end - 3] {
        open(&mut kernel, number);
    }
    for number in [near_the_end - 3, near_the_end] {
        assert!(kernel.socket(s(number)).is_some());
        kernel.apply(&Call::close(s(number), CloseHow::Plain));
    }
    for _ in 0..2 {
        open(&mut kernel, 7);
        kernel.apply(&Call::close(s(7), CloseHow::Plain));
    }
    assert_eq!(kernel.sockets().count(), 0);
}

#[test]
fn names_of_open_sockets_may_lie_as_far_apart_as_they_like() {
    let mut kernel = machine(5);
    let (mut open_names, mut seed) = (std::collections::BTreeSet::new(), 7_u32);
    for _ in 0..4_000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Near each other, around the end of what is found at once, or anywhere.
        let number = match seed >> 30 {
            0 => seed >> 8 & 31,
            1 => (1 << 20) - 4 + (seed >> 8 & 7),
            2 => u32::MAX - 1 - (seed >> 8 & 7),
            _ => seed >> 8 << 4,
        };
        let reply = match open_names.contains(&number) {
            true => kernel.apply(&Call::close(s(number), CloseHow::Plain)),
            false => kernel.apply(&Call::Socket { s: s(number) }),
        };
        assert_eq!(reply, Reply::OK, "{number}");
        if !open_names.insert(number) {
            open_names.remove(&number);
        }
        assert_eq!(kernel.socket(s(number)).is_some(), open_names.contains(&number));
    }
    assert_eq!(kernel.sockets().count(), open_names.len());
    assert!(open_names.iter().all(|number| kernel.socket(s(*number)).is_some()));
}

#[test]
fn a_name_that_is_not_open_is_a_bad_descriptor() {
    let mut kernel = machine(5);
    let call = Call::connect(s(9), SERVER, 80);
    assert_eq!(events(&mut kernel, &call), [Event::NoSuchSocket { s: s(9) }]);
    assert_eq!(kernel.apply(&call).errno(), Some(Errno::EBADF));
    assert_eq!(call.socket_name(), Some(s(9)));
    assert_eq!(Call::Dump.socket_name(), None);
}

#[test]
fn a_call_on_another_socket_differs_by_the_name_alone() {
    let on = |call: Call| {
        let other = call.on(s(9));
        assert_eq!((other.socket_name(), other.on(s(3))), (Some(s(9)), call));
    };
    on(Call::Socket { s: s(3) });
    on(Call::Window { s: s(3), low: 1, high: 2 });
    on(Call::connect(s(3), SERVER, 80));
    on(Call::AcceptWaiting { l: s(1), s: s(3) });
    on(Call::close(s(3), CloseHow::Active));
    assert_eq!(Call::Advance { ms: 5 }.on(s(9)), Call::Advance { ms: 5 });
}

#[test]
fn a_release_answers_an_option_that_it_lacks_with_enoprotoopt() {
    for release in Release::ALL {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        open(&mut kernel, 0);
        for (call, has) in [
            (Call::ReusePort { s: s(0), on: true }, release.has_reuseport()),
            (Call::NoPort { s: s(0), on: true }, release.has_no_port()),
            (Call::Window { s: s(0), low: 40_000, high: 40_001 }, release.has_window()),
        ] {
            let wanted = if has { None } else { Some(Errno::ENOPROTOOPT) };
            assert_eq!(kernel.apply(&call).errno(), wanted, "{release:?}: {call:?}");
        }
    }
    let first = |has: fn(Release) -> bool| Release::ALL.into_iter().find(|release| has(*release));
    assert_eq!(first(Release::has_reuseport), Some(Release::V3_10));
    // RHEL 7 has carried it back from 4.2.
    assert_eq!(first(Release::has_no_port), Some(Release::Rhel7));
    assert_eq!(first(Release::has_window), Some(Release::V6_1));
}

#[test]
fn a_syn_is_repeated_once_to_127_times() {
    let mut kernel = Kernel::new(&Config::of(Release::V6_18)).unwrap();
    for (value, taken) in [(0, false), (1, true), (127, true), (128, false)] {
        let value = SysctlValue::One(value);
        let reply = kernel.apply(&Call::Sysctl { sysctl: Sysctl::SynRetries, value });
        assert_eq!(reply.errno(), if taken { None } else { Some(Errno::EINVAL) }, "{value}");
    }
}

#[test]
fn in_4_19_alone_the_newest_listener_with_so_reuseport_comes_before_one_on_the_address() {
    for (release, errno) in [(Release::V4_19, None), (Release::V5_15, Some(Errno::EAGAIN))] {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        for (number, addr) in [(0, OWN), (1, Addr::ANY)] {
            open(&mut kernel, number);
            kernel.apply(&Call::ReusePort { s: s(number), on: true });
            assert_eq!(kernel.apply(&Call::Bind { s: s(number), addr, port: LOW }), Reply::OK);
            assert_eq!(kernel.apply(&Call::Listen { s: s(number) }), Reply::OK);
        }
        let (peer, peer_port, laddr, peer_ts) = (SERVER, 80, OWN, true);
        let call = Call::Accept { l: s(1), s: s(2), peer, peer_port, laddr, peer_ts };
        assert_eq!(kernel.apply(&call).errno(), errno, "{release:?}");
    }
}

#[test]
fn a_kernel_says_more_bytes_the_more_sockets_it_holds() {
    for release in [Release::V2_6_32, Release::V6_18] {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        let bytes = kernel.bytes();
        for number in 0..300 {
            open(&mut kernel, number);
            connect(&mut kernel, number);
            close(&mut kernel, number);
        }
        assert!(kernel.bytes() >= bytes + 300 * 50, "{release:?}");
    }
}

#[test]
fn errors_have_linuxs_numbers_names_and_texts() {
    let error = Errno::EADDRNOTAVAIL;
    let said = (error.code(), error.name(), error.message());
    assert_eq!(said, (99, "EADDRNOTAVAIL", "Cannot assign requested address"));
    assert_eq!(Errno::from_code(99), Some(error));
    assert_eq!(Errno::from_code(0), None);
    for code in (1..200).filter_map(Errno::from_code) {
        assert_eq!(Errno::from_code(code.code()), Some(code));
        assert!(!code.name().is_empty() && !code.message().is_empty());
    }
    assert_eq!(Reply { ret: i32::MIN, ..Reply::OK }.errno(), None);
    assert_eq!(Reply { ret: 12, ..Reply::OK }.errno(), None);
}

#[test]
fn an_address_is_four_numbers_without_signs_or_leading_zeros() {
    for text in [
        "",
        "10.0.0",
        "10.0.0.1.2",
        "10.0.0.256",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.01",
        "10..0.1",
        " 10.0.0.1",
        "a.b.c.d",
    ] {
        assert_eq!(text.parse::<Addr>(), Err(AddrError), "{text}");
    }
    assert!(AddrError.to_string().contains("four numbers"));
    assert_eq!(format!("{:?}", Addr::new(10, 0, 0, 1)), "10.0.0.1");
    assert!(Tuple::default() < Tuple { lport: 1, ..Tuple::default() });
}

#[test]
fn a_configuration_out_of_bounds_is_refused_by_name() {
    let usual = Config::default();
    let cases = [
        (Config { ehash_size: 0, ..usual.clone() }, ConfigError::EhashSize),
        (Config { ehash_size: 1 << 20, ..usual.clone() }, ConfigError::EhashSize),
        (Config { bhash_size: 3, ..usual.clone() }, ConfigError::BhashSize),
        (Config { start_sec: 0, ..usual.clone() }, ConfigError::StartSec),
        (Config { rto_ms: 0, ..usual.clone() }, ConfigError::Rto),
        (Config { hz: 250, ..usual.clone() }, ConfigError::Hz),
        (Config { hz: 1_024, ..Config::of(Release::V6_18) }, ConfigError::Hz),
        (Config { start_jiffies: u64::MAX, ..usual.clone() }, ConfigError::StartJiffies),
        (Config { phase_us: 1_000, ..usual.clone() }, ConfigError::Phase),
        (Config { start_mono_ms: u64::MAX, ..usual.clone() }, ConfigError::StartMono),
        (Config { local: vec![OWN; 4_097], ..usual.clone() }, ConfigError::Addresses),
        (Config { unreachable: vec![OWN; 4_097], ..usual.clone() }, ConfigError::Addresses),
        (
            Config { sysctl: vec![(Sysctl::TwReuse, SysctlValue::One(1)); 65], ..usual.clone() },
            ConfigError::Sysctls,
        ),
        (Config { force_range: Some((0, 1)), ..usual }, ConfigError::ForceRange),
    ];
    for (config, error) in cases {
        assert_eq!(Kernel::new(&config).err(), Some(error));
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn net_hash_mix_moves_chains_and_slots_but_changes_no_choice() {
    let plain = Config { bhash_size: 256, ehash_size: 256, ..Config::default() };
    let mut kernels = [0, 77].map(|mix| Kernel::new(&Config { mix, ..plain.clone() }).unwrap());
    assert_ne!(kernels[0].bucket_index(LOW), kernels[1].bucket_index(LOW));
    for number in 0..50 {
        let ports = kernels.each_mut().map(|kernel| {
            open(kernel, number);
            connect(kernel, number);
            kernel.socket(s(number)).unwrap().num
        });
        assert_eq!(ports[0], ports[1]);
    }
}
