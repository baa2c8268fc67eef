//! Options of sockets and reserved ports, as a reader sets them: each is the kernel's own call, and
//! the frame says what holds afterwards.

use error99_kernel::{Addr, Call, Config, Errno, Release, SocketName, Sysctl, SysctlValue};
use error99_replay::frame::{CallKind, Ret, SocketRow};
use error99_replay::hand::Deed;
use error99_replay::history::Position;
use error99_replay::link::{Saved, read, write};
use error99_replay::scenario::Client;
use error99_replay::{History, Machine};

const CLIENT: Client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };

/// A machine with sixteen ports.
fn machine(release: Release) -> Machine {
    let sysctl = vec![(Sysctl::PortRange, SysctlValue::Two(40_000, 40_015))];
    let config = Config { sysctl, ..Config::of(release) };
    Machine::open(History::new(config)).expect("it opens")
}

/// Does it as the page does; what came of it.
fn does(machine: &mut Machine, deed: Deed) -> Option<Ret> {
    assert_eq!(machine.do_deed(deed, CLIENT), Ok(None));
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine.frame().call.and_then(|call| call.ret)
}

/// The newest socket.
fn row(machine: &Machine) -> SocketRow {
    machine.frame().sockets[0]
}

#[test]
fn each_option_is_set_and_taken_back_and_the_frame_says_so() {
    let mut machine = machine(Release::V6_18);
    does(&mut machine, Deed::Open);
    let s = row(&machine).name;
    let options = |machine: &Machine| {
        let row = row(machine);
        (row.reuse, row.reuseport, row.no_port, row.window)
    };
    assert_eq!(options(&machine), (false, false, false, (0, 0)));
    for (deed, then) in [
        (Deed::Reuse(s, true), (true, false, false, (0, 0))),
        (Deed::ReusePort(s, true), (true, true, false, (0, 0))),
        (Deed::NoPort(s, true), (true, true, true, (0, 0))),
        (Deed::Window(s, 40_004, 40_005), (true, true, true, (40_004, 40_005))),
        (Deed::Reuse(s, false), (false, true, true, (40_004, 40_005))),
        (Deed::ReusePort(s, false), (false, false, true, (40_004, 40_005))),
        (Deed::NoPort(s, false), (false, false, false, (40_004, 40_005))),
    ] {
        assert_eq!(does(&mut machine, deed), Some(Ret::Ok));
        assert_eq!(options(&machine), then);
    }
    assert_eq!(does(&mut machine, Deed::ConnectSocket(s)), Some(Ret::Ok));
    assert!((40_004..=40_005).contains(&row(&machine).num), "the window counts");
}

#[test]
fn a_window_upside_down_is_refused_before_and_when_it_is_set() {
    let mut machine = machine(Release::V6_18);
    does(&mut machine, Deed::Open);
    let s = row(&machine).name;
    let window = |low, high| Call::Window { s, low, high };
    for (low, high) in [(0, 0), (40_000, 0), (0, 40_000), (5, 5), (1, 65_535)] {
        assert_eq!(machine.try_call(&window(low, high)), None, "{low} {high}");
    }
    assert_eq!(machine.try_call(&window(40_005, 40_004)), Some(Errno::EINVAL));
    assert_eq!(row(&machine).window, (0, 0), "trying sets nothing");
    let ret = does(&mut machine, Deed::Window(s, 40_005, 40_004));
    assert_eq!(ret, Some(Ret::Errno(Errno::EINVAL)));
    assert_eq!(row(&machine).window, (0, 0));
}

#[test]
fn an_option_that_a_release_lacks_is_refused() {
    let mut machine = machine(Release::V2_6_32);
    does(&mut machine, Deed::Open);
    let s = row(&machine).name;
    for deed in [Deed::ReusePort(s, true), Deed::NoPort(s, true), Deed::Window(s, 1, 2)] {
        assert_eq!(does(&mut machine, deed), Some(Ret::Errno(Errno::ENOPROTOOPT)));
    }
}

