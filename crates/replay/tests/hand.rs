//! What a reader does by hand means the same whatever was done before: no sequence of loads,
//! stops and closes uses the machine up.

mod chance;

use std::collections::{BTreeMap, BTreeSet};

use chance::Chance;
use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Kernel, Problem, SocketName, Sysctl, SysctlValue,
};
use error99_replay::frame::{CallKind, Ret, call_name};
use error99_replay::hand::{Deed, Look};
use error99_replay::history::{ALL_CALLS, Position};
use error99_replay::link::Saved;
use error99_replay::load::{CONNECTIONS_MAX, Load, LoadClose};
use error99_replay::report::LoadEnd;
use error99_replay::run::{State, legs};
use error99_replay::scenario::Client;
use error99_replay::{Act, ERROR_99, History, Machine};

const CLIENT: Client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
const END: Position = Position { done: u32::MAX, step: None };

/// A machine with `ports` ports.
fn machine(ports: i32) -> Machine {
    let sysctl = vec![(Sysctl::PortRange, SysctlValue::Two(40_000, 40_000 + ports - 1))];
    let config = Config { ehash_size: 16, bhash_size: 1_024, sysctl, ..Config::default() };
    Machine::open(History::new(config)).expect("it opens")
}

/// Does `deed` as the page does; a load is stopped after about so much work.
fn does(machine: &mut Machine, deed: Deed, stop_after: Option<u64>) {
    let booted = machine.do_deed(deed, CLIENT).expect("it's within the limits");
    assert_eq!(booted, None);
    if let Some(budget) = stop_after {
        machine.work(budget);
        machine.stop();
    }
    machine.work_all();
    machine.go(END);
}

/// What a connect by hand comes to, by the kernel alone.
fn connect_of(machine: &Machine) -> (Ret, u16) {
    let mut kernel = machine.kernel().clone();
    let s = (0..).map(SocketName).find(|s| kernel.socket(*s).is_none()).expect("there is a name");
    assert_eq!(kernel.apply(&Call::Socket { s }).ret, 0);
    let reply = kernel.apply(&Call::connect(s, CLIENT.dst, CLIENT.dport));
    let port = kernel.socket(s).expect("it's open").num;
    match reply.errno() {
        Some(Errno::EINPROGRESS) => (Ret::Ok, port),
        Some(errno) => (Ret::Errno(errno), port),
        None => panic!("{reply:?}"),
    }
}

/// Connects by hand, and asserts that it came to what the kernel says.
fn connects(machine: &mut Machine, why: &str) {
    let wanted = connect_of(machine);
    does(machine, Deed::Connect(1), None);
    let call = machine.frame().call.expect("a call has been made");
    assert!(matches!(call.kind, CallKind::Connect { .. }), "{why}: {call:?}");
    assert_eq!((call.ret, call.port), (Some(wanted.0), wanted.1), "{why}");
}

#[test]
fn after_any_loads_stops_and_closes_a_connect_does_what_the_kernel_says() {
    let mut chance = Chance::new(1);
    for round in 0..40 {
        let mut machine = machine(1 + chance.below(40) as i32);
        for turn in 0..30 {
            let how = CloseHow::NAMES[chance.below(5) as usize].0;
            let stop = Some(1 + chance.below(200_000));
            match chance.below(10) {
                // Each of these may ask for a million connections.
                0..=3 => {
                    let per_second = [1, 1_000, 100_000][chance.below(3) as usize];
                    let hold_ms = [0, 10, 5_000][chance.below(3) as usize];
                    let close = [LoadClose::Active, LoadClose::Passive, LoadClose::Rst];
                    let close = close[chance.below(3) as usize];
                    let load = Deed::Load { per_second, hold_ms, seconds: 600, close };
                    does(&mut machine, load, stop);
                }
                4 => does(&mut machine, Deed::UntilError, stop),
                5 => does(&mut machine, Deed::CloseNewest(how), None),
                6 => does(&mut machine, Deed::CloseAll(how), None),
                7 => does(&mut machine, Deed::Advance(60_000), None),
                8 => does(&mut machine, Deed::Connect(3), None),
                _ => {
                    let done = chance.below(u64::from(machine.total()) + 1) as u32;
                    machine.go(Position { done, step: None });
                }
            }
            connects(&mut machine, &format!("round {round}, turn {turn}"));
        }
    }
}

