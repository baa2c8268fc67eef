//! Going back and acting keeps the old future, which can be returned to and compared.

use error99_kernel::{Addr, Call, Config, Kernel, SocketName, Sysctl, SysctlValue};
use error99_replay::branch::Comparison;
use error99_replay::frame::Ret;
use error99_replay::history::Position;
use error99_replay::load::Load;
use error99_replay::{Act, ERROR_99, History, Machine};

const SERVER: Addr = Addr::new(10, 0, 0, 2);
const END: Position = Position { done: u32::MAX, step: None };

/// Four ports, all of them in use: a connect has just failed.
fn failed() -> Machine {
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_003));
    let config = Config { bhash_size: 8, ehash_size: 8, sysctl: vec![range], ..Config::default() };
    let mut machine = Machine::open(History::new(config)).expect("the configuration is fine");
    (0..5).for_each(|_| connect(&mut machine));
    machine
}

fn act(machine: &mut Machine, acts: Vec<Act>) {
    machine.act(acts).expect("the acts are within their limits");
    machine.work_all();
    machine.go(END);
}

fn connect(machine: &mut Machine) {
    let s = SocketName(machine.history().next_socket());
    act(machine, vec![Act::Call(Call::Socket { s }), Act::Call(Call::connect(s, SERVER, 80))]);
}

fn widen(machine: &mut Machine) {
    let value = SysctlValue::Two(40_000, 40_009);
    act(machine, vec![Act::Call(Call::Sysctl { sysctl: Sysctl::PortRange, value })]);
}

fn compare(machine: &mut Machine, other: usize) -> Comparison {
    let (branches, _) = machine.branches();
    let mut comparing = machine.compare(branches[other]);
    loop {
        if let Some(comparison) = comparing.work(100) {
            return comparison;
        }
    }
}

/// The machine of [`failed`], healed before its failing call: the failure is on branch 0.
fn healed() -> Machine {
    let mut machine = failed();
    machine.go(Position { done: 9, step: None });
    widen(&mut machine);
    connect(&mut machine);
    machine
}

#[test]
fn acting_in_the_past_begins_a_branch_and_keeps_the_old_one() {
    let machine = healed();
    let (branches, shown) = machine.branches();
    assert_eq!((branches.len(), shown), (2, 1));
    assert!(matches!(
        machine.history().telling(branches[1]),
        Act::Call(Call::Sysctl { sysctl: Sysctl::PortRange, .. })
    ));
    assert_eq!(branches[0].head, 0);
}

#[test]
fn acting_at_the_end_goes_on_with_the_branch() {
    let mut machine = healed();
    connect(&mut machine);
    let (branches, shown) = machine.branches();
    assert_eq!((branches.len(), shown), (2, 1));
    // Also after having looked back.
    machine.go(Position { done: 3, step: None });
    machine.go(END);
    connect(&mut machine);
    assert_eq!(machine.branches().0.len(), 2);
}

#[test]
fn a_branch_that_is_returned_to_is_as_it_was_left() {
    let mut machine = failed();
    let before = (machine.frame(), machine.ports());
    machine.go(Position { done: 9, step: None });
    widen(&mut machine);
    connect(&mut machine);
    let there = (machine.frame(), machine.ports());
    for (at, expected) in [(0, &before), (1, &there), (0, &before)] {
        let (branches, _) = machine.branches();
        machine.take(branches[at]);
        machine.work_all();
        machine.go(END);
        assert_eq!((machine.frame(), machine.ports()), *expected);
        assert_eq!(machine.branches().1, at);
    }
}

#[test]
fn a_comparison_says_where_two_branches_part_and_how_each_ends() {
    let mut machine = healed();
    let comparison = compare(&mut machine, 0);
    assert_eq!(comparison.common, 9);
    let [here, there] = comparison.sides;
    assert!(matches!(here.first.map(|turn| turn.call), Some(Call::Sysctl { .. })));
    let last = here.last_connect.expect("it connected");
    assert_eq!((last.ret, here.connects, here.failed), (Ret::Ok, 1, 0));
    assert!((40_000..=40_009).contains(&last.port));
    assert_eq!((here.counts.live, here.counts.free), (5, 5));
    assert_eq!(there.last_connect.map(|turn| turn.ret), Some(ERROR_99));
    assert_eq!((there.connects, there.failed, there.counts.live), (1, 1, 4));
}

