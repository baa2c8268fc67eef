//! Lines of 2.6.32.

use error99_kernel::{
    BoundCheck, Call, Event, Fastreuse, OwnerView, OwnersAsked, Probe, SocketName, SysctlValue,
    TimewaitCause, TimewaitSeen, Tuple,
};

use super::{Line, Told, cause_name, local, remote, verdict};
use crate::call::op_name;
use crate::{Json, NameStyle};

impl Told<'_> {
    pub(super) fn line(&self, number: usize, names: &dyn NameStyle) -> Json {
        let mut line = Line(Vec::new());
        line.put("n", number as i64);
        self.put_call(&mut line, names);
        if let Some(problem) = self.reply.problem {
            line.put("problem", problem.message());
        }
        self.put_randoms(&mut line);
        self.put_timewaits_gone(&mut line);
        let overflows = self.events.iter().filter(|e| matches!(e, Event::TimewaitOverflow { .. }));
        let log: Vec<Json> = overflows.map(|_| "tw_overflow".into()).collect();
        if !log.is_empty() {
            line.put("log", Json::List(log));
        }
        line.put("st", self.state());
        Json::Object(line.0)
    }

    /// What the call echoes, answers and shows.
    fn put_call(&self, line: &mut Line, names: &dyn NameStyle) {
        let name = |s: SocketName| names.write(s);
        match self.call {
            Call::Socket { s } => {
                line.put("op", "socket");
                line.put("s", name(*s));
                self.put_ret(line);
            }
            Call::Reuse { s, on } => {
                line.put("op", "reuse");
                line.put("s", name(*s));
                line.put("on", u8::from(*on));
                self.put_ret(line);
            }
            Call::Bind { s, addr, port } => {
                line.put("op", "bind");
                line.put("s", name(*s));
                line.put("addr", addr.to_string());
                line.put("port", *port);
                self.put_ret(line);
                self.put_get_port(line);
                self.put_socket(line, *s);
            }
            Call::Connect { s, dst, dport, .. } => {
                line.put("op", "connect");
                line.put("s", name(*s));
                line.put("dst", dst.to_string());
                line.put("dport", *dport);
                self.put_ret(line);
                self.put_connect(line);
                self.put_socket(line, *s);
            }
            Call::Est { s, .. } => self.put_plain(line, "est", *s, names),
            Call::Segment { s } => self.put_plain(line, "segment", *s, names),
            Call::Rst { s } => self.put_plain(line, "rst", *s, names),
            Call::Disconnect { s } => self.put_plain(line, "disconnect", *s, names),
            Call::Listen { s } => {
                line.put("op", "listen");
                line.put("s", name(*s));
                self.put_ret(line);
                self.put_get_port(line);
                self.put_socket(line, *s);
            }
            Call::Accept { l, s, peer, peer_port, laddr, .. } => {
                line.put("op", "accept");
                line.put("l", name(*l));
                line.put("s", name(*s));
                line.put("peer", format!("{peer}:{peer_port}"));
                line.put("laddr", laddr.to_string());
                self.put_ret(line);
                if self.reply.ret == 0 {
                    self.put_socket(line, *s);
                }
            }
            Call::Close { s, how, .. } => {
                line.put("op", "close");
                line.put("s", name(*s));
                line.put("how", how.name());
                self.put_ret(line);
                let port = self.before.map_or(0, |socket| socket.num);
                line.put("port", port);
                if port != 0 {
                    line.put("tb", self.bucket(port));
                }
            }
            Call::TwFin { tuple } => {
                line.put("op", "tw_fin");
                line.put("l", local(tuple));
                line.put("f", remote(tuple));
                self.put_ret(line);
            }
            Call::Advance { ms } => {
                line.put("op", "advance");
                line.put("ms", i64::try_from(*ms).unwrap_or(i64::MAX));
            }
            Call::Wall { sec } => {
                line.put("op", "wall");
                line.put("sec", *sec);
            }
            Call::Sysctl { sysctl, value } => {
                line.put("op", "sysctl");
                line.put("name", sysctl.name());
                line.put("write", value.to_string());
                self.put_ret(line);
                let now: SysctlValue = self.kernel.sysctl(*sysctl);
                line.put("now", now.to_string());
            }
            Call::ForceRange { low, high } => {
                line.put("op", "force_range");
                line.put("low", *low);
                line.put("high", *high);
            }
            Call::Offset { v } => {
                line.put("op", "offset");
                line.put("v", v.map_or("none".to_owned(), |v| v.to_string()));
            }
            Call::Rekey { .. } => line.put("op", "rekey"),
            Call::Cap { v } => {
                line.put("op", "cap");
                line.put("v", u8::from(*v));
            }
            Call::FailTb { v } => {
                line.put("op", "fail_tb");
                line.put("v", *v);
            }
            Call::FailTcpConnect { v } => {
                line.put("op", "fail_tcp_connect");
                line.put("v", v.map_or(0, |errno| -errno.code()));
            }
            Call::Dump => {
                line.put("op", "dump");
                line.put("buckets", self.dump());
            }
            // 2.6.32 has none of these.
            call => {
                line.put("op", op_name(call));
                self.put_ret(line);
            }
        }
    }

    fn put_ret(&self, line: &mut Line) {
        line.put("ret", self.reply.ret);
    }

    /// A call that shows its socket and nothing else.
    fn put_plain(&self, line: &mut Line, op: &str, s: SocketName, names: &dyn NameStyle) {
        line.put("op", op);
        line.put("s", names.write(s));
        self.put_ret(line);
        self.put_socket(line, s);
    }

    /// `sock`, and `tb` beside it if the socket has a port.
    fn put_socket(&self, line: &mut Line, s: SocketName) {
        let Some(socket) = self.kernel.socket(s) else { return line.put("sock", Json::Null) };
        line.put(
            "sock",
            Json::object([
                ("saddr", socket.saddr.to_string().into()),
                ("sport", socket.sport.into()),
                ("num", socket.num.into()),
                ("daddr", socket.daddr.to_string().into()),
                ("dport", socket.dport.into()),
                ("state", (socket.state as u8).into()),
                ("locks", socket.locks().into()),
                ("reuse", u8::from(socket.reuse).into()),
                ("ts_stamp", socket.stamp.into()),
            ]),
        );
        if socket.num != 0 {
            line.put("tb", self.bucket(socket.num));
        }
    }

    fn bucket(&self, port: u16) -> Json {
        let Some(bucket) = self.kernel.bucket(port) else { return Json::Null };
        Json::object([
            ("port", bucket.port.into()),
            ("fastreuse", bucket.fastreuse.value().into()),
            ("num_owners", bucket.num_owners.into()),
            ("owners", bucket.owners.into()),
            ("tw_owners", bucket.timewait_owners.into()),
        ])
    }

    fn put_connect(&self, line: &mut Line) {
        line.put("err", if self.reply.ret == -115 { 0 } else { self.reply.ret });
        let mut path = "none";
        let mut check = None;
        let mut probes: Vec<&Probe> = Vec::new();
        for event in self.events {
            match event {
                Event::WalkStarted { hash, hash_forced, hint, order, .. } => {
                    path = "auto";
                    line.put("hash", *hash as u32);
                    line.put("hash_forced", u8::from(*hash_forced));
                    line.put("low", order.low());
                    line.put("high", order.high());
                    line.put("hint0", *hint);
                    line.put("offset", order.offset());
                }
                Event::BoundStarted { hash, hash_forced, .. } => {
                    path = "bound";
                    line.put("hash", *hash as u32);
                    line.put("hash_forced", u8::from(*hash_forced));
                }
                Event::Probe(probe) => {
                    probes.push(probe);
                    check = probe.check.or(check);
                }
                Event::BoundChecked(bound) => {
                    line.put("bound", bound_json(bound));
                    check = Some(bound.check);
                }
                Event::WalkEnded { steps, port, hint_after, .. } => {
                    line.put("hint1", *hint_after);
                    line.put("steps", *steps);
                    line.put("port", port.map_or(Json::Null, Json::from));
                    if port.is_some() {
                        line.put("i", *steps);
                    }
                }
                _ => {}
            }
        }
        line.put("path", path);
        if path == "auto" {
            self.put_walk(line, &probes);
        }
        if let Some(check) = check {
            line.put("ehash", check.ehash);
        }
        let seen = self.events.iter().rev().find_map(timewait_seen);
        if let Some(TimewaitSeen { stamp, now, substate, .. }) = seen {
            let entries = [
                ("stamp", stamp.into()),
                ("now", now.into()),
                ("substate", (substate as u8).into()),
            ];
            line.put("tw_seen", Json::object(entries));
        }
    }

    fn put_walk(&self, line: &mut Line, probes: &[&Probe]) {
        let count = |word| probes.iter().filter(|probe| verdict(probe.verdict) == word).count();
        line.put("n_skip", count("skip") as i64);
        line.put("n_est", count("est") as i64);
        line.put("n_tw", count("tw") as i64);
        if !self.summary {
            line.put("walk", Json::List(probes.iter().map(|probe| probe_json(probe)).collect()));
        }
    }

    /// `gp`: the steps of the port search.
    fn put_get_port(&self, line: &mut Line) {
        if !self.summary {
            line.put("gp", Json::List(self.events.iter().filter_map(get_port_step).collect()));
        }
    }

    fn put_randoms(&self, line: &mut Line) {
        let drawn = |event: &Event| match event {
            Event::SearchStarted { random, .. } => Some(Json::from(*random)),
            _ => None,
        };
        let randoms: Vec<Json> = self.events.iter().filter_map(drawn).collect();
        if !randoms.is_empty() {
            line.put("rand", Json::List(randoms));
        }
    }

    fn put_timewaits_gone(&self, line: &mut Line) {
        let ended = |event: &Event| match *event {
            Event::TimewaitEnded { tuple, t_ms, cause } => Some((tuple, t_ms, cause)),
            _ => None,
        };
        let gone: Vec<(Tuple, u64, TimewaitCause)> = self.events.iter().filter_map(ended).collect();
        let (Some(first), Some(last)) = (gone.first(), gone.last()) else { return };
        line.put("tw_gone_n", gone.len() as i64);
        line.put("tw_gone_first", first.1 as i64);
        line.put("tw_gone_last", last.1 as i64);
        if !self.summary {
            line.put("tw_gone", Json::List(gone.iter().map(gone_json).collect()));
        }
    }

    fn state(&self) -> Json {
        let kernel = self.kernel;
        Json::object([
            ("t_ms", (kernel.now_ms() as i64).into()),
            ("sec", kernel.wall_second().into()),
            ("hint", kernel.hint().into()),
            ("tw", kernel.tw_count().into()),
            ("slot", kernel.calendar_pointer().into()),
            ("bsockets", kernel.bsockets().into()),
            ("recycled", kernel.recycled().into()),
        ])
    }

    fn dump(&self) -> Json {
        let kernel = self.kernel;
        let chains = (0..kernel.bhash_size()).flat_map(|index| kernel.chain(index));
        Json::List(
            chains
                .map(|bucket| {
                    Json::object([
                        ("port", bucket.port.into()),
                        ("b", bucket.index.into()),
                        ("fastreuse", bucket.fastreuse.value().into()),
                        ("num_owners", bucket.num_owners.into()),
                        (
                            "owners",
                            Json::List(kernel.owners(bucket.port).map(owner_json).collect()),
                        ),
                    ])
                })
                .collect(),
        )
    }
}

