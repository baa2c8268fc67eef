//! Mini-sockets: what is left of a connection that we closed first.
//!
//! Models `tcp_time_wait` and the FIN in `tcp_timewait_state_process` (both
//! `net/ipv4/tcp_minisocks.c`). Left out: segments that restart a TIME_WAIT, RST and SYN in
//! TIME_WAIT (`tcp_rfc1337`), and what a mini-socket answers.

use crate::addr::Tuple;
use crate::arena::NONE;
use crate::bind_table::Owner;
use crate::calendar::TIMEWAIT_MS;
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::peers::PeerStamp;
use crate::question::{Asker, Asking, TimewaitSeen};
use crate::tables::Holder;
use crate::verdict::{Substate, TimewaitCause};
use crate::view::TimewaitView;

/// A mini-socket (`struct inet_timewait_sock` with `tcp_timewait_sock`).
#[derive(Clone, Debug)]
pub(crate) struct Timewait {
    began_ms: u64,
    tuple: Tuple,
    /// `tw_ts_recent_stamp`; 0 for none.
    stamp: u32,
    ts_recent: u32,
    /// `tw_timeout`: how long a restart lasts with `tcp_tw_recycle`.
    length_ms: u32,
    ehash: u32,
    bucket: u32,
    substate: Substate,
    reuse: bool,
}

impl Timewait {
    pub(crate) const fn tuple(&self) -> Tuple {
        self.tuple
    }

    /// `SO_REUSEADDR` of the socket that it was.
    pub(crate) const fn reuse(&self) -> bool {
        self.reuse
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

    /// The peer's FIN came: FIN_WAIT2 becomes TIME_WAIT, and a stamp is renewed.
    fn restart(&mut self, now_ms: u64, new: PeerStamp) {
        self.substate = Substate::TimeWait;
        self.began_ms = now_ms;
        if self.stamp != 0 {
            (self.stamp, self.ts_recent) = (new.stamp, new.ts);
        }
    }

    pub(crate) const fn view(&self, ends_ms: u64) -> TimewaitView {
        TimewaitView {
            tuple: self.tuple,
            substate: self.substate,
            reuse: self.reuse,
            stamp: self.stamp,
            began_ms: self.began_ms,
            ends_ms,
        }
    }
}

/// 3.5 times the retransmission timeout.
const fn recycle_ms(rto_ms: u32) -> u32 {
    4 * rto_ms - rto_ms / 2
}

impl Kernel {
    /// Turns a socket into a mini-socket, or closes it at once if there are too many
    /// (`tcp_time_wait`). The caller lets the socket leave its bucket afterwards.
    /// `fin_wait2_ms` is the time in FIN_WAIT2, `None` for TIME_WAIT.
    pub(crate) fn time_wait(
        &mut self,
        socket: u32,
        fin_wait2_ms: Option<u32>,
        trace: &mut Trace<'_>,
    ) {
        let record = self.tables.socket(socket);
        let tuple = record.tuple();
        let own = PeerStamp { ts: record.ts_recent, stamp: record.stamp };
        let recycled = self.remember_peer(tuple, own, trace);
        if i64::from(self.timers.count()) >= i64::from(self.sysctls.max_tw_buckets()) {
            trace.event(|| Event::TimewaitOverflow { tuple });
            return;
        }
        let recycle_ms = recycle_ms(self.world.rto_ms());
        let timeout_ms = match (fin_wait2_ms, recycled) {
            (None, false) => TIMEWAIT_MS,
            (fin_wait2_ms, _) => fin_wait2_ms.unwrap_or(0).max(recycle_ms),
        };
        let substate = if fin_wait2_ms.is_some() { Substate::FinWait2 } else { Substate::TimeWait };
        let mini = Timewait {
            began_ms: self.clock.now_ms(),
            tuple,
            stamp: own.stamp,
            ts_recent: own.ts,
            length_ms: if recycled { recycle_ms } else { TIMEWAIT_MS },
            // The tables say where it stands.
            ehash: 0,
            bucket: NONE,
            substate,
            reuse: self.tables.socket(socket).reuse,
        };
        let id = self.tables.hash_dance(socket, mini);
        self.timers.add(id, timeout_ms, self.clock.now_ms());
        trace.event(|| Event::TimewaitMade {
            tuple,
            substate,
            stamp: own.stamp,
            slot: self.timers.slot(id),
            ends_ms: self.ends_ms(id),
        });
    }

    /// When a mini-socket will end if nothing but time comes in between.
    fn ends_ms(&self, id: u32) -> u64 {
        self.timers.ends_ms(&self.timers.forecast(), id)
    }

    /// Time that a FIN_WAIT2 socket stays (`tcp_fin_time`, `include/net/tcp.h`), in ms.
    pub(crate) fn fin_time_ms(&self) -> u32 {
        recycle_ms(self.world.rto_ms()).max(self.sysctls.fin_timeout_ms())
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
        let (now_ms, new) = (self.clock.now_ms(), self.stamp_now());
        let mini = self.tables.timewait_mut(id);
        mini.restart(now_ms, new);
        let (own, length_ms) = (mini.stamps(), mini.length_ms);
        let recycled = self.remember_peer(tuple, own, trace);
        self.timers.remove(id);
        self.timers.add(id, if recycled { length_ms } else { TIMEWAIT_MS }, now_ms);
        trace.event(|| Event::TimewaitRestarted {
            tuple,
            slot: self.timers.slot(id),
            ends_ms: self.ends_ms(id),
        });
        Ok(())
    }

    /// What a segment that arrives now with a timestamp leaves behind.
    pub(crate) fn stamp_now(&self) -> PeerStamp {
        PeerStamp { ts: self.clock.jiffies(), stamp: self.clock.second() }
    }

    fn find_timewait(&self, tuple: &Tuple) -> Option<u32> {
        let bucket = self.tables.bind().find(tuple.lport)?;
        match self.tables.holder_in(bucket, tuple) {
            Holder::Timewait(id) => Some(id),
            _ => None,
        }
    }

    /// What a connect knows of its questions before it meets a mini-socket.
    pub(crate) fn asking(&self, asker: Asker) -> Asking {
        self.rules.reuse.asking(asker, self.clock.second(), self.sysctls.tw_reuse())
    }

    /// A mini-socket as a check sees it (`tcp_twsk_unique`).
    #[inline(always)]
    pub(crate) fn timewait_seen(&self, id: u32, asking: Asking) -> TimewaitSeen {
        let mini = self.tables.timewait(id);
        asking.about(mini.stamp, mini.substate)
    }

    /// Ends a mini-socket whose tuple is being taken over (`inet_twsk_deschedule`).
    pub(crate) fn deschedule(&mut self, id: u32, trace: &mut Trace<'_>) {
        self.timers.remove(id);
        self.end_timewait(id, TimewaitCause::Reuse, trace);
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
