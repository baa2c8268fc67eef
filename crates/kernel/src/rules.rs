//! Releases of Linux, and the rules that each one goes by, as plain data.
//!
//! A release is a named set of rules and not a version number, since stable trees and
//! distributions carry changes back. Some are judged by traces of the genuine code; the others are
//! put together from rules that were read ([`Release::is_traced`]). Where releases differ there is
//! one function for each difference, with one `match` over the ways that there are; it runs once
//! per call, never per probe. To add a release is to add a constant here, and ways where the older ones don't do.
//!
//! | rule | the function that knows the ways |
//! | --- | --- |
//! | start of the walk | `Start::begin` ([`crate::start`]) |
//! | order of the walk | `OrderRule::order`, [`crate::order::WalkOrder`] |
//! | what is noted after success | `Start::note` ([`crate::start`]) |
//! | reuse of a mini-socket's 4-tuple | `ReuseRule::asking`, [`crate::question`] |
//! | when things end | [`crate::timers`] |
//! | search of `bind(…, 0)` | `Kernel::get_port` ([`crate::get_port`]) |
//! | conflicts in bind | `Kernel::conflicts` ([`crate::get_port`]) |
//! | a bucket's flags after bind | `Kernel::flags_after` ([`crate::get_port`]) |
//! | knobs and their checks | [`crate::Sysctl`] |
//!
//! Since when mainline has what a release lacks is told by [`crate::mainline`].

use std::ops::Deref;

use crate::order::WalkOrder;
use crate::sysctl::Sysctl;

/// A release of Linux that the model knows, in the order of the rules' time. Its name stays what
/// it is in links and files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Release {
    /// 2.6.32 as released.
    #[default]
    V2_6_32,
    /// 3.10, read and traced as 3.10.108.
    V3_10,
    /// RHEL and CentOS 7, whose 3.10.0 walks like 4.2; read as that of 7.9.
    Rhel7,
    /// 4.19, read and traced as 4.19.13.
    V4_19,
    /// Late 4.19, which walks like 5.15; read as 4.19.297.
    V4_19Late,
    /// 5.4 as its stable series ended, with what came back to it up to 2024; read.
    V5_4,
    /// The same of 5.10; read.
    V5_10,
    /// 5.15 with the hardening of 2022, read and traced as 5.15.135.
    V5_15,
    /// 6.1, read and traced as Debian's 6.1.192.
    V6_1,
    /// 6.6 with what came back to it up to 2024; read.
    V6_6,
    /// 6.8; read.
    V6_8,
    /// 6.12, read and traced as Debian's 6.12.117.
    V6_12,
    /// 6.18, read and traced as 6.18.33.
    V6_18,
}

