//! Arbitrary operations.

use std::collections::BTreeSet;

use error99_vocabulary::Json;
use proptest::prelude::*;
use proptest::sample::select;

/// Lowest port of the machines' ranges, or one less.
pub const LOW: u16 = 40_000;
/// Addresses of the host; a machine has the first one, two or three.
pub const OWN: [&str; 3] = ["10.0.0.1", "10.0.0.11", "10.0.0.21"];
/// A destination without a route.
pub const UNREACHABLE: &str = "10.0.0.99";
/// How far back a step's socket may lie.
const RECENT: usize = 7;

/// An operation without the names of its sockets.
type Op = Vec<(&'static str, Json)>;

/// A step whose socket isn't named yet: how many open sockets back it was made.
#[derive(Clone, Debug)]
pub enum Step {
    /// A new socket, and what is done to it at once.
    Life(Vec<Op>),
    /// An operation on a recent socket.
    Of(usize, Op),
    /// An operation without a socket.
    Plain(Op),
}

/// A step.
pub fn step() -> impl Strategy<Value = Step> {
    let recent = || 0..RECENT;
    prop_oneof![
        40 => life().prop_map(Step::Life),
        3 => (recent(), option()).prop_map(|(back, op)| Step::Of(back, op)),
        6 => (recent(), bind()).prop_map(|(back, op)| Step::Of(back, op)),
        6 => (recent(), connect()).prop_map(|(back, op)| Step::Of(back, op)),
        14 => (recent(), close()).prop_map(|(back, op)| Step::Of(back, op)),
        10 => (recent(), of_connection()).prop_map(|(back, op)| Step::Of(back, op)),
        5 => (recent(), accept()).prop_map(|(back, op)| Step::Of(back, op)),
        12 => to_mini().prop_map(Step::Plain),
        16 => advance().prop_map(Step::Plain),
        5 => knob().prop_map(|(name, value)| {
            Step::Plain(vec![("op", "sysctl".into()), ("name", name.into()), ("value", value)])
        }),
        5 => switch().prop_map(Step::Plain),
        1 => load().prop_map(Step::Plain),
        4 => Just(Step::Plain(vec![("op", "dump".into())])),
    ]
}

/// Options, a bind, a connect or a listen, and a close, each perhaps.
fn life() -> impl Strategy<Value = Vec<Op>> {
    let options = prop_oneof![
        5 => Just(Vec::new()),
        4 => prop::collection::vec(option(), 1..3),
    ];
    let bound = prop::option::weighted(0.45, bind());
    let listens = prop::collection::vec(accept(), 0..3).prop_map(|accepted| {
        let mut ops: Vec<Op> = vec![vec![("op", "listen".into())]];
        ops.extend(accepted);
        ops
    });
    let used = prop_oneof![
        8 => (connect(), prop::option::weighted(0.6, close()))
            .prop_map(|(connect, close)| std::iter::once(connect).chain(close).collect()),
        2 => listens,
        1 => Just(Vec::new()),
    ];
    (options, bound, used).prop_map(|(mut ops, bound, used)| {
        ops.extend(bound);
        ops.extend(used);
        ops
    })
}

/// The operations, with names. With `groups` several sockets with `SO_REUSEPORT` may listen, and
/// nothing is accepted.
pub fn spelled(steps: &[Step], groups: bool) -> Vec<Json> {
    let none = BTreeSet::new;
    let mut names =
        Names { made: 0, open: Vec::new(), syn_sent: none(), reuseport: none(), groups };
    steps.iter().flat_map(|step| names.spell(step)).collect()
}

/// Which names there are.
struct Names {
    made: usize,
    /// Names that nothing closed, oldest first.
    open: Vec<String>,
    /// Sockets whose SYN may be unanswered.
    syn_sent: BTreeSet<String>,
    /// Sockets that may have `SO_REUSEPORT`.
    reuseport: BTreeSet<String>,
    groups: bool,
}

impl Names {
    fn spell(&mut self, step: &Step) -> Vec<Json> {
        match step {
            Step::Life(ops) => {
                let name = self.next();
                let socket = object(vec![("op", "socket".into())], &[("s", &name)]);
                let rest = ops.iter().map(|op| self.of(&name, op.clone())).collect::<Vec<Json>>();
                std::iter::once(socket).chain(rest).collect()
            }
            Step::Of(back, op) => {
                let name = self.recent(*back);
                vec![self.of(&name, op.clone())]
            }
            Step::Plain(op) => vec![object(op.clone(), &[])],
        }
    }

    /// An operation on the socket of that name.
    fn of(&mut self, name: &str, op: Op) -> Json {
        let op = self.without_the_unknown(name, op);
        if op.contains(&("op", "accept".into())) {
            // The child has a name of its own.
            let child = self.next();
            return object(op, &[("l", name), ("s", &child)]);
        }
        if op.contains(&("op", "close".into())) {
            self.open.retain(|open| open != name);
        }
        object(op, &[("s", name)])
    }

    fn next(&mut self) -> String {
        self.made += 1;
        let name = format!("s{}", self.made - 1);
        self.open.push(name.clone());
        name
    }

    /// An open socket, or, if there are too few, one that perhaps is closed.
    fn recent(&self, back: usize) -> String {
        let place = self.open.len().checked_sub(back + 1);
        let open = place.and_then(|place| self.open.get(place)).cloned();
        open.unwrap_or_else(|| format!("s{}", self.made.saturating_sub(back + 1)))
    }

    /// A disconnect in SYN_SENT becomes a RST, and a socket with `SO_REUSEPORT` doesn't listen
    /// where connections come in.
    fn without_the_unknown(&mut self, name: &str, op: Op) -> Op {
        let has = |key: &str, value: Json| op.contains(&(key, value));
        if has("establish", 0.into()) {
            self.syn_sent.insert(name.to_owned());
        }
        if has("op", "reuseport".into()) {
            self.reuseport.insert(name.to_owned());
        }
        let lost_syn = has("op", "disconnect".into()) && self.syn_sent.contains(name);
        let grouped = has("op", "listen".into()) && !self.groups && self.reuseport.contains(name);
        if lost_syn {
            vec![("op", "rst".into())]
        } else if grouped {
            vec![("op", "segment".into())]
        } else if has("op", "accept".into()) && self.groups {
            vec![("op", "dump".into())]
        } else {
            op
        }
    }
}

fn object(op: Op, names: &[(&str, &str)]) -> Json {
    // A dump has no socket.
    let names = if op.contains(&("op", "dump".into())) { &[] } else { names };
    let names = names.iter().map(|(key, name)| (*key, Json::from(*name)));
    let mut entries: Vec<(String, Json)> =
        op.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    entries.splice(1..1, names.map(|(key, name)| (key.to_owned(), name)));
    Json::Object(entries)
}

fn option() -> impl Strategy<Value = Op> {
    let switch = (select(vec!["reuse", "reuseport", "no_port"]), prop::bool::weighted(0.8))
        .prop_map(|(op, on)| vec![("op", op.into()), ("on", i64::from(on).into())]);
    let bound = || prop_oneof![1 => Just(0), 6 => LOW..LOW + 14, 1 => select(vec![1, 50_000])];
    let window = (bound(), bound()).prop_map(|(low, high)| {
        vec![("op", "port_range".into()), ("low", low.into()), ("high", high.into())]
    });
    prop_oneof![4 => switch, 1 => window]
}

fn own_addr() -> impl Strategy<Value = &'static str> {
    prop_oneof![5 => Just(OWN[0]), 2 => select(OWN.to_vec())]
}

