//! Whether a socket may join a port that has owners, since 4.6.

use super::holders::{Owner, Sock, state};
use super::machine::{Machine, OwnerView};

/// How strict a conflict test is.
#[derive(Clone, Copy)]
pub struct Test {
    /// Two `SO_REUSEADDR` owners may share.
    pub relax: bool,
    /// `SO_REUSEPORT` lets owners share.
    pub reuseport_ok: bool,
}

impl Machine {
    /// Whether the conflict tests may be left out.
    pub fn short_cut(&self, id: usize, port: u16) -> bool {
        let sock = self.sock(id);
        let reuses = sock.reuse && sock.state != state::LISTEN;
        (self.buckets[usize::from(port)].fastreuse > 0 && reuses) || self.reuseport_match(id, port)
    }

    /// Whether the port is shared by `SO_REUSEPORT` sockets of the caller's kind
    /// (`sk_reuseport_match`).
    pub fn reuseport_match(&self, id: usize, port: u16) -> bool {
        let (sock, bucket) = (self.sock(id), &self.buckets[usize::from(port)]);
        let addr = sock.rcv_saddr;
        let same = bucket.fast_saddr == addr
            || bucket.fast_saddr == 0
            || (addr == 0 && self.release.any_caller_matches());
        sock.reuseport && (bucket.fastreuseport == 1 || (bucket.fastreuseport == 2 && same))
    }

    /// Since 6.1: a caller with an address looks at owners on the any address first.
    pub fn any_conflict(&self, id: usize, port: u16, test: Test) -> bool {
        let sock = self.sock(id);
        self.release.has_address_buckets()
            && sock.rcv_saddr != 0
            && self.others(id, port).any(|other| other.addr == 0 && self.clash(sock, other, test))
    }

    /// Whether any owner that shares the caller's address is in the way.
    pub fn conflict(&self, id: usize, port: u16, test: Test) -> bool {
        let sock = self.sock(id);
        self.others(id, port).any(|other| {
            let meets = sock.rcv_saddr == 0 || other.addr == 0 || other.addr == sock.rcv_saddr;
            meets && self.clash(sock, other, test)
        })
    }

    /// The other owners of a port.
    fn others(&self, id: usize, port: u16) -> impl Iterator<Item = OwnerView> {
        let owners =
            self.buckets.get(port.into()).map(|bucket| &bucket.owners[..]).unwrap_or_default();
        let others = owners.iter().filter(move |owner| **owner != Owner::Sock(id));
        others.map(|owner| self.owner_view(*owner))
    }

    /// Whether two owners of one address exclude each other (`inet_bind_conflict`).
    fn clash(&self, caller: &Sock, other: OwnerView, test: Test) -> bool {
        let both_reuseport = caller.reuseport && other.reuseport;
        if caller.reuse && other.reuse && !other.listens {
            !test.relax || (!test.reuseport_ok && both_reuseport)
        } else {
            !(test.reuseport_ok && both_reuseport)
        }
    }
}
