//! What waits for its time: mini-sockets, and full sockets in FIN_WAIT2.
//!
//! A door with one room behind it for each way in which Linux keeps them: entering, leaving, what
//! is due next, running it, and the forecast. Which way it is, a machine's rules say.

use crate::death_row::{self, DeathRow};
use crate::event::Trace;
use crate::rules::TimerRule;
use crate::verdict::CalendarSlot;

/// Everything that waits.
#[derive(Clone, Debug)]
pub(crate) enum Timers {
    /// Two calendars for all mini-sockets.
    Calendars(DeathRow),
}

/// What came due.
pub(crate) enum Due {
    /// Mini-sockets, which [`Timers::take`] hands out.
    Minis(Batch),
    /// The first part of a full socket's time in FIN_WAIT2 is over.
    FinWait2(u32),
}

/// Mini-sockets that end together.
pub(crate) enum Batch {
    Calendars(death_row::Batch),
}

/// When each mini-socket will end if nothing but time comes in between.
pub(crate) enum Forecast {
    Calendars(death_row::Forecast),
}

impl Timers {
    pub(crate) fn new(rule: TimerRule) -> Timers {
        match rule {
            TimerRule::Calendars => Timers::Calendars(DeathRow::new()),
        }
    }

    /// Enters a mini-socket for `timeout_ms`.
    pub(crate) fn add(&mut self, id: u32, timeout_ms: u32, now_ms: u64) {
        match self {
            Timers::Calendars(row) => row.add(id, timeout_ms, now_ms),
        }
    }

    /// Takes a mini-socket out before its time.
    pub(crate) fn remove(&mut self, id: u32) {
        match self {
            Timers::Calendars(row) => row.remove(id),
        }
    }

    /// Lets a full FIN_WAIT2 socket wait, and tells until when.
    pub(crate) fn wait(&mut self, socket: u32, ms: u32, now_ms: u64) -> u64 {
        match self {
            Timers::Calendars(row) => row.wait(socket, ms, now_ms),
        }
    }

    /// When something is due next.
    pub(crate) fn next_ms(&self) -> Option<u64> {
        match self {
            Timers::Calendars(row) => row.next_ms(),
        }
    }

    /// Runs the one timer that is due next, at its time.
    pub(crate) fn run(&mut self, now_ms: u64, trace: &mut Trace<'_>) -> Option<Due> {
        match self {
            Timers::Calendars(row) => row.run(now_ms, trace),
        }
    }

    /// The next mini-socket of a batch, in the order in which they end. It is out of all lists
    /// here.
    pub(crate) fn take(&mut self, batch: &mut Batch) -> Option<u32> {
        match (self, batch) {
            (Timers::Calendars(row), Batch::Calendars(batch)) => row.take(batch),
        }
    }

    /// Mini-sockets that wait (`tw_count`).
    pub(crate) const fn count(&self) -> u32 {
        match self {
            Timers::Calendars(row) => row.count(),
        }
    }

    /// Where a mini-socket waits.
    pub(crate) fn slot(&self, id: u32) -> CalendarSlot {
        match self {
            Timers::Calendars(row) => row.slot(id),
        }
    }

    /// The pointer of the slow calendar.
    pub(crate) const fn pointer(&self) -> u8 {
        match self {
            Timers::Calendars(row) => row.pointer(),
        }
    }

    /// Looks ahead.
    pub(crate) fn forecast(&self) -> Forecast {
        match self {
            Timers::Calendars(row) => Forecast::Calendars(row.forecast()),
        }
    }

    /// When a mini-socket will end by a forecast.
    pub(crate) fn ends_ms(&self, forecast: &Forecast, id: u32) -> u64 {
        match (self, forecast) {
            (Timers::Calendars(row), Forecast::Calendars(forecast)) => row.ends_ms(forecast, id),
        }
    }

    /// Whether lists and counts agree with so many mini-sockets; for tests.
    pub(crate) fn agree(&self, minis: usize) -> bool {
        match self {
            Timers::Calendars(row) => row.agree(minis),
        }
    }
}
