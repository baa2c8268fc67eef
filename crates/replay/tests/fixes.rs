//! Each row of the Fix lab is what the same change does when it's made by hand: on a kernel of its
//! own, from boot, with every call written out here.

mod by_hand;
mod chance;

use by_hand::{Story, expected_hold, expected_outcome, wait_in_vain};
use chance::Chance;
use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Kernel, Release, SocketName, Sysctl, SysctlValue,
};
use error99_replay::fix::{Change, Fix, Outcome};
use error99_replay::frame::Ret;
use error99_replay::history::Position;
use error99_replay::hold::{Hold, Trial};
use error99_replay::load::Load;
use error99_replay::obstacle::WhyNot;
use error99_replay::{Act, ERROR_99, History, Machine, catalogue};

const SERVER: Addr = Addr::new(10, 0, 0, 2);
const OWN: Addr = Addr::new(10, 0, 0, 1);
const END: Position = Position { done: u32::MAX, step: None };

fn finish(mut trial: Trial) -> Hold {
    loop {
        if let Some(hold) = trial.work(50_000) {
            return hold;
        }
    }
}

/// A machine with that range and these sysctls, without a past.
fn machine(low: i32, high: i32, sysctl: &[(Sysctl, i32)]) -> Machine {
    let mut config = Config { local: vec![OWN, Addr::new(10, 0, 0, 7)], ..Config::default() };
    config.sysctl.push((Sysctl::PortRange, SysctlValue::Two(low, high)));
    config.sysctl.extend(sysctl.iter().map(|&(sysctl, value)| (sysctl, SysctlValue::One(value))));
    Machine::open(History::new(config)).expect("it boots")
}

fn act(machine: &mut Machine, calls: impl IntoIterator<Item = Call>) {
    machine.act(calls.into_iter().map(Act::Call).collect()).expect("it has room");
    machine.work_all();
    machine.go(END);
}

fn outcome_of(machine: &Machine, wanted: fn(&Change) -> bool) -> Outcome {
    let fix = machine.fixes().into_iter().find(|fix| wanted(&fix.change));
    fix.expect("the change is tried").outcome
}

#[test]
fn on_300_machines_each_row_is_what_the_same_change_does_by_hand() {
    Release::ALL.into_iter().for_each(rows_of_300_machines);
}

fn rows_of_300_machines(release: Release) {
    let mut chance = Chance::new(0x000f_1ce5);
    let (mut rows, mut bound, mut binds) = (0, 0, 0);
    for number in 0..300 {
        let story = Story::of(release, &mut chance);
        let fixes = story.machine.fixes();
        assert!(!fixes.is_empty(), "machine {number} has failed");
        bound += u32::from(story.bind().is_some());
        binds += u32::from(!story.connects());
        for fix in fixes {
            let expected = expected_outcome(&story, fix.change);
            let change = fix.change;
            assert_eq!(fix.outcome, expected, "{release:?} {number}: {change:?}\n{story}");
            assert!(offered(release, change), "{release:?} {number}: {change:?}");
            let fails = !matches!(fix.outcome, Outcome::Port { .. });
            assert!(fails || fix.obstacle.is_none(), "machine {number}: {fix:?}");
            if fix.change == (Change::Wait { ms: None }) {
                assert!(wait_in_vain(&story), "{release:?} {number}: waiting helps\n{story}");
            }
            rows += 1;
        }
    }
    assert!(rows > 2_000 && bound > 60 && binds > 20, "{rows} rows, {bound} bound, {binds} binds");
}

/// The releases that have what a change is made with, by the history of Linux.
fn offered(release: Release, change: Change) -> bool {
    match change {
        Change::TwRecycle => release < Release::V4_19,
        Change::NoPort { .. } => release >= Release::Rhel7,
        Change::Window { .. } => release >= Release::V6_1,
        Change::ReuseSooner => release >= Release::V6_18,
        Change::Share { .. } | Change::Unreserve => release >= Release::V3_10,
        _ => true,
    }
}

