//! The Fix lab: what failed, tried again on a copy of this very machine with one thing changed.
//!
//! What is tried again is the reader's whole act: a new socket, its options, its bind and the call
//! that failed, in the order in which they were done to the old one. The machine is the one that
//! the reader has made, right after the failure, with the old socket still as it is; so "Try it"
//! gets what was promised.

use error99_kernel::{Addr, Call, Kernel, Release, SocketName, Sysctl, SysctlValue};

use crate::act::Act;
use crate::attempt::Attempt;
use crate::frame::Ret;
use crate::machine::{Machine, port_of, range, ret_of};
use crate::obstacle::{Obstacle, in_the_way, owner_in_the_way};

/// Waiting is tried for so long, in ms, or until the last mini-socket has ended, if that takes longer.
const WAIT_MS: u64 = 300_000;
/// The end of a mini-socket may slip by a round of its calendar: so many ends are waited for.
const SLIPS: u32 = 8;

/// A change that somebody might try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The same without its bind(): connect() chooses the port.
    NoBind,
    /// bind() to the same address and port 0, instead of a port by number.
    BindAny {
        /// The address.
        addr: Addr,
    },
    /// `SO_REUSEADDR` before bind().
    ReuseAddr,
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
    /// A second source address, by bind() to it: with the port that was bound to, or with port 0.
    OtherSource { addr: Addr },
    /// `IP_BIND_ADDRESS_NO_PORT` and bind() to an address of ours with port 0: connect() chooses the
    /// port.
    NoPort { addr: Addr },
    /// `SO_REUSEADDR` and bind() to an address of ours with port 0, before the connect.
    Share { addr: Addr },
    /// `IP_LOCAL_PORT_RANGE` of the socket, as wide as that of the machine.
    Window { low: u16, high: u16 },
    /// `ip_local_reserved_ports` empty.
    Unreserve,
    /// `tcp_tw_reuse` = 1 and `tcp_tw_reuse_delay` = 1 ms.
    ReuseSooner,
    /// Waiting until what has ended by itself lets the act succeed; `None` if that never happens.
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

/// What the whole act gets after a change, made again at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A port, at this probe of the walk; at none if it's the port that the socket was bound to.
    Port { port: u16, probe: u32 },
    /// An error of connect().
    Fails(Ret),
    /// An error of bind(); if a connect was to follow, it isn't even tried.
    BindFails(Ret),
}

