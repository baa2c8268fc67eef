//! The kinds of acts, and the numbers that each is made of. Both are the format: another kind,
//! or another number, is another version. Version 1 has the first 24 of them.

use error99_kernel::{Addr, Call, CloseHow, Errno, SocketName, Tuple, TwSegment};

use super::value::{
    SYSCTL_MOST, one_less, one_more, sysctl, sysctl_number, sysctl_numbers, sysctl_of,
    sysctl_version,
};
use crate::act::{Act, BindAct};
use crate::load::{Load, LoadClose};

/// Kinds that the client's destination is the usual one of.
pub const CONNECT: usize = 1;
pub const LOAD: usize = 22;
/// The kind that a list of ports follows.
pub const BIND_EACH: usize = 23;
/// The kind that a text follows.
pub const SYSCTL_TEXT: usize = 28;
/// Writes of numbers to a sysctl.
const SYSCTL: usize = 4;
/// How many kinds version 1 has.
const KINDS_1: usize = 24;
/// Numbers of the longest kind: the twelve words of a key.
pub const NUMBERS_MAX: usize = 12;

/// The numbers of an act, and room behind them.
pub type Row = [u64; NUMBERS_MAX];

/// What a number of a row is.
pub enum Number {
    /// A socket's name, told from the next one that is free.
    Next,
    /// A socket's name, told from the one named last.
    Last,
    /// A number up to this one.
    Most(u64),
}

use Number::{Last, Most, Next};

const FLAG: Number = Most(1);
const PORT: Number = Most(u16::MAX as u64);
const WORD: Number = Most(u32::MAX as u64);
/// A word that can be missing.
const OPTION: Number = Most(1 << 32);
const ANY: Number = Most(u64::MAX);

/// The kinds of acts, by their numbers.
pub static KINDS: [&[Number]; 31] = [
    &[Next],                                                                     // socket
    &[Last, WORD, PORT, Most(3), PORT, WORD],                                    // connect
    &[Last, Most(9)],                                                            // close
    &[ANY],                                                                      // advance
    &[Most(SYSCTL_MOST), WORD, WORD],                                            // sysctl
    &[Last, FLAG],                                                               // reuse
    &[Last, WORD, PORT],                                                         // bind
    &[Last],                                                                     // listen
    &[Next, Last, WORD, PORT, WORD, FLAG],                                       // accept
    &[Last, FLAG],                                                               // est
    &[Last],                                                                     // segment
    &[Last],                                                                     // rst
    &[Last],                                                                     // disconnect
    &[WORD, PORT, WORD, PORT],                                                   // tw_fin
    &[ANY],                                                                      // wall
    &[PORT, PORT],                                                               // force_range
    &[OPTION],                                                                   // offset
    &[WORD, WORD, WORD, WORD, WORD, WORD, WORD, WORD, WORD, WORD, WORD, WORD],   // rekey
    &[FLAG],                                                                     // cap
    &[WORD],                                                                     // fail_tb
    &[Most(255)],                                                                // fail_tcp_connect
    &[],                                                                         // dump
    &[Next, WORD, PORT, WORD, WORD, OPTION, Most(2), WORD, FLAG, Most(1 << 48)], // load
    &[Next, WORD, WORD],                                                         // bind_each
    &[Last, Most(3)],                   // reuseport, no_port
    &[Last, PORT, PORT],                // port_range
    &[Next, Last],                      // accept, waiting
    &[WORD, PORT, WORD, PORT, Most(3)], // tw_segment
    &[Most(SYSCTL_MOST / 2), WORD],     // sysctl, text
    &[Most(1), WORD],                   // fail_tb2, fail_syn
    &[ANY],                             // offset, wide
];

/// The version that has a kind, and such numbers in it.
pub fn version(kind: usize, row: &Row) -> u8 {
    match kind {
        SYSCTL => sysctl_version(row[0]),
        KINDS_1.. => 2,
        _ => 1,
    }
}

/// Whether something follows the numbers of a kind. Such acts are never repeated: a short text
/// must not ask for any amount of memory.
pub fn is_open(kind: usize) -> bool {
    matches!(kind, BIND_EACH | SYSCTL_TEXT)
}

/// What follows the numbers of an act.
#[derive(Default)]
pub struct Tail {
    /// The runs of [`BIND_EACH`].
    pub ports: Vec<[u16; 2]>,
    /// The text of [`SYSCTL_TEXT`].
    pub text: Box<str>,
}

/// The ways to close a socket, the segments that reach a mini-socket, and the ways to close a load's
/// connections, by their numbers in links. More may
/// follow; none is ever moved.
pub const CLOSES: [CloseHow; 5] =
    [CloseHow::Active, CloseHow::FinWait2, CloseHow::Passive, CloseHow::Rst, CloseHow::Plain];
