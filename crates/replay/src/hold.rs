//! Whether a change holds: the load that filled the range goes on for 300 s on a copy of the
//! machine, until the first error 99. Not by formula: by running it.
//!
//! A change that helps at once is tried on the machine as it stands after the failure. One that
//! helps only from the start ([`Change::from_start`]) is tried on a machine that has it from boot:
//! everything on the branch up to the failed call is done again – what was loaded and what the
//! reader did: sysctls, binds, listens, single calls, bursts, earlier loads – but for the load
//! itself, which then goes on, and for writes of the sysctls that the change sets. Loads with a rate
//! are made as the change has them.

use std::collections::VecDeque;

use error99_kernel::{Call, Errno, Kernel, SocketName, Sysctl};

use crate::act::{Act, ActRun};
use crate::fix::Change;
use crate::load::{Load, LoadClose, LoadRun};
use crate::machine::{Machine, work_of};
use crate::run::Leg;

/// How long a load is tried, in milliseconds.
pub const TRIAL_MS: u64 = 300_000;

/// What became of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// No error 99 for [`TRIAL_MS`].
    Holds,
    /// The first connection that got no port came after so many milliseconds: connect() failed
    /// with error 99, or with [`Change::OtherSource`] bind() with error 98.
    Fails {
        /// Counted from where the load goes on.
        after_ms: u64,
    },
    /// It was fine for so many milliseconds; then the model's own limits were met, such as too many
    /// open sockets.
    Unknown {
        /// Counted from where the load goes on.
        after_ms: u64,
    },
}

/// A load on trial; it runs in slices. It holds one machine and the acts that are to be done again,
/// however long it runs.
pub struct Trial {
    /// The change that is tried, if it's on a machine with one.
    change: Option<Change>,
    kernel: Kernel,
    /// What is done again before the load goes on, each act with the most calls that it makes.
    before: VecDeque<(Act, u32)>,
    /// The first of them.
    act: ActRun,
    made: u32,
    load: Load,
    run: LoadRun,
}

impl Trial {
    /// `load` on trial on a machine to which nothing was done.
    pub(crate) fn fresh(kernel: Kernel, load: &Load) -> Trial {
        Trial {
            change: None,
            kernel,
            before: VecDeque::new(),
            act: ActRun::default(),
            made: 0,
            load: lasting(load.clone()),
            run: LoadRun::default(),
        }
        .with_names()
    }

    fn with_names(mut self) -> Trial {
        self.name_sockets();
        self
    }

    /// Connections that the load has begun.
    pub(crate) fn begun(&self) -> u32 {
        self.run.begun()
    }

    /// Runs on until about `budget` units of work (10 ns each) are spent; the answer when there
    /// is one.
    pub fn work(&mut self, budget: u64) -> Option<Hold> {
        self.work_counted(budget, &mut 0)
    }

    /// The same; what was spent is added to `total`.
    pub(crate) fn work_counted(&mut self, budget: u64, total: &mut u64) -> Option<Hold> {
        let mut spent = 0;
        while spent < budget {
            let work = match self.call_before() {
                Some(call) => work_of(self.kernel.apply(&call)),
                None => match self.load_on() {
                    Ok(work) => work,
                    Err(hold) => return Some(hold),
                },
            };
            spent += work;
            *total += work;
        }
        None
    }

    /// The next call of what is done again.
    fn call_before(&mut self) -> Option<Call> {
        loop {
            let (act, most) = self.before.front()?;
            let more = self.made < *most;
            if let Some(call) = more.then(|| self.act.next_call(act, &self.kernel)).flatten() {
                self.made += 1;
                return Some(call);
            }
            self.before.pop_front();
            (self.act, self.made) = (ActRun::default(), 0);
            if self.before.is_empty() {
                self.name_sockets();
            }
        }
    }

    /// Names for the load's sockets that are free, and as near to those in use as they can be.
    fn name_sockets(&mut self) {
        let names = self.kernel.sockets().filter_map(|socket| socket.name);
        let first = names.map(|SocketName(name)| name.saturating_add(1)).max().unwrap_or(0);
        self.load.first_socket = first;
        self.load.connections = self.load.connections.min(u32::MAX - first);
    }

    /// The load's next call, and the work that it was; or how the load ended.
    fn load_on(&mut self) -> Result<u64, Hold> {
        let Some(call) = self.run.next_call(&self.load, &self.kernel) else {
            return Err(Hold::Holds);
        };
        let mut calls = self.prepared_for(&call);
        calls.push(call);
        let mut work = 0;
        for call in calls {
            let reply = self.kernel.apply(&call);
            work += work_of(reply);
            let after_ms = self.run.elapsed_ms();
            match (&call, reply.errno()) {
                _ if reply.problem.is_some() => return Err(Hold::Unknown { after_ms }),
                (Call::Connect { .. }, Some(Errno::EADDRNOTAVAIL))
                | (Call::Bind { .. }, Some(Errno::EADDRINUSE)) => {
                    return Err(Hold::Fails { after_ms });
                }
                _ => {}
            }
        }
        Ok(work)
    }