impl Release {
    /// All of them, oldest first.
    pub const ALL: [Release; 13] = [
        Release::V2_6_32,
        Release::V3_10,
        Release::Rhel7,
        Release::V4_19,
        Release::V4_19Late,
        Release::V5_4,
        Release::V5_10,
        Release::V5_15,
        Release::V6_1,
        Release::V6_6,
        Release::V6_8,
        Release::V6_12,
        Release::V6_18,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Release::V2_6_32 => "2.6.32",
            Release::V3_10 => "3.10",
            Release::Rhel7 => "rhel7",
            Release::V4_19 => "4.19",
            Release::V4_19Late => "4.19-late",
            Release::V5_4 => "5.4",
            Release::V5_10 => "5.10",
            Release::V5_15 => "5.15",
            Release::V6_1 => "6.1",
            Release::V6_6 => "6.6",
            Release::V6_8 => "6.8",
            Release::V6_12 => "6.12",
            Release::V6_18 => "6.18",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Release::Rhel7 => "RHEL 7",
            Release::V4_19Late => "4.19.297",
            _ => self.name(),
        }
    }

    /// Whether traces of the genuine code judge it. The others are put together from rules that
    /// were read, and are right as far as they were read rightly.
    pub const fn is_traced(self) -> bool {
        !matches!(
            self,
            Release::Rhel7
                | Release::V4_19Late
                | Release::V5_4
                | Release::V5_10
                | Release::V6_6
                | Release::V6_8
        )
    }

    /// The release of that name.
    pub fn parse(name: &str) -> Option<Release> {
        Release::ALL.into_iter().find(|release| release.name() == name)
    }

    /// The modelled knobs that it has.
    pub fn sysctls(self) -> impl Iterator<Item = Sysctl> {
        Sysctl::EVERY.into_iter().filter(move |sysctl| self.rules().has(*sysctl))
    }

    /// Whether it has `SO_REUSEPORT`.
    pub const fn has_reuseport(self) -> bool {
        self.rules().options.reuseport
    }

    /// Whether it has `IP_BIND_ADDRESS_NO_PORT`.
    pub const fn has_no_port(self) -> bool {
        self.rules().options.no_port
    }

    /// Whether it has `IP_LOCAL_PORT_RANGE`.
    pub const fn has_window(self) -> bool {
        self.rules().options.window
    }

    /// Whether this program has its rules: 2.6.32 always, the others with the feature `later`.
    pub const fn is_here(self) -> bool {
        cfg!(feature = "later") || matches!(self, Release::V2_6_32)
    }

    /// Those of 2.6.32 for a release that isn't here: no machine boots with one
    /// ([`crate::ConfigError::Release`]).
    #[cfg(not(feature = "later"))]
    pub const fn rules(self) -> &'static Rules {
        &V2_6_32
    }

    /// What it goes by.
    #[cfg(feature = "later")]
    pub const fn rules(self) -> &'static Rules {
        match self {
            Release::V2_6_32 => &V2_6_32,
            Release::V3_10 => &V3_10,
            Release::Rhel7 => &RHEL_7,
            Release::V4_19 => &V4_19,
            Release::V4_19Late => &V4_19_LATE,
            Release::V5_4 => &V5_4,
            Release::V5_10 => &V5_10,
            Release::V5_15 => &V5_15,
            Release::V6_1 => &V6_1,
            Release::V6_6 => &V6_6,
            Release::V6_8 => &V6_8,
            Release::V6_12 => &V6_12,
            Release::V6_18 => &V6_18,
        }
    }
}

/// The rules that a machine goes by. Where only one release is here, the compiler knows them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ruled(#[cfg(feature = "later")] &'static Rules);

impl Ruled {
    #[cfg(feature = "later")]
    pub(crate) const fn by(release: Release) -> Ruled {
        Ruled(release.rules())
    }

    #[cfg(not(feature = "later"))]
    pub(crate) const fn by(_: Release) -> Ruled {
        Ruled()
    }
}

impl Deref for Ruled {
    type Target = Rules;

    #[cfg(feature = "later")]
    #[inline(always)]
    fn deref(&self) -> &Rules {
        self.0
    }

    #[cfg(not(feature = "later"))]
    #[inline(always)]
    fn deref(&self) -> &Rules {
        &V2_6_32
    }
}

