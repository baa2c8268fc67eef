//! The routines of the kernel beside the port walk, in the page's own words: which lines they
//! have, and which line an event lights. The words stand on the page; a line is one condition
//! or one deed, so that one event has one line.

use error99_kernel::{
    BindRefusal, Call, ConnectRefusal, Event, Fastreuse, ListenRefusal, SocketState, SysctlOutcome,
    TimewaitCause, TimewaitRefusal, Verdict,
};

use self::Spot::*;

/// A piece of the kernel that the page shows as pseudo-code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routine {
    /// `tcp_v4_connect`, around the choice of a port.
    Connect,
    /// `__inet_hash_connect` for a socket that has a port.
    Bound,
    /// `inet_bind`.
    Bind,
    /// `inet_csk_get_port` for a definite port.
    Port,
    /// `inet_csk_get_port` for any port.
    Search,
    /// `inet_listen`.
    Listen,
    /// Segments that arrive, and connections that are accepted.
    Arrive,
    /// `tcp_close`, and how a socket leaves its port.
    Close,
    /// `tcp_time_wait`.
    Timewait,
    /// `inet_twdr_hangman` and the other timers.
    Tick,
    /// `ipv4_local_port_range`.
    Sysctl,
}

impl Routine {
    /// All of them.
    pub const ALL: [Routine; 11] = [
        Routine::Connect,
        Routine::Bound,
        Routine::Bind,
        Routine::Port,
        Routine::Search,
        Routine::Listen,
        Routine::Arrive,
        Routine::Close,
        Routine::Timewait,
        Routine::Tick,
        Routine::Sysctl,
    ];

    /// Its lines, in order.
    pub const fn lines(self) -> &'static [Spot] {
        match self {
            Routine::Connect => &[
                Busy, Short, Family, Route, Cast, Source, OtherPeer, PeerCache, SynSent, Choose,
                Syn, Undo,
            ],
            Routine::Bound => &[Hash, Sole, InTimewait, NoStamp, TakeOver, Alive, Unused],
            Routine::Bind => &[NotLocal, Privileged, HasPort, GetPort, BindFails],
            Routine::Port => &[Look, Make, Welcome, Conflict, Lower, Join],
            Routine::Search => &[Start, Each, Free, Remember, Next, Exhausted],
            Routine::Listen => &[NotClosed, Listens, SetListen, ListenPort, ListenFails],
            Routine::Arrive => &[Ignored, SynAck, Stamps, Reset, NoListener],
            Routine::Close => {
                &[NoConnection, Fin, Ack, PeerFin, Passive, Keep, Leave, Destroy, Closed]
            }
            Routine::Timewait => &[Remembered, Overflow, MiniSocket, Slot, Restart, Wait],
            Routine::Tick => &[EndAll, EndBucket, Slip, Advance, FastRows, WaitOver],
            Routine::Sysctl => &[LowWrong, HighWrong, UpsideDown, Store],
        }
    }
}

/// A line of a [`Routine`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Each line's own words stand on the page.
#[rustfmt::skip]
pub enum Spot {
    Busy, Short, Family, Route, Cast, Source, OtherPeer, PeerCache, SynSent, Choose, Syn, Undo,
    Hash, Sole, InTimewait, NoStamp, TakeOver, Alive, Unused,
    NotLocal, Privileged, HasPort, GetPort, BindFails,
    Look, Make, Welcome, Conflict, Lower, Join,
    Start, Each, Free, Remember, Next, Exhausted,
    NotClosed, Listens, SetListen, ListenPort, ListenFails,
    Ignored, SynAck, Stamps, Reset, NoListener,
    NoConnection, Fin, Ack, PeerFin, Passive, Keep, Leave, Destroy, Closed,
    Remembered, Overflow, MiniSocket, Slot, Restart, Wait,
    EndAll, EndBucket, Slip, Advance, FastRows, WaitOver,
    LowWrong, HighWrong, UpsideDown, Store,
}

impl Spot {
    /// The routine that the line belongs to.
    pub fn routine(self) -> Routine {
        let has = |routine: &Routine| routine.lines().contains(&self);
        Routine::ALL.into_iter().find(has).unwrap_or(Routine::Connect)
    }

    /// Number of the line, from 1.
    pub fn number(self) -> u32 {
        let before = self.routine().lines().iter().take_while(|spot| **spot != self);
        before.count() as u32 + 1
    }
}

