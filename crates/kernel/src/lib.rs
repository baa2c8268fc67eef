//! How Linux chooses a local port in `connect()`: the model itself, of thirteen releases.
//!
//! A machine is made from a [`Config`], and calls are done to it, one after the other. Nothing
//! else moves it: there is no clock, no randomness, no I/O and no global. The same calls give
//! the same replies and the same events, on every target.
//!
//! ```
//! use error99_kernel::{Addr, Call, Config, Errno, Event, Kernel, SocketName, Sysctl, SysctlValue};
//!
//! // A host with a single port to give away.
//! let one_port = SysctlValue::Two(40_000, 40_000);
//! let config = Config { sysctl: vec![(Sysctl::PortRange, one_port)], ..Config::default() };
//! let mut kernel = Kernel::new(&config)?;
//! let server = Addr::new(10, 0, 0, 2);
//! let connect = |s| Call::connect(SocketName(s), server, 80);
//!
//! for s in [0, 1] {
//!     kernel.apply(&Call::Socket { s: SocketName(s) });
//! }
//! assert_eq!(kernel.apply(&connect(0)).errno(), Some(Errno::EINPROGRESS));
//! let mut events = Vec::new();
//! let reply = kernel.apply_traced(&connect(1), &mut events);
//! assert_eq!(reply.errno(), Some(Errno::EADDRNOTAVAIL));
//! assert!(events.iter().any(|event| matches!(event, Event::Probe(probe) if probe.port == 40_000)));
//! # Ok::<(), error99_kernel::ConfigError>(())
//! ```
//!
//! # A walk through the rooms
//!
//! Each room is a module whose page says which functions of which files of Linux it models, and
//! what it leaves out. What is in the rooms is private; `cargo doc --document-private-items`
//! shows it, function by function.
//!
//! **The door.** A [`Call`] is a system call, a segment that arrives, time that passes, or a
//! knob. [`Kernel::apply`] carries it out and gives a [`Reply`]. [`Kernel::apply_traced`] does
//! the same and tells a [`Sink`] each thing that happens as an [`Event`]; an untraced walk is a loop
//! of its own, without a trace of it. What may be looked at between calls are the views: plain
//! values such as [`SocketView`], [`BucketView`] and [`PortState`]. No view decides anything:
//! [`Kernel::survey`] asks the very function that the walk asks.
//!
//! **Down to the choice** ([`connect`]). `inet_stream_connect` looks at the socket's state;
//! `tcp_v4_connect` checks the address, asks [`route`] for a source, and hands over to the walk,
//! or, if the socket has a port already, to the established check alone.
//!
//! **The rules** ([`rules`]). A [`Release`] is a set of rules as plain data. Where releases differ,
//! one function knows the ways, and chooses once per call.
//!
//! **The walk** ([`start`], [`hints`], [`order`], [`reserved`], [`port_walk`]).
//! `__inet_hash_connect` begins at `hint + port_offset`. In 2.6.32 it looks at every port of the
//! range once, in order, and so in RHEL 7 from an even sum on; since 4.6 at every second one, and
//! then at the others. `hint` is one number for all destinations, and since 5.18 (and what it came
//! back to) one of 65,536; `port_offset` is a keyed [`hash`] of source, destination and destination
//! port, and later of time too. A port whose bucket bind made is skipped; a port without a bucket is
//! taken; a port whose bucket connect made is shared, if nobody has the same 4-tuple.
//!
//! **The bind table** ([`bind_table`]). `bhash` says which ports have a bucket, with `fastreuse`,
//! `fastreuseport` and a list of owners, newest first. A slot repeats its newest bucket's port and
//! class, and a bucket its only owner's tuple, so that a full walk reads two flat arrays.
//!
//! **Is it really taken?** ([`established`], [`tables`]). `ehash` has two chains in each slot:
//! mini-sockets, which are asked first, and live sockets. Whoever is in it with a local port is
//! also an owner of that port's bucket; `tables` keeps both in step, and uses that.
//!
//! **TIME_WAIT** ([`timewait`], [`question`], [`timers`], [`death_row`], [`calendar`], [`wheel`],
//! [`clock`], [`tick`], [`peers`]). A connection that we close first becomes a mini-socket.
//! `tcp_twsk_unique` says when a connect may take it over. Up to 4.0 two calendars end it: a slow
//! one of eight slots of 7.5 s, which slips as soon as a slot has more than 100 entries, and a fast
//! one for `tcp_tw_recycle`, with its cache of peers' timestamps. Later each has a timer of its own,
//! on a wheel whose slots get coarser with the distance. Time moves only in [`Call::Advance`], and
//! timers run in it, each at its own jiffy.
//!
//! **bind, listen, accept** ([`get_port`], [`find_port`], [`listen`], [`loopback`]).
//! `inet_csk_get_port` with and without a number, and `inet_csk_bind_conflict`: what makes a bucket
//! shareable, or exclusive.
//!
//! **The SYN** ([`syn`]). When it is repeated and given up, and what timeout its answer leaves:
//! FIN_WAIT2 lasts at least 3.5 times that.
//!
//! **Outside** ([`world`]). Memory that runs out, privileges, SYNs that fail, chance.
//!
//! **The end** ([`close`]). Active, passive, half, with a RST, or just `close(2)`.
//!
//! **The judge.** Test vectors that the genuine code answered are in `tests/vectors`; the example
//! `conformance` compares every field of them, in the words of the crate `error99-vocabulary`,
//! which writes machine, calls and traces as JSON.
//!
//! # The releases side by side
//!
//! What differs most on this path; every difference is a field of [`rules::Rules`]. A TIME_WAIT
//! gives its 4-tuple up to a connect at that age, if it has a timestamp and `tcp_tw_reuse` allows it.
//!
//! | release | judged by | a walk starts at | it visits | a TIME_WAIT gives way | what ends it |
//! | --- | --- | --- | --- | --- | --- |
//! | 2.6.32 | traces | one hint + half MD4 | every port | over 1 s of wall clock | calendars |
//! | 3.10 | traces | one hint + MD5 | every port | over 1 s of wall clock | calendars with slack |
//! | rhel7 | reading | one hint + MD5 | every port, from even | over 1 s of wall clock | calendars that hurry |
//! | 4.19 | traces | one hint + SipHash | every second port, twice | a later second | a timer each |
//! | 4.19-late | reading | 65,536 hints | every second port, twice | a later second | a timer each |
//! | 5.4 | reading | 65,536 hints | every second port, twice | a later second, not FIN_WAIT2 | a timer each |
//! | 5.10 | reading | 65,536 hints | every second port, twice | a later second, not FIN_WAIT2 | a timer each |
//! | 5.15 | traces | 65,536 hints | every second port, twice | a later second | a timer each |
//! | 6.1 | traces | 65,536 hints | every second port, twice | a later second, not FIN_WAIT2 | a timer each |
//! | 6.6 | reading | 65,536 hints | every second port, twice | a later second, not FIN_WAIT2 | a timer each |
//! | 6.8 | reading | 65,536 hints | every second port, twice; a window in turn | a later second | a timer each |
//! | 6.12 | traces | 65,536 hints | every second port, twice; a window in turn | a later second, not FIN_WAIT2 | a timer each |
//! | 6.18 | traces | 65,536 hints | every second port, twice; a window in turn | over a delay, not FIN_WAIT2 | a timer each |
//!
//! Since 6.1 a port has a bucket for each address too, which is where bind looks for conflicts, and
//! a socket may have a range of its own (`IP_LOCAL_PORT_RANGE`, a window). `SO_REUSEPORT` came
//! with 3.9, `IP_BIND_ADDRESS_NO_PORT` with 4.2 and RHEL 7.8.
//!
//! # Order is part of the model
//!
//! New entries go to the front of their chains, lists and calendar slots, as in Linux, and are
//! met newest first. There is no hash map whose order could be observed.
//!
//! # Not modelled
//!
//! What a program or a test could notice, and this crate leaves out, of every release:
//!
//! - IPv6, DCCP, raw sockets, and their share of the tables and of the hints;
//! - network namespaces but for [`Config::mix`], VRF, devices and `SO_BINDTODEVICE`, so that
//!   `tcp_tw_reuse` 2 knows loopback by its addresses alone;
//! - route tables: there are this host's addresses, one default source, and destinations
//!   without a route, which answer ENETUNREACH. So no EINVAL for a source that doesn't fit the
//!   device, no ENODEV, no subnet broadcast, no source routes, no security, BPF or xfrm refusals,
//!   and not the other errors of unreachable, prohibited and black-holed destinations (since 4.3);
//! - several processors: one call at a time, and no race over a hint or a bucket;
//! - several users: all sockets are one user's;
//! - blocking calls, fast open, repair, MD5 and AO;
//! - packets: no loss, no window, no sequence numbers. A handshake or a close is done when its
//!   call says so, in no time;
//! - listen queues' limits, SYN cookies, and which of several `SO_REUSEPORT` listeners with the
//!   same address gets a connection: the newest does;
//! - `TCP_LINGER2`, `SO_LINGER` above 0, orphan limits, keepalive and every other timer. A
//!   connection whose peer never answers a plain close stays in FIN_WAIT1 for ever;
//! - memory: only a bind bucket, a bucket of port and address and a SYN can fail for want of it,
//!   when a call says so;
//! - `tcp_max_tw_buckets` starts at 180,000, whatever the host's memory: half the established
//!   table in Linux, which below 4 GB is less than the default range needs;
//! - alpha's, mips', parisc's and sparc's error numbers, and sysctls beyond those of [`Sysctl`].
//!
//! Of 2.6.32 also:
//!
//! - reading the outcome of a connect: a program is taken to know at once that its connection
//!   stands, so that a further connect answers EISCONN;
//! - an unanswered SYN's repetitions: every connection has the same [`Config::rto_ms`];
//! - segments that hit a TIME_WAIT, except the FIN that turns FIN_WAIT2 into TIME_WAIT;
//! - real loopback connections, incoming SYNs that `tcp_tw_recycle` drops, and the search for the
//!   listener;
//! - the port-offset hash's own change of key every 300 s ([`Call::Rekey`] does it), and peers
//!   that are dropped from the cache when they aren't used;
//! - HZ other than 1000.
//!
//! Of later releases also:
//!
//! - `tcp_tw_recycle` of 3.10, which is there but is in no trace;
//! - loopback's late acknowledgements: an end that closed first stays in FIN_WAIT1 until the
//!   other one closes;
//! - `tcp_syn_retries` starts at 127 here, so that an unanswered SYN waits for hours; Linux
//!   begins with 6;
//! - HZ 100 and 300 go by the same rules, but are in no trace;
//! - how far 3.10's timers are behind when a machine starts, and after a time in which none ran
//!   ([`calendar`]): felt only by timers of the same jiffy, and only by a wait in FIN_WAIT2.
//!
//! Of releases that no trace judges ([`Release::is_traced`]) also:
//!
//! - `rhel7` is 7.9: 7.3 has neither `IP_BIND_ADDRESS_NO_PORT` nor a calendar that hurries. What its
//!   text doesn't name is taken to be 3.10's: the checks of its knobs, conflicts, flags, timeouts;
//! - `4.19-late`, `5.4` and `5.10` have what came back to them by the end that their name stands for;
//!   which point release brought it is known of some changes only. Of 5.10 no whole text was read:
//!   it is what lies between 5.7 and 5.15, with the changes of the same stable queues;
//! - `6.6` is what lies between 6.5 and 6.8, with those of 2024; `6.8` has none of them, though a
//!   distribution's may.
//!
//! Each release walks as the version that was traced or read, which its page in [`rules`] names.
//! Others of the same series may walk otherwise: 2.6.32.45 and later have another port-offset hash,
//! 5.4 and 5.10 before 2022 walk like 4.19, and 5.15 before 2022 like 5.12.
#![cfg_attr(not(feature = "later"), allow(dead_code))]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod addr;
mod arena;
pub mod bind_table;
pub mod calendar;
mod call;
pub mod clock;
pub mod close;
mod config;
pub mod connect;
pub mod death_row;
mod errno;
pub mod established;
mod event;
pub mod find_port;
pub mod get_port;
pub mod hash;
pub mod hints;
pub mod invariants;
mod kernel;
mod later;
pub mod listen;
pub mod loopback;
pub mod mainline;
mod map;
pub mod names;
pub mod order;
pub mod peers;
pub mod port_walk;
pub mod question;
pub mod reserved;
pub mod route;
pub mod rules;
mod socket;
pub mod start;
pub mod syn;
mod sysctl;
mod sysctl_text;
pub mod tables;
pub mod tick;
pub mod timers;
pub mod timewait;
mod uname;
mod verdict;
mod view;
pub mod wheel;
pub mod world;

