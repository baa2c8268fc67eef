//! What the program sees: the calls made by hand, as strace would print them.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use error99_kernel::{Addr, Call, CloseHow, Errno, Kernel, SocketName, SocketView};

use crate::act::Act;
use crate::frame::{ProgramLine, Ret, SOCKETS_SHOWN, SocketRow};
use crate::machine::{Machine, ret_of};
use crate::shell::BACKLOG;
use crate::steps::Shown;

/// Lines that the terminal shows.
const LINES: usize = 2;
/// First file descriptor of a program that has its three standard ones.
const FIRST_FD: u32 = 3;

/// The program that the reader is: its sockets with their file descriptors, and the last calls
/// that it made.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByHand {
    /// Every socket that was ever opened, by name, with its descriptor while it is open.
    sockets: Vec<(SocketName, Option<u32>)>,
    /// How many are open.
    open: u32,
    /// Descriptors below the highest one that are free again.
    free: BinaryHeap<Reverse<u32>>,
    /// Descriptors ever given, less [`FIRST_FD`].
    given: u32,
    /// The last calls that strace prints.
    lines: Vec<Line>,
}

/// A call that strace prints.
#[derive(Clone, Debug)]
struct Line {
    /// Its number on the branch.
    number: u32,
    /// The descriptor that it is made on, or that it returns.
    fd: u32,
    call: Call,
}

impl ByHand {
    /// How many sockets are open.
    pub(crate) fn open(&self) -> u32 {
        self.open
    }

    /// Linux gives the lowest descriptor that is free.
    fn open_one(&mut self, s: SocketName) {
        let fd = self.next_fd();
        if self.free.pop().is_none() {
            self.given += 1;
        }
        match self.place(s) {
            Ok(at) => self.sockets[at].1 = Some(fd),
            Err(at) => self.sockets.insert(at, (s, Some(fd))),
        }
        self.open += 1;
    }

    fn close_one(&mut self, s: SocketName) {
        let Ok(at) = self.place(s) else { return };
        if let Some(fd) = self.sockets[at].1.take() {
            self.free.push(Reverse(fd));
            self.open -= 1;
        }
    }

    /// Where a socket stands, or where it would.
    fn place(&self, s: SocketName) -> Result<usize, usize> {
        self.sockets.binary_search_by_key(&s, |(name, _)| *name)
    }

    fn next_fd(&self) -> u32 {
        self.free.peek().map_or(FIRST_FD + self.given, |Reverse(fd)| *fd)
    }

    /// The open sockets with their descriptors, newest first.
    fn newest_first(&self) -> impl Iterator<Item = (SocketName, u32)> + '_ {
        self.sockets.iter().rev().filter_map(|(name, fd)| Some((*name, (*fd)?)))
    }

    /// The descriptor that a call is made on, or that it returns.
    fn fd_of(&self, call: &Call) -> u32 {
        let open = |at: usize| self.sockets[at].1;
        let fd = |s| self.place(s).ok().and_then(open).unwrap_or(FIRST_FD);
        match *call {
            Call::Socket { .. } => self.next_fd(),
            Call::Accept { l, .. } => fd(l),
            _ => call.socket_name().map_or(0, fd),
        }
    }

    /// The program makes call number `number`; of its lines the last `keep` are kept.
    fn make(&mut self, call: &Call, number: u32, keep: usize) {
        self.note(call, number, keep);
        match *call {
            Call::Socket { s } | Call::Accept { s, .. } => self.open_one(s),
            Call::Close { s, .. } => self.close_one(s),
            _ => {}
        }
    }

    fn note(&mut self, call: &Call, number: u32, keep: usize) {
        self.lines.push(Line { number, fd: self.fd_of(call), call: call.clone() });
        if self.lines.len() >= 2 * keep {
            self.lines.drain(..self.lines.len() - keep);
        }
    }

    /// The newest open sockets as the kernel has them, newest first.
    pub(crate) fn rows(&self, kernel: &Kernel) -> Vec<SocketRow> {
        let row = |(name, fd): (SocketName, u32)| {
            let socket = kernel.socket(name)?;
            let peer = (socket.dport != 0).then_some((socket.daddr, socket.dport));
            let SocketView { state, saddr, num, reuse, .. } = socket;
            Some(SocketRow { name, fd, state, saddr, num, peer, reuse })
        };
        self.newest_first().take(SOCKETS_SHOWN).filter_map(row).collect()
    }
}

/// How an address is written: shortly where there is little room, or as strace does.
type Spelling = fn(Addr, u16) -> String;

fn short(addr: Addr, port: u16) -> String {
    format!("{{{addr}:{port}}}")
}

fn long(addr: Addr, port: u16) -> String {
    format!("{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{addr}\")}}, 16")
}

