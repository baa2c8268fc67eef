//! Numbers in a text that is written to `/proc/sys`.
//!
//! Models `proc_get_long` of `kernel/sysctl.c`: white space between numbers, a sign, and digits in
//! base 8, 10 or 16 by their prefix.

/// A number of a text, before it's clear what can hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextNumber {
    negative: bool,
    /// Digits beyond 64 bits fall off at the top.
    size: u64,
}

/// The text holds something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotANumber;

impl TextNumber {
    /// Modulo 2^32, as old kernels store it.
    pub(crate) const fn wrapped(self) -> i32 {
        let size = self.size as i32;
        if self.negative { size.wrapping_neg() } else { size }
    }

    /// If 32 bits hold it.
    pub(crate) fn checked(self) -> Option<i32> {
        let size = i64::try_from(self.size).ok()?;
        i32::try_from(if self.negative { -size } else { size }).ok()
    }

    /// The same, or else a number that is no port.
    pub(crate) fn bounded(self) -> i32 {
        self.checked().unwrap_or(-1)
    }
}

/// The numbers of a text, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Numbers<'a> {
    rest: &'a [u8],
    len: usize,
}

impl<'a> Numbers<'a> {
    pub(crate) const fn of(text: &'a str) -> Numbers<'a> {
        Numbers { rest: text.as_bytes(), len: text.len() }
    }

    /// Bytes taken so far, with the white space behind them and the line's end if it is next.
    pub(crate) fn taken(&self) -> i32 {
        let rest = self.rest.trim_ascii_start();
        let end = usize::from(rest.is_empty());
        (self.len - rest.len() + end) as i32
    }
}

impl Iterator for Numbers<'_> {
    type Item = Result<TextNumber, NotANumber>;

    fn next(&mut self) -> Option<Result<TextNumber, NotANumber>> {
        let rest = self.rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end)?;
        self.rest = behind;
        Some(number(word).ok_or(NotANumber))
    }
}

/// A whole word as a number.
fn number(word: &[u8]) -> Option<TextNumber> {
    let (negative, digits) = match word.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, word),
    };
    Some(TextNumber { negative, size: size(digits)? })
}

/// Digits with the prefix of their base: 0x for 16, 0 for 8.
pub(crate) fn size(digits: &[u8]) -> Option<u64> {
    let (base, digits) = match digits {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', digits @ ..] if !digits.is_empty() => (8, digits),
        digits => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |size, digit| {
        let digit = char::from(*digit).to_digit(base)?;
        Some(size.wrapping_mul(base.into()).wrapping_add(digit.into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_signs_and_bases_and_stand_apart() {
        let read = |text| {
            Numbers::of(text)
                .map(|number| number.ok().and_then(TextNumber::checked))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("5 -6\t0x10 010"), [Some(5), Some(-6), Some(16), Some(8)]);
        assert_eq!(read("7x 08 - 2147483648"), [None, None, None, None]);
        assert_eq!(read("-2147483648 0"), [Some(i32::MIN), Some(0)]);
        assert_eq!(read(" "), []);
    }

    #[test]
    fn what_is_taken_ends_behind_the_white_space() {
        let mut numbers = Numbers::of("60000 60001 60002");
        assert!(numbers.next().is_some() && numbers.next().is_some());
        assert_eq!(numbers.taken(), 12);
        assert!(numbers.next().is_some());
        assert_eq!(numbers.taken(), 18);
    }
}
