//! The sentence of an event: every kind, with its values. Whatever needs more than a line has a
//! function beside or a module of its own. Nothing here says `_`, so that no new event, and no
//! new reason in one, can be forgotten.

use error99_kernel::{
    BoundCheck, Event, Fastreuse, OwnersAsked, SocketState, TimewaitCause, Tuple, Verdict, WalkEnd,
};
use error99_replay::frame::CallKind;
use error99_replay::steps::Told;

use super::super::amounts::signed;
use super::super::names::state_name;
use super::{knobs, refusal, timewait};
use crate::lang::Lang;
use crate::text::event as t;
use crate::text::number::thousands as n;
use crate::text::step;

/// What happened in a call of that kind.
pub fn sentence(lang: Lang, told: &Told, call: &CallKind) -> String {
    use Event as E;
    match told.event {
        E::NoSuchSocket { s } => t::no_such_socket(lang, s),
        E::Problem(problem) => refusal::problem(lang, problem).into(),

        E::ConnectRefused(reason) => refusal::connect(lang, reason, call),
        E::Routed { source, destination, source_filled: true } => {
            t::route_gives_source(lang, destination, source)
        }
        E::Routed { source, destination, source_filled: false } => {
            t::route_found(lang, destination, source)
        }
        E::StampCleared { stamp } => t::stamp_cleared(lang, stamp),
        E::StampLent { stamp } => t::stamp_lent(lang, stamp),
        E::BoundStarted { port, hash, hash_forced: false } => {
            t::bound_starts(lang, n(port), n(hash))
        }
        E::BoundStarted { port, hash, hash_forced: true } => {
            t::bound_starts_forced(lang, n(port), n(hash))
        }
        E::BoundChecked(check) => bound(lang, &check),
        E::WalkStarted { order, .. } => {
            step::walk_loop(lang, n(order.ports()), n(order.low()), n(order.high()))
        }
        E::Probe(probe) => step::port(lang, n(probe.i), n(probe.port)),
        E::WalkEnded { reason, steps, port, hint_before, hint_after, .. } => {
            walk_ended(lang, reason, n(steps), port, (n(hint_before), n(hint_after)))
        }
        E::TimewaitInherited { stamp } => t::inherits(lang, stamp),
        E::SynSent { tuple } => t::syn_sent(lang, local(&tuple), peer(&tuple)),
        E::SynFailed { errno } => t::syn_failed(lang, errno.name()),
        E::Established { timestamps: true } => t::established_with_stamps(lang).into(),
        E::Established { timestamps: false } => t::established_without(lang).into(),

        E::SearchStarted { offset, low, high, random, .. } => {
            let start = u32::from(low) + offset;
            t::search_starts(lang, n(start), n(low), n(high), n(random))
        }
        E::SearchOccupied { port, fastreuse, num_owners, .. } => {
            occupied(lang, n(port), fastreuse, signed(num_owners))
        }
        E::SearchReserved { port } => t::search_reserved(lang, n(port)),
        E::SearchFree { port } => t::search_free(lang, n(port)),
        E::SearchExhausted | E::ConnectionLearnt => String::new(),
        E::PortTried { port, smallest_size: -1 } => t::port_looked_up(lang, n(port)),
        E::PortTried { port, smallest_size } => {
            t::port_remembered(lang, n(port), signed(smallest_size))
        }
        E::PortHasBucket { fastreuse, num_owners, .. } => {
            has_bucket(lang, fastreuse, signed(num_owners))
        }
        E::ConflictTested { asked: OwnersAsked::Conflict | OwnersAsked::AnyConflict } => {
            t::conflict(lang).into()
        }
        E::ConflictTested { asked: OwnersAsked::Fine | OwnersAsked::Skipped } => {
            t::no_conflict(lang).into()
        }
        E::PortJoined { port, fastreuse, num_owners_before, .. } => {
            joined(lang, n(port), fastreuse, signed(num_owners_before))
        }
        E::BindRefused(reason) => refusal::port(lang, "bind()", reason, call),
        E::ListenRefused(reason) => refusal::listen(lang, reason, call),
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
            timewait::restarted(lang, &tuple, slot, ends_ms)
        }
        E::TimewaitOverflow { tuple } => t::timewait_overflow(lang, n(tuple.lport), peer(&tuple)),
        E::TimewaitEnded { tuple, cause: TimewaitCause::Reuse, .. } => {
            t::timewait_taken(lang, n(tuple.lport), peer(&tuple))
        }
        E::TimewaitEnded { tuple, cause: TimewaitCause::Timer | TimewaitCause::Segment, t_ms } => {
            timewait::over(lang, &tuple, t_ms)
        }
        E::FinWait2Waits { until_ms } => timewait::fin_wait2_waits(lang, until_ms),
        E::FinWait2Checked { t_ms, goes_on } => timewait::fin_wait2_checked(lang, t_ms, goes_on),
        E::CalendarTick { t_ms, slot, next, ended, slipped } => {
            let slots = timewait::Slots { slot, next, slipped };
            timewait::tick(lang, t_ms, slots, ended, told.ended.unwrap_or_default())
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

fn walk_ended(
    lang: Lang,
    reason: WalkEnd,
    steps: String,
    port: Option<u16>,
    (before, after): (String, String),
) -> String {
    match reason {
        WalkEnd::Found => t::walk_found(lang, n(port.unwrap_or(0)), steps, before, after),
        WalkEnd::Exhausted => t::walk_exhausted(lang, steps, after),
        WalkEnd::NoMemory | WalkEnd::NoMemoryForAddress => t::walk_no_memory(lang, steps, after),
        WalkEnd::EmptyRange => t::walk_empty(lang, after),
    }
}

fn occupied(lang: Lang, port: String, fastreuse: Fastreuse, owners: String) -> String {
    match fastreuse {
        Fastreuse::Reusable => t::search_may_remember(lang, port, owners),
        Fastreuse::Automatic | Fastreuse::Exclusive => {
            t::search_passes(lang, port, signed(fastreuse.value().into()), owners)
        }
    }
}

fn has_bucket(lang: Lang, fastreuse: Fastreuse, owners: String) -> String {
    match fastreuse {
        Fastreuse::Automatic => t::has_automatic(lang, owners),
        Fastreuse::Exclusive => t::has_exclusive(lang, owners),
        Fastreuse::Reusable => t::has_reusable(lang, owners),
    }
}

fn joined(lang: Lang, port: String, fastreuse: Fastreuse, owners: String) -> String {
    match fastreuse {
        Fastreuse::Automatic => t::joined_shared(lang, port, owners),
        Fastreuse::Exclusive | Fastreuse::Reusable => {
            t::joined(lang, port, owners, signed(fastreuse.value().into()))
        }
    }
}

fn lowered(lang: Lang, port: String, from: Fastreuse, to: Fastreuse) -> String {
    match from {
        Fastreuse::Automatic => t::lowered_automatic(lang, port),
        Fastreuse::Exclusive | Fastreuse::Reusable => {
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
