use error99_kernel::{Kernel, SocketName, Sysctl, SysctlValue};

use super::*;
use crate::catalogue;
use crate::frame::{ERROR_99, Ret};
use crate::grid::Parity;

const SERVER: Addr = Addr::new(10, 0, 0, 2);

/// A host of 32 ports, to which nothing was done.
fn small(release: Release) -> Saved {
    let config = Config {
        sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(40_000, 40_031))],
        ..Config::default().on(release)
    };
    let client = Client { dst: SERVER, dport: 80 };
    Saved { history: History::new(config), client }
}

fn pair(saved: &Saved, with: Release) -> Pair {
    Pair::standing(saved, with).expect("both boot")
}

fn does(pair: &mut Pair, deed: Deed) {
    assert!(pair.act(deed.clone()).expect("it has room"), "{deed:?}");
    pair.work_all();
}

fn seen(pair: &Pair, topic: Topic) -> Option<TopicSeen> {
    pair.rows().into_iter().find(|row| row.topic == topic).expect("they differ there").seen
}

/// The calls that a machine has made, made again on a kernel of its own.
fn calls(saved: &Saved) -> Vec<(Call, i32)> {
    let mut kernel = Kernel::new(&saved.history.config).expect("it boots");
    let mut legs = crate::run::legs(&saved.history, saved.history.tip);
    let mut state = crate::run::State::boot(kernel.clone());
    let mut made = Vec::new();
    while let Some(call) = state.next_call(&saved.history, &mut legs) {
        state.make(&call);
        made.push((call.clone(), kernel.apply(&call).ret));
    }
    made
}

#[test]
fn with_half_the_range_in_use_one_kernel_probes_once_and_the_other_passes_half_of_it() {
    let mut pair = pair(&usual(), USUAL_OTHER);
    let view = pair.view();
    assert_eq!(view.facing.contrast, Contrast::Probes);
    assert_eq!(view.facing.fill, Fill::Half);
    let [Some(one), Some(other)] = view.facing.probes else { panic!("both walk") };
    assert_eq!(one, 1);
    // Every port of the first pass, and one of the second at least.
    let first_pass = view.ports[1].cells.len() as u32 / 2;
    assert!(other > first_pass, "{other} of {first_pass}");
    assert_eq!(view.facing.passed, [None, Some((Parity::Even, first_pass))]);
    let figures = seen(&pair, Topic::Order).map(|seen| seen.figures);
    assert_eq!(figures, Some([1, other.into()]));
    println!("half of the range in use: {one} and {other} probes");
}

#[test]
fn neighbours_differ_in_something_that_is_modelled_and_none_from_itself() {
    for two in Release::ALL.windows(2) {
        let rows = differing([two[0], two[1]]);
        assert!(!rows.is_empty(), "{two:?}");
        assert_eq!(rows, differing([two[1], two[0]]), "whichever stands first");
    }
    for release in Release::ALL {
        assert_eq!(differing([release, release]), []);
    }
}

#[test]
fn a_machine_beside_itself_shows_no_difference() {
    for prepared in catalogue::ALL {
        let saved = prepared.saved();
        if saved.history.work().connects > 20_000 {
            continue;
        }
        let mut pair = pair(&saved, saved.history.config.release);
        assert!(pair.watch.stops().is_empty(), "{}", prepared.key);
        let view = pair.view();
        assert!(view.rows.is_empty() && view.frames[0] == view.frames[1], "{}", prepared.key);
        assert!(matches!(view.facing.contrast, Contrast::Same | Contrast::Nothing));
    }
}

#[test]
fn every_prepared_machine_stands_beside_every_release() {
    for prepared in catalogue::ALL {
        let saved = prepared.saved();
        if saved.history.work().connects > 1_000 {
            continue;
        }
        for with in Release::ALL {
            let mut pair = pair(&saved, with);
            let view = pair.view();
            // A difference is seen only in runs that differ.
            for PairRow { topic, seen } in &view.rows {
                assert!(seen.is_none_or(|seen| seen.figures[0] != seen.figures[1]), "{topic:?}");
            }
        }
    }
}

