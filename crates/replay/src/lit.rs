//! Which lines of the kernel's code a moment lights: one for each event, and a row of them for
//! each probe of a walk.

use error99_kernel::{
    Answer, BindRefusal, Call, ConnectRefusal, Event, Fastreuse, ListenRefusal, OwnersAsked, Probe,
    Question, SocketState, Sysctl, SysctlOutcome, TimewaitCause, TimewaitRefusal, Verdict,
};

use crate::listing::Spot::{self, *};

/// The lines that a walk lights before its first probe.
pub(crate) const LINES_BEFORE_LOOP: [Spot; 2] = [Offset, Loop];

/// The lines that a probe lights one after the other, the deciding one last: the search, what was
/// asked of whoever has the 4-tuple, in the kernel's order, and what followed.
pub(crate) fn lines_of(probe: &Probe) -> Vec<Spot> {
    let mut lines = vec![Port, Head, Search];
    let Some(check) = &probe.check else {
        lines.push(if probe.fastreuse.is_some() { BindOwns } else { NoBucket });
        return lines;
    };
    lines.push(InTimewait);
    match &check.timewait {
        Some(seen) => lines.extend(seen.questions().filter_map(|asked| match asked.answer {
            Answer::Yes | Answer::No => Some(asked_on(asked.question)),
            Answer::Settled | Answer::WalkOnly => None,
        })),
        None => lines.push(Alive),
    }
    lines.extend(match probe.verdict {
        Verdict::TimewaitTaken => Some(TakeOver),
        Verdict::Shared => Some(Share),
        _ => None,
    });
    // Later kernels put two questions where 2.6.32 has one line.
    lines.dedup();
    lines
}

/// The line of the walk on which a question is asked.
pub(crate) fn asked_on(question: Question) -> Spot {
    match question {
        Question::Stamp => NoStamp,
        Question::Closed | Question::Reuse => ReuseOff,
        Question::Age => TooYoung,
    }
}

/// The lines that have run by the time that `line` of a probe is lit, and were no step: what the
/// search has found answers them at once.
pub(crate) fn passed_before(line: Spot) -> &'static [Spot] {
    match line {
        BindOwns => &[NoBucket],
        InTimewait => &[NoBucket, BindOwns],
        _ => &[],
    }
}

/// The line that an event of `call` lights; none for what lies inside a walk, which has lines of
/// its own, and for what isn't the kernel's doing. `timer` is what ran last of the timers.
pub fn lit(call: &Call, timer: Option<&Event>, event: &Event) -> Option<Spot> {
    use Event as E;
    Some(match event {
        E::NoSuchSocket { .. } | E::Problem(_) | E::WallStepped { .. } | E::Rekeyed => return None,
        // 2.6.32, whose lines these are, has none of them.
        E::ConnectionLearnt | E::SearchReserved { .. } | E::SearchExhausted => return None,
        E::ConflictTested { asked: OwnersAsked::Skipped } => return None,
        E::WalkStarted { .. } | E::Probe(_) | E::WalkEnded { .. } => return None,

        E::ConnectRefused(refusal) => connect_refused(*refusal),
        E::Routed { source_filled: true, .. } => Source,
        E::Routed { source_filled: false, .. } => Route,
        E::StampCleared { .. } => OtherPeer,
        E::StampLent { .. } => PeerCache,
        E::BoundStarted { .. } => BoundHash,
        E::BoundChecked(check) => bound(check.verdict),
        E::TimewaitInherited { .. } => BoundTakeOver,
        E::SynSent { .. } | E::SynFailed { .. } => Syn,
        E::Established { .. } if accepts(call) => ChildStamps,
        E::Established { .. } => Stamps,

        E::SearchStarted { .. } => Start,
        E::SearchOccupied { fastreuse: Fastreuse::Reusable, .. } => Remember,
        E::SearchOccupied { .. } => Next,
        E::SearchFree { .. } => Free,
        E::PortTried { .. } => Look,
        E::PortHasBucket { .. } => Welcome,
        E::ConflictTested { .. } => Conflict,
        E::PortJoined { .. } => Join,
        E::BucketCreated { .. } => Make,
        E::FastreuseLowered { .. } => Lower,
        E::BindRefused(refusal) => port_refused(*refusal, BindFails),
        E::ListenRefused(ListenRefusal::State) => NotClosed,
        E::ListenRefused(ListenRefusal::Port(refusal)) => port_refused(*refusal, ListenFails),
        E::AlreadyListening => Listens,

        E::AcceptRefused => NoListener,
        E::SegmentIgnored => Ignored,
        E::CloseRefused => NoConnection,
        E::StateChanged { to, .. } => state(call, *to),
        E::PortReleased { .. } => ending(call, Leave),
        E::PortKept { .. } => ending(call, Keep),
        E::BucketDestroyed { .. } => match timer {
            Some(E::CalendarTick { .. }) => EndBucket,
            Some(E::FastTick { .. }) => FastEndBucket,
            _ => ending(call, Destroy),
        },

        E::TimewaitMade { .. } => MiniSocket,
        E::TimewaitRestarted { .. } => RestartSlot,
        E::TimewaitOverflow { .. } => Overflow,
        E::TimewaitEnded { cause: TimewaitCause::Reuse, .. } => BoundTakeOver,
        E::TimewaitEnded { cause: TimewaitCause::Segment, .. } => EndAll,
        E::TimewaitEnded { cause: TimewaitCause::Timer, .. } => match timer {
            Some(E::FastTick { .. }) => FastEndAll,
            _ => EndAll,
        },
        E::PeerRemembered { .. } if matches!(call, Call::TwFin { .. }) => RestartRemembered,
        E::PeerRemembered { .. } => Remembered,
        E::FinWait2Waits { .. } => Wait,
        E::FinWait2Checked { .. } => WaitOver,
        E::CalendarTick { slipped: true, .. } => Slip,
        E::CalendarTick { slipped: false, .. } => Advance,
        E::FastTick { .. } => FastRows,

        E::SysctlWritten { sysctl, outcome, .. } => written(*sysctl, *outcome),
    })
}

