//! The words of the routines beside the walk: one condition or one deed a line, by us.

use error99_replay::routine::{Routine, Spot};

/// The function of the kernel that the routine is taken from.
pub fn function(routine: Routine) -> &'static str {
    match routine {
        Routine::Connect => "tcp_v4_connect",
        Routine::Bound => "__inet_hash_connect",
        Routine::Bind => "inet_bind",
        Routine::Port | Routine::Search => "inet_csk_get_port",
        Routine::Listen => "inet_listen",
        Routine::Arrive => "tcp_v4_do_rcv",
        Routine::Close => "tcp_close",
        Routine::Timewait => "tcp_time_wait",
        Routine::Tick => "inet_twdr_hangman",
        Routine::Sysctl => "ipv4_local_port_range",
    }
}

/// A line as it stands on the page.
pub fn words(spot: Spot) -> &'static str {
    match spot {
        Spot::Busy => "socket isn't free: EISCONN, EALREADY",
        Spot::Short => "address too short: EINVAL",
        Spot::Family => "not IPv4:          EAFNOSUPPORT",
        Spot::Route => "no route to dst:   ENETUNREACH",
        Spot::Cast => "multi-, broadcast: ENETUNREACH",
        Spot::Source => "no src yet: src = route.src",
        Spot::OtherPeer => "stamp of another dst: forget it",
        Spot::PeerCache => "tw_recycle: stamp of peer cache",
        Spot::SynSent => "state = SYN_SENT",
        Spot::Choose => "port: walk, or check its own",
        Spot::Syn => "send the SYN",
        Spot::Undo => "failed: state = CLOSE, leave port",

        Spot::Hash => "hash(src, dst, dport)  # ignored",
        Spot::Sole => "sole owner: take       # never true",
        Spot::InTimewait => "same 4-tuple in TIME_WAIT?",
        Spot::NoStamp => "  no timestamp: -EADDRNOTAVAIL",
        Spot::TakeOver => "  else:         take over",
        Spot::Alive => "same 4-tuple alive? -EADDRNOTAVAIL",
        Spot::Unused => "neither:        take",

        Spot::NotLocal => "addr isn't local:  EADDRNOTAVAIL",
        Spot::Privileged => "port < 1024, no right:    EACCES",
        Spot::HasPort => "has a port, or not CLOSE: EINVAL",
        Spot::GetPort => "get_port(port)  # 0: search",
        Spot::BindFails => "none: forget addr; -EADDRINUSE",

        Spot::Look => "tb = search head.chain for port",
        Spot::Make => "no tb: make one, fastreuse 0 or 1",
        Spot::Welcome => "tb.fastreuse 1, we share: join",
        Spot::Conflict => "else owner in the way? -EADDRINUSE",
        Spot::Lower => "we don't share: tb.fastreuse = 0",
        Spot::Join => "join: tb.num_owners += 1",

        Spot::Start => "start = low + random % remaining",
        Spot::Each => "for port from start, once round:",
        Spot::Free => "  no tb:                 take",
        Spot::Remember => "  fastreuse 1, we share: remember",
        Spot::Next => "  else:                  next",
        Spot::Exhausted => "nothing remembered: -EADDRINUSE",

        Spot::NotClosed => "not CLOSE or LISTEN: EINVAL",
        Spot::Listens => "LISTEN already:      return 0",
        Spot::SetListen => "state = LISTEN",
        Spot::ListenPort => "get_port(own port)  # 0: search",
        Spot::ListenFails => "none: state = CLOSE; -EADDRINUSE",

        Spot::Ignored => "belongs to nothing: ignore it",
        Spot::SynAck => "SYN-ACK: state = ESTABLISHED",
        Spot::Stamps => "both sides stamp: timestamps on",
        Spot::Reset => "RST: state = CLOSE, leave port",
        Spot::NoListener => "accept without LISTEN: EINVAL",

        Spot::NoConnection => "not ESTABLISHED: EINVAL",
        Spot::Fin => "send FIN:   state = FIN_WAIT1",
        Spot::Ack => "its ACK:    state = FIN_WAIT2",
        Spot::PeerFin => "peer's FIN: state = TIME_WAIT",
        Spot::Passive => "peer first: CLOSE_WAIT, LAST_ACK",
        Spot::Keep => "port was named in bind: keep it",
        Spot::Leave => "else: tb loses this owner",
        Spot::Destroy => "tb without owner: destroy it",
        Spot::Closed => "state = CLOSE",

        Spot::Remembered => "tw_recycle, stamp: to peer cache",
        Spot::Overflow => "tw_count >= max: close at once",
        Spot::MiniSocket => "mini-socket joins tb's owners",
        Spot::Slot => "  and the slot of its time",
        Spot::Restart => "FIN in FIN_WAIT2: TIME_WAIT anew",
        Spot::Wait => "FIN_WAIT2 > 60 s: wait as socket",

        Spot::EndAll => "end all mini-sockets of the slot",
        Spot::EndBucket => "  tb without owner: destroy it",
        Spot::Slip => "over 100: pointer stays",
        Spot::Advance => "else:     pointer += 1",
        Spot::FastRows => "fast calendar: empty what is due",
        Spot::WaitOver => "FIN_WAIT2 waited: go on, or free",

        Spot::LowWrong => "low not in 1 .. 65535:  EINVAL",
        Spot::HighWrong => "high not in 1 .. 65535: drop it",
        Spot::UpsideDown => "low > high:             EINVAL",
        Spot::Store => "store",
    }
}
