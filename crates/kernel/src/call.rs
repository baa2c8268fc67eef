//! What can be done to the machine: system calls, segments that arrive, time, and knobs.

use std::fmt;

use crate::addr::{Addr, Tuple};
use crate::errno::Errno;
use crate::sysctl::{Sysctl, SysctlValue};

/// A socket, by the number that the caller gave it.
///
/// Any number but `u32::MAX` is a name; counting up is what the model is quickest with. Written as
/// `s0`, `s1`, ….
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketName(pub u32);

impl fmt::Display for SocketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s{}", self.0)
    }
}

/// How a connection or a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseHow {
    /// We close first; the peer's ACK and FIN arrive at once: TIME_WAIT.
    Active,
    /// We close first; the peer only acknowledges: FIN_WAIT2.
    FinWait2,
    /// The peer closed first: nothing stays behind.
    Passive,
    /// `SO_LINGER` with 0 seconds: RST, nothing stays behind.
    Rst,
    /// Just `close(2)`, and no answer of a peer.
    Plain,
}

impl CloseHow {
    /// All of them, with their names in scenario files.
    pub const NAMES: [(CloseHow, &'static str); 5] = [
        (CloseHow::Active, "active"),
        (CloseHow::FinWait2, "finwait2"),
        (CloseHow::Passive, "passive"),
        (CloseHow::Rst, "rst"),
        (CloseHow::Plain, "plain"),
    ];

    /// The name in scenario files.
    pub fn name(self) -> &'static str {
        CloseHow::NAMES.iter().find(|(how, _)| *how == self).map_or("plain", |(_, name)| name)
    }

    /// The way of that name.
    pub fn parse(name: &str) -> Option<CloseHow> {
        CloseHow::NAMES.iter().find(|(_, known)| *known == name).map(|(how, _)| *how)
    }
}

/// A segment of the peer that reaches a mini-socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TwSegment {
    /// A RST with the expected number.
    Rst,
    /// An empty ACK with the expected number.
    Ack,
    /// An empty ACK with an old number.
    OldAck,
    /// A new SYN with a higher number.
    Syn,
}

