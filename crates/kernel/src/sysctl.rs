//! The sysctls that the model has, and the rules of writing them.
//!
//! Models `ipv4_local_port_range` and `ipv4_privileged_ports` of `net/ipv4/sysctl_net_ipv4.c`
//! and, of `kernel/sysctl.c`, `proc_dointvec` with its relations, `proc_dou8vec_minmax` and
//! `proc_do_large_bitmap`. How their texts are read is [`crate::sysctl_text`]'s business.

use std::fmt;

use crate::errno::Errno;
use crate::reserved::Reserved;
use crate::rules::{KnobRule, Release, Ruled};
use crate::sysctl_text::{Numbers, TextNumber};

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
    /// `ip_local_reserved_ports`: ports that automatic choice and `bind(…, 0)` pass over.
    ReservedPorts,
    /// `ip_unprivileged_port_start`: ports below it need a capability.
    UnprivilegedStart,
    /// `ip_autobind_reuse`: `bind(…, 0)` that finds nothing looks again, less strictly.
    AutobindReuse,
    /// `tcp_tw_reuse_delay`: ms in TIME_WAIT before a take-over.
    TwReuseDelay,
    /// `tcp_rfc1337`: not 0 lets TIME_WAIT ignore RSTs.
    Rfc1337,
    /// `tcp_syn_retries`: how often a SYN is repeated.
    SynRetries,
}

impl Sysctl {
    /// Those that the model has of 2.6.32.
    pub const ALL: [Sysctl; 6] = [
        Sysctl::PortRange,
        Sysctl::TwReuse,
        Sysctl::Timestamps,
        Sysctl::TwRecycle,
        Sysctl::FinTimeout,
        Sysctl::MaxTwBuckets,
    ];

    /// All of them, of any release.
    pub const EVERY: [Sysctl; 12] = [
        Sysctl::PortRange,
        Sysctl::TwReuse,
        Sysctl::Timestamps,
        Sysctl::TwRecycle,
        Sysctl::FinTimeout,
        Sysctl::MaxTwBuckets,
        Sysctl::ReservedPorts,
        Sysctl::UnprivilegedStart,
        Sysctl::AutobindReuse,
        Sysctl::TwReuseDelay,
        Sysctl::Rfc1337,
        Sysctl::SynRetries,
    ];

    /// First and last release whose model has it.
    pub const fn releases(self) -> (Release, Release) {
        const LAST: Release = Release::V6_18;
        match self {
            Sysctl::PortRange
            | Sysctl::TwReuse
            | Sysctl::Timestamps
            | Sysctl::FinTimeout
            | Sysctl::MaxTwBuckets => (Release::V2_6_32, LAST),
            Sysctl::TwRecycle => (Release::V2_6_32, Release::Rhel7),
            Sysctl::ReservedPorts | Sysctl::Rfc1337 | Sysctl::SynRetries => (Release::V3_10, LAST),
            Sysctl::UnprivilegedStart => (Release::V4_19, LAST),
            Sysctl::AutobindReuse => (Release::V5_10, LAST),
            Sysctl::TwReuseDelay => (Release::V6_18, LAST),
        }
    }

    /// The file's name, without `net.ipv4.`.
    pub const fn name(self) -> &'static str {
        match self {
            Sysctl::PortRange => "ip_local_port_range",
            Sysctl::TwReuse => "tcp_tw_reuse",
            Sysctl::Timestamps => "tcp_timestamps",
            Sysctl::TwRecycle => "tcp_tw_recycle",
            Sysctl::FinTimeout => "tcp_fin_timeout",
            Sysctl::MaxTwBuckets => "tcp_max_tw_buckets",
            Sysctl::ReservedPorts => "ip_local_reserved_ports",
            Sysctl::UnprivilegedStart => "ip_unprivileged_port_start",
            Sysctl::AutobindReuse => "ip_autobind_reuse",
            Sysctl::TwReuseDelay => "tcp_tw_reuse_delay",
            Sysctl::Rfc1337 => "tcp_rfc1337",
            Sysctl::SynRetries => "tcp_syn_retries",
        }
    }

    /// The sysctl of that name, with or without `net.ipv4.`.
    pub fn parse(name: &str) -> Option<Sysctl> {
        let name = name.strip_prefix("net.ipv4.").unwrap_or(name);
        Sysctl::EVERY.into_iter().find(|sysctl| sysctl.name() == name)
    }
}

