//! What holds ports: sockets, mini-sockets, and the buckets of the ports.

use std::collections::BTreeMap;

use super::rto::Rto;
use super::timers::TimerKey;

/// States of a socket, as `/proc/net/tcp` numbers them.
pub mod state {
    /// The handshake is done.
    pub const ESTABLISHED: u8 = 1;
    /// Our SYN is on its way.
    pub const SYN_SENT: u8 = 2;
    /// Our FIN is on its way.
    pub const FIN_WAIT1: u8 = 4;
    /// Our FIN was acknowledged; the peer owes its own.
    pub const FIN_WAIT2: u8 = 5;
    /// Both FINs were exchanged, and ours was first.
    pub const TIME_WAIT: u8 = 6;
    /// No connection.
    pub const CLOSE: u8 = 7;
    /// The FIN of the other end is here.
    pub const CLOSE_WAIT: u8 = 8;
    /// Connections may come in.
    pub const LISTEN: u8 = 10;
}

/// The user bound the address.
pub const LOCK_ADDR: u8 = 4;
/// The user bound the port.
pub const LOCK_PORT: u8 = 8;

/// What the file behind the socket is: unconnected, connecting, connected.
pub mod file {
    /// Nothing was begun, or it failed.
    pub const UNCONNECTED: u8 = 1;
    /// connect was called.
    pub const CONNECTING: u8 = 2;
    /// connect or accept said that the connection exists.
    pub const CONNECTED: u8 = 3;
}

/// Both ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tuple {
    /// Local address.
    pub laddr: u32,
    /// Local port.
    pub lport: u16,
    /// Address of the other end.
    pub faddr: u32,
    /// Port of the other end.
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
    /// One of [`state`].
    pub state: u8,
    /// One of [`file`].
    pub ss: u8,
    /// Source of what it sends; 0 for none.
    pub saddr: u32,
    /// The address under which it owns its port; 0 for any.
    pub rcv_saddr: u32,
    /// The port it had last.
    pub sport: u16,
    /// The port it owns; 0 for none.
    pub num: u16,
    /// Address of the last destination.
    pub daddr: u32,
    /// Its port.
    pub dport: u16,
    /// [`LOCK_ADDR`] and [`LOCK_PORT`].
    pub locks: u8,
    /// `SO_REUSEADDR`
    pub reuse: bool,
    /// `SO_REUSEPORT`
    pub reuseport: bool,
    /// `IP_BIND_ADDRESS_NO_PORT`
    pub no_port: bool,
    /// `IP_LOCAL_PORT_RANGE`: low and high; 0 for no bound.
    pub window: (u16, u16),
    /// Second of the last timestamp; 0 for none.
    pub stamp: i64,
    /// The connection has timestamps.
    pub ts_ok: bool,
    /// Errno that the next connect tells.
    pub error: i64,
    /// Its retransmission timeout.
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
    /// Millisecond of the monotonic clock when the first SYN went out.
    pub first_syn_ms: i64,
    /// The same of the last SYN.
    pub syn_sent_ms: i64,
    /// Jiffy since t=0 of the last SYN.
    pub syn_sent_j: i64,
    /// SYNs sent.
    pub syns: i64,
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
    /// Whose connection it was.
    pub tuple: Tuple,
    /// 5 FIN_WAIT2 or 6 TIME_WAIT.
    pub substate: u8,
    /// Second of the last timestamp; 0 for none.
    pub stamp: i64,
    /// Millisecond of the monotonic clock when it began (6.18).
    pub entry_ms: i64,
    /// `SO_REUSEADDR` of the socket.
    pub reuse: bool,
    /// `SO_REUSEPORT` of the socket.
    pub reuseport: bool,
    /// The port came from connect (6.18).
    pub connect_bind: bool,
    /// Its end; nothing on 3.10, which has a calendar.
    pub timer: Option<TimerKey>,
}

/// An owner of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A socket.
    Sock(usize),
    /// A mini-socket.
    Mini(usize),
}

/// A port that somebody owns.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// −1 made by connect, 0, or 1: all owners reuse addresses.
    pub fastreuse: i8,
    /// −1 made by connect, 0, 1: any address, 2: only the remembered one.
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
