//! The machine of a paste, rebuilt in the model: its knobs, its listeners, and its connections on
//! their own ports.
//!
//! What a listing doesn't say isn't there: sockets that are only bound, options, and which port
//! somebody named in bind(). A connection's port is one of automatic choice here, unless its source
//! isn't the one that the route would give it. IPv6 is left out.

use std::net::IpAddr;

use error99_kernel::{
    ADDRESSES_MAX, Addr, Call, CloseHow, Config, Kernel, SOCKETS_MAX, SocketName, Sysctl,
    SysctlValue, Tuple,
};

use crate::ask::Ask;
use crate::diagnosis::Diagnosis;
use crate::end::End;
use crate::observed::Observed;
use crate::roles::Role;
use crate::state::TcpState;

/// A connection that holds a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub tuple: Tuple,
    /// Its state.
    pub state: TcpState,
    /// How long it has been in it, in ms, as far as its timer tells.
    pub age_ms: u32,
}

/// A machine that can be booted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Its host.
    pub config: Config,
    /// Its connections, the oldest first.
    pub held: Vec<Held>,
    /// Where servers listen.
    pub listeners: Vec<(Addr, u16)>,
    /// Rows that are left out: IPv6, and more than the model has room for.
    pub left_out: usize,
}

fn four(end: &End) -> Option<Addr> {
    match end.ip {
        IpAddr::V4(ip) => Some(Addr(ip.to_bits())),
        IpAddr::V6(ip) if ip.is_unspecified() => Some(Addr::ANY),
        IpAddr::V6(_) => None,
    }
}

/// Rebuilds the machine of a paste.
pub fn rebuild(observed: &Observed, diagnosis: &Diagnosis) -> Rebuilt {
    let lasts = Ask::of(diagnosis.kernel.release).timewait_ms().unwrap_or(0);
    let lasts = u32::try_from(lasts).unwrap_or(u32::MAX);
    let mut left_out = 0;
    let mut held = Vec::new();
    for at in &diagnosis.pairs.order {
        let row = &observed.rows[*at as usize];
        let ends = four(&row.local).zip(four(&row.peer));
        let Some((laddr, faddr)) = ends.filter(|_| held.len() < SOCKETS_MAX / 4) else {
            left_out += 1;
            continue;
        };
        let tuple = Tuple { laddr, lport: row.local.port, faddr, fport: row.peer.port };
        let age_ms = row.left_ms.map_or(lasts / 2, |left| lasts.saturating_sub(left));
        held.push(Held { tuple, state: row.state, age_ms });
    }
    held.sort_by_key(|each| std::cmp::Reverse(each.age_ms));
    let rows = observed.rows.iter().zip(&diagnosis.roles);
    let listeners = rows.filter(|(_, role)| **role == Role::Listener);
    let mut listeners: Vec<(Addr, u16)> =
        listeners.filter_map(|(row, _)| Some((four(&row.local)?, row.local.port))).collect();
    listeners.sort_unstable();
    listeners.dedup();
    listeners.truncate(1_024);
    Rebuilt { config: config(observed, diagnosis, &held), held, listeners, left_out }
}

/// The host: its release, its knobs, and its addresses.
fn config(observed: &Observed, diagnosis: &Diagnosis, held: &[Held]) -> Config {
    let release = diagnosis.kernel.release;
    let mut config = Config::of(release);
    for sysctl in release.sysctls() {
        let Some(text) = observed.text_of(sysctl) else { continue };
        if sysctl == Sysctl::ReservedPorts {
            config.texts.push((0, sysctl, text.into()));
        } else if let Some((low, high)) = observed.range().filter(|_| sysctl == Sysctl::PortRange) {
            config.sysctl.push((sysctl, SysctlValue::Two(low.into(), high.into())));
        } else if let Some(value) = observed.number_of(sysctl) {
            config.sysctl.push((sysctl, SysctlValue::One(value)));
        }
    }
    let sources = held.iter().map(|each| each.tuple.laddr);
    let sources = sources.filter(|addr| !addr.is_loopback() && !addr.is_any());
    let mut local: Vec<Addr> = sources.collect();
    local.sort_unstable();
    local.dedup();
    local.truncate(ADDRESSES_MAX);
    // The source that most connections have is the route's.
    let times = |addr: &Addr| held.iter().filter(|each| each.tuple.laddr == *addr).count();
    let most = local.iter().take(16).copied().max_by_key(|addr| times(addr));
    if let Some(source) = most {
        (config.local, config.default_src) = (local, source);
    }
    config
}