/// What is written to a sysctl, or read from it: one number, or two for `ip_local_port_range`.
/// Of `ip_local_reserved_ports` it is how many ports there are.
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

/// `ip_local_port_range` of 2.6.32 at boot, lowest and highest port (`net/ipv4/inet_connection_sock.c`,
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
    /// The range would begin below `ip_unprivileged_port_start`: EINVAL, nothing changes.
    LowIsPrivileged,
    /// It isn't such a text at all: EINVAL, nothing changes.
    Malformed,
    /// ENOENT: this release has no such variable.
    NotThere,
}

impl SysctlOutcome {
    /// The error of the write, if it was refused.
    pub const fn errno(self) -> Option<Errno> {
        match self {
            SysctlOutcome::Taken | SysctlOutcome::HalfTaken => None,
            SysctlOutcome::NotThere => Some(Errno::ENOENT),
            SysctlOutcome::OutOfRange
            | SysctlOutcome::LowAboveHigh
            | SysctlOutcome::LowIsPrivileged
            | SysctlOutcome::Malformed => Some(Errno::EINVAL),
        }
    }
}

/// The variables themselves, and the rules that they go by.
#[derive(Clone, Debug)]
pub(crate) struct Sysctls {
    rules: Ruled,
    hz: i32,
    low: u16,
    high: u16,
    tw_reuse: i32,
    timestamps: i32,
    tw_recycle: i32,
    /// `tcp_fin_timeout` in jiffies, as the kernel keeps it.
    fin_timeout: i32,
    max_tw_buckets: i32,
    reserved: Reserved,
    unprivileged_start: u16,
    autobind_reuse: i32,
    tw_reuse_delay: i32,
    rfc1337: i32,
    syn_retries: i32,
}

/// `tcp_fin_timeout` at boot, in seconds.
const FIN_TIMEOUT_S: i32 = 60;
/// `tcp_syn_retries` at boot: the most there is, so that an unanswered SYN waits for hours.
/// Linux begins with 5 or 6.
const SYN_RETRIES: i32 = 127;

/// What a write came to: how it ended, and bytes taken, the line's end included.
pub(crate) type WriteResult = (SysctlOutcome, i32);

impl Sysctls {
    /// As at boot.
    pub(crate) fn new(rules: Ruled, hz: u32) -> Sysctls {
        let hz = hz as i32;
        Sysctls {
            rules,
            hz,
            low: rules.range_at_boot.0,
            high: rules.range_at_boot.1,
            tw_reuse: rules.tw_reuse_at_boot,
            timestamps: 1,
            tw_recycle: 0,
            fin_timeout: FIN_TIMEOUT_S * hz,
            max_tw_buckets: 180_000,
            reserved: Reserved::NONE,
            unprivileged_start: 1024,
            autobind_reuse: 0,
            tw_reuse_delay: 1000,
            rfc1337: 0,
            syn_retries: SYN_RETRIES,
        }
    }

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

    /// `tcp_fin_timeout` in jiffies, as TCP takes it: nothing below 0.
    pub(crate) fn fin_timeout(&self) -> u32 {
        u32::try_from(self.fin_timeout).unwrap_or(0)
    }

    pub(crate) const fn max_tw_buckets(&self) -> i32 {
        self.max_tw_buckets
    }

    pub(crate) const fn reserved(&self) -> &Reserved {
        &self.reserved
    }

    /// Ports below this one need a capability.
    pub(crate) const fn unprivileged_start(&self) -> u16 {
        self.unprivileged_start
    }

    pub(crate) const fn autobind_reuse_on(&self) -> bool {
        self.autobind_reuse != 0
    }

    /// `tcp_tw_reuse_delay` in ms.
    pub(crate) const fn tw_reuse_delay(&self) -> u32 {
        self.tw_reuse_delay as u32
    }

    pub(crate) const fn rfc1337_on(&self) -> bool {
        self.rfc1337 != 0
    }

