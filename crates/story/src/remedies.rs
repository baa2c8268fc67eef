//! What can be done about the failing call of the opening machine, and what people do.

use error99_replay::fix::{Change, Outcome};
use error99_replay::history::Position;
use error99_replay::hold::Hold;
use error99_replay::link::Saved;
use error99_replay::load::LoadClose;
use error99_replay::{Act, History, Machine};

use crate::the_whole_range;

/// Something that is done about error 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// `tcp_tw_reuse`.
    Reuse,
    /// A range that begins lower.
    Wider,
    /// The widest range without privileged ports.
    Widest,
    /// A second address of the server.
    OtherAddress,
    /// A second port of the server.
    OtherPort,
    /// A second address of ours.
    OtherSource,
    /// Waiting.
    Wait,
    /// Several requests over each connection.
    KeepAlive,
    /// The server closes first.
    ServerCloses,
    /// `tcp_tw_recycle`.
    Recycle,
    /// `SO_LINGER` with 0 seconds: RST instead of FIN.
    Linger,
    /// A low `tcp_max_tw_buckets`.
    FewerTimewaits,
    /// `tcp_fin_timeout`.
    FinTimeout,
    /// More file descriptors.
    Ulimit,
}

/// Remedies that are worth a thought.
pub const FIXES: [Remedy; 9] = [
    Remedy::Reuse,
    Remedy::Wider,
    Remedy::Widest,
    Remedy::OtherAddress,
    Remedy::OtherPort,
    Remedy::OtherSource,
    Remedy::KeepAlive,
    Remedy::ServerCloses,
    Remedy::Wait,
];

/// Remedies that do harm, or nothing.
pub const HARMFUL: [Remedy; 5] =
    [Remedy::Recycle, Remedy::Linger, Remedy::FewerTimewaits, Remedy::FinTimeout, Remedy::Ulimit];

/// A remedy, tried on the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was done.
    pub remedy: Remedy,
    /// What the failed call gets, made again at once.
    pub outcome: Outcome,
    /// Whether it goes on so for 300 s.
    pub hold: Hold,
    /// It was tried on a machine that had it from the start.
    pub from_start: bool,
    /// The command to type, if it's typed.
    pub command: Option<String>,
}

impl Remedy {
    /// Whether a change of the Fix lab is this one.
    fn is(self, change: Change) -> bool {
        match self {
            Remedy::Reuse => change == Change::TwReuse,
            Remedy::Wider => matches!(change, Change::Widen { .. }),
            Remedy::Widest => change == Change::Widest,
            Remedy::OtherAddress => matches!(change, Change::OtherAddress { .. }),
            Remedy::OtherPort => matches!(change, Change::OtherPort { .. }),
            Remedy::OtherSource => matches!(change, Change::OtherSource { .. }),
            Remedy::Wait => matches!(change, Change::Wait { .. }),
            Remedy::KeepAlive => matches!(change, Change::KeepAlive { .. }),
            Remedy::ServerCloses => change == Change::ServerCloses,
            Remedy::Recycle => change == Change::TwRecycle,
            Remedy::FewerTimewaits => change == Change::FewerTimewaits,
            Remedy::FinTimeout => change == Change::FinTimeout,
            Remedy::Linger | Remedy::Ulimit => false,
        }
    }
}

/// Tries the remedies on copies of the machine; takes a while.
pub fn tried(remedies: &[Remedy]) -> Vec<Tried> {
    let machine = failing();
    let fixes = machine.fixes();
    let one = |remedy: &Remedy| match fixes.iter().find(|fix| remedy.is(fix.change)) {
        Some(fix) => Tried {
            remedy: *remedy,
            outcome: fix.outcome,
            hold: hold(&machine, fix.change),
            from_start: fix.change.from_start(),
            command: fix.change.command(),
        },
        None => not_in_the_kernel(&machine, *remedy),
    };
    remedies.iter().map(one).collect()
}

/// The failing call of the opening machine, returned.
fn failing() -> Machine {
    crate::run(&the_whole_range::busy_client())
}

/// The load that goes on, in connections a second.
pub fn rate() -> u32 {
    failing().load_rate().unwrap_or(0)
}

/// No change at all.
const NOTHING: Change = Change::Wait { ms: None };

