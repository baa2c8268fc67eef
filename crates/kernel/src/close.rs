//! Segments that arrive, and the ways in which a socket ends.
//!
//! Models `tcp_set_state`, `tcp_close` and `tcp_done` (`net/ipv4/tcp.c`), `tcp_reset` and the
//! FIN_WAIT1 part of `tcp_rcv_state_process` (`net/ipv4/tcp_input.c`), `tcp_v4_destroy_sock`
//! (`net/ipv4/tcp_ipv4.c`) and `inet_put_port`. Left out: unread data at close (which sends a
//! RST), `TCP_LINGER2`, orphan limits, simultaneous closes.

use crate::calendar::TIMEWAIT_MS;
use crate::call::CloseHow;
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::socket::{Phase, SocketState};

impl Kernel {
    /// A state without consequences.
    pub(crate) fn change_state(&mut self, socket: u32, to: SocketState, trace: &mut Trace<'_>) {
        let record = self.tables.socket_mut(socket);
        let from = std::mem::replace(&mut record.state, to);
        let s = record.name();
        if from != to {
            trace.event(|| Event::StateChanged { s, from, to });
        }
    }

    /// A state; CLOSE takes the socket out of the established table, and out of its port
    /// unless the user bound it to that (`tcp_set_state`).
    pub(crate) fn set_state(&mut self, socket: u32, to: SocketState, trace: &mut Trace<'_>) {
        if to == SocketState::Close {
            self.tables.unhash(socket);
            let record = self.tables.socket(socket);
            if record.port_locked && record.num() != 0 {
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
        let record = self.tables.socket_mut(socket);
        record.phase = Phase::Connected;
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
        let now = self.stamp_now();
        let record = self.tables.socket_mut(socket);
        if record.timestamps {
            (record.stamp, record.ts_recent) = (now.stamp, now.ts);
        }
    }

    /// A data segment arrives. Whether one can arrive in the socket's state is left to the
    /// caller: a socket that was reset still keeps its connection's timestamps.
    pub(crate) fn segment(&mut self, socket: u32, trace: &mut Trace<'_>) {
        if self.tables.socket(socket).timestamps {
            self.renew_stamp(socket);
        } else {
            trace.event(|| Event::SegmentIgnored);
        }
    }

    /// A RST arrives (`tcp_reset`): the socket is closed, but for the user's own port. That a
    /// listening socket can't be hit by one is left to the caller.
    pub(crate) fn reset(&mut self, socket: u32, trace: &mut Trace<'_>) {
        match self.tables.socket(socket).state {
            SocketState::Close => trace.event(|| Event::SegmentIgnored),
            _ => self.set_state(socket, SocketState::Close, trace),
        }
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
            CloseHow::FinWait2 => self.close_half(socket, trace),
        }
        Ok(())
    }

    /// An established connection stays behind as an orphan in FIN_WAIT1, for ever here.
    fn close_plain(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.forget_name(socket);
        if self.tables.socket(socket).state == SocketState::Established {
            self.change_state(socket, SocketState::FinWait1, trace);
        } else {
            self.destroy(socket, trace);
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
        self.change_state(socket, SocketState::FinWait2, trace);
        if stamp_now {
            self.renew_stamp(socket);
        }
        self.change_state(socket, SocketState::TimeWait, trace);
        self.time_wait(socket, None, trace);
        self.destroy(socket, trace);
    }

    /// FIN_WAIT2 up to 60 s is a mini-socket's; what is above, the full socket waits first.
    fn close_half(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.forget_name(socket);
        self.change_state(socket, SocketState::FinWait1, trace);
        self.renew_stamp(socket);
        self.change_state(socket, SocketState::FinWait2, trace);
        let time_ms = self.fin_time_ms();
        if time_ms > TIMEWAIT_MS {
            let wait_ms = time_ms - TIMEWAIT_MS;
            let until_ms = self.timers.wait(socket, wait_ms, self.clock.now_ms());
            trace.event(|| Event::FinWait2Waits { until_ms });
        } else {
            self.time_wait(socket, Some(time_ms), trace);
            self.destroy(socket, trace);
        }
    }

    /// The end of a full socket: out of the established table, and out of any port.
    pub(crate) fn destroy(&mut self, socket: u32, trace: &mut Trace<'_>) {
        self.tables.unhash(socket);
        self.tables.leave(socket, trace);
        self.change_state(socket, SocketState::Close, trace);
        self.tables.remove_socket(socket);
    }
}
