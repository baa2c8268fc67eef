//! From numbers to bytes to text, and back.

use super::LinkError;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CHECKSUM_BYTES: usize = 4;

/// What a character of a link counts.
pub fn digit(character: u8) -> Option<usize> {
    Some(usize::from(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

/// `bytes` and their checksum as text, behind the character of the version.
pub fn text(version: u8, mut bytes: Vec<u8>) -> String {
    let sum = checksum(version, &bytes);
    bytes.extend(sum);
    let digits = bytes.chunks(3).flat_map(|chunk| {
        let word = (0..3).fold(0, |word, i| word << 8 | u32::from(*chunk.get(i).unwrap_or(&0)));
        (0..=chunk.len()).map(move |i| char::from(DIGITS[(word >> (18 - 6 * i)) as usize & 63]))
    });
    [char::from(b'0' + version)].into_iter().chain(digits).collect()
}

/// The bytes that were made a text, if their checksum says that they are the same.
pub fn checked(version: u8, text: &str) -> Result<Vec<u8>, LinkError> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut word, mut bits) = (0, 0);
    for (at, character) in text.bytes().enumerate() {
        word = word << 6 | digit(character).ok_or(LinkError::Torn { at: at + 1 })?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    let sum = bytes.len().checked_sub(CHECKSUM_BYTES).map(|at| bytes.split_off(at));
    match sum {
        Some(sum) if sum == checksum(version, &bytes) && word == 0 && bits < 6 => Ok(bytes),
        _ => Err(LinkError::Checksum),
    }
}

/// FNV-1a, 32 bits.
fn checksum(version: u8, bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let step = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let start = step(0x811c_9dc5, &version);
    bytes.iter().fold(start, step).to_le_bytes()
}

/// Which numbers of a row differ from what is usual, lowest bit first.
pub fn mask(row: &[u64], usual: &[u64]) -> u64 {
    let differs = row.iter().zip(usual).map(|(number, usual)| u64::from(number != usual));
    differs.rev().fold(0, |mask, bit| mask << 1 | bit)
}

/// Numbers on their way into bytes.
#[derive(Default)]
pub struct Writer {
    /// What has been written.
    pub bytes: Vec<u8>,
}

impl Writer {
    /// A number, the shorter the smaller.
    pub fn number(&mut self, mut number: u64) {
        while number > 127 {
            self.bytes.push(number as u8 | 128);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// How far a number lies from another one, in either direction.
    pub fn distance(&mut self, from: u64, to: u64) {
        let distance = to.wrapping_sub(from) as i64;
        self.number((distance << 1 ^ distance >> 63) as u64);
    }

    /// The numbers of a row that differ from what is usual.
    pub fn differences(&mut self, row: &[u64], usual: &[u64]) {
        for (number, usual) in row.iter().zip(usual) {
            if number != usual {
                self.distance(*usual, *number);
            }
        }
    }
}

/// Bytes on their way into numbers.
pub struct Reader<'a> {
    bytes: &'a [u8],
    /// Where the next number begins.
    pub at: usize,
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// Whether all has been read.
    pub fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// What was just read can't be.
    pub fn torn(&self) -> LinkError {
        LinkError::Torn { at: self.at }
    }

    /// `Err` unless what was just read can be.
    pub fn require(&self, can_be: bool) -> Result<(), LinkError> {
        if can_be { Ok(()) } else { Err(self.torn()) }
    }

    /// A number.
    pub fn number(&mut self) -> Result<u64, LinkError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(self.torn())?;
            self.at += 1;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err(self.torn())
    }

    /// A text of so many bytes.
    pub fn text(&mut self, len: u64) -> Result<Box<str>, LinkError> {
        let end = usize::try_from(len).ok().and_then(|len| self.at.checked_add(len));
        let bytes = end.and_then(|end| self.bytes.get(self.at..end)).ok_or(self.torn())?;
        let text = std::str::from_utf8(bytes).map_err(|_| self.torn())?;
        self.at += bytes.len();
        Ok(text.into())
    }

    /// The number that lies so far from `from` as the next one says.
    pub fn distance(&mut self, from: u64) -> Result<u64, LinkError> {
        let code = self.number()?;
        Ok(from.wrapping_add(code >> 1 ^ (code & 1).wrapping_neg()))
    }

    /// Changes those numbers of a usual row that differ.
    pub fn differences(&mut self, mut mask: u64, row: &mut [u64]) -> Result<(), LinkError> {
        for number in row {
            if mask & 1 == 1 {
                *number = self.distance(*number)?;
            }
            mask >>= 1;
        }
        self.require(mask == 0)
    }
}
