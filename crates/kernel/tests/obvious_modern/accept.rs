//! Connections that come in.

use std::cmp::Reverse;

use error99_vocabulary::Json;

use super::errno::{EAGAIN, EINVAL};
use super::holders::{LOCK_PORT, Owner, Tuple, file, state};
use super::json;
use super::machine::{Machine, fails};

impl Machine {
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
            return (EAGAIN, None);
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

    /// The listener that a SYN to that address and port reaches: one on the address, else one on
    /// any.
    pub fn listener_for(&self, laddr: u32, lport: u16) -> Option<usize> {
        let mut best: Option<(usize, bool)> = None;
        for id in self.listeners(lport) {
            let sock = self.sock(id);
            let definite = sock.rcv_saddr == laddr;
            let better = best.is_none_or(|(_, known)| definite && !known);
            if (definite || sock.rcv_saddr == 0) && better {
                best = Some((id, definite));
                if sock.reuseport && self.release.newest_listener_wins() {
                    break;
                }
            }
        }
        best.map(|(id, _)| id)
    }

    /// The listeners of a port, the one that began last first.
    fn listeners(&self, port: u16) -> Vec<usize> {
        let owners = self.buckets.get(port.into()).map(|bucket| &bucket.owners[..]);
        let mut listeners: Vec<usize> = owners
            .unwrap_or_default()
            .iter()
            .filter_map(|owner| match owner {
                Owner::Sock(id) if self.sock(*id).state == state::LISTEN => Some(*id),
                _ => None,
            })
            .collect();
        listeners.sort_by_key(|id| Reverse(self.sock(*id).listens_since));
        listeners
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
}
