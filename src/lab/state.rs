//! The lab's state in the browser: the machine, what is shown of it, and everything that a
//! reader can ask for. Views send a [`Wish`] and read signals; nobody else touches the machine.

use std::sync::Arc;
use std::time::Duration;

use error99_kernel::{Addr, Call, CloseHow, SocketName, Sysctl, SysctlOutcome, SysctlValue};
use error99_replay::act::Act;
use error99_replay::branch::{Comparing, Comparison};
use error99_replay::fix::{Change, Fix};
use error99_replay::frame::Frame;
use error99_replay::history::{ActId, History, Position};
use error99_replay::hold::{Hold, Trial};
use error99_replay::link::Saved;
use error99_replay::load::{CONNECTIONS_MAX, Load, LoadClose};
use error99_replay::machine::{Machine, Peek, Progress};
use error99_replay::ports::Ports;
use error99_replay::scenario::Client;
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::browser;
use super::machines::Opening;
use super::sheet::Sheet;

/// Units of work between two looks at the clock.
const WORK_UNITS: u64 = 100_000;
/// How long a slice of work may hold the page up, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// Most connects of "until it fails": more than any range has ports.
const UNTIL_ERROR_MAX: u32 = 70_000;

/// Something that a reader asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Open a socket and connect it, so many times.
    Connect(u32),
    /// Connect until it fails.
    UntilError,
    /// Close the newest socket that was opened by hand.
    CloseNewest(CloseHow),
    /// Close all sockets that were opened by hand.
    CloseAll(CloseHow),
    /// Let time pass, in milliseconds.
    Advance(u64),
    /// Write a sysctl.
    Sysctl(Sysctl, SysctlValue),
    /// Boot again with another size of the bind hash and do everything again.
    BhashSize(u32),
    /// Boot again with another size of the established hash and do everything again.
    EhashSize(u32),
    /// Boot again with another source address and do everything again.
    Source(Addr),
    /// Draw a new secret for the port-offset hash.
    Rekey,
    /// Open a socket and do nothing with it.
    Open,
    /// Bind a socket.
    Bind(SocketName, Addr, u16),
    /// Let a socket listen.
    Listen(SocketName),
    /// Let a client come in on a listening socket.
    Accept(SocketName),
    /// Connect a socket that is open already.
    ConnectSocket(SocketName),
    /// Set `SO_REUSEADDR`.
    Reuse(SocketName, bool),
    /// Close this socket.
    CloseSocket(SocketName, CloseHow),
    /// Run a load of connections to the client's destination.
    Load {
        /// Connections begun per second.
        per_second: u32,
        /// How long each is held, in milliseconds.
        hold_ms: u32,
        /// How long the load goes on, in seconds.
        seconds: u32,
        /// Who closes.
        close: LoadClose,
    },
    /// One step on.
    Forward,
    /// One step back.
    Back,
    /// To the start of the call under the glass.
    CallStart,
    /// To its end.
    CallEnd,
    /// To a probe of the walk under the glass.
    Probe(u32),
    /// To where the walk under the glass visits a port.
    Port(u16),
    /// To the return of a call of the branch.
    Call(u32),
    /// To the marked call before (`false`) or after.
    Mark(bool),
    /// To the return of the connect that failed before (`false`) or after.
    Error(bool),
    /// To the end of another branch, by its number.
    Branch(usize),
    /// Compare the branch shown with another one, by its number.
    Compare(usize),
    /// On by so many probes.
    Skip(u32),
    /// Back by so many probes.
    SkipBack(u32),
    /// Make a change and the failed call again.
    Try(Change),
    /// Forget what was done, and open the prepared machine again.
    StartOver,
    /// Show what another address asks for.
    Show(Box<Opening>),
    /// Cut off what is still running.
    Stop,
}

/// The number of a branch, and the comparison with it once it has been made.
pub type Compared = Option<(usize, Option<Arc<Comparison>>)>;

