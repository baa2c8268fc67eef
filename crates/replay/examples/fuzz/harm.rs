//! Texts that somebody tampered with.

use error99_replay::link::{self, Saved};
use error99_replay::{catalogue, scenario};

use crate::chance::Chance;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// States that texts are made from.
const STATES: usize = 300;
/// One text in so many is as long as it may be.
const HUGE: u64 = 4_000;

/// Values to put where another one was.
const VALUES: [&str; 16] = [
    "0",
    "1",
    "-1",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "1e9",
    "0.5",
    "null",
    "true",
    "[]",
    "{}",
    "\"s4294967295\"",
    "[[0,0]]",
];

/// What a text claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// A link in which characters were changed.
    Link,
    /// A link whose bytes were changed, with a right checksum.
    ForgedLink,
    /// A scenario file.
    File,
}

/// Makes texts, the same ones every time.
pub struct Harm {
    chance: Chance,
    links: Vec<String>,
    files: Vec<String>,
}

impl Harm {
    pub fn new(seed: u64) -> Harm {
        let mut chance = Chance::new(seed);
        let prepared = catalogue::ALL.iter().map(|prepared| prepared.saved());
        let states: Vec<Saved> = prepared.chain((0..STATES).map(|_| chance.state(40))).collect();
        Harm {
            links: states.iter().map(link::write).collect(),
            files: states
                .iter()
                .map(scenario::write)
                // A link holds more than the vocabulary of files.
                .filter(|file| scenario::read(file).is_ok())
                .collect(),
            chance,
        }
    }

    /// The next text.
    pub fn text(&mut self) -> (Claim, String) {
        match self.chance.below(10) {
            0 | 1 => (Claim::Link, self.torn_link()),
            2..=5 => (Claim::ForgedLink, self.forged_link()),
            _ => (Claim::File, self.file()),
        }
    }

    fn pick(&mut self, from: fn(&Harm) -> &Vec<String>) -> Vec<u8> {
        let at = self.chance.below(from(self).len() as u64) as usize;
        from(self)[at].clone().into_bytes()
    }

