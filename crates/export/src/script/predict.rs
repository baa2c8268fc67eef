//! What a real kernel will answer to a single call: the model's answer, and why it may be
//! another one.

use error99_kernel::{
    Addr, Call, CloseHow, Errno, Event, Fastreuse, Reply, SocketState, Sysctl, SysctlOutcome,
    SysctlValue, TimewaitView, range_size,
};
use error99_vocabulary::{Numbered, call_to_json};

use super::plan::Planner;
use super::step::{ScriptStep, Towards};
use super::waiting::made;
use super::why::Why;

/// What is known before a call and can't be asked for afterwards.
struct Before {
    /// Ports that the connect could use, in a range that later kernels don't search whole.
    usable_of_odd: Option<usize>,
    timewaits: Vec<TimewaitView>,
    established: bool,
}

impl Planner {
    /// Makes a call, and plans it.
    pub fn single(&mut self, call: &Call) -> ScriptStep {
        let before = self.before(call);
        let mut events = Vec::new();
        let reply = self.kernel.apply_traced(call, &mut events);
        self.work += 1 + u64::from(reply.steps) + events.len() as u64;
        self.note(&events);
        let mut step = ScriptStep::new(call_to_json(call, &Numbered));
        if reply.problem.is_some() {
            return step.skipped([Why::Limits]);
        }
        step.want("errno", errno(call, reply));
        match *call {
            Call::Connect { dst, dport, establish, .. } => {
                self.connect(&mut step, call, before.usable_of_odd, &events);
                if events.iter().any(|event| matches!(event, Event::Routed { .. })) {
                    let fails = reply.errno() != Some(Errno::EINPROGRESS);
                    let (low, high) = self.kernel.port_range();
                    let certain = fails || (low == high && low == dport);
                    step.towards = Some(Towards { dst, dport, answers: establish, certain });
                }
            }
            Call::Bind { s, addr, port } => {
                step.binds = Some(addr);
                let searched = events.iter().any(|e| matches!(e, Event::SearchStarted { .. }));
                if port != 0 || searched {
                    let reuse = self.kernel.socket(s).is_some_and(|socket| socket.reuse);
                    self.bind(&mut step, (addr, port), reuse, reply, &events);
                }
            }
            Call::ReusePort { .. } | Call::NoPort { .. } | Call::Window { .. } => {
                step.may.insert(Why::Options);
                step.from_here.insert(Why::Options);
            }
            Call::SysctlText { sysctl, .. } => return text_step(step, sysctl),
            Call::AcceptWaiting { .. } => {
                return step.skipped((reply.ret == 0).then_some(Why::Segment));
            }
            Call::TwSegment { .. } => {
                return step.skipped((reply.ret == 0).then_some(Why::Segment));
            }
            Call::Listen { s } => {
                let searched = events.iter().any(|e| matches!(e, Event::SearchStarted { .. }));
                if searched {
                    let reuse = self.kernel.socket(s).is_some_and(|socket| socket.reuse);
                    self.bind(&mut step, (Addr::ANY, 0), reuse, reply, &events);
                }
            }
            Call::Advance { .. } => step.from_here.extend(self.ended(&before.timewaits)),
            Call::Sysctl { sysctl, value } => return sysctl_step(step, sysctl, value, &events),
            Call::Close { s, how, stamp_now } => {
                if reply.ret != 0 {
                    return step.skipped([]);
                }
                if how == CloseHow::FinWait2 {
                    self.half_closed.extend(made(&events).map(|tuple| (tuple, s)));
                }
                let alone = how == CloseHow::Plain && before.established;
                step.from_here.extend(alone.then_some(Why::Segment));
                let unstamped = how == CloseHow::Active && !stamp_now;
                step.from_here.extend(unstamped.then_some(Why::Stamp));
                self.nearly_full(&mut step);
            }
            Call::Est { .. } => return step.skipped([Why::Segment]),
            Call::Rst { .. } | Call::Segment { .. } if !before.established => {
                let heard = matches!(call, Call::Rst { .. });
                return step.skipped(heard.then_some(Why::Segment));
            }
            Call::TwFin { tuple } => return self.late_fin(step, tuple, reply),
            Call::Accept { peer, peer_port, laddr, .. } => {
                if !self.is_own(laddr) {
                    return step.skipped([Why::Segment]);
                }
                self.peers.insert(peer);
                self.locals.insert(laddr);
                let taken = self.in_some_range(peer_port);
                step.from_here.extend(taken.then_some(Why::ServerInRange));
            }
            Call::ForceRange { low, high } => {
                let value = SysctlValue::Two(low.into(), high.into());
                let written = Call::Sysctl { sysctl: Sysctl::PortRange, value };
                step.call = ScriptStep::new(call_to_json(&written, &Numbered)).call;
                step = step.with("value", value.to_string());
                return if low > high { step.skipped([Why::Range]) } else { step };
            }
            Call::Wall { .. } => return step.skipped([Why::Clock]),
            Call::Offset { .. }
            | Call::Rekey { .. }
            | Call::Cap { .. }
            | Call::FailTb { .. }
            | Call::FailTb2 { .. }
            | Call::FailSyn { .. }
            | Call::FailTcpConnect { .. }
            | Call::Dump => return step.skipped([]),
            _ => {}
        }
        step
    }

