//! The calls of a program, and what the peer sends to sockets.

use error99_vocabulary::Json;

use super::holders::{LOCK_ADDR, LOCK_PORT, Owner, Sock, Tuple, file, state};
use super::json;
use super::machine::{Machine, fails, is_loopback};
use super::rto::Rto;
use super::timers::TimerOf;
use super::timewait::TIME_WAIT_S;

const EBADF: i64 = -9;
const EACCES: i64 = -13;
const EINVAL: i64 = -22;
const ENOPROTOOPT: i64 = -92;
const EAFNOSUPPORT: i64 = -97;
const EADDRINUSE: i64 = -98;
const EADDRNOTAVAIL: i64 = -99;
const ENETUNREACH: i64 = -101;
const ENOBUFS: i64 = -105;
const EISCONN: i64 = -106;
const EALREADY: i64 = -114;
const EINPROGRESS: i64 = -115;
const ECONNRESET: i64 = 104;
const ETIMEDOUT: i64 = 110;
const ECONNREFUSED: i64 = 111;

/// Longest address that connect reads at all.
const ADDRESS_LONGEST: i64 = 128;
/// Length of an IPv4 address.
const ADDRESS_LENGTH: i64 = 16;

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
            abandoned: None,
            first_syn_ms: 0,
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
        let sock = self.sock_mut(id);
        sock.sport = sock.num;
        0
    }

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

    fn connect_failed(&mut self, id: usize) {
        self.set_close(id);
        if self.release.gives_source_back() {
            self.give_source_back(id);
        }
        self.sock_mut(id).dport = 0;
    }

    fn give_source_back(&mut self, id: usize) {
        if self.sock(id).locks & LOCK_ADDR == 0 {
            self.change_address(id, 0);
        }
    }

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
    fn disconnect(&mut self, id: usize) {
        self.let_children_go(id);
        if self.sock(id).state == state::SYN_SENT {
            self.sock_mut(id).abandoned = Some(self.sock(id).tuple());
        }
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

    /// The harness's peer still answers a SYN that was given up, if that one came from the same
    /// port (3.10, `adv_disconnect_syn_ts`; a trait of the harness, as it seems).
    fn peer_mistakes(&self, id: usize) -> bool {
        let now = self.sock(id).tuple();
        self.sock(id)
            .abandoned
            .is_some_and(|old| (old.laddr, old.lport) == (now.laddr, now.lport) && old != now)
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
    fn stamp_now(&mut self, id: usize) {
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
        let with_peer = sock.state == state::ESTABLISHED && !self.stays_here(sock.daddr);
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

    /// The operation `accept`.
    pub fn op_accept(&mut self, op: &Json) {
        let (ret, id) = match self.named(op, "l") {
            // Here a closed name isn't known as one (-9).
            None => (EINVAL, None),
            Some(l) => self.accept(l, op),
        };
        self.line.put("ret", ret);
        if let Some(id) = id {
            self.names.insert(json::text(op, "s").to_owned(), id);
        }
        self.put_sock(id);
    }

    fn accept(&mut self, l: usize, op: &Json) -> (i64, Option<usize>) {
        if self.sock(l).state != state::LISTEN {
            return (EINVAL, None);
        }
        if op.get("peer").is_some() {
            let tuple = Tuple {
                laddr: json::addr(op, "laddr"),
                lport: self.sock(l).num,
                faddr: json::addr(op, "peer"),
                fport: json::port(op, "peer_port"),
            };
            self.connection_arrives(tuple, json::int_or(op, "peer_ts", 1) != 0);
        }
        let queue = &mut self.sock_mut(l).queue;
        if queue.is_empty() {
            return (-11, None);
        }
        let child = queue.remove(0);
        self.sock_mut(child).ss = file::CONNECTED;
        (0, Some(child))
    }

    /// A whole incoming handshake of the peer.
    pub fn connection_arrives(&mut self, tuple: Tuple, peer_ts: bool) -> Option<usize> {
        let l = self.listener_for(tuple.laddr, tuple.lport)?;
        if self.live(tuple).is_some() {
            return None;
        }
        if let Some(mini) = self.mini(tuple) {
            if self.minis[mini].substate == state::FIN_WAIT2 {
                return None;
            }
            self.end_mini(mini, "other");
        }
        let negotiated = peer_ts && self.knobs.timestamps != 0;
        self.make_child(l, tuple, negotiated)
    }

    /// The listener that a SYN to that address and port reaches.
    pub fn listener_for(&self, laddr: u32, lport: u16) -> Option<usize> {
        let owners =
            self.buckets.get(lport.into()).map(|bucket| &bucket.owners[..]).unwrap_or_default();
        let listeners = owners.iter().filter_map(|owner| match owner {
            Owner::Sock(id) if self.sock(*id).state == state::LISTEN => Some(*id),
            _ => None,
        });
        let matching: Vec<usize> =
            listeners.filter(|id| [0, laddr].contains(&self.sock(*id).rcv_saddr)).collect();
        let definite = matching.iter().find(|id| self.sock(**id).rcv_saddr == laddr);
        definite.or(matching.first()).copied()
    }

    /// A connection that came in is born, and waits at its listener.
    pub fn make_child(&mut self, l: usize, tuple: Tuple, negotiated: bool) -> Option<usize> {
        let new_address =
            self.release.has_address_buckets() && !self.has_address(tuple.lport, tuple.laddr);
        if new_address && fails(&mut self.fail_tb2) {
            return None;
        }
        let listener = self.sock(l).clone();
        let now = self.stamp_second();
        let id = self.new_sock();
        let sock = self.sock_mut(id);
        sock.state = state::ESTABLISHED;
        (sock.saddr, sock.rcv_saddr, sock.sport) = (tuple.laddr, tuple.laddr, tuple.lport);
        (sock.daddr, sock.dport) = (tuple.faddr, tuple.fport);
        sock.locks = listener.locks & !LOCK_PORT;
        (sock.reuse, sock.reuseport) = (listener.reuse, listener.reuseport);
        (sock.no_port, sock.window) = (listener.no_port, listener.window);
        sock.hashed = true;
        sock.ts_ok = negotiated;
        sock.stamp = if negotiated { now } else { 0 };
        sock.rto.sample(0);
        self.join(tuple.lport, Owner::Sock(id), (0, 0));
        self.sock_mut(l).queue.push(id);
        self.remember_peer(tuple, negotiated);
        Some(id)
    }

    /// The first SYN goes out.
    fn send_first_syn(&mut self, id: usize) {
        let (now, j, hz) = (self.clock.mono_ms(), self.clock.j(), self.clock.hz);
        let key = self.start_timer(TimerOf::Syn(id), None, hz);
        let sock = self.sock_mut(id);
        (sock.first_syn_ms, sock.syn_sent_ms, sock.syn_sent_j, sock.syns) = (now, now, j, 1);
        sock.timer = Some(key);
    }

    /// A SYN was not answered in time.
    pub fn syn_again(&mut self, id: usize) {
        self.sock_mut(id).timer = None;
        if self.sock(id).state != state::SYN_SENT {
            return;
        }
        if self.gives_syn_up(id) {
            self.sock_mut(id).error = ETIMEDOUT;
            self.close_done(id);
            return;
        }
        let (now, j) = (self.clock.mono_ms(), self.clock.j());
        let linear = if self.release.syn_is_linear() { 4 } else { 0 };
        let longest = 120 * self.clock.hz;
        let sock = self.sock_mut(id);
        sock.syns += 1;
        (sock.syn_sent_ms, sock.syn_sent_j) = (now, j);
        if sock.syns > linear + 1 {
            sock.rto.jiffies = (sock.rto.jiffies * 2).min(longest);
        }
        let timeout = sock.rto.jiffies;
        let key = self.start_timer(TimerOf::Syn(id), None, timeout);
        self.sock_mut(id).timer = Some(key);
    }

    fn gives_syn_up(&self, id: usize) -> bool {
        let sock = self.sock(id);
        let retries = self.knobs.syn_retries;
        if !self.release.syn_is_linear() {
            return sock.syns > retries;
        }
        // As long as that many doublings from one second on take, to 120 s at most.
        let doublings = retries.min(6);
        let seconds = (2 << doublings) - 1 + (retries - doublings) * 120;
        sock.syns > retries + 4
            || (sock.syns > 1 && self.clock.mono_ms() - sock.first_syn_ms >= seconds * 1_000)
    }

    /// The round trip of the handshake, if it can be told.
    fn measure_handshake(&mut self, id: usize, timestamps: bool) {
        let sock = self.sock(id);
        let waited = self.clock.mono_ms() - sock.syn_sent_ms;
        let (again, jiffies) = (sock.syns > 1, self.clock.j() - sock.syn_sent_j);
        let by_jiffies = self.release.has_calendar();
        let sock = self.sock_mut(id);
        if again && !timestamps {
            sock.rto.fall_back();
        } else if by_jiffies {
            sock.rto.sample(jiffies);
        } else if again {
            sock.rto.sample(waited.max(1) * 1_000);
        } else {
            sock.rto.sample(waited * 1_000);
        }
    }
}

/// Whether an address is a multicast one.
pub fn is_multicast(addr: u32) -> bool {
    addr >> 28 == 0xe
}
