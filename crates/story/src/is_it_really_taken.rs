//! Four ports, all of them with a live connection to one server: who may have them as well?

use error99_kernel::OwnerView;
use error99_replay::frame::Frame;
use error99_replay::link::Saved;

use crate::machine::{Connects, Script, Server, cells_before, port_of, small_host};
use crate::where_the_walk_starts::{RangePort, places};

/// What can be connected to.
pub const SERVERS: [Server; 3] = [Server::FIRST, Server::OTHER_HOST, Server::OTHER_PORT];

/// The ports, and what the last connect made of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Each port with the servers that its connections go to, oldest first. Its state towards the
    /// chosen server is that before the connect; without one there are no probes.
    pub ports: Vec<(RangePort, Vec<Server>)>,
    /// What the last connect got, if it went to the chosen server.
    pub asked: Option<ConnectEnd>,
}

/// How a connect ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectEnd {
    /// Ports that were looked at.
    pub probes: u32,
    /// The port that is shared from now on; `None` if the connect failed with error 99.
    pub port: Option<u16>,
}

/// The machine that the picture begins with, up to before the reader's last connect, and that.
fn script(controls: &Connects) -> (Script, Server) {
    let mut script = Script::on(small_host(32_768, 32_771));
    for _ in 0..4 {
        script.connect(Server::FIRST);
    }
    let mut made = controls.made.clone();
    // The picture begins with a connect that has just failed.
    let last = made.pop().unwrap_or(0);
    Connects { server: 0, made }.make(&mut script, &SERVERS);
    (script, SERVERS[last % SERVERS.len()])
}

/// What the picture shows.
pub fn scene(controls: &Connects) -> Scene {
    let server = controls.to(&SERVERS);
    let (mut script, last) = script(controls);
    script.connect(last);
    let machine = script.run();
    // What the chosen server's connect would meet: the last one's if it went there.
    let asked = last == server;
    if !asked {
        script.connect(server);
    }
    let mut chosen = script.run();
    let Frame { walk, call, .. } = chosen.frame();
    let walk = walk.expect("a connect without a port walks");
    let mut ports = Vec::new();
    for mut place in places(&walk, &cells_before(&mut chosen)) {
        place.probe = place.probe.filter(|_| asked);
        let peer = |owner: OwnerView| match owner {
            OwnerView::Live(socket) => Server { addr: socket.daddr, port: socket.dport },
            OwnerView::Timewait(mini) => Server { addr: mini.tuple.faddr, port: mini.tuple.fport },
        };
        let mut owners: Vec<_> = machine.kernel().owners(place.port).map(peer).collect();
        owners.reverse();
        ports.push((place, owners));
    }
    let outcome = ConnectEnd { probes: walk.probes, port: port_of(call) };
    Scene { ports, asked: asked.then_some(outcome) }
}

/// The reader's machine, for the lab.
pub fn saved(controls: &Connects) -> Saved {
    let (mut script, last) = script(controls);
    script.connect(last);
    script.saved(controls.to(&SERVERS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_replay::frame::PortCell;

    #[test]
    fn it_begins_with_error_99_at_the_server_that_has_all_four_ports() {
        let scene = scene(&Connects::default());
        assert_eq!(scene.asked, Some(ConnectEnd { probes: 4, port: None }));
        for (place, owners) in scene.ports {
            assert_eq!((place.cell, owners), (PortCell::Live, vec![Server::FIRST]));
            assert!(place.probe.is_some());
        }
    }

    #[test]
    fn another_server_and_another_port_of_the_server_share_at_the_first_probe() {
        for server in [1, 2] {
            let mut controls = Connects { server, ..Connects::default() };
            let chosen = scene(&controls);
            assert_eq!(chosen.asked, None, "nothing is asked before connect() is pressed");
            assert!(chosen.ports.iter().all(|(place, _)| place.cell == PortCell::Shared));
            for made in 0..4 {
                controls.made.push(server);
                let ConnectEnd { probes, port } = scene(&controls).asked.unwrap();
                assert_eq!(probes, 1, "{made}");
                let ports = scene(&controls).ports;
                let owners = &ports.iter().find(|(place, _)| Some(place.port) == port).unwrap().1;
                assert_eq!(owners[..], [Server::FIRST, SERVERS[server]]);
            }
            controls.made.push(server);
            assert_eq!(scene(&controls).asked, Some(ConnectEnd { probes: 4, port: None }));
        }
    }
}
