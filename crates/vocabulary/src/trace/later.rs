//! Lines of later releases than 2.6.32.

use error99_kernel::{
    Call, Config, Event, Fastreuse, Fastreuseport, Kernel, OwnerView, OwnersAsked, Probe, Release,
    SearchMet, Sink, SocketName, Substate, TimewaitSeen, Tuple, WalkEnd,
};

use super::{Line, Told, cause_name, local, remote, verdict};
use crate::call::op_name;
use crate::{Json, LoadOp, NameStyle};

/// Draws of a connect are below this.
const CHANCES: u32 = 8;

/// The first line of every trace: what the machine is.
pub(super) fn boot_line(config: &Config) -> Json {
    Json::object([
        ("n", 0.into()),
        ("op", "boot".into()),
        ("start_jiffies", (config.start_jiffies as i64).into()),
        ("hz", config.hz.into()),
    ])
}

impl Told<'_> {
    pub(super) fn later_line(&self, number: usize, names: &dyn NameStyle) -> Json {
        let mut line = Line(Vec::new());
        line.put("n", number as i64);
        line.put("op", op_name(self.call));
        self.put_later_call(&mut line, names);
        if let Some(problem) = self.reply.problem {
            line.put("problem", problem.message());
        }
        self.put_draws(&mut line);
        self.put_scheduled(&mut line);
        self.put_gone(&mut line);
        line.put("st", state(self.kernel));
        Json::Object(line.0)
    }

    /// What the call echoes, answers and shows.
    fn put_later_call(&self, line: &mut Line, names: &dyn NameStyle) {
        let name = |s: &SocketName| names.write(*s);
        let ret = self.reply.ret;
        match self.call {
            Call::Socket { s } => {
                line.put("s", name(s));
                line.put("ret", ret);
            }
            Call::Reuse { s, on } | Call::ReusePort { s, on } | Call::NoPort { s, on } => {
                line.put("s", name(s));
                line.put("on", u8::from(*on));
                line.put("ret", ret);
            }
            Call::Window { s, low, high } => {
                line.put("s", name(s));
                line.put("low", *low);
                line.put("high", *high);
                line.put("ret", ret);
            }
            Call::Bind { s, addr, port } => {
                line.put("s", name(s));
                line.put("addr", addr.to_string());
                line.put("port", *port);
                line.put("ret", ret);
                line.put("gp", self.search_steps());
                self.put_sock(line, *s);
            }
            Call::Listen { s } => {
                line.put("s", name(s));
                line.put("ret", ret);
                line.put("gp", self.search_steps());
                self.put_sock(line, *s);
            }
            Call::Connect { s, dst, dport, .. } => {
                line.put("s", name(s));
                line.put("dst", dst.to_string());
                line.put("dport", *dport);
                line.put("ret", ret);
                line.put("err", if ret == -115 { 0 } else { ret });
                self.put_path(line);
                self.put_sock(line, *s);
            }
            Call::Est { s, .. }
            | Call::Segment { s }
            | Call::Rst { s }
            | Call::Disconnect { s } => {
                line.put("s", name(s));
                line.put("ret", ret);
                self.put_sock(line, *s);
            }
            Call::Accept { l, s, peer, peer_port, laddr, .. } => {
                line.put("l", name(l));
                line.put("s", name(s));
                line.put("peer", peer.to_string());
                line.put("peer_port", *peer_port);
                line.put("laddr", laddr.to_string());
                line.put("ret", ret);
                self.put_accepted(line, *s);
            }
            Call::AcceptWaiting { l, s } => {
                line.put("l", name(l));
                line.put("s", name(s));
                line.put("ret", ret);
                self.put_accepted(line, *s);
            }
            Call::Close { s, how, .. } => {
                line.put("s", name(s));
                line.put("how", how.name());
                line.put("ret", ret);
                let port = self.before.filter(|_| ret == 0).map_or(0, |socket| socket.sport);
                line.put("port", port);
                if port != 0 {
                    line.put("tb", self.bucket_now(port));
                }
            }
            Call::TwFin { tuple } | Call::TwSegment { tuple, .. } => {
                line.put("laddr", tuple.laddr.to_string());
                line.put("lport", tuple.lport);
                line.put("faddr", tuple.faddr.to_string());
                line.put("fport", tuple.fport);
                line.put("ret", ret);
            }
            Call::Advance { ms } => line.put("ms", i64::try_from(*ms).unwrap_or(i64::MAX)),
            Call::Wall { sec } => line.put("sec", *sec),
            Call::Sysctl { sysctl, value } => {
                self.put_sysctl(line, *sysctl, &value.to_string());
            }
            Call::SysctlText { sysctl, text } => self.put_sysctl(line, *sysctl, text),
            Call::ForceRange { low, high } => {
                line.put("low", *low);
                line.put("high", *high);
            }
            Call::Offset { v } => line.put("v", v.map_or("none".to_owned(), |v| v.to_string())),
            Call::Rekey { .. } => {}
            Call::Cap { v } => line.put("v", u8::from(*v)),
            Call::FailTb { v } | Call::FailTb2 { v } | Call::FailSyn { v } => line.put("v", *v),
            Call::FailTcpConnect { v } => line.put("v", v.map_or(0, |errno| -errno.code())),
            Call::Dump => line.put("buckets", self.dump_buckets()),
        }
    }

    fn put_sysctl(&self, line: &mut Line, sysctl: error99_kernel::Sysctl, text: &str) {
        line.put("name", sysctl.name());
        line.put("write", text.trim());
        line.put("ret", self.reply.ret);
        line.put("now", self.kernel.sysctl_text(sysctl));
    }

    fn put_accepted(&self, line: &mut Line, s: SocketName) {
        match self.reply.ret {
            0 => self.put_sock(line, s),
            _ => line.put("sock", Json::Null),
        }
    }

    /// `sock`, and `tb` beside it if the socket has a port.
    fn put_sock(&self, line: &mut Line, s: SocketName) {
        let Some(socket) = self.kernel.socket(s) else { return line.put("sock", Json::Null) };
        line.put(
            "sock",
            Json::object([
                ("saddr", socket.saddr.to_string().into()),
                ("rcv_saddr", socket.rcv_saddr.to_string().into()),
                ("sport", socket.sport.into()),
                ("num", socket.num.into()),
                ("daddr", socket.daddr.to_string().into()),
                ("dport", socket.dport.into()),
                ("state", (socket.state as u8).into()),
                ("locks", socket.locks().into()),
                ("reuse", u8::from(socket.reuse).into()),
                ("reuseport", u8::from(socket.reuseport).into()),
                ("ts_stamp", socket.stamp.into()),
                ("ts_ok", u8::from(socket.timestamps).into()),
                ("rto", socket.rto.into()),
                ("ss", (socket.phase as u8).into()),
            ]),
        );
        if socket.num != 0 {
            line.put("tb", self.bucket_now(socket.num));
        }
    }

    fn bucket_now(&self, port: u16) -> Json {
        let Some(bucket) = self.kernel.bucket(port) else { return Json::Null };
        let mut entries = vec![
            ("port", bucket.port.into()),
            ("fastreuse", bucket.fastreuse.value().into()),
            ("fastreuseport", bucket.fastreuseport.value().into()),
            ("owners", bucket.owners.into()),
            ("tw_owners", bucket.timewait_owners.into()),
        ];
        match self.kernel.release() {
            release if counts_owners(release) => {
                entries.push(("num_owners", bucket.num_owners.into()));
            }
            release if has_addresses(release) => {
                let count = self.kernel.address_buckets(port).len();
                entries.push(("addrs", (count as i64).into()));
            }
            _ => {}
        }
        if bucket.fastreuseport > Fastreuseport::Exclusive {
            entries.push(("fast_saddr", self.fast_address(bucket.fast_addr)));
        }
        Json::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// 3.10 remembers none.
    fn fast_address(&self, addr: error99_kernel::Addr) -> Json {
        match counts_owners(self.kernel.release()) {
            true => error99_kernel::Addr::ANY.to_string().into(),
            false => addr.to_string().into(),
        }
    }

    fn put_path(&self, line: &mut Line) {
        let mut path = "none";
        let mut probes: Vec<&Probe> = Vec::new();
        let mut walked = None;
        for event in self.events {
            match event {
                Event::WalkStarted { .. } => {
                    path = "auto";
                    walked = Some(event);
                    self.put_walk_start(line, event);
                }
                Event::BoundChecked(bound) => {
                    path = "bound";
                    let entries =
                        [("port", bound.port.into()), ("verdict", verdict(bound.verdict).into())];
                    line.put("bound", Json::object(entries));
                }
                Event::Probe(probe) => probes.push(probe),
                Event::WalkEnded { .. } => self.put_walk_end(line, event, walked),
                _ => {}
            }
        }
        line.put("path", path);
        if let Some(Event::WalkStarted { order, .. }) = walked {
            self.put_probes(line, &probes, order);
        }
        let seen: Vec<Json> =
            self.events.iter().filter_map(timewait_seen).map(|seen| self.seen_json(seen)).collect();
        if !seen.is_empty() {
            line.put("tw_seen", Json::List(seen));
        }
    }

    fn put_walk_start(&self, line: &mut Line, event: &Event) {
        let Event::WalkStarted { hash, index, hint, order, .. } = *event else { return };
        line.put("hash", hash.to_string());
        if has_table(self.kernel.release()) {
            line.put("index", index);
            line.put("perturb0", hint);
        } else {
            line.put("hint0", hint);
        }
        line.put("low", order.low());
        line.put("high", order.high());
        line.put("remaining", order.ring());
        line.put("step", order.stride());
        line.put("offset", order.offset());
    }

    fn put_walk_end(&self, line: &mut Line, event: &Event, walked: Option<&Event>) {
        let Event::WalkEnded { reason, steps, port, hint_after, drawn, .. } = *event else {
            return;
        };
        let Some(Event::WalkStarted { order, .. }) = walked else { return };
        line.put("steps", steps);
        line.put("port", port.map_or(Json::Null, Json::from));
        let table = has_table(self.kernel.release());
        line.put(if table { "perturb1" } else { "hint1" }, hint_after);
        let fail = match reason {
            WalkEnd::Found => {
                let least = drawn.unwrap_or(0) * u32::from(order.stride());
                return line.put("add", order.distance(steps).max(least));
            }
            WalkEnd::Exhausted | WalkEnd::EmptyRange => "none",
            WalkEnd::NoMemory => "tb",
            WalkEnd::NoMemoryForAddress => "tb2",
        };
        line.put("fail", fail);
    }

    fn put_probes(&self, line: &mut Line, probes: &[&Probe], order: &error99_kernel::WalkOrder) {
        let count = |word| probes.iter().filter(|probe| verdict(probe.verdict) == word).count();
        line.put("n_skip", count("skip") as i64);
        line.put("n_est", count("est") as i64);
        line.put("n_tw", count("tw") as i64);
        line.put("n_resv", count("resv") as i64);
        if self.summary {
            return;
        }
        let walk = probes.iter().map(|probe| {
            let pass = order.sweeps().find(|sweep| sweep.port_of(probe.i).is_some());
            let flags = probe.fastreuse.map(|fastreuse| (fastreuse, probe.fastreuseport));
            Json::List(vec![
                (pass.map_or(0, |sweep| sweep.pass - 1)).into(),
                order.distance(probe.i).into(),
                probe.port.into(),
                flags_json(flags),
                verdict(probe.verdict).into(),
            ])
        });
        line.put("walk", Json::List(walk.collect()));
    }

    fn seen_json(&self, seen: TimewaitSeen) -> Json {
        let mut entries = vec![
            ("stamp".to_owned(), seen.stamp.into()),
            ("now".to_owned(), seen.now.into()),
            ("substate".to_owned(), (seen.substate as u8).into()),
        ];
        if self.kernel.release() == Release::V6_18 {
            entries.push(("entry_ms".to_owned(), seen.entry_ms.into()));
            entries.push(("now_ms".to_owned(), seen.now_ms.into()));
        }
        Json::Object(entries)
    }

    /// `gp`: the steps of the port search.
    fn search_steps(&self) -> Json {
        let mut steps = Vec::new();
        let mut tried = None;
        for event in self.events {
            // What a named port has is told together with its number.
            if let Some(port) = tried.take() {
                steps.push(tried_json(port, Some(event)));
            }
            match *event {
                Event::PortTried { port, .. } => tried = Some(port),
                _ => steps.extend(self.search_step(event)),
            }
        }
        steps.extend(tried.map(|port| tried_json(port, None)));
        Json::List(steps)
    }

    fn search_step(&self, event: &Event) -> Option<Json> {
        use error99_kernel::{BindRefusal, ListenRefusal};
        let x = |what: &str| Json::object([("x", what.into())]);
        Some(match *event {
            Event::SearchStarted { offset, ports, relaxed, half, low, high, .. } => Json::object([
                ("relax", u8::from(relaxed).into()),
                ("half", half.into()),
                ("low", low.into()),
                ("high", high.into()),
                ("remaining", ports.into()),
                ("offset", offset.into()),
            ]),
            Event::SearchReserved { port } => Json::List(vec![port.into(), "resv".into()]),
            Event::SearchFree { port } => Json::List(vec![port.into(), "new".into()]),
            Event::SearchOccupied { .. } => self.met_json(event)?,
            Event::SearchExhausted => Json::object([("none", 1.into())]),
            Event::ConflictTested { asked } => match asked {
                OwnersAsked::Skipped => x("fast"),
                OwnersAsked::AnyConflict => x("any_conflict"),
                OwnersAsked::Conflict => x("conflict"),
                OwnersAsked::Fine => return None,
            },
            Event::BindRefused(refusal) | Event::ListenRefused(ListenRefusal::Port(refusal)) => {
                match refusal {
                    BindRefusal::NoMemory => x("nomem_tb"),
                    BindRefusal::NoMemoryForAddress => x("nomem_tb2"),
                    _ => return None,
                }
            }
            Event::PortJoined { port, fastreuse, fastreuseport, .. } => Json::object([
                ("ok", port.into()),
                ("tb", flags_json(Some((fastreuse, fastreuseport)))),
            ]),
            _ => return None,
        })
    }

    fn met_json(&self, event: &Event) -> Option<Json> {
        let Event::SearchOccupied { port, fastreuse, fastreuseport, num_owners, met } = *event
        else {
            return None;
        };
        let word = match met {
            SearchMet::AnyConflict => return Some(Json::List(vec![port.into(), "any".into()])),
            SearchMet::Passed | SearchMet::Conflict => "conflict",
            SearchMet::Shared { .. } => "share",
            SearchMet::Crowded => "full_share",
        };
        let release = self.kernel.release();
        let mut entries: Vec<Json> =
            vec![port.into(), word.into(), fastreuse.value().into(), fastreuseport.value().into()];
        match met {
            _ if counts_owners(release) => entries.push(num_owners.into()),
            SearchMet::Shared { address } => {
                entries.push(u8::from(address && release >= Release::V6_1).into());
            }
            _ => {}
        }
        Some(Json::List(entries))
    }

    fn put_draws(&self, line: &mut Line) {
        let drawn = |event: &Event| match *event {
            Event::SearchStarted { ports, random, .. } => Some((ports, random)),
            Event::WalkEnded { drawn, .. } => drawn.map(|drawn| (CHANCES, drawn)),
            _ => None,
        };
        let draws: Vec<Json> = self
            .events
            .iter()
            .filter_map(drawn)
            .map(|(below, value)| Json::List(vec![below.into(), value.into()]))
            .collect();
        if !draws.is_empty() {
            line.put("rand", Json::List(draws));
        }
    }

    /// Timers of mini-sockets that were started.
    fn put_scheduled(&self, line: &mut Line) {
        // Events of a timer come behind one that says when it ran.
        let mut t_ms = self.kernel.now_ms();
        let mut scheduled = Vec::new();
        for event in self.events {
            let (tuple, substate, timeout, how) = match *event {
                Event::FinWait2Checked { t_ms: at_ms, .. } => {
                    t_ms = at_ms;
                    continue;
                }
                Event::TimewaitMade { tuple, substate, timeout, .. } => {
                    (tuple, substate, timeout, "new")
                }
                Event::TimewaitRestarted { tuple, substate, timeout, .. } => {
                    (tuple, substate, timeout, "rearm")
                }
                _ => continue,
            };
            let mut entries = self.timed(t_ms, &tuple);
            entries.extend([(substate as u8).into(), timeout.into(), how.into()]);
            scheduled.push(Json::List(entries));
        }
        if !scheduled.is_empty() {
            line.put("tw_sched", Json::List(scheduled));
        }
    }

    fn put_gone(&self, line: &mut Line) {
        let ended = |event: &Event| match *event {
            Event::TimewaitEnded { tuple, t_ms, cause } => {
                let mut entries = self.timed(t_ms, &tuple);
                entries.push(cause_name(cause).into());
                Some(Json::List(entries))
            }
            _ => None,
        };
        let gone: Vec<Json> = self.events.iter().filter_map(ended).collect();
        if !gone.is_empty() {
            line.put("tw_gone_n", gone.len() as i64);
            if !self.summary {
                line.put("tw_gone", Json::List(gone));
            }
        }
    }

    /// A connection, and jiffies since the start.
    fn timed(&self, t_ms: u64, tuple: &Tuple) -> Vec<Json> {
        vec![
            (self.kernel.ticks(t_ms) as i64).into(),
            tuple.laddr.to_string().into(),
            tuple.lport.into(),
            tuple.faddr.to_string().into(),
            tuple.fport.into(),
        ]
    }

    /// All buckets by port.
    fn dump_buckets(&self) -> Json {
        let ports = (0..=u16::MAX).filter_map(|port| self.dump_bucket(port));
        Json::List(ports.collect())
    }

    fn dump_bucket(&self, port: u16) -> Option<Json> {
        let kernel = self.kernel;
        let bucket = kernel.bucket(port)?;
        let release = kernel.release();
        let mut entries = vec![
            ("port", port.into()),
            ("fastreuse", bucket.fastreuse.value().into()),
            ("fastreuseport", bucket.fastreuseport.value().into()),
        ];
        if bucket.fastreuseport > Fastreuseport::Exclusive {
            entries.push(("fast_saddr", self.fast_address(bucket.fast_addr)));
        }
        if counts_owners(release) {
            entries.push(("num_owners", bucket.num_owners.into()));
        }
        if has_addresses(release) {
            let mut addrs: Vec<(String, i8, i8)> = kernel
                .address_buckets(port)
                .into_iter()
                .map(|(addr, fr, frp)| (addr.to_string(), fr.value(), frp.value()))
                .collect();
            addrs.sort();
            let addr = |(addr, fr, frp): (String, i8, i8)| match release {
                Release::V6_18 => Json::List(vec![addr.into(), fr.into(), frp.into()]),
                _ => addr.into(),
            };
            entries.push(("addrs", Json::List(addrs.into_iter().map(addr).collect())));
        }
        let mut owners: Vec<Owner> = kernel.owners(port).map(Owner::of).collect();
        owners.sort_by(|a, b| a.key().cmp(&b.key()));
        entries.push(("owners", Json::List(owners.iter().map(Owner::json).collect())));
        let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), value));
        Some(Json::Object(entries.collect()))
    }
}