#[test]
fn what_was_set_is_in_the_link_and_in_what_strace_prints() {
    let mut machine = machine(Release::V6_18);
    does(&mut machine, Deed::Open);
    let s: SocketName = row(&machine).name;
    for deed in [
        Deed::ReusePort(s, true),
        Deed::NoPort(s, true),
        Deed::Window(s, 40_004, 40_005),
        Deed::SysctlText(Sysctl::ReservedPorts, "40004,40008-40009".into()),
    ] {
        does(&mut machine, deed);
    }
    let lines: Vec<String> = machine.strace(9).lines().map(ToOwned::to_owned).collect();
    assert_eq!(
        lines[1..],
        [
            "setsockopt(3, SOL_SOCKET, SO_REUSEPORT, [1], 4) = 0",
            "setsockopt(3, SOL_IP, IP_BIND_ADDRESS_NO_PORT, [1], 4) = 0",
            "setsockopt(3, SOL_IP, IP_LOCAL_PORT_RANGE, [0x9c459c44], 4) = 0",
            "# sysctl -w net.ipv4.ip_local_reserved_ports=\"40004,40008-40009\"",
        ]
    );
    machine.to_call(0);
    let opened = machine.frame().program.pop().expect("the socket call is shown");
    assert_eq!(
        (opened.call.as_str(), opened.zero),
        ("socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)", 3)
    );
    machine.to_call(u32::MAX);
    let saved = Saved { history: machine.history().clone(), client: CLIENT };
    let again = read(&write(&saved)).expect("its own link is read");
    let again = Machine::standing(&again).expect("it opens");
    assert_eq!(again.frame(), machine.frame());
}

#[test]
fn the_list_of_reserved_ports_is_what_reading_it_gives() {
    let mut machine = machine(Release::V6_18);
    let write = |machine: &mut Machine, text: &str| {
        does(machine, Deed::SysctlText(Sysctl::ReservedPorts, text.into()))
    };
    let list = |machine: &Machine| machine.frame().machine.reserved;
    assert_eq!(list(&machine), "");
    for (text, then) in [
        ("8080,9000-9100", "8080,9000-9100"),
        ("9100,9000-9099,8080,", "8080,9000-9100"),
        ("40000-40014", "40000-40014"),
    ] {
        assert_eq!(write(&mut machine, text), Some(Ret::Ok));
        assert_eq!(list(&machine), then);
        let kind = machine.frame().call.expect("it was written").kind;
        let name = "ip_local_reserved_ports".to_owned();
        assert!(matches!(kind, CallKind::Sysctl { name: written, .. } if written == name));
    }
    does(&mut machine, Deed::Connect(1));
    assert_eq!(row(&machine).num, 40_015, "the only one that isn't reserved");
    for text in ["8080;9000", "65536", "9100-9000", "x", ",1"] {
        let call = Call::SysctlText { sysctl: Sysctl::ReservedPorts, text: text.into() };
        assert_eq!(machine.try_call(&call), Some(Errno::EINVAL), "{text}");
        assert_eq!(write(&mut machine, text), Some(Ret::Errno(Errno::EINVAL)), "{text}");
        assert_eq!(list(&machine), "40000-40014", "the list stays");
    }
    assert_eq!(write(&mut machine, ""), Some(Ret::Ok));
    assert_eq!(list(&machine), "");
    assert_eq!(self::machine(Release::V2_6_32).frame().machine.reserved, "");
}

#[test]
fn a_home_that_moves_is_shown_towards_the_destination_that_is_looked_at() {
    let mut machine = machine(Release::V6_18);
    machine.look_at(CLIENT.dst, CLIENT.dport);
    let home = machine.frame().home.expect("it moves");
    does(&mut machine, Deed::Connect(1));
    let frame = machine.frame();
    assert_eq!(frame.walk.expect("it walks").home, home.port);
    assert_eq!(frame.home, Some(home), "no time has passed");
    does(&mut machine, Deed::Advance(home.left_ms - 1));
    assert_eq!(machine.frame().home.map(|it| (it.port, it.left_ms)), Some((home.port, 1)));
    does(&mut machine, Deed::Advance(1));
    let moved = machine.frame().home.expect("it moves");
    assert_eq!(moved.left_ms, moved.stays_ms);
    let still = self::machine(Release::V2_6_32).frame();
    assert_eq!(still.home, None);
}
