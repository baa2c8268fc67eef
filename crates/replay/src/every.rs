//! Every release at once: what the call under the glass gets on each of them, how long the load
//! goes on there, how long a TIME_WAIT lasts, and which rate of short connections goes on for good.
//!
//! Each row is found out by running the model: the same host boots as that release
//! (`Config::on`), and the same calls, loads and connections are made there. It runs in slices,
//! the cheap parts of all rows first, then the rates, which take hundreds of times as long.

use error99_kernel::{Addr, Call, CloseHow, Config, Kernel, Release, SocketName};

use crate::act::Act;
use crate::frame::Ret;
use crate::history::History;
use crate::hold::{Hold, Trial};
use crate::load::Load;
use crate::machine::{Machine, port_of, ret_of, work_of};
use crate::run::{Leg, State, legs};

/// The fastest rate that is tried, in connections a second: what holds it, is said to hold it or more.
pub const RATE_MAX: u32 = 2_000;
/// Work after which the search for a release's rate ends with what is known by then.
const RATE_WORK: u64 = 12_000_000_000;
/// How TIME_WAITs are watched: so many connections, so many milliseconds apart. The calendar of the
/// older releases ends few of them otherwise than many that keep coming; the wheel of the others is
/// met at each of its moments.
const WATCHED: [(u16, u64); 2] = [(80, 103), (2_200, 71)];

/// A cell of the table: `None` as long as it isn't known, then perhaps that there is nothing to say.
pub type Known<T> = Option<Option<T>>;

/// What is known of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EveryRow {
    /// The release.
    pub release: Release,
    /// What the last connect or bind up to the moment shown gets there.
    pub call: Known<Got>,
    /// Whether the machine's load, begun on a machine to which nothing else was done, holds.
    pub hold: Known<Hold>,
    /// How long a TIME_WAIT lasts; nothing if there is none.
    pub lives: Known<Lives>,
    /// The highest rate of short connections that holds.
    pub rate: Known<Rate>,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Got {
    /// The call.
    pub call: Call,
    /// What the program got from it.
    pub ret: Ret,
    /// The port that its socket then has; 0 for none.
    pub port: u16,
    /// Ports that it probed.
    pub probes: u32,
}

/// The shortest and the longest TIME_WAIT that was watched, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lives {
    /// The shortest.
    pub shortest_ms: u64,
    /// The longest.
    pub longest_ms: u64,
}

/// What is known of the highest rate that holds, in whole connections a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// This one held; 0 if none did.
    pub holds: u32,
    /// This one failed; `None` if [`RATE_MAX`] holds.
    pub fails: Option<u32>,
}

/// The rows, on their way; to be worked on in slices.
pub struct Every {
    asked: Asked,
    rows: Vec<EveryRow>,
    /// The row that is worked on, and at what.
    at: usize,
    rates: bool,
    task: Option<Task>,
}

/// What is asked of each release.
struct Asked {
    history: History,
    /// The leg and the number in it of the last call that is made; `None` if none was.
    upto: Option<(usize, u32)>,
    /// Writes of the knobs since boot.
    knobs: Vec<Call>,
    load: Option<Load>,
    towards: (Addr, u16),
}

/// How long TIME_WAITs last on a machine to which nothing was done, on connections to `dst`; nothing
/// if it doesn't boot.
pub fn lives(config: &Config, dst: Addr) -> Option<Lives> {
    let mut watch = Watch::begin(Kernel::new(config).ok()?, dst);
    loop {
        if let Some(lives) = watch.work(u64::MAX, &mut 0) {
            return lives;
        }
    }
}

/// What a row is worked on at.
enum Task {
    Call(Box<Replaying>),
    Hold(Box<Trial>),
    Lives(Box<Watch>),
    Rate(Box<Search>),
}

/// What came of a slice.
enum Found {
    Call(Option<Got>),
    Hold(Option<Hold>),
    Lives(Option<Lives>),
    Rate(Option<Rate>),
}

impl Machine {
    /// What is asked of every release at the moment shown.
    pub fn every(&self) -> Every {
        let seen = self.calls_seen();
        let before = self.legs().partition_point(|leg| leg.first < seen);
        let done = &self.legs()[..before];
        let upto = done.last().map(|leg| (before - 1, seen - leg.first));
        let act = |leg: &Leg| &self.history().acts[leg.id as usize].act;
        let knob = |leg| match act(leg) {
            Act::Call(call @ (Call::Sysctl { .. } | Call::SysctlText { .. })) => Some(call.clone()),
            _ => None,
        };
        let asked = Asked {
            upto,
            knobs: done.iter().filter_map(knob).collect(),
            load: self.load().cloned(),
            towards: self.aim(),
            history: self.history().clone(),
        };
        let rows = Release::ALL.map(|release| EveryRow {
            release,
            call: None,
            hold: None,
            lives: None,
            rate: None,
        });
        Every { asked, rows: rows.to_vec(), at: 0, rates: false, task: None }
    }
}