    /// What the change does to a socket before it connects; with a second source address only to
    /// every other one.
    fn prepared_for(&self, call: &Call) -> Vec<Call> {
        let second = self.run.begun().is_multiple_of(2);
        match (call, self.change) {
            (_, Some(Change::OtherSource { .. } | Change::NoPort { .. })) if !second => Vec::new(),
            (&Call::Connect { s, .. }, Some(change)) => change.prepares(s),
            _ => Vec::new(),
        }
    }
}

impl Machine {
    /// The load that was loaded last with a rate, and which leg of the branch it is.
    fn load_leg(&self) -> Option<(usize, &Load)> {
        let run = self.legs().partition_point(|leg| leg.first <= self.base.done);
        let legs = self.legs()[..run].iter().enumerate().rev();
        legs.map(|(at, leg)| (at, &self.history.acts[leg.id as usize].act)).find_map(|(at, act)| {
            match act {
                Act::Load(load) if load.per_second > 0 => Some((at, load)),
                _ => None,
            }
        })
    }

    /// That load.
    pub(crate) fn load(&self) -> Option<&Load> {
        self.load_leg().map(|(_, load)| load)
    }

    /// The rate of that load, in connections a second.
    pub fn load_rate(&self) -> Option<u32> {
        self.load().map(|load| load.per_second)
    }

    /// Puts `change` on trial; `None` if no load with a rate came before the failed call.
    pub fn trial(&self, change: Change) -> Option<Trial> {
        let (leg, load) = self.load_leg()?;
        let (mut kernel, before) = match change.from_start() {
            true => (Kernel::new(&self.history.config).ok()?, self.done_before(leg, change)),
            false => (self.after_failure().clone(), VecDeque::new()),
        };
        for call in change.calls() {
            kernel.apply(&call);
        }
        let load = lasting(changed(load, change));
        let (act, run) = (ActRun::default(), LoadRun::default());
        let trial = Trial { change: Some(change), kernel, before, act, made: 0, load, run };
        Some(trial.with_names())
    }

    /// What is done again before the load, which is leg number `load`, goes on: every act up to the
    /// failed call, with the most calls that it makes.
    fn done_before(&self, load: usize, change: Change) -> VecDeque<(Act, u32)> {
        let set: Vec<Sysctl> = change.sysctls().into_iter().map(|(sysctl, _)| sysctl).collect();
        let end = self.base.done + 1;
        let legs = self.legs();
        let again = |(at, leg): (usize, &Leg)| {
            let next = legs.get(at + 1).map_or(end, |next| next.first.min(end));
            let made = next.saturating_sub(leg.first);
            // What was left or stopped in its middle is so again, as near as may be; so is what failed.
            let whole = leg.limit.is_none() && next < end;
            match &self.history.acts[leg.id as usize].act {
                _ if at == load => None,
                Act::Call(Call::Sysctl { sysctl, .. } | Call::SysctlText { sysctl, .. })
                    if set.contains(sysctl) =>
                {
                    None
                }
                Act::Load(load) if load.per_second > 0 => {
                    let most = match change {
                        _ if whole => u32::MAX,
                        Change::KeepAlive { requests } => made / requests.max(1),
                        _ => made,
                    };
                    Some((Act::Load(changed(load, change)), most))
                }
                act => Some((act.clone(), if whole { u32::MAX } else { made })),
            }
        };
        legs.iter().enumerate().filter(|(_, leg)| leg.first < end).filter_map(again).collect()
    }
}

/// A load that goes on for as long as one is tried, whatever fails.
fn lasting(load: Load) -> Load {
    let connections = load.per_second.saturating_mul((TRIAL_MS / 1000) as u32);
    Load { stop_at_error: false, connections, ..load }
}

/// A load as `change` has it: half of the connections go to another destination, the server closes
/// them, or there are fewer of them.
fn changed(load: &Load, change: Change) -> Load {
    let mut load = load.clone();
    match change {
        Change::OtherAddress { dst } => load.also = Some((dst, load.dport)),
        Change::OtherPort { dport } => load.also = Some((load.dst, dport)),
        Change::ServerCloses => load.close = LoadClose::Passive,
        Change::KeepAlive { requests } => {
            load.per_second = (load.per_second / requests.max(1)).max(1);
            load.connections = (load.connections / requests.max(1)).max(1);
        }
        _ => {}
    }
    load
}
