//! Playing a walk: so many steps a second, or so many ports.

use error99_replay::hand::Look;
use leptos::prelude::*;

use super::state::Lab;
use crate::ui::browser;

/// How fast a walk is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// Every line of every probe, so many a second.
    Steps(u32),
    /// Whole probes, so many a second.
    Ports(u32),
}

/// The speeds on offer.
pub const SPEEDS: [Speed; 6] = [
    Speed::Steps(1),
    Speed::Steps(5),
    Speed::Ports(10),
    Speed::Ports(100),
    Speed::Ports(1_000),
    Speed::Ports(10_000),
];

/// The speed that the lab opens with.
pub const DEFAULT_SPEED: usize = 4;

/// Starts playing; at the end of the branch, the last call again from its start.
pub fn play(lab: Lab, speed: RwSignal<usize>) {
    if lab.at_end() {
        lab.wish(Look::CallStart);
    }
    lab.playing.set(true);
    let call = lab.frame.read_untracked().at.done;
    let begun = lab.frame.read_untracked().at.step.is_some();
    tick(lab, speed, Clock { last_ms: browser::now_ms(), owed: 0.0 }, begun.then_some(call));
}

/// Time that was played, and what is still owed of it.
#[derive(Clone, Copy)]
struct Clock {
    last_ms: f64,
    owed: f64,
}

/// One picture of the playback; `call` is the call that is played, once it has begun.
fn tick(lab: Lab, speed: RwSignal<usize>, clock: Clock, call: Option<u32>) {
    request_animation_frame(move || {
        if !lab.playing.get_untracked() {
            return;
        }
        let now = browser::now_ms();
        // With reduced motion the picture changes once a second.
        let pause = if browser::reduced_motion() { 1_000.0 } else { 0.0 };
        let passed = now - clock.last_ms;
        if passed < pause {
            return tick(lab, speed, clock, call);
        }
        let (rate, steps) = match SPEEDS[speed.get_untracked()] {
            Speed::Steps(rate) => (rate, true),
            Speed::Ports(rate) => (rate, false),
        };
        // A page in the background owes at most a second.
        let due = clock.owed + passed.min(1_000.0) / 1_000.0 * f64::from(rate);
        let whole = due.floor();
        if whole >= 1.0 {
            if steps {
                (0..whole as u32).for_each(|_| lab.wish(Look::Forward));
            } else {
                lab.wish(Look::Skip(whole as u32));
            }
        }
        let at = lab.frame.read_untracked().at;
        let over = at.step.is_none() && (call.is_some_and(|call| at.done > call) || lab.at_end());
        if over {
            lab.playing.set(false);
            return;
        }
        let call = call.or(at.step.map(|_| at.done));
        tick(lab, speed, Clock { last_ms: now, owed: due - whole }, call);
    });
}