    /// `tcp_syn_retries`, from 1 to 127.
    pub(crate) const fn syn_retries(&self) -> u32 {
        self.syn_retries as u32
    }

    /// The value; of reserved ports how many there are.
    pub(crate) fn read(&self, sysctl: Sysctl) -> SysctlValue {
        SysctlValue::One(match sysctl {
            Sysctl::PortRange => return SysctlValue::Two(self.low.into(), self.high.into()),
            Sysctl::TwReuse => self.tw_reuse,
            Sysctl::Timestamps => self.timestamps,
            Sysctl::TwRecycle => self.tw_recycle,
            Sysctl::FinTimeout => self.fin_timeout / self.hz,
            Sysctl::MaxTwBuckets => self.max_tw_buckets,
            Sysctl::ReservedPorts => self.reserved.count() as i32,
            Sysctl::UnprivilegedStart => self.unprivileged_start.into(),
            Sysctl::AutobindReuse => self.autobind_reuse,
            Sysctl::TwReuseDelay => self.tw_reuse_delay,
            Sysctl::Rfc1337 => self.rfc1337,
            Sysctl::SynRetries => self.syn_retries,
        })
    }

    /// What `/proc` prints of a variable that there is, with a space for its tab and without the
    /// line's end.
    pub(crate) fn text(&self, sysctl: Sysctl) -> String {
        match sysctl {
            Sysctl::ReservedPorts => self.reserved.to_string(),
            // Old kernels take the smallest number's opposite, which isn't one.
            Sysctl::MaxTwBuckets if self.is_free() && self.max_tw_buckets == i32::MIN => {
                format!("-{}", i64::from(i32::MIN) as u64)
            }
            _ => self.read(sysctl).to_string(),
        }
    }

    fn is_free(&self) -> bool {
        matches!(self.rules.knobs, KnobRule::Free | KnobRule::FreeButRange)
    }

    /// Writes numbers; 2.6.32 checks only `ip_local_port_range`.
    pub(crate) fn write(&mut self, sysctl: Sysctl, value: SysctlValue) -> WriteResult {
        if self.rules.knobs != KnobRule::Free || !self.rules.has(sysctl) {
            return self.write_text(sysctl, &value.to_string());
        }
        let (first, second) = match value {
            SysctlValue::One(first) => (first, None),
            SysctlValue::Two(first, second) => (first, Some(second)),
        };
        let outcome = match sysctl {
            Sysctl::PortRange => self.write_port_range(first, second),
            _ => self.store(sysctl, first),
        };
        (outcome, value.written_len())
    }

    /// Writes a text, as `/proc` takes it.
    pub(crate) fn write_text(&mut self, sysctl: Sysctl, text: &str) -> WriteResult {
        if !self.rules.has(sysctl) {
            return (SysctlOutcome::NotThere, 0);
        }
        let text = text.trim_ascii();
        match sysctl {
            Sysctl::ReservedPorts => self.write_reserved(text),
            Sysctl::PortRange => self.write_range_text(text),
            _ => self.write_number(sysctl, text),
        }
    }

    fn write_reserved(&mut self, text: &str) -> WriteResult {
        match Reserved::parse(text) {
            Some(reserved) => {
                self.reserved = reserved;
                (SysctlOutcome::Taken, text.len() as i32 + 1)
            }
            None => (SysctlOutcome::Malformed, 0),
        }
    }

    fn write_range_text(&mut self, text: &str) -> WriteResult {
        let mut numbers = Numbers::of(text);
        let parsed = match (numbers.next(), numbers.next()) {
            (Some(Ok(low)), None) => Some((low, None)),
            (Some(Ok(low)), Some(Ok(high))) => Some((low, Some(high))),
            _ => None,
        };
        let Some((low, high)) = parsed else { return (SysctlOutcome::Malformed, 0) };
        let outcome = self.write_port_range(low.bounded(), high.map(TextNumber::bounded));
        (outcome, numbers.taken())
    }

