//! Mini-sockets: what is left of a connection that we closed first.
//!
//! Models `tcp_time_wait` and `tcp_timewait_state_process` (both `net/ipv4/tcp_minisocks.c`).
//! Left out: what a mini-socket answers, and in 2.6.32 every segment but the FIN.

use crate::addr::Tuple;
use crate::arena::NONE;
use crate::bind_table::Owner;
use crate::call::TwSegment;
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::peers::PeerStamp;
use crate::question::{Asker, Asking, Moment, TimewaitSeen, Witness};
use crate::rules::{LimitRule, ProgramRule};
use crate::tables::Holder;
use crate::timers::Forecast;
use crate::verdict::{Substate, TimewaitCause};
use crate::view::TimewaitView;

/// A mini-socket (`struct inet_timewait_sock` with `tcp_timewait_sock`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timewait {
    began_ms: u64,
    tuple: Tuple,
    /// `tw_ts_recent_stamp`; 0 for none.
    stamp: u32,
    ts_recent: u32,
    /// `tw_entry_stamp`: monotonic ms, modulo 2^32.
    entry_ms: u32,
    /// `tw_timeout`: how long a restart lasts with `tcp_tw_recycle`, in jiffies.
    length: u32,
    ehash: u32,
    bucket: u32,
    substate: Substate,
    marks: Marks,
}

/// What a mini-socket keeps of its socket, in a byte.
#[derive(Clone, Copy, Debug, Default)]
struct Marks(u8);

impl Marks {
    /// `SO_REUSEADDR`.
    const REUSE: Marks = Marks(1);
    /// `SO_REUSEPORT`.
    const REUSEPORT: Marks = Marks(2);
    /// Connect gave it its port.
    const CONNECT_BOUND: Marks = Marks(4);
    /// It negotiated timestamps.
    const TIMESTAMPS: Marks = Marks(8);

    const fn with(self, mark: Marks, on: bool) -> Marks {
        if on { Marks(self.0 | mark.0) } else { self }
    }

    const fn has(self, mark: Marks) -> bool {
        self.0 & mark.0 != 0
    }
}

impl Timewait {
    pub(crate) const fn tuple(&self) -> Tuple {
        self.tuple
    }

    /// `SO_REUSEADDR` of the socket that it was.
    pub(crate) const fn reuse(&self) -> bool {
        self.marks.has(Marks::REUSE)
    }

    /// `SO_REUSEPORT` of the socket that it was, since 4.17.
    pub(crate) const fn reuseport(&self) -> bool {
        self.marks.has(Marks::REUSEPORT)
    }

    /// Connect gave that socket its port.
    pub(crate) const fn connect_bound(&self) -> bool {
        self.marks.has(Marks::CONNECT_BOUND)
    }

    /// Whether it has that tuple, whose hash that is.
    pub(crate) fn has(&self, ehash: u32, tuple: &Tuple) -> bool {
        self.ehash == ehash && self.tuple == *tuple
    }

    /// The hash that it is under in the established table, and its bind bucket.
    pub(crate) const fn place(&self) -> (u32, u32) {
        (self.ehash, self.bucket)
    }

    /// It takes its place in the tables.
    pub(crate) fn stands_at(&mut self, ehash: u32, bucket: u32) {
        (self.ehash, self.bucket) = (ehash, bucket);
    }

    /// What it leaves to the socket that takes its tuple over.
    pub(crate) const fn stamps(&self) -> PeerStamp {
        PeerStamp { ts: self.ts_recent, stamp: self.stamp }
    }

    /// A segment with a timestamp renews a stamp.
    fn renew(&mut self, new: PeerStamp) {
        if self.stamp != 0 {
            (self.stamp, self.ts_recent) = (new.stamp, new.ts);
        }
    }

    pub(crate) const fn view(&self, ends_ms: u64) -> TimewaitView {
        TimewaitView {
            tuple: self.tuple,
            substate: self.substate,
            reuse: self.reuse(),
            reuseport: self.reuseport(),
            stamp: self.stamp,
            began_ms: self.began_ms,
            ends_ms,
        }
    }
}

impl Witness for Timewait {
    #[inline(always)]
    fn stamp(&self) -> u32 {
        self.stamp
    }

    #[inline(always)]
    fn entry_ms(&self) -> u32 {
        self.entry_ms
    }

    #[inline(always)]
    fn substate(&self) -> Substate {
        self.substate
    }
}

/// 3.5 times the retransmission timeout.
const fn recycle_time(rto: u32) -> u32 {
    4 * rto - rto / 2
}

