//! What became of a load: how much of it ran, why it ended, what failed and when.

use error99_kernel::{Call, Problem, Reply};

use crate::act::Act;
use crate::frame::Ret;
use crate::load::Load;
use crate::machine::{Machine, ret_of};
use crate::run::State;

/// The connects of a load that failed so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// The first of them.
    pub first: Option<Failure>,
}

/// A connect of a load that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which connection of the load, from 1.
    pub nth: u32,
    /// When, in milliseconds since the load's start.
    pub after_ms: u64,
    /// What it returned.
    pub ret: Ret,
}

/// A load that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadReport {
    /// Connections that it was to make at most.
    pub asked: u32,
    /// Connections that it began.
    pub begun: u32,
    /// How long it went on, in milliseconds.
    pub ms: u64,
    /// Connections that failed.
    pub failures: Failures,
    /// Why it ended.
    pub end: LoadEnd,
}

/// Why a load ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadEnd {
    /// All of it has run.
    Whole,
    /// It was to end at the first error.
    AtError,
    /// The reader stopped it.
    Stopped,
    /// The model has no room for more.
    Limit(Problem),
}

impl Failures {
    /// Learns of a call of a load that has begun `begun` connections in `after_ms`.
    pub(crate) fn note(&mut self, call: &Call, reply: Reply, begun: u32, after_ms: u64) {
        let ret = ret_of(call, reply);
        if matches!(call, Call::Connect { .. }) && ret != Ret::Ok {
            self.count += 1;
            self.first.get_or_insert(Failure { nth: begun, after_ms, ret });
        }
    }
}

impl Machine {
    /// What became of the load whose end is the moment shown; `None` for other moments, and for
    /// connections back to back, which are told call by call.
    pub(crate) fn load_over(&self) -> Option<LoadReport> {
        let shown = self.shown.as_ref().filter(|_| self.at().step.is_none())?;
        let state = &shown.after;
        let node = &self.history.acts[self.legs().get(state.leg())?.id as usize];
        let Act::Load(load) = &node.act else { return None };
        let end = match ret_of(&shown.call, shown.reply) {
            Ret::Limit(problem) => LoadEnd::Limit(problem),
            _ if node.stopped == Some(state.in_leg()) => LoadEnd::Stopped,
            _ if state.act_goes_on(&node.act) => return None,
            Ret::Errno(_) if load.stop_at_error => LoadEnd::AtError,
            Ret::Ok | Ret::Errno(_) => LoadEnd::Whole,
        };
        (load.per_second > 0).then(|| report(state, load, end))
    }
}

fn report(state: &State, load: &Load, end: LoadEnd) -> LoadReport {
    LoadReport {
        asked: load.connections,
        begun: state.connections_begun(),
        ms: state.load_ms(),
        failures: state.failures,
        end,
    }
}
