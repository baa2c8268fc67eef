//! What the program sees: the calls made by hand, as strace would print them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use error99_kernel::{Call, CloseHow, Kernel, SocketName, SocketView};

use crate::act::Act;
use crate::frame::{ProgramLine, Ret, SOCKETS_SHOWN, SocketRow};
use crate::machine::{Machine, ret_of};
use crate::steps::Shown;

/// Lines that the terminal shows.
const LINES: usize = 2;
/// First file descriptor of a program that has its three standard ones.
const FIRST_FD: u32 = 3;

/// The program that the reader is: its sockets with their file descriptors, and the last calls
/// that it made.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByHand {
    open: BTreeMap<SocketName, u32>,
    /// Descriptors below the highest one that are free again.
    free: BTreeSet<u32>,
    /// Descriptors ever given, less [`FIRST_FD`].
    given: u32,
    /// The last calls that strace prints, with their numbers on the branch.
    lines: Vec<(u32, String)>,
}

impl ByHand {
    /// How many sockets are open.
    pub(crate) fn open(&self) -> u32 {
        self.open.len() as u32
    }

    /// Linux gives the lowest descriptor that is free.
    fn open_one(&mut self, s: SocketName) {
        let fd = self.free.pop_first().unwrap_or_else(|| {
            self.given += 1;
            FIRST_FD + self.given - 1
        });
        self.open.insert(s, fd);
    }

    /// The program makes call number `number`.
    fn make(&mut self, call: &Call, number: u32) {
        self.note(call, number);
        match *call {
            Call::Socket { s } | Call::Accept { s, .. } => self.open_one(s),
            Call::Close { s, .. } => self.free.extend(self.open.remove(&s)),
            _ => {}
        }
    }

    fn note(&mut self, call: &Call, number: u32) {
        if let Some(text) = self.strace(call) {
            self.lines.push((number, text));
            let surplus = self.lines.len().saturating_sub(LINES);
            self.lines.drain(..surplus);
        }
    }

    /// The newest open sockets as the kernel has them, newest first.
    pub(crate) fn rows(&self, kernel: &Kernel) -> Vec<SocketRow> {
        let row = |(&name, &fd): (&SocketName, &u32)| {
            let socket = kernel.socket(name)?;
            let peer = (socket.dport != 0).then_some((socket.daddr, socket.dport));
            let SocketView { state, saddr, num, reuse, .. } = socket;
            Some(SocketRow { name, fd, state, saddr, num, peer, reuse })
        };
        self.open.iter().rev().take(SOCKETS_SHOWN).filter_map(row).collect()
    }

    /// A call as strace prints it, its result apart; `None` for what no program calls.
    fn strace(&self, call: &Call) -> Option<String> {
        let fd = |s: SocketName| self.open.get(&s).copied().unwrap_or(FIRST_FD);
        Some(match *call {
            Call::Socket { .. } => "socket(AF_INET, SOCK_STREAM)".into(),
            Call::Reuse { s, on } => {
                format!("setsockopt({}, SO_REUSEADDR, {})", fd(s), u8::from(on))
            }
            Call::Bind { s, addr, port } => format!("bind({}, {{{addr}:{port}}})", fd(s)),
            Call::Connect { s, dst, dport, .. } => format!("connect({}, {{{dst}:{dport}}})", fd(s)),
            Call::Listen { s } => format!("listen({})", fd(s)),
            Call::Accept { l, .. } => format!("accept({})", fd(l)),
            Call::Disconnect { s } => format!("connect({}, {{AF_UNSPEC}})", fd(s)),
            Call::Close { s, how: CloseHow::Rst, .. } => {
                format!("close({})  /* SO_LINGER 0 */", fd(s))
            }
            Call::Close { s, .. } => format!("close({})", fd(s)),
            Call::Advance { ms } => format!("sleep {}.{:03}", ms / 1000, ms % 1000),
            Call::Sysctl { sysctl, value } => {
                format!("sysctl -w net.ipv4.{}=\"{value}\"", sysctl.name())
            }
            _ => return None,
        })
    }
}

impl Machine {
    /// The reader's program at the moment shown.
    pub(crate) fn by_hand(&self) -> Cow<'_, ByHand> {
        self.by_hand_after(self.calls_seen())
    }

    /// The newest socket that was opened by hand and is still open.
    pub fn newest_by_hand(&self) -> Option<SocketName> {
        self.by_hand().open.last_key_value().map(|(name, _)| *name)
    }

    /// All sockets that were opened by hand and are still open, oldest first.
    pub fn all_by_hand(&self) -> Vec<SocketName> {
        self.by_hand().open.keys().copied().collect()
    }

    /// Replays the reader's program up to the call under the glass and up to the moment shown.
    /// Steps inside a call ask for these two again and again.
    pub(crate) fn keep_hands(&mut self) {
        let moments = [self.base.done, self.calls_seen()];
        if self.hands.iter().map(|(done, _)| *done).eq(moments) {
            return;
        }
        self.hands = moments.map(|done| (done, self.by_hand_after(done).into_owned())).into();
    }

    /// The reader's program after `done` calls.
    fn by_hand_after(&self, done: u32) -> Cow<'_, ByHand> {
        match self.hands.iter().find(|(at, _)| *at == done) {
            Some((_, hand)) => Cow::Borrowed(hand),
            None => Cow::Owned(self.replay_by_hand(done)),
        }
    }

    fn replay_by_hand(&self, done: u32) -> ByHand {
        let mut hand = ByHand::default();
        for leg in self.legs().iter().filter(|leg| leg.first < done) {
            match &self.history.acts[leg.id as usize].act {
                _ if leg.id < self.history.loaded => {}
                Act::Call(call) => hand.make(call, leg.first),
                // A burst's connections stay open; a load with a hold is another program.
                Act::Load(load) if load.hold_ms.is_none() => {
                    let begun = (done - leg.first).div_ceil(2).min(load.connections);
                    for n in 0..begun {
                        let s = SocketName(load.first_socket + n);
                        hand.open_one(s);
                        let number = leg.first + 2 * n + 1;
                        if n + LINES as u32 >= begun && number < done {
                            hand.note(&Call::connect(s, load.dst, load.dport), number);
                        }
                    }
                }
                Act::Load(_) | Act::Bind(_) => {}
            }
        }
        hand
    }

    /// The last lines of the terminal, the call under the glass included.
    pub(crate) fn program(&self) -> Vec<ProgramLine> {
        let Some(shown) = &self.shown else { return Vec::new() };
        let hand = self.by_hand_after(self.base.done);
        let before = hand.lines.iter().filter_map(|(number, call)| {
            let mark = self.marks.binary_search_by_key(number, |mark| mark.call).ok()?;
            Some(ProgramLine { call: call.clone(), ret: Some(self.marks[mark].ret) })
        });
        let now = hand.strace(&shown.call);
        let now = now.map(|call| ProgramLine { call, ret: self.returned(shown) });
        let mut lines: Vec<ProgramLine> = before.chain(now).collect();
        lines.split_off(lines.len().saturating_sub(LINES))
    }

    fn returned(&self, shown: &Shown) -> Option<Ret> {
        self.at().step.is_none().then(|| ret_of(&shown.call, shown.reply))
    }
}
