//! How many ports each pair of source and destination holds, and whether that is all of them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use error99_kernel::{Sysctl, range_size};

use crate::end::End;
use crate::observed::{FailedCall, Observed, PastedRow};
use crate::roles::Role;
use crate::state::{STATES, TcpState};

/// What can be said of a yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Full {
    /// All ports are in use.
    Yes,
    /// Some are free.
    No,
    /// This can't be told from the paste.
    Unknown,
}

impl Full {
    /// Its word in files.
    pub const fn word(self) -> &'static str {
        match self {
            Full::Yes => "yes",
            Full::No => "no",
            Full::Unknown => "unknown",
        }
    }
}

/// A source and a destination, and what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairCount {
    /// The source, if it's known.
    pub source: Option<IpAddr>,
    /// The destination; port 0 for any port.
    pub destination: End,
    /// Connections: local ports, each once.
    pub count: u32,
    /// Those whose port lies in the range.
    pub inside: u32,
    /// By state.
    pub states: [u32; STATES],
    /// Ports of the range that are lost to it: reserved ones, and those of listeners.
    pub lost: u32,
    /// Whether that is all of the range.
    pub full: Full,
    /// It was counted by somebody else, and not from rows.
    pub counted: bool,
    /// Where its rows begin and how many there are in [`Pairs::order`].
    pub rows: (u32, u32),
}

impl PairCount {
    /// How many are in a state.
    pub const fn of(&self, state: TcpState) -> u32 {
        self.states[state as usize]
    }

    /// How many are alive.
    pub fn live(&self) -> u32 {
        let live = TcpState::ALL.into_iter().filter(|state| state.is_live());
        live.map(|state| self.of(state)).sum()
    }
}

/// All pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// The fullest first.
    pub all: Vec<PairCount>,
    /// Places of opened rows, pair by pair, by local port, each connection once.
    pub order: Vec<u32>,
    /// The listing is a part of the whole.
    pub sample: bool,
    /// Ports of the range that are lost to every connect.
    pub lost: Vec<u16>,
    /// Reserved ports in the range.
    pub reserved: u32,
}

