//! Segments that arrive, and the ways in which a socket ends.
//!
//! Models `tcp_set_state`, `tcp_close` and `tcp_done` (`net/ipv4/tcp.c`), `tcp_reset` and the
//! FIN_WAIT1 part of `tcp_rcv_state_process` (`net/ipv4/tcp_input.c`), `tcp_v4_destroy_sock`
//! (`net/ipv4/tcp_ipv4.c`) and `inet_put_port`. Left out: unread data at close (which sends a
//! RST), `TCP_LINGER2`, orphan limits, simultaneous closes.

use crate::call::CloseHow;
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::rules::ProgramRule;
use crate::socket::{Phase, SocketState};

impl Kernel {
    /// A state without consequences.
    pub(crate) fn change_state(&mut self, socket: u32, to: SocketState, trace: &mut Trace<'_>) {
        let record = self.tables.socket_mut(socket);
        let from = std::mem::replace(&mut record.state, to);
        let s = record.name();
        if from == SocketState::Listen {
            self.listens_since.retain(|id| *id != socket);
        }
        if from != to {
            trace.event(|| Event::StateChanged { s, from, to });
        }
    }

    /// A state; CLOSE takes the socket out of the established table, and out of its port
    /// unless the user bound it to that (`tcp_set_state`).
    pub(crate) fn set_state(&mut self, socket: u32, to: SocketState, trace: &mut Trace<'_>) {
        if to == SocketState::Close {
            self.timers.stop(socket);
            self.tables.unhash(socket);
            let record = self.tables.socket(socket);
            if record.locks.port() && record.num() != 0 {
                let port = record.num();
                trace.event(|| Event::PortKept { port });
            } else {
                self.tables.leave(socket, trace);
            }
        }
        self.change_state(socket, to, trace);
    }

    /// The handshake ends; timestamps are in use if both sides want them.
    pub(crate) fn establish(&mut self, socket: u32, peer_ts: bool, trace: &mut Trace<'_>) {
        let timestamps = peer_ts && self.sysctls.timestamps_on();
        let knows = self.rules.program == ProgramRule::Knows;
        self.syn_answered(socket, timestamps);
        let record = self.tables.socket_mut(socket);
        if knows {
            record.phase = Phase::Connected;
        }
        record.timestamps = timestamps;
        self.renew_stamp(socket);
        self.change_state(socket, SocketState::Established, trace);
        trace.event(|| Event::Established { timestamps });
    }

    /// The SYN-ACK arrives.
    ///
    /// # Errors
    /// EINVAL: no SYN is out.
    pub(crate) fn syn_ack(
        &mut self,
        socket: u32,
        peer_ts: bool,
        trace: &mut Trace<'_>,
    ) -> Result<(), Errno> {
        if self.tables.socket(socket).state != SocketState::SynSent {
            trace.event(|| Event::SegmentIgnored);
            return Err(Errno::EINVAL);
        }
        self.establish(socket, peer_ts, trace);
        Ok(())
    }

    /// A segment with a timestamp renews the stamp, if this connection has them.
    pub(crate) fn renew_stamp(&mut self, socket: u32) {
        if self.tables.socket(socket).timestamps {
            let now = self.stamp_now();
            let record = self.tables.socket_mut(socket);
            (record.stamp, record.ts_recent) = (now.stamp, now.ts);
        }
    }

    /// A data segment arrives. In 2.6.32 it is left to the caller whether one can: a socket that
    /// was reset still keeps its connection's timestamps.
    ///
    /// # Errors
    /// EINVAL: the connection isn't established.
    pub(crate) fn segment(&mut self, socket: u32, trace: &mut Trace<'_>) -> Result<(), Errno> {
        let record = self.tables.socket(socket);
        let asks = self.rules.program == ProgramRule::Asks;
        if asks && record.state != SocketState::Established {
            trace.event(|| Event::SegmentIgnored);
            return Err(Errno::EINVAL);
        }
        if record.timestamps {
            self.renew_stamp(socket);
        } else {
            trace.event(|| Event::SegmentIgnored);
        }
        Ok(())
    }

