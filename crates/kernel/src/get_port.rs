//! `bind()` and the port search that `listen()` shares with it.
//!
//! Models `inet_bind` (`net/ipv4/af_inet.c`), `inet_csk_get_port`, `inet_csk_bind_conflict`,
//! `sk_reuseport_match` and `inet_csk_update_fastreuse` (`net/ipv4/inet_connection_sock.c`). How a
//! search for any port goes is [`crate::find_port`]'s business. Left out: IPv6, devices,
//! `IP_FREEBIND`, transparent sockets, `ip_nonlocal_bind`, and sockets of several users.

use crate::addr::Addr;
use crate::bind_table::Owner;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::rules::{AddressRule, ConflictRule, FlagRule, SearchRule};
use crate::socket::{Socket, SocketState};
use crate::tables::Flags;
use crate::verdict::{BindRefusal, Fastreuse, Fastreuseport, OwnersAsked};

/// "No remembered port" of a search; a `num_owners` that has drifted to −1 reads the same, as
/// in Linux.
pub(crate) const NO_SIZE: i32 = -1;

/// How the owners of a port are asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Two sockets with `SO_REUSEADDR` aren't in each other's way.
    pub(crate) relaxed: bool,
    /// The program named the port.
    pub(crate) named: bool,
}

/// Of the program's own choice.
const NAMED: Manner = Manner { relaxed: true, named: true };

/// How a socket comes to a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// The bucket's flags let it in.
    Welcome,
    /// The owners were asked, if there are any.
    Asked,
    /// A search for any port found it.
    Searched,
}

/// What matters of an owner in a bind.
struct Party {
    addr: Addr,
    reuse: bool,
    reuseport: bool,
    listens: bool,
}

impl Party {
    fn of(socket: &Socket) -> Party {
        Party {
            addr: socket.rcv_saddr,
            reuse: socket.reuse,
            reuseport: socket.reuseport,
            listens: socket.state == SocketState::Listen,
        }
    }

    /// They don't mind each other's address.
    fn collides(&self, other: &Party) -> bool {
        self.addr.is_any() || other.addr.is_any() || self.addr == other.addr
    }

    /// Whether another owner is in its way, were their addresses the same.
    fn minds(&self, other: &Party, manner: Manner, rule: ConflictRule) -> bool {
        let both_reuse = self.reuse && other.reuse && !other.listens;
        let both_reuseport = self.reuseport && other.reuseport;
        let Manner { relaxed, named } = manner;
        match rule {
            ConflictRule::AddressOption => !both_reuse,
            ConflictRule::EitherOption if both_reuse => !relaxed,
            ConflictRule::EitherOption => !both_reuseport,
            ConflictRule::EitherWhereNamed if both_reuse => !relaxed,
            ConflictRule::BothApart if both_reuse => !relaxed || (!named && both_reuseport),
            ConflictRule::EitherWhereNamed | ConflictRule::BothApart => !(named && both_reuseport),
        }
    }
}

impl Kernel {
    /// `bind(2)` (`inet_bind`).
    ///
    /// # Errors
    /// Why not; only a failed port search changes the socket.
    pub(crate) fn bind(
        &mut self,
        socket: u32,
        addr: Addr,
        port: u16,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        let record = self.tables.socket(socket);
        if !self.routes.can_bind(addr) {
            return Err(BindRefusal::NotLocal);
        }
        let privileged = (1..self.sysctls.unprivileged_start()).contains(&port);
        if privileged && !self.world.may_bind_privileged() {
            return Err(BindRefusal::Privileged);
        }
        if record.state != SocketState::Close || record.num() != 0 {
            return Err(BindRefusal::Bound);
        }
        self.check_range(port)?;
        let searched = port != 0 || !record.no_port;
        self.set_source(socket, addr);
        if searched && let Err(refusal) = self.get_port(socket, port, trace) {
            self.set_source(socket, Addr::ANY);
            return Err(refusal);
        }
        let record = self.tables.socket_mut(socket);
        record.locks.add(!addr.is_any(), port != 0);
        record.sport = record.num();
        record.daddr = Addr::ANY;
        record.dport = 0;
        Ok(())
    }

    /// Multicast and broadcast addresses are received on, but not sent from.
    fn set_source(&mut self, socket: u32, addr: Addr) {
        let record = self.tables.socket_mut(socket);
        record.rcv_saddr = addr;
        let unicast = !addr.is_multicast() && !addr.is_broadcast();
        record.saddr = if unicast { addr } else { Addr::ANY };
    }

    /// A search in a range that is upside down isn't carried out.
    pub(crate) fn check_range(&self, port: u16) -> Result<(), BindRefusal> {
        let (low, high) = self.sysctls.range();
        let upside_down = low > high;
        if port == 0 && upside_down { Err(BindRefusal::EmptyRange) } else { Ok(()) }
    }