/// An owner in a list of buckets.
struct Owner {
    timewait: u8,
    state: u8,
    substate: u8,
    reuse: bool,
    reuseport: bool,
    local: String,
    remote: String,
    stamp: u32,
}

impl Owner {
    fn of(owner: OwnerView) -> Owner {
        match owner {
            OwnerView::Live(socket) => Owner {
                timewait: 0,
                state: socket.state as u8,
                substate: 0,
                reuse: socket.reuse,
                reuseport: socket.reuseport,
                local: local(&socket.tuple()),
                remote: remote(&socket.tuple()),
                stamp: socket.stamp,
            },
            OwnerView::Timewait(mini) => Owner {
                timewait: 1,
                state: Substate::TimeWait as u8,
                substate: mini.substate as u8,
                reuse: mini.reuse,
                reuseport: mini.reuseport,
                local: local(&mini.tuple),
                remote: remote(&mini.tuple),
                stamp: mini.stamp,
            },
        }
    }

    fn key(&self) -> (&str, &str, u8, u8) {
        (&self.local, &self.remote, self.timewait, self.state)
    }

    fn json(&self) -> Json {
        Json::object([
            ("tw", self.timewait.into()),
            ("state", self.state.into()),
            ("sub", self.substate.into()),
            ("reuse", u8::from(self.reuse).into()),
            ("reuseport", u8::from(self.reuseport).into()),
            ("l", self.local.clone().into()),
            ("f", self.remote.clone().into()),
            ("stamp", self.stamp.into()),
        ])
    }
}

