//! What a reader does by hand, as pure code: a [`Deed`] and the moment shown become acts; a
//! [`Look`] becomes another moment. The page, its tests and whoever judges a reader's work all
//! ask here, so that a button means one thing.

use error99_kernel::{Addr, Call, CloseHow, Release, SocketName, SocketState, Sysctl, SysctlValue};

use crate::act::Act;
use crate::fix::Change;
use crate::history::{History, HistoryError};
use crate::load::{CONNECTIONS_MAX, Load, LoadClose};
use crate::machine::Machine;
use crate::scenario::Client;

/// Most connects of "until it fails": more than any range has ports.
pub const UNTIL_ERROR_MAX: u32 = 70_000;

/// Something that a reader does to the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Open a socket and connect it, so many times.
    Connect(u32),
    /// Connect until it fails.
    UntilError,
    /// Close the newest socket that was opened by hand.
    CloseNewest(CloseHow),
    /// Close all sockets that were opened by hand.
    CloseAll(CloseHow),
    /// Let time pass, in milliseconds.
    Advance(u64),
    /// Write a sysctl.
    Sysctl(Sysctl, SysctlValue),
    /// Write a sysctl that holds a text.
    SysctlText(Sysctl, Box<str>),
    /// Boot again with another size of the bind hash and do everything again.
    BhashSize(u32),
    /// Boot again with another size of the established hash and do everything again.
    EhashSize(u32),
    /// Boot again with another source address and do everything again.
    Source(Addr),
    /// Boot another release on the same host and do everything again.
    Release(Release),
    /// Boot again with another tick, in Hz, and do everything again.
    Hz(u32),
    /// Draw a new secret for the port-offset hash.
    Rekey,
    /// Open a socket and do nothing with it.
    Open,
    /// Bind a socket.
    Bind(SocketName, Addr, u16),
    /// Let a socket listen.
    Listen(SocketName),
    /// Let a client come in on a listening socket.
    Accept(SocketName),
    /// Connect a socket that is open already.
    ConnectSocket(SocketName),
    /// Set `SO_REUSEADDR`.
    Reuse(SocketName, bool),
    /// Set `SO_REUSEPORT`.
    ReusePort(SocketName, bool),
    /// Set `IP_BIND_ADDRESS_NO_PORT`.
    NoPort(SocketName, bool),
    /// Set `IP_LOCAL_PORT_RANGE`: lowest and highest port, 0 for none.
    Window(SocketName, u16, u16),
    /// Close this socket.
    CloseSocket(SocketName, CloseHow),
    /// Run a load of connections to the client's destination.
    Load {
        /// Connections begun per second.
        per_second: u32,
        /// How long each is held, in milliseconds.
        hold_ms: u32,
        /// How long the load goes on, in seconds.
        seconds: u32,
        /// Who closes.
        close: LoadClose,
    },
    /// Make a change and the failed call again.
    Try(Change),
}

/// What a deed comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Deeds {
    /// These acts, after the moment shown; none if there is nothing that it could be done to.
    Acts(Vec<Act>),
    /// The machine boots again, in this way.
    Boot(Box<History>),
}

/// Somewhere that a reader looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// One step on.
    Forward,
    /// One step back.
    Back,
    /// To the start of the call under the glass.
    CallStart,
    /// To its end.
    CallEnd,
    /// To a probe of the walk under the glass.
    Probe(u32),
    /// To where the walk under the glass visits a port.
    Port(u16),
    /// To the return of a call of the branch.
    Call(u32),
    /// To the marked call before (`false`) or after.
    Mark(bool),
    /// To the return of the connect that failed before (`false`) or after.
    Error(bool),
    /// On by so many probes.
    Skip(u32),
    /// Back by so many probes.
    SkipBack(u32),
}

/// How many connections a load of so many a second makes in so many seconds: one at least, and no
/// more than the model runs in one load.
pub fn connections(per_second: u32, seconds: u32) -> u32 {
    per_second.saturating_mul(seconds).clamp(1, CONNECTIONS_MAX)
}

