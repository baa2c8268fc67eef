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

/// An operation whose socket isn't named yet: how many sockets back it was made.
#[derive(Clone, Debug)]
pub enum Step {
    /// A new socket.
    Socket,
    /// An operation on a recent socket.
    Of(usize, Vec<(&'static str, Json)>),
    /// An accept at a recent socket, whose child has a name of its own.
    Accept(usize, Vec<(&'static str, Json)>),
    /// An operation without a socket.
    Plain(Vec<(&'static str, Json)>),
}

/// A step.
pub fn step() -> impl Strategy<Value = Step> {
    let recent = || 0..RECENT;
    prop_oneof![
        12 => Just(Step::Socket),
        10 => (recent(), option()).prop_map(|(back, op)| Step::Of(back, op)),
        14 => (recent(), bind()).prop_map(|(back, op)| Step::Of(back, op)),
        24 => (recent(), connect()).prop_map(|(back, op)| Step::Of(back, op)),
        14 => (recent(), close()).prop_map(|(back, op)| Step::Of(back, op)),
        8 => (recent(), of_connection()).prop_map(|(back, op)| Step::Of(back, op)),
        5 => (recent(), accept()).prop_map(|(back, op)| Step::Accept(back, op)),
        6 => to_mini().prop_map(Step::Plain),
        12 => advance().prop_map(Step::Plain),
        6 => knob().prop_map(|(name, value)| {
            Step::Plain(vec![("op", "sysctl".into()), ("name", name.into()), ("value", value)])
        }),
        5 => switch().prop_map(Step::Plain),
        2 => load().prop_map(Step::Plain),
        4 => Just(Step::Plain(vec![("op", "dump".into())])),
    ]
}

/// The operations, with names. With `groups` several sockets with `SO_REUSEPORT` may listen, and
/// nothing is accepted.
pub fn spelled(steps: &[Step], groups: bool) -> Vec<Json> {
    let none = BTreeSet::new;
    let mut names = Names { made: 1, syn_sent: none(), reuseport: none(), groups };
    let first = object(vec![("op", "socket".into())], &[("s", "s0")]);
    std::iter::once(first).chain(steps.iter().map(|step| names.spell(step))).collect()
}

/// Which names there are.
struct Names {
    made: usize,
    /// Sockets whose SYN may be unanswered.
    syn_sent: BTreeSet<String>,
    /// Sockets that may have `SO_REUSEPORT`.
    reuseport: BTreeSet<String>,
    groups: bool,
}

impl Names {
    fn spell(&mut self, step: &Step) -> Json {
        match step {
            Step::Socket => {
                let name = self.next();
                object(vec![("op", "socket".into())], &[("s", &name)])
            }
            Step::Of(back, op) => {
                let name = self.recent(*back);
                let op = self.without_the_unknown(&name, op.clone());
                object(op, &[("s", &name)])
            }
            Step::Accept(..) if self.groups => object(vec![("op", "dump".into())], &[]),
            Step::Accept(back, op) => {
                let listener = self.recent(*back);
                let name = self.next();
                object(op.clone(), &[("l", &listener), ("s", &name)])
            }
            Step::Plain(op) => object(op.clone(), &[]),
        }
    }

    fn next(&mut self) -> String {
        self.made += 1;
        format!("s{}", self.made - 1)
    }

    fn recent(&self, back: usize) -> String {
        format!("s{}", self.made - 1 - back.min(self.made - 1))
    }

    /// A disconnect in SYN_SENT becomes a RST, and a socket with `SO_REUSEPORT` doesn't listen
    /// where connections come in.
    fn without_the_unknown(
        &mut self,
        name: &str,
        op: Vec<(&'static str, Json)>,
    ) -> Vec<(&'static str, Json)> {
        let has = |key: &str, value: Json| op.contains(&(key, value));
        if has("establish", 0.into()) {
            self.syn_sent.insert(name.to_owned());
        }
        if has("op", "reuseport".into()) {
            self.reuseport.insert(name.to_owned());
        }
        let lost_syn = has("op", "disconnect".into()) && self.syn_sent.contains(name);
        let grouped = has("op", "listen".into()) && !self.groups && self.reuseport.contains(name);
        match (lost_syn, grouped) {
            (true, _) => vec![("op", "rst".into())],
            (_, true) => vec![("op", "segment".into())],
            _ => op,
        }
    }
}

fn object(op: Vec<(&'static str, Json)>, names: &[(&str, &str)]) -> Json {
    let names = names.iter().map(|(key, name)| (*key, Json::from(*name)));
    let mut entries: Vec<(String, Json)> =
        op.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    entries.splice(1..1, names.map(|(key, name)| (key.to_owned(), name)));
    Json::Object(entries)
}

fn option() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let switch = (select(vec!["reuse", "reuseport", "no_port"]), prop::bool::weighted(0.8))
        .prop_map(|(op, on)| vec![("op", op.into()), ("on", i64::from(on).into())]);
    let bound = || prop_oneof![1 => Just(0), 6 => LOW..LOW + 14, 1 => select(vec![1, 50_000])];
    let window = (bound(), bound()).prop_map(|(low, high)| {
        vec![("op", "port_range".into()), ("low", low.into()), ("high", high.into())]
    });
    prop_oneof![4 => switch, 1 => window]
}

fn own_addr() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(OWN[0]), 2 => select(OWN.to_vec())]
}

fn peer_addr() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just("10.0.1.1"), 1 => select(vec!["10.0.1.2", "10.0.2.7"])]
}

fn dport() -> impl Strategy<Value = u16> {
    prop_oneof![5 => Just(80), 1 => select(vec![81, 256, 65_535, LOW])]
}

/// A port of the ranges, or one of a few others.
fn own_port() -> impl Strategy<Value = u16> {
    prop_oneof![5 => LOW..LOW + 8, 2 => select(vec![45_000, 45_001]), 1 => Just(80)]
}

fn bind() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let addr = prop_oneof![
        4 => Just("0.0.0.0"),
        6 => own_addr(),
        1 => select(vec!["10.9.9.9", "127.0.0.9", "224.0.0.1", "255.255.255.255"]),
    ];
    let port = prop_oneof![2 => Just(0), 3 => own_port()];
    (addr, port).prop_map(|(addr, port)| {
        vec![("op", "bind".into()), ("addr", addr.into()), ("port", port.into())]
    })
}

fn connect() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let dst = prop_oneof![
        30 => peer_addr(),
        1 => select(vec![UNREACHABLE, "255.255.255.255", "224.0.0.1"]),
    ];
    let flags = (prop::bool::weighted(0.85), prop::bool::weighted(0.85));
    let family = prop_oneof![40 => Just(2_u16), 1 => Just(10)];
    let addr_len = prop_oneof![40 => Just(16_u16), 1 => select(vec![1, 2, 15, 17, 128, 129])];
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

fn close() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
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

fn of_connection() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let est = any::<bool>()
        .prop_map(|peer_ts| vec![("op", "est".into()), ("peer_ts", i64::from(peer_ts).into())]);
    let other = select(vec!["segment", "rst", "listen", "listen", "disconnect"])
        .prop_map(|op| vec![("op", Json::from(op))]);
    prop_oneof![1 => est, 3 => other]
}

fn accept() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
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
fn to_mini() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let op = select(vec!["tw_fin", "tw_rst", "tw_ack", "tw_oldack", "tw_syn"]);
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
fn advance() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
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

fn switch() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
    let offset = prop::option::weighted(0.7, forced_hash())
        .prop_map(|v| vec![("op", "offset".into()), ("v", v.map_or(Json::Null, Json::from))]);
    let number = (select(vec!["fail_tb", "fail_tb2", "fail_syn", "cap"]), 0_i64..3)
        .prop_map(|(op, v)| vec![("op", op.into()), ("v", v.into())]);
    let wall = (-5_i64..100).prop_map(|sec| vec![("op", "wall".into()), ("sec", sec.into())]);
    prop_oneof![3 => offset, 4 => number, 1 => wall]
}

fn load() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
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
