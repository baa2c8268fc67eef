//! The region "This step": one sentence that says what the kernel does now, and why.

use std::sync::Arc;

use error99_kernel::{CloseHow, Errno, Verdict};
use error99_replay::frame::{CallKind, CallView, Found, Frame, ProbeView, Ret, WalkView};
use error99_replay::listing::Line;
use leptos::prelude::*;

use super::amounts::duration;
use super::rich::Rich;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::{lab as t, step, verdict};

/// The sentence, with the place of the step above it. `hushed` stops a screen reader from
/// reading every step of a fast playback aloud.
#[component]
pub fn Say(
    lang: Lang,
    #[prop(into)] frame: Signal<Arc<Frame>>,
    #[prop(into)] hushed: Signal<bool>,
) -> impl IntoView {
    let live = move || match (hushed.get(), failed_99(&frame.read())) {
        (true, _) => "off",
        (false, true) => "assertive",
        (false, false) => "polite",
    };
    view! {
        <section class="say" aria-label=t::this_step(lang)>
            <div class="eyebrow">{move || eyebrow(lang, &frame.read())}</div>
            <p aria-live=live aria-atomic="true">
                {move || view! { <Rich text=sentence(lang, &frame.read()) /> }}
            </p>
        </section>
    }
    .into_any()
}

/// Whether the call under the glass has just returned error 99.
pub fn failed_99(frame: &Frame) -> bool {
    frame.call.as_ref().is_some_and(|call| {
        matches!(call.kind, CallKind::Connect { .. })
            && call.ret == Some(Ret::Errno(Errno::EADDRNOTAVAIL.code() as u16))
    })
}

/// What the call under the glass is called in the eyebrow and on the timeline.
pub fn call_name(lang: Lang, call: &CallView) -> String {
    match (&call.kind, call.number) {
        (_, Some(number)) => t::call_number(lang, thousands(number)),
        (CallKind::Connect { .. }, None) => t::loaded_call(lang).into(),
        (kind, None) => kind_name(kind).into(),
    }
}

fn kind_name(kind: &CallKind) -> &str {
    match kind {
        CallKind::Socket => "socket()",
        CallKind::Connect { .. } => "connect()",
        CallKind::Bind { .. } => "bind()",
        CallKind::Listen => "listen()",
        CallKind::Close { .. } => "close()",
        CallKind::Advance { .. } => "sleep",
        CallKind::Sysctl { .. } => "sysctl",
        CallKind::Rekey => "rekey",
        CallKind::Other { name } => name,
    }
}

fn eyebrow(lang: Lang, frame: &Frame) -> AnyView {
    let Some(call) = &frame.call else {
        return view! { <span>"Linux 2.6.32"</span> }.into_any();
    };
    let failed = failed_99(frame).then(|| {
        view! { <span class="x99">{icon(Icon::No)} {verdict::error_99(lang)}</span> }
    });
    let name = call_name(lang, call);
    let place = frame.walk.as_ref().map(|walk| match (&walk.probe, call.ret) {
        (Some(probe), None) => view! {
            <span>{t::probe_of(lang, thousands(probe.i), thousands(walk.probes))}</span>
            <span>{t::step_of(lang, probe.line + 1, probe.lines)}</span>
        }
        .into_any(),
        (_, Some(Ret::Errno(_))) => view! {
            <span>{probes(lang, walk.probes)}</span>
            <span>{t::full_circle(lang)}</span>
        }
        .into_any(),
        _ => view! { <span>{probes(lang, walk.probes)}</span> }.into_any(),
    });
    view! { {failed} <b>{name}</b> {place} }.into_any()
}

/// "1 probe", "28,233 probes".
pub fn probes(lang: Lang, count: u32) -> String {
    match count {
        1 => t::one_probe(lang).into(),
        _ => t::probes(lang, thousands(count)),
    }
}

/// The sentence for a frame.
pub fn sentence(lang: Lang, frame: &Frame) -> String {
    let Some(call) = &frame.call else {
        return step::nothing_yet(lang).into();
    };
    match (&frame.walk, call.ret) {
        (Some(walk), None) => walking(lang, frame, walk),
        (Some(walk), Some(ret)) => walked(lang, call, walk, ret),
        (None, ret) => other_call(lang, frame, call, ret),
    }
}

fn walking(lang: Lang, frame: &Frame, walk: &WalkView) -> String {
    match &walk.probe {
        Some(probe) => probing(lang, frame, walk.line, probe),
        None if walk.line == Line::Offset => step::walk_starts(
            lang,
            thousands(walk.start),
            thousands(walk.hint),
            thousands(walk.hash),
        ),
        None => step::walk_loop(
            lang,
            thousands(walk.ports()),
            thousands(walk.low),
            thousands(walk.high),
        ),
    }
}

