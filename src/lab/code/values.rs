//! The live values of an event, under the names that the kernel has for them.

use error99_kernel::{CalendarSlot, Event, Tuple};
use error99_replay::steps::Told;

use super::super::amounts::exact;
use super::super::names::state_name;
use crate::lang::Lang;
use crate::text::number::{signed, thousands as n};

/// A name and its value.
type Value = (&'static str, String);

/// What the lit line works with.
pub fn of(lang: Lang, told: &Told) -> Vec<Value> {
    use Event as E;
    match told.event {
        E::Routed { source, destination, .. } => {
            vec![("src", source.to_string()), ("dst", destination.to_string())]
        }
        E::StampCleared { stamp } | E::StampLent { stamp } | E::TimewaitInherited { stamp } => {
            vec![("stamp", stamp.to_string())]
        }
        E::BoundStarted { port, hash, .. } => vec![("port", n(port)), ("hash", n(hash))],
        E::BoundChecked(check) => vec![
            ("port", n(check.port)),
            ("fastreuse", signed(check.fastreuse.value().into()).to_string()),
            ("owners", n(check.owners)),
            ("ehash", n(check.check.eslot)),
        ],
        E::SynSent { tuple } | E::TimewaitOverflow { tuple } | E::TimewaitEnded { tuple, .. } => {
            ends(&tuple)
        }
        E::SynFailed { errno } => vec![("errno", errno.name().into())],
        E::SearchStarted { offset, low, high, .. } => {
            let start = u32::from(low) + offset;
            vec![("low", n(low)), ("high", n(high)), ("start", n(start))]
        }
        E::SearchOccupied { port, fastreuse, num_owners, .. }
        | E::PortJoined { port, fastreuse, num_owners_before: num_owners, .. } => vec![
            ("port", n(port)),
            ("fastreuse", signed(fastreuse.value().into()).to_string()),
            ("num_owners", signed(num_owners).to_string()),
        ],
        E::PortHasBucket { fastreuse, num_owners, .. } => vec![
            ("fastreuse", signed(fastreuse.value().into()).to_string()),
            ("num_owners", signed(num_owners).to_string()),
        ],
        E::SearchFree { port }
        | E::SearchReserved { port }
        | E::PortTried { port, .. }
        | E::PortReleased { port }
        | E::PortKept { port } => vec![("port", n(port))],
        E::BucketCreated { port, bucket, .. } | E::BucketDestroyed { port, bucket } => {
            vec![("port", n(port)), ("bucket", n(bucket))]
        }
        E::FastreuseLowered { port, to, .. } => {
            vec![("port", n(port)), ("fastreuse", to.value().to_string())]
        }
        E::StateChanged { to, .. } => vec![("state", state_name(to).into())],
        E::TimewaitMade { tuple, slot, ends_ms, .. }
        | E::TimewaitRestarted { tuple, slot, ends_ms, .. } => {
            vec![
                ("port", n(tuple.lport)),
                ("slot", slot_number(slot)),
                ("ends", exact(lang, ends_ms)),
            ]
        }
        E::FinWait2Waits { until_ms: t_ms } | E::FinWait2Checked { t_ms, .. } => {
            vec![("time", exact(lang, t_ms))]
        }
        E::CalendarTick { t_ms, slot, ended, .. } => {
            vec![("time", exact(lang, t_ms)), ("slot", slot.to_string()), ("ended", n(ended))]
        }
        E::FastTick { t_ms, ended } => vec![("time", exact(lang, t_ms)), ("ended", n(ended))],
        E::PeerRemembered { addr, stamp, .. } => {
            vec![("peer", addr.to_string()), ("stamp", stamp.to_string())]
        }
        E::SysctlWritten { now, .. } => vec![("now", now.to_string())],
        E::NoSuchSocket { .. }
        | E::Problem(_)
        | E::ConnectRefused(_)
        | E::WalkStarted { .. }
        | E::Probe(_)
        | E::WalkEnded { .. }
        | E::Established { .. }
        | E::ConflictTested { .. }
        | E::BindRefused(_)
        | E::ListenRefused(_)
        | E::AlreadyListening
        | E::AcceptRefused
        | E::CloseRefused
        | E::ConnectionLearnt
        | E::SearchExhausted
        | E::SegmentIgnored
        | E::WallStepped { .. }
        | E::Rekeyed => Vec::new(),
    }
}

fn ends(tuple: &Tuple) -> Vec<Value> {
    vec![("port", n(tuple.lport)), ("dport", n(tuple.fport)), ("dst", tuple.faddr.to_string())]
}

fn slot_number(slot: CalendarSlot) -> String {
    match slot {
        CalendarSlot::Slow(slot) | CalendarSlot::Fast(slot) | CalendarSlot::Wheel(slot) => {
            slot.to_string()
        }
    }
}
