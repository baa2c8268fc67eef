//! Two branches side by side, computed in slices.

use std::sync::Arc;

use error99_replay::branch::{Comparing, Comparison};
use leptos::prelude::*;

use super::Lab;
use super::run::{WORK_UNITS, later, sliced};

/// The number of a branch, and the comparison with it once it has been made.
pub type Compared = Option<(usize, Option<Arc<Comparison>>)>;

impl Lab {
    /// Begins to compare the branch shown with branch number `at`.
    pub fn compare(self, at: usize) {
        let mut comparing = None;
        self.machine.update_value(|machine| {
            let Some(machine) = machine else { return };
            let other = machine.branches().0.get(at).copied();
            comparing = other.map(|other| machine.compare(other));
        });
        if let Some(comparing) = comparing {
            self.compared.set(Some((at, None)));
            later(move || self.compare_on(at, comparing));
        }
    }

    /// A slice of the comparison, unless something else has been asked for since.
    fn compare_on(self, at: usize, mut comparing: Comparing) {
        if self.compared.get_untracked() != Some((at, None)) {
            return;
        }
        match sliced(|| comparing.work(WORK_UNITS)) {
            None => later(move || self.compare_on(at, comparing)),
            Some(comparison) => self.compared.set(Some((at, Some(Arc::new(comparison))))),
        }
    }
}
