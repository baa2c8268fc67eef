//! `bind()` and the port search that `listen()` shares with it.
//!
//! Models `inet_bind` (`net/ipv4/af_inet.c`), `inet_csk_get_port` and `inet_csk_bind_conflict`
//! (`net/ipv4/inet_connection_sock.c`). Left out: IPv6, devices, `IP_FREEBIND`, transparent
//! sockets and `ip_nonlocal_bind`.

use crate::addr::Addr;
use crate::bind_table::Owner;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::rules::{ConflictRule, SearchRule};
use crate::socket::SocketState;
use crate::verdict::{BindRefusal, Fastreuse};

/// "No remembered port" of a search; a `num_owners` that has drifted to −1 reads the same, as
/// in Linux.
const NO_SIZE: i32 = -1;
/// How often a search starts over after a conflict.
const RESTARTS: u32 = 5;
/// Ports below this one need a capability (`PROT_SOCK`).
const UNPRIVILEGED: u16 = 1024;

/// What a search for any port comes to.
enum Searched {
    /// A port without a bucket.
    Free(u16),
    /// A port with a bucket that others may share, and its owners.
    Remembered(u16, i32),
    Nothing,
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
        if (1..UNPRIVILEGED).contains(&port) && !self.world.may_bind_privileged() {
            return Err(BindRefusal::Privileged);
        }
        if record.state != SocketState::Close || record.num() != 0 {
            return Err(BindRefusal::Bound);
        }
        self.check_range(port)?;
        self.set_source(socket, addr);
        if let Err(refusal) = self.get_port(socket, port, trace) {
            self.set_source(socket, Addr::ANY);
            return Err(refusal);
        }
        let record = self.tables.socket_mut(socket);
        record.address_locked |= !addr.is_any();
        record.port_locked |= port != 0;
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
    /// `Conflict`, `Exhausted` or `NoMemory`.
    pub(crate) fn get_port(
        &mut self,
        socket: u32,
        port: u16,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        match (port, self.rules.search) {
            (0, SearchRule::FewestOwners) => self.find_port(socket, trace),
            (port, _) => self.try_port(socket, port, NO_SIZE, trace),
        }
    }

    /// Gives a socket any port, by the way of [`SearchRule::FewestOwners`].
    fn find_port(&mut self, socket: u32, trace: &mut Trace<'_>) -> Result<(), BindRefusal> {
        // Only a caller that shares ports remembers one, so that no other starts over.
        for _ in 0..=RESTARTS {
            let (port, size) = match self.search_port(socket, trace) {
                Searched::Nothing => return Err(BindRefusal::Exhausted),
                Searched::Free(port) => return self.join_port(socket, port, None, trace),
                Searched::Remembered(port, size) => (port, size),
            };
            let outcome = self.try_port(socket, port, size, trace);
            if outcome != Err(BindRefusal::Conflict) {
                return outcome;
            }
        }
        Err(BindRefusal::Conflict)
    }

    /// From a random port on: the first port without a bucket, or else the shareable one with
    /// the fewest owners; with more owners than ports in all, the first shareable one.
    fn search_port(&mut self, socket: u32, trace: &mut Trace<'_>) -> Searched {
        let (low, high) = self.sysctls.range();
        let size = u32::from(high - low) + 1;
        let random = self.world.draw();
        let first = random % size;
        trace.event(|| Event::SearchStarted { start: low + first as u16, low, high, random });
        let shares = self.tables.socket(socket).shares_port();
        let crowded = i64::from(self.tables.bind().bsockets()) > i64::from(size);
        let mut smallest = (NO_SIZE, low + first as u16);
        for step in 0..size {
            let port = low + ((first + step) % size) as u16;
            self.counters.spend(1);
            let Some(bucket) = self.tables.bind().find(port) else {
                trace.event(|| Event::SearchFree { port });
                return Searched::Free(port);
            };
            let bucket = self.tables.bind().bucket(bucket);
            let (fastreuse, num_owners) = (bucket.fastreuse(), bucket.num_owners());
            trace.event(|| Event::SearchOccupied { port, fastreuse, num_owners });
            let smaller = num_owners < smallest.0 || smallest.0 == NO_SIZE;
            if fastreuse == Fastreuse::Reusable && shares && smaller {
                smallest = (num_owners, port);
                if crowded {
                    return Searched::Remembered(port, num_owners);
                }
            }
        }
        match smallest {
            (NO_SIZE, _) => Searched::Nothing,
            (size, port) => Searched::Remembered(port, size),
        }
    }

