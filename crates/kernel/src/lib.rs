//! How Linux 2.6.32 chooses a local port in `connect()`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod addr;
mod call;
mod config;
mod errno;
mod event;
mod kernel;
mod socket;
mod sysctl;
mod view;

pub use addr::{Addr, AddrError, Tuple};
pub use call::{Call, CloseHow, Problem, Reply, SocketName};
pub use config::{Config, ConfigError};
pub use errno::Errno;
pub use event::*;
pub use kernel::Kernel;
pub use socket::SocketState;
pub use sysctl::{Sysctl, SysctlOutcome, SysctlValue};
pub use view::{BucketView, OwnerView, PortState, Route, SocketView, TimewaitView};

/// How far apart the names of open sockets may be.
pub const NAME_SPAN_MAX: u32 = 1 << 20;
