//! What a paste from a real machine says.
//!
//! [`parse`] (or a [`Reader`], in slices) takes whatever stands in a terminal: listings of sockets,
//! sysctls, sums, counts, versions, a failing line, in any order, with prompts and warnings between
//! them. [`diagnose`] says which call fails for want of a port and where, what to type, and what
//! won't help.
//!
//! No rule of the kernel stands here: what a state means for a port, whether a sysctl exists and who
//! goes first is asked of `error99-kernel`, with the rules of the release in question.
//!
//! One file for each format: `ss`, `netstat`, `proc_net`, `sysctl`, `system`, `counts`,
//! `failure`; `command` knows what a command leaves out of its output.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod advice;
mod ask;
mod command;
mod counts;
mod diagnosis;
mod end;
mod failure;
mod findings;
mod kernel_of;
mod keys;
mod machine;
mod netstat;
mod observed;
mod pairs;
mod proc_net;
mod reader;
mod roles;
mod ss;
mod state;
mod sysctl;
mod system;
mod text;

pub use ask::{Ask, TakeOver};
pub use diagnosis::{Diagnosis, Evidence, Judgement, RangeTaken, diagnose, diagnose_on};
pub use end::End;
pub use kernel_of::{KernelFrom, KernelGuess};
pub use keys::{Doubt, Finding, NoRemedy, Remedy};
pub use machine::{Held, Rebuilt, rebuild};
pub use observed::{
    CountRow, FailedCall, FailedLine, Listing, Observed, PastedRow, Process, Receipt,
    STRANGERS_MAX, Setting, Sieve, System, Tool, Totals,
};
pub use pairs::{Full, PairCount, Pairs};
pub use reader::{Reader, parse};
pub use roles::Role;
pub use state::{STATES, TcpState};
