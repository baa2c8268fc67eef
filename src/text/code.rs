//! The kernel's code in our words: one condition or one deed a line, so that one line is one
//! reason. It is the same in every language.

use error99_replay::listing::Spot;

use super::Catalogue;
use crate::lang::Lang;

/// Defines the words of each line of code, by the line's name.
macro_rules! code {
    ($( $spot:ident { $words:literal } )*) => {
        /// The lines of code.
        pub static CATALOGUE: Catalogue = Catalogue::new(&[$([$words, $words]),*]);
        /// Their places in it.
        enum Place { $($spot),* }

        /// A line as it stands on the page.
        pub fn words(spot: Spot) -> &'static str {
            let place = match spot { $(Spot::$spot => Place::$spot),* };
            CATALOGUE.get(Lang::En, place as usize)
        }
    };
}

code! {
    // ── The choice of a port ──
    Offset { "offset = hint + hash(src, dst, dport)" }
    Loop { "for i in 1 .. remaining:" }
    Port { "  port = low + (i + offset) % remaining" }
    Head { "  head = bhash[port & (size-1)]" }
    Search { "  tb = search head.chain for port" }
    NoBucket { "  no tb:                take" }
    BindOwns { "  tb.fastreuse >= 0:    next" }
    InTimewait { "  same 4-tuple in TIME_WAIT?" }
    NoStamp { "    no timestamp:       next" }
    ReuseOff { "    tw_reuse is 0:      next" }
    TooYoung { "    not older than 1 s: next" }
    TakeOver { "    else:               take" }
    Alive { "  same 4-tuple alive?   next" }
    Share { "  neither:              take" }
    Fail { "return -EADDRNOTAVAIL" }
    Take { "take: hint += i; return 0" }

    // ── connect() around that choice ──
    Busy { "socket isn't free: EISCONN, EALREADY" }
    Short { "address too short: EINVAL" }
    Family { "not IPv4:          EAFNOSUPPORT" }
    Route { "no route to dst:   ENETUNREACH" }
    Cast { "multi-, broadcast: ENETUNREACH" }
    Source { "no src yet: src = route.src" }
    OtherPeer { "stamp of another dst: forget it" }
    PeerCache { "tw_recycle: stamp of peer cache" }
    SynSent { "state = SYN_SENT" }
    Choose { "port: walk, or check its own" }
    Syn { "send the SYN" }
    Undo { "failed: state = CLOSE, leave port" }

    // ── The same for a socket that has a port ──
    BoundHash { "hash(src, dst, dport)  # ignored" }
    BoundSole { "sole owner: take       # never true" }
    BoundInTimewait { "same 4-tuple in TIME_WAIT?" }
    BoundNoStamp { "  no timestamp: -EADDRNOTAVAIL" }
    BoundTakeOver { "  else:         take over" }
    BoundAlive { "same 4-tuple alive? -EADDRNOTAVAIL" }
    BoundUnused { "neither:        take" }

    // ── bind() around the choice of a port ──
    NotLocal { "addr isn't local:  EADDRNOTAVAIL" }
    Privileged { "port < 1024, no right:    EACCES" }
    HasPort { "has a port, or not CLOSE: EINVAL" }
    GetPort { "get_port(port)  # 0: search" }
    BindFails { "none: forget addr; -EADDRINUSE" }

    // ── A definite port for bind() and listen() ──
    Look { "tb = search head.chain for port" }
    Make { "no tb: make one, fastreuse 0 or 1" }
    Welcome { "tb.fastreuse 1, we share: join" }
    Conflict { "else owner in the way? -EADDRINUSE" }
    Lower { "we don't share: tb.fastreuse = 0" }
    Join { "join: tb.num_owners += 1" }

    // ── Any port for bind() and listen() ──
    Start { "start = low + random % remaining" }
    Each { "for port from start, once round:" }
    Free { "  no tb:                 take" }
    Remember { "  fastreuse 1, we share: remember" }
    Next { "  else:                  next" }
    Exhausted { "nothing remembered: -EADDRINUSE" }

    // ── listen() around the choice of a port ──
    NotClosed { "not CLOSE or LISTEN: EINVAL" }
    Listens { "LISTEN already:      return 0" }
    SetListen { "state = LISTEN" }
    ListenPort { "get_port(own port)  # 0: search" }
    ListenFails { "none: state = CLOSE; -EADDRINUSE" }

    // ── Segments that arrive ──
    Ignored { "belongs to nothing: ignore it" }
    SynAck { "SYN-ACK: state = ESTABLISHED" }
    Stamps { "both sides stamp: timestamps on" }
    Reset { "RST: state = CLOSE, leave port" }

    // ── A client comes in ──
    NoListener { "accept without LISTEN: EINVAL" }
    Child { "client's ACK: child is ESTABLISHED" }
    ChildStamps { "  both sides stamp: timestamps on" }

    // ── How a socket ends and leaves its port ──
    NoConnection { "not ESTABLISHED: EINVAL" }
    PeerFirst { "peer's FIN first: state = CLOSE_WAIT" }
    LastAck { "  our FIN after:  state = LAST_ACK" }
    Fin { "send FIN:   state = FIN_WAIT1" }
    Ack { "its ACK:    state = FIN_WAIT2" }
    PeerFin { "peer's FIN: state = TIME_WAIT" }
    Keep { "port was named in bind: keep it" }
    Leave { "else: tb loses this owner" }
    Destroy { "tb without owner: destroy it" }
    Closed { "state = CLOSE" }

    // ── A mini-socket takes a socket's place ──
    Remembered { "tw_recycle, stamp: to peer cache" }
    Overflow { "tw_count >= max: close at once" }
    MiniSocket { "mini-socket joins tb's owners" }
    Slot { "  and the slot of its time" }
    Wait { "FIN_WAIT2 > 60 s: wait as socket" }

    // ── The peer's FIN reaches a mini-socket ──
    RestartIfHalf { "FIN in FIN_WAIT2: state = TIME_WAIT" }
    RestartRemembered { "  tw_recycle, stamp: to peer cache" }
    RestartSlot { "  and the slot of its new time" }

    // ── The slow calendar ticks ──
    EndAll { "end all mini-sockets of the slot" }
    EndBucket { "  tb without owner: destroy it" }
    Slip { "over 100: pointer stays" }
    Advance { "else:     pointer += 1" }

    // ── The fast calendar ticks ──
    FastRows { "empty all rows whose time has come" }
    FastEndAll { "  end their mini-sockets" }
    FastEndBucket { "  tb without owner: destroy it" }

    // ── A full socket has waited in FIN_WAIT2 ──
    WaitOver { "FIN_WAIT2 waited: go on, or free" }

    // ── Two numbers are written to `ip_local_port_range` ──
    LowWrong { "low not in 1 .. 65535:  EINVAL" }
    HighWrong { "high not in 1 .. 65535: drop it" }
    UpsideDown { "low > high:             EINVAL" }
    StoreRange { "store both" }

    // ── A number is written ──
    ReadNumber { "value = the number written" }
    StoreNumber { "no bounds: store it" }

    // ── Seconds are written ──
    ReadSeconds { "value = the number written" }
    StoreJiffies { "no bounds: store value * HZ" }
}

#[cfg(test)]
mod tests {
    use error99_replay::listing::Routine;

    use super::*;

    /// Characters that fit into the pane.
    const WIDE: usize = 39;

    #[test]
    fn every_line_fits_into_the_pane() {
        for spot in Routine::ALL.iter().flat_map(|routine| routine.lines()) {
            assert!((1..=WIDE).contains(&words(*spot).chars().count()), "{spot:?}");
        }
    }
}
