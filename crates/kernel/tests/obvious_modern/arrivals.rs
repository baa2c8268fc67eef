//! What the peer sends to sockets.

use error99_vocabulary::Json;

use super::errno::{EBADF, ECONNREFUSED, ECONNRESET, EINVAL};
use super::holders::{Tuple, state};
use super::json;
use super::machine::Machine;

impl Machine {
    /// The operation `est`.
    pub fn op_est(&mut self, op: &Json) {
        let id = self.named(op, "s");
        let ret = match id {
            None => EBADF,
            Some(id) if self.sock(id).state == state::SYN_SENT => {
                if !self.peer_mistakes(id) {
                    self.establish(id, json::int_or(op, "peer_ts", 1) != 0);
                }
                0
            }
            Some(_) => EINVAL,
        };
        self.line.put("ret", ret);
        self.put_sock(id);
    }

    /// The harness's peer reads SYNs only when it has something to do, and answers the first one
    /// from that port: one that was given up before, or another socket's (`adv_disconnect_syn_ts` of
    /// 3.10 shows it; a trait of the harness, as it seems).
    fn peer_mistakes(&self, id: usize) -> bool {
        let now = self.sock(id).tuple();
        let first = self.unread.iter().find(|syn| syn.lport == now.lport);
        first.is_some_and(|syn| *syn != now)
    }

    /// What the peer has read when an operation is over. A connect that failed sent nothing.
    pub fn peer_reads(&mut self, name: &str, op: &Json) {
        match name {
            "connect" if json::int_or(op, "establish", 1) == 0 => {
                let out = |id: &usize| self.sock(*id).state == state::SYN_SENT;
                if let Some(id) = self.named(op, "s").filter(out) {
                    self.unread.push(self.sock(id).tuple());
                }
            }
            "socket" | "disconnect" | "dump" => {}
            _ => self.unread.clear(),
        }
    }

    /// The peer's SYN-ACK arrives.
    pub fn establish(&mut self, id: usize, peer_ts: bool) {
        let negotiated = peer_ts && self.knobs.timestamps != 0;
        self.measure_handshake(id, negotiated);
        let now = self.stamp_second();
        let sock = self.sock_mut(id);
        sock.state = state::ESTABLISHED;
        sock.ts_ok = negotiated;
        if negotiated {
            sock.stamp = now;
        }
        let tuple = sock.tuple();
        if !self.release.has_calendar()
            && let Some(timer) = self.sock_mut(id).timer.take()
        {
            self.timers.stop(timer);
        }
        self.remember_peer(tuple, negotiated);
    }

    /// Remembers whether segments of that tuple carry timestamps.
    pub fn remember_peer(&mut self, tuple: Tuple, negotiated: bool) {
        if negotiated {
            self.peer_ts.insert(tuple);
        } else {
            self.peer_ts.remove(&tuple);
        }
    }

    /// The operation `segment`.
    pub fn op_segment(&mut self, op: &Json) {
        let id = self.named(op, "s");
        let ret = match id {
            None => EBADF,
            Some(id) if self.sock(id).state == state::ESTABLISHED => {
                self.stamp_now(id);
                0
            }
            Some(_) => EINVAL,
        };
        self.line.put("ret", ret);
        self.put_sock(id);
    }

    /// A segment with a timestamp arrives, if timestamps were negotiated.
    pub fn stamp_now(&mut self, id: usize) {
        let now = self.stamp_second();
        let sock = self.sock_mut(id);
        if sock.ts_ok {
            sock.stamp = now;
        }
    }

    /// The operation `rst`.
    pub fn op_rst(&mut self, op: &Json) {
        let id = self.named(op, "s");
        if let Some(id) = id {
            self.reset(id);
        }
        self.line.put("ret", if id.is_some() { 0 } else { EBADF });
        self.put_sock(id);
    }

    /// A RST arrives.
    pub fn reset(&mut self, id: usize) {
        let error = match self.sock(id).state {
            state::CLOSE | state::LISTEN => return,
            state::SYN_SENT => ECONNREFUSED,
            _ => ECONNRESET,
        };
        self.sock_mut(id).error = error;
        self.close_done(id);
    }
}
