//! The lab's state in the browser: the machine, what is shown of it, and everything that a
//! reader can ask for. Views send a [`Wish`] and read signals; nobody else touches the machine.
//!
//! What a wish does to the machine is none of the page's business: `error99_replay::hand` says
//! it. Here a wish waits for its turn, runs in slices ([`run`]), and is shown; behind it follow
//! the fixes of a failed call ([`fixes`]) and what two branches differ in ([`compare`]).

mod again;
mod compare;
mod every;
mod fixes;
mod run;

use std::sync::Arc;

use error99_kernel::{Addr, Call, CloseHow, Release, Sysctl, SysctlOutcome, SysctlValue};
use error99_replay::fix::Fix;
use error99_replay::frame::Frame;
use error99_replay::hand::{Deed, Look};
use error99_replay::history::{ActId, History, Position};
use error99_replay::hold::Hold;
use error99_replay::link::Saved;
use error99_replay::machine::{Machine, OpenError, Peek, Progress};
use error99_replay::ports::Ports;
use error99_replay::scenario::Client;
use leptos::prelude::*;
use web_sys::HtmlElement;

pub use self::again::Again;
use self::compare::Compared;
pub use self::every::EveryTable;
#[cfg(feature = "csr")]
pub use self::run::{later, run_up};
use super::machines::Opening;
use crate::lang::Lang;
use crate::ui::browser;

/// Something that a reader asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Do something to the machine.
    Do(Deed),
    /// Look somewhere else on the branch shown.
    Look(Look),
    /// To the end of another branch, by its number.
    Branch(usize),
    /// Compare the branch shown with another one, by its number.
    Compare(usize),
    /// Forget what was done, and open the prepared machine again.
    StartOver,
    /// Show what another address asks for.
    Show(Box<Opening>),
    /// Cut off what is still running, and forget what was to follow.
    Stop,
}

impl From<Deed> for Wish {
    fn from(deed: Deed) -> Wish {
        Wish::Do(deed)
    }
}

impl From<Look> for Wish {
    fn from(look: Look) -> Wish {
        Wish::Look(look)
    }
}

/// What a sheet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The keys.
    Keys,
    /// The page of ports as a table.
    Table,
    /// What the machine's tools print.
    Shell,
    /// The branches of the history.
    Branches,
    /// What every release makes of the same.
    EveryKernel,
}

/// What is loaded once somebody asks for it: a part of the program of its own.
#[derive(Clone, Copy)]
pub struct Aside {
    /// What stands in a sheet.
    pub sheet: fn(Lang, Lab, Sheet) -> AnyView,
    /// The region "Fix lab".
    pub fix_lab: fn(Lang, Lab) -> AnyView,
    /// Sockets one by one, while they are unfolded, and how they are closed.
    pub sockets: fn(Lang, Lab, Signal<bool>, Signal<CloseHow>) -> AnyView,
    /// Computes the fixes of a failed call, shown since that round.
    pub fixes: fn(Lab, u32),
    /// Begins to compare the branch shown with another one, by its number.
    pub compare: fn(Lab, usize),
}

/// Gets what was loaded, or nothing if it couldn't be had.
pub type Took = Box<dyn FnOnce(Option<Aside>)>;

