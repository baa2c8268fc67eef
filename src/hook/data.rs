//! What the hook shows, as the model has computed it.

use error99_replay::frame;

/// All that the hook shows, apart from the page of ports (its child).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookData {
    /// The call as strace prints it, up to the equals sign.
    pub call: String,
    /// With `tcp_tw_reuse` 0.
    pub off: HookRun,
    /// With `tcp_tw_reuse` 1, from the same moment.
    pub on: HookRun,
}

/// The call, run once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookRun {
    pub outcome: HookOutcome,
    pub counts: HookCounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookOutcome {
    /// Error 99: every port of the range was looked at.
    Failed { looked: u32, refused: u32 },
    /// A port in TIME_WAIT was taken over at probe `probes` (the first is 1).
    TookOver { port: u16, probes: u32, waited_s: u64 },
}

/// The ports of the range by state, after the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookCounts {
    pub time_wait: u32,
    pub live: u32,
    pub bind: u32,
    pub free: u32,
}

impl From<frame::Counts> for HookCounts {
    fn from(counts: frame::Counts) -> HookCounts {
        let frame::Counts { free, bind, live, shared, timewait } = counts;
        HookCounts { time_wait: timewait, live, bind, free: free + shared }
    }
}
