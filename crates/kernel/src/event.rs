//! What a traced call tells: one flat value per thing that happened.
//!
//! Events are `Copy`, hold no heap, and appear in the order in which the kernel does things.
//! Nothing in the model reads them back, so that a call without a listener is as if they
//! weren't there.

use crate::addr::{Addr, Tuple};
use crate::call::SocketName;
use crate::errno::Errno;
use crate::order::WalkOrder;
use crate::socket::SocketState;
use crate::sysctl::{Sysctl, SysctlOutcome, SysctlValue};
use crate::verdict::{
    BindRefusal, BoundCheck, CalendarSlot, ConnectRefusal, Fastreuse, Fastreuseport, ListenRefusal,
    OwnersAsked, Probe, SearchMet, Substate, TimewaitCause, WalkEnd,
};

/// Hears the events of a traced call.
pub trait Sink {
    /// Called once per event, in order.
    fn event(&mut self, event: Event);

    /// Whether it wants to hear of each port that a walk looks at. A walk that tells nobody is
    /// much quicker.
    fn hears_probes(&self) -> bool {
        true
    }
}

impl Sink for Vec<Event> {
    fn event(&mut self, event: Event) {
        self.push(event);
    }
}

/// A closure as a [`Sink`].
pub struct Each<F>(pub F);

impl<F: FnMut(Event)> Sink for Each<F> {
    fn event(&mut self, event: Event) {
        (self.0)(event);
    }
}

/// The model's side of a [`Sink`]: whoever listens, or nobody.
///
/// Calls are compiled once for both, but for the search of the walk, which doesn't even ask.
pub(crate) struct Trace<'a>(Option<&'a mut dyn Sink>);

impl<'a> Trace<'a> {
    /// Nobody listens.
    pub(crate) const fn to_nobody() -> Trace<'a> {
        Trace(None)
    }

    pub(crate) fn to(sink: &'a mut dyn Sink) -> Trace<'a> {
        Trace(Some(sink))
    }

    /// Whether anybody listens for probes, which are worked out only then.
    pub(crate) fn hears_probes(&self) -> bool {
        self.0.as_ref().is_some_and(|sink| sink.hears_probes())
    }

    #[inline]
    pub(crate) fn event(&mut self, event: impl FnOnce() -> Event) {
        if let Some(sink) = &mut self.0 {
            sink.event(event());
        }
    }
}

