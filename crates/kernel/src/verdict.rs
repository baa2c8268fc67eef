//! The words of events: verdicts, refusals, and what a check saw.

use crate::errno::Errno;
use crate::question::TimewaitSeen;

/// What a bind bucket lets others do with its port (`fastreuse` of `inet_bind_bucket`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i8)]
pub enum Fastreuse {
    /// −1: made by automatic choice in connect, which may share it for another 4-tuple.
    Automatic = -1,
    /// 0: made by, or lowered for, a bind without `SO_REUSEADDR` or a listen.
    Exclusive = 0,
    /// 1: every bind had `SO_REUSEADDR`, and nobody listens.
    Reusable = 1,
}

impl Fastreuse {
    /// −1, 0 or 1.
    pub const fn value(self) -> i8 {
        self as i8
    }
}

/// What kind of mini-socket stands in for a closed connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Substate {
    /// 5: the peer hasn't closed its side yet.
    FinWait2 = 5,
    /// 6: both sides are closed.
    TimeWait = 6,
}

/// Why a mini-socket isn't taken over, in the kernel's order of asking (`tcp_twsk_unique`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimewaitRefusal {
    /// The connection had no timestamps.
    NoStamp,
    /// It has a stamp, but `tcp_tw_reuse` is 0.
    ReuseOff,
    /// The stamp isn't more than one whole second old.
    TooYoung {
        /// Its age in whole seconds, 0 or 1.
        age_s: u32,
    },
}

/// What became of a probed port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No bucket: the port is taken without an established check.
    New,
    /// A bucket with `fastreuse` 0 or 1: skipped, whatever its sockets do.
    BindOwned,
    /// Bucket −1, and a live connection has this very 4-tuple.
    LiveSameTuple,
    /// Bucket −1, and a mini-socket with this 4-tuple isn't given up.
    Timewait(TimewaitRefusal),
    /// Bucket −1, and the mini-socket with this 4-tuple is taken over.
    TimewaitTaken,
    /// Bucket −1, and nobody has this 4-tuple: the port is shared.
    Shared,
    /// No bucket, and no memory to make one: the whole walk fails.
    NoMemory,
}

impl Verdict {
    /// Whether the walk ends here with a port.
    pub const fn takes_port(self) -> bool {
        matches!(self, Verdict::New | Verdict::TimewaitTaken | Verdict::Shared)
    }
}

/// What the established check of a port looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EstablishedCheck {
    /// Hash of the 4-tuple (`inet_ehashfn`).
    pub ehash: u32,
    /// Slot of the established table.
    pub eslot: u32,
    /// The mini-socket with this 4-tuple, if one was met.
    pub timewait: Option<TimewaitSeen>,
}

/// One probed port of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Which probe of this walk, from 1.
    pub i: u32,
    /// The port.
    pub port: u16,
    /// Index of its bind chain.
    pub bucket: u32,
    /// Chain entries looked at, the match included.
    pub scanned: u32,
    /// The port's bucket; `None` if it has none.
    pub fastreuse: Option<Fastreuse>,
    /// The established check, if the bucket was −1.
    pub check: Option<EstablishedCheck>,
    /// What became of the port.
    pub verdict: Verdict,
}

/// The established check of a socket that already had a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundCheck {
    /// The port.
    pub port: u16,
    /// Entries of the bucket's owner list.
    pub owners: u32,
    /// `num_owners` of the bucket.
    pub num_owners: i32,
    /// `fastreuse` of the bucket.
    pub fastreuse: Fastreuse,
    /// The owner list is this socket alone: the short cut was meant for this, and is never
    /// taken, because it compares the wrong list link.
    pub sole_owner: bool,
    /// This socket is the oldest owner.
    pub oldest: bool,
    /// What was looked at.
    pub check: EstablishedCheck,
    /// `Shared`, `LiveSameTuple`, `Timewait(NoStamp)` or `TimewaitTaken`.
    pub verdict: Verdict,
}

/// Why `connect` ended before a port was sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectRefusal {
    /// EISCONN: the socket is connected, or was until its peer reset it.
    Connected,
    /// EISCONN: the socket listens.
    Listening,
    /// EALREADY: a connect is under way.
    UnderWay,
    /// ECONNREFUSED: the answer to an earlier connect; the socket is free again.
    Refused,
    /// EINVAL: the address is shorter than `sockaddr_in`.
    ShortAddress,
    /// EAFNOSUPPORT: not an IPv4 address.
    Family,
    /// ENETUNREACH: no route.
    NoRoute,
    /// EINVAL: a destination in 0.0.0.0/8.
    ZeroNetwork,
    /// ENETUNREACH: a multicast destination.
    Multicast,
    /// ENETUNREACH: the broadcast address.
    Broadcast,
}

impl ConnectRefusal {
    /// The error that connect returns.
    pub const fn errno(self) -> Errno {
        match self {
            ConnectRefusal::Connected | ConnectRefusal::Listening => Errno::EISCONN,
            ConnectRefusal::UnderWay => Errno::EALREADY,
            ConnectRefusal::Refused => Errno::ECONNREFUSED,
            ConnectRefusal::ShortAddress | ConnectRefusal::ZeroNetwork => Errno::EINVAL,
            ConnectRefusal::Family => Errno::EAFNOSUPPORT,
            ConnectRefusal::NoRoute | ConnectRefusal::Multicast | ConnectRefusal::Broadcast => {
                Errno::ENETUNREACH
            }
        }
    }
}

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WalkEnd {
    /// A port was found.
    Found,
    /// Every step was made: −99.
    Exhausted,
    /// No memory for a bind bucket: −99 at once.
    NoMemory,
    /// The range is upside down: −99 without a step.
    EmptyRange,
}

/// Why `bind` refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindRefusal {
    /// EADDRNOTAVAIL: not an address of this host.
    NotLocal,
    /// EACCES: a port below 1024 without the capability.
    Privileged,
    /// EINVAL: not closed, or has a port already.
    Bound,
    /// EADDRINUSE: another owner of the port is in the way.
    Conflict,
    /// EADDRINUSE: no port left for bind(…, 0).
    Exhausted,
    /// EADDRINUSE: no memory for a bind bucket.
    NoMemory,
    /// The range is upside down, where Linux divides by zero: the call isn't carried out.
    EmptyRange,
}

impl BindRefusal {
    /// The error that bind (or listen) returns.
    pub const fn errno(self) -> Errno {
        match self {
            BindRefusal::NotLocal => Errno::EADDRNOTAVAIL,
            BindRefusal::Privileged => Errno::EACCES,
            BindRefusal::Bound | BindRefusal::EmptyRange => Errno::EINVAL,
            BindRefusal::Conflict | BindRefusal::Exhausted | BindRefusal::NoMemory => {
                Errno::EADDRINUSE
            }
        }
    }
}

/// Why `listen` refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListenRefusal {
    /// EINVAL: connected, connecting or not closed.
    State,
    /// EADDRINUSE, for the same reasons as in bind.
    Port(BindRefusal),
}

/// Where a mini-socket waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalendarSlot {
    /// One of 8 slots of 7.5 s.
    Slow(u8),
    /// One of 32 rows of 128 ms (`tcp_tw_recycle`).
    Fast(u8),
}

/// What ended a mini-socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimewaitCause {
    /// Its calendar slot came up.
    Timer,
    /// A connect took its 4-tuple over.
    Reuse,
}
