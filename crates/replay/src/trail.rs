//! Which ports a walk has met by a moment, as runs of neighbouring ports.

use crate::frame::WalkView;

/// The ports that the walk has met, that of the probe under the glass included: inclusive runs,
/// lowest first.
pub fn met(walk: &WalkView) -> Vec<[u16; 2]> {
    let mut runs = Vec::new();
    for sweep in walk.order.sweeps() {
        let Some(steps) = walk.at().checked_sub(sweep.first_step) else { continue };
        let steps = steps.min(sweep.steps - 1);
        let port = |ahead: u32| sweep.port_of(sweep.first_step + ahead).unwrap_or(sweep.first_port);
        let last = port(steps);
        if u32::from(last - sweep.first_port) == steps {
            runs.push([sweep.first_port, last]);
        } else {
            runs.extend((0..=steps).map(port).map(|port| [port, port]));
        }
    }
    joined(runs)
}

/// The other ports of its range.
pub fn ahead(walk: &WalkView) -> Vec<[u16; 2]> {
    let (mut next, high) = (u32::from(walk.low), u32::from(walk.high));
    let mut runs = Vec::new();
    for [from, to] in met(walk) {
        runs.extend(run(next, u32::from(from) - 1));
        next = u32::from(to) + 1;
    }
    runs.extend(run(next, high));
    runs
}

/// A run that isn't empty.
fn run(from: u32, to: u32) -> Option<[u16; 2]> {
    (from <= to).then_some([from as u16, to as u16])
}

/// Runs in order, those that touch or overlap put together.
fn joined(runs: Vec<[u16; 2]>) -> Vec<[u16; 2]> {
    let keys: Vec<u64> = runs.iter().map(|run| run[0].into()).collect();
    let mut joined: Vec<[u16; 2]> = Vec::new();
    for place in crate::table::order(&keys) {
        let [from, to] = runs[place];
        match joined.last_mut() {
            Some(last) if u32::from(from) <= u32::from(last[1]) + 1 => last[1] = last[1].max(to),
            _ => joined.push([from, to]),
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

    fn ports(runs: &[[u16; 2]]) -> Vec<u16> {
        runs.iter().flat_map(|[from, to]| *from..=*to).collect()
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
                let (met, ahead) = (met(&walk), super::ahead(&walk));
                let expected: Vec<u16> =
                    (walk.low..=walk.high).filter(|port| visited.contains(port)).collect();
                assert_eq!(ports(&met), expected, "{offset} {i}");
                let mut all = [ports(&met), ports(&ahead)].concat();
                all.sort_unstable();
                assert_eq!(all, (walk.low..=walk.high).collect::<Vec<u16>>(), "{offset} {i}");
                assert!(met.windows(2).all(|two| two[0][1] + 1 < two[1][0]), "{met:?}");
            }
        }
    }

    #[test]
    fn before_its_first_probe_a_walk_has_met_nothing() {
        let mut machine = failing(3);
        machine.to_call_start();
        let walk = machine.frame().walk.expect("it walks");
        assert_eq!((met(&walk), super::ahead(&walk)), (vec![], vec![[40_000, 40_006]]));
    }
}
