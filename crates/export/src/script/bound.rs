//! What bind and listen will answer on a real kernel.

use error99_kernel::{Addr, BindRefusal, Errno, Event, Release, Reply, range_size};

use super::plan::Planner;
use super::step::ScriptStep;
use super::why::Why;

impl Planner {
    /// A port is bound to that may be one that the kernel has chosen, here or there: whether it is
    /// decides what becomes of its bucket. Of 2.6.32 the changes since then say so themselves.
    pub fn doubt_own_port(&self, step: &mut ScriptStep) {
        step.may.insert(Why::OwnPorts);
        if self.release > Release::V2_6_32 {
            step.from_here.insert(Why::OwnPorts);
        }
    }

    /// Why a bind, or a listen that needs a port, may go another way.
    pub fn bind(
        &self,
        step: &mut ScriptStep,
        (addr, port): (Addr, u16),
        reuse: bool,
        reply: Reply,
        events: &[Event],
    ) {
        let (low, high) = self.kernel.port_range();
        let range = low..=high;
        let buckets = range.clone().filter_map(|port| self.kernel.bucket(port));
        if reply.errno() == Some(Errno::EACCES) {
            step.may.insert(Why::Capability);
        }
        if events.iter().any(|event| matches!(event, Event::BindRefused(BindRefusal::NoMemory))) {
            step.may.insert(Why::Fault);
        }
        if port != 0 {
            if self.is_a_choice(port) {
                self.doubt_own_port(step);
            }
            return;
        }
        let other =
            |owner: Addr, port: u16| range.contains(&port) && owner != addr && !owner.is_any();
        let elsewhere = self.kernel.sockets().any(|s| other(s.rcv_saddr, s.num))
            || self.kernel.timewaits().any(|t| other(t.tuple.laddr, t.tuple.lport));
        if reply.errno() == Some(Errno::EADDRINUSE) && !addr.is_any() && (elsewhere || reuse) {
            step.may.insert(Why::BindAny);
        }
        if !addr.is_any() && elsewhere {
            step.from_here.insert(Why::BindAny);
        }
        let full = buckets.count() as u64 == u64::from(range_size(low, high));
        if reply.ret == 0 && full && self.is_odd() {
            step.may.insert(Why::OddRange);
        }
    }
}
