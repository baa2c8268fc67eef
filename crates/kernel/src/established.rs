//! The established table `ehash`: connections and mini-sockets by their 4-tuple.
//!
//! Models the two chains of an `inet_ehash_bucket`. Left out: locks, namespaces, devices.

use crate::addr::Tuple;
use crate::arena::{Lists, NONE};
use crate::hash::ehashfn;

/// One kind of chain, for all slots.
#[derive(Clone, Debug)]
struct Chains {
    heads: Vec<u32>,
    links: Lists,
}

impl Chains {
    fn new(size: u32) -> Chains {
        Chains { heads: vec![NONE; size as usize], links: Lists::default() }
    }

    fn bytes(&self) -> usize {
        self.heads.len() * size_of::<u32>() + self.links.bytes()
    }

    fn slot(&self, ehash: u32) -> usize {
        ehash as usize & (self.heads.len() - 1)
    }

    fn insert(&mut self, ehash: u32, id: u32) {
        let slot = self.slot(ehash);
        self.links.push_front(&mut self.heads[slot], id);
    }

    fn remove(&mut self, ehash: u32, id: u32) {
        let slot = self.slot(ehash);
        self.links.remove(&mut self.heads[slot], id);
    }

    /// The chain for a hash, newest first.
    fn chain(&self, ehash: u32) -> impl Iterator<Item = u32> + '_ {
        self.links.iter(self.heads[self.slot(ehash)])
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Established {
    /// `inet_ehash_secret` + `net_hash_mix`.
    secret: u32,
    /// `chain`: full sockets.
    live: Chains,
    /// `twchain`: mini-sockets.
    timewait: Chains,
}

impl Established {
    /// `size` is a power of two.
    pub(crate) fn new(size: u32, secret: u32) -> Established {
        Established { secret, live: Chains::new(size), timewait: Chains::new(size) }
    }

    /// The full sockets of a hash's slot, newest first.
    pub(crate) fn live(&self, ehash: u32) -> impl Iterator<Item = u32> + '_ {
        self.live.chain(ehash)
    }

    /// The mini-sockets of a hash's slot, newest first.
    pub(crate) fn timewaits(&self, ehash: u32) -> impl Iterator<Item = u32> + '_ {
        self.timewait.chain(ehash)
    }

    pub(crate) fn add_live(&mut self, ehash: u32, socket: u32) {
        self.live.insert(ehash, socket);
    }

    pub(crate) fn remove_live(&mut self, ehash: u32, socket: u32) {
        self.live.remove(ehash, socket);
    }

    pub(crate) fn add_timewait(&mut self, ehash: u32, mini: u32) {
        self.timewait.insert(ehash, mini);
    }

    pub(crate) fn remove_timewait(&mut self, ehash: u32, mini: u32) {
        self.timewait.remove(ehash, mini);
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