/// The lab's state. It's a handful of handles, so it is copied freely.
#[derive(Clone, Copy)]
pub struct Lab {
    machine: StoredValue<Option<Machine>, LocalStorage>,
    /// What was opened, to start over with.
    opened: StoredValue<Saved, LocalStorage>,
    /// What is asked for before the machine stands.
    waiting: StoredValue<Vec<Wish>, LocalStorage>,
    /// Where to go when the run under way is over.
    after_run: StoredValue<Option<Position>, LocalStorage>,
    /// Who is told what happens here; see [`super::address`].
    host: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// Counts the moments shown: a trial that was begun at an earlier one ends.
    round: StoredValue<u32, LocalStorage>,
    /// The call that `fixes` are for: the end of its branch, and the calls made.
    fixes_of: StoredValue<Option<(Option<ActId>, u32)>, LocalStorage>,
    /// What `ports` was drawn from.
    ports_key: StoredValue<Option<(u32, error99_kernel::Tuple)>, LocalStorage>,
    /// The moment shown.
    pub frame: RwSignal<Arc<Frame>>,
    /// The page of ports at that moment.
    pub ports: RwSignal<Arc<Ports>>,
    /// Computed fixes for the act that failed last under the glass.
    pub fixes: RwSignal<Arc<Vec<Fix>>>,
    /// Whether each fix holds under the load, as far as it has been tried; empty without a load.
    pub holds: RwSignal<Vec<Option<Hold>>>,
    /// The rate of the load, if there is one.
    pub load_rate: RwSignal<Option<u32>>,
    /// A long run.
    pub running: RwSignal<Option<Progress>>,
    /// The sheet that lies over the lab.
    pub sheet: RwSignal<Option<Sheet>>,
    /// Another branch, and the comparison with it once it has been made.
    pub compared: RwSignal<Compared>,
    /// How many branches there are.
    pub branches: RwSignal<usize>,
    /// Whether single keys act.
    pub keys_on: RwSignal<bool>,
    /// Whether the machine stands.
    pub ready: RwSignal<bool>,
    /// Whether the walk is being played.
    pub playing: RwSignal<bool>,
    /// What was loaded before call 1.
    pub loaded: RwSignal<String>,
    /// Destination address of the client.
    pub dst: RwSignal<Addr>,
    /// Destination port of the client.
    pub dport: RwSignal<u16>,
}

impl Lab {
    /// The lab of a machine that was opened, at the moment that it shows: the one that it opens
    /// at, unless the machine still has to run. `host` is told what happens here.
    pub fn new(mut machine: Machine, opening: Opening, host: Option<HtmlElement>) -> Lab {
        let Opening { now, start, loaded } = opening;
        let Client { dst, dport } = now.client;
        let finished = machine.progress().finished;
        machine.look_at(dst, dport);
        let (frame, ports, key) = (machine.frame(), machine.ports(), machine.ports_key());
        let branch_count = branches(&machine);
        Lab {
            machine: StoredValue::new_local(Some(machine)),
            opened: StoredValue::new_local(start),
            waiting: StoredValue::new_local(Vec::new()),
            after_run: StoredValue::new_local(Some(now.history.at).filter(|_| !finished)),
            host: StoredValue::new_local(host),
            round: StoredValue::new_local(0),
            fixes_of: StoredValue::new_local(None),
            ports_key: StoredValue::new_local(Some(key)),
            frame: RwSignal::new(Arc::new(frame)),
            ports: RwSignal::new(Arc::new(ports)),
            fixes: RwSignal::new(Arc::new(Vec::new())),
            holds: RwSignal::new(Vec::new()),
            load_rate: RwSignal::new(None),
            running: RwSignal::new(None),
            sheet: RwSignal::new(None),
            compared: RwSignal::new(None),
            branches: RwSignal::new(branch_count),
            keys_on: RwSignal::new(true),
            // A page as it was written has nobody to answer.
            ready: RwSignal::new(cfg!(feature = "csr") && finished),
            playing: RwSignal::new(false),
            loaded: RwSignal::new(loaded),
            dst: RwSignal::new(dst),
            dport: RwSignal::new(dport),
        }
    }

