//! The machines that are measured.

use error99_kernel::{
    Addr, Call, CloseHow, Config, Kernel, Release, SocketName, Sysctl, SysctlValue,
};

/// Ports of the default range, 32,768 to 61,000.
pub const PORTS: u32 = 28_233;
const LOW: u32 = 32_768;
/// The destination of every walk.
pub const SERVER: Addr = Addr::new(10, 0, 0, 2);
/// The socket whose connect fails.
const PROBER: SocketName = SocketName(3 * PORTS);
/// The connect that is measured.
pub const PROBE: Call = Call::connect(PROBER, SERVER, 80);

/// Who has the ports.
#[derive(Clone, Copy)]
pub enum Holders {
    /// Live connections to the server, the lowest port's made first.
    LiveInPortOrder,
    /// The same, made in random order.
    LiveInRandomOrder,
    /// TIME_WAITs of such connections.
    Timewait { tw_reuse: bool },
    /// A live connection to the server and one to another, on each port.
    LivePairs,
    /// Sockets bound without `SO_REUSEADDR`.
    Bind,
}

/// An xorshift generator: the same numbers every time.
struct Random(u32);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % limit
    }
}

fn shuffled(len: u32) -> Vec<u32> {
    let mut random = Random(2_463_534_242);
    let mut numbers: Vec<u32> = (0..len).collect();
    for place in (1..len).rev() {
        numbers.swap(place as usize, random.below(place + 1) as usize);
    }
    numbers
}

/// A booted machine with the prober's socket open.
pub fn open_machine() -> Kernel {
    let mut kernel = Kernel::new(&Config::default()).expect("a usual machine");
    kernel.apply(&Call::Socket { s: PROBER });
    kernel
}

/// A connection from a port of the range, by its place.
fn connect_from(kernel: &mut Kernel, s: u32, place: u32, dst: Addr) {
    // The walk begins at (1 + hint + offset) mod PORTS; let that be the place.
    let start = (place + 2 * PORTS - 1).wrapping_sub(kernel.hint() % PORTS) % PORTS;
    kernel.apply(&Call::Socket { s: SocketName(s) });
    kernel.apply(&Call::Offset { v: Some(start.into()) });
    let before = kernel.hint();
    kernel.apply(&Call::connect(SocketName(s), dst, 80));
    assert_eq!(kernel.hint(), before + 1, "the port was free");
}

/// A machine with every port of the range taken for the server.
pub fn full_machine(holders: Holders) -> Kernel {
    let mut kernel = open_machine();
    let order = match holders {
        Holders::LiveInRandomOrder => shuffled(PORTS),
        _ => (0..PORTS).collect(),
    };
    for (s, place) in (0..).zip(order) {
        match holders {
            Holders::Bind => {
                let s = SocketName(s);
                kernel.apply(&Call::Socket { s });
                let port = (LOW + place) as u16;
                kernel.apply(&Call::Bind { s, addr: Addr::ANY, port });
            }
            Holders::LivePairs => {
                connect_from(&mut kernel, s, place, Addr::new(10, 0, 0, 3));
                connect_from(&mut kernel, s + PORTS, place, SERVER);
            }
            _ => connect_from(&mut kernel, s, place, SERVER),
        }
    }
    if let Holders::Timewait { tw_reuse } = holders {
        for s in 0..PORTS {
            kernel.apply(&Call::close(SocketName(s), CloseHow::Active));
        }
        let value = SysctlValue::One(tw_reuse.into());
        kernel.apply(&Call::Sysctl { sysctl: Sysctl::TwReuse, value });
    }
    kernel.apply(&Call::Offset { v: None });
    assert_eq!(failing_connect(&mut kernel), -99, "every port is taken");
    kernel
}

/// A machine of a release whose own walks have taken every port for the server, and, if
/// `closed`, left a TIME_WAIT on each.
pub fn filled_machine(release: Release, closed: bool) -> Kernel {
    let mut kernel = Kernel::new(&Config::of(release)).expect("a usual machine");
    for s in (0..).map(SocketName) {
        kernel.apply(&Call::Socket { s });
        if kernel.apply(&Call::connect(s, SERVER, 80)).ret == -99 {
            break;
        }
        if closed {
            kernel.apply(&Call::close(s, CloseHow::Active));
        }
    }
    kernel.apply(&Call::Socket { s: PROBER });
    assert_eq!(failing_connect(&mut kernel), -99, "every port is taken");
    kernel
}

/// The measured call; −99, and nothing changes.
pub fn failing_connect(kernel: &mut Kernel) -> i32 {
    kernel.apply(&PROBE).ret
}

/// Carries out one call after the other; how many didn't answer 0.
pub fn apply_all(kernel: &mut Kernel, calls: impl Iterator<Item = Call>) -> usize {
    calls.filter(|call| kernel.apply(call).ret != 0).count()
}

/// As many connects as there are ports, each with its `socket`.
pub fn connects() -> impl Iterator<Item = Call> {
    (0..PORTS).map(SocketName).flat_map(|s| [Call::Socket { s }, Call::connect(s, SERVER, 80)])
}

/// A client that opens 100 connections a second for 300 s and closes each at once.
pub fn load_scenario() -> (Config, Vec<Call>) {
    let mut calls = Vec::new();
    for s in (0..30_000).map(SocketName) {
        calls.push(Call::Socket { s });
        calls.push(Call::connect(s, SERVER, 80));
        calls.push(Call::close(s, CloseHow::Active));
        calls.push(Call::Advance { ms: 10 });
    }
    (Config::default(), calls)
}

/// As many bytes as a walk reads: a slot and a bucket for each port.
#[derive(Clone, Copy)]
pub struct Stone {
    /// The next one.
    pub next: usize,
    _rest: [u64; 3],
}

/// Stones in one random ring.
pub fn random_ring() -> Vec<Stone> {
    let order = shuffled(PORTS);
    let mut ring = vec![Stone { next: 0, _rest: [0; 3] }; PORTS as usize];
    for (place, from) in order.iter().enumerate() {
        ring[*from as usize].next = order[(place + 1) % order.len()] as usize;
    }
    ring
}