/// A remedy that changes no machine: the call gets what it got, and the load goes on. What closes
/// with RST is a load that did so from the start.
fn not_in_the_kernel(machine: &Machine, remedy: Remedy) -> Tried {
    let call = machine.frame().call.and_then(|call| call.ret).expect("the call has returned");
    let from_start = remedy == Remedy::Linger;
    let hold = match from_start {
        false => hold(machine, NOTHING),
        true => hold(&crate::run(&closed_with_rst()), NOTHING),
    };
    Tried { remedy, outcome: Outcome::Fails(call), hold, from_start, command: None }
}

/// The opening machine, if its program had closed all its connections with RST.
fn closed_with_rst() -> History {
    let mut history = the_whole_range::busy_client();
    for node in &mut history.acts {
        if let Act::Load(load) = &mut node.act {
            load.close = LoadClose::Rst;
        }
    }
    history
}

fn hold(machine: &Machine, change: Change) -> Hold {
    let mut trial = machine.trial(change).expect("the opening machine has a load");
    loop {
        if let Some(hold) = trial.work(u64::MAX) {
            return hold;
        }
    }
}

/// The failing call for the lab, where every change can be tried.
pub fn saved() -> Saved {
    let saved = the_whole_range::saved(the_whole_range::PROBE);
    let at = Position { done: u32::MAX, step: None };
    Saved { history: History { at, ..saved.history }, ..saved }
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::Addr;
    use error99_kernel::Errno;
    use error99_replay::ERROR_99;
    use error99_replay::frame::Ret;

    fn of(remedy: Remedy) -> Tried {
        tried(&[remedy]).remove(0)
    }

    fn gets(remedy: Remedy) -> bool {
        matches!(of(remedy).outcome, Outcome::Port { .. })
    }

    #[test]
    fn what_helps_this_call_and_what_holds() {
        let both: Vec<Remedy> =
            FIXES.into_iter().filter(|fix| gets(*fix) && of(*fix).hold == Hold::Holds).collect();
        assert_eq!(both, [Remedy::Reuse, Remedy::Widest]);
        assert_eq!(of(Remedy::Wider).hold, Hold::Fails { after_ms: 71_494 });
        for late in [Remedy::KeepAlive, Remedy::ServerCloses] {
            assert!(!gets(late) && of(late).from_start && of(late).hold == Hold::Holds);
        }
        for other in [Remedy::OtherAddress, Remedy::OtherPort] {
            assert!(gets(other), "the call itself goes elsewhere");
            assert_eq!(of(other).hold, Hold::Fails { after_ms: 0 }, "every other one doesn't");
        }
        assert!(matches!(
            of(Remedy::OtherSource).outcome,
            Outcome::BindFails(Ret::Errno(Errno::EADDRINUSE))
        ));
        let waited = of(Remedy::Wait);
        assert_eq!((waited.command.as_deref(), gets(Remedy::Wait)), (Some("sleep 4"), true));
        assert_eq!(waited.hold, Hold::Fails { after_ms: 7_108 });
    }

    #[test]
    fn the_text_names_what_is_changed() {
        let (dst, addr) = (Addr::new(10, 0, 0, 3), Addr::new(10, 0, 0, 7));
        let changes: Vec<Change> = failing().fixes().iter().map(|fix| fix.change).collect();
        for change in [
            Change::OtherAddress { dst },
            Change::OtherPort { dport: 81 },
            Change::OtherSource { addr },
            Change::KeepAlive { requests: 10 },
        ] {
            assert!(changes.contains(&change), "{change:?}");
        }
    }

    #[test]
    fn what_harms_is_too_late_for_this_call_and_the_rest_changes_nothing() {
        assert!(HARMFUL.into_iter().all(|remedy| !gets(remedy)));
        for harmful in [Remedy::Recycle, Remedy::Linger, Remedy::FewerTimewaits] {
            assert_eq!((of(harmful).hold, of(harmful).from_start), (Hold::Holds, true));
        }
        // As soon as without it: the range is full after the same 56 s.
        let Hold::Fails { after_ms: 56_000..57_000 } = of(Remedy::FinTimeout).hold else {
            panic!("{:?}", of(Remedy::FinTimeout));
        };
        assert_eq!(of(Remedy::Ulimit).hold, Hold::Fails { after_ms: 0 });
        assert!(of(Remedy::Ulimit).outcome == Outcome::Fails(ERROR_99));
    }
}
