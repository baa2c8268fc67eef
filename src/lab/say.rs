//! The region "This step": one sentence that says what the kernel does now, and why.

mod event;
#[cfg(test)]
mod golden;
mod knobs;
mod load;
mod refusal;
#[cfg(test)]
mod tests;
mod timewait;

use std::sync::Arc;

use error99_kernel::rules::{Rules, StartRule};
use error99_kernel::{
    Age, CloseHow, Event, Fastreuse, Fastreuseport, SocketState, Sysctl, TimewaitRefusal, Verdict,
    WalkEnd,
};
use error99_replay::frame::{
    CallKind, CallView, EventView, Found, Frame, Part, ProbeView, Ret, StepPlace, WalkView,
};
use error99_replay::listing::Spot;
use error99_replay::steps::Told;
use leptos::prelude::*;

use super::amounts::duration;
use super::names::{call_name, kind_name, probes};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::{Grouped, n};
use crate::text::{lab as t, step, verdict};
use crate::ui::boxed::{live, part};
use crate::ui::rich::Rich;

/// The sentence, with the place of the step above it. `hushed` stops a screen reader from
/// reading every step of a fast playback aloud.
#[component]
pub fn Say(
    lang: Lang,
    #[prop(into)] frame: Signal<Arc<Frame>>,
    #[prop(into)] hushed: Signal<bool>,
) -> impl IntoView {
    let politeness = move || match (hushed.get(), frame.read().failed_99()) {
        (true, _) => "off",
        (false, true) => "assertive",
        (false, false) => "polite",
    };
    view! {
        <section class="say" aria-label=t::this_step(lang)>
            <div class="eyebrow">{part(move || eyebrow(lang, &frame.read()))}</div>
            <p aria-live=live(politeness) aria-atomic="true">
                {part(move || view! { <Rich text=sentence(lang, &frame.read()) /> })}
            </p>
        </section>
    }
    .into_any()
}

fn eyebrow(lang: Lang, frame: &Frame) -> AnyView {
    let Some(call) = &frame.call else {
        return view! { <span>{t::kernel(lang, frame.machine.release.title())}</span> }.into_any();
    };
    let failed = frame.failed_99().then(|| {
        view! { <span class="x99">{icon(Icon::No)} {verdict::error_99(lang)}</span> }
    });
    let name = call_name(lang, call);
    let in_walk = frame.walk.as_ref().map(|walk| match (&walk.probe, call.ret) {
        (Some(probe), None) => view! {
            <span>{t::probe_of(lang, n(probe.i), n(walk.probes))}</span>
            <span>{t::step_of(lang, probe.line + 1, probe.lines)}</span>
        }
        .into_any(),
        (_, Some(_)) if walk.end == WalkEnd::Exhausted => view! {
            <span>{probes(lang, walk.probes)}</span>
            <span>{t::full_circle(lang)}</span>
        }
        .into_any(),
        _ => view! { <span>{probes(lang, walk.probes)}</span> }.into_any(),
    });
    let place = match frame.event {
        Some(EventView { place: Some(place), .. }) => Some(beside_walk(lang, place)),
        _ => in_walk,
    };
    view! { {failed} <b>{name}</b> {place} }.into_any()
}

/// The place of a step that isn't a probe's. Whatever such steps change is shown when the call
/// returns.
fn beside_walk(lang: Lang, StepPlace { part, step, steps }: StepPlace) -> AnyView {
    let words = match part {
        Part::Call => t::step_of_call,
        Part::Before => t::step_before,
        Part::After => t::step_after,
    };
    view! {
        <span>{words(lang, step, n(steps))}</span>
        <span>{t::as_before(lang)}</span>
    }
    .into_any()
}

/// The sentence for a frame.
pub fn sentence(lang: Lang, frame: &Frame) -> String {
    match &frame.load {
        // Of a load's last call only an error is worth more than what became of the load.
        Some(over) if frame.failed_99() => {
            joined(lang, [call_sentence(lang, frame), load::over(lang, over)])
        }
        Some(over) => load::over(lang, over),
        None => call_sentence(lang, frame),
    }
}