#[test]
fn two_stopped_loads_and_a_socket_that_stays_open_dont_use_up_the_names() {
    let mut machine = machine(16);
    does(&mut machine, Deed::Open, None);
    // As many stopped loads as there are names, each of which might use a million.
    let mut history = machine.history().clone();
    let burst = Load::burst(CLIENT.dst, CLIENT.dport, CONNECTIONS_MAX);
    for _ in 0..4_294 {
        let first_socket = history.next_socket();
        let load = Load { hold_ms: Some(0), close: LoadClose::Passive, first_socket, ..burst };
        let id = history.push(history.tip, ALL_CALLS, Act::Load(load)).expect("it has room");
        history.acts[id as usize].stopped = Some(6);
    }
    history.at = END;
    machine = Machine::standing(&Saved { history, client: CLIENT }).expect("it opens");
    let load =
        Deed::Load { per_second: 100_000, hold_ms: 0, seconds: 600, close: LoadClose::Passive };
    for turn in 0..4 {
        does(&mut machine, load.clone(), Some(10_000));
        connects(&mut machine, &format!("{turn} loads later"));
        does(&mut machine, Deed::CloseNewest(CloseHow::Passive), None);
    }
    assert!(machine.history().next_socket() > u32::MAX - 2_000_000, "all names are given out");
    let open = machine.all_by_hand();
    assert_eq!((open.len(), machine.frame().sockets[0].fd), (1, 3));
}

#[test]
fn a_link_that_uses_the_last_names_leaves_a_machine_that_can_be_used() {
    let mut machine = machine(8);
    for name in [u32::MAX - 1, 7, u32::MAX - 3] {
        machine.act(vec![Act::Call(Call::Socket { s: SocketName(name) })]).expect("it has room");
        machine.work_all();
        machine.go(END);
    }
    does(&mut machine, Deed::Connect(5), None);
    connects(&mut machine, "the last names are taken");
    assert_eq!(machine.all_by_hand().len(), 3 + 5 + 1);
}

#[test]
fn what_the_model_has_no_room_for_is_said_to_be_its_limit_and_nothing_follows() {
    let mut machine = machine(8);
    let open = SocketName(u32::MAX);
    // Nobody can open this one: what is to be done with it isn't done at all.
    let acts =
        [Call::Socket { s: open }, Call::connect(open, CLIENT.dst, 80), Call::Listen { s: open }];
    machine.act(acts.map(Act::Call).to_vec()).expect("it has room");
    machine.work_all();
    machine.go(END);
    let frame = machine.frame();
    let ret = frame.call.and_then(|call| call.ret);
    assert_eq!((machine.total(), ret), (1, Some(Ret::Limit(Problem::ReservedName))));
    assert_eq!(frame.open_by_hand, 0);
    assert!(machine.strace(10).ends_with("= ? (not modelled: that number names no socket)\n"));
    // What was opened, and closed by the reader, is Linux's affair.
    let s = SocketName(3);
    let acts = [Call::Socket { s }, Call::close(s, CloseHow::Plain), Call::Listen { s }];
    machine.act(acts.map(Act::Call).to_vec()).expect("it has room");
    machine.work_all();
    machine.go(END);
    let ret = machine.frame().call.and_then(|call| call.ret);
    assert_eq!((machine.total(), ret), (4, Some(Ret::Errno(Errno::EBADF))));
}

#[test]
fn a_load_ends_at_the_socket_that_the_model_has_no_room_for() {
    let mut machine = machine(20_000);
    does(&mut machine, Deed::Open, None);
    let taken = machine.all_by_hand()[0];
    let burst = Load::burst(CLIENT.dst, CLIENT.dport, 10);
    let load = Load { first_socket: taken.0.wrapping_sub(4).min(taken.0), ..burst };
    machine.act(vec![Act::Load(load)]).expect("it has room");
    machine.work_all();
    machine.go(END);
    let ret = machine.frame().call.and_then(|call| call.ret);
    assert_eq!(ret, Some(Ret::Limit(Problem::NameInUse)));
    assert_eq!(machine.all_by_hand(), [taken]);
}

#[test]
fn a_deed_comes_to_the_same_acts_however_often_it_is_asked_about() {
    let mut machine = machine(2);
    does(&mut machine, Deed::UntilError, None);
    assert_eq!(machine.frame().call.and_then(|call| call.ret), Some(ERROR_99));
    let before = machine.history().clone();
    let deeds = [
        Deed::Connect(1),
        Deed::Connect(10),
        Deed::UntilError,
        Deed::CloseAll(CloseHow::Active),
        Deed::Rekey,
        Deed::BhashSize(16),
        Deed::Source(Addr::new(10, 0, 0, 9)),
    ];
    for deed in deeds {
        let again = machine.deeds(deed.clone(), CLIENT);
        assert_eq!(machine.deeds(deed.clone(), CLIENT), again, "{deed:?}");
    }
    assert_eq!(machine.history(), &before, "asking changes nothing");
    machine.look(Look::CallStart);
    machine.look(Look::CallEnd);
    assert_eq!(machine.at().done, before.at.done);
    // With nothing to close nothing happens, and no act is added.
    does(&mut machine, Deed::CloseAll(CloseHow::Active), None);
    let acts = machine.history().acts.len();
    does(&mut machine, Deed::CloseAll(CloseHow::Active), None);
    does(&mut machine, Deed::CloseNewest(CloseHow::Active), None);
    assert_eq!(machine.history().acts.len(), acts);
}

