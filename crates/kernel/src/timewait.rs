//! Mini-sockets: what is left of a connection that we closed first.
//!
//! Models `tcp_time_wait` and the FIN in `tcp_timewait_state_process` (both
//! `net/ipv4/tcp_minisocks.c`). Left out: segments that restart a TIME_WAIT, RST and SYN in
//! TIME_WAIT (`tcp_rfc1337`), and what a mini-socket answers.

use crate::addr::Tuple;
use crate::bind_table::Owner;
use crate::calendar::{TIMEWAIT_MS, calendar_slot};
use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::peers::PeerStamp;
use crate::question::{Asker, TimewaitSeen};
use crate::tables::Holder;
use crate::verdict::{Substate, TimewaitCause, TimewaitRefusal};
use crate::view::TimewaitView;

/// A mini-socket (`struct inet_timewait_sock` with `tcp_timewait_sock`).
#[derive(Clone, Debug)]
pub(crate) struct Timewait {
    pub(crate) began_ms: u64,
    pub(crate) tuple: Tuple,
    /// `tw_ts_recent_stamp`; 0 for none.
    pub(crate) stamp: u32,
    pub(crate) ts_recent: u32,
    /// `tw_timeout`: how long a restart lasts with `tcp_tw_recycle`.
    pub(crate) length_ms: u32,
    pub(crate) ehash: u32,
    pub(crate) bucket: u32,
    /// Where it waits, counted over both calendars.
    pub(crate) slot: u8,
    pub(crate) substate: Substate,
    pub(crate) reuse: bool,
}

impl Timewait {
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
        let record = &self.tables.sockets[socket];
        let tuple = record.tuple();
        let own = PeerStamp { ts: record.ts_recent, stamp: record.stamp };
        let recycled = self.remember_peer(tuple, own, trace);
        if i64::from(self.calendar.tw_count) >= i64::from(self.sysctls.max_tw_buckets) {
            trace.event(|| Event::TimewaitOverflow { tuple });
            return;
        }
        let recycle_ms = recycle_ms(self.rto_ms);
        let timeout_ms = match (fin_wait2_ms, recycled) {
            (None, false) => TIMEWAIT_MS,
            (fin_wait2_ms, _) => fin_wait2_ms.unwrap_or(0).max(recycle_ms),
        };
        let substate = if fin_wait2_ms.is_some() { Substate::FinWait2 } else { Substate::TimeWait };
        let record = &self.tables.sockets[socket];
        let mini = Timewait {
            began_ms: self.now_ms,
            tuple,
            stamp: own.stamp,
            ts_recent: own.ts,
            length_ms: if recycled { recycle_ms } else { TIMEWAIT_MS },
            ehash: record.ehash,
            bucket: record.bucket,
            slot: 0,
            substate,
            reuse: record.reuse,
        };
        let id = self.tables.hash_dance(socket, mini);
        self.schedule(id, timeout_ms);
        let slot = self.tables.timewaits[id].slot;
        trace.event(|| Event::TimewaitMade {
            tuple,
            substate,
            stamp: own.stamp,
            slot: calendar_slot(slot),
            ends_ms: self.calendar.forecast()[usize::from(slot)],
        });
    }

    /// Time that a FIN_WAIT2 socket stays (`tcp_fin_time`, `include/net/tcp.h`), in ms.
    pub(crate) fn fin_time_ms(&self) -> u32 {
        recycle_ms(self.rto_ms).max(u32::try_from(self.sysctls.fin_timeout_ms).unwrap_or(0))
    }

    /// Offers a stamp to the peer cache if `tcp_tw_recycle` is on; tells whether the recycle
    /// length applies, which doesn't depend on the cache taking it.
    fn remember_peer(&mut self, tuple: Tuple, own: PeerStamp, trace: &mut Trace<'_>) -> bool {
        if self.sysctls.tw_recycle == 0 || own.stamp == 0 {
            return false;
        }
        let written = self.peers.remember(tuple.faddr, own, self.second());
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
        if self.tables.timewaits[id].substate != Substate::FinWait2 {
            trace.event(|| Event::SegmentIgnored);
            return Err(Errno::EINVAL);
        }
        let (second, jiffies) = (self.second(), self.jiffies());
        let now_ms = self.now_ms;
        let mini = &mut self.tables.timewaits[id];
        mini.substate = Substate::TimeWait;
        mini.began_ms = now_ms;
        if mini.stamp != 0 {
            mini.stamp = second;
            mini.ts_recent = jiffies;
        }
        let (own, length_ms) =
            (PeerStamp { ts: mini.ts_recent, stamp: mini.stamp }, mini.length_ms);
        let recycled = self.remember_peer(tuple, own, trace);
        self.unschedule(id);
        self.schedule(id, if recycled { length_ms } else { TIMEWAIT_MS });
        let slot = self.tables.timewaits[id].slot;
        trace.event(|| Event::TimewaitRestarted {
            tuple,
            slot: calendar_slot(slot),
            ends_ms: self.calendar.forecast()[usize::from(slot)],
        });
        Ok(())
    }

    fn find_timewait(&self, tuple: &Tuple) -> Option<u32> {
        let bucket = self.tables.bind.find(tuple.lport)?;
        match self.tables.holder_in(bucket, tuple) {
            Holder::Timewait(id) => Some(id),
            _ => None,
        }
    }

    /// Whether a mini-socket gives its tuple to that asker (`tcp_twsk_unique`).
    ///
    /// # Errors
    /// Why not.
    #[inline(always)]
    pub(crate) fn timewait_unique(&self, id: u32, asker: Asker) -> Result<(), TimewaitRefusal> {
        self.timewait_seen(id, asker).unique()
    }

    /// A mini-socket as a check sees it.
    #[inline(always)]
    pub(crate) fn timewait_seen(&self, id: u32, asker: Asker) -> TimewaitSeen {
        let mini = &self.tables.timewaits[id];
        TimewaitSeen {
            stamp: mini.stamp,
            now: self.second(),
            substate: mini.substate,
            reuse_on: self.sysctls.tw_reuse != 0,
            asker,
        }
    }

    /// Ends a mini-socket whose tuple is being taken over (`inet_twsk_deschedule`).
    pub(crate) fn deschedule(&mut self, id: u32, trace: &mut Trace<'_>) {
        self.unschedule(id);
        self.end_timewait(id, TimewaitCause::Reuse, trace);
    }

    pub(crate) fn end_timewait(&mut self, id: u32, cause: TimewaitCause, trace: &mut Trace<'_>) {
        let (tuple, t_ms) = (self.tables.timewaits[id].tuple, self.now_ms);
        trace.event(|| Event::TimewaitEnded { tuple, t_ms, cause });
        self.tables.kill_timewait(id, trace);
    }

    /// The owners of a port that are mini-sockets; for views.
    pub(crate) fn timewait_owners(&self, bucket: u32) -> u32 {
        let owners = self.tables.bind.owners_of(bucket);
        owners.filter(|owner| matches!(owner, Owner::Timewait(_))).count() as u32
    }
}
