//! Running a branch: the legs of its path, and a kernel on its way along them.

use error99_kernel::{Call, Kernel, Reply, SocketName};

use crate::act::{Act, ActRun};
use crate::history::{ALL_CALLS, ActId, History};
use crate::report::Failures;

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
    /// Connects of the act under way that failed.
    pub failures: Failures,
    /// The socket that a call of its own has opened last, or tried to.
    opening: Option<SocketName>,
}

impl State {
    /// A machine that has just booted.
    pub fn boot(kernel: Kernel) -> State {
        State {
            kernel,
            done: 0,
            connects: 0,
            leg: 0,
            in_leg: 0,
            run: ActRun::default(),
            failures: Failures::default(),
            opening: None,
        }
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
    /// latest. The caller makes it. Notes where each leg begins.
    pub fn next_call(&mut self, history: &History, legs: &mut [Leg]) -> Option<Call> {
        if self.done >= CALLS_MAX {
            return None;
        }
        // Only a call moves the state on: it may be gone on from in another way than this one.
        let (mut at, mut in_leg, mut run) = (self.leg, self.in_leg, self.run);
        loop {
            let leg = legs.get_mut(at)?;
            if in_leg == 0 {
                leg.first = self.done;
            }
            let act = &history.acts[leg.id as usize].act;
            let more = leg.limit.is_none_or(|limit| in_leg < limit) && !self.never_opened(act);
            if let Some(call) = more.then(|| run.next_call(act, &self.kernel)).flatten() {
                let by_hand = leg.id >= history.loaded;
                match call {
                    Call::Connect { .. } if by_hand => self.connects += 1,
                    Call::Socket { s } => self.opening = Some(s),
                    Call::Close { s, .. } if self.opening == Some(s) => self.opening = None,
                    _ => {}
                }
                if in_leg == 0 {
                    self.failures = Failures::default();
                }
                (self.leg, self.in_leg, self.run) = (at, in_leg + 1, run);
                self.done += 1;
                return Some(call);
            }
            (at, in_leg, run) = (at + 1, 0, ActRun::default());
        }
    }

    /// Makes the call that comes next, and notes what came of it.
    pub fn make(&mut self, call: &Call) -> Reply {
        let reply = self.kernel.apply(call);
        self.note(call, reply);
        reply
    }

    /// Notes what came of the call that was made.
    pub fn note(&mut self, call: &Call, reply: Reply) {
        self.failures.note(call, reply, self.connections_begun(), self.load_ms());
    }

    /// Milliseconds since the load under way began.
    pub fn load_ms(&self) -> u64 {
        self.run.load_ms()
    }

    /// Whether more of `act`, which is under way, would follow.
    pub fn act_goes_on(&self, act: &Act) -> bool {
        let mut run = self.run;
        run.next_call(act, &self.kernel).is_some()
    }

    /// Whether `act` is a call on a socket that the model had no room for: nobody makes it.
    fn never_opened(&self, act: &Act) -> bool {
        match act {
            Act::Call(Call::Socket { .. }) | Act::Load(_) | Act::Bind(_) => false,
            Act::Call(call) => call
                .socket_name()
                .is_some_and(|s| self.opening == Some(s) && self.kernel.socket(s).is_none()),
        }
    }
}
