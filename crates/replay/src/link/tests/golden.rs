//! Links that were written once, by version. They are never changed: what a reader has kept
//! stays what it was.

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Release, SocketName, Sysctl, SysctlValue, Tuple, TwSegment,
};

use super::{CLIENT, SERVER, connects, state};
use crate::act::{Act, BindAct};
use crate::history::{ALL_CALLS, History, Node, Position, Step};
use crate::link::{Saved, read, write};
use crate::load::{Load, LoadClose};
use crate::scenario::Client;

#[test]
fn links_of_version_1_say_what_they_always_said() {
    let links = [
        ("1AABsRMoL", state([])),
        ("1AAAAAV8YSIvQTQ", state(connects(0..25))),
        ("1BgSGvAEAlwEEzIcI1fYCfpYuvrcD4gcCLJYupbcD4QcBKzefREw", busy_client()),
        (
            "1MQL-___PDoB9____H9__B__7BwQGgIDA6hYCFBSA-M6jA7Gw2_8fyAHt_____5urtCSC8YS1GICAgIAgocSIkQLBiJGiBOHMmbMGgZGixAih1arVCsGZs-YM4d279w6BosSIEaHmzJkTwarVqhXh7t27F4Gz5swZAYAI__8DCP____8PAIKAwIoY__-_6haQpEi3v6Pz",
            every_config(),
        ),
        (
            "1AAAgBsEPCtYFBvz_B_D___8fI5h1RQLGAY6AgKABgvEEJwioDwmOgICgAcK4AoSAgKABAkkCCgsM7QOOgICgAQKEgICgAQQunzhvCggwAvH_B_7___8f_P___x_6____H_j___8f9v___x_0____H_L___8f8P___x_u____H-z___8f6v___x_o____HzICMwQ00gE00QEVQgJCBD8D5AECgBD-_wfkAQL9D_3_B2QEAj8D9u8BuAEKgH14KAwGAqSBkICAgAW2EK8CApYQAvcBrQKOgICgAQaA4gnBuAIS07UCAlJBWck",
            every_act(),
        ),
        ("1TSwQCAIAloIIyAGuAiPQD8MBAizjAcUPBgJc1Ns2", branches()),
    ];
    for (link, saved) in links {
        assert_eq!(write(&saved), link);
        assert_eq!(read(link), Ok(saved));
    }
}

#[test]
fn links_of_version_2_say_what_they_always_said() {
    let links = [
        (
            "2MQL-___PDoB9____H9__B__7BwQGgIDA6hYCFBSA-M6jA6GuFcgB7f____-bq7QkgvGEtRiAgICAIKHEiJECwYiRogThzJmzBoGRosQIodWq1QrBmbPmDOHdu_cOgaLEiBGh5syZE8Gq1aoV4e7duxeBs-bMGf___z8MZBYIqN_O6JcH5gcE_v___x8Co8SIkaLEiJEiwYiRosSIkaJE2cKIkQL5hpGiBJnLmbMGuY-ixAjZ06rVCvmXs-YMmdy79w65oMSIEdnkzJkT-ajVqhWZ7d27F7mx5swZ2fXu3Rv5uffuHZn-__8fucKIkQIBgAj__wMI_____w8AgoDAihj__7_qFpCkSAAGDjgwODAsOTE0OC05MTYwAgEA05fglA",
            later_config(),
        ),
        (
            "2AAABDDgGeAUCWAJYAtkBgPEEyPIEegEI-weCgIDwDwKEgICgAQQGmwQBPwJ8DBw4MDgwLDkxNDgtOTE2MHwLF8OpXQR9AgI-ATAQMA9kGAIkBD8ElM5jsg",
            later_acts(Release::V6_18),
        ),
        (
            "2AIAEkILG_x875zTcCwH_iHrnBzgGeAUCWAJYAtkBgPEEyPIEegEI-weCgIDwDwKEgICgAQQGmwQBPwJ8DBw4MDgwLDkxNDgtOTE2MHwLF8OpXQR9AgI-ATAQMA9kGAIkBD8EgiSXBw",
            later_acts(Release::V2_6_32),
        ),
    ];
    check(links.into_iter());
}

