//! The sysctls that the model has, and the rules of writing them.
//!
//! Models `ipv4_local_port_range` of `net/ipv4/sysctl_net_ipv4.c` and, of `kernel/sysctl.c`,
//! `proc_dointvec`, `proc_dointvec_minmax` and `proc_dointvec_jiffies`. Left out: writes of
//! text that isn't numbers, and of more numbers than the variable takes.

use std::fmt;

use crate::errno::Errno;

/// A modelled variable under `/proc/sys/net/ipv4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sysctl {
    /// `ip_local_port_range`: lowest and highest port of automatic choice.
    PortRange,
    /// `tcp_tw_reuse`: not 0 lets connect take over a TIME_WAIT with a stamp.
    TwReuse,
    /// `tcp_timestamps`: not 0 lets connections negotiate timestamps.
    Timestamps,
    /// `tcp_tw_recycle`: not 0 shortens TIME_WAIT and turns the peer cache on.
    TwRecycle,
    /// `tcp_fin_timeout`: seconds in FIN_WAIT2.
    FinTimeout,
    /// `tcp_max_tw_buckets`: no further mini-socket at this count.
    MaxTwBuckets,
}

impl Sysctl {
    /// All of them.
    pub const ALL: [Sysctl; 6] = [
        Sysctl::PortRange,
        Sysctl::TwReuse,
        Sysctl::Timestamps,
        Sysctl::TwRecycle,
        Sysctl::FinTimeout,
        Sysctl::MaxTwBuckets,
    ];

    /// The file's name, without `net.ipv4.`.
    pub const fn name(self) -> &'static str {
        match self {
            Sysctl::PortRange => "ip_local_port_range",
            Sysctl::TwReuse => "tcp_tw_reuse",
            Sysctl::Timestamps => "tcp_timestamps",
            Sysctl::TwRecycle => "tcp_tw_recycle",
            Sysctl::FinTimeout => "tcp_fin_timeout",
            Sysctl::MaxTwBuckets => "tcp_max_tw_buckets",
        }
    }

    /// The sysctl of that name, with or without `net.ipv4.`.
    pub fn parse(name: &str) -> Option<Sysctl> {
        let name = name.strip_prefix("net.ipv4.").unwrap_or(name);
        Sysctl::ALL.into_iter().find(|sysctl| sysctl.name() == name)
    }
}

/// What is written to a sysctl, or read from it: one number, or two for `ip_local_port_range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SysctlValue {
    /// A single number; written to `ip_local_port_range` it sets only the lowest port.
    One(i32),
    /// Two numbers; of a variable with one number the second is left unread.
    Two(i32, i32),
}

impl SysctlValue {
    /// Bytes that a write takes: the numbers, one space between them, and one byte more.
    pub(crate) fn written_len(self) -> i32 {
        self.to_string().len() as i32 + 1
    }
}

impl fmt::Display for SysctlValue {
    /// The numbers with one space between them; `/proc` prints a tab there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SysctlValue::One(value) => write!(f, "{value}"),
            SysctlValue::Two(first, second) => write!(f, "{first} {second}"),
        }
    }
}

/// `ip_local_port_range` at boot, lowest and highest port (`net/ipv4/inet_connection_sock.c`,
/// `sysctl_local_ports`).
pub const PORT_RANGE_AT_BOOT: (u16, u16) = (32_768, 61_000);

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SysctlOutcome {
    /// Taken as written.
    Taken,
    /// The second number was out of range: dropped without an error, the first is set.
    HalfTaken,
    /// A number isn't from 1 to 65,535: EINVAL, nothing changes.
    OutOfRange,
    /// The range would be upside down: EINVAL, nothing changes.
    LowAboveHigh,
}

impl SysctlOutcome {
    /// The error of the write, if it was refused.
    pub const fn errno(self) -> Option<Errno> {
        match self {
            SysctlOutcome::Taken | SysctlOutcome::HalfTaken => None,
            SysctlOutcome::OutOfRange | SysctlOutcome::LowAboveHigh => Some(Errno::EINVAL),
        }
    }
}