#[test]
fn what_is_done_is_done_to_both() {
    let saved = small(Release::V2_6_32);
    let mut pair = pair(&saved, Release::V6_18);
    for deed in [
        Deed::Connect(1),
        Deed::Connect(20),
        Deed::Connect(1),
        Deed::CloseNewest(CloseHow::Active),
        Deed::Advance(10_000),
        Deed::Connect(12),
        Deed::Connect(1),
    ] {
        does(&mut pair, deed.clone());
        let both = [pair.saved(0), pair.saved(1)].map(|saved| calls(&saved));
        let without_results = |made: &Vec<(Call, i32)>| -> Vec<Call> {
            made.iter().map(|(call, _)| call.clone()).collect()
        };
        assert_eq!(without_results(&both[0]), without_results(&both[1]), "{deed:?}");
        assert_eq!(pair.machines[0].total(), pair.machines[1].total());
    }
    let view = pair.view();
    assert_eq!(view.frames.map(|frame| frame.call.and_then(|call| call.ret)), [Some(ERROR_99); 2]);
    assert_eq!(view.facing.fill, Fill::Full);
}

#[test]
fn the_steps_lead_from_difference_to_difference_as_two_kernels_alone_say() {
    let mut pair = pair(&small(Release::V2_6_32), Release::V6_18);
    does(&mut pair, Deed::Connect(25));
    does(&mut pair, Deed::Advance(1_000));
    let [one, other] = [pair.saved(0), pair.saved(1)];
    // The same calls on two kernels of this test's own.
    let made = calls(&one);
    let steps = |saved: &Saved| {
        let mut kernel = Kernel::new(&saved.history.config).expect("it boots");
        made.iter().map(|(call, _)| kernel.apply(call)).collect::<Vec<_>>()
    };
    let [a, b] = [steps(&one), steps(&other)];
    let apart = (1..).zip(a.iter().zip(&b)).filter(|(_, (a, b))| a != b);
    let expected: Vec<u32> = apart.map(|(call, _)| call).collect();
    assert!(expected.len() > 3, "{expected:?}");
    pair.go(0);
    for call in &expected {
        assert!(!pair.step().expect("nothing is done"), "it only goes there");
        assert_eq!(pair.moment(), *call);
        assert_ne!(pair.view().facing.contrast, Contrast::Same);
    }
    // Behind the last one the client goes on.
    assert!(pair.step().expect("it has room"));
    pair.work_all();
    assert_eq!(pair.moment(), made.len() as u32 + 2);
    assert_eq!(pair.difference_before().map(|stop| stop.done), expected.last().copied());
}

#[test]
fn what_is_undone_gives_way_to_what_is_done_then() {
    let mut pair = pair(&small(Release::V2_6_32), Release::V6_18);
    does(&mut pair, Deed::Connect(1));
    does(&mut pair, Deed::Connect(3));
    does(&mut pair, Deed::Connect(1));
    let moments = [8, 2, 0].map(|expected| {
        pair.undo();
        (pair.moment(), expected)
    });
    assert!(moments.iter().all(|(is, expected)| is == expected), "{moments:?}");
    pair.undo();
    assert_eq!(pair.moment(), 0);
    pair.go(2);
    does(&mut pair, Deed::Advance(5));
    assert_eq!((pair.moment(), pair.machines[1].total()), (3, 3));
    let again = Pair::standing(&pair.saved(0), Release::V6_18).map(|mut again| again.view());
    assert_eq!(again.ok(), Some(pair.view()), "as from a link");
}

#[test]
fn a_run_that_is_stopped_ends_for_both_at_the_same_call() {
    let mut pair = pair(&small(Release::V2_6_32), Release::V6_18);
    assert!(pair.act(Deed::Connect(1_000)).expect("it has room"));
    for _ in 0..40 {
        pair.work(200);
    }
    pair.stop();
    pair.work_all();
    let [one, other] = pair.machines.each_ref().map(Machine::total);
    assert!(one == other && one > 2 && one < 2_000, "{one} {other}");
    assert_eq!(pair.saved(0).history.acts, pair.saved(1).history.acts);
    does(&mut pair, Deed::Connect(1));
    assert_eq!(pair.machines.each_ref().map(Machine::total), [one + 2; 2]);
}

