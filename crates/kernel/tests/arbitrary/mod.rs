//! Arbitrary machines and calls, from few addresses, ports and names, so that they meet.

#![allow(dead_code)] // each test uses what it needs of it

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, HZ, Release, SocketName, Sysctl, SysctlValue, Tuple,
    TwSegment,
};
use proptest::prelude::*;
use proptest::sample::select;

/// Lowest port of the machines' range.
pub const LOW: u16 = 40_000;
/// Highest port.
pub const HIGH: u16 = 40_005;

/// A machine of 2.6.32.
pub fn config() -> impl Strategy<Value = Config> {
    let size = || select(vec![1_u32, 2, 16, 64]);
    let rto = select(vec![1_u32, 200, 203, 1_131, 9_000, 20_000]);
    let hint = select(vec![0, 7, u32::MAX - 3]);
    (size(), size(), any::<u32>(), 1_u32.., hint, rto, 0_u32..3, any::<[u32; 4]>()).prop_map(
        |(ehash_size, bhash_size, start_jiffies, seed, hint, rto_ms, mix, secret)| Config {
            ehash_size,
            bhash_size,
            start_jiffies: start_jiffies.into(),
            seed,
            hint,
            rto_ms,
            mix,
            secret: std::array::from_fn(|i| secret[i % 4].rotate_left(i as u32)),
            local: vec![Addr::new(10, 0, 0, 1), Addr::new(10, 0, 0, 7)],
            unreachable: vec![Addr::new(10, 9, 9, 9)],
            sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(LOW.into(), HIGH.into()))],
            ..Config::default()
        },
    )
}

fn name() -> impl Strategy<Value = SocketName> {
    (0..10_u32).prop_map(SocketName)
}

pub fn addr() -> impl Strategy<Value = Addr> {
    let usual =
        select(vec![Addr::new(10, 0, 0, 2), Addr::new(10, 0, 0, 3), Addr::new(10, 0, 0, 1)]);
    let odd = select(vec![
        Addr::ANY,
        Addr::LOOPBACK,
        Addr::BROADCAST,
        Addr::new(10, 0, 0, 7),
        Addr::new(10, 9, 9, 9),
        Addr::new(127, 9, 8, 7),
        Addr::new(224, 0, 0, 1),
        Addr::new(0, 1, 2, 3),
    ]);
    prop_oneof![4 => usual, 1 => odd]
}

fn port() -> impl Strategy<Value = u16> {
    prop_oneof![2 => Just(0), 6 => LOW..=HIGH, 1 => select(vec![1, 80, 45_000, 65_535])]
}

fn dport() -> impl Strategy<Value = u16> {
    select(vec![80, 80, 80, 81, LOW, LOW + 1, 0])
}

fn milliseconds() -> impl Strategy<Value = u64> {
    let usual = select(vec![0, 1, 128, 500, 1_000, 7_500, 15_000, 60_000, 112_500]);
    prop_oneof![6 => usual, 3 => 0..20_000_u64, 1 => select(vec![10_000_000, u64::MAX])]
}

fn sysctl() -> impl Strategy<Value = Call> {
    let number = prop_oneof![4 => 0..3_i32, 2 => 1..70_000, 1 => any::<i32>()];
    let single = (select(Sysctl::ALL[1..].to_vec()), number)
        .prop_map(|(sysctl, value)| (sysctl, SysctlValue::One(value)));
    let bound = || prop_oneof![8 => i32::from(LOW)..=i32::from(HIGH), 1 => any::<i32>()];
    let range = (bound(), bound()).prop_map(|(a, b)| (Sysctl::PortRange, SysctlValue::Two(a, b)));
    let low = bound().prop_map(|low| (Sysctl::PortRange, SysctlValue::One(low)));
    prop_oneof![6 => single, 2 => range, 1 => low]
        .prop_map(|(sysctl, value)| Call::Sysctl { sysctl, value })
}

fn tuple() -> impl Strategy<Value = Tuple> {
    (addr(), port(), addr(), dport()).prop_map(|(laddr, lport, faddr, fport)| Tuple {
        laddr,
        lport,
        faddr,
        fport,
    })
}

fn connect() -> impl Strategy<Value = Call> {
    let flags = (prop::bool::weighted(0.9), prop::bool::weighted(0.8));
    let family = prop_oneof![30 => Just(2_u16), 1 => select(vec![0, 10])];
    let addr_len = prop_oneof![30 => Just(16_u32), 1 => 0..20_u32];
    (name(), addr(), dport(), flags, family, addr_len).prop_map(
        |(s, dst, dport, (establish, peer_ts), family, addr_len)| Call::Connect {
            s,
            dst,
            dport,
            establish,
            peer_ts,
            family,
            addr_len,
        },
    )
}

fn close() -> impl Strategy<Value = Call> {
    let hows = CloseHow::NAMES.map(|(how, _)| how).to_vec();
    let how = prop_oneof![3 => Just(CloseHow::Active), 4 => select(hows)];
    (name(), how, any::<bool>()).prop_map(|(s, how, stamp_now)| Call::Close { s, how, stamp_now })
}