/// A link of the usual machine of each later release.
const RELEASES: [(Release, &str); 12] = [
    (Release::V3_10, "2AQIAAfMuvH7wnQ"),
    (Release::Rhel7, "2AQIAAbEtu2VNHA"),
    (Release::V4_19, "2AQIAAZEfcWqcrg"),
    (Release::V4_19Late, "2AQIAAckd46D_rA"),
    (Release::V5_4, "2AQIAAd8Pe08ivw"),
    (Release::V5_10, "2AQIAAdMPz_8_fw"),
    (Release::V5_15, "2AQIAAckP2Yr_ng"),
    (Release::V6_1, "2AQIAARWoOdcC"),
    (Release::V6_6, "2AQIAAQtSHdfw"),
    (Release::V6_8, "2AQIAAQeeI9f0"),
    (Release::V6_12, "2AQIAABqHAM0"),
    (Release::V6_18, "2AQIAAQxzFdfr"),
];

#[test]
fn each_release_has_a_link_that_never_changes() {
    assert!(RELEASES.iter().map(|(release, _)| release).eq(&Release::ALL[1..]));
    let machine = |release| Saved { history: History::new(Config::of(release)), client: CLIENT };
    check(RELEASES.into_iter().map(|(release, link)| (link, machine(release))));
}

/// A link for each kind of act that version 2 adds, in the order of their numbers.
const LATER_KINDS: [&str; 7] = [
    "2AQIAADgGgJfhaQ",
    "2AQIAAPkBBoDxBMjyBB_2Nu4",
    "2AQIAAHoGDlS3Hjw",
    "2AQIAAPsHgoCA8A8ChICAoAEEBjwSvqc",
    "2AQIAAHwMHDgwODAsOTE0OC05MTYwq2eq3w",
    "2AQIAAF0E00s96g",
    "2AQIAAD4BV5fmvA",
];

#[test]
fn each_kind_of_act_that_version_2_adds_has_a_link_that_never_changes() {
    let later = later_acts(Release::V6_12);
    let of_kind = |kind| {
        let fits = |node: &&Node| super::super::kind::numbers(&node.act).0 == kind;
        let node = later.history.acts.iter().find(fits).expect("every kind is among the acts");
        let mut saved = Saved { history: History::new(Config::of(Release::V6_12)), client: CLIENT };
        saved.history.push(None, ALL_CALLS, node.act.clone()).expect("it has room");
        saved
    };
    let kinds = KINDS.len()..KINDS.len() + LATER_KINDS.len();
    check(LATER_KINDS.into_iter().zip(kinds.map(of_kind)));
}

/// Each is written so, and read as what it says.
fn check<'a>(links: impl Iterator<Item = (&'a str, Saved)>) {
    let (links, states): (Vec<&str>, Vec<Saved>) = links.unzip();
    assert_eq!(states.iter().map(write).collect::<Vec<_>>(), links);
    for (link, saved) in links.into_iter().zip(states) {
        assert_eq!(read(link), Ok(saved));
    }
}

/// A link for each kind of act, in the order of their numbers.
const KINDS: [&str; 24] = [
    "1AAAgBgY4Ggk",
    "1AADhDwYK1gUG_P8H8P___x-7-Ze9",
    "1AABiBgISsnC4",
    "1AAAjmHXecAEf",
    "1AADkAQKAEP7_B737rWg",
    "1AABlBgJPK-95",
    "1AADmAQaOgICgAYLxBJ1r9oM",
    "1AAAnDs3WF_M",
    "1AADoDwYOjoCAoAHCuAKEgICgAQLJajMk",
    "1AABpBgLbikBO",
    "1AAAqBtxfCyk",
    "1AAArBvnTDUs",
    "1AAAsBrKH_Eg",
    "1AADtA46AgKABAoSAgKABBDQ9Ha8",
    "1AAAunzh5rjnK",
    "1AABvCgjTGnPK",
    "1AAAwAuLkQW0",
    "1AADx_wf-____H_z___8f-v___x_4____H_b___8f9P___x_y____H_D___8f7v___x_s____H-r___8f6P___x_NPnfa",
    "1AAAyAmjTRrU",
    "1AAAzBKtKSdk",
    "1AAA00gF9kKnF",
    "1AAAVe8ppCA",
    "1AAD27wHIAQqAfXgoDAYCpIGQgICABQzPI7o",
    "1AAD3ARKOgICgAQaA4gnBuAIS07UCAsXu3oc",
];

