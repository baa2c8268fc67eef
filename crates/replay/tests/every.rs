//! What the table of releases says of a machine is what the machine of each release does.

use error99_kernel::{Addr, Call, Config, HZ, Release, Sysctl, SysctlValue};
use error99_replay::every::{Every, EveryRow, Lives, Rate};
use error99_replay::frame::Ret;
use error99_replay::hand::Deed;
use error99_replay::history::{ALL_CALLS, Position};
use error99_replay::hold::Hold;
use error99_replay::scenario::Client;
use error99_replay::{Act, ERROR_99, History, Load, Machine, catalogue};

const CLIENT: Client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
const END: Position = Position { done: u32::MAX, step: None };

/// A slice, as the page has it.
const SLICE: u64 = 100_000;

fn standing(history: History) -> Machine {
    let mut machine = Machine::open(history).expect("it boots");
    machine.work_all();
    machine.go(END);
    machine
}

fn does(machine: &mut Machine, deed: Deed) {
    machine.do_deed(deed, CLIENT).expect("within its limits");
    machine.work_all();
    machine.go(END);
}

/// A thousand ports, and what is done there.
fn thousand_ports(acts: Vec<Act>) -> Machine {
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_999));
    // Small tables: the kernel's own checks look through all of them.
    let sizes = Config { ehash_size: 1_024, bhash_size: 1_024, ..Config::default() };
    let mut history = History::new(Config { sysctl: vec![range], ..sizes });
    for act in acts {
        history.push(history.tip, ALL_CALLS, act).expect("it has room");
    }
    standing(history)
}

fn load(per_second: u32) -> Act {
    let burst = Load::burst(CLIENT.dst, CLIENT.dport, 10 * per_second);
    Act::Load(Load { per_second, hold_ms: Some(0), ..burst })
}

/// All of the table, and how many slices it took.
fn whole(machine: &Machine) -> (Vec<EveryRow>, u32) {
    let mut every = machine.every();
    let mut slices = 1;
    while !every.work(SLICE) {
        slices += 1;
    }
    (every.rows().to_vec(), slices)
}

fn row(rows: &[EveryRow], release: Release) -> &EveryRow {
    rows.iter().find(|row| row.release == release).expect("every release has a row")
}

fn known<T: Clone>(cell: &Option<Option<T>>) -> T {
    cell.clone().flatten().expect("the cell is known, and has something to say")
}

#[test]
fn a_table_of_a_machine_that_did_nothing_says_so_of_the_call_and_of_the_load() {
    let machine = standing(catalogue::find("sixteen-ports").expect("it is prepared").history());
    let (rows, slices) = whole(&machine);
    assert_eq!(rows.iter().map(|row| row.release).collect::<Vec<_>>(), Release::ALL);
    for row in rows {
        assert_eq!((&row.call, row.hold), (&Some(None), Some(None)), "{row:?}");
        // 16 ports for a minute: one connection in four seconds.
        assert_eq!(row.rate, Some(Some(Rate { holds: 0, fails: Some(1) })), "{row:?}");
    }
    assert!(slices < 2_000, "{slices}");
}

#[test]
fn the_call_under_the_glass_gets_what_it_gets_on_the_machine_of_that_release() {
    let prepared = catalogue::find("sixteen-ports").expect("it is prepared");
    for deeds in
        [&[Deed::Connect(1)][..], &[Deed::Connect(10), Deed::Connect(1)], &[Deed::UntilError]]
    {
        let mut machine = standing(prepared.history());
        for deed in deeds {
            does(&mut machine, deed.clone());
        }
        let at = machine.at();
        let mut every = machine.every();
        while every.rows().iter().any(|row| row.call.is_none()) {
            every.work(1);
        }
        for row in every.rows() {
            let got = known(&row.call);
            let mut history = machine.history().clone();
            history.config = history.config.on(row.release);
            let mut there = standing(history);
            there.go(at);
            let s = got.call.socket_name().expect("it's a connect");
            let port = there.kernel().socket(s).map_or(0, |socket| socket.num);
            assert_eq!(got.port, port, "{row:?}");
            if deeds == [Deed::UntilError] {
                // Every release asks each of the 16 ports once.
                assert_eq!((got.ret, got.port, got.probes), (ERROR_99, 0, 16), "{row:?}");
            } else {
                assert_eq!(got.ret, Ret::Ok);
            }
        }
    }
}

#[test]
fn the_last_connect_or_bind_is_told_of_and_the_moment_shown_counts() {
    let mut machine = standing(catalogue::find("sixteen-ports").expect("it is prepared").history());
    does(&mut machine, Deed::UntilError);
    let failed = machine.at();
    does(&mut machine, Deed::Advance(1_000));
    let call = |machine: &Machine| {
        let mut every = machine.every();
        every.work(1);
        while every.rows()[0].call.is_none() {
            every.work(1);
        }
        known(&every.rows()[0].call)
    };
    assert_eq!(call(&machine).ret, ERROR_99, "a sleep asks for no port");
    machine.go(Position { done: failed.done - 2, step: None });
    let got = call(&machine);
    assert_eq!((got.ret, got.port != 0), (Ret::Ok, true), "the connect before it");
}