/// The rules of a release.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whose they are.
    pub release: Release,
    /// Where a walk starts.
    pub start: StartRule,
    /// In which order it visits ports.
    pub order: OrderRule,
    /// What it leaves behind.
    pub noted: NotedRule,
    /// When a mini-socket gives its 4-tuple up.
    pub reuse: ReuseRule,
    /// What TIMEWAITRECYCLED counts.
    pub recycled: RecycledRule,
    /// What ends a mini-socket.
    pub timers: TimerRule,
    /// How `tcp_max_tw_buckets` is compared.
    pub limit: LimitRule,
    /// What a mini-socket keeps and hears.
    pub timewait: TimewaitRule,
    /// How bind finds any port.
    pub search: SearchRule,
    /// Who is in the way of a bind.
    pub conflict: ConflictRule,
    /// What joining does to a bucket's flags.
    pub flags: FlagRule,
    /// Whether a port has a bucket for each address.
    pub addresses: AddressRule,
    /// Which clock stamps are of.
    pub stamps: StampRule,
    /// How a program learns what became of its connect.
    pub program: ProgramRule,
    /// How an unanswered SYN is repeated.
    pub syn: SynRule,
    /// Which of several listeners gets a connection.
    pub listener: ListenerRule,
    /// Socket options that there are.
    pub options: Options,
    /// How knobs are read.
    pub knobs: KnobRule,
    /// `ip_local_port_range` at boot.
    pub range_at_boot: (u16, u16),
    /// `tcp_tw_reuse` at boot.
    pub tw_reuse_at_boot: i32,
    /// A connect that finds no memory for a bucket says so; otherwise it says −99.
    pub says_no_memory: bool,
    /// A connect that fails gives a source address back that it took from the route.
    pub gives_source_back: bool,
    /// `num_owners` and `bsockets` count accepted children too.
    pub counts_children: bool,
}

/// Where a walk starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartRule {
    /// At one hint for all destinations, plus a half-MD4 hash of this one.
    SharedHintHalfMd4,
    /// The same with MD5.
    SharedHintMd5,
    /// The same with the lower half of SipHash.
    SharedHintSipHash,
    /// At one of 65,536 hints, which a SipHash of destination and time chooses, plus the upper
    /// half of that hash.
    TableOfHints,
}

/// In which order it visits ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderRule {
    /// Every port in turn.
    EveryPort,
    /// The same, but from an even sum on.
    EvenStart,
    /// First every second port, from the range's lowest on, then the others.
    TwoPasses,
    /// The same, but every port in turn where a socket has a range of its own.
    TwoPassesUnlessWindow,
}

/// What a walk that found a port leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotedRule {
    /// Its steps are added to the hint.
    Steps,
    /// Its steps are added and one more, made even.
    EvenSteps,
    /// How far its pass went is added, and one step more.
    PassAndStep,
    /// The same, but at least up to seven steps, by chance.
    ChanceAndStep,
}

/// When a mini-socket gives its 4-tuple up to automatic choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReuseRule {
    /// With `tcp_tw_reuse` on, once its stamp is more than one wall-clock second old.
    OverOneSecond,
    /// With `tcp_tw_reuse` 1, or 2 for a loopback address, once its stamp is of an earlier
    /// monotonic second.
    LaterSecond,
    /// The same, but never in FIN_WAIT2.
    LaterSecondWhenClosed,
    /// The same, once it is in TIME_WAIT for longer than `tcp_tw_reuse_delay`.
    OverDelayWhenClosed,
}

/// What TIMEWAITRECYCLED counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecycledRule {
    /// Every established check of a walk that succeeds.
    EveryCheck,
    /// Mini-sockets that were taken over.
    TakeOvers,
}

/// What ends a mini-socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerRule {
    /// Two calendars for all, one slow, one fast; timers are exact.
    Calendars,
    /// The same with timers that are put off up to a 256th of their time.
    CalendarsWithSlack,
    /// The same; but when a slot keeps the worker busy, the slow one goes on after a second.
    CalendarsThatHurry,
    /// A timer for each, on a wheel that gets coarser with the distance.
    Wheel,
}

/// How the number of mini-sockets is compared with `tcp_max_tw_buckets`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitRule {
    /// A negative limit allows none.
    Signed,
    /// A negative limit is none.
    Unsigned,
}

/// What a mini-socket keeps and hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimewaitRule {
    /// It keeps `SO_REUSEPORT`.
    pub keeps_reuseport: bool,
    /// With `tcp_rfc1337` a RST starts its time anew.
    pub rst_restarts: bool,
}

/// How bind finds any port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchRule {
    /// The first port without a bucket, or the shareable one with the fewest owners.
    FewestOwners,
    /// The first port whose owners aren't in the way.
    FirstWithoutConflict,
    /// The same, and with `SO_REUSEADDR` the lower half first.
    LowerHalfFirst,
    /// The same, odd distances first, and with `SO_REUSEADDR` the lower half first.
    OddFirst,
}