    fn torn_link(&mut self) -> String {
        let mut text = self.pick(|harm| &harm.links);
        for _ in 0..1 + self.chance.below(3) {
            let at = self.chance.below(text.len() as u64 + 1) as usize;
            match self.chance.below(4) {
                0 => text.truncate(at),
                1 => text.insert(at, DIGITS[self.chance.below(64) as usize]),
                2 => text.splice(at.., self.pick(|harm| &harm.links)).for_each(drop),
                _ if at < text.len() => text[at] ^= 1 << self.chance.below(8),
                _ => {}
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    fn forged_link(&mut self) -> String {
        let link = self.pick(|harm| &harm.links);
        let (mut version, mut bytes) = (link[0], unpacked(&link));
        if self.chance.one_in(HUGE) {
            bytes = self.huge_link();
        }
        if self.chance.one_in(30) {
            version ^= b'1' ^ b'2';
        }
        for _ in 0..1 + self.chance.below(3) {
            let at = self.chance.below(bytes.len() as u64 + 1) as usize;
            match self.chance.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.chance.number() as u8),
                // A number as large as they come, and a repetition of what came before.
                2 => bytes.splice(at..at, [255; 9]).for_each(drop),
                3 => {
                    let times = self.chance.below(128) as u8;
                    bytes.splice(at..at, [63, times | 128, times]).for_each(drop);
                }
                _ if at < bytes.len() => bytes[at] ^= 1 << self.chance.below(8),
                _ => {}
            }
        }
        packed(version, &bytes)
    }

    /// As many acts as there may be, each as large as it can be, from a few bytes or many.
    fn huge_link(&mut self) -> Vec<u8> {
        let mut bytes = vec![0, 0];
        match self.chance.below(4) {
            // Keys of twelve words, repeated.
            0 => bytes.extend([17 | 7 << 5, 1, 3, 63, 160, 141, 6]),
            // Lists of ports that are as long as the text.
            1 => {
                bytes.extend([23 | 4 << 5, 160, 235, 2]);
                bytes.extend([2; 45_000]);
            }
            // In version 2, a text as long as the link.
            2 => {
                bytes.extend([0, 28 | 2 << 5, 128, 224, 5]);
                bytes.extend([b'1'; 45_056]);
            }
            // A byte an act.
            _ => bytes.extend([21; 49_000]),
        }
        bytes
    }

    fn file(&mut self) -> String {
        let mut text = self.pick(|harm| &harm.files);
        if self.chance.one_in(HUGE) {
            text = self.huge_file();
        }
        for _ in 0..1 + self.chance.below(3) {
            let len = text.len() as u64;
            let at = self.chance.below(len + 1) as usize;
            let to = (at + 1 + self.chance.below(80) as usize).min(text.len());
            match self.chance.below(7) {
                0 => text.truncate(at),
                1 => text.drain(at.min(to)..to).for_each(drop),
                2 => {
                    let again = text[at.min(to)..to].to_vec();
                    text.splice(at..at, again).for_each(drop);
                }
                3 | 4 => self.replace_a_value(&mut text, at),
                5 => {
                    let token = b"[]{},:\"\\0- \n"[self.chance.below(12) as usize];
                    text.splice(at..at, [token]).for_each(drop);
                }
                _ if at < text.len() => text[at] ^= 1 << self.chance.below(8),
                _ => {}
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Puts another value where the first number behind `at` stands.
    fn replace_a_value(&mut self, text: &mut Vec<u8>, at: usize) {
        let number = |byte: &u8| byte.is_ascii_digit();
        let Some(from) = text[at..].iter().position(number).map(|from| at + from) else { return };
        let len = text[from..].iter().position(|byte| !number(byte));
        let to = len.map_or(text.len(), |len| from + len);
        let value = VALUES[self.chance.below(VALUES.len() as u64) as usize];
        text.splice(from..to, value.bytes()).for_each(drop);
    }

    /// A file of the greatest length, or nearly, full of one thing.
    fn huge_file(&mut self) -> Vec<u8> {
        let things = [
            r#"{"op":"dump"}"#,
            r#"{"op":"socket","s":"s1"}"#,
            r#"{"op":"load","dst":"10.0.0.2","dport":80,"connections":1}"#,
            r#"{"op":"bind_each","addr":"0.0.0.0","ports":[[1,1],[2,2],[3,3]]}"#,
            "[]",
            "{}",
            r#"{"":0}"#,
            r#""""#,
            "0",
        ];
        let thing = things[self.chance.below(things.len() as u64) as usize];
        let most = if self.chance.flag() { 99_999 } else { usize::MAX };
        let room = scenario::TEXT_MAX - 400;
        let list = vec![thing; (room / (thing.len() + 1)).min(most)].join(",");
        let inside = match self.chance.below(3) {
            0 => format!(r#"[{{"op":"bind_each","addr":"0.0.0.0","ports":[{list}]}}]"#),
            1 => format!(r#"[[{list}]]"#),
            _ => format!("[{list}]"),
        };
        let client = r#""client":{"dst":"10.0.0.2","dport":80}"#;
        format!(r#"{{"config":{{}},{client},"acts":{inside}}}"#).into_bytes()
    }
}

/// The bytes of a link, without its checksum.
fn unpacked(text: &[u8]) -> Vec<u8> {
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for character in &text[1..] {
        let digit = DIGITS.iter().position(|digit| digit == character).unwrap_or(0);
        (word, bits) = (word << 6 | digit as u32, bits + 6);
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
        }
    }
    bytes.truncate(bytes.len() - 4);
    bytes
}

/// The link of that version that says these bytes, as the format's description has it.
fn packed(version: u8, bytes: &[u8]) -> String {
    let step = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let sum = bytes.iter().fold(step(0x811c_9dc5, &(version - b'0')), step).to_le_bytes();
    let mut text = String::from(char::from(version));
    for chunk in [bytes, &sum].concat().chunks(3) {
        let word = (0..3).fold(0, |word, i| word << 8 | u32::from(*chunk.get(i).unwrap_or(&0)));
        let digits = (0..=chunk.len()).map(|i| DIGITS[(word >> (18 - 6 * i)) as usize & 63]);
        text.extend(digits.map(char::from));
    }
    text
}
