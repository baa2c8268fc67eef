//! Read-only views: what a page, a trace or a test may know about a kernel.
//!
//! Every answer is computed by the rules that the calls use; a view never decides anything.

use std::collections::BTreeSet;

use crate::addr::{Addr, Tuple};
use crate::bind_table::Owner;
use crate::call::SocketName;
use crate::kernel::Kernel;
use crate::port_walk::Judged;
use crate::question::{Asker, Asking};
use crate::rules::{AddressRule, Release};
use crate::socket::{Phase, SocketState};
use crate::sysctl::{Sysctl, SysctlValue};
use crate::timers::Forecast;
use crate::verdict::{ConnectRefusal, Fastreuse, Fastreuseport, Substate, TimewaitRefusal};

/// A full socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketView {
    /// Its name, unless it was closed and only its connection is left.
    pub name: Option<SocketName>,
    /// Source address (`saddr`).
    pub saddr: Addr,
    /// Address that it is bound to (`rcv_saddr`).
    pub rcv_saddr: Addr,
    /// Source port in its segments; keeps its value when the port is given back.
    pub sport: u16,
    /// Port that it owns (`num`); 0 for none.
    pub num: u16,
    /// Destination address; stays after a failure.
    pub daddr: Addr,
    /// Destination port.
    pub dport: u16,
    /// TCP state.
    pub state: SocketState,
    /// The user bound it to an address (`SOCK_BINDADDR_LOCK`).
    pub address_locked: bool,
    /// The user bound it to a port (`SOCK_BINDPORT_LOCK`).
    pub port_locked: bool,
    /// `SO_REUSEADDR`.
    pub reuse: bool,
    /// `SO_REUSEPORT`.
    pub reuseport: bool,
    /// `IP_BIND_ADDRESS_NO_PORT`.
    pub no_port: bool,
    /// `IP_LOCAL_PORT_RANGE`, lowest and highest port; 0 for none.
    pub window: (u16, u16),
    /// State of the socket layer above TCP.
    pub phase: Phase,
    /// Retransmission timeout in jiffies; 2.6.32 has one for all connections instead.
    pub rto: u32,
    /// Second of the last timestamped segment (`ts_recent_stamp`); 0 for none. Of the wall clock
    /// up to 3.10, monotonic in later releases.
    pub stamp: u32,
    /// Timestamps are in use on this connection.
    pub timestamps: bool,
}

impl SocketView {
    /// Its 4-tuple, with the port that it owns.
    pub const fn tuple(&self) -> Tuple {
        Tuple { laddr: self.rcv_saddr, lport: self.num, faddr: self.daddr, fport: self.dport }
    }

    /// `sk_userlocks`: 4 for the address, 8 for the port.
    pub const fn locks(&self) -> u8 {
        (self.address_locked as u8) * 4 + (self.port_locked as u8) * 8
    }
}

/// A mini-socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimewaitView {
    /// Its connection.
    pub tuple: Tuple,
    /// TIME_WAIT or FIN_WAIT2.
    pub substate: Substate,
    /// `SO_REUSEADDR` of the socket that it was.
    pub reuse: bool,
    /// `SO_REUSEPORT` of that socket, since 4.17.
    pub reuseport: bool,
    /// Second of its last timestamped segment; 0 for none.
    pub stamp: u32,
    /// When it was made or restarted, in ms since the machine's start.
    pub began_ms: u64,
    /// When the calendar will end it if nothing else happens.
    pub ends_ms: u64,
}

/// A bind bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketView {
    /// Its port.
    pub port: u16,
    /// Index of its chain.
    pub index: u32,
    /// Its `fastreuse`.
    pub fastreuse: Fastreuse,
    /// Its `fastreuseport`.
    pub fastreuseport: Fastreuseport,
    /// The address that was remembered with `fastreuseport`.
    pub fast_addr: Addr,
    /// Joins minus leaves of full sockets; accepted children only leave.
    pub num_owners: i32,
    /// Entries of its owner list.
    pub owners: u32,
    /// Mini-sockets among them.
    pub timewait_owners: u32,
}

