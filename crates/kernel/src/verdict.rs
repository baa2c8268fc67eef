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

/// What a bind bucket lets sockets with `SO_REUSEPORT` do (`fastreuseport` of `inet_bind_bucket`,
/// since 3.9). Only where this and [`Fastreuse`] are automatic does automatic choice share a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i8)]
pub enum Fastreuseport {
    /// −1: made by automatic choice, or a release that knows no `SO_REUSEPORT`.
    Automatic = -1,
    /// 0: an owner joined without `SO_REUSEPORT`.
    Exclusive = 0,
    /// 1: all owners have it.
    Any = 1,
    /// 2: the last one to join has it, and its address is remembered (since 4.11).
    Strict = 2,
}

impl Fastreuseport {
    /// −1 to 2.
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
    /// It has a stamp, but is in FIN_WAIT2, which automatic choice leaves alone since 6.12.
    HalfClosed,
    /// It has a stamp, but `tcp_tw_reuse` is 0.
    ReuseOff,
    /// It has a stamp, but `tcp_tw_reuse` is 2, and neither address is in 127.0.0.0/8.
    LoopbackOnly,
    /// The stamp isn't old enough: not more than one whole second, or not of an earlier second.
    TooYoung {
        /// Its age in whole seconds, 0 or 1.
        age_s: u32,
    },
    /// It hasn't been in TIME_WAIT for longer than `tcp_tw_reuse_delay`.
    TooEarly {
        /// For how long it has been, in ms.
        age_ms: u32,
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
    /// In `ip_local_reserved_ports`: skipped without a look.
    Reserved,
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
    /// What it lets `SO_REUSEPORT` do; `Automatic` if there is no bucket.
    pub fastreuseport: Fastreuseport,
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
    /// ECONNRESET: a RST came after the handshake; the socket is free again.
    Reset,
    /// ETIMEDOUT: nothing answered an earlier connect; the socket is free again.
    TimedOut,
    /// EINVAL: the address is longer than any.
    LongAddress,
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
            ConnectRefusal::Reset => Errno::ECONNRESET,
            ConnectRefusal::TimedOut => Errno::ETIMEDOUT,
            ConnectRefusal::LongAddress => Errno::EINVAL,
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
    /// No memory for a bind bucket: −99 at once, −12 since 4.6.
    NoMemory,
    /// No memory for a bucket of port and address: −12.
    NoMemoryForAddress,
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
    /// EADDRINUSE: an owner on the any address is in the way.
    AnyConflict,
    /// EADDRINUSE: no memory for a bind bucket.
    NoMemory,
    /// EADDRINUSE: no memory for a bucket of port and address.
    NoMemoryForAddress,
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
            BindRefusal::Conflict
            | BindRefusal::AnyConflict
            | BindRefusal::Exhausted
            | BindRefusal::NoMemory
            | BindRefusal::NoMemoryForAddress => Errno::EADDRINUSE,
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
    /// Since 4.1 each has a timer: a level of the timer wheel.
    Wheel(u8),
}

/// What ended a mini-socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimewaitCause {
    /// Its calendar slot came up.
    Timer,
    /// A connect took its 4-tuple over.
    Reuse,
    /// A segment: a RST, or a new SYN for a listener.
    Segment,
}

/// What a search for any port made of a port with a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchMet {
    /// Passed, or remembered as the one with the fewest owners (2.6.32).
    Passed,
    /// Passed: an owner on the any address is in the way.
    AnyConflict,
    /// Passed: an owner is in the way.
    Conflict,
    /// Taken: nobody is in the way.
    Shared {
        /// There is a bucket of port and address already.
        address: bool,
    },
    /// Taken at once, since there are more owners than ports.
    Crowded,
}

/// What the look at the other owners of a named port came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnersAsked {
    /// They weren't asked: the bucket's flags were enough.
    Skipped,
    /// Nobody is in the way.
    Fine,
    /// One on the any address is in the way.
    AnyConflict,
    /// One is in the way.
    Conflict,
}
