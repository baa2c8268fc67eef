//! The state of a page, as data: a machine's configuration, the tree of everything that was
//! ever done to it, and the moment that is shown.
//!
//! Nothing here runs the kernel. [`crate::link`] writes a history down and reads it back; the
//! [`crate::Machine`] turns it into kernel states.

use error99_kernel::{Call, Config, PORT_RANGE_AT_BOOT, Sysctl, SysctlValue, range_size};

use crate::act::{Act, ActError};
use crate::run::legs;

/// Most acts in one history, over all branches.
pub const ACTS_MAX: usize = 100_000;

/// Stands for "after the whole of its parent" in [`Node::after`].
pub const ALL_CALLS: u32 = u32::MAX;

/// Index of an act in [`History::acts`].
pub type ActId = u32;

/// An act and what came before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The act before this one; `None` right after boot.
    pub parent: Option<ActId>,
    /// How many calls of the parent came before, [`ALL_CALLS`] for all of them. A load can be
    /// left in its middle.
    pub after: u32,
    /// What is done.
    pub act: Act,
    /// How many of its calls were made before a reader stopped it; `None` if nobody did.
    pub stopped: Option<u32>,
}

/// A moment on a branch: so many calls have returned, and the next one stands at a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Position {
    /// Calls that have returned, counted from boot along the branch.
    pub done: u32,
    /// Where the next call stands; `None` when it has not begun.
    pub step: Option<Step>,
}

impl Position {
    /// The call that is looked at, counted from 0: the one that stands at a step, else the last
    /// one that has returned; `None` before the first.
    pub fn under_glass(self) -> Option<u32> {
        match self.step {
            Some(_) => Some(self.done),
            None => self.done.checked_sub(1),
        }
    }
}

/// A step inside a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Number of the probe, from 1; 0 for what comes before the loop of a walk, or for a call
    /// without a walk; one more than there are probes for what comes after a walk.
    pub probe: u32,
    /// Which of that probe's lines, or which event, from 0.
    pub line: u32,
}

/// Configuration, tree of acts, tip of the branch that is shown, and position on it.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The machine at boot.
    pub config: Config,
    /// Every act, each after its parent; the order is the order of creation.
    pub acts: Vec<Node>,
    /// Last act of the branch that is shown; `None` when nothing was done yet.
    pub tip: Option<ActId>,
    /// How many of the first acts were loaded before the reader's own.
    pub loaded: u32,
    /// The moment shown.
    pub at: Position,
}

impl History {
    /// A machine to which nothing was done.
    pub fn new(config: Config) -> History {
        History { config, acts: Vec::new(), tip: None, loaded: 0, at: Position::default() }
    }

    /// The acts that lead to `tip`, first to last.
    pub fn path(&self, tip: Option<ActId>) -> Vec<ActId> {
        let mut path = Vec::new();
        let mut next = tip;
        while let Some(id) = next {
            path.push(id);
            next = self.acts[id as usize].parent;
        }
        path.reverse();
        path
    }

    /// Whether it is `other` but for the moment shown.
    pub fn same_acts(&self, other: &History) -> bool {
        let of = |history: &History| (history.loaded, history.tip);
        of(self) == of(other) && self.config == other.config && self.acts == other.acts
    }

    /// Adds `act` after `after` calls of `parent` and makes it the tip.
    ///
    /// # Errors
    /// An act whose parameters are out of range, or one more than [`ACTS_MAX`].
    pub fn push(
        &mut self,
        parent: Option<ActId>,
        after: u32,
        act: Act,
    ) -> Result<ActId, HistoryError> {
        act.check().map_err(HistoryError::Act)?;
        if self.acts.len() >= ACTS_MAX {
            return Err(HistoryError::TooManyActs);
        }
        let id = self.acts.len() as ActId;
        self.acts.push(Node { parent, after, act, stopped: None });
        self.tip = Some(id);
        Ok(id)
    }

    /// What [`History::roll_back`] needs to forget the acts that are pushed from now on.
    pub(crate) fn checkpoint(&self) -> (usize, Option<ActId>) {
        (self.acts.len(), self.tip)
    }

    /// Forgets the acts that were pushed since `checkpoint`.
    pub(crate) fn roll_back(&mut self, (acts, tip): (usize, Option<ActId>)) {
        self.acts.truncate(acts);
        self.tip = tip;
    }

    /// A socket name that no act of any branch uses; `u32::MAX` if one names the last ones.
    pub fn next_socket(&self) -> u32 {
        self.acts.iter().map(|node| node.act.next_socket()).max().unwrap_or(0)
    }

