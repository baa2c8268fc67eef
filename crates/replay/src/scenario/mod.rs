//! A machine as a file: configuration, what was loaded, what was done by hand, and the moment
//! shown. The prepared machines are such files; their words are the page's, found by key.
//!
//! # Format
//!
//! JSON in the vocabulary of the test vectors:
//!
//! ```json
//! {
//!   "config": { "sysctl": { "ip_local_port_range": [32768, 32783] } },
//!   "client": { "dst": "10.0.0.2", "dport": 80 },
//!   "loaded": [{ "op": "load", "dst": "10.0.0.2", "dport": 80, "connections": 12 }],
//!   "acts": [
//!     { "op": "socket", "s": "s12" },
//!     { "op": "connect", "s": "s12", "dst": "10.0.0.2", "dport": 80 },
//!     { "op": "advance", "ms": 1000, "from": 0, "after": 8 }
//!   ],
//!   "tip": 2, "done": 13, "probe": 4
//! }
//! ```
//!
//! An act is an op of the vectors, or one of ours: `load` has the fields of [`Load`], and
//! `bind_each` those of [`BindAct`]. The acts stand in the order in which they were done, over
//! all branches, and count from 0, the loaded ones first. An act follows the one before it,
//! unless `from` names another one (`null`: it came right after boot) and `after` says after how
//! many of its calls; `stopped` says after how many of its own calls a reader stopped it.
//!
//! `tip` is the last act of the branch shown, `done` how many calls of it have returned, `probe`
//! and `line` where the next one stands. What is missing has its usual value: the last act, all
//! calls, outside any call.
//!
//! The scenario of a test vector (`name`, `about`, `features`, `config`, `ops`) is read too: its
//! calls are the acts, its sockets are numbered in the order in which they are named, and the
//! client is that of its first connect.
//!
//! Whoever writes a file may add keys beside `config`, and a `note` to an act: they are left out, and
//! whoever asks is told which. Any other unknown key is refused, as it might change what the
//! machine does.
//!
//! [`Load`]: crate::load::Load
//! [`BindAct`]: crate::act::BindAct

mod act;
mod file;
mod size;
#[cfg(test)]
mod tests;

use error99_kernel::Addr;
use error99_vocabulary::{Fault, Json, config_to_json};

use crate::act::Act;
use crate::history::{ActId, HistoryError, Position};
use crate::link::Saved;

/// Longest file that is read, in bytes.
pub const TEXT_MAX: usize = 4 << 20;

/// The destination that the client connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// Destination address.
    pub dst: Addr,
    /// Destination port.
    pub dport: u16,
}

/// Why a text is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioError {
    /// More than [`TEXT_MAX`] bytes.
    TooLong,
    /// Values within values, deeper than any of a scenario.
    TooDeep,
    /// A value of more parts than an act can have.
    TooLarge,
    /// No JSON, a fraction, or a key that stands twice.
    Syntax {
        /// Where it was noticed, from 1.
        line: usize,
        /// Where in that line, from 1.
        column: usize,
    },
    /// Outside the acts, something isn't what it must be.
    Place(Fault),
    /// In an act, something isn't what it must be.
    Act {
        /// Which one, from 1, the loaded ones first.
        number: usize,
        /// What, and where in it.
        fault: Fault,
    },
    /// An act is outside its limits, or isn't where it can be.
    History {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        error: HistoryError,
    },
    /// `tip` is none of the acts.
    Tip,
}

/// The state that a file says.
///
/// # Errors
/// The first thing that is wrong with it. Reading takes no more time and memory than [`TEXT_MAX`]
/// and [`crate::history::ACTS_MAX`] allow.
pub fn read(text: &str) -> Result<Saved, ScenarioError> {
    read_with_rest(text).map(|(saved, _)| saved)
}

/// The same, and the keys that mean nothing here: whatever else stands beside `config`, and `note`
/// in an act.
///
/// # Errors
/// As [`read`].
pub fn read_with_rest(text: &str) -> Result<(Saved, Vec<String>), ScenarioError> {
    if text.len() > TEXT_MAX {
        return Err(ScenarioError::TooLong);
    }
    size::check(text)?;
    file::read(text)
}

/// The state as a file, an act a line. A link can hold calls that no vocabulary knows and that
/// the model refuses, such as a clock moved beyond its end; of a file with one, the reader says
/// which act it is.
pub fn write(state: &Saved) -> String {
    let Saved { history, client } = state;
    let mut acts = act::write_all(&history.acts);
    let own = acts.split_off(acts.len().min(history.loaded as usize));
    let client = [("dst", Json::from(client.dst.to_string())), ("dport", Json::from(client.dport))];
    let mut fields = vec![
        ("config", config_to_json(&history.config).to_string()),
        ("client", Json::object(client).to_string()),
        ("loaded", lines(&acts)),
        ("acts", lines(&own)),
    ];
    let mut put = |key, number: Option<u32>| {
        fields.push((key, number.map_or(Json::Null, Json::from).to_string()));
    };
    if history.tip != last(history.acts.len()) {
        put("tip", history.tip);
    }
    let Position { done, step } = history.at;
    if done != u32::MAX {
        put("done", Some(done));
    }
    if let Some(step) = step {
        put("probe", Some(step.probe));
        if step.line != u32::MAX {
            put("line", Some(step.line));
        }
    }
    let fields: Vec<String> =
        fields.into_iter().map(|(key, value)| format!("  \"{key}\": {value}")).collect();
    format!("{{\n{}\n}}\n", fields.join(",\n"))
}

/// The JSON of an act by itself.
pub fn act_json(act: &Act) -> Json {
    act::act_json(act)
}

/// A list with a line for each entry.
fn lines(list: &[Json]) -> String {
    if list.is_empty() {
        return "[]".into();
    }
    let lines: Vec<String> = list.iter().map(|json| format!("    {json}")).collect();
    format!("[\n{}\n  ]", lines.join(",\n"))
}

/// The last of so many acts.
fn last(acts: usize) -> Option<ActId> {
    acts.checked_sub(1).map(|last| last as ActId)
}
