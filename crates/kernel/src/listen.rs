//! `listen()` and `accept()`, and connections that come in.
//!
//! Models `inet_listen` (`net/ipv4/af_inet.c`), `inet_csk_listen_start`, `inet_csk_listen_stop`
//! (`net/ipv4/inet_connection_sock.c`), `__inet_lookup_listener` (`net/ipv4/inet_hashtables.c`) and
//! what `tcp_v4_syn_recv_sock` does with the port. Left out: limits of the queues, SYN cookies, the
//! choice among several listeners with `SO_REUSEPORT`, and the handshake of a client; in 2.6.32
//! also the search for the listener.

use crate::addr::{Addr, Tuple};
use crate::call::{Problem, SocketName};
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::{Kernel, Stop};
use crate::question::Witness;
use crate::rules::{ListenerRule, ProgramRule};
use crate::socket::{Phase, Socket, SocketState};
use crate::tables::Holder;
use crate::verdict::{ListenRefusal, Substate, TimewaitCause};

/// An incoming connection.
#[derive(Clone, Copy)]
pub(crate) struct Incoming {
    pub(crate) peer: Addr,
    pub(crate) peer_port: u16,
    pub(crate) laddr: Addr,
    pub(crate) peer_ts: bool,
}

/// The name of a socket that no program has yet.
const NO_NAME: SocketName = SocketName(u32::MAX);

impl Kernel {
    /// `listen(2)`: the port search runs again, now in state LISTEN.
    ///
    /// # Errors
    /// Why not; a refused socket is back in CLOSE and keeps its port.
    pub(crate) fn listen(
        &mut self,
        socket: u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), ListenRefusal> {
        let record = self.tables.socket(socket);
        let num = record.num();
        match (record.phase, record.state) {
            (Phase::Unconnected, SocketState::Listen) => {
                trace.event(|| Event::AlreadyListening);
                return Ok(());
            }
            (Phase::Unconnected, SocketState::Close) => {}
            _ => return Err(ListenRefusal::State),
        }
        self.check_range(num).map_err(ListenRefusal::Port)?;
        self.change_state(socket, SocketState::Listen, trace);
        if let Err(refusal) = self.get_port(socket, num, trace) {
            self.change_state(socket, SocketState::Close, trace);
            return Err(ListenRefusal::Port(refusal));
        }
        self.listens_since.push(socket);
        let record = self.tables.socket_mut(socket);
        record.sport = record.num();
        Ok(())
    }

    /// A peer's handshake from beginning to end, and `accept(2)` then.
    ///
    /// # Errors
    /// EAGAIN: no connection waits there.
    pub(crate) fn accept(
        &mut self,
        listener: u32,
        s: SocketName,
        incoming: Incoming,
        trace: &mut Trace<'_>,
    ) -> Result<(), Stop> {
        let port = self.tables.socket(listener).num();
        match self.rules.program {
            ProgramRule::Knows => self.connect_in(listener, incoming, trace)?,
            ProgramRule::Asks => self.come_in(port, incoming, trace)?,
        };
        self.accept_waiting(listener, s, trace)
    }

    /// A peer's handshake with whoever listens on that port; tells whether it comes about.
    ///
    /// # Errors
    /// The model has no room for the connection.
    pub(crate) fn come_in(
        &mut self,
        port: u16,
        incoming: Incoming,
        trace: &mut Trace<'_>,
    ) -> Result<bool, Problem> {
        match self.makes_way(port, incoming, trace) {
            Some(target) => self.connect_in(target, incoming, trace),
            None => Ok(false),
        }
    }

    /// `accept(2)` of the connection that waits longest.
    ///
    /// # Errors
    /// EAGAIN: none waits.
    pub(crate) fn accept_waiting(
        &mut self,
        listener: u32,
        s: SocketName,
        trace: &mut Trace<'_>,
    ) -> Result<(), Stop> {
        let place = self.waiting.iter().position(|(at, _)| *at == listener);
        let Some(place) = place else {
            trace.event(|| Event::AcceptRefused);
            return Err(Errno::EAGAIN.into());
        };
        let (_, child) = self.waiting.remove(place);
        self.tables.socket_mut(child).give_name(s);
        self.names.open(s, child);
        Ok(())
    }

