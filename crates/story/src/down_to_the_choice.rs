//! One call on its way down: what is wrong decides where it stops, and with which error.

use error99_kernel::{Addr, Call, Config, Errno};
use error99_replay::Act;
use error99_replay::link::Saved;
use error99_replay::listing::Spot;

use crate::machine::{Script, Server, small_host};

/// What is wrong with the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    Connected,
    Short,
    Family,
    NoRoute,
    Multicast,
    RangeFull,
}

impl Wrong {
    /// All of them, in the order in which the kernel asks.
    pub const ALL: [Wrong; 7] = [
        Wrong::Nothing,
        Wrong::Connected,
        Wrong::Short,
        Wrong::Family,
        Wrong::NoRoute,
        Wrong::Multicast,
        Wrong::RangeFull,
    ];
}

/// What the reader has chosen: an index of [`Wrong::ALL`]. It begins with a full range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    pub wrong: usize,
}

impl Default for Controls {
    fn default() -> Controls {
        Controls { wrong: Wrong::ALL.len() - 1 }
    }
}

/// The questions on the way, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
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

impl Step {
    /// All of them.
    pub const ALL: [Step; 5] = [Step::Socket, Step::Address, Step::Route, Step::Port, Step::Syn];
}

/// How the call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// What the program passes: address, port, family, length.
    pub to: Server,
    pub family: u16,
    pub addr_len: u32,
    /// The last step that is reached.
    pub last: Step,
    /// The error; `None` if the SYN goes out.
    pub errno: Option<Errno>,
    /// The local port that was found.
    pub port: u16,
    /// Ports that were looked at.
    pub probes: u32,
}

/// The arguments of the call.
fn arguments(wrong: Wrong) -> (Server, u16, u32) {
    let first = Server::FIRST;
    match wrong {
        Wrong::NoRoute => (Server { addr: UNREACHABLE, ..first }, 2, 16),
        Wrong::Multicast => (Server { addr: Addr::new(224, 0, 0, 1), ..first }, 2, 16),
        Wrong::Short => (first, 2, 8),
        Wrong::Family => (first, 10, 28),
        Wrong::Nothing | Wrong::Connected | Wrong::RangeFull => (first, 2, 16),
    }
}

/// A destination without a route.
const UNREACHABLE: Addr = Addr::new(192, 0, 2, 1);

fn wrong(controls: Controls) -> Wrong {
    Wrong::ALL[controls.wrong % Wrong::ALL.len()]
}

fn script(controls: Controls) -> Script {
    let wrong = wrong(controls);
    let mut script =
        Script::on(Config { unreachable: vec![UNREACHABLE], ..small_host(32_768, 32_771) });
    if wrong == Wrong::RangeFull {
        for _ in 0..4 {
            script.connect(Server::FIRST);
        }
    }
    script.loaded();
    let s = match wrong {
        Wrong::Connected => script.connect(Server::FIRST),
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
        (None, _) => Step::Syn,
        (_, Some(Spot::Busy)) => Step::Socket,
        (_, Some(Spot::Short | Spot::Family)) => Step::Address,
        (_, Some(Spot::Route | Spot::Cast)) => Step::Route,
        _ => Step::Port,
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
        let ends: Vec<_> = (0..Wrong::ALL.len())
            .map(|wrong| scene(Controls { wrong }))
            .map(|scene| (scene.last, scene.errno))
            .collect();
        assert_eq!(
            ends,
            [
                (Step::Syn, None),
                (Step::Socket, Some(Errno::EISCONN)),
                (Step::Address, Some(Errno::EINVAL)),
                (Step::Address, Some(Errno::EAFNOSUPPORT)),
                (Step::Route, Some(Errno::ENETUNREACH)),
                (Step::Route, Some(Errno::ENETUNREACH)),
                (Step::Port, Some(Errno::EADDRNOTAVAIL)),
            ]
        );
    }

    #[test]
    fn ports_are_looked_at_by_those_alone_that_come_down_to_the_choice() {
        for wrong in 0..Wrong::ALL.len() {
            let scene = scene(Controls { wrong });
            assert_eq!(scene.probes > 0, scene.last >= Step::Port, "{:?}", Wrong::ALL[wrong]);
        }
    }
}
