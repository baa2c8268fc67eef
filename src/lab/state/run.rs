//! The run loop: what is asked of the machine runs in slices, between which the page has its turn.

use std::time::Duration;

use error99_replay::hand::Deed;
use error99_replay::history::{History, Position};
use error99_replay::machine::{Machine, OpenError, Progress};
use leptos::prelude::*;

use super::{Lab, branches};
use crate::ui::browser;

/// Units of work between two looks at the clock.
pub(super) const WORK_UNITS: u64 = 100_000;
/// How long a slice of work may hold the page up, in milliseconds.
const SLICE_MS: f64 = 8.0;

impl Lab {
    /// Boots another history behind what is shown, and goes to its own position.
    pub(super) fn boot(self, history: History) {
        let at = history.at;
        match Machine::open(history) {
            Ok(machine) => {
                self.ready.set(false);
                self.ports_key.set_value(None);
                self.fixes_of.set_value(None);
                self.machine.set_value(Some(machine));
                self.after_run.set_value(Some(at));
                later(move || self.run());
            }
            Err(error) => {
                self.as_before.set_value(None);
                self.refused.set(Some(error));
            }
        }
    }

    /// Does something after the moment shown, runs it and goes to its end.
    pub(super) fn act(self, deed: Deed) {
        let client = self.client();
        if matches!(deed, Deed::Release(_)) {
            self.as_before.set_value(self.ask(|machine| machine.history().clone()));
        }
        // What is shown is told of before it has a next act.
        self.tell("act");
        let mut done = Ok(None);
        self.machine.update_value(|machine| {
            if let Some(machine) = machine {
                done = machine.do_deed(deed, client);
            }
        });
        match done {
            Ok(None) => self.run_on(),
            Ok(Some(history)) => self.boot(*history),
            Err(error) => self.refused.set(Some(OpenError::History(error))),
        }
    }

    /// Changes what is to be run, runs it and goes to its end.
    pub(super) fn change(self, change: impl FnOnce(&mut Machine)) {
        self.tell("act");
        self.machine.update_value(|machine| {
            if let Some(machine) = machine {
                change(machine);
            }
        });
        self.run_on();
    }

    /// Runs what isn't run yet of the branch, and goes to its end.
    fn run_on(self) {
        self.compared.set(None);
        self.after_run.set_value(Some(Position { done: u32::MAX, step: None }));
        self.ready.set(false);
        self.run();
    }

    /// A slice of the run under way; the next one follows after the page had its turn.
    pub(super) fn run(self) {
        let mut progress = None;
        self.machine.update_value(|machine| progress = machine.as_mut().map(slice));
        match progress {
            Some(progress) if !progress.finished => {
                self.running.set(Some(progress));
                later(move || self.run());
            }
            _ => self.finish_run(),
        }
    }

    fn finish_run(self) {
        self.running.set(None);
        self.ready.set(true);
        self.branches.set(self.ask(branches).unwrap_or(1));
        if let Some(at) = self.after_run.try_update_value(Option::take).flatten() {
            self.look(|machine| machine.go(at));
        }
        if let Some(before) = self.as_before.try_update_value(Option::take).flatten() {
            self.compare_with(before);
        }
        for wish in self.waiting.try_update_value(std::mem::take).unwrap_or_default() {
            self.grant(wish);
        }
    }

    /// Runs no further, and forgets what was to follow.
    pub(super) fn stop(self) {
        self.waiting.set_value(Vec::new());
        self.as_before.set_value(None);
        self.machine.update_value(|machine| {
            if let Some(machine) = machine {
                machine.stop();
            }
        });
    }
}

/// Works until there is an answer, or for as long as the page can spare.
pub(super) fn sliced<T>(mut work: impl FnMut() -> Option<T>) -> Option<T> {
    let start = browser::now_ms();
    loop {
        let answer = work();
        if answer.is_some() || browser::now_ms() - start > SLICE_MS {
            return answer;
        }
    }
}

/// Runs a machine for as long as the page can spare.
fn slice(machine: &mut Machine) -> Progress {
    sliced(|| Some(machine.work(WORK_UNITS)).filter(|progress| progress.finished))
        .unwrap_or_else(|| machine.progress())
}

/// Runs a machine to the end of its branch, or until that time, a slice at a time, then hands it
/// to `then`.
#[cfg(feature = "csr")]
pub fn run_up(mut machine: Machine, until_ms: f64, then: impl FnOnce(Machine) + 'static) {
    let over = slice(&mut machine).finished || browser::now_ms() > until_ms;
    later(move || if over { then(machine) } else { run_up(machine, until_ms, then) });
}

/// Runs `then` when the browser has had its turn.
pub fn later(then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::ZERO);
}
