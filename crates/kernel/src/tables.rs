//! Sockets, mini-sockets, bind table and established table together: what must change in step.
//!
//! Every full socket with a port, and every mini-socket, is an owner of its port's bucket; what
//! is in the established table with a local port is therefore among that bucket's owners.

use crate::addr::Tuple;
use crate::arena::{Arena, NONE};
use crate::bind_table::{BindTable, Owner, Sole};
use crate::established::Established;
use crate::event::{Event, Trace};
use crate::socket::Socket;
use crate::timewait::Timewait;
use crate::verdict::Fastreuse;

/// Who has a 4-tuple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Nobody,
    /// A full socket, whatever its state.
    Live,
    /// The mini-socket with that number.
    Timewait(u32),
}

#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) sockets: Arena<Socket>,
    pub(crate) timewaits: Arena<Timewait>,
    pub(crate) bind: BindTable,
    pub(crate) established: Established,
}

/// Entries a slot above which a port's owners are asked instead of the established table.
const CROWDED: usize = 8;

impl Tables {
    /// Sockets and mini-sockets.
    pub(crate) fn entries(&self) -> usize {
        self.sockets.len() + self.timewaits.len()
    }

    /// Bytes that the tables take, about.
    pub(crate) fn bytes(&self) -> usize {
        let records = self.sockets.bytes() + self.timewaits.bytes();
        records + self.bind.bytes() + self.established.bytes()
    }

    /// Who has this tuple, by the established table: mini-sockets are asked first, and each
    /// chain from its newest entry on (`__inet_check_established`, `inet_hashtables.c`).
    pub(crate) fn holder(&self, ehash: u32, tuple: &Tuple) -> Holder {
        let mut timewait = self.established.timewait.chain(ehash);
        if let Some(id) = timewait.find(|id| {
            let mini = &self.timewaits[*id];
            mini.ehash == ehash && mini.tuple == *tuple
        }) {
            return Holder::Timewait(id);
        }
        let mut live = self.established.live.chain(ehash);
        let taken = live.any(|id| {
            let socket = &self.sockets[id];
            socket.ehash == ehash && socket.tuple() == *tuple
        });
        if taken { Holder::Live } else { Holder::Nobody }
    }

    /// Who has this tuple, given the bucket of its local port.
    ///
    /// Whoever is in the established table with this port is among the bucket's owners, and a
    /// tuple fixes its hash. So if the bucket has one owner, comparing its tuple gives what the
    /// table would give, without the hash; and with more owners the table is asked, or, if its
    /// chains are long, the owners are: both lists have the newest first.
    #[inline(always)]
    pub(crate) fn holder_in(&self, bucket: u32, tuple: &Tuple) -> Holder {
        let record = &self.bind.buckets[bucket];
        match record.sole {
            Sole::Live if record.tuple == *tuple => Holder::Live,
            Sole::Timewait if record.tuple == *tuple => self.sole_timewait(record.owners),
            Sole::No => self.holder_among(record.owners, tuple),
            _ => Holder::Nobody,
        }
    }

    #[inline(never)]
    fn holder_among(&self, owners: u32, tuple: &Tuple) -> Holder {
        if self.entries() <= CROWDED * self.established.size() as usize {
            return self.holder(self.established.hash(tuple), tuple);
        }
        let mut holder = Holder::Nobody;
        for owner in self.bind.owners.iter(owners).map(Owner::unpack) {
            match owner {
                Owner::Timewait(id) if self.timewaits[id].tuple == *tuple => {
                    return Holder::Timewait(id);
                }
                Owner::Live(id) => {
                    let socket = &self.sockets[id];
                    if socket.hashed && socket.tuple() == *tuple {
                        holder = Holder::Live;
                    }
                }
                Owner::Timewait(_) => {}
            }
        }
        holder
    }

    /// What a look for a tuple among the owners of an average bucket costs.
    pub(crate) fn owners_asked(&self) -> u64 {
        let owners = self.entries() / self.bind.buckets.len().max(1);
        owners.clamp(1, self.entries() / self.established.size() as usize + 1) as u64
    }

    fn sole_timewait(&self, packed: u32) -> Holder {
        match Owner::unpack(packed) {
            Owner::Timewait(id) => Holder::Timewait(id),
            Owner::Live(_) => Holder::Live,
        }
    }

    /// Lets a bucket repeat its sole owner again; after every change of owners or of their
    /// place in the established table.
    pub(crate) fn refresh_sole(&mut self, bucket: u32) {
        let (sole, tuple) = match self.bind.sole_owner(bucket) {
            None => (Sole::No, Tuple::default()),
            Some(Owner::Timewait(id)) => (Sole::Timewait, self.timewaits[id].tuple),
            Some(Owner::Live(id)) => {
                let socket = &self.sockets[id];
                let sole = if socket.hashed { Sole::Live } else { Sole::Unhashed };
                (sole, socket.tuple())
            }
        };
        let record = &mut self.bind.buckets[bucket];
        record.sole = sole;
        record.tuple = Tuple { lport: record.tuple.lport, ..tuple };
    }

    /// Makes a bucket for a port; the caller lets an owner join at once.
    pub(crate) fn create_bucket(
        &mut self,
        port: u16,
        fastreuse: Fastreuse,
        trace: &mut Trace<'_>,
    ) -> u32 {
        let bucket = self.bind.index(port);
        trace.event(|| Event::BucketCreated { port, bucket, fastreuse });
        self.bind.create(port, fastreuse)
    }

