//! Long work in slices that the page doesn't feel.

use leptos::prelude::set_timeout;
use std::time::Duration;

use crate::ui::browser::now_ms;

/// Units of the model's work (10 ns each) between two looks at the clock.
pub const WORK_UNITS: u64 = 50_000;
/// How long a slice may hold the page up, in milliseconds.
pub const SLICE_MS: f64 = 8.0;

/// Runs `then` when the browser has had its turn.
pub fn later(then: impl FnOnce() + 'static) {
    set_timeout(then, Duration::ZERO);
}

/// Does `work` again and again until it says that it's done.
pub fn in_slices(mut work: Box<dyn FnMut() -> bool>) {
    let start = now_ms();
    while !work() {
        if now_ms() - start > SLICE_MS {
            return later(move || in_slices(work));
        }
    }
}
