//! What stays in the page, out of sight, while there is nothing to be shown in its place: the
//! walk's views between two walks. To make them anew whenever a step crosses the border of a call
//! takes longer than all else that the step does.

use std::sync::Arc;

use error99_replay::frame::Frame;
use leptos::prelude::*;

/// The last moment that had something to show, and whether the moment shown has it.
#[derive(Clone, Copy)]
pub struct Kept {
    /// That moment; if there was none yet, the one that is shown.
    pub frame: Signal<Arc<Frame>>,
    /// Whether it's the moment shown.
    pub now: Signal<bool>,
}

/// Keeps the moments that have what `there` looks for.
pub fn kept(frame: Signal<Arc<Frame>>, there: fn(&Frame) -> bool) -> Kept {
    let last = move |before: Option<&Arc<Frame>>| match before {
        Some(before) if !there(&frame.read()) => before.clone(),
        _ => frame.get(),
    };
    let other = |before: Option<&Arc<Frame>>, now: Option<&Arc<Frame>>| match (before, now) {
        (Some(before), Some(now)) => !Arc::ptr_eq(before, now),
        _ => true,
    };
    let now = Memo::new(move |_| there(&frame.read()));
    Kept { frame: Memo::new_with_compare(last, other).into(), now: now.into() }
}
