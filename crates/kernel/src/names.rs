//! Which socket a name means.

use std::collections::VecDeque;

use crate::arena::NONE;
use crate::call::{Problem, SocketName};
use crate::map::Map;

/// How far apart names may lie that are found at once; those further away are searched for.
const WINDOW_MAX: u64 = 1 << 20;

/// Bytes that a name apart from the others takes, about.
const APART_BYTES: usize = 24;

/// Open sockets by name.
///
/// Whoever counts up from some number has a window: one entry for each name from the lowest open
/// one to the highest. A socket that stays open while a million others come and go doesn't hold
/// the window back: names beyond it are kept apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenNames {
    first: u32,
    window: VecDeque<u32>,
    apart: Map<u32, u32>,
}

impl OpenNames {
    /// Bytes that the entries take.
    pub(crate) fn bytes(&self) -> usize {
        self.window.len() * size_of::<u32>() + self.apart.len() * APART_BYTES
    }

    /// The socket of that name.
    pub(crate) fn get(&self, name: SocketName) -> Option<u32> {
        let place = name.0.checked_sub(self.first);
        let near = place.and_then(|place| self.window.get(place as usize)).copied();
        near.filter(|socket| *socket != NONE).or_else(|| self.apart.get(name.0))
    }

    /// Whether that name can be opened.
    pub(crate) fn check(&self, name: SocketName) -> Result<(), Problem> {
        match name.0 {
            NONE => Err(Problem::ReservedName),
            _ if self.get(name).is_some() => Err(Problem::NameInUse),
            _ => Ok(()),
        }
    }

    /// Opens a name that [`check`](OpenNames::check) let through.
    pub(crate) fn open(&mut self, name: SocketName, socket: u32) {
        if self.window.is_empty() {
            self.first = name.0;
        }
        let open = self.window.len() as u64;
        let last = u64::from(self.first) + open;
        if u64::from(name.0) == last && open < WINDOW_MAX {
            // Whoever counts up.
            self.window.push_back(socket);
            return;
        }
        let span = last.max(u64::from(name.0) + 1) - u64::from(self.first.min(name.0));
        if span > WINDOW_MAX {
            self.apart.insert(name.0, socket);
            return;
        }
        while name.0 < self.first {
            self.first -= 1;
            self.window.push_front(NONE);
        }
        let place = (name.0 - self.first) as usize;
        if place >= self.window.len() {
            self.window.resize(place + 1, NONE);
        }
        self.window[place] = socket;
    }

    /// Closes an open name.
    pub(crate) fn close(&mut self, name: SocketName) {
        let place = name.0.checked_sub(self.first);
        match place.and_then(|place| self.window.get_mut(place as usize)) {
            Some(entry) if *entry != NONE => *entry = NONE,
            _ => {
                self.apart.remove(name.0);
            }
        }
        while self.window.front() == Some(&NONE) {
            self.window.pop_front();
            self.first = self.first.wrapping_add(1);
        }
    }
}
