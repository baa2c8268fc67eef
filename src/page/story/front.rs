//! The machine of the hook: the failing call at the top of the story, and what heals it.

use crate::hook::data::{HookData, HookOutcome, HookRun};
use crate::ui::still::PortPage;
use error99_replay::Machine;
use error99_replay::catalogue;
use error99_replay::fix::Change;
use error99_replay::frame::{Found, Frame};
use error99_replay::history::Position;

/// The machine of the hook: its failing call, the healed one, and the ports before both.
/// The model says all of it; it is the machine that the lab opens with.
pub fn failing_machine() -> (HookData, PortPage) {
    let saved = catalogue::opening().saved();
    let mut machine = Machine::standing(&saved).expect("a test opens every prepared machine");
    machine.to_call_end();
    let (failing, ports) = (machine.frame(), machine.ports());

    machine.act(machine.acts_of(Change::TwReuse)).expect("a short history has room");
    machine.work_all();
    machine.go(Position { done: machine.total(), step: None });
    let (healed, ports_healed) = (machine.frame(), machine.ports());
    let walk = |frame: &Frame| frame.walk.clone().expect("a connect walks the ports");
    let (failing_walk, healed_walk) = (walk(&failing), walk(&healed));
    let port = healed.call.as_ref().map_or(0, |call| call.port);
    machine.to_probe(healed_walk.probes);
    let waited_s = match machine.frame().check.map(|check| check.found) {
        Some(Found::Timewait { ago_ms, .. }) => ago_ms / 1000,
        _ => 0,
    };

    let data = HookData {
        call: failing.program.last().map(|line| line.call.clone()).unwrap_or_default(),
        off: HookRun {
            outcome: HookOutcome::Failed {
                looked: failing_walk.decided,
                refused: failing_walk.tally.refused(),
            },
            counts: ports.counts().into(),
        },
        on: HookRun {
            outcome: HookOutcome::TookOver { port, probes: healed_walk.probes, waited_s },
            counts: ports_healed.counts().into(),
        },
    };
    let page = PortPage {
        address: failing.machine.source.to_string(),
        ports,
        first_refused: failing_walk.start,
        taken: port,
    };
    (data, page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hook_fails_on_every_port_and_heals_on_one_of_them() {
        let (data, page) = failing_machine();
        let ports = page.ports.cells.len() as u32;
        assert_eq!(data.off.outcome, HookOutcome::Failed { looked: ports, refused: ports });
        assert_eq!(data.off.counts.free, 0);
        let HookOutcome::TookOver { port, waited_s, .. } = data.on.outcome else {
            panic!("the knob must heal the call: {:?}", data.on.outcome);
        };
        assert!(waited_s > 1, "a stamp of {waited_s} s");
        assert_eq!(port, page.taken);
        assert_eq!(data.on.counts.live, data.off.counts.live + 1);
        assert_eq!(data.on.counts.time_wait, data.off.counts.time_wait - 1);
    }
}