/// Who is in the way of a bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictRule {
    /// Whoever has the same address, unless both have `SO_REUSEADDR` and nobody listens.
    AddressOption,
    /// Nor if both have `SO_REUSEPORT`.
    EitherOption,
    /// The same; `SO_REUSEPORT` counts only where a port is named.
    EitherWhereNamed,
    /// The same, and in a search sockets with both options are in each other's way.
    BothApart,
}

/// What joining does to a bucket's flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagRule {
    /// `fastreuse` alone, and only ever down.
    Lower,
    /// Both, only ever down; a join without a test leaves them.
    LowerBoth,
    /// Both are written at every join; a remembered address fits any caller on the any address.
    WriteFitsAnyCaller,
    /// Both are written at every join.
    Write,
    /// The same, and even the first owner joins as if others were there.
    WriteAsLater,
}

/// Whether a port has a bucket for each address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressRule {
    /// No.
    None,
    /// Yes.
    Buckets,
    /// Yes, with flags, which go back when only owners are left that connect made.
    BucketsThatRecover,
}

/// Which clock stamps are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampRule {
    /// The wall clock, which can be set.
    Wall,
    /// The clock since boot.
    Monotonic,
}

/// How a program learns what became of its connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgramRule {
    /// It knows at once.
    Knows,
    /// It asks with another connect.
    Asks,
}

/// How an unanswered SYN is repeated, and a late answer is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SynRule {
    /// Repetitions at the same distance, before the distance doubles each time.
    pub linear: u32,
    /// Round trips are measured in jiffies, at least one.
    pub in_jiffies: bool,
    /// A disconnect puts the retransmission timeout back.
    pub reset_by_disconnect: bool,
}

/// Which of several listeners gets a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerRule {
    /// One on the definite address before one on the any address.
    DefiniteFirst,
    /// The newest that fits, if it has `SO_REUSEPORT`.
    NewestReusePort,
}

/// Socket options that a release has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// `SO_REUSEPORT`.
    pub reuseport: bool,
    /// `IP_BIND_ADDRESS_NO_PORT`.
    pub no_port: bool,
    /// `IP_LOCAL_PORT_RANGE`.
    pub window: bool,
}

/// How knobs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobRule {
    /// Numbers without limits; a bad second port is dropped.
    Free,
    /// The same, but a bad second port is an error.
    FreeButRange,
    /// `tcp_tw_reuse` from 0 to 2.
    Checked,
    /// One byte each for the switches.
    Bytes,
}

impl Rules {
    /// Whether there is such a knob.
    #[inline]
    pub fn has(&self, sysctl: Sysctl) -> bool {
        let (first, last) = sysctl.releases();
        (first..=last).contains(&self.release)
    }

    /// Whether the key of the port-offset hash changes while the machine is up.
    pub const fn changes_key(&self) -> bool {
        matches!(self.start, StartRule::SharedHintHalfMd4)
    }
}

/// `net/ipv4` of Linux 2.6.32.
const V2_6_32: Rules = Rules {
    release: Release::V2_6_32,
    start: StartRule::SharedHintHalfMd4,
    order: OrderRule::EveryPort,
    noted: NotedRule::Steps,
    reuse: ReuseRule::OverOneSecond,
    recycled: RecycledRule::EveryCheck,
    timers: TimerRule::Calendars,
    limit: LimitRule::Signed,
    timewait: TimewaitRule { keeps_reuseport: false, rst_restarts: true },
    search: SearchRule::FewestOwners,
    conflict: ConflictRule::AddressOption,
    flags: FlagRule::Lower,
    addresses: AddressRule::None,
    stamps: StampRule::Wall,
    program: ProgramRule::Knows,
    syn: SynRule { linear: 0, in_jiffies: true, reset_by_disconnect: false },
    listener: ListenerRule::DefiniteFirst,
    options: Options { reuseport: false, no_port: false, window: false },
    knobs: KnobRule::Free,
    range_at_boot: (32_768, 61_000),
    tw_reuse_at_boot: 0,
    says_no_memory: false,
    gives_source_back: false,
    counts_children: false,
};