    /// A definite port: free, shareable without a question, or shareable with everyone there.
    fn try_port(
        &mut self,
        socket: u32,
        port: u16,
        smallest_size: i32,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        trace.event(|| Event::PortTried { port, smallest_size });
        let Some(bucket) = self.tables.bind().find(port) else {
            return self.join_port(socket, port, None, trace);
        };
        let record = self.tables.bind().bucket(bucket);
        let (fastreuse, num_owners) = (record.fastreuse(), record.num_owners());
        trace.event(|| Event::PortHasBucket { fastreuse, num_owners });
        let shares = self.tables.socket(socket).shares_port();
        let welcome = fastreuse == Fastreuse::Reusable && shares && smallest_size == NO_SIZE;
        if !welcome {
            self.counters.spend(self.owners_of(bucket));
            let conflict = self.bind_conflict(socket, bucket);
            trace.event(|| Event::ConflictTested { conflict });
            if conflict {
                return Err(BindRefusal::Conflict);
            }
        }
        self.join_port(socket, port, Some(bucket), trace)
    }

    /// How many other owners a bucket with an owner has, about: as it counts them, which leaves out
    /// mini-sockets, or as many as the average one.
    pub(crate) fn owners_of(&self, bucket: u32) -> u64 {
        let counted = self.tables.bind().bucket(bucket).num_owners().max(0) as usize;
        let average = self.tables.entries() / self.tables.bind().len().max(1);
        counted.max(average).saturating_sub(1) as u64
    }

    /// Whether another owner of the bucket is in the way (`inet_csk_bind_conflict`).
    fn bind_conflict(&self, socket: u32, bucket: u32) -> bool {
        let own = self.tables.socket(socket);
        let ConflictRule::ReuseAddr = self.rules.conflict;
        self.tables.bind().owners_of(bucket).any(|owner| {
            let (reuse, listens, addr) = match owner {
                Owner::Live(id) if id == socket => return false,
                Owner::Live(id) => {
                    let other = self.tables.socket(id);
                    (other.reuse, other.state == SocketState::Listen, other.rcv_saddr)
                }
                Owner::Timewait(id) => {
                    let mini = self.tables.timewait(id);
                    (mini.reuse(), false, mini.tuple().laddr)
                }
            };
            let both_reuse = own.reuse && reuse && !listens;
            let same_addr = addr.is_any() || own.rcv_saddr.is_any() || addr == own.rcv_saddr;
            !both_reuse && same_addr
        })
    }

    /// The socket joins the port's bucket, unless it is in it already; `fastreuse` is set for a
    /// new bucket, and only ever lowered for an old one.
    fn join_port(
        &mut self,
        socket: u32,
        port: u16,
        bucket: Option<u32>,
        trace: &mut Trace<'_>,
    ) -> Result<(), BindRefusal> {
        let shares = self.tables.socket(socket).shares_port();
        let bucket = match bucket {
            Some(bucket) => {
                if !shares {
                    self.tables.lower(bucket, trace);
                }
                bucket
            }
            None if self.world.bucket_fails() => return Err(BindRefusal::NoMemory),
            None => {
                let fastreuse = if shares { Fastreuse::Reusable } else { Fastreuse::Exclusive };
                self.tables.create_bucket(port, fastreuse, trace)
            }
        };
        let record = self.tables.bind().bucket(bucket);
        let (fastreuse, num_owners_before) = (record.fastreuse(), record.num_owners());
        trace.event(|| Event::PortJoined { port, fastreuse, num_owners_before });
        if self.tables.socket(socket).num() == 0 {
            self.tables.join(socket, bucket);
        }
        Ok(())
    }
}
