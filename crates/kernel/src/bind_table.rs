//! The bind table `bhash`: which ports have a bucket, and who owns them.
//!
//! Models `inet_bind_bucket_create`, `inet_bind_bucket_destroy`, `inet_bind_hash` and
//! `__inet_put_port` of `net/ipv4/inet_hashtables.c`, without locks and namespaces.
//!
//! A slot repeats port and class of the newest bucket of its chain, so that a walk over
//! ports that bind owns reads one array from end to end. A bucket repeats the 4-tuple of its
//! owner while it has just one: see `Sole`.

use crate::addr::{Addr, Tuple};
use crate::arena::{Arena, Lists, NONE};
use crate::hash::bhashfn;
use crate::later::Map;
use crate::verdict::{Fastreuse, Fastreuseport};

/// An entry of a bucket's owner list, packed for [`Lists`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A full socket.
    Live(u32),
    /// A mini-socket.
    Timewait(u32),
}

impl Owner {
    const fn pack(self) -> u32 {
        match self {
            Owner::Live(id) => id << 1,
            Owner::Timewait(id) => id << 1 | 1,
        }
    }

    const fn unpack(packed: u32) -> Owner {
        match packed & 1 {
            0 => Owner::Live(packed >> 1),
            _ => Owner::Timewait(packed >> 1),
        }
    }
}

/// What is known about a bucket's owners without looking at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Sole {
    /// Several owners: the established table must be asked.
    No,
    /// One owner, which isn't in the established table.
    Unhashed,
    /// One owner, a connection with the bucket's `tuple`.
    Live,
    /// One owner, a mini-socket with the bucket's `tuple`.
    Timewait,
}

/// A port in use (`struct inet_bind_bucket`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    /// Its `lport` is the bucket's port; the rest counts only for one hashed owner.
    tuple: Tuple,
    fastreuse: Fastreuse,
    fastreuseport: Fastreuseport,
    sole: Sole,
    num_owners: i32,
    /// Newest owner, packed.
    owners: u32,
}

impl Bucket {
    pub(crate) const fn port(&self) -> u16 {
        self.tuple.lport
    }

    pub(crate) const fn fastreuse(&self) -> Fastreuse {
        self.fastreuse
    }

    pub(crate) const fn fastreuseport(&self) -> Fastreuseport {
        self.fastreuseport
    }

    /// Automatic choice may share it.
    pub(crate) const fn is_automatic(&self) -> bool {
        matches!(
            (self.fastreuse, self.fastreuseport),
            (Fastreuse::Automatic, Fastreuseport::Automatic)
        )
    }

    /// Joins minus leaves of full sockets.
    pub(crate) const fn num_owners(&self) -> i32 {
        self.num_owners
    }

    /// What it repeats of its only owner.
    pub(crate) const fn sole(&self) -> (Sole, Tuple) {
        (self.sole, self.tuple)
    }

    pub(crate) const fn has_owners(&self) -> bool {
        self.owners != NONE
    }

    /// Whether its only owner has this tuple, whose local port is the bucket's.
    #[inline(always)]
    pub(crate) fn sole_holder(&self, tuple: &Tuple) -> SoleHolder {
        match self.sole {
            Sole::No => SoleHolder::Several,
            Sole::Live if self.tuple == *tuple => SoleHolder::Live,
            Sole::Timewait if self.tuple == *tuple => SoleHolder::Timewait(self.owners >> 1),
            _ => SoleHolder::Nobody,
        }
    }
}

/// Who has a tuple, as far as a bucket itself knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SoleHolder {
    Nobody,
    Live,
    /// The mini-socket with that number.
    Timewait(u32),
    /// There are several owners: the established table must be asked.
    Several,
}

/// The newest bucket of a chain, and what a walk wants to know of it first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    head: u32,
    /// The bucket's port with its class above it: one comparison tells both.
    key: u32,
}

impl Slot {
    pub(crate) const fn is_empty(self) -> bool {
        self.head == NONE
    }
}

