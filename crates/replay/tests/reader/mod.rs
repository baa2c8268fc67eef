//! A reader who presses any button of the page, the same ones every time.

#![allow(dead_code)] // each test uses what it needs of it

use error99_kernel::{Addr, Call, CloseHow, Config, Release, SocketName, Sysctl, SysctlValue};
use error99_replay::act::BindAct;
use error99_replay::history::{History, Position, Step};
use error99_replay::link::Saved;
use error99_replay::scenario::Client;
use error99_replay::{Act, Load, Machine};

use crate::chance::Chance;

/// What the client's fields hold.
pub const CLIENT: Client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };

/// A reader without a plan.
pub struct Reader<'a> {
    chance: &'a mut Chance,
    pub machine: Machine,
}

impl Reader<'_> {
    /// A reader who has pressed up to `turns` buttons.
    pub fn after(chance: &mut Chance, turns: u64) -> Reader<'_> {
        Reader::of(Release::V2_6_32, chance, turns)
    }

    /// The same on a machine of that release.
    pub fn of(release: Release, chance: &mut Chance, turns: u64) -> Reader<'_> {
        let machine = Reader::machine(release, chance);
        let mut reader = Reader { chance, machine };
        for _ in 0..reader.chance.below(turns) {
            reader.turn();
        }
        reader
    }

    /// A number below `end`, for whoever goes on from here.
    pub fn below(&mut self, end: u32) -> u32 {
        self.chance.below(end.into()) as u32
    }

    /// What a link of the moment holds.
    pub fn saved(&self) -> Saved {
        Saved { history: self.machine.history().clone(), client: CLIENT }
    }

    /// Small tables and a small range, so that ten thousand of them are soon run.
    fn machine(release: Release, chance: &mut Chance) -> Machine {
        let high = 32_768 + chance.below(24) as i32;
        let config = Config {
            ehash_size: 16,
            bhash_size: 16 << chance.below(3),
            local: vec![Addr::new(10, 0, 0, 1), Addr::new(10, 0, 0, 7)],
            sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(32_768, high))],
            ..Config::of(release)
        };
        let mut machine = Machine::open(History::new(config)).expect("it opens");
        machine.look_at(CLIENT.dst, CLIENT.dport);
        machine
    }

    /// Presses a button of the page, or looks somewhere else.
    fn turn(&mut self) {
        let s = SocketName(self.machine.free_names(30));
        let open = self.machine.all_by_hand();
        let some = |chance: &mut Chance| match open.len() as u64 {
            0 => s,
            len => open[chance.below(len) as usize],
        };
        let chance = &mut *self.chance;
        let free = s.0;
        // A link may name sockets as it likes.
        let s = match chance.below(24) {
            0 => some(chance),
            1 => SocketName(u32::MAX - chance.below(2) as u32),
            _ => s,
        };
        let server = Addr::new(10, 0, 0, 2 + chance.below(2) as u8);
        let own = Addr::new(10, 0, 0, [1, 7][chance.below(2) as usize]);
        let release = self.machine.history().config.release;
        let buttons = if release == Release::V2_6_32 { 20 } else { 26 };
        let calls = match chance.below(buttons) {
            0..=6 => vec![Call::Socket { s }, Call::connect(s, server, 80)],
            7 | 8 => vec![Call::close(some(chance), CloseHow::NAMES[chance.below(5) as usize].0)],
            9 => vec![Call::Advance { ms: [1_000, 7_500, 60_000][chance.below(3) as usize] }],
            10 => vec![Call::Socket { s }, Call::Bind { s, addr: own, port: 0 }],
            11 => {
                let port = 32_768 + chance.below(24) as u16;
                let reuse = Call::Reuse { s, on: chance.flag() };
                vec![Call::Socket { s }, reuse, Call::Bind { s, addr: own, port }]
            }
            12 => vec![Call::connect(some(chance), server, 80)],
            13 => {
                let sysctl = Sysctl::ALL[chance.below(6) as usize];
                let value = match sysctl {
                    Sysctl::PortRange => SysctlValue::Two(32_768, 32_768 + chance.below(40) as i32),
                    _ => SysctlValue::One(chance.below(3) as i32),
                };
                vec![Call::Sysctl { sysctl, value }]
            }
            14 if chance.one_in(4) => {
                vec![Call::Rekey { secret: Box::new([chance.below(9) as u32; 12]) }]
            }
            15 => vec![Call::Listen { s: some(chance) }],
            16 => {
                let per_second = if chance.flag() { 20 } else { 0 };
                let hold_ms = if per_second == 0 { 0 } else { 100 };
                let load = Load {
                    per_second,
                    hold_ms: chance.flag().then_some(hold_ms),
                    stop_at_error: chance.flag(),
                    first_socket: free,
                    ..Load::burst(server, 80, 1 + chance.below(30) as u32)
                };
                return self.act(vec![Act::Load(load)]);
            }
            17 => {
                let ports = vec![[32_768 + chance.below(24) as u16; 2]];
                let bind = BindAct { addr: Addr::ANY, ports, first_socket: free };
                return self.act(vec![Act::Bind(bind)]);
            }
            20.. => {
                let other = some(chance);
                later(chance, release, [s, other], [own, server])
            }
            _ => return self.look(),
        };
        self.act(calls.into_iter().map(Act::Call).collect());
    }

    fn act(&mut self, acts: Vec<Act>) {
        self.machine.act(acts).expect("it has room");
        // Now and then somebody presses Stop.
        if self.chance.one_in(6) {
            self.machine.work(1 + self.chance.below(4_000));
            self.machine.stop();
        }
        self.machine.work_all();
        self.machine.go(Position { done: u32::MAX, step: None });
    }

    /// Goes anywhere, or to another branch.
    fn look(&mut self) {
        let chance = &mut *self.chance;
        if chance.one_in(4) {
            let (branches, _) = self.machine.branches();
            if !branches.is_empty() {
                self.machine.take(branches[chance.below(branches.len() as u64) as usize]);
                self.machine.work_all();
            }
        }
        let done = chance.below(u64::from(self.machine.total()) + 1) as u32;
        let step = |chance: &mut Chance| Step {
            probe: chance.below(30) as u32,
            line: chance.below(6) as u32,
        };
        let step = chance.flag().then(|| step(chance));
        self.machine.go(Position { done, step });
    }
}

