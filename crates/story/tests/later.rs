//! What the text says of later kernels comes true when the model runs.
//!
//! Orders, costs and lengths of TIME_WAIT are held to the model where they are computed
//! (`walks`, `other_kernels`); here is what the text says in words.

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Event, Kernel, Release, SocketName, Sysctl, SysctlValue,
};
use error99_replay::catalogue;

const HOST: Addr = Addr::new(10, 0, 0, 1);
const SECOND: Addr = Addr::new(10, 0, 0, 7);
const SERVER: Addr = Addr::new(10, 0, 0, 2);
const OTHER: Addr = Addr::new(10, 0, 0, 3);
const LOW: u16 = 40_000;

/// A machine with a range of `ports`, the lowest of them even.
struct Host(Kernel);

impl Host {
    fn of(release: Release, ports: u16) -> Host {
        let range = SysctlValue::Two(LOW.into(), (LOW + ports - 1).into());
        let config = Config {
            sysctl: vec![(Sysctl::PortRange, range)],
            local: vec![HOST, SECOND],
            ..Config::of(release)
        };
        Host(Kernel::new(&config).expect("it boots"))
    }

    fn call(&mut self, call: &Call) -> Option<Errno> {
        self.0.apply(call).errno().filter(|errno| *errno != Errno::EINPROGRESS)
    }

    fn socket(&mut self, name: u32) -> SocketName {
        let s = SocketName(name);
        self.call(&Call::Socket { s });
        s
    }

    /// Connects a new socket of that name: its port, or the error.
    fn connect(&mut self, name: u32, dst: Addr) -> Result<u16, Errno> {
        let s = self.socket(name);
        self.call(&Call::connect(s, dst, 80)).map_or(Ok(()), Err)?;
        Ok(self.0.socket(s).expect("it is open").num)
    }

    /// The same, and where its walk begins: the port and what it would be without a hint.
    fn start(&mut self, name: u32, dst: Addr) -> (u16, u16) {
        let s = self.socket(name);
        let mut events = Vec::new();
        self.0.apply_traced(&Call::connect(s, dst, 80), &mut events);
        let start = events.iter().find_map(|event| match event {
            Event::WalkStarted { order, home, .. } => Some((order.port_of(1), *home)),
            _ => None,
        });
        start.expect("it walked")
    }

    fn close(&mut self, name: u32, how: CloseHow) {
        self.call(&Call::close(SocketName(name), how));
    }

    /// A socket with SO_REUSEADDR on that port.
    fn reusing(&mut self, name: u32, port: u16) -> SocketName {
        let s = self.socket(name);
        self.call(&Call::Reuse { s, on: true });
        assert_eq!(self.call(&Call::Bind { s, addr: HOST, port }), None);
        s
    }

    fn pass(&mut self, ms: u64) {
        self.call(&Call::Advance { ms });
    }

    fn set(&mut self, sysctl: Sysctl, value: i32) {
        self.call(&Call::Sysctl { sysctl, value: SysctlValue::One(value) });
    }
}

const NONE_LEFT: Result<u16, Errno> = Err(Errno::EADDRNOTAVAIL);

fn since(first: Release) -> impl Iterator<Item = (Release, bool)> {
    Release::ALL.into_iter().map(move |release| (release, release >= first))
}

#[test]
fn rhel_7_has_the_number_of_3_10_and_the_range_of_4_2() {
    let range = |release| Kernel::new(&Config::of(release)).expect("it boots").port_range();
    assert_eq!(range(Release::V3_10), (32_768, 61_000));
    assert_eq!(range(Release::Rhel7), (32_768, 60_999));
    assert_eq!(range(Release::V6_18), (32_768, 60_999));
}

#[test]
fn of_three_ports_two_can_be_used_since_4_6() {
    for (release, loses) in since(Release::V4_19) {
        let mut host = Host::of(release, 3);
        let got = (0..3).filter(|name| host.connect(*name, SERVER).is_ok()).count();
        assert_eq!(got, if loses { 2 } else { 3 }, "{release:?}");
    }
}

#[test]
fn a_window_outside_the_range_makes_a_walk_of_6_8_look_at_every_port_in_turn() {
    for (release, in_turn) in since(Release::V6_8).filter(|(release, _)| release.has_window()) {
        let mut host = Host::of(release, 16);
        let s = host.socket(0);
        assert_eq!(host.call(&Call::Window { s, low: 50_000, high: 50_010 }), None);
        let mut events = Vec::new();
        host.0.apply_traced(&Call::connect(s, SERVER, 80), &mut events);
        let order = events.iter().find_map(|event| match event {
            Event::WalkStarted { order, .. } => Some(*order),
            _ => None,
        });
        let order = order.expect("it walked");
        assert_eq!((order.low(), order.high()), (LOW, LOW + 15), "{release:?}");
        assert_eq!(order.passes(), if in_turn { 1 } else { 2 }, "{release:?}");
    }
}