impl Line {
    /// The call as strace prints it, its result apart; `None` for what no program calls.
    fn text(&self, spell: Spelling) -> Option<String> {
        let fd = self.fd;
        Some(match self.call {
            Call::Socket { .. } => "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)".into(),
            Call::Reuse { on, .. } => {
                format!("setsockopt({fd}, SOL_SOCKET, SO_REUSEADDR, [{}], 4)", u8::from(on))
            }
            Call::Bind { addr, port, .. } => format!("bind({fd}, {})", spell(addr, port)),
            Call::Connect { dst, dport, .. } => format!("connect({fd}, {})", spell(dst, dport)),
            Call::Listen { .. } => format!("listen({fd}, {BACKLOG})"),
            Call::Accept { peer, peer_port, .. } => {
                format!("accept({fd}, {})", spell(peer, peer_port))
            }
            Call::Disconnect { .. } => format!("connect({fd}, {{sa_family=AF_UNSPEC}}, 16)"),
            Call::Close { how: CloseHow::Rst, .. } => format!("close({fd})  /* SO_LINGER 0 */"),
            Call::Close { .. } => format!("close({fd})"),
            Call::Advance { ms } => format!("sleep {}.{:03}", ms / 1000, ms % 1000),
            Call::Sysctl { sysctl, value } => {
                format!("sysctl -w net.ipv4.{}=\"{value}\"", sysctl.name())
            }
            _ => return None,
        })
    }

    /// The call with its result, as strace prints it; what a shell does is set off as a comment.
    fn whole(&self, ret: Option<Ret>) -> Option<String> {
        let call = self.text(long)?;
        let shell = matches!(self.call, Call::Advance { .. } | Call::Sysctl { .. });
        Some(match (ret, &self.call) {
            (Some(Ret::Errno(code)), _) => {
                let errno = Errno::from_code(code.into());
                let (name, message) = errno.map_or(("", ""), |e| (e.name(), e.message()));
                format!("{call} = -1 {name} ({message})")
            }
            _ if shell => format!("# {call}"),
            (None, _) => format!("{call} = ?"),
            (Some(Ret::Ok), Call::Socket { .. }) => format!("{call} = {}", self.fd),
            (Some(Ret::Ok), _) => format!("{call} = 0"),
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
        self.by_hand().newest_first().next().map(|(name, _)| name)
    }

    /// All sockets that were opened by hand and are still open, oldest first.
    pub fn all_by_hand(&self) -> Vec<SocketName> {
        let mut names: Vec<_> = self.by_hand().newest_first().map(|(name, _)| name).collect();
        names.reverse();
        names
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
            None => Cow::Owned(self.replay_by_hand(done, LINES)),
        }
    }

    fn replay_by_hand(&self, done: u32, keep: usize) -> ByHand {
        let mut hand = ByHand::default();
        for leg in self.legs().iter().filter(|leg| leg.first < done) {
            match &self.history.acts[leg.id as usize].act {
                _ if leg.id < self.history.loaded => {}
                Act::Call(call) => hand.make(call, leg.first, keep),
                // A burst's connections stay open; a load with a hold is another program.
                Act::Load(load) if load.hold_ms.is_none() => {
                    // Lines that will be dropped anyway are not even made.
                    let seen = done - (4 * keep as u32).min(done);
                    for (number, call) in (leg.first..done).zip(load.burst_calls()) {
                        match call {
                            _ if number >= seen => hand.make(&call, number, keep),
                            Call::Socket { s } => hand.open_one(s),
                            _ => {}
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
        let printed = |line: &Line| {
            let ret = self.marked(line)?;
            Some(ProgramLine { call: line.text(short)?, ret: Some(ret) })
        };
        let before = hand.lines.iter().rev().filter_map(printed).take(LINES);
        let mut lines: Vec<ProgramLine> = before.collect();
        lines.reverse();
        let fd = hand.fd_of(&shown.call);
        let now = Line { number: self.base.done, fd, call: shown.call.clone() };
        let now = now.text(short).map(|call| ProgramLine { call, ret: self.returned(shown) });
        lines.extend(now);
        lines.split_off(lines.len().saturating_sub(LINES))
    }

    /// What strace would have printed of the reader's program up to the moment shown, a line a
    /// call; of more than `limit` the last ones.
    pub fn strace(&self, limit: usize) -> String {
        let hand = self.replay_by_hand(self.calls_seen(), limit);
        let under_way = self.at().step.map(|_| self.base.done);
        let printed = |line: &Line| {
            let returned = Some(line.number) != under_way;
            line.whole(returned.then(|| self.marked(line).unwrap_or(Ret::Ok)))
        };
        let first = hand.lines.len().saturating_sub(limit);
        hand.lines[first..].iter().filter_map(printed).map(|line| line + "\n").collect()
    }

    /// What a call returned, if it is marked on the timeline.
    fn marked(&self, line: &Line) -> Option<Ret> {
        self.marks.of(line.number).map(|mark| mark.ret)
    }

    fn returned(&self, shown: &Shown) -> Option<Ret> {
        self.at().step.is_none().then(|| ret_of(&shown.call, shown.reply))
    }
}
