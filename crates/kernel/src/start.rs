//! Where walks start: the hints, the key of the port-offset hash, and what replaces that hash.
//!
//! Models the start of `__inet_hash_connect` and its last lines (`net/ipv4/inet_hashtables.c`), and
//! `inet_sk_port_offset` (`net/ipv4/inet_hashtables.c`).

use crate::addr::{Addr, Tuple};
use crate::config::Config;
use crate::event::Event;
use crate::hash::{
    port_offset_hash, port_offset_hash_md5, port_offset_siphash, port_offset_siphash_period,
};
use crate::hints::Hints;
use crate::kernel::Kernel;
use crate::order::WalkOrder;
use crate::rules::{NotedRule, Rules, StartRule};

/// Seconds for which a destination keeps its start, since 5.18.
const PERIOD_S: u64 = 10;
/// Walks that find a port at once move their hint by chance up to so many steps less one.
const CHANCES: u32 = 8;

/// What the starts of walks depend on, besides the range.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    hints: Hints,
    keys: Keys,
    /// Stands in for the hash.
    forced_hash: Option<u64>,
}

/// The keys of the port-offset hash; a release uses one of them.
#[derive(Clone, Debug)]
struct Keys {
    half_md4: [u32; 12],
    md5: [u32; 16],
    siphash: [u64; 2],
}

/// What a walk is told about itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Going {
    /// Lowest and highest port.
    pub(crate) range: (u16, u16),
    /// The socket has that range for itself.
    pub(crate) own: bool,
    /// 10-s periods of jiffies, where the hash depends on them.
    pub(crate) period: u32,
}

impl Going {
    fn order(self, rules: &Rules, sum: u32) -> WalkOrder {
        rules.order.order(self.range, self.own, sum)
    }
}

/// How a walk begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beginning {
    hash: u64,
    hash_forced: bool,
    index: u16,
    /// What the hash adds to the hint.
    share: u32,
    pub(crate) hint: u32,
    pub(crate) order: WalkOrder,
}

impl Beginning {
    /// Where the walk would begin if its hint were 0.
    fn home(&self, rules: &Rules, going: Going) -> u16 {
        going.order(rules, self.share).port_of(1)
    }

    pub(crate) fn event(&self, rules: &Rules, going: Going) -> Event {
        let Beginning { hash, hash_forced, index, hint, order, .. } = *self;
        let home = self.home(rules, going);
        Event::WalkStarted { hash, hash_forced, index, hint, order, home }
    }
}

/// Periods of [`PERIOD_S`] in so many jiffies, cut to 32 bits.
pub(crate) const fn period(jiffies: u64, hz: u32) -> u32 {
    (jiffies / (PERIOD_S * hz as u64)) as u32
}

/// Where walks to a destination would begin now if their hint were 0, and when that place moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The place.
    pub port: u16,
    /// How long it stays there each time, in ms.
    pub stays_ms: u64,
    /// When it moves next, in ms from now.
    pub left_ms: u64,
}

impl Kernel {
    /// The home of a destination, if it moves with the clock: that of a hash which counts periods,
    /// unless something replaces the hash. (2.6.32's moves with its key, which this model changes
    /// when it is told to.)
    pub fn moving_home(&self, saddr: Addr, daddr: Addr, dport: u16) -> Option<Home> {
        if self.rules.start != StartRule::TableOfHints || self.start.hash_is_forced() {
            return None;
        }
        let want = Tuple { laddr: saddr, lport: 0, faddr: daddr, fport: dport };
        let going = Going { range: self.sysctls.range(), own: false, period: self.clock.period() };
        let port = self.start.begin(&self.rules, &want, going).home(&self.rules, going);
        let length = PERIOD_S * u64::from(self.hz());
        let next = (self.clock.jiffies() / length + 1) * length;
        let left_ms = self.clock.tick().ms(next).saturating_sub(self.now_ms());
        Some(Home { port, stays_ms: PERIOD_S * 1000, left_ms })
    }
}

