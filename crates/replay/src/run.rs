//! Running a branch: the legs of its path, and a kernel on its way along them.

use error99_kernel::{Call, Kernel};

use crate::act::ActRun;
use crate::history::{ALL_CALLS, ActId, History};

/// Most calls of a branch: a few bytes of a link can ask for more than 32 bits count.
pub const CALLS_MAX: u32 = 4_000_000_000;

/// One act on the branch that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The act.
    pub id: ActId,
    /// Calls made on the branch before this act.
    pub first: u32,
    /// How many of the act's calls belong to the branch; `None` for all of them.
    pub limit: Option<u32>,
}

/// The legs of the branch that ends with `tip`. `first` is set as far as it is known; the
/// first calls of acts that never ran are found by running them.
pub fn legs(history: &History, tip: Option<ActId>) -> Vec<Leg> {
    let path = history.path(tip);
    let afters = path.iter().skip(1).map(|&id| history.acts[id as usize].after);
    let leg = |(&id, after): (&ActId, u32)| {
        let stopped = history.acts[id as usize].stopped;
        let limit = if after == ALL_CALLS { stopped } else { Some(after) };
        Leg { id, first: u32::MAX, limit }
    };
    path.iter().zip(afters.chain([ALL_CALLS])).map(leg).collect()
}

/// A kernel somewhere on the branch, and how the branch goes on from there.
#[derive(Clone)]
pub struct State {
    /// The kernel after `done` calls.
    pub kernel: Kernel,
    /// Calls made since boot.
    pub done: u32,
    /// Connects among them that the reader made.
    pub connects: u32,
    /// Index of the leg that is under way.
    leg: usize,
    /// Calls made in that leg.
    in_leg: u32,
    run: ActRun,
}

impl State {
    /// A machine that has just booted.
    pub fn boot(kernel: Kernel) -> State {
        State { kernel, done: 0, connects: 0, leg: 0, in_leg: 0, run: ActRun::default() }
    }

    /// Index of the leg that the last call belonged to.
    pub fn leg(&self) -> usize {
        self.leg
    }

    /// Calls made in that leg.
    pub fn in_leg(&self) -> u32 {
        self.in_leg
    }

    /// Connections that the load under way has begun.
    pub fn connections_begun(&self) -> u32 {
        self.run.connections_begun()
    }

    /// Bytes that a copy of it takes, about.
    pub fn bytes(&self) -> usize {
        self.kernel.bytes()
    }

    /// The branch's next call, or `None` at its end, which is after [`CALLS_MAX`] calls at the
    /// latest. The caller applies it to the kernel. Notes where each leg begins.
    pub fn next_call(&mut self, history: &History, legs: &mut [Leg]) -> Option<Call> {
        if self.done >= CALLS_MAX {
            return None;
        }
        loop {
            let leg = legs.get_mut(self.leg)?;
            if self.in_leg == 0 {
                leg.first = self.done;
            }
            let act = &history.acts[leg.id as usize].act;
            let more = leg.limit.is_none_or(|limit| self.in_leg < limit);
            if let Some(call) = more.then(|| self.run.next_call(act, &self.kernel)).flatten() {
                let by_hand = leg.id >= history.loaded;
                self.connects += u32::from(by_hand && matches!(call, Call::Connect { .. }));
                self.in_leg += 1;
                self.done += 1;
                return Some(call);
            }
            if self.leg + 1 == legs.len() {
                return None;
            }
            self.leg += 1;
            self.in_leg = 0;
            self.run = ActRun::default();
        }
    }
}