/// What the last act of the branch did, counted call by call: connects, the failed ones, the
/// first of them with its time, and the time of the last connect.
fn counted(machine: &Machine) -> (u32, u32, Option<(u32, u64)>, u64) {
    let history = machine.history();
    let mut legs = legs(history, history.tip);
    let boot = Kernel::new(&history.config).expect("it has been booted before");
    let mut state = State::boot(boot);
    let (mut begun, mut failed, mut first, mut ms) = (0, 0, None, 0);
    while let Some(call) = state.next_call(history, &mut legs) {
        let reply = state.kernel.apply(&call);
        if state.leg() + 1 < legs.len() {
            continue;
        }
        match call {
            Call::Advance { ms: passed } => ms += passed,
            Call::Connect { .. } => {
                begun += 1;
                if reply.errno() != Some(Errno::EINPROGRESS) {
                    failed += 1;
                    first = first.or(Some((begun, ms)));
                }
            }
            _ => {}
        }
    }
    (begun, failed, first, ms)
}

#[test]
fn a_load_says_what_ran_why_it_ended_how_much_failed_and_when_first() {
    let mut chance = Chance::new(5);
    let mut met = [0; 3];
    for round in 0..150 {
        let mut machine = machine(1 + chance.below(60) as i32);
        does(&mut machine, Deed::Connect(1 + chance.below(5) as u32), None);
        let load = Load {
            per_second: 1 + chance.below(200) as u32,
            hold_ms: chance.flag().then(|| chance.below(700) as u32),
            close: [LoadClose::Active, LoadClose::Passive][chance.below(2) as usize],
            stop_at_error: chance.flag(),
            first_socket: machine.free_names(200),
            ..Load::burst(CLIENT.dst, CLIENT.dport, 1 + chance.below(200) as u32)
        };
        let (asked, stop_at_error) = (load.connections, load.stop_at_error);
        machine.act(vec![Act::Load(load)]).expect("it has room");
        if chance.one_in(3) {
            machine.work(1 + chance.below(10_000));
            machine.stop();
        }
        machine.work_all();
        machine.go(END);
        let (begun, failed, first, ms) = counted(&machine);
        let told = machine.frame().load.expect("its load is over");
        let why = format!("round {round}: {told:?}");
        assert_eq!((told.asked, told.begun, told.ms), (asked, begun, ms), "{why}");
        let said = told.failures.first.map(|first| (first.nth, first.after_ms));
        assert_eq!((told.failures.count, said), (failed, first), "{why}");
        let stopped = machine.history().acts.last().and_then(|node| node.stopped).is_some();
        let end = match (stopped, stop_at_error && failed > 0) {
            (true, _) => LoadEnd::Stopped,
            (false, true) => LoadEnd::AtError,
            (false, false) => LoadEnd::Whole,
        };
        assert_eq!(told.end, end, "{why}");
        met[[LoadEnd::Whole, LoadEnd::AtError, LoadEnd::Stopped]
            .iter()
            .position(|e| *e == end)
            .expect("one of them")] += 1;
        // In its middle nothing is over yet, and the next act has its own end.
        machine.go(Position { done: machine.total() - 1, step: None });
        assert_eq!(machine.frame().load, None, "{why}");
        machine.go(END);
        does(&mut machine, Deed::Open, None);
        assert_eq!(machine.frame().load, None, "{why}");
    }
    assert!(met.iter().all(|met| *met > 10), "{met:?}");
}

#[test]
fn every_call_has_a_name_of_its_own() {
    let mut chance = Chance::new(3);
    let mut names = BTreeMap::new();
    for _ in 0..3_000 {
        let call = chance.call(9);
        let kind = format!("{call:?}").split([' ', '{']).next().map(str::to_owned);
        names.insert(kind, call_name(&call));
    }
    // Segments are named by themselves.
    assert!(names.remove(&Some("TwSegment".to_owned())).is_some());
    let different: BTreeSet<_> = names.values().collect();
    // A sysctl is written as numbers or as a text, a client is accepted as it comes or later.
    assert_eq!((names.len(), different.len()), (29, 27), "{names:?}");
    assert!(names.values().all(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())));
}
