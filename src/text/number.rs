//! Numbers as both languages write them, and as readers type and paste them.

use std::fmt;

/// A whole number as readers see it: `28233` is `28,233`, and a minus sign a real one. It is written
/// where it stands, so that no text has to be made of it first.
#[derive(Clone, Copy)]
pub struct Grouped {
    minus: bool,
    number: u64,
}

/// A number for prose or a label. Formulas and fields take the bare one.
pub fn n(number: impl Into<u64>) -> Grouped {
    Grouped { minus: false, number: number.into() }
}

/// The same, which may be negative.
pub fn signed(number: i32) -> Grouped {
    Grouped { minus: number < 0, number: number.unsigned_abs().into() }
}

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.minus {
            f.write_str("−")?;
        }
        let digits = self.number.to_string();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            fmt::Write::write_char(f, digit)?;
        }
        Ok(())
    }
}

/// [`n`] as a text.
pub fn thousands(number: impl Into<u64>) -> String {
    n(number).to_string()
}

/// A number that is given in parts of which ten to the `digits` make a whole: 62048 of three digits
/// is `62.048`. Zeros at its end aren't written.
#[cfg(not(feature = "csr"))]
pub fn decimal(parts: u64, digits: u32) -> String {
    let whole = 10_u64.pow(digits);
    let fraction = format!("{:0width$}", parts % whole, width = digits as usize);
    match fraction.trim_end_matches('0') {
        "" => thousands(parts / whole),
        fraction => format!("{}.{fraction}", thousands(parts / whole)),
    }
}

/// Why a text is no whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is nothing in it.
    Empty,
    /// There is something else in it.
    NotANumber,
}

/// The whole number that somebody typed or pasted; one beyond 64 bits is the nearest one within.
/// Every field of the page reads by this. Any minus sign is one, digits may be full-width, and
/// groups of three may be set off, as [`thousands`] does.
///
/// # Errors
/// An empty text, or one that is no whole number.
pub fn read(text: &str) -> Result<i64, Unread> {
    let text = plain(text);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    if text.is_empty() {
        return Err(Unread::Empty);
    }
    let mut groups = digits.split([',', ' ']);
    let first = groups.next().unwrap_or_default();
    let grouped = groups.clone().next().is_some();
    let fine = !(grouped && first.len() > 3) && groups.all(|group| group.len() == 3);
    let mut number = 0_i64;
    for byte in digits.bytes().filter(|byte| !matches!(byte, b',' | b' ')) {
        if !byte.is_ascii_digit() {
            return Err(Unread::NotANumber);
        }
        number = number.saturating_mul(10).saturating_add((byte - b'0').into());
    }
    match fine && !first.is_empty() {
        true => Ok(if text.starts_with('-') { -number } else { number }),
        false => Err(Unread::NotANumber),
    }
}

/// A typed text in plain characters: what input methods, word processors and tables make of
/// digits, signs and spaces is undone, and what can't be seen is dropped.
pub fn plain(text: &str) -> String {
    let plain = text.chars().filter_map(|sign| match sign {
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0),
        '\u{2010}'..='\u{2015}' | '\u{207b}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Some('-'),
        '\u{3002}' | '\u{ff61}' => Some('.'),
        sign if sign.is_whitespace() => Some(' '),
        sign => Some(sign),
    });
    plain.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Unread::{Empty, NotANumber};
    use super::{plain, read, signed, thousands};

    #[test]
    fn a_minus_sign_is_a_real_one() {
        assert_eq!([signed(-1_000), signed(1)].map(|n| n.to_string()), ["−1,000", "1"]);
    }

    #[test]
    fn every_third_digit_from_the_right_is_set_off() {
        let cases: [(u64, &str); 5] = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (28_233, "28,233"),
            (4_294_967_296, "4,294,967,296"),
        ];
        for (number, text) in cases {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn what_the_page_writes_and_what_people_type_is_read() {
        let cases = [
            ("0", Ok(0)),
            ("007", Ok(7)),
            (" 32768\n", Ok(32_768)),
            ("32,768", Ok(32_768)),
            ("1,234,567", Ok(1_234_567)),
            ("32 768", Ok(32_768)),
            ("32\u{a0}768", Ok(32_768)),
            ("32\u{202f}768", Ok(32_768)),
            ("32\u{2009}768", Ok(32_768)),
            ("３２，７６８", Ok(32_768)),
            ("\u{3000}８０\u{3000}", Ok(80)),
            ("\u{feff}80\u{200b}", Ok(80)),
            ("\u{202d}80\u{202c}", Ok(80)),
            ("+5", Ok(5)),
            ("＋5", Ok(5)),
            ("-5", Ok(-5)),
            ("−5", Ok(-5)),
            ("–5", Ok(-5)),
            ("—5", Ok(-5)),
            ("‐5", Ok(-5)),
            ("‑5", Ok(-5)),
            ("﹣5", Ok(-5)),
            ("－５", Ok(-5)),
            ("−1,000", Ok(-1_000)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("99999999999999999999", Ok(i64::MAX)),
            ("−99999999999999999999", Ok(-i64::MAX)),
            ("", Err(Empty)),
            (" \u{a0}\u{200b}", Err(Empty)),
            ("-", Err(NotANumber)),
            ("−−5", Err(NotANumber)),
            ("5-", Err(NotANumber)),
            ("1,5", Err(NotANumber)),
            ("1234,567", Err(NotANumber)),
            (",567", Err(NotANumber)),
            ("1,,000", Err(NotANumber)),
            ("1,000,", Err(NotANumber)),
            ("32.768", Err(NotANumber)),
            ("1e3", Err(NotANumber)),
            ("0x10", Err(NotANumber)),
            ("八十", Err(NotANumber)),
            ("80 ports", Err(NotANumber)),
        ];
        for (text, number) in cases {
            assert_eq!(read(text), number, "{text:?}");
        }
        for number in [0, 7, 999, 1_000, 32_768, 1_048_576, u64::from(u32::MAX)] {
            assert_eq!(read(&thousands(number)), Ok(number as i64));
        }
    }

    #[test]
    fn an_address_is_plain_too() {
        assert_eq!(plain("\u{200e}１０．0。0．２ "), "10.0.0.2");
    }
}
