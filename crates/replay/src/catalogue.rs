//! The prepared machines that come with the site.

use crate::history::History;
use crate::link::Saved;
use crate::machine::Machine;
use crate::scenario::{self, Client};

/// A prepared machine and the key of its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Key of its texts, and its name in links.
    pub key: &'static str,
    json: &'static str,
}

macro_rules! prepared {
    ($($key:literal),+ $(,)?) => {
        /// All prepared machines, in the order of the gallery.
        pub const ALL: &[Prepared] = &[
            $(Prepared { key: $key, json: include_str!(concat!("../scenarios/", $key, ".json")) }),+
        ];
    };
}

prepared![
    "busy-client",
    "sixteen-ports",
    "ports-owned-by-bind",
    "live-connections",
    "second-destination",
    "healed-by-range",
    "healed-by-reuse",
    "bound-to-another-address",
    "bound-socket-takes-timewait",
    "reuse-without-timestamps",
    "one-second-rule",
    "slipping-calendar",
    "bind-port-zero",
    "shared-with-reuseaddr",
    "wrap-at-2-32",
    "tw-recycle",
    "finwait2",
    "self-connect",
    "half-the-range",
    "odd-range",
    "own-starts",
    "start-jumps",
    "port-window",
    "window-outside",
    "no-port",
    "bind-on-second-address",
    "reuseaddr-shuts-a-port",
    "reuse-on-loopback",
    "reuse-delay",
    "ends-in-bursts",
    "four-gigabytes",
];

/// The machine that the lab opens with.
pub const fn opening() -> Prepared {
    ALL[0]
}

/// The machine of that name.
pub fn find(key: &str) -> Option<Prepared> {
    ALL.iter().find(|prepared| prepared.key == key).copied()
}

impl Prepared {
    /// All of it, as a link holds it.
    pub fn saved(self) -> Saved {
        scenario::read(self.json).expect("a test reads every prepared machine")
    }

    /// The same with its moment counted out, where the file says "within the last call": a call whose
    /// number is known is taken apart when it is made, and not made again ([`Machine::work`]).
    pub fn counted(self) -> Saved {
        let mut saved = self.saved();
        let machine = Machine::standing(&saved).expect("a test opens every prepared machine");
        saved.history.at = machine.at();
        saved
    }

    /// Its history, at the moment that it opens at.
    pub fn history(self) -> History {
        self.saved().history
    }

    /// What the client's fields hold.
    pub fn client(self) -> Client {
        self.saved().client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prepared_machine_opens_and_runs() {
        for prepared in ALL {
            let history = scenario::read(prepared.json)
                .unwrap_or_else(|error| panic!("{}: {error:?}", prepared.key))
                .history;
            let at = history.at;
            let mut machine = Machine::open(history)
                .unwrap_or_else(|error| panic!("{}: {error:?}", prepared.key));
            machine.work_all();
            machine.go(at);
            let _ = (machine.frame(), machine.ports());
        }
    }
}
