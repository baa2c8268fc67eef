//! What only later releases keep. Where none of them is here, these maps hold nothing, and the
//! compiler leaves out what would be done with them.

#[cfg(not(feature = "later"))]
pub(crate) use nothing::Map;
#[cfg(feature = "later")]
pub(crate) use std::collections::BTreeMap as Map;

#[cfg(not(feature = "later"))]
mod nothing {
    use std::iter::{Empty, empty};
    use std::marker::PhantomData;

    /// A map that stays empty.
    #[derive(Clone, Debug)]
    pub(crate) struct Map<K, V>(PhantomData<(K, V)>);

    impl<K, V> Default for Map<K, V> {
        fn default() -> Map<K, V> {
            Map::new()
        }
    }

    impl<K, V> IntoIterator for Map<K, V> {
        type Item = (K, V);
        type IntoIter = Empty<(K, V)>;

        fn into_iter(self) -> Empty<(K, V)> {
            empty()
        }
    }

    impl<K, V> Map<K, V> {
        pub(crate) const fn new() -> Map<K, V> {
            Map(PhantomData)
        }

        pub(crate) fn len(&self) -> usize {
            0
        }

        pub(crate) fn get(&self, _: &K) -> Option<&V> {
            None
        }

        pub(crate) fn contains_key(&self, _: &K) -> bool {
            false
        }

        pub(crate) fn insert(&mut self, _: K, _: V) {}

        pub(crate) fn remove(&mut self, _: &K) -> Option<V> {
            None
        }

        pub(crate) fn range<R>(&self, _: R) -> Empty<(&K, &V)> {
            empty()
        }
    }
}