    /// Computes what the first moment needs beside its frame, or goes on running towards it; in
    /// the browser only.
    pub fn start(self) {
        Effect::new(move || if self.ready.get_untracked() { self.judge() } else { self.run() });
    }

    /// All of it, as a link holds it; nothing while the machine runs.
    pub fn saved(self) -> Option<Saved> {
        let client = Client { dst: self.dst.get_untracked(), dport: self.dport.get_untracked() };
        let history = self.ask(|machine| machine.history().clone());
        history.filter(|_| self.ready.get_untracked()).map(|history| Saved { history, client })
    }

    /// Boots another history behind what is shown, and goes to its own position.
    fn boot(self, history: History) {
        let at = history.at;
        match Machine::open(history) {
            Ok(machine) => {
                self.ready.set(false);
                self.ports_key.set_value(None);
                self.fixes_of.set_value(None);
                self.machine.set_value(Some(machine));
                self.after_run.set_value(Some(at));
                later(move || self.run());
            }
            Err(error) => leptos::logging::error!("the machine can't be booted: {error:?}"),
        }
    }

    /// Does what a reader asks for; before the machine stands, as soon as it does.
    pub fn wish(self, wish: Wish) {
        let busy = !self.ready.get_untracked();
        if busy && wish != Wish::Stop {
            if matches!(wish, Wish::Show(_)) {
                // What is under way, and was to follow, is no longer wanted.
                self.waiting.set_value(Vec::new());
                self.stop();
            }
            self.waiting.update_value(|waiting| waiting.push(wish));
            return;
        }
        if !matches!(wish, Wish::Skip(_) | Wish::Forward) && self.playing.get_untracked() {
            self.playing.set(false);
        }
        match wish {
            Wish::Connect(count) => self.act(|lab, machine| lab.connects(machine, count)),
            Wish::UntilError => self.act(|lab, machine| {
                let load = Load { stop_at_error: true, ..lab.burst(machine, UNTIL_ERROR_MAX) };
                vec![Act::Load(load)]
            }),
            Wish::CloseNewest(how) => self.act(|_, machine| {
                let newest = machine.newest_by_hand();
                newest.map(|s| close(machine, s, how)).into_iter().collect()
            }),
            Wish::CloseAll(how) => self.act(|_, machine| {
                let all = machine.all_by_hand();
                all.into_iter().map(|s| close(machine, s, how)).collect()
            }),
            Wish::Advance(ms) => self.act(|_, _| vec![Act::Call(Call::Advance { ms })]),
            Wish::Sysctl(sysctl, value) => {
                self.act(|_, _| vec![Act::Call(Call::Sysctl { sysctl, value })]);
            }
            Wish::Try(change) => self.act(|_, machine| machine.acts_of(change)),
            Wish::BhashSize(size) => self.reboot(|history| history.config.bhash_size = size),
            Wish::EhashSize(size) => self.reboot(|history| history.config.ehash_size = size),
            Wish::Source(addr) => self.reboot(|history| {
                if !history.config.local.contains(&addr) {
                    history.config.local.push(addr);
                }
                history.config.default_src = addr;
            }),
            Wish::Rekey => self.act(|_, machine| vec![Act::Call(machine.rekey())]),
            Wish::Open => self.act(|_, machine| {
                vec![Act::Call(Call::Socket { s: SocketName(machine.history().next_socket()) })]
            }),
            Wish::Bind(s, addr, port) => self.call(Call::Bind { s, addr, port }),
            Wish::Listen(s) => self.call(Call::Listen { s }),
            Wish::Accept(l) => self.act(|_, machine| machine.accept(l).into_iter().collect()),
            Wish::ConnectSocket(s) => {
                let (dst, dport) = (self.dst.get_untracked(), self.dport.get_untracked());
                self.call(Call::connect(s, dst, dport));
            }
            Wish::Reuse(s, on) => self.call(Call::Reuse { s, on }),
            Wish::CloseSocket(s, how) => self.act(|_, machine| vec![close(machine, s, how)]),
            Wish::Load { per_second, hold_ms, seconds, close } => self.act(|lab, machine| {
                let connections = per_second.saturating_mul(seconds).max(1);
                let burst = lab.burst(machine, connections);
                vec![Act::Load(Load { per_second, hold_ms: Some(hold_ms), close, ..burst })]
            }),
            Wish::StartOver => {
                self.tell("act");
                self.boot(self.opened.with_value(|opened| opened.history.clone()));
            }
            Wish::Show(opening) => self.show(*opening),
            Wish::Stop => self.stop(),
            Wish::Forward => self.look(Machine::step_forward),
            Wish::Back => self.look(Machine::step_back),
            Wish::CallStart => self.look(Machine::to_call_start),
            Wish::CallEnd => self.look(Machine::to_call_end),
            Wish::Probe(i) => self.look(|machine| machine.to_probe(i)),
            Wish::Port(port) => self.look(|machine| {
                machine.to_port(port);
            }),
            Wish::Call(call) => self.look(|machine| machine.to_call(call)),
            Wish::Mark(forward) => self.look(|machine| machine.to_mark(forward)),
            Wish::Error(forward) => self.look(|machine| machine.to_error(forward)),
            Wish::Branch(at) => self.change(|machine| {
                let (branches, _) = machine.branches();
                if let Some(branch) = branches.get(at) {
                    machine.take(*branch);
                }
            }),
            Wish::Compare(at) => self.compare(at),
            Wish::Skip(probes) => self.look(|machine| machine.skip_probes(probes)),
            Wish::SkipBack(probes) => self.look(|machine| machine.skip_probes_back(probes)),
        }
    }

