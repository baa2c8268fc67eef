//! How sockets end.

use error99_vocabulary::Json;

use super::errno::{EBADF, EINVAL};
use super::holders::{LOCK_PORT, file, state};
use super::json;
use super::machine::Machine;
use super::timers::TimerOf;
use super::timewait::TIME_WAIT_S;

impl Machine {
    /// The socket leaves the established table and, unless the user gave it, its port
    /// (`tcp_set_state` to CLOSE).
    pub fn set_close(&mut self, id: usize) {
        let sock = self.sock_mut(id);
        for timer in [sock.timer.take(), sock.wait.take()].into_iter().flatten() {
            self.timers.stop(timer);
        }
        let sock = self.sock_mut(id);
        sock.hashed = false;
        sock.state = state::CLOSE;
        if sock.locks & LOCK_PORT == 0 {
            self.leave(id);
        }
    }

    /// The connection is over; a socket without a user goes with it.
    pub fn close_done(&mut self, id: usize) {
        self.set_close(id);
        if self.sock(id).orphan {
            self.destroy(id);
        }
    }

    fn destroy(&mut self, id: usize) {
        self.leave(id);
        self.socks.take(id);
    }

    /// The operation `disconnect`.
    pub fn op_disconnect(&mut self, op: &Json) {
        let id = self.named(op, "s");
        let ret = id.map_or(EBADF, |id| {
            self.disconnect(id);
            0
        });
        self.line.put("ret", ret);
        self.put_sock(id);
    }

    /// connect(2) with `AF_UNSPEC` (`tcp_disconnect`).
    pub fn disconnect(&mut self, id: usize) {
        self.let_children_go(id);
        if self.sock(id).state != state::CLOSE {
            self.reset_other_end(id);
            self.set_close(id);
        }
        self.sock_mut(id).dport = 0;
        self.give_source_back(id);
        let resets = self.release.disconnect_resets_rto();
        let sock = self.sock_mut(id);
        let rto = sock.rto.jiffies;
        sock.rto.reset();
        if !resets {
            sock.rto.jiffies = rto;
        }
        (sock.stamp, sock.ts_ok, sock.ss) = (0, false, file::UNCONNECTED);
    }

    /// The connections that wait at a listener end with it.
    fn let_children_go(&mut self, id: usize) {
        for child in std::mem::take(&mut self.sock_mut(id).queue) {
            self.sock_mut(child).orphan = true;
            self.reset_other_end(child);
            self.close_done(child);
        }
    }

    /// The operation `close`.
    pub fn op_close(&mut self, op: &Json) {
        let how = json::text(op, "how").to_owned();
        let (ret, port) = match self.named(op, "s") {
            None => (EINVAL, 0),
            Some(id) => self.close(id, &how, json::int_or(op, "stamp_now", 1) != 0),
        };
        if ret == 0 {
            self.names.remove(json::text(op, "s"));
        }
        self.line.put("how", how);
        self.line.put("ret", ret);
        self.line.put("port", port);
        if port != 0 {
            let bucket = self.bucket_json(port);
            self.line.put("tb", bucket);
        }
    }

    fn close(&mut self, id: usize, how: &str, stamp_now: bool) -> (i64, u16) {
        let sock = self.sock(id);
        let port = sock.sport;
        let with_peer = sock.state == state::ESTABLISHED && !self.is_own(sock.daddr);
        if matches!(how, "active" | "finwait2" | "passive") && !with_peer {
            return (EINVAL, 0);
        }
        self.sock_mut(id).orphan = true;
        match how {
            "active" => {
                self.last_segment(id, stamp_now);
                self.time_wait(id, state::TIME_WAIT, TIME_WAIT_S * self.clock.hz);
            }
            "finwait2" => {
                self.last_segment(id, stamp_now);
                self.fin_wait2(id);
            }
            "passive" => self.close_done(id),
            "rst" => {
                self.disconnect(id);
                self.destroy(id);
            }
            _ => self.close_plainly(id),
        }
        (0, port)
    }

    /// The peer acknowledges our FIN.
    fn last_segment(&mut self, id: usize, stamp_now: bool) {
        if self.release.has_calendar() {
            let (old, timeout) = (self.sock(id).timer, self.sock(id).rto.jiffies);
            let key = self.start_timer(TimerOf::Syn(id), old, timeout);
            self.sock_mut(id).timer = Some(key);
        }
        self.sock_mut(id).rto.sample(0);
        if stamp_now {
            self.stamp_now(id);
        }
    }

    /// close(2), and the peer stays silent.
    fn close_plainly(&mut self, id: usize) {
        self.let_children_go(id);
        match self.sock(id).state {
            state::ESTABLISHED if self.sock(id).other_end.is_some() => self.close_on_loopback(id),
            state::ESTABLISHED => self.sock_mut(id).state = state::FIN_WAIT1,
            state::CLOSE_WAIT => self.close_on_loopback(id),
            _ => self.close_done(id),
        }
    }
}
