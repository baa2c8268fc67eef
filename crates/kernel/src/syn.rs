//! A SYN that isn't answered at once, and the retransmission timeout that comes of the answer.
//!
//! Models `tcp_connect` (`net/ipv4/tcp_output.c`) as far as it can fail, `tcp_retransmit_timer` and
//! `tcp_write_timeout` for a SYN (`net/ipv4/tcp_timer.c`), and `tcp_rtt_estimator`
//! (`net/ipv4/tcp_input.c`) for the two round trips that a silent connection has: its handshake and
//! its FIN. Left out in 2.6.32, where every connection has the machine's timeout and a SYN waits
//! for ever.

use crate::errno::Errno;
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::rules::{ProgramRule, SynRule};
use crate::socket::SocketState;

/// `TCP_RTO_MIN` is a fifth of a second.
const RTO_MIN_PER_S: i64 = 5;
/// `TCP_RTO_MAX` in seconds.
const RTO_MAX_S: u32 = 120;
/// `TCP_TIMEOUT_FALLBACK` in seconds: after a handshake that couldn't be measured.
const FALLBACK_S: u32 = 3;
/// µs in a second.
const US: i64 = 1_000_000;
/// Doublings of the first timeout, 1 s, below `RTO_MAX_S`.
const DOUBLINGS: u32 = RTO_MAX_S.ilog2();

/// The retransmission timeout, and what it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syn {
    rto: u32,
    trip: Trip,
}

/// What is known of the way to the peer and back. Times are ms since the start, modulo 2^32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trip {
    Unknown,
    /// A SYN is out.
    Out {
        first_ms: u32,
        last_ms: u32,
        repeats: u8,
    },
    /// It took that many of the units that round trips are measured in.
    Measured(u32),
}

impl Syn {
    /// Of a new socket: a second.
    pub(crate) const fn new(hz: u32) -> Syn {
        Syn { rto: hz, trip: Trip::Unknown }
    }

    /// The retransmission timeout in jiffies.
    pub(crate) const fn rto(&self) -> u32 {
        self.rto
    }
}

/// How round trips become timeouts.
#[derive(Clone, Copy)]
struct Estimator {
    rule: SynRule,
    hz: u32,
}

impl Estimator {
    /// Units of a round trip in a second.
    fn units(self) -> i64 {
        if self.rule.in_jiffies { self.hz.into() } else { US }
    }

    /// A span of time as a round trip. Jiffies are counted from tick to tick, and at least one.
    fn trip(self, ms: u32, jiffies: u64) -> u32 {
        match self.rule.in_jiffies {
            true => jiffies.max(1) as u32,
            false => ms.saturating_mul(1000),
        }
    }

    /// The timeout after a first round trip, in jiffies.
    fn first(self, trip: u32) -> u32 {
        let trip = i64::from(trip);
        self.timeout(trip, (2 * trip).max(self.least_variance()))
    }

    /// The timeout after that and a second one, which takes no time.
    fn second(self, first: u32) -> u32 {
        let (first, trip) = (i64::from(first), i64::from(self.trip(0, 0)));
        let mean = 8 * first;
        let mut deviation = 2 * first;
        let variance = deviation.max(self.least_variance());
        let above = trip - mean / 8;
        let beyond = above.abs() - deviation / 4;
        deviation += if above < 0 && beyond > 0 { beyond / 8 } else { beyond };
        self.timeout((mean + above) / 8, variance.max(deviation))
    }

    fn least_variance(self) -> i64 {
        self.units() / RTO_MIN_PER_S
    }

    /// Mean and variance together, in whole jiffies.
    fn timeout(self, mean: i64, variance: i64) -> u32 {
        let hz = i64::from(self.hz);
        ((mean + variance) * hz + self.units() - 1).div_euclid(self.units()) as u32
    }
}

/// How long a SYN with so many repetitions may stay unanswered, in ms (`tcp_model_timeout`).
fn patience_ms(retries: u32) -> u64 {
    let doubled = retries.min(DOUBLINGS);
    let rest = u64::from(retries - doubled) * u64::from(RTO_MAX_S);
    (((2 << doubled) - 1) + rest) * 1000
}

impl Kernel {
    fn estimator(&self) -> Estimator {
        Estimator { rule: self.rules.syn, hz: self.clock.tick().hz() }
    }

    /// Whether handshakes are timed at all.
    fn times_handshakes(&self) -> bool {
        self.rules.program == ProgramRule::Asks
    }

    /// A connection's retransmission timeout in jiffies.
    pub(crate) fn rto(&self, socket: u32) -> u32 {
        match self.times_handshakes() {
            true => self.tables.socket(socket).syn.rto,
            false => self.world.rto_ms(),
        }
    }