    /// Asks the machine something.
    pub fn ask<T>(self, question: impl FnOnce(&Machine) -> T) -> Option<T> {
        self.machine.with_value(|machine| machine.as_ref().map(question))
    }

    /// Opens a sheet over the lab.
    pub fn open(self, sheet: Sheet) {
        self.playing.set(false);
        self.sheet.set(Some(sheet));
    }

    /// What the model's own handler says to a sysctl write, without writing.
    pub fn try_sysctl(self, sysctl: Sysctl, value: SysctlValue) -> Option<SysctlOutcome> {
        self.ask(|machine| machine.try_sysctl(sysctl, value))
    }

    /// Shows the ports towards the client's destination, which has changed.
    pub fn aim(self) {
        if self.ready.get_untracked() {
            self.publish();
        }
    }

    /// The story of a port at the moment shown.
    pub fn peek(self, port: u16) -> Option<Peek> {
        self.ask(|machine| machine.peek(port))
    }

    /// Whether the moment shown is the end of a call, so that playing begins with the next.
    pub fn at_end(self) -> bool {
        let frame = self.frame.read_untracked();
        frame.at.step.is_none() && frame.at.done == frame.total
    }

    // ── inside ──────────────────────────────────────────────────

    fn tell(self, what: &str) {
        self.host.with_value(|host| host.iter().for_each(|host| browser::tell(host, what)));
    }

    /// Shows what another address asks for; only what differs in its acts runs again.
    fn show(self, opening: Opening) {
        let Opening { now: Saved { history, client }, start, loaded } = opening;
        self.opened.set_value(start);
        self.loaded.set(loaded);
        self.dst.set(client.dst);
        self.dport.set(client.dport);
        let here = self.ask(|machine| History { at: history.at, ..machine.history().clone() });
        match here {
            Some(here) if here == history => self.look(|machine| machine.go(history.at)),
            _ => self.boot(history),
        }
    }

    fn connects(self, machine: &Machine, count: u32) -> Vec<Act> {
        if count > 1 {
            return vec![Act::Load(self.burst(machine, count))];
        }
        let s = SocketName(machine.history().next_socket());
        let connect = Call::connect(s, self.dst.get_untracked(), self.dport.get_untracked());
        vec![Act::Call(Call::Socket { s }), Act::Call(connect)]
    }

