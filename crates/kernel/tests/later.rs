//! What holds of every release, with random machines and calls.

mod arbitrary;
mod cases;

use arbitrary::{HIGH, LOW, addr, call, config, name};
use cases::cases;
use error99_kernel::{
    Addr, Call, Config, Event, Fastreuse, Fastreuseport, HZ, Kernel, OwnerView, PortState, Release,
    SocketName, Sysctl, SysctlValue, TimewaitCause, Tuple, TwSegment, Verdict, WalkEnd,
};
use error99_vocabulary::{
    Json, Numbered, call_from_json, call_to_json, config_from_json, config_to_json,
};
use proptest::prelude::*;
use proptest::sample::select;

/// A machine of any release.
fn machine() -> impl Strategy<Value = Config> {
    let release = select(Release::ALL.to_vec());
    let started = (0..3_000_000_u64, 0..1_000_u32, any::<u32>());
    (config(), release, select(HZ.to_vec()), started, any::<bool>()).prop_map(
        |(base, release, hz, (mono_ms, phase_us, perturb_seed), loop_wire)| match release {
            Release::V2_6_32 => base,
            _ => Config {
                release,
                hz,
                start_mono_ms: mono_ms,
                phase_us,
                perturb_seed,
                loop_wire,
                texts: vec![(1, Sysctl::ReservedPorts, "40001".into())],
                start_jiffies: base.start_jiffies + mono_ms,
                // The vocabulary has no words for these.
                ehash_size: 65_536,
                bhash_size: 65_536,
                secret: Config::default().secret,
                secret16: Config::default().secret16,
                mix: 0,
                rto_ms: 200,
                hint: if release <= Release::V4_19 { base.hint } else { 0 },
                ..base
            },
        },
    )
}

fn window() -> impl Strategy<Value = (u16, u16)> {
    let bound = || prop_oneof![2 => Just(0), 6 => LOW - 2..HIGH + 2];
    (bound(), bound())
}

/// Calls that 2.6.32 hasn't.
fn later_call() -> impl Strategy<Value = Call> {
    let knobs = Sysctl::EVERY.to_vec();
    let text = select(vec!["", "0", "1", "2", "40001-40002", "40000 40005", "-1", "x", "0x10"]);
    let segment = select(vec![TwSegment::Rst, TwSegment::Ack, TwSegment::OldAck, TwSegment::Syn]);
    let tuple = (addr(), LOW..=HIGH, addr()).prop_map(|(laddr, lport, faddr)| Tuple {
        laddr,
        lport,
        faddr,
        fport: 80,
    });
    prop_oneof![
        4 => (name(), any::<bool>()).prop_map(|(s, on)| Call::ReusePort { s, on }),
        3 => (name(), any::<bool>()).prop_map(|(s, on)| Call::NoPort { s, on }),
        3 => (name(), window()).prop_map(|(s, (low, high))| Call::Window { s, low, high }),
        2 => (name(), name()).prop_map(|(l, s)| Call::AcceptWaiting { l, s }),
        3 => (tuple, segment).prop_map(|(tuple, segment)| Call::TwSegment { tuple, segment }),
        3 => (select(knobs), text).prop_map(|(sysctl, text)| Call::SysctlText {
            sysctl,
            text: text.into(),
        }),
        1 => (0..3_u32).prop_map(|v| Call::FailTb2 { v }),
        1 => (0..3_u32).prop_map(|v| Call::FailSyn { v }),
    ]
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec(prop_oneof![4 => call(), 1 => later_call()], 1..150)
}

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
    #![proptest_config(cases(200))]

    #[test]
    fn the_invariants_hold_after_every_call((config, calls) in (machine(), calls())) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            kernel.apply(call);
            prop_assert_eq!(kernel.check_invariants(), Ok(()), "after {:?}", call);
        }
    }

    #[test]
    fn a_traced_call_does_what_an_untraced_one_does((config, calls) in (machine(), calls())) {
        let mut plain = Kernel::new(&config).unwrap();
        let mut traced = plain.clone();
        for call in &calls {
            let reply = plain.apply(call);
            let same = traced.apply_traced(call, &mut Vec::new());
            prop_assert_eq!((same, same.work), (reply, reply.work));
        }
        let ports = LOW..=HIGH;
        let buckets = |kernel: &Kernel| ports.clone().map(|port| kernel.bucket(port)).collect::<Vec<_>>();
        prop_assert_eq!(buckets(&plain), buckets(&traced));
        prop_assert_eq!(plain.sockets().collect::<Vec<_>>(), traced.sockets().collect::<Vec<_>>());
    }

    #[test]
    fn a_clone_goes_its_own_way((config, calls) in (machine(), calls())) {
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
    fn a_walk_visits_the_ports_of_its_order((config, calls) in (machine(), calls())) {
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
        (config, calls) in (machine(), calls())
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
        (config, calls, dst) in (machine(), calls(), addr())
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
        (config, calls) in (machine(), calls())
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
        (config, calls, pieces) in (machine(), calls(), prop::collection::vec(1..30_000_u64, 1..8))
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
    }

    #[test]
    fn a_port_has_a_bucket_for_each_address_of_its_owners((config, calls) in (machine(), calls())) {
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

    #[test]
    fn a_written_call_reads_back(call in later_call()) {
        let json = Json::parse(&call_to_json(&call, &Numbered).to_string()).unwrap();
        prop_assert_eq!(call_from_json(&json, &mut Numbered).unwrap(), call);
    }

    #[test]
    fn a_written_configuration_reads_back(config in machine()) {
        let json = Json::parse(&config_to_json(&config).to_string()).unwrap();
        let read = config_from_json(&json).unwrap();
        // What a release has no word for has its usual value.
        let usual = Config::of(config.release);
        let config = match config.release {
            Release::V2_6_32 => config,
            Release::V3_10 => Config { perturb_seed: usual.perturb_seed, net_secret: usual.net_secret, ..config },
            Release::V4_19 => Config { perturb_seed: usual.perturb_seed, start_sec: usual.start_sec, ..config },
            _ => Config { start_sec: usual.start_sec, ..config },
        };
        prop_assert_eq!(&read, &Config { ehash_secret: read.ehash_secret, force_range: None, ..config });
    }
}