    /// Lets a socket join a bucket as a counted owner (`inet_bind_hash`, `inet_hashtables.c`).
    pub(crate) fn join(&mut self, socket: u32, bucket: u32) {
        self.bind.bsockets = self.bind.bsockets.wrapping_add(1);
        let record = &mut self.bind.buckets[bucket];
        record.num_owners = record.num_owners.wrapping_add(1);
        self.inherit(socket, bucket);
    }

    /// Lets an accepted child join its listener's bucket without being counted
    /// (`__inet_inherit_port`, `inet_hashtables.h`).
    pub(crate) fn inherit(&mut self, socket: u32, bucket: u32) {
        self.sockets[socket].num = self.bind.buckets[bucket].tuple.lport;
        self.sockets[socket].bucket = bucket;
        self.bind.add_owner(bucket, Owner::Live(socket));
        self.refresh_sole(bucket);
    }

    /// Lets a socket leave its bucket, if it is in one (`__inet_put_port`, `inet_hashtables.c`).
    /// `sport` keeps its value.
    pub(crate) fn leave(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let bucket = self.sockets[socket].bucket;
        if bucket == NONE {
            return;
        }
        debug_assert!(!self.sockets[socket].hashed);
        let port = self.sockets[socket].num;
        trace.event(|| Event::PortReleased { port });
        self.sockets[socket].num = 0;
        self.sockets[socket].bucket = NONE;
        self.bind.bsockets = self.bind.bsockets.wrapping_sub(1);
        let record = &mut self.bind.buckets[bucket];
        record.num_owners = record.num_owners.wrapping_sub(1);
        self.bind.remove_owner(bucket, Owner::Live(socket));
        self.owner_left(bucket, trace);
    }

    /// A bucket without owners goes; one with a single owner left repeats it.
    fn owner_left(&mut self, bucket: u32, trace: &mut Trace<'_>) {
        if self.bind.buckets[bucket].owners != NONE {
            return self.refresh_sole(bucket);
        }
        let port = self.bind.buckets[bucket].tuple.lport;
        let index = self.bind.index(port);
        trace.event(|| Event::BucketDestroyed { port, bucket: index });
        self.bind.destroy(bucket);
    }

    /// Puts a socket with its final tuple into the established table (`__inet_hash_nolisten`).
    pub(crate) fn hash(&mut self, socket: u32) {
        let record = &mut self.sockets[socket];
        let ehash = self.established.hash(&record.tuple());
        record.ehash = ehash;
        record.hashed = true;
        let bucket = record.bucket;
        self.established.live.insert(ehash, socket);
        self.refresh_sole(bucket);
    }

    /// Takes a socket out of the established table, if it is there (`inet_unhash`).
    pub(crate) fn unhash(&mut self, socket: u32) {
        let record = &mut self.sockets[socket];
        if !std::mem::take(&mut record.hashed) {
            return;
        }
        let (ehash, bucket) = (record.ehash, record.bucket);
        self.established.live.remove(ehash, socket);
        self.refresh_sole(bucket);
    }

    /// Puts a mini-socket in the place of a full socket: owner first, then both chains
    /// (`__inet_twsk_hashdance`, `inet_timewait_sock.c`).
    pub(crate) fn hash_dance(&mut self, socket: u32, mini: Timewait) -> u32 {
        let (ehash, bucket) = (mini.ehash, mini.bucket);
        let id = self.timewaits.insert(mini);
        self.bind.add_owner(bucket, Owner::Timewait(id));
        self.established.timewait.insert(ehash, id);
        self.refresh_sole(bucket);
        self.unhash(socket);
        id
    }

    /// Takes a mini-socket out of both tables (`__inet_twsk_kill`, `inet_timewait_sock.c`).
    pub(crate) fn kill_timewait(&mut self, id: u32, trace: &mut Trace<'_>) {
        let (ehash, bucket) = (self.timewaits[id].ehash, self.timewaits[id].bucket);
        self.established.timewait.remove(ehash, id);
        self.bind.remove_owner(bucket, Owner::Timewait(id));
        self.timewaits.remove(id);
        self.owner_left(bucket, trace);
    }
}

#[cfg(test)]
mod tests {
    use std::mem::size_of;

    use super::*;
    use crate::bind_table::Bucket;
    use crate::call::Call;
    use crate::event::Event;

    /// A record in an arena: itself and its mark. (Its number is noted only once it is free.)
    const fn in_arena<T>() -> usize {
        size_of::<T>() + size_of::<bool>()
    }

    /// An entry's link in one kind of list.
    const LINK: usize = 2 * size_of::<u32>();

    /// A bucket with its place in its chain. Owner lists have a link for each number of either
    /// kind, so that an owner costs two.
    const BUCKET_AND_OWNER: usize = in_arena::<Bucket>() + LINK + 2 * LINK;

    #[test]
    fn a_live_connection_costs_less_than_200_bytes_without_the_slots() {
        let name = size_of::<u32>();
        let bytes = in_arena::<Socket>() + LINK + name + BUCKET_AND_OWNER;
        println!("{bytes} bytes");
        assert!(bytes <= 110, "{bytes}");
    }

    #[test]
    fn a_mini_socket_costs_less_than_120_bytes_without_the_slots() {
        let bytes = in_arena::<Timewait>() + 2 * LINK + BUCKET_AND_OWNER;
        println!("{bytes} bytes");
        assert!(bytes <= 114, "{bytes}");
    }

    #[test]
    fn events_and_calls_are_small() {
        println!("event {}, call {}", size_of::<Event>(), size_of::<Call>());
        assert!(size_of::<Event>() <= 48);
        assert!(size_of::<Call>() <= 24);
    }
}
