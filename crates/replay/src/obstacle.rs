//! What is in the way of an act that fails: why its ports aren't to be had.

use error99_kernel::{
    BoundCheck, Call, Each, Errno, Event, Kernel, PortState, TimewaitRefusal, Verdict, range_size,
};

use crate::frame::Ret;

/// What is in the way of an act after a change: of a walk, what most ports are refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Why.
    pub why: WhyNot,
    /// How many ports of the range are refused for that; `None` if it's about the one port that
    /// the socket was bound to.
    pub ports: Option<u32>,
}

/// Why a port isn't to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It belongs to a bind().
    Bind,
    /// The same 4-tuple is alive.
    Live,
    /// TIME_WAIT without a stamp.
    NoStamp,
    /// TIME_WAIT while `tcp_tw_reuse` is 0.
    ReuseOff,
    /// The stamp of the TIME_WAIT isn't older than a second.
    TooYoung,
    /// An owner of the port is in the way of a bind().
    Owner,
}

/// What is in the way of a bind that failed with that.
pub(crate) fn owner_in_the_way(kernel: &Kernel, port: u16, ret: Ret) -> Option<Obstacle> {
    if ret.errno() != Some(Errno::EADDRINUSE) {
        return None;
    }
    let (low, high) = kernel.port_range();
    let ports = (port == 0).then(|| range_size(low, high));
    Some(Obstacle { why: WhyNot::Owner, ports })
}

/// What is in the way of the connect that has just failed.
pub(crate) fn in_the_way(kernel: &mut Kernel, call: &Call) -> Option<Obstacle> {
    let &Call::Connect { s, dport, .. } = call else { return None };
    let socket = kernel.socket(s)?;
    if socket.num != 0 {
        // It has its one port; asked again, the kernel says the same.
        let mut why = None;
        let mut listener = Each(|event| {
            if let Event::BoundChecked(BoundCheck { verdict, .. }) = event {
                why = why_of(verdict);
            }
        });
        kernel.apply_traced(call, &mut listener);
        return why.map(|why| Obstacle { why, ports: None });
    }
    let (low, high) = kernel.port_range();
    let mut counts = [0_u32; 5];
    for state in kernel.survey(low, high, socket.rcv_saddr, socket.daddr, dport) {
        let why = match state {
            PortState::BindOwned | PortState::Reserved => Some(WhyNot::Bind),
            PortState::LiveSame => Some(WhyNot::Live),
            PortState::Timewait { refusal, .. } => refusal.map(why_of_timewait),
            PortState::Free | PortState::LiveOther => None,
        };
        if let Some(why) = why {
            counts[why as usize] += 1;
        }
    }
    let all = [WhyNot::Bind, WhyNot::Live, WhyNot::NoStamp, WhyNot::ReuseOff, WhyNot::TooYoung];
    let (why, ports) = all.into_iter().zip(counts).max_by_key(|(_, ports)| *ports)?;
    (ports > 0).then_some(Obstacle { why, ports: Some(ports) })
}

fn why_of(verdict: Verdict) -> Option<WhyNot> {
    match verdict {
        Verdict::BindOwned | Verdict::Reserved => Some(WhyNot::Bind),
        Verdict::LiveSameTuple => Some(WhyNot::Live),
        Verdict::Timewait(refusal) => Some(why_of_timewait(refusal)),
        Verdict::New | Verdict::TimewaitTaken | Verdict::Shared | Verdict::NoMemory => None,
    }
}

fn why_of_timewait(refusal: TimewaitRefusal) -> WhyNot {
    match refusal {
        TimewaitRefusal::NoStamp => WhyNot::NoStamp,
        TimewaitRefusal::ReuseOff | TimewaitRefusal::LoopbackOnly | TimewaitRefusal::HalfClosed => {
            WhyNot::ReuseOff
        }
        TimewaitRefusal::TooYoung { .. } | TimewaitRefusal::TooEarly { .. } => WhyNot::TooYoung,
    }
}
