//! Which lines of the kernel's code a moment lights: one for each event, and a row of them for
//! each probe of a walk.

use error99_kernel::rules::{KnobRule, Rules, StartRule, TimerRule};
use error99_kernel::{
    Answer, BindRefusal, Call, ConnectRefusal, Event, Fastreuse, ListenRefusal, OwnersAsked, Probe,
    Question, SearchMet, SocketState, Sysctl, SysctlOutcome, TimewaitCause, TimewaitRefusal,
    Verdict,
};

use crate::listing::Spot::{self, *};

/// The lines that a walk lights before its first probe.
pub(crate) const LINES_BEFORE_LOOP: [Spot; 2] = [Offset, Loop];

/// The lines that a probe lights one after the other, the deciding one last: the search, what was
/// asked of whoever has the 4-tuple, in the kernel's order, and what followed.
pub(crate) fn lines_of(probe: &Probe) -> Vec<Spot> {
    if probe.verdict == Verdict::Reserved {
        return vec![Port, Reserved];
    }
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
    lines
}

/// The line of the walk on which a question is asked.
pub(crate) fn asked_on(question: Question) -> Spot {
    match question {
        Question::Stamp => NoStamp,
        Question::Closed => HalfClosed,
        Question::Reuse => ReuseOff,
        Question::Age => TooYoung,
    }
}

/// The lines that have run by the time that `line` of a probe is lit, and were no step: what the
/// search has found answers them at once. Some releases haven't got all of them.
pub(crate) fn passed_before(line: Spot) -> &'static [Spot] {
    match line {
        Offset => &[Hint],
        Head => &[Wrap, Reserved],
        BindOwns => &[NoBucket],
        InTimewait => &[NoBucket, BindOwns],
        _ => &[],
    }
}

/// The line that an event of `call` lights; none for what lies inside a walk, which has lines of
/// its own, and for what isn't the kernel's doing. `timer` is what ran last of the timers. The
/// line is one of the release whose rules these are.
pub fn lit(rules: &Rules, call: &Call, timer: Option<&Event>, event: &Event) -> Option<Spot> {
    use Event as E;
    Some(match event {
        E::NoSuchSocket { .. } | E::Problem(_) | E::WallStepped { .. } | E::Rekeyed => return None,
        E::WalkStarted { .. } | E::Probe(_) | E::WalkEnded { .. } => return None,

        E::ConnectRefused(refusal) => connect_refused(*refusal),
        E::ConnectionLearnt => Learn,
        E::Routed { source_filled: true, .. } => Source,
        E::Routed { source_filled: false, .. } => Route,
        E::StampCleared { .. } => OtherPeer,
        E::StampLent { .. } => PeerCache,
        E::BoundStarted { .. } if !rules.order.has_passes() => BoundHash,
        E::BoundStarted { .. } if rules.start != StartRule::TableOfHints => BoundSole,
        E::BoundStarted { .. } => BoundInTimewait,
        E::BoundChecked(check) => bound(check.verdict),
        E::TimewaitInherited { .. } => BoundTakeOver,
        E::SynSent { .. } | E::SynFailed { .. } => Syn,
        E::Established { .. } if accepts(call) => ChildStamps,
        E::Established { .. } => Stamps,

        E::SearchStarted { .. } => Start,
        E::SearchReserved { .. } => SearchReserved,
        E::SearchOccupied { met, fastreuse, .. } => occupied(*met, *fastreuse),
        E::SearchExhausted => Exhausted,
        E::SearchFree { .. } => Free,
        E::PortTried { .. } => Look,
        E::PortHasBucket { .. } => Welcome,
        E::ConflictTested { asked: OwnersAsked::Skipped } => Welcome,
        E::ConflictTested { asked: OwnersAsked::AnyConflict } => AnyInTheWay,
        E::ConflictTested { asked: OwnersAsked::Fine | OwnersAsked::Conflict } => Conflict,
        E::PortJoined { .. } => Join,
        E::BucketCreated { .. } => Make,
        E::FastreuseLowered { to: Fastreuse::Automatic, .. } => Recover,
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
            Some(E::TimewaitEnded { .. }) => TimerBucket,
            _ => ending(call, Destroy),
        },

        E::TimewaitMade { .. } => MiniSocket,
        E::TimewaitRestarted { .. } => RestartSlot,
        E::TimewaitOverflow { .. } => Overflow,
        E::TimewaitEnded { cause: TimewaitCause::Reuse, .. } => BoundTakeOver,
        E::TimewaitEnded { cause: TimewaitCause::Segment, .. } => RestartEnds,
        E::TimewaitEnded { .. } if rules.timers == TimerRule::Wheel => TimerEnds,
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

        E::SysctlWritten { sysctl, outcome, .. } => return written(rules, *sysctl, *outcome),
    })
}