/// An entry of a bucket's owner list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerView {
    /// A full socket.
    Live(SocketView),
    /// A mini-socket.
    Timewait(TimewaitView),
}

/// What a `connect` would meet at a port now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortState {
    /// In `ip_local_reserved_ports`: automatic choice skips it.
    Reserved,
    /// No bucket.
    Free,
    /// Bucket 0 or 1: automatic choice skips it.
    BindOwned,
    /// Bucket −1, and a live connection has this very 4-tuple.
    LiveSame,
    /// Bucket −1, this 4-tuple unused: automatic choice would share it.
    LiveOther,
    /// Bucket −1, and a mini-socket has this 4-tuple.
    Timewait {
        /// When it was made or restarted, ms.
        began_ms: u64,
        /// When the calendar will end it if nothing else happens, ms.
        ends_ms: u64,
        /// Why it wouldn't be taken over now; `None` if it would be.
        refusal: Option<TimewaitRefusal>,
    },
}

/// A route, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Source address.
    pub source: Addr,
    /// Destination, 0.0.0.0 replaced.
    pub destination: Addr,
}

impl Kernel {
    /// Milliseconds since the machine's start.
    pub const fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Wall-clock second (Unix time).
    pub fn wall_second(&self) -> u32 {
        self.clock.second()
    }

    /// Its release.
    pub fn release(&self) -> Release {
        self.rules.release
    }

    /// Ticks a second.
    pub const fn hz(&self) -> u32 {
        self.clock.tick().hz()
    }

    /// Ticks since the start, at a time in ms.
    pub const fn ticks(&self, t_ms: u64) -> u64 {
        self.clock.tick().since_start(t_ms)
    }

    /// Second of the clock that stamps are of: the wall clock up to 3.10, then the monotonic one.
    pub fn stamp_second(&self) -> u32 {
        self.clock.stamp_second(self.rules.stamps)
    }

    /// The counter TCPTIMEWAITOVERFLOW.
    pub const fn overflows(&self) -> u32 {
        self.counters.overflows()
    }

    /// A sysctl as `/proc` prints it, with a space for its tab; empty if there is none.
    #[inline]
    pub fn sysctl_text(&self, sysctl: Sysctl) -> String {
        if self.rules.has(sysctl) { self.sysctls.text(sysctl) } else { String::new() }
    }

    /// A port's buckets by address, with their flags, lowest address first; none before 6.1. Before
    /// 6.18 they have no flags, and show those of the port.
    pub fn address_buckets(&self, port: u16) -> Vec<(Addr, Fastreuse, Fastreuseport)> {
        let Some(bucket) = self.tables.bind().find(port) else { return Vec::new() };
        if self.rules.addresses == AddressRule::None {
            return Vec::new();
        }
        let record = self.tables.bind().bucket(bucket);
        let of_port = (record.fastreuse(), record.fastreuseport());
        let flags = |addr: Addr| match self.rules.addresses {
            AddressRule::BucketsThatRecover => self.tables.address_flags(port, addr),
            _ => of_port,
        };
        let owners = self.tables.bind().owners_of(bucket);
        let addrs: BTreeSet<Addr> = owners.map(|owner| self.tables.address_of(owner)).collect();
        addrs.into_iter().map(|addr| (addr, flags(addr).0, flags(addr).1)).collect()
    }

    /// The walk's shared hint; with a table of hints its first one.
    pub fn hint(&self) -> u32 {
        self.start.hint()
    }

    /// Mini-sockets, FIN_WAIT2 ones included (`tw_count`).
    pub const fn tw_count(&self) -> u32 {
        self.timers.count()
    }

    /// Pointer of the slow calendar, 0 to 7.
    pub const fn calendar_pointer(&self) -> u8 {
        self.timers.pointer()
    }

