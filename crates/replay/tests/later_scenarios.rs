//! Every prepared machine of a later kernel does what its text claims, and other kernels do with
//! the same calls what it says of them.

use error99_kernel::{
    Addr, Call, Config, Errno, Kernel, Release, SocketName, Sysctl, SysctlValue, TimewaitRefusal,
    Verdict,
};
use error99_replay::frame::{CallKind, CallView, Ret, WalkView};
use error99_replay::history::{ALL_CALLS, Position};
use error99_replay::report::LoadEnd;
use error99_replay::{Act, ERROR_99, History, Load, Machine, catalogue};

const SERVER: Addr = Addr::new(10, 0, 0, 2);
const OTHER: Addr = Addr::new(10, 0, 0, 3);

fn history(key: &str) -> History {
    catalogue::find(key).unwrap_or_else(|| panic!("{key} is in the catalogue")).history()
}

/// The machine at its branch's end.
fn run(history: History) -> Machine {
    let mut machine = Machine::open(history).expect("it opens");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine
}

/// A call behind the moment that a machine opens at, once it has returned.
struct Made {
    call: CallView,
    walk: Option<WalkView>,
    mini_sockets: u32,
}

impl Made {
    fn ret(&self) -> Ret {
        self.call.ret.expect("it has returned")
    }

    fn walk(&self) -> &WalkView {
        self.walk.as_ref().expect("it walked")
    }

    fn verdict(&self) -> Option<Verdict> {
        self.walk.as_ref().and_then(|walk| walk.probe.as_ref()).map(|probe| probe.verdict)
    }
}

/// What the reader sees who presses on, but for socket(): as the file has it, or with its calls on
/// another release.
fn seen(key: &str, on: Option<Release>) -> Vec<Made> {
    let mut history = history(key);
    let opens = history.at.done;
    if let Some(release) = on {
        history.config = history.config.on(release);
    }
    let mut machine = run(history);
    let calls: Vec<u32> = (opens..machine.total()).collect();
    let mut seen = Vec::new();
    for call in calls {
        machine.to_call(call);
        let mini_sockets = machine.kernel().tw_count();
        let frame = machine.frame();
        let call = frame.call.expect("a call is under the glass");
        if call.kind != CallKind::Socket {
            seen.push(Made { call, walk: frame.walk, mini_sockets });
        }
    }
    seen
}

fn of(key: &str) -> Vec<Made> {
    seen(key, None)
}

/// What the connects of them returned.
fn connects(key: &str, on: Release) -> Vec<Ret> {
    let seen = seen(key, Some(on));
    let connects = seen.iter().filter(|made| matches!(made.call.kind, CallKind::Connect { .. }));
    connects.map(Made::ret).collect()
}

/// What the binds of them returned.
fn binds(key: &str, on: Release) -> Vec<Ret> {
    let seen = seen(key, Some(on));
    let binds = seen.iter().filter(|made| matches!(made.call.kind, CallKind::Bind { .. }));
    binds.map(Made::ret).collect()
}

fn release_of(key: &str) -> Release {
    history(key).config.release
}

const IN_USE: Ret = Ret::Errno(Errno::EADDRINUSE);

#[test]
fn each_opens_before_its_first_call_by_hand() {
    let later = catalogue::ALL
        .iter()
        .filter(|prepared| prepared.history().config.release != Release::default());
    let mut found = 0;
    for prepared in later {
        found += 1;
        let (whole, mut loaded) = (prepared.history(), prepared.history());
        loaded.acts.truncate(whole.loaded as usize);
        loaded.tip = (whole.loaded as usize).checked_sub(1).map(|last| last as u32);
        let calls = run(loaded).total();
        assert_eq!((whole.at.done, whole.at.step), (calls, None), "{}", prepared.key);
        assert!(run(whole).total() > calls, "{}", prepared.key);
    }
    assert_eq!(found, 13);
}