/// Loads the part.
pub type Fetch = fn(Took);

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
    /// How `part` is had.
    fetch: StoredValue<Option<Fetch>, LocalStorage>,
    /// Who is told what happens here; see [`super::address`].
    host: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// What the machine did before it got another kernel, until the same has run there.
    as_before: StoredValue<Option<History>, LocalStorage>,
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
    /// What the machine made of the same calls when it got another kernel, if that was the last act.
    pub again: RwSignal<Option<Again>>,
    /// Why the machine didn't do what was asked for last.
    pub refused: RwSignal<Option<OpenError>>,
    /// A long run.
    pub running: RwSignal<Option<Progress>>,
    /// The sheet that lies over the lab.
    pub sheet: RwSignal<Option<Sheet>>,
    /// Another branch, and the comparison with it once it has been made.
    pub compared: RwSignal<Compared>,
    /// How many branches there are.
    pub branches: RwSignal<usize>,
    /// What is loaded once somebody asks for it.
    pub part: RwSignal<Option<Aside>>,
    /// Whether it could not be had when it was asked for last.
    pub part_missed: RwSignal<bool>,
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
    pub fn new(
        mut machine: Machine,
        opening: Opening,
        fetch: Option<Fetch>,
        host: Option<HtmlElement>,
    ) -> Lab {
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
            fetch: StoredValue::new_local(fetch),
            host: StoredValue::new_local(host),
            as_before: StoredValue::new_local(None),
            round: StoredValue::new_local(0),
            fixes_of: StoredValue::new_local(None),
            ports_key: StoredValue::new_local(Some(key)),
            frame: RwSignal::new(Arc::new(frame)),
            ports: RwSignal::new(Arc::new(ports)),
            fixes: RwSignal::new(Arc::new(Vec::new())),
            holds: RwSignal::new(Vec::new()),
            load_rate: RwSignal::new(None),
            again: RwSignal::new(None),
            refused: RwSignal::new(None),
            running: RwSignal::new(None),
            sheet: RwSignal::new(None),
            compared: RwSignal::new(None),
            branches: RwSignal::new(branch_count),
            part: RwSignal::new(None),
            part_missed: RwSignal::new(false),
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

    /// Whose rules the machine goes by.
    pub fn release(self) -> Memo<Release> {
        Memo::new(move |_| self.frame.read().machine.release)
    }

    /// All of it, as a link; nothing while the machine runs.
    pub fn link(self) -> Option<String> {
        let client = self.client();
        let link = |machine: &mut Option<Machine>| machine.as_mut().map(|it| it.link(client));
        self.machine.try_update_value(link).flatten().filter(|_| self.ready.get_untracked())
    }

    /// Does what a reader asks for; before the machine stands, as soon as it does.
    pub fn wish(self, wish: impl Into<Wish>) {
        self.grant(wish.into());
    }

    fn grant(self, wish: Wish) {
        let busy = !self.ready.get_untracked();
        if busy && wish != Wish::Stop {
            if matches!(wish, Wish::Show(_)) {
                // What is under way, and was to follow, is no longer wanted.
                self.stop();
            }
            self.waiting.update_value(|waiting| waiting.push(wish));
            return;
        }
        let plays = matches!(wish, Wish::Look(Look::Skip(_) | Look::Forward));
        if !plays && self.playing.get_untracked() {
            self.playing.set(false);
        }
        if self.refused.read_untracked().is_some() {
            self.refused.set(None);
        }
        // What was found out, or is being, is about the machine as it was.
        if !matches!(wish, Wish::Look(_) | Wish::Compare(_))
            && self.again.read_untracked().is_some()
        {
            self.again.set(None);
        }
        match wish {
            Wish::Do(deed) => self.act(deed),
            Wish::Look(look) => self.look(|machine| machine.look(look)),
            Wish::Branch(at) => self.change(|machine| {
                let (branches, _) = machine.branches();
                if let Some(branch) = branches.get(at) {
                    machine.take(*branch);
                }
            }),
            Wish::Compare(at) => {
                if let Some(part) = self.part.get_untracked() {
                    (part.compare)(self, at);
                }
            }
            Wish::StartOver => {
                self.tell("act");
                self.boot(self.opened.with_value(|opened| opened.history.clone()));
            }
            Wish::Show(opening) => self.show(*opening),
            Wish::Stop => self.stop(),
        }
    }

    /// Where new connects go.
    fn client(self) -> Client {
        Client { dst: self.dst.get_untracked(), dport: self.dport.get_untracked() }
    }

    /// Whether the machine is one of this history, whichever moment it shows.
    pub fn stands(self, history: &History) -> bool {
        self.ask(|machine| machine.history().same_acts(history)) == Some(true)
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

    /// Loads what is only loaded once it is asked for, unless it's there; then does what was waiting
    /// for it. What could not be had is asked for again the next time.
    pub fn fetch_part(self) {
        let Some(fetch) = self.fetch.get_value().filter(|_| self.part.read_untracked().is_none())
        else {
            return;
        };
        fetch(Box::new(move |part| {
            self.part_missed.set(part.is_none());
            self.part.set(part);
            if self.ready.get_untracked() {
                self.judge();
            }
        }));
    }

    /// What the model's own handler says to a sysctl write, without writing.
    pub fn try_sysctl(self, sysctl: Sysctl, value: SysctlValue) -> Option<SysctlOutcome> {
        self.ask(|machine| machine.try_sysctl(sysctl, value))
    }

    /// Whether the kernel would answer a call with an error now.
    pub fn refuses(self, call: &Call) -> bool {
        self.ask(|machine| machine.try_call(call)).flatten().is_some()
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
        match self.stands(&history) {
            true => self.look(|machine| machine.go(history.at)),
            false => self.boot(history),
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

    /// Puts the moment into the signals.
    fn publish(self) {
        let Client { dst, dport } = self.client();
        self.machine.update_value(|machine| {
            let Some(machine) = machine else { return };
            machine.look_at(dst, dport);
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
}

/// How many branches there are; a machine to which nothing was done has its beginning.
fn branches(machine: &Machine) -> usize {
    machine.branches().0.len().max(1)
}
