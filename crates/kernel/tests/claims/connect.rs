//! Claims about connect: its walk, whom it takes a port from, and how it fails.

use error99_kernel::{
    Addr, Call, CloseHow, Config, ConnectRefusal, Each, Errno, Event, Kernel, Problem, SocketState,
    Sysctl, TimewaitCause, TimewaitRefusal, Verdict, WalkEnd,
};

use crate::machine::{
    LOW, OWN, SERVER, close, connect, events, full_machine, machine, open, s, set, verdicts,
};

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