fn peer_addr() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("10.0.1.1"), 1 => select(vec!["10.0.1.2", "10.0.2.7"])]
}

fn dport() -> impl Strategy<Value = u16> {
    prop_oneof![5 => Just(80), 1 => select(vec![81, 256, 65_535, LOW])]
}

/// A port of the ranges, or one of a few others.
fn own_port() -> impl Strategy<Value = u16> {
    prop_oneof![6 => LOW..LOW + 3, 3 => LOW..LOW + 9, 2 => Just(45_000), 1 => Just(80)]
}

fn bind() -> impl Strategy<Value = Op> {
    let addr = prop_oneof![
        4 => Just("0.0.0.0"),
        6 => own_addr(),
        1 => Just("10.9.9.9"),
    ];
    let port = prop_oneof![2 => Just(0), 3 => own_port()];
    (addr, port).prop_map(|(addr, port)| {
        vec![("op", "bind".into()), ("addr", addr.into()), ("port", port.into())]
    })
}

fn connect() -> impl Strategy<Value = Op> {
    let dst = prop_oneof![
        30 => peer_addr(),
        1 => select(vec![UNREACHABLE, "255.255.255.255", "224.0.0.1"]),
    ];
    let flags = (prop::bool::weighted(0.85), prop::bool::weighted(0.85));
    let family = prop_oneof![40 => Just(2_u16), 1 => Just(10)];
    let addr_len = prop_oneof![40 => Just(16_u16), 1 => select(vec![2, 15, 17, 128, 129])];
    (dst, dport(), flags, family, addr_len).prop_map(|(dst, dport, flags, family, addr_len)| {
        let (establish, peer_ts) = flags;
        vec![
            ("op", "connect".into()),
            ("dst", dst.into()),
            ("dport", dport.into()),
            ("establish", i64::from(establish).into()),
            ("peer_ts", i64::from(peer_ts).into()),
            ("family", family.into()),
            ("addr_len", addr_len.into()),
        ]
    })
}