/// What only later releases have, on a new socket or on another one.
fn later(
    chance: &mut Chance,
    release: Release,
    [s, other]: [SocketName; 2],
    [own, server]: [Addr; 2],
) -> Vec<Call> {
    let port = 32_768 + chance.below(24) as u16;
    let bind = Call::Bind { s, addr: own, port: if chance.flag() { port } else { 0 } };
    let connect = Call::connect(s, server, 80);
    match chance.below(7) {
        0 => vec![Call::Socket { s }, Call::ReusePort { s, on: true }, bind],
        1 | 2 => {
            let bind = Call::Bind { s, addr: own, port: 0 };
            vec![Call::Socket { s }, Call::NoPort { s, on: true }, bind, connect]
        }
        3 => {
            let window = Call::Window { s, low: port, high: port + chance.below(6) as u16 };
            vec![Call::Socket { s }, window, connect]
        }
        4 => {
            let text = ["", "32768-32775", "32770,32772,32774"][chance.below(3) as usize].into();
            vec![Call::SysctlText { sysctl: Sysctl::ReservedPorts, text }]
        }
        5 => vec![Call::AcceptWaiting { l: other, s }],
        _ => {
            let known: Vec<Sysctl> = release.sysctls().skip(1).collect();
            let sysctl = known[chance.below(known.len() as u64) as usize];
            vec![Call::Sysctl { sysctl, value: SysctlValue::One(chance.below(3) as i32) }]
        }
    }
}

/// A history at its own moment.
pub fn opened(history: History) -> Machine {
    let at = history.at;
    let mut machine = Machine::open(history).expect("it opens");
    machine.work_all();
    machine.go(at);
    machine
}

/// The button "Until error".
pub fn until_error(machine: &mut Machine, client: Client) {
    let first_socket = machine.free_names(70_000);
    let burst = Load::burst(client.dst, client.dport, 70_000);
    done(machine, vec![Act::Load(Load { stop_at_error: true, first_socket, ..burst })]);
}

/// The button "Close all".
pub fn close_all(machine: &mut Machine) {
    let all = machine.all_by_hand().into_iter();
    done(machine, all.map(|s| Act::Call(Call::close(s, CloseHow::Plain))).collect());
}

fn done(machine: &mut Machine, acts: Vec<Act>) {
    machine.act(acts).expect("it has room");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
}