#[test]
fn half_the_range_costs_a_probe_each_and_the_next_half_a_whole_pass() {
    let key = "half-the-range";
    let seen = of(key);
    let probes = |seen: &[Made]| seen.iter().map(|made| made.walk().probes).collect::<Vec<_>>();
    assert_eq!(probes(&seen), [1, 14_117]);
    assert_eq!(seen[1].walk().tally.live, 14_116, "one whole pass over the ports of one parity");
    // No such step before two passes were made.
    for release in [Release::V2_6_32, Release::V3_10] {
        assert_eq!(probes(&self::seen(key, Some(release))), [1, 1], "{release:?}");
    }
    // And so it goes until the range is full.
    let mut kernel = Kernel::new(&history(key).config).expect("it boots");
    let mut steps = Vec::new();
    for s in (0..28_233).map(SocketName) {
        kernel.apply(&Call::Socket { s });
        steps.push(kernel.apply(&Call::connect(s, SERVER, 80)).steps);
    }
    let (cheap, rest) = steps.split_at(14_116);
    let (dear, refused) = rest.split_at(14_116);
    assert!(cheap.iter().all(|steps| *steps == 1));
    assert!(dear.iter().all(|steps| *steps == 14_117));
    assert_eq!(refused, [28_232]);
}

#[test]
fn an_odd_range_loses_a_port() {
    let key = "odd-range";
    let seen = of(key);
    assert_eq!((seen[0].ret(), seen[0].walk().probes, seen[0].walk().missed), (ERROR_99, 2, 1));
    assert_eq!(run(history(key)).ports().counts().free, 1);
    for release in Release::ALL {
        let lost = release >= Release::V4_19;
        let expected = if lost { ERROR_99 } else { Ret::Ok };
        assert_eq!(connects(key, release), [expected], "{release:?}");
    }
}

#[test]
fn a_thousand_connections_elsewhere_leave_a_start_where_it_was() {
    let key = "own-starts";
    // The first call to connect is towards the second server, and so is the last.
    let hints = |on: Release| {
        let mut history = history(key);
        history.config = history.config.on(on);
        let mut machine = run(history);
        let mut walk_of = |call| {
            machine.to_call(call);
            let frame = machine.frame();
            let kind = frame.call.map(|call| call.kind);
            assert_eq!(kind, Some(CallKind::Connect { dst: OTHER, dport: 80 }));
            frame.walk.expect("it walked")
        };
        let (first, last) = (walk_of(1), walk_of(3_003));
        let after = first.hint_after.expect("it has ended");
        (last.hint.wrapping_sub(after), first.start, last.start)
    };
    let (moved, first, next) = hints(release_of(key));
    assert_eq!((moved, first, next), (0, 55_342, 55_344));
    for release in Release::ALL {
        let moved = match release {
            Release::V2_6_32 | Release::V3_10 => 1_000,
            Release::Rhel7 | Release::V4_19 => 2_000,
            _ => 0,
        };
        assert_eq!(hints(release).0, moved, "{release:?}");
    }
}

#[test]
fn the_start_jumps_when_a_period_of_ten_seconds_begins() {
    let key = "start-jumps";
    let starts = |on: Release| -> Vec<u16> {
        let seen = seen(key, Some(on));
        seen.iter().filter_map(|made| made.walk.as_ref()).map(|walk| walk.start).collect()
    };
    let own = starts(release_of(key));
    assert_eq!(own, [58_542, 58_544, 58_546, 58_556, 51_070]);
    // A start that only the hint moves goes on from port to port.
    let steps = |starts: &[u16]| starts.windows(2).map(|two| two[1] - two[0]).collect::<Vec<_>>();
    assert_eq!(steps(&starts(Release::V4_19)), [2; 4]);
    assert_eq!(steps(&starts(Release::V3_10)), [1; 4]);
    // Ten seconds later it jumps again, and not a tick before.
    let mut machine = run(history(key));
    let mut socket = 100;
    let mut start = |machine: &mut Machine, ms| {
        let s = SocketName(socket);
        socket += 1;
        let calls = [Call::Advance { ms }, Call::Socket { s }, Call::connect(s, SERVER, 80)];
        machine.act(calls.map(Act::Call).into()).expect("it has room");
        machine.work_all();
        machine.to_call(machine.total() - 1);
        machine.frame().walk.expect("it walked").start
    };
    let [late, next] = [9_992, 4].map(|ms| start(&mut machine, ms));
    assert!((1..=16).contains(&late.wrapping_sub(51_070)), "{late}");
    assert!(!(1..=16).contains(&next.wrapping_sub(late)), "{next} after {late}");
}