impl Every {
    /// What is known by now, oldest release first.
    pub fn rows(&self) -> &[EveryRow] {
        &self.rows
    }

    /// Works on until about `budget` units of work (10 ns each) are spent; whether all is known.
    pub fn work(&mut self, budget: u64) -> bool {
        let mut spent = 0;
        while spent < budget {
            let Some(row) = self.rows.get(self.at) else { return true };
            if row.is_known(self.rates) {
                self.at += 1;
                if self.at == self.rows.len() && !self.rates {
                    (self.at, self.rates) = (0, true);
                }
                continue;
            }
            let task = match self.task.take() {
                Some(task) => Ok(task),
                None => self.asked.task(row, self.before()),
            };
            let found = match task {
                Ok(mut task) => {
                    let found = task.work(budget - spent, &mut spent);
                    if found.is_none() {
                        self.task = Some(task);
                    }
                    found
                }
                Err(nothing) => Some(nothing),
            };
            match found {
                Some(found) => self.rows[self.at].note(found),
                None => return false,
            }
        }
        false
    }

    /// The row before the one that is worked on.
    fn before(&self) -> Option<&EveryRow> {
        self.at.checked_sub(1).map(|before| &self.rows[before])
    }
}

impl EveryRow {
    /// Whether the row is known, with or without its rate.
    fn is_known(&self, rates: bool) -> bool {
        let cheap = self.call.is_some() && self.hold.is_some() && self.lives.is_some();
        cheap && (self.rate.is_some() || !rates)
    }

    fn note(&mut self, found: Found) {
        match found {
            Found::Call(got) => self.call = Some(got),
            Found::Hold(hold) => self.hold = Some(hold),
            Found::Lives(lives) => self.lives = Some(lives),
            Found::Rate(rate) => self.rate = Some(rate),
        }
    }
}

impl Asked {
    /// What a row is worked on at next, or what is known of it at once.
    fn task(&self, row: &EveryRow, before: Option<&EveryRow>) -> Result<Task, Found> {
        let config = self.history.config.on(row.release);
        let fresh = || self.fresh(&config);
        if row.call.is_none() {
            let begun = self.upto.and_then(|upto| Replaying::begin(&self.history, &config, upto));
            return begun.map(|it| Task::Call(Box::new(it))).ok_or(Found::Call(None));
        }
        if row.hold.is_none() {
            let machine = self.load.as_ref().zip(fresh());
            let trial = machine.map(|(load, kernel)| Trial::fresh(kernel, load));
            return trial.map(|it| Task::Hold(Box::new(it))).ok_or(Found::Hold(None));
        }
        if row.lives.is_none() {
            let watch = fresh().map(|kernel| Watch::begin(kernel, self.towards.0));
            return watch.map(|it| Task::Lives(Box::new(it))).ok_or(Found::Lives(None));
        }
        let lives = row.lives.flatten();
        let alike = before.filter(|before| before.lives == row.lives);
        let guess = alike.and_then(|before| before.rate.flatten()).map(|rate| rate.holds);
        let search = fresh().map(|kernel| Search::begin(kernel, self.towards, lives, guess));
        search.map(|it| Task::Rate(Box::new(it))).ok_or(Found::Rate(None))
    }

    /// A machine to which nothing was done but that its knobs stand as they do.
    fn fresh(&self, config: &Config) -> Option<Kernel> {
        let mut kernel = Kernel::new(config).ok()?;
        for call in &self.knobs {
            kernel.apply(call);
        }
        Some(kernel)
    }
}

impl Task {
    fn work(&mut self, budget: u64, spent: &mut u64) -> Option<Found> {
        match self {
            Task::Call(replaying) => replaying.work(budget, spent).map(Found::Call),
            Task::Hold(trial) => {
                let hold = trial.work_counted(budget, spent);
                hold.map(|hold| Found::Hold(Some(hold)))
            }
            Task::Lives(watch) => watch.work(budget, spent).map(Found::Lives),
            Task::Rate(search) => search.work(budget, spent).map(|rate| Found::Rate(Some(rate))),
        }
    }
}

