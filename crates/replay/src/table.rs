//! The page of ports read as a table: runs of neighbouring ports in the same state.

use error99_kernel::{Kernel, PortState, Tuple};

use crate::frame::PortCell;
use crate::look::cell;
use crate::machine::{Machine, range};

/// The places of `keys` in ascending order; equal ones stay in theirs. Every list is put in order
/// by this: each further type that is sorted would cost the page its own code.
pub fn order(keys: &[u64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_unstable_by_key(|&place| (keys[place], place));
    places
}

/// Neighbouring ports in the same state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRun {
    /// Lowest port.
    pub from: u16,
    /// Highest port.
    pub to: u16,
    /// Their state; of a TIME_WAIT without its age.
    pub kind: PortKind,
    /// For TIME_WAITs, when the first and the last of them end, in milliseconds from now.
    pub left_ms: Option<(u64, u64)>,
}

/// State of a port, as a table tells states apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortKind {
    /// The same 4-tuple is in TIME_WAIT.
    Timewait,
    /// The same 4-tuple is alive.
    Live,
    /// In use, but this 4-tuple is not.
    Shared,
    /// Owned by bind().
    Bind,
    /// Nobody has it.
    Free,
}

impl PortKind {
    /// All of them, in the order of the legend.
    pub const ALL: [PortKind; 5] =
        [PortKind::Timewait, PortKind::Live, PortKind::Shared, PortKind::Bind, PortKind::Free];
}

impl From<PortCell> for PortKind {
    fn from(cell: PortCell) -> PortKind {
        match cell {
            PortCell::Free => PortKind::Free,
            PortCell::Bind => PortKind::Bind,
            PortCell::Live => PortKind::Live,
            PortCell::Shared => PortKind::Shared,
            PortCell::Timewait(_) => PortKind::Timewait,
        }
    }
}

impl PortRun {
    /// How many ports.
    pub fn count(&self) -> u32 {
        u32::from(self.to) - u32::from(self.from) + 1
    }
}

impl Machine {
    /// The ports of the range as runs, lowest first, towards the destination of
    /// [`Machine::ports`].
    pub fn runs(&self) -> Vec<PortRun> {
        runs(self.kernel(), self.wanted(0))
    }
}

fn runs(kernel: &Kernel, wanted: Tuple) -> Vec<PortRun> {
    let (low, high) = range(kernel);
    let states = kernel.survey(low, high, wanted.laddr, wanted.faddr, wanted.fport);
    let mut runs: Vec<PortRun> = Vec::new();
    for (port, state) in (low..=high).zip(states) {
        let kind = PortKind::from(cell(state, kernel.now_ms()));
        let left_ms = match state {
            PortState::Timewait { ends_ms, .. } => Some(ends_ms.saturating_sub(kernel.now_ms())),
            _ => None,
        };
        match runs.last_mut() {
            Some(run) if run.kind == kind => {
                run.to = port;
                run.left_ms = run.left_ms.zip(left_ms).map(|((a, b), c)| (a.min(c), b.max(c)));
            }
            _ => runs.push(PortRun {
                from: port,
                to: port,
                kind,
                left_ms: left_ms.map(|ms| (ms, ms)),
            }),
        }
    }
    runs
}
