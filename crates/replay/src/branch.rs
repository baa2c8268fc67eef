//! Branches: going back and doing something else keeps the old future. What there is to
//! return to, and how two branches differ.

use error99_kernel::{Addr, Call, Tuple};

use crate::act::Act;
use crate::frame::{Counts, ERROR_99, Ret};
use crate::history::{ALL_CALLS, ActId, History, Position};
use crate::look::ports_towards;
use crate::machine::{Machine, port_of, ret_of, work_of};
use crate::run::{Leg, State, legs};

/// One way through the tree of acts, from boot to an act that nothing followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The act with which it left the branch that it came from.
    pub head: ActId,
    /// Its last act.
    pub tip: ActId,
}

impl History {
    /// All branches, in the order in which they began; the order never changes.
    ///
    /// The first act that follows the whole of another one goes on with its branch. Any other
    /// one, later or after a part of the act only, begins a branch of its own.
    pub fn branches(&self) -> Vec<Branch> {
        self.branches_and_places().0
    }

    /// The branches, and for each act which of them it belongs to and whether it has been gone on
    /// from.
    fn branches_and_places(&self) -> (Vec<Branch>, Vec<(usize, bool)>) {
        let mut branches: Vec<Branch> = Vec::new();
        let mut places: Vec<(usize, bool)> = Vec::with_capacity(self.acts.len());
        for (id, node) in self.acts.iter().enumerate() {
            let parent = node.parent.map(|parent| parent as usize);
            let goes_on = parent.filter(|&at| node.after == ALL_CALLS && !places[at].1);
            let at = goes_on.map_or(branches.len(), |parent| {
                places[parent].1 = true;
                places[parent].0
            });
            let id = id as ActId;
            match branches.get_mut(at) {
                Some(branch) => branch.tip = id,
                None => branches.push(Branch { head: id, tip: id }),
            }
            places.push((at, false));
        }
        (branches, places)
    }

    /// The act that tells what a branch does: its first one that is more than opening a socket.
    pub fn telling(&self, branch: Branch) -> &Act {
        let path = self.path(Some(branch.tip));
        let acts = path.iter().skip_while(|id| **id < branch.head);
        let mut acts = acts.map(|id| &self.acts[*id as usize].act);
        let opens = |act: &Act| matches!(act, Act::Call(Call::Socket { .. }));
        acts.find(|act| !opens(act)).unwrap_or(&self.acts[branch.head as usize].act)
    }
}

impl Machine {
    /// The branches of the history, and which of them is shown.
    pub fn branches(&self) -> (Vec<Branch>, usize) {
        let (branches, places) = self.history().branches_and_places();
        let shown = self.history().tip.map_or(0, |tip| places[tip as usize].0);
        (branches, shown)
    }

    /// Shows another branch from now on. It is run from where the two part; [`Machine::work`]
    /// does that, then [`Machine::go`] shows a moment of it.
    pub fn take(&mut self, branch: Branch) {
        let theirs = legs(&self.history, Some(branch.tip));
        let common = common(self.legs(), &theirs).min(self.total());
        self.history.tip = Some(branch.tip);
        self.continue_from(common);
        self.go(Position { done: common, step: None });
    }

    /// What the branch shown and `other` have done differently; to be worked on in slices.
    pub fn compare(&mut self, other: Branch) -> Comparing {
        let theirs = legs(&self.history, Some(other.tip));
        let common = common(self.legs(), &theirs).min(self.total());
        let state = self.state_at(common);
        let side = |legs: Vec<Leg>| SideRun { state: state.clone(), legs, side: Side::default() };
        Comparing {
            common,
            sides: [side(self.legs().to_vec()), side(theirs)],
            history: self.history.clone(),
            lens: self.lens(),
        }
    }
}

/// Calls that two branches have in common.
pub(crate) fn common(a: &[Leg], b: &[Leg]) -> u32 {
    for (a, b) in a.iter().zip(b) {
        if a.id != b.id {
            return a.first;
        }
        if a.limit != b.limit {
            let most = a.limit.unwrap_or(u32::MAX).min(b.limit.unwrap_or(u32::MAX));
            return a.first.saturating_add(most);
        }
    }
    match a.get(b.len()) {
        Some(leg) => leg.first,
        None => u32::MAX,
    }
}

/// Two branches side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Calls that both have in common.
    pub common: u32,
    /// The branch shown, and the other one.
    pub sides: [Side; 2],
}

/// What one branch did after the two parted, and how it ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// The first call that differs, more than opening a socket; `None` if nothing follows.
    pub first: Option<Turn>,
    /// Its last connect after they parted.
    pub last_connect: Option<Turn>,
    /// Calls made after they parted.
    pub calls: u32,
    /// Connects among them.
    pub connects: u32,
    /// Connects that failed with error 99.
    pub failed: u32,
    /// The clock at its end, in milliseconds since boot.
    pub now_ms: u64,
    /// The ports of the range at its end, towards the destination looked at.
    pub counts: Counts,
}

/// A call and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The call.
    pub call: Call,
    /// What it returned.
    pub ret: Ret,
    /// The port that its socket owns afterwards; 0 for none.
    pub port: u16,
}

/// A comparison under way.
pub struct Comparing {
    common: u32,
    sides: [SideRun; 2],
    history: History,
    lens: (Addr, u16),
}

struct SideRun {
    state: State,
    legs: Vec<Leg>,
    side: Side,
}

impl Comparing {
    /// Runs both branches on until about `budget` units of work (10 ns each)
    /// are spent; the answer when there is one.
    pub fn work(&mut self, budget: u64) -> Option<Comparison> {
        let mut spent = 0;
        for run in &mut self.sides {
            while spent < budget {
                let Some(call) = run.state.next_call(&self.history, &mut run.legs) else { break };
                spent += run.make(call);
            }
        }
        if spent >= budget {
            return None;
        }
        let lens = self.lens;
        let sides = self.sides.each_ref().map(|run| run.end(lens));
        Some(Comparison { common: self.common, sides })
    }
}

impl SideRun {
    /// Makes a call and counts it; answers with the work that it was.
    fn make(&mut self, call: Call) -> u64 {
        let reply = self.state.kernel.apply(&call);
        let ret = ret_of(&call, reply);
        let side = &mut self.side;
        side.calls += 1;
        let connect = matches!(call, Call::Connect { .. });
        side.connects += u32::from(connect);
        side.failed += u32::from(connect && ret == ERROR_99);
        let telling = side.first.is_none() && !matches!(call, Call::Socket { .. });
        if connect || telling {
            let turn = Turn { port: port_of(&self.state.kernel, &call), call, ret };
            if telling {
                side.first = Some(turn.clone());
            }
            if connect {
                side.last_connect = Some(turn);
            }
        }
        work_of(reply)
    }

    fn end(&self, (dst, dport): (Addr, u16)) -> Side {
        let kernel = &self.state.kernel;
        let source = kernel.route(dst).map_or(Addr::ANY, |route| route.source);
        let tuple = Tuple { laddr: source, lport: 0, faddr: dst, fport: dport };
        let counts = ports_towards(kernel, tuple).counts();
        Side { now_ms: kernel.now_ms(), counts, ..self.side.clone() }
    }
}