#[test]
fn each_release_is_offered_what_it_has_and_no_release_what_it_lacks() {
    let some = Addr::new(10, 0, 0, 7);
    let changes = [
        Change::TwRecycle,
        Change::NoPort { addr: some },
        Change::Window { low: 1, high: 2 },
        Change::ReuseSooner,
        Change::Share { addr: some },
        Change::Unreserve,
        Change::TwReuse,
        Change::Widest,
        Change::FewerTimewaits,
        Change::TimestampsAndReuse,
    ];
    for release in Release::ALL {
        for change in changes {
            assert_eq!(
                change.exists_in(release),
                offered(release, change),
                "{release:?} {change:?}"
            );
        }
        let mut chance = Chance::new(5);
        let mut seen = Vec::new();
        for _ in 0..150 {
            let fixes = Story::of(release, &mut chance).machine.fixes();
            seen.extend(fixes.into_iter().map(|fix| std::mem::discriminant(&fix.change)));
        }
        for change in changes.into_iter().filter(|change| offered(release, *change)) {
            assert!(seen.contains(&std::mem::discriminant(&change)), "{release:?} {change:?}");
        }
    }
}

#[test]
fn on_60_machines_each_hold_is_what_a_plain_loop_over_the_load_finds() {
    Release::ALL.into_iter().for_each(holds_of_60_machines);
}

fn holds_of_60_machines(release: Release) {
    let mut chance = Chance::new(0x401d);
    let (mut held, mut failed) = (0, 0);
    for number in 0..60 {
        let story = Story::with_load(release, &mut chance);
        for Fix { change, .. } in story.machine.fixes() {
            let hold = finish(story.machine.trial(change).expect("a load came before"));
            let expected = expected_hold(&story, change);
            assert_eq!(hold, expected, "{release:?} {number}: {change:?}\n{story}");
            held += u32::from(hold == Hold::Holds);
            failed += u32::from(matches!(hold, Hold::Fails { after_ms: 1.. }));
        }
    }
    assert!(held > 60 && failed > 60, "{held} hold, {failed} fail later");
}

#[test]
fn trying_a_row_gets_what_it_promises_on_any_branch_and_at_any_call() {
    let mut chance = Chance::new(7);
    for number in 0..60 {
        let mut story = Story::some(&mut chance);
        for Fix { change, outcome, .. } in story.machine.fixes() {
            story.machine.go(story.at);
            let acts = story.machine.acts_of(change);
            story.machine.act(acts).expect("it has room");
            story.machine.work_all();
            story.machine.go(END);
            let frame = story.machine.frame();
            let call = frame.call.expect("a call was made");
            match outcome {
                Outcome::Port { port, probe } => {
                    assert_eq!((call.ret, call.port), (Some(Ret::Ok), port), "{number} {change:?}");
                    assert_eq!(frame.walk.map_or(0, |walk| walk.probes), probe, "{change:?}");
                }
                Outcome::Fails(ret) => assert_eq!(call.ret, Some(ret), "{number} {change:?}"),
                // What came after it was done all the same, on a socket without a port.
                Outcome::BindFails(_) => {}
            }
            let first = story.machine.branches().0[story.branch];
            story.machine.take(first);
            story.machine.work_all();
        }
    }
}

/// `SO_REUSEADDR`, a port by number, connect, close, without timestamps; then all of it again.
fn bound_by_number() -> Machine {
    let mut machine = machine(32_768, 61_000, &[(Sysctl::Timestamps, 0)]);
    for s in [0, 1].map(SocketName) {
        let bind = Call::Bind { s, addr: OWN, port: 31_000 };
        let whole = [Call::Socket { s }, Call::Reuse { s, on: true }, bind];
        act(&mut machine, whole.into_iter().chain([Call::connect(s, SERVER, 80)]));
        if s.0 == 0 {
            act(&mut machine, [Call::close(s, CloseHow::Active)]);
        }
    }
    machine
}

