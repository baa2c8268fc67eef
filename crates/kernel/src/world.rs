//! What the port choice meets from outside: memory, privileges, the way to the peer, and chance.

use crate::config::Config;
use crate::errno::Errno;

#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Retransmission timeout of every connection.
    rto_ms: u32,
    /// State of the stand-in for `net_random`.
    random: u32,
    may_bind_privileged: bool,
    /// Which of the following bind buckets gets no memory; 0 for none.
    bucket_failure_in: u32,
    /// Which of the following (port, address) buckets gets no memory; 0 for none.
    address_failure_in: u32,
    /// What sending a SYN fails with.
    syn_failure: Option<Errno>,
    /// Which of the following SYNs gets no memory; 0 for none.
    syn_failure_in: u32,
}

/// The next state and output of the xorshift generator that stands for chance.
pub(crate) const fn xorshift(mut x: u32) -> u32 {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    x
}

impl World {
    pub(crate) fn new(config: &Config) -> World {
        World {
            rto_ms: config.rto_ms,
            random: config.seed,
            may_bind_privileged: true,
            bucket_failure_in: 0,
            address_failure_in: 0,
            syn_failure: None,
            syn_failure_in: 0,
        }
    }

    pub(crate) const fn rto_ms(&self) -> u32 {
        self.rto_ms
    }

    /// A draw of `net_random`: here an xorshift generator with a given seed.
    pub(crate) fn draw(&mut self) -> u32 {
        self.random = xorshift(self.random);
        self.random
    }

    /// A draw below `n`, as later releases make it.
    pub(crate) fn draw_below(&mut self, n: u32) -> u32 {
        ((u64::from(self.draw()) * u64::from(n)) >> 32) as u32
    }

    /// CAP_NET_BIND_SERVICE.
    pub(crate) const fn may_bind_privileged(&self) -> bool {
        self.may_bind_privileged
    }

    pub(crate) fn set_privilege(&mut self, may: bool) {
        self.may_bind_privileged = may;
    }

    /// Lets one of the following bind buckets get no memory: which one, from 1; 0 for none.
    pub(crate) fn fail_bucket(&mut self, which: u32) {
        self.bucket_failure_in = which;
    }

    /// Whether the next bind bucket gets no memory.
    pub(crate) const fn next_bucket_fails(&self) -> bool {
        self.bucket_failure_in == 1
    }

    /// Whether the bind bucket that is to be made now gets no memory; counts down to it.
    pub(crate) fn bucket_fails(&mut self) -> bool {
        let fails = self.next_bucket_fails();
        self.bucket_failure_in = self.bucket_failure_in.saturating_sub(1);
        fails
    }

    /// Lets one of the following (port, address) buckets get no memory: which one, from 1; 0 for
    /// none.
    pub(crate) fn fail_address(&mut self, which: u32) {
        self.address_failure_in = which;
    }

    /// Whether (port, address) buckets are counted now.
    pub(crate) const fn counts_addresses(&self) -> bool {
        self.address_failure_in > 0
    }

    /// Whether the (port, address) bucket that is to be made now gets no memory; counts down.
    pub(crate) fn address_fails(&mut self) -> bool {
        let fails = self.address_failure_in == 1;
        self.address_failure_in = self.address_failure_in.saturating_sub(1);
        fails
    }

    /// Lets one of the following SYNs get no memory: which one, from 1; 0 for none.
    pub(crate) fn fail_one_syn(&mut self, which: u32) {
        self.syn_failure_in = which;
    }

    /// Lets every following SYN fail, or none.
    pub(crate) fn fail_syn(&mut self, errno: Option<Errno>) {
        self.syn_failure = errno;
    }

    /// What sending the SYN that is to be sent now fails with; counts down.
    pub(crate) fn syn_fails(&mut self) -> Option<Errno> {
        let no_memory = self.syn_failure_in == 1;
        self.syn_failure_in = self.syn_failure_in.saturating_sub(1);
        if no_memory { Some(Errno::ENOBUFS) } else { self.syn_failure }
    }
}