fn owner_json(owner: OwnerView) -> Json {
    let (tw, state, sub, reuse, tuple, stamp) = match owner {
        OwnerView::Live(socket) => {
            (0, socket.state as u8, 0, socket.reuse, socket.tuple(), socket.stamp)
        }
        OwnerView::Timewait(mini) => {
            (1, 6, mini.substate as u8, mini.reuse, mini.tuple, mini.stamp)
        }
    };
    Json::object([
        ("tw", tw.into()),
        ("state", state.into()),
        ("sub", sub.into()),
        ("reuse", u8::from(reuse).into()),
        ("l", local(&tuple).into()),
        ("f", remote(&tuple).into()),
        ("stamp", stamp.into()),
    ])
}

fn gone_json((tuple, t_ms, cause): &(Tuple, u64, TimewaitCause)) -> Json {
    let cause = cause_name(*cause);
    Json::List(vec![
        Json::Int(*t_ms as i64),
        tuple.laddr.to_string().into(),
        tuple.lport.into(),
        tuple.faddr.to_string().into(),
        tuple.fport.into(),
        cause.into(),
    ])
}

fn probe_json(probe: &Probe) -> Json {
    let mut entries: Vec<Json> = vec![
        probe.i.into(),
        probe.port.into(),
        probe.bucket.into(),
        probe.scanned.into(),
        probe.fastreuse.map_or(Json::Null, |fastreuse: Fastreuse| fastreuse.value().into()),
        verdict(probe.verdict).into(),
    ];
    entries.extend(probe.check.map(|check| Json::from(check.eslot)));
    Json::List(entries)
}

