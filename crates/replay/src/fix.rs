//! The Fix lab: the call that failed, run again on a copy of this very machine with one
//! thing changed.

use error99_kernel::{Addr, Call, Errno, PortState, SocketName, Sysctl, SysctlValue};

use crate::act::Act;
use crate::frame::Ret;
use crate::machine::{Machine, port_of, range, ret_of};

/// A change that somebody might try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `tcp_tw_reuse` = 1.
    TwReuse,
    /// `ip_local_port_range` somewhat wider.
    Widen { low: u16, high: u16 },
    /// `ip_local_port_range` as wide as the unprivileged ports.
    Widest,
    /// The same port of a second destination address.
    OtherAddress { dst: Addr },
    /// A second port of the same destination.
    OtherPort { dport: u16 },
    /// A second source address, by bind() to it and port 0.
    OtherSource { addr: Addr },
    /// Waiting until the first port comes back; `None` if none does by itself.
    Wait { ms: Option<u64> },
    /// `tcp_timestamps` = 1 from the start.
    Timestamps,
    /// `tcp_timestamps` and `tcp_tw_reuse` = 1 from the start.
    TimestampsAndReuse,
    /// The server closes first, from the start.
    ServerCloses,
    /// So many requests over each connection, from the start.
    KeepAlive { requests: u32 },
    /// `tcp_fin_timeout` = 10.
    FinTimeout,
    /// `tcp_tw_recycle` = 1. It breaks clients behind NAT.
    TwRecycle,
    /// `tcp_max_tw_buckets` = 4096. It drops TIME_WAITs that are there for a reason.
    FewerTimewaits,
}

/// What the failed call gets after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A port, at this probe.
    Port { port: u16, probe: u32 },
    /// An error of connect().
    Fails(Ret),
    /// bind() fails before connect() is even tried.
    BindFails(Ret),
}

/// A change and what it does for the failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The change.
    pub change: Change,
    /// Computed on a copy of the machine.
    pub outcome: Outcome,
}

/// Widest range that leaves the privileged ports alone.
const WIDEST: (u16, u16) = (1024, 65_535);
/// What an administrator who has read about it sets `tcp_max_tw_buckets` to.
const FEW_TIMEWAITS: i32 = 4_096;

impl Change {
    /// Sysctls that the change writes.
    pub(crate) fn sysctls(self) -> Vec<(Sysctl, SysctlValue)> {
        let one = |sysctl, value| vec![(sysctl, SysctlValue::One(value))];
        let ports = |low: u16, high: u16| {
            vec![(Sysctl::PortRange, SysctlValue::Two(low.into(), high.into()))]
        };
        match self {
            Change::TwReuse => one(Sysctl::TwReuse, 1),
            Change::Widen { low, high } => ports(low, high),
            Change::Widest => ports(WIDEST.0, WIDEST.1),
            Change::Timestamps => one(Sysctl::Timestamps, 1),
            Change::TimestampsAndReuse => {
                [one(Sysctl::Timestamps, 1), one(Sysctl::TwReuse, 1)].concat()
            }
            Change::FinTimeout => one(Sysctl::FinTimeout, 10),
            Change::TwRecycle => one(Sysctl::TwRecycle, 1),
            Change::FewerTimewaits => one(Sysctl::MaxTwBuckets, FEW_TIMEWAITS),
            Change::OtherAddress { .. }
            | Change::OtherPort { .. }
            | Change::OtherSource { .. }
            | Change::Wait { .. }
            | Change::ServerCloses
            | Change::KeepAlive { .. } => Vec::new(),
        }
    }

    /// The calls that make the change on a machine that runs.
    pub(crate) fn calls(self) -> Vec<Call> {
        if let Change::Wait { ms: Some(ms) } = self {
            return vec![Call::Advance { ms }];
        }
        let write = |(sysctl, value)| Call::Sysctl { sysctl, value };
        self.sysctls().into_iter().map(write).collect()
    }

