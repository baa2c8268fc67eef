//! What the reader tried and failed with: not the call alone, but the socket with everything that
//! was done to it before, so that it can be tried again from the start.

use error99_kernel::{Addr, Call, Errno, SocketName};

use crate::act::Act;
use crate::fix::Change;
use crate::frame::Ret;
use crate::machine::Machine;

/// A socket's whole life up to the call that failed.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// Its options and its bind, in their order, as far as they took effect.
    prepared: Vec<Call>,
    /// What failed: a connect with error 99, or a bind with error 98.
    failed: Call,
    /// Where it goes; for a bind, where the client would go next.
    towards: (Addr, u16),
}

impl Machine {
    /// The whole act that failed with the call under the glass; `None` if that didn't fail for
    /// want of a port.
    pub(crate) fn attempt(&self) -> Option<Attempt> {
        let shown = self.shown.as_ref()?;
        let failed = shown.call.clone();
        let towards = match (&failed, shown.reply.errno()?) {
            (&Call::Connect { dst, dport, .. }, Errno::EADDRNOTAVAIL) => (dst, dport),
            (Call::Bind { .. }, Errno::EADDRINUSE) => self.lens(),
            _ => return None,
        };
        Some(Attempt { prepared: self.prepared(failed.socket_name()?), failed, towards })
    }

    /// What was done to `s` since it was opened and before the call under the glass.
    fn prepared(&self, s: SocketName) -> Vec<Call> {
        let mut calls = Vec::new();
        for leg in self.legs().iter().rev().filter(|leg| leg.first < self.base.done) {
            match &self.history.acts[leg.id as usize].act {
                Act::Call(
                    Call::Socket { s: opened }
                    | Call::Accept { s: opened, .. }
                    | Call::AcceptWaiting { s: opened, .. },
                ) if *opened == s => {
                    break;
                }
                Act::Call(
                    call @ (Call::Reuse { s: on, .. }
                    | Call::ReusePort { s: on, .. }
                    | Call::NoPort { s: on, .. }
                    | Call::Window { s: on, .. }),
                ) if *on == s => calls.push(call.clone()),
                Act::Call(call @ Call::Bind { s: bound, .. })
                    if *bound == s && self.took_effect(leg.first) =>
                {
                    calls.push(call.clone());
                }
                Act::Bind(act) if act.names(s) => {
                    let bound = self.base.kernel.socket(s).is_some_and(|socket| socket.num != 0);
                    calls.extend(act.bind_of(s).filter(|_| bound));
                    break;
                }
                Act::Load(load) if load.names(s) => break,
                _ => {}
            }
        }
        calls.reverse();
        calls
    }

    /// Whether a call that was made by itself succeeded.
    fn took_effect(&self, call: u32) -> bool {
        self.marks.of(call).is_some_and(|mark| mark.ret == Ret::Ok)
    }
}

impl Attempt {
    /// Where the socket is bound, or was to be.
    pub(crate) fn bind(&self) -> Option<(Addr, u16)> {
        self.prepared.iter().chain([&self.failed]).find_map(|call| match *call {
            Call::Bind { addr, port, .. } => Some((addr, port)),
            _ => None,
        })
    }

    /// Whether the socket has `SO_REUSEADDR` when it is bound.
    pub(crate) fn shares(&self) -> bool {
        let before = self.prepared.iter().take_while(|call| !matches!(call, Call::Bind { .. }));
        before.fold(false, |shares, call| match *call {
            Call::Reuse { on, .. } => on,
            _ => shares,
        })
    }

    /// Whether it was the connect that failed.
    pub(crate) fn connects(&self) -> bool {
        matches!(self.failed, Call::Connect { .. })
    }

    /// Where it goes.
    pub(crate) fn towards(&self) -> (Addr, u16) {
        self.towards
    }

    /// The whole of it again, as `change` has it, on the new socket `s`.
    pub(crate) fn again(&self, change: Change, s: SocketName) -> Vec<Call> {
        let mut calls = vec![Call::Socket { s }];
        let bound = self.bind().is_some();
        for call in self.prepared.iter().chain([&self.failed]) {
            match (call, change) {
                (Call::Bind { .. }, Change::NoBind) => {}
                (&Call::Bind { addr, .. }, Change::BindAny { .. }) => {
                    calls.push(Call::Bind { s, addr, port: 0 });
                }
                (&Call::Bind { port, .. }, Change::OtherSource { addr }) => {
                    calls.push(Call::Bind { s, addr, port });
                }
                (Call::Bind { .. }, Change::ReuseAddr) => {
                    calls.extend([Call::Reuse { s, on: true }, call.on(s)]);
                }
                (Call::Bind { .. }, Change::NoPort { .. }) => calls.extend(change.prepares(s)),
                (Call::Connect { .. }, _) if !bound => {
                    calls.extend(change.prepares(s));
                    calls.push(call.on(s));
                }
                _ => calls.push(call.on(s)),
            }
        }
        if !self.connects() && matches!(change, Change::NoBind | Change::NoPort { .. }) {
            calls.push(Call::connect(s, self.towards.0, self.towards.1));
        }
        if let Some(Call::Connect { dst, dport, .. }) = calls.last_mut() {
            match change {
                Change::OtherAddress { dst: other } => *dst = other,
                Change::OtherPort { dport: other } => *dport = other,
                _ => {}
            }
        }
        calls
    }
}
