//! `listen()` and `accept()`.
//!
//! Models `inet_listen` (`net/ipv4/af_inet.c`), `inet_csk_listen_start`
//! (`net/ipv4/inet_connection_sock.c`) and what `tcp_v4_syn_recv_sock` does with the port. Left
//! out: queues, SYN cookies, the search for the listener, and the handshake of a client.

use crate::addr::Addr;
use crate::call::SocketName;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::socket::{Phase, Socket, SocketState};
use crate::verdict::ListenRefusal;

/// An incoming connection.
pub(crate) struct Incoming {
    pub(crate) name: SocketName,
    pub(crate) peer: Addr,
    pub(crate) peer_port: u16,
    pub(crate) laddr: Addr,
    pub(crate) peer_ts: bool,
}

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
        let record = self.tables.socket_mut(socket);
        record.sport = record.num();
        Ok(())
    }

    /// A finished incoming connection becomes a socket in the listener's bucket, uncounted.
    pub(crate) fn accept(&mut self, listener: u32, incoming: &Incoming, trace: &mut Trace<'_>) {
        let parent = &self.tables.socket(listener);
        let bucket = parent.place.bucket();
        let mut child = Socket::new(incoming.name);
        (child.saddr, child.rcv_saddr) = (incoming.laddr, incoming.laddr);
        (child.daddr, child.dport) = (incoming.peer, incoming.peer_port);
        child.sport = parent.num();
        (child.state, child.phase) = (SocketState::SynSent, Phase::Connected);
        (child.address_locked, child.reuse) = (parent.address_locked, parent.reuse);
        let id = self.open(incoming.name, child);
        if let Some(bucket) = bucket {
            self.tables.inherit(id, bucket);
        }
        self.tables.hash(id);
        self.establish(id, incoming.peer_ts, trace);
    }
}