/// The line that an event of `call` lights; none for what lies inside a walk, which has lines of
/// its own, and for what isn't the kernel's doing.
pub(crate) fn lit(call: &Call, event: &Event) -> Option<Spot> {
    use Event as E;
    Some(match event {
        E::NoSuchSocket { .. } | E::Problem(_) | E::WallStepped { .. } | E::Rekeyed => return None,
        E::WalkStarted { .. } | E::Probe(_) | E::WalkEnded { .. } => return None,

        E::ConnectRefused(refusal) => connect_refused(*refusal),
        E::Routed { source_filled: true, .. } => Source,
        E::Routed { source_filled: false, .. } => Route,
        E::StampCleared { .. } => OtherPeer,
        E::StampLent { .. } => PeerCache,
        E::BoundStarted { .. } => Hash,
        E::BoundChecked(check) => bound(check.verdict),
        E::TimewaitInherited { .. } => TakeOver,
        E::SynSent { .. } | E::SynFailed { .. } => Syn,
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
        E::BucketDestroyed { .. } => ending(call, Destroy),

        E::TimewaitMade { .. } => MiniSocket,
        E::TimewaitRestarted { .. } => Restart,
        E::TimewaitOverflow { .. } => Overflow,
        E::TimewaitEnded { cause: TimewaitCause::Reuse, .. } => TakeOver,
        E::TimewaitEnded { cause: TimewaitCause::Timer, .. } => EndAll,
        E::PeerRemembered { .. } => Remembered,
        E::FinWait2Waits { .. } => Wait,
        E::FinWait2Checked { .. } => WaitOver,
        E::CalendarTick { slipped: true, .. } => Slip,
        E::CalendarTick { slipped: false, .. } => Advance,
        E::FastTick { .. } => FastRows,

        E::SysctlWritten { outcome, .. } => match outcome {
            SysctlOutcome::Taken => Store,
            SysctlOutcome::HalfTaken => HighWrong,
            SysctlOutcome::OutOfRange => LowWrong,
            SysctlOutcome::LowAboveHigh => UpsideDown,
        },
    })
}

fn connect_refused(refusal: ConnectRefusal) -> Spot {
    match refusal {
        ConnectRefusal::Connected
        | ConnectRefusal::Listening
        | ConnectRefusal::UnderWay
        | ConnectRefusal::Refused => Busy,
        ConnectRefusal::ShortAddress => Short,
        ConnectRefusal::Family => Family,
        ConnectRefusal::NoRoute | ConnectRefusal::ZeroNetwork => Route,
        ConnectRefusal::Multicast | ConnectRefusal::Broadcast => Cast,
    }
}

fn bound(verdict: Verdict) -> Spot {
    match verdict {
        Verdict::Timewait(
            TimewaitRefusal::NoStamp | TimewaitRefusal::ReuseOff | TimewaitRefusal::TooYoung { .. },
        ) => NoStamp,
        Verdict::TimewaitTaken => TakeOver,
        Verdict::LiveSameTuple | Verdict::BindOwned | Verdict::NoMemory => Alive,
        Verdict::Shared | Verdict::New => Unused,
    }
}

/// Where a search for a port ends in vain; a conflict ends the call on the line `fails`.
fn port_refused(refusal: BindRefusal, fails: Spot) -> Spot {
    match refusal {
        BindRefusal::NotLocal => NotLocal,
        BindRefusal::Privileged => Privileged,
        BindRefusal::Bound => HasPort,
        BindRefusal::Conflict => fails,
        BindRefusal::Exhausted => Exhausted,
        BindRefusal::NoMemory => Make,
        BindRefusal::EmptyRange => Start,
    }
}

fn state(call: &Call, to: SocketState) -> Spot {
    match to {
        SocketState::SynSent => SynSent,
        SocketState::Established => SynAck,
        SocketState::Listen => SetListen,
        SocketState::FinWait1 => Fin,
        SocketState::FinWait2 => Ack,
        SocketState::TimeWait => PeerFin,
        SocketState::CloseWait | SocketState::LastAck => Passive,
        SocketState::Close => ending(call, Closed),
    }
}

/// The line of what ends a socket, or its try: calls that end it on the way have a line for it.
fn ending(call: &Call, otherwise: Spot) -> Spot {
    match call {
        Call::Connect { family: 1.., .. } => Undo,
        Call::Listen { .. } => ListenFails,
        Call::Rst { .. } => Reset,
        Call::Advance { .. } if otherwise == Destroy => EndBucket,
        _ => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_belongs_to_one_routine() {
        let mut seen = Vec::new();
        for routine in Routine::ALL {
            assert!(routine.lines().len() <= 12, "{routine:?}");
            for (at, spot) in routine.lines().iter().enumerate() {
                assert_eq!((spot.routine(), spot.number()), (routine, at as u32 + 1));
                assert!(!seen.contains(spot), "{spot:?}");
                seen.push(*spot);
            }
        }
        assert_eq!(seen.len(), Store as usize + 1, "no line is left out");
    }
}
