//! Time: it moves only in `advance`, which runs the timers that come due.
//!
//! Models what keepalive and retransmission timers do on this path (`tcp_keepalive_timer`,
//! `tcp_retransmit_timer`, `net/ipv4/tcp_timer.c`): see [`crate::syn`]. Left out: every other
//! timer, and the port-offset hash's own change of key every 300 s in 2.6.32.

use crate::call::Problem;
use crate::config::{Config, START_SEC_MAX};
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::rules::StampRule;
use crate::socket::SocketState;
use crate::start::period;
use crate::tick::Tick;
use crate::timers::Due;
use crate::verdict::TimewaitCause;

/// How far the clock goes, in ms: about 31 years.
pub const CLOCK_MS_MAX: u64 = 1_000_000_000_000;
/// `TCP_TIMEWAIT_LEN` in seconds.
const TIMEWAIT_S: u32 = 60;

/// What time it is.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// Milliseconds since the start.
    now_ms: u64,
    /// Wall-clock second at time 0, with all steps of the wall clock.
    wall_base_s: u64,
    /// The monotonic clock at time 0.
    start_mono_ms: u64,
    tick: Tick,
}

impl Clock {
    pub(crate) fn new(config: &Config) -> Clock {
        Clock {
            now_ms: 0,
            wall_base_s: config.start_sec.into(),
            start_mono_ms: config.start_mono_ms,
            tick: Tick::new(config),
        }
    }

    /// Milliseconds since the start. In a timer the first whole one at its jiffy.
    pub(crate) const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Wall-clock second, Unix time.
    pub(crate) const fn second(&self) -> u32 {
        (self.wall_base_s + (self.start_mono_ms % 1000 + self.now_ms) / 1000) as u32
    }

    /// Second of the monotonic clock.
    pub(crate) const fn mono_second(&self) -> u32 {
        (self.mono_ms() / 1000) as u32
    }

    /// Milliseconds of the monotonic clock: TCP's own clock.
    pub(crate) const fn mono_ms(&self) -> u64 {
        self.start_mono_ms + self.now_ms
    }

    /// Second of the clock that stamps are of.
    pub(crate) const fn stamp_second(&self, rule: StampRule) -> u32 {
        match rule {
            StampRule::Wall => self.second(),
            StampRule::Monotonic => self.mono_second(),
        }
    }

    /// Jiffies.
    pub(crate) const fn jiffies(&self) -> u64 {
        self.tick.jiffies(self.now_ms)
    }

    pub(crate) const fn tick(&self) -> Tick {
        self.tick
    }

    /// 10-s periods of jiffies.
    pub(crate) const fn period(&self) -> u32 {
        period(self.jiffies(), self.tick.hz())
    }

    /// `TCP_TIMEWAIT_LEN` in jiffies.
    pub(crate) const fn timewait_len(&self) -> u32 {
        TIMEWAIT_S * self.tick.hz()
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
    /// Lets time pass; every timer runs at its own jiffy.
    ///
    /// # Errors
    /// The clock can't be moved that far; nothing happened.
    pub(crate) fn advance(&mut self, ms: u64, trace: &mut Trace<'_>) -> Result<(), Problem> {
        let end_ms = self.clock.later(ms)?;
        let last = self.clock.tick.jiffies(end_ms);
        // Bounded: each mini-socket causes at most two ticks per slot, each wait one, and each
        // unanswered SYN as many as its timeout allows.
        while let Some(at) = self.timers.next().filter(|at| *at <= last) {
            self.clock.now_ms = self.clock.tick.ms(at).max(self.clock.now_ms);
            self.counters.spend(1);
            match self.timers.run(at, self.clock.now_ms, trace) {
                Some(Due::Minis(mut batch)) => {
                    while let Some(id) = self.timers.take(&mut batch) {
                        self.counters.spend(1);
                        self.end_timewait(id, TimewaitCause::Timer, trace);
                    }
                }
                Some(Due::Mini(id)) => self.end_timewait(id, TimewaitCause::Timer, trace),
                Some(Due::Socket(socket)) => match self.tables.socket(socket).state {
                    SocketState::SynSent => self.syn_is_due(socket, trace),
                    _ => self.fin_wait2_is_due(socket, trace),
                },
                None => {}
            }
        }
        if ms > 0 {
            self.timers.rest();
        }
        self.clock.now_ms = end_ms;
        Ok(())
    }

    /// A waiting FIN_WAIT2 socket becomes a mini-socket for what is left of its time, worked out
    /// anew, or is freed.
    fn fin_wait2_is_due(&mut self, socket: u32, trace: &mut Trace<'_>) {
        let time = self.fin_time(socket);
        let (t_ms, left) = (self.clock.now_ms, time.saturating_sub(self.clock.timewait_len()));
        trace.event(|| Event::FinWait2Checked { t_ms, goes_on: left > 0 });
        if left > 0 {
            self.time_wait(socket, Some(left), trace);
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
