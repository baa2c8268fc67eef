//! A history brought to life: kernel states for every moment of a branch.
//!
//! Going anywhere is replay. Checkpoints, set by the work done and not by a clock, make it
//! fast; there is no undo. The branch is run ahead of the reader in slices ([`Machine::work`]),
//! so that a load of a hundred thousand calls never holds anybody up.

use error99_kernel::{
    Addr, Call, ConfigError, Errno, Event, Kernel, Reply, SocketName, Sysctl, SysctlOutcome,
    SysctlValue,
};

use crate::act::Act;
use crate::branch::common;
use crate::checkpoints::Checkpoints;
use crate::frame::{Mark, Ret};
use crate::history::{ALL_CALLS, ActId, History, HistoryError, Position, Step};
use crate::link::{LinkWriter, Saved};
use crate::marks::Marks;
use crate::program::ByHand;
use crate::run::{Leg, State, legs};
use crate::scenario::Client;
use crate::steps::Shown;
use crate::table::order;

pub use crate::look::Peek;

/// Largest state that is kept for going back, in bytes.
const BEFORE_BYTES: usize = 4 << 20;
/// How far the states that are kept for going back lie before what was asked for, in calls.
const CALLS_BEFORE: [u32; 2] = [64, 8];
/// The number of no call.
const NO_CALL: u32 = u32::MAX;
/// Work of a call itself, beside its probes.
const CALL_WORK: u64 = 40;

/// How far a branch has been run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Calls made.
    pub calls: u32,
    /// Connections that the load under way has begun, and how many it may begin at most.
    pub connections: Option<(u32, u32)>,
    /// Whether the branch's end is reached.
    pub finished: bool,
}

/// A machine, its branches, and the moment that is looked at.
pub struct Machine {
    pub(crate) history: History,
    legs: Vec<Leg>,
    /// How far the branch has been run.
    end: State,
    finished: bool,
    pub(crate) marks: Marks,
    /// Calls that were to open or close a socket and failed, by their numbers.
    pub(crate) refused: Vec<u32>,
    checkpoints: Checkpoints,
    /// The state before the call under the glass.
    pub(crate) base: State,
    /// The call under the glass.
    pub(crate) shown: Option<Shown>,
    /// The reader's program at the last moments asked for, by calls made.
    pub(crate) hands: Vec<(u32, ByHand)>,
    /// Number of the call that the reader will look at first. It's taken apart when it is made,
    /// so that it needn't be made again: with the state before it.
    awaited: u32,
    ahead: Option<(State, Shown)>,
    /// States [`CALLS_BEFORE`] calls before one that was asked for: whoever goes back call by
    /// call need not be replayed from a checkpoint each time.
    before: [Option<State>; CALLS_BEFORE.len()],
    /// Destination that the page of ports is drawn for while no connect is under the glass.
    lens: (Addr, u16),
    links: LinkWriter,
}

impl Machine {
    /// Boots the machine of a history; nothing has run yet. [`Machine::work`] runs it, then
    /// [`Machine::go`] shows a moment of it.
    ///
    /// # Errors
    /// A configuration that can't be booted, or a history that contradicts itself.
    pub fn open(history: History) -> Result<Machine, OpenError> {
        history.check().map_err(OpenError::History)?;
        let kernel = Kernel::new(&history.config).map_err(OpenError::Config)?;
        let boot = State::boot(kernel);
        Ok(Machine {
            legs: legs(&history, history.tip),
            end: boot.clone(),
            finished: history.tip.is_none(),
            marks: Marks::default(),
            refused: Vec::new(),
            checkpoints: Checkpoints::from(boot.clone()),
            base: boot,
            shown: None,
            hands: Vec::new(),
            awaited: history.at.under_glass().unwrap_or(NO_CALL),
            ahead: None,
            before: Default::default(),
            lens: (Addr::new(10, 0, 0, 2), 80),
            links: LinkWriter::default(),
            history: History { at: Position::default(), ..history },
        })
    }

    /// Keeps checkpoints within so many bytes: where several machines share a page, each has a part
    /// of what there is.
    pub(crate) fn share(&mut self, checkpoint_bytes: usize) {
        self.checkpoints.share(checkpoint_bytes);
    }