/// A named port, with what the event behind says of its bucket.
fn tried_json(port: u16, behind: Option<&Event>) -> Json {
    let flags = match behind {
        Some(Event::PortHasBucket { fastreuse, fastreuseport, .. }) => {
            Some((*fastreuse, *fastreuseport))
        }
        _ => None,
    };
    Json::object([("try", port.into()), ("tb", flags_json(flags))])
}

/// A bucket's two flags, or `null`.
fn flags_json(flags: Option<(Fastreuse, Fastreuseport)>) -> Json {
    flags.map_or(Json::Null, |(fastreuse, fastreuseport)| {
        Json::List(vec![fastreuse.value().into(), fastreuseport.value().into()])
    })
}

/// Whether it is 3.10, or bears its number: buckets count their owners, and remember no address.
fn counts_owners(release: Release) -> bool {
    release <= Release::Rhel7
}

/// Whether buckets of port and address are shown; those of 6.1 aren't.
fn has_addresses(release: Release) -> bool {
    release > Release::V6_1
}

fn has_table(release: Release) -> bool {
    release > Release::V4_19
}

fn timewait_seen(event: &Event) -> Option<TimewaitSeen> {
    match event {
        Event::Probe(probe) => probe.check?.timewait,
        Event::BoundChecked(bound) => bound.check.timewait,
        _ => None,
    }
}

