//! What only later releases keep. Where none of them is here, these maps hold nothing, and the
//! compiler leaves out what would be done with them.

#[cfg(feature = "later")]
pub(crate) use crate::map::Map;
#[cfg(not(feature = "later"))]
pub(crate) use nothing::NoMap as Map;

#[cfg(not(feature = "later"))]
mod nothing {
    use std::iter::{Empty, empty};
    use std::marker::PhantomData;
    use std::ops::RangeInclusive;

    /// A map that stays empty.
    #[derive(Clone, Debug)]
    pub(crate) struct NoMap<K, V>(PhantomData<(K, V)>);

    impl<K, V> Default for NoMap<K, V> {
        fn default() -> NoMap<K, V> {
            NoMap::new()
        }
    }

    impl<K, V> NoMap<K, V> {
        pub(crate) const fn new() -> NoMap<K, V> {
            NoMap(PhantomData)
        }

        pub(crate) fn len(&self) -> usize {
            0
        }

        pub(crate) fn get(&self, _: K) -> Option<V> {
            None
        }

        pub(crate) fn insert(&mut self, _: K, _: V) {}

        pub(crate) fn remove(&mut self, _: K) -> Option<V> {
            None
        }

        pub(crate) fn any(&self, _: RangeInclusive<K>) -> bool {
            false
        }

        pub(crate) fn iter(&self) -> Empty<(K, V)> {
            empty()
        }
    }
}
