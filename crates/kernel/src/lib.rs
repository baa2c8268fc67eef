//! How Linux 2.6.32 chooses a local port in `connect()`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod addr;
mod arena;
mod bind_table;
mod calendar;
mod call;
mod clock;
mod close;
mod config;
mod connect;
mod errno;
mod established;
mod event;
mod get_port;
pub mod hash;
mod invariants;
mod kernel;
mod listen;
mod names;
mod peers;
mod port_walk;
mod route;
mod socket;
mod sysctl;
mod tables;
mod timewait;
mod view;
pub mod vocabulary;

pub use addr::{Addr, AddrError, Tuple};
pub use call::{Call, CloseHow, Problem, Reply, SocketName};
pub use clock::CLOCK_MS_MAX;
pub use config::{
    ADDRESSES_MAX, BHASH_SIZE_MAX, BOOT_SYSCTLS_MAX, Config, ConfigError, EHASH_SIZE_MAX,
    RTO_MS_MAX, START_SEC_MAX,
};
pub use errno::Errno;
pub use event::{
    BindRefusal, BoundCheck, CalendarSlot, ConnectRefusal, Each, EstablishedCheck, Event,
    Fastreuse, ListenRefusal, Probe, Sink, Substate, TimewaitCause, TimewaitRefusal, TimewaitSeen,
    Verdict, WalkEnd,
};
pub use kernel::{Kernel, SOCKETS_MAX};
pub use names::NAME_SPAN_MAX;
pub use socket::SocketState;
pub use sysctl::{Sysctl, SysctlOutcome, SysctlValue};
pub use view::{BucketView, OwnerView, PortState, Route, SocketView, TimewaitView};
