//! What is in the way of an act that fails: why its ports aren't to be had.

use error99_kernel::{
    BoundCheck, Call, Each, Errno, Event, Kernel, TimewaitRefusal, Verdict, range_size,
};

use crate::frame::Ret;

/// What is in the way of an act after a change: of a walk, what most ports are refused for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// WhyNot.
    pub why: WhyNot,
    /// How many ports of the range are refused for that; `None` if it's about the one port that
    /// the socket was bound to.
    pub ports: Option<u32>,
}

/// WhyNot a port isn't to be had.
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
    /// TIME_WAIT while `tcp_tw_reuse` is 2, and no address is of the loopback.
    LoopbackOnly,
    /// FIN_WAIT2.
    HalfClosed,
    /// The stamp of the TIME_WAIT isn't older than a second.
    TooYoung,
    /// TIME_WAIT for no longer than `tcp_tw_reuse_delay`.
    TooEarly,
    /// It's reserved.
    Reserved,
    /// An owner of the port is in the way of a bind().
    Owner,
}

/// What can be in the way of a connect, in the order of [`WhyNot`].
const ALL: [WhyNot; 9] = [
    WhyNot::Bind,
    WhyNot::Live,
    WhyNot::NoStamp,
    WhyNot::ReuseOff,
    WhyNot::LoopbackOnly,
    WhyNot::HalfClosed,
    WhyNot::TooYoung,
    WhyNot::TooEarly,
    WhyNot::Reserved,
];

/// What is in the way of a bind that failed with that.
pub(crate) fn owner_in_the_way(kernel: &Kernel, port: u16, ret: Ret) -> Option<Obstacle> {
    if ret.errno() != Some(Errno::EADDRINUSE) {
        return None;
    }
    let (low, high) = kernel.port_range();
    let ports = (port == 0).then(|| range_size(low, high));
    Some(Obstacle { why: WhyNot::Owner, ports })
}

/// What is in the way of the connect that has just failed: asked again, the kernel says the same.
pub(crate) fn in_the_way(kernel: &mut Kernel, call: &Call) -> Option<Obstacle> {
    let (mut counts, mut bound) = ([0_u32; ALL.len()], None);
    let mut listener = Each(|event| match event {
        Event::Probe(probe) => {
            if let Some(why) = why_of(probe.verdict) {
                counts[why as usize] += 1;
            }
        }
        Event::BoundChecked(BoundCheck { verdict, .. }) => bound = why_of(verdict),
        _ => {}
    });
    kernel.apply_traced(call, &mut listener);
    if let Some(why) = bound {
        return Some(Obstacle { why, ports: None });
    }
    let (why, ports) = ALL.into_iter().zip(counts).max_by_key(|(_, ports)| *ports)?;
    (ports > 0).then_some(Obstacle { why, ports: Some(ports) })
}

fn why_of(verdict: Verdict) -> Option<WhyNot> {
    match verdict {
        Verdict::BindOwned => Some(WhyNot::Bind),
        Verdict::Reserved => Some(WhyNot::Reserved),
        Verdict::LiveSameTuple => Some(WhyNot::Live),
        Verdict::Timewait(refusal) => Some(why_of_timewait(refusal)),
        Verdict::New | Verdict::TimewaitTaken | Verdict::Shared | Verdict::NoMemory => None,
    }
}

fn why_of_timewait(refusal: TimewaitRefusal) -> WhyNot {
    match refusal {
        TimewaitRefusal::NoStamp => WhyNot::NoStamp,
        TimewaitRefusal::ReuseOff => WhyNot::ReuseOff,
        TimewaitRefusal::LoopbackOnly => WhyNot::LoopbackOnly,
        TimewaitRefusal::HalfClosed => WhyNot::HalfClosed,
        TimewaitRefusal::TooYoung { .. } => WhyNot::TooYoung,
        TimewaitRefusal::TooEarly { .. } => WhyNot::TooEarly,
    }
}
