//! Small machines, and what is done with them again and again.

use error99_kernel::{
    Addr, Call, CloseHow, Config, Event, Kernel, Reply, SocketName, Sysctl, SysctlValue, Verdict,
};

pub const OWN: Addr = Addr::new(10, 0, 0, 1);
pub const SERVER: Addr = Addr::new(10, 0, 0, 2);
pub const LOW: u16 = 40_000;

pub fn s(number: u32) -> SocketName {
    SocketName(number)
}

/// A machine with a range of `ports` ports from 40,000 on.
pub fn machine(ports: u16) -> Kernel {
    Kernel::new(&Config {
        sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(LOW.into(), (LOW + ports - 1).into()))],
        ..Config::default()
    })
    .expect("a usual machine")
}

/// The same with every port connected to the server, by sockets 0, 1, ….
pub fn full_machine(ports: u16) -> Kernel {
    let mut kernel = machine(ports);
    for number in 0..ports.into() {
        open(&mut kernel, number);
        assert_eq!(connect(&mut kernel, number), -115);
    }
    kernel
}

pub fn open(kernel: &mut Kernel, number: u32) {
    assert_eq!(kernel.apply(&Call::Socket { s: s(number) }), Reply::OK);
}

pub fn connect(kernel: &mut Kernel, number: u32) -> i32 {
    kernel.apply(&Call::connect(s(number), SERVER, 80)).ret
}

pub fn close(kernel: &mut Kernel, number: u32) {
    assert_eq!(kernel.apply(&Call::close(s(number), CloseHow::Active)), Reply::OK);
}

pub fn set(kernel: &mut Kernel, sysctl: Sysctl, value: i32) {
    kernel.apply(&Call::Sysctl { sysctl, value: SysctlValue::One(value) });
}

pub fn events(kernel: &mut Kernel, call: &Call) -> Vec<Event> {
    let mut events = Vec::new();
    kernel.apply_traced(call, &mut events);
    events
}

pub fn verdicts(kernel: &mut Kernel, call: &Call) -> Vec<Verdict> {
    let verdict = |event| match event {
        Event::Probe(probe) => Some(probe.verdict),
        _ => None,
    };
    events(kernel, call).into_iter().filter_map(verdict).collect()
}
