//! Where walks start: the hint, the key of the port-offset hash, and what replaces that hash.
//!
//! Models the start of `__inet_hash_connect` and its last lines (`net/ipv4/inet_hashtables.c`), and
//! `inet_sk_port_offset` (`net/ipv4/inet_hashtables.c`).

use crate::addr::Tuple;
use crate::config::Config;
use crate::event::Event;
use crate::hash::port_offset_hash;
use crate::order::WalkOrder;
use crate::rules::{NotedRule, Rules, StartRule};

/// What the starts of walks depend on, besides the range.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// Shared by all destinations.
    hint: u32,
    secret: [u32; 12],
    /// Stands in for the hash.
    forced_hash: Option<u32>,
}

/// How a walk begins.
pub(crate) struct Beginning {
    hash: u32,
    hash_forced: bool,
    hint: u32,
    pub(crate) order: WalkOrder,
    home: u16,
}

impl Beginning {
    pub(crate) fn event(&self) -> Event {
        let Beginning { hash, hash_forced, hint, order, home } = *self;
        Event::WalkStarted { hash, hash_forced, hint, order, home }
    }
}

impl Start {
    pub(crate) fn new(config: &Config) -> Start {
        Start { hint: config.hint, secret: config.secret, forced_hash: None }
    }

    pub(crate) const fn hint(&self) -> u32 {
        self.hint
    }

    /// The port-offset hash of a connection, or what replaces it.
    pub(crate) fn hash(&self, rule: StartRule, tuple: &Tuple) -> u32 {
        self.forced_hash.unwrap_or_else(|| match rule {
            StartRule::SharedHintHalfMd4 => {
                port_offset_hash(tuple.laddr, tuple.faddr, tuple.fport, &self.secret)
            }
        })
    }

    /// Whether something replaces the hash.
    pub(crate) const fn hash_is_forced(&self) -> bool {
        self.forced_hash.is_some()
    }

    /// Where a walk for that connection starts, and in which order it goes on.
    pub(crate) fn begin(&self, rules: &Rules, want: &Tuple, range: (u16, u16)) -> Beginning {
        let (hash, hash_forced) = (self.hash(rules.start, want), self.hash_is_forced());
        match rules.start {
            StartRule::SharedHintHalfMd4 => Beginning {
                hash,
                hash_forced,
                hint: self.hint,
                order: rules.order.order(range, self.hint.wrapping_add(hash)),
                home: rules.order.order(range, hash).port_of(1),
            },
        }
    }

    /// A walk found its port at that step.
    pub(crate) fn note(&mut self, rule: NotedRule, step: u32) {
        match rule {
            NotedRule::Steps => self.hint = self.hint.wrapping_add(step),
        }
    }

    /// Replaces the hash, or puts it back.
    pub(crate) fn force_hash(&mut self, hash: Option<u32>) {
        self.forced_hash = hash;
    }

    /// Gives the hash another key.
    pub(crate) fn rekey(&mut self, secret: &[u32; 12]) {
        self.secret = *secret;
    }
}