    /// The machine of what was saved, run to its end and at the moment that it shows.
    ///
    /// # Errors
    /// As [`Machine::open`].
    pub fn standing(saved: &Saved) -> Result<Machine, OpenError> {
        let mut machine = Machine::open(saved.history.clone())?;
        machine.look_at(saved.client.dst, saved.client.dport);
        machine.work_all();
        machine.go(saved.history.at);
        Ok(machine)
    }

    /// The history, with the moment that is shown.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The history and the moment that is shown as a link, with what the client's fields hold.
    /// Only acts that no link held yet are written.
    pub fn link(&mut self, client: Client) -> String {
        self.links.write(&self.history, client)
    }

    /// The moment that is shown.
    pub fn at(&self) -> Position {
        self.history.at
    }

    /// Calls of the branch that have been run so far.
    pub fn total(&self) -> u32 {
        self.end.done
    }

    /// Sets the destination that ports are looked at for while no connect is under the glass.
    pub fn look_at(&mut self, dst: Addr, dport: u16) {
        self.lens = (dst, dport);
    }

    /// That destination.
    pub fn lens(&self) -> (Addr, u16) {
        self.lens
    }

    /// The destination that ports are looked at for at the moment shown.
    pub fn aim(&self) -> (Addr, u16) {
        let wanted = self.wanted(0);
        (wanted.faddr, wanted.fport)
    }

    // ── running ─────────────────────────────────────────────────

    /// Runs the branch on, until its end or until about `budget` units of work (10 ns each)
    /// are spent.
    pub fn work(&mut self, budget: u64) -> Progress {
        self.work_until(u32::MAX, budget)
    }

    /// The same, but no further than to that many calls.
    pub(crate) fn work_until(&mut self, calls: u32, budget: u64) -> Progress {
        let mut spent = 0;
        while !self.finished && spent < budget && self.end.done < calls {
            let before = (self.end.done == self.awaited).then(|| self.end.clone());
            match self.end.next_call(&self.history, &mut self.legs) {
                Some(call) => spent += self.run_on(call, before),
                None => self.finished = true,
            }
        }
        self.progress()
    }

    /// Runs the branch to its end, however long that takes.
    pub fn work_all(&mut self) {
        while !self.work(u64::MAX).finished {}
    }

    /// How far the branch has been run.
    pub fn progress(&self) -> Progress {
        let act = self.legs.get(self.end.leg()).map(|leg| &self.history.acts[leg.id as usize].act);
        let connections = match act {
            Some(Act::Load(load)) => Some((self.end.connections_begun(), load.connections)),
            _ => None,
        };
        Progress { calls: self.end.done, connections, finished: self.finished }
    }

    /// Runs the branch no further. The act under way ends here for good and is the last one of what
    /// is shown; those after it stay in the history, not run.
    pub fn stop(&mut self) {
        if self.finished {
            return;
        }
        self.legs.truncate(self.end.leg() + 1);
        if let Some(leg) = self.legs.last_mut() {
            let made = self.end.in_leg();
            let node = &mut self.history.acts[leg.id as usize];
            let whole = made > 0 && matches!(node.act, Act::Call(_));
            leg.limit = (!whole).then_some(made);
            node.stopped = leg.limit;
            self.history.tip = Some(leg.id);
            self.links.forget();
        }
        self.finished = true;
    }

    /// Makes the next call; one that comes with the state before it is taken apart.
    fn run_on(&mut self, call: Call, before: Option<State>) -> u64 {
        let reply = match before {
            None => self.end.make(&call),
            Some(before) => self.take_apart(call.clone(), before),
        };
        self.mark(&call, reply);
        let opens = matches!(call, Call::Socket { .. } | Call::Accept { .. } | Call::Close { .. });
        if opens && ret_of(&call, reply) != Ret::Ok {
            self.refused.push(self.end.done - 1);
        }
        let work = work_of(reply);
        self.checkpoints.worked(work, &self.end);
        work
    }

    fn take_apart(&mut self, call: Call, before: State) -> Reply {
        let after = std::mem::replace(&mut self.end, before);
        let shown = Shown::make(call, after);
        let reply = shown.reply;
        let before = std::mem::replace(&mut self.end, shown.after.clone());
        self.ahead = Some((before, shown));
        reply
    }

