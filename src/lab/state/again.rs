//! What another kernel made of the same calls, found out in slices.

use error99_kernel::Release;
use error99_replay::again::{Beside, Difference};
use error99_replay::history::History;
use leptos::prelude::*;

use super::Lab;
use super::run::{WORK_UNITS, later, sliced};

/// The same calls on another kernel than before.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// The kernel that they ran on before.
    pub before: Release,
    /// The first call that went otherwise, if one did; `None` without while that isn't known.
    pub difference: Option<Option<Difference>>,
}

impl Lab {
    /// Begins to compare what the machine did with what it did as `before`.
    pub(super) fn compare_with(self, before: History) {
        let after = self.ask(|machine| machine.history().clone());
        let beside = after.and_then(|after| Beside::start([before.clone(), after]).ok());
        if let Some(beside) = beside {
            let again = Again { before: before.config.release, difference: None };
            self.again.set(Some(again.clone()));
            later(move || self.compare_with_on(again, beside));
        }
    }

    /// A slice of the comparison, unless something else has been done since.
    fn compare_with_on(self, again: Again, mut beside: Beside) {
        if self.again.read_untracked().as_ref() != Some(&again) {
            return;
        }
        match sliced(|| beside.work(WORK_UNITS)) {
            None => later(move || self.compare_with_on(again, beside)),
            difference => self.again.set(Some(Again { difference, ..again })),
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use error99_replay::catalogue::opening;
    use error99_replay::hand::Look;
    use error99_replay::machine::Machine;

    use super::super::{Opening, Wish};
    use super::*;

    #[test]
    fn what_another_kernel_made_of_it_outlasts_a_look_but_nothing_that_is_done() {
        let owner = Owner::new();
        owner.with(|| {
            let saved = opening().saved();
            let machine = Machine::open(saved.history.clone()).expect("it opens");
            let opening = Opening { now: saved.clone(), start: saved, loaded: String::new() };
            let lab = Lab::new(machine, opening, None, None);
            let again = Again { before: Release::default(), difference: Some(None) };
            lab.ready.set(true);
            for (wish, stays) in [(Wish::Stop, false), (Wish::Look(Look::Back), true)] {
                lab.again.set(Some(again.clone()));
                lab.wish(wish.clone());
                assert_eq!(lab.again.get_untracked().is_some(), stays, "{wish:?}");
            }
        });
    }
}