pub const SEGMENTS: [TwSegment; 4] =
    [TwSegment::Rst, TwSegment::Ack, TwSegment::OldAck, TwSegment::Syn];
pub const LOAD_CLOSES: [LoadClose; 3] = [LoadClose::Active, LoadClose::Passive, LoadClose::Rst];

/// An act as its kind and its numbers.
pub fn numbers(act: &Act) -> (usize, Row) {
    let mut row = [0; NUMBERS_MAX];
    let mut kind = |kind: usize, numbers: &[u64]| {
        row[..numbers.len()].copy_from_slice(numbers);
        (kind, row)
    };
    let name = |s: SocketName| u64::from(s.0);
    let addr = |addr: Addr| u64::from(addr.0);
    let call = match act {
        Act::Call(call) => call,
        Act::Load(load) => return kind(LOAD, &load_numbers(load)),
        Act::Bind(BindAct { addr: a, ports, first_socket }) => {
            return kind(BIND_EACH, &[(*first_socket).into(), addr(*a), ports.len() as u64]);
        }
    };
    match *call {
        Call::Socket { s } => kind(0, &[name(s)]),
        Call::Connect { s, dst, dport, establish, peer_ts, family, addr_len } => {
            let late = u64::from(!establish) | u64::from(!peer_ts) << 1;
            let (family, len) = (family.wrapping_sub(2), addr_len.wrapping_sub(16));
            let row = [name(s), addr(dst), dport.into(), late, family.into(), len.into()];
            kind(CONNECT, &row)
        }
        Call::Close { s, how, stamp_now } => {
            let how = CLOSES.iter().position(|known| *known == how);
            kind(2, &[name(s), how.unwrap_or_default() as u64 * 2 + u64::from(!stamp_now)])
        }
        Call::Advance { ms } => kind(3, &[ms]),
        Call::Sysctl { sysctl, value } => kind(SYSCTL, &sysctl_numbers(sysctl, value)),
        Call::Reuse { s, on } => kind(5, &[name(s), (!on).into()]),
        Call::Bind { s, addr: a, port } => kind(6, &[name(s), addr(a), port.into()]),
        Call::Listen { s } => kind(7, &[name(s)]),
        Call::Accept { l, s, peer, peer_port, laddr, peer_ts } => {
            let stamps = u64::from(!peer_ts);
            kind(8, &[name(s), name(l), addr(peer), peer_port.into(), addr(laddr), stamps])
        }
        Call::Est { s, peer_ts } => kind(9, &[name(s), (!peer_ts).into()]),
        Call::Segment { s } => kind(10, &[name(s)]),
        Call::Rst { s } => kind(11, &[name(s)]),
        Call::Disconnect { s } => kind(12, &[name(s)]),
        Call::TwFin { tuple: Tuple { laddr, lport, faddr, fport } } => {
            kind(13, &[addr(laddr), lport.into(), addr(faddr), fport.into()])
        }
        Call::Wall { sec } => kind(14, &[sec as u64]),
        Call::ForceRange { low, high } => kind(15, &[low.into(), high.into()]),
        Call::Offset { v } => match v.map(u32::try_from) {
            None => kind(16, &[0]),
            Some(Ok(word)) => kind(16, &[one_more(Some(word))]),
            Some(Err(_)) => kind(30, &[v.unwrap_or_default()]),
        },
        Call::Rekey { ref secret } => kind(17, &secret.map(u64::from)),
        Call::Cap { v } => kind(18, &[(!v).into()]),
        Call::FailTb { v } => kind(19, &[v.into()]),
        Call::FailTcpConnect { v } => kind(20, &[v.map_or(0, |errno| errno.code() as u64)]),
        Call::Dump => kind(21, &[]),
        Call::ReusePort { s, on } => kind(24, &[name(s), (!on).into()]),
        Call::NoPort { s, on } => kind(24, &[name(s), 2 | u64::from(!on)]),
        Call::Window { s, low, high } => kind(25, &[name(s), low.into(), high.into()]),
        Call::AcceptWaiting { l, s } => kind(26, &[name(s), name(l)]),
        Call::TwSegment { tuple: Tuple { laddr, lport, faddr, fport }, segment } => {
            let segment = SEGMENTS.iter().position(|known| *known == segment).unwrap_or_default();
            let (laddr, faddr) = (addr(laddr), addr(faddr));
            kind(27, &[laddr, lport.into(), faddr, fport.into(), segment as u64])
        }
        Call::SysctlText { sysctl, ref text } => {
            kind(SYSCTL_TEXT, &[sysctl_number(sysctl), text.len() as u64])
        }
        Call::FailTb2 { v } => kind(29, &[0, v.into()]),
        Call::FailSyn { v } => kind(29, &[1, v.into()]),
    }
}