/// A chain without a bucket.
const EMPTY: Slot = Slot { head: NONE, key: 0 };
/// Class of a bucket that automatic choice made.
const AUTOMATIC: u32 = 1 << 16;
/// Class of a bucket that bind or listen made or lowered.
const BIND_OWNED: u32 = 2 << 16;

/// The key of a bucket.
fn key(bucket: &Bucket) -> u32 {
    let class = if bucket.is_automatic() { AUTOMATIC } else { BIND_OWNED };
    class | u32::from(bucket.tuple.lport)
}

/// Ports that there are. A table with so many slots has one for each.
const PORTS: u32 = 1 << 16;

/// What a look for a port passes in its chain, for all ports at once.
pub(crate) struct Scans {
    /// Place of each port's bucket in its chain, from 1; 0 without a bucket.
    ports: Vec<u32>,
    /// Length of each chain.
    chains: Vec<u32>,
}

impl Scans {
    /// How many buckets a look for that port passes, its own included; `index` is its chain.
    pub(crate) fn of(&self, port: u16, index: u32) -> u32 {
        match self.ports[usize::from(port)] {
            0 => self.chains[index as usize],
            place => place,
        }
    }
}

/// What a walk finds at a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtPort {
    /// No bucket.
    Nothing,
    /// A bucket that isn't automatic.
    BindOwned,
    /// A bucket with `fastreuse` and `fastreuseport` −1, by number.
    Automatic(u32),
}

#[derive(Clone, Debug)]
pub(crate) struct BindTable {
    slots: Vec<Slot>,
    mix: u32,
    buckets: Arena<Bucket>,
    chains: Lists,
    /// Where a slot has several ports: the bucket of each port, or [`NONE`], so that long chains
    /// needn't be followed.
    by_port: Vec<u32>,
    owners: Lists,
    /// Joins minus leaves over all buckets.
    bsockets: i32,
    /// The addresses remembered with `fastreuseport` (`fast_rcv_saddr`), by bucket.
    fast_addrs: Map<u32, Addr>,
}

impl BindTable {
    /// `size` is a power of two.
    pub(crate) fn new(size: u32, mix: u32) -> BindTable {
        BindTable {
            slots: vec![EMPTY; size as usize],
            mix,
            buckets: Arena::new(),
            chains: Lists::default(),
            by_port: if size < PORTS { vec![NONE; PORTS as usize] } else { Vec::new() },
            owners: Lists::default(),
            bsockets: 0,
            fast_addrs: Map::new(),
        }
    }

    pub(crate) fn size(&self) -> u32 {
        self.slots.len() as u32
    }

    /// Sizes are powers of two.
    pub(crate) fn mask(&self) -> u32 {
        self.size() - 1
    }

    /// Bytes that the table takes.
    pub(crate) fn bytes(&self) -> usize {
        let slots = self.slots.len() * size_of::<Slot>() + self.by_port.len() * size_of::<u32>();
        slots + self.buckets.bytes() + self.chains.bytes() + self.owners.bytes()
    }

    /// Joins minus leaves over all buckets.
    pub(crate) const fn bsockets(&self) -> i32 {
        self.bsockets
    }

    #[inline(always)]
    pub(crate) fn bucket(&self, id: u32) -> &Bucket {
        &self.buckets[id]
    }

    /// All buckets with their numbers.
    pub(crate) fn buckets(&self) -> impl Iterator<Item = (u32, &Bucket)> {
        self.buckets.iter()
    }

    /// How many buckets there are.
    pub(crate) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Index of a port's chain (`inet_bhashfn`).
    #[inline]
    pub(crate) fn index(&self, port: u16) -> u32 {
        bhashfn(port, self.mix, self.slots.len() as u32)
    }

    /// The slot of a port.
    #[inline]
    pub(crate) fn slot(&self, port: u16) -> Slot {
        self.slots[self.index(port) as usize]
    }

