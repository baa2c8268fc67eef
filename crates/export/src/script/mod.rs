//! A script that does on a real Linux what was done to the model, and prints what it got beside
//! what the model predicts.
//!
//! The script is one file: a POSIX shell that starts Python 3 (nothing but its own library)
//! inside a network namespace. The calls of the branch shown are in it as data, in the vocabulary
//! of the test vectors, each with its prediction (`want`), with the reasons why another kernel
//! may answer otherwise (`may`), and with those from which on nothing can be predicted any more
//! (`from_here`). So whatever the script calls a difference is one that nobody announced.
//!
//! Other hosts live in the same namespace: an address of one is a local route with the model's
//! source address, and what must not answer is routed to nowhere.

mod bound;
mod plan;
mod predict;
mod step;
mod waiting;
mod walk;
mod why;

use error99_kernel::ConfigError;
use error99_replay::history::HistoryError;
use error99_replay::link::Saved;

/// Most sockets that a script opens.
pub const SOCKETS_MAX: u32 = 40_000;
/// Most acts that a script does.
pub const STEPS_MAX: usize = 2_000;
/// Most work of the model for the predictions, in probes and calls.
pub const WORK_MAX: u64 = 60_000_000;
/// Most different destinations.
pub const SERVERS_MAX: usize = 256;

const HEAD: &str = include_str!("head.sh");
const RUNNER: &str = include_str!("runner.py");
const END: &str = "END_OF_PROGRAM\n";
/// Stands above the data.
const DATA: &str = "\
# The machine, its neighbours, and the calls; \"want\" is what the model answered, \"may\" and
# \"from_here\" are the reasons why this kernel may answer otherwise.
# 机器、它的邻居以及各个调用；\"want\" 是模型的回答，\"may\" 和 \"from_here\" 是本机内核可能不同的原因。
";

/// Why there is no script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptError {
    /// More than [`STEPS_MAX`] acts on the branch shown.
    TooManySteps,
    /// The model itself would run too long for the predictions: more than [`WORK_MAX`].
    TooMuchWork,
    /// More than [`SERVERS_MAX`] destinations.
    TooManyServers,
    /// The source address is none of the machine's own.
    Source,
    /// The configuration can't be booted.
    Config(ConfigError),
    /// The history contradicts itself.
    History(HistoryError),
}

/// The script of the branch shown; the same history gives the same text.
///
/// # Errors
/// Why it can't be made.
pub fn write(state: &Saved) -> Result<String, ScriptError> {
    let plan = plan::plan(&state.history)?;
    Ok(format!("{HEAD}{DATA}DATA = r'''{plan}'''\n{RUNNER}{END}"))
}
