//! Values that aren't numbers, as numbers.

use error99_kernel::{Release, Sysctl, SysctlValue};

/// Whether a number fits into 32 bits.
pub fn is_word(number: u64) -> bool {
    number <= u32::MAX.into()
}

/// A number that can be missing.
pub fn one_more(number: Option<u32>) -> u64 {
    number.map_or(0, |number| u64::from(number) + 1)
}

/// The same again, of a number that [`one_more`] can give.
pub fn one_less(number: u64) -> Option<u32> {
    number.checked_sub(1).map(|number| number as u32)
}

/// A range of ports that can be missing.
pub fn range_number(range: Option<(u16, u16)>) -> u64 {
    one_more(range.map(|(low, high)| u32::from(low) << 16 | u32::from(high)))
}

/// The same again; `None` of a number that [`range_number`] doesn't give.
pub fn range(number: u64) -> Option<Option<(u16, u16)>> {
    let ports = |word: u32| ((word >> 16) as u16, word as u16);
    is_word(number.saturating_sub(1)).then(|| one_less(number).map(ports))
}

/// The sysctls by their numbers in links. More may follow; none is ever moved.
pub const SYSCTLS: [Sysctl; 12] = [
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
/// Version 1 says the first so many of them.
const SYSCTLS_1: u64 = 6;
/// The number of the last sysctl, written as two numbers.
pub const SYSCTL_MOST: u64 = SYSCTLS.len() as u64 * 2 - 1;

/// The releases by their numbers in links. More may follow; none ever changes.
pub const RELEASES: [(Release, u64); 13] = [
    (Release::V2_6_32, 2_632),
    (Release::V3_10, 3_010),
    (Release::Rhel7, 3_107),
    (Release::V4_19, 4_019),
    (Release::V4_19Late, 4_119),
    (Release::V5_4, 5_004),
    (Release::V5_10, 5_010),
    (Release::V5_15, 5_015),
    (Release::V6_1, 6_001),
    (Release::V6_6, 6_006),
    (Release::V6_8, 6_008),
    (Release::V6_12, 6_012),
    (Release::V6_18, 6_018),
];

/// A release's number.
pub fn release_number(release: Release) -> u64 {
    RELEASES.iter().find(|(known, _)| *known == release).map_or(0, |(_, number)| *number)
}

/// The release of a number.
pub fn release(number: u64) -> Option<Release> {
    RELEASES.iter().find(|(_, known)| *known == number).map(|(release, _)| *release)
}

/// The version that has a word for a sysctl: its first number in [`sysctl_numbers`].
pub fn sysctl_version(code: u64) -> u8 {
    if code < SYSCTLS_1 * 2 { 1 } else { 2 }
}

/// A sysctl's number by itself.
pub fn sysctl_number(sysctl: Sysctl) -> u64 {
    SYSCTLS.iter().position(|known| *known == sysctl).unwrap_or_default() as u64
}

/// The same again.
pub fn sysctl_of(number: u64) -> Option<Sysctl> {
    SYSCTLS.get(usize::try_from(number).ok()?).copied()
}

/// A write to a sysctl.
pub fn sysctl_numbers(sysctl: Sysctl, value: SysctlValue) -> [u64; 3] {
    let (two, first, second) = match value {
        SysctlValue::One(first) => (0, first, 0),
        SysctlValue::Two(first, second) => (1, first, second),
    };
    [sysctl_number(sysctl) * 2 + two, (first as u32).into(), (second as u32).into()]
}

/// The same again; `None` of numbers that [`sysctl_numbers`] doesn't give.
pub fn sysctl([code, first, second]: [u64; 3]) -> Option<(Sysctl, SysctlValue)> {
    let known = sysctl_of(code / 2)?;
    let number = |number: u64| u32::try_from(number).ok().map(|number| number as i32);
    let (first, second) = (number(first)?, number(second)?);
    let one = code.is_multiple_of(2);
    Some((known, if one { SysctlValue::One(first) } else { SysctlValue::Two(first, second) }))
}