    fn before(&mut self, call: &Call) -> Before {
        let socket = call.socket_name().and_then(|s| self.kernel.socket(s));
        let established = socket.is_some_and(|socket| socket.state == SocketState::Established);
        let mut before = Before { usable_of_odd: None, timewaits: Vec::new(), established };
        match *call {
            Call::Connect { dst, dport, .. } if self.is_odd() => {
                let route = self.kernel.route(dst).map_or(Addr::ANY, |route| route.source);
                let bound = socket.map_or(Addr::ANY, |socket| socket.rcv_saddr);
                let source = if bound.is_any() { route } else { bound };
                self.work += self.size();
                before.usable_of_odd = Some(self.usable(source, dst, dport));
            }
            Call::Advance { .. } => before.timewaits = self.kernel.timewaits().collect(),
            Call::Bind { .. } | Call::Listen { .. } => self.work += self.size(),
            _ => {}
        }
        self.work += 10 * before.timewaits.len() as u64;
        before
    }

    /// What looking at every port and socket is in work.
    fn size(&self) -> u64 {
        let (low, high) = self.kernel.port_range();
        u64::from(range_size(low, high)) + u64::from(self.sockets + self.kernel.tw_count())
    }

    /// Learns from a call what later ones are judged by.
    fn note(&mut self, events: &[Event]) {
        for event in events {
            match *event {
                Event::FastreuseLowered { port, from: Fastreuse::Automatic, .. } => {
                    self.lowered.insert(port);
                }
                Event::PortJoined { port, fastreuse: Fastreuse::Automatic, .. } => {
                    self.joined.insert(port);
                }
                Event::SearchFree { port } | Event::WalkEnded { port: Some(port), .. } => {
                    self.chosen.insert(port);
                    self.searched |= matches!(event, Event::SearchFree { .. });
                }
                Event::BucketDestroyed { port, .. } => {
                    self.lowered.remove(&port);
                    self.joined.remove(&port);
                    self.chosen.remove(&port);
                }
                _ => {}
            }
        }
    }
}

/// What a program sees of a reply: 0, or a positive errno.
pub fn errno(call: &Call, reply: Reply) -> i32 {
    match reply.errno() {
        Some(Errno::EINPROGRESS) if matches!(call, Call::Connect { .. }) => 0,
        Some(errno) => errno.code(),
        None => 0,
    }
}

/// A sysctl that is written as a text.
fn text_step(mut step: ScriptStep, sysctl: Sysctl) -> ScriptStep {
    step.may.insert(Why::Sysctl);
    if !Sysctl::ALL.contains(&sysctl) {
        step.from_here.insert(Why::Sysctl);
    }
    step
}

fn sysctl_step(
    step: ScriptStep,
    sysctl: Sysctl,
    value: SysctlValue,
    events: &[Event],
) -> ScriptStep {
    let half = |event: &Event| {
        matches!(event, Event::SysctlWritten { outcome: SysctlOutcome::HalfTaken, .. })
    };
    let usual = match (sysctl, value) {
        (Sysctl::PortRange, _) if events.iter().any(half) => false,
        (Sysctl::PortRange, _) => true,
        (_, SysctlValue::Two(..)) => false,
        (Sysctl::TwReuse | Sysctl::Timestamps, SysctlValue::One(n)) => (0..=1).contains(&n),
        (Sysctl::FinTimeout | Sysctl::MaxTwBuckets, SysctlValue::One(n)) => n > 0,
        (Sysctl::TwRecycle, _) => true,
        // Not every kernel has the others.
        _ => false,
    };
    let mut step = step.with("value", value.to_string());
    if !usual {
        step.may.insert(Why::Sysctl);
    }
    if sysctl == Sysctl::TwRecycle {
        step.may.insert(Why::Recycle);
        step.from_here.extend((value != SysctlValue::One(0)).then_some(Why::Recycle));
    }
    step
}
