//! Claims about listen and accept.

use error99_kernel::{Addr, Call, Config, ConnectRefusal, Errno, Event, Kernel, Release, Reply};

use crate::machine::{LOW, OWN, SERVER, events, machine, open, s};

#[test]
fn a_listening_socket_cannot_connect_and_listening_twice_does_nothing() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    assert_eq!(kernel.apply(&Call::Listen { s: s(0) }), Reply::OK);
    assert_eq!(events(&mut kernel, &Call::Listen { s: s(0) }), [Event::AlreadyListening]);
    let told = events(&mut kernel, &Call::connect(s(0), SERVER, 80));
    assert_eq!(told, [Event::ConnectRefused(ConnectRefusal::Listening)]);
}

#[test]
fn in_4_19_alone_the_newest_listener_with_so_reuseport_comes_before_one_on_the_address() {
    for (release, errno) in [(Release::V4_19, None), (Release::V5_15, Some(Errno::EAGAIN))] {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        for (number, addr) in [(0, OWN), (1, Addr::ANY)] {
            open(&mut kernel, number);
            kernel.apply(&Call::ReusePort { s: s(number), on: true });
            assert_eq!(kernel.apply(&Call::Bind { s: s(number), addr, port: LOW }), Reply::OK);
            assert_eq!(kernel.apply(&Call::Listen { s: s(number) }), Reply::OK);
        }
        let (peer, peer_port, laddr, peer_ts) = (SERVER, 80, OWN, true);
        let call = Call::Accept { l: s(1), s: s(2), peer, peer_port, laddr, peer_ts };
        assert_eq!(kernel.apply(&call).errno(), errno, "{release:?}");
    }
}