    /// `bsockets`: joins minus leaves, over all buckets; may drift below 0.
    pub fn bsockets(&self) -> i32 {
        self.tables.bind().bsockets()
    }

    /// The counter TIMEWAITRECYCLED.
    pub const fn recycled(&self) -> u32 {
        self.counters.recycled()
    }

    /// A sysctl, as `/proc` would print it.
    pub fn sysctl(&self, sysctl: Sysctl) -> SysctlValue {
        self.sysctls.read(sysctl)
    }

    /// Lowest and highest port of automatic choice.
    pub const fn port_range(&self) -> (u16, u16) {
        self.sysctls.range()
    }

    /// What a walk that was refused asked, besides what calls make and end: how many mini-sockets
    /// there are, and the second of the clock that their stamps are compared with. A refused
    /// connect changes nothing; so, with no call in between but such ones and `advance`, the same
    /// connect is refused again as long as this is the same.
    pub fn asked_by_walks(&self) -> (u32, u32) {
        (self.tw_count(), self.wall_second())
    }

    /// Slots of the bind table.
    pub fn bhash_size(&self) -> u32 {
        self.tables.bind().size()
    }

    /// What a port is masked with to find its bind chain, [`Config::mix`](crate::Config::mix) added
    /// before (`inet_bhashfn` of `include/net/inet_hashtables.h`).
    pub fn bhash_mask(&self) -> u32 {
        self.tables.bind().mask()
    }

    /// Slots of the established table.
    pub fn ehash_size(&self) -> u32 {
        self.tables.established().size()
    }

    /// Index of a port's bind chain.
    pub fn bucket_index(&self, port: u16) -> u32 {
        self.tables.bind().index(port)
    }

