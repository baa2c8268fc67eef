//! What holds for any calls on any machine of any release, and what holds of 2.6.32 alone: there a
//! port has one bucket, a walk finds it in its chain, and there is one hint.

mod arbitrary;
mod cases;

use std::collections::BTreeMap;

use arbitrary::{HIGH, LOW, addr, first_scenario, machine, scenario};
use cases::cases;
use error99_kernel::{
    Addr, Call, Config, Event, Fastreuse, Fastreuseport, Kernel, OwnerView, PortState, Release,
    SocketName, Sysctl, SysctlValue, TimewaitCause, Verdict, WalkEnd,
};
use proptest::prelude::*;
use proptest::sample::select;

fn run(kernel: &mut Kernel, calls: &[Call]) {
    for call in calls {
        kernel.apply(call);
    }
}

/// Events of a call.
fn told(kernel: &mut Kernel, call: &Call) -> Vec<Event> {
    let mut events = Vec::new();
    kernel.apply_traced(call, &mut events);
    events
}

/// What a port's owners' addresses are, each once.
fn addresses_of(kernel: &Kernel, port: u16) -> Vec<Addr> {
    let mut addresses: Vec<Addr> = kernel
        .owners(port)
        .map(|owner| match owner {
            OwnerView::Live(socket) => socket.rcv_saddr,
            OwnerView::Timewait(mini) => mini.tuple.laddr,
        })
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_invariants_hold_after_every_call((config, calls) in scenario()) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            kernel.apply(call);
            prop_assert_eq!(kernel.check_invariants(), Ok(()), "after {:?}", call);
        }
    }

    #[test]
    fn a_traced_call_does_what_an_untraced_one_does((config, calls) in scenario()) {
        let mut plain = Kernel::new(&config).unwrap();
        let mut traced = plain.clone();
        for call in &calls {
            let reply = plain.apply(call);
            let same = traced.apply_traced(call, &mut Vec::new());
            prop_assert_eq!((same, same.work), (reply, reply.work));
        }
        prop_assert_eq!(format!("{plain:?}"), format!("{traced:?}"));
    }

    #[test]
    fn a_clone_goes_its_own_way((config, calls) in scenario()) {
        let mut kernel = Kernel::new(&config).unwrap();
        let first = kernel.clone();
        run(&mut kernel, &calls);
        let mut again = first.clone();
        run(&mut again, &calls);
        prop_assert_eq!(format!("{:?}", first), format!("{:?}", Kernel::new(&config).unwrap()));
        let sockets = |kernel: &Kernel| kernel.sockets().collect::<Vec<_>>();
        prop_assert_eq!(sockets(&kernel), sockets(&again));
    }

    #[test]
    fn the_size_of_a_table_changes_no_reply(
        (config, calls) in scenario(), bind in 0..17_u32, established in 0..17_u32
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        let (bhash_size, ehash_size) = (1 << bind, 1 << established);
        let mut other = Kernel::new(&Config { bhash_size, ehash_size, ..config }).unwrap();
        for call in &calls {
            let (reply, same) = (kernel.apply(call), other.apply(call));
            prop_assert_eq!(reply, same, "{:?}", call);
        }
    }

    #[test]
    fn a_walk_visits_the_ports_of_its_order((config, calls) in scenario()) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            let events = told(&mut kernel, call);
            let Some(order) = events.iter().find_map(|event| match event {
                Event::WalkStarted { order, .. } => Some(*order),
                _ => None,
            }) else {
                continue;
            };
            let probes: Vec<(u32, u16)> = events.iter().filter_map(|event| match event {
                Event::Probe(probe) => Some((probe.i, probe.port)),
                _ => None,
            }).collect();
            let steps = (1..).zip(order.sweeps().flat_map(|sweep| {
                (sweep.first_step..=sweep.last_step()).filter_map(move |step| sweep.port_of(step))
            }));
            let expected: Vec<(u32, u16)> = steps.take(probes.len()).collect();
            prop_assert_eq!(&probes, &expected);
            let failed = events.iter().any(|event| {
                matches!(event, Event::WalkEnded { reason: WalkEnd::Exhausted, .. })
            });
            prop_assert!(!failed || probes.len() as u32 == order.steps());
        }
    }

    #[test]
    fn automatic_choice_shares_a_port_only_while_both_flags_are_automatic(
        (config, calls) in scenario()
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            for event in told(&mut kernel, call) {
                let Event::Probe(probe) = event else { continue };
                let automatic = probe.fastreuse == Some(Fastreuse::Automatic)
                    && probe.fastreuseport == Fastreuseport::Automatic;
                match probe.verdict {
                    Verdict::BindOwned => prop_assert!(!automatic),
                    Verdict::New | Verdict::NoMemory => prop_assert_eq!(probe.fastreuse, None),
                    Verdict::Reserved => {}
                    _ => prop_assert!(automatic),
                }
            }
        }
    }

    #[test]
    fn a_survey_says_of_each_port_what_a_connect_would_find(
        ((config, calls), dst) in (scenario(), addr())
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        run(&mut kernel, &calls);
        kernel.apply(&Call::FailTb { v: 0 });
        let Ok(route) = kernel.route(dst) else { return Ok(()) };
        let survey: Vec<PortState> =
            kernel.survey(LOW, HIGH, route.source, route.destination, 80).collect();
        for (port, state) in (LOW..=HIGH).zip(survey) {
            let mut trial = kernel.clone();
            trial.apply(&Call::ForceRange { low: port, high: port });
            let s = SocketName(99);
            trial.apply(&Call::Socket { s });
            let events = told(&mut trial, &Call::connect(s, dst, 80));
            let verdicts = events.iter().filter_map(|event| match event {
                Event::Probe(probe) => Some(probe.verdict),
                _ => None,
            });
            let expected = match state {
                PortState::Reserved => Verdict::Reserved,
                PortState::Free => Verdict::New,
                PortState::BindOwned => Verdict::BindOwned,
                PortState::LiveSame => Verdict::LiveSameTuple,
                PortState::LiveOther => Verdict::Shared,
                PortState::Timewait { refusal: None, .. } => Verdict::TimewaitTaken,
                PortState::Timewait { refusal: Some(refusal), .. } => Verdict::Timewait(refusal),
            };
            prop_assert_eq!(verdicts.collect::<Vec<_>>(), vec![expected]);
        }
    }

    #[test]
    fn a_mini_socket_ends_when_its_view_says_if_only_time_passes(
        (config, calls) in scenario()
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        run(&mut kernel, &calls);
        let waits = kernel.sockets().any(|socket| socket.name.is_none());
        // A full FIN_WAIT2 socket can still join them, and isn't foreseen.
        prop_assume!(!waits);
        let mut foreseen: Vec<_> =
            kernel.timewaits().map(|mini| (mini.ends_ms, mini.tuple)).collect();
        let mut ended: Vec<_> = told(&mut kernel, &Call::Advance { ms: 300_000 })
            .into_iter()
            .filter_map(|event| match event {
                Event::TimewaitEnded { tuple, t_ms, cause: TimewaitCause::Timer } => {
                    Some((t_ms, tuple))
                }
                _ => None,
            })
            .collect();
        foreseen.sort();
        ended.sort();
        prop_assert_eq!(foreseen, ended);
    }

    #[test]
    fn advancing_in_pieces_is_advancing_at_once(
        ((config, calls), pieces) in (scenario(), prop::collection::vec(0..30_000_u64, 1..8))
    ) {
        let mut once = Kernel::new(&config).unwrap();
        run(&mut once, &calls);
        let mut pieced = once.clone();
        once.apply(&Call::Advance { ms: pieces.iter().sum() });
        for ms in pieces {
            pieced.apply(&Call::Advance { ms });
        }
        let timewaits = |kernel: &Kernel| kernel.timewaits().collect::<Vec<_>>();
        prop_assert_eq!(timewaits(&once), timewaits(&pieced));
        prop_assert_eq!(once.now_ms(), pieced.now_ms());
        prop_assert_eq!(once.calendar_pointer(), pieced.calendar_pointer());
    }

    #[test]
    fn a_port_has_a_bucket_for_each_address_of_its_owners((config, calls) in scenario()) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            kernel.apply(call);
            for port in LOW..=HIGH {
                let buckets = kernel.address_buckets(port);
                let addresses: Vec<Addr> = buckets.iter().map(|bucket| bucket.0).collect();
                match kernel.release() >= Release::V6_1 {
                    true => prop_assert_eq!(addresses, addresses_of(&kernel, port)),
                    false => prop_assert_eq!(addresses, vec![]),
                }
            }
        }
    }

    #[test]
    fn a_knob_that_a_release_lacks_cannot_be_written(
        (config, sysctl, value) in (machine(), select(Sysctl::EVERY.to_vec()), any::<i32>())
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        let has = config.release.sysctls().any(|known| known == sysctl);
        let reply = kernel.apply(&Call::Sysctl { sysctl, value: SysctlValue::One(value) });
        prop_assert_eq!(!has, reply.ret == -2);
        if sysctl != Sysctl::ReservedPorts {
            prop_assert_eq!(!has, kernel.sysctl_text(sysctl).is_empty());
        }
    }
}