/// One thing done to the machine. [`crate::Kernel::apply`] says what it answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// A new TCP socket (`inet_create`, `net/ipv4/af_inet.c`).
    Socket {
        /// Its name; must not be open.
        s: SocketName,
    },
    /// `setsockopt(SO_REUSEADDR)` (`sock_setsockopt`, `net/core/sock.c`).
    Reuse {
        /// The socket.
        s: SocketName,
        /// The option's new value.
        on: bool,
    },
    /// `setsockopt(SO_REUSEPORT)`, since 3.9 (`sk_setsockopt`, `net/core/sock.c`).
    ReusePort {
        /// The socket.
        s: SocketName,
        /// The option's new value.
        on: bool,
    },
    /// `setsockopt(IP_BIND_ADDRESS_NO_PORT)`, since 4.2 (`do_ip_setsockopt`,
    /// `net/ipv4/ip_sockglue.c`).
    NoPort {
        /// The socket.
        s: SocketName,
        /// The option's new value.
        on: bool,
    },
    /// `setsockopt(IP_LOCAL_PORT_RANGE)`, since 6.3 (`do_ip_setsockopt`,
    /// `net/ipv4/ip_sockglue.c`).
    Window {
        /// The socket.
        s: SocketName,
        /// Lowest port, 0 for the sysctl's.
        low: u16,
        /// Highest port, 0 for the sysctl's.
        high: u16,
    },
    /// `bind(2)` (`inet_bind`, `net/ipv4/af_inet.c`).
    Bind {
        /// The socket.
        s: SocketName,
        /// Local address, 0.0.0.0 for any.
        addr: Addr,
        /// Local port, 0 for any.
        port: u16,
    },
    /// Non-blocking `connect(2)` (`inet_stream_connect`, `net/ipv4/af_inet.c`); [`Call::connect`]
    /// makes the usual one.
    Connect {
        /// The socket.
        s: SocketName,
        /// Destination address.
        dst: Addr,
        /// Destination port.
        dport: u16,
        /// If the SYN goes out, the SYN-ACK arrives at once.
        establish: bool,
        /// The peer negotiates timestamps.
        peer_ts: bool,
        /// Address family; 2 is AF_INET, 0 (AF_UNSPEC) disconnects.
        family: u16,
        /// Length of the address in bytes; `sockaddr_in` has 16.
        addr_len: u32,
    },
    /// The SYN-ACK of an earlier connect arrives (`tcp_rcv_synsent_state_process`,
    /// `net/ipv4/tcp_input.c`).
    Est {
        /// The socket.
        s: SocketName,
        /// The peer negotiates timestamps.
        peer_ts: bool,
    },
    /// A data segment arrives, with a timestamp if the connection has them
    /// (`tcp_replace_ts_recent`, `net/ipv4/tcp_input.c`).
    Segment {
        /// The socket.
        s: SocketName,
    },
    /// A RST arrives (`tcp_reset`, `net/ipv4/tcp_input.c`).
    Rst {
        /// The socket.
        s: SocketName,
    },
    /// `listen(2)` (`inet_listen`, `net/ipv4/af_inet.c`).
    Listen {
        /// The socket.
        s: SocketName,
    },
    /// A finished incoming connection is accepted (`tcp_v4_syn_recv_sock`,
    /// `net/ipv4/tcp_ipv4.c`).
    Accept {
        /// The listening socket.
        l: SocketName,
        /// Name of the new socket; must not be open.
        s: SocketName,
        /// The client's address.
        peer: Addr,
        /// The client's port.
        peer_port: u16,
        /// The address of ours that it came in on.
        laddr: Addr,
        /// The peer negotiates timestamps.
        peer_ts: bool,
    },
    /// `accept(2)` of a connection that waits at a listener.
    AcceptWaiting {
        /// The listening socket.
        l: SocketName,
        /// Name of the new socket; must not be open.
        s: SocketName,
    },
    /// `connect(AF_UNSPEC)` (`tcp_disconnect`, `net/ipv4/tcp.c`).
    Disconnect {
        /// The socket.
        s: SocketName,
    },
    /// `close(2)` (`tcp_close`, `net/ipv4/tcp.c`), with what the peer does then; [`Call::close`]
    /// makes the usual one.
    Close {
        /// The socket.
        s: SocketName,
        /// Who closes, and how.
        how: CloseHow,
        /// The peer's last segment carries a timestamp, if the connection has them.
        stamp_now: bool,
    },
    /// The peer's FIN reaches a FIN_WAIT2 mini-socket (`tcp_timewait_state_process`,
    /// `net/ipv4/tcp_minisocks.c`).
    TwFin {
        /// The mini-socket's 4-tuple.
        tuple: Tuple,
    },
    /// Another segment of the peer reaches a mini-socket (`tcp_timewait_state_process`,
    /// `net/ipv4/tcp_minisocks.c`).
    TwSegment {
        /// The mini-socket's 4-tuple.
        tuple: Tuple,
        /// Which segment.
        segment: TwSegment,
    },
    /// Time passes, and timers run.
    Advance {
        /// Milliseconds; the clock ends at [`crate::CLOCK_MS_MAX`].
        ms: u64,
    },
    /// The wall clock is stepped; timers don't notice.
    Wall {
        /// Seconds forward, or backward if negative.
        sec: i64,
    },
    /// A write to `/proc/sys/net/ipv4` (`net/ipv4/sysctl_net_ipv4.c`).
    Sysctl {
        /// The variable.
        sysctl: Sysctl,
        /// What is written.
        value: SysctlValue,
    },
    /// The same with a text, as `/proc` takes it.
    SysctlText {
        /// The variable.
        sysctl: Sysctl,
        /// What is written, without the line's end.
        text: Box<str>,
    },
    /// Stores a port range past the sysctl's checks.
    ForceRange {
        /// Lowest port, at least 1.
        low: u16,
        /// Highest port; may be below `low`.
        high: u16,
    },
    /// Replaces the port-offset hash by a number, or puts it back. Up to 4.19 the hash has 32 bits,
    /// and only the lower half of the number counts.
    Offset {
        /// The number, or `None` for the hash itself.
        v: Option<u64>,
    },
    /// Gives the port-offset hash a new key (`rekey_seq_generator`, `drivers/char/random.c`).
    Rekey {
        /// The key.
        secret: Box<[u32; 12]>,
    },
    /// Gives or takes CAP_NET_BIND_SERVICE.
    Cap {
        /// Whether ports below 1024 can be bound to.
        v: bool,
    },
    /// Lets a bind-bucket allocation fail.
    FailTb {
        /// Which of the following ones, from 1; 0 for none.
        v: u32,
    },
    /// Lets the allocation of a (port, address) bucket fail, from 6.1 on.
    FailTb2 {
        /// Which of the following ones, from 1; 0 for none.
        v: u32,
    },
    /// Lets the sending of one SYN fail with −105.
    FailSyn {
        /// Which of the following ones, from 1; 0 for none.
        v: u32,
    },
    /// Lets the sending of every following SYN fail.
    FailTcpConnect {
        /// With what, or `None` to let it work again.
        v: Option<Errno>,
    },
    /// Nothing happens; a trace lists the bind table here.
    Dump,
}