/// Whether what follows an event may be its consequence, because it is a timer that runs: on a
/// wheel, each mini-socket's own.
pub fn is_timer(rules: &Rules, event: &Event) -> bool {
    match event {
        Event::CalendarTick { .. } | Event::FastTick { .. } | Event::FinWait2Checked { .. } => true,
        Event::TimewaitEnded { cause: TimewaitCause::Timer, .. } => {
            rules.timers == TimerRule::Wheel
        }
        _ => false,
    }
}

/// What becomes of a port with a bucket, in a search for any.
fn occupied(met: SearchMet, fastreuse: Fastreuse) -> Spot {
    match (met, fastreuse) {
        (SearchMet::AnyConflict, _) => SearchAny,
        (SearchMet::Shared { .. } | SearchMet::Crowded, _) => Unopposed,
        (SearchMet::Passed, Fastreuse::Reusable) => Remember,
        (SearchMet::Passed | SearchMet::Conflict, _) => Next,
    }
}

fn accepts(call: &Call) -> bool {
    matches!(call, Call::Accept { .. })
}

fn connect_refused(refusal: ConnectRefusal) -> Spot {
    match refusal {
        ConnectRefusal::Connected | ConnectRefusal::Listening | ConnectRefusal::UnderWay => Busy,
        ConnectRefusal::Refused | ConnectRefusal::Reset | ConnectRefusal::TimedOut => Earlier,
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
        BindRefusal::NoMemory => Make,
        BindRefusal::NoMemoryForAddress => MakeAddress,
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

/// Every sysctl has the handler that its table names, and its line there; none if there is no
/// such sysctl.
fn written(rules: &Rules, sysctl: Sysctl, outcome: SysctlOutcome) -> Option<Spot> {
    let [read, refuse, store] = match sysctl {
        _ if outcome == SysctlOutcome::NotThere => return None,
        Sysctl::PortRange => return Some(range_written(outcome)),
        Sysctl::FinTimeout => [ReadSeconds, StoreJiffies, StoreJiffies],
        Sysctl::MaxTwBuckets | Sysctl::TwRecycle => [ReadNumber, StoreNumber, StoreNumber],
        Sysctl::ReservedPorts => [NotAList, NotAList, StoreList],
        Sysctl::UnprivilegedStart => [StartWrong, StartWrong, StoreStart],
        Sysctl::TwReuseDelay => [ReadBounded, OutOfBounds, StoreBounded],
        _ if rules.knobs == KnobRule::Bytes => [ReadByte, NotAByte, StoreByte],
        Sysctl::SynRetries | Sysctl::AutobindReuse => [ReadBounded, OutOfBounds, StoreBounded],
        Sysctl::TwReuse if rules.knobs == KnobRule::Checked => {
            [ReadBounded, OutOfBounds, StoreBounded]
        }
        Sysctl::TwReuse | Sysctl::Timestamps | Sysctl::Rfc1337 => {
            [ReadNumber, StoreNumber, StoreNumber]
        }
    };
    Some(match outcome {
        SysctlOutcome::Taken | SysctlOutcome::HalfTaken => store,
        SysctlOutcome::Malformed => read,
        _ => refuse,
    })
}

fn range_written(outcome: SysctlOutcome) -> Spot {
    match outcome {
        SysctlOutcome::Taken => StoreRange,
        SysctlOutcome::HalfTaken => HighWrong,
        SysctlOutcome::LowAboveHigh => UpsideDown,
        SysctlOutcome::LowIsPrivileged => LowPrivileged,
        SysctlOutcome::OutOfRange | SysctlOutcome::Malformed | SysctlOutcome::NotThere => LowWrong,
    }
}
