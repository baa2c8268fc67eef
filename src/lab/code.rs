//! The kernel's code in our words, with the line that is lit and the live values.

mod routine;
mod values;

use std::sync::Arc;

use error99_kernel::WalkEnd;
use error99_replay::frame::{EventView, Frame, Ret, Tally, WalkView};
use error99_replay::listing::{Line, lines_before};
use error99_replay::routine::Spot;
use leptos::prelude::*;

use super::kept::kept;
use super::live::{Listed, live, part};
use super::same::same;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;

/// Pseudo-code of the walk, written by us: one condition a line, so that one line is one reason.
const CODE: [&str; 16] = [
    "offset = hint + hash(src, dst, dport)",
    "for i in 1 .. remaining:",
    "  port = low + (i + offset) % remaining",
    "  head = bhash[port & (size-1)]",
    "  tb = search head.chain for port",
    "  no tb:                take",
    "  tb.fastreuse >= 0:    next",
    "  same 4-tuple in TIME_WAIT?",
    "    no timestamp:       next",
    "    tw_reuse is 0:      next",
    "    not older than 1 s: next",
    "    else:               take",
    "  same 4-tuple alive?   next",
    "  neither:              take",
    "return -EADDRNOTAVAIL",
    "take: hint += i; return 0",
];

/// The region "Kernel code".
#[component]
pub fn Code(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let returned = move || returned_of(&frame.read()).is_some();
    let shown = Memo::new(move |_| Shown::of(&frame.read()));
    let why = move || match shown.get() {
        Shown::Nothing { in_kernel: true } => t::code_no_event(lang),
        Shown::Nothing { in_kernel: false } => t::code_not_kernel(lang),
        Shown::Walk | Shown::Routine(_) => "",
    };
    let walk = kept(frame, |frame| Shown::of(frame) == Shown::Walk);
    let walk_lines = move || {
        let frame = walk.frame.read();
        let ret = returned_of(&frame);
        let line = |line| one(lang, line, frame.walk.as_ref(), ret);
        Line::ALL.into_iter().map(line).listed()
    };
    let routine_lines = move || match shown.get() {
        Shown::Routine(spot) => other(spot, returned_of(&frame.read())),
        Shown::Walk | Shown::Nothing { .. } => Vec::new(),
    };
    let valued = kept(frame, |frame| {
        frame.walk.is_some() || frame.event.is_some_and(|event| event.spot.is_some())
    });
    let about = move || {
        let frame = frame.read();
        match frame.event.and_then(|event| event.spot) {
            Some(spot) => view! { <code>{routine::function(spot.routine())}</code> }.into_any(),
            None if returned() && frame.walk.is_some() => t::how_often(lang).into_any(),
            None => t::in_our_words(lang).into_any(),
        }
    };
    view! {
        <section class="pane" aria-label=t::kernel_code(lang)>
            <h2 class="h">
                {move || if returned() { t::code_did(lang) } else { t::code_does(lang) }}
                " "
                <small>{part(about)}</small>
            </h2>
            <p class="hint">{part(why)}</p>
            <ol class="code" hidden=live(move || !walk.now.get())>{part(walk_lines)}</ol>
            <ol class="code">{part(routine_lines)}</ol>
            <dl class="regs" aria-label=t::live_values(lang) hidden=live(move || !valued.now.get())>
                {part(move || registers(lang, &valued.frame.read()))}
            </dl>
        </section>
    }
    .into_any()
}

/// Whose code is shown.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    /// The walk's, before the first call too.
    Walk,
    /// That of a routine beside the walk.
    Routine(Spot),
    /// None: nothing happened in this call, or it isn't the kernel's doing.
    Nothing {
        /// Whether it is a call to the kernel.
        in_kernel: bool,
    },
}

impl Shown {
    fn of(frame: &Frame) -> Shown {
        match (&frame.event, &frame.walk) {
            (Some(EventView { spot: Some(spot), .. }), _) => Shown::Routine(*spot),
            (_, Some(_)) => Shown::Walk,
            (Some(_), None) => Shown::Nothing { in_kernel: false },
            (None, None) if frame.call.is_some() => Shown::Nothing { in_kernel: true },
            (None, None) => Shown::Walk,
        }
    }
}

/// What the call under the glass has returned, if it has.
fn returned_of(frame: &Frame) -> Option<Ret> {
    frame.call.as_ref().and_then(|call| call.ret)
}

/// A routine beside the walk. Its lines are no row that runs from top to bottom, so that none but
/// the lit one is set off.
fn other(lit: Spot, ret: Option<Ret>) -> Vec<AnyView> {
    let failed = matches!(ret, Some(Ret::Errno(_)));
    let line = |spot: &Spot| {
        let here = *spot == lit;
        let class = if here && failed {
            "fail"
        } else if here {
            "now"
        } else {
            ""
        };
        let words = routine::words(*spot);
        same((words, class), move || {
            view! { <li class=class aria-current=here.then_some("step")>{words}</li> }.into_any()
        })
    };
    lit.routine().lines().iter().map(line).collect()
}