#[test]
fn a_port_bound_by_number_is_bound_again_in_every_row() {
    let machine = bound_by_number();
    let ports = machine.fixes().into_iter().filter_map(|fix| match fix.outcome {
        Outcome::Port { port, .. } => Some((fix.change, port)),
        _ => None,
    });
    let other = |change: &Change| {
        matches!(change, Change::OtherAddress { .. } | Change::OtherPort { .. })
            || matches!(change, Change::OtherSource { .. })
    };
    for (change, port) in ports {
        match change {
            Change::NoBind | Change::BindAny { .. } => assert_ne!(port, 31_000, "{change:?}"),
            Change::Wait { ms: Some(ms) } => assert!(ms >= 52_500 && port == 31_000, "{ms}"),
            change => assert!(other(&change) && port == 31_000, "{change:?}: {port}"),
        }
    }
    for fix in machine.fixes() {
        let alone = [Change::TwReuse, Change::FinTimeout, Change::Widest, Change::TwRecycle];
        if alone.contains(&fix.change) {
            assert_eq!(fix.outcome, Outcome::Fails(ERROR_99), "{:?}", fix.change);
            let obstacle = fix.obstacle.expect("something is in the way");
            assert_eq!((obstacle.why, obstacle.ports), (WhyNot::NoStamp, None));
        }
    }
    assert!(matches!(
        outcome_of(&machine, |change| *change == Change::NoBind),
        Outcome::Port { probe: 1, .. }
    ));
}

#[test]
fn a_second_destination_is_free_to_a_socket_bound_to_any_port() {
    let mut machine = machine(40_000, 40_001, &[(Sysctl::Timestamps, 0)]);
    for s in (0..3).map(SocketName) {
        let bind = Call::Bind { s, addr: OWN, port: 0 };
        let whole = [Call::Socket { s }, Call::Reuse { s, on: true }, bind];
        act(&mut machine, whole.into_iter().chain([Call::connect(s, SERVER, 80)]));
    }
    assert_eq!(machine.frame().call.and_then(|call| call.ret), Some(ERROR_99));
    for other in
        [Change::OtherAddress { dst: Addr::new(10, 0, 0, 3) }, Change::OtherPort { dport: 81 }]
    {
        let fix = machine.fixes().into_iter().find(|fix| fix.change == other).expect("it's tried");
        assert!(matches!(fix.outcome, Outcome::Port { probe: 0, .. }), "{fix:?}");
    }
}

#[test]
fn a_bind_that_fails_is_the_act_that_is_tried_again() {
    let mut machine = machine(40_000, 40_003, &[]);
    let bind = |s, port| [Call::Socket { s }, Call::Bind { s, addr: OWN, port }];
    act(&mut machine, bind(SocketName(0), 45_000));
    act(&mut machine, bind(SocketName(1), 45_000));
    machine.look_at(SERVER, 80);
    let in_use = Outcome::BindFails(Ret::Errno(Errno::EADDRINUSE));
    let rows: Vec<(Change, Outcome)> =
        machine.fixes().into_iter().map(|fix| (fix.change, fix.outcome)).collect();
    let [
        (Change::NoBind, Outcome::Port { port: chosen, probe: 1 }),
        (Change::BindAny { addr: OWN }, Outcome::Port { port: any, probe: 0 }),
        (Change::ReuseAddr, shared),
        (Change::OtherSource { .. }, Outcome::Port { port: 45_000, probe: 0 }),
        (Change::Wait { ms: None }, waited),
    ] = rows[..]
    else {
        panic!("{rows:?}")
    };
    assert!([chosen, any].iter().all(|port| (40_000..=40_003).contains(port)));
    assert_eq!((shared, waited), (in_use, in_use));

    // And where every port has its owner.
    for s in (2..7).map(SocketName) {
        act(&mut machine, bind(s, 0));
    }
    assert!(machine.fixes().iter().all(|fix| fix.change != Change::TwReuse));
    assert_eq!(outcome_of(&machine, |change| matches!(change, Change::Wait { .. })), in_use);
    assert!(matches!(
        outcome_of(&machine, |change| matches!(change, Change::Widen { .. })),
        Outcome::Port { port: 40_004.., probe: 0 }
    ));
}

#[test]
fn a_call_that_fails_for_no_want_of_a_port_has_no_fixes() {
    let mut machine = machine(40_000, 40_003, &[]);
    let s = SocketName(0);
    act(&mut machine, [Call::Socket { s }, Call::connect(s, SERVER, 80)]);
    assert_eq!(machine.fixes(), [], "it worked");
    act(&mut machine, [Call::connect(s, SERVER, 80)]);
    assert_eq!(machine.fixes(), [], "EISCONN");
    let bind = Call::Bind { s: SocketName(1), addr: Addr::new(10, 9, 9, 9), port: 0 };
    act(&mut machine, [Call::Socket { s: SocketName(1) }, bind]);
    assert_eq!(machine.fixes(), [], "not an address of ours");
}

