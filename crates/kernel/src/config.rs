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
    /// Jiffies of 1 ms at time 0; seen only in the timestamps that peers are remembered by.
    pub start_jiffies: u32,
    /// Key of the port-offset hash.
    pub secret: [u32; 12],
    /// `inet_ehash_secret`.
    pub ehash_secret: u32,
    /// `net_hash_mix`: 0 without network namespaces.
    pub mix: u32,
    /// The walk's hint at the start; 0 after a boot.
    pub hint: u32,
    /// State of the xorshift generator that stands for `net_random`; not 0, or every draw is 0.
    pub seed: u32,
    /// Addresses of this host, besides 127.0.0.0/8.
    pub local: Vec<Addr>,
    /// Source address of connections to other hosts.
    pub default_src: Addr,
    /// Destinations without a route.
    pub unreachable: Vec<Addr>,
    /// Retransmission timeout of every established connection; 1 to [`RTO_MS_MAX`] ms.
    pub rto_ms: u32,
    /// Written through the sysctl handler before the first call, in this order.
    pub sysctl: Vec<(Sysctl, SysctlValue)>,
    /// A port range stored past the sysctl's checks.
    pub force_range: Option<(u16, u16)>,
    /// Replaces the port-offset hash of every connect.
    pub port_offset: Option<u32>,
}

impl Default for Config {
    /// A host with 10.0.0.1, 65,536 slots in each table, Linux's defaults, and fixed secrets.
    fn default() -> Config {
        Config {
            release: Release::V2_6_32,
            ehash_size: 65_536,
            bhash_size: 65_536,
            start_sec: 1_260_000_000,
            start_jiffies: 4_294_667_296,
            secret: std::array::from_fn(|i| 0x1111_1111_u32.wrapping_mul(i as u32 + 1)),
            ehash_secret: 0x1234_5678,
            mix: 0,
            hint: 0,
            seed: 1,
            local: vec![Addr::new(10, 0, 0, 1)],
            default_src: Addr::new(10, 0, 0, 1),
            unreachable: Vec::new(),
            rto_ms: 200,
            sysctl: Vec::new(),
            force_range: None,
            port_offset: None,
        }
    }
}

impl Config {
    /// Checks sizes and ranges.
    ///
    /// # Errors
    /// The first value that the model can't work with.
    pub fn check(&self) -> Result<(), ConfigError> {
        let power_of_two = |size: u32, max: u32| size.is_power_of_two() && size <= max;
        let checks = [
            (power_of_two(self.ehash_size, EHASH_SIZE_MAX), ConfigError::EhashSize),
            (power_of_two(self.bhash_size, BHASH_SIZE_MAX), ConfigError::BhashSize),
            ((1..=START_SEC_MAX).contains(&self.start_sec), ConfigError::StartSec),
            ((1..=RTO_MS_MAX).contains(&self.rto_ms), ConfigError::Rto),
            (self.local.len() <= ADDRESSES_MAX, ConfigError::Addresses),
            (self.unreachable.len() <= ADDRESSES_MAX, ConfigError::Addresses),
            (self.sysctl.len() <= BOOT_SYSCTLS_MAX, ConfigError::Sysctls),
            (self.force_range.is_none_or(|(low, _)| low > 0), ConfigError::ForceRange),
        ];
        checks.into_iter().find(|(fine, _)| !fine).map_or(Ok(()), |(_, error)| Err(error))
    }

    /// The calls that bring a booted kernel to this configuration: the sysctls in order, then
    /// the forced range, then the forced offset.
    pub fn pre_calls(&self) -> Vec<Call> {
        let sysctls = self.sysctl.iter().map(|&(sysctl, value)| Call::Sysctl { sysctl, value });
        let range = self.force_range.map(|(low, high)| Call::ForceRange { low, high });
        let offset = self.port_offset.map(|v| Call::Offset { v: Some(v) });
        sysctls.chain(range).chain(offset).collect()
    }
}

/// Why a configuration can't be booted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// `ehash_size` isn't a power of two up to [`EHASH_SIZE_MAX`].
    EhashSize,
    /// `bhash_size` isn't a power of two up to [`BHASH_SIZE_MAX`].
    BhashSize,
    /// `start_sec` isn't from 1 to [`START_SEC_MAX`].
    StartSec,
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
            ConfigError::EhashSize => {
                write!(f, "ehash_size: a power of two from 1 to {EHASH_SIZE_MAX}")
            }
            ConfigError::BhashSize => {
                write!(f, "bhash_size: a power of two from 1 to {BHASH_SIZE_MAX}")
            }
            ConfigError::StartSec => write!(f, "start_sec: from 1 to {START_SEC_MAX}"),
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