    /// The command to type; `None` for changes that aren't typed.
    pub fn command(self) -> Option<String> {
        if let Change::Wait { ms } = self {
            return ms.map(|ms| format!("sleep {}", ms.div_ceil(1000)));
        }
        let write = |(sysctl, value): (Sysctl, SysctlValue)| match value {
            SysctlValue::One(value) => format!("sysctl -w net.ipv4.{}={value}", sysctl.name()),
            SysctlValue::Two(..) => format!("sysctl -w net.ipv4.{}=\"{value}\"", sysctl.name()),
        };
        let commands: Vec<String> = self.sysctls().into_iter().map(write).collect();
        (!commands.is_empty()).then(|| commands.join(" && "))
    }

    /// The change is of a kind that helps only if it had been made from the start.
    pub fn from_start(self) -> bool {
        matches!(
            self,
            Change::Timestamps
                | Change::TimestampsAndReuse
                | Change::ServerCloses
                | Change::KeepAlive { .. }
                | Change::FinTimeout
                | Change::TwRecycle
                | Change::FewerTimewaits
        )
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
        self.changes(dst, dport)
            .into_iter()
            .map(|change| Fix { change, outcome: self.outcome(change, dst, dport) })
            .collect()
    }

    /// The acts that make `change` and then the same call again, on a new socket.
    pub fn acts_of(&self, change: Change) -> Vec<Act> {
        let Some((dst, dport)) = self.destination() else { return Vec::new() };
        let s = SocketName(self.history.next_socket());
        let calls = change.calls().into_iter().chain(again(change, s, dst, dport));
        calls.map(Act::Call).collect()
    }

    pub(crate) fn destination(&self) -> Option<(Addr, u16)> {
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
        let mut outcome = Outcome::Fails(Ret::Ok);
        for call in again(change, SocketName(self.history.next_socket()), dst, dport) {
            let reply = kernel.apply(&call);
            let ret = ret_of(&call, reply);
            outcome = match (&call, ret) {
                (Call::Bind { .. }, Ret::Errno(_)) => return Outcome::BindFails(ret),
                (Call::Connect { .. }, Ret::Ok) => {
                    Outcome::Port { port: port_of(&kernel, &call), probe: reply.steps }
                }
                (Call::Connect { .. }, failed) => Outcome::Fails(failed),
                _ => outcome,
            };
        }
        outcome
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

    /// The changes that fit this machine, most useful first.
    fn changes(&self, dst: Addr, dport: u16) -> Vec<Change> {
        let kernel = &self.base.kernel;
        let (low, high) = range(kernel);
        let stamps_off = kernel.sysctl(Sysctl::Timestamps) == SysctlValue::One(0);
        let wider = wider(low, high);
        let mut source = self.history.config.local.iter().copied();
        let source = source.find(|addr| *addr != self.history.config.default_src);
        let mut changes = vec![Change::TwReuse];
        changes.extend(wider.map(|(low, high)| Change::Widen { low, high }));
        if wider != Some(WIDEST) && (low, high) != WIDEST {
            changes.push(Change::Widest);
        }
        changes.extend([
            Change::OtherAddress { dst: Addr(dst.0.wrapping_add(1)) },
            Change::OtherPort { dport: dport.wrapping_add(1).max(1) },
        ]);
        changes.extend(source.map(|addr| Change::OtherSource { addr }));
        changes.push(Change::Wait { ms: self.first_end(dst, dport) });
        changes.push(if stamps_off { Change::TimestampsAndReuse } else { Change::Timestamps });
        changes.push(Change::FinTimeout);
        if self.load().is_some() {
            changes.extend([Change::KeepAlive { requests: 10 }, Change::ServerCloses]);
        }
        changes.extend([Change::TwRecycle, Change::FewerTimewaits]);
        changes
    }
}

/// The failed call again, as `change` has it, on socket `s`.
fn again(change: Change, s: SocketName, dst: Addr, dport: u16) -> Vec<Call> {
    let (dst, dport) = change.destination(dst, dport);
    let bind = match change {
        Change::OtherSource { addr } => Some(Call::Bind { s, addr, port: 0 }),
        _ => None,
    };
    let calls = [Some(Call::Socket { s }), bind, Some(Call::connect(s, dst, dport))];
    calls.into_iter().flatten().collect()
}

/// A wider range that a careful administrator would try: more ports below, the upper end kept;
/// a small range is doubled upwards.
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

/// The errno of a failed outcome.
pub fn errno(ret: Ret) -> Option<Errno> {
    match ret {
        Ret::Errno(code) => Errno::from_code(code.into()),
        Ret::Ok => None,
    }
}
