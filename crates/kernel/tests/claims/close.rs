//! Claims about close, and about what ends later: TIME_WAITs, their calendar, peers' stamps.

use error99_kernel::{CalendarSlot, Call, CloseHow, Event, Kernel, Substate, Sysctl};

use crate::machine::{close, events, full_machine, open, s, set};

#[test]
fn a_time_wait_says_where_it_waits_and_until_when() {
    let mut kernel = full_machine(2);
    let told = events(&mut kernel, &Call::close(s(0), CloseHow::Active));
    let made = told.iter().find_map(|event| match *event {
        Event::TimewaitMade { substate, slot, ends_ms, .. } => Some((substate, slot, ends_ms)),
        _ => None,
    });
    assert_eq!(made, Some((Substate::TimeWait, CalendarSlot::Slow(7), 60_000)));
    set(&mut kernel, Sysctl::TwRecycle, 1);
    let told = events(&mut kernel, &Call::close(s(1), CloseHow::Active));
    let fast = |event: &Event| {
        matches!(event, Event::TimewaitMade { slot: CalendarSlot::Fast(6), ends_ms: 768, .. })
    };
    assert!(told.iter().any(fast), "{told:?}");
    assert_eq!(kernel.timewaits().map(|mini| mini.ends_ms).collect::<Vec<_>>(), [60_000, 768]);
}

#[test]
fn the_101st_time_wait_of_a_slot_makes_the_calendar_slip() {
    let mut kernel = full_machine(101);
    for number in 0..101 {
        close(&mut kernel, number);
    }
    open(&mut kernel, 200);
    kernel.apply(&Call::Advance { ms: 1 });
    let told = events(&mut kernel, &Call::Advance { ms: 60_000 });
    let ticks: Vec<_> = told
        .iter()
        .filter_map(|event| match *event {
            Event::CalendarTick { t_ms, ended, slipped, .. } if ended > 0 => {
                Some((t_ms, ended, slipped))
            }
            _ => None,
        })
        .collect();
    assert_eq!(ticks, [(60_000, 101, true)]);
    assert_eq!(kernel.calendar_pointer(), 7);
}

#[test]
fn an_older_stamp_never_replaces_a_peers_newer_one_however_old_that_is() {
    let mut kernel = full_machine(2);
    set(&mut kernel, Sysctl::TwRecycle, 1);
    let remembered = |kernel: &mut Kernel, number, stamp_now| {
        let call = Call::Close { s: s(number), how: CloseHow::Active, stamp_now };
        events(kernel, &call).into_iter().find_map(|event| match event {
            Event::PeerRemembered { written, .. } => Some(written),
            _ => None,
        })
    };
    kernel.apply(&Call::Advance { ms: 10_000 });
    assert_eq!(remembered(&mut kernel, 0, true), Some(true));
    kernel.apply(&Call::Advance { ms: 90_000 });
    assert_eq!(remembered(&mut kernel, 1, false), Some(false));
}

#[test]
fn of_two_timers_in_one_millisecond_the_one_armed_first_runs_first() {
    let mut kernel = full_machine(3);
    let half = |number| Call::close(s(number), CloseHow::FinWait2);
    set(&mut kernel, Sysctl::TwRecycle, 1);
    set(&mut kernel, Sysctl::FinTimeout, 2);
    // A fast row that is due at 2,048 ms …
    kernel.apply(&half(0));
    kernel.apply(&Call::Advance { ms: 1_048 });
    // … a full socket that waits until the same millisecond …
    set(&mut kernel, Sysctl::FinTimeout, 61);
    kernel.apply(&half(1));
    kernel.apply(&Call::Advance { ms: 232 });
    // … and one more fast entry for it, which doesn't arm the timer anew.
    close(&mut kernel, 2);
    let told = events(&mut kernel, &Call::Advance { ms: 768 });
    let order: Vec<_> = told
        .iter()
        .filter_map(|event| match *event {
            Event::FastTick { t_ms, ended } => Some(("calendar", t_ms, ended)),
            Event::FinWait2Checked { t_ms, .. } => Some(("full socket", t_ms, 0)),
            _ => None,
        })
        .collect();
    assert_eq!(order, [("calendar", 2_048, 2), ("full socket", 2_048, 0)]);
}
