//! The same acts on two machines: which call is the first that goes otherwise.

use error99_kernel::{ConfigError, Kernel};

use crate::branch::Turn;
use crate::history::History;
use crate::machine::{port_of, ret_of, work_of};
use crate::run::{Leg, State, legs};

/// The first call that two machines answer differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its number among the calls of the branch, from 1.
    pub call: u32,
    /// What came of it on either machine; nothing if the branch had ended there.
    pub turns: [Option<Turn>; 2],
}

/// The branches shown of two histories, on their way side by side; to be worked on in slices.
pub struct Beside {
    sides: [Going; 2],
    calls: u32,
}

struct Going {
    history: History,
    state: State,
    legs: Vec<Leg>,
}

impl Going {
    fn start(history: History) -> Result<Going, ConfigError> {
        let state = State::boot(Kernel::new(&history.config)?);
        Ok(Going { legs: legs(&history, history.tip), state, history })
    }

    /// Makes the next call: what came of it, and the work that it was.
    fn next(&mut self) -> Option<(Turn, u64)> {
        let call = self.state.next_call(&self.history, &mut self.legs)?;
        let reply = self.state.make(&call);
        let ret = ret_of(&call, reply);
        Some((Turn { port: port_of(&self.state.kernel, &call), call, ret }, work_of(reply)))
    }
}

impl Beside {
    /// Two machines that have just booted.
    ///
    /// # Errors
    /// One of them can't boot.
    pub fn start(histories: [History; 2]) -> Result<Beside, ConfigError> {
        let [first, second] = histories;
        let sides = [Going::start(first)?, Going::start(second)?];
        Ok(Beside { sides, calls: 0 })
    }

    /// Runs both on until about `budget` units of work (10 ns each) are spent: the first call that
    /// went otherwise, or `None` within if there is none, once that is known.
    pub fn work(&mut self, budget: u64) -> Option<Option<Difference>> {
        let mut spent = 0;
        while spent < budget {
            let turns = self.sides.each_mut().map(Going::next);
            if turns.iter().all(Option::is_none) {
                return Some(None);
            }
            let turns = turns.map(|made| {
                made.map(|(turn, work)| {
                    spent += work;
                    turn
                })
            });
            self.calls += 1;
            let [first, second] = &turns;
            if first != second {
                return Some(Some(Difference { call: self.calls, turns }));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use error99_kernel::{Addr, Call, Config, Release, SocketName, Sysctl, SysctlValue};

    use super::*;
    use crate::act::Act;
    use crate::frame::Ret;
    use crate::history::ALL_CALLS;

    const SERVER: Addr = Addr::new(10, 0, 0, 2);

    /// Two connects from a range of 16 ports.
    fn history(release: Release) -> History {
        let mut history = History::new(Config {
            sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(40_000, 40_015))],
            port_offset: Some(0),
            ..Config::default().on(release)
        });
        let mut parent = None;
        for s in [SocketName(0), SocketName(1)] {
            for call in [Call::Socket { s }, Call::connect(s, SERVER, 80)] {
                parent = Some(history.push(parent, ALL_CALLS, Act::Call(call)).expect("it fits"));
            }
        }
        history
    }

    fn first_difference(releases: [Release; 2]) -> Option<Difference> {
        let mut beside = Beside::start(releases.map(history)).expect("both boot");
        std::iter::from_fn(|| Some(beside.work(1))).flatten().next()?
    }

    #[test]
    fn a_machine_beside_itself_has_no_difference() {
        for release in Release::ALL {
            assert_eq!(first_difference([release, release]), None, "{release:?}");
        }
    }

    #[test]
    fn the_first_call_that_goes_otherwise_is_told_with_both_its_ends() {
        let found = first_difference([Release::V2_6_32, Release::V4_19]);
        let found = found.expect("the walk steps otherwise");
        // A walk without a hint begins at 40,001 on 2.6.32, and at 40,000 on 4.19.
        assert_eq!(found.call, 2);
        let ports = found.turns.map(|turn| turn.map(|turn| (turn.port, turn.ret)));
        assert_eq!(ports, [Some((40_001, Ret::Ok)), Some((40_000, Ret::Ok))]);
    }
}