#[test]
fn a_window_keeps_its_socket_to_four_ports() {
    let key = "port-window";
    let seen = of(key);
    let walks: Vec<&Made> = seen.iter().filter(|made| made.walk.is_some()).collect();
    let (inside, rest) = walks.split_at(4);
    let ports: Vec<u16> = inside.iter().map(|made| made.call.port).collect();
    assert_eq!(ports, [40_007, 40_004, 40_005, 40_006], "one after the other");
    assert_eq!((rest[0].ret(), rest[0].walk().probes), (ERROR_99, 4));
    assert_eq!((rest[1].ret(), rest[1].call.port), (Ret::Ok, 40_014));
    // 6.1 walks a window as any range: first the ports of one parity.
    let earlier = self::seen(key, Some(Release::V6_1));
    let ports: Vec<u16> = earlier.iter().filter(|made| made.walk.is_some()).map(port).collect();
    assert_eq!(ports[..4].iter().map(|port| port % 2).collect::<Vec<_>>(), [0, 0, 1, 1]);
    // Before, there is no such option: the fifth connect is one of any ports.
    assert_eq!(self::seen(key, Some(Release::V5_15))[0].ret(), Ret::Errno(Errno::ENOPROTOOPT));
    assert_eq!(connects(key, Release::V5_15), [Ret::Ok; 6]);
}

fn port(made: &Made) -> u16 {
    made.call.port
}

#[test]
fn a_window_outside_the_range_finds_the_port_that_is_lost() {
    let key = "window-outside";
    let seen = of(key);
    assert_eq!((seen[0].ret(), seen[0].walk().missed), (ERROR_99, 1));
    assert_eq!((seen[2].ret(), seen[2].call.port), (Ret::Ok, 40_002));
    let walk = seen[2].walk();
    assert_eq!((walk.low, walk.high, walk.probes), (40_000, 40_002, 3), "the range's own bounds");
    assert_eq!(connects(key, Release::V6_1), [ERROR_99; 2]);
    assert_eq!(connects(key, Release::V6_18), [ERROR_99, Ret::Ok]);
}

#[test]
fn no_port_leaves_the_choice_to_connect() {
    let key = "no-port";
    assert_eq!(binds(key, release_of(key)), [IN_USE, Ret::Ok]);
    let seen = of(key);
    let last = seen.last().expect("the connect");
    assert_eq!((last.ret(), last.verdict()), (Ret::Ok, Some(Verdict::Shared)));
    assert_eq!(last.call.port, 40_000);
    for release in Release::ALL {
        let expected = if release.rules().options.no_port { Ret::Ok } else { IN_USE };
        assert_eq!(binds(key, release), [IN_USE, expected], "{release:?}");
        assert_eq!(expected == Ret::Ok, release >= Release::Rhel7, "{release:?}");
    }
}

#[test]
fn a_second_address_has_the_ports_of_the_first_to_give() {
    let key = "bind-on-second-address";
    let seen = of(key);
    assert_eq!((seen[0].ret(), seen[1].ret(), seen[1].call.port), (IN_USE, Ret::Ok, 40_001));
    for release in Release::ALL {
        let second = if release == Release::V2_6_32 { IN_USE } else { Ret::Ok };
        assert_eq!(binds(key, release), [IN_USE, second], "{release:?}");
    }
}

#[test]
fn a_bind_with_reuseaddr_shuts_a_shared_port_until_it_is_closed() {
    let key = "reuseaddr-shuts-a-port";
    let own = connects(key, release_of(key));
    assert_eq!(own, [ERROR_99, Ret::Ok]);
    let seen = of(key);
    let verdicts: Vec<_> = seen.iter().filter_map(Made::verdict).collect();
    assert_eq!(verdicts, [Verdict::BindOwned, Verdict::Shared]);
    for release in Release::ALL {
        let returns = connects(key, release);
        match release {
            // The port was never shut.
            Release::V2_6_32 => assert_eq!(returns[0], Ret::Ok),
            Release::V6_18 => assert_eq!(returns, [ERROR_99, Ret::Ok]),
            // Once shut, it stays so as long as anybody has it.
            _ => assert_eq!(returns, [ERROR_99; 2], "{release:?}"),
        }
    }
}