fn state(kernel: &Kernel) -> Json {
    Json::object([
        ("t_ms", (kernel.now_ms() as i64).into()),
        ("j", (kernel.ticks(kernel.now_ms()) as i64).into()),
        ("sec", kernel.stamp_second().into()),
        ("tw", kernel.tw_count().into()),
        ("recycled", kernel.recycled().into()),
        ("overflow", kernel.overflows().into()),
    ])
}

/// What is told of a load.
#[derive(Default)]
struct LoadTold {
    first: Option<Json>,
    last: Option<Json>,
    drawn: Vec<Json>,
    gone_ms: Vec<u64>,
}

impl Sink for LoadTold {
    fn event(&mut self, event: Event) {
        match event {
            Event::WalkStarted { hash, index, hint, order, .. } => {
                let start = Json::object([
                    ("hash", hash.to_string().into()),
                    ("index", index.into()),
                    ("perturb0", hint.into()),
                    ("offset", order.offset().into()),
                ]);
                self.first.get_or_insert_with(|| start.clone());
                self.last = Some(start);
            }
            Event::WalkEnded { drawn, .. } => self.drawn.extend(drawn.map(Json::from)),
            Event::TimewaitEnded { t_ms, .. } => self.gone_ms.push(t_ms),
            _ => {}
        }
    }

