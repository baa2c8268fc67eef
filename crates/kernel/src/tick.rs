//! How time is cut into jiffies.

use crate::config::Config;

/// Ticks of a machine's clock. The first one behind the start comes less than a tick after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    hz: u64,
    /// How long before the start the last tick was, in µs.
    phase_us: u64,
    /// Jiffies at the start.
    start: u64,
}

impl Tick {
    pub(crate) fn new(config: &Config) -> Tick {
        Tick { hz: config.hz.into(), phase_us: config.phase_us.into(), start: config.start_jiffies }
    }

    /// Ticks a second.
    pub(crate) const fn hz(self) -> u32 {
        self.hz as u32
    }

    /// Jiffies at a time, in ms since the start.
    pub(crate) const fn jiffies(self, t_ms: u64) -> u64 {
        self.start + self.since_start(t_ms)
    }

    /// Ticks from the start on.
    pub(crate) const fn since_start(self, t_ms: u64) -> u64 {
        (t_ms * 1000 + self.phase_us) * self.hz / 1_000_000
    }

    /// The first whole millisecond with that many jiffies, or more.
    pub(crate) const fn ms(self, jiffies: u64) -> u64 {
        let us = (jiffies - self.start) * 1_000_000;
        us.saturating_sub(self.phase_us * self.hz).div_ceil(1000 * self.hz)
    }
}
