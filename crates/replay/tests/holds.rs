//! What the Fix lab says about a load is what the model does under that load.

use error99_kernel::{Addr, Sysctl, SysctlValue};
use error99_replay::fix::Change;
use error99_replay::history::Position;
use error99_replay::hold::Hold;
use error99_replay::{Act, History, Load, Machine, catalogue};

const SERVER: Addr = Addr::new(10, 0, 0, 2);

fn busy_client() -> Machine {
    let mut machine =
        Machine::open(catalogue::opening().history()).expect("it is in the catalogue");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine
}

fn hold(machine: &Machine, change: Change) -> Hold {
    let mut trial = machine.trial(change).expect("the busy client has a load");
    loop {
        if let Some(hold) = trial.work(1_000_000) {
            return hold;
        }
    }
}

/// A machine on which `per_second` short connections a second go on for five minutes.
fn load_alone(per_second: u32, range: Option<(i32, i32)>) -> Option<u64> {
    let mut history = History::new(catalogue::opening().history().config);
    if let Some((low, high)) = range {
        history.config.sysctl.push((Sysctl::PortRange, SysctlValue::Two(low, high)));
    }
    let load = Load {
        per_second,
        hold_ms: Some(0),
        stop_at_error: true,
        ..Load::burst(SERVER, 80, per_second * 300)
    };
    history.push(None, 0, Act::Load(load)).expect("within its limits");
    let mut machine = Machine::open(history).expect("it opens");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    let failed = machine.kernel().now_ms() < 299_000;
    failed.then(|| machine.kernel().now_ms())
}

#[test]
fn reuse_holds_at_the_load_that_filled_the_range() {
    assert_eq!(hold(&busy_client(), Change::TwReuse), Hold::Holds);
}

#[test]
fn a_somewhat_wider_range_only_puts_the_failure_off() {
    let Hold::Fails { after_ms } =
        hold(&busy_client(), Change::Widen { low: 15_000, high: 61_000 })
    else {
        panic!("it can't hold: the calendar slips")
    };
    assert!((10_000..120_000).contains(&after_ms), "{after_ms}");
}

#[test]
fn keep_alive_and_a_server_that_closes_first_hold() {
    let machine = busy_client();
    assert_eq!(hold(&machine, Change::KeepAlive { requests: 10 }), Hold::Holds);
    assert_eq!(hold(&machine, Change::ServerCloses), Hold::Holds);
}

#[test]
fn a_shorter_fin_timeout_and_timestamps_alone_change_nothing() {
    let machine = busy_client();
    for change in [Change::FinTimeout, Change::Timestamps] {
        assert!(matches!(hold(&machine, change), Hold::Fails { .. }), "{change:?}");
    }
}

#[test]
fn waiting_helps_until_the_range_is_full_again() {
    let machine = busy_client();
    let wait = machine.fixes().into_iter().find(|fix| matches!(fix.change, Change::Wait { .. }));
    let wait = wait.expect("waiting is always offered").change;
    assert!(matches!(hold(&machine, wait), Hold::Fails { .. }));
}

#[test]
fn the_default_range_carries_250_connections_a_second_and_not_300() {
    assert_eq!(load_alone(250, None), None);
    assert!(load_alone(300, None).is_some());
}

#[test]
fn the_widest_range_carries_497_a_second_and_not_700() {
    assert_eq!(load_alone(497, Some((1_024, 65_535))), None);
    assert!(load_alone(700, Some((1_024, 65_535))).is_some());
}

#[test]
fn a_machine_without_a_load_has_nothing_to_hold() {
    let prepared = catalogue::find("live-connections").expect("it is in the catalogue");
    let mut machine = Machine::open(prepared.history()).expect("it opens");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    assert!(machine.trial(Change::TwReuse).is_none());
}