#[test]
fn each_kind_of_act_has_a_link_that_never_changes() {
    let acts = every_act().history.acts;
    let of_kind = |kind| {
        let fits = |node: &&Node| super::super::kind::numbers(&node.act).0 == kind;
        let node = acts.iter().find(fits).expect("every kind is among the acts");
        state([node.act.clone()])
    };
    let states: Vec<Saved> = (0..KINDS.len()).map(of_kind).collect();
    assert_eq!(states.iter().map(write).collect::<Vec<_>>(), KINDS);
    for (link, saved) in KINDS.into_iter().zip(states) {
        assert_eq!(read(link), Ok(saved));
    }
}

#[test]
fn whatever_has_a_name_has_a_number() {
    use super::super::{kind, value};
    assert!(Sysctl::EVERY.iter().all(|sysctl| value::SYSCTLS.contains(sysctl)));
    assert!(CloseHow::NAMES.iter().all(|(how, _)| kind::CLOSES.contains(how)));
    let releases = value::RELEASES.map(|(release, _)| release);
    assert!(Release::ALL.iter().all(|release| releases.contains(release)));
}

/// A machine under a load, in the middle of a walk.
fn busy_client() -> Saved {
    let load = Load {
        per_second: 497,
        hold_ms: Some(0),
        keep_every: 22,
        first_socket: 65,
        ..Load::burst(SERVER, 80, 28_127)
    };
    let ports = vec![[33_011, 33_011], [45_000, 45_063]];
    let bind = BindAct { addr: Addr::ANY, ports, first_socket: 0 };
    let own = Load { first_socket: 28_192, ..Load::burst(SERVER, 80, 12) };
    let mut saved = state([Act::Bind(bind), Act::Load(load), Act::Load(own)]);
    saved.history.loaded = 2;
    saved.history.at.step = Some(Step { probe: 12_034, line: u32::MAX });
    saved
}

fn every_config() -> Saved {
    let config = Config {
        release: Release::V2_6_32,
        ehash_size: 256,
        bhash_size: 16,
        start_sec: 1_700_000_000,
        start_jiffies: 7,
        secret: std::array::from_fn(|i| i as u32),
        ehash_secret: 8,
        mix: 9,
        hint: 10,
        seed: 11,
        local: vec![Addr::new(192, 168, 0, 1), Addr::new(10, 0, 0, 1)],
        default_src: Addr::new(192, 168, 0, 1),
        unreachable: vec![Addr::new(10, 9, 9, 9)],
        rto_ms: 300,
        sysctl: vec![
            (Sysctl::PortRange, SysctlValue::Two(1_024, 65_535)),
            (Sysctl::FinTimeout, SysctlValue::One(-1)),
        ],
        force_range: Some((50_000, 40_000)),
        port_offset: Some(u32::MAX.into()),
        ..Config::default()
    };
    let client = Client { dst: Addr::LOOPBACK, dport: 8_080 };
    Saved { history: History::new(config), client }
}

/// A machine of which nothing is usual.
fn later_config() -> Saved {
    let Saved { history, client } = every_config();
    let config = Config {
        release: Release::V6_18,
        hz: 300,
        start_jiffies: 5 << 32 | 7,
        phase_us: 999,
        start_mono_ms: 123_456_789_012,
        secret16: std::array::from_fn(|i| i as u32 + 100),
        net_secret: [u64::MAX, 1],
        perturb_seed: 12,
        loop_wire: true,
        texts: vec![
            (0, Sysctl::ReservedPorts, "8080,9148-9160".into()),
            (2, Sysctl::TwReuse, "".into()),
        ],
        port_offset: Some(u64::MAX),
        ..history.config
    };
    Saved { history: History::new(config), client }
}

