//! Sockets, mini-sockets, bind table and established table together: what must change in step.
//!
//! Every full socket with a port, and every mini-socket, is an owner of its port's bucket; what
//! is in the established table with a local port is therefore among that bucket's owners.

use crate::addr::{Addr, Tuple};
use crate::arena::{Arena, NONE};
use crate::bind_table::{BindTable, Owner, Sole, SoleHolder};
use crate::config::Config;
use crate::established::Established;
use crate::event::{Event, Trace};
use crate::later::Map;
use crate::map::Word;
use crate::rules::{AddressRule, Rules};
use crate::socket::Socket;
use crate::timewait::Timewait;
use crate::verdict::{Fastreuse, Fastreuseport};

/// Who has a 4-tuple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Nobody,
    /// A full socket, whatever its state.
    Live,
    /// The mini-socket with that number.
    Timewait(u32),
}

/// A full socket's port, and its places in the tables. Only the tables change it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TablePlace {
    num: u16,
    /// It is in the established table, under `ehash`.
    hashed: bool,
    /// Connect gave it its port (`SOCK_CONNECT_BIND`).
    connect_bound: bool,
    ehash: u32,
    /// Its bind bucket, or [`NONE`].
    bucket: u32,
}

impl TablePlace {
    /// Without a port.
    pub(crate) const NOWHERE: TablePlace =
        TablePlace { num: 0, hashed: false, connect_bound: false, ehash: 0, bucket: NONE };

    /// The port, 0 for none.
    pub(crate) const fn num(&self) -> u16 {
        self.num
    }

    /// Connect gave it its port (`SOCK_CONNECT_BIND`).
    pub(crate) const fn connect_bound(&self) -> bool {
        self.connect_bound
    }

    /// Its bind bucket.
    pub(crate) fn bucket(&self) -> Option<u32> {
        (self.bucket != NONE).then_some(self.bucket)
    }

