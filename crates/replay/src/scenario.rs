//! A prepared machine as a file: configuration, what was loaded, what was done by hand, and the
//! moment that it opens at. Its words are the page's, found by its key.

use error99_kernel::{Addr, Config};
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::history::{ALL_CALLS, History, HistoryError, Position, Step};

/// A scenario file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The machine at boot.
    pub config: Config,
    /// What the client's fields hold.
    pub client: Client,
    /// What was done before call 1.
    #[serde(default)]
    pub loaded: Vec<Act>,
    /// What was done by hand.
    #[serde(default)]
    pub acts: Vec<Act>,
    /// Opens at this probe of the last call; without it, at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<u32>,
}

/// The destination that the client connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Destination address.
    pub dst: Addr,
    /// Destination port.
    pub dport: u16,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// A sentence that names the place, line and column.
    pub fn parse(text: &str) -> Result<Scenario, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The history of the prepared machine, at the moment that it opens at.
    ///
    /// # Errors
    /// An act outside its limits.
    pub fn history(&self) -> Result<History, HistoryError> {
        let mut history = History::new(self.config.clone());
        let mut parent = None;
        for act in self.loaded.iter().chain(&self.acts) {
            let act = act.clone().named_from(history.next_socket());
            parent = Some(history.push(parent, ALL_CALLS, act)?);
        }
        history.loaded = self.loaded.len() as u32;
        let step = self.probe.map(|probe| Step { probe, line: u32::MAX });
        history.at = Position { done: u32::MAX, step };
        Ok(history)
    }
}
