//! What a paste says, before anybody judges it: plain data, and a receipt.

use std::net::IpAddr;

use error99_kernel::Sysctl;

use crate::end::End;
use crate::state::{STATES, TcpState};

/// Most lines that weren't understood and are kept.
pub const STRANGERS_MAX: usize = 20;

/// A line of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastedRow {
    /// This end.
    pub local: End,
    /// The other end; any for a listener.
    pub peer: End,
    /// Its state.
    pub state: TcpState,
    /// Place in [`Observed::listings`].
    pub listing: u16,
    /// Place in [`Observed::processes`], from 1; 0 for none.
    pub process: u16,
    /// What its TIME_WAIT timer still has, in ms.
    pub left_ms: Option<u32>,
    /// Its line, from 1.
    pub line: u32,
}

/// A tool that lists sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// `ss`, of any iproute2.
    Ss,
    /// `netstat`, of net-tools or busybox.
    Netstat,
    /// `/proc/net/tcp` and `tcp6`.
    Proc,
}

/// What a command left out, as far as its text tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sieve {
    /// Only this state.
    pub state: Option<TcpState>,
    /// Only this destination; port 0 for any port.
    pub destination: Option<End>,
    /// Only this local address.
    pub source: Option<IpAddr>,
    /// Something else was asked for.
    pub other: bool,
}

/// Lines of one tool in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Whose.
    pub tool: Tool,
    /// `head`, `tail` or the like cut it.
    pub cut: bool,
    /// What was left out of it.
    pub sieve: Sieve,
    /// How many rows there are.
    pub rows: u32,
}

/// A count that somebody made of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountRow {
    /// How many.
    pub count: u64,
    /// Of this source.
    pub source: Option<IpAddr>,
    /// To this destination; port 0 for any port.
    pub destination: Option<End>,
    /// In this state.
    pub state: Option<TcpState>,
    /// Its line, from 1.
    pub line: u32,
}

/// A sysctl and what it was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name with dots, from `net.` on.
    pub name: String,
    /// Its value; `None` if it isn't there.
    pub value: Option<String>,
    /// Its line, from 1.
    pub line: u32,
}

/// A call that failed, as a log, a program or strace tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedLine {
    /// Which call, if it's said.
    pub call: Option<FailedCall>,
    /// 98 or 99.
    pub errno: u8,
    /// What it was about: for connect the destination, for bind the local end.
    pub end: Option<End>,
    /// `localhost` was named, not an address.
    pub localhost: bool,
    /// Its line, from 1.
    pub line: u32,
}

/// A system call that can fail for want of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailedCall {
    /// `connect(2)`.
    Connect,
    /// `bind(2)`.
    Bind,
    /// `listen(2)`.
    Listen,
}

/// A program that holds sockets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its name.
    pub name: String,
    /// Its number.
    pub pid: u32,
}

/// Sums of `ss -s`, `/proc/net/sockstat`, `wc -l` and of counts by state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sockets of TCP and TIME_WAITs together (`ss -s`).
    pub tcp: Option<u64>,
    /// Established ones (`ss -s`).
    pub estab: Option<u64>,
    /// TIME_WAITs.
    pub timewait: Option<u64>,
    /// Sockets in use (`sockstat`).
    pub in_use: Option<u64>,
    /// Rows of the whole listing, by `wc -l`.
    pub rows: Option<u64>,
    /// Counts by state of the whole host.
    pub states: [u64; STATES],
    /// It was said what [`Totals::states`] are.
    pub by_state: bool,
    /// Descriptors of one process.
    pub descriptors: Option<u64>,
}

/// What was said about the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// `uname -r`.
    pub release: Option<String>,
    /// The rest of `uname -a`: what the distributor calls it.
    pub version: Option<String>,
    /// `PRETTY_NAME` of os-release, or its `ID`.
    pub name: Option<String>,
    /// A container or a pod was asked.
    pub container: bool,
}

/// How many lines of each kind there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// All of them.
    pub lines: u64,
    /// Rows of `ss`, `netstat` and `/proc/net/tcp`, in the order of [`Tool`].
    pub rows: [u64; 3],
    /// Counts.
    pub counts: u64,
    /// Sysctls.
    pub settings: u64,
    /// Sums, `uname`, os-release.
    pub sums: u64,
    /// Failing calls.
    pub failures: u64,
    /// Titles, prompts, commands, warnings, remarks and what other commands print.
    pub around: u64,
    /// Lines that look like nothing known.
    pub strangers: u64,
    /// The first of them, cut, with their numbers.
    pub first_strangers: Vec<(u32, String)>,
}

impl Receipt {
    /// Rows of sockets that were understood.
    pub fn understood(&self) -> u64 {
        self.rows.iter().sum()
    }
}

/// What a paste says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Rows of sockets, in their order.
    pub rows: Vec<PastedRow>,
    /// Listings that they belong to.
    pub listings: Vec<Listing>,
    /// Counts, in their order.
    pub counts: Vec<CountRow>,
    /// Sysctls, each once, the last value that was said.
    pub settings: Vec<Setting>,
    /// Calls that failed.
    pub failures: Vec<FailedLine>,
    /// Ports that somebody bound before connecting, by strace; 0 for any.
    pub bound_first: Vec<u16>,
    /// Programs that hold sockets.
    pub processes: Vec<Process>,
    /// Sums.
    pub totals: Totals,
    /// The system.
    pub system: System,
    /// The receipt.
    pub receipt: Receipt,
}

impl Observed {
    /// What was said of a sysctl, with its whole name.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// The text of a modelled sysctl.
    pub fn text_of(&self, sysctl: Sysctl) -> Option<&str> {
        let found = self.settings.iter().find(|setting| {
            setting.name.strip_prefix("net.ipv4.").is_some_and(|name| name == sysctl.name())
        });
        found.and_then(|setting| setting.value.as_deref())
    }

    /// The number of a modelled sysctl.
    pub fn number_of(&self, sysctl: Sysctl) -> Option<i32> {
        self.text_of(sysctl)?.split_ascii_whitespace().next()?.parse().ok()
    }

    /// `ip_local_port_range`, if it was said.
    pub fn range(&self) -> Option<(u16, u16)> {
        let mut numbers = self.text_of(Sysctl::PortRange)?.split_ascii_whitespace();
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    }
}
