//! Which ports a walk has met by a moment, as stretches of neighbours.

use crate::frame::WalkView;

/// Ports one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortStretch {
    /// The first one.
    pub from: u16,
    /// The last one.
    pub to: u16,
    /// From one to the next: 1, or 2 for even ports alone or odd ones.
    pub step: u16,
}

impl PortStretch {
    /// All of its ports.
    pub fn ports(self) -> impl Iterator<Item = u16> {
        (self.from..=self.to).step_by(self.step.into())
    }
}

/// The ports that the walk has met, that of the probe under the glass included: lowest first. With a
/// `step` of 2 the even ports of the range and the odd ones are told apart, as a walk that goes over it
/// twice meets them: those of the lowest port's kind first.
pub fn met(walk: &WalkView, step: u16) -> Vec<PortStretch> {
    kinds(walk, step).flat_map(|first| met_from(walk, first, step)).collect()
}

/// The other ports of its range, in the same way.
pub fn ahead(walk: &WalkView, step: u16) -> Vec<PortStretch> {
    let mut rest = Vec::new();
    for first in kinds(walk, step) {
        let mut next = first;
        for PortStretch { from, to, .. } in met_from(walk, first, step) {
            let before = u32::from(from).checked_sub(step.into());
            rest.extend(before.and_then(|before| stretch(next, before, step)));
            next = u32::from(to) + u32::from(step);
        }
        let high = u32::from(walk.high);
        rest.extend(stretch(next, high - high.saturating_sub(first) % u32::from(step), step));
    }
    rest
}

/// The lowest port of each kind that is told apart.
fn kinds(walk: &WalkView, step: u16) -> impl Iterator<Item = u32> + use<> {
    let (low, high) = (u32::from(walk.low), u32::from(walk.high));
    (low..low + u32::from(step)).filter(move |first| *first <= high)
}

/// What the walk has met of the ports that lie `step` apart from `first` on.
fn met_from(walk: &WalkView, first: u32, step: u16) -> Vec<PortStretch> {
    let mut found = Vec::new();
    for sweep in walk.order.sweeps() {
        let Some(steps) = walk.at().checked_sub(sweep.first_step) else { continue };
        let steps = steps.min(sweep.steps - 1);
        let port = |ahead: u32| {
            sweep.port_of(sweep.first_step + ahead).map_or(sweep.first_port.into(), u32::from)
        };
        let (from, to) = (port(0), port(steps));
        let of_kind = |port: u32| port.abs_diff(first).is_multiple_of(step.into());
        // How far apart they lie: of a single port it doesn't matter.
        let apart = (to - from).checked_div(steps).unwrap_or(step.into());
        if apart == u32::from(step) {
            found.extend(stretch(from, to, step).filter(|_| of_kind(from)));
        } else if apart == 1 {
            let (from, to) = (from + u32::from(!of_kind(from)), to - u32::from(!of_kind(to)));
            found.extend(stretch(from, to, step));
        } else {
            let one = |ahead| stretch(port(ahead), port(ahead), step);
            found.extend((0..=steps).filter_map(one));
        }
    }
    joined(found)
}

/// A stretch that isn't empty.
fn stretch(from: u32, to: u32, step: u16) -> Option<PortStretch> {
    (from <= to).then_some(PortStretch { from: from as u16, to: to as u16, step })
}

/// Stretches in order, those that touch or overlap put together.
fn joined(stretches: Vec<PortStretch>) -> Vec<PortStretch> {
    let keys: Vec<u64> = stretches.iter().map(|stretch| stretch.from.into()).collect();
    let mut joined: Vec<PortStretch> = Vec::new();
    for place in crate::table::order(&keys) {
        let PortStretch { from, to, step } = stretches[place];
        match joined.last_mut() {
            Some(last) if u32::from(from) <= u32::from(last.to) + u32::from(step) => {
                last.to = last.to.max(to);
            }
            _ => joined.push(PortStretch { from, to, step }),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use error99_kernel::{Addr, Call, Config, SocketName};

    use super::*;
    use crate::history::Position;
    use crate::{Act, History, Machine};

    /// A machine of seven ports, all taken but the range's hash set to `offset`, at its failing
    /// call.
    fn failing(offset: u32) -> Machine {
        let server = Addr::new(10, 0, 0, 2);
        let config = Config {
            force_range: Some((40_000, 40_006)),
            port_offset: Some(offset.into()),
            ..Config::default()
        };
        let calls = |n: u32| {
            let s = SocketName(n);
            [Call::Socket { s }, Call::connect(s, server, 80)].map(Act::Call)
        };
        let mut machine = Machine::open(History::new(config)).expect("it boots");
        machine.act((0..8).flat_map(calls).collect()).expect("the calls fit");
        machine.work_all();
        machine.go(Position { done: u32::MAX, step: None });
        machine
    }

    fn ports(stretches: &[PortStretch]) -> Vec<u16> {
        let mut ports: Vec<u16> = stretches.iter().flat_map(|stretch| stretch.ports()).collect();
        ports.sort_unstable();
        ports
    }

    #[test]
    fn what_is_met_is_what_the_probes_so_far_have_visited_and_the_rest_lies_ahead() {
        for offset in (0..8).chain([u32::MAX - 16, u32::MAX - 11, u32::MAX - 9, u32::MAX]) {
            let mut machine = failing(offset);
            let probes = machine.frame().walk.expect("it walks").probes;
            let mut visited = Vec::new();
            machine.to_call_start();
            for i in 1..=probes {
                machine.to_probe(i);
                let walk = machine.frame().walk.expect("it walks");
                visited.extend(walk.probe.as_ref().map(|probe| probe.port));
                for step in [1, 2] {
                    let (met, ahead) = (met(&walk, step), super::ahead(&walk, step));
                    let expected: Vec<u16> =
                        (walk.low..=walk.high).filter(|port| visited.contains(port)).collect();
                    assert_eq!(ports(&met), expected, "{offset} {i}");
                    let mut all = [ports(&met), ports(&ahead)].concat();
                    all.sort_unstable();
                    assert_eq!(all, (walk.low..=walk.high).collect::<Vec<u16>>(), "{offset} {i}");
                    let apart = |two: &[PortStretch]| two[0].to + step < two[1].from;
                    let of_kind =
                        |of: u16| move |it: &&PortStretch| (it.from - 40_000) % step == of;
                    for kind in 0..step {
                        let met: Vec<PortStretch> =
                            met.iter().filter(of_kind(kind)).copied().collect();
                        assert!(met.windows(2).all(apart), "{met:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn before_its_first_probe_a_walk_has_met_nothing() {
        let mut machine = failing(3);
        machine.to_call_start();
        let walk = machine.frame().walk.expect("it walks");
        let whole = |from, to, step| PortStretch { from, to, step };
        assert_eq!((met(&walk, 1), ahead(&walk, 1)), (vec![], vec![whole(40_000, 40_006, 1)]));
        let halves = vec![whole(40_000, 40_006, 2), whole(40_001, 40_005, 2)];
        assert_eq!((met(&walk, 2), ahead(&walk, 2)), (vec![], halves));
    }
}