fn bound_json(bound: &BoundCheck) -> Json {
    Json::object([
        ("fast_path_taken", false.into()),
        ("owners", bound.owners.into()),
        ("num_owners", bound.num_owners.into()),
        ("fastreuse", bound.fastreuse.value().into()),
        ("sole_owner", bound.sole_owner.into()),
        ("head_cmp_true", false.into()),
        ("bind_next_null", bound.oldest.into()),
        ("verdict", verdict(bound.verdict).into()),
        ("eslot", bound.check.eslot.into()),
    ])
}

fn timewait_seen(event: &Event) -> Option<TimewaitSeen> {
    match event {
        Event::Probe(probe) => probe.check?.timewait,
        Event::BoundChecked(bound) => bound.check.timewait,
        _ => None,
    }
}

fn get_port_step(event: &Event) -> Option<Json> {
    Some(match *event {
        Event::SearchStarted { offset, low, high, .. } => {
            let start = low + offset as u16;
            Json::object([("start", start.into()), ("low", low.into()), ("high", high.into())])
        }
        Event::SearchOccupied { port, fastreuse, num_owners, .. } => {
            Json::List(vec![port.into(), fastreuse.value().into(), num_owners.into()])
        }
        Event::SearchFree { port } => Json::object([("free", port.into())]),
        Event::PortTried { port, smallest_size } => {
            Json::object([("try", port.into()), ("smallest_size", smallest_size.into())])
        }
        Event::PortHasBucket { fastreuse, num_owners, .. } => {
            Json::object([("tb", fastreuse.value().into()), ("num_owners", num_owners.into())])
        }
        Event::ConflictTested { asked: OwnersAsked::Skipped } => return None,
        Event::ConflictTested { asked } => {
            Json::object([("conflict", u8::from(asked != OwnersAsked::Fine).into())])
        }
        Event::PortJoined { fastreuse, num_owners_before, .. } => Json::object([
            ("ok_tb", fastreuse.value().into()),
            ("num_owners_before", num_owners_before.into()),
        ]),
        _ => return None,
    })
}
