//! How each release goes over its ports: in which order, and what that costs while a range fills.
//!
//! Only a program that knows all releases can say it, so the page is written with the answers.

use error99_kernel::{
    Call, Config, Errno, Event, Kernel, Release, Reply, SocketName, Sysctl, SysctlValue, WalkOrder,
};

use crate::machine::Server;
use crate::since::PARTS;

/// Ports of the range whose order is shown.
pub const PORTS: u16 = 16;
/// Its lowest port; even, as that of the default range.
pub const LOW: u16 = 40_000;
/// Where the walks that are shown begin: a port with others on both sides.
pub const START: u16 = LOW + 10;

/// When a port has its turn: which step it is, from 1, and in which pass over the range; `None`
/// for a port that never has.
pub type PortTurn = Option<(u32, u8)>;

/// Releases that go over their ports alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The releases, oldest first.
    pub releases: Vec<Release>,
    /// How they do it.
    pub way: WalkWay,
}

/// A way of going over ports, as seen on small ranges and on the default one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkWay {
    /// A walk that finds nothing: the turn of each of the ports, from [`LOW`] on.
    pub walk: Vec<PortTurn>,
    /// The same with a port less, so that their number is odd.
    pub odd: Vec<PortTurn>,
    /// Connects to one destination until all ports are in use: which of them gets each port, and
    /// in which pass it found it.
    pub handed_out: Vec<PortTurn>,
    /// Probes of a connect while the default range fills: for each twentieth the median.
    pub medians: [u32; PARTS],
    /// Probes of the connect that fails when it's full.
    pub failing: u32,
}

/// All releases, oldest first, those together that go alike. It takes some seconds.
pub fn all() -> Vec<Alike> {
    let mut all: Vec<Alike> = Vec::new();
    for release in Release::ALL {
        let way = WalkWay::of(release);
        match all.last_mut() {
            Some(last) if last.way == way => last.releases.push(release),
            _ => all.push(Alike { releases: vec![release], way }),
        }
    }
    all
}

/// A way of going over ports, as far as a sentence can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayKind {
    /// Port after port, and so they are handed out.
    PortAfterPort,
    /// Port after port; but every second one is handed out first.
    EverySecondHandedOut,
    /// In two passes, and so they are handed out.
    TwoPasses,
    /// In two passes; in each, they are handed out in no order.
    TwoPassesAtRandom,
}

impl WalkWay {
    /// What can be seen of it.
    pub fn manner(&self) -> WayKind {
        let passes = self.walk.iter().flatten().map(|(_, pass)| *pass).max();
        let in_order = self.walk == self.handed_out;
        match (passes, in_order) {
            (Some(2), true) => WayKind::TwoPasses,
            (Some(2), false) => WayKind::TwoPassesAtRandom,
            (_, true) => WayKind::PortAfterPort,
            (_, false) => WayKind::EverySecondHandedOut,
        }
    }

    /// The least and the most of the medians in half of the range, the first or the second.
    pub fn half(&self, second: bool) -> (u32, u32) {
        let (first, rest) = self.medians.split_at(PARTS / 2);
        let half = if second { rest } else { first };
        let of = |best: fn(u32, u32) -> u32| half.iter().copied().reduce(best).unwrap_or(0);
        (of(u32::min), of(u32::max))
    }

    /// The way of a release.
    pub fn of(release: Release) -> WalkWay {
        let (medians, failing) = cost(release);
        WalkWay {
            walk: Small::of(release, PORTS).walk(),
            odd: Small::of(release, PORTS - 1).walk(),
            handed_out: Small::of(release, PORTS).handed_out(),
            medians,
            failing,
        }
    }
}

/// A fresh machine with a small range, and a destination from which a walk begins at [`START`].
struct Small {
    kernel: Kernel,
    ports: u16,
    dport: u16,
    order: WalkOrder,
}

impl Small {
    fn of(release: Release, ports: u16) -> Small {
        let range = SysctlValue::Two(LOW.into(), (LOW + ports - 1).into());
        let config = Config { sysctl: vec![(Sysctl::PortRange, range)], ..Config::of(release) };
        let kernel = boot(&config);
        let begins = |dport| {
            let (order, _) = connect(&mut kernel.clone(), 0, dport);
            Some((dport, order?)).filter(|(_, order)| order.port_of(1) == START)
        };
        let (dport, order) = (1..).find_map(begins).expect("one in a few begins there");
        Small { kernel, ports, dport, order }
    }

    fn turn(order: &WalkOrder, port: u16) -> PortTurn {
        order.sweeps().find_map(|sweep| Some((sweep.step_of(port)?, sweep.pass)))
    }

    fn walk(&self) -> Vec<PortTurn> {
        (LOW..LOW + self.ports).map(|port| Small::turn(&self.order, port)).collect()
    }

    fn handed_out(mut self) -> Vec<PortTurn> {
        let mut turns = vec![None; self.ports.into()];
        for nth in 1..=self.ports.into() {
            let (order, reply) = connect(&mut self.kernel, nth, self.dport);
            let port = self.kernel.socket(SocketName(nth)).map_or(0, |socket| socket.num);
            let place = usize::from(port.wrapping_sub(LOW));
            let pass = order.and_then(|order| Small::turn(&order, port)).map(|(_, pass)| pass);
            if let (Some(turn), true) = (turns.get_mut(place), found(reply)) {
                *turn = pass.map(|pass| (nth, pass));
            }
        }
        turns
    }
}

fn boot(config: &Config) -> Kernel {
    Kernel::new(config).expect("whoever asks knows the release")
}

