//! Every prepared machine does what its text claims.

use error99_kernel::{Addr, Errno, Fastreuse, Sysctl, TimewaitRefusal, Verdict};
use error99_replay::frame::{CallKind, Frame, Ret};
use error99_replay::history::Position;
use error99_replay::{ERROR_99, Machine, catalogue};

fn open(key: &str) -> Machine {
    let prepared = catalogue::find(key).unwrap_or_else(|| panic!("{key} is in the catalogue"));
    let mut machine = Machine::open(prepared.history()).expect("it opens");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine
}

/// What the connects made by hand returned, in order, with the port and the verdict of the
/// deciding probe.
fn connects(key: &str) -> Vec<(Ret, u16, Option<Verdict>)> {
    let mut machine = open(key);
    let calls: Vec<u32> = (0..machine.total()).collect();
    let mut seen = Vec::new();
    for call in calls {
        machine.to_call(call);
        let frame = machine.frame();
        let view = frame.call.expect("a call is under the glass");
        if matches!(view.kind, CallKind::Connect { .. }) && view.number.is_some() {
            let verdict = frame.walk.and_then(|walk| walk.probe).map(|probe| probe.verdict);
            seen.push((view.ret.expect("it returned"), view.port, verdict));
        }
    }
    seen
}

fn last(key: &str) -> Frame {
    open(key).frame()
}

fn ret(frame: &Frame) -> Option<Ret> {
    frame.call.as_ref().and_then(|call| call.ret)
}

#[test]
fn a_wider_range_heals_the_machine() {
    let seen = connects("healed-by-range");
    assert_eq!(seen[0].0, ERROR_99);
    assert_eq!((seen[1].0, seen[1].2), (Ret::Ok, Some(Verdict::New)));
    assert!(seen[1].1 > 32_799, "the port is one of the new ones");
}

#[test]
fn reuse_heals_the_machine() {
    let seen = connects("healed-by-reuse");
    assert_eq!(seen[0].0, ERROR_99);
    assert_eq!((seen[1].0, seen[1].2), (Ret::Ok, Some(Verdict::TimewaitTaken)));
}

#[test]
fn a_port_bound_to_another_address_is_refused_all_the_same() {
    let frame = last("bound-to-another-address");
    assert_eq!(ret(&frame), Some(ERROR_99));
    assert_eq!(frame.walk.expect("it walked").tally.bind, 4);
    assert_eq!(frame.machine.source, Addr::new(10, 0, 0, 1));
}

#[test]
fn a_bound_socket_takes_a_timewait_at_once_while_reuse_is_off() {
    let frame = last("bound-socket-takes-timewait");
    assert_eq!(ret(&frame), Some(Ret::Ok));
    assert!(frame.walk.is_none(), "nothing is searched");
    assert_eq!((frame.machine.sysctls.one(Sysctl::TwReuse), frame.machine.now_ms), (0, 0));
    assert_eq!(open("bound-socket-takes-timewait").kernel().tw_count(), 0);
}

#[test]
fn reuse_without_timestamps_takes_nothing_over() {
    let frame = last("reuse-without-timestamps");
    assert_eq!((ret(&frame), frame.machine.sysctls.one(Sysctl::TwReuse)), (Some(ERROR_99), 1));
    assert_eq!(frame.walk.expect("it walked").tally.no_stamp, 4);
}

#[test]
fn a_stamp_must_be_more_than_one_second_old() {
    let seen = connects("one-second-rule");
    let young = |age_s| Some(Verdict::Timewait(TimewaitRefusal::TooYoung { age_s }));
    assert_eq!((seen[0].0, seen[0].2), (ERROR_99, young(0)));
    assert_eq!((seen[1].0, seen[1].2), (ERROR_99, young(1)));
    assert_eq!((seen[2].0, seen[2].2), (Ret::Ok, Some(Verdict::TimewaitTaken)));
}

#[test]
fn under_load_a_timewait_lasts_over_97_seconds() {
    let machine = open("slipping-calendar");
    let kernel = machine.kernel();
    assert!(kernel.now_ms() >= 199_000);
    // Those of the second minute have settled into the slow rhythm.
    let longest = kernel.timewaits().map(|tw| tw.ends_ms - tw.began_ms).max();
    assert!(longest >= Some(97_500) && longest <= Some(112_500), "{longest:?}");
    let oldest = kernel.timewaits().map(|tw| kernel.now_ms() - tw.began_ms).max();
    assert!(oldest > Some(75_000), "{oldest:?}");
}

#[test]
fn ports_given_by_bind_zero_are_exclusive() {
    let machine = open("bind-port-zero");
    let frame = machine.frame();
    assert_eq!(ret(&frame), Some(ERROR_99));
    assert_eq!(frame.walk.expect("it walked").tally.bind, 8);
}

#[test]
fn a_bucket_joined_with_reuseaddr_stays_shareable() {
    let machine = open("shared-with-reuseaddr");
    let frame = machine.frame();
    assert_eq!(ret(&frame), Some(Ret::Ok));
    let verdict = frame.walk.and_then(|walk| walk.probe).map(|probe| probe.verdict);
    assert_eq!(verdict, Some(Verdict::Shared));
    let bucket = machine.kernel().bucket(40_000).expect("it is in use");
    assert_eq!((bucket.fastreuse, bucket.owners), (Fastreuse::Automatic, 3));
}

#[test]
fn a_walk_across_2_to_the_32_fails_with_three_ports_free() {
    let machine = open("wrap-at-2-32");
    let frame = machine.frame();
    assert_eq!(ret(&frame), Some(ERROR_99));
    assert_eq!(frame.walk.expect("it walked").missed, 3);
    assert_eq!(machine.ports().counts().free, 3);
}

#[test]
fn a_recycled_timewait_is_gone_within_a_second() {
    let seen = connects("tw-recycle");
    assert_eq!((seen[0].0, seen[1].0), (ERROR_99, Ret::Ok));
}

#[test]
fn a_finwait2_holds_the_port_and_is_taken_over_like_a_timewait() {
    let seen = connects("finwait2");
    let off = Some(Verdict::Timewait(TimewaitRefusal::ReuseOff));
    assert_eq!((seen[0].0, seen[0].2), (ERROR_99, off));
    assert_eq!((seen[1].0, seen[1].2), (Ret::Ok, Some(Verdict::TimewaitTaken)));
}

#[test]
fn a_socket_can_connect_to_itself() {
    let machine = open("self-connect");
    let frame = machine.frame();
    assert_eq!((ret(&frame), frame.call.expect("a call").port), (Some(Ret::Ok), 40_001));
    let socket = machine.kernel().sockets().next().expect("one socket");
    assert_eq!((socket.saddr, socket.sport), (socket.daddr, socket.dport));
}

/// Machines whose texts speak of a bind that fails.
const OF_BIND: [&str; 2] = ["bind-on-second-address", "no-port"];

#[test]
fn no_prepared_machine_ends_in_an_error_that_its_text_does_not_speak_of() {
    for prepared in catalogue::ALL {
        let mut machine = open(prepared.key);
        let hand = machine.history().loaded;
        if machine.history().acts.len() as u32 == hand {
            continue;
        }
        machine.to_mark(false);
        let other = match ret(&machine.frame()) {
            Some(Ret::Errno(errno)) => Some(errno),
            _ => None,
        };
        let spoken_of = match other {
            None | Some(Errno::EADDRNOTAVAIL) => true,
            Some(Errno::EADDRINUSE) => OF_BIND.contains(&prepared.key),
            Some(_) => false,
        };
        assert!(spoken_of, "{}: {other:?}", prepared.key);
    }
}
