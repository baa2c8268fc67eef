//! Connections whose other end is on this host too: what goes through the loopback device.
//!
//! Models what the two ends do to each other, as far as ports and TIME_WAIT need it. Every segment
//! arrives at once. Left out: acknowledgements that come late and alone, so that an end that closed
//! first stays in FIN_WAIT1 until the other one closes; and in 2.6.32 all of it: there every
//! address is a peer's.

use crate::addr::Tuple;
use crate::call::Problem;
use crate::errno::Errno;
use crate::event::Trace;
use crate::kernel::Kernel;
use crate::listen::Incoming;
use crate::rules::ProgramRule;
use crate::socket::SocketState;
use crate::tables::Holder;

/// The same connection from its other end.
const fn turned(tuple: &Tuple) -> Tuple {
    Tuple { laddr: tuple.faddr, lport: tuple.fport, faddr: tuple.laddr, fport: tuple.lport }
}

impl Kernel {
    /// Whether a socket's connection ends on this host.
    pub(crate) fn ends_here(&self, socket: u32) -> bool {
        let daddr = self.tables.socket(socket).daddr;
        self.rules.program == ProgramRule::Asks && self.routes.is_local(daddr)
    }

    /// A SYN that went to ourselves is answered.
    ///
    /// # Errors
    /// The model has no room for the other end.
    pub(crate) fn syn_to_ourselves(
        &mut self,
        socket: u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), Problem> {
        let tuple = self.tables.socket(socket).tuple();
        let there = turned(&tuple);
        if there == tuple {
            // It met itself: both sides open at once.
            self.establish(socket, true, trace);
            return Ok(());
        }
        let incoming = Incoming {
            peer: there.faddr,
            peer_port: there.fport,
            laddr: there.laddr,
            peer_ts: true,
        };
        if self.come_in(there.lport, incoming, trace)? {
            self.establish(socket, true, trace);
        } else if self.holder_of(&there) == Holder::Nobody {
            self.reset(socket, trace);
        }
        Ok(())
    }

    /// The live socket at the other end.
    fn other_end(&self, socket: u32) -> Option<u32> {
        if !self.ends_here(socket) {
            return None;
        }
        let there = turned(&self.tables.socket(socket).tuple());
        let sockets = self.tables.sockets().iter();
        sockets.map(|(id, _)| id).find(|id| {
            let other = self.tables.socket(*id);
            *id != socket && other.place.ehash().is_some() && other.tuple() == there
        })
    }

    /// A FIN that went to ourselves arrives; its acknowledgement waits for company. A socket that
    /// is its own other end closes both sides at once.
    pub(crate) fn fin_to_ourselves(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let tuple = self.tables.socket(socket).tuple();
        if self.ends_here(socket) && turned(&tuple) == tuple {
            return self.both_fins_came(socket, trace);
        }
        let Some(other) = self.other_end(socket) else { return };
        if self.tables.socket(other).state == SocketState::Established {
            self.renew_stamp(other);
            self.change_state(other, SocketState::CloseWait, trace);
        }
    }

    /// The second FIN: the end that closed first goes to TIME_WAIT, and this one is done.
    pub(crate) fn last_fin_to_ourselves(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.change_state(socket, SocketState::LastAck, trace);
        if let Some(first) = self.other_end(socket) {
            self.both_fins_came(first, trace);
        }
        self.destroy(socket, trace);
    }

    /// The end that closed first goes to TIME_WAIT.
    fn both_fins_came(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.fin_answered(socket);
        self.renew_stamp(socket);
        self.change_state(socket, SocketState::TimeWait, trace);
        self.time_wait(socket, None, trace);
        self.destroy(socket, trace);
    }

    /// A socket is given up with a RST to its other end.
    pub(crate) fn reset_other_end(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let Some(other) = self.other_end(socket) else { return };
        self.reset(other, trace);
        self.tables.socket_mut(other).error = Some(Errno::ECONNRESET);
    }
}
