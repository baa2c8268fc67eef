//! Values that aren't numbers, as numbers.

use error99_kernel::{Sysctl, SysctlValue};

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
pub const SYSCTLS: [Sysctl; 6] = [
    Sysctl::PortRange,
    Sysctl::TwReuse,
    Sysctl::Timestamps,
    Sysctl::TwRecycle,
    Sysctl::FinTimeout,
    Sysctl::MaxTwBuckets,
];

/// A write to a sysctl.
pub fn sysctl_numbers(sysctl: Sysctl, value: SysctlValue) -> [u64; 3] {
    let (two, first, second) = match value {
        SysctlValue::One(first) => (0, first, 0),
        SysctlValue::Two(first, second) => (1, first, second),
    };
    let known = SYSCTLS.iter().position(|known| *known == sysctl).unwrap_or_default();
    [known as u64 * 2 + two, (first as u32).into(), (second as u32).into()]
}

/// The same again; `None` of numbers that [`sysctl_numbers`] doesn't give.
pub fn sysctl([code, first, second]: [u64; 3]) -> Option<(Sysctl, SysctlValue)> {
    let known = SYSCTLS.get(usize::try_from(code / 2).ok()?)?;
    let number = |number: u64| u32::try_from(number).ok().map(|number| number as i32);
    let (first, second) = (number(first)?, number(second)?);
    let one = code.is_multiple_of(2);
    Some((*known, if one { SysctlValue::One(first) } else { SysctlValue::Two(first, second) }))
}