fn load_numbers(load: &Load) -> [u64; 10] {
    let close = LOAD_CLOSES.iter().position(|known| *known == load.close).unwrap_or_default();
    let also = load.also.map_or(0, |(dst, dport)| 1 + (u64::from(dst.0) << 16 | u64::from(dport)));
    [
        load.first_socket.into(),
        load.dst.0.into(),
        load.dport.into(),
        load.connections.into(),
        load.per_second.into(),
        one_more(load.hold_ms),
        close as u64,
        load.keep_every.into(),
        load.stop_at_error.into(),
        also,
    ]
}

/// The act of a kind, its numbers within the limits of [`KINDS`]; `None` if there is no such act.
pub fn act(kind: usize, row: &Row, Tail { ports, text }: Tail) -> Option<Act> {
    let name = |at: usize| SocketName(row[at] as u32);
    let addr = |at: usize| Addr(row[at] as u32);
    let port = |at: usize| row[at] as u16;
    let s = name(0);
    let tuple = Tuple { laddr: addr(0), lport: port(1), faddr: addr(2), fport: port(3) };
    Some(Act::Call(match kind {
        0 => Call::Socket { s },
        CONNECT => Call::Connect {
            s,
            dst: addr(1),
            dport: port(2),
            establish: row[3] & 1 == 0,
            peer_ts: row[3] & 2 == 0,
            family: port(4).wrapping_add(2),
            addr_len: (row[5] as u32).wrapping_add(16),
        },
        2 => {
            let how = CLOSES[row[1] as usize / 2];
            Call::Close { s, how, stamp_now: row[1] & 1 == 0 }
        }
        3 => Call::Advance { ms: row[0] },
        SYSCTL => {
            let (sysctl, value) = sysctl([row[0], row[1], row[2]])?;
            Call::Sysctl { sysctl, value }
        }
        5 => Call::Reuse { s, on: row[1] == 0 },
        6 => Call::Bind { s, addr: addr(1), port: port(2) },
        7 => Call::Listen { s },
        8 => Call::Accept {
            l: name(1),
            s,
            peer: addr(2),
            peer_port: port(3),
            laddr: addr(4),
            peer_ts: row[5] == 0,
        },
        9 => Call::Est { s, peer_ts: row[1] == 0 },
        10 => Call::Segment { s },
        11 => Call::Rst { s },
        12 => Call::Disconnect { s },
        13 => Call::TwFin { tuple },
        14 => Call::Wall { sec: row[0] as i64 },
        15 => Call::ForceRange { low: port(0), high: port(1) },
        16 => Call::Offset { v: one_less(row[0]).map(u64::from) },
        17 => Call::Rekey { secret: Box::new(std::array::from_fn(|i| row[i] as u32)) },
        18 => Call::Cap { v: row[0] == 0 },
        19 => Call::FailTb { v: row[0] as u32 },
        20 if row[0] == 0 => Call::FailTcpConnect { v: None },
        20 => Call::FailTcpConnect { v: Some(Errno::from_code(row[0] as i32)?) },
        LOAD => return Some(Act::Load(load(row))),
        BIND_EACH => {
            return Some(Act::Bind(BindAct { addr: addr(1), ports, first_socket: s.0 }));
        }
        24 if row[1] < 2 => Call::ReusePort { s, on: row[1] == 0 },
        24 => Call::NoPort { s, on: row[1] == 2 },
        25 => Call::Window { s, low: port(1), high: port(2) },
        26 => Call::AcceptWaiting { l: name(1), s },
        27 => Call::TwSegment { tuple, segment: SEGMENTS[row[4] as usize] },
        SYSCTL_TEXT => Call::SysctlText { sysctl: sysctl_of(row[0])?, text },
        29 if row[0] == 0 => Call::FailTb2 { v: row[1] as u32 },
        29 => Call::FailSyn { v: row[1] as u32 },
        30 => Call::Offset { v: Some(row[0]) },
        _ => Call::Dump,
    }))
}

fn load(row: &Row) -> Load {
    let also = row[9].checked_sub(1).map(|also| (Addr((also >> 16) as u32), also as u16));
    Load {
        first_socket: row[0] as u32,
        dst: Addr(row[1] as u32),
        dport: row[2] as u16,
        connections: row[3] as u32,
        per_second: row[4] as u32,
        hold_ms: one_less(row[5]),
        close: LOAD_CLOSES[row[6] as usize],
        keep_every: row[7] as u32,
        stop_at_error: row[8] == 1,
        also,
    }
}