fn probing(lang: Lang, frame: &Frame, line: Line, probe: &ProbeView) -> String {
    let port = thousands(probe.port);
    let bucket = thousands(probe.bucket);
    let ago = || match frame.check.as_ref().map(|check| &check.found) {
        Some(Found::Timewait { ago_ms, .. }) => duration(lang, *ago_ms),
        _ => String::new(),
    };
    let age_s = || match frame.check.as_ref().map(|check| &check.found) {
        Some(Found::Timewait { age_s, .. }) => *age_s,
        _ => 0,
    };
    // Whether this line is the one that decides: the last of the probe's lines.
    let decides = probe.line + 1 == probe.lines;
    match line {
        Line::Offset | Line::Loop | Line::Port => step::port(lang, thousands(probe.i), port),
        Line::Head => step::head(lang, port, bucket),
        Line::Search if probe.fastreuse.is_some() => {
            step::search_found(lang, port, bucket, probe.scanned)
        }
        Line::Search => step::search_missed(lang, port, bucket, probe.scanned),
        Line::NoBucket if probe.verdict == Verdict::NoMemory => step::no_memory(lang, port),
        Line::NoBucket => step::no_bucket(lang, port),
        Line::BindOwns if decides => step::bind_owns(lang, port, probe.fastreuse.unwrap_or(0)),
        Line::BindOwns => step::bind_not(lang, port),
        Line::InTimewait if ago().is_empty() => step::not_in_timewait(lang, port),
        Line::InTimewait => step::in_timewait(lang, port, ago()),
        Line::NoStamp if decides => step::no_stamp(lang, port, ago()),
        Line::NoStamp => step::has_stamp(lang, port),
        Line::ReuseOff if decides => step::reuse_off(lang, port, ago()),
        Line::ReuseOff => step::reuse_on(lang, port),
        Line::TooYoung if decides => step::too_young(lang, port, age_s()),
        Line::TooYoung => step::old_enough(lang, port),
        Line::TakeOver => step::take_over(lang, port),
        Line::Alive if decides => step::alive(lang, port),
        Line::Alive => step::not_alive(lang, port),
        Line::Share => step::share(lang, port),
        Line::Fail => step::all_refused(lang, probe.i),
        Line::Take => step::took_new(lang, port, probe.i),
    }
}

fn walked(lang: Lang, call: &CallView, walk: &WalkView, ret: Ret) -> String {
    let i = thousands(walk.probes);
    let port = thousands(call.port);
    match (ret, walk.probe.as_ref().map(|probe| probe.verdict)) {
        (Ret::Errno(_), Some(Verdict::NoMemory)) => {
            step::no_memory(lang, walk.probe.as_ref().map_or(port, |p| thousands(p.port)))
        }
        (Ret::Errno(_), _) if walk.missed > 0 => {
            step::some_unvisited(lang, i, thousands(walk.missed))
        }
        (Ret::Errno(_), _) if walk.ports() == 1 => step::one_refused(lang, thousands(walk.low)),
        (Ret::Errno(_), _) => step::all_refused(lang, i),
        (Ret::Ok, Some(Verdict::TimewaitTaken)) => step::took_over(lang, port, i),
        (Ret::Ok, Some(Verdict::Shared)) => step::took_shared(lang, port, i),
        (Ret::Ok, _) => step::took_new(lang, port, i),
    }
}

fn other_call(lang: Lang, frame: &Frame, call: &CallView, ret: Option<Ret>) -> String {
    let port = thousands(call.port);
    let failed = match ret {
        Some(Ret::Errno(code)) => Errno::from_code(i32::from(code)).map(Errno::name),
        _ => None,
    };
    match (&call.kind, failed) {
        (CallKind::Connect { .. }, None) => step::bound_took(lang, port),
        (CallKind::Connect { .. }, Some(_)) if frame.check.is_some() => {
            step::bound_refused(lang, port)
        }
        (CallKind::Connect { .. }, Some(errno)) => step::failed_early(lang, errno),
        (CallKind::Socket, _) => step::opened(lang).into(),
        (CallKind::Bind { addr, .. }, None) => step::bound(lang, addr, port),
        (CallKind::Bind { .. }, Some(errno)) => step::bind_failed(lang, errno),
        (CallKind::Listen, None) => step::listening(lang, port),
        (CallKind::Listen, Some(errno)) => step::listen_failed(lang, errno),
        (CallKind::Close { how, .. }, _) => match how {
            CloseHow::Active => step::closed_timewait(lang, port),
            CloseHow::Passive => step::closed_passive(lang, port),
            CloseHow::Rst => step::closed_rst(lang, port),
            CloseHow::FinWait2 | CloseHow::Plain => step::closed_plain(lang).into(),
        },
        (CallKind::Advance { ms, ended }, _) => {
            step::advanced(lang, duration(lang, *ms), thousands(*ended))
        }
        (CallKind::Sysctl { name, value }, None) => step::sysctl_written(lang, name, value),
        (CallKind::Sysctl { name, .. }, Some(_)) => step::sysctl_refused(lang, name),
        (CallKind::Rekey, _) => step::rekeyed(lang).into(),
        (CallKind::Other { name }, _) => step::other(lang, name),
    }
}