/// `net/ipv4` of Linux 3.10.108.
const V3_10: Rules = Rules {
    release: Release::V3_10,
    start: StartRule::SharedHintMd5,
    recycled: RecycledRule::TakeOvers,
    timers: TimerRule::CalendarsWithSlack,
    search: SearchRule::FirstWithoutConflict,
    conflict: ConflictRule::EitherOption,
    flags: FlagRule::LowerBoth,
    program: ProgramRule::Asks,
    options: Options { reuseport: true, no_port: false, window: false },
    knobs: KnobRule::FreeButRange,
    counts_children: true,
    ..V2_6_32
};

/// `net/ipv4` of RHEL 7.9 (3.10.0-1160), read beside 7.3 (-514), 7.8 (-1127), 3.10.108 and 4.2.8.
/// Start and notes: `__inet_hash_connect`, as in 4.2.8; so the search of bind, `inet_csk_get_port`.
/// The calendar: `inet_twdr_twkill_work` since 7.8. The option: `inet_bind` since 7.8. The range:
/// `sysctl_net_ipv4.c`. What isn't named was taken to be that of 3.10.
const RHEL_7: Rules = Rules {
    release: Release::Rhel7,
    order: OrderRule::EvenStart,
    noted: NotedRule::EvenSteps,
    timers: TimerRule::CalendarsThatHurry,
    search: SearchRule::LowerHalfFirst,
    options: Options { reuseport: true, no_port: true, window: false },
    range_at_boot: (32_768, 60_999),
    ..V3_10
};

/// `net/ipv4` of Linux 4.19.13.
const V4_19: Rules = Rules {
    release: Release::V4_19,
    start: StartRule::SharedHintSipHash,
    order: OrderRule::TwoPasses,
    noted: NotedRule::PassAndStep,
    reuse: ReuseRule::LaterSecond,
    timers: TimerRule::Wheel,
    timewait: TimewaitRule { keeps_reuseport: true, rst_restarts: false },
    search: SearchRule::OddFirst,
    conflict: ConflictRule::EitherWhereNamed,
    flags: FlagRule::WriteFitsAnyCaller,
    stamps: StampRule::Monotonic,
    syn: SynRule { linear: 0, in_jiffies: false, reset_by_disconnect: false },
    listener: ListenerRule::NewestReusePort,
    options: Options { reuseport: true, no_port: true, window: false },
    knobs: KnobRule::Checked,
    range_at_boot: (32_768, 60_999),
    tw_reuse_at_boot: 2,
    says_no_memory: true,
    ..V3_10
};

/// `net/ipv4` of Linux 4.19.297, read in a tree of that number. Start and notes: the hardening of
/// 2022 in `__inet_hash_connect`, which 4.19.222 lacks. Flags: `sk_reuseport_match`, in 4.19.222 too.
/// The source: `tcp_v4_connect`, since 4.19.268. The choice of a listener, conflicts and disconnect
/// are still those of 4.19.13. (Files of the end of 2024 leave FIN_WAIT2 alone, as 5.4 below.)
const V4_19_LATE: Rules = Rules {
    release: Release::V4_19Late,
    start: StartRule::TableOfHints,
    noted: NotedRule::ChanceAndStep,
    flags: FlagRule::Write,
    gives_source_back: true,
    ..V4_19
};