#[test]
fn timers_are_seen_once_time_waits_end_at_other_moments() {
    let mut pair = pair(&small(Release::V2_6_32), Release::V6_18);
    does(&mut pair, Deed::Connect(1));
    does(&mut pair, Deed::CloseNewest(CloseHow::Active));
    does(&mut pair, Deed::Advance(10_000));
    assert_eq!(seen(&pair, Topic::Timers), None, "both wait");
    does(&mut pair, Deed::Advance(50_500));
    let figures = seen(&pair, Topic::Timers).map(|seen| seen.figures);
    // A timer of its own lasts a little longer than a minute; the calendar ends it before.
    assert_eq!(figures, Some([1, 0]));
    assert_eq!(pair.view().facing.contrast, Contrast::Ended([1, 0]));
    pair.undo();
    assert_eq!(seen(&pair, Topic::Timers), None, "not yet, at this moment");
}

#[test]
fn reuse_is_seen_once_one_takes_over_what_the_other_leaves() {
    // All ports are in TIME_WAIT at once; a second of the clock ends before a second has passed.
    let mut saved = small(Release::V6_12);
    saved.history.config.sysctl.push((Sysctl::TwReuse, SysctlValue::One(1)));
    let close = crate::load::LoadClose::Active;
    for (with, expected) in [(Release::V6_18, Some([1, 0])), (Release::V6_6, None)] {
        let mut pair = pair(&saved, with);
        does(&mut pair, Deed::Advance(500));
        does(&mut pair, Deed::Load { per_second: 1_000, hold_ms: 0, seconds: 1, close });
        let row = pair.rows().into_iter().find(|row| row.topic == Topic::Reuse);
        let figures = row.and_then(|row| row.seen).map(|seen| seen.figures);
        assert_eq!(figures, expected, "beside {with:?}");
    }
}

#[test]
fn what_a_boot_shows_is_seen_at_once() {
    let mut saved = small(Release::V2_6_32);
    saved.history.config.sysctl.clear();
    let pair = pair(&saved, Release::V6_18);
    let ports = pair.view_ports();
    assert_eq!(seen(&pair, Topic::Range).map(|seen| seen.figures), Some(ports));
    assert!(seen(&pair, Topic::ReuseAtBoot).is_some());
    let same_range = Pair::standing(&small(Release::V2_6_32), Release::V6_18).expect("both boot");
    assert_eq!(seen(&same_range, Topic::Range), None, "both were given the same one");
}

#[test]
fn the_machines_of_a_pair_open_alone() {
    let mut pair = pair(&small(Release::V2_6_32), Release::V6_18);
    does(&mut pair, Deed::Connect(1));
    let view = pair.view();
    for (side, frame) in view.frames.iter().enumerate() {
        let alone = Machine::standing(&pair.saved(side)).expect("it boots").frame();
        assert_eq!(&alone, frame);
        assert_eq!(alone.call.and_then(|call| call.ret), Some(Ret::Ok));
    }
}

#[test]
fn another_release_on_one_side_makes_the_same_calls() {
    let mut first = pair(&small(Release::V2_6_32), Release::V6_18);
    does(&mut first, Deed::Connect(3));
    for (side, expected) in
        [(0, [Release::V4_19, Release::V6_18]), (1, [Release::V2_6_32, Release::V4_19])]
    {
        let mut next = first.with(side, Release::V4_19).expect("both boot");
        next.work_all();
        assert_eq!((next.releases(), next.moment()), (expected, first.moment()));
        assert_eq!(next.saved(0).history.acts, first.saved(0).history.acts);
    }
}

#[test]
fn closes_are_asked_of_whoever_has_a_connection() {
    let mut pair = pair(&small(Release::V2_6_32), Release::V6_18);
    does(&mut pair, Deed::Open);
    let s = SocketName(0);
    does(&mut pair, Deed::CloseSocket(s, CloseHow::Active));
    assert_eq!(
        pair.machines[0].history().acts.last().map(|node| node.act.clone()),
        Some(Act::Call(Call::close(s, CloseHow::Plain)))
    );
}

impl Pair {
    /// How many ports either range has.
    fn view_ports(&self) -> [i64; 2] {
        self.machines.each_ref().map(|machine| machine.ports().cells.len() as i64)
    }
}
