//! The failing call of the machine that the lab opens with, probe by probe.

use error99_kernel::{Addr, Call, Config, Each, Event, SocketName, Verdict, WalkOrder};
use error99_replay::act::BindAct;
use error99_replay::history::{ALL_CALLS, Position, Step};
use error99_replay::link::Saved;
use error99_replay::load::Load;
use error99_replay::scenario::Client;
use error99_replay::{Act, History, Machine};

use crate::machine::Server;

/// The probe that the picture begins with; the lab opens there, too.
pub const PROBE: u32 = 12_034;

/// Ports that programs of the busy machine have bound to, as inclusive runs.
const BOUND: [[u16; 2]; 23] = [
    [33_011, 33_011],
    [33_999, 33_999],
    [35_120, 35_120],
    [36_415, 36_415],
    [37_002, 37_002],
    [38_444, 38_444],
    [39_017, 39_017],
    [40_888, 40_888],
    [41_555, 41_555],
    [42_010, 42_010],
    [43_210, 43_210],
    [44_001, 44_001],
    [45_000, 45_063],
    [47_777, 47_777],
    [48_150, 48_150],
    [49_990, 49_990],
    [50_112, 50_121],
    [52_020, 52_020],
    [53_333, 53_333],
    [55_501, 55_501],
    [56_789, 56_789],
    [58_123, 58_123],
    [60_606, 60_606],
];

/// The machine that the lab opens with. Its file can't be read in the browser, so it's made here
/// once more; a test compares both.
pub fn busy_client() -> History {
    let Server { addr, port } = Server::FIRST;
    let mut history = History::new(Config {
        ehash_size: 4_096,
        bhash_size: 4_096,
        local: vec![Addr::new(10, 0, 0, 1), Addr::new(10, 0, 0, 7)],
        ..Config::default()
    });
    let minute = Load {
        per_second: 497,
        hold_ms: Some(0),
        keep_every: 22,
        ..Load::burst(addr, port, 28_127)
    };
    let bound = BindAct { addr: Addr::ANY, ports: BOUND.to_vec(), first_socket: 0 };
    let acts = [Act::Bind(bound), Act::Load(minute), Act::Load(Load::burst(addr, port, 12))];
    for act in acts {
        let act = act.named_from(history.next_socket());
        let tip = history.tip;
        // Three acts within their limits.
        let _ = history.push(tip, ALL_CALLS, act);
    }
    history.loaded = 2;
    history.at = at(PROBE);
    history
}

fn at(probe: u32) -> Position {
    Position { done: u32::MAX, step: Some(Step { probe, line: u32::MAX }) }
}

/// Why a port is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The same 4-tuple is in TIME_WAIT.
    Timewait,
    /// The same 4-tuple is alive.
    Live,
    /// The bind bucket is bind()'s.
    Bind,
}

impl Reason {
    /// All of them, in the order of the legend.
    pub const ALL: [Reason; 3] = [Reason::Timewait, Reason::Live, Reason::Bind];

    /// `None` for a port that is taken.
    fn of(verdict: Verdict) -> Option<Reason> {
        match verdict {
            Verdict::BindOwned | Verdict::Reserved => Some(Reason::Bind),
            Verdict::LiveSameTuple => Some(Reason::Live),
            Verdict::Timewait(_) => Some(Reason::Timewait),
            Verdict::New | Verdict::TimewaitTaken | Verdict::Shared | Verdict::NoMemory => None,
        }
    }
}

/// The whole walk of a failing call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Which probe looks at which port.
    order: WalkOrder,
    /// Why one probe after the other is refused: neighbours with the same reason, and how many.
    pub runs: Vec<(Reason, u32)>,
}

/// Where a walk stands after a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeSeen {
    /// The port that this probe looks at.
    pub port: u16,
    /// Why it's refused.
    pub reason: Reason,
    /// How many were refused so far, this one included, in the order of [`Reason::ALL`].
    pub counts: [u32; 3],
}

impl Scene {
    /// How many probes there are.
    pub fn probes(&self) -> u32 {
        self.runs.iter().map(|(_, probes)| probes).sum()
    }

    /// The port of probe `i`, from 1.
    pub fn port(&self, i: u32) -> u16 {
        self.order.port_of(i)
    }