/// The same calls on another release.
struct Replaying {
    history: History,
    legs: Vec<Leg>,
    state: State,
    upto: (usize, u32),
    got: Option<Got>,
}

impl Replaying {
    fn begin(history: &History, config: &Config, upto: (usize, u32)) -> Option<Replaying> {
        let history = History { config: config.clone(), ..history.clone() };
        let state = State::boot(Kernel::new(&history.config).ok()?);
        Some(Replaying { legs: legs(&history, history.tip), state, upto, got: None, history })
    }

    fn work(&mut self, budget: u64, spent: &mut u64) -> Option<Option<Got>> {
        let mut left = budget;
        while left > 0 {
            let call = self.state.next_call(&self.history, &mut self.legs);
            let Some(call) = call.filter(|_| (self.state.leg(), self.state.in_leg()) <= self.upto)
            else {
                return Some(self.got.take());
            };
            let reply = self.state.make(&call);
            if matches!(call, Call::Connect { .. } | Call::Bind { .. }) {
                let port = port_of(&self.state.kernel, &call);
                let ret = ret_of(&call, reply);
                self.got = Some(Got { call, ret, port, probes: reply.steps });
            }
            *spent += work_of(reply);
            left = left.saturating_sub(work_of(reply));
        }
        None
    }
}

/// Connections that are closed at once, and the moments at which their TIME_WAITs end. Each goes to
/// a port of its own, so that none is in another one's way.
struct Watch {
    fresh: Kernel,
    dst: Addr,
    /// Which line of [`WATCHED`].
    line: usize,
    kernel: Kernel,
    /// When each began whose TIME_WAIT is there; `None` for those that are gone.
    began: Vec<Option<u64>>,
    /// How many are there.
    there: usize,
    /// Moments waited for since the last connection.
    waits: usize,
    lives: Option<Lives>,
}

impl Watch {
    fn begin(fresh: Kernel, dst: Addr) -> Watch {
        let (kernel, began) = (fresh.clone(), Vec::new());
        Watch { fresh, dst, line: 0, kernel, began, there: 0, waits: 0, lives: None }
    }

    fn work(&mut self, budget: u64, spent: &mut u64) -> Option<Option<Lives>> {
        let mut left = budget;
        while left > 0 {
            let &(connections, apart_ms) = WATCHED.get(self.line)?;
            let work = match self.began.len() < connections.into() {
                true => self.connect(apart_ms),
                false => match self.wait() {
                    Some(work) => work,
                    None if self.line + 1 < WATCHED.len() => {
                        self.line += 1;
                        self.kernel = self.fresh.clone();
                        (self.began, self.there, self.waits) = (Vec::new(), 0, 0);
                        1
                    }
                    None => return Some(self.lives),
                },
            };
            *spent += work;
            left = left.saturating_sub(work);
        }
        None
    }

    /// Makes the next connection and closes it.
    fn connect(&mut self, apart_ms: u64) -> u64 {
        let number = self.began.len() as u32;
        let s = SocketName(number);
        let next = self.kernel.now_ms() + apart_ms;
        let mut work = 0;
        while self.kernel.now_ms() < next {
            let end = self.next_end().map_or(next, |(end, looked)| {
                work += looked;
                end.min(next)
            });
            work += self.pass_until(end);
        }
        let before = self.kernel.tw_count();
        for call in [
            Call::Socket { s },
            Call::connect(s, self.dst, number as u16 + 1),
            Call::close(s, CloseHow::Active),
        ] {
            work += work_of(self.kernel.apply(&call));
        }
        let made = self.kernel.tw_count() > before;
        self.there += usize::from(made);
        self.began.push(made.then(|| self.kernel.now_ms()));
        work
    }

    /// Waits for the next end; `None` when no TIME_WAIT is left, or when they never end.
    fn wait(&mut self) -> Option<u64> {
        self.waits += 1;
        let (end, looked) = self.next_end().filter(|_| self.waits <= 4 * self.began.len())?;
        Some(self.pass_until(end) + looked)
    }

    /// When the next one is to end, and how many were looked at.
    fn next_end(&self) -> Option<(u64, u64)> {
        let end = self.kernel.timewaits().map(|mini| mini.ends_ms).min()?;
        Some((end, self.kernel.tw_count().into()))
    }

