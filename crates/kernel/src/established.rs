//! The established table `ehash`: connections and mini-sockets by their 4-tuple.
//!
//! Models the two chains of an `inet_ehash_bucket`. Left out: locks, namespaces, devices.

use crate::addr::Tuple;
use crate::arena::{Links, NONE};
use crate::hash::ehashfn;

/// One kind of chain, for all slots.
#[derive(Clone, Debug)]
pub(crate) struct Chains {
    heads: Vec<u32>,
    links: Links,
}

impl Chains {
    fn new(size: u32) -> Chains {
        Chains { heads: vec![NONE; size as usize], links: Links::default() }
    }

    fn bytes(&self) -> usize {
        self.heads.len() * size_of::<u32>() + self.links.bytes()
    }

    fn slot(&self, ehash: u32) -> usize {
        ehash as usize & (self.heads.len() - 1)
    }

    pub(crate) fn insert(&mut self, ehash: u32, id: u32) {
        let slot = self.slot(ehash);
        self.links.push_front(&mut self.heads[slot], id);
    }

    pub(crate) fn remove(&mut self, ehash: u32, id: u32) {
        let slot = self.slot(ehash);
        self.links.remove(&mut self.heads[slot], id);
    }

    /// The chain for a hash, newest first.
    pub(crate) fn chain(&self, ehash: u32) -> impl Iterator<Item = u32> + '_ {
        self.links.iter(self.heads[self.slot(ehash)])
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Established {
    /// `inet_ehash_secret` + `net_hash_mix`.
    secret: u32,
    /// `chain`: full sockets.
    pub(crate) live: Chains,
    /// `twchain`: mini-sockets.
    pub(crate) timewait: Chains,
}

impl Established {
    /// `size` is a power of two.
    pub(crate) fn new(size: u32, secret: u32) -> Established {
        Established { secret, live: Chains::new(size), timewait: Chains::new(size) }
    }

    pub(crate) fn size(&self) -> u32 {
        self.live.heads.len() as u32
    }

    /// Bytes that the chains take.
    pub(crate) fn bytes(&self) -> usize {
        self.live.bytes() + self.timewait.bytes()
    }

    pub(crate) fn hash(&self, tuple: &Tuple) -> u32 {
        ehashfn(tuple, self.secret)
    }

    pub(crate) fn slot(&self, ehash: u32) -> u32 {
        self.live.slot(ehash) as u32
    }
}