    /// The last probe before the walk goes on from the highest port to the lowest.
    pub fn wrap(&self) -> u32 {
        self.order.wrap().unwrap_or(self.order.steps())
    }

    /// Where the walk stands after probe `i`.
    pub fn seen(&self, i: u32) -> ProbeSeen {
        let mut seen = ProbeSeen { port: self.port(i), reason: Reason::Timewait, counts: [0; 3] };
        let mut left = i;
        for &(reason, probes) in &self.runs {
            if left > 0 {
                seen.reason = reason;
                seen.counts[reason as usize] += probes.min(left);
            }
            left = left.saturating_sub(probes);
        }
        seen
    }

    /// As numbers, which [`Scene::of_numbers`] reads: the browser need not run the machine.
    pub fn numbers(&self) -> Vec<u32> {
        let runs = self.runs.iter().map(|(reason, probes)| probes * 3 + *reason as u32);
        let order = [self.order.low().into(), self.order.high().into(), self.order.offset()];
        order.into_iter().chain(runs).collect()
    }

    /// The scene that was written down so.
    pub fn of_numbers(numbers: &[u32]) -> Option<Scene> {
        let (&[low, high, offset], runs) = numbers.split_first_chunk()?;
        let run = |number: &u32| (Reason::ALL[(number % 3) as usize], number / 3);
        let (low, high) = (u16::try_from(low).ok()?, u16::try_from(high).ok()?);
        let order = WalkOrder::every_port(low, high, offset);
        Some(Scene { order, runs: runs.iter().map(run).collect() })
    }
}

/// What the picture shows.
pub fn scene() -> Scene {
    let history = busy_client();
    let s = SocketName(history.next_socket() - 1);
    let at = history.at;
    let mut machine = Machine::open(history).expect("a test boots the machine of each picture");
    machine.work_all();
    machine.go(at);
    let walk = machine.frame().walk.expect("the call walks");
    let mut runs: Vec<(Reason, u32)> = Vec::new();
    let mut sink = Each(|event| {
        let Event::Probe(probe) = event else { return };
        match (Reason::of(probe.verdict), runs.last_mut()) {
            (Some(reason), Some((last, probes))) if *last == reason => *probes += 1,
            (Some(reason), _) => runs.push((reason, 1)),
            (None, _) => {}
        }
    });
    let Server { addr, port } = Server::FIRST;
    machine.kernel().clone().apply_traced(&Call::connect(s, addr, port), &mut sink);
    Scene { order: walk.order, runs }
}

/// The same call for the lab, at the same probe.
pub fn saved(probe: u32) -> Saved {
    let history = History { at: at(probe), ..busy_client() };
    let Server { addr, port } = Server::FIRST;
    Saved { history, client: Client { dst: addr, dport: port } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_replay::catalogue;

    #[test]
    fn it_is_the_machine_that_the_lab_opens_with() {
        assert_eq!(saved(PROBE), catalogue::opening().saved());
    }

    #[test]
    fn the_reasons_are_counted_as_the_lab_counts_them() {
        let scene = scene();
        assert_eq!(scene.probes(), 28_233);
        let mut machine = crate::run(&busy_client());
        for i in [1, 2, scene.wrap(), scene.wrap() + 1, PROBE, 28_232, 28_233] {
            machine.to_probe(i);
            let walk = machine.frame().walk.expect("the call walks");
            let seen = scene.seen(i);
            let tally = [walk.tally.timewait(), walk.tally.live, walk.tally.bind];
            assert_eq!((seen.counts, Some(seen.port)), (tally, walk.probe.map(|probe| probe.port)));
        }
        assert_eq!(scene.port(scene.wrap()), 61_000);
        let [timewait, live, bind] = scene.seen(28_233).counts;
        assert_eq!((timewait + live + bind, bind), (28_233, 95));
        println!("{timewait} {live} {} runs, wrap {}", scene.runs.len(), scene.wrap());
    }

    #[test]
    fn a_scene_is_read_back_from_its_numbers() {
        let scene = scene();
        assert_eq!(Scene::of_numbers(&scene.numbers()), Some(scene));
        assert_eq!(Scene::of_numbers(&[1]), None);
    }
}
