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
    BindRefusal, BoundCheck, CalendarSlot, ConnectRefusal, Fastreuse, ListenRefusal, Probe,
    Substate, TimewaitCause, WalkEnd,
};

/// Hears the events of a traced call.
pub trait Sink {
    /// Called once per event, in order.
    fn event(&mut self, event: Event);
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

    /// Whether anybody listens; details that only a trace shows are worked out only then.
    pub(crate) const fn is_on(&self) -> bool {
        self.0.is_some()
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
        /// The port-offset hash.
        hash: u32,
        /// It was given by `offset`.
        hash_forced: bool,
    },
    /// Its established check.
    BoundChecked(BoundCheck),
    /// Automatic choice begins.
    WalkStarted {
        /// The port-offset hash.
        hash: u32,
        /// It was given by `offset`.
        hash_forced: bool,
        /// The shared hint.
        hint: u32,
        /// The range, and in which order its ports are visited; its offset is hint + hash,
        /// modulo 2^32.
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
        /// The hint after: + steps if a port was found.
        hint_after: u32,
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
        /// Where it starts.
        start: u16,
        /// Lowest port.
        low: u16,
        /// Highest port.
        high: u16,
        /// The random number drawn for it.
        random: u32,
    },
    /// The search met a port that has a bucket.
    SearchOccupied {
        /// The port.
        port: u16,
        /// Its bucket.
        fastreuse: Fastreuse,
        /// Its `num_owners`.
        num_owners: i32,
    },
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
        /// Its `num_owners`.
        num_owners: i32,
    },
    /// The other owners were asked (`inet_csk_bind_conflict`).
    ConflictTested {
        /// One of them is in the way.
        conflict: bool,
    },
    /// The socket has its port.
    PortJoined {
        /// The port.
        port: u16,
        /// `fastreuse` afterwards.
        fastreuse: Fastreuse,
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
    /// A bucket's `fastreuse` was lowered.
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
    },
    /// The peer's FIN restarted a FIN_WAIT2 mini-socket as TIME_WAIT.
    TimewaitRestarted {
        /// Its connection.
        tuple: Tuple,
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