    /// The bind chain with that index, newest bucket first; empty if there is no such index.
    pub fn chain(&self, index: u32) -> impl Iterator<Item = BucketView> + '_ {
        self.tables.bind().chain(index).map(|id| self.bucket_view(id))
    }

    /// The bucket of a port.
    pub fn bucket(&self, port: u16) -> Option<BucketView> {
        self.tables.bind().find(port).map(|id| self.bucket_view(id))
    }

    fn bucket_view(&self, id: u32) -> BucketView {
        let bucket = self.tables.bind().bucket(id);
        BucketView {
            port: bucket.port(),
            index: self.bucket_index(bucket.port()),
            fastreuse: bucket.fastreuse(),
            fastreuseport: bucket.fastreuseport(),
            fast_addr: self.tables.bind().remembered(id),
            num_owners: bucket.num_owners(),
            owners: self.tables.bind().owners_of(id).count() as u32,
            timewait_owners: self.timewait_owners(id),
        }
    }

    /// The owners of a port, newest first.
    pub fn owners(&self, port: u16) -> impl Iterator<Item = OwnerView> + '_ {
        let forecast = self.timers.forecast();
        self.owners_at(port).map(move |owner| self.owner_view(owner, &forecast))
    }

    fn owners_at(&self, port: u16) -> impl Iterator<Item = Owner> + '_ {
        let bucket = self.tables.bind().find(port);
        bucket.into_iter().flat_map(|id| self.tables.bind().owners_of(id))
    }

    fn owner_view(&self, owner: Owner, forecast: &Forecast) -> OwnerView {
        match owner {
            Owner::Live(id) => OwnerView::Live(self.tables.socket(id).view()),
            Owner::Timewait(id) => OwnerView::Timewait(self.timewait_view(id, forecast)),
        }
    }

    fn timewait_view(&self, id: u32, forecast: &Forecast) -> TimewaitView {
        self.tables.timewait(id).view(self.ends_ms(forecast, id))
    }

    /// An open socket.
    pub fn socket(&self, s: SocketName) -> Option<SocketView> {
        self.names.get(s).map(|id| self.tables.socket(id).view())
    }

    /// All full sockets, in no particular but always the same order.
    pub fn sockets(&self) -> impl Iterator<Item = SocketView> + '_ {
        self.tables.sockets().iter().map(|(_, socket)| socket.view())
    }

    /// All mini-sockets, in no particular but always the same order.
    pub fn timewaits(&self) -> impl Iterator<Item = TimewaitView> + '_ {
        let forecast = self.timers.forecast();
        self.tables.timewaits().iter().map(move |(id, _)| self.timewait_view(id, &forecast))
    }

    /// What a `connect` from `saddr` to `daddr`:`dport` would meet at each port from `low` to
    /// `high` now, by the walk's own rules.
    pub fn survey(
        &self,
        low: u16,
        high: u16,
        saddr: Addr,
        daddr: Addr,
        dport: u16,
    ) -> impl Iterator<Item = PortState> + '_ {
        let outlook = self.outlook(saddr, daddr, dport);
        (low..=high).map(move |port| outlook.port(port))
    }

    /// The same for whoever asks for ports here and there.
    pub fn outlook(&self, saddr: Addr, daddr: Addr, dport: u16) -> Outlook<'_> {
        let want = Tuple { laddr: saddr, lport: 0, faddr: daddr, fport: dport };
        let asking = self.asking(Asker::Walk, &want);
        Outlook { kernel: self, want, asking, forecast: self.timers.forecast() }
    }

    fn port_state(&self, want: &Tuple, asking: &Asking, forecast: &Forecast) -> PortState {
        if self.sysctls.reserved().contains(want.lport) {
            return PortState::Reserved;
        }
        let slot = self.tables.bind().slot(want.lport);
        let (timewait, refusal) = match self.judge(slot, want, asking) {
            Judged::Free => return PortState::Free,
            Judged::BindOwned => return PortState::BindOwned,
            Judged::Live => return PortState::LiveSame,
            Judged::Shared { .. } => return PortState::LiveOther,
            Judged::Refused(timewait, refusal) => (timewait, Some(refusal)),
            Judged::Taken { timewait, .. } => (timewait, None),
        };
        let TimewaitView { began_ms, ends_ms, .. } = self.timewait_view(timewait, forecast);
        PortState::Timewait { began_ms, ends_ms, refusal }
    }

    /// The route that a socket without a source address would get.
    ///
    /// # Errors
    /// Why `connect` would be refused.
    pub fn route(&self, dst: Addr) -> Result<Route, ConnectRefusal> {
        self.routes.connect(Addr::ANY, dst)
    }

    /// The port-offset hash of a destination, or the number that replaces it; of 32 bits up to
    /// 4.19.
    pub fn port_offset(&self, saddr: Addr, daddr: Addr, dport: u16) -> u64 {
        let tuple = Tuple { laddr: saddr, lport: 0, faddr: daddr, fport: dport };
        self.start.hash(self.rules.start, &tuple, self.clock.period())
    }

    /// Hash of a 4-tuple in the established table, and its slot.
    pub fn established_slot(&self, tuple: &Tuple) -> (u32, u32) {
        let ehash = self.tables.established().hash(tuple);
        (ehash, self.tables.established().slot(ehash))
    }
}

/// What a `connect` to one destination would meet, and until when: the timers have been looked
/// ahead at once, for all ports that are asked for.
pub struct Outlook<'k> {
    kernel: &'k Kernel,
    want: Tuple,
    asking: Asking,
    forecast: Forecast,
}

impl Outlook<'_> {
    /// What the `connect` would meet at a port now, by the walk's own rules.
    pub fn port(&self, lport: u16) -> PortState {
        self.kernel.port_state(&Tuple { lport, ..self.want }, &self.asking, &self.forecast)
    }

    /// The owners of a port, newest first.
    pub fn owners(&self, port: u16) -> impl Iterator<Item = OwnerView> + '_ {
        self.kernel.owners_at(port).map(|owner| self.kernel.owner_view(owner, &self.forecast))
    }
}
