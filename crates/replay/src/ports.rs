//! The page of ports: the state of every port of the range towards one destination.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::frame::{AGES, Counts, PortCell};

/// One cell per port, lowest port first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// Lowest port.
    pub low: u16,
    /// The states; at most 65,535.
    pub cells: Vec<PortCell>,
}

impl Ports {
    /// State of `port`, if it lies in the range.
    pub fn cell(&self, port: u16) -> Option<PortCell> {
        self.cells.get(usize::from(port.checked_sub(self.low)?)).copied()
    }

    /// Highest port; the lowest one when there are no cells.
    pub fn high(&self) -> u16 {
        self.low.saturating_add(self.cells.len().saturating_sub(1) as u16)
    }

    /// How many ports are in which state.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for cell in &self.cells {
            *match cell {
                PortCell::Free => &mut counts.free,
                PortCell::Bind => &mut counts.bind,
                PortCell::Live => &mut counts.live,
                PortCell::Shared => &mut counts.shared,
                PortCell::Timewait(_) => &mut counts.timewait,
            } += 1;
        }
        counts
    }

    /// Runs of equal cells as text: a letter for the state, and how many if more than one.
    fn to_runs(&self) -> String {
        let mut runs = format!("{}:", self.low);
        for run in self.cells.chunk_by(|a, b| a == b) {
            runs.push(letter(run[0]));
            if run.len() > 1 {
                runs.push_str(&run.len().to_string());
            }
        }
        runs
    }

    /// Reads what [`Ports::to_runs`] wrote; `None` for anything else, or for too many ports.
    fn from_runs(runs: &str) -> Option<Ports> {
        let (low, mut rest) = runs.split_once(':')?;
        let low = low.parse().ok()?;
        let mut cells = Vec::new();
        while let Some(first) = rest.chars().next() {
            let cell = state(first)?;
            rest = &rest[first.len_utf8()..];
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let count = if digits == 0 { 1 } else { rest[..digits].parse().ok()? };
            rest = &rest[digits..];
            if cells.len() + count > 65_536 {
                return None;
            }
            cells.resize(cells.len() + count, cell);
        }
        Some(Ports { low, cells })
    }
}

fn letter(cell: PortCell) -> char {
    match cell {
        PortCell::Free => 'f',
        PortCell::Bind => 'b',
        PortCell::Live => 'l',
        PortCell::Shared => 's',
        PortCell::Timewait(age) => char::from(b'A' + age),
    }
}

fn state(letter: char) -> Option<PortCell> {
    Some(match letter {
        'f' => PortCell::Free,
        'b' => PortCell::Bind,
        'l' => PortCell::Live,
        's' => PortCell::Shared,
        'A'..='Z' if (letter as u8 - b'A') < AGES => PortCell::Timewait(letter as u8 - b'A'),
        _ => return None,
    })
}

impl Serialize for Ports {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_runs())
    }
}

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let runs = String::deserialize(deserializer)?;
        Ports::from_runs(&runs).ok_or_else(|| serde::de::Error::custom("not a page of ports"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_ports_survives_being_written_down() {
        use PortCell::*;
        let ports = Ports {
            low: 32_768,
            cells: vec![Free, Free, Bind, Live, Live, Live, Shared, Timewait(0), Timewait(5)],
        };
        assert_eq!(ports.to_runs(), "32768:f2bl3sAF");
        assert_eq!(Ports::from_runs(&ports.to_runs()), Some(ports));
    }

    #[test]
    fn a_torn_page_of_ports_is_refused() {
        for torn in ["", "x", "70000:f", "1:z", "1:f99999999", "1:f65536f", "1:G"] {
            assert_eq!(Ports::from_runs(torn), None, "{torn}");
        }
    }
}
