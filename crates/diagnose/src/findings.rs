//! What is found in a paste, and the verdict.

use std::net::IpAddr;

use error99_kernel::{Sysctl, TimewaitRefusal};

use crate::ask::{Ask, TakeOver};
use crate::diagnosis::{Evidence, Judgement, knob};
use crate::end::End;
use crate::kernel_of::KernelGuess;
use crate::keys::Finding;
use crate::observed::{FailedCall, FailedLine};
use crate::pairs::{Full, Ground, PairCount, Pairs};
use crate::roles::Role;
use crate::state::TcpState;

/// Programs that hold connections for others, and have directives of their own.
const PROXIES: &[&str] = &[
    "nginx",
    "haproxy",
    "envoy",
    "pilot-agent",
    "nutcracker",
    "twemproxy",
    "php-fpm",
    "varnishd",
    "traefik",
    "httpd",
    "apache2",
    "squid",
    "pgbouncer",
    "proxysql",
    "kube-proxy",
    "hitch",
];

/// Looks at everything, once.
pub(crate) struct Finder<'a> {
    ground: &'a Ground<'a>,
    pairs: &'a Pairs,
    ask: Ask,
    pub(crate) verdict: Judgement,
    pub(crate) findings: Vec<Evidence>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(ground: &'a Ground<'a>, pairs: &'a Pairs, kernel: &KernelGuess) -> Self {
        let number = |sysctl| knob(ground.observed, kernel.release, sysctl);
        let ask = Ask {
            release: kernel.release,
            reuse: number(Sysctl::TwReuse),
            recycle: number(Sysctl::TwRecycle),
            timestamps: number(Sysctl::Timestamps),
        };
        let verdict =
            Judgement { call: None, errno: Some(99), full: Full::Unknown, which: Vec::new() };
        Finder { ground, pairs, ask, verdict, findings: Vec::new() }
    }

    fn add(&mut self, what: Finding, pair: Option<usize>, of: Option<(u64, u64)>) {
        self.add_at(what, pair, of, None);
    }

    fn add_at(
        &mut self,
        what: Finding,
        pair: Option<usize>,
        of: Option<(u64, u64)>,
        line: Option<u32>,
    ) {
        if !self.findings.iter().any(|found| found.what == what) {
            self.findings.push(Evidence { what, pair, of, line });
        }
    }

    /// Everything, the verdict first.
    pub(crate) fn find(&mut self) {
        self.judge();
        self.full_pairs();
        self.past_half();
        self.surroundings();
        self.range();
        self.totals();
        self.settings();
        self.programs();
    }

    /// The last failing call that says most.
    fn failure(&self) -> Option<&'a FailedLine> {
        let failures = &self.ground.observed.failures;
        let telling = failures.iter().rev().find(|failure| failure.end.is_some());
        telling.or_else(|| failures.last())
    }

    fn judge(&mut self) {
        let failure = self.failure();
        let call = failure.and_then(|failure| failure.call);
        if let Some(failure) = failure {
            self.verdict.errno = Some(failure.errno);
            self.verdict.call = call;
        }
        match (call, failure) {
            (Some(FailedCall::Bind | FailedCall::Listen), Some(failure)) if failure.errno == 98 => {
                self.bind_failed(failure);
            }
            (Some(FailedCall::Bind), Some(failure)) => {
                self.verdict.full = Full::No;
                self.add_at(Finding::SourceNotLocal, None, None, Some(failure.line));
            }
            (None, Some(failure)) if failure.errno == 98 => self.bind_failed(failure),
            _ => self.connect_failed(failure),
        }
    }

    /// Which pairs a connect finds full.
    fn connect_failed(&mut self, failure: Option<&FailedLine>) {
        let full = self.pairs.all.iter().filter(|pair| pair.full == Full::Yes);
        self.verdict.which = full.map(|pair| pair.destination.to_string()).collect();
        self.verdict.which.dedup();
        if !self.verdict.which.is_empty() {
            self.verdict.call = Some(FailedCall::Connect);
            self.verdict.full = Full::Yes;
            return;
        }
        if self.binds_slowly() || self.addresses_only(failure) {
            return;
        }
        let asked =
            self.ground.observed.listings.iter().any(|listing| listing.sieve.destination.is_some());
        if failure.is_none() && asked {
            self.verdict.call = Some(FailedCall::Connect);
        }
        let towards = failure.and_then(|failure| failure.end);
        let pair =
            towards.and_then(|to| self.pairs.all.iter().position(|pair| pair.destination == to));
        match pair {
            Some(place) => {
                let pair = &self.pairs.all[place];
                self.verdict.full = pair.full;
                if pair.full == Full::No {
                    let of = (pair.inside.into(), self.ground.size().into());
                    self.add(Finding::NotFullNow, Some(place), Some(of));
                    self.fixed_port(place);
                }
            }
            None if towards.is_none() && !self.pairs.all.is_empty() => {
                let all = self.pairs.all.iter().all(|pair| pair.full == Full::No);
                self.verdict.full = if all { Full::No } else { Full::Unknown };
            }
            None => {}
        }
    }

    /// Error 99 that has nothing to do with ports: an IPv6 address without IPv6.
    fn addresses_only(&mut self, failure: Option<&FailedLine>) -> bool {
        let Some(failure) = failure else { return false };
        if failure.localhost {
            self.add_at(Finding::LocalhostIpv6First, None, None, Some(failure.line));
        }
        let six = failure.end.is_some_and(|end| end.ip.is_ipv6()) || failure.localhost;
        let off = self.ground.observed.settings.iter().find(|setting| {
            setting.name.ends_with("disable_ipv6") && setting.value.as_deref() == Some("1")
        });
        let off = off.filter(|_| six && failure.errno == 99);
        if let Some(setting) = off {
            self.add_at(Finding::Ipv6Disabled, None, None, Some(setting.line));
            self.verdict.full = Full::No;
        }
        off.is_some()
    }

    /// A program that names its local port.
    fn fixed_port(&mut self, place: usize) {
        let pair = &self.pairs.all[place];
        let (from, len) = (pair.rows.0 as usize, pair.rows.1 as usize);
        let rows = self.pairs.order.get(from..from + len).unwrap_or_default();
        let rows = rows.iter().map(|at| &self.ground.observed.rows[*at as usize]);
        let bound = &self.ground.observed.bound_first;
        let fixed = |port: u16| !self.ground.inside(port) || bound.contains(&port);
        let found = rows.clone().find(|row| fixed(row.local.port));
        if let Some(row) = found {
            let what = match row.state {
                TcpState::TimeWait => Finding::FixedPortTimeWait,
                _ => Finding::FixedPortAlive,
            };
            self.add_at(what, Some(place), None, Some(row.line));
        }
    }

    /// A bind that failed with 98: for any port, or for a named one.
    fn bind_failed(&mut self, failure: &FailedLine) {
        let port = failure.end.map_or(0, |end| end.port);
        if port != 0 {
            self.verdict.full = Full::No;
            let takes = |role: Role| {
                let rows = self.ground.observed.rows.iter().zip(self.ground.roles);
                rows.filter(move |(_, each)| **each == role)
                    .find(|(row, _)| row.local.port == port)
                    .map(|(row, _)| row.line)
            };
            let (listens, opened) = (takes(Role::Listener), takes(Role::Opened));
            if listens.is_some() {
                self.add_at(Finding::ListenerPortInUse, None, None, listens);
            } else if opened.is_some() || self.ground.inside(port) {
                self.add_at(Finding::ListenerPortTaken, None, None, opened);
            }
            return;
        }
        self.verdict.call = Some(FailedCall::Bind);
        let source = failure.end.map(|end| end.ip).filter(|ip| !ip.is_unspecified());
        let (used, size) = (self.used_at(source), self.ground.size());
        let full = used + size / 1_000 >= size;
        self.verdict.full = match full {
            true => Full::Yes,
            false if self.pairs.sample || !self.ground.said => Full::Unknown,
            false => Full::No,
        };
        if full {
            let address = source.map_or("0.0.0.0".to_owned(), |ip| ip.to_string());
            self.verdict.which = vec![format!("bind({address}, 0)")];
        }
        self.add_at(
            Finding::BindFirstFull,
            None,
            Some((used.into(), size.into())),
            Some(failure.line),
        );
        self.add(Finding::ReuseNotForBind, None, None);
        if self.ask.binds_of_16(true) < self.ask.binds_of_16(false) {
            self.add(Finding::HalfRangeBind, None, None);
        }
    }

    /// Ports in use at a source, for whatever destination.
    fn used_at(&self, source: Option<IpAddr>) -> u32 {
        let here =
            |pair: &&PairCount| source.is_none() || pair.source.is_none() || pair.source == source;
        let counted = self.pairs.all.iter().filter(here).filter(|pair| pair.counted);
        let counted = counted.fold(0_u32, |sum, pair| sum.saturating_add(pair.count));
        let rows = self.pairs.order.iter().map(|at| self.ground.observed.rows[*at as usize].local);
        let rows = rows.filter(|end| source.is_none_or(|ip| end.ip == ip));
        let mut ports: Vec<u16> =
            rows.map(|end| end.port).filter(|port| self.ground.inside(*port)).collect();
        ports.extend(&self.pairs.lost);
        ports.sort_unstable();
        ports.dedup();
        counted.max(ports.len() as u32)
    }

    /// Ports of bind's parity alone say who chose them, where the two differ.
    fn binds_slowly(&mut self) -> bool {
        let (binds, connects) = (self.ask.first_parity(true), self.ask.first_parity(false));
        let (Some(binds), Some(connects)) = (binds, connects) else { return false };
        let size = self.ground.size();
        let past = self.pairs.all.iter().position(|pair| pair.count > size / 2);
        let low = self.ground.range.0;
        let rows = self.pairs.order.iter().map(|at| self.ground.observed.rows[*at as usize].local);
        let mut ports =
            rows.map(|end| end.port).filter(|port| self.ground.inside(*port)).peekable();
        let some = ports.peek().is_some();
        let all = ports.all(|port| port.abs_diff(low) % 2 == binds);
        let Some(place) = past.filter(|_| some && all && binds != connects) else { return false };
        self.verdict = Judgement {
            call: Some(FailedCall::Bind),
            errno: None,
            full: Full::No,
            which: Vec::new(),
        };
        if let Some(failure) = self.failure() {
            self.verdict.errno = Some(failure.errno);
        }
        let of = (self.pairs.all[place].count.into(), size.into());
        self.add(Finding::BindSlowPastHalf, Some(place), Some(of));
        true
    }

    /// Why full pairs are full.
    fn full_pairs(&mut self) {
        let size = u64::from(self.ground.size());
        for (place, pair) in self.pairs.all.iter().enumerate() {
            if pair.full != Full::Yes {
                continue;
            }
            let (waiting, live) = (pair.of(TcpState::TimeWait), pair.live());
            let what = match (waiting, live) {
                _ if u64::from(waiting) * 20 >= u64::from(pair.count) * 17 => {
                    Finding::ConnectFullTimeWait
                }
                _ if u64::from(live) * 10 >= u64::from(pair.count) * 9 => Finding::ConnectFullLive,
                _ => Finding::ConnectFullMixed,
            };
            if self.verdict.call == Some(FailedCall::Connect) {
                self.add(what, Some(place), Some((pair.inside.into(), size)));
            }
            if waiting > 0 && waiting >= live {
                self.reuse(place, pair);
            }
            if what == Finding::ConnectFullLive {
                self.add(Finding::Leak, Some(place), Some((live.into(), pair.count.into())));
                self.add(
                    Finding::NoTimeWaits,
                    Some(place),
                    Some((waiting.into(), pair.count.into())),
                );
            }
            if pair.destination.ip.is_ipv6() {
                self.add(Finding::Ipv6SameRange, Some(place), None);
            }
            let hidden = (size as u32).saturating_sub(pair.inside + pair.lost);
            if hidden > 0 && !pair.counted {
                self.add(Finding::HiddenHolders, Some(place), Some((hidden.into(), size)));
            }
        }
    }

    /// Why TIME_WAITs of a pair aren't taken over.
    fn reuse(&mut self, place: usize, pair: &PairCount) {
        if self.verdict.call == Some(FailedCall::Bind) {
            return;
        }
        let loopback = pair.destination.ip.is_loopback();
        let what = match self.ask.take_over(loopback) {
            Some(TakeOver::No(TimewaitRefusal::ReuseOff)) => Finding::ReuseOff,
            Some(TakeOver::No(TimewaitRefusal::LoopbackOnly)) => Finding::ReuseLoopbackOnly,
            Some(TakeOver::No(TimewaitRefusal::NoStamp)) => Finding::ReuseNoTimestamps,
            Some(TakeOver::Yes | TakeOver::Gone) => Finding::ReuseInForce,
            _ => return,
        };
        let said =
            self.ground.observed.setting("net.ipv4.tcp_tw_reuse").map(|setting| setting.line);
        self.add_at(what, Some(place), None, said);
    }

    /// Destinations past half of the range, where that costs.
    fn past_half(&mut self) {
        let size = self.ground.size();
        let half = |pair: &PairCount| pair.full != Full::Yes && pair.count > size / 2;
        let Some(place) = self.pairs.all.iter().position(half) else { return };
        let of = Some((self.pairs.all[place].count.into(), size.into()));
        let bind = self.verdict.call == Some(FailedCall::Bind);
        if self.ask.release.rules().order.has_passes() && !bind {
            self.add(Finding::ConnectSlowPastHalf, Some(place), of);
            let waiting = self.pairs.all[place].of(TcpState::TimeWait);
            let taken = self.ask.take_over(self.pairs.all[place].destination.ip.is_loopback());
            if taken == Some(TakeOver::Yes) && waiting > size / 4 {
                self.add(Finding::SettlesNearHalf, Some(place), of);
            }
        }
    }

    /// What stands around pairs.
    fn surroundings(&mut self) {
        let observed = self.ground.observed;
        let accepted = self.ground.roles.iter().filter(|role| **role == Role::Accepted).count();
        if accepted > 0 {
            self.add(
                Finding::AcceptedNotCounted,
                None,
                Some((accepted as u64, observed.rows.len() as u64)),
            );
        }
        let rows_count = self.pairs.all.iter().any(|pair| !pair.counted);
        if self.pairs.sample && (rows_count || self.pairs.all.is_empty()) {
            let said = observed.totals.rows.or(observed.totals.tcp).unwrap_or(0);
            self.add(Finding::SampleOnly, None, Some((observed.rows.len() as u64, said)));
        }
        let here = self.pairs.all.iter().position(|pair| {
            let to: End = pair.destination;
            pair.count > 1
                && (to.ip.is_loopback() || pair.source == Some(to.ip) || self.ground.is_ours(to.ip))
        });
        if here.is_some() {
            self.add(Finding::BothEndsHere, here, None);
        }
        let closing = self.pairs.all.iter().position(|pair| {
            let waiting = pair.of(TcpState::CloseWait);
            waiting >= 16 && waiting > pair.count / 2
        });
        if let Some(place) = closing {
            let pair = &self.pairs.all[place];
            let of = (pair.of(TcpState::CloseWait).into(), pair.count.into());
            self.add(Finding::CloseWaitLeak, Some(place), Some(of));
        }
        let mut rows = self
            .pairs
            .order
            .iter()
            .map(|at| {
                let row = &observed.rows[*at as usize];
                (row.local.ip, row.local.port)
            })
            .collect::<Vec<_>>();
        rows.sort_unstable();
        let shared = rows.windows(2).filter(|two| two[0] == two[1]).count();
        if shared > 0 {
            self.add(Finding::SharedPorts, None, Some((shared as u64, rows.len() as u64)));
        }
        let sources: std::collections::BTreeSet<_> =
            self.pairs.all.iter().filter_map(|pair| pair.source).collect();
        if sources.len() > 1 {
            self.add(Finding::ManySources, None, Some((sources.len() as u64, 0)));
        }
    }

    /// The range itself.
    fn range(&mut self) {
        let size = u64::from(self.ground.size());
        if self.pairs.reserved > 0 {
            self.add(Finding::ReservedPorts, None, Some((self.pairs.reserved.into(), size)));
        }
        let listeners = (self.pairs.lost.len() as u64).saturating_sub(self.pairs.reserved.into());
        if listeners > 0 {
            self.add(Finding::ListenersInRange, None, Some((listeners, size)));
        }
        if self.ground.said && self.ask.loses_a_port(self.ground.range) {
            self.add(Finding::OddRange, None, Some((1, size)));
        }
    }

    /// Sums, and what they don't say.
    fn totals(&mut self) {
        let totals = &self.ground.observed.totals;
        if totals.tcp.is_some() || totals.in_use.is_some() {
            self.add(
                Finding::TotalsSayLittle,
                None,
                totals.tcp.or(totals.in_use).map(|sum| (sum, 0)),
            );
        }
        let few =
            totals.timewait.is_some_and(|waiting| waiting < u64::from(self.ground.size()) / 10);
        if few {
            self.add(Finding::NoTimeWaits, None, totals.timewait.map(|waiting| (waiting, 0)));
        }
        let waiting = totals.states[TcpState::TimeWait as usize].max(totals.timewait.unwrap_or(0));
        let ends = matches!(self.ask.take_over(false), Some(TakeOver::Yes | TakeOver::Gone));
        let set = self.ask.reuse.is_some() || self.ask.recycle.is_some();
        if set && ends && waiting > u64::from(self.ground.size()) / 2 {
            self.add(Finding::SettingsContradict, None, Some((waiting, self.ground.size().into())));
        }
    }

    /// Sysctls that aren't there, or do something else.
    fn settings(&mut self) {
        for setting in &self.ground.observed.settings {
            let Some(sysctl) = Sysctl::parse(&setting.name) else { continue };
            if setting.value.is_none() {
                let what = match self.ask.release.rules().has(sysctl) {
                    true => Finding::ContainerHasNoSysctl,
                    false => Finding::SysctlNotHere,
                };
                self.add_at(what, None, None, Some(setting.line));
            }
            let changed = setting.value.as_deref().is_some_and(|value| value != "60");
            if sysctl == Sysctl::FinTimeout && changed {
                self.add_at(Finding::FinTimeoutSet, None, None, Some(setting.line));
            }
        }
    }

    /// Programs that are known.
    fn programs(&mut self) {
        let known = |name: &str| PROXIES.iter().any(|proxy| name.starts_with(proxy));
        let processes = &self.ground.observed.processes;
        if processes.iter().any(|process| known(&process.name)) {
            self.add(Finding::KnownProxy, None, None);
        }
    }
}