impl Start {
    pub(crate) fn new(config: &Config, rule: StartRule) -> Start {
        let keys =
            Keys { half_md4: config.secret, md5: config.secret16, siphash: config.net_secret };
        let hints = match rule {
            StartRule::TableOfHints => Hints::table(config.perturb_seed),
            _ => Hints::shared(config.hint),
        };
        Start { hints, keys, forced_hash: None }
    }

    /// The hint of all destinations, or the first one of the table.
    pub(crate) fn hint(&self) -> u32 {
        self.hints.get(0)
    }

    /// The hint that a walk which began like that goes by.
    pub(crate) fn hint_of(&self, beginning: &Beginning) -> u32 {
        self.hints.get(beginning.index)
    }

    /// Bytes that the hints take in a copy.
    pub(crate) fn bytes(&self) -> usize {
        self.hints.bytes()
    }

    /// The port-offset hash of a connection, or what replaces it.
    pub(crate) fn hash(&self, rule: StartRule, tuple: &Tuple, period: u32) -> u64 {
        let (saddr, daddr, dport) = (tuple.laddr, tuple.faddr, tuple.fport);
        let Keys { half_md4, md5, siphash } = &self.keys;
        let computed = || match rule {
            StartRule::SharedHintHalfMd4 => port_offset_hash(saddr, daddr, dport, half_md4).into(),
            StartRule::SharedHintMd5 => port_offset_hash_md5(saddr, daddr, dport, md5).into(),
            StartRule::SharedHintSipHash => {
                port_offset_siphash(saddr, daddr, dport, *siphash).into()
            }
            StartRule::TableOfHints => {
                port_offset_siphash_period(saddr, daddr, dport, period, *siphash)
            }
        };
        let hash = self.forced_hash.unwrap_or_else(computed);
        let wide = rule == StartRule::TableOfHints;
        if wide { hash } else { u64::from(hash as u32) }
    }

    /// Whether something replaces the hash.
    pub(crate) const fn hash_is_forced(&self) -> bool {
        self.forced_hash.is_some()
    }

    /// Where a walk for that connection starts, and in which order it goes on.
    pub(crate) fn begin(&self, rules: &Rules, want: &Tuple, going: Going) -> Beginning {
        let hash = self.hash(rules.start, want, going.period);
        let (index, share) = match rules.start {
            StartRule::TableOfHints => (hash as u16, (hash >> 32) as u32),
            _ => (0, hash as u32),
        };
        let hint = self.hints.get(index);
        let order = going.order(rules, hint.wrapping_add(share));
        Beginning { hash, hash_forced: self.hash_is_forced(), index, share, hint, order }
    }

    /// Draws for a walk that found its port, if it draws; the draw is below what it's given.
    pub(crate) fn draw(rule: NotedRule, below: impl FnOnce(u32) -> u32) -> Option<u32> {
        match rule {
            NotedRule::Steps | NotedRule::EvenSteps | NotedRule::PassAndStep => None,
            NotedRule::ChanceAndStep => Some(below(CHANCES)),
        }
    }

    /// A walk that began like that found its port at that step, and drew that.
    pub(crate) fn note(
        &mut self,
        rule: NotedRule,
        beginning: &Beginning,
        step: u32,
        drawn: Option<u32>,
    ) {
        let added = beginning.order.added(rule, step, drawn);
        self.hints.set(beginning.index, beginning.hint.wrapping_add(added));
    }

    /// Replaces the hash, or puts it back.
    pub(crate) fn force_hash(&mut self, hash: Option<u64>) {
        self.forced_hash = hash;
    }

    /// Gives the hash of 2.6.32 another key; the others keep theirs as long as the machine is up.
    pub(crate) fn rekey(&mut self, secret: &[u32; 12]) {
        self.keys.half_md4 = *secret;
    }
}

impl WalkOrder {
    /// What a walk that found its port at a step adds to its hint.
    fn added(&self, rule: NotedRule, step: u32, drawn: Option<u32>) -> u32 {
        let (distance, stride) = (self.distance(step), u32::from(self.stride()));
        match rule {
            NotedRule::Steps => distance,
            NotedRule::EvenSteps => (distance + 2) & !1,
            NotedRule::PassAndStep | NotedRule::ChanceAndStep => {
                distance.max(drawn.unwrap_or(0) * stride) + stride
            }
        }
    }
}
