//! Time: jiffies and seconds of a moment.

/// The clocks of the host. t=0 is the first operation.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Jiffies in a second.
    pub hz: i64,
    /// Milliseconds of the monotonic clock at t=0.
    pub start_mono_ms: i64,
    /// Jiffies at t=0.
    pub start_jiffies: i64,
    /// Microseconds between the last jiffy and t=0.
    pub phase_us: i64,
    /// Second of the wall clock at monotonic second 0, with all steps since.
    pub wall_base: i64,
    /// Milliseconds since t=0.
    pub t_ms: i64,
    /// The jiffy since t=0 whose timers run just now.
    pub timer_j: Option<i64>,
}

impl Clock {
    /// Jiffies since t=0.
    pub fn j(&self) -> i64 {
        self.timer_j.unwrap_or_else(|| self.j_of(self.t_ms))
    }

    /// Jiffies between t=0 and that many milliseconds after it.
    pub fn j_of(&self, t_ms: i64) -> i64 {
        (t_ms * 1_000 + self.phase_us) * self.hz / 1_000_000
    }

    /// Jiffies as the kernel counts them.
    pub fn jiffies(&self) -> i64 {
        self.start_jiffies + self.j()
    }

    /// Seconds of the monotonic clock.
    pub fn mono_second(&self) -> i64 {
        match self.timer_j {
            Some(j) => (self.start_mono_ms * self.hz / 1_000 + j) / self.hz,
            None => (self.start_mono_ms + self.t_ms) / 1_000,
        }
    }

    /// Seconds of the wall clock.
    pub fn wall_second(&self) -> i64 {
        self.wall_base + self.mono_second()
    }

    /// Milliseconds of the monotonic clock.
    pub fn mono_ms(&self) -> i64 {
        match self.timer_j {
            Some(j) => self.start_mono_ms + j * 1_000 / self.hz,
            None => self.start_mono_ms + self.t_ms,
        }
    }

    /// The word that changes every ten seconds and enters the hash.
    pub fn period(&self) -> u64 {
        (self.jiffies() / (10 * self.hz)) as u64 & 0xffff_ffff
    }
}
