//! Where a walk starts: the hash of its destination, and a counter.

use super::hash::{Xorshift, addr_word, md5_first_word, port_word, siphash};
use super::machine::Machine;
use super::rules::Release;

impl Machine {
    /// The hash of source and destination.
    pub fn hash_of(&self, id: usize) -> u64 {
        if let Some(forced) = self.forced_hash {
            return if self.release.has_table() { forced } else { forced & 0xffff_ffff };
        }
        let sock = self.sock(id);
        let (source, destination) = (addr_word(sock.saddr), addr_word(sock.daddr));
        let dport = port_word(sock.dport);
        match self.release {
            Release::V3_10 => {
                let secret = &self.secret16;
                let start =
                    [source as u32, destination as u32, dport as u32 ^ secret[14], secret[15]];
                md5_first_word(start, secret).into()
            }
            Release::V4_19 => {
                let words = [destination << 32 | source, 12 << 56 | dport];
                siphash(self.net_secret, &words) & 0xffff_ffff
            }
            _ => {
                let words =
                    [destination << 32 | source, self.clock.period() << 32 | dport, 16 << 56];
                siphash(self.net_secret, &words)
            }
        }
    }

    /// The counter that belongs to a hash.
    pub fn counter(&self, hash: u64) -> u32 {
        if self.release.has_table() { self.table[index_of(hash)] } else { self.hint }
    }

    /// The start of a walk, before it is cut to the range.
    pub fn start_of(&mut self, hash: u64) -> u32 {
        if !self.release.has_table() {
            self.line.put("hint0", self.hint);
            return self.hint.wrapping_add(hash as u32);
        }
        if self.table.is_empty() {
            let mut words = Xorshift(self.perturb_seed);
            self.table = (0..65_536).map(|_| words.word()).collect();
        }
        let index = index_of(hash);
        self.line.put("index", index as i64);
        self.line.put("perturb0", self.table[index]);
        self.table[index].wrapping_add((hash >> 32) as u32)
    }

    /// The counter that belongs to a hash moves on.
    pub fn move_counter(&mut self, hash: u64, by: u32) {
        let counter =
            if self.release.has_table() { &mut self.table[index_of(hash)] } else { &mut self.hint };
        *counter = counter.wrapping_add(by);
    }
}

/// The entry of the table that belongs to a hash.
fn index_of(hash: u64) -> usize {
    (hash & 0xffff) as usize
}