    /// Gives a socket a definite port, or with port 0 any (`inet_csk_get_port`). The range must
    /// not be upside down then.
    ///
    /// # Errors
    /// A conflict, `Exhausted`, or no memory.
    pub(crate) fn get_port(
        &mut self,
        socket: u32,
        port: u16,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        match (port, self.rules.search) {
            (0, SearchRule::FewestOwners) => self.find_fewest(socket, trace),
            (0, SearchRule::FirstWithoutConflict) => self.find_unopposed(socket, false, trace),
            (0, SearchRule::LowerHalfFirst) => self.find_unopposed(socket, true, trace),
            (0, SearchRule::OddFirst) => self.find_odd_first(socket, trace),
            (port, _) => self.try_port(socket, port, NO_SIZE, trace),
        }
    }

    /// A definite port: free, shareable without a question, or shareable with everyone there.
    pub(crate) fn try_port(
        &mut self,
        socket: u32,
        port: u16,
        smallest_size: i32,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        trace.event(|| Event::PortTried { port, smallest_size });
        let bucket = self.tables.bind().find(port);
        if let Some(bucket) = bucket {
            let record = self.tables.bind().bucket(bucket);
            let (fastreuse, num_owners) = (record.fastreuse(), record.num_owners());
            let fastreuseport = record.fastreuseport();
            trace.event(|| Event::PortHasBucket { fastreuse, fastreuseport, num_owners });
        }
        self.ask_and_join(socket, port, bucket, smallest_size, trace)
    }

    /// Asks the owners of a port's bucket, unless its flags are enough, and joins it.
    pub(crate) fn ask_and_join(
        &mut self,
        socket: u32,
        port: u16,
        bucket: Option<u32>,
        smallest_size: i32,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        let Some(id) = bucket else {
            return self.join_port(socket, port, None, Came::Searched, trace);
        };
        if smallest_size == NO_SIZE && self.is_welcome(socket, id) {
            if self.rules.flags != FlagRule::Lower {
                trace.event(|| Event::ConflictTested { asked: OwnersAsked::Skipped });
            }
            return self.join_port(socket, port, bucket, Came::Welcome, trace);
        }
        self.counters.spend(self.owners_of(id));
        self.ask_owners(socket, id, trace)?;
        self.join_port(socket, port, bucket, Came::Asked, trace)
    }

    /// The owners of a named port: first those on the any address, where addresses have buckets
    /// of their own.
    fn ask_owners(
        &mut self,
        socket: u32,
        bucket: u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        if self.any_conflict(socket, bucket, NAMED) {
            trace.event(|| Event::ConflictTested { asked: OwnersAsked::AnyConflict });
            return Err(BindRefusal::AnyConflict);
        }
        let addr = self.tables.socket(socket).rcv_saddr;
        if self.address_bucket_fails(Some(bucket), addr) {
            return Err(BindRefusal::NoMemoryForAddress);
        }
        let conflict = self.bind_conflict(socket, bucket, NAMED);
        let asked = if conflict { OwnersAsked::Conflict } else { OwnersAsked::Fine };
        trace.event(|| Event::ConflictTested { asked });
        if conflict { Err(BindRefusal::Conflict) } else { Ok(()) }
    }

    /// Whether a bucket's flags alone let a socket in.
    fn is_welcome(&self, socket: u32, bucket: u32) -> bool {
        let reusable = self.tables.bind().bucket(bucket).fastreuse() == Fastreuse::Reusable;
        let shares = self.tables.socket(socket).shares_port();
        reusable && shares || self.reuseport_matches(socket, bucket)
    }

    /// Whether `SO_REUSEPORT` alone lets it in (`sk_reuseport_match`).
    pub(crate) fn reuseport_matches(&self, socket: u32, bucket: u32) -> bool {
        let (record, own) = (self.tables.bind().bucket(bucket), self.tables.socket(socket));
        own.reuseport
            && match record.fastreuseport() {
                Fastreuseport::Automatic | Fastreuseport::Exclusive => false,
                Fastreuseport::Any => true,
                Fastreuseport::Strict => {
                    let fits_any = self.rules.flags == FlagRule::WriteFitsAnyCaller;
                    let any = own.rcv_saddr.is_any() && fits_any;
                    let remembered = self.tables.bind().remembered(bucket);
                    any || remembered.is_any() || remembered == own.rcv_saddr
                }
            }
    }

    /// How many other owners a bucket with an owner has, about: as it counts them, which leaves out
    /// mini-sockets, or as many as the average one.
    pub(crate) fn owners_of(&self, bucket: u32) -> u64 {
        let counted = self.tables.bind().bucket(bucket).num_owners().max(0) as usize;
        let average = self.tables.entries() / self.tables.bind().len().max(1);
        counted.max(average).saturating_sub(1) as u64
    }

    /// Whether another owner of the bucket is in the way (`inet_csk_bind_conflict`).
    pub(crate) fn bind_conflict(&self, socket: u32, bucket: u32, manner: Manner) -> bool {
        self.conflicts(socket, bucket, manner, |_| true)
    }