#[test]
fn a_bound_socket_takes_what_is_left_of_a_connection_in_finwait2_and_the_walk_does_not() {
    let halved = |release| {
        let mut host = Host::of(release, 1);
        host.set(Sysctl::TwReuse, 1);
        let s = host.reusing(0, LOW);
        host.call(&Call::connect(s, SERVER, 80));
        host.close(0, CloseHow::FinWait2);
        assert_eq!(host.0.tw_count(), 1, "what is left is a mini-socket");
        host.pass(3_000);
        host
    };
    for release in Release::ALL {
        let mut host = halved(release);
        let s = host.reusing(1, LOW);
        assert_eq!(host.call(&Call::connect(s, SERVER, 80)), None, "{release:?}");
    }
    // The walk: on a port that connect() chose, as bind() would close it to the walk.
    let passed_by: Vec<Release> = Release::ALL
        .into_iter()
        .filter(|release| {
            let mut host = Host::of(*release, 1);
            host.set(Sysctl::TwReuse, 1);
            host.connect(0, SERVER).expect("the only port");
            host.close(0, CloseHow::FinWait2);
            host.pass(3_000);
            host.connect(1, SERVER) == NONE_LEFT
        })
        .collect();
    // 6.12, and what came back from there to older series.
    let back = [Release::V5_4, Release::V5_10, Release::V6_1, Release::V6_6];
    assert_eq!(passed_by, [&back[..], &[Release::V6_12, Release::V6_18]].concat());
}

#[test]
fn a_bind_with_reuseaddr_takes_a_shared_port_out_since_3_9_and_6_18_gives_it_back() {
    for (release, takes) in since(Release::V3_10) {
        let mut host = Host::of(release, 1);
        let s = host.socket(0);
        host.call(&Call::Reuse { s, on: true });
        assert_eq!(host.call(&Call::connect(s, SERVER, 80)), None, "the only port");
        host.reusing(1, LOW);
        let shared = |taken: bool| if taken { NONE_LEFT } else { Ok(LOW) };
        assert_eq!(host.connect(2, OTHER), shared(takes), "{release:?}");
        host.close(2, CloseHow::Rst);
        host.close(1, CloseHow::Plain);
        let stays = takes && release < Release::V6_18;
        assert_eq!(host.connect(3, OTHER), shared(stays), "{release:?}");
    }
}

#[test]
fn a_timewait_of_the_first_pass_is_taken_over_before_a_free_port_of_the_second() {
    for (release, takes) in since(Release::V4_19) {
        let mut host = Host::of(release, 4);
        host.set(Sysctl::TwReuse, 1);
        let first: Vec<u16> =
            (0..2).map(|name| host.connect(name, SERVER).expect("free")).collect();
        for name in 0..2 {
            host.close(name, CloseHow::Active);
        }
        host.pass(3_000);
        let again = host.connect(2, SERVER).expect("ports are free");
        if takes {
            assert!(first.iter().all(|port| port % 2 == 0), "{release:?}");
            assert!(first.contains(&again), "{release:?} takes {again}");
        } else if release < Release::Rhel7 {
            assert!(!first.contains(&again), "{release:?} goes on to {again}");
        }
    }
}

#[test]
fn every_home_moves_every_ten_seconds_since_5_18() {
    for (release, moves) in since(Release::V4_19Late) {
        let mut host = Host::of(release, 5_000);
        let mut moments: Vec<u64> = Vec::new();
        let mut home = None;
        for name in 0..600 {
            let (_, now) = host.start(name, SERVER);
            if home.is_some_and(|before| before != now) {
                moments.push(host.0.now_ms());
            }
            home = Some(now);
            host.pass(50);
        }
        let apart: Vec<u64> = moments.windows(2).map(|two| two[1] - two[0]).collect();
        match moves {
            true => assert_eq!(apart, [10_000; 2], "{release:?}"),
            false => assert!(moments.is_empty(), "{release:?}"),
        }
    }
}

#[test]
fn another_destination_moves_the_start_while_all_share_a_hint() {
    for (release, own) in since(Release::V4_19Late) {
        let mut host = Host::of(release, 5_000);
        let (before, _) = host.start(0, SERVER);
        let took = host.0.socket(SocketName(0)).expect("it is open").num;
        assert_eq!(took, before, "a fresh range: the first probe takes it");
        for name in 1..=100 {
            host.connect(name, OTHER).expect("ports are free");
        }
        let (after, _) = host.start(101, SERVER);
        let moved = (after + 5_000 - before) % 5_000;
        match own {
            true => assert!((2..=16).contains(&moved) && moved % 2 == 0, "{release:?}: {moved}"),
            false => assert!(moved > 100, "{release:?}: {moved}"),
        }
    }
}

#[test]
fn reuse_as_it_is_by_default_heals_loopback_only() {
    let scenario = catalogue::find("reuse-on-loopback").expect("it is prepared").history();
    assert!(scenario.config.sysctl.iter().all(|(sysctl, _)| *sysctl != Sysctl::TwReuse));
    let default = |release| {
        let kernel = Kernel::new(&Config::of(release)).expect("it boots");
        kernel.sysctl(Sysctl::TwReuse)
    };
    for (release, loopback) in since(Release::V4_19) {
        assert_eq!(default(release), SysctlValue::One(if loopback { 2 } else { 0 }));
    }
}

#[test]
fn a_second_address_shares_ports_with_the_first_and_closes_them_to_the_walk() {
    for (release, shares) in since(Release::V3_10) {
        let mut host = Host::of(release, 2);
        for name in 0..2 {
            host.connect(name, SERVER).expect("two ports");
        }
        assert!(host.connect(2, OTHER).is_ok(), "they are shared");
        host.close(2, CloseHow::Rst);
        let mut bind = |name| {
            let s = host.socket(name);
            host.call(&Call::Bind { s, addr: SECOND, port: 0 })
        };
        let expected = if shares { None } else { Some(Errno::EADDRINUSE) };
        assert_eq!([bind(3), bind(4)], [expected; 2], "{release:?}");
        let after = host.connect(5, OTHER);
        assert_eq!(after == NONE_LEFT, shares, "{release:?}: {after:?}");
    }
}
