//! Maps of small things, all of one kind: the program of a page pays four kilobytes for each
//! further kind of tree, so keys and values are kept as words.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use crate::addr::Addr;

/// What a word can hold, in the order of these words.
pub(crate) trait Word: Copy {
    fn word(self) -> u64;
    fn of(word: u64) -> Self;
}

/// A map in the order of its keys.
#[derive(Clone, Debug)]
pub(crate) struct Map<K, V> {
    words: BTreeMap<u64, u64>,
    kinds: PhantomData<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map::new()
    }
}

impl<K, V> Map<K, V> {
    pub(crate) const fn new() -> Map<K, V> {
        Map { words: BTreeMap::new(), kinds: PhantomData }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

impl<K: Word, V: Word> Map<K, V> {
    pub(crate) fn get(&self, key: K) -> Option<V> {
        self.words.get(&key.word()).copied().map(V::of)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.words.insert(key.word(), value.word());
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        self.words.remove(&key.word()).map(V::of)
    }

    /// The first entry.
    pub(crate) fn first(&self) -> Option<(K, V)> {
        self.iter().next()
    }

    /// Whether there is an entry with one of these keys.
    pub(crate) fn any(&self, keys: RangeInclusive<K>) -> bool {
        let words = keys.start().word()..=keys.end().word();
        self.words.range(words).next().is_some()
    }

    /// All entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, V)> + '_ {
        self.words.iter().map(|(key, value)| (K::of(*key), V::of(*value)))
    }
}

impl Word for u16 {
    fn word(self) -> u64 {
        self.into()
    }

    fn of(word: u64) -> u16 {
        word as u16
    }
}

impl Word for u32 {
    fn word(self) -> u64 {
        self.into()
    }

    fn of(word: u64) -> u32 {
        word as u32
    }
}

impl Word for Addr {
    fn word(self) -> u64 {
        self.0.into()
    }

    fn of(word: u64) -> Addr {
        Addr(word as u32)
    }
}

/// A port and an address.
impl Word for (u16, Addr) {
    fn word(self) -> u64 {
        u64::from(self.0) << 32 | self.1.word()
    }

    fn of(word: u64) -> (u16, Addr) {
        ((word >> 32) as u16, Addr::of(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Flags;
    use crate::verdict::{Fastreuse, Fastreuseport};

    #[test]
    fn what_is_kept_as_a_word_comes_back() {
        let fastreuses = [Fastreuse::Automatic, Fastreuse::Exclusive, Fastreuse::Reusable];
        let fastreuseports = [
            Fastreuseport::Automatic,
            Fastreuseport::Exclusive,
            Fastreuseport::Any,
            Fastreuseport::Strict,
        ];
        for flags in fastreuses.into_iter().flat_map(|a| fastreuseports.map(|b| (a, b))) {
            assert_eq!(Flags::of(flags.word()), flags);
        }
        let key = (u16::MAX, Addr::BROADCAST);
        assert_eq!(<(u16, Addr)>::of(key.word()), key);
    }

    #[test]
    fn words_are_in_the_order_of_what_they_hold() {
        let keys = [(0, Addr::BROADCAST), (1, Addr::ANY), (1, Addr::BROADCAST), (2, Addr::ANY)];
        assert!(keys.is_sorted_by_key(|key| key.word()));
        let mut map = Map::new();
        map.insert(keys[0], 1_u32);
        map.insert(keys[3], 2_u32);
        assert!(!map.any(keys[1]..=keys[2]));
        map.insert(keys[1], 3_u32);
        assert!(map.any(keys[1]..=keys[2]));
        assert_eq!(map.first(), Some((keys[0], 1)));
    }
}
