//! Going anywhere in time is exact: whatever way leads to a moment, the frame is the same.

mod forward;

use error99_kernel::{
    Addr, Call, CloseHow, Config, Event, SocketName, SocketState, Sysctl, SysctlValue, Verdict,
    WalkEnd,
};
use error99_replay::fix::{Fix, Outcome};
use error99_replay::frame::{CallKind, Found, Frame, Ret};
use error99_replay::history::{Position, Step};
use error99_replay::link::{self, Saved};
use error99_replay::listing::Spot;
use error99_replay::load::LoadClose;
use error99_replay::{Act, ERROR_99, History, Load, Machine, catalogue};
use forward::forward;

const SERVER: Addr = Addr::new(10, 0, 0, 2);

/// A machine with a range of `ports` ports from 40000, booted and with nothing done.
fn machine_with(ports: u16) -> Machine {
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, i32::from(40_000 + ports - 1)));
    let config = Config { bhash_size: 8, ehash_size: 8, sysctl: vec![range], ..Config::default() };
    run(Machine::open(History::new(config)).expect("the configuration is fine"))
}

fn run(mut machine: Machine) -> Machine {
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine
}

fn act(machine: &mut Machine, acts: Vec<Act>) {
    machine.act(acts).expect("the acts are within their limits");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
}

fn connect(machine: &mut Machine) -> Frame {
    let s = SocketName(machine.history().next_socket());
    act(machine, vec![Act::Call(Call::Socket { s }), Act::Call(Call::connect(s, SERVER, 80))]);
    machine.frame()
}

fn close(machine: &mut Machine, s: u32, how: CloseHow) {
    act(machine, vec![Act::Call(Call::close(SocketName(s), how))]);
}

/// A machine that has failed once, with a mixture of calls before.
fn failed_machine() -> Machine {
    let mut machine = machine_with(5);
    (0..5).for_each(|_| {
        connect(&mut machine);
    });
    close(&mut machine, 1, CloseHow::Active);
    close(&mut machine, 3, CloseHow::Active);
    act(&mut machine, vec![Act::Call(Call::Advance { ms: 3_000 })]);
    connect(&mut machine);
    machine
}

#[test]
fn stepping_back_meets_the_frames_of_stepping_forward() {
    let mut machine = failed_machine();
    let frames = forward(&mut machine);
    assert!(frames.len() > 60, "{} moments", frames.len());
    for frame in frames.iter().rev().skip(1) {
        machine.step_back();
        assert_eq!(machine.frame(), *frame);
    }
    machine.step_back();
    assert_eq!(machine.frame(), frames[0], "before the first call nothing happens");
}

#[test]
fn a_jump_shows_what_stepping_there_shows() {
    let mut machine = failed_machine();
    let frames = forward(&mut machine);
    let count = frames.len();
    // A walk through all moments that never goes to a neighbour.
    for n in 0..count {
        let frame = &frames[n * 37 % count];
        machine.go(frame.at);
        assert_eq!(machine.frame(), *frame);
    }
}

#[test]
fn a_failed_walk_counts_every_port_by_its_reason() {
    let mut machine = failed_machine();
    let frame = machine.frame();
    assert!(frame.is_lit(Spot::Fail) && frame.reached(Spot::Search));
    let walk = frame.walk.expect("the last call walked");
    assert_eq!(frame.call.and_then(|call| call.ret), Some(ERROR_99));
    assert_eq!((walk.probes, walk.tally.live, walk.tally.reuse_off), (5, 3, 2));
    assert_eq!(walk.missed, 0);
    machine.to_probe(2);
    assert_eq!(machine.frame().walk.expect("still walking").tally.refused(), 2);
}

#[test]
fn the_counter_that_wraps_at_2_to_the_32_leaves_ports_out() {
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_006));
    let config = Config {
        sysctl: vec![range],
        port_offset: Some((u32::MAX - 4).into()),
        ..Config::default()
    };
    let mut machine = run(Machine::open(History::new(config)).expect("fine"));
    // The hint stays near the wrap: every port that the walk can reach is taken first.
    let mut last = connect(&mut machine);
    for _ in 0..7 {
        if last.call.as_ref().is_some_and(|call| call.ret == Some(ERROR_99)) {
            break;
        }
        let v = Some((u32::MAX - 4 - machine.kernel().hint()).into());
        act(&mut machine, vec![Act::Call(Call::Offset { v })]);
        last = connect(&mut machine);
    }
    let walk = last.walk.expect("a walk");
    assert_eq!((walk.probes, walk.missed), (7, 3));
}

