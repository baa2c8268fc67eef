//! `connect()`, from the system call down to the port choice, and what follows it.
//!
//! Models `inet_stream_connect` (`net/ipv4/af_inet.c`), `tcp_v4_connect`
//! (`net/ipv4/tcp_ipv4.c`) and `tcp_disconnect` (`net/ipv4/tcp.c`). Left out: blocking, source
//! routes, security and xfrm checks, a second route after the port choice, and everything that
//! is sent. In 2.6.32 a program is taken to have learnt that its connection stands: a further
//! connect answers EISCONN at once, where Linux would answer 0 the first time.

use crate::addr::{Addr, Tuple};
use crate::call::Reply;
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::peers::PeerStamp;
use crate::question::{Asker, Asking};
use crate::rules::ProgramRule;
use crate::socket::{Phase, SocketState};
use crate::syn::Syn;
use crate::tables::Holder;
use crate::verdict::{BoundCheck, ConnectRefusal, EstablishedCheck, Verdict, WalkEnd};

/// `AF_UNSPEC`.
const AF_UNSPEC: u16 = 0;
/// `AF_INET`.
const AF_INET: u16 = 2;
/// Size of `sockaddr_in`.
const SOCKADDR_IN_LEN: u32 = 16;
/// Size of `sockaddr_storage`.
const SOCKADDR_LEN_MAX: u32 = 128;

/// What an earlier connect of a socket means for another one.
enum Earlier {
    /// There is none that matters.
    Nothing,
    /// Its connection stands, and the program hasn't learnt it yet.
    Stands,
    /// It is in the way, or its error is still to be told, which frees the socket.
    Refuses(ConnectRefusal),
}

/// Where a connect wants to go, as the program says it.
pub(crate) struct Target {
    pub(crate) dst: Addr,
    pub(crate) dport: u16,
    pub(crate) family: u16,
    pub(crate) addr_len: u32,
}

impl Kernel {
    /// `connect(2)` on a non-blocking socket (`inet_stream_connect`).
    pub(crate) fn connect(&mut self, socket: u32, target: &Target, trace: &mut Trace<'_>) -> Reply {
        let asks = self.rules.program == ProgramRule::Asks;
        if asks && target.addr_len > SOCKADDR_LEN_MAX {
            trace.event(|| Event::ConnectRefused(ConnectRefusal::LongAddress));
            return ConnectRefusal::LongAddress.errno().into();
        }
        if target.family == AF_UNSPEC {
            self.disconnect(socket, trace);
            return Reply::OK;
        }
        let mut steps = 0;
        let reply = match self.earlier_connect(socket) {
            Earlier::Nothing => match self.tcp_connect(socket, target, &mut steps, trace) {
                Ok(()) => {
                    self.tables.socket_mut(socket).phase = Phase::Connecting;
                    Errno::EINPROGRESS.into()
                }
                Err(errno) => errno.into(),
            },
            Earlier::Stands => {
                trace.event(|| Event::ConnectionLearnt);
                self.tables.socket_mut(socket).phase = Phase::Connected;
                Reply::OK
            }
            Earlier::Refuses(refusal) => {
                trace.event(|| Event::ConnectRefused(refusal));
                let frees = self.tables.socket(socket).phase == Phase::Connecting;
                if frees && self.tables.socket(socket).state == SocketState::Close {
                    self.disconnect(socket, trace);
                }
                refusal.errno().into()
            }
        };
        Reply { steps, ..reply }
    }

    /// What the state of the socket layer says of an earlier connect.
    fn earlier_connect(&self, socket: u32) -> Earlier {
        let record = self.tables.socket(socket);
        Earlier::Refuses(match (record.phase, record.state) {
            (Phase::Unconnected, SocketState::Close) => return Earlier::Nothing,
            (Phase::Unconnected, _) => ConnectRefusal::Listening,
            (Phase::Connected, _) => ConnectRefusal::Connected,
            (Phase::Connecting, SocketState::Close) => match record.error {
                Some(Errno::ECONNRESET) => ConnectRefusal::Reset,
                Some(Errno::ETIMEDOUT) => ConnectRefusal::TimedOut,
                _ => ConnectRefusal::Refused,
            },
            (Phase::Connecting, SocketState::SynSent) => ConnectRefusal::UnderWay,
            (Phase::Connecting, _) => return Earlier::Stands,
        })
    }