/// What is known before pairs are made.
pub(crate) struct Ground<'a> {
    pub(crate) observed: &'a Observed,
    pub(crate) roles: &'a [Role],
    pub(crate) range: (u16, u16),
    pub(crate) said: bool,
    /// Addresses of this host, in order.
    ours: Vec<IpAddr>,
    /// Where connects failed with 99, in order.
    failed: Vec<End>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(
        observed: &'a Observed,
        roles: &'a [Role],
        range: (u16, u16),
        said: bool,
    ) -> Ground<'a> {
        let mut ours: Vec<IpAddr> = Vec::new();
        for row in &observed.rows {
            if ours.last() != Some(&row.local.ip) {
                ours.push(row.local.ip);
            }
        }
        ours.sort_unstable();
        ours.dedup();
        let connects = observed
            .failures
            .iter()
            .filter(|failure| failure.errno == 99 && failure.call != Some(FailedCall::Bind));
        let mut failed: Vec<End> = connects.filter_map(|failure| failure.end).collect();
        failed.sort_unstable();
        Ground { observed, roles, range, said, ours, failed }
    }

    /// Whether an address is this host's, as far as the paste tells.
    pub(crate) fn is_ours(&self, ip: IpAddr) -> bool {
        ip.is_loopback() || self.ours.binary_search(&ip).is_ok()
    }

    pub(crate) fn inside(&self, port: u16) -> bool {
        (self.range.0..=self.range.1).contains(&port)
    }

    pub(crate) fn size(&self) -> u32 {
        range_size(self.range.0, self.range.1)
    }

    /// Whether rows are missing.
    fn is_sample(&self) -> bool {
        let observed = self.observed;
        let cut = observed.listings.iter().all(|listing| listing.cut || listing.sieve.other);
        let sieved = observed.listings.iter().any(|listing| listing.sieve != Default::default());
        let totals = &observed.totals;
        let in_use = totals.in_use.map(|in_use| in_use + totals.timewait.unwrap_or(0));
        let said = totals.rows.into_iter().chain(totals.tcp).chain(in_use).max().unwrap_or(0);
        let rows = observed.rows.len() as u64;
        rows > 0 && (cut || !sieved && said > rows + rows / 4 + 16)
    }

    /// Ports of the range that no connect gets: reserved, or a listener's.
    fn lost(&self) -> (Vec<u16>, u32) {
        let text = self.observed.text_of(Sysctl::ReservedPorts).unwrap_or("");
        let mut taken = vec![false; 1 << 16];
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let ends = (first.trim().parse::<u16>(), last.trim().parse::<u16>());
            if let (Ok(first), Ok(last)) = ends {
                let ports = usize::from(first)..=usize::from(last);
                taken.get_mut(ports).unwrap_or_default().fill(true);
            }
        }
        let inside = |taken: &[bool]| {
            let ports = self.range.0..=self.range.1;
            ports.filter(|port| taken[usize::from(*port)]).collect::<Vec<u16>>()
        };
        let reserved = inside(&taken).len() as u32;
        for row in self.observed.rows.iter().filter(|row| row.state == TcpState::Listen) {
            taken[usize::from(row.local.port)] = true;
        }
        (inside(&taken), reserved)
    }

    fn row(&self, place: u32) -> &PastedRow {
        &self.observed.rows[place as usize]
    }

    /// Pairs of opened rows, and the order of their rows.
    fn of_rows(&self, lost: &[u16]) -> (Vec<PairCount>, Vec<u32>) {
        let opened =
            (0..self.roles.len() as u32).filter(|at| self.roles[*at as usize] == Role::Opened);
        let mut order: Vec<u32> = opened.collect();
        order.sort_unstable_by_key(|at| {
            let row = self.row(*at);
            (row.local.ip, row.peer, row.local.port, *at)
        });
        order.dedup_by_key(|at| (self.row(*at).local, self.row(*at).peer));
        let mut pairs: Vec<PairCount> = Vec::new();
        for (place, at) in order.iter().enumerate() {
            let row = self.row(*at);
            let same = |pair: &&mut PairCount| {
                pair.source == Some(row.local.ip) && pair.destination == row.peer
            };
            let pair = match pairs.last_mut().filter(same) {
                Some(pair) => pair,
                None => {
                    pairs.push(self.none(Some(row.local.ip), row.peer, place as u32, lost));
                    let last = pairs.len() - 1;
                    &mut pairs[last]
                }
            };
            pair.count += 1;
            pair.rows.1 += 1;
            pair.states[row.state as usize] += 1;
            pair.inside += u32::from(self.inside(row.local.port));
            pair.lost -= u32::from(lost.binary_search(&row.local.port).is_ok());
        }
        (pairs, order)
    }

    fn none(&self, source: Option<IpAddr>, to: End, at: u32, lost: &[u16]) -> PairCount {
        PairCount {
            source,
            destination: to,
            count: 0,
            inside: 0,
            states: [0; STATES],
            lost: lost.len() as u32,
            full: Full::Unknown,
            counted: false,
            rows: (at, 0),
        }
    }

    /// Whether a counted destination is the client of a connection that was accepted here.
    fn is_client(&self, to: &End) -> bool {
        self.inside(to.port) && self.is_ours(to.ip)
    }

    /// Pairs of counts.
    fn of_counts(&self) -> Vec<PairCount> {
        let mut counted: BTreeMap<_, [u32; STATES]> = BTreeMap::new();
        for row in &self.observed.counts {
            let Some(to) = row.destination.filter(|to| !self.is_client(to)) else { continue };
            let states = counted.entry((row.source, to)).or_default();
            let place = row.state.map_or(0, |state| state as usize);
            states[place] = states[place].max(u32::try_from(row.count).unwrap_or(u32::MAX));
        }
        let pair = |((source, to), mut states): ((Option<IpAddr>, End), [u32; STATES])| {
            let by_state = states[1..].iter().fold(0_u32, |sum, count| sum.saturating_add(*count));
            let count = by_state.max(states[0]);
            states[0] = 0;
            let pair = self.none(source, to, 0, &[]);
            PairCount { count, inside: count, states, counted: true, ..pair }
        };
        counted.into_iter().map(pair).collect()
    }

    fn full(&self, pair: &PairCount, sample: bool) -> Full {
        let (used, size) = (pair.inside.saturating_add(pair.lost), self.size());
        let slack = match self.failed.binary_search(&pair.destination).is_ok() {
            true => (size / 16).clamp(1, 64).max(size / 1_000),
            false => size / 1_000,
        };
        match used.saturating_add(slack) >= size {
            true if size > 0 => Full::Yes,
            _ if !self.said || sample && !pair.counted => Full::Unknown,
            _ => Full::No,
        }
    }

    /// All pairs, the fullest first.
    pub(crate) fn pairs(&self) -> Pairs {
        let (lost, reserved) = self.lost();
        let (rows, order) = self.of_rows(&lost);
        let counts = self.of_counts();
        let sample = self.is_sample();
        let by: BTreeMap<(Option<IpAddr>, End), u32> =
            counts.iter().map(|pair| ((pair.source, pair.destination), pair.count)).collect();
        let told = |pair: &PairCount| {
            let sources = [None, pair.source];
            let counts = sources.iter().filter_map(|source| by.get(&(*source, pair.destination)));
            counts.max().is_some_and(|count| *count >= pair.count)
        };
        let mut all: Vec<PairCount> = rows.into_iter().filter(|pair| !told(pair)).collect();
        let mut seen: Vec<End> = match by.is_empty() {
            true => Vec::new(),
            false => all.iter().map(|pair| pair.destination).collect(),
        };
        seen.sort_unstable();
        let fresh = |pair: &PairCount| sample || seen.binary_search(&pair.destination).is_err();
        all.extend(counts.into_iter().filter(fresh));
        for pair in &mut all {
            pair.full = self.full(pair, sample);
        }
        all.sort_by_key(|pair| (std::cmp::Reverse(pair.count), pair.source, pair.destination));
        Pairs { all, order, sample, lost, reserved }
    }
}