/// The variables themselves. Defaults as in Linux 2.6.32.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sysctls {
    low: u16,
    high: u16,
    tw_reuse: i32,
    timestamps: i32,
    tw_recycle: i32,
    /// `tcp_fin_timeout` in jiffies of 1 ms, as the kernel keeps it.
    fin_timeout_ms: i32,
    max_tw_buckets: i32,
}

impl Default for Sysctls {
    fn default() -> Sysctls {
        Sysctls {
            low: PORT_RANGE_AT_BOOT.0,
            high: PORT_RANGE_AT_BOOT.1,
            tw_reuse: 0,
            timestamps: 1,
            tw_recycle: 0,
            fin_timeout_ms: 60_000,
            max_tw_buckets: 180_000,
        }
    }
}

/// Jiffies in a second on the modelled host.
const HZ: i32 = 1000;

impl Sysctls {
    /// Lowest and highest port of automatic choice.
    pub(crate) const fn range(&self) -> (u16, u16) {
        (self.low, self.high)
    }

    /// Stores a range past the checks.
    pub(crate) fn force_range(&mut self, range: (u16, u16)) {
        (self.low, self.high) = range;
    }

    pub(crate) const fn tw_reuse(&self) -> i32 {
        self.tw_reuse
    }

    pub(crate) const fn timestamps_on(&self) -> bool {
        self.timestamps != 0
    }

    pub(crate) const fn tw_recycle_on(&self) -> bool {
        self.tw_recycle != 0
    }

    /// `tcp_fin_timeout` in ms, as TCP takes it: nothing below 0.
    pub(crate) fn fin_timeout_ms(&self) -> u32 {
        u32::try_from(self.fin_timeout_ms).unwrap_or(0)
    }

    pub(crate) const fn max_tw_buckets(&self) -> i32 {
        self.max_tw_buckets
    }

    /// The value as `/proc` would print it.
    pub(crate) fn read(&self, sysctl: Sysctl) -> SysctlValue {
        SysctlValue::One(match sysctl {
            Sysctl::PortRange => return SysctlValue::Two(self.low.into(), self.high.into()),
            Sysctl::TwReuse => self.tw_reuse,
            Sysctl::Timestamps => self.timestamps,
            Sysctl::TwRecycle => self.tw_recycle,
            Sysctl::FinTimeout => self.fin_timeout_ms / HZ,
            Sysctl::MaxTwBuckets => self.max_tw_buckets,
        })
    }

    /// Writes a value; only `ip_local_port_range` is checked at all.
    pub(crate) fn write(&mut self, sysctl: Sysctl, value: SysctlValue) -> SysctlOutcome {
        let (first, second) = match value {
            SysctlValue::One(first) => (first, None),
            SysctlValue::Two(first, second) => (first, Some(second)),
        };
        match sysctl {
            Sysctl::PortRange => return self.write_port_range(first, second),
            Sysctl::TwReuse => self.tw_reuse = first,
            Sysctl::Timestamps => self.timestamps = first,
            Sysctl::TwRecycle => self.tw_recycle = first,
            Sysctl::FinTimeout => self.fin_timeout_ms = first.wrapping_mul(HZ),
            Sysctl::MaxTwBuckets => self.max_tw_buckets = first,
        }
        SysctlOutcome::Taken
    }

    /// `ipv4_local_port_range` (`sysctl_net_ipv4.c`): the bounds are parsed into a copy, where
    /// a second number out of range is dropped silently, and the copy is kept if it is a range.
    fn write_port_range(&mut self, low: i32, high: Option<i32>) -> SysctlOutcome {
        let Some(low) = port_bound(low) else { return SysctlOutcome::OutOfRange };
        let taken_high = high.map_or(Some(self.high), port_bound);
        let new_high = taken_high.unwrap_or(self.high);
        if low > new_high {
            return SysctlOutcome::LowAboveHigh;
        }
        self.low = low;
        self.high = new_high;
        if taken_high.is_some() { SysctlOutcome::Taken } else { SysctlOutcome::HalfTaken }
    }
}

fn port_bound(value: i32) -> Option<u16> {
    u16::try_from(value).ok().filter(|port| *port >= 1)
}
