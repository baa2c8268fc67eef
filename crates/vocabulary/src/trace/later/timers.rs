//! Mini-sockets that began to wait, and those that ended.

use error99_kernel::{Event, Tuple};

use super::{Line, Told};
use crate::Json;
use crate::trace::cause_name;

impl Told<'_> {
    /// Timers of mini-sockets that were started.
    pub(super) fn put_scheduled(&self, line: &mut Line) {
        // Events of a timer come behind one that says when it ran.
        let mut t_ms = self.kernel.now_ms();
        let mut scheduled = Vec::new();
        for event in self.events {
            let (tuple, substate, timeout, how) = match *event {
                Event::FinWait2Checked { t_ms: at_ms, .. } => {
                    t_ms = at_ms;
                    continue;
                }
                Event::TimewaitMade { tuple, substate, timeout, .. } => {
                    (tuple, substate, timeout, "new")
                }
                Event::TimewaitRestarted { tuple, substate, timeout, .. } => {
                    (tuple, substate, timeout, "rearm")
                }
                _ => continue,
            };
            let mut entries = self.timed(t_ms, &tuple);
            entries.extend([(substate as u8).into(), timeout.into(), how.into()]);
            scheduled.push(Json::List(entries));
        }
        if !scheduled.is_empty() {
            line.put("tw_sched", Json::List(scheduled));
        }
    }

    pub(super) fn put_gone(&self, line: &mut Line) {
        let ended = |event: &Event| match *event {
            Event::TimewaitEnded { tuple, t_ms, cause } => {
                let mut entries = self.timed(t_ms, &tuple);
                entries.push(cause_name(cause).into());
                Some(Json::List(entries))
            }
            _ => None,
        };
        let gone: Vec<Json> = self.events.iter().filter_map(ended).collect();
        if !gone.is_empty() {
            line.put("tw_gone_n", gone.len() as i64);
            if !self.summary {
                line.put("tw_gone", Json::List(gone));
            }
        }
    }

    /// A connection, and jiffies since the start.
    fn timed(&self, t_ms: u64, tuple: &Tuple) -> Vec<Json> {
        vec![
            (self.kernel.ticks(t_ms) as i64).into(),
            tuple.laddr.to_string().into(),
            tuple.lport.into(),
            tuple.faddr.to_string().into(),
            tuple.fport.into(),
        ]
    }
}