/// What happens in the call under the glass.
fn call_sentence(lang: Lang, frame: &Frame) -> String {
    let Some(call) = &frame.call else {
        return step::nothing_yet(lang).into();
    };
    match (&frame.event, &frame.walk, call.ret) {
        (Some(EventView { told, place: Some(_), .. }), _, _) => {
            event::sentence(lang, rules_of(frame), told, &call.kind)
        }
        (_, Some(walk), None) => walking(lang, frame, walk),
        (None, Some(walk), Some(_)) => walked(lang, frame, call, walk),
        (event, _, _) => {
            returned(lang, rules_of(frame), call, event.as_ref().map(|event| &event.told))
        }
    }
}

fn walking(lang: Lang, frame: &Frame, walk: &WalkView) -> String {
    match &walk.probe {
        Some(probe) => probing(lang, frame, probe),
        None if walk.end == WalkEnd::EmptyRange => {
            step::walk_upside_down(lang, n(walk.low), n(walk.high))
        }
        None if frame.is_lit(Spot::Offset) => starting(lang, rules_of(frame), walk),
        None => event::walk_loop(lang, &walk.order),
    }
}

/// Where a walk starts, and why there.
fn starting(lang: Lang, rules: &Rules, walk: &WalkView) -> String {
    let (start, hint) = (n(walk.start), n(walk.hint));
    match (rules.start, walk.hash_forced) {
        (StartRule::TableOfHints, false) => step::walk_starts_in_table(lang, start, hint),
        (StartRule::TableOfHints, true) => step::walk_starts_in_table_forced(lang, start, hint),
        (_, false) => step::walk_starts(lang, start, hint, n(walk.hash)),
        (_, true) => step::walk_starts_forced(lang, start, hint, n(walk.hash)),
    }
}

/// What the machine of a frame goes by.
fn rules_of(frame: &Frame) -> &'static Rules {
    frame.machine.release.rules()
}

/// One line of a probe.
fn probing(lang: Lang, frame: &Frame, probe: &ProbeView) -> String {
    let port = n(probe.port);
    let bucket = n(probe.bucket);
    let ago = || match frame.check.as_ref().map(|check| &check.found) {
        Some(Found::Timewait { ago_ms, .. }) => duration(lang, *ago_ms),
        _ => String::new(),
    };
    let age = rules_of(frame).reuse.age();
    let in_seconds = age == Age::OverOneSecond;
    // Whether this line is the one that decides: the last of the probe's lines.
    let decides = probe.line + 1 == probe.lines;
    match frame.code.lit {
        Some(Spot::Reserved) => step::reserved(lang, port),
        Some(Spot::Head) => step::head(lang, port, bucket),
        Some(Spot::Search) if probe.fastreuse.is_some() => {
            step::search_found(lang, port, bucket, probe.scanned)
        }
        Some(Spot::Search) => step::search_missed(lang, port, bucket, probe.scanned),
        Some(Spot::NoBucket) if probe.verdict == Verdict::NoMemory => no_memory(lang, frame, port),
        Some(Spot::NoBucket) => step::no_bucket(lang, port),
        Some(Spot::BindOwns) => match probe.fastreuse {
            Some(-1) => step::bind_joined(lang, port),
            fastreuse => step::bind_owns(lang, port, fastreuse.unwrap_or(0)),
        },
        Some(Spot::InTimewait) if ago().is_empty() => step::not_in_timewait(lang, port),
        Some(Spot::InTimewait) => step::in_timewait(lang, port, ago()),
        Some(Spot::NoStamp) if decides => step::no_stamp(lang, port, ago()),
        Some(Spot::NoStamp) => step::has_stamp(lang, port),
        Some(Spot::HalfClosed) if decides => step::half_closed(lang, port, ago()),
        Some(Spot::HalfClosed) => step::is_closed(lang, port),
        Some(Spot::ReuseOff) if decides => match probe.verdict {
            Verdict::Timewait(TimewaitRefusal::LoopbackOnly) => {
                step::reuse_loopback_only(lang, port, ago())
            }
            _ => step::reuse_off(lang, port, ago()),
        },
        Some(Spot::ReuseOff) if in_seconds => step::reuse_on(lang, port),
        Some(Spot::ReuseOff) => step::reuse_on_here(lang, port),
        Some(Spot::TooYoung) if decides => match (probe.verdict, age) {
            (Verdict::Timewait(TimewaitRefusal::TooEarly { age_ms }), _) => {
                let delay = frame.machine.sysctls.one(Sysctl::TwReuseDelay);
                let [time, delay] = [age_ms, delay as u32].map(|ms| duration(lang, ms.into()));
                step::too_early(lang, port, time, delay)
            }
            (Verdict::Timewait(TimewaitRefusal::TooYoung { age_s }), Age::OverOneSecond) => {
                step::too_young(lang, port, age_s)
            }
            _ => step::same_second(lang, port),
        },
        Some(Spot::TooYoung) if in_seconds => step::old_enough(lang, port),
        Some(Spot::TooYoung) => step::old_enough_here(lang, port),
        Some(Spot::TakeOver) if in_seconds => step::take_over(lang, port),
        Some(Spot::TakeOver) => step::take_over_here(lang, port),
        Some(Spot::Alive) if decides => step::alive(lang, port),
        Some(Spot::Alive) => step::not_alive(lang, port),
        Some(Spot::Share) => step::share(lang, port),
        _ => step::port(lang, n(probe.i), port),
    }
}

