//! What holds ports: sockets, mini-sockets, and the buckets of the ports.

use std::collections::BTreeMap;

use super::rto::Rto;
use super::timers::TimerKey;

/// States of a socket, as `/proc/net/tcp` numbers them.
pub mod state {
    pub const ESTABLISHED: u8 = 1;
    pub const SYN_SENT: u8 = 2;
    pub const FIN_WAIT1: u8 = 4;
    pub const FIN_WAIT2: u8 = 5;
    pub const TIME_WAIT: u8 = 6;
    pub const CLOSE: u8 = 7;
    pub const CLOSE_WAIT: u8 = 8;
    pub const LISTEN: u8 = 10;
}

/// The user bound the address.
pub const LOCK_ADDR: u8 = 4;
/// The user bound the port.
pub const LOCK_PORT: u8 = 8;

/// What the file behind the socket is: unconnected, connecting, connected.
pub mod file {
    pub const UNCONNECTED: u8 = 1;
    pub const CONNECTING: u8 = 2;
    pub const CONNECTED: u8 = 3;
}

/// Both ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tuple {
    pub laddr: u32,
    pub lport: u16,
    pub faddr: u32,
    pub fport: u16,
}

impl Tuple {
    /// The connection as its other end sees it.
    pub fn turned(self) -> Tuple {
        Tuple { laddr: self.faddr, lport: self.fport, faddr: self.laddr, fport: self.lport }
    }
}

/// A socket, named or not.
#[derive(Clone, Debug)]
pub struct Sock {
    pub state: u8,
    pub ss: u8,
    pub saddr: u32,
    pub rcv_saddr: u32,
    pub sport: u16,
    /// The port it owns; 0 for none.
    pub num: u16,
    pub daddr: u32,
    pub dport: u16,
    pub locks: u8,
    pub reuse: bool,
    pub reuseport: bool,
    pub no_port: bool,
    /// `IP_LOCAL_PORT_RANGE`: low and high; 0 for no bound.
    pub window: (u16, u16),
    /// Second of the last timestamp; 0 for none.
    pub stamp: i64,
    pub ts_ok: bool,
    /// Errno that the next connect tells.
    pub error: i64,
    pub rto: Rto,
    /// In the established table under its tuple.
    pub hashed: bool,
    /// Its port came from connect (6.18).
    pub connect_bind: bool,
    /// No user holds it any more.
    pub orphan: bool,
    /// The timer of an unanswered SYN; on 3.10 it goes on, without effect, when one was answered.
    pub timer: Option<TimerKey>,
    /// The timer of a long FIN_WAIT2.
    pub wait: Option<TimerKey>,
    /// Millisecond of the monotonic clock when the first SYN and the last one went out, and the
    /// jiffy of the last one.
    pub first_syn_ms: i64,
    pub syn_sent_ms: i64,
    pub syn_sent_j: i64,
    /// SYNs sent.
    pub syns: i64,
    /// The connection whose SYN was given up by a disconnect.
    pub abandoned: Option<Tuple>,
    /// A number that grows with every socket that begins to listen.
    pub listens_since: usize,
    /// Connections that wait for accept, oldest first.
    pub queue: Vec<usize>,
    /// The other end, if it is on this host.
    pub other_end: Option<usize>,
}

impl Sock {
    /// Both ends, as the socket has them.
    pub fn tuple(&self) -> Tuple {
        Tuple { laddr: self.saddr, lport: self.sport, faddr: self.daddr, fport: self.dport }
    }
}

/// What is left of a socket in TIME_WAIT or FIN_WAIT2.
#[derive(Clone, Debug)]
pub struct Mini {
    pub tuple: Tuple,
    /// 5 FIN_WAIT2 or 6 TIME_WAIT.
    pub substate: u8,
    pub stamp: i64,
    /// Millisecond of the monotonic clock when it began (6.18).
    pub entry_ms: i64,
    pub reuse: bool,
    pub reuseport: bool,
    pub connect_bind: bool,
    pub timer: Option<TimerKey>,
}

/// An owner of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Sock(usize),
    Mini(usize),
}

/// A port that somebody owns.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub fastreuse: i8,
    pub fastreuseport: i8,
    /// Address of the last `SO_REUSEPORT` joiner.
    pub fast_saddr: u32,
    /// Newest first.
    pub owners: Vec<Owner>,
    /// Joins of sockets less leaves of sockets (3.10).
    pub num_owners: i64,
    /// Both flags of each address (6.18).
    pub addr_flags: BTreeMap<u32, (i8, i8)>,
}
