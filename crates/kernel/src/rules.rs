//! Releases of Linux, and the rules that each one goes by, as plain data.
//!
//! A release is a named set of rules and not a version number, since stable trees and
//! distributions carry changes back. Where releases differ there is one function for each
//! difference, with one `match` over the ways that there are; it runs once per call, never per
//! probe. To add a release is to add a constant here, and ways where the older ones don't do.
//!
//! | rule | the function that knows the ways |
//! | --- | --- |
//! | start of the walk | `Start::begin` ([`crate::start`]) |
//! | order of the walk | `OrderRule::order`, [`crate::order::WalkOrder`] |
//! | what is noted after success | `Start::note` ([`crate::start`]) |
//! | reuse of a mini-socket's 4-tuple | `ReuseRule::asking`, [`crate::question`] |
//! | when things end | [`crate::timers`] |
//! | search of `bind(…, 0)` | `Kernel::find_port` ([`crate::get_port`]) |
//! | conflicts in bind | `Kernel::bind_conflict` ([`crate::get_port`]) |

use crate::order::WalkOrder;

/// A release of Linux that the model knows. Its name stays what it is in links and files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Release {
    /// 2.6.32 as released.
    #[default]
    V2_6_32,
}

impl Release {
    /// All of them, oldest first.
    pub const ALL: [Release; 1] = [Release::V2_6_32];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Release::V2_6_32 => "2.6.32",
        }
    }

    /// The release of that name.
    pub fn parse(name: &str) -> Option<Release> {
        Release::ALL.into_iter().find(|release| release.name() == name)
    }

    pub(crate) const fn rules(self) -> &'static Rules {
        match self {
            Release::V2_6_32 => &V2_6_32,
        }
    }
}

/// The rules of a release.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) start: StartRule,
    pub(crate) order: OrderRule,
    pub(crate) noted: NotedRule,
    pub(crate) reuse: ReuseRule,
    pub(crate) timers: TimerRule,
    pub(crate) search: SearchRule,
    pub(crate) conflict: ConflictRule,
}

/// Where a walk starts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StartRule {
    /// At one hint for all destinations, plus a half-MD4 hash of this one.
    SharedHintHalfMd4,
}

/// In which order it visits ports.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OrderRule {
    /// Every port in turn.
    EveryPort,
}

/// What a walk that found a port leaves behind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NotedRule {
    /// Its steps are added to the hint.
    Steps,
}

/// When a mini-socket gives its 4-tuple up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ReuseRule {
    /// With `tcp_tw_reuse` on, once its stamp is more than one wall-clock second old.
    OverOneSecond,
}

/// What ends a mini-socket.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimerRule {
    /// Two calendars for all, one slow, one fast.
    Calendars,
}

/// How bind finds any port.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SearchRule {
    /// The first port without a bucket, or the shareable one with the fewest owners.
    FewestOwners,
}

/// Who is in the way of a bind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ConflictRule {
    /// Whoever has the same address, unless both have `SO_REUSEADDR` and nobody listens.
    ReuseAddr,
}

/// `net/ipv4` of Linux 2.6.32.
const V2_6_32: Rules = Rules {
    start: StartRule::SharedHintHalfMd4,
    order: OrderRule::EveryPort,
    noted: NotedRule::Steps,
    reuse: ReuseRule::OverOneSecond,
    timers: TimerRule::Calendars,
    search: SearchRule::FewestOwners,
    conflict: ConflictRule::ReuseAddr,
};

impl OrderRule {
    /// The order of a walk over a range.
    pub(crate) const fn order(self, (low, high): (u16, u16), offset: u32) -> WalkOrder {
        match self {
            OrderRule::EveryPort => WalkOrder::every_port(low, high, offset),
        }
    }
}
