//! A machine that talks to three servers: how many connections each destination has, beside the
//! size of the range.

use error99_kernel::{Addr, Call, Kernel, SocketName, SocketState, range_size};
use error99_replay::link::Saved;
use error99_replay::load::Load;

use crate::machine::{Script, Server, small_host};

/// Connections a second to the first server.
pub const RATES: [u32; 4] = [4, 8, 12, 16];
/// How long the load runs if nothing fails, in seconds.
pub const SECONDS: u32 = 240;
/// The servers, and how many connections are kept open to each.
const SERVERS: [(Server, u32); 3] =
    [(Server::FIRST, 0), (Server::OTHER_PORT, 240), (Server::OTHER_HOST, 96)];

/// What the reader has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    /// Index of [`RATES`].
    pub rate: usize,
}

impl Default for Controls {
    fn default() -> Controls {
        Controls { rate: 1 }
    }
}

/// The connections, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Ports of the range.
    pub ports: u32,
    /// How long the load ran, in seconds: until its first error 99, if one came.
    pub seconds: u64,
    /// The source address of all of them.
    pub source: Addr,
    /// One line for each destination, the most connections first.
    pub lines: Vec<Line>,
}

/// A destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub to: Server,
    /// Connections that are alive.
    pub live: u32,
    /// Connections in TIME_WAIT.
    pub timewait: u32,
    /// The port that the next connect would get; `None` if it would fail with error 99.
    pub next: Option<u16>,
}

impl Line {
    /// All connections to this destination.
    pub fn count(&self) -> u32 {
        self.live + self.timewait
    }
}

fn script(controls: Controls) -> Script {
    let mut script = Script::on(small_host(32_768, 33_767));
    for (server, kept) in SERVERS {
        if kept > 0 {
            script.load(Load::burst(server.addr, server.port, kept));
        }
    }
    let rate = RATES[controls.rate % RATES.len()];
    let Server { addr, port } = Server::FIRST;
    script.load(Load {
        per_second: rate,
        hold_ms: Some(100),
        stop_at_error: true,
        ..Load::burst(addr, port, rate * SECONDS)
    });
    script.loaded();
    script
}

/// What the picture shows.
pub fn scene(controls: Controls) -> Scene {
    let machine = script(controls).run();
    let kernel = machine.kernel();
    let line = |(to, _): (Server, u32)| {
        let is = |addr, port| to == Server { addr, port };
        let live = kernel
            .sockets()
            .filter(|socket| socket.state != SocketState::Close && is(socket.daddr, socket.dport));
        let waiting = kernel.timewaits().filter(|mini| is(mini.tuple.faddr, mini.tuple.fport));
        Line {
            to,
            live: live.count() as u32,
            timewait: waiting.count() as u32,
            next: next(kernel.clone(), to),
        }
    };
    let mut lines: Vec<Line> = SERVERS.map(line).to_vec();
    lines.sort_by_key(|line| std::cmp::Reverse(line.count()));
    let (low, high) = kernel.port_range();
    let source = kernel.route(Server::FIRST.addr).map_or(Addr::ANY, |route| route.source);
    let seconds = kernel.now_ms() / 1_000;
    Scene { ports: range_size(low, high), seconds, source, lines }
}

/// What the next connect would get, tried on a copy.
fn next(mut kernel: Kernel, to: Server) -> Option<u16> {
    // Above the names of the sockets that are open.
    let newest = kernel.sockets().filter_map(|socket| socket.name).max();
    let s = SocketName(newest.map_or(0, |SocketName(n)| n + 1));
    kernel.apply(&Call::Socket { s });
    kernel.apply(&Call::connect(s, to.addr, to.port));
    kernel.socket(s).map(|socket| socket.num).filter(|port| *port != 0)
}

/// The machine, for the lab.
pub fn saved(controls: Controls) -> Saved {
    script(controls).saved(Server::FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_replay::shell::ss_tan;

    #[test]
    fn the_lines_are_the_counts_of_ss() {
        for rate in 0..RATES.len() {
            let controls = Controls { rate };
            let (printed, left_out) = ss_tan(script(controls).run().kernel(), usize::MAX);
            assert_eq!(left_out, 0);
            for line in scene(controls).lines {
                let peer = format!("{} ", line.to);
                let rows: Vec<&str> = printed.lines().filter(|row| row.contains(&peer)).collect();
                let waiting = rows.iter().filter(|row| row.starts_with("TIME-WAIT")).count();
                assert_eq!((rows.len(), waiting), (line.count() as usize, line.timewait as usize));
            }
        }
    }

    #[test]
    fn the_rate_fills_one_line_alone_and_the_others_still_connect() {
        let mut before = 0;
        for rate in 0..RATES.len() {
            let scene = scene(Controls { rate });
            let of = |server| *scene.lines.iter().find(|line| line.to == server).unwrap();
            let first = of(Server::FIRST);
            assert!(first.count() > before);
            before = first.count();
            let full = rate == RATES.len() - 1;
            assert_eq!(first.next.is_none(), full, "{first:?}");
            assert_eq!(first.count() == scene.ports, full, "{first:?}");
            assert!(full || first.live == 0, "all of them are in TIME_WAIT");
            for server in [Server::OTHER_PORT, Server::OTHER_HOST] {
                assert!(of(server).next.is_some() && of(server).timewait == 0);
            }
        }
    }
}
