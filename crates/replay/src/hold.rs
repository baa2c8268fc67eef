//! Whether a change holds: the load that filled the range goes on for 300 s on a copy of the
//! machine, until the first error 99. Not by formula: by running it.

use error99_kernel::{Call, Errno, Kernel};

use crate::act::Act;
use crate::fix::Change;
use crate::load::{Load, LoadClose, LoadRun};
use crate::machine::Machine;

/// How long a load is tried, in milliseconds.
pub const TRIAL_MS: u64 = 300_000;

/// What became of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// No error 99 for [`TRIAL_MS`].
    Holds,
    /// The first error 99 came after so many milliseconds.
    Fails { after_ms: u64 },
}

/// A load on trial; it runs in slices.
pub struct Trial {
    /// The change that is tried.
    pub change: Change,
    kernel: Kernel,
    load: Load,
    run: LoadRun,
    /// Work that is still to do before the load begins.
    before: Vec<Call>,
}

impl Trial {
    /// Runs on until about `budget` units of work (10 ns each) are spent; the answer when there
    /// is one.
    pub fn work(&mut self, budget: u64) -> Option<Hold> {
        for call in std::mem::take(&mut self.before) {
            self.kernel.apply(&call);
        }
        let mut spent = 0;
        while spent < budget {
            let Some(call) = self.run.next_call(&self.load, &self.kernel) else {
                return Some(Hold::Holds);
            };
            let hint = self.kernel.hint();
            let reply = self.kernel.apply(&call);
            if matches!(call, Call::Connect { .. }) {
                if reply.errno() == Some(Errno::EADDRNOTAVAIL) {
                    return Some(Hold::Fails { after_ms: self.run.elapsed_ms() });
                }
                spent += u64::from(self.kernel.hint().wrapping_sub(hint));
            }
            spent += 40;
        }
        None
    }
}

impl Machine {
    /// The load that was loaded last with a rate, if there is one.
    pub(crate) fn load(&self) -> Option<&Load> {
        let legs = self.legs().iter().filter(|leg| leg.first <= self.base.done).rev();
        legs.map(|leg| &self.history.acts[leg.id as usize].act).find_map(|act| match act {
            Act::Load(load) if load.per_second > 0 => Some(load),
            _ => None,
        })
    }

    /// The rate of that load, in connections a second.
    pub fn load_rate(&self) -> Option<u32> {
        self.load().map(|load| load.per_second)
    }

    /// Puts `change` on trial; `None` if no load with a rate came before the failed call.
    ///
    /// A change that helps at once is tried on the machine as it stands; one that helps only
    /// later ([`Change::from_start`]) on a machine that had it from boot.
    pub fn trial(&self, change: Change) -> Option<Trial> {
        let load = self.load()?;
        let connections = load.per_second as u64 * TRIAL_MS / 1000;
        let (kernel, before) = match change.from_start() {
            true => (Kernel::new(&self.history.config).ok()?, self.calls_from_boot(change)),
            false => (self.base.kernel.clone(), change.calls()),
        };
        let mut load = Load {
            connections: u32::try_from(connections).unwrap_or(u32::MAX),
            stop_at_error: false,
            first_socket: self.history.next_socket(),
            ..load.clone()
        };
        match change {
            Change::OtherAddress { dst } => load.also = Some((dst, load.dport)),
            Change::OtherPort { dport } => load.also = Some((load.dst, dport)),
            Change::ServerCloses => load.close = LoadClose::Passive,
            Change::KeepAlive { requests } => {
                load.per_second = (load.per_second / requests.max(1)).max(1);
                load.connections /= requests.max(1);
            }
            _ => {}
        }
        Some(Trial { change, kernel, load, run: LoadRun::default(), before })
    }

    /// What was loaded besides the loads themselves, then the change.
    fn calls_from_boot(&self, change: Change) -> Vec<Call> {
        let loaded = self.history.acts.iter().take(self.history.loaded as usize);
        let mut calls: Vec<Call> = loaded
            .flat_map(|node| match &node.act {
                Act::Call(call) => vec![call.clone()],
                Act::Bind(act) => act.calls().collect(),
                Act::Load(_) => Vec::new(),
            })
            .collect();
        calls.extend(change.calls());
        calls
    }
}
