//! How Linux 2.6.32 chooses a local port in `connect()`: the model itself.
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
//! the same and tells a [`Sink`] each thing that happens as an [`Event`]; the search of an
//! untraced walk is compiled without a trace of it. What may be looked at between calls are the views: plain
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
//! **The walk** ([`start`], [`order`], [`port_walk`]). `__inet_hash_connect` begins at
//! `hint + port_offset` and looks at every port of the range once, in order. `hint` is one number
//! for all destinations; `port_offset` is a keyed [`hash`] of source, destination and destination
//! port. A port whose bucket bind made is skipped; a port without a bucket is taken; a port whose
//! bucket connect made is shared, if nobody has the same 4-tuple.
//!
//! **The bind table** ([`bind_table`]). `bhash` says which ports have a bucket, with `fastreuse`
//! and a list of owners, newest first. A slot repeats its newest bucket's port and class, and a
//! bucket its only owner's tuple, so that a full walk reads two flat arrays.
//!
//! **Is it really taken?** ([`established`], [`tables`]). `ehash` has two chains in each slot:
//! mini-sockets, which are asked first, and live sockets. Whoever is in it with a local port is
//! also an owner of that port's bucket; `tables` keeps both in step, and uses that.
//!
//! **TIME_WAIT** ([`timewait`], [`question`], [`timers`], [`death_row`], [`calendar`], [`clock`],
//! [`peers`]). A connection that we close first becomes a mini-socket. `tcp_twsk_unique` says when
//! a connect may take it over. Two calendars end it: a slow one of eight slots of 7.5 s, which
//! slips as soon as a slot has more than 100 entries, and a fast one for `tcp_tw_recycle`, with its
//! cache of peers' timestamps. Time moves only in [`Call::Advance`], and timers run in it, each at
//! its own millisecond.
//!
//! **bind, listen, accept** ([`get_port`], [`listen`]). `inet_csk_get_port` with and without a
//! number, and `inet_csk_bind_conflict`: what makes a bucket shareable, or exclusive.
//!
//! **Outside** ([`world`]). Memory that runs out, privileges, SYNs that fail, chance.
//!
//! **The end** ([`close`]). Active, passive, half, with a RST, or just `close(2)`.
//!
//! **The judge.** Test vectors that the genuine code answered are in `tests/vectors`; the example
//! `conformance` compares every field of them, in the words of the crate `error99-vocabulary`,
//! which writes machine, calls and traces as JSON.
//!
//! # Order is part of the model
//!
//! New entries go to the front of their chains, lists and calendar slots, as in Linux, and are
//! met newest first. There is no hash map whose order could be observed.
//!
//! # Not modelled
//!
//! What a program or a test could notice, and this crate leaves out:
//!
//! - IPv6, DCCP, raw sockets, and their share of the tables and of the hint;
//! - network namespaces but for [`Config::mix`], devices and `SO_BINDTODEVICE`;
//! - route tables: there are this host's addresses, one default source, and destinations
//!   without a route. So no EINVAL for a source that doesn't fit the device, no ENODEV, no
//!   subnet broadcast, no source routes, no security or xfrm refusals;
//! - several processors: one call at a time, and no race over the hint;
//! - blocking calls, and reading the outcome of a connect: a program is taken to know at once
//!   that its connection stands, so that a further connect answers EISCONN;
//! - packets: no loss, no retransmission, no window, no data, no sequence numbers. A handshake
//!   or a close is done when its call says so, and every connection has the same
//!   [`Config::rto_ms`];
//! - segments that hit a TIME_WAIT, except the FIN that turns FIN_WAIT2 into TIME_WAIT: no
//!   restart by others, no RST (`tcp_rfc1337`), no new SYN;
//! - incoming SYNs that `tcp_tw_recycle` drops, listen queues, SYN cookies, and the search for
//!   the listener;
//! - `TCP_LINGER2`, `SO_LINGER` above 0, orphan limits, keepalive and every other timer. A
//!   connection whose peer never answers a plain close stays in FIN_WAIT1 for ever;
//! - the port-offset hash's own change of key every 300 s ([`Call::Rekey`] does it), and peers
//!   that are dropped from the cache when they aren't used;
//! - memory: only a bind bucket and a SYN can fail for want of it, when a call says so;
//! - `tcp_max_tw_buckets` starts at 180,000, as on any host with a bind table of 64 KiB and
//!   more; smaller tables don't lower it here;
//! - HZ other than 1000, alpha's, mips', parisc's and sparc's error numbers;
//! - `/proc` text that isn't numbers, and sysctls beyond those of [`Sysctl`].
//!
//! The walk of this crate is that of 2.6.32 as released. From 2.6.32.45 on the port-offset hash
//! is another one ([`hash::port_offset_hash_md5`]); distributions' kernels with that number
//! may differ in more.
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
pub mod listen;
pub mod loopback;
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
pub use order::{Sweep, WalkOrder, range_size};
#[doc(inline)]
pub use question::{Age, Answer, Asked, Asker, Question, Reuse, TimewaitSeen};
#[doc(inline)]
pub use rules::Release;
pub use socket::{Phase, SocketState};
pub use sysctl::{PORT_RANGE_AT_BOOT, Sysctl, SysctlOutcome, SysctlValue};
pub use verdict::{
    BindRefusal, BoundCheck, CalendarSlot, ConnectRefusal, EstablishedCheck, Fastreuse,
    Fastreuseport, ListenRefusal, OwnersAsked, Probe, SearchMet, Substate, TimewaitCause,
    TimewaitRefusal, Verdict, WalkEnd,
};
pub use view::{BucketView, OwnerView, PortState, Route, SocketView, TimewaitView};