    /// The same for owners on the any address alone, which since 6.1 are asked first by a socket
    /// that has an address (`inet_bhash2_addr_any_conflict`).
    pub(crate) fn any_conflict(&self, socket: u32, bucket: u32, manner: Manner) -> bool {
        self.rules.addresses != AddressRule::None
            && !self.tables.socket(socket).rcv_saddr.is_any()
            && self.conflicts(socket, bucket, manner, Addr::is_any)
    }

    fn conflicts(
        &self,
        socket: u32,
        bucket: u32,
        manner: Manner,
        asked: impl Fn(Addr) -> bool,
    ) -> bool {
        let (own, rule) = (Party::of(self.tables.socket(socket)), self.rules.conflict);
        self.tables.bind().owners_of(bucket).any(|owner| {
            let other = match owner {
                Owner::Live(id) if id == socket => return false,
                Owner::Live(id) => Party::of(self.tables.socket(id)),
                Owner::Timewait(id) => {
                    let mini = self.tables.timewait(id);
                    let addr = mini.tuple().laddr;
                    let (reuse, reuseport) = (mini.reuse(), mini.reuseport());
                    Party { addr, reuse, reuseport, listens: false }
                }
            };
            asked(other.addr) && own.collides(&other) && own.minds(&other, manner, rule)
        })
    }

    /// The socket joins the port's bucket, unless it is in it already, and the bucket's flags are
    /// set.
    pub(crate) fn join_port(
        &mut self,
        socket: u32,
        port: u16,
        bucket: Option<u32>,
        came: Came,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        if bucket.is_none() && self.world.bucket_fails() {
            return Err(BindRefusal::NoMemory);
        }
        let addr = self.tables.socket(socket).rcv_saddr;
        if came != Came::Asked && self.address_bucket_fails(bucket, addr) {
            return Err(BindRefusal::NoMemoryForAddress);
        }
        let (flags, remembers) = self.flags_after(socket, bucket, came);
        let bucket = match bucket {
            Some(bucket) => {
                self.lower(bucket, flags, trace);
                bucket
            }
            None => {
                let bucket = self.tables.create_bucket_with(port, flags.0, trace);
                self.tables.set_flags(bucket, flags);
                bucket
            }
        };
        if remembers {
            self.tables.remember_address(bucket, addr);
        }
        self.tables.set_address_flags(port, addr, flags);
        let num_owners_before = self.tables.bind().bucket(bucket).num_owners();
        let (fastreuse, fastreuseport) = flags;
        trace.event(|| Event::PortJoined { port, fastreuse, fastreuseport, num_owners_before });
        if self.tables.socket(socket).num() == 0 {
            self.tables.join(socket, bucket);
        }
        Ok(())
    }

    fn lower(&mut self, bucket: u32, flags: Flags, trace: &mut Trace<'_>) {
        let record = self.tables.bind().bucket(bucket);
        let (port, from, to) = (record.port(), record.fastreuse(), flags.0);
        if from != to {
            trace.event(|| Event::FastreuseLowered { port, from, to });
        }
        self.tables.set_flags(bucket, flags);
    }

    /// A bucket's flags once a socket has joined it, and whether the socket's address is
    /// remembered with them.
    fn flags_after(&self, socket: u32, bucket: Option<u32>, came: Came) -> (Flags, bool) {
        let own = self.tables.socket(socket);
        let (shares, reuseport) = (own.shares_port(), own.reuseport);
        let first = bucket.is_none();
        let (old, old_port) =
            bucket.map_or((Fastreuse::Exclusive, Fastreuseport::Exclusive), |id| {
                let record = self.tables.bind().bucket(id);
                (record.fastreuse(), record.fastreuseport())
            });
        let lowered = if shares { old } else { Fastreuse::Exclusive };
        let alone = if shares { Fastreuse::Reusable } else { Fastreuse::Exclusive };
        let any = if reuseport { Fastreuseport::Any } else { Fastreuseport::Exclusive };
        let written = |matches: bool| match (reuseport, matches) {
            (false, _) => (Fastreuseport::Exclusive, false),
            (true, true) => (old_port, false),
            (true, false) => (Fastreuseport::Strict, true),
        };
        let matches = bucket.is_some_and(|bucket| self.reuseport_matches(socket, bucket));
        match (self.rules.flags, first) {
            (FlagRule::Lower, true) => ((alone, Fastreuseport::Automatic), false),
            (FlagRule::Lower, false) => ((lowered, old_port), false),
            (FlagRule::LowerBoth, true) => ((alone, any), false),
            (FlagRule::LowerBoth, false) if came == Came::Welcome => ((old, old_port), false),
            (FlagRule::LowerBoth, false) if reuseport => ((lowered, old_port), false),
            (FlagRule::LowerBoth, false) => ((lowered, Fastreuseport::Exclusive), false),
            (FlagRule::WriteFitsAnyCaller | FlagRule::Write, true) => ((alone, any), reuseport),
            (FlagRule::WriteFitsAnyCaller | FlagRule::Write, false) => {
                let (port, remembers) = written(matches);
                ((lowered, port), remembers)
            }
            (FlagRule::WriteAsLater, _) => {
                let (port, remembers) = written(matches);
                ((lowered, port), remembers)
            }
        }
    }
}