    /// Notes the call on the timeline, if it's worth it.
    fn mark(&mut self, call: &Call, reply: Reply) {
        let connect = matches!(call, Call::Connect { .. });
        let in_load = matches!(self.act_under_way(), Some(Act::Load(_) | Act::Bind(_)));
        let failed = ret_of(call, reply) != Ret::Ok;
        let quiet = in_load || matches!(call, Call::Socket { .. } | Call::Reuse { .. });
        let worth_it = connect || failed || !quiet;
        if worth_it {
            let leg = self.legs[self.end.leg()];
            let by_hand = connect && leg.id >= self.history.loaded;
            let mark = Mark {
                call: self.end.done - 1,
                number: if by_hand { self.end.connects } else { 0 },
                connect,
                ret: ret_of(call, reply),
                port: port_of(&self.end.kernel, call),
                probes: reply.steps,
            };
            self.marks.add(mark, in_load.then_some(leg.first));
        }
    }

    fn act_under_way(&self) -> Option<&Act> {
        self.legs.get(self.end.leg()).map(|leg| &self.history.acts[leg.id as usize].act)
    }

    // ── acting ──────────────────────────────────────────────────

    /// Adds acts after the moment shown and runs nothing yet. If other calls came after that
    /// moment, they stay in the history as a branch of their own.
    ///
    /// # Errors
    /// An act outside its limits, or a history that is full; then nothing was added.
    pub fn act(&mut self, acts: Vec<Act>) -> Result<(), HistoryError> {
        let done = self.calls_seen();
        let (mut parent, mut after) = self.place(done);
        let before = self.history.checkpoint();
        // The last act is what will be looked at. How many calls a load makes isn't known yet.
        let single = acts.iter().all(|act| matches!(act, Act::Call(_)));
        let awaited = if single { (done + acts.len() as u32).wrapping_sub(1) } else { NO_CALL };
        for act in acts {
            match self.history.push(parent, after, act) {
                Ok(id) => parent = Some(id),
                Err(error) => {
                    self.history.roll_back(before);
                    return Err(error);
                }
            }
            after = ALL_CALLS;
        }
        self.continue_from(done);
        self.awaited = awaited;
        Ok(())
    }

    /// Takes over the acts of `leader`, a history of the same acts and perhaps others; what of them
    /// was run already stays as it is, as long as it leads there, too.
    pub(crate) fn follow(&mut self, leader: &History) {
        let theirs = legs(leader, leader.tip);
        let common = common(&self.legs, &theirs).min(self.end.done);
        self.history.acts.clone_from(&leader.acts);
        self.history.tip = leader.tip;
        self.links.forget();
        self.continue_from(common);
    }

    /// Calls that have been made for the reader at the moment shown: a call that is looked at
    /// in its middle counts as made.
    pub(crate) fn calls_seen(&self) -> u32 {
        self.history.at.done + u32::from(self.history.at.step.is_some())
    }

    /// The act that call number `done` ended, and how many of its calls came before.
    fn place(&self, done: u32) -> (Option<ActId>, u32) {
        let Some(last) = done.checked_sub(1) else { return (None, 0) };
        let at = self.legs.partition_point(|leg| leg.first <= last) - 1;
        let leg = self.legs[at];
        let end = self.legs.get(at + 1).map_or(self.end.done, |next| next.first);
        let whole = leg.limit == self.history.acts[leg.id as usize].stopped;
        let after =
            if whole && done == end && self.finished { ALL_CALLS } else { done - leg.first };
        (Some(leg.id), after)
    }

    /// Makes the state after `done` calls the end of what has been run, on the new branch.
    pub(crate) fn continue_from(&mut self, done: u32) {
        if done != self.end.done || !self.finished {
            self.end = self.state_at(done);
            self.checkpoints.cut(done);
            self.marks.cut(done);
            self.refused.retain(|call| *call < done);
        }
        let old = std::mem::take(&mut self.legs);
        self.legs = legs(&self.history, self.history.tip);
        for (new, old) in self.legs.iter_mut().zip(old) {
            new.first = if old.id == new.id { old.first } else { u32::MAX };
        }
        self.finished = false;
        (self.awaited, self.ahead) = (NO_CALL, None);
        self.hands.retain(|(at, _)| *at <= done);
        for before in &mut self.before {
            before.take_if(|state| state.done > done);
        }
    }

    // ── looking ─────────────────────────────────────────────────

