//! What a machine is before its first call, and how large the model lets it be.

use std::fmt;

use crate::addr::Addr;
use crate::call::Call;
use crate::rules::Release;
use crate::sysctl::{Sysctl, SysctlValue};

/// Most slots of the established table; 2.6.32 itself stops at 524,288.
pub const EHASH_SIZE_MAX: u32 = 524_288;
/// Most slots of the bind table, as in 2.6.32.
pub const BHASH_SIZE_MAX: u32 = 65_536;
/// Most local addresses, and most unreachable destinations.
pub const ADDRESSES_MAX: usize = 4_096;
/// Most sysctl writes before the first call.
pub const BOOT_SYSCTLS_MAX: usize = 64;
/// Latest wall-clock second at which a machine can start (the year 2065).
pub const START_SEC_MAX: u32 = 3_000_000_000;
/// Ticks a second that a kernel can be built with.
pub const HZ: [u32; 4] = [100, 250, 300, 1000];
/// Most jiffies at time 0.
pub const START_JIFFIES_MAX: u64 = 1 << 48;
/// Latest monotonic time at time 0: a hundred years.
pub const START_MONO_MS_MAX: u64 = 3_155_760_000_000;
/// Longest retransmission timeout: `TCP_RTO_MAX` of Linux, 120 s.
pub const RTO_MS_MAX: u32 = 120_000;

/// A machine before its first call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Whose rules the machine goes by.
    pub release: Release,
    /// Slots of the established table; a power of two up to [`EHASH_SIZE_MAX`].
    pub ehash_size: u32,
    /// Slots of the bind table; a power of two up to [`BHASH_SIZE_MAX`].
    pub bhash_size: u32,
    /// Wall-clock second (Unix time) at time 0; 1 to [`START_SEC_MAX`].
    pub start_sec: u32,
    /// Ticks a second: one of [`HZ`], and 1000 for 2.6.32.
    pub hz: u32,
    /// Jiffies at time 0, at most 2^48; 2.6.32 knows them modulo 2^32.
    pub start_jiffies: u64,
    /// How long before time 0 the last tick was, in µs: less than 1000.
    pub phase_us: u32,
    /// The monotonic clock at time 0, in ms; at most [`START_MONO_MS_MAX`].
    pub start_mono_ms: u64,
    /// Key of the port-offset hash of 2.6.32.
    pub secret: [u32; 12],
    /// The same of 3.10 and RHEL 7.
    pub secret16: [u32; 16],
    /// The same of later releases.
    pub net_secret: [u64; 2],
    /// What the table of hints is filled from, where there is one; 0 leaves all hints 0.
    pub perturb_seed: u32,
    /// `inet_ehash_secret`.
    pub ehash_secret: u32,
    /// `net_hash_mix`: 0 without network namespaces.
    pub mix: u32,
    /// The walk's hint at the start, where it is one for all; 0 after a boot.
    pub hint: u32,
    /// State of the xorshift generator that stands for `net_random`; not 0, or every draw is 0.
    pub seed: u32,
    /// Addresses of this host, besides 127.0.0.0/8.
    pub local: Vec<Addr>,
    /// Source address of connections to other hosts.
    pub default_src: Addr,
    /// Destinations without a route.
    pub unreachable: Vec<Addr>,
    /// 127.0.0.0/8 is out on the wire and no address of this host.
    pub loop_wire: bool,
    /// Retransmission timeout of every established connection of 2.6.32; 1 to [`RTO_MS_MAX`] ms.
    /// Later releases work theirs out.
    pub rto_ms: u32,
    /// Written through the sysctl handler before the first call, in this order.
    pub sysctl: Vec<(Sysctl, SysctlValue)>,
    /// Texts written among them: each before the entry of `sysctl` with that number, or after
    /// all of them. In order of these numbers.
    pub texts: Vec<(usize, Sysctl, Box<str>)>,
    /// A port range stored past the sysctl's checks.
    pub force_range: Option<(u16, u16)>,
    /// Replaces the port-offset hash of every connect.
    pub port_offset: Option<u64>,
}

impl Default for Config {
    /// A host with 10.0.0.1, 65,536 slots in each table, Linux's defaults, and fixed secrets.
    fn default() -> Config {
        Config {
            release: Release::V2_6_32,
            ehash_size: 65_536,
            bhash_size: 65_536,
            start_sec: 1_260_000_000,
            hz: 1000,
            start_jiffies: 4_294_667_296,
            phase_us: 0,
            start_mono_ms: 0,
            secret: std::array::from_fn(|i| 0x1111_1111_u32.wrapping_mul(i as u32 + 1)),
            secret16: std::array::from_fn(|i| 0x1111_1111_u32.wrapping_mul(i as u32 + 1)),
            net_secret: [0x1111_1111_1111_1111, 0x2222_2222_2222_2222],
            perturb_seed: 1,
            ehash_secret: 0x1234_5678,
            mix: 0,
            hint: 0,
            seed: 1,
            local: vec![Addr::new(10, 0, 0, 1)],
            default_src: Addr::new(10, 0, 0, 1),
            unreachable: Vec::new(),
            loop_wire: false,
            rto_ms: 200,
            sysctl: Vec::new(),
            texts: Vec::new(),
            force_range: None,
            port_offset: None,
        }
    }
}

