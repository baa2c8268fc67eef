//! Buckets of ports: who joins, who leaves, and what becomes of the flags.

use super::holders::{Bucket, Owner};
use super::machine::Machine;

impl Machine {
    /// Makes the bucket of a port.
    pub fn make_bucket(&mut self, port: u16, flag: i8) {
        let bucket = Bucket {
            fastreuse: flag,
            fastreuseport: flag,
            fast_saddr: 0,
            owners: Vec::new(),
            num_owners: 0,
            addr_flags: Default::default(),
        };
        self.buckets.put(port.into(), bucket);
    }

    /// Whether a port has owners with that address.
    pub fn has_address(&self, port: u16, addr: u32) -> bool {
        let owners =
            self.buckets.get(port.into()).map(|bucket| &bucket.owners[..]).unwrap_or_default();
        owners.iter().any(|owner| self.owner_view(*owner).addr == addr)
    }

    /// How many different addresses the owners of a port have.
    pub fn addresses(&self, port: u16) -> usize {
        let mut addrs: Vec<u32> = self.buckets[usize::from(port)]
            .owners
            .iter()
            .map(|owner| self.owner_view(*owner).addr)
            .collect();
        addrs.sort_unstable();
        addrs.dedup();
        addrs.len()
    }

    /// A socket or mini-socket becomes the newest owner of a port that has a bucket.
    ///
    /// `flags` are those of a new bucket of (port, address).
    pub fn join(&mut self, port: u16, owner: Owner, flags: (i8, i8)) {
        let addr = self.owner_view(owner).addr;
        let Some(bucket) = self.buckets.get_mut(port.into()) else { return };
        bucket.owners.insert(0, owner);
        bucket.addr_flags.entry(addr).or_insert(flags);
        if let Owner::Sock(id) = owner {
            bucket.num_owners += 1;
            self.bsockets += 1;
            self.sock_mut(id).num = port;
        }
    }

    /// A socket gives its port up; `sport` keeps its value.
    pub fn leave(&mut self, id: usize) {
        let port = self.sock(id).num;
        if port == 0 {
            return;
        }
        self.drop_owner(port, Owner::Sock(id));
        let sock = self.sock_mut(id);
        sock.num = 0;
        sock.connect_bind = false;
        self.bsockets -= 1;
        if let Some(bucket) = self.buckets.get_mut(port.into()) {
            bucket.num_owners -= 1;
        }
    }

    /// Takes an owner out of its bucket, which goes with its last owner.
    pub fn drop_owner(&mut self, port: u16, owner: Owner) {
        let addr = self.owner_view(owner).addr;
        let Some(bucket) = self.buckets.get_mut(port.into()) else { return };
        bucket.owners.retain(|other| *other != owner);
        self.address_left(port, addr);
        if self.buckets[usize::from(port)].owners.is_empty() {
            self.buckets.take(port.into());
        } else if self.release.repairs_buckets() {
            self.repair_port(port);
        }
    }

    /// An owner left an address of a port: its bucket goes, or is perhaps shareable again.
    fn address_left(&mut self, port: u16, addr: u32) {
        let owners = &self.buckets[usize::from(port)].owners;
        let left: Vec<_> = owners.iter().map(|owner| self.owner_view(*owner)).collect();
        let mut left = left.iter().filter(|view| view.addr == addr).peekable();
        let gone = left.peek().is_none();
        let all_by_connect = left.all(|view| view.connect_bind);
        let flags = &mut self.buckets.get_mut(port.into()).expect("looked at above").addr_flags;
        if gone {
            flags.remove(&addr);
        } else if all_by_connect {
            flags.insert(addr, (-1, -1));
        }
    }

    /// A port all of whose addresses are shareable is shareable again.
    fn repair_port(&mut self, port: u16) {
        let bucket = self.buckets.get_mut(port.into()).expect("the caller looked");
        if bucket.addr_flags.values().all(|flags| *flags == (-1, -1)) {
            (bucket.fastreuse, bucket.fastreuseport) = (-1, -1);
        }
    }

    /// The address of a socket changes; an owner moves to the bucket of the new one.
    pub fn change_address(&mut self, id: usize, addr: u32) {
        let (port, old) = (self.sock(id).num, self.sock(id).rcv_saddr);
        let sock = self.sock_mut(id);
        (sock.saddr, sock.rcv_saddr) = (addr, addr);
        if port == 0 || !self.release.has_address_buckets() {
            return;
        }
        let flag = if self.sock(id).connect_bind { -1 } else { 0 };
        let owner = Owner::Sock(id);
        let bucket = self.buckets.get_mut(port.into()).expect("an owner has a bucket");
        let place = bucket.owners.iter().position(|other| *other == owner).unwrap_or(0);
        bucket.owners.remove(place);
        self.address_left(port, old);
        let newest = self.release.shows_address_buckets();
        let bucket = self.buckets.get_mut(port.into()).expect("looked at above");
        bucket.owners.insert(if newest { 0 } else { place }, owner);
        bucket.addr_flags.entry(addr).or_insert((flag, flag));
    }
}