fn one(lang: Lang, line: Line, walk: Option<&WalkView>, ret: Option<Ret>) -> AnyView {
    let lit = walk.is_some_and(|walk| walk.line == line);
    let class = match walk {
        Some(_) if lit && matches!(ret, Some(Ret::Errno(_))) => "fail",
        Some(_) if lit => "now",
        Some(walk) if ret.is_some() || lines_before(walk.line, line) => "ran",
        _ => "",
    };
    let (note, counted) = match (walk, ret) {
        (Some(walk), Some(_)) => (tallied(lang, line, walk), true),
        _ => (remark(lang, line).to_owned(), false),
    };
    let code = CODE[usize::from(line.number()) - 1];
    same((code, class, note.clone(), counted), move || {
        let words = same((code, note.clone(), counted), move || {
            let note =
                (!note.is_empty()).then(|| view! { <span class="c" class:n=counted>{note}</span> });
            view! { {code} {note} }.into_any()
        });
        view! { <li class=class aria-current=lit.then_some("step")>{words}</li> }.into_any()
    })
}

/// What a line means, while the walk is under way.
fn remark(lang: Lang, line: Line) -> &'static str {
    match line {
        Line::NoBucket => t::code_free(lang),
        Line::BindOwns => t::code_bind(lang),
        Line::Share => t::code_share(lang),
        Line::Fail => t::code_99(lang),
        _ => "",
    }
}

/// How often a line said next, once the call has returned.
fn tallied(lang: Lang, line: Line, walk: &WalkView) -> String {
    let Tally { bind, live, no_stamp, reuse_off, too_young } = walk.tally;
    let count = match line {
        Line::BindOwns => bind,
        Line::NoStamp => no_stamp,
        Line::ReuseOff => reuse_off,
        Line::TooYoung => too_young,
        Line::Alive => live,
        Line::Fail if walk.end != WalkEnd::Found => return t::code_99(lang).into(),
        Line::Take => {
            let hint = thousands(walk.hint_after.unwrap_or(walk.hint));
            return if walk.end == WalkEnd::Found {
                format!("hint = {hint}")
            } else {
                t::hint_stays(lang, hint)
            };
        }
        _ => 0,
    };
    match count {
        0 => String::new(),
        1 => t::once(lang).into(),
        _ => t::times(lang, thousands(count)),
    }
}

/// The live values of the event, or of the loop.
fn registers(lang: Lang, frame: &Frame) -> Vec<AnyView> {
    let cells: Vec<(&'static str, String, bool)> = match &frame.event {
        Some(EventView { told, spot: Some(_), .. }) => {
            let values = values::of(lang, told).into_iter();
            values.map(|(name, value)| (name, value, true)).collect()
        }
        _ => loop_values(frame).into_iter().flatten().collect(),
    };
    let cells = cells.into_iter().map(|(name, value, changed)| {
        same((name, value.clone(), changed), move || {
            view! { <dt>{name}</dt> <dd class:chg=changed>{value}</dd> }.into_any()
        })
    });
    cells.listed()
}

fn loop_values(frame: &Frame) -> Option<[(&'static str, String, bool); 6]> {
    let walk = frame.walk.as_ref()?;
    let dash = || "–".to_owned();
    let probe = walk.probe.as_ref();
    let at = |line: Line, value: String| if walk.line >= line { value } else { dash() };
    Some([
        ("i", probe.map_or_else(dash, |probe| thousands(probe.i)), walk.line == Line::Port),
        ("hint", thousands(walk.hint_after.unwrap_or(walk.hint)), walk.line == Line::Take),
        ("port", probe.map_or_else(dash, |probe| thousands(probe.port)), walk.line == Line::Port),
        ("offset", thousands(walk.offset), walk.line == Line::Offset),
        (
            "bucket",
            probe.map_or_else(dash, |probe| at(Line::Head, thousands(probe.bucket))),
            walk.line == Line::Head,
        ),
        (
            "fastreuse",
            probe.map_or_else(dash, |probe| {
                at(
                    Line::Search,
                    probe.fastreuse.map_or_else(dash, |value| value.to_string().replace('-', "−")),
                )
            }),
            walk.line == Line::Search,
        ),
    ])
}

#[cfg(test)]
pub mod tests {
    use error99_replay::routine::Routine;
    use error99_replay::steps::Told;

    use super::*;

    /// Characters that fit into the pane.
    const WIDE: usize = 39;

    /// Fails if a live value of an event is missing.
    pub fn check_code(told: &Told) {
        for lang in [Lang::En, Lang::ZhCn] {
            for (name, value) in values::of(lang, told) {
                let whole = !value.is_empty() && !value.contains(['{', '}', '(']);
                assert!(whole, "{told:?}: {name} {value}");
            }
        }
    }

    #[test]
    fn every_line_fits_into_the_pane() {
        let routines = Routine::ALL.into_iter().flat_map(Routine::lines);
        let lines = routines.map(|spot| routine::words(*spot)).chain(CODE);
        for line in lines {
            assert!((1..=WIDE).contains(&line.chars().count()), "{line}");
        }
    }
}