impl Kernel {
    /// Turns a socket into a mini-socket, or closes it at once if there are too many
    /// (`tcp_time_wait`). The caller lets the socket leave its bucket afterwards.
    /// `fin_wait2` is the time in FIN_WAIT2 in jiffies, `None` for TIME_WAIT.
    pub(crate) fn time_wait(&mut self, socket: u32, fin_wait2: Option<u32>, trace: &mut Trace<'_>) {
        let record = self.tables.socket(socket);
        let tuple = record.tuple();
        let own = PeerStamp { ts: record.ts_recent, stamp: record.stamp };
        let recycled = self.remember_peer(tuple, own, trace);
        if self.timewaits_are_full() {
            self.counters.count_overflow();
            trace.event(|| Event::TimewaitOverflow { tuple });
            return;
        }
        let (shortest, usual) = (recycle_time(self.rto(socket)), self.clock.timewait_len());
        let timeout = match (fin_wait2, recycled) {
            (None, false) => usual,
            (fin_wait2, _) => fin_wait2.unwrap_or(0).max(shortest),
        };
        let substate = if fin_wait2.is_some() { Substate::FinWait2 } else { Substate::TimeWait };
        let record = self.tables.socket(socket);
        let mini = Timewait {
            began_ms: self.clock.now_ms(),
            tuple,
            stamp: own.stamp,
            ts_recent: own.ts,
            entry_ms: self.clock.mono_ms() as u32,
            length: if recycled { shortest } else { usual },
            // The tables say where it stands.
            ehash: 0,
            bucket: NONE,
            substate,
            marks: Marks::default()
                .with(Marks::REUSE, record.reuse)
                .with(Marks::REUSEPORT, record.reuseport && self.rules.timewait.keeps_reuseport)
                .with(Marks::CONNECT_BOUND, record.place.connect_bound())
                .with(Marks::TIMESTAMPS, record.timestamps),
        };
        let id = self.tables.hash_dance(socket, mini);
        self.timers.add(id, timeout, self.clock.jiffies());
        trace.event(|| Event::TimewaitMade {
            tuple,
            substate,
            stamp: own.stamp,
            slot: self.timers.slot(id),
            ends_ms: self.ends_soon_ms(id),
            timeout,
        });
    }

    /// Whether `tcp_max_tw_buckets` allows no other mini-socket.
    fn timewaits_are_full(&self) -> bool {
        let (count, limit) = (self.timers.count(), self.sysctls.max_tw_buckets());
        match self.rules.limit {
            LimitRule::Signed => i64::from(count) >= i64::from(limit),
            LimitRule::Unsigned => count >= limit as u32,
        }
    }

    /// When a mini-socket will end if nothing but time comes in between.
    fn ends_soon_ms(&self, id: u32) -> u64 {
        self.ends_ms(&self.timers.forecast(), id)
    }

    /// The same by a forecast.
    pub(crate) fn ends_ms(&self, forecast: &Forecast, id: u32) -> u64 {
        self.clock.tick().ms(self.timers.ends(forecast, id))
    }

    /// Time that a FIN_WAIT2 socket stays (`tcp_fin_time`, `include/net/tcp.h`), in jiffies.
    pub(crate) fn fin_time(&self, socket: u32) -> u32 {
        recycle_time(self.rto(socket)).max(self.sysctls.fin_timeout())
    }

    /// Offers a stamp to the peer cache if `tcp_tw_recycle` is on; tells whether the recycle
    /// length applies, which doesn't depend on the cache taking it.
    fn remember_peer(&mut self, tuple: Tuple, own: PeerStamp, trace: &mut Trace<'_>) -> bool {
        if !self.sysctls.tw_recycle_on() || own.stamp == 0 {
            return false;
        }
        let written = self.peers.remember(tuple.faddr, own, self.clock.second());
        trace.event(|| Event::PeerRemembered { addr: tuple.faddr, stamp: own.stamp, written });
        true
    }

    /// The peer's FIN reaches a FIN_WAIT2 mini-socket.
    ///
    /// # Errors
    /// ENOENT: no mini-socket has the tuple; EINVAL: it isn't in FIN_WAIT2.
    pub(crate) fn timewait_fin(
        &mut self,
        tuple: Tuple,
        trace: &mut Trace<'_>,
    ) -> Result<(), Errno> {
        let Some(id) = self.find_timewait(&tuple) else {
            trace.event(|| Event::SegmentIgnored);
            return Err(Errno::ENOENT);
        };
        if self.tables.timewait(id).substate != Substate::FinWait2 {
            trace.event(|| Event::SegmentIgnored);
            return Err(Errno::EINVAL);
        }
        let new = self.stamp_of_segment(id);
        let (began_ms, entry_ms) = (self.clock.now_ms(), self.clock.mono_ms() as u32);
        let usual = self.clock.timewait_len();
        let mini = self.tables.timewait_mut(id);
        (mini.substate, mini.began_ms) = (Substate::TimeWait, began_ms);
        if let Some(new) = new {
            mini.renew(new);
            mini.entry_ms = entry_ms;
        }
        let (own, length) = (mini.stamps(), mini.length);
        let recycled = self.remember_peer(tuple, own, trace);
        self.restart(id, if recycled { length } else { usual }, trace);
        Ok(())
    }