    /// What running the branch that is shown asks for at most. Links and files are read within
    /// limits, but a short one can ask for a long run: whoever opens it can ask first.
    pub fn work(&self) -> Work {
        let boot = self.config.pre_calls().iter().map(ports_of).max();
        let ports = boot.unwrap_or(0).max(USUAL_PORTS);
        let mut work = Work { ports, ..Work::default() };
        for leg in legs(self, self.tip) {
            let act = &self.acts[leg.id as usize].act;
            let limit = leg.limit.map_or(u64::MAX, u64::from);
            work.calls = work.calls.saturating_add(act.calls_at_most().min(limit));
            work.connects = work.connects.saturating_add(act.connects_at_most().min(limit));
            if let Act::Call(call) = act {
                work.ports = work.ports.max(ports_of(call));
            }
        }
        work
    }

    /// Checks a history that came from outside: each parent exists and stands before its child,
    /// the tip exists, and every act keeps its limits.
    ///
    /// # Errors
    /// Names the first thing that is wrong.
    pub fn check(&self) -> Result<(), HistoryError> {
        if self.acts.len() > ACTS_MAX {
            return Err(HistoryError::TooManyActs);
        }
        for (id, node) in self.acts.iter().enumerate() {
            node.act.check().map_err(HistoryError::Act)?;
            if node.parent.is_some_and(|parent| parent as usize >= id) {
                return Err(HistoryError::Parent(id as ActId));
            }
        }
        match self.tip {
            Some(tip) if tip as usize >= self.acts.len() => Err(HistoryError::Tip),
            _ => Ok(()),
        }
    }
}

/// How much there is to run at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Calls.
    pub calls: u64,
    /// Connects among them; each looks at every port of the range at most.
    pub connects: u64,
    /// Ports of the widest range.
    pub ports: u64,
}

/// Ports of the range that a machine boots with.
const USUAL_PORTS: u64 = range_size(PORT_RANGE_AT_BOOT.0, PORT_RANGE_AT_BOOT.1) as u64;
/// Calls that nobody is asked for: they take a few seconds.
const CALLS_UNASKED: u64 = 10_000_000;
/// Ports looked at by connects, each of which fails, that nobody is asked for: some minutes.
const PROBES_UNASKED: u64 = 50_000_000_000;

impl Work {
    /// Whether it may take so long that whoever opened a link should be asked first.
    pub fn is_much(&self) -> bool {
        let probes = self.connects.saturating_mul(self.ports);
        self.calls > CALLS_UNASKED || probes > PROBES_UNASKED
    }
}

/// Ports of the widest range that there is.
const MOST_PORTS: u64 = 65_536;

/// Most ports of the range that a call sets.
fn ports_of(call: &Call) -> u64 {
    let (low, high) = match *call {
        Call::Sysctl { sysctl: Sysctl::PortRange, value: SysctlValue::Two(low, high) } => {
            (low, high)
        }
        Call::ForceRange { low, high } => (low.into(), high.into()),
        // Whatever it says.
        Call::SysctlText { sysctl: Sysctl::PortRange, .. } => return MOST_PORTS,
        _ => return 0,
    };
    (i64::from(high) - i64::from(low) + 1).clamp(0, MOST_PORTS as i64) as u64
}

/// Why a history can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// An act's parameters are out of range.
    Act(ActError),
    /// More than [`ACTS_MAX`] acts.
    TooManyActs,
    /// This act's parent doesn't stand before it.
    Parent(ActId),
    /// The tip isn't one of the acts.
    Tip,
}

#[cfg(test)]
mod tests {
    use error99_kernel::Addr;

    use super::*;
    use crate::catalogue;
    use crate::load::{CONNECTIONS_MAX, Load};
    use crate::machine::Machine;

    #[test]
    fn no_history_makes_more_calls_than_its_work_says() {
        for prepared in catalogue::ALL {
            let history = prepared.history();
            let work = history.work();
            let mut machine = Machine::open(history).expect("it opens");
            machine.work_all();
            let made = u64::from(machine.total());
            assert!(made <= work.calls, "{}: {made} of {work:?}", prepared.key);
            assert!(work.calls <= made * 2 + 100, "{}: {made} of {work:?}", prepared.key);
            assert!(!work.is_much(), "{}: nobody is asked: {work:?}", prepared.key);
        }
    }

    #[test]
    fn a_short_link_that_asks_for_a_long_run_says_so() {
        let mut history = History::new(Config::default());
        for _ in 0..1_000 {
            let load = Load::burst(Addr::new(10, 0, 0, 2), 80, CONNECTIONS_MAX);
            history.push(history.tip, ALL_CALLS, Act::Load(load)).expect("it has room");
        }
        let ports = USUAL_PORTS;
        assert_eq!(history.work(), Work { calls: 2_000_000_000, connects: 1_000_000_000, ports });
        assert!(history.work().is_much());
        let text = Call::SysctlText { sysctl: Sysctl::PortRange, text: "1 9".into() };
        history.push(None, ALL_CALLS, Act::Call(text)).expect("it has room");
        assert_eq!(history.work(), Work { calls: 1, connects: 0, ports: MOST_PORTS });
        history.tip = Some(999);
        history.acts[999].stopped = Some(10);
        assert_eq!(history.work(), Work { calls: 1_998_000_010, connects: 999_000_010, ports });
    }
}
