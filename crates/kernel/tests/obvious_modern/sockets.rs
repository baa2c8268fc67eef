//! What a program does to a socket that isn't connected: it makes one, sets options, binds it, and
//! listens.

use error99_vocabulary::Json;

use super::errno::{EACCES, EADDRINUSE, EADDRNOTAVAIL, EBADF, EINVAL, ENOPROTOOPT};
use super::holders::{LOCK_ADDR, LOCK_PORT, Sock, file, state};
use super::json;
use super::machine::{Machine, is_multicast};
use super::rto::Rto;

impl Machine {
    /// The socket of that name.
    pub fn named(&self, op: &Json, key: &str) -> Option<usize> {
        self.names.get(json::text(op, key)).copied()
    }

    /// A new socket.
    pub fn new_sock(&mut self) -> usize {
        let id = self.new_id();
        let sock = Sock {
            state: state::CLOSE,
            ss: file::UNCONNECTED,
            saddr: 0,
            rcv_saddr: 0,
            sport: 0,
            num: 0,
            daddr: 0,
            dport: 0,
            locks: 0,
            reuse: false,
            reuseport: false,
            no_port: false,
            window: (0, 0),
            stamp: 0,
            ts_ok: false,
            error: 0,
            rto: Rto::new(self.release, self.clock.hz),
            hashed: false,
            connect_bind: false,
            orphan: false,
            timer: None,
            wait: None,
            syn_sent_ms: 0,
            syn_sent_j: 0,
            syns: 0,
            first_syn_ms: 0,
            listens_since: 0,
            queue: Vec::new(),
            other_end: None,
        };
        self.socks.put(id, sock);
        id
    }

    /// The operation `socket`.
    pub fn op_socket(&mut self, name: &str) {
        let id = self.new_sock();
        self.names.insert(name.to_owned(), id);
        self.line.put("ret", 0);
    }

    /// An option of a socket is set.
    pub fn op_option(&mut self, op: &Json) {
        let ret = self.named(op, "s").map_or(EBADF, |id| self.set_option(id, op));
        self.line.put("ret", ret);
    }

    fn set_option(&mut self, id: usize, op: &Json) -> i64 {
        let on = json::int_or(op, "on", 0) != 0;
        let window = (json::port(op, "low"), json::port(op, "high"));
        let release = self.release;
        let sock = self.sock_mut(id);
        match json::text(op, "op") {
            "reuse" => sock.reuse = on,
            "reuseport" => sock.reuseport = on,
            "no_port" if release.has_no_port() => sock.no_port = on,
            "port_range" if release.has_window() => {
                if window.0 != 0 && window.1 != 0 && window.0 > window.1 {
                    return EINVAL;
                }
                sock.window = window;
            }
            _ => return ENOPROTOOPT,
        }
        0
    }

    /// The operation `bind`.
    pub fn op_bind(&mut self, op: &Json) {
        let id = self.named(op, "s");
        let (addr, port) = (json::addr(op, "addr"), json::port(op, "port"));
        let ret = id.map_or(EBADF, |id| self.bind(id, addr, port));
        self.line.put("ret", ret);
        self.put_search();
        self.put_sock(id);
    }

    fn bind(&mut self, id: usize, addr: u32, port: u16) -> i64 {
        let special = is_multicast(addr) || addr == u32::MAX;
        if addr != 0 && !special && !self.is_own(addr) {
            return EADDRNOTAVAIL;
        }
        if port != 0 && i64::from(port) < self.knobs.unprivileged && !self.capable {
            return EACCES;
        }
        let sock = self.sock_mut(id);
        if sock.state != state::CLOSE || sock.num != 0 {
            return EINVAL;
        }
        sock.rcv_saddr = addr;
        sock.saddr = if special { 0 } else { addr };
        let search = port != 0 || !sock.no_port;
        if search && !self.get_port(id, port) {
            let sock = self.sock_mut(id);
            (sock.saddr, sock.rcv_saddr) = (0, 0);
            return EADDRINUSE;
        }
        let sock = self.sock_mut(id);
        if addr != 0 {
            sock.locks |= LOCK_ADDR;
        }
        if port != 0 {
            sock.locks |= LOCK_PORT;
        }
        sock.sport = sock.num;
        (sock.daddr, sock.dport) = (0, 0);
        0
    }

    /// The operation `listen`.
    pub fn op_listen(&mut self, op: &Json) {
        let id = self.named(op, "s");
        let ret = id.map_or(EBADF, |id| self.listen(id));
        self.line.put("ret", ret);
        self.put_search();
        self.put_sock(id);
    }

    fn listen(&mut self, id: usize) -> i64 {
        let sock = self.sock_mut(id);
        match (sock.ss, sock.state) {
            (file::UNCONNECTED, state::LISTEN) => return 0,
            (file::UNCONNECTED, state::CLOSE) => {}
            _ => return EINVAL,
        }
        sock.state = state::LISTEN;
        let num = sock.num;
        if !self.get_port(id, num) {
            self.sock_mut(id).state = state::CLOSE;
            return EADDRINUSE;
        }
        let order = self.new_id();
        let sock = self.sock_mut(id);
        sock.sport = sock.num;
        sock.listens_since = order;
        0
    }
}