/// The opening machine of 16 ports under a load, with the range that the reader has given it since.
#[test]
fn a_trial_from_the_start_has_the_readers_knobs() {
    let history = catalogue::find("sixteen-ports").expect("it is prepared").history();
    let mut machine = Machine::open(History { at: Position::default(), ..history }).expect("fine");
    machine.work_all();
    machine.go(END);
    let value = SysctlValue::Two(32_768, 61_000);
    act(&mut machine, [Call::Sysctl { sysctl: Sysctl::PortRange, value }]);
    let first_socket = machine.history().next_socket();
    let load = Load {
        per_second: 600,
        hold_ms: Some(0),
        stop_at_error: true,
        first_socket,
        ..Load::burst(SERVER, 80, 60_000)
    };
    machine.act(vec![Act::Load(load)]).expect("it has room");
    machine.work_all();
    machine.go(END);
    assert_eq!(machine.frame().call.and_then(|call| call.ret), Some(ERROR_99));
    let hold = |change| finish(machine.trial(change).expect("a load came before"));
    assert_eq!(hold(Change::KeepAlive { requests: 10 }), Hold::Holds);
    assert_eq!(hold(Change::ServerCloses), Hold::Holds);
    let Hold::Fails { after_ms } = hold(Change::FinTimeout) else { panic!("it can't hold") };
    assert!(after_ms > 40_000, "28,233 ports last longer than {after_ms} ms at 600 a second");
}

#[test]
fn a_load_that_outgrows_the_model_is_neither_said_to_hold_nor_to_fail() {
    let mut machine = machine(1_024, 65_535, &[]);
    // Two destinations' worth of connections that stay: the model has room for 3,072 more.
    let stays = [80, 81].map(|dport| Load::burst(SERVER, dport, 64_000));
    let load = Load { per_second: 5_000, hold_ms: Some(60_000), ..Load::burst(SERVER, 82, 10) };
    let loads = stays.into_iter().chain([load]);
    let names = [0, 64_000, 128_000];
    let loads = loads.zip(names).map(|(load, first_socket)| Load { first_socket, ..load });
    machine.act(loads.map(Act::Load).collect()).expect("it has room");
    machine.work_all();
    machine.go(END);
    act(
        &mut machine,
        [Call::Sysctl { sysctl: Sysctl::PortRange, value: SysctlValue::Two(1_024, 1_024) }],
    );
    let s = SocketName(machine.history().next_socket());
    let stays = [s, SocketName(s.0 + 1)];
    act(
        &mut machine,
        stays.into_iter().flat_map(|s| [Call::Socket { s }, Call::connect(s, SERVER, 80)]),
    );
    assert!(!machine.fixes().is_empty(), "the only port is in use");
    let hold = finish(machine.trial(Change::Widest).expect("a load came before"));
    assert!(matches!(hold, Hold::Unknown { after_ms: 500..700 }), "{hold:?}");
}

/// Slices of a trial: what is done again from boot counts too, failing walks above all.
#[test]
fn no_slice_of_a_trial_does_more_than_its_budget_and_one_call() {
    const BUDGET: u64 = 3_000;
    let mut machine = machine(40_000, 40_999, &[]);
    let burst = |first_socket, count| Load { first_socket, ..Load::burst(SERVER, 80, count) };
    let load = Load { per_second: 1, hold_ms: Some(0), ..burst(0, 1) };
    let acts = [load, burst(1, 1_000), burst(1_001, 400)].map(Act::Load);
    machine.act(acts.to_vec()).expect("it has room");
    machine.work_all();
    machine.go(END);
    let mut kernel = Kernel::new(&machine.history().config).expect("it boots");
    let connects =
        (1..1_401).map(SocketName).flat_map(|s| [Call::Socket { s }, Call::connect(s, SERVER, 80)]);
    let work: Vec<u64> = connects.map(|call| 40 + u64::from(kernel.apply(&call).work)).collect();
    let most = BUDGET + work.iter().max().expect("there are calls");
    let mut trial = machine.trial(Change::FinTimeout).expect("a load came before");
    let slices =
        1 + std::iter::repeat_with(|| trial.work(BUDGET)).take_while(Option::is_none).count();
    let total: u64 = work.iter().sum();
    assert!(slices as u64 * most >= total, "{total} units in {slices} slices");
}