#[test]
fn the_very_same_call_gets_what_each_fix_says() {
    let mut machine = failed_machine();
    let failed = machine.at();
    let fixes = machine.fixes();
    assert_eq!(fixes.len(), 10);
    for Fix { change, outcome, .. } in fixes {
        machine.go(failed);
        let acts = machine.acts_of(change);
        act(&mut machine, acts);
        let frame = machine.frame();
        let got = frame.call.as_ref().and_then(|call| call.ret).expect("it returned");
        match outcome {
            Outcome::Port { port, probe } => {
                assert_eq!(got, Ret::Ok, "{change:?}");
                assert_eq!(frame.call.expect("a call").port, port);
                assert_eq!(frame.walk.expect("a walk").probes, probe);
            }
            Outcome::Fails(ret) | Outcome::BindFails(ret) => assert_eq!(got, ret, "{change:?}"),
        }
    }
}

#[test]
fn acting_in_the_past_keeps_the_old_future_in_the_history() {
    let mut machine = failed_machine();
    let before = machine.history().acts.len();
    machine.to_mark(false);
    machine.to_mark(false);
    let fork = machine.at();
    let frame_at_fork = machine.frame();
    let frame = connect(&mut machine);
    assert_eq!(machine.history().acts.len(), before + 2, "nothing was forgotten");
    assert_eq!(frame.total, fork.done + 2, "the branch shown ends with the new call");
    machine.go(fork);
    let again = machine.frame();
    assert_eq!((again.call, again.machine), (frame_at_fork.call, frame_at_fork.machine));
}

#[test]
fn an_act_in_the_middle_of_a_call_comes_after_it() {
    let mut machine = failed_machine();
    let total = machine.total();
    machine.to_probe(3);
    act(&mut machine, vec![Act::Call(Call::Advance { ms: 60_000 })]);
    assert_eq!(machine.total(), total + 1);
    machine.to_call(total - 1);
    assert_eq!(machine.frame().call.and_then(|call| call.ret), Some(ERROR_99));
}

#[test]
fn a_load_is_cut_off_where_it_is_stopped() {
    let mut machine = machine_with(1_000);
    let load = Load {
        per_second: 100,
        hold_ms: Some(20),
        close: LoadClose::Active,
        ..Load::burst(SERVER, 80, 500)
    };
    machine.act(vec![Act::Load(load)]).expect("within its limits");
    let progress = machine.work(5_000);
    assert!(!progress.finished && progress.calls > 0);
    machine.stop();
    let total = machine.total();
    assert!(machine.work(u64::MAX).finished);
    assert_eq!(machine.total(), total);
    // The history says the same, read back from its text.
    let client = catalogue::opening().client();
    let text = link::write(&Saved { history: machine.history().clone(), client });
    let saved = link::read(&text).expect("what was written can be read");
    let mut again = Machine::open(saved.history).expect("and opened");
    again.work_all();
    assert_eq!(again.total(), total);
    machine.go(Position { done: u32::MAX, step: None });
    connect(&mut machine);
    assert_eq!(machine.total(), total + 2);
}

#[test]
fn a_branch_leaves_a_load_in_its_middle() {
    let mut machine = machine_with(1_000);
    act(&mut machine, vec![Act::Load(Load::burst(SERVER, 80, 100))]);
    machine.to_call(21);
    let frame = connect(&mut machine);
    assert_eq!(frame.total, 24);
    assert_eq!(machine.kernel().sockets().count(), 12, "eleven of the load, and the new one");
}

#[test]
fn a_long_history_is_exact_everywhere_in_spite_of_its_checkpoints() {
    let prepared = catalogue::find("busy-client").expect("it is in the catalogue");
    let mut machine = Machine::open(prepared.history()).expect("it opens");
    while !machine.work(50_000).finished {}
    let total = machine.total();
    assert!(total > 100_000);
    let mut marks = Vec::new();
    for n in 0..12 {
        let done = total / 12 * n;
        machine.go(Position { done, step: None });
        marks.push((machine.at(), machine.frame(), machine.ports()));
    }
    for (at, frame, ports) in marks.iter().rev() {
        machine.go(*at);
        assert_eq!((&machine.frame(), &machine.ports()), (frame, ports));
    }
}

/// The reader's program as the frame has it, and as a machine has it that went nowhere before.
fn assert_the_program_is_that_of_a_fresh_machine(machine: &mut Machine, done: u32) {
    machine.go(Position { done, step: None });
    let mut fresh = Machine::open(machine.history().clone()).expect("it was open");
    fresh.work_all();
    fresh.go(machine.at());
    let (frame, fresh) = (machine.frame(), fresh.frame());
    assert_eq!((frame.program, frame.sockets), (fresh.program, fresh.sockets), "{done}");
}

