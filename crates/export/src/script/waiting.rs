//! Connections that wait in TIME_WAIT or FIN_WAIT2, and kernels that time them otherwise.

use std::collections::BTreeSet;

use error99_kernel::{Addr, Event, Reply, Substate, Sysctl, SysctlValue, TimewaitView, Tuple};

use super::plan::Planner;
use super::step::ScriptStep;
use super::why::Why;

/// How long a TIME_WAIT lasts on a later kernel, with some room for its timers, in ms.
const TIMEWAIT_MS: std::ops::Range<u64> = 59_000..62_000;
/// Close to `tcp_max_tw_buckets` kernels count differently.
const NEARLY_FULL: i64 = 2;

impl Planner {
    /// What the end of waiting connections means for a kernel that times them otherwise.
    pub fn ended(&self, before: &[TimewaitView]) -> Option<Why> {
        let now = self.kernel.now_ms();
        let left: BTreeSet<_> = self.kernel.timewaits().map(identity).collect();
        let half_ms = match self.kernel.sysctl(Sysctl::FinTimeout) {
            SysctlValue::One(seconds) | SysctlValue::Two(seconds, _) => {
                u64::try_from(seconds).unwrap_or(0) * 1000
            }
        };
        let otherwise = |mini: &TimewaitView| {
            let real = match mini.substate {
                Substate::TimeWait => TIMEWAIT_MS,
                Substate::FinWait2 => half_ms.saturating_sub(1_000)..half_ms + 2_000,
            };
            let age = now - mini.began_ms;
            match left.contains(&identity(*mini)) {
                true => age >= real.start,
                false => age < real.end,
            }
        };
        before.iter().any(otherwise).then_some(Why::Lifetime)
    }

    /// Marks what follows when the TIME_WAITs are about as many as there may be.
    pub fn nearly_full(&self, step: &mut ScriptStep) {
        let most = match self.kernel.sysctl(Sysctl::MaxTwBuckets) {
            SysctlValue::One(most) | SysctlValue::Two(most, _) => i64::from(most),
        };
        if i64::from(self.kernel.tw_count()) + NEARLY_FULL > most {
            step.from_here.insert(Why::MaxTimewait);
        }
    }

    /// The peer's FIN comes late: its end of the connection is closed at last.
    pub fn late_fin(&mut self, step: ScriptStep, tuple: Tuple, reply: Reply) -> ScriptStep {
        let known = self.half_closed.iter().rposition(|(known, _)| *known == tuple);
        match known {
            Some(at) if reply.ret == 0 => {
                let (_, s) = self.half_closed.remove(at);
                step.with("s", s.to_string())
            }
            _ => step.skipped((reply.ret == 0).then_some(Why::Segment)),
        }
    }
}

/// What tells a connection that waits from any other.
fn identity(mini: TimewaitView) -> (u16, Addr, Addr, u16, u64) {
    let Tuple { laddr, lport, faddr, fport } = mini.tuple;
    (lport, laddr, faddr, fport, mini.began_ms)
}

/// The connections that began to wait.
pub fn made(events: &[Event]) -> impl Iterator<Item = Tuple> {
    events.iter().filter_map(|event| match event {
        Event::TimewaitMade { tuple, .. } => Some(*tuple),
        _ => None,
    })
}