/// Whether what follows an event may be its consequence, because it is a timer that runs.
pub fn is_timer(event: &Event) -> bool {
    matches!(
        event,
        Event::CalendarTick { .. } | Event::FastTick { .. } | Event::FinWait2Checked { .. }
    )
}

fn accepts(call: &Call) -> bool {
    matches!(call, Call::Accept { .. })
}

fn connect_refused(refusal: ConnectRefusal) -> Spot {
    match refusal {
        ConnectRefusal::Connected
        | ConnectRefusal::Listening
        | ConnectRefusal::UnderWay
        | ConnectRefusal::Refused
        | ConnectRefusal::Reset
        | ConnectRefusal::TimedOut => Busy,
        ConnectRefusal::ShortAddress | ConnectRefusal::LongAddress => Short,
        ConnectRefusal::Family => Family,
        ConnectRefusal::NoRoute | ConnectRefusal::ZeroNetwork => Route,
        ConnectRefusal::Multicast | ConnectRefusal::Broadcast => Cast,
    }
}

fn bound(verdict: Verdict) -> Spot {
    match verdict {
        Verdict::Timewait(
            TimewaitRefusal::NoStamp
            | TimewaitRefusal::HalfClosed
            | TimewaitRefusal::ReuseOff
            | TimewaitRefusal::LoopbackOnly
            | TimewaitRefusal::TooYoung { .. }
            | TimewaitRefusal::TooEarly { .. },
        ) => BoundNoStamp,
        Verdict::TimewaitTaken => BoundTakeOver,
        Verdict::LiveSameTuple | Verdict::BindOwned | Verdict::NoMemory | Verdict::Reserved => {
            BoundAlive
        }
        Verdict::Shared | Verdict::New => BoundUnused,
    }
}

/// Where a search for a port ends in vain; a conflict ends the call on the line `fails`.
fn port_refused(refusal: BindRefusal, fails: Spot) -> Spot {
    match refusal {
        BindRefusal::NotLocal => NotLocal,
        BindRefusal::Privileged => Privileged,
        BindRefusal::Bound => HasPort,
        BindRefusal::Conflict | BindRefusal::AnyConflict => fails,
        BindRefusal::Exhausted => Exhausted,
        BindRefusal::NoMemory | BindRefusal::NoMemoryForAddress => Make,
        BindRefusal::EmptyRange => Start,
    }
}

fn state(call: &Call, to: SocketState) -> Spot {
    match to {
        SocketState::SynSent => SynSent,
        SocketState::Established if accepts(call) => Child,
        SocketState::Established => SynAck,
        SocketState::Listen => SetListen,
        SocketState::FinWait1 => Fin,
        SocketState::FinWait2 => Ack,
        SocketState::TimeWait => PeerFin,
        SocketState::CloseWait => PeerFirst,
        SocketState::LastAck => LastAck,
        SocketState::Close => ending(call, Closed),
    }
}

/// The line of what ends a socket, or its try: calls that end it on the way have a line for it.
fn ending(call: &Call, otherwise: Spot) -> Spot {
    match call {
        Call::Connect { family: 1.., .. } => Undo,
        Call::Listen { .. } => ListenFails,
        Call::Rst { .. } => Reset,
        _ => otherwise,
    }
}

/// Every sysctl has the handler that its table names, and its line.
fn written(sysctl: Sysctl, outcome: SysctlOutcome) -> Spot {
    match (sysctl, outcome) {
        (Sysctl::PortRange, SysctlOutcome::Taken) => StoreRange,
        (Sysctl::PortRange, SysctlOutcome::HalfTaken) => HighWrong,
        (
            Sysctl::PortRange,
            SysctlOutcome::OutOfRange | SysctlOutcome::Malformed | SysctlOutcome::NotThere,
        ) => LowWrong,
        (Sysctl::PortRange, SysctlOutcome::LowAboveHigh | SysctlOutcome::LowIsPrivileged) => {
            UpsideDown
        }
        (Sysctl::FinTimeout, _) => StoreJiffies,
        _ => StoreNumber,
    }
}