    /// `tcp_connect` (`net/ipv4/tcp_output.c`), as far as it can fail.
    pub(crate) fn send_syn(&mut self, socket: u32, trace: &mut Trace<'_>) -> Result<(), Errno> {
        let hz = self.clock.tick().hz();
        if self.times_handshakes() {
            self.tables.socket_mut(socket).syn = Syn::new(hz);
        }
        if let Some(errno) = self.world.syn_fails() {
            trace.event(|| Event::SynFailed { errno });
            return Err(errno);
        }
        let tuple = self.tables.socket(socket).tuple();
        trace.event(|| Event::SynSent { tuple });
        if self.times_handshakes() {
            let now_ms = self.clock.now_ms() as u32;
            let trip = Trip::Out { first_ms: now_ms, last_ms: now_ms, repeats: 0 };
            self.tables.socket_mut(socket).syn.trip = trip;
            self.timers.wait(socket, hz, self.clock.jiffies());
        }
        Ok(())
    }

    /// A SYN's time is over: it is repeated, or given up.
    pub(crate) fn syn_is_due(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let now_ms = self.clock.now_ms() as u32;
        let Syn { rto, trip: Trip::Out { first_ms, repeats, .. } } = self.tables.socket(socket).syn
        else {
            return;
        };
        let (retries, linear) = (self.sysctls.syn_retries(), self.rules.syn.linear);
        let waited_ms = u64::from(now_ms.wrapping_sub(first_ms));
        if u32::from(repeats) >= retries + linear || waited_ms >= patience_ms(retries) {
            self.tables.socket_mut(socket).error = Some(Errno::ETIMEDOUT);
            return self.set_state(socket, SocketState::Close, trace);
        }
        let repeats = repeats.saturating_add(1);
        let longest = RTO_MAX_S * self.clock.tick().hz();
        let rto = if u32::from(repeats) > linear { (2 * rto).min(longest) } else { rto };
        let trip = Trip::Out { first_ms, last_ms: now_ms, repeats };
        self.tables.socket_mut(socket).syn = Syn { rto, trip };
        self.timers.wait(socket, rto, self.clock.jiffies());
    }

    /// The SYN was answered; without timestamps it isn't known which one of several.
    pub(crate) fn syn_answered(&mut self, socket: u32, timestamps: bool) {
        if !self.times_handshakes() {
            return;
        }
        self.timers.stop(socket);
        let (now_ms, estimator) = (self.clock.now_ms(), self.estimator());
        let (measured, ms) = match self.tables.socket(socket).syn.trip {
            Trip::Out { last_ms, repeats, .. } => {
                let ms = (now_ms as u32).wrapping_sub(last_ms);
                // The peer's timestamps count whole milliseconds, and none is one.
                let ms = if repeats > 0 { ms.max(1) } else { ms };
                (timestamps || repeats == 0, ms)
            }
            Trip::Unknown | Trip::Measured(_) => (true, 0),
        };
        let tick = self.clock.tick();
        let jiffies = tick.jiffies(now_ms) - tick.jiffies(now_ms - u64::from(ms));
        let trip = estimator.trip(ms, jiffies);
        self.tables.socket_mut(socket).syn = match measured {
            true => Syn { rto: estimator.first(trip), trip: Trip::Measured(trip) },
            false => Syn { rto: FALLBACK_S * tick.hz(), trip: Trip::Unknown },
        };
    }

    /// Our FIN was acknowledged at once: another round trip.
    pub(crate) fn fin_answered(&mut self, socket: u32) {
        if !self.times_handshakes() {
            return;
        }
        let estimator = self.estimator();
        let syn = &mut self.tables.socket_mut(socket).syn;
        syn.rto = match syn.trip {
            Trip::Measured(first) => estimator.second(first),
            Trip::Unknown | Trip::Out { .. } => estimator.first(estimator.trip(0, 0)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_trip_counts_three_times_but_at_least_200_ms_more_than_once() {
        let rule = SynRule { linear: 0, in_jiffies: false, reset_by_disconnect: true };
        let estimator = Estimator { rule, hz: 250 };
        assert_eq!(
            [0, 1_000, 100_000, 1_500_000].map(|us| estimator.first(us)),
            [50, 51, 75, 1125]
        );
        assert_eq!(estimator.second(0), 50);
        let jiffies = Estimator { rule: SynRule { in_jiffies: true, ..rule }, hz: 250 };
        assert_eq!((jiffies.first(1), jiffies.second(1)), (51, 51));
    }

    #[test]
    fn a_syn_is_given_up_after_its_doubled_times() {
        assert_eq!([0, 1, 6, 7].map(patience_ms), [1_000, 3_000, 127_000, 247_000]);
    }
}