/// A walk that ends for want of memory.
fn no_memory(lang: Lang, frame: &Frame, port: Grouped) -> String {
    match rules_of(frame).says_no_memory {
        true => step::no_memory_said(lang, port),
        false => step::no_memory(lang, port),
    }
}

fn walked(lang: Lang, frame: &Frame, call: &CallView, walk: &WalkView) -> String {
    let i = n(walk.probes);
    let by = n(walk.hint_after.unwrap_or(walk.hint).wrapping_sub(walk.hint));
    let probe = walk.probe.as_ref();
    let port = n(probe.map_or(call.port, |probe| probe.port));
    match (walk.end, probe.map(|probe| probe.verdict)) {
        (WalkEnd::NoMemory | WalkEnd::NoMemoryForAddress, _) => no_memory(lang, frame, port),
        (WalkEnd::EmptyRange, _) => step::walk_upside_down(lang, n(walk.low), n(walk.high)),
        (WalkEnd::Exhausted, _) if walk.missed > 0 && walk.order.passes() > 1 => {
            step::one_left_out(lang, i)
        }
        (WalkEnd::Exhausted, _) if walk.missed > 0 => step::some_unvisited(lang, i, n(walk.missed)),
        (WalkEnd::Exhausted, _) if walk.ports() == 1 => step::one_refused(lang, port),
        (WalkEnd::Exhausted, _) => step::all_refused(lang, i),
        (WalkEnd::Found, Some(Verdict::TimewaitTaken)) => step::took_over(lang, port, i, by),
        (WalkEnd::Found, Some(Verdict::Shared)) => step::took_shared(lang, port, i, by),
        (WalkEnd::Found, _) => step::took_new(lang, port, i, by),
    }
}

/// A call has returned, and no walk decided it; `told` did, if anything happened in it.
fn returned(lang: Lang, rules: &Rules, call: &CallView, told: Option<&Told>) -> String {
    let port = n(call.port);
    let deed = told.map(|told| told.event);
    match (&call.kind, call.ret, deed) {
        (CallKind::Advance { ms, ended }, Some(Ret::Ok), _) => {
            step::advanced(lang, duration(lang, *ms), n(*ended))
        }
        (
            CallKind::Bind { addr, .. },
            _,
            Some(Event::PortJoined { fastreuse, fastreuseport, .. }),
        ) => match (fastreuse, fastreuseport) {
            (Fastreuse::Automatic, Fastreuseport::Automatic) => {
                step::bound_shareable(lang, addr, port)
            }
            _ => step::bound(lang, addr, port),
        },
        (CallKind::Listen, _, Some(Event::PortJoined { .. })) => step::listening(lang, port),
        (
            CallKind::Close { how, .. },
            _,
            Some(Event::StateChanged { to: SocketState::Close, .. }),
        ) => match how {
            CloseHow::Passive => step::closed_passive(lang, port),
            CloseHow::Rst => step::closed_rst(lang, port),
            CloseHow::Active | CloseHow::FinWait2 | CloseHow::Plain => {
                step::closed_plain(lang).into()
            }
        },
        (kind, _, _) if let Some(told) = told => event::sentence(lang, rules, told, kind),
        (CallKind::Socket, _, _) => step::opened(lang).into(),
        (CallKind::Close { .. }, _, _) => step::closed_plain(lang).into(),
        (kind, _, _) => step::other(lang, kind_name(kind)),
    }
}

/// Sentences one after the other.
fn joined<const N: usize>(lang: Lang, sentences: [String; N]) -> String {
    let between = if lang == Lang::En { " " } else { "" };
    let said = sentences.into_iter().filter(|said| !said.is_empty());
    said.collect::<Vec<_>>().join(between)
}
