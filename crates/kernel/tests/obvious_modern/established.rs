//! The established check: may a connection have this tuple?

use error99_vocabulary::Json;

use super::holders::{Owner, Tuple};
use super::json::Line;
use super::machine::{Machine, is_loopback};

/// What the check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Nobody has the tuple.
    Free,
    /// A live socket has it.
    Live,
    /// A mini-socket has it and keeps it.
    Kept,
    /// A mini-socket has it and gives way.
    GivesWay(usize),
}

impl Machine {
    /// The live socket of a tuple.
    pub fn live(&self, tuple: Tuple) -> Option<usize> {
        self.owners_of(tuple.lport).iter().find_map(|owner| match owner {
            Owner::Sock(id) => {
                let sock = self.sock(*id);
                (sock.hashed && sock.tuple() == tuple).then_some(*id)
            }
            _ => None,
        })
    }

    /// The mini-socket of a tuple.
    pub fn mini(&self, tuple: Tuple) -> Option<usize> {
        self.owners_of(tuple.lport).iter().find_map(|owner| match owner {
            Owner::Mini(id) if self.minis[*id].tuple == tuple => Some(*id),
            _ => None,
        })
    }

    fn owners_of(&self, port: u16) -> &[Owner] {
        self.buckets.get(port.into()).map(|bucket| &bucket.owners[..]).unwrap_or_default()
    }

    /// The check for a tuple (`__inet_check_established`); `automatic` if the kernel chose its
    /// port.
    pub fn check_established(&mut self, tuple: Tuple, automatic: bool) -> Checked {
        if let Some(mini) = self.mini(tuple) {
            self.note_seen(mini);
            return if self.gives_way(mini, automatic) {
                Checked::GivesWay(mini)
            } else {
                Checked::Kept
            };
        }
        if self.live(tuple).is_some() { Checked::Live } else { Checked::Free }
    }

    /// Whether a mini-socket lets its tuple go (`tcp_twsk_unique`).
    fn gives_way(&self, mini: usize, automatic: bool) -> bool {
        let mini = &self.minis[mini];
        if mini.stamp == 0 {
            return false;
        }
        if !automatic {
            return true;
        }
        let allowed = match self.knobs.tw_reuse {
            0 => false,
            2 if self.release.walks_by_parity() => {
                is_loopback(mini.tuple.laddr) || is_loopback(mini.tuple.faddr)
            }
            _ => true,
        };
        let of_state = mini.substate == 6 || self.release.reuses_finwait2();
        allowed && of_state && self.is_old(mini.stamp, mini.entry_ms)
    }

    fn is_old(&self, stamp: i64, entry_ms: i64) -> bool {
        let now = self.stamp_second();
        if self.release.reuses_after_delay() {
            self.clock.mono_ms() > entry_ms + self.knobs.tw_reuse_delay
        } else if self.release.stamps_by_wall_clock() {
            (now as u64).wrapping_sub(stamp as u64) > 1
        } else {
            now > stamp
        }
    }

    fn note_seen(&mut self, mini: usize) {
        if self.summary {
            return;
        }
        let mini = &self.minis[mini];
        let mut seen = Line::default();
        seen.put("stamp", mini.stamp);
        seen.put("now", self.stamp_second());
        seen.put("substate", mini.substate);
        if self.release.reuses_after_delay() {
            seen.put("entry_ms", mini.entry_ms);
            seen.put("now_ms", self.clock.mono_ms());
        }
        let seen: Json = seen.done();
        self.log.tw_seen.push(seen);
    }
}
