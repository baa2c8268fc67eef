//! Which socket a name means.

use std::collections::VecDeque;

use crate::arena::NONE;
use crate::call::{Problem, SocketName};

/// How far apart the names of open sockets may be.
pub const NAME_SPAN_MAX: u32 = 1 << 20;

/// Open sockets by name: one entry for each name from the lowest open one to the highest.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenNames {
    first: u32,
    sockets: VecDeque<u32>,
}

impl OpenNames {
    /// Bytes that the entries take.
    pub(crate) fn bytes(&self) -> usize {
        self.sockets.len() * size_of::<u32>()
    }

    /// The socket of that name.
    pub(crate) fn get(&self, name: SocketName) -> Option<u32> {
        let place = name.0.checked_sub(self.first)?;
        self.sockets.get(place as usize).copied().filter(|socket| *socket != NONE)
    }

    /// Whether that name can be opened.
    pub(crate) fn check(&self, name: SocketName) -> Result<(), Problem> {
        if self.get(name).is_some() {
            return Err(Problem::NameInUse);
        }
        let last = u64::from(self.first) + self.sockets.len() as u64;
        let span = if self.sockets.is_empty() {
            1
        } else {
            last.max(u64::from(name.0) + 1) - u64::from(self.first.min(name.0))
        };
        let fits = span <= u64::from(NAME_SPAN_MAX) && name.0 != NONE;
        if fits { Ok(()) } else { Err(Problem::NameOutOfSpan) }
    }

    /// Opens a name that [`check`](OpenNames::check) let through.
    pub(crate) fn open(&mut self, name: SocketName, socket: u32) {
        if self.sockets.is_empty() {
            self.first = name.0;
        }
        while name.0 < self.first {
            self.first -= 1;
            self.sockets.push_front(NONE);
        }
        let place = (name.0 - self.first) as usize;
        if place >= self.sockets.len() {
            self.sockets.resize(place + 1, NONE);
        }
        self.sockets[place] = socket;
    }

    /// Closes an open name.
    pub(crate) fn close(&mut self, name: SocketName) {
        if let Some(place) = name.0.checked_sub(self.first)
            && let Some(entry) = self.sockets.get_mut(place as usize)
        {
            *entry = NONE;
        }
        while self.sockets.front() == Some(&NONE) {
            self.sockets.pop_front();
            self.first = self.first.wrapping_add(1);
        }
    }
}