// ── 2.6.32 alone ────────────────────────────────────────────────

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_probe_passes_its_chain_up_to_the_bucket_of_its_port(
        (config, calls) in first_scenario(), bind in 0..6_u32
    ) {
        let mut kernel = Kernel::new(&Config { bhash_size: 1 << bind, ..config }).unwrap();
        for call in &calls {
            let before = kernel.clone();
            let mut events = Vec::new();
            kernel.apply_traced(call, &mut events);
            let probes = events.iter().filter_map(|event| match event {
                Event::Probe(probe) => Some(probe),
                _ => None,
            });
            for probe in probes {
                let chain: Vec<u16> = before.chain(probe.bucket).map(|bucket| bucket.port).collect();
                let at = chain.iter().position(|port| *port == probe.port);
                let passed = at.map_or(chain.len(), |at| at + 1);
                prop_assert_eq!(probe.scanned as usize, passed, "{:?}", call);
            }
        }
    }

    #[test]
    fn the_hint_grows_by_the_steps_of_a_walk_that_finds_a_port_and_never_else(
        (config, calls) in first_scenario()
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            let before = kernel.hint();
            let mut events = Vec::new();
            kernel.apply_traced(call, &mut events);
            let grown = events.iter().find_map(|event| match event {
                Event::WalkEnded { reason: WalkEnd::Found, steps, .. } => Some(*steps),
                _ => None,
            });
            prop_assert_eq!(kernel.hint(), before.wrapping_add(grown.unwrap_or(0)));
        }
    }

    #[test]
    fn num_owners_is_joins_minus_leaves((config, calls) in first_scenario()) {
        let mut kernel = Kernel::new(&config).unwrap();
        let mut counts: BTreeMap<u16, i32> = BTreeMap::new();
        for call in &calls {
            let mut events = Vec::new();
            let num = |kernel: &Kernel| {
                call.socket_name().and_then(|s| kernel.socket(s)).map_or(0, |socket| socket.num)
            };
            let had_port = num(&kernel) != 0;
            kernel.apply_traced(call, &mut events);
            for event in &events {
                match *event {
                    Event::BucketDestroyed { port, .. } => drop(counts.remove(&port)),
                    Event::PortReleased { port } => *counts.entry(port).or_default() -= 1,
                    Event::PortJoined { port, .. } if !had_port => {
                        *counts.entry(port).or_default() += 1;
                    }
                    Event::WalkEnded { port: Some(port), .. } => {
                        *counts.entry(port).or_default() += 1;
                    }
                    _ => {}
                }
            }
            for index in 0..kernel.bhash_size() {
                for bucket in kernel.chain(index) {
                    let counted = counts.get(&bucket.port).copied().unwrap_or(0);
                    prop_assert_eq!(bucket.num_owners, counted, "port {}", bucket.port);
                }
            }
        }
    }
}
