//! What is done to a machine: the kernel's own calls, and bundles of them that are stored by
//! their parameters.

use crate::load::{Load, LoadError, LoadRun};
use error99_kernel::{Addr, Call, Kernel, SocketName};

/// One entry of a history.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Many connections of one client.
    Load(Load),
    /// Many sockets, each bound to a port of its own.
    Bind(BindAct),
    /// A single call.
    Call(Call),
}

/// Sockets without `SO_REUSEADDR`, opened and bound one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindAct {
    /// Local address to bind to; 0.0.0.0 for any.
    pub addr: Addr,
    /// Ports, as inclusive runs `[first, last]`.
    pub ports: Vec<[u16; 2]>,
    /// Name of the first socket; the others follow.
    pub first_socket: u32,
}

impl BindAct {
    /// How many sockets are bound.
    pub fn sockets(&self) -> u32 {
        self.ports
            .iter()
            .map(|[first, last]| u32::from(last.saturating_sub(*first)) + u32::from(last >= first))
            .fold(0, u32::saturating_add)
    }

    /// Whether it opens `s`.
    pub(crate) fn names(&self, s: SocketName) -> bool {
        self.bind_of(s).is_some()
    }

    /// The call that binds `s`, if it opens that.
    pub(crate) fn bind_of(&self, s: SocketName) -> Option<Call> {
        let port = self.port(s.0.checked_sub(self.first_socket)?)?;
        Some(Call::Bind { s, addr: self.addr, port })
    }

    /// The calls that open and bind them.
    pub(crate) fn calls(&self) -> impl Iterator<Item = Call> + '_ {
        (0..self.sockets() * 2).map_while(|turn| self.call(turn))
    }

    /// Call number `turn`, from 0: each socket is opened, then bound.
    fn call(&self, turn: u32) -> Option<Call> {
        let s = SocketName(self.first_socket + turn / 2);
        let bind = self.bind_of(s)?;
        Some(if turn.is_multiple_of(2) { Call::Socket { s } } else { bind })
    }

    /// Port of the n-th socket, from 0.
    fn port(&self, mut n: u32) -> Option<u16> {
        for &[first, last] in &self.ports {
            let len = u32::from(last.saturating_sub(first)) + u32::from(last >= first);
            if n < len {
                return Some(first + n as u16);
            }
            n -= len;
        }
        None
    }
}

/// Why an act can't be part of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActError {
    /// A load's parameters are out of range.
    Load(LoadError),
    /// More than 65,536 sockets are to be bound, or none, or their names don't fit into 32 bits.
    BindEach,
}

impl Act {
    /// Checks the act's limits.
    ///
    /// # Errors
    /// Names what is out of range.
    pub fn check(&self) -> Result<(), ActError> {
        match self {
            Act::Call(_) => Ok(()),
            Act::Load(load) => load.check().map_err(ActError::Load),
            Act::Bind(act) => {
                let sockets = act.sockets();
                let named = act.first_socket.checked_add(sockets).is_some();
                let fine = (1..=65_536).contains(&sockets) && named;
                if fine { Ok(()) } else { Err(ActError::BindEach) }
            }
        }
    }

    /// The same act with its sockets named from `first` on; a single call keeps its name.
    pub fn named_from(self, first: u32) -> Act {
        match self {
            Act::Load(load) => Act::Load(Load { first_socket: first, ..load }),
            Act::Bind(act) => Act::Bind(BindAct { first_socket: first, ..act }),
            Act::Call(call) => Act::Call(call),
        }
    }

    /// How many calls the act makes at most.
    pub fn calls_at_most(&self) -> u64 {
        match self {
            Act::Call(_) => 1,
            Act::Bind(act) => 2 * u64::from(act.sockets()),
            Act::Load(load) => load.calls_at_most(),
        }
    }

    /// How many of them are connects.
    pub fn connects_at_most(&self) -> u64 {
        match self {
            Act::Call(call) => matches!(call, Call::Connect { .. }).into(),
            Act::Bind(_) => 0,
            Act::Load(load) => load.connections.into(),
        }
    }

    /// A name above every socket that this act names.
    pub fn next_socket(&self) -> u32 {
        match self {
            Act::Call(call) => call.socket_name().map_or(0, |SocketName(n)| n.saturating_add(1)),
            Act::Load(load) => load.first_socket.saturating_add(load.connections),
            Act::Bind(act) => act.first_socket.saturating_add(act.sockets()),
        }
    }
}

/// How far an act has run; cheap to clone, for checkpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActRun {
    /// Calls made so far; a load counts its own.
    made: u32,
    load: LoadRun,
}

impl ActRun {
    /// The next call of `act`, or `None` when it is over. Each call must have been applied to
    /// `kernel` before the next one is asked for, and `act` must stay the same.
    pub fn next_call(&mut self, act: &Act, kernel: &Kernel) -> Option<Call> {
        match act {
            Act::Load(load) => self.load.next_call(load, kernel),
            Act::Call(call) => (self.turn() == 0).then(|| call.clone()),
            Act::Bind(act) => self.next_bind(act, kernel),
        }
    }

    /// A socket that is somebody else's, or that the model has no room for, ends the act, as it
    /// ends a load.
    fn next_bind(&mut self, act: &BindAct, kernel: &Kernel) -> Option<Call> {
        let call = act.call(self.turn())?;
        let there = call.socket_name().is_some_and(|s| kernel.socket(s).is_some());
        match call {
            Call::Socket { .. } if there => self.made = u32::MAX,
            Call::Bind { .. } if !there => return None,
            _ => {}
        }
        Some(call)
    }

    /// Connections that a load has begun.
    pub fn connections_begun(&self) -> u32 {
        self.load.begun()
    }

    /// Milliseconds since a load's start.
    pub fn load_ms(&self) -> u64 {
        self.load.elapsed_ms()
    }

    fn turn(&mut self) -> u32 {
        let turn = self.made;
        self.made = self.made.saturating_add(1);
        turn
    }
}