    /// `tcp_v4_connect`.
    fn tcp_connect(
        &mut self,
        socket: u32,
        target: &Target,
        steps: &mut u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), Errno> {
        self.check_and_route(socket, target, trace).map_err(|refusal| {
            trace.event(|| Event::ConnectRefused(refusal));
            refusal.errno()
        })?;
        self.set_state(socket, SocketState::SynSent, trace);
        let found = self.hash_connect(socket, steps, trace);
        let outcome = found.and_then(|()| self.send_syn(socket, trace));
        if outcome.is_err() {
            self.set_state(socket, SocketState::Close, trace);
            if self.rules.gives_source_back {
                self.give_source_back(socket);
            }
            self.tables.socket_mut(socket).dport = 0;
        }
        outcome
    }

    /// A source address that the user didn't bind goes (`inet_bhash2_reset_saddr`).
    fn give_source_back(&mut self, socket: u32) {
        if !self.tables.socket(socket).locks.address() {
            self.tables.move_to_address(socket, Addr::ANY);
        }
    }

    /// Everything in `tcp_v4_connect` before the port: checks, route, source address, and the
    /// timestamp that the socket starts from.
    fn check_and_route(
        &mut self,
        socket: u32,
        target: &Target,
        trace: &mut Trace<'_>,
    ) -> Result<(), ConnectRefusal> {
        if target.addr_len < SOCKADDR_IN_LEN {
            return Err(ConnectRefusal::ShortAddress);
        }
        if target.family != AF_INET {
            return Err(ConnectRefusal::Family);
        }
        let source = self.tables.socket(socket).saddr;
        let route = self.routes.connect(source, target.dst)?;
        if source.is_any() {
            self.tables.move_to_address(socket, route.source);
        } else {
            self.tables.socket_mut(socket).rcv_saddr = source;
        }
        trace.event(|| Event::Routed {
            source: route.source,
            destination: route.destination,
            source_filled: source.is_any(),
        });
        self.choose_stamp(socket, route.destination, trace);
        let record = self.tables.socket_mut(socket);
        record.daddr = route.destination;
        record.dport = target.dport;
        Ok(())
    }

    /// A stamp of another destination is cleared; with `tcp_tw_recycle` the peer cache may lend
    /// one. Neither touches the port choice.
    fn choose_stamp(&mut self, socket: u32, destination: Addr, trace: &mut Trace<'_>) {
        let recycle = self.sysctls.tw_recycle_on();
        let record = self.tables.socket_mut(socket);
        if record.stamp != 0 && record.daddr != destination {
            let stamp = record.stamp;
            trace.event(|| Event::StampCleared { stamp });
            (record.stamp, record.ts_recent) = (0, 0);
        }
        if !recycle || record.stamp != 0 {
            return;
        }
        if let Some(lent) = self.peers.lend(destination, self.clock.second()) {
            trace.event(|| Event::StampLent { stamp: lent.stamp });
            (record.stamp, record.ts_recent) = (lent.stamp, lent.ts);
        }
    }

    /// `inet_hash_connect` (`net/ipv4/inet_hashtables.c`): a port, by the walk or by what the
    /// socket was bound to.
    fn hash_connect(
        &mut self,
        socket: u32,
        steps: &mut u32,
        trace: &mut Trace<'_>,
    ) -> Result<(), Errno> {
        let no_port = match self.tables.socket(socket).num() {
            0 => self.port_walk(socket, steps, trace),
            _ if self.bound_connect(socket, trace) => return Ok(()),
            _ => WalkEnd::Exhausted,
        };
        match no_port {
            WalkEnd::Found => Ok(()),
            WalkEnd::NoMemory | WalkEnd::NoMemoryForAddress if self.rules.says_no_memory => {
                Err(Errno::ENOMEM)
            }
            _ => Err(Errno::EADDRNOTAVAIL),
        }
    }

