//! Which lines of the page's pseudo-code a step of the kernel corresponds to.
//!
//! The pseudo-code is ours and stands on the page; this module only says which
//! line is lit when. A line is one condition, so that one line is one reason.

use error99_kernel::{Probe, TimewaitRefusal, Verdict};

/// A line of the port walk, as `__inet_hash_connect` and
/// `__inet_check_established` run through it; line numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// offset = hint + hash
    Offset = 1,
    /// the loop over i
    Loop,
    /// port = low + (i + offset) mod remaining
    Port,
    /// the bucket's head
    Head,
    /// the search along the chain
    Search,
    /// no bucket for this port: take it
    NoBucket,
    /// the bucket belongs to bind(): next port
    BindOwns,
    /// is the same 4-tuple in TIME_WAIT?
    InTimewait,
    /// TIME_WAIT without a timestamp: next port
    NoStamp,
    /// `tcp_tw_reuse` is 0: next port
    ReuseOff,
    /// the stamp isn't older than a second: next port
    TooYoung,
    /// the TIME_WAIT is taken over
    TakeOver,
    /// the same 4-tuple is alive: next port
    Alive,
    /// nobody has this 4-tuple: share the port
    Share,
    /// the loop ran out
    Fail,
    /// hint += i, and connect goes on
    Take,
}

impl Line {
    /// All lines, in order.
    pub const ALL: [Line; 16] = [
        Line::Offset,
        Line::Loop,
        Line::Port,
        Line::Head,
        Line::Search,
        Line::NoBucket,
        Line::BindOwns,
        Line::InTimewait,
        Line::NoStamp,
        Line::ReuseOff,
        Line::TooYoung,
        Line::TakeOver,
        Line::Alive,
        Line::Share,
        Line::Fail,
        Line::Take,
    ];

    /// Number of the line, from 1.
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// The lines that one probe runs through, the deciding one last.
pub fn lines_of(probe: &Probe) -> &'static [Line] {
    use Line::*;
    match probe.verdict {
        Verdict::New | Verdict::NoMemory => &[Port, Head, Search, NoBucket],
        Verdict::BindOwned => &[Port, Head, Search, BindOwns],
        Verdict::Timewait(refusal) => match refusal {
            TimewaitRefusal::NoStamp => &[Port, Head, Search, InTimewait, NoStamp],
            TimewaitRefusal::ReuseOff => &[Port, Head, Search, InTimewait, NoStamp, ReuseOff],
            TimewaitRefusal::TooYoung { .. } => {
                &[Port, Head, Search, InTimewait, NoStamp, ReuseOff, TooYoung]
            }
        },
        Verdict::TimewaitTaken => {
            &[Port, Head, Search, InTimewait, NoStamp, ReuseOff, TooYoung, TakeOver]
        }
        Verdict::LiveSameTuple => &[Port, Head, Search, InTimewait, Alive],
        Verdict::Shared => &[Port, Head, Search, InTimewait, Alive, Share],
    }
}

/// The line on which a probe was decided.
pub fn decided_on(probe: &Probe) -> Line {
    *lines_of(probe).last().expect("every probe runs through at least four lines")
}

/// Whether `line` has run by the time that `lit` is lit, in the same probe.
pub fn lines_before(lit: Line, line: Line) -> bool {
    match lit {
        Line::Offset | Line::Loop => line < lit,
        // Past the search, only one of the branches is on the way.
        Line::Fail => line <= Line::Search,
        Line::Take => line <= Line::Search,
        Line::Alive | Line::Share => {
            line < lit && !(Line::NoStamp..=Line::TakeOver).contains(&line)
        }
        _ => line < lit,
    }
}
