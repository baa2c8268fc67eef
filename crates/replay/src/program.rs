//! What the program sees: the calls made by hand, as strace would print them.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use error99_kernel::{Addr, Call, CloseHow, Kernel, SocketName, SocketOption, SocketView};

use crate::act::Act;
use crate::frame::{ProgramLine, Ret, SOCKETS_SHOWN, SocketRow};
use crate::machine::{Machine, ret_of};
use crate::shell::BACKLOG;
use crate::steps::Shown;
use crate::table::order;

/// Lines that the terminal shows.
const LINES: usize = 2;
/// So many calls before the call under the glass the program is kept, too.
const HANDS_BEFORE: u32 = 1_000;
/// First file descriptor of a program that has its three standard ones.
const FIRST_FD: u32 = 3;

/// A socket of the program.
#[derive(Clone, Copy, Debug)]
struct Opened {
    name: SocketName,
    /// The number of the call that opened it.
    number: u32,
    /// Its descriptor while it is open.
    fd: Option<u32>,
}

/// The program that the reader is: its sockets with their file descriptors, and the last calls
/// that it made.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByHand {
    /// Every socket that was ever opened, by name.
    sockets: Vec<Opened>,
    /// Whether they were opened in another order.
    mixed: bool,
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
    /// What it returns when it succeeds: a new descriptor, or 0.
    zero: u32,
    call: Call,
}

impl ByHand {
    /// How many sockets are open.
    pub(crate) fn open(&self) -> u32 {
        self.open
    }

    /// Linux gives the lowest descriptor that is free.
    fn open_one(&mut self, s: SocketName, number: u32) {
        let fd = self.next_fd();
        if self.free.pop().is_none() {
            self.given += 1;
        }
        let opened = Opened { name: s, number, fd: Some(fd) };
        let place = self.place(s);
        self.mixed |= place != Err(self.sockets.len());
        match place {
            Ok(at) => self.sockets[at] = opened,
            Err(at) => self.sockets.insert(at, opened),
        }
        self.open += 1;
    }

    fn close_one(&mut self, s: SocketName) {
        let Ok(at) = self.place(s) else { return };
        if let Some(fd) = self.sockets[at].fd.take() {
            self.free.push(Reverse(fd));
            self.open -= 1;
        }
    }

    /// Where a socket stands, or where it would.
    fn place(&self, s: SocketName) -> Result<usize, usize> {
        self.sockets.binary_search_by_key(&s, |opened| opened.name)
    }

    fn next_fd(&self) -> u32 {
        self.free.peek().map_or(FIRST_FD + self.given, |Reverse(fd)| *fd)
    }

