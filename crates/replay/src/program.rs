//! What the program sees: the calls made by hand, as strace would print them.

use error99_kernel::{Call, CloseHow, Kernel, SocketName, SocketView};

use crate::act::Act;
use crate::frame::{ProgramLine, Ret, SOCKETS_SHOWN, SocketRow};
use crate::machine::{Machine, Shown, ret_of};

/// Lines that the terminal shows.
const LINES: usize = 2;
/// First file descriptor of a program that has its three standard ones.
const FIRST_FD: u32 = 3;

/// The program that the reader is: its sockets and their file descriptors.
#[derive(Default)]
pub(crate) struct ByHand {
    /// Open sockets; the place in the list is the descriptor less [`FIRST_FD`].
    fds: Vec<Option<SocketName>>,
}

impl ByHand {
    /// How many sockets are open.
    pub(crate) fn open(&self) -> u32 {
        self.fds.iter().flatten().count() as u32
    }

    /// Descriptor of `s`, if it's open here.
    fn fd(&self, s: SocketName) -> Option<u32> {
        let at = self.fds.iter().position(|open| *open == Some(s))?;
        Some(FIRST_FD + at as u32)
    }

    /// Linux gives the lowest descriptor that is free.
    fn open_one(&mut self, s: SocketName) {
        match self.fds.iter_mut().find(|fd| fd.is_none()) {
            Some(free) => *free = Some(s),
            None => self.fds.push(Some(s)),
        }
    }

    fn apply(&mut self, call: &Call) {
        match *call {
            Call::Socket { s } | Call::Accept { s, .. } => self.open_one(s),
            Call::Close { s, .. } => {
                if let Some(fd) = self.fds.iter_mut().find(|fd| **fd == Some(s)) {
                    *fd = None;
                }
            }
            _ => {}
        }
    }

    /// The newest open sockets as the kernel has them, newest first.
    pub(crate) fn rows(&self, kernel: &Kernel) -> Vec<SocketRow> {
        let mut open: Vec<(SocketName, u32)> =
            self.fds.iter().zip(FIRST_FD..).filter_map(|(name, fd)| Some(((*name)?, fd))).collect();
        open.sort_unstable_by(|a, b| b.cmp(a));
        let row = |(name, fd): (SocketName, u32)| {
            let socket = kernel.socket(name)?;
            let peer = (socket.dport != 0).then_some((socket.daddr, socket.dport));
            let SocketView { state, saddr, num, reuse, .. } = socket;
            Some(SocketRow { name, fd, state, saddr, num, peer, reuse })
        };
        open.into_iter().take(SOCKETS_SHOWN).filter_map(row).collect()
    }

    /// Newest open socket.
    pub(crate) fn newest(&self) -> Option<SocketName> {
        self.fds.iter().flatten().max().copied()
    }

    /// All open sockets, oldest first.
    pub(crate) fn sockets(&self) -> Vec<SocketName> {
        let mut sockets: Vec<SocketName> = self.fds.iter().flatten().copied().collect();
        sockets.sort_unstable();
        sockets
    }
}

impl Machine {
    /// The reader's program at the moment shown.
    pub(crate) fn by_hand(&self) -> ByHand {
        self.by_hand_after(self.calls_seen(), |_, _| ())
    }

    /// The newest socket that was opened by hand and is still open.
    pub fn newest_by_hand(&self) -> Option<SocketName> {
        self.by_hand().newest()
    }

    /// All sockets that were opened by hand and are still open, oldest first.
    pub fn all_by_hand(&self) -> Vec<SocketName> {
        self.by_hand().sockets()
    }

    /// Replays the reader's own calls up to call `done`; `heard` gets each before it is applied.
    fn by_hand_after(&self, done: u32, mut heard: impl FnMut(&ByHand, &Call)) -> ByHand {
        let mut hand = ByHand::default();
        for leg in self.legs().iter().filter(|leg| leg.first < done) {
            match &self.history.acts[leg.id as usize].act {
                _ if leg.id < self.history.loaded => {}
                Act::Call(call) => {
                    heard(&hand, call);
                    hand.apply(call);
                }
                // A burst's connections stay open; a load with a hold is another program.
                Act::Load(load) if load.hold_ms.is_none() => {
                    let begun = (done - leg.first).div_ceil(2).min(load.connections);
                    (0..begun).for_each(|n| hand.open_one(SocketName(load.first_socket + n)));
                }
                Act::Load(_) | Act::Bind(_) => {}
            }
        }
        hand
    }

    /// The last lines of the terminal, the call under the glass included.
    pub(crate) fn program(&self) -> Vec<ProgramLine> {
        let Some(shown) = &self.shown else { return Vec::new() };
        let mut lines = self.lines_before();
        let fds = self.by_hand_after(self.base.done, |_, _| ());
        if let Some(call) = strace(&shown.call, &fds) {
            lines.push(ProgramLine { call, ret: self.returned(shown) });
        }
        lines.split_off(lines.len().saturating_sub(LINES))
    }

    fn returned(&self, shown: &Shown) -> Option<Ret> {
        self.at().step.is_none().then(|| ret_of(&shown.call, shown.reply))
    }

    /// The reader's own calls before the one under the glass.
    fn lines_before(&self) -> Vec<ProgramLine> {
        let here = self.base.done;
        let mut fds = ByHand::default();
        let mut lines = Vec::new();
        let mut line = |fds: &ByHand, call: &Call, number: u32| {
            let mark = self.marks.binary_search_by_key(&number, |mark| mark.call);
            if let (Some(call), Ok(at)) = (strace(call, fds), mark) {
                lines.push(ProgramLine { call, ret: Some(self.marks[at].ret) });
            }
        };
        for leg in self.legs().iter().filter(|leg| leg.first < here) {
            match &self.history.acts[leg.id as usize].act {
                _ if leg.id < self.history.loaded => {}
                Act::Call(call) => {
                    line(&fds, call, leg.first);
                    fds.apply(call);
                }
                Act::Load(load) if load.hold_ms.is_none() => {
                    let begun = (here - leg.first).div_ceil(2).min(load.connections);
                    for n in 0..begun {
                        let s = SocketName(load.first_socket + n);
                        fds.open_one(s);
                        let number = leg.first + 2 * n + 1;
                        if n + LINES as u32 >= begun && number < here {
                            line(&fds, &Call::connect(s, load.dst, load.dport), number);
                        }
                    }
                }
                Act::Load(_) | Act::Bind(_) => {}
            }
        }
        lines
    }
}

/// A call as strace prints it, its result apart; `None` for what no program calls.
fn strace(call: &Call, fds: &ByHand) -> Option<String> {
    let fd = |s: SocketName| fds.fd(s).unwrap_or(FIRST_FD);
    Some(match *call {
        Call::Socket { .. } => "socket(AF_INET, SOCK_STREAM)".into(),
        Call::Reuse { s, on } => format!("setsockopt({}, SO_REUSEADDR, {})", fd(s), u8::from(on)),
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
