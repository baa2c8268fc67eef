//! Links as they come back from chat programs, mail clients and people: with signs around them and
//! in them. What the checksum confirms is what was written, whatever it took to find it.

use super::bytes::digit;
use super::{LinkError, Saved, TEXT_MAX, read};

/// Most bytes that are looked at: each character may have become a sequence of several.
const LOOKED_AT: usize = 8 * TEXT_MAX;
/// How often one program after the other may have written `%` as `%25`.
const UNQUOTED: usize = 6;
/// Places where a link may begin that are tried.
const BEGINS: usize = 8;
/// Most signs between `m` and `=`.
const BETWEEN: usize = 8;
/// Longest text in which single characters are tried.
const SHORT: usize = 512;
/// Most characters behind a link that belong to it no more.
const BEHIND: usize = 12;

/// The state that a text says, which may be a link, an address that holds one, or either of them
/// after it was mangled.
///
/// # Errors
/// As [`read`], of what looks most like a link.
pub fn find(text: &str) -> Result<Saved, LinkError> {
    let as_it_is = read(text);
    if as_it_is.is_ok() {
        return as_it_is;
    }
    if text.len() > LOOKED_AT {
        return Err(LinkError::TooLong);
    }
    let plain = plain(text);
    let mut first = String::new();
    for begin in begins(&plain) {
        for body in bodies(&plain[begin..]) {
            if let Some(saved) = repaired(&body) {
                return Ok(saved);
            }
            if first.is_empty() {
                first = body;
            }
        }
    }
    // What is wrong with what was found tells more than that there is more around it.
    one_changed(&first).map_or_else(|| read(&first), Ok)
}

/// The text in ASCII: escapes undone, signs that look alike made the same, invisible ones left
/// out.
fn plain(text: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = text.chars().filter_map(ascii).collect();
    for _ in 0..UNQUOTED {
        if !unquote(&mut bytes) {
            break;
        }
        bytes = String::from_utf8_lossy(&bytes).chars().filter_map(ascii).collect();
    }
    bytes
}

/// Undoes `%5F` and the like; tells whether there was any.
fn unquote(bytes: &mut Vec<u8>) -> bool {
    let hex = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let (mut from, mut to) = (0, 0);
    while from < bytes.len() {
        let code =
            (bytes[from] == b'%').then(|| (hex(bytes.get(from + 1)), hex(bytes.get(from + 2))));
        if let Some((Some(high), Some(low))) = code {
            bytes[to] = (high << 4 | low) as u8;
            from += 3;
        } else {
            bytes[to] = bytes[from];
            from += 1;
        }
        to += 1;
    }
    let some = to < from;
    bytes.truncate(to);
    some
}

fn ascii(sign: char) -> Option<u8> {
    match sign {
        '!'..='~' => Some(sign as u8),
        // Full-width signs stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => Some((sign as u32 - 0xfee0) as u8),
        // Hyphens, dashes and minus signs.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Some(b'-'),
        // White space, and whatever can't be seen.
        _ if sign.is_whitespace() || sign.is_control() => None,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' => None,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe0f}' | '\u{feff}' => None,
        _ => Some(b' '),
    }
}

/// Where a link may begin: behind each `m=`, whatever has come between the two signs, then at the
/// start.
fn begins(plain: &[u8]) -> impl Iterator<Item = usize> {
    let named = |at: &usize| {
        let name = plain[..at - 1].iter().rev().take(BETWEEN).find(|sign| digit(**sign).is_some());
        plain[at - 1] == b'=' && name.is_some_and(|name| *name | 32 == b'm')
    };
    let mut begins: Vec<usize> = (1..=plain.len()).filter(named).take(BEGINS).collect();
    begins.push(0);
    begins.into_iter()
}

/// What may be a link at the start of this: all digits up to the next part of an address, up to
/// the first other sign, and all there are.
fn bodies(plain: &[u8]) -> [String; 3] {
    let mut plain = plain;
    for _ in 0..UNQUOTED {
        // What mail programs make of `=`, one after the other, quoted or not.
        let Some(rest) = behind(plain, b'3').and_then(|rest| behind(rest, b'D')) else { break };
        plain = rest;
    }
    let begin = plain.iter().position(|byte| digit(*byte).is_some()).unwrap_or(plain.len());
    let plain = &plain[begin..];
    let until = |ends: fn(u8) -> bool| {
        let end = plain.iter().position(|byte| ends(*byte)).unwrap_or(plain.len());
        let digits = plain[..end].iter().filter(|byte| digit(**byte).is_some());
        digits.take(TEXT_MAX + 1).map(|byte| char::from(*byte)).collect()
    };
    [until(|byte| b"&?#".contains(&byte)), until(|byte| digit(byte).is_none()), until(|_| false)]
}

/// What stands behind that digit, if it's the first one.
fn behind(plain: &[u8], first: u8) -> Option<&[u8]> {
    let at = plain.iter().position(|byte| digit(*byte).is_some())?;
    (plain[at] == first).then(|| &plain[at + 1..])
}

/// The state that the digits say, without what may stand around them, or with the version that was
/// lost.
fn repaired(body: &str) -> Option<Saved> {
    let trimmed = body.trim_start_matches(['-', '_']);
    let shorter = (0..=BEHIND.min(trimmed.len())).map(|less| &trimmed[..trimmed.len() - less]);
    let found = std::iter::once(body).chain(shorter).find_map(|body| read(body).ok());
    found.or_else(|| ['1', '2'].iter().find_map(|version| read(&format!("{version}{body}")).ok()))
}

/// The state if one digit was taken for another one that looks like it.
fn one_changed(body: &str) -> Option<Saved> {
    if body.len() > SHORT {
        return None;
    }
    let mut bytes = body.as_bytes().to_vec();
    for at in 0..bytes.len() {
        let was = bytes[at];
        let alike: &[u8] = match was {
            b'0' => b"Oo",
            b'O' | b'o' => b"0oO",
            b'1' => b"lI",
            b'l' | b'I' => b"1lI",
            b'-' => b"_",
            b'_' => b"-",
            _ => b"",
        };
        let case = was.is_ascii_alphabetic().then_some(was ^ 32);
        for other in alike.iter().copied().chain(case) {
            bytes[at] = other;
            let saved = std::str::from_utf8(&bytes).ok().and_then(|text| read(text).ok());
            if saved.is_some() {
                return saved;
            }
        }
        bytes[at] = was;
    }
    None
}
