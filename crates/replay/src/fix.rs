//! The Fix lab: the call that failed, run again on a copy of this very machine with one
//! thing changed.

use error99_kernel::{Addr, Call, Kernel, PortState, SocketName, Sysctl, SysctlValue};
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::frame::Ret;
use crate::machine::{Machine, port_of, range, ret_of};

/// A change that somebody might try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// `tcp_tw_reuse` = 1.
    TwReuse,
    /// `ip_local_port_range` wider at the lower end.
    Widen { low: u16, high: u16 },
    /// `ip_local_port_range` as wide as the unprivileged ports.
    Widest,
    /// The same port of a second destination address.
    OtherAddress { dst: Addr },
    /// A second port of the same destination.
    OtherPort { dport: u16 },
    /// Waiting until the first port comes back; `None` if none does by itself.
    Wait { ms: Option<u64> },
    /// `tcp_timestamps` = 1.
    Timestamps,
    /// `tcp_fin_timeout` = 10.
    FinTimeout,
}

/// What the failed call gets after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A port, at this probe.
    Port { port: u16, probe: u32 },
    /// An error.
    Fails(Ret),
}

/// A change and what it does for the failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The change.
    pub change: Change,
    /// Computed on a copy of the machine.
    pub outcome: Outcome,
}

/// Widest range that leaves the privileged ports alone.
const WIDEST: (u16, u16) = (1024, 65_535);

impl Change {
    /// The calls that make the change.
    fn calls(self) -> Vec<Call> {
        let one = |sysctl, value| vec![Call::Sysctl { sysctl, value: SysctlValue::One(value) }];
        let ports = |low: u16, high: u16| {
            let value = SysctlValue::Two(low.into(), high.into());
            vec![Call::Sysctl { sysctl: Sysctl::PortRange, value }]
        };
        match self {
            Change::TwReuse => one(Sysctl::TwReuse, 1),
            Change::Widen { low, high } => ports(low, high),
            Change::Widest => ports(WIDEST.0, WIDEST.1),
            Change::Timestamps => one(Sysctl::Timestamps, 1),
            Change::FinTimeout => one(Sysctl::FinTimeout, 10),
            Change::Wait { ms } => ms.map(|ms| Call::Advance { ms }).into_iter().collect(),
            Change::OtherAddress { .. } | Change::OtherPort { .. } => Vec::new(),
        }
    }

    /// The command to type; `None` for changes that aren't typed.
    pub fn command(self) -> Option<String> {
        Some(match self {
            Change::TwReuse => "sysctl -w net.ipv4.tcp_tw_reuse=1".into(),
            Change::Widen { low, high } => {
                format!("sysctl -w net.ipv4.ip_local_port_range=\"{low} {high}\"")
            }
            Change::Widest => {
                let (low, high) = WIDEST;
                format!("sysctl -w net.ipv4.ip_local_port_range=\"{low} {high}\"")
            }
            Change::Timestamps => "sysctl -w net.ipv4.tcp_timestamps=1".into(),
            Change::FinTimeout => "sysctl -w net.ipv4.tcp_fin_timeout=10".into(),
            Change::Wait { ms: Some(ms) } => format!("sleep {}", ms.div_ceil(1000)),
            Change::Wait { ms: None } | Change::OtherAddress { .. } | Change::OtherPort { .. } => {
                return None;
            }
        })
    }

    fn destination(self, dst: Addr, dport: u16) -> (Addr, u16) {
        match self {
            Change::OtherAddress { dst } => (dst, dport),
            Change::OtherPort { dport } => (dst, dport),
            _ => (dst, dport),
        }
    }
}

impl Machine {
    /// Every change worth trying for the failed connect under the glass, with its outcome.
    /// Empty when the call under the glass isn't a connect.
    pub fn fixes(&self) -> Vec<Fix> {
        let Some((dst, dport)) = self.destination() else { return Vec::new() };
        let changes = changes(&self.base.kernel, self.first_end(dst, dport), dst, dport);
        changes
            .into_iter()
            .map(|change| Fix { change, outcome: self.outcome(change, dst, dport) })
            .collect()
    }

    /// The acts that make `change` and then the same call again, on a new socket.
    pub fn acts_of(&self, change: Change) -> Vec<Act> {
        let Some((dst, dport)) = self.destination() else { return Vec::new() };
        let (dst, dport) = change.destination(dst, dport);
        let s = SocketName(self.history.next_socket());
        let calls =
            change.calls().into_iter().chain([Call::Socket { s }, Call::connect(s, dst, dport)]);
        calls.map(Act::Call).collect()
    }

    fn destination(&self) -> Option<(Addr, u16)> {
        match self.shown.as_ref()?.call {
            Call::Connect { dst, dport, .. } => Some((dst, dport)),
            _ => None,
        }
    }

    fn outcome(&self, change: Change, dst: Addr, dport: u16) -> Outcome {
        let mut kernel = self.base.kernel.clone();
        for call in change.calls() {
            kernel.apply(&call);
        }
        let Some(Call::Connect { s, .. }) = self.shown.as_ref().map(|shown| &shown.call) else {
            return Outcome::Fails(Ret::Ok);
        };
        let (dst, dport) = change.destination(dst, dport);
        let call = Call::connect(*s, dst, dport);
        let hint = kernel.hint();
        let reply = kernel.apply(&call);
        match ret_of(&call, reply) {
            Ret::Ok => Outcome::Port {
                port: port_of(&kernel, &call),
                probe: kernel.hint().wrapping_sub(hint),
            },
            failed => Outcome::Fails(failed),
        }
    }

    /// How long until the first TIME_WAIT towards the destination ends, if there is one.
    fn first_end(&self, dst: Addr, dport: u16) -> Option<u64> {
        let kernel = &self.base.kernel;
        let (low, high) = range(kernel);
        let source = kernel.route(dst).ok()?.source;
        let ends = kernel.survey(low, high, source, dst, dport).filter_map(|state| match state {
            PortState::Timewait { ends_ms, .. } => Some(ends_ms),
            _ => None,
        });
        ends.min().map(|ends_ms| ends_ms.saturating_sub(kernel.now_ms()))
    }
}

/// The changes that fit this machine, most useful first.
fn changes(kernel: &Kernel, first_end: Option<u64>, dst: Addr, dport: u16) -> Vec<Change> {
    let (low, high) = range(kernel);
    let mut changes = vec![Change::TwReuse];
    let wider = wider(low, high);
    if let Some((low, high)) = wider {
        changes.push(Change::Widen { low, high });
    }
    if wider != Some(WIDEST) && (low, high) != WIDEST {
        changes.push(Change::Widest);
    }
    changes.extend([
        Change::OtherAddress { dst: Addr(dst.0.wrapping_add(1)) },
        Change::OtherPort { dport: dport.wrapping_add(1).max(1) },
        Change::Wait { ms: first_end },
        Change::Timestamps,
        Change::FinTimeout,
    ]);
    changes
}

/// A wider range that a careful administrator would try: more ports below, the upper end kept.
fn wider(low: u16, high: u16) -> Option<(u16, u16)> {
    let ports = u32::from(high.saturating_sub(low)) + 1;
    match low {
        15_001.. if ports > 1_000 => Some((15_000, high)),
        _ if ports <= 1_000 && u32::from(high) + ports <= 65_535 => {
            Some((low, (u32::from(high) + ports) as u16))
        }
        _ => None,
    }
}