fn close() -> impl Strategy<Value = Op> {
    let how = prop_oneof![
        4 => Just("active"),
        2 => Just("finwait2"),
        2 => select(vec!["passive", "rst", "plain"]),
    ];
    (how, prop::bool::weighted(0.9)).prop_map(|(how, stamp_now)| {
        vec![
            ("op", "close".into()),
            ("how", how.into()),
            ("stamp_now", i64::from(stamp_now).into()),
        ]
    })
}

fn of_connection() -> impl Strategy<Value = Op> {
    let est = any::<bool>()
        .prop_map(|peer_ts| vec![("op", "est".into()), ("peer_ts", i64::from(peer_ts).into())]);
    let other = select(vec!["segment", "rst", "listen", "listen", "disconnect"])
        .prop_map(|op| vec![("op", Json::from(op))]);
    prop_oneof![1 => est, 3 => other]
}

fn accept() -> impl Strategy<Value = Op> {
    (peer_addr(), dport(), own_addr(), any::<bool>()).prop_map(|(peer, port, laddr, peer_ts)| {
        vec![
            ("op", "accept".into()),
            ("peer", peer.into()),
            ("peer_port", port.into()),
            ("laddr", laddr.into()),
            ("peer_ts", i64::from(peer_ts).into()),
        ]
    })
}

/// A segment to a mini-socket that may be there.
fn to_mini() -> impl Strategy<Value = Op> {
    let op = select(vec!["tw_fin", "tw_fin", "tw_rst", "tw_ack", "tw_oldack", "tw_syn"]);
    (op, own_addr(), own_port(), peer_addr(), dport()).prop_map(
        |(op, laddr, lport, faddr, fport)| {
            vec![
                ("op", op.into()),
                ("laddr", laddr.into()),
                ("lport", lport.into()),
                ("faddr", faddr.into()),
                ("fport", fport.into()),
            ]
        },
    )
}

/// Steps of time: single jiffies, ages of reuse, slots of wheels and calendars, TIME_WAITs.
fn advance() -> impl Strategy<Value = Op> {
    let special = select(vec![
        0_i64, 1, 3, 4, 5, 40, 128, 250, 256, 500, 999, 1_000, 1_001, 1_002, 2_048, 3_000, 4_096,
        7_500, 7_520, 10_000, 15_040, 59_999, 60_000, 60_004, 61_440, 62_048, 64_096, 112_800,
    ]);
    let ms = prop_oneof![5 => special, 3 => 0..9_000_i64, 1 => 50_000..400_000_i64];
    ms.prop_map(|ms| vec![("op", "advance".into()), ("ms", ms.into())])
}