    /// Lets time pass, a millisecond at least, and notes what has ended.
    fn pass_until(&mut self, end_ms: u64) -> u64 {
        let ms = end_ms.saturating_sub(self.kernel.now_ms()).max(1);
        let work = work_of(self.kernel.apply(&Call::Advance { ms }));
        if self.kernel.tw_count() as usize == self.there {
            return work;
        }
        let mut left = vec![None; self.began.len()];
        for mini in self.kernel.timewaits() {
            let number = usize::from(mini.tuple.fport).wrapping_sub(1);
            if let Some(left) = left.get_mut(number) {
                *left = self.began[number];
            }
        }
        let now = self.kernel.now_ms();
        for (was, is) in self.began.iter().zip(&left) {
            if let (Some(began), None) = (was, is) {
                self.lives = Some(longer(self.lives, now - began));
            }
        }
        self.there = left.iter().flatten().count();
        self.began = left;
        work + self.began.len() as u64
    }
}

/// What is known of lives with one more.
fn longer(lives: Option<Lives>, ms: u64) -> Lives {
    let Lives { shortest_ms, longest_ms } =
        lives.unwrap_or(Lives { shortest_ms: ms, longest_ms: ms });
    Lives { shortest_ms: shortest_ms.min(ms), longest_ms: longest_ms.max(ms) }
}

/// The highest rate that holds, by trial: first one that is too fast, which tells how many ports
/// there are; then one that should hold; from there in steps that double, and by halves.
struct Search {
    fresh: Kernel,
    towards: (Addr, u16),
    lives: Option<Lives>,
    guess: Option<u32>,
    known: Rate,
    /// How far from what is known the next rate lies.
    reach: u32,
    tried: Option<(u32, Box<Trial>)>,
    work: u64,
}

impl Search {
    fn begin(
        fresh: Kernel,
        towards: (Addr, u16),
        lives: Option<Lives>,
        guess: Option<u32>,
    ) -> Search {
        let known = Rate { holds: 0, fails: None };
        Search { fresh, towards, lives, guess, known, reach: 1, tried: None, work: 0 }
    }

    fn work(&mut self, budget: u64, spent: &mut u64) -> Option<Rate> {
        let mut left = budget;
        while left > 0 {
            let Some(rate) = self.next_rate().filter(|_| self.work < RATE_WORK) else {
                return Some(self.known);
            };
            let mut trial = match self.tried.take() {
                Some((_, trial)) => trial,
                None => Box::new(self.trial(rate)),
            };
            let mut work = 0;
            let hold = trial.work_counted(left, &mut work);
            self.work += work;
            *spent += work;
            left = left.saturating_sub(work.max(1));
            match hold {
                None => self.tried = Some((rate, trial)),
                Some(Hold::Holds) => self.known.holds = rate,
                // What the model has no room for can't be said to hold.
                Some(Hold::Fails { .. } | Hold::Unknown { .. }) => {
                    self.fails(rate, trial.begun().saturating_sub(1));
                }
            }
        }
        None
    }

    /// A rate failed, after so many connections.
    fn fails(&mut self, rate: u32, connections: u32) {
        self.known.fails = Some(rate);
        let longest = self.lives.map_or(1_000, |lives| lives.longest_ms).max(1);
        let steady = u64::from(connections) * 1_000 / longest;
        let guess = self.guess.unwrap_or(steady.min(RATE_MAX.into()) as u32);
        self.guess = Some(guess.clamp(1, RATE_MAX - 1));
    }

    /// The rate to try next; `None` when nothing lies between what holds and what fails.
    fn next_rate(&mut self) -> Option<u32> {
        if let Some((rate, _)) = self.tried {
            return Some(rate);
        }
        let holds = self.known.holds;
        let Some(fails) = self.known.fails else {
            return (holds < RATE_MAX).then_some(RATE_MAX);
        };
        if fails - holds <= 1 {
            return None;
        }
        let guess = self.guess.unwrap_or(1);
        let middle = holds + (fails - holds) / 2;
        if holds < guess && guess < fails {
            return Some(guess);
        }
        let rate = match holds >= guess {
            true => middle.min(holds + self.reach),
            false => middle.max(fails.saturating_sub(self.reach)),
        };
        self.reach = self.reach.saturating_mul(2);
        Some(rate)
    }

    /// That many short connections a second, to the one destination.
    fn trial(&self, per_second: u32) -> Trial {
        let (dst, dport) = self.towards;
        let load = Load { per_second, hold_ms: Some(0), ..Load::burst(dst, dport, 1) };
        Trial::fresh(self.fresh.clone(), &load)
    }
}
