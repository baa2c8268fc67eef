//! The four numbers of each connection: three are given, one is found.

use error99_kernel::{SocketState, Tuple};
use error99_replay::link::Saved;
use error99_replay::table::order;

use crate::machine::{Connects, Script, Server, port_of, small_host};

/// What can be connected to.
pub const SERVERS: [Server; 3] = [Server::FIRST, Server::OTHER_PORT, Server::OTHER_HOST];

/// The connections of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Lowest and highest port of the range.
    pub range: (u16, u16),
    /// Newest first.
    pub connections: Vec<Tuple>,
    /// Where the last connect went.
    pub to: Server,
    /// The port that it found; `None` if it failed with error 99.
    pub port: Option<u16>,
    /// Whether another connection has this port, too.
    pub shared: bool,
}

/// The machine that the picture begins with, and what the reader did to it.
fn script(controls: &Connects) -> Script {
    let mut script = Script::on(small_host(32_768, 32_771));
    script.connect(Server::FIRST);
    script.connect(Server::FIRST);
    controls.make(&mut script, &SERVERS);
    script
}

/// What the picture shows.
pub fn scene(controls: &Connects) -> Scene {
    let machine = script(controls).run();
    let kernel = machine.kernel();
    let sockets: Vec<_> =
        kernel.sockets().filter(|socket| socket.state == SocketState::Established).collect();
    let names: Vec<u64> =
        sockets.iter().map(|socket| socket.name.map_or(0, |name| name.0.into())).collect();
    let newest_first = order(&names).into_iter().rev();
    let connections: Vec<Tuple> = newest_first.map(|at| sockets[at].tuple()).collect();
    let port = port_of(machine.frame().call);
    let on_port = connections.iter().filter(|tuple| Some(tuple.lport) == port).count();
    let last = controls.made.last().map_or(0, |server| server % SERVERS.len());
    Scene { range: kernel.port_range(), connections, to: SERVERS[last], port, shared: on_port > 1 }
}

/// The reader's machine, for the lab.
pub fn saved(controls: &Connects) -> Saved {
    script(controls).saved(controls.to(&SERVERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_one_server_each_connection_has_a_port_of_its_own_and_another_server_begins_anew() {
        let mut controls = Connects::default();
        for made in 2..4 {
            let scene = scene(&controls);
            assert_eq!(scene.connections.len(), made);
            assert_eq!(scene.connections[0].lport, scene.port.unwrap());
            assert!(!scene.shared);
            controls.made.push(0);
        }
        assert!(scene(&controls).port.is_some());
        controls.made.push(0);
        let full = scene(&controls);
        assert_eq!((full.port, full.connections.len()), (None, 4), "four ports, four connections");
        for server in [1, 2] {
            controls.made.push(server);
            let scene = scene(&controls);
            assert!(scene.shared && scene.port.is_some(), "{server}");
        }
        let tuples = scene(&controls).connections;
        assert!((1..tuples.len()).all(|n| !tuples[..n].contains(&tuples[n])));
    }
}
