//! Mini-sockets and the calendars that end them.

use error99_kernel::{CalendarSlot, Substate, Tuple};
use error99_replay::frame::CallKind;
use error99_replay::steps::Ended;

use super::super::amounts::exact;
use super::event::peer;
use crate::lang::Lang;
use crate::text::event as t;
use crate::text::number::n;

/// A mini-socket took a connection's place.
pub fn made(
    lang: Lang,
    tuple: &Tuple,
    substate: Substate,
    stamp: u32,
    (slot, ends_ms): (CalendarSlot, u64),
) -> String {
    let state = match substate {
        Substate::FinWait2 => "FIN_WAIT2",
        Substate::TimeWait => "TIME_WAIT",
    };
    let (port, peer) = (n(tuple.lport), peer(tuple));
    let (slot, until) = (self::slot(lang, slot), exact(lang, ends_ms));
    match stamp {
        0 => t::timewait_made_unstamped(lang, port, peer, state, slot, until),
        _ => t::timewait_made(lang, port, peer, state, slot, until, stamp),
    }
}

/// The peer's FIN restarted one, or another segment its time.
pub fn restarted(
    lang: Lang,
    tuple: &Tuple,
    (slot, ends_ms): (CalendarSlot, u64),
    call: &CallKind,
) -> String {
    let (slot, until) = (self::slot(lang, slot), exact(lang, ends_ms));
    let say = match call {
        CallKind::TwFin => t::timewait_restarted,
        _ => t::timewait_again,
    };
    say(lang, n(tuple.lport), peer(tuple), slot, until)
}

/// One came to its end by its timer, or several at once.
pub fn over(lang: Lang, tuple: &Tuple, t_ms: u64, several: Option<Ended>) -> String {
    let time = exact(lang, t_ms);
    match several {
        None => t::timewait_over(lang, n(tuple.lport), peer(tuple), time),
        Some(ended) => {
            let (count, ports) = (n(ended.count), ports(lang, &ended));
            t::timewaits_over(lang, time, count, ports, n(ended.buckets))
        }
    }
}

/// A full socket waits before it becomes one.
pub fn fin_wait2_waits(lang: Lang, until_ms: u64) -> String {
    t::fin_wait2_waits(lang, exact(lang, until_ms))
}

/// It has waited.
pub fn fin_wait2_checked(lang: Lang, t_ms: u64, goes_on: bool) -> String {
    match goes_on {
        true => t::fin_wait2_goes_on(lang, exact(lang, t_ms)),
        false => t::fin_wait2_over(lang, exact(lang, t_ms)),
    }
}

/// Where the slow calendar stands at a tick.
pub struct Slots {
    /// The slot that was emptied.
    pub slot: u8,
    /// The slot that the next tick empties.
    pub next: u8,
    /// The pointer stays.
    pub slipped: bool,
}

/// The slow calendar ticked. A tick that ends nothing doesn't say where its pointer goes.
pub fn tick(
    lang: Lang,
    t_ms: u64,
    slots: Slots,
    hurries: bool,
    (count, ended): (u32, Ended),
) -> String {
    let (time, Slots { slot, next, slipped }) = (exact(lang, t_ms), slots);
    let (ports, buckets) = (ports(lang, &ended), n(ended.buckets));
    match (count, slipped) {
        (0, _) => t::tick_empty(lang, time, slot),
        (1, _) => t::tick_one(lang, time, slot, next),
        (_, false) => t::tick_many(lang, time, slot, n(count), ports, buckets, next),
        (_, true) if hurries => t::tick_slips_less(lang, time, slot, n(count), ports, buckets),
        (_, true) => t::tick_slips(lang, time, slot, n(count), ports, buckets),
    }
}

/// The fast calendar ticked.
pub fn fast_tick(lang: Lang, t_ms: u64, count: u32, ended: Option<Ended>) -> String {
    let (time, count) = (exact(lang, t_ms), n(count));
    match ended {
        None => t::fast_tick_few(lang, time, count),
        Some(ended) => t::fast_tick_many(lang, time, count, ports(lang, &ended), n(ended.buckets)),
    }
}

/// The first and the last port, in the order in which they end.
fn ports(lang: Lang, ended: &Ended) -> String {
    t::from_to(lang, n(ended.first), n(ended.last))
}

fn slot(lang: Lang, slot: CalendarSlot) -> String {
    match slot {
        CalendarSlot::Slow(slot) => t::slow_slot(lang, slot),
        CalendarSlot::Fast(row) => t::fast_row(lang, row),
        CalendarSlot::Wheel(level) => t::wheel_level(lang, level),
    }
}
