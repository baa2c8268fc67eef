//! One call on its way down: what is wrong decides where it stops, and with which error.

use error99_kernel::{Addr, Call, Config, Errno};
use error99_replay::Act;
use error99_replay::link::Saved;
use error99_replay::listing::Spot;

use crate::machine::{Script, Server, small_host};

/// What is wrong with the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Nothing,
    Connected,
    Short,
    Family,
    NoRoute,
    Multicast,
    RangeFull,
}

impl Flaw {
    /// All of them, in the order in which the kernel asks.
    pub const ALL: [Flaw; 7] = [
        Flaw::Nothing,
        Flaw::Connected,
        Flaw::Short,
        Flaw::Family,
        Flaw::NoRoute,
        Flaw::Multicast,
        Flaw::RangeFull,
    ];
}

/// What the reader has chosen: an index of [`Flaw::ALL`]. It begins with a full range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    pub wrong: usize,
}

impl Default for Controls {
    fn default() -> Controls {
        Controls { wrong: Flaw::ALL.len() - 1 }
    }
}

/// The questions on the way, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// `inet_stream_connect`: is the socket free?
    Socket,
    /// `tcp_v4_connect`: is it an IPv4 address?
    Address,
    /// `tcp_v4_connect`: is there a route, to one host?
    Route,
    /// `inet_hash_connect`: is there a port?
    Port,
    /// `tcp_connect`: the SYN.
    Syn,
}

impl Stage {
    /// All of them.
    pub const ALL: [Stage; 5] =
        [Stage::Socket, Stage::Address, Stage::Route, Stage::Port, Stage::Syn];
}

/// How the call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// What the program passes: address, port, family, length.
    pub to: Server,
    pub family: u16,
    pub addr_len: u32,
    /// The last step that is reached.
    pub last: Stage,
    /// The error; `None` if the SYN goes out.
    pub errno: Option<Errno>,
    /// The local port that was found.
    pub port: u16,
    /// Ports that were looked at.
    pub probes: u32,
}

/// The arguments of the call.
fn arguments(wrong: Flaw) -> (Server, u16, u32) {
    let first = Server::FIRST;
    match wrong {
        Flaw::NoRoute => (Server { addr: UNREACHABLE, ..first }, 2, 16),
        Flaw::Multicast => (Server { addr: Addr::new(224, 0, 0, 1), ..first }, 2, 16),
        Flaw::Short => (first, 2, 8),
        Flaw::Family => (first, 10, 28),
        Flaw::Nothing | Flaw::Connected | Flaw::RangeFull => (first, 2, 16),
    }
}

/// A destination without a route.
const UNREACHABLE: Addr = Addr::new(192, 0, 2, 1);

fn wrong(controls: Controls) -> Flaw {
    Flaw::ALL[controls.wrong % Flaw::ALL.len()]
}

fn script(controls: Controls) -> Script {
    let wrong = wrong(controls);
    let mut script =
        Script::on(Config { unreachable: vec![UNREACHABLE], ..small_host(32_768, 32_771) });
    if wrong == Flaw::RangeFull {
        for _ in 0..4 {
            script.connect(Server::FIRST);
        }
    }
    script.loaded();
    let s = match wrong {
        Flaw::Connected => script.connect(Server::FIRST),
        _ => script.socket(),
    };
    let (Server { addr: dst, port: dport }, family, addr_len) = arguments(wrong);
    let call = Call::Connect { s, dst, dport, establish: true, peer_ts: true, family, addr_len };
    script.act(Act::Call(call));
    script
}

/// What the picture shows.
pub fn scene(controls: Controls) -> Scene {
    let frame = script(controls).run().frame();
    let (to, family, addr_len) = arguments(wrong(controls));
    let call = frame.call;
    let errno = call.as_ref().and_then(|call| call.ret?.errno());
    let last = match (errno, frame.code.lit) {
        (None, _) => Stage::Syn,
        (_, Some(Spot::Busy)) => Stage::Socket,
        (_, Some(Spot::Short | Spot::Family)) => Stage::Address,
        (_, Some(Spot::Route | Spot::Cast)) => Stage::Route,
        _ => Stage::Port,
    };
    Scene {
        to,
        family,
        addr_len,
        last,
        errno,
        port: call.map_or(0, |call| call.port),
        probes: frame.walk.map_or(0, |walk| walk.probes),
    }
}

/// The machine, for the lab.
pub fn saved(controls: Controls) -> Saved {
    script(controls).saved(Server::FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_has_its_step_and_its_error() {
        let ends: Vec<_> = (0..Flaw::ALL.len())
            .map(|wrong| scene(Controls { wrong }))
            .map(|scene| (scene.last, scene.errno))
            .collect();
        assert_eq!(
            ends,
            [
                (Stage::Syn, None),
                (Stage::Socket, Some(Errno::EISCONN)),
                (Stage::Address, Some(Errno::EINVAL)),
                (Stage::Address, Some(Errno::EAFNOSUPPORT)),
                (Stage::Route, Some(Errno::ENETUNREACH)),
                (Stage::Route, Some(Errno::ENETUNREACH)),
                (Stage::Port, Some(Errno::EADDRNOTAVAIL)),
            ]
        );
    }

    #[test]
    fn ports_are_looked_at_by_those_alone_that_come_down_to_the_choice() {
        for wrong in 0..Flaw::ALL.len() {
            let scene = scene(Controls { wrong });
            assert_eq!(scene.probes > 0, scene.last >= Stage::Port, "{:?}", Flaw::ALL[wrong]);
        }
    }
}