#[test]
fn how_long_a_timewait_lasts_is_what_timers_of_the_release_and_hz_make_of_it() {
    let near = |ms: u64, figure: u64| ms.abs_diff(figure) <= 100;
    // The wheel turns by 512 jiffies, or by 4,096 at 1000 Hz, from 60 s and a jiffy on.
    for (hz, longest) in HZ.into_iter().zip([65_120, 62_048, 61_707, 64_096]) {
        let config = Config::of(Release::V6_12).ticking(hz);
        let rows = lives(&standing(History::new(config.clone())));
        for release in Release::ALL.into_iter().filter(|release| *release >= Release::V4_19) {
            let Lives { shortest_ms, longest_ms } = known(&row(&rows, release).lives);
            assert!((60_000..60_100).contains(&shortest_ms), "{release:?} {hz} {shortest_ms}");
            assert!(near(longest_ms, longest), "{release:?} {hz} {longest_ms}");
        }
        // Whoever asks for this alone hears the same.
        let alone = error99_replay::every::lives(&config, Addr::new(10, 0, 0, 2));
        assert_eq!(alone, row(&rows, Release::V6_12).lives.flatten(), "{hz}");
    }
    // The calendar of 7.5 s slips by six rounds when more than a hundred end in one of them.
    let rows = lives(&standing(History::new(Config::default())));
    for release in [Release::V2_6_32, Release::V3_10, Release::Rhel7] {
        let Lives { shortest_ms, longest_ms } = known(&row(&rows, release).lives);
        assert!((52_500..52_800).contains(&shortest_ms), "{release:?} {shortest_ms}");
        assert!((112_400..112_900).contains(&longest_ms), "{release:?} {longest_ms}");
    }
}

/// The rows, once it's known how long TIME_WAITs last.
fn lives(machine: &Machine) -> Vec<EveryRow> {
    let mut every = machine.every();
    while every.rows().iter().any(|row| row.lives.is_none()) {
        every.work(SLICE);
    }
    every.rows().to_vec()
}

#[test]
fn without_timewaits_there_is_nothing_to_say_of_them_and_any_rate_holds() {
    let none = Call::Sysctl { sysctl: Sysctl::MaxTwBuckets, value: SysctlValue::One(0) };
    let machine = thousand_ports(vec![Act::Call(none)]);
    let mut every = machine.every();
    while every.rows()[0].rate.is_none() {
        every.work(SLICE);
    }
    let row = &every.rows()[0];
    assert_eq!(row.lives, Some(None));
    assert_eq!(row.rate, Some(Some(Rate { holds: 2_000, fails: None })));
}

#[test]
fn the_highest_rate_of_a_thousand_ports_is_what_the_lives_of_timewaits_leave() {
    let (rows, _) = whole(&thousand_ports(vec![load(20)]));
    for (release, holds) in [
        // Up to 13.3 a second the calendar ends all that fall into a slot, after 60 s; from there
        // on it's late, and 14 a second for 97.8 s are more than a thousand.
        (Release::V2_6_32, 13),
        // 16 a second for 62.048 s are 993, 17 for 60 s are 1,020.
        (Release::V4_19, 16),
        (Release::V6_18, 16),
    ] {
        let rate = Rate { holds, fails: Some(holds + 1) };
        assert_eq!(row(&rows, release).rate, Some(Some(rate)), "{release:?}");
    }
    for row in &rows {
        // The thousandth is the last that gets a port, 20 a second, before any TIME_WAIT ends.
        assert_eq!(row.hold, Some(Some(Hold::Fails { after_ms: 50_000 })), "{row:?}");
    }
}

#[test]
fn whether_the_load_holds_is_a_matter_of_the_release() {
    let machine = thousand_ports(vec![load(16)]);
    let mut every = machine.every();
    while every.rows().iter().any(|row| row.hold.is_none()) {
        every.work(SLICE);
    }
    let hold = |release| known(&row(every.rows(), release).hold);
    assert_eq!(hold(Release::V6_18), Hold::Holds);
    assert_eq!(hold(Release::V4_19), Hold::Holds);
    assert!(matches!(hold(Release::V2_6_32), Hold::Fails { after_ms: 62_500.. }));
}

#[test]
fn the_knobs_as_they_stand_are_those_of_the_fresh_machines() {
    let range = Call::Sysctl { sysctl: Sysctl::PortRange, value: SysctlValue::Two(40_000, 40_499) };
    let machine = thousand_ports(vec![load(20), Act::Call(range)]);
    let mut every = machine.every();
    while every.rows()[0].hold.is_none() {
        every.work(SLICE);
    }
    // Half of the ports are filled in half of the time.
    assert_eq!(known(&every.rows()[0].hold), Hold::Fails { after_ms: 25_000 });
}

#[test]
fn the_busy_client_fails_on_each_of_the_oldest_three() {
    let mut machine = standing(catalogue::opening().history());
    machine.go(END);
    let mut every = machine.every();
    while every.rows()[2].hold.is_none() {
        every.work(SLICE);
    }
    for (row, probes) in every.rows().iter().zip([28_233, 28_233, 28_232]) {
        let got = known(&row.call);
        assert_eq!((got.ret, got.port, got.probes), (ERROR_99, 0, probes), "{row:?}");
        // 28,232 or 28,233 ports at 497 a second.
        let Hold::Fails { after_ms } = known(&row.hold) else { panic!("{row:?}") };
        assert!((56_800..56_810).contains(&after_ms), "{row:?}");
    }
}

#[test]
fn a_slice_does_no_more_than_it_is_given_and_one_cell_becomes_known_at_a_time() {
    let machine = thousand_ports(vec![load(20)]);
    let cells = |every: &Every| {
        let cells = |row: &EveryRow| {
            [row.call.is_some(), row.hold.is_some(), row.lives.is_some(), row.rate.is_some()]
        };
        every.rows().iter().flat_map(cells).filter(|known| *known).count()
    };
    let (mut small, mut known, mut slices) = (machine.every(), 0, 0_u64);
    while known < 9 {
        assert!(!small.work(1));
        let now = cells(&small);
        assert!(now <= known + 1);
        (known, slices) = (now, slices + 1);
    }
    assert!(slices > 20_000, "a slice of one unit is one call: {slices}");
}