/// One thing that happened during a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// EBADF: that name isn't open.
    NoSuchSocket {
        /// The name.
        s: SocketName,
    },
    /// The call was outside the model's limits; nothing changed.
    Problem(crate::call::Problem),

    /// `connect` ended before a port was sought.
    ConnectRefused(ConnectRefusal),
    /// The connection of an earlier `connect` stands: the program learns it here.
    ConnectionLearnt,
    /// The route was found.
    Routed {
        /// Source address from here on.
        source: Addr,
        /// Destination, 0.0.0.0 replaced.
        destination: Addr,
        /// The socket had no source, and got the route's.
        source_filled: bool,
    },
    /// The timestamp state of an earlier peer was cleared: another destination address.
    StampCleared {
        /// The stamp that went.
        stamp: u32,
    },
    /// The peer cache lent a timestamp (`tcp_tw_recycle`).
    StampLent {
        /// The peer's stamp.
        stamp: u32,
    },
    /// A socket with a port of its own connects; the port hash is worked out and ignored.
    BoundStarted {
        /// The port.
        port: u16,
        /// The port-offset hash; 0 since 4.6, which don't work it out here.
        hash: u64,
        /// It was given by `offset`.
        hash_forced: bool,
    },
    /// Its established check.
    BoundChecked(BoundCheck),
    /// Automatic choice begins.
    WalkStarted {
        /// The port-offset hash; of 32 bits up to 4.19.
        hash: u64,
        /// It was given by `offset`.
        hash_forced: bool,
        /// Which entry of the table of hints is used; 0 where one hint serves all.
        index: u16,
        /// The hint.
        hint: u32,
        /// The range, and in which order its ports are visited, from hint + hash on, or, with a
        /// table of hints, from hint + upper half of the hash on.
        order: WalkOrder,
        /// Where the walk would start if the hint were 0; the lowest port of a range that is
        /// upside down.
        home: u16,
    },
    /// A port was probed.
    Probe(Probe),
    /// Automatic choice is over.
    WalkEnded {
        /// How.
        reason: WalkEnd,
        /// Steps made, the last included.
        steps: u32,
        /// The port found.
        port: Option<u16>,
        /// The hint before.
        hint_before: u32,
        /// The hint after: raised if a port was found.
        hint_after: u32,
        /// What was drawn from 0 to 7 for the hint's least rise, since 5.18.
        drawn: Option<u32>,
    },
    /// Timestamps and sequence number of a mini-socket pass to the socket that takes its tuple.
    TimewaitInherited {
        /// The stamp.
        stamp: u32,
    },
    /// The SYN went out.
    SynSent {
        /// The connection.
        tuple: Tuple,
    },
    /// The SYN couldn't be sent.
    SynFailed {
        /// Why.
        errno: Errno,
    },
    /// The handshake is over.
    Established {
        /// Timestamps are in use on this connection.
        timestamps: bool,
    },

    /// `inet_csk_get_port` begins a search for any port.
    SearchStarted {
        /// Where it starts, as a distance from the lowest port.
        offset: u32,
        /// Ports of the ring that it goes around in.
        ports: u32,
        /// Owners are asked less strictly (`ip_autobind_reuse`).
        relaxed: bool,
        /// 0 for the whole range, 1 for its lower half, 2 for its upper half.
        half: u8,
        /// Lowest port.
        low: u16,
        /// Highest port.
        high: u16,
        /// The random number drawn for it; since 3.10 below the number of ports.
        random: u32,
    },
    /// The search met a port that has a bucket.
    SearchOccupied {
        /// The port.
        port: u16,
        /// Its bucket.
        fastreuse: Fastreuse,
        /// Its bucket.
        fastreuseport: Fastreuseport,
        /// Its `num_owners`.
        num_owners: i32,
        /// What became of it.
        met: SearchMet,
    },
    /// The search passed a reserved port.
    SearchReserved {
        /// The port.
        port: u16,
    },
    /// The search is over and found nothing.
    SearchExhausted,
    /// The search found a port without a bucket.
    SearchFree {
        /// The port.
        port: u16,
    },
    /// A definite port is examined: the caller's, or the one that a search remembered.
    PortTried {
        /// The port.
        port: u16,
        /// Fewest owners that the search met; −1 if it has no remembered port.
        smallest_size: i32,
    },
    /// That port has a bucket.
    PortHasBucket {
        /// Its `fastreuse`.
        fastreuse: Fastreuse,
        /// Its `fastreuseport`.
        fastreuseport: Fastreuseport,
        /// Its `num_owners`.
        num_owners: i32,
    },
    /// The other owners were asked (`inet_csk_bind_conflict`), or needn't be.
    ConflictTested {
        /// What came of it.
        asked: OwnersAsked,
    },
    /// The socket has its port.
    PortJoined {
        /// The port.
        port: u16,
        /// `fastreuse` afterwards.
        fastreuse: Fastreuse,
        /// `fastreuseport` afterwards.
        fastreuseport: Fastreuseport,
        /// `num_owners` before.
        num_owners_before: i32,
    },
    /// `bind` refused.
    BindRefused(BindRefusal),
    /// `listen` refused.
    ListenRefused(ListenRefusal),
    /// `listen` on a socket that listens: nothing to do.
    AlreadyListening,
    /// `accept` on something that doesn't listen.
    AcceptRefused,
    /// `close` of a connection that isn't established, or of a name that isn't open.
    CloseRefused,
    /// A segment or a FIN met nothing that it belongs to.
    SegmentIgnored,

    /// A socket's state changed.
    StateChanged {
        /// The socket, if it still has a name.
        s: Option<SocketName>,
        /// State before.
        from: SocketState,
        /// State after.
        to: SocketState,
    },
    /// A socket gave its port back.
    PortReleased {
        /// The port.
        port: u16,
    },
    /// A socket that connect or RST closed keeps its explicitly bound port.
    PortKept {
        /// The port.
        port: u16,
    },
    /// A bind bucket was made.
    BucketCreated {
        /// Its port.
        port: u16,
        /// Index of its chain.
        bucket: u32,
        /// Its `fastreuse`.
        fastreuse: Fastreuse,
    },
    /// A bind bucket lost its last owner and went.
    BucketDestroyed {
        /// Its port.
        port: u16,
        /// Index of its chain.
        bucket: u32,
    },
    /// A bucket's `fastreuse` was lowered, or went back to −1 with its last explicit owner (6.18).
    FastreuseLowered {
        /// Its port.
        port: u16,
        /// Before.
        from: Fastreuse,
        /// After.
        to: Fastreuse,
    },

    /// A mini-socket was made.
    TimewaitMade {
        /// Its connection.
        tuple: Tuple,
        /// TIME_WAIT or FIN_WAIT2.
        substate: Substate,
        /// Its stamp, 0 for none.
        stamp: u32,
        /// Where it waits.
        slot: CalendarSlot,
        /// When that slot will be emptied if nothing else happens.
        ends_ms: u64,
        /// How long it is to wait, in jiffies.
        timeout: u32,
    },
    /// The peer's FIN restarted a FIN_WAIT2 mini-socket as TIME_WAIT, or another segment its time.
    TimewaitRestarted {
        /// Its connection.
        tuple: Tuple,
        /// What it is now.
        substate: Substate,
        /// How long it is to wait, in jiffies.
        timeout: u32,
        /// Where it waits now.
        slot: CalendarSlot,
        /// When that slot will be emptied if nothing else happens.
        ends_ms: u64,
    },
    /// `tcp_max_tw_buckets` is reached: the socket is closed at once instead.
    TimewaitOverflow {
        /// The connection.
        tuple: Tuple,
    },
    /// A mini-socket ended.
    TimewaitEnded {
        /// Its connection.
        tuple: Tuple,
        /// When.
        t_ms: u64,
        /// By what.
        cause: TimewaitCause,
    },
    /// A full FIN_WAIT2 socket waits for the part of its time above 60 s.
    FinWait2Waits {
        /// When it will be looked at again.
        until_ms: u64,
    },
    /// It was looked at.
    FinWait2Checked {
        /// When.
        t_ms: u64,
        /// It goes on as a mini-socket; otherwise it is freed.
        goes_on: bool,
    },
    /// The slow calendar ticked (`inet_twdr_hangman`).
    CalendarTick {
        /// When.
        t_ms: u64,
        /// The slot that was emptied.
        slot: u8,
        /// The slot that the next tick empties.
        next: u8,
        /// Mini-sockets ended.
        ended: u32,
        /// More than 100: the pointer stays, and this turn costs 7.5 s more.
        slipped: bool,
    },
    /// The fast calendar ticked (`inet_twdr_twcal_tick`).
    FastTick {
        /// When.
        t_ms: u64,
        /// Mini-sockets ended.
        ended: u32,
    },
    /// A peer's timestamp was put into the peer cache, or was too old for it.
    PeerRemembered {
        /// The peer.
        addr: Addr,
        /// Its stamp.
        stamp: u32,
        /// The entry was changed.
        written: bool,
    },

    /// A sysctl was written.
    SysctlWritten {
        /// Which.
        sysctl: Sysctl,
        /// What is in it now.
        now: SysctlValue,
        /// How the write ended.
        outcome: SysctlOutcome,
    },
    /// The wall clock was stepped.
    WallStepped {
        /// Second before.
        from: u32,
        /// Second after.
        to: u32,
    },
    /// The port-offset hash got a new key, or a forced value came or went.
    Rekeyed,
}