pub use addr::{Addr, AddrError, Tuple};
#[doc(inline)]
pub use calendar::SLOW_SLOTS;
pub use call::{Call, CloseHow, Problem, Reply, SocketName, TwSegment};
#[doc(inline)]
pub use clock::CLOCK_MS_MAX;
pub use config::{
    ADDRESSES_MAX, BHASH_SIZE_MAX, BOOT_SYSCTLS_MAX, Config, ConfigError, EHASH_SIZE_MAX, HZ,
    RTO_MS_MAX, START_JIFFIES_MAX, START_MONO_MS_MAX, START_SEC_MAX,
};
pub use errno::Errno;
pub use event::{Each, Event, Sink};
pub use kernel::{Kernel, SOCKETS_MAX};
#[doc(inline)]
pub use mainline::{Mainline, SocketOption};
#[doc(inline)]
pub use order::{Sweep, WalkOrder, range_size};
#[doc(inline)]
pub use question::{Age, Answer, Asked, Asker, Question, Reuse, TimewaitSeen};
#[doc(inline)]
pub use rules::Release;
pub use socket::{Phase, SocketState};
#[doc(inline)]
pub use start::Home;
pub use sysctl::{PORT_RANGE_AT_BOOT, Sysctl, SysctlOutcome, SysctlValue};
pub use verdict::{
    BindRefusal, BoundCheck, CalendarSlot, ConnectRefusal, EstablishedCheck, Fastreuse,
    Fastreuseport, ListenRefusal, OwnersAsked, Probe, SearchMet, Substate, TimewaitCause,
    TimewaitRefusal, Verdict, WalkEnd,
};
pub use view::{BucketView, Outlook, OwnerView, PortState, Route, SocketView, TimewaitView};
