//! Time: it moves only in `advance`, which runs the timers that come due.
//!
//! Models the FIN_WAIT2 part of `tcp_keepalive_timer` (`net/ipv4/tcp_timer.c`). Left out: every
//! other timer, and the port-offset hash's own change of key every 300 s.

use crate::calendar::TIMEWAIT_MS;
use crate::call::Problem;
use crate::config::{Config, START_SEC_MAX};
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::timers::Due;
use crate::verdict::TimewaitCause;

/// How far the clock goes, in ms: about 31 years.
pub const CLOCK_MS_MAX: u64 = 1_000_000_000_000;

/// What time it is.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// Milliseconds since the start.
    now_ms: u64,
    /// Wall-clock second at time 0, with all steps of the wall clock.
    wall_base_s: u64,
    start_jiffies: u32,
}

impl Clock {
    pub(crate) fn new(config: &Config) -> Clock {
        Clock {
            now_ms: 0,
            wall_base_s: config.start_sec.into(),
            start_jiffies: config.start_jiffies,
        }
    }

    /// Milliseconds since the start.
    pub(crate) const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Wall-clock second, Unix time.
    pub(crate) const fn second(&self) -> u32 {
        (self.wall_base_s + self.now_ms / 1000) as u32
    }

    /// Jiffies, modulo 2^32: what our own timestamps are made of.
    pub(crate) const fn jiffies(&self) -> u32 {
        self.start_jiffies.wrapping_add(self.now_ms as u32)
    }

    /// What it shows `ms` later.
    ///
    /// # Errors
    /// It can't be moved that far.
    fn later(&self, ms: u64) -> Result<u64, Problem> {
        let later = self.now_ms.checked_add(ms).filter(|end_ms| *end_ms <= CLOCK_MS_MAX);
        later.ok_or(Problem::ClockLimit)
    }

    /// Steps the wall clock.
    ///
    /// # Errors
    /// It can't show that time.
    fn step_wall(&mut self, sec: i64) -> Result<(), Problem> {
        let base_s = self.wall_base_s.checked_add_signed(sec);
        let fits = |base_s: &u64| (1..=u64::from(START_SEC_MAX)).contains(base_s);
        self.wall_base_s = base_s.filter(fits).ok_or(Problem::WallLimit)?;
        Ok(())
    }
}

impl Kernel {
    /// Lets time pass; every timer runs at its own millisecond.
    ///
    /// # Errors
    /// The clock can't be moved that far; nothing happened.
    pub(crate) fn advance(&mut self, ms: u64, trace: &mut Trace<'_>) -> Result<(), Problem> {
        let end_ms = self.clock.later(ms)?;
        // Bounded: each mini-socket causes at most two ticks per slot, each wait one.
        while let Some(at_ms) = self.timers.next_ms().filter(|at_ms| *at_ms <= end_ms) {
            self.clock.now_ms = at_ms;
            self.counters.spend(1);
            match self.timers.run(at_ms, trace) {
                Some(Due::Minis(mut batch)) => {
                    while let Some(id) = self.timers.take(&mut batch) {
                        self.counters.spend(1);
                        self.end_timewait(id, TimewaitCause::Timer, trace);
                    }
                }
                Some(Due::FinWait2(socket)) => self.fin_wait2_is_due(socket, trace),
                None => {}
            }
        }
        self.clock.now_ms = end_ms;
        Ok(())
    }

    /// A waiting FIN_WAIT2 socket becomes a mini-socket for what is left of its time, worked out
    /// anew, or is freed.
    fn fin_wait2_is_due(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let (t_ms, left_ms) = (self.clock.now_ms, self.fin_time_ms().saturating_sub(TIMEWAIT_MS));
        trace.event(|| Event::FinWait2Checked { t_ms, goes_on: left_ms > 0 });
        if left_ms > 0 {
            self.time_wait(socket, Some(left_ms), trace);
        }
        self.destroy(socket, trace);
    }

    /// Steps the wall clock; timers don't notice.
    ///
    /// # Errors
    /// It can't show that time; nothing happened.
    pub(crate) fn step_wall(&mut self, sec: i64, trace: &mut Trace<'_>) -> Result<(), Problem> {
        let from = self.clock.second();
        self.clock.step_wall(sec)?;
        trace.event(|| Event::WallStepped { from, to: self.clock.second() });
        Ok(())
    }
}
