//! How bind and listen came to a port, and what was drawn for it.

use error99_kernel::{BindRefusal, Event, ListenRefusal, OwnersAsked, Release, SearchMet};

use super::{Line, Told, counts_owners, flags_json};
use crate::Json;

/// Draws of a connect are below this.
const CHANCES: u32 = 8;

impl Told<'_> {
    /// `gp`: the steps of the port search.
    pub(super) fn search_steps(&self) -> Json {
        let mut steps = Vec::new();
        let mut tried = None;
        for event in self.events {
            // What a named port has is told together with its number.
            if let Some(port) = tried.take() {
                steps.push(tried_json(port, Some(event)));
            }
            match *event {
                Event::PortTried { port, .. } => tried = Some(port),
                _ => steps.extend(self.search_step(event)),
            }
        }
        steps.extend(tried.map(|port| tried_json(port, None)));
        Json::List(steps)
    }

    fn search_step(&self, event: &Event) -> Option<Json> {
        let x = |what: &str| Json::object([("x", what.into())]);
        Some(match *event {
            Event::SearchStarted { offset, ports, relaxed, half, low, high, .. } => Json::object([
                ("relax", u8::from(relaxed).into()),
                ("half", half.into()),
                ("low", low.into()),
                ("high", high.into()),
                ("remaining", ports.into()),
                ("offset", offset.into()),
            ]),
            Event::SearchReserved { port } => Json::List(vec![port.into(), "resv".into()]),
            Event::SearchFree { port } => Json::List(vec![port.into(), "new".into()]),
            Event::SearchOccupied { .. } => self.met_json(event)?,
            Event::SearchExhausted => Json::object([("none", 1.into())]),
            Event::ConflictTested { asked } => match asked {
                OwnersAsked::Skipped => x("fast"),
                OwnersAsked::AnyConflict => x("any_conflict"),
                OwnersAsked::Conflict => x("conflict"),
                OwnersAsked::Fine => return None,
            },
            Event::BindRefused(refusal) | Event::ListenRefused(ListenRefusal::Port(refusal)) => {
                match refusal {
                    BindRefusal::NoMemory => x("nomem_tb"),
                    BindRefusal::NoMemoryForAddress => x("nomem_tb2"),
                    _ => return None,
                }
            }
            Event::PortJoined { port, fastreuse, fastreuseport, .. } => Json::object([
                ("ok", port.into()),
                ("tb", flags_json(Some((fastreuse, fastreuseport)))),
            ]),
            _ => return None,
        })
    }

    fn met_json(&self, event: &Event) -> Option<Json> {
        let Event::SearchOccupied { port, fastreuse, fastreuseport, num_owners, met } = *event
        else {
            return None;
        };
        let word = match met {
            SearchMet::AnyConflict => return Some(Json::List(vec![port.into(), "any".into()])),
            SearchMet::Passed | SearchMet::Conflict => "conflict",
            SearchMet::Shared { .. } => "share",
            SearchMet::Crowded => "full_share",
        };
        let release = self.kernel.release();
        let mut entries: Vec<Json> =
            vec![port.into(), word.into(), fastreuse.value().into(), fastreuseport.value().into()];
        match met {
            _ if counts_owners(release) => entries.push(num_owners.into()),
            SearchMet::Shared { address } => {
                entries.push(u8::from(address && release >= Release::V6_1).into());
            }
            _ => {}
        }
        Some(Json::List(entries))
    }

    pub(super) fn put_draws(&self, line: &mut Line) {
        let drawn = |event: &Event| match *event {
            Event::SearchStarted { ports, random, .. } => Some((ports, random)),
            Event::WalkEnded { drawn, .. } => drawn.map(|drawn| (CHANCES, drawn)),
            _ => None,
        };
        let draws: Vec<Json> = self
            .events
            .iter()
            .filter_map(drawn)
            .map(|(below, value)| Json::List(vec![below.into(), value.into()]))
            .collect();
        if !draws.is_empty() {
            line.put("rand", Json::List(draws));
        }
    }
}

/// A named port, with what the event behind says of its bucket.
fn tried_json(port: u16, behind: Option<&Event>) -> Json {
    let flags = match behind {
        Some(Event::PortHasBucket { fastreuse, fastreuseport, .. }) => {
            Some((*fastreuse, *fastreuseport))
        }
        _ => None,
    };
    Json::object([("try", port.into()), ("tb", flags_json(flags))])
}
