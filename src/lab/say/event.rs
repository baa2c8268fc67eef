//! The sentence of an event: every kind, with its values. Whatever needs more than a line has a
//! function beside or a module of its own. Nothing here says `_`, so that no new event, and no
//! new reason in one, can be forgotten.

use error99_kernel::rules::{Rules, SearchRule, TimerRule};
use error99_kernel::{
    BoundCheck, Event, Fastreuse, Fastreuseport, OwnersAsked, SearchMet, SocketState,
    TimewaitCause, Tuple, Verdict, WalkEnd, WalkOrder,
};
use error99_replay::frame::CallKind;
use error99_replay::steps::Told;

use super::super::names::state_name;
use super::{knobs, refusal, timewait};
use crate::lang::Lang;
use crate::text::event as t;
use crate::text::number::{Grouped, n, signed};
use crate::text::step;

/// What happened in a call of that kind, on a kernel with these rules.
pub fn sentence(lang: Lang, rules: &Rules, told: &Told, call: &CallKind) -> String {
    use Event as E;
    match told.event {
        E::NoSuchSocket { s } => t::no_such_socket(lang, s),
        E::Problem(problem) => refusal::problem(lang, problem).into(),

        E::ConnectRefused(reason) => refusal::connect(lang, reason, call),
        E::Routed { source, destination, source_filled: true } if rules.gives_source_back => {
            t::route_lends_source(lang, destination, source)
        }
        E::Routed { source, destination, source_filled: true } => {
            t::route_gives_source(lang, destination, source)
        }
        E::Routed { source, destination, source_filled: false } => {
            t::route_found(lang, destination, source)
        }
        E::StampCleared { stamp } => t::stamp_cleared(lang, stamp),
        E::StampLent { stamp } => t::stamp_lent(lang, stamp),
        E::BoundStarted { port, .. } if rules.order.has_passes() => {
            t::bound_starts_at_once(lang, n(port))
        }
        E::BoundStarted { port, hash, hash_forced: false } => {
            t::bound_starts(lang, n(port), n(hash))
        }
        E::BoundStarted { port, hash, hash_forced: true } => {
            t::bound_starts_forced(lang, n(port), n(hash))
        }
        E::BoundChecked(check) => bound(lang, &check),
        E::WalkStarted { order, .. } => walk_loop(lang, &order),
        E::Probe(probe) => step::port(lang, n(probe.i), n(probe.port)),
        E::WalkEnded { reason, steps, port, hint_before, hint_after, .. } => {
            let hints = (n(hint_before), n(hint_after));
            walk_ended(lang, rules, reason, n(steps), port, hints)
        }
        E::TimewaitInherited { stamp } => t::inherits(lang, stamp),
        E::SynSent { tuple } => t::syn_sent(lang, local(&tuple), peer(&tuple)),
        E::SynFailed { errno } => t::syn_failed(lang, errno.name()),
        E::Established { timestamps: true } => t::established_with_stamps(lang).into(),
        E::Established { timestamps: false } => t::established_without(lang).into(),

        E::SearchStarted { offset, low, high, random, .. }
            if rules.search != SearchRule::OddFirst =>
        {
            let start = u32::from(low) + offset;
            t::search_starts(lang, n(start), n(low), n(high), n(random))
        }
        E::SearchStarted { offset, half, relaxed, low, high, random, .. } => {
            let place = match half {
                0 => t::in_whole_range,
                1 => t::in_lower_half,
                _ => t::in_upper_half,
            };
            let (place, start) = (place(lang, n(low), n(high)), n(u32::from(low) + offset));
            let searched = t::search_passes_twice(lang, place, start, n(random));
            let more = if relaxed { t::search_relaxed(lang) } else { "" };
            super::joined(lang, [searched, more.to_owned()])
        }
        E::SearchOccupied { port, fastreuse, num_owners, met, .. } => {
            occupied(lang, n(port), fastreuse, signed(num_owners), met)
        }
        E::SearchReserved { port } => t::search_reserved(lang, n(port)),
        E::SearchFree { port } => t::search_free(lang, n(port)),
        E::SearchExhausted => t::search_exhausted(lang).into(),
        E::ConnectionLearnt => t::connection_learnt(lang).into(),
        E::PortTried { port, smallest_size: -1 } => t::port_looked_up(lang, n(port)),
        E::PortTried { port, smallest_size } => {
            t::port_remembered(lang, n(port), signed(smallest_size))
        }
        E::PortHasBucket { fastreuse, fastreuseport, num_owners } if rules.options.reuseport => {
            let [fastreuse, fastreuseport] = flags(fastreuse, fastreuseport);
            t::has_flags(lang, fastreuse, fastreuseport, signed(num_owners))
        }
        E::PortHasBucket { fastreuse, num_owners, .. } => {
            has_bucket(lang, fastreuse, signed(num_owners))
        }
        E::ConflictTested { asked } => asked_owners(lang, rules.options.reuseport, asked).into(),
        E::PortJoined { port, fastreuse, fastreuseport, num_owners_before } => {
            let owners = signed(num_owners_before);
            match fastreuseport {
                Fastreuseport::Automatic => joined(lang, n(port), fastreuse, owners),
                _ => {
                    let [fastreuse, fastreuseport] = flags(fastreuse, fastreuseport);
                    t::joined_flags(lang, n(port), owners, fastreuse, fastreuseport)
                }
            }
        }
        E::BindRefused(reason) => refusal::port(lang, rules, "bind()", reason, call),
        E::ListenRefused(reason) => refusal::listen(lang, rules, reason, call),
        E::AlreadyListening => t::already_listens(lang).into(),
        E::AcceptRefused => t::not_accepted(lang).into(),
        E::CloseRefused => t::not_closed(lang).into(),
        E::SegmentIgnored => t::segment_ignored(lang).into(),

        E::StateChanged { from, to, .. } => state(lang, state_name(from), to),
        E::PortReleased { port } => t::port_released(lang, n(port)),
        E::PortKept { port } => t::port_kept(lang, n(port)),
        E::BucketCreated { port, bucket, fastreuse } => {
            t::bucket_created(lang, n(port), n(bucket), signed(fastreuse.value().into()))
        }
        E::BucketDestroyed { port, bucket } => t::bucket_destroyed(lang, n(port), n(bucket)),
        E::FastreuseLowered { port, from, to } => lowered(lang, n(port), from, to),

        E::TimewaitMade { tuple, substate, stamp, slot, ends_ms, .. } => {
            timewait::made(lang, &tuple, substate, stamp, (slot, ends_ms))
        }
        E::TimewaitRestarted { tuple, slot, ends_ms, .. } => {
            timewait::restarted(lang, &tuple, (slot, ends_ms), call)
        }
        E::TimewaitOverflow { tuple } => t::timewait_overflow(lang, n(tuple.lport), peer(&tuple)),
        E::TimewaitEnded { tuple, cause: TimewaitCause::Reuse, .. } => {
            t::timewait_taken(lang, n(tuple.lport), peer(&tuple))
        }
        E::TimewaitEnded { tuple, cause: TimewaitCause::Segment, .. } => {
            t::timewait_cut(lang, n(tuple.lport), peer(&tuple))
        }
        E::TimewaitEnded { tuple, cause: TimewaitCause::Timer, t_ms } => {
            timewait::over(lang, &tuple, t_ms, told.ended)
        }
        E::FinWait2Waits { until_ms } => timewait::fin_wait2_waits(lang, until_ms),
        E::FinWait2Checked { t_ms, goes_on } => timewait::fin_wait2_checked(lang, t_ms, goes_on),
        E::CalendarTick { t_ms, slot, next, ended, slipped } => {
            let slots = timewait::Slots { slot, next, slipped };
            let hurries = rules.timers == TimerRule::CalendarsThatHurry;
            timewait::tick(lang, t_ms, slots, hurries, (ended, told.ended.unwrap_or_default()))
        }
        E::FastTick { t_ms, ended } => timewait::fast_tick(lang, t_ms, ended, told.ended),
        E::PeerRemembered { addr, stamp, written: true } => t::peer_written(lang, addr, stamp),
        E::PeerRemembered { addr, stamp, written: false } => t::peer_not_written(lang, addr, stamp),

        E::SysctlWritten { sysctl, now, outcome } => knobs::sysctl(lang, sysctl, now, outcome),
        E::WallStepped { from, to } => knobs::wall(lang, from, to),
        E::Rekeyed => knobs::rekeyed(lang, call).into(),
    }
}