    /// Shows the moment `to`, or the nearest one that exists.
    pub fn go(&mut self, to: Position) {
        let calls = self.end.done;
        // A step past the end is one of the last call's.
        let last = if to.step.is_some() { calls.saturating_sub(1) } else { calls };
        let done = to.done.min(last);
        let inside = to.step.filter(|_| done < calls);
        self.show(Position { done, step: inside }.under_glass());
        let shown = self.shown.as_ref();
        let step = inside.and_then(|step| shown?.nearest_step(step));
        self.history.at = match (inside, step) {
            (Some(_), None) => Position { done: done + 1, step: None },
            _ => Position { done, step },
        };
        self.keep_hands();
    }

    /// One step on. At the end of the branch nothing happens.
    pub fn step_forward(&mut self) {
        let Position { done, step } = self.history.at;
        let next = match step {
            None if done == self.end.done => return,
            // A call without steps is over at once: `go` sees to that.
            None => Some(Step::default()),
            Some(step) => self.shown.as_ref().and_then(|shown| shown.step_after(step)),
        };
        let done = if next.is_none() { done + 1 } else { done };
        self.go(Position { done, step: next });
    }

    /// One step back, exactly. Before the first call nothing happens.
    pub fn step_back(&mut self) {
        let Position { done, step } = self.history.at;
        let shown = self.shown.as_ref();
        let before = match step {
            Some(step) => Position { done, step: shown.and_then(|shown| shown.step_before(step)) },
            None if done == 0 => return,
            None => Position { done: done - 1, step: shown.and_then(Shown::last_step) },
        };
        self.go(before);
    }

    /// To the first step of the call under the glass; a call without steps is left at its end.
    pub fn to_call_start(&mut self) {
        let first = self.shown.as_ref().and_then(Shown::first_step);
        if first.is_some() {
            self.go(Position { done: self.base.done, step: first });
        }
    }

    /// To the return of the call under the glass.
    pub fn to_call_end(&mut self) {
        if self.shown.is_some() {
            self.go(Position { done: self.base.done + 1, step: None });
        }
    }

    /// To where probe `i` of the walk under the glass is decided; clamped to the walk.
    pub fn to_probe(&mut self, i: u32) {
        let Some(shown) = self.shown.as_ref().filter(|shown| shown.walked()) else { return };
        let step = Some(shown.decision(i.min(shown.probe_count())));
        self.go(Position { done: self.base.done, step });
    }

    /// To where the walk under the glass visits `port`; `false` if it never does.
    pub fn to_port(&mut self, port: u16) -> bool {
        let probe = self.probe_at(port);
        if let Some(i) = probe {
            self.to_probe(i);
        }
        probe.is_some()
    }

    /// The probe of the walk under the glass that visits `port`.
    pub(crate) fn probe_at(&self, port: u16) -> Option<u32> {
        let shown = self.shown.as_ref()?;
        shown.probes.iter().find(|probe| probe.port == port).map(|probe| probe.i)
    }

    /// On by `probes` probes, or to the end of the call if fewer are left.
    pub fn skip_probes(&mut self, probes: u32) {
        let Some(step) = self.history.at.step else { return self.step_forward() };
        let last = self.shown.as_ref().map_or(0, Shown::probe_count);
        match step.probe.saturating_add(probes) {
            next if next <= last => self.to_probe(next),
            _ => self.to_call_end(),
        }
    }

    /// Back by `probes` probes, or to the start of the call if there are fewer.
    pub fn skip_probes_back(&mut self, probes: u32) {
        let last = self.shown.as_ref().map_or(0, Shown::probe_count);
        // From the return of the call, one probe back is the last one.
        let here = self.history.at.step.map_or(last + 1, |step| step.probe);
        match here.saturating_sub(probes) {
            0 => self.to_call_start(),
            before => self.to_probe(before),
        }
    }

    /// To the return of call `call` (from 0).
    pub fn to_call(&mut self, call: u32) {
        self.go(Position { done: call.saturating_add(1), step: None });
    }

    /// To the return of the marked call before or after the one under the glass.
    pub fn to_mark(&mut self, forward: bool) {
        self.seek_mark(forward, |_| true);
    }

    /// To the return of the connect that failed before or after the moment shown: within such a call
    /// its own return lies ahead.
    pub fn to_error(&mut self, forward: bool) {
        let failed = |mark: &Mark| mark.connect && mark.ret != Ret::Ok;
        let own = |mark: &&Mark| mark.call == self.base.done && failed(mark);
        let within = forward && self.history.at.step.is_some();
        match self.marks.list().iter().find(own).filter(|_| within).map(|mark| mark.call) {
            Some(call) => self.to_call(call),
            None => self.seek_mark(forward, failed),
        }
    }