/// A knob and what is written to it.
pub fn knob() -> impl Strategy<Value = (&'static str, Json)> {
    let bound = || prop_oneof![9 => LOW..LOW + 12, 1 => select(vec![0, 1_023, 1_024, 65_535])];
    let range = (bound(), bound())
        .prop_map(|(low, high)| ("ip_local_port_range", Json::List(vec![low.into(), high.into()])));
    let small = (
        select(vec![
            "tcp_tw_reuse",
            "tcp_tw_reuse",
            "tcp_timestamps",
            "ip_autobind_reuse",
            "tcp_rfc1337",
            "tcp_max_tw_buckets",
        ]),
        -1_i64..4,
    )
        .prop_map(|(name, value)| (name, value.into()));
    let fin_timeout = select(vec![-1_i64, 0, 1, 2, 3, 4, 8, 15, 30, 59, 60, 61, 62, 75, 190, 319])
        .prop_map(|seconds| ("tcp_fin_timeout", seconds.into()));
    let other = select(vec![
        ("tcp_tw_reuse_delay", Json::Int(1)),
        ("tcp_tw_reuse_delay", Json::Int(300)),
        ("tcp_tw_reuse_delay", Json::Int(60_000)),
        ("tcp_tw_reuse_delay", Json::Int(60_001)),
        ("ip_unprivileged_port_start", Json::Int(80)),
        ("ip_unprivileged_port_start", Json::Int(LOW.into())),
        ("ip_unprivileged_port_start", Json::Int(0)),
        ("tcp_max_tw_buckets", Json::Int(i32::MIN.into())),
        ("tcp_max_tw_buckets", Json::Int(100)),
        ("tcp_syn_retries", Json::Int(2)),
        ("tcp_syn_retries", Json::Int(6)),
        ("tcp_timestamps", Json::Int(256)),
    ]);
    let text = select(vec![
        ("ip_local_port_range", "40002"),
        ("ip_local_port_range", "40000 40003 40009"),
        ("ip_local_port_range", "0x9c40 40005"),
        ("ip_local_port_range", "abc"),
        ("ip_local_reserved_ports", ""),
        ("ip_local_reserved_ports", "40001"),
        ("ip_local_reserved_ports", "40000,40002-40003"),
        ("ip_local_reserved_ports", "40002,"),
        ("ip_local_reserved_ports", ",40002"),
        ("ip_local_reserved_ports", "40003-40002"),
        ("tcp_fin_timeout", "010"),
        ("tcp_fin_timeout", "5 6"),
        ("tcp_fin_timeout", ""),
        ("tcp_tw_reuse", "1 2"),
    ])
    .prop_map(|(name, text)| (name, text.into()));
    prop_oneof![4 => range, 5 => small, 4 => fin_timeout, 2 => other, 3 => text]
}

/// A hash that is forced, as its text.
pub fn forced_hash() -> impl Strategy<Value = String> {
    let high = prop_oneof![0_u64..20, (1_u64 << 32) - 4..1 << 32, 0_u64..1 << 32];
    let low = prop_oneof![0_u64..3, 0_u64..1 << 32];
    (high, low).prop_map(|(high, low)| (high << 32 | low).to_string())
}

fn switch() -> impl Strategy<Value = Op> {
    let offset = prop::option::weighted(0.7, forced_hash())
        .prop_map(|v| vec![("op", "offset".into()), ("v", v.map_or(Json::Null, Json::from))]);
    let fails = (select(vec!["fail_tb", "fail_tb2", "fail_syn"]), 0_i64..3);
    let number = prop_oneof![3 => fails, 1 => (Just("cap"), 0_i64..2)]
        .prop_map(|(op, v)| vec![("op", op.into()), ("v", v.into())]);
    let wall = (-5_i64..100).prop_map(|sec| vec![("op", "wall".into()), ("sec", sec.into())]);
    prop_oneof![3 => offset, 4 => number, 1 => wall]
}

fn load() -> impl Strategy<Value = Op> {
    let every = select(vec![0_i64, 1, 10, 700]);
    let count = prop_oneof![8 => 1_i64..12, 1 => 99_i64..104];
    (count, every, peer_addr(), select(vec!["active", "keep"])).prop_map(
        |(count, every_ms, dst, how)| {
            vec![
                ("op", "load".into()),
                ("count", count.into()),
                ("every_ms", every_ms.into()),
                ("dst", dst.into()),
                ("dport", 80.into()),
                ("how", how.into()),
            ]
        },
    )
}
