//! What every release makes of the same, found out in slices while somebody looks.

use error99_replay::every::{Every, EveryRow};
use leptos::prelude::*;

use super::Lab;
use super::run::{WORK_UNITS, later, sliced};

/// The table of the moment shown.
#[derive(Clone, Copy)]
pub struct EveryTable {
    /// What is known of each release.
    pub rows: RwSignal<Vec<EveryRow>>,
    /// Whether more of it will be.
    pub busy: RwSignal<bool>,
    /// Counts the moments that it was begun for.
    round: StoredValue<u32>,
}

impl EveryTable {
    /// A table of which nothing is known.
    pub fn new() -> EveryTable {
        EveryTable {
            rows: RwSignal::new(Vec::new()),
            busy: RwSignal::new(true),
            round: StoredValue::new(0),
        }
    }

    /// Whether it's still wanted, and for that moment.
    fn stands(self, round: u32) -> bool {
        self.round.try_get_value() == Some(round)
    }
}

impl Lab {
    /// Begins the table of the moment shown.
    pub fn every(self, table: EveryTable) {
        table.round.update_value(|round| *round += 1);
        if let Some(every) = self.ask(|machine| machine.every()) {
            table.rows.set(every.rows().to_vec());
            table.busy.set(true);
            let round = table.round.get_value();
            later(move || self.every_on(table, round, every));
        }
    }

    /// A slice of it, unless the sheet has been closed or the machine goes on.
    fn every_on(self, table: EveryTable, round: u32, mut every: Every) {
        if !table.stands(round) || !self.ready.get_untracked() {
            return;
        }
        let finished = sliced(|| every.work(WORK_UNITS).then_some(())).is_some();
        if *table.rows.read_untracked() != every.rows() {
            table.rows.set(every.rows().to_vec());
        }
        match finished {
            true => table.busy.set(false),
            false => later(move || self.every_on(table, round, every)),
        }
    }
}
