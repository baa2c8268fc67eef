//! The peer cache: the last timestamp of each peer, for `tcp_tw_recycle`.
//!
//! Models what `tcp_v4_remember_stamp`, `tcp_v4_tw_remember_stamp` and `tcp_v4_connect` (all
//! `net/ipv4/tcp_ipv4.c`) do with `inetpeer.c`. Left out: that unused entries are dropped.

use crate::addr::Addr;
use crate::map::{Map, Word};

/// `TCP_PAWS_MSL`: how long a timestamp counts, in seconds.
const PAWS_MSL_S: u64 = 60;

/// A timestamp and the second at which it was current.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PeerStamp {
    /// Milliseconds, modulo 2^32.
    pub(crate) ts: u32,
    pub(crate) stamp: u32,
}

impl Word for PeerStamp {
    fn of(word: u64) -> PeerStamp {
        PeerStamp { ts: word as u32, stamp: (word >> 32) as u32 }
    }

    fn word(self) -> u64 {
        u64::from(self.ts) | u64::from(self.stamp) << 32
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Peers(Map<Addr, PeerStamp>);

impl Peers {
    /// Offers a timestamp; tells whether the entry was written. An older timestamp is kept out
    /// unless the entry itself is old.
    pub(crate) fn remember(&mut self, peer: Addr, new: PeerStamp, now_s: u32) -> bool {
        let entry = self.0.get(peer).unwrap_or_default();
        let not_older = entry.ts.wrapping_sub(new.ts) as i32 <= 0;
        let entry_is_old = u64::from(entry.stamp) + PAWS_MSL_S < u64::from(now_s);
        let written = not_older || (entry_is_old && entry.stamp <= new.stamp);
        if written {
            self.0.insert(peer, new);
        }
        written
    }

    /// The timestamp that a new connection may start from.
    pub(crate) fn lend(&self, peer: Addr, now_s: u32) -> Option<PeerStamp> {
        let fresh = |entry: &PeerStamp| u64::from(entry.stamp) + PAWS_MSL_S >= u64::from(now_s);
        self.0.get(peer).filter(fresh)
    }
}