    fn write_number(&mut self, sysctl: Sysctl, text: &str) -> WriteResult {
        let mut numbers = Numbers::of(text);
        let Some(Ok(number)) = numbers.next() else { return (SysctlOutcome::Malformed, 0) };
        let value = if self.is_free() { Some(number.wrapped()) } else { number.checked() };
        let value = value.filter(|value| self.limits(sysctl).contains(value));
        let Some(value) = value else { return (SysctlOutcome::OutOfRange, 0) };
        let taken = match self.takes_all(sysctl) {
            true => text.len() as i32 + 1,
            false => numbers.taken(),
        };
        (self.store(sysctl, value), taken)
    }

    /// Whether a write of it takes all bytes, whatever comes behind the number: so do those of
    /// one byte, and unsigned ones.
    fn takes_all(&self, sysctl: Sysctl) -> bool {
        let bytes = self.rules.knobs == KnobRule::Bytes;
        match sysctl {
            Sysctl::TwReuse
            | Sysctl::Timestamps
            | Sysctl::AutobindReuse
            | Sysctl::Rfc1337
            | Sysctl::SynRetries => bytes,
            Sysctl::TwReuseDelay => true,
            _ => false,
        }
    }

    /// What it may be.
    fn limits(&self, sysctl: Sysctl) -> std::ops::RangeInclusive<i32> {
        let (free, bytes) = (self.is_free(), self.rules.knobs == KnobRule::Bytes);
        match sysctl {
            Sysctl::TwReuse if !free => 0..=2,
            Sysctl::Timestamps | Sysctl::Rfc1337 if bytes => 0..=255,
            Sysctl::FinTimeout if !free => -(i32::MAX / self.hz)..=i32::MAX / self.hz,
            Sysctl::UnprivilegedStart => 0..=65_535,
            Sysctl::AutobindReuse => 0..=1,
            Sysctl::TwReuseDelay => 1..=60_000,
            Sysctl::SynRetries => 1..=127,
            _ => i32::MIN..=i32::MAX,
        }
    }

    /// Stores a number that is within the limits.
    fn store(&mut self, sysctl: Sysctl, value: i32) -> SysctlOutcome {
        match sysctl {
            Sysctl::TwReuse => self.tw_reuse = value,
            Sysctl::Timestamps => self.timestamps = value,
            Sysctl::TwRecycle => self.tw_recycle = value,
            Sysctl::FinTimeout => self.fin_timeout = value.wrapping_mul(self.hz),
            Sysctl::MaxTwBuckets => self.max_tw_buckets = value,
            Sysctl::AutobindReuse => self.autobind_reuse = value,
            Sysctl::TwReuseDelay => self.tw_reuse_delay = value,
            Sysctl::Rfc1337 => self.rfc1337 = value,
            Sysctl::SynRetries => self.syn_retries = value,
            Sysctl::UnprivilegedStart if value > self.low.into() => {
                return SysctlOutcome::LowIsPrivileged;
            }
            Sysctl::UnprivilegedStart => self.unprivileged_start = value as u16,
            Sysctl::PortRange | Sysctl::ReservedPorts => return SysctlOutcome::Malformed,
        }
        SysctlOutcome::Taken
    }

    /// `ipv4_local_port_range` (`sysctl_net_ipv4.c`): the bounds are parsed into a copy, where
    /// 2.6.32 drops a second number out of range silently, and the copy is kept if it is a range.
    fn write_port_range(&mut self, low: i32, high: Option<i32>) -> SysctlOutcome {
        let Some(low) = port_bound(low) else { return SysctlOutcome::OutOfRange };
        let taken_high = high.map_or(Some(self.high), port_bound);
        if taken_high.is_none() && self.rules.knobs != KnobRule::Free {
            return SysctlOutcome::OutOfRange;
        }
        let new_high = taken_high.unwrap_or(self.high);
        if low > new_high {
            return SysctlOutcome::LowAboveHigh;
        }
        if self.rules.has(Sysctl::UnprivilegedStart) && low < self.unprivileged_start {
            return SysctlOutcome::LowIsPrivileged;
        }
        self.low = low;
        self.high = new_high;
        if taken_high.is_some() { SysctlOutcome::Taken } else { SysctlOutcome::HalfTaken }
    }
}

fn port_bound(value: i32) -> Option<u16> {
    u16::try_from(value).ok().filter(|port| *port >= 1)
}
