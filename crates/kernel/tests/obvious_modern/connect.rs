//! connect(2), down to the choice of a port.

use error99_vocabulary::Json;

use super::errno::{
    EAFNOSUPPORT, EALREADY, EBADF, EINPROGRESS, EINVAL, EISCONN, ENETUNREACH, ENOBUFS,
};
use super::holders::{LOCK_ADDR, file, state};
use super::json;
use super::machine::{Machine, fails, is_loopback, is_multicast};

/// Longest address that connect reads at all.
const ADDRESS_LONGEST: i64 = 128;
/// Length of an IPv4 address.
const ADDRESS_LENGTH: i64 = 16;

impl Machine {
    /// The operation `connect`.
    pub fn op_connect(&mut self, op: &Json) {
        let id = self.named(op, "s");
        let ret = id.map_or(EBADF, |id| self.connect(id, op));
        self.line.put("ret", ret);
        self.line.put("err", if ret == EINPROGRESS { 0 } else { ret });
        if !self.line.has("path") {
            self.line.put("path", "none");
        }
        self.put_sock(id);
    }

    /// connect(2) of a socket that doesn't block (`inet_stream_connect`).
    fn connect(&mut self, id: usize, op: &Json) -> i64 {
        let length = json::int_or(op, "addr_len", ADDRESS_LENGTH);
        if !(2..=ADDRESS_LONGEST).contains(&length) {
            return EINVAL;
        }
        let family = json::int_or(op, "family", 2);
        if family == 0 {
            self.disconnect(id);
            return 0;
        }
        let sock = self.sock_mut(id);
        match (sock.ss, sock.state) {
            (file::CONNECTED, _) => return EISCONN,
            (file::CONNECTING, state::SYN_SENT) => return EALREADY,
            (file::CONNECTING, state::CLOSE) => {
                let error = std::mem::take(&mut sock.error);
                self.disconnect(id);
                return -error;
            }
            (file::CONNECTING, _) => {
                sock.ss = file::CONNECTED;
                return 0;
            }
            (_, state::CLOSE) => {}
            _ => return EISCONN,
        }
        let ret = self.connect_v4(id, op, length, family);
        if ret == 0 {
            self.sock_mut(id).ss = file::CONNECTING;
            self.syn_arrives(id, op);
            return EINPROGRESS;
        }
        ret
    }

    /// The IPv4 part (`tcp_v4_connect`).
    fn connect_v4(&mut self, id: usize, op: &Json, length: i64, family: i64) -> i64 {
        if length < ADDRESS_LENGTH {
            return EINVAL;
        }
        if family != 2 {
            return EAFNOSUPPORT;
        }
        let asked = json::addr(op, "dst");
        let (source, dst) = self.route(self.sock(id).saddr, asked);
        if self.unreachable.contains(&dst) || is_multicast(dst) || dst == u32::MAX {
            return ENETUNREACH;
        }
        if self.sock(id).saddr == 0 {
            self.change_address(id, source);
        }
        let sock = self.sock_mut(id);
        if sock.stamp != 0 && sock.daddr != dst {
            sock.stamp = 0;
        }
        (sock.daddr, sock.dport) = (dst, json::port(op, "dport"));
        sock.state = state::SYN_SENT;
        let mut result = self.hash_connect(id);
        if result.is_ok() {
            self.sock_mut(id).rto.jiffies = self.clock.hz;
            if fails(&mut self.fail_syn) {
                result = Err(ENOBUFS);
            }
        }
        if let Err(errno) = result {
            self.connect_failed(id);
            return errno;
        }
        let sock = self.sock_mut(id);
        sock.error = 0;
        self.send_first_syn(id);
        0
    }

    /// Source and destination that a route gives.
    fn route(&self, source: u32, dst: u32) -> (u32, u32) {
        let loopback = 0x7f00_0001;
        let dst = match (dst, source) {
            (0, 0) => return (loopback, loopback),
            (0, source) => source,
            (dst, _) => dst,
        };
        let source = match source {
            0 if is_loopback(dst) && !self.loop_wire => loopback,
            0 if self.local.contains(&dst) => dst,
            0 => self.default_src,
            source => source,
        };
        (source, dst)
    }

    /// What a connect that got as far as the port leaves behind when it fails.
    fn connect_failed(&mut self, id: usize) {
        self.set_close(id);
        if self.release.gives_source_back() {
            self.give_source_back(id);
        }
        self.sock_mut(id).dport = 0;
    }

    /// The source address goes, unless the user bound it.
    pub fn give_source_back(&mut self, id: usize) {
        if self.sock(id).locks & LOCK_ADDR == 0 {
            self.change_address(id, 0);
        }
    }
}