#[test]
fn a_load_left_in_its_middle_stays_whole_on_its_own_branch() {
    let mut machine = failed();
    let first_socket = machine.history().next_socket();
    let load =
        Load { per_second: 10, hold_ms: Some(100), first_socket, ..Load::burst(SERVER, 81, 30) };
    act(&mut machine, vec![Act::Load(load)]);
    let whole = machine.total();
    machine.go(Position { done: 20, step: None });
    connect(&mut machine);
    let (branches, shown) = machine.branches();
    assert_eq!((branches.len(), shown), (2, 1));
    machine.take(branches[0]);
    machine.work_all();
    assert_eq!(machine.total(), whole);
}

#[test]
fn a_stopped_load_ends_where_it_was_stopped_also_when_returned_to() {
    let mut machine = failed();
    let first_socket = machine.history().next_socket();
    let load = Load { first_socket, ..Load::burst(SERVER, 81, 1_000) };
    machine.act(vec![Act::Load(load)]).expect("within its limits");
    machine.work(2_000);
    machine.stop();
    let stopped = machine.total();
    assert!(stopped < 1_000);
    machine.go(END);
    connect(&mut machine);
    assert_eq!(machine.branches().0.len(), 1, "the connect goes on with the branch");
    machine.go(Position { done: 2, step: None });
    connect(&mut machine);
    let (branches, _) = machine.branches();
    machine.take(branches[0]);
    machine.work_all();
    assert_eq!(machine.total(), stopped + 2);
}

/// A slice holds the page up for as long as it works: walks that fail, searches in vain and timers
/// count as much as walks that find a port.
#[test]
fn no_slice_of_a_comparison_does_more_than_its_budget_and_one_call() {
    const BUDGET: u64 = 3_000;
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_999));
    let config = Config { sysctl: vec![range], ..Config::default() };
    let connects = |from: u32, count: u32| {
        (from..from + count)
            .map(SocketName)
            .flat_map(|s| [Call::Socket { s }, Call::connect(s, SERVER, 80)])
    };
    let wait = || [Call::Advance { ms: 100_000 }];
    let any = |s: u32| Call::Bind { s: SocketName(s), addr: Addr::ANY, port: 0 };
    let searches = || {
        (5_000..5_200).flat_map(|s| [Call::Socket { s: SocketName(s) }, any(s)]).collect::<Vec<_>>()
    };
    let kinds: [(&str, Vec<Call>); 3] = [
        ("failing walks", connects(2_000, 300).collect()),
        ("searches in vain", searches()),
        ("time", wait().into_iter().cycle().take(500).collect()),
    ];
    for (kind, calls) in kinds {
        let mut machine = Machine::open(History::new(config.clone())).expect("it boots");
        act(&mut machine, connects(0, 1_000).map(Act::Call).collect());
        let fork = machine.at();
        act(&mut machine, calls.iter().cloned().map(Act::Call).collect());
        machine.go(fork);
        act(&mut machine, vec![Act::Call(Call::Dump)]);

        let mut kernel = Kernel::new(&config).expect("it boots");
        connects(0, 1_000).for_each(|call| _ = kernel.apply(&call));
        let work: Vec<u64> =
            calls.iter().map(|call| 40 + u64::from(kernel.apply(call).work)).collect();
        let most = BUDGET + work.iter().max().expect("there are calls");

        let (branches, _) = machine.branches();
        let mut comparing = machine.compare(branches[0]);
        let slices = 1 + std::iter::repeat_with(|| comparing.work(BUDGET))
            .take_while(Option::is_none)
            .count() as u64;
        let total: u64 = work.iter().sum();
        assert!(slices * most >= total, "{kind}: {total} units in {slices} slices");
    }
}
