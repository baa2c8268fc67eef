//! The fixes of a failed call, and whether each of them holds: computed a row at a time, behind
//! what the reader looks at.

use std::sync::Arc;

use error99_replay::hold::Trial;
use leptos::prelude::*;

use super::Lab;
use super::run::{WORK_UNITS, later, sliced};

impl Lab {
    /// Computes the fixes of a failed call. They stay while the reader looks at something else.
    pub(super) fn judge(self) {
        self.round.update_value(|round| *round += 1);
        if !self.frame.read_untracked().wants_port() {
            return;
        }
        let call = self.ask(|machine| (machine.history().tip, machine.at().done));
        if self.fixes_of.get_value() != call {
            self.fixes_of.set_value(call);
            self.fixes.set(Arc::new(Vec::new()));
        }
        // The verdict stands first; the rows of the Fix lab follow.
        let round = self.round.get_value();
        if let Some(part) = self.part.get_untracked() {
            later(move || (part.fixes)(self, round));
        }
    }

    /// Computes what isn't known yet of the fixes, if the moment of that round still stands.
    pub fn compute_fixes(self, round: u32) {
        if !self.ready.get_untracked() || self.round.get_value() != round {
            return;
        }
        if self.fixes.read_untracked().is_empty() {
            let computed = self.ask(|machine| (machine.fixes(), machine.load_rate()));
            let (fixes, rate) = computed.unwrap_or_default();
            self.holds.set(rate.map_or_else(Vec::new, |_| vec![None; fixes.len()]));
            self.load_rate.set(rate);
            self.fixes.set(Arc::new(fixes));
        }
        let untried = self.holds.read_untracked().iter().position(Option::is_none);
        if let Some(row) = untried {
            later(move || self.try_fixes(round, row, None));
        }
    }

    /// A slice of trying whether fix number `row` and those after it hold under the load.
    fn try_fixes(self, round: u32, row: usize, trial: Option<Trial>) {
        if self.round.get_value() != round {
            return;
        }
        let fixes = self.fixes.get_untracked();
        let Some(fix) = fixes.get(row).filter(|_| self.ready.get_untracked()) else { return };
        let begin = || self.ask(|machine| machine.trial(fix.change)).flatten();
        let Some(mut trial) = trial.or_else(begin) else { return };
        match sliced(|| trial.work(WORK_UNITS)) {
            None => later(move || self.try_fixes(round, row, Some(trial))),
            Some(hold) => {
                self.holds.update(|holds| {
                    if let Some(cell) = holds.get_mut(row) {
                        *cell = Some(hold);
                    }
                });
                later(move || self.try_fixes(round, row + 1, None));
            }
        }
    }
}