#[test]
fn by_default_reuse_heals_loopback_only() {
    let key = "reuse-on-loopback";
    let machine = run(history(key));
    assert_eq!(
        machine.kernel().sysctl(Sysctl::TwReuse),
        SysctlValue::One(2),
        "nobody has written it"
    );
    let seen = of(key);
    assert_eq!(seen[0].ret(), ERROR_99);
    assert_eq!(seen[0].verdict(), Some(Verdict::Timewait(TimewaitRefusal::LoopbackOnly)));
    assert_eq!((seen[1].ret(), seen[1].verdict()), (Ret::Ok, Some(Verdict::TimewaitTaken)));
    // There is no loopback in the model of the first release.
    for release in Release::ALL.into_iter().skip(1) {
        let heals = release >= Release::V4_19;
        let second = if heals { Ret::Ok } else { ERROR_99 };
        assert_eq!(connects(key, release), [ERROR_99, second], "{release:?}");
    }
}

#[test]
fn reuse_waits_for_more_than_a_thousand_milliseconds() {
    let key = "reuse-delay";
    let seen: Vec<Made> = of(key).into_iter().filter(|made| made.walk.is_some()).collect();
    let early = |age_ms| Some(Verdict::Timewait(TimewaitRefusal::TooEarly { age_ms }));
    assert_eq!((seen[0].ret(), seen[0].verdict()), (ERROR_99, early(0)));
    assert_eq!((seen[1].ret(), seen[1].verdict()), (ERROR_99, early(1_000)));
    assert_eq!((seen[2].ret(), seen[2].verdict()), (Ret::Ok, Some(Verdict::TimewaitTaken)));
    // Before, the next second of the clock was enough.
    for release in [Release::V4_19, Release::V5_15, Release::V6_1, Release::V6_12] {
        assert_eq!(connects(key, release)[..2], [ERROR_99, Ret::Ok], "{release:?}");
    }
}

#[test]
fn timewaits_end_together_every_2048_ms() {
    let key = "ends-in-bursts";
    let seen = of(key);
    let ended = |made: &Made| match made.call.kind {
        CallKind::Advance { ended, .. } => ended,
        _ => panic!("only time passes"),
    };
    assert_eq!(seen.iter().map(ended).collect::<Vec<_>>(), [0, 38, 0, 41, 0, 41]);
    assert_eq!(seen[0].mini_sockets, 1_200);
    let bursts = |ms_of_a_slot: u64, history: History| {
        let mut machine = run(history.clone());
        machine.go(history.at);
        let kernel = machine.kernel();
        let lasts = kernel.timewaits().map(|tw| tw.ends_ms - tw.began_ms);
        assert!(lasts.into_iter().all(|ms| (60_001..=60_000 + ms_of_a_slot).contains(&ms)));
        let mut ends: Vec<u64> = kernel.timewaits().map(|tw| tw.ends_ms).collect();
        ends.sort_unstable();
        ends.dedup();
        assert!(ends.windows(2).all(|two| two[1] - two[0] == ms_of_a_slot));
        ends.len()
    };
    assert_eq!(bursts(2_048, history(key)), 30);
    let mut faster = history(key);
    faster.config = faster.config.ticking(1_000);
    bursts(4_096, faster);
}

#[test]
fn on_four_gigabytes_the_range_never_fills() {
    let key = "four-gigabytes";
    let history = history(key);
    let mut machine = run(history.clone());
    let free = |machine: &Machine| (machine.kernel().tw_count(), machine.ports().counts().free);
    let end = free(&machine);
    for done in [history.at.done, history.at.done + 3] {
        machine.go(Position { done, step: None });
        assert_eq!(free(&machine), (16_384, 28_232 - 16_384), "none is added");
    }
    assert_eq!(end, (16_384, 28_232 - 16_384));
    // A minute of it, and of the same with twice the memory.
    let first_error = |buckets: i32| {
        let sysctl = vec![(Sysctl::MaxTwBuckets, SysctlValue::One(buckets))];
        let mut minute = History::new(Config { sysctl, ..history.config.clone() });
        let load = Load {
            per_second: 500,
            hold_ms: Some(0),
            stop_at_error: true,
            ..Load::burst(SERVER, 80, 30_000)
        };
        minute.push(None, ALL_CALLS, Act::Load(load)).expect("it has room");
        let report = run(minute).frame().load.expect("it has ended");
        (report.end, report.begun)
    };
    assert_eq!(first_error(16_384), (LoadEnd::Whole, 30_000));
    assert_eq!(first_error(32_768), (LoadEnd::AtError, 28_233));
}