    /// The part of `__inet_hash_connect` for a socket with a port of its own: the established
    /// check with `twp` = NULL. The short cut for a sole owner compares through the wrong list
    /// link and is never taken.
    fn bound_connect(&mut self, socket: u32, trace: &mut Trace<'_>) -> bool {
        let tuple = self.tables.socket(socket).tuple();
        let Some(bucket) = self.tables.socket(socket).place.bucket() else { return false };
        trace.event(|| Event::BoundStarted {
            port: tuple.lport,
            hash: self.start.hash(self.rules.start, &tuple, self.clock.period()),
            hash_forced: self.start.hash_is_forced(),
        });
        self.counters.spend(self.owners_of(bucket));
        let holder = self.tables.holder_in(bucket, &tuple);
        let verdict = match holder {
            Holder::Nobody => Verdict::Shared,
            Holder::Live => Verdict::LiveSameTuple,
            Holder::Timewait(id) => {
                let unique = self.asking(Asker::Bound, &tuple).unique(self.tables.timewait(id));
                unique.map_or_else(Verdict::Timewait, |()| Verdict::TimewaitTaken)
            }
        };
        trace.event(|| Event::BoundChecked(self.describe_bound(socket, bucket, holder, verdict)));
        if !verdict.takes_port() {
            return false;
        }
        self.tables.socket_mut(socket).sport = tuple.lport;
        self.tables.hash(socket);
        if let Holder::Timewait(id) = holder {
            self.inherit_stamp(socket, id, trace);
            self.deschedule(id, trace);
            self.counters.count_recycled();
        }
        true
    }

    fn describe_bound(
        &self,
        socket: u32,
        bucket: u32,
        holder: Holder,
        verdict: Verdict,
    ) -> BoundCheck {
        let bind = self.tables.bind();
        let record = bind.bucket(bucket);
        let tuple = self.tables.socket(socket).tuple();
        BoundCheck {
            port: record.port(),
            owners: bind.owners_of(bucket).count() as u32,
            num_owners: record.num_owners(),
            fastreuse: record.fastreuse(),
            sole_owner: bind.sole_owner(bucket).is_some(),
            oldest: bind.is_oldest(socket),
            check: self.describe_check(&tuple, holder, &self.asking(Asker::Bound, &tuple)),
            verdict,
        }
    }

    /// An established check, in full.
    #[inline]
    pub(crate) fn describe_check(
        &self,
        tuple: &Tuple,
        holder: Holder,
        asking: &Asking,
    ) -> EstablishedCheck {
        let ehash = self.tables.established().hash(tuple);
        debug_assert_eq!(holder, self.tables.holder(ehash, tuple));
        let timewait = match holder {
            Holder::Timewait(id) => Some(self.timewait_seen(id, asking)),
            _ => None,
        };
        EstablishedCheck { ehash, eslot: self.tables.established().slot(ehash), timewait }
    }

    /// A taken-over mini-socket leaves its timestamp to the socket (`tcp_twsk_unique`); its
    /// sequence number isn't modelled.
    pub(crate) fn inherit_stamp(&mut self, socket: u32, id: u32, trace: &mut Trace<'_>) {
        let PeerStamp { ts, stamp } = self.tables.timewait(id).stamps();
        let record = self.tables.socket_mut(socket);
        (record.stamp, record.ts_recent) = (stamp, ts);
        trace.event(|| Event::TimewaitInherited { stamp });
    }

    /// `connect(AF_UNSPEC)` (`tcp_disconnect`): the socket is as new, but for what the user
    /// bound, and for `sport` and `daddr`.
    pub(crate) fn disconnect(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let state = self.tables.socket(socket).state;
        if state != SocketState::Close {
            self.set_state(socket, SocketState::Close, trace);
        }
        if state == SocketState::Listen {
            self.drop_waiting(socket, trace);
        }
        self.give_source_back(socket);
        let hz = self.clock.tick().hz();
        let record = self.tables.socket_mut(socket);
        record.phase = Phase::Unconnected;
        record.dport = 0;
        record.error = None;
        if self.rules.syn.reset_by_disconnect {
            record.syn = Syn::new(hz);
        }
        (record.stamp, record.ts_recent, record.timestamps) = (0, 0, false);
    }
}