    /// A RST arrives (`tcp_reset`): the socket is closed, but for the user's own port. In 2.6.32
    /// it is left to the caller that a listening socket can't be hit by one.
    pub(crate) fn reset(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let state = self.tables.socket(socket).state;
        let listens = state == SocketState::Listen && self.rules.program == ProgramRule::Asks;
        if state == SocketState::Close || listens {
            return trace.event(|| Event::SegmentIgnored);
        }
        self.tables.socket_mut(socket).error = Some(match state {
            SocketState::SynSent => Errno::ECONNREFUSED,
            _ if self.rules.program == ProgramRule::Asks => Errno::ECONNRESET,
            _ => Errno::ECONNREFUSED,
        });
        self.set_state(socket, SocketState::Close, trace);
    }

    /// `close(2)` with what the peer does then; the name is free afterwards.
    ///
    /// # Errors
    /// EINVAL, and nothing happens: there is no connection to close in that way.
    pub(crate) fn close(
        &mut self,
        socket: u32,
        how: CloseHow,
        stamp_now: bool,
        trace: &mut Trace<'_>,
    ) -> Result<(), Errno> {
        let established = self.tables.socket(socket).state == SocketState::Established;
        match how {
            CloseHow::Plain => self.close_plain(socket, trace),
            CloseHow::Rst => self.close_rst(socket, trace),
            _ if !established => {
                trace.event(|| Event::CloseRefused);
                return Err(Errno::EINVAL);
            }
            CloseHow::Passive => self.close_passive(socket, trace),
            CloseHow::Active => self.close_active(socket, stamp_now, trace),
            CloseHow::FinWait2 => self.close_half(socket, stamp_now, trace),
        }
        Ok(())
    }

    /// An established connection stays behind as an orphan in FIN_WAIT1, for ever here unless its
    /// other end is on this host.
    fn close_plain(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.forget_name(socket);
        match self.tables.socket(socket).state {
            SocketState::Established => {
                self.change_state(socket, SocketState::FinWait1, trace);
                self.fin_to_ourselves(socket, trace);
            }
            SocketState::CloseWait => self.last_fin_to_ourselves(socket, trace),
            state => {
                self.destroy(socket, trace);
                if state == SocketState::Listen {
                    self.drop_waiting(socket, trace);
                }
            }
        }
    }

    fn close_rst(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.disconnect(socket, trace);
        self.forget_name(socket);
        self.destroy(socket, trace);
    }

    fn close_passive(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.change_state(socket, SocketState::CloseWait, trace);
        self.forget_name(socket);
        self.change_state(socket, SocketState::LastAck, trace);
        self.destroy(socket, trace);
    }

    fn close_active(&mut self, socket: u32, stamp_now: bool, trace: &mut Trace<'_>) {
        self.forget_name(socket);
        self.change_state(socket, SocketState::FinWait1, trace);
        self.fin_answered(socket);
        self.change_state(socket, SocketState::FinWait2, trace);
        if stamp_now {
            self.renew_stamp(socket);
        }
        self.change_state(socket, SocketState::TimeWait, trace);
        self.time_wait(socket, None, trace);
        self.destroy(socket, trace);
    }

    /// FIN_WAIT2 up to 60 s is a mini-socket's; what is above, the full socket waits first.
    fn close_half(&mut self, socket: u32, stamp_now: bool, trace: &mut Trace<'_>) {
        self.forget_name(socket);
        self.change_state(socket, SocketState::FinWait1, trace);
        if stamp_now || self.rules.program == ProgramRule::Knows {
            self.renew_stamp(socket);
        }
        self.fin_answered(socket);
        self.change_state(socket, SocketState::FinWait2, trace);
        let (time, most) = (self.fin_time(socket), self.clock.timewait_len());
        if time > most {
            let until = self.timers.wait(socket, time - most, self.clock.jiffies());
            trace.event(|| Event::FinWait2Waits { until_ms: self.clock.tick().ms(until) });
        } else {
            self.time_wait(socket, Some(time), trace);
            self.destroy(socket, trace);
        }
    }

    /// The end of a full socket: out of the established table, and out of any port.
    pub(crate) fn destroy(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.timers.stop(socket);
        self.tables.unhash(socket);
        self.tables.leave(socket, trace);
        self.change_state(socket, SocketState::Close, trace);
        self.tables.remove_socket(socket);
    }
}
