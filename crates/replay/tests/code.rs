//! The line of code that is shown belongs to the function that does what happens.

use error99_kernel::{
    Addr, Answer, Call, CloseHow, Config, Event, Release, SocketName, Sysctl, SysctlValue,
    TimewaitCause,
};
use error99_replay::history::Position;
use error99_replay::listing::Spot;
use error99_replay::{Act, History, Machine};

const SERVER: Addr = Addr::new(10, 0, 0, 2);
const S: SocketName = SocketName(0);

/// A machine that has made these calls, at the return of the last one.
fn machine(calls: impl IntoIterator<Item = Call>) -> Machine {
    machine_of(Release::V2_6_32, calls)
}

fn machine_of(release: Release, calls: impl IntoIterator<Item = Call>) -> Machine {
    let mut machine = Machine::open(History::new(Config::of(release))).expect("it boots");
    machine.act(calls.into_iter().map(Act::Call).collect()).expect("the calls fit");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine
}

/// What happens in the last call of a machine, with the line that each event lights.
fn told(mut machine: Machine) -> Vec<(Event, Option<Spot>)> {
    let mut told = Vec::new();
    machine.to_call_start();
    while machine.at().step.is_some() {
        let frame = machine.frame();
        told.extend(frame.event.map(|event| (event.told.event, frame.code.lit)));
        machine.step_forward();
    }
    told
}

/// The functions of the lines that some events light.
fn functions(told: &[(Event, Option<Spot>)], which: fn(&Event) -> bool) -> Vec<&'static str> {
    let lit = told.iter().filter(|(event, _)| which(event));
    lit.map(|(_, spot)| spot.expect("it's the kernel's doing").function(Release::V2_6_32)).collect()
}

/// The function that handles a sysctl in a release.
fn handler(sysctl: Sysctl, release: Release) -> &'static str {
    match sysctl {
        Sysctl::PortRange => "ipv4_local_port_range",
        Sysctl::FinTimeout => "proc_dointvec_jiffies",
        Sysctl::ReservedPorts => "proc_do_large_bitmap",
        Sysctl::UnprivilegedStart => "ipv4_privileged_ports",
        Sysctl::MaxTwBuckets | Sysctl::TwRecycle => "proc_dointvec",
        Sysctl::TwReuseDelay => "proc_douintvec_minmax",
        _ if release >= Release::V5_15 => "proc_dou8vec_minmax",
        Sysctl::SynRetries | Sysctl::AutobindReuse => "proc_dointvec_minmax",
        Sysctl::TwReuse if release >= Release::V4_19 => "proc_dointvec_minmax",
        _ => "proc_dointvec",
    }
}

#[test]
fn every_sysctl_lights_a_line_of_its_own_handler() {
    let values = [SysctlValue::One(0), SysctlValue::One(1), SysctlValue::One(-5)];
    let pairs = [(1_024, 65_535), (1_024, 70_000), (0, 5), (40_000, 30_000), (80, 90)];
    let pairs = pairs.map(|(low, high)| SysctlValue::Two(low, high));
    for release in Release::ALL {
        for sysctl in release.sysctls() {
            for value in values.iter().chain(&pairs) {
                let mut machine = machine_of(release, [Call::Sysctl { sysctl, value: *value }]);
                let returned = machine.frame();
                machine.to_call_start();
                for frame in [returned, machine.frame()] {
                    let lit = frame.code.lit.expect("a write has code");
                    let lines = frame.code_lines();
                    assert!(lines.iter().any(|line| line.spot == lit), "{release:?} {lit:?}");
                    for line in lines {
                        let function = line.spot.function(release);
                        assert_eq!(function, handler(sysctl, release), "{release:?} {sysctl:?}");
                    }
                }
            }
        }
    }
}

fn set(sysctl: Sysctl, value: i32) -> Call {
    Call::Sysctl { sysctl, value: SysctlValue::One(value) }
}

/// A connection that is closed, and a sleep, with a sysctl before each.
fn slept(before: Call, how: CloseHow, after: Call, ms: u64) -> Vec<(Event, Option<Spot>)> {
    let connect = Call::connect(S, SERVER, 80);
    let close = Call::close(S, how);
    told(machine([before, Call::Socket { s: S }, connect, close, after, Call::Advance { ms }]))
}

fn ends_a_timewait(event: &Event) -> bool {
    matches!(event, Event::TimewaitEnded { cause: TimewaitCause::Timer, .. })
}

fn ends_a_bucket(event: &Event) -> bool {
    matches!(event, Event::BucketDestroyed { .. })
}

#[test]
fn what_a_tick_ends_is_ended_by_the_calendar_that_ticks() {
    let recycle = |on| set(Sysctl::TwRecycle, on);
    let slow = slept(recycle(0), CloseHow::Active, recycle(0), 61_000);
    let fast = slept(recycle(1), CloseHow::Active, recycle(1), 5_000);
    for (told, function) in [(slow, "inet_twdr_hangman"), (fast, "inet_twdr_twcal_tick")] {
        for which in [ends_a_timewait, ends_a_bucket] {
            assert_eq!(functions(&told, which), [function], "{told:?}");
        }
    }
}

