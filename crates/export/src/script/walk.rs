//! What a connect without a port of its own will meet on a real kernel.

use std::collections::BTreeSet;

use error99_kernel::{
    Addr, Call, Event, PortState, Probe, Release, Substate, Sysctl, SysctlValue, TimewaitRefusal,
    TimewaitSeen, TimewaitView, Verdict, WalkEnd, WalkOrder, range_size,
};
use error99_vocabulary::Json;

use super::plan::Planner;
use super::step::ScriptStep;
use super::why::Why;

/// Younger than this is certainly younger than a second, a script's own time included.
const YOUNG_MS: u64 = 300;

impl Planner {
    /// Whether the range has an odd number of ports, and more than one.
    pub fn is_odd(&self) -> bool {
        let (low, high) = self.kernel.port_range();
        let size = range_size(low, high);
        size > 1 && size % 2 == 1
    }

    /// Ports of the range that a connect could use.
    pub fn usable(&self, source: Addr, dst: Addr, dport: u16) -> usize {
        let (low, high) = self.kernel.port_range();
        let usable = |state: &PortState| {
            matches!(
                state,
                PortState::Free | PortState::LiveOther | PortState::Timewait { refusal: None, .. }
            )
        };
        self.kernel.survey(low, high, source, dst, dport).filter(usable).count()
    }

    /// Why a connect may go another way; `usable` are the ports that it could use, of an odd
    /// range.
    pub fn connect(
        &self,
        step: &mut ScriptStep,
        call: &Call,
        usable: Option<usize>,
        events: &[Event],
    ) {
        let (mut routed, mut order) = (None, None);
        let mut probes: Vec<&Probe> = Vec::new();
        for event in events {
            match event {
                Event::Routed { source, destination, .. } => routed = Some((*source, *destination)),
                Event::SynFailed { .. } => _ = step.may.insert(Why::Fault),
                Event::WalkEnded { reason: WalkEnd::NoMemory, .. } => {
                    step.may.insert(Why::Fault);
                }
                Event::WalkStarted { order: way, .. } => order = Some(*way),
                Event::Probe(probe) => probes.push(probe),
                Event::BoundChecked(bound) => {
                    let half = |seen: &TimewaitSeen| seen.substate == Substate::FinWait2;
                    if bound.verdict == Verdict::TimewaitTaken
                        && bound.check.timewait.as_ref().is_some_and(half)
                    {
                        step.may.insert(Why::FinWait2);
                    }
                }
                Event::WalkEnded { port: Some(port), .. } => {
                    step.want("port", *port);
                    // Later kernels leave a port out, which may be the last one.
                    if usable.is_some_and(|usable| usable <= 1) {
                        step.may.insert(Why::OddRange);
                    }
                }
                _ => {}
            }
        }
        for probe in &probes {
            step.may.extend(self.probed(probe));
        }
        if probes.iter().any(too_young) {
            step.may.insert(self.age());
        }
        let age = |probe: &&Probe| match probe.verdict {
            Verdict::Timewait(TimewaitRefusal::TooEarly { age_ms }) => Some(age_ms),
            _ => None,
        };
        if probes.iter().filter_map(age).any(|age_ms| !self.is_certainly_early(age_ms)) {
            step.may.insert(Why::Pace);
        }
        let failed = probes.last().is_some_and(|probe| !probe.verdict.takes_port());
        if let (true, Some(order)) = (failed, order) {
            if usable.is_some_and(|usable| usable > 0) && order.unvisited() > 0 {
                step.may.insert(Why::OddRange);
            }
            self.exhausted(step, call, &probes, (routed, order));
        }
    }

    /// Why another kernel may judge a port otherwise.
    fn probed(&self, probe: &Probe) -> Option<Why> {
        match probe.verdict {
            Verdict::BindOwned if self.lowered.contains(&probe.port) => Some(Why::Shareable),
            _ if self.joined.contains(&probe.port) => Some(Why::Joined),
            Verdict::Timewait(TimewaitRefusal::HalfClosed) => Some(Why::FinWait2),
            Verdict::Timewait(TimewaitRefusal::TooEarly { .. }) => Some(Why::SecondBoundary),
            Verdict::TimewaitTaken => {
                let seen = probe.check.and_then(|check| check.timewait)?;
                (seen.substate == Substate::FinWait2).then_some(Why::FinWait2)
            }
            _ => None,
        }
    }

    /// Whether a TIME_WAIT of that age is younger than `tcp_tw_reuse_delay` even after a script's
    /// own time.
    fn is_certainly_early(&self, age_ms: u32) -> bool {
        let delay = match self.kernel.sysctl(Sysctl::TwReuseDelay) {
            SysctlValue::One(delay) | SysctlValue::Two(delay, _) => {
                u64::try_from(delay).unwrap_or(0)
            }
        };
        !self.took_time && u64::from(age_ms) + 2 * YOUNG_MS < delay
    }

    /// Why a TIME_WAIT that is too young may be old enough for another kernel.
    fn age(&self) -> Why {
        let now = self.kernel.now_ms();
        let young = |mini: TimewaitView| now - mini.began_ms < YOUNG_MS;
        let all_young = !self.took_time && self.kernel.timewaits().all(young);
        match (all_young, self.release) {
            (true, _) => Why::SecondBoundary,
            (false, Release::V2_6_32 | Release::V3_10 | Release::Rhel7) => Why::SoonerReuse,
            // The moment of boot says where a second ends.
            (false, _) => Why::Pace,
        }
    }

    /// A walk without a port: which ports it found in use, and whether it saw them all.
    fn exhausted(
        &self,
        step: &mut ScriptStep,
        call: &Call,
        probes: &[&Probe],
        (routed, order): (Option<(Addr, Addr)>, WalkOrder),
    ) {
        if order.unvisited() > 0 {
            step.may.extend((order.passes() == 1).then_some(Why::Wrap));
            return;
        }
        if !self.ports_are_certain() {
            return;
        }
        let in_use = |probe: &&&Probe| {
            matches!(probe.verdict, Verdict::LiveSameTuple | Verdict::Timewait(_))
        };
        let ports: BTreeSet<u16> = probes.iter().filter(in_use).map(|probe| probe.port).collect();
        if let (Some((source, _)), Call::Connect { dst, dport, .. }) = (routed, call) {
            want_ports(step, (source, *dst, *dport), ports);
        }
    }
}

fn too_young(probe: &&Probe) -> bool {
    matches!(probe.verdict, Verdict::Timewait(TimewaitRefusal::TooYoung { .. }))
}

/// Says which ports are to be in use towards a destination.
pub fn want_ports(
    step: &mut ScriptStep,
    (source, dst, dport): (Addr, Addr, u16),
    ports: impl IntoIterator<Item = u16>,
) {
    let mut runs: Vec<[u16; 2]> = Vec::new();
    for port in ports {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == port => *last = port,
            _ => runs.push([port, port]),
        }
    }
    let run = |[first, last]: [u16; 2]| Json::List(vec![first.into(), last.into()]);
    step.want("source", source.to_string());
    step.want("dst", dst.to_string());
    step.want("dport", dport);
    step.want("ports", Json::List(runs.into_iter().map(run).collect()));
}
