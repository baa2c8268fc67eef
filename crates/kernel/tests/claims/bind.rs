//! Claims about bind: what it asks for in which order, and its search for any port.

use error99_kernel::{
    Addr, BindRefusal, Call, Config, Errno, Event, Kernel, OwnersAsked, Release, Reply,
};

use crate::machine::{LOW, OWN, events, machine, open, s};

#[test]
fn a_multicast_address_can_be_bound_to_but_is_no_source() {
    let mut kernel = machine(5);
    open(&mut kernel, 0);
    let addr = Addr::new(224, 0, 0, 5);
    assert_eq!(kernel.apply(&Call::Bind { s: s(0), addr, port: 45_000 }), Reply::OK);
    let socket = kernel.socket(s(0)).unwrap();
    assert_eq!((socket.rcv_saddr, socket.saddr, socket.locks()), (addr, Addr::ANY, 12));
}

#[test]
fn bind_asks_for_the_address_then_the_privilege_and_only_then_whether_the_socket_is_bound() {
    for release in Release::ALL {
        let mut kernel = Kernel::new(&Config::of(release)).unwrap();
        open(&mut kernel, 0);
        kernel.apply(&Call::Cap { v: false });
        let mut bind = |addr, port| kernel.apply(&Call::Bind { s: s(0), addr, port });
        assert_eq!(bind(OWN, 45_000), Reply::OK);
        let foreign = Addr::new(10, 9, 9, 9);
        assert_eq!(bind(foreign, 80).errno(), Some(Errno::EADDRNOTAVAIL), "{release:?}");
        assert_eq!(bind(OWN, 80).errno(), Some(Errno::EACCES), "{release:?}");
        assert_eq!(bind(OWN, 45_001).errno(), Some(Errno::EINVAL), "{release:?}");
    }
}

/// A socket with `SO_REUSEADDR`.
fn open_reusing(kernel: &mut Kernel, number: u32) {
    open(kernel, number);
    kernel.apply(&Call::Reuse { s: s(number), on: true });
}

#[test]
fn a_search_for_any_port_starts_over_five_times_when_the_remembered_port_conflicts() {
    let mut kernel = machine(1);
    open_reusing(&mut kernel, 0);
    kernel.apply(&Call::Bind { s: s(0), addr: Addr::ANY, port: LOW });
    kernel.apply(&Call::Reuse { s: s(0), on: false });
    open_reusing(&mut kernel, 1);
    let call = Call::Bind { s: s(1), addr: Addr::ANY, port: 0 };
    let told = events(&mut kernel, &call);
    let count = |wanted: fn(&Event) -> bool| told.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|event| matches!(event, Event::SearchStarted { .. })), 6);
    assert_eq!(
        count(|event| matches!(event, Event::ConflictTested { asked: OwnersAsked::Conflict })),
        6
    );
    assert_eq!(told.last(), Some(&Event::BindRefused(BindRefusal::Conflict)));
    assert_eq!(kernel.apply(&call).errno(), Some(Errno::EADDRINUSE));
    kernel.apply(&Call::Reuse { s: s(0), on: true });
    let told = events(&mut kernel, &call);
    let searches = told.iter().filter(|event| matches!(event, Event::SearchStarted { .. }));
    assert_eq!(searches.count(), 1, "without a conflict it doesn't");
}

#[test]
fn a_definite_port_that_conflicts_is_refused_without_a_search() {
    let mut kernel = machine(1);
    open(&mut kernel, 0);
    kernel.apply(&Call::Bind { s: s(0), addr: Addr::ANY, port: LOW });
    open_reusing(&mut kernel, 1);
    let told = events(&mut kernel, &Call::Bind { s: s(1), addr: OWN, port: LOW });
    let tested = told.iter().filter(|event| matches!(event, Event::ConflictTested { .. }));
    assert_eq!(tested.count(), 1);
}
