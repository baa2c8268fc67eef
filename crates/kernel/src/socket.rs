//! Full sockets: their record and their states.
//!
//! The record holds what `struct inet_sock` and its neighbours hold on this path. Left out:
//! devices, queues, windows, sequence numbers and every other option of a socket.

use crate::addr::{Addr, Tuple};
use crate::arena::NONE;
use crate::call::SocketName;
use crate::errno::Errno;
use crate::syn::Syn;
use crate::tables::TablePlace;
use crate::view::SocketView;

/// TCP states, with Linux's numbers (`include/net/tcp_states.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SocketState {
    /// 1
    Established = 1,
    /// 2
    SynSent = 2,
    /// 4
    FinWait1 = 4,
    /// 5
    FinWait2 = 5,
    /// 6: a full socket passes through it only on its way out.
    TimeWait = 6,
    /// 7
    Close = 7,
    /// 8
    CloseWait = 8,
    /// 9
    LastAck = 9,
    /// 10
    Listen = 10,
}

/// State of the socket layer above TCP (`SS_…`, `include/linux/net.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Phase {
    /// 1
    Unconnected = 1,
    /// 2
    Connecting = 2,
    /// 3
    Connected = 3,
}

/// What the user bound a socket to (`sk_userlocks`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Locks(u8);

impl Locks {
    const ADDRESS: u8 = 4;
    const PORT: u8 = 8;

    pub(crate) const fn address(self) -> bool {
        self.0 & Locks::ADDRESS != 0
    }

    pub(crate) const fn port(self) -> bool {
        self.0 & Locks::PORT != 0
    }

    /// Those of the address alone: what an accepted child has of its listener's.
    pub(crate) const fn of_address(self) -> Locks {
        Locks(self.0 & Locks::ADDRESS)
    }

    /// Locks more; nothing comes loose.
    pub(crate) const fn add(&mut self, address: bool, port: bool) {
        self.0 |= (Locks::ADDRESS * address as u8) | (Locks::PORT * port as u8);
    }
}

/// A full socket. (`Copy`, like the other records: so a table of them is copied as one piece.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct Socket {
    /// Not beside `rcv_saddr`: a connect writes them one after the other and reads both at once,
    /// for which a processor would wait if they were one word.
    pub(crate) daddr: Addr,
    pub(crate) saddr: Addr,
    pub(crate) rcv_saddr: Addr,
    pub(crate) sport: u16,
    pub(crate) dport: u16,
    pub(crate) state: SocketState,
    pub(crate) phase: Phase,
    pub(crate) locks: Locks,
    pub(crate) reuse: bool,
    pub(crate) reuseport: bool,
    /// `IP_BIND_ADDRESS_NO_PORT`.
    pub(crate) no_port: bool,
    /// `IP_LOCAL_PORT_RANGE`, lowest and highest port; 0 for none.
    pub(crate) window: (u16, u16),
    /// What became of its connection, and wasn't told yet (`sk_err`).
    pub(crate) error: Option<Errno>,
    /// Its round trip.
    pub(crate) syn: Syn,
    /// Timestamps are in use on this connection.
    pub(crate) timestamps: bool,
    /// `ts_recent_stamp`: second of the last timestamped segment, 0 for none.
    pub(crate) stamp: u32,
    /// `ts_recent`: the timestamp itself.
    pub(crate) ts_recent: u32,
    /// Its port, and its places in the tables.
    pub(crate) place: TablePlace,
    /// Its [`SocketName`], or [`NONE`] once it is closed.
    name: u32,
}

impl Socket {
    /// A socket as `socket(2)` makes it.
    pub(crate) const fn new(name: SocketName, hz: u32) -> Socket {
        Socket {
            saddr: Addr::ANY,
            rcv_saddr: Addr::ANY,
            daddr: Addr::ANY,
            sport: 0,
            dport: 0,
            state: SocketState::Close,
            phase: Phase::Unconnected,
            locks: Locks(0),
            reuse: false,
            reuseport: false,
            no_port: false,
            window: (0, 0),
            error: None,
            syn: Syn::new(hz),
            timestamps: false,
            stamp: 0,
            ts_recent: 0,
            place: TablePlace::NOWHERE,
            name: name.0,
        }
    }

    /// Port that it owns; 0 for none.
    #[inline(always)]
    pub(crate) const fn num(&self) -> u16 {
        self.place.num()
    }

    /// The tuple that it has, or would have, in the established table.
    pub(crate) const fn tuple(&self) -> Tuple {
        Tuple { laddr: self.rcv_saddr, lport: self.num(), faddr: self.daddr, fport: self.dport }
    }

    pub(crate) const fn name(&self) -> Option<SocketName> {
        match self.name {
            NONE => None,
            name => Some(SocketName(name)),
        }
    }

    /// `accept(2)` gives it a name.
    pub(crate) fn give_name(&mut self, name: SocketName) {
        self.name = name.0;
    }

    /// It is closed: from here on it has no name.
    pub(crate) fn take_name(&mut self) -> Option<SocketName> {
        let name = self.name();
        self.name = NONE;
        name
    }

    /// `SO_REUSEADDR` counts only while the socket doesn't listen.
    pub(crate) const fn shares_port(&self) -> bool {
        self.reuse && !matches!(self.state, SocketState::Listen)
    }

    pub(crate) const fn view(&self) -> SocketView {
        SocketView {
            name: self.name(),
            saddr: self.saddr,
            rcv_saddr: self.rcv_saddr,
            sport: self.sport,
            num: self.num(),
            daddr: self.daddr,
            dport: self.dport,
            state: self.state,
            address_locked: self.locks.address(),
            port_locked: self.locks.port(),
            reuse: self.reuse,
            reuseport: self.reuseport,
            no_port: self.no_port,
            window: self.window,
            phase: self.phase,
            rto: self.syn.rto(),
            stamp: self.stamp,
            timestamps: self.timestamps,
        }
    }
}