    /// A SYN comes in: whoever has its tuple gives way, if it is in TIME_WAIT. Gives the listener
    /// that answers.
    fn makes_way(&mut self, port: u16, incoming: Incoming, trace: &mut Trace<'_>) -> Option<u32> {
        let Incoming { peer, peer_port, laddr, .. } = incoming;
        let target = self.listener_for(laddr, port)?;
        let tuple = Tuple { laddr, lport: port, faddr: peer, fport: peer_port };
        match self.holder_of(&tuple) {
            Holder::Nobody => {}
            Holder::Timewait(id) if self.tables.timewait(id).substate() == Substate::TimeWait => {
                self.end_early(id, TimewaitCause::Segment, trace);
            }
            Holder::Timewait(_) | Holder::Live => return None,
        }
        Some(target)
    }

    /// Who has a tuple.
    pub(crate) fn holder_of(&self, tuple: &Tuple) -> Holder {
        let bucket = self.tables.bind().find(tuple.lport);
        bucket.map_or(Holder::Nobody, |bucket| self.tables.holder_in(bucket, tuple))
    }

    /// The listener for a connection to that address and port.
    pub(crate) fn listener_for(&self, laddr: Addr, port: u16) -> Option<u32> {
        let fits = |id: &&u32| {
            let socket = self.tables.socket(**id);
            let addr = socket.rcv_saddr;
            socket.num() == port && (addr == laddr || addr.is_any())
        };
        // The newest first.
        let mut fitting = self.listens_since.iter().rev().filter(fits).copied();
        let newest = fitting.clone().next()?;
        let decides = self.rules.listener == ListenerRule::NewestReusePort
            && self.tables.socket(newest).reuseport;
        let definite = |id: &u32| self.tables.socket(*id).rcv_saddr == laddr;
        Some(if decides { newest } else { fitting.find(definite).unwrap_or(newest) })
    }

    /// A finished incoming connection becomes a socket in the listener's bucket, and waits; false
    /// if there is no memory for it.
    fn connect_in(
        &mut self,
        listener: u32,
        incoming: Incoming,
        trace: &mut Trace<'_>,
    ) -> Result<bool, Problem> {
        self.check_room()?;
        let parent = self.tables.socket(listener);
        let bucket = parent.place.bucket();
        let mut child = Socket::new(NO_NAME, self.clock.tick().hz());
        (child.saddr, child.rcv_saddr) = (incoming.laddr, incoming.laddr);
        (child.daddr, child.dport) = (incoming.peer, incoming.peer_port);
        child.sport = parent.num();
        (child.state, child.phase) = (SocketState::SynSent, Phase::Connected);
        (child.locks, child.reuse) = (parent.locks.of_address(), parent.reuse);
        (child.reuseport, child.window) = (parent.reuseport, parent.window);
        child.no_port = parent.no_port;
        if self.address_bucket_fails(bucket, incoming.laddr) {
            return Ok(false);
        }
        let id = self.tables.add_socket(child);
        if let Some(bucket) = bucket {
            self.tables.inherit(id, bucket);
        }
        self.tables.hash(id);
        self.establish(id, incoming.peer_ts, trace);
        self.waiting.push((listener, id));
        Ok(true)
    }

    /// A listener is gone, and so are the connections that wait at it.
    pub(crate) fn drop_waiting(&mut self, listener: u32, trace: &mut Trace<'_>) {
        let mut place = 0;
        while let Some((at, child)) = self.waiting.get(place).copied() {
            if at == listener {
                self.waiting.remove(place);
                self.reset_other_end(child, trace);
                self.destroy(child, trace);
            } else {
                place += 1;
            }
        }
    }
}