/// A change and what it does for the act that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The change.
    pub change: Change,
    /// Computed on a copy of the machine.
    pub outcome: Outcome,
    /// What was in the way, if the act fails again.
    pub obstacle: Option<Obstacle>,
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
            Change::ReuseSooner => [one(Sysctl::TwReuse, 1), one(Sysctl::TwReuseDelay, 1)].concat(),
            Change::FinTimeout => one(Sysctl::FinTimeout, 10),
            Change::TwRecycle => one(Sysctl::TwRecycle, 1),
            Change::FewerTimewaits => one(Sysctl::MaxTwBuckets, FEW_TIMEWAITS),
            Change::NoBind
            | Change::BindAny { .. }
            | Change::ReuseAddr
            | Change::OtherAddress { .. }
            | Change::OtherPort { .. }
            | Change::OtherSource { .. }
            | Change::NoPort { .. }
            | Change::Share { .. }
            | Change::Window { .. }
            | Change::Unreserve
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
        if self == Change::Unreserve {
            return vec![Call::SysctlText { sysctl: Sysctl::ReservedPorts, text: "".into() }];
        }
        let write = |(sysctl, value)| Call::Sysctl { sysctl, value };
        self.sysctls().into_iter().map(write).collect()
    }

    /// What is done to the new socket `s` right before its connect.
    pub(crate) fn prepares(self, s: SocketName) -> Vec<Call> {
        let bind = |addr| Call::Bind { s, addr, port: 0 };
        match self {
            Change::OtherSource { addr } => vec![bind(addr)],
            Change::NoPort { addr } => vec![Call::NoPort { s, on: true }, bind(addr)],
            Change::Share { addr } => vec![Call::Reuse { s, on: true }, bind(addr)],
            Change::Window { low, high } => vec![Call::Window { s, low, high }],
            _ => Vec::new(),
        }
    }

    /// Whether a release has what the change is made with.
    pub fn exists_in(self, release: Release) -> bool {
        let has = |sysctl| release.sysctls().any(|known| known == sysctl);
        match self {
            Change::NoPort { .. } => release.has_no_port(),
            Change::Window { .. } => release.has_window(),
            // The search of 2.6.32 shares a port only where none is free.
            Change::Share { .. } => release > Release::V2_6_32,
            Change::Unreserve => has(Sysctl::ReservedPorts),
            _ => self.sysctls().into_iter().all(|(sysctl, _)| has(sysctl)),
        }
    }

    /// The command to type; `None` for changes that aren't typed.
    pub fn command(self) -> Option<String> {
        if let Change::Wait { ms } = self {
            return ms.map(|ms| format!("sleep {}", ms.div_ceil(1000)));
        }
        if self == Change::Unreserve {
            return Some(format!("sysctl -w net.ipv4.{}=\"\"", Sysctl::ReservedPorts.name()));
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
}

impl Machine {
    /// Every change worth trying for the act that failed with the call under the glass, with its
    /// outcome. Empty unless that is a connect with error 99, or a bind with error 98.
    pub fn fixes(&self) -> Vec<Fix> {
        let Some(attempt) = self.attempt() else { return Vec::new() };
        let fix = |change| {
            let (outcome, obstacle) = self.outcome(change, &attempt);
            Fix { change, outcome, obstacle }
        };
        let release = self.history.config.release;
        let changes = self.changes(&attempt).into_iter();
        changes.filter(|change| change.exists_in(release)).map(fix).collect()
    }

    /// The acts that make `change` and then the whole act again, on a new socket.
    pub fn acts_of(&self, change: Change) -> Vec<Act> {
        let Some(attempt) = self.attempt() else { return Vec::new() };
        let calls = change.calls().into_iter().chain(attempt.again(change, self.new_socket()));
        calls.map(Act::Call).collect()
    }

    fn new_socket(&self) -> SocketName {
        SocketName(self.free_names(1))
    }

    /// The kernel after the call that failed; a failed call changes next to nothing, but a search
    /// for any port draws from the kernel's random numbers.
    pub(crate) fn after_failure(&self) -> &Kernel {
        self.shown.as_ref().map_or(&self.base.kernel, |shown| &shown.after.kernel)
    }

    fn outcome(&self, change: Change, attempt: &Attempt) -> (Outcome, Option<Obstacle>) {
        let mut kernel = self.after_failure().clone();
        for call in change.calls() {
            kernel.apply(&call);
        }
        try_again(&mut kernel, &attempt.again(change, self.new_socket()))
    }

    /// How long until the act succeeds because something has ended by itself meanwhile. The ends
    /// of mini-sockets are tried one after the other.
    fn waits_for(&self, attempt: &Attempt) -> Option<u64> {
        let kernel = self.after_failure();
        let act = attempt.again(Change::Wait { ms: None }, self.new_socket());
        let helps = |ms| {
            let mut kernel = kernel.clone();
            kernel.apply(&Call::Advance { ms });
            matches!(makes(&mut kernel, &act), (Outcome::Port { .. }, _))
        };
        // What has ended stays so: the shortest wait that helps is between one that doesn't and one
        // that does.
        let (mut vain, mut long) = (0, longest_wait(kernel));
        if !helps(long) {
            return None;
        }
        while long - vain > 1 {
            let middle = vain + (long - vain) / 2;
            if helps(middle) { long = middle } else { vain = middle }
        }
        Some(long)
    }

    /// The changes that fit this machine and this act, most useful first.
    fn changes(&self, attempt: &Attempt) -> Vec<Change> {
        let (dst, dport) = attempt.towards();
        let (connects, bind) = (attempt.connects(), attempt.bind());
        let mut changes = Vec::new();
        if let Some((addr, port)) = bind {
            changes.push(Change::NoBind);
            changes.extend((port != 0).then_some(Change::BindAny { addr }));
            changes.extend((!attempt.shares()).then_some(Change::ReuseAddr));
        }
        if connects {
            changes.extend([Change::TwReuse, Change::ReuseSooner]);
        }
        if connects || bind.is_some_and(|(_, port)| port == 0) {
            changes.extend(self.wider_ranges());
        }
        if connects {
            changes.extend([
                Change::OtherAddress { dst: Addr(dst.0.wrapping_add(1)) },
                Change::OtherPort { dport: dport.wrapping_add(1).max(1) },
            ]);
        }
        let other = self.other_source(bind);
        changes.extend(other.map(|addr| Change::OtherSource { addr }));
        let bound = bind.map(|(addr, _)| addr).filter(|addr| !addr.is_any());
        changes.extend(bound.into_iter().chain(other).map(|addr| Change::NoPort { addr }));
        if bind.is_none() {
            let (low, high) = range(&self.base.kernel);
            let addr = self.history.config.default_src;
            changes.extend([Change::Share { addr }, Change::Window { low, high }]);
        }
        if self.base.kernel.sysctl(Sysctl::ReservedPorts) != SysctlValue::One(0) {
            changes.push(Change::Unreserve);
        }
        changes.push(Change::Wait { ms: self.waits_for(attempt) });
        if self.load().is_some() {
            changes.extend([Change::KeepAlive { requests: 10 }, Change::ServerCloses]);
        }
        if connects {
            let stamps_off = self.base.kernel.sysctl(Sysctl::Timestamps) == SysctlValue::One(0);
            let stamps = if stamps_off { Change::TimestampsAndReuse } else { Change::Timestamps };
            changes.extend([Change::TwRecycle, Change::FewerTimewaits, stamps, Change::FinTimeout]);
        }
        changes
    }

    fn wider_ranges(&self) -> impl Iterator<Item = Change> + use<> {
        let (low, high) = range(&self.base.kernel);
        let wider = wider(low, high);
        let widest = wider != Some(WIDEST) && (low, high) != WIDEST;
        let wider = wider.map(|(low, high)| Change::Widen { low, high });
        wider.into_iter().chain(widest.then_some(Change::Widest))
    }

    /// An address of ours that isn't the one in use.
    fn other_source(&self, bind: Option<(Addr, u16)>) -> Option<Addr> {
        let config = &self.history.config;
        let bound = bind.map(|(addr, _)| addr).filter(|addr| *addr != Addr::ANY);
        let in_use = bound.unwrap_or(config.default_src);
        config.local.iter().copied().find(|addr| *addr != in_use)
    }
}

/// How long to wait at most, in ms: until all mini-sockets have ended.
fn longest_wait(kernel: &Kernel) -> u64 {
    let began_ms = kernel.now_ms();
    let mut kernel = kernel.clone();
    for _ in 0..SLIPS {
        let ends = kernel.timewaits().map(|mini| mini.ends_ms).max();
        let Some(ms) = ends.and_then(|ends| ends.checked_sub(kernel.now_ms())) else { break };
        kernel.apply(&Call::Advance { ms: ms.max(1) });
    }
    (kernel.now_ms() - began_ms).max(WAIT_MS)
}

/// What the whole act gets, and what is in its way if it fails.
fn try_again(kernel: &mut Kernel, act: &[Call]) -> (Outcome, Option<Obstacle>) {
    let (outcome, failed) = makes(kernel, act);
    let obstacle = match (outcome, failed) {
        (Outcome::BindFails(ret), Some(Call::Bind { port, .. })) => {
            owner_in_the_way(kernel, *port, ret)
        }
        (Outcome::Fails(Ret::Errno(_)), Some(connect)) => in_the_way(kernel, connect),
        _ => None,
    };
    (outcome, obstacle)
}

/// Makes the calls of a whole act, and stops where one of them fails; that one.
fn makes<'a>(kernel: &mut Kernel, act: &'a [Call]) -> (Outcome, Option<&'a Call>) {
    let mut outcome = Outcome::Fails(Ret::Ok);
    for call in act {
        let reply = kernel.apply(call);
        let ret = ret_of(call, reply);
        outcome = match (call, ret) {
            (_, Ret::Limit(_)) => return (Outcome::Fails(ret), None),
            (Call::Bind { .. }, Ret::Errno(_)) => return (Outcome::BindFails(ret), Some(call)),
            (Call::Connect { .. }, Ret::Errno(_)) => return (Outcome::Fails(ret), Some(call)),
            (Call::Bind { .. } | Call::Connect { .. }, Ret::Ok) => {
                Outcome::Port { port: port_of(kernel, call), probe: reply.steps }
            }
            _ => outcome,
        };
    }
    (outcome, None)
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
