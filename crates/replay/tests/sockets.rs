//! The sockets that the page lists as opened by hand are those that the kernel has, whatever was
//! done before.

mod chance;
mod reader;

use std::collections::{BTreeMap, BTreeSet};

use chance::Chance;
use error99_kernel::{Call, Kernel, Reply, SocketName};
use error99_replay::frame::SOCKETS_SHOWN;
use error99_replay::history::Position;
use error99_replay::run::{State, legs};
use error99_replay::{Act, Machine, catalogue};
use reader::Reader;

/// The reader's program as Linux would keep it: sockets in the order in which they were opened,
/// each with its descriptor.
#[derive(Default)]
struct Program {
    /// When each open socket was opened, and its descriptor.
    open: BTreeMap<SocketName, (u32, u32)>,
    /// Descriptors below `given` that are free.
    free: BTreeSet<u32>,
    given: u32,
    opened: u32,
}

impl Program {
    fn made(&mut self, call: &Call, reply: Reply) {
        if reply.ret != 0 {
            return;
        }
        match *call {
            Call::Socket { s } | Call::Accept { s, .. } => {
                let lowest = self.free.pop_first().unwrap_or_else(|| {
                    self.given += 1;
                    2 + self.given
                });
                self.opened += 1;
                assert_eq!(self.open.insert(s, (self.opened, lowest)), None, "{s} is open twice");
            }
            Call::Close { s, .. } => self.free.extend(self.open.remove(&s).map(|(_, fd)| fd)),
            _ => {}
        }
    }

    /// Open sockets with their descriptors, oldest first.
    fn sockets(&self) -> Vec<(SocketName, u32)> {
        let mut open: Vec<_> = self.open.iter().map(|(s, (nth, fd))| (nth, *s, *fd)).collect();
        open.sort_unstable();
        open.into_iter().map(|(_, s, fd)| (s, fd)).collect()
    }
}

/// The branch shown, run call by call up to `done`: its kernel, and the reader's program.
fn run(machine: &Machine, done: u32) -> (Kernel, Program) {
    let history = machine.history();
    let mut legs = legs(history, history.tip);
    let boot = Kernel::new(&history.config).expect("it has been booted before");
    let (mut state, mut program) = (State::boot(boot), Program::default());
    while state.done < done {
        let Some(call) = state.next_call(history, &mut legs) else { break };
        let reply = state.kernel.apply(&call);
        let id = legs[state.leg()].id;
        let by_hand = match &history.acts[id as usize].act {
            Act::Load(load) => load.hold_ms.is_none(),
            Act::Call(_) | Act::Bind(_) => true,
        };
        if by_hand && id >= history.loaded {
            program.made(&call, reply);
        }
    }
    (state.kernel, program)
}

/// What the page says of the moment shown is what the kernel has.
fn agrees(machine: &Machine, why: &str) {
    let at = machine.at();
    let seen = at.done + u32::from(at.step.is_some());
    let (kernel, program) = run(machine, seen);
    let frame = machine.frame();
    let sockets = program.sockets();
    let names: Vec<SocketName> = sockets.iter().map(|(name, _)| *name).collect();
    assert_eq!(machine.all_by_hand(), names, "{why}, at {at:?}");
    assert_eq!(machine.newest_by_hand(), names.last().copied(), "{why}, at {at:?}");
    assert_eq!(frame.open_by_hand as usize, names.len(), "{why}, at {at:?}");
    let listed: BTreeMap<_, _> = frame.sockets.iter().map(|row| (row.name, row.fd)).collect();
    let newest: BTreeMap<_, _> = sockets.iter().rev().take(SOCKETS_SHOWN).copied().collect();
    if at.step.is_none() {
        assert!(names.iter().all(|name| kernel.socket(*name).is_some()), "{why}, at {at:?}");
        assert_eq!(listed, newest, "{why}, at {at:?}");
    }
}

#[test]
fn open_descriptors_are_the_kernels_sockets_after_anything_that_readers_do() {
    let mut chance = Chance::new(4);
    for round in 0..600 {
        let mut reader = Reader::after(&mut chance, 25);
        let machine = &mut reader.machine;
        agrees(machine, &format!("reader {round}"));
        let total = machine.total();
        for _ in 0..4 {
            let done = reader.below(total + 1);
            reader.machine.go(Position { done, step: None });
            agrees(&reader.machine, &format!("reader {round}"));
        }
    }
}

#[test]
fn open_descriptors_are_right_in_every_prepared_machine_that_was_filled_and_emptied() {
    for prepared in catalogue::ALL {
        let mut machine = reader::opened(prepared.history());
        for round in 0..2 {
            let client = prepared.client();
            reader::until_error(&mut machine, client);
            agrees(&machine, &format!("{}, filled {round}", prepared.key));
            reader::close_all(&mut machine);
            agrees(&machine, &format!("{}, emptied {round}", prepared.key));
            assert_eq!(machine.frame().open_by_hand, 0, "{}", prepared.key);
        }
    }
}
