//! Long work in slices that the page doesn't feel.

use leptos::prelude::set_timeout;
use std::time::Duration;

use crate::ui::browser::now_ms;

/// Units of the model's work (10 ns each) between two looks at the clock.
pub const WORK_UNITS: u64 = 50_000;
/// How long a slice may hold the page up, in milliseconds.
const SLICE_MS: f64 = 8.0;

/// Does `work` again and again until it says that it's done.
pub fn in_slices(mut work: Box<dyn FnMut() -> bool>) {
    let start = now_ms();
    while !work() {
        if now_ms() - start > SLICE_MS {
            return set_timeout(move || in_slices(work), Duration::ZERO);
        }
    }
}