/// The remote end of a connection.
pub fn peer(tuple: &Tuple) -> String {
    format!("{}:{}", tuple.faddr, tuple.fport)
}

fn local(tuple: &Tuple) -> String {
    format!("{}:{}", tuple.laddr, tuple.lport)
}

fn bound(lang: Lang, check: &BoundCheck) -> String {
    let port = n(check.port);
    let stamp = check.check.timewait.map_or(0, |seen| seen.stamp);
    match check.verdict {
        Verdict::Shared | Verdict::New if check.sole_owner => t::bound_sole(lang, port),
        Verdict::Shared | Verdict::New => t::bound_unused(lang, port),
        Verdict::LiveSameTuple | Verdict::BindOwned | Verdict::NoMemory | Verdict::Reserved => {
            t::bound_alive(lang, port)
        }
        Verdict::Timewait(_) => t::bound_no_stamp(lang, port),
        Verdict::TimewaitTaken => t::bound_takes(lang, port, stamp),
    }
}

/// What the loop of a walk has before it.
pub fn walk_loop(lang: Lang, order: &WalkOrder) -> String {
    let say = match order.passes() {
        _ if order.ports() == 1 => return step::walk_one(lang, n(order.low())),
        0 | 1 => step::walk_loop,
        _ if order.ring() < order.ports() => step::walk_passes_odd,
        _ => step::walk_passes,
    };
    say(lang, n(order.ports()), n(order.low()), n(order.high()))
}

