//! The hints that walks start from: one for all destinations, or a table of them.
//!
//! Models `hint` and `table_perturb` of `net/ipv4/inet_hashtables.c`. Left out: the table of 256
//! from 5.12 to 5.17.

use std::sync::Arc;

use crate::later::Map;
use crate::world::xorshift;

/// Entries of the table (`INET_TABLE_PERTURB_SIZE`).
const TABLE: usize = 1 << 16;
/// With more changed entries than this a table is made anew, so that a copy stays cheap.
const CHANGED_MAX: usize = 1 << 10;

#[derive(Clone, Debug)]
pub(crate) enum Hints {
    /// One for all.
    Shared(u32),
    /// A table that copies share, and the entries that differ from it.
    Table { base: Arc<[u32]>, changed: Map<u16, u32> },
}

impl Hints {
    pub(crate) const fn shared(hint: u32) -> Hints {
        Hints::Shared(hint)
    }

    /// A table filled with the outputs of the xorshift generator behind that state.
    pub(crate) fn table(seed: u32) -> Hints {
        let outputs = std::iter::successors(Some(xorshift(seed)), |x| Some(xorshift(*x)));
        Hints::Table { base: outputs.take(TABLE).collect(), changed: Map::new() }
    }

    pub(crate) fn get(&self, index: u16) -> u32 {
        match self {
            Hints::Shared(hint) => *hint,
            Hints::Table { base, changed } => {
                changed.get(index).unwrap_or_else(|| base[usize::from(index)])
            }
        }
    }

    pub(crate) fn set(&mut self, index: u16, hint: u32) {
        match self {
            Hints::Shared(shared) => *shared = hint,
            Hints::Table { base, changed } => {
                changed.insert(index, hint);
                if changed.len() > CHANGED_MAX {
                    let mut table = base.to_vec();
                    for (index, hint) in std::mem::take(changed).iter() {
                        table[usize::from(index)] = hint;
                    }
                    *base = table.into();
                }
            }
        }
    }

    /// Bytes that a copy takes, about; the table itself is shared.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Hints::Shared(_) => 0,
            Hints::Table { changed, .. } => changed.len() * 24,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_what_is_set_beyond_the_entries_that_it_lists() {
        let mut hints = Hints::table(1);
        let first = hints.clone();
        for index in 0..5_000 {
            hints.set(index, index.into());
        }
        assert!((0..5_000).all(|index| hints.get(index) == index.into()));
        assert!((5_000..=u16::MAX).all(|index| hints.get(index) == first.get(index)));
        assert_ne!(first.get(7), 7);
        assert!(hints.bytes() < 30_000);
    }

    #[test]
    fn a_seed_of_0_leaves_every_hint_0() {
        let hints = Hints::table(0);
        assert!((0..=u16::MAX).all(|index| hints.get(index) == 0));
    }
}