fn socket_calls() -> impl Strategy<Value = Call> {
    let accept = (name(), name(), addr(), dport(), addr(), any::<bool>()).prop_map(
        |(l, s, peer, peer_port, laddr, peer_ts)| Call::Accept {
            l,
            s,
            peer,
            peer_port,
            laddr,
            peer_ts,
        },
    );
    prop_oneof![
        10 => name().prop_map(|s| Call::Socket { s }),
        5 => (name(), any::<bool>()).prop_map(|(s, on)| Call::Reuse { s, on }),
        8 => (name(), addr(), port()).prop_map(|(s, addr, port)| Call::Bind { s, addr, port }),
        20 => connect(),
        2 => (name(), any::<bool>()).prop_map(|(s, peer_ts)| Call::Est { s, peer_ts }),
        1 => name().prop_map(|s| Call::Segment { s }),
        2 => name().prop_map(|s| Call::Rst { s }),
        3 => name().prop_map(|s| Call::Listen { s }),
        4 => accept,
        2 => name().prop_map(|s| Call::Disconnect { s }),
        12 => close(),
    ]
}

fn machine_calls() -> impl Strategy<Value = Call> {
    let failure = select(vec![None, Some(Errno::ENOBUFS)]);
    let secret = any::<[u32; 12]>().prop_map(Box::new);
    prop_oneof![
        4 => tuple().prop_map(|tuple| Call::TwFin { tuple }),
        20 => milliseconds().prop_map(|ms| Call::Advance { ms }),
        2 => select(vec![-100_i64, -1, 1, 2, 3_600, i64::MIN]).prop_map(|sec| Call::Wall { sec }),
        12 => sysctl(),
        1 => (port(), port()).prop_map(|(low, high)| Call::ForceRange { low, high }),
        3 => prop::option::of(any::<u32>()).prop_map(|v| Call::Offset { v: v.map(u64::from) }),
        1 => secret.prop_map(|secret| Call::Rekey { secret }),
        1 => any::<bool>().prop_map(|v| Call::Cap { v }),
        2 => (0..3_u32).prop_map(|v| Call::FailTb { v }),
        1 => failure.prop_map(|v| Call::FailTcpConnect { v }),
        1 => Just(Call::Dump),
    ]
}

/// A call of 2.6.32.
pub fn call() -> impl Strategy<Value = Call> {
    prop_oneof![3 => socket_calls(), 1 => machine_calls()]
}

/// A machine of any release.
pub fn machine() -> impl Strategy<Value = Config> {
    let release = select(Release::ALL.to_vec());
    let started = (0..3_000_000_u64, 0..1_000_u32, any::<u32>());
    (config(), release, select(HZ.to_vec()), started, any::<bool>()).prop_map(
        |(base, release, hz, (mono_ms, phase_us, perturb_seed), loop_wire)| match release {
            Release::V2_6_32 => base,
            _ => Config {
                release,
                hz,
                start_mono_ms: mono_ms,
                phase_us,
                perturb_seed,
                loop_wire,
                texts: vec![(1, Sysctl::ReservedPorts, "40001".into())],
                start_jiffies: base.start_jiffies + mono_ms,
                // The vocabulary has no words for these.
                ehash_size: 65_536,
                bhash_size: 65_536,
                secret: Config::default().secret,
                secret16: Config::default().secret16,
                mix: 0,
                rto_ms: 200,
                hint: if release <= Release::V4_19 { base.hint } else { 0 },
                ..base
            },
        },
    )
}

fn window() -> impl Strategy<Value = (u16, u16)> {
    let bound = || prop_oneof![2 => Just(0), 6 => LOW - 2..HIGH + 2];
    (bound(), bound())
}

/// Calls that 2.6.32 hasn't.
pub fn later_call() -> impl Strategy<Value = Call> {
    let knobs = Sysctl::EVERY.to_vec();
    let text = select(vec!["", "0", "1", "2", "40001-40002", "40000 40005", "-1", "x", "0x10"]);
    let segment = select(vec![TwSegment::Rst, TwSegment::Ack, TwSegment::OldAck, TwSegment::Syn]);
    let tuple = (addr(), LOW..=HIGH, addr()).prop_map(|(laddr, lport, faddr)| Tuple {
        laddr,
        lport,
        faddr,
        fport: 80,
    });
    prop_oneof![
        4 => (name(), any::<bool>()).prop_map(|(s, on)| Call::ReusePort { s, on }),
        3 => (name(), any::<bool>()).prop_map(|(s, on)| Call::NoPort { s, on }),
        3 => (name(), window()).prop_map(|(s, (low, high))| Call::Window { s, low, high }),
        2 => (name(), name()).prop_map(|(l, s)| Call::AcceptWaiting { l, s }),
        3 => (tuple, segment).prop_map(|(tuple, segment)| Call::TwSegment { tuple, segment }),
        3 => (select(knobs), text).prop_map(|(sysctl, text)| Call::SysctlText {
            sysctl,
            text: text.into(),
        }),
        1 => (0..3_u32).prop_map(|v| Call::FailTb2 { v }),
        1 => (0..3_u32).prop_map(|v| Call::FailSyn { v }),
    ]
}

fn calls(call: impl Strategy<Value = Call>) -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec(call, 1..150)
}

/// A machine of 2.6.32, and calls.
pub fn first_scenario() -> impl Strategy<Value = (Config, Vec<Call>)> {
    (config(), calls(call()))
}

/// A machine of any release, and calls: half of them as [`first_scenario`], half with those that only later
/// releases have.
pub fn scenario() -> impl Strategy<Value = (Config, Vec<Call>)> {
    let later = (machine(), calls(prop_oneof![4 => call(), 1 => later_call()]));
    prop_oneof![first_scenario(), later]
}