    /// Its hash, if it is in the established table.
    pub(crate) fn ehash(&self) -> Option<u32> {
        self.hashed.then_some(self.ehash)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Tables {
    sockets: Arena<Socket>,
    timewaits: Arena<Timewait>,
    bind: BindTable,
    established: Established,
    /// Whether ports have a bucket for each address. Such a bucket exists while the port has an
    /// owner with that address, so that only its flags are kept, and only those that aren't −1.
    addresses: AddressRule,
    address_flags: Map<(u16, Addr), Flags>,
    counts_children: bool,
}

/// What a bucket lets others do.
pub(crate) type Flags = (Fastreuse, Fastreuseport);
impl Word for Flags {
    fn word(self) -> u64 {
        ((self.0.value() + 1) as u64) << 8 | (self.1.value() + 1) as u64
    }

    fn of(word: u64) -> Flags {
        let fastreuse = match word >> 8 {
            0 => Fastreuse::Automatic,
            1 => Fastreuse::Exclusive,
            _ => Fastreuse::Reusable,
        };
        let fastreuseport = match word as u8 {
            0 => Fastreuseport::Automatic,
            1 => Fastreuseport::Exclusive,
            2 => Fastreuseport::Any,
            _ => Fastreuseport::Strict,
        };
        (fastreuse, fastreuseport)
    }
}

/// What connect lets them do.
pub(crate) const AUTOMATIC: Flags = (Fastreuse::Automatic, Fastreuseport::Automatic);
/// What a bucket does that an accepted child or a move to another address made.
const CLOSED: Flags = (Fastreuse::Exclusive, Fastreuseport::Exclusive);

/// Entries a slot above which a port's owners are asked instead of the established table.
const CROWDED: usize = 8;

impl Tables {
    pub(crate) fn new(config: &Config, rules: &Rules) -> Tables {
        let secret = config.ehash_secret.wrapping_add(config.mix);
        Tables {
            sockets: Arena::new(),
            timewaits: Arena::new(),
            bind: BindTable::new(config.bhash_size, config.mix),
            established: Established::new(config.ehash_size, secret),
            addresses: rules.addresses,
            address_flags: Map::new(),
            counts_children: rules.counts_children,
        }
    }

    // ── looking ─────────────────────────────────────────────────

    #[inline(always)]
    pub(crate) fn bind(&self) -> &BindTable {
        &self.bind
    }

    pub(crate) fn established(&self) -> &Established {
        &self.established
    }

    #[inline(always)]
    pub(crate) fn socket(&self, id: u32) -> &Socket {
        &self.sockets[id]
    }

    /// All full sockets.
    pub(crate) fn sockets(&self) -> &Arena<Socket> {
        &self.sockets
    }

    #[inline(always)]
    pub(crate) fn timewait(&self, id: u32) -> &Timewait {
        &self.timewaits[id]
    }

    /// All mini-sockets.
    pub(crate) fn timewaits(&self) -> &Arena<Timewait> {
        &self.timewaits
    }

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
        let mut timewait = self.established.timewaits(ehash);
        if let Some(id) = timewait.find(|id| self.timewaits[*id].has(ehash, tuple)) {
            return Holder::Timewait(id);
        }
        let mut live = self.established.live(ehash);
        let taken = live.any(|id| {
            let socket = &self.sockets[id];
            socket.place.ehash == ehash && socket.tuple() == *tuple
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
        match self.bind.bucket(bucket).sole_holder(tuple) {
            SoleHolder::Nobody => Holder::Nobody,
            SoleHolder::Live => Holder::Live,
            SoleHolder::Timewait(id) => Holder::Timewait(id),
            SoleHolder::Several => self.holder_among(bucket, tuple),
        }
    }

    #[inline(never)]
    fn holder_among(&self, bucket: u32, tuple: &Tuple) -> Holder {
        if self.entries() <= CROWDED * self.established.size() as usize {
            return self.holder(self.established.hash(tuple), tuple);
        }
        let mut holder = Holder::Nobody;
        for owner in self.bind.owners_of(bucket) {
            match owner {
                Owner::Timewait(id) if self.timewaits[id].tuple() == *tuple => {
                    return Holder::Timewait(id);
                }
                Owner::Live(id) => {
                    let socket = &self.sockets[id];
                    if socket.place.hashed && socket.tuple() == *tuple {
                        holder = Holder::Live;
                    }
                }
                Owner::Timewait(_) => {}
            }
        }
        holder
    }

    /// The address that an owner has its port with.
    pub(crate) fn address_of(&self, owner: Owner) -> Addr {
        match owner {
            Owner::Live(id) => self.sockets[id].rcv_saddr,
            Owner::Timewait(id) => self.timewaits[id].tuple().laddr,
        }
    }

    /// Whether a bucket has an owner with that address: then there is a bucket for both.
    pub(crate) fn has_address(&self, bucket: u32, addr: Addr) -> bool {
        self.bind.owners_of(bucket).any(|owner| self.address_of(owner) == addr)
    }

    /// What the bucket of a port and an address lets others do.
    pub(crate) fn address_flags(&self, port: u16, addr: Addr) -> Flags {
        self.address_flags.get((port, addr)).unwrap_or(AUTOMATIC)
    }

    /// Connect made an owner.
    fn is_connect_bound(&self, owner: Owner) -> bool {
        match owner {
            Owner::Live(id) => self.sockets[id].place.connect_bound,
            Owner::Timewait(id) => self.timewaits[id].connect_bound(),
        }
    }

    /// What a look for a tuple among the owners of an average bucket costs.
    pub(crate) fn owners_asked(&self) -> u64 {
        let entries = self.entries();
        let most = (entries >> self.established.size().trailing_zeros()) + 1;
        if most == 1 {
            return 1;
        }
        (entries / self.bind.len().max(1)).clamp(1, most) as u64
    }

    // ── changing ────────────────────────────────────────────────

    /// A socket's record. Its addresses and its destination port are its own business only while
    /// it isn't in the established table.
    pub(crate) fn socket_mut(&mut self, id: u32) -> &mut Socket {
        &mut self.sockets[id]
    }

    pub(crate) fn timewait_mut(&mut self, id: u32) -> &mut Timewait {
        &mut self.timewaits[id]
    }

    #[inline]
    pub(crate) fn add_socket(&mut self, socket: Socket) -> u32 {
        self.sockets.insert(socket)
    }

    /// Takes a full socket out of all tables (`inet_csk_destroy_sock`).
    pub(crate) fn remove_socket(&mut self, id: u32) {
        debug_assert!(self.sockets[id].place.bucket == NONE);
        self.sockets.remove(id);
    }

    /// Lets a bucket repeat its sole owner again; after every change of owners or of their
    /// place in the established table.
    fn refresh_sole(&mut self, bucket: u32) {
        let (sole, tuple) = match self.bind.sole_owner(bucket) {
            None => (Sole::No, Tuple::default()),
            Some(Owner::Timewait(id)) => (Sole::Timewait, self.timewaits[id].tuple()),
            Some(Owner::Live(id)) => {
                let socket = &self.sockets[id];
                let sole = if socket.place.hashed { Sole::Live } else { Sole::Unhashed };
                (sole, socket.tuple())
            }
        };
        self.bind.repeat_sole(bucket, sole, tuple);
    }

    /// Makes a bucket for a port, as connect makes it; the caller lets an owner join at once.
    pub(crate) fn create_bucket(&mut self, port: u16, trace: &mut Trace<'_>) -> u32 {
        self.create_bucket_with(port, Fastreuse::Automatic, trace)
    }

    /// The same with another `fastreuse`.
    pub(crate) fn create_bucket_with(
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
        self.bind.count_join(bucket);
        let place = &mut self.sockets[socket].place;
        place.num = self.bind.bucket(bucket).port();
        place.bucket = bucket;
        self.bind.add_owner(bucket, Owner::Live(socket));
        self.refresh_sole(bucket);
    }

    /// The same for a socket that connect gives its port.
    pub(crate) fn join_by_connect(&mut self, socket: u32, bucket: u32) {
        self.join(socket, bucket);
        self.sockets[socket].place.connect_bound = true;
    }

    /// Lets an accepted child join its listener's bucket (`__inet_inherit_port`,
    /// `inet_hashtables.c`), which up to 2.6.32 didn't count it.
    pub(crate) fn inherit(&mut self, socket: u32, bucket: u32) {
        self.make_address(bucket, self.sockets[socket].rcv_saddr, CLOSED);
        self.join(socket, bucket);
        if !self.counts_children {
            self.bind.count_leave(bucket);
        }
    }

    /// Lets a socket leave its bucket, if it is in one (`__inet_put_port`, `inet_hashtables.c`).
    /// `sport` keeps its value.
    pub(crate) fn leave(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let record = &mut self.sockets[socket];
        let Some(bucket) = record.place.bucket() else { return };
        debug_assert!(!record.place.hashed);
        record.place.connect_bound = false;
        let (port, addr) = (std::mem::take(&mut record.place.num), record.rcv_saddr);
        record.place.bucket = NONE;
        trace.event(|| Event::PortReleased { port });
        self.bind.count_leave(bucket);
        self.bind.remove_owner(bucket, Owner::Live(socket));
        self.owner_left(bucket, addr, trace);
    }

    /// A bucket without owners goes; one with a single owner left repeats it.
    fn owner_left(&mut self, bucket: u32, addr: Addr, trace: &mut Trace<'_>) {
        self.address_left(bucket, addr);
        if self.bind.bucket(bucket).has_owners() {
            self.recover(bucket, trace);
            return self.refresh_sole(bucket);
        }
        let port = self.bind.bucket(bucket).port();
        let index = self.bind.index(port);
        trace.event(|| Event::BucketDestroyed { port, bucket: index });
        self.bind.destroy(bucket);
    }

    // ── buckets of port and address ─────────────────────────────

    /// Sets what the bucket of a port and an address lets others do.
    pub(crate) fn set_address_flags(&mut self, port: u16, addr: Addr, flags: Flags) {
        match (self.addresses, flags) {
            (AddressRule::BucketsThatRecover, AUTOMATIC) => {
                self.address_flags.remove((port, addr));
            }
            (AddressRule::BucketsThatRecover, flags) => {
                self.address_flags.insert((port, addr), flags);
            }
            _ => {}
        }
    }

    /// An owner with that address is about to join: the bucket for both is made, unless it's there.
    fn make_address(&mut self, bucket: u32, addr: Addr, flags: Flags) {
        let recovers = self.addresses == AddressRule::BucketsThatRecover;
        if recovers && !self.has_address(bucket, addr) {
            self.set_address_flags(self.bind.bucket(bucket).port(), addr, flags);
        }
    }

    /// An owner with that address left (`inet_bind2_bucket_destroy`): if all others with it were
    /// made by connect, or there are none, its bucket is as connect makes it.
    fn address_left(&mut self, bucket: u32, addr: Addr) {
        let key = (self.bind.bucket(bucket).port(), addr);
        if self.address_flags.get(key).is_none() {
            return;
        }
        let mut others = self.bind.owners_of(bucket);
        if others.all(|owner| self.address_of(owner) != addr || self.is_connect_bound(owner)) {
            self.address_flags.remove(key);
        }
    }

    /// Once all buckets of a port and an address are as connect makes them, the port's is too
    /// (`inet_bind_bucket_destroy`).
    fn recover(&mut self, bucket: u32, trace: &mut Trace<'_>) {
        let record = self.bind.bucket(bucket);
        let (port, from) = (record.port(), record.fastreuse());
        let addresses = (port, Addr::ANY)..=(port, Addr::BROADCAST);
        if self.addresses != AddressRule::BucketsThatRecover
            || record.is_automatic()
            || self.address_flags.any(addresses)
        {
            return;
        }
        trace.event(|| Event::FastreuseLowered { port, from, to: Fastreuse::Automatic });
        self.set_flags(bucket, AUTOMATIC);
    }

    /// Gives a socket another address, and with it, if it has a port, another place among the
    /// port's owners (`__inet_bhash2_update_saddr`, `inet_hashtables.c`). It has the port from a
    /// bind then: what connect gave goes before the address does.
    pub(crate) fn move_to_address(&mut self, socket: u32, addr: Addr) {
        let record = &mut self.sockets[socket];
        let old = std::mem::replace(&mut record.rcv_saddr, addr);
        record.saddr = addr;
        let Some(bucket) = record.place.bucket() else { return };
        debug_assert!(!record.place.connect_bound);
        if self.addresses != AddressRule::None {
            let owner = Owner::Live(socket);
            self.bind.remove_owner(bucket, owner);
            self.address_left(bucket, old);
            self.make_address(bucket, addr, CLOSED);
            self.bind.add_owner(bucket, owner);
        }
        self.refresh_sole(bucket);
    }

    /// Sets both flags of a bucket.
    pub(crate) fn set_flags(&mut self, bucket: u32, (fastreuse, fastreuseport): Flags) {
        self.bind.set_fastreuse(bucket, fastreuse);
        self.bind.set_fastreuseport(bucket, fastreuseport);
    }

    /// Remembers the address that goes with a bucket's `fastreuseport`.
    pub(crate) fn remember_address(&mut self, bucket: u32, addr: Addr) {
        self.bind.remember(bucket, addr);
    }

    // ── the established table ───────────────────────────────────

    /// Puts a socket with its final tuple into the established table (`__inet_hash_nolisten`).
    pub(crate) fn hash(&mut self, socket: u32) {
        let record = &mut self.sockets[socket];
        let ehash = self.established.hash(&record.tuple());
        record.place.ehash = ehash;
        record.place.hashed = true;
        let bucket = record.place.bucket;
        self.established.add_live(ehash, socket);
        self.refresh_sole(bucket);
    }

    /// Takes a socket out of the established table, if it is there (`inet_unhash`).
    pub(crate) fn unhash(&mut self, socket: u32) {
        let place = &mut self.sockets[socket].place;
        if !std::mem::take(&mut place.hashed) {
            return;
        }
        let (ehash, bucket) = (place.ehash, place.bucket);
        self.established.remove_live(ehash, socket);
        self.refresh_sole(bucket);
    }

    /// Puts a mini-socket in the place of a full socket: owner first, then both chains
    /// (`__inet_twsk_hashdance`, `inet_timewait_sock.c`).
    pub(crate) fn hash_dance(&mut self, socket: u32, mut mini: Timewait) -> u32 {
        let TablePlace { ehash, bucket, .. } = self.sockets[socket].place;
        mini.stands_at(ehash, bucket);
        let id = self.timewaits.insert(mini);
        self.bind.add_owner(bucket, Owner::Timewait(id));
        self.established.add_timewait(ehash, id);
        self.refresh_sole(bucket);
        self.unhash(socket);
        id
    }

    /// Takes a mini-socket out of both tables (`__inet_twsk_kill`, `inet_timewait_sock.c`).
    pub(crate) fn kill_timewait(&mut self, id: u32, trace: &mut Trace<'_>) {
        let (ehash, bucket) = self.timewaits[id].place();
        let addr = self.timewaits[id].tuple().laddr;
        self.established.remove_timewait(ehash, id);
        self.bind.remove_owner(bucket, Owner::Timewait(id));
        self.timewaits.remove(id);
        self.owner_left(bucket, addr, trace);
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
    fn a_live_connection_costs_130_bytes_at_most_without_the_slots() {
        let name = size_of::<u32>();
        let bytes = in_arena::<Socket>() + LINK + name + BUCKET_AND_OWNER;
        println!("{bytes} bytes");
        assert!(bytes <= 130, "{bytes}");
    }

    #[test]
    fn a_mini_socket_costs_less_than_120_bytes_without_the_slots_and_140_on_a_wheel() {
        let slot = size_of::<u8>();
        let bytes = in_arena::<Timewait>() + 2 * LINK + slot + BUCKET_AND_OWNER;
        // A wheel's slot is a word, and its lists hold sockets too.
        let on_wheel = bytes + LINK + size_of::<u64>() - slot;
        println!("{bytes} and {on_wheel} bytes");
        assert!(bytes <= 115 && on_wheel <= 130, "{bytes}");
    }

    #[test]
    fn events_and_calls_are_small() {
        println!("event {}, call {}", size_of::<Event>(), size_of::<Call>());
        assert!(size_of::<Event>() <= 64);
        assert!(size_of::<Call>() <= 24);
    }
}