impl Config {
    /// The host of [`Config::default`] with another release, at HZ 250 unless it is 2.6.32, and
    /// up for a quarter of an hour.
    pub fn of(release: Release) -> Config {
        let hz = 250;
        let later = Config {
            release,
            hz,
            start_jiffies: (1 << 32) - 300 * u64::from(hz) + u64::from(hz) * 1_000,
            phase_us: 500,
            start_mono_ms: 1_000_000,
            ..Config::default()
        };
        if release == Release::V2_6_32 { Config::default() } else { later }
    }

    /// The same host with another release: what only one of the two has goes back to what it is at
    /// boot, and so do tick and clocks between 2.6.32 and later.
    pub fn on(&self, release: Release) -> Config {
        let mut config = Config { release, ..self.clone() };
        let ticks_at_1000 = |release| release == Release::V2_6_32;
        if ticks_at_1000(release) != ticks_at_1000(self.release) {
            let Config { hz, start_jiffies, phase_us, start_mono_ms, .. } = Config::of(release);
            config = Config { hz, start_jiffies, phase_us, start_mono_ms, ..config };
        }
        let has = |sysctl: &Sysctl| release.rules().has(*sysctl);
        let kept_before =
            |place: usize| self.sysctl.iter().take(place).filter(|(sysctl, _)| has(sysctl)).count();
        config.sysctl.retain(|(sysctl, _)| has(sysctl));
        config.texts.retain(|(_, sysctl, _)| has(sysctl));
        for text in &mut config.texts {
            text.0 = kept_before(text.0);
        }
        config
    }

    /// The same host with another tick, as long up before it was looked at.
    pub fn ticking(&self, hz: u32) -> Config {
        let start = |hz: u32| (1 << 32) - 300 * u64::from(hz);
        let ticks = self.start_jiffies.saturating_sub(start(self.hz));
        let ticks = ticks * u64::from(hz) / u64::from(self.hz.max(1));
        Config { hz, start_jiffies: start(hz) + ticks, ..self.clone() }
    }

    /// Checks sizes and ranges.
    ///
    /// # Errors
    /// The first value that the model can't work with.
    pub fn check(&self) -> Result<(), ConfigError> {
        let power_of_two = |size: u32, max: u32| size.is_power_of_two() && size <= max;
        let checks = [
            (self.release.is_here(), ConfigError::Release),
            (power_of_two(self.ehash_size, EHASH_SIZE_MAX), ConfigError::EhashSize),
            (power_of_two(self.bhash_size, BHASH_SIZE_MAX), ConfigError::BhashSize),
            ((1..=START_SEC_MAX).contains(&self.start_sec), ConfigError::StartSec),
            ((1..=RTO_MS_MAX).contains(&self.rto_ms), ConfigError::Rto),
            (self.hz_fits(), ConfigError::Hz),
            (self.start_jiffies <= START_JIFFIES_MAX, ConfigError::StartJiffies),
            (self.phase_us < 1_000, ConfigError::Phase),
            (self.start_mono_ms <= START_MONO_MS_MAX, ConfigError::StartMono),
            (self.local.len() <= ADDRESSES_MAX, ConfigError::Addresses),
            (self.unreachable.len() <= ADDRESSES_MAX, ConfigError::Addresses),
            (self.sysctl.len() + self.texts.len() <= BOOT_SYSCTLS_MAX, ConfigError::Sysctls),
            (self.force_range.is_none_or(|(low, _)| low > 0), ConfigError::ForceRange),
        ];
        checks.into_iter().find(|(fine, _)| !fine).map_or(Ok(()), |(_, error)| Err(error))
    }

    fn hz_fits(&self) -> bool {
        match self.release {
            Release::V2_6_32 => self.hz == 1000,
            _ => HZ.contains(&self.hz),
        }
    }

    /// The calls that bring a booted kernel to this configuration: the sysctls in order, then
    /// the forced range, then the forced offset.
    pub fn pre_calls(&self) -> Vec<Call> {
        let mut texts = self.texts.iter().peekable();
        let mut calls = Vec::new();
        for place in 0..=self.sysctl.len() {
            let last = place == self.sysctl.len();
            while let Some((_, sysctl, text)) = texts.next_if(|text| last || text.0 <= place) {
                calls.push(Call::SysctlText { sysctl: *sysctl, text: text.clone() });
            }
            if let Some(&(sysctl, value)) = self.sysctl.get(place) {
                calls.push(Call::Sysctl { sysctl, value });
            }
        }
        calls.extend(self.force_range.map(|(low, high)| Call::ForceRange { low, high }));
        calls.extend(self.port_offset.map(|v| Call::Offset { v: Some(v) }));
        calls
    }
}

