//! Which rows were opened here and which were accepted.
//!
//! A row says nothing of it, so it is worked out: who listens, whose end stands in more rows, and
//! whose port is one of automatic choice.

use crate::end::End;
use crate::observed::{Observed, PastedRow};
use crate::state::TcpState;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A connection opened here: it holds a port of the range.
    Opened,
    /// A connection accepted here: it holds none.
    Accepted,
    /// A listener.
    Listener,
    /// A socket without a connection, or the same row as an earlier one.
    Nothing,
}

/// How often something stands in a sorted list.
fn times<T: Ord>(sorted: &[T], wanted: &T) -> usize {
    let from = sorted.partition_point(|each| each < wanted);
    sorted[from..].partition_point(|each| each <= wanted)
}

/// What is known of all rows.
struct Seen {
    listeners: Vec<End>,
    locals: Vec<End>,
    peers: Vec<End>,
    range: (u16, u16),
}

impl Seen {
    fn listens(&self, end: &End) -> bool {
        let from = self.listeners.partition_point(|listener| listener.port < end.port);
        let same = self.listeners[from..].iter().take_while(|listener| listener.port == end.port);
        same.take(64).any(|listener| listener.is_any() || listener.ip == end.ip)
    }

    fn is_chosen(&self, port: u16) -> bool {
        (self.range.0..=self.range.1).contains(&port)
    }

    fn role(&self, row: &PastedRow) -> Role {
        let (here, there) = (row.local, row.peer);
        if row.state == TcpState::Listen {
            return Role::Listener;
        }
        if there.port == 0 || row.state == TcpState::Close {
            return Role::Nothing;
        }
        if row.state == TcpState::SynSent {
            return Role::Opened;
        }
        if row.state == TcpState::SynRecv || self.listens(&here) {
            return Role::Accepted;
        }
        if self.locals.binary_search(&there).is_ok() && self.listens(&there) {
            return Role::Opened;
        }
        let (ours, theirs) = (times(&self.locals, &here), times(&self.peers, &there));
        match (self.is_chosen(here.port), self.is_chosen(there.port)) {
            (true, false) => Role::Opened,
            (false, true) => Role::Accepted,
            _ if ours > theirs && ours > 1 => Role::Accepted,
            _ if theirs > ours => Role::Opened,
            (true, true) => Role::Opened,
            (false, false) if here.port < there.port => Role::Accepted,
            _ => Role::Opened,
        }
    }
}

/// The role of each row; `range` is the range of automatic choice, or what is taken for it.
pub(crate) fn roles(observed: &Observed, range: (u16, u16)) -> Vec<Role> {
    let rows = &observed.rows;
    let live = rows.iter().filter(|row| row.state != TcpState::Listen);
    let listeners = rows.iter().filter(|row| row.state == TcpState::Listen);
    let mut listeners: Vec<End> = listeners.map(|row| row.local).collect();
    listeners.sort_unstable_by_key(|end| (end.port, end.ip));
    listeners.dedup();
    let mut locals: Vec<End> = live.clone().map(|row| row.local).collect();
    locals.sort_unstable();
    let mut peers: Vec<End> = live.map(|row| row.peer).collect();
    peers.sort_unstable();
    let seen = Seen { listeners, locals, peers, range };
    rows.iter().map(|row| seen.role(row)).collect()
}