fn walk_ended(
    lang: Lang,
    rules: &Rules,
    reason: WalkEnd,
    steps: Grouped,
    port: Option<u16>,
    (before, after): (Grouped, Grouped),
) -> String {
    match reason {
        WalkEnd::Found => t::walk_found(lang, n(port.unwrap_or(0)), steps, before, after),
        WalkEnd::Exhausted => t::walk_exhausted(lang, steps, after),
        WalkEnd::NoMemory | WalkEnd::NoMemoryForAddress if rules.says_no_memory => {
            t::walk_no_memory_said(lang, steps, after)
        }
        WalkEnd::NoMemory | WalkEnd::NoMemoryForAddress => t::walk_no_memory(lang, steps, after),
        WalkEnd::EmptyRange => t::walk_empty(lang, after),
    }
}

fn occupied(
    lang: Lang,
    port: Grouped,
    fastreuse: Fastreuse,
    owners: Grouped,
    met: SearchMet,
) -> String {
    match (met, fastreuse) {
        (SearchMet::AnyConflict, _) => t::search_opposed_by_any(lang, port),
        (SearchMet::Conflict, _) => t::search_opposed(lang, port),
        (SearchMet::Shared { .. }, _) => t::search_unopposed(lang, port),
        (SearchMet::Crowded, _) => t::search_crowded(lang, port),
        (SearchMet::Passed, Fastreuse::Reusable) => t::search_may_remember(lang, port, owners),
        (SearchMet::Passed, Fastreuse::Automatic | Fastreuse::Exclusive) => {
            t::search_passes(lang, port, signed(fastreuse.value().into()), owners)
        }
    }
}

/// What the other owners of a named port said, where `SO_REUSEPORT` counts or there is none.
fn asked_owners(lang: Lang, reuseport: bool, asked: OwnersAsked) -> &'static str {
    match asked {
        OwnersAsked::Skipped => t::not_asked_at_all(lang),
        OwnersAsked::AnyConflict => t::conflict_with_any(lang),
        OwnersAsked::Conflict if reuseport => t::conflict_of_options(lang),
        OwnersAsked::Conflict => t::conflict(lang),
        OwnersAsked::Fine if reuseport => t::no_conflict_of_options(lang),
        OwnersAsked::Fine => t::no_conflict(lang),
    }
}

/// A bucket's two flags as they are shown.
fn flags(fastreuse: Fastreuse, fastreuseport: Fastreuseport) -> [Grouped; 2] {
    [fastreuse.value(), fastreuseport.value()].map(|value| signed(value.into()))
}

fn has_bucket(lang: Lang, fastreuse: Fastreuse, owners: Grouped) -> String {
    match fastreuse {
        Fastreuse::Automatic => t::has_automatic(lang, owners),
        Fastreuse::Exclusive => t::has_exclusive(lang, owners),
        Fastreuse::Reusable => t::has_reusable(lang, owners),
    }
}

fn joined(lang: Lang, port: Grouped, fastreuse: Fastreuse, owners: Grouped) -> String {
    match fastreuse {
        Fastreuse::Automatic => t::joined_shared(lang, port, owners),
        Fastreuse::Exclusive | Fastreuse::Reusable => {
            t::joined(lang, port, owners, signed(fastreuse.value().into()))
        }
    }
}

fn lowered(lang: Lang, port: Grouped, from: Fastreuse, to: Fastreuse) -> String {
    match (from, to) {
        (_, Fastreuse::Automatic) => t::recovered(lang, port),
        (Fastreuse::Automatic, _) => t::lowered_automatic(lang, port),
        (Fastreuse::Exclusive | Fastreuse::Reusable, _) => {
            t::lowered(lang, port, from.value(), to.value())
        }
    }
}

fn state(lang: Lang, from: &str, to: SocketState) -> String {
    match to {
        SocketState::SynSent => t::to_syn_sent(lang, from),
        SocketState::Established => t::to_established(lang).into(),
        SocketState::Listen => t::to_listen(lang, from),
        SocketState::FinWait1 => t::to_fin_wait1(lang, from),
        SocketState::FinWait2 => t::to_fin_wait2(lang, from),
        SocketState::TimeWait => t::to_time_wait(lang, from),
        SocketState::CloseWait => t::to_close_wait(lang, from),
        SocketState::LastAck => t::to_last_ack(lang, from),
        SocketState::Close => t::to_close(lang, from),
    }
}