/// Why a configuration can't be booted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// This program hasn't got the rules of the release ([`Release::is_here`]).
    Release,
    /// `ehash_size` isn't a power of two up to [`EHASH_SIZE_MAX`].
    EhashSize,
    /// `bhash_size` isn't a power of two up to [`BHASH_SIZE_MAX`].
    BhashSize,
    /// `start_sec` isn't from 1 to [`START_SEC_MAX`].
    StartSec,
    /// `hz` isn't one of [`HZ`], or isn't 1000 though the release is 2.6.32.
    Hz,
    /// `start_jiffies` is above [`START_JIFFIES_MAX`].
    StartJiffies,
    /// `phase_us` isn't below 1000.
    Phase,
    /// `start_mono_ms` is above [`START_MONO_MS_MAX`].
    StartMono,
    /// `rto_ms` isn't from 1 to [`RTO_MS_MAX`].
    Rto,
    /// More than [`ADDRESSES_MAX`] local or unreachable addresses.
    Addresses,
    /// More than [`BOOT_SYSCTLS_MAX`] sysctl writes.
    Sysctls,
    /// `force_range` begins at port 0.
    ForceRange,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::Release => f.write_str("release: not among those of this program"),
            ConfigError::EhashSize => {
                write!(f, "ehash_size: a power of two from 1 to {EHASH_SIZE_MAX}")
            }
            ConfigError::BhashSize => {
                write!(f, "bhash_size: a power of two from 1 to {BHASH_SIZE_MAX}")
            }
            ConfigError::StartSec => write!(f, "start_sec: from 1 to {START_SEC_MAX}"),
            ConfigError::Hz => f.write_str("hz: 100, 250, 300 or 1000, and 1000 for 2.6.32"),
            ConfigError::StartJiffies => write!(f, "start_jiffies: at most {START_JIFFIES_MAX}"),
            ConfigError::Phase => f.write_str("phase_us: below 1000"),
            ConfigError::StartMono => write!(f, "start_mono_ms: at most {START_MONO_MS_MAX}"),
            ConfigError::Rto => write!(f, "rto_ms: from 1 to {RTO_MS_MAX}"),
            ConfigError::Addresses => {
                write!(f, "local, unreachable: at most {ADDRESSES_MAX} addresses each")
            }
            ConfigError::Sysctls => write!(f, "sysctl: at most {BOOT_SYSCTLS_MAX} writes"),
            ConfigError::ForceRange => f.write_str("force_range: the lowest port is at least 1"),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kernel;

    /// A host with a knob of every kind, and a text between them.
    fn turned(release: Release) -> Config {
        let sysctl = Sysctl::EVERY.into_iter().filter(|sysctl| release.rules().has(*sysctl));
        let one = |sysctl| match sysctl {
            Sysctl::PortRange => (sysctl, SysctlValue::Two(2_000, 3_000)),
            Sysctl::UnprivilegedStart => (sysctl, SysctlValue::One(1_500)),
            _ => (sysctl, SysctlValue::One(1)),
        };
        let texts = vec![(1, Sysctl::PortRange, "2000 4000".into())];
        Config { sysctl: sysctl.map(one).collect(), texts, ..Config::of(release) }
    }

    #[test]
    fn a_host_boots_any_other_release_and_keeps_what_that_has() {
        for from in Release::ALL {
            let config = turned(from);
            assert_eq!(config.on(from), config);
            for to in Release::ALL {
                let moved = config.on(to);
                assert_eq!(moved.check(), Ok(()), "{from:?} {to:?}");
                let kernel = Kernel::new(&moved).expect("it boots");
                assert_eq!(kernel.release(), to);
                assert_eq!(kernel.port_range(), (2_000, 4_000), "{from:?} {to:?}");
                assert!(moved.sysctl.iter().all(|(sysctl, _)| to.rules().has(*sysctl)));
                assert_eq!(moved.texts[0].0, 1, "the text stands behind the range");
                assert_eq!(moved.on(from).hz, config.hz);
            }
        }
    }

    #[test]
    fn another_tick_leaves_the_host_as_long_up() {
        for hz in HZ {
            let config = Config::of(Release::V6_1).ticking(hz);
            assert_eq!(config.check(), Ok(()));
            let ticks = config.start_jiffies - ((1 << 32) - 300 * u64::from(hz));
            assert_eq!(ticks, 1_000 * u64::from(hz));
            assert_eq!(config.ticking(250), Config::of(Release::V6_1));
        }
    }
}