    /// The open sockets with their descriptors, newest first.
    fn newest_first(&self) -> impl Iterator<Item = (SocketName, u32)> + '_ {
        let numbers = self.sockets.iter().map(|opened| u64::from(opened.number));
        let places = self.mixed.then(|| order(&numbers.collect::<Vec<_>>()));
        (0..self.sockets.len()).rev().filter_map(move |nth| {
            let opened = self.sockets[places.as_ref().map_or(nth, |places| places[nth])];
            Some((opened.name, opened.fd?))
        })
    }

    /// The descriptor that a call is made on, or that it returns.
    fn fd_of(&self, call: &Call) -> u32 {
        let open = |at: usize| self.sockets[at].fd;
        let fd = |s| self.place(s).ok().and_then(open).unwrap_or(FIRST_FD);
        match *call {
            Call::Socket { .. } => self.next_fd(),
            Call::Accept { l, .. } => fd(l),
            _ => call.socket_name().map_or(0, fd),
        }
    }

    /// The program makes call number `number`; of its lines the last `keep` are kept.
    fn make(&mut self, call: &Call, number: u32, keep: usize, failed: bool) {
        self.note(call, number, keep);
        match *call {
            _ if failed => {}
            Call::Socket { s } | Call::Accept { s, .. } => self.open_one(s, number),
            Call::Close { s, .. } => self.close_one(s),
            _ => {}
        }
    }

    fn line(&self, call: &Call, number: u32) -> Line {
        let opens = matches!(call, Call::Socket { .. } | Call::Accept { .. });
        let zero = if opens { self.next_fd() } else { 0 };
        Line { number, fd: self.fd_of(call), zero, call: call.clone() }
    }

    fn note(&mut self, call: &Call, number: u32, keep: usize) {
        self.lines.push(self.line(call, number));
        if self.lines.len() >= 2 * keep {
            self.lines.drain(..self.lines.len() - keep);
        }
    }

    /// The newest open sockets as the kernel has them, newest first.
    pub(crate) fn rows(&self, kernel: &Kernel) -> Vec<SocketRow> {
        let row = |(name, fd): (SocketName, u32)| {
            let socket = kernel.socket(name)?;
            let peer = (socket.dport != 0).then_some((socket.daddr, socket.dport));
            let SocketView { state, saddr, num, reuse, reuseport, no_port, window, .. } = socket;
            Some(SocketRow { name, fd, state, saddr, num, peer, reuse, reuseport, no_port, window })
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
        let option = |option: SocketOption, value: String| {
            let level = match option {
                SocketOption::ReuseAddr | SocketOption::ReusePort => "SOL_SOCKET",
                SocketOption::NoPort | SocketOption::Window => "SOL_IP",
            };
            format!("setsockopt({fd}, {level}, {}, [{value}], 4)", option.name())
        };
        let flag = |name, on| option(name, u8::from(on).to_string());
        Some(match self.call {
            Call::Socket { .. } => "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)".into(),
            Call::Reuse { on, .. } => flag(SocketOption::ReuseAddr, on),
            Call::ReusePort { on, .. } => flag(SocketOption::ReusePort, on),
            Call::NoPort { on, .. } => flag(SocketOption::NoPort, on),
            // One number, whose upper half is the highest port.
            Call::Window { low, high, .. } => {
                let both = u32::from(high) << 16 | u32::from(low);
                option(SocketOption::Window, format!("{both:#x}"))
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
            Call::SysctlText { sysctl, ref text } => {
                format!("sysctl -w net.ipv4.{}=\"{text}\"", sysctl.name())
            }
            _ => return None,
        })
    }

    /// The call with its result, as strace prints it; what a shell does is set off as a comment.
    fn whole(&self, ret: Option<Ret>) -> Option<String> {
        let call = self.text(long)?;
        let shell = matches!(
            self.call,
            Call::Advance { .. } | Call::Sysctl { .. } | Call::SysctlText { .. }
        );
        Some(match ret {
            None | Some(Ret::Ok) if shell => format!("# {call}"),
            None => format!("{call} = ?"),
            Some(ret) => format!("{call} {}", ret.printed(self.zero)),
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

    /// Replays the reader's program up to the call under the glass and up to the moment shown, from
    /// what is kept of it: steps inside a call ask for these two again and again, and whoever goes
    /// back call by call comes past the one before them.
    pub(crate) fn keep_hands(&mut self) {
        let moments = [self.base.done, self.calls_seen()];
        let kept = |done| self.hands.iter().any(|(at, _)| *at == done);
        if moments.into_iter().all(kept) {
            return;
        }
        let first = moments[0];
        let near = |at: &u32| (first.saturating_sub(2 * HANDS_BEFORE)..first).contains(at);
        let before = self.hands.iter().map(|(at, _)| *at).filter(near).min();
        let mut hands = Vec::new();
        for done in [before.unwrap_or(first.saturating_sub(HANDS_BEFORE)), first, moments[1]] {
            let known: &[(u32, ByHand)] = if hands.is_empty() { &self.hands } else { &hands };
            hands.push((done, self.replay_by_hand(known, done, LINES)));
        }
        self.hands = hands;
    }

    /// The reader's program after `done` calls.
    fn by_hand_after(&self, done: u32) -> Cow<'_, ByHand> {
        match self.hands.iter().find(|(at, _)| *at == done) {
            Some((_, hand)) => Cow::Borrowed(hand),
            None => Cow::Owned(self.replay_by_hand(&[], done, LINES)),
        }
    }

    /// The same with so many lines, from the last one that is known of those before it.
    fn replay_by_hand(&self, known: &[(u32, ByHand)], done: u32, keep: usize) -> ByHand {
        let before = known.iter().filter(|(at, _)| *at <= done).max_by_key(|(at, _)| *at);
        let (from, mut hand) = before.cloned().unwrap_or_default();
        // Lines that will be dropped anyway are not even made.
        let seen = done - (4 * keep as u32).min(done);
        for (at, leg) in self.legs().iter().enumerate().filter(|(_, leg)| leg.first < done) {
            // An act may end before all of its calls are made.
            let next = self.legs().get(at + 1).map_or(u32::MAX, |next| next.first);
            if leg.id < self.history.loaded || next <= from {
                continue;
            }
            let passed = from.saturating_sub(leg.first);
            let numbers = leg.first + passed..next.min(done);
            let make = |(number, call): (u32, Call)| {
                let failed = self.refused.binary_search(&number).is_ok();
                match call {
                    Call::Socket { s } if number < seen && !failed => hand.open_one(s, number),
                    Call::Connect { .. } | Call::Bind { .. } if number < seen => {}
                    _ => hand.make(&call, number, keep, failed),
                }
            };
            let passed = passed as usize;
            match &self.history.acts[leg.id as usize].act {
                Act::Call(call) => numbers.zip([call.clone()]).for_each(make),
                // Connections without a hold stay open; a load with one is another program.
                Act::Load(load) if load.hold_ms.is_none() => {
                    numbers.zip(load.calls_without_hold().skip(passed)).for_each(make);
                }
                Act::Load(_) => {}
                Act::Bind(act) => numbers.zip(act.calls().skip(passed)).for_each(make),
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
            Some(ProgramLine { call: line.text(short)?, ret: Some(ret), zero: line.zero })
        };
        let before = hand.lines.iter().rev().filter_map(printed).take(LINES);
        let mut lines: Vec<ProgramLine> = before.collect();
        lines.reverse();
        let now = hand.line(&shown.call, self.base.done);
        let (ret, zero) = (self.returned(shown), now.zero);
        lines.extend(now.text(short).map(|call| ProgramLine { call, ret, zero }));
        lines.split_off(lines.len().saturating_sub(LINES))
    }

    /// What strace would have printed of the reader's program up to the moment shown, a line a
    /// call; of more than `limit` the last ones.
    pub fn strace(&self, limit: usize) -> String {
        let hand = self.replay_by_hand(&[], self.calls_seen(), limit);
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
