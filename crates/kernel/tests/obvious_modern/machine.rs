//! The host: everything it remembers, and what an operation did so far.

use std::collections::{BTreeMap, BTreeSet};

use error99_vocabulary::Json;

use super::calendar::Calendar;
use super::cascade::CascadingWheel;
use super::clock::Clock;
use super::hash::Xorshift;
use super::holders::{Bucket, Mini, Owner, Sock, Tuple};
use super::json::{self, Line};
use super::rules::Release;
use super::shelf::Shelf;
use super::sysctl::Knobs;
use super::timers::Timers;

/// Jiffies before t=0 in which no timer of 3.10 ended: some 4,000 at least.
const IDLE_BEFORE: i64 = 10_000;

/// The host.
pub struct Machine {
    /// Whose rules hold.
    pub release: Release,
    /// What time it is.
    pub clock: Clock,
    /// The sysctls.
    pub knobs: Knobs,
    /// Addresses of this host.
    pub local: Vec<u32>,
    /// Source of connections to others.
    pub default_src: u32,
    /// Destinations without a route.
    pub unreachable: Vec<u32>,
    /// 127/8 is at the peer.
    pub loop_wire: bool,
    /// The key of the hash.
    pub net_secret: [u64; 2],
    /// The key of the hash of 3.10.
    pub secret16: [u32; 16],
    /// The counters that walks start from; filled by the first walk.
    pub table: Vec<u32>,
    /// What the table is filled from.
    pub perturb_seed: u32,
    /// The one counter of the releases without a table.
    pub hint: u32,
    /// The stand-in for the kernel's random words.
    pub random: Xorshift,
    /// Replaces the hash.
    pub forced_hash: Option<u64>,
    /// The program may bind privileged ports.
    pub capable: bool,
    /// How many more buckets of a port until one finds no memory; 0 for none.
    pub fail_tb: i64,
    /// The same for buckets of (port, address).
    pub fail_tb2: i64,
    /// The same for SYNs.
    pub fail_syn: i64,
    /// SYNs that the peer hasn't read, in order.
    pub unread: Vec<Tuple>,
    /// Sockets of the program.
    pub names: BTreeMap<String, usize>,
    /// All sockets.
    pub socks: Shelf<Sock>,
    /// All mini-sockets.
    pub minis: Shelf<Mini>,
    /// Buckets by port.
    pub buckets: Shelf<Bucket>,
    /// All timers.
    pub timers: Timers,
    /// Where 3.10 keeps its mini-sockets.
    pub calendar: Calendar,
    /// Sockets that hold a port: joins less leaves (3.10).
    pub bsockets: i64,
    /// Tuples whose peer offered timestamps last.
    pub peer_ts: BTreeSet<Tuple>,
    /// TIMEWAITRECYCLED.
    pub recycled: i64,
    /// TCPTIMEWAITOVERFLOW.
    pub overflow: i64,
    /// The line of the operation that runs.
    pub line: Line,
    /// What happened during it.
    pub log: Log,
    /// Only a summary is wanted: walks aren't written down.
    pub summary: bool,
    ids: usize,
}

/// What happened during an operation, in order.
#[derive(Default)]
pub struct Log {
    /// [n, value] of each draw.
    pub rand: Vec<Json>,
    /// Mini-sockets that had the wanted tuple.
    pub tw_seen: Vec<Json>,
    /// Timers of mini-sockets that started.
    pub tw_sched: Vec<Json>,
    /// Mini-sockets that ended.
    pub tw_gone: Vec<Json>,
    /// Steps of a port search.
    pub gp: Vec<Json>,
}