    fn burst(self, machine: &Machine, connections: u32) -> Load {
        let (dst, dport) = (self.dst.get_untracked(), self.dport.get_untracked());
        let first_socket = machine.history().next_socket();
        Load { first_socket, ..Load::burst(dst, dport, connections.min(CONNECTIONS_MAX)) }
    }

    /// Adds acts after the moment shown, runs them and goes to their end.
    fn act(self, acts: impl FnOnce(Lab, &Machine) -> Vec<Act>) {
        self.change(|machine| {
            let acts = acts(self, machine);
            if let Err(error) = machine.act(acts) {
                leptos::logging::warn!("not done: {error:?}");
            }
        });
    }

    /// Changes what is to be run, runs it and goes to its end.
    fn change(self, change: impl FnOnce(&mut Machine)) {
        self.tell("act");
        self.machine.update_value(|machine| {
            if let Some(machine) = machine {
                change(machine);
            }
        });
        self.compared.set(None);
        self.after_run.set_value(Some(Position { done: u32::MAX, step: None }));
        self.ready.set(false);
        self.run();
    }

    fn call(self, call: Call) {
        self.act(|_, _| vec![Act::Call(call)]);
    }

    fn reboot(self, change: impl FnOnce(&mut History)) {
        if let Some(mut history) = self.ask(|machine| machine.history().clone()) {
            self.tell("act");
            change(&mut history);
            self.boot(history);
        }
    }

    fn look(self, to: impl FnOnce(&mut Machine)) {
        self.machine.update_value(|machine| {
            if let Some(machine) = machine {
                to(machine);
            }
        });
        self.publish();
    }

    /// A slice of the run under way; the next one follows after the page had its turn.
    fn run(self) {
        let mut progress = None;
        self.machine.update_value(|machine| progress = machine.as_mut().map(slice));
        match progress {
            Some(progress) if !progress.finished => {
                self.running.set(Some(progress));
                later(move || self.run());
            }
            _ => self.finish_run(),
        }
    }

    fn finish_run(self) {
        self.running.set(None);
        self.ready.set(true);
        self.branches.set(self.ask(branches).unwrap_or(1));
        if let Some(at) = self.after_run.try_update_value(Option::take).flatten() {
            self.look(|machine| machine.go(at));
        }
        for wish in self.waiting.try_update_value(std::mem::take).unwrap_or_default() {
            self.wish(wish);
        }
    }

    fn stop(self) {
        self.machine.update_value(|machine| {
            if let Some(machine) = machine {
                machine.stop();
            }
        });
    }

    /// Begins to compare the branch shown with branch number `at`.
    fn compare(self, at: usize) {
        let mut comparing = None;
        self.machine.update_value(|machine| {
            let Some(machine) = machine else { return };
            let other = machine.branches().0.get(at).copied();
            comparing = other.map(|other| machine.compare(other));
        });
        if let Some(comparing) = comparing {
            self.compared.set(Some((at, None)));
            later(move || self.compare_on(at, comparing));
        }
    }

    /// A slice of the comparison, unless something else has been asked for since.
    fn compare_on(self, at: usize, mut comparing: Comparing) {
        if self.compared.get_untracked() != Some((at, None)) {
            return;
        }
        match sliced(|| comparing.work(WORK_UNITS)) {
            None => later(move || self.compare_on(at, comparing)),
            Some(comparison) => self.compared.set(Some((at, Some(Arc::new(comparison))))),
        }
    }

    /// Puts the moment into the signals.
    fn publish(self) {
        let lens = (self.dst.get_untracked(), self.dport.get_untracked());
        self.machine.update_value(|machine| {
            let Some(machine) = machine else { return };
            machine.look_at(lens.0, lens.1);
            let key = Some(machine.ports_key());
            if self.ports_key.get_value() != key {
                self.ports_key.set_value(key);
                let ports = machine.ports();
                if *self.ports.read_untracked().as_ref() != ports {
                    self.ports.set(Arc::new(ports));
                }
            }
            self.frame.set(Arc::new(machine.frame()));
        });
        self.judge();
        self.tell("moved");
    }