    fn seek_mark(&mut self, forward: bool, fits: fn(&Mark) -> bool) {
        let here = self.shown.as_ref().map(|_| self.base.done);
        let marks = self.marks.list();
        let (before, after) = marks.split_at(marks.partition_point(|mark| here >= Some(mark.call)));
        let other = |mark: &&Mark| Some(mark.call) != here && fits(mark);
        let mark = match forward {
            true => after.iter().find(other),
            false => before.iter().rev().find(other),
        };
        if let Some(mark) = mark {
            self.to_call(mark.call);
        }
    }

    /// The first of `count` names in a row that no socket has at the moment shown: names that no
    /// act of any branch uses, as long as there are any.
    pub fn free_names(&self, count: u32) -> u32 {
        let next = self.history.next_socket();
        if next.checked_add(count).is_some_and(|end| end < u32::MAX) {
            return next;
        }
        let kernel = self.shown.as_ref().map_or(&self.base.kernel, |shown| &shown.after.kernel);
        let open = kernel.sockets().filter_map(|socket| socket.name);
        let open: Vec<u64> = open.map(|SocketName(name)| name.into()).collect();
        let (mut begin, mut widest) = (0, (0, 0));
        for end in order(&open).into_iter().map(|at| open[at]).chain([u32::MAX.into()]) {
            if end - begin > widest.1 {
                widest = (begin, end - begin);
            }
            if end - begin >= count.into() {
                return begin as u32;
            }
            begin = end + 1;
        }
        widest.0 as u32
    }

    /// The kernel at the moment shown. Inside a call it's the kernel before that call: a walk
    /// changes nothing until it ends, and what other steps change is seen when the call returns.
    pub fn kernel(&self) -> &Kernel {
        match (&self.shown, self.history.at.step) {
            (Some(shown), None) => &shown.after.kernel,
            _ => &self.base.kernel,
        }
    }

    /// The call under the glass, ready to be made again: how many calls came before it on the
    /// branch, the kernel before it, and the call; `None` before the first one.
    pub fn call_to_make(&self) -> Option<(u32, Kernel, Call)> {
        let shown = self.shown.as_ref()?;
        Some((self.base.done, self.base.kernel.clone(), shown.call.clone()))
    }

    /// What the kernel's handler says to a sysctl write now, without making it part of the
    /// history.
    pub fn try_sysctl(&self, sysctl: Sysctl, value: SysctlValue) -> SysctlOutcome {
        let mut outcome = SysctlOutcome::Taken;
        let mut sink = error99_kernel::Each(|event| {
            if let Event::SysctlWritten { outcome: said, .. } = event {
                outcome = said;
            }
        });
        self.kernel().clone().apply_traced(&Call::Sysctl { sysctl, value }, &mut sink);
        outcome
    }

    /// The error that the kernel would answer a call with now, without making it part of the
    /// history.
    pub fn try_call(&self, call: &Call) -> Option<Errno> {
        self.kernel().clone().apply(call).errno()
    }

    // ── inside ──────────────────────────────────────────────────

    fn show(&mut self, index: Option<u32>) {
        let Some(index) = index else {
            self.base = self.checkpoints.first().clone();
            self.shown = None;
            return;
        };
        if self.shown.is_some() && self.base.done == index {
            return;
        }
        let ahead = self.ahead.take().filter(|(before, _)| before.done == index);
        if let Some((before, shown)) = ahead {
            (self.base, self.shown) = (before, Some(shown));
            return;
        }
        let next = self.shown.take_if(|shown| shown.after.done == index);
        self.base = match next {
            Some(shown) => shown.after,
            None => self.state_at(index),
        };
        let mut after = self.base.clone();
        let call = after.next_call(&self.history, &mut self.legs);
        self.shown = call.map(|call| Shown::make(call, after));
    }