impl Rebuilt {
    /// The calls that fill the machine after it has booted, in order.
    pub fn calls(&self, kernel: &Kernel) -> Vec<Call> {
        let mut calls = Vec::new();
        let mut names = (0..u32::MAX).map(SocketName);
        let mut name = || names.next().unwrap_or(SocketName(0));
        let mut servers = Vec::new();
        for (addr, port) in &self.listeners {
            let s = name();
            servers.push((*addr, *port, s));
            calls.extend([
                Call::Socket { s },
                Call::Bind { s, addr: *addr, port: *port },
                Call::Listen { s },
            ]);
        }
        let mut now = self.held.first().map_or(0, |each| each.age_ms);
        for each in &self.held {
            if each.age_ms < now {
                calls.push(Call::Advance { ms: u64::from(now - each.age_ms) });
                now = each.age_ms;
            }
            let waiting = servers.iter().find(|(addr, port, _)| {
                *port == each.tuple.fport && (addr.is_any() || *addr == each.tuple.faddr)
            });
            let waiting = waiting.map(|(_, _, listener)| (*listener, name()));
            each.calls(kernel, name(), waiting, &mut calls);
        }
        let (low, high) = kernel.port_range();
        calls.extend([Call::Advance { ms: now.into() }, Call::ForceRange { low, high }]);
        calls
    }

    /// The machine as it was when the paste was made; `None` if it can't boot.
    pub fn boot(&self) -> Option<Kernel> {
        let mut kernel = Kernel::new(&self.config).ok()?;
        for call in self.calls(&kernel) {
            kernel.apply(&call);
        }
        Some(kernel)
    }
}

impl Held {
    /// What brings it about: a range of this one port, and the connect. `waiting` is the listener
    /// on this very host that gets it, and the name of the other end.
    fn calls(
        &self,
        kernel: &Kernel,
        s: SocketName,
        waiting: Option<(SocketName, SocketName)>,
        calls: &mut Vec<Call>,
    ) {
        let Tuple { laddr, lport, faddr, fport } = self.tuple;
        calls.extend([Call::ForceRange { low: lport, high: lport }, Call::Socket { s }]);
        let routed = kernel.route(faddr).is_ok_and(|route| route.source == laddr);
        if !routed {
            let port = if kernel.release().has_no_port() { 0 } else { lport };
            calls.push(Call::NoPort { s, on: true });
            calls.push(Call::Bind { s, addr: laddr, port });
        }
        let mut connect = Call::connect(s, faddr, fport);
        if let Call::Connect { establish, .. } = &mut connect {
            *establish = self.state != TcpState::SynSent;
        }
        calls.push(connect);
        if let Some((l, other)) = waiting {
            calls.push(Call::AcceptWaiting { l, s: other });
        }
        let how = match self.state {
            TcpState::TimeWait => Some(CloseHow::Active),
            TcpState::FinWait2 => Some(CloseHow::FinWait2),
            TcpState::FinWait1 => Some(CloseHow::Plain),
            _ => None,
        };
        calls.extend(how.map(|how| Call::close(s, how)));
        if let Some((_, other)) = waiting.filter(|_| self.state == TcpState::TimeWait) {
            calls.push(Call::close(other, CloseHow::Plain));
        }
    }
}