    /// The slots of `len` ports from `port` on, `STRIDE` apart, in rows: the table is a ring. A row
    /// begins and ends with a slot that counts.
    pub(crate) fn slots_from<const STRIDE: usize>(
        &self,
        port: u16,
        len: u32,
    ) -> impl Iterator<Item = &[Slot]> {
        let mut at = self.index(port) as usize;
        let mut left = len as usize;
        std::iter::from_fn(move || {
            let count = (self.slots.len() - at).div_ceil(STRIDE).min(left);
            let next = at + count * STRIDE;
            let row = &self.slots[at..self.slots.len().min(next)];
            at = next & (self.slots.len() - 1);
            left -= count;
            (count > 0).then_some(row)
        })
    }

    /// How many ports from `port` on, `STRIDE` apart, bind owns, as the slots of this row tell,
    /// of which the first one counts.
    #[inline(always)]
    pub(crate) fn owned_in<const STRIDE: usize>(row: &[Slot], port: u16) -> usize {
        let keys = (BIND_OWNED | u32::from(port)..).step_by(STRIDE);
        let slots = row.iter().step_by(STRIDE);
        slots.zip(keys).take_while(|(slot, key)| slot.key == *key).count()
    }

    /// What a walk finds at a port, whose slot this is; the newest bucket of the chain is asked
    /// without leaving the slot.
    #[inline(always)]
    pub(crate) fn at(&self, Slot { head, key }: Slot, port: u16) -> AtPort {
        if key == BIND_OWNED | u32::from(port) {
            AtPort::BindOwned
        } else if key == AUTOMATIC | u32::from(port) {
            AtPort::Automatic(head)
        } else if head == NONE {
            AtPort::Nothing
        } else {
            self.behind(port)
        }
    }

    /// The same for the rest of a chain.
    #[inline(never)]
    fn behind(&self, port: u16) -> AtPort {
        match self.find(port) {
            None => AtPort::Nothing,
            Some(id) if self.buckets[id].is_automatic() => AtPort::Automatic(id),
            Some(_) => AtPort::BindOwned,
        }
    }

    /// The bucket of a port.
    pub(crate) fn find(&self, port: u16) -> Option<u32> {
        match self.by_port.get(usize::from(port)) {
            Some(bucket) => Some(*bucket).filter(|id| *id != NONE),
            None => self.chain(self.index(port)).find(|id| self.buckets[*id].tuple.lport == port),
        }
    }

    /// How many buckets of its chain a look for each port passes; `None` if each port has a chain
    /// for itself.
    pub(crate) fn scans(&self) -> Option<Scans> {
        if self.by_port.is_empty() {
            return None;
        }
        let mut scans = Scans { ports: vec![0; PORTS as usize], chains: Vec::new() };
        for index in 0..self.size() {
            let mut passed = 0;
            for id in self.chain(index) {
                passed += 1;
                scans.ports[usize::from(self.buckets[id].tuple.lport)] = passed;
            }
            scans.chains.push(passed);
        }
        Some(scans)
    }

    /// A chain, newest bucket first; empty if there is no such chain.
    pub(crate) fn chain(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        let head = self.slots.get(index as usize).map_or(NONE, |slot| slot.head);
        self.chains.iter(head)
    }