    /// A mini-socket's time starts anew.
    fn restart(&mut self, id: u32, timeout: u32, trace: &mut Trace<'_>) {
        self.timers.restart(id, timeout, self.clock.jiffies());
        let mini = self.tables.timewait(id);
        let (tuple, substate) = (mini.tuple, mini.substate);
        trace.event(|| Event::TimewaitRestarted {
            tuple,
            substate,
            timeout,
            slot: self.timers.slot(id),
            ends_ms: self.ends_soon_ms(id),
        });
    }

    /// Another segment reaches a mini-socket.
    ///
    /// # Errors
    /// ENOENT: no mini-socket has the tuple.
    pub(crate) fn timewait_segment(
        &mut self,
        tuple: Tuple,
        segment: TwSegment,
        trace: &mut Trace<'_>,
    ) -> Result<(), Errno> {
        let Some(id) = self.find_timewait(&tuple) else {
            trace.event(|| Event::SegmentIgnored);
            return Err(Errno::ENOENT);
        };
        let closed = self.tables.timewait(id).substate == Substate::TimeWait;
        match segment {
            TwSegment::Rst if closed && self.sysctls.rfc1337_on() => {
                if self.rules.timewait.rst_restarts {
                    self.restart(id, self.clock.timewait_len(), trace);
                }
            }
            TwSegment::Rst => self.end_early(id, TimewaitCause::Segment, trace),
            TwSegment::Ack if closed => {
                if let Some(new) = self.stamp_of_segment(id) {
                    self.tables.timewait_mut(id).renew(new);
                }
                self.restart(id, self.clock.timewait_len(), trace);
            }
            TwSegment::OldAck if closed => self.restart(id, self.clock.timewait_len(), trace),
            TwSegment::Syn if closed && self.listener_for(tuple.laddr, tuple.lport).is_some() => {
                self.end_early(id, TimewaitCause::Segment, trace);
            }
            _ => trace.event(|| Event::SegmentIgnored),
        }
        Ok(())
    }

    /// The timestamp of a segment that reaches a mini-socket now, if it counts.
    fn stamp_of_segment(&self, id: u32) -> Option<PeerStamp> {
        let mini = self.tables.timewait(id);
        let counts = match self.rules.program {
            ProgramRule::Knows => true,
            ProgramRule::Asks => self.sysctls.timestamps_on() && mini.marks.has(Marks::TIMESTAMPS),
        };
        (counts && mini.stamp != 0).then(|| self.stamp_now())
    }

    /// What a segment that arrives now with a timestamp leaves behind.
    pub(crate) fn stamp_now(&self) -> PeerStamp {
        let stamp = self.clock.stamp_second(self.rules.stamps);
        PeerStamp { ts: self.clock.jiffies() as u32, stamp }
    }

    pub(crate) fn find_timewait(&self, tuple: &Tuple) -> Option<u32> {
        let bucket = self.tables.bind().find(tuple.lport)?;
        match self.tables.holder_in(bucket, tuple) {
            Holder::Timewait(id) => Some(id),
            _ => None,
        }
    }

    /// What a connect knows of its questions before it meets a mini-socket.
    pub(crate) fn asking(&self, asker: Asker, want: &Tuple) -> Asking {
        let moment = Moment {
            now: self.clock.stamp_second(self.rules.stamps),
            now_ms: self.clock.mono_ms() as u32,
            tw_reuse: self.sysctls.tw_reuse(),
            delay_ms: self.sysctls.tw_reuse_delay(),
        };
        self.rules.reuse.asking(asker, want, moment)
    }

    /// A mini-socket as a check sees it (`tcp_twsk_unique`).
    pub(crate) fn timewait_seen(&self, id: u32, asking: &Asking) -> TimewaitSeen {
        let mini = self.tables.timewait(id);
        asking.about(mini.stamp, mini.entry_ms, mini.substate)
    }

    /// Ends a mini-socket whose tuple is being taken over (`inet_twsk_deschedule`).
    pub(crate) fn deschedule(&mut self, id: u32, trace: &mut Trace<'_>) {
        self.end_early(id, TimewaitCause::Reuse, trace);
    }

    /// Ends a mini-socket before its time.
    pub(crate) fn end_early(&mut self, id: u32, cause: TimewaitCause, trace: &mut Trace<'_>) {
        self.timers.remove(id);
        self.end_timewait(id, cause, trace);
    }

    pub(crate) fn end_timewait(&mut self, id: u32, cause: TimewaitCause, trace: &mut Trace<'_>) {
        let (tuple, t_ms) = (self.tables.timewait(id).tuple, self.clock.now_ms());
        trace.event(|| Event::TimewaitEnded { tuple, t_ms, cause });
        self.tables.kill_timewait(id, trace);
    }

    /// The owners of a port that are mini-sockets; for views.
    pub(crate) fn timewait_owners(&self, bucket: u32) -> u32 {
        let owners = self.tables.bind().owners_of(bucket);
        owners.filter(|owner| matches!(owner, Owner::Timewait(_))).count() as u32
    }
}