    /// Computes the fixes of a failed call. They stay while the reader looks at something else.
    fn judge(self) {
        self.round.update_value(|round| *round += 1);
        if !self.frame.read_untracked().wants_port() {
            return;
        }
        let call = self.ask(|machine| (machine.history().tip, machine.at().done));
        if self.fixes_of.get_value() != call {
            self.fixes_of.set_value(call);
            self.fixes.set(Arc::new(Vec::new()));
        }
        // The verdict stands first; the rows of the Fix lab follow.
        let round = self.round.get_value();
        later(move || self.compute_fixes(round));
    }

    fn compute_fixes(self, round: u32) {
        if !self.ready.get_untracked() || self.round.get_value() != round {
            return;
        }
        if self.fixes.read_untracked().is_empty() {
            let computed = self.ask(|machine| (machine.fixes(), machine.load_rate()));
            let (fixes, rate) = computed.unwrap_or_default();
            self.holds.set(rate.map_or_else(Vec::new, |_| vec![None; fixes.len()]));
            self.load_rate.set(rate);
            self.fixes.set(Arc::new(fixes));
        }
        let untried = self.holds.read_untracked().iter().position(Option::is_none);
        if let Some(row) = untried {
            later(move || self.try_fixes(round, row, None));
        }
    }

    /// A slice of trying whether fix number `row` and those after it hold under the load.
    fn try_fixes(self, round: u32, row: usize, trial: Option<Trial>) {
        if self.round.get_value() != round {
            return;
        }
        let fixes = self.fixes.get_untracked();
        let Some(fix) = fixes.get(row).filter(|_| self.ready.get_untracked()) else { return };
        let begin = || self.ask(|machine| machine.trial(fix.change)).flatten();
        let Some(mut trial) = trial.or_else(begin) else { return };
        match sliced(|| trial.work(WORK_UNITS)) {
            None => later(move || self.try_fixes(round, row, Some(trial))),
            Some(hold) => {
                self.holds.update(|holds| {
                    if let Some(cell) = holds.get_mut(row) {
                        *cell = Some(hold);
                    }
                });
                later(move || self.try_fixes(round, row + 1, None));
            }
        }
    }
}

/// How many branches there are; a machine to which nothing was done has its beginning.
fn branches(machine: &Machine) -> usize {
    machine.branches().0.len().max(1)
}

/// Works until there is an answer, or for as long as the page can spare.
fn sliced<T>(mut work: impl FnMut() -> Option<T>) -> Option<T> {
    let start = browser::now_ms();
    loop {
        let answer = work();
        if answer.is_some() || browser::now_ms() - start > SLICE_MS {
            return answer;
        }
    }
}

/// Runs a machine for as long as the page can spare.
fn slice(machine: &mut Machine) -> Progress {
    sliced(|| Some(machine.work(WORK_UNITS)).filter(|progress| progress.finished))
        .unwrap_or_else(|| machine.progress())
}

/// Runs a machine to the end of its branch, or until that time, a slice at a time, then hands it
/// to `then`.
#[cfg(feature = "csr")]
pub fn run_up(mut machine: Machine, until_ms: f64, then: impl FnOnce(Machine) + 'static) {
    let over = slice(&mut machine).finished || browser::now_ms() > until_ms;
    later(move || if over { then(machine) } else { run_up(machine, until_ms, then) });
}

/// Runs `then` when the browser has had its turn.
pub fn later(then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::ZERO);
}

/// A socket that isn't connected is closed plainly, whoever should close.
fn close(machine: &Machine, s: SocketName, how: CloseHow) -> Act {
    let established = machine
        .kernel()
        .socket(s)
        .is_some_and(|socket| socket.state == error99_kernel::SocketState::Established);
    Act::Call(Call::close(s, if established { how } else { CloseHow::Plain }))
}