impl Machine {
    /// What `deed` comes to at the moment shown, for a client that connects to `client`.
    pub fn deeds(&self, deed: Deed, client: Client) -> Deeds {
        let Client { dst, dport } = client;
        let calls = match deed {
            Deed::Connect(1) => {
                let s = SocketName(self.free_names(1));
                vec![Call::Socket { s }, Call::connect(s, dst, dport)]
            }
            Deed::Connect(count) => return self.load_of(Load::burst(dst, dport, count)),
            Deed::UntilError => {
                let burst = Load::burst(dst, dport, UNTIL_ERROR_MAX);
                return self.load_of(Load { stop_at_error: true, ..burst });
            }
            Deed::CloseNewest(how) => {
                self.newest_by_hand().map(|s| self.close(s, how)).into_iter().collect()
            }
            Deed::CloseAll(how) => {
                self.all_by_hand().into_iter().map(|s| self.close(s, how)).collect()
            }
            Deed::Advance(ms) => vec![Call::Advance { ms }],
            Deed::Sysctl(sysctl, value) => vec![Call::Sysctl { sysctl, value }],
            Deed::SysctlText(sysctl, text) => vec![Call::SysctlText { sysctl, text }],
            Deed::BhashSize(size) => return self.boot(|history| history.config.bhash_size = size),
            Deed::EhashSize(size) => return self.boot(|history| history.config.ehash_size = size),
            Deed::Source(addr) => {
                return self.boot(|history| {
                    if !history.config.local.contains(&addr) {
                        history.config.local.push(addr);
                    }
                    history.config.default_src = addr;
                });
            }
            Deed::Release(release) => {
                return self.boot(|history| history.config = history.config.on(release));
            }
            Deed::Hz(hz) => {
                return self.boot(|history| history.config = history.config.ticking(hz));
            }
            Deed::Rekey => vec![self.rekey()],
            Deed::Open => vec![Call::Socket { s: SocketName(self.free_names(1)) }],
            Deed::Bind(s, addr, port) => vec![Call::Bind { s, addr, port }],
            Deed::Listen(s) => vec![Call::Listen { s }],
            Deed::Accept(l) => return Deeds::Acts(self.accept(l).into_iter().collect()),
            Deed::ConnectSocket(s) => vec![Call::connect(s, dst, dport)],
            Deed::Reuse(s, on) => vec![Call::Reuse { s, on }],
            Deed::ReusePort(s, on) => vec![Call::ReusePort { s, on }],
            Deed::NoPort(s, on) => vec![Call::NoPort { s, on }],
            Deed::Window(s, low, high) => vec![Call::Window { s, low, high }],
            Deed::CloseSocket(s, how) => vec![self.close(s, how)],
            Deed::Load { per_second, hold_ms, seconds, close } => {
                let burst = Load::burst(dst, dport, connections(per_second, seconds));
                return self.load_of(Load { per_second, hold_ms: Some(hold_ms), close, ..burst });
            }
            Deed::Try(change) => return Deeds::Acts(self.acts_of(change)),
        };
        Deeds::Acts(calls.into_iter().map(Act::Call).collect())
    }

    /// Does `deed` after the moment shown. Nothing has run yet, as after [`Machine::act`].
    ///
    /// # Errors
    /// An act outside its limits, or a history that is full; then nothing was done. A machine
    /// that would have to boot again isn't touched: its new history comes back.
    pub fn do_deed(
        &mut self,
        deed: Deed,
        client: Client,
    ) -> Result<Option<Box<History>>, HistoryError> {
        match self.deeds(deed, client) {
            Deeds::Acts(acts) if acts.is_empty() => Ok(None),
            Deeds::Acts(acts) => self.act(acts).map(|()| None),
            Deeds::Boot(history) => Ok(Some(history)),
        }
    }

    /// Looks somewhere else on the branch shown.
    pub fn look(&mut self, look: Look) {
        match look {
            Look::Forward => self.step_forward(),
            Look::Back => self.step_back(),
            Look::CallStart => self.to_call_start(),
            Look::CallEnd => self.to_call_end(),
            Look::Probe(i) => self.to_probe(i),
            Look::Port(port) => drop(self.to_port(port)),
            Look::Call(call) => self.to_call(call),
            Look::Mark(forward) => self.to_mark(forward),
            Look::Error(forward) => self.to_error(forward),
            Look::Skip(probes) => self.skip_probes(probes),
            Look::SkipBack(probes) => self.skip_probes_back(probes),
        }
    }

    fn load_of(&self, load: Load) -> Deeds {
        let connections = load.connections.min(CONNECTIONS_MAX);
        let first_socket = self.free_names(connections);
        Deeds::Acts(vec![Act::Load(Load { connections, first_socket, ..load })])
    }

    fn boot(&self, change: impl FnOnce(&mut History)) -> Deeds {
        let mut history = self.history().clone();
        change(&mut history);
        Deeds::Boot(Box::new(history))
    }

    /// A socket that isn't connected is closed plainly, whoever should close.
    fn close(&self, s: SocketName, how: CloseHow) -> Call {
        let state = self.kernel().socket(s).map(|socket| socket.state);
        Call::close(s, if state == Some(SocketState::Established) { how } else { CloseHow::Plain })
    }

    /// A call that gives the port-offset hash a new key: the next one of a fixed row, so that a
    /// history is the same whenever it is made again.
    pub fn rekey(&self) -> Call {
        let number = self.history.acts.len() as u32 + 1;
        let word = |i: usize| {
            number.wrapping_mul(12).wrapping_add(i as u32).wrapping_mul(0x9e37_79b1) ^ 0x5bd1_e995
        };
        Call::Rekey { secret: Box::new(std::array::from_fn(word)) }
    }

    /// A client from elsewhere comes in on the listening socket `l`; `None` if it doesn't listen.
    pub fn accept(&self, l: SocketName) -> Option<Act> {
        let listener = self.kernel().socket(l).filter(|socket| socket.num != 0)?;
        let s = SocketName(self.free_names(1));
        let laddr = match listener.saddr {
            Addr::ANY => self.history.config.default_src,
            bound => bound,
        };
        let peer_port = 20_000 + (self.history.acts.len() % 40_000) as u16;
        let peer = Addr::new(10, 0, 0, 99);
        Some(Act::Call(Call::Accept { l, s, peer, peer_port, laddr, peer_ts: true }))
    }
}