/// Opens a socket of that name, connects it, and says how its walk went.
fn connect(kernel: &mut Kernel, name: u32, dport: u16) -> (Option<WalkOrder>, Reply) {
    let s = SocketName(name);
    kernel.apply(&Call::Socket { s });
    let mut events = Vec::new();
    let call = Call::connect(s, Server::FIRST.addr, dport);
    let reply = kernel.apply_traced(&call, &mut events);
    let order = events.into_iter().find_map(|event| match event {
        Event::WalkStarted { order, .. } => Some(order),
        _ => None,
    });
    (order, reply)
}

fn found(reply: Reply) -> bool {
    matches!(reply.errno(), None | Some(Errno::EINPROGRESS))
}

/// Connects in a millisecond: the range is full after fourteen seconds, about as when it was
/// measured ([`crate::since`]).
const IN_A_MS: u32 = 2;

/// Runs a client that keeps its connections until the first error 99, as in the measurement:
/// probes of a connect, for each twentieth of the range the median, and those of the failing one.
fn cost(release: Release) -> ([u32; PARTS], u32) {
    let mut kernel = boot(&Config::of(release));
    let Server { addr, port } = Server::FIRST;
    let mut probes = Vec::new();
    let failing = loop {
        let s = SocketName(probes.len() as u32);
        if s.0.is_multiple_of(IN_A_MS) {
            kernel.apply(&Call::Advance { ms: 1 });
        }
        kernel.apply(&Call::Socket { s });
        let reply = kernel.apply(&Call::connect(s, addr, port));
        if !found(reply) {
            break reply.steps;
        }
        probes.push(reply.steps);
    };
    let medians = std::array::from_fn(|part| {
        let place = |part: usize| part * probes.len() / PARTS;
        let mut part = probes[place(part)..place(part + 1)].to_vec();
        part.sort_unstable();
        part[part.len() / 2]
    });
    (medians, failing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    /// They take some seconds, and each test asks for them.
    static WAYS: LazyLock<Vec<Alike>> = LazyLock::new(super::all);

    fn all() -> &'static [Alike] {
        &WAYS
    }

    #[test]
    fn thirteen_releases_go_in_four_ways() {
        let ways: Vec<Vec<Release>> = all().iter().map(|alike| alike.releases.clone()).collect();
        assert_eq!(
            ways[..3],
            [vec![Release::V2_6_32, Release::V3_10], vec![Release::Rhel7], vec![Release::V4_19]]
        );
        assert_eq!(ways[3][..], Release::ALL[4..]);
    }

    #[test]
    fn each_way_is_put_into_words_by_what_is_seen_of_it() {
        use WayKind::{EverySecondHandedOut, PortAfterPort, TwoPasses, TwoPassesAtRandom};
        let manners: Vec<WayKind> = all().iter().map(|alike| alike.way.manner()).collect();
        assert_eq!(manners, [PortAfterPort, EverySecondHandedOut, TwoPasses, TwoPassesAtRandom]);
    }

    /// The ports in the order of their turns.
    fn in_order(turns: &[PortTurn]) -> Vec<u16> {
        let mut ports: Vec<(u32, u16)> =
            (0..).zip(turns).filter_map(|(place, turn)| Some(((*turn)?.0, place))).collect();
        ports.sort_unstable();
        ports.into_iter().map(|(_, place)| place).collect()
    }

    #[test]
    fn one_pass_until_4_5_then_one_parity_before_the_other() {
        let all = all();
        let ways: Vec<&WalkWay> = all.iter().map(|alike| &alike.way).collect();
        let upwards: Vec<u16> = (10..16).chain(0..10).collect();
        assert_eq!(in_order(&ways[0].walk), upwards);
        assert_eq!(in_order(&ways[1].walk), upwards);
        let evens = [10, 12, 14, 0, 2, 4, 6, 8];
        let both: Vec<u16> = evens.into_iter().chain([11, 13, 15, 1, 3, 5, 7, 9]).collect();
        for way in &ways[2..] {
            assert_eq!(in_order(&way.walk), both);
            let pass = |turn: &PortTurn| turn.map_or(0, |(_, pass)| pass);
            assert_eq!(way.walk.iter().map(pass).collect::<Vec<_>>(), [1, 2].repeat(8));
        }
    }

    #[test]
    fn an_odd_range_loses_its_lowest_port_to_a_walk_in_two_passes() {
        let lost = |way: &WalkWay| way.odd.iter().filter(|turn| turn.is_none()).count();
        let all = all();
        let lose: Vec<usize> = all.iter().map(|alike| lost(&alike.way)).collect();
        assert_eq!(lose, [0, 0, 1, 1]);
        assert_eq!(all[3].way.odd[0], None);
    }

    #[test]
    fn what_is_handed_out_tells_rhel_7_from_3_10() {
        let all = all();
        let ports = |at: usize| in_order(&all[at].way.handed_out);
        assert_eq!(ports(0)[..4], [10, 11, 12, 13]);
        assert_eq!(ports(1)[..4], [10, 12, 14, 0]);
        assert_eq!(ports(2)[..4], [10, 12, 14, 0]);
        // A step of random length since 5.18, and what came back from there.
        assert_ne!(ports(3)[..4], [10, 12, 14, 0]);
        assert!(ports(3)[..8].iter().all(|port| port % 2 == 0));
    }

    #[test]
    fn only_two_passes_make_the_second_half_dear() {
        let all = all();
        let halves = all.iter().map(|alike| [false, true].map(|second| alike.way.half(second)));
        let expected = [
            [(1, 1), (1, 1)],
            [(1, 1), (2, 2)],
            [(1, 1), (14_117, 14_117)],
            [(1, 5), (14_117, 14_122)],
        ];
        assert_eq!(halves.collect::<Vec<_>>(), expected);
        let failing: Vec<u32> = all.iter().map(|alike| alike.way.failing).collect();
        assert_eq!(failing, [28_233, 28_232, 28_232, 28_232]);
    }
}
