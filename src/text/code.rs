//! The kernel's code in our words: one condition or one deed a line, so that one line is one
//! reason. It is the same in every language. A line that releases word differently has all its
//! wordings here, in the order of `listing`.

use error99_replay::listing::{CodeLine, Spot};

use super::Catalogue;
use crate::lang::Lang;

/// Defines the wordings of each line of code, by the line's name.
macro_rules! code {
    ($( $spot:ident { $($words:literal)+ } )*) => {
        /// The lines of code.
        pub static CATALOGUE: Catalogue = Catalogue::new(&[$($([$words, $words]),+),*]);
        /// The lines, in its order.
        enum Place { $($spot),* }
        /// How many wordings each has.
        static WORDINGS: &[u8] = &[$( [$($words),+].len() as u8 ),*];

        /// Where the wordings of a line begin in the catalogue.
        fn begin(spot: Spot) -> usize {
            let place = match spot { $(Spot::$spot => Place::$spot),* };
            WORDINGS.iter().take(place as usize).map(|count| usize::from(*count)).sum()
        }
    };
}

/// A line as it stands on the page.
pub fn words(line: CodeLine) -> &'static str {
    CATALOGUE.get(Lang::En, begin(line.spot) + usize::from(line.wording))
}

code! {
    // ── The choice of a port ──
    Hint { "hint = table[hash & 65535]" }
    Offset { "offset = hint + hash(src, dst, dport)" "offset = (hint + hash) & ~1" "offset = (hint + hash) % remaining & ~1" "offset = hint + (hash >> 32), made even" }
    Loop { "for i in 1 .. remaining:" "for i in 0 .. remaining - 1:" "for pass in 0, 1: for i in 0, 2 ..:" "own range: every port; else two passes:" }
    Port { "  port = low + (i + offset) % remaining" "  port = low + offset + pass + i" }
    Wrap { "  port > high: port -= remaining" }
    Reserved { "  port is reserved:     next" }
    Head { "  head = bhash[port & (size-1)]" }
    Search { "  tb = search head.chain for port" }
    NoBucket { "  no tb:                take" }
    BindOwns { "  tb.fastreuse >= 0:    next" "  a flag of tb >= 0:    next" }
    InTimewait { "  same 4-tuple in TIME_WAIT?" }
    NoStamp { "    no timestamp:       next" }
    HalfClosed { "    in FIN_WAIT2:       next" }
    ReuseOff { "    tw_reuse is 0:      next" "    reuse 0, or 2 not lo: next" }
    TooYoung { "    not older than 1 s: next" "    stamp of this second: next" "    within reuse_delay: next" }
    TakeOver { "    else:               take" }
    Alive { "  same 4-tuple alive?   next" }
    Share { "  neither:              take" }
    Fail { "return -EADDRNOTAVAIL" }
    Take { "take: hint += i; return 0" "take: hint += (i + 2) & ~1; return 0" "take: hint += i + 2; return 0" "take: hint += max(i, 2r) + 2" }

    // ── connect() around that choice ──
    Busy { "socket isn't free: EISCONN, EALREADY" }
    Earlier { "an earlier try failed: say so, once" }
    Learn { "handshake is over: return 0, once" }
    Short { "address of a wrong length: EINVAL" }
    Family { "not IPv4:          EAFNOSUPPORT" }
    Route { "no route to dst:   ENETUNREACH" }
    Cast { "multi-, broadcast: ENETUNREACH" }
    Source { "no src yet: src = route.src" }
    OtherPeer { "stamp of another dst: forget it" }
    PeerCache { "tw_recycle: stamp of peer cache" }
    SynSent { "state = SYN_SENT" }
    Choose { "port: walk, or check its own" }
    Syn { "send the SYN" }
    Undo { "failed: state = CLOSE, leave port" "failed: CLOSE, leave port and src" }

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
    Privileged { "port < 1024, no right:    EACCES" "port < unprivileged start: EACCES" }
    HasPort { "has a port, or not CLOSE: EINVAL" }
    WithoutPort { "NO_PORT and port 0: no search" }
    GetPort { "get_port(port)  # 0: search" }
    BindFails { "none: forget addr; -EADDRINUSE" }

    // ── A definite port for bind() and listen() ──
    Look { "tb = search head.chain for port" }
    Make { "no tb: make one, fastreuse 0 or 1" }
    Welcome { "tb.fastreuse 1, we share: join" "a flag of tb fits us: join untested" }
    AnyInTheWay { "any-address owner in the way? fail" }
    MakeAddress { "tb2 for (port, addr): make if none" }
    Conflict { "else owner in the way? -EADDRINUSE" }
    Lower { "we don't share: tb.fastreuse = 0" "we don't share: lower a flag of tb" "set tb.fastreuse, tb.fastreuseport" }
    Join { "join: tb.num_owners += 1" }

    // ── Any port for bind() and listen() ──
    Halves { "SO_REUSEADDR: lower half, then upper" }
    Start { "start = low + random % remaining" "start = low + (random % remaining | 1)" }
    Each { "for port from start, once round:" "for every 2nd port, then the others:" }
    SearchReserved { "  reserved:              next" }
    SearchAny { "  any-address owner in the way: next" }
    Free { "  no tb:                 take" }
    Remember { "  fastreuse 1, we share: remember" }
    Unopposed { "  no owner in the way:   take" }
    Next { "  else:                  next" }
    Relax { "none: again relaxed, autobind_reuse" }
    Exhausted { "nothing remembered: -EADDRINUSE" "none at all:        -EADDRINUSE" }

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
    Recover { "only connect's owners left: flags -1" }
    Closed { "state = CLOSE" }

    // ── A mini-socket takes a socket's place ──
    Remembered { "tw_recycle, stamp: to peer cache" }
    Overflow { "tw_count >= max: close at once" }
    MiniSocket { "mini-socket joins tb's owners" }
    Slot { "  and the slot of its time" "  and a timer of its own" }
    Wait { "FIN_WAIT2 > 60 s: wait as socket" }

    // ── A segment reaches a mini-socket ──
    RestartEnds { "RST, or a new SYN: end it" }
    RestartIfHalf { "FIN in FIN_WAIT2: state = TIME_WAIT" }
    RestartRemembered { "  tw_recycle, stamp: to peer cache" }
    RestartSlot { "  and the slot of its new time" "  and its timer starts anew" }

    // ── The slow calendar ticks ──
    EndAll { "end all mini-sockets of the slot" }
    EndBucket { "  tb without owner: destroy it" }
    Slip { "over 100: pointer stays" }
    Advance { "else:     pointer += 1" }

    // ── The fast calendar ticks ──
    FastRows { "empty all rows whose time has come" }
    FastEndAll { "  end their mini-sockets" }
    FastEndBucket { "  tb without owner: destroy it" }

    // ── A mini-socket's own timer ends it ──
    TimerEnds { "its own timer: end the mini-socket" }
    TimerBucket { "  tb without owner: destroy it" }

    // ── A full socket has waited in FIN_WAIT2 ──
    WaitOver { "FIN_WAIT2 waited: go on, or free" }

    // ── Two numbers are written to `ip_local_port_range` ──
    LowWrong { "low not in 1 .. 65535:  EINVAL" }
    HighWrong { "high not in 1 .. 65535: drop it" "high not in 1 .. 65535: EINVAL" }
    UpsideDown { "low > high:             EINVAL" }
    LowPrivileged { "low < unprivileged start: EINVAL" }
    StoreRange { "store both" }

    // ── A number is written ──
    ReadNumber { "value = the number written" }
    StoreNumber { "no bounds: store it" }

    // ── A number with bounds is written ──
    ReadBounded { "value = the number written" }
    OutOfBounds { "outside its bounds:  EINVAL" }
    StoreBounded { "else: store it" }

    // ── A number that fits into a byte is written ──
    ReadByte { "value = the number written" }
    NotAByte { "outside its bounds:  EINVAL" }
    StoreByte { "else: store it" }

    // ── Seconds are written ──
    ReadSeconds { "value = the number written" }
    StoreJiffies { "no bounds: store value * HZ" "if it fits: store value * HZ" }

    // ── A list of ports is written ──
    ReadList { "ports = the list written" }
    NotAList { "no list of ports:    EINVAL" }
    StoreList { "else: store it" }

    // ── `ip_unprivileged_port_start` is written ──
    ReadStart { "value = the number written" }
    StartWrong { "above low, or no port: EINVAL" }
    StoreStart { "else: store it" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters that fit into the pane.
    const WIDE: usize = 39;

    #[test]
    fn every_line_fits_into_the_pane_and_has_all_its_wordings() {
        for spot in Spot::all() {
            for wording in 0..spot.wordings() as u8 {
                let words = words(CodeLine { spot, wording });
                assert!((1..=WIDE).contains(&words.chars().count()), "{spot:?}: {words}");
            }
        }
        let all: usize = Spot::all().map(Spot::wordings).sum();
        assert_eq!(CATALOGUE.texts.len(), all);
    }
}