    /// The owners of a bucket, newest first.
    pub(crate) fn owners_of(&self, bucket: u32) -> impl Iterator<Item = Owner> + '_ {
        self.owners.iter(self.buckets[bucket].owners).map(Owner::unpack)
    }

    /// A bucket without owners, at the front of its chain (`inet_bind_bucket_create`).
    pub(crate) fn create(&mut self, port: u16, fastreuse: Fastreuse) -> u32 {
        let id = self.buckets.insert(Bucket {
            tuple: Tuple { lport: port, ..Tuple::default() },
            fastreuse,
            fastreuseport: Fastreuseport::Automatic,
            sole: Sole::No,
            num_owners: 0,
            owners: NONE,
        });
        let index = self.index(port) as usize;
        let slot = &mut self.slots[index];
        self.chains.push_front(&mut slot.head, id);
        self.refresh(index);
        self.note(port, id);
        id
    }

    /// Takes a bucket out of its chain (`inet_bind_bucket_destroy`).
    pub(crate) fn destroy(&mut self, id: u32) {
        let port = self.buckets[id].tuple.lport;
        let index = self.index(port) as usize;
        self.fast_addrs.remove(id);
        self.chains.remove(&mut self.slots[index].head, id);
        self.buckets.remove(id);
        self.refresh(index);
        self.note(port, NONE);
    }

    /// Notes which bucket a port has.
    fn note(&mut self, port: u16, bucket: u32) {
        if let Some(entry) = self.by_port.get_mut(usize::from(port)) {
            *entry = bucket;
        }
    }

    pub(crate) fn set_fastreuse(&mut self, id: u32, fastreuse: Fastreuse) {
        self.buckets[id].fastreuse = fastreuse;
        self.refresh(self.index(self.buckets[id].tuple.lport) as usize);
    }

    pub(crate) fn set_fastreuseport(&mut self, id: u32, fastreuseport: Fastreuseport) {
        self.buckets[id].fastreuseport = fastreuseport;
        self.refresh(self.index(self.buckets[id].tuple.lport) as usize);
    }

    /// Remembers the address that goes with `fastreuseport`.
    pub(crate) fn remember(&mut self, id: u32, addr: Addr) {
        self.fast_addrs.insert(id, addr);
    }

    /// The address remembered with a bucket's `fastreuseport`.
    pub(crate) fn remembered(&self, id: u32) -> Addr {
        self.fast_addrs.get(id).unwrap_or(Addr::ANY)
    }

    /// Lets a slot repeat its newest bucket again.
    fn refresh(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        slot.key = if slot.head == NONE { EMPTY.key } else { key(&self.buckets[slot.head]) };
    }

    /// Puts an owner to the front of a bucket's list.
    pub(crate) fn add_owner(&mut self, bucket: u32, owner: Owner) {
        self.owners.push_front(&mut self.buckets[bucket].owners, owner.pack());
    }

    /// Takes an owner off a bucket's list.
    pub(crate) fn remove_owner(&mut self, bucket: u32, owner: Owner) {
        self.owners.remove(&mut self.buckets[bucket].owners, owner.pack());
    }

    /// Counts a full socket that joins a bucket.
    pub(crate) fn count_join(&mut self, bucket: u32) {
        self.bsockets = self.bsockets.wrapping_add(1);
        let record = &mut self.buckets[bucket];
        record.num_owners = record.num_owners.wrapping_add(1);
    }

    /// Counts a full socket that leaves a bucket.
    pub(crate) fn count_leave(&mut self, bucket: u32) {
        self.bsockets = self.bsockets.wrapping_sub(1);
        let record = &mut self.buckets[bucket];
        record.num_owners = record.num_owners.wrapping_sub(1);
    }

    /// Lets a bucket repeat its only owner, or that it has none or several.
    pub(crate) fn repeat_sole(&mut self, bucket: u32, sole: Sole, tuple: Tuple) {
        let record = &mut self.buckets[bucket];
        record.sole = sole;
        record.tuple = Tuple { lport: record.tuple.lport, ..tuple };
    }

    /// Whether a full socket is a bucket's oldest owner.
    pub(crate) fn is_oldest(&self, socket: u32) -> bool {
        self.owners.next(Owner::Live(socket).pack()) == NONE
    }

    /// The owner of a bucket that has just one.
    pub(crate) fn sole_owner(&self, bucket: u32) -> Option<Owner> {
        let head = self.buckets[bucket].owners;
        (head != NONE && self.owners.next(head) == NONE).then(|| Owner::unpack(head))
    }

    /// Every slot repeats its newest bucket; for tests.
    pub(crate) fn slots_are_fresh(&self) -> bool {
        self.slots.iter().all(|slot| match slot.head {
            NONE => slot.key == EMPTY.key,
            head => slot.key == key(&self.buckets[head]),
        })
    }
}
