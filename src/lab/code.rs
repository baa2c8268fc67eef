//! The kernel's code in our words, with the line that is lit and the live values.

mod values;

use std::sync::Arc;

use error99_kernel::WalkEnd;
use error99_replay::frame::{Frame, Ret, WalkView};
use error99_replay::listing::{CodeLine, Routine, Spot};
use leptos::prelude::*;

use super::kept::kept;
use crate::lang::Lang;
use crate::text::code::words;
use crate::text::lab as t;
use crate::text::number::{signed, thousands};
use crate::ui::boxed::{Listed, live, part};
use crate::ui::same::same;

/// The region "Kernel code".
#[component]
pub fn Code(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let returned = move || returned_of(&frame.read()).is_some();
    let shown = Memo::new(move |_| Shown::of(&frame.read()));
    let why = move || match shown.get() {
        Shown::Nothing { in_kernel: true } => t::code_no_event(lang),
        Shown::Nothing { in_kernel: false } => t::code_not_kernel(lang),
        Shown::Walk | Shown::Beside(_) => "",
    };
    let walk = kept(frame, |frame| Shown::of(frame) == Shown::Walk);
    let walk_lines = move || {
        let frame = walk.frame.read();
        frame.code_lines().into_iter().map(|line| of_walk(lang, line, &frame)).listed()
    };
    let other_lines = move || match shown.get() {
        Shown::Beside(spot) => other(&frame.read(), spot),
        Shown::Walk | Shown::Nothing { .. } => Vec::new(),
    };
    let valued = kept(frame, |frame| frame.code.lit.is_some());
    let about = move || match shown.get() {
        Shown::Beside(spot) => {
            let function = spot.function(frame.read().machine.release);
            view! { <code>{function}</code> }.into_any()
        }
        Shown::Walk if returned() => t::how_often(lang).into_any(),
        Shown::Walk | Shown::Nothing { .. } => t::in_our_words(lang).into_any(),
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
            <ol class="code">{part(other_lines)}</ol>
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
    /// That of a routine beside the walk, with its lit line.
    Beside(Spot),
    /// None: nothing happened in this call, or it isn't the kernel's doing.
    Nothing {
        /// Whether it is a call to the kernel.
        in_kernel: bool,
    },
}

impl Shown {
    fn of(frame: &Frame) -> Shown {
        match (frame.code.lit, frame.event) {
            (Some(spot), _) if spot.routine() == Routine::Walk => Shown::Walk,
            (Some(spot), _) => Shown::Beside(spot),
            (None, Some(_)) => Shown::Nothing { in_kernel: false },
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
fn other(frame: &Frame, lit: Spot) -> Vec<AnyView> {
    let ret = returned_of(frame);
    let shown = |line: CodeLine| {
        let here = line.spot == lit;
        self::line(line, if here { lit_class(ret) } else { "" }, here, String::new(), false)
    };
    frame.code_lines().into_iter().map(shown).collect()
}

fn lit_class(ret: Option<Ret>) -> &'static str {
    if matches!(ret, Some(Ret::Errno(_) | Ret::Limit(_))) { "fail" } else { "now" }
}

/// A line of the walk: what has run is set off, and how often each refused once it is over.
fn of_walk(lang: Lang, line: CodeLine, frame: &Frame) -> AnyView {
    let spot = line.spot;
    let (walk, ret) = (frame.walk.as_ref(), returned_of(frame));
    let lit = frame.is_lit(spot);
    let class = match walk {
        Some(_) if lit => lit_class(ret),
        Some(_) if ret.is_some() || frame.reached(spot) => "ran",
        _ => "",
    };
    let (note, counted) = match (walk, ret) {
        (Some(walk), Some(_)) => (tallied(lang, spot, walk), true),
        _ => (remark(lang, spot).to_owned(), false),
    };
    self::line(line, class, lit, note, counted)
}

fn line(line: CodeLine, class: &'static str, lit: bool, note: String, counted: bool) -> AnyView {
    let words = words(line);
    same((words, class, note.clone(), counted), move || {
        let words = same((words, note.clone(), counted), move || {
            let note =
                (!note.is_empty()).then(|| view! { <span class="c" class:n=counted>{note}</span> });
            view! { {words} {note} }.into_any()
        });
        view! { <li class=class aria-current=lit.then_some("step")>{words}</li> }.into_any()
    })
}

/// What a line means, while the walk is under way.
fn remark(lang: Lang, spot: Spot) -> &'static str {
    match spot {
        Spot::NoBucket => t::code_free(lang),
        Spot::BindOwns => t::code_bind(lang),
        Spot::Share => t::code_share(lang),
        Spot::Fail => t::code_99(lang),
        _ => "",
    }
}

/// From here on a hint has no room beside its line; the live values have it.
const LONG: u32 = 10_000_000;

/// How often a line said next, once the call has returned.
fn tallied(lang: Lang, spot: Spot, walk: &WalkView) -> String {
    let tally = walk.tally;
    let count = match spot {
        Spot::Reserved => tally.reserved,
        Spot::BindOwns => tally.bind,
        Spot::NoStamp => tally.no_stamp,
        Spot::HalfClosed => tally.half_closed,
        Spot::ReuseOff => tally.reuse_off + tally.loopback_only,
        Spot::TooYoung => tally.too_young + tally.too_early,
        Spot::Alive => tally.live,
        Spot::Fail if walk.end != WalkEnd::Found => return t::code_99(lang).into(),
        Spot::Take => {
            let hint = walk.hint_after.unwrap_or(walk.hint);
            return match (walk.end == WalkEnd::Found, hint < LONG) {
                (true, true) => format!("hint = {}", thousands(hint)),
                (true, false) => String::new(),
                (false, true) => t::hint_stays(lang, thousands(hint)),
                (false, false) => t::hint_as_before(lang).into(),
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
    let cells: Vec<(&'static str, String, bool)> = match (Shown::of(frame), &frame.event) {
        (Shown::Beside(_), Some(event)) => {
            let values = values::of(lang, &event.told).into_iter();
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
    let known = |spot: Spot| walk.probe.as_ref().filter(|_| frame.reached(spot));
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let fastreuse = known(Spot::Search).and_then(|probe| probe.fastreuse);
    let lit = |spot: Spot| frame.is_lit(spot);
    Some([
        (
            "i",
            or_dash(known(Spot::Port).map(|probe| thousands(walk.order.distance(probe.i)))),
            lit(Spot::Port),
        ),
        ("hint", thousands(walk.hint_after.unwrap_or(walk.hint)), lit(Spot::Take)),
        ("port", or_dash(known(Spot::Port).map(|probe| thousands(probe.port))), lit(Spot::Port)),
        ("offset", thousands(walk.offset), lit(Spot::Offset)),
        (
            "bucket",
            or_dash(known(Spot::Head).map(|probe| thousands(probe.bucket))),
            lit(Spot::Head),
        ),
        (
            "fastreuse",
            or_dash(fastreuse.map(|value| signed(value.into()).to_string())),
            lit(Spot::Search),
        ),
    ])
}

#[cfg(test)]
pub mod tests {
    use error99_replay::steps::Told;

    use super::*;

    /// Fails if a live value of an event is missing.
    pub fn check_code(told: &Told) {
        for lang in [Lang::En, Lang::ZhCn] {
            for (name, value) in values::of(lang, told) {
                let whole = !value.is_empty() && !value.contains(['{', '}', '(']);
                assert!(whole, "{told:?}: {name} {value}");
            }
        }
    }
}
