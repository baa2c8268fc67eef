//! `ip_local_reserved_ports`: ports that automatic choice and `bind(…, 0)` pass over.
//!
//! Models `proc_do_large_bitmap` (`kernel/sysctl.c`) and `inet_is_local_reserved_port`
//! (`include/net/ip.h`).

use std::fmt;
use std::sync::Arc;

use crate::order::Sweep;
use crate::sysctl_text::size;

const PORTS: u32 = 65_536;
const WORDS: usize = PORTS as usize / 64;

/// A set of ports; copies share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reserved(Option<Arc<[u64; WORDS]>>);

/// A part of a sweep whose ports are all reserved, or all not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub(crate) sweep: Sweep,
    pub(crate) reserved: bool,
}

impl Reserved {
    /// None at all.
    pub(crate) const NONE: Reserved = Reserved(None);

    /// The ports of a text: numbers and ranges with commas between them.
    pub(crate) fn parse(text: &str) -> Option<Reserved> {
        let mut words = [0_u64; WORDS];
        let listed = text.strip_suffix(',').filter(|rest| !rest.is_empty()).unwrap_or(text);
        for part in listed.split(',').filter(|_| !text.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (port(first)?, port(last)?);
            if first > last {
                return None;
            }
            for port in first..=last {
                words[usize::from(port) / 64] |= 1 << (port % 64);
            }
        }
        let any = words.iter().any(|word| *word != 0);
        Some(Reserved(any.then(|| Arc::new(words))))
    }

    pub(crate) fn contains(&self, port: u16) -> bool {
        match &self.0 {
            None => false,
            Some(words) => words[usize::from(port) / 64] >> (port % 64) & 1 != 0,
        }
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.as_ref().map_or(0, |words| words.iter().map(|word| word.count_ones()).sum())
    }

    /// A sweep, cut where reserved ports begin and end.
    pub(crate) fn stretches(&self, sweep: Sweep) -> impl Iterator<Item = Stretch> + '_ {
        let mut done = 0;
        std::iter::from_fn(move || {
            if done == sweep.steps {
                return None;
            }
            let rest = sweep.from(done);
            if self.0.is_none() {
                done = sweep.steps;
                return Some(Stretch { sweep: rest, reserved: false });
            }
            let reserved = self.contains(rest.first_port);
            let same = |ahead: &u32| self.contains(rest.port(*ahead)) == reserved;
            let steps = (1..rest.steps).take_while(same).count() as u32 + 1;
            done += steps;
            Some(Stretch { sweep: Sweep { steps, ..rest }, reserved })
        })
    }

    /// Runs of neighbouring ports, first and last.
    fn runs(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        let mut next = 0_u32;
        std::iter::from_fn(move || {
            let words = self.0.as_ref()?;
            let first = from(words, next, false)?;
            next = from(words, first, true).unwrap_or(PORTS);
            Some((first as u16, (next - 1) as u16))
        })
    }
}

/// The first port from `port` on that is reserved, or isn't; whole words at a time.
fn from(words: &[u64; WORDS], port: u32, free: bool) -> Option<u32> {
    let (mut at, mut ahead) = ((port / 64) as usize, port % 64);
    while let Some(word) = words.get(at) {
        let found = (if free { !word } else { *word }) >> ahead;
        if found != 0 {
            return Some(at as u32 * 64 + ahead + found.trailing_zeros());
        }
        (at, ahead) = (at + 1, 0);
    }
    None
}

fn port(digits: &str) -> Option<u16> {
    u16::try_from(size(digits.as_bytes())?).ok()
}

impl fmt::Display for Reserved {
    /// As `/proc` prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (first, last)) in self.runs().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_and_printed_as_by_proc() {
        let now = |text| Reserved::parse(text).map(|reserved| reserved.to_string());
        for (text, then) in [
            ("", ""),
            ("40001,40000", "40000-40001"),
            ("40000-40002,40001-40003", "40000-40003"),
            ("40001,", "40001"),
            ("0-65535", "0-65535"),
            ("65535,0", "0,65535"),
            ("63,64,128-191,256", "63-64,128-191,256"),
            ("8080,9000-9100,1", "1,8080,9000-9100"),
            ("0x1f90,010", "8,8080"),
        ] {
            assert_eq!(now(text).as_deref(), Some(then), "{text}");
        }
        for text in [",", ",1", "1,,2", "2-1", "1-", "-1", "65536", "1 2", "x", "1;2", "1-2-3"] {
            assert_eq!(now(text), None, "{text}");
        }
    }
}
