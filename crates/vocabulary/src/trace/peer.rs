//! The scripted peer of the traces, where it isn't as quick as the model has it.
//!
//! It reads SYNs from the wire only when it has something to do, and answers the first one that
//! came from the local port in question. A connect that fails sends none. So a socket that gave a SYN up, and sent another one from
//! the same port before the peer did anything, gets an answer that is for nobody.

use error99_kernel::{Call, Kernel, Release, SocketName, SocketState, Tuple};

#[derive(Default)]
pub(super) struct Peer {
    /// SYNs that it hasn't read, in order.
    unread: Vec<Tuple>,
}

impl Peer {
    /// Whether a SYN-ACK that this call asks for goes to nobody.
    pub(super) fn misses(&self, kernel: &Kernel, call: &Call) -> bool {
        // The peer of 2.6.32's traces is no script.
        let scripted = kernel.release() != Release::V2_6_32;
        let Call::Est { s, .. } = call else { return false };
        let Some(own) = syn(kernel, *s) else { return false };
        let first = self.unread.iter().find(|syn| syn.lport == own.lport);
        scripted && first.is_some_and(|syn| *syn != own)
    }

    /// A call has been made.
    pub(super) fn sees(&mut self, kernel: &Kernel, call: &Call) {
        match call {
            Call::Connect { s, establish: false, .. } => self.unread.extend(syn(kernel, *s)),
            Call::Socket { .. } | Call::Disconnect { .. } | Call::Dump => {}
            _ => self.unread.clear(),
        }
    }
}

/// The SYN of a socket that has one out.
fn syn(kernel: &Kernel, s: SocketName) -> Option<Tuple> {
    let socket = kernel.socket(s).filter(|socket| socket.state == SocketState::SynSent);
    socket.map(|socket| socket.tuple())
}