#[test]
fn the_readers_program_is_the_same_whatever_way_leads_to_it() {
    let mut machine = machine_with(9_000);
    act(&mut machine, vec![Act::Load(Load::burst(SERVER, 80, 2_500))]);
    for s in [2, 900, 2_400] {
        close(&mut machine, s, CloseHow::Active);
    }
    connect(&mut machine);
    let total = machine.total();
    let ways =
        [total, total - 1, total - 3, 4_001, 4_002, 4_000, 2_999, 1_500, 3, 4_003, total - 2];
    for done in ways {
        assert_the_program_is_that_of_a_fresh_machine(&mut machine, done);
    }
    machine.go(Position { done: 4_003, step: None });
    close(&mut machine, 7, CloseHow::Active);
    connect(&mut machine);
    for done in [machine.total(), 4_003, 4_004, 1_000, machine.total()] {
        assert_the_program_is_that_of_a_fresh_machine(&mut machine, done);
    }
}

#[test]
fn the_busy_client_ends_in_error_99_and_the_other_causes_do_too() {
    let failing = ["busy-client", "ports-owned-by-bind", "live-connections"];
    for key in failing {
        let prepared = catalogue::find(key).expect("it is in the catalogue");
        let mut machine = Machine::open(prepared.history()).expect("it opens");
        machine.work_all();
        machine.go(Position { done: u32::MAX, step: None });
        let frame = machine.frame();
        assert_eq!(frame.call.and_then(|call| call.ret), Some(ERROR_99), "{key}");
        let walk = frame.walk.expect("it walked");
        assert_eq!(walk.tally.refused(), walk.ports(), "{key}");
    }
}

#[test]
fn a_full_range_still_connects_to_a_second_destination() {
    let prepared = catalogue::find("second-destination").expect("it is in the catalogue");
    let mut machine = Machine::open(prepared.history()).expect("it opens");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    let last = machine.frame();
    assert_eq!(last.call.as_ref().and_then(|call| call.ret), Some(Ret::Ok));
    assert!(matches!(
        last.walk.and_then(|walk| walk.probe).map(|probe| probe.verdict),
        Some(error99_kernel::Verdict::Shared)
    ));
    machine.to_mark(false);
    let before = machine.frame();
    assert_eq!(before.call.as_ref().and_then(|call| call.ret), Some(ERROR_99));
    assert!(matches!(before.call.map(|call| call.kind), Some(CallKind::Connect { .. })));
}

#[test]
fn a_position_that_does_not_exist_becomes_the_nearest_one() {
    let mut machine = failed_machine();
    let total = machine.total();
    machine.go(Position { done: total + 7, step: None });
    assert_eq!(machine.at(), Position { done: total, step: None });
    machine.go(Position { done: u32::MAX, step: Some(Step { probe: 999, line: 200 }) });
    // After the five probes: the walk has ended, and the socket is closed again.
    assert_eq!(machine.at(), Position { done: total - 1, step: Some(Step { probe: 6, line: 1 }) });
    machine.go(Position { done: total - 1, step: Some(Step { probe: 5, line: 200 }) });
    assert_eq!(machine.at(), Position { done: total - 1, step: Some(Step { probe: 5, line: 4 }) });
    machine.go(Position { done: 0, step: Some(Step { probe: 3, line: 1 }) });
    assert_eq!(machine.at(), Position { done: 1, step: None }, "a call without steps is over");
}

/// The events of the call under the glass as a reader meets them, probes apart.
fn told(machine: &mut Machine) -> Vec<Event> {
    machine.to_call_start();
    let mut told = Vec::new();
    while machine.at().step.is_some() {
        told.extend(machine.frame().event.map(|event| event.told.event));
        machine.step_forward();
    }
    told
}

#[test]
fn a_connect_is_gone_through_from_its_route_to_its_handshake() {
    let mut machine = machine_with(5);
    connect(&mut machine);
    let told = told(&mut machine);
    assert!(matches!(
        told[..],
        [
            Event::Routed { .. },
            Event::StateChanged { to: SocketState::SynSent, .. },
            Event::BucketCreated { .. },
            Event::WalkEnded { .. },
            Event::SynSent { .. },
            Event::StateChanged { to: SocketState::Established, .. },
            Event::Established { .. },
        ]
    ));
    machine.to_call_start();
    let before = machine.frame();
    assert_eq!(before.event.and_then(|event| event.place).map(|place| place.steps), Some(4));
    machine.to_probe(1);
    assert!(machine.frame().event.is_none(), "a probe has its own lines");
    machine.step_forward();
    let after = machine.frame();
    assert_eq!(after.code.lit, Some(Spot::Take), "the bucket is the walk's");
    assert_eq!(after.walk.and_then(|walk| walk.hint_after), None, "the walk hasn't ended yet");
}

