//! The scripted peer of the traces, where it isn't as quick as the model has it.
//!
//! It reads SYNs from the wire only when it has something to do, and answers the first one that
//! came from the local port in question. So a socket that gave a SYN up, and sent another one from
//! the same port before the peer did anything, gets an answer that is for nobody.

use error99_kernel::{Call, Kernel, Release, SocketName, Tuple};

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
        let Some(own) = tuple(kernel, *s) else { return false };
        let first = self.unread.iter().find(|syn| syn.lport == own.lport);
        scripted && first.is_some_and(|syn| *syn != own)
    }

    /// A call has been made.
    pub(super) fn sees(&mut self, kernel: &Kernel, call: &Call) {
        match call {
            Call::Connect { s, establish: false, .. } => self.unread.extend(tuple(kernel, *s)),
            Call::Socket { .. } | Call::Disconnect { .. } | Call::Dump => {}
            _ => self.unread.clear(),
        }
    }
}

/// The connection of a socket.
fn tuple(kernel: &Kernel, s: SocketName) -> Option<Tuple> {
    kernel.socket(s).map(|socket| socket.tuple())
}