#[test]
fn a_socket_that_has_waited_in_fin_wait2_ends_by_its_own_timer() {
    let seconds = |seconds| set(Sysctl::FinTimeout, seconds);
    let checked = |event: &Event| matches!(event, Event::FinWait2Checked { .. });
    let goes_on = slept(seconds(75), CloseHow::FinWait2, seconds(75), 60_000);
    let is_freed = slept(seconds(75), CloseHow::FinWait2, seconds(30), 60_000);
    for (told, by) in [(goes_on, "inet_twdr_hangman"), (is_freed, "inet_put_port")] {
        assert_eq!(functions(&told, checked), ["tcp_keepalive_timer"], "{told:?}");
        assert_eq!(functions(&told, ends_a_bucket), [by], "{told:?}");
    }
}

#[test]
fn a_client_that_comes_in_is_no_answer_to_a_syn() {
    let l = SocketName(1);
    let accept = Call::Accept {
        l,
        s: SocketName(2),
        peer: SERVER,
        peer_port: 4_000,
        laddr: Addr::new(10, 0, 0, 1),
        peer_ts: true,
    };
    let bind = Call::Bind { s: l, addr: Addr::ANY, port: 8_080 };
    let in_the_end = told(machine([Call::Socket { s: l }, bind, Call::Listen { s: l }, accept]));
    assert!(!in_the_end.is_empty());
    for (event, spot) in &in_the_end {
        let spot = spot.expect("it's the kernel's doing");
        assert!(!matches!(spot, Spot::SynAck | Spot::Stamps), "{event:?} {spot:?}");
    }
    let out = told(machine([Call::Socket { s: S }, Call::connect(S, SERVER, 80)]));
    assert_eq!(out.last().and_then(|(_, spot)| *spot), Some(Spot::Stamps));
}

#[test]
fn lines_that_have_run_are_those_on_the_way_to_the_one_that_is_lit() {
    let mut machine = machine([Call::Socket { s: S }, Call::connect(S, SERVER, 80)]);
    machine.to_call_start();
    let mut lit = Vec::new();
    while machine.at().step.is_some() {
        let frame = machine.frame();
        let walk_line = frame.code.lit.filter(|spot| frame.reached(*spot));
        if let Some(spot) = walk_line {
            assert_eq!(frame.code.reached.last(), Some(&spot));
            lit.push(spot);
        }
        machine.step_forward();
    }
    use Spot::{Head, Loop, NoBucket, Offset, Port, Search, Take};
    // The bucket is made, and the walk ends, on the line that takes the port.
    assert_eq!(lit, [Offset, Loop, Port, Head, Search, NoBucket, Take, Take]);
}

/// A port that a closed connection left in TIME_WAIT, and the connect that comes to it.
fn comes_to_a_timewait(stamped: bool, tw_reuse: i32, wait_ms: u64) -> Machine {
    let again = SocketName(1);
    let range = Call::ForceRange { low: 40_000, high: 40_000 };
    let first = Call::Connect {
        s: S,
        dst: SERVER,
        dport: 80,
        establish: true,
        peer_ts: stamped,
        family: 2,
        addr_len: 16,
    };
    machine([
        range,
        set(Sysctl::TwReuse, tw_reuse),
        Call::Socket { s: S },
        first,
        Call::close(S, CloseHow::Active),
        Call::Advance { ms: wait_ms },
        Call::Socket { s: again },
        Call::connect(again, SERVER, 80),
    ])
}

#[test]
fn a_question_is_answered_on_its_own_line_and_settled_by_the_first_no() {
    use Answer::{No, Settled, Yes};
    let cases = [
        (false, 1, 5_000, [No, Settled, Settled]),
        (true, 0, 5_000, [Yes, No, Settled]),
        (true, 1, 1_000, [Yes, Yes, No]),
        (true, 1, 5_000, [Yes, Yes, Yes]),
    ];
    for (stamped, tw_reuse, wait_ms, answers) in cases {
        let mut machine = comes_to_a_timewait(stamped, tw_reuse, wait_ms);
        machine.to_call_start();
        while machine.at().step.is_some() {
            let frame = machine.frame();
            if let Some(check) = frame.check.as_ref().filter(|_| frame.event.is_none()) {
                let asked = [Spot::NoStamp, Spot::ReuseOff, Spot::TooYoung];
                let asked = asked.iter().filter(|spot| frame.reached(**spot)).count();
                let no = answers.iter().position(|answer| *answer == No);
                let known = if no.is_some_and(|no| no < asked) { 3 } else { asked };
                let said: Vec<_> = check.questions.iter().map(|view| view.answer).collect();
                let expected: Vec<_> =
                    (0..3).map(|at| (at < known).then_some(answers[at])).collect();
                assert_eq!(said, expected, "{:?}", frame.code.lit);
            }
            machine.step_forward();
        }
        let said = machine.frame().check.expect("it's the port's own").questions;
        assert_eq!(said.iter().map(|view| view.answer).collect::<Vec<_>>(), answers.map(Some));
    }
}