#[test]
fn a_call_without_a_walk_has_a_step_for_each_event() {
    let mut machine = machine_with(5);
    connect(&mut machine);
    close(&mut machine, 0, CloseHow::Active);
    let end = machine.at();
    let told = told(&mut machine);
    assert!(told.iter().any(|event| matches!(event, Event::TimewaitMade { .. })), "{told:?}");
    assert_eq!(machine.at(), end);
    let made = machine.frame().event.expect("the close was decided by something");
    assert!(matches!(made.told.event, Event::TimewaitMade { .. }) && made.place.is_none());
    machine.step_back();
    let last = machine.at().step.expect("a step back from the end enters the call");
    assert_eq!(last.line as usize, told.len() - 1);
    machine.skip_probes(1);
    assert_eq!(machine.at(), end, "there is no probe to go on to");
    machine.skip_probes_back(1);
    assert_eq!(machine.at().step, Some(Step::default()));
}

#[test]
fn what_a_tick_ends_is_one_step() {
    let mut machine = machine_with(200);
    act(&mut machine, vec![Act::Load(Load::burst(SERVER, 80, 150))]);
    let names: Vec<SocketName> = machine.kernel().sockets().filter_map(|s| s.name).collect();
    let close = |s| Act::Call(Call::close(s, CloseHow::Active));
    act(&mut machine, names.into_iter().map(close).collect());
    act(&mut machine, vec![Act::Call(Call::Advance { ms: 60_000 })]);
    let told = told(&mut machine);
    assert_eq!(told.len(), 8, "{told:?}");
    machine.step_back();
    let event = machine.frame().event.expect("a tick").told;
    assert!(matches!(event.event, Event::CalendarTick { ended: 150, slipped: true, .. }));
    let ended = event.ended.expect("they are folded");
    assert_eq!((ended.count, ended.buckets), (150, 150));
    assert_ne!(ended.first, ended.last);
    machine.to_call_end();
    let kind = machine.frame().call.map(|call| call.kind);
    assert_eq!(kind, Some(CallKind::Advance { ms: 60_000, ended: 150 }));
}

#[test]
fn a_bound_socket_is_checked_in_a_step_of_its_own() {
    let mut machine = machine_with(5);
    let s = SocketName(0);
    let bind = Call::Bind { s, addr: Addr::ANY, port: 40_001 };
    let calls = [Call::Socket { s }, bind, Call::connect(s, SERVER, 80)];
    act(&mut machine, calls.map(Act::Call).into());
    machine.to_call_start();
    assert_eq!(machine.frame().check.map(|check| check.found), Some(Found::NotAskedYet));
    let returned = loop {
        machine.step_forward();
        let frame = machine.frame();
        if frame.is_lit(Spot::BoundUnused) {
            break frame;
        }
        assert!(frame.at.step.is_some(), "the check is a step");
    };
    let check = returned.check.expect("it's asked");
    assert_eq!((check.found, check.bound), (Found::Nobody, Some(Verdict::Shared)));
}

#[test]
fn a_mark_names_the_steps_of_a_walk_that_got_no_memory() {
    let mut machine = machine_with(5);
    act(&mut machine, vec![Act::Call(Call::FailTb { v: 1 })]);
    let frame = connect(&mut machine);
    assert_eq!(frame.marks.last().map(|mark| (mark.ret, mark.probes)), Some((ERROR_99, 1)));
    assert!(frame.is_lit(Spot::Fail) && frame.reached(Spot::NoBucket));
    assert_eq!(frame.walk.map(|walk| walk.end), Some(WalkEnd::NoMemory));
}

#[test]
fn an_upside_down_range_is_shown_without_a_port() {
    let mut machine = machine_with(5);
    act(&mut machine, vec![Act::Call(Call::ForceRange { low: 5, high: 4 })]);
    connect(&mut machine);
    for frame in forward(&mut machine) {
        assert!(frame.walk.is_none_or(|walk| walk.tape.is_empty() && walk.ports() == 0));
    }
    machine.to_probe(7);
    machine.to_port(5);
    let _ = machine.ports();
}

#[test]
fn from_every_moment_the_next_error_is_the_next_return_of_a_connect_that_failed() {
    let mut machine = failed_machine();
    connect(&mut machine);
    assert!(machine.frame().failed_99());
    let ends = forward(&mut machine);
    let end_of = |frame: &Frame| frame.at.step.is_none() && frame.failed_99();
    for (here, frame) in ends.iter().enumerate() {
        let next = ends[here + 1..].iter().find(|frame| end_of(frame));
        machine.go(frame.at);
        machine.to_error(true);
        assert_eq!(machine.frame().at, next.map_or(frame.at, |next| next.at), "{:?}", frame.at);
    }
}