impl Call {
    /// An IPv4 `connect` whose SYN-ACK comes at once, from a peer with timestamps.
    pub const fn connect(s: SocketName, dst: Addr, dport: u16) -> Call {
        Call::Connect { s, dst, dport, establish: true, peer_ts: true, family: 2, addr_len: 16 }
    }

    /// A `close` whose last segment carries a timestamp.
    pub const fn close(s: SocketName, how: CloseHow) -> Call {
        Call::Close { s, how, stamp_now: true }
    }

    /// The same call on another socket, if it acts on one; an `accept` makes that one.
    pub fn on(&self, other: SocketName) -> Call {
        let mut call = self.clone();
        match &mut call {
            Call::Socket { s }
            | Call::Reuse { s, .. }
            | Call::ReusePort { s, .. }
            | Call::NoPort { s, .. }
            | Call::Window { s, .. }
            | Call::Bind { s, .. }
            | Call::Connect { s, .. }
            | Call::Est { s, .. }
            | Call::Segment { s }
            | Call::Rst { s }
            | Call::Listen { s }
            | Call::Accept { s, .. }
            | Call::AcceptWaiting { s, .. }
            | Call::Disconnect { s }
            | Call::Close { s, .. } => *s = other,
            _ => {}
        }
        call
    }

    /// The socket that the call acts on; of an `accept` the new one.
    pub const fn socket_name(&self) -> Option<SocketName> {
        match *self {
            Call::Socket { s }
            | Call::Reuse { s, .. }
            | Call::ReusePort { s, .. }
            | Call::NoPort { s, .. }
            | Call::Window { s, .. }
            | Call::Bind { s, .. }
            | Call::Connect { s, .. }
            | Call::Est { s, .. }
            | Call::Segment { s }
            | Call::Rst { s }
            | Call::Listen { s }
            | Call::Accept { s, .. }
            | Call::AcceptWaiting { s, .. }
            | Call::Disconnect { s }
            | Call::Close { s, .. } => Some(s),
            _ => None,
        }
    }
}

/// What a call answers. Replies are equal if they say the same, whatever it cost.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// What the system call returns: 0, a count of bytes, or a negative errno. A non-blocking
    /// `connect` that works returns −EINPROGRESS.
    pub ret: i32,
    /// The call was outside the model's limits and changed nothing; `ret` is −EINVAL then.
    pub problem: Option<Problem>,
    /// Steps that the walk of a `connect` made, whatever came of it; 0 for a call without a walk.
    pub steps: u32,
    /// What the call cost, in steps of a walk: those made, owners asked, timers run, mini-sockets
    /// ended, and one for the call itself. An estimate where a chain is long.
    pub work: u32,
}

impl PartialEq for Reply {
    fn eq(&self, other: &Reply) -> bool {
        (self.ret, self.problem, self.steps) == (other.ret, other.problem, other.steps)
    }
}

impl Eq for Reply {}

impl Reply {
    /// Success, or nothing to say.
    pub const OK: Reply = Reply::of(0);

    pub(crate) const fn of(ret: i32) -> Reply {
        Reply { ret, problem: None, steps: 0, work: 1 }
    }

    /// The error, if it is one; EINPROGRESS counts.
    pub fn errno(self) -> Option<Errno> {
        Errno::from_code(self.ret.checked_neg()?)
    }

    pub(crate) const fn problem(problem: Problem) -> Reply {
        Reply { problem: Some(problem), ..Reply::of(-Errno::EINVAL.code()) }
    }
}

impl From<Errno> for Reply {
    fn from(errno: Errno) -> Reply {
        Reply::of(-errno.code())
    }
}

/// A call that the model doesn't carry out, for a reason of its own and not of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// `socket` or `accept` with the name of an open socket.
    NameInUse,
    /// The number `u32::MAX` names no socket.
    ReservedName,
    /// More sockets than the model allows.
    TooManySockets,
    /// The clock would pass what the model allows.
    ClockLimit,
    /// The wall clock would leave the range that the model allows.
    WallLimit,
    /// A search for any port in a range that is upside down: Linux divides by zero.
    EmptyRange,
    /// A forced range that begins at port 0.
    RangeFromZero,
    /// SYNs that are to fail with EINPROGRESS, which is how a connect says that it works.
    SynFailsWithSuccess,
}

impl Problem {
    /// A sentence about it.
    pub const fn message(self) -> &'static str {
        match self {
            Problem::NameInUse => "that socket name is still open",
            Problem::ReservedName => "that number names no socket",
            Problem::TooManySockets => "too many sockets",
            Problem::ClockLimit => "the clock can't be moved that far",
            Problem::WallLimit => "the wall clock can't show that time",
            Problem::EmptyRange => "bind and listen can't search an upside-down range",
            Problem::RangeFromZero => "a port range begins at 1 or above",
            Problem::SynFailsWithSuccess => "EINPROGRESS is no failure of a connect",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}
