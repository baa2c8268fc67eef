//! What waits for its time: mini-sockets, and full sockets in FIN_WAIT2 or with a SYN out.
//!
//! A door with one room behind it for each way in which Linux keeps them: entering, leaving, what
//! is due next, running it, and the forecast. Which way it is, a machine's rules say. All times
//! are jiffies.

use crate::death_row::{self, DeathRow};
use crate::event::Trace;
use crate::rules::TimerRule;
use crate::verdict::CalendarSlot;
use crate::wheel::Wheel;

/// Everything that waits.
#[derive(Clone, Debug)]
pub(crate) enum Timers {
    /// Two calendars for all mini-sockets.
    Calendars(Box<DeathRow>),
    /// A timer for each.
    Wheel(Wheel),
}

/// What came due.
pub(crate) enum Due {
    /// Mini-sockets, which [`Timers::take`] hands out.
    Minis(Batch),
    /// A mini-socket. It is out of all lists here.
    Mini(u32),
    /// The first part of a full socket's time in FIN_WAIT2 is over, or its SYN's time.
    Socket(u32),
}

/// Mini-sockets that end together.
pub(crate) enum Batch {
    Calendars(death_row::SlotBatch),
}

/// When each mini-socket will end if nothing but time comes in between.
pub(crate) enum Forecast {
    Calendars(Box<death_row::SlotTimes>),
    Known,
}

impl Timers {
    pub(crate) fn new(rule: TimerRule, hz: u32) -> Timers {
        match rule {
            #[cfg(feature = "later")]
            TimerRule::Wheel => Timers::Wheel(Wheel::default()),
            rule => Timers::Calendars(Box::new(DeathRow::new(hz, rule))),
        }
    }

    /// Enters a mini-socket.
    pub(crate) fn add(&mut self, id: u32, timeout: u32, now: u64) {
        match self {
            Timers::Calendars(row) => row.add(id, timeout, now),
            Timers::Wheel(wheel) => wheel.add(id, timeout, now),
        }
    }

    /// Starts a mini-socket's time anew.
    pub(crate) fn restart(&mut self, id: u32, timeout: u32, now: u64) {
        match self {
            Timers::Calendars(row) => {
                row.remove(id);
                row.add(id, timeout, now);
            }
            Timers::Wheel(wheel) => wheel.restart(id, timeout, now),
        }
    }

    /// Takes a mini-socket out before its time.
    pub(crate) fn remove(&mut self, id: u32) {
        match self {
            Timers::Calendars(row) => row.remove(id),
            Timers::Wheel(wheel) => wheel.remove(id),
        }
    }

    /// Lets a full socket wait, and tells until when.
    pub(crate) fn wait(&mut self, socket: u32, timeout: u32, now: u64) -> u64 {
        match self {
            Timers::Calendars(row) => row.wait(socket, timeout, now),
            Timers::Wheel(wheel) => wheel.wait(socket, timeout, now),
        }
    }

    /// A full socket waits no longer, if it did.
    pub(crate) fn stop(&mut self, socket: u32) {
        match self {
            Timers::Calendars(row) => row.stop(socket),
            Timers::Wheel(wheel) => wheel.stop(socket),
        }
    }

    /// When something is due next.
    pub(crate) fn next(&self) -> Option<u64> {
        match self {
            Timers::Calendars(row) => row.next(),
            Timers::Wheel(wheel) => wheel.next(),
        }
    }

    /// Runs the one timer that is due next, at its time.
    pub(crate) fn run(&mut self, now: u64, now_ms: u64, trace: &mut Trace<'_>) -> Option<Due> {
        match self {
            Timers::Calendars(row) => row.run(now, now_ms, trace),
            Timers::Wheel(wheel) => wheel.run(),
        }
    }

    /// Time has passed, and no timer runs any more.
    pub(crate) fn rest(&mut self) {
        match self {
            Timers::Calendars(row) => row.catch_up(),
            Timers::Wheel(wheel) => wheel.rest(),
        }
    }

    /// The next mini-socket of a batch, in the order in which they end. It is out of all lists
    /// here.
    pub(crate) fn take(&mut self, batch: &mut Batch) -> Option<u32> {
        match (self, batch) {
            (Timers::Calendars(row), Batch::Calendars(batch)) => row.take(batch),
            (Timers::Wheel(_), _) => None,
        }
    }

    /// Mini-sockets that wait (`tw_count`).
    pub(crate) const fn count(&self) -> u32 {
        match self {
            Timers::Calendars(row) => row.count(),
            Timers::Wheel(wheel) => wheel.count(),
        }
    }

    /// Bytes that they take, about.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Timers::Calendars(row) => row.bytes(),
            Timers::Wheel(wheel) => wheel.bytes(),
        }
    }

    /// Where a mini-socket waits.
    pub(crate) fn slot(&self, id: u32) -> CalendarSlot {
        match self {
            Timers::Calendars(row) => row.slot(id),
            Timers::Wheel(wheel) => CalendarSlot::Wheel(wheel.level(id)),
        }
    }

    /// The pointer of the slow calendar; 0 without one.
    pub(crate) const fn pointer(&self) -> u8 {
        match self {
            Timers::Calendars(row) => row.pointer(),
            Timers::Wheel(_) => 0,
        }
    }

    /// Looks ahead.
    pub(crate) fn forecast(&self) -> Forecast {
        match self {
            Timers::Calendars(row) => Forecast::Calendars(Box::new(row.forecast())),
            Timers::Wheel(_) => Forecast::Known,
        }
    }

    /// When a mini-socket will end by a forecast.
    pub(crate) fn ends(&self, forecast: &Forecast, id: u32) -> u64 {
        match (self, forecast) {
            (Timers::Calendars(row), Forecast::Calendars(forecast)) => row.ends(forecast, id),
            (Timers::Wheel(wheel), _) => wheel.ends(id),
            (Timers::Calendars(_), Forecast::Known) => 0,
        }
    }

    /// Whether lists and counts agree with so many mini-sockets; for tests.
    pub(crate) fn agree(&self, minis: usize) -> bool {
        match self {
            Timers::Calendars(row) => row.agree(minis),
            Timers::Wheel(wheel) => wheel.agree(minis),
        }
    }
}
