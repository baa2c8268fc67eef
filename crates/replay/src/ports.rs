//! The page of ports: the state of every port of the range towards one destination.

use crate::frame::{Counts, PortCell};

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
}
