//! Sixteen ports in a row: where the walk starts, and what moves it.

use error99_kernel::{Addr, Call, CloseHow, Config};
use error99_replay::Act;
use error99_replay::frame::{Frame, PortCell, Seen, TapeItem, WalkView};
use error99_replay::link::Saved;
use error99_replay::ports::Ports;

use crate::machine::{Connects, Script, Server, cells_before, port_of, small_host};

/// What can be connected to.
pub const SERVERS: [Server; 2] = [Server::FIRST, Server::OTHER_HOST];

/// The connections that the picture begins with, two seconds apart: capitals go to the first
/// server. L stays open, T is closed by this side, P by the other one.
const BEFORE: &[u8] = b"TPTPLPPTLPTLTPTLPpppppp";

/// The next connect to the chosen server, walked to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The range, lowest port first.
    pub places: Vec<RangePort>,
    /// Where this server's walks would start if `hint` were 0.
    pub home: u16,
    /// `hint` before the connect.
    pub hint: u32,
    /// The first port that is looked at.
    pub start: u16,
    /// Ports that are looked at.
    pub probes: u32,
    /// Whether the lowest port is looked at after the highest.
    pub wraps: bool,
    /// The port that is taken; `None` if the connect fails with error 99.
    pub port: Option<u16>,
    /// `hint` after the connect.
    pub hint_after: u32,
    /// What the reader's last connect got: probes, and the port; none if there was none yet.
    pub last: Option<(u32, Option<u16>)>,
}

/// A port, before the connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangePort {
    pub port: u16,
    /// Its state towards the chosen server.
    pub cell: PortCell,
    /// Which probe looks at it, from 1; `None` if the walk ends before.
    pub probe: Option<u32>,
}

/// The ports of a walk, lowest first.
pub(crate) fn places(walk: &WalkView, cells: &Ports) -> Vec<RangePort> {
    let probe = |port: u16| {
        walk.tape.iter().find_map(|item| match *item {
            TapeItem::Cell { i, port: at, seen, .. } if at == port => {
                (seen != Seen::Ahead).then_some(i)
            }
            _ => None,
        })
    };
    let place = |port| RangePort {
        port,
        cell: cells.cell(port).unwrap_or(PortCell::Free),
        probe: probe(port),
    };
    (walk.low..=walk.high).map(place).collect()
}

/// The machine that the picture begins with, and what the reader did to it.
fn script(controls: &Connects) -> Script {
    // A key that gives the two servers homes in different halves of the range.
    let secret = std::array::from_fn(|i| 16 + i as u32);
    let mut script = Script::on(Config { secret, ..small_host(32_768, 32_783) });
    let bound = script.socket();
    script.act(Act::Call(Call::Bind { s: bound, addr: Addr::ANY, port: 32_783 }));
    for turn in BEFORE {
        let s = script.connect(SERVERS[usize::from(turn.is_ascii_lowercase())]);
        let how = match turn.to_ascii_uppercase() {
            b'T' => Some(CloseHow::Active),
            b'P' => Some(CloseHow::Passive),
            _ => None,
        };
        if let Some(how) = how {
            script.act(Act::Call(Call::close(s, how)));
        }
        script.act(Act::Call(Call::Advance { ms: 2_000 }));
    }
    controls.make(&mut script, &SERVERS);
    script
}

/// What the picture shows.
pub fn scene(controls: &Connects) -> Scene {
    let server = controls.to(&SERVERS);
    let mut script = script(controls);
    let before = script.run().frame();
    script.connect(server);
    let mut machine = script.run();
    let Frame { walk, call, .. } = machine.frame();
    let walk = walk.expect("a connect without a port walks");
    let last = before.walk.filter(|_| !controls.made.is_empty());
    Scene {
        places: places(&walk, &cells_before(&mut machine)),
        home: walk.home,
        hint: walk.hint,
        start: walk.start,
        probes: walk.probes,
        wraps: walk.wrap.is_some_and(|highest| walk.probes > highest),
        port: port_of(call),
        hint_after: walk.hint_after.unwrap_or(walk.hint),
        last: last.map(|walk| (walk.probes, port_of(before.call))),
    }
}

/// The reader's machine, for the lab.
pub fn saved(controls: &Connects) -> Saved {
    script(controls).saved(controls.to(&SERVERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_a_walk_that_is_refused_four_times_and_goes_round_the_end() {
        let scene = scene(&Connects::default());
        let states: Vec<_> = (1..=5)
            .map(|i| scene.places.iter().find(|place| place.probe == Some(i)).unwrap().cell)
            .collect();
        assert!(matches!(
            states[..],
            [
                PortCell::Timewait(_),
                PortCell::Live,
                PortCell::Bind,
                PortCell::Timewait(_),
                PortCell::Free
            ]
        ));
        assert!(scene.wraps);
        assert_eq!((scene.home, scene.hint, scene.start), (32_771, 26, 32_781));
        assert_eq!((scene.port, scene.hint_after), (Some(32_769), 31));
    }

    #[test]
    fn every_connect_moves_the_start_of_all_servers_and_the_range_runs_out() {
        let mut controls = Connects::default();
        let other = |controls: &Connects| scene(&Connects { server: 1, ..controls.clone() });
        loop {
            let now = scene(&controls);
            let Some(port) = now.port else { break };
            assert_eq!(now.hint_after, now.hint + now.probes);
            assert_eq!(
                now.places.iter().filter(|place| place.probe.is_some()).count(),
                now.probes as usize
            );
            assert_eq!(
                now.places.iter().find(|place| place.port == port).and_then(|place| place.probe),
                Some(now.probes)
            );
            let elsewhere = other(&controls);
            controls.made.push(0);
            assert_eq!(scene(&controls).last, Some((now.probes, Some(port))));
            assert_eq!(other(&controls).hint, now.hint_after);
            assert_eq!(other(&controls).home, elsewhere.home);
        }
        assert!(scene(&controls).places.iter().all(|place| place.probe.is_some()));
        assert!(other(&controls).port.is_some(), "a range full for one server serves another");
    }
}