/// Every kind of act that version 2 adds, each number of it unusual, and the later sysctls.
fn later_acts(release: Release) -> Saved {
    let (s, l) = (SocketName(3), SocketName(7));
    let tuple = Tuple { laddr: Addr::LOOPBACK, lport: 1, faddr: SERVER, fport: 2 };
    let segment = |segment| Call::TwSegment { tuple, segment };
    let text = |sysctl, text: &str| Call::SysctlText { sysctl, text: text.into() };
    let calls = [
        Call::ReusePort { s, on: true },
        Call::ReusePort { s, on: false },
        Call::NoPort { s, on: true },
        Call::NoPort { s, on: false },
        Call::Window { s, low: 40_000, high: 40_100 },
        Call::AcceptWaiting { l, s },
        segment(TwSegment::Syn),
        segment(TwSegment::OldAck),
        segment(TwSegment::Ack),
        segment(TwSegment::Rst),
        text(Sysctl::ReservedPorts, "8080,9148-9160"),
        text(Sysctl::PortRange, "é"),
        Call::FailTb2 { v: 2 },
        Call::FailSyn { v: 3 },
        Call::Offset { v: Some(u64::MAX) },
        Call::Offset { v: Some(7) },
        Call::Offset { v: None },
    ];
    let value = SysctlValue::One(1);
    let sysctls = Sysctl::EVERY[6..].iter().map(|&sysctl| Call::Sysctl { sysctl, value });
    let acts = calls.into_iter().chain(sysctls).map(Act::Call);
    Saved {
        history: History { config: Config::of(release), ..state(acts).history },
        client: CLIENT,
    }
}

/// Every kind of act, each number of it unusual.
fn every_act() -> Saved {
    let (s, l) = (SocketName(3), SocketName(7));
    let addr = Addr::new(10, 0, 0, 7);
    let tuple = Tuple { laddr: addr, lport: 1, faddr: SERVER, fport: 2 };
    let calls = [
        Call::Socket { s },
        Call::Connect {
            s,
            dst: addr,
            dport: 443,
            establish: false,
            peer_ts: false,
            family: 0,
            addr_len: 8,
        },
        Call::Advance { ms: 7_500 },
        Call::Reuse { s, on: false },
        Call::Bind { s, addr, port: 40_001 },
        Call::Listen { s: l },
        Call::Accept { l, s, peer: addr, peer_port: 20_001, laddr: SERVER, peer_ts: false },
        Call::Est { s, peer_ts: false },
        Call::Segment { s },
        Call::Rst { s },
        Call::Disconnect { s },
        Call::TwFin { tuple },
        Call::Wall { sec: -3_600 },
        Call::ForceRange { low: 5, high: 4 },
        Call::Offset { v: Some(0) },
        Call::Rekey { secret: Box::new(std::array::from_fn(|i| u32::MAX - i as u32)) },
        Call::Cap { v: false },
        Call::FailTb { v: 2 },
        Call::FailTcpConnect { v: Some(Errno::ENOBUFS) },
        Call::FailTcpConnect { v: None },
        Call::Dump,
    ];
    let hows = CloseHow::NAMES.map(|(how, _)| Call::Close { s, how, stamp_now: false });
    let value = |n| if n == 0 { SysctlValue::Two(1_024, 65_535) } else { SysctlValue::One(n) };
    let sysctls =
        (0..).zip(Sysctl::ALL).map(|(n, sysctl)| Call::Sysctl { sysctl, value: value(n) });
    let calls = calls.into_iter().chain(hows).chain(sysctls).map(Act::Call);
    let load = |close| Load {
        also: Some((SERVER, 81)),
        per_second: 20,
        hold_ms: Some(5),
        close,
        keep_every: 3,
        stop_at_error: true,
        first_socket: 100,
        ..Load::burst(addr, 8_080, 60)
    };
    let loads = [LoadClose::Active, LoadClose::Passive, LoadClose::Rst].map(load).map(Act::Load);
    let ports = vec![[40_000, 40_000], [50_000, 50_009], [40_100, 40_101]];
    let bind = Act::Bind(BindAct { addr, ports, first_socket: 9 });
    state(calls.chain(loads).chain([bind]))
}

/// Three branches, of which the shown one isn't the last; one of them leaves a load in its middle.
fn branches() -> Saved {
    let mut saved = state([Act::Load(Load { first_socket: 0, ..Load::burst(SERVER, 80, 100) })]);
    let history = &mut saved.history;
    history.acts[0].stopped = Some(150);
    for (parent, after, ms) in [(Some(0), ALL_CALLS, 1_000), (Some(0), 21, 1_000), (None, 0, 5)] {
        let act = Act::Call(Call::Advance { ms });
        history.acts.push(Node { parent, after, act, stopped: None });
    }
    history.tip = Some(2);
    history.at = Position { done: 21, step: Some(Step { probe: 7, line: 3 }) };
    saved
}