/// `net/ipv4` of the last Linux 5.4. Start and notes came back with 5.4.201. FIN_WAIT2, the source
/// and disconnect: `tcp_twsk_unique`, `tcp_v4_connect` and `tcp_disconnect` of a 5.4 tree of 2024.
/// Listeners: since 5.0 (d9fbc7f6431f). Conflicts and knobs are those of 4.19 until 5.7 and 5.13.
const V5_4: Rules = Rules {
    release: Release::V5_4,
    reuse: ReuseRule::LaterSecondWhenClosed,
    syn: SynRule { linear: 0, in_jiffies: false, reset_by_disconnect: true },
    listener: ListenerRule::DefiniteFirst,
    ..V4_19_LATE
};

/// `net/ipv4` of the last Linux 5.10. Start and notes came back with 5.10.125, FIN_WAIT2 and the
/// source by the same stable queues as to 5.4. Conflicts: `inet_csk_bind_conflict`, read in 5.7.14
/// and 5.15. Knobs become bytes in 5.13 only.
const V5_10: Rules = Rules { release: Release::V5_10, conflict: ConflictRule::BothApart, ..V5_4 };

/// `net/ipv4` of Linux 5.15.135.
const V5_15: Rules = Rules {
    release: Release::V5_15,
    reuse: ReuseRule::LaterSecond,
    knobs: KnobRule::Bytes,
    ..V5_10
};

/// `net/ipv4` of Debian's Linux 6.1.192.
const V6_1: Rules = Rules {
    release: Release::V6_1,
    reuse: ReuseRule::LaterSecondWhenClosed,
    limit: LimitRule::Unsigned,
    addresses: AddressRule::Buckets,
    options: Options { reuseport: true, no_port: true, window: true },
    ..V5_15
};

/// `net/ipv4` of late Linux 6.6. SYNs: `tcp_syn_linear_timeouts`, read in 6.5.0 and not in 6.4.6.
/// Order and flags are those of 6.5.0, before 6.8. The window is of 6.3; FIN_WAIT2 is left alone
/// since the stable queues of 2024.
const V6_6: Rules = Rules {
    release: Release::V6_6,
    syn: SynRule { linear: 4, in_jiffies: false, reset_by_disconnect: true },
    ..V6_1
};

/// `net/ipv4` of Linux 6.8, whose stable series ended in May 2024. Order: `__inet_hash_connect` of
/// 6.8.0 and 6.8.1, not of 6.7.3. Flags: `inet_csk_update_fastreuse` of 6.8.1. FIN_WAIT2 is still
/// taken over in 6.8.0 and 6.9.0.
const V6_8: Rules = Rules {
    release: Release::V6_8,
    order: OrderRule::TwoPassesUnlessWindow,
    reuse: ReuseRule::LaterSecond,
    flags: FlagRule::WriteAsLater,
    ..V6_6
};

/// `net/ipv4` of Debian's Linux 6.12.117.
const V6_12: Rules =
    Rules { release: Release::V6_12, reuse: ReuseRule::LaterSecondWhenClosed, ..V6_8 };

/// `net/ipv4` of Linux 6.18.33.
const V6_18: Rules = Rules {
    release: Release::V6_18,
    reuse: ReuseRule::OverDelayWhenClosed,
    addresses: AddressRule::BucketsThatRecover,
    ..V6_12
};

impl OrderRule {
    /// Whether it goes over a range twice, unless a socket has one of its own.
    pub const fn has_passes(self) -> bool {
        matches!(self, OrderRule::TwoPasses | OrderRule::TwoPassesUnlessWindow)
    }

    /// The order of a walk over a range, which a socket has for itself or not, from that sum on.
    pub(crate) const fn order(self, (low, high): (u16, u16), own: bool, sum: u32) -> WalkOrder {
        match (self, own) {
            (OrderRule::EveryPort, _) => WalkOrder::every_port(low, high, sum),
            (OrderRule::EvenStart, _) => WalkOrder::even_start(low, high, sum),
            (OrderRule::TwoPassesUnlessWindow, true) => WalkOrder::in_turn(low, high, sum),
            _ => WalkOrder::two_passes(low, high, sum),
        }
    }
}