    /// The state after `done` calls of the branch, from the nearest state before it.
    pub(crate) fn state_at(&mut self, done: u32) -> State {
        let after = self.shown.as_ref().map(|shown| &shown.after);
        // What is kept beside the checkpoints is always on the branch shown: acts are added
        // after the moment shown, so whatever was kept for it lies before the fork.
        let mut nearest = self.checkpoints.before(done);
        let before = self.before.iter().flatten();
        for state in before.chain([&self.base, &self.end]).chain(after) {
            if (nearest.done + 1..=done).contains(&state.done) {
                nearest = state;
            }
        }
        let mut state = nearest.clone();
        while state.done < done {
            let kept = CALLS_BEFORE.iter().position(|calls| done - state.done == *calls);
            let kept = kept.filter(|_| state.bytes() <= BEFORE_BYTES);
            if let Some(kept) = kept {
                self.before[kept] = Some(state.clone());
            }
            let Some(call) = state.next_call(&self.history, &mut self.legs) else { break };
            state.make(&call);
        }
        state
    }

    pub(crate) fn legs(&self) -> &[Leg] {
        &self.legs
    }
}

/// Why a history can't be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Its configuration.
    Config(ConfigError),
    /// Its acts.
    History(HistoryError),
}

/// What a program gets from a call: a connect whose SYN went out has worked.
pub(crate) fn ret_of(call: &Call, reply: Reply) -> Ret {
    match (reply.problem, reply.errno()) {
        (Some(problem), _) => Ret::Limit(problem),
        (_, Some(Errno::EINPROGRESS)) if matches!(call, Call::Connect { .. }) => Ret::Ok,
        (_, Some(errno)) => Ret::Errno(errno),
        (_, None) => Ret::Ok,
    }
}

/// How much a call was, in units of about ten nanoseconds: itself, and the steps that it cost.
/// Whoever works in slices counts this.
pub(crate) fn work_of(reply: Reply) -> u64 {
    CALL_WORK + u64::from(reply.work)
}

/// The port that the call's socket owns, 0 for none.
pub(crate) fn port_of(kernel: &Kernel, call: &Call) -> u16 {
    call.socket_name().and_then(|s| kernel.socket(s)).map_or(0, |socket| socket.num)
}

/// The kernel's port range.
pub(crate) fn range(kernel: &Kernel) -> (u16, u16) {
    match kernel.sysctl(Sysctl::PortRange) {
        SysctlValue::Two(low, high) => (low as u16, high as u16),
        SysctlValue::One(low) => (low as u16, low as u16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::Config;

    const SERVER: Addr = Addr::new(10, 0, 0, 2);
    const END: Position = Position { done: u32::MAX, step: None };

    fn connect(machine: &mut Machine) {
        let s = SocketName(machine.history.next_socket());
        let calls = [Call::Socket { s }, Call::connect(s, SERVER, 80)];
        machine.act(calls.map(Act::Call).to_vec()).expect("the acts are within their limits");
    }

    fn standing(history: &History, at: Position) -> Machine {
        let history = History { at, ..history.clone() };
        let client = Client { dst: SERVER, dport: 80 };
        Machine::standing(&Saved { history, client }).expect("it boots")
    }

    #[test]
    fn the_call_that_is_looked_at_is_made_once() {
        let mut machine = standing(&History::new(Config::default()), END);
        for connects in 1..=3 {
            connect(&mut machine);
            machine.work_all();
            let ahead =
                machine.ahead.as_ref().map(|(before, shown)| (before.done, shown.probes.len()));
            assert_eq!(ahead.map(|(done, _)| done), Some(2 * connects - 1));
            assert!(ahead.is_some_and(|(_, probes)| probes > 0), "it was listened to");
            machine.go(END);
            assert!(machine.ahead.is_none(), "and it's what is shown");
            assert_eq!(machine.frame(), standing(machine.history(), END).frame());
        }
    }

    #[test]
    fn a_machine_that_opens_in_the_middle_of_a_call_makes_it_once() {
        let mut machine = standing(&History::new(Config::default()), END);
        for _ in 0..4 {
            connect(&mut machine);
            machine.work_all();
            machine.go(END);
        }
        let at = Position { done: 3, step: Some(Step { probe: 1, line: 0 }) };
        let mut opened =
            Machine::open(History { at, ..machine.history.clone() }).expect("it boots");
        opened.work_all();
        assert_eq!(opened.ahead.as_ref().map(|(before, _)| before.done), Some(3));
        opened.go(at);
        assert!(opened.ahead.is_none());
        machine.go(at);
        assert_eq!(opened.frame(), machine.frame());
    }
}