impl Machine {
    /// The host at t=0, before its sysctls are written.
    pub fn new(release: Release, config: &Json) -> Machine {
        let clock = Clock {
            hz: json::int_or(config, "hz", 250),
            start_mono_ms: json::int_or(config, "start_mono_ms", 0),
            start_jiffies: json::int_or(config, "start_jiffies", 0),
            phase_us: json::int_or(config, "phase_us", 0),
            wall_base: 1_700_000_000,
            t_ms: 0,
            timer_j: None,
        };
        let addrs = |key| {
            let texts = json::list(config, key).iter();
            texts.filter_map(as_text).map(json::parse_addr).collect::<Vec<u32>>()
        };
        let key: Vec<u64> = json::list(config, "net_secret").iter().filter_map(as_u64).collect();
        let words = json::list(config, "secret16");
        Machine {
            release,
            knobs: Knobs::new(release, clock.hz),
            calendar: Calendar::new(clock.hz),
            local: addrs("local"),
            default_src: json::addr(config, "default_src"),
            unreachable: addrs("unreachable"),
            loop_wire: config.get("loop_wire") == Some(&Json::Bool(true)),
            net_secret: [0, 1].map(|place| key.get(place).copied().unwrap_or(0)),
            secret16: std::array::from_fn(|place| {
                words.get(place).and_then(Json::as_int).unwrap_or(0) as u32
            }),
            table: Vec::new(),
            perturb_seed: json::int_or(config, "perturb_seed", 0) as u32,
            hint: json::int_or(config, "hint", 0) as u32,
            random: Xorshift(json::int_or(config, "seed", 0) as u32),
            forced_hash: None,
            capable: true,
            fail_tb: 0,
            fail_tb2: 0,
            fail_syn: 0,
            unread: Vec::new(),
            names: BTreeMap::new(),
            socks: Shelf::new(),
            minis: Shelf::new(),
            buckets: Shelf::new(),
            timers: Timers::new(
                release
                    .has_calendar()
                    .then(|| CascadingWheel::new(clock.start_jiffies - IDLE_BEFORE)),
            ),
            bsockets: 0,
            peer_ts: BTreeSet::new(),
            recycled: 0,
            overflow: 0,
            line: Line::default(),
            log: Log::default(),
            summary: false,
            ids: 0,
            clock,
        }
    }

    /// The number of a new socket or mini-socket.
    pub fn new_id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    /// A socket; it must exist.
    pub fn sock(&self, id: usize) -> &Sock {
        &self.socks[id]
    }

    /// A socket, to be changed; it must exist.
    pub fn sock_mut(&mut self, id: usize) -> &mut Sock {
        self.socks.get_mut(id).expect("a socket that is used exists")
    }

    /// The second that becomes a stamp now.
    pub fn stamp_second(&self) -> i64 {
        if self.release.stamps_by_wall_clock() {
            self.clock.wall_second()
        } else {
            self.clock.mono_second()
        }
    }

    /// A number below `n`, written down.
    pub fn draw(&mut self, n: u32) -> u32 {
        let value = self.random.below(n);
        self.log.rand.push(json::ints([n.into(), value.into()]));
        value
    }

    /// Whether an address belongs to this host, so that it may be bound, and segments to it stay
    /// here.
    pub fn is_own(&self, addr: u32) -> bool {
        self.local.contains(&addr) || (is_loopback(addr) && !self.loop_wire)
    }

    /// What others see of an owner.
    pub fn owner_view(&self, owner: Owner) -> OwnerView {
        match owner {
            Owner::Sock(id) => {
                let sock = self.sock(id);
                OwnerView {
                    addr: sock.rcv_saddr,
                    reuse: sock.reuse,
                    reuseport: sock.reuseport,
                    listens: sock.state == super::holders::state::LISTEN,
                    connect_bind: sock.connect_bind,
                }
            }
            Owner::Mini(id) => {
                let mini = &self.minis[id];
                OwnerView {
                    addr: mini.tuple.laddr,
                    reuse: mini.reuse,
                    reuseport: mini.reuseport,
                    listens: false,
                    connect_bind: mini.connect_bind,
                }
            }
        }
    }
}

/// What others see of an owner of a port.
#[derive(Clone, Copy, Debug)]
pub struct OwnerView {
    /// Its address.
    pub addr: u32,
    /// `SO_REUSEADDR`
    pub reuse: bool,
    /// `SO_REUSEPORT`
    pub reuseport: bool,
    /// It listens.
    pub listens: bool,
    /// Its port came from connect.
    pub connect_bind: bool,
}

/// Counts an allocation; whether it fails.
pub fn fails(counter: &mut i64) -> bool {
    if *counter <= 0 {
        return false;
    }
    *counter -= 1;
    *counter == 0
}

/// Whether an address is in 127/8.
pub fn is_loopback(addr: u32) -> bool {
    addr >> 24 == 127
}

/// Whether an address is a multicast one.
pub fn is_multicast(addr: u32) -> bool {
    addr >> 28 == 0xe
}

/// The text of a JSON value.
pub fn as_text(value: &Json) -> Option<&str> {
    match value {
        Json::Text(text) => Some(text),
        _ => None,
    }
}

/// A number of 64 bits that stands as a text.
pub fn as_u64(value: &Json) -> Option<u64> {
    as_text(value)?.parse().ok()
}
