//! What holds for any calls on any machine.

mod arbitrary;
mod cases;

use std::collections::BTreeMap;

use arbitrary::{HIGH, LOW, addr, call, config};
use cases::cases;
use error99_kernel::{
    Addr, Call, Config, Event, Kernel, PortState, SocketName, TimewaitCause, Verdict, WalkEnd,
};
use error99_vocabulary::{
    Json, Names, Numbered, Op, Scenario, call_from_json, call_to_json, config_from_json,
    config_to_json,
};
use proptest::prelude::*;

fn calls() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec(call(), 1..150)
}

fn run(kernel: &mut Kernel, calls: &[Call]) {
    for call in calls {
        kernel.apply(call);
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn the_invariants_hold_after_every_call((config, calls) in (config(), calls())) {
        let mut kernel = Kernel::new(&config).unwrap();
        for call in &calls {
            kernel.apply(call);
            prop_assert_eq!(kernel.check_invariants(), Ok(()), "after {:?}", call);
        }
    }

    #[test]
    fn a_traced_call_does_what_an_untraced_one_does((config, calls) in (config(), calls())) {
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
    fn the_size_of_a_table_changes_no_reply(
        (config, calls) in (config(), calls()), bind in 0..17_u32, established in 0..17_u32
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
    fn a_probe_passes_its_chain_up_to_the_bucket_of_its_port(
        (config, calls) in (config(), calls()), bind in 0..6_u32
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
        (config, calls) in (config(), calls())
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
    fn num_owners_is_joins_minus_leaves((config, calls) in (config(), calls())) {
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

    #[test]
    fn a_survey_says_of_each_port_what_a_connect_would_find(
        (config, calls, dst) in (config(), calls(), addr())
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
            let mut events = Vec::new();
            trial.apply_traced(&Call::connect(s, dst, 80), &mut events);
            let verdicts = events.iter().filter_map(|event| match event {
                Event::Probe(probe) => Some(probe.verdict),
                _ => None,
            });
            let agrees = verdicts.map(|verdict| match state {
                PortState::Reserved => verdict == Verdict::Reserved,
                PortState::Free => verdict == Verdict::New,
                PortState::BindOwned => verdict == Verdict::BindOwned,
                PortState::LiveSame => verdict == Verdict::LiveSameTuple,
                PortState::LiveOther => verdict == Verdict::Shared,
                PortState::Timewait { refusal: None, .. } => verdict == Verdict::TimewaitTaken,
                PortState::Timewait { refusal: Some(refusal), .. } => {
                    verdict == Verdict::Timewait(refusal)
                }
            });
            prop_assert_eq!(agrees.collect::<Vec<_>>(), vec![true]);
        }
    }

    #[test]
    fn a_mini_socket_ends_when_its_view_says_if_only_time_passes(
        (config, calls) in (config(), calls())
    ) {
        let mut kernel = Kernel::new(&config).unwrap();
        run(&mut kernel, &calls);
        let waits = kernel.sockets().any(|socket| socket.name.is_none());
        // A full FIN_WAIT2 socket can still join the calendar, and isn't foreseen.
        prop_assume!(!waits);
        let mut foreseen: Vec<_> =
            kernel.timewaits().map(|mini| (mini.ends_ms, mini.tuple)).collect();
        let mut events = Vec::new();
        kernel.apply_traced(&Call::Advance { ms: 300_000 }, &mut events);
        let mut ended: Vec<_> = events
            .iter()
            .filter_map(|event| match *event {
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
        (config, calls, pieces) in (config(), calls(), prop::collection::vec(0..30_000_u64, 1..8))
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
    fn a_written_call_reads_back((call, _) in (call(), 0..1)) {
        // JSON has no number above 64 bits signed, nor the model a clock that far.
        let sane = !matches!(call, Call::Advance { ms: u64::MAX } | Call::Wall { sec: i64::MIN }
            | Call::ForceRange { low: 0, .. } | Call::Connect { addr_len: 0, .. });
        prop_assume!(sane);
        let json = call_to_json(&call, &Numbered);
        let json = Json::parse(&json.to_string()).unwrap();
        prop_assert_eq!(call_from_json(&json, &mut Numbered).unwrap(), call);
    }

    #[test]
    fn a_written_configuration_reads_back(config in config()) {
        let json = Json::parse(&config_to_json(&config).to_string()).unwrap();
        prop_assert_eq!(config_from_json(&json).unwrap(), config);
    }

    #[test]
    fn a_written_address_reads_back(number in any::<u32>()) {
        prop_assert_eq!(Addr(number).to_string().parse::<Addr>().unwrap(), Addr(number));
    }

    #[test]
    fn a_written_scenario_reads_back((config, calls) in (config(), calls())) {
        let mut names = Names::default();
        let sane = |call: &Call| !matches!(call, Call::Advance { ms: u64::MAX }
            | Call::Wall { sec: i64::MIN } | Call::ForceRange { low: 0, .. }
            | Call::Connect { addr_len: 0, .. });
        let ops: Vec<Op> = calls
            .into_iter()
            .filter(sane)
            .map(|call| call_from_json(&call_to_json(&call, &Numbered), &mut names).unwrap())
            .map(Op::Call)
            .collect();
        let scenario = Scenario {
            name: "any".into(),
            about: "any calls".into(),
            features: vec!["any".into()],
            config,
            ops,
            names,
        };
        let text = scenario.to_json().to_string();
        prop_assert_eq!(Scenario::parse(&text).unwrap(), scenario);
    }
}
