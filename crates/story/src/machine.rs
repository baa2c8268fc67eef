//! What the pictures have in common: their host, their servers, and how a history is run.

use error99_kernel::{Addr, Call, CloseHow, Config, SocketName, Sysctl, SysctlValue};
use error99_replay::frame::CallView;
use error99_replay::history::{ALL_CALLS, Position};
use error99_replay::link::Saved;
use error99_replay::load::Load;
use error99_replay::ports::Ports;
use error99_replay::scenario::Client;
use error99_replay::{Act, History, Machine};

/// A place to connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its address.
    pub addr: Addr,
    /// Its port.
    pub port: u16,
}

impl Server {
    /// 10.0.0.2:80, the server of the story.
    pub const FIRST: Server = Server { addr: Addr::new(10, 0, 0, 2), port: 80 };
    /// Another port of the same host: 10.0.0.2:443.
    pub const OTHER_PORT: Server = Server { addr: Addr::new(10, 0, 0, 2), port: 443 };
    /// The same port of another host: 10.0.0.3:80.
    pub const OTHER_HOST: Server = Server { addr: Addr::new(10, 0, 0, 3), port: 80 };
}

impl std::fmt::Display for Server {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(out, "{}:{}", self.addr, self.port)
    }
}

/// A host with small tables and this port range.
pub fn small_host(low: u16, high: u16) -> Config {
    let range = SysctlValue::Two(low.into(), high.into());
    Config {
        ehash_size: 16,
        bhash_size: 16,
        sysctl: vec![(Sysctl::PortRange, range)],
        ..Config::default()
    }
}

/// Most connections that a reader may make in one picture; each range is full long before.
pub const CONNECTS_MAX: usize = 40;

/// Controls of the pictures in which the reader connects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connects {
    /// Where the next connect goes: an index of the picture's servers.
    pub server: usize,
    /// Where the connects went that were made so far.
    pub made: Vec<usize>,
}

impl Connects {
    /// The server of the next connect.
    pub fn to(&self, servers: &[Server]) -> Server {
        servers[self.server % servers.len()]
    }

    /// Makes the connects in `script`, after what the picture begins with.
    pub fn make(&self, script: &mut Script, servers: &[Server]) {
        script.loaded();
        for &server in self.made.iter().take(CONNECTS_MAX) {
            script.connect(servers[server % servers.len()]);
        }
    }
}

/// The calls of a picture, one after another.
#[derive(Clone, Debug)]
pub struct Script {
    history: History,
}

impl Script {
    /// A machine that has just booted.
    pub fn on(config: Config) -> Script {
        Script { history: History::new(config) }
    }

    /// A machine to which something was done already.
    pub fn of(history: History) -> Script {
        Script { history }
    }

    /// Adds an act; its sockets get names of their own.
    pub fn act(&mut self, act: Act) {
        let tip = self.history.tip;
        // A picture's acts are few and within their limits.
        let _ = self.history.push(tip, ALL_CALLS, act);
    }

    /// Opens a socket, and returns its name.
    pub fn socket(&mut self) -> SocketName {
        let s = SocketName(self.history.next_socket());
        self.act(Act::Call(Call::Socket { s }));
        s
    }

    /// Opens a socket and connects it.
    pub fn connect(&mut self, to: Server) -> SocketName {
        let s = self.socket();
        self.act(Act::Call(Call::connect(s, to.addr, to.port)));
        s
    }

    /// Adds a load; its sockets get names of their own.
    pub fn load(&mut self, load: Load) {
        let first = self.history.next_socket();
        self.act(Act::Load(load).named_from(first));
    }

    /// Connects, and closes at once and first: a TIME_WAIT is left.
    pub fn timewait(&mut self, to: Server) {
        let s = self.connect(to);
        self.act(Act::Call(Call::close(s, CloseHow::Active)));
    }

    /// All that was done so far is what the picture begins with, not the reader's doing.
    pub fn loaded(&mut self) {
        self.history.loaded = self.history.acts.len() as u32;
    }

    /// The machine after its last call.
    pub fn run(&self) -> Machine {
        run(&self.history)
    }

    /// The same machine for the lab, at the same moment.
    pub fn saved(self, client: Server) -> Saved {
        let at = Position { done: u32::MAX, step: None };
        let history = History { at, ..self.history };
        Saved { history, client: Client { dst: client.addr, dport: client.port } }
    }
}

/// The ports before the connect under the glass, towards its destination.
pub fn cells_before(machine: &mut Machine) -> Ports {
    machine.to_call_start();
    machine.ports()
}

/// The port that a call got; `None` if it got none.
pub fn port_of(call: Option<CallView>) -> Option<u16> {
    call.map(|call| call.port).filter(|port| *port != 0)
}

/// Runs a history of a picture to its end.
///
/// # Panics
/// If its configuration can't be booted; each picture's is fixed, and a test boots it.
pub fn run(history: &History) -> Machine {
    let mut machine =
        Machine::open(history.clone()).expect("a test boots the machine of each picture");
    machine.work_all();
    machine.go(Position { done: machine.total(), step: None });
    machine
}