    fn hears_probes(&self) -> bool {
        false
    }
}

/// Runs a load, whose sockets are named from `first` on, and writes line `number` of a trace about
/// it.
pub(super) fn load_line(kernel: &mut Kernel, load: &LoadOp, first: u32, number: usize) -> Json {
    let mut told = LoadTold::default();
    let (mut results, mut steps) = (Vec::new(), Vec::new());
    for name in first..first + load.count {
        let s = SocketName(name);
        kernel.apply(&Call::Socket { s });
        let reply = kernel.apply_traced(&load.connect(s), &mut told);
        let refused = reply.ret != -115;
        let port = kernel.socket(s).map_or(0, |socket| socket.num);
        results.push(if refused { reply.ret.into() } else { Json::from(port) });
        steps.push(reply.steps.into());
        if let Some(close) = load.close(s, refused) {
            kernel.apply_traced(&close, &mut told);
        }
        kernel.apply_traced(&Call::Advance { ms: load.every_ms }, &mut told);
    }
    let mut gone: Vec<(u64, i64)> = Vec::new();
    for t_ms in told.gone_ms {
        let tick = kernel.ticks(t_ms);
        match gone.last_mut() {
            Some((last, count)) if *last == tick => *count += 1,
            _ => gone.push((tick, 1)),
        }
    }
    let gone =
        gone.iter().map(|(tick, count)| Json::List(vec![(*tick as i64).into(), (*count).into()]));
    Json::object([
        ("n", (number as i64).into()),
        ("op", "load".into()),
        ("count", load.count.into()),
        ("every_ms", (load.every_ms as i64).into()),
        ("dst", load.dst.to_string().into()),
        ("dport", load.dport.into()),
        ("how", load.how().into()),
        ("res", Json::List(results)),
        ("steps", Json::List(steps)),
        ("rand_v", Json::List(told.drawn)),
        ("gone", Json::List(gone.collect())),
        ("first", told.first.unwrap_or(Json::Null)),
        ("last", told.last.unwrap_or(Json::Null)),
        ("st", state(kernel)),
    ])
}
