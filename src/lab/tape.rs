//! The folded tape of a walk: start, wrap-around, cursor and end side by side.

use std::sync::Arc;

use error99_replay::frame::{CallKind, Frame, PortCell, Seen, TapeItem, WalkView};
use error99_replay::ports::Ports;
use error99_replay::tape::UNFOLDED_MAX;
use leptos::prelude::*;

use super::amounts::duration;
use super::kept::{Kept, kept};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::boxed::{Listed, live, part};
use crate::ui::length::number;
use crate::ui::mark::cell_class;
use crate::ui::same::same;

/// Shares of the tape's width: a cell, a fold, the seam, and the gap between two places.
const CELL: f64 = 66.0;
const FOLD: f64 = 46.0;
const SEAM: f64 = 18.0;
const GAP: f64 = 0.01;

/// The region "Port walk". `cursor` is where the cursor stands on the page above: its distance
/// from the left edge and the width of the whole, in CSS pixels.
#[component]
pub fn Tape(
    lang: Lang,
    #[prop(into)] frame: Signal<Arc<Frame>>,
    #[prop(into)] ports: Signal<Arc<Ports>>,
    #[prop(into)] cursor: Signal<Option<(f64, f64)>>,
) -> impl IntoView {
    let small = Memo::new(move |_| ports.read().cells.len() as u32 <= UNFOLDED_MAX);
    let Kept { frame: last, now } = kept(frame, |frame| frame.walk.is_some());
    // A small range is shown without a walk, too.
    let in_order = Memo::new(move |_| small.get() && !now.get());
    let idle = Memo::new(move |_| !small.get() && !now.get());
    let shape = move || match &last.read().walk {
        Some(walk) if !in_order.get() => class_for(walk.steps()),
        _ => class_for(ports.read().cells.len() as u32),
    };
    let items = move || match &last.read().walk {
        _ if in_order.get() => self::in_order(lang, &ports.read()),
        Some(walk) => {
            let before = std::iter::once(None).chain(walk.tape.iter().map(Some));
            let places = walk.tape.iter().zip(before);
            places.map(|(place, before)| item(lang, walk, place, before)).collect()
        }
        None => Vec::new(),
    };
    let lens = move || {
        let (x, width) = cursor.get()?;
        let frame = frame.read();
        let walk = frame.walk.as_ref().filter(|walk| walk.steps() > UNFOLDED_MAX)?;
        let (left, right) = glass(walk)?;
        let (left, right) = (number(left * width), number(right * width));
        let (x, width) = (number(x), number(width));
        let outline = format!("M{x} -6V0L{left} 24H{right}L{x} 0");
        Some(same((outline.clone(), width.clone()), move || {
            view! {
                <svg class="lens" aria-hidden="true" viewBox=format!("0 0 {width} 24") preserveAspectRatio="none">
                    <path d=outline></path>
                </svg>
            }
            .into_any()
        }))
    };
    view! {
        <section class="walk" class:small=small aria-label=t::port_walk(lang)>
            <p class="hint" hidden=live(move || !idle.get())>{part(move || idle_words(lang, &frame.read()))}</p>
            <div hidden=idle>{lens} <ol class=live(shape)>{part(items)}</ol></div>
        </section>
    }
    .into_any()
}

/// Left and right edge of the cells around the cursor, as shares of the tape's width.
fn glass(walk: &WalkView) -> Option<(f64, f64)> {
    let here = walk.probe.as_ref()?.i;
    let share = |item: &TapeItem| match item {
        TapeItem::Cell { .. } => CELL,
        TapeItem::Fold { .. } => FOLD,
        TapeItem::Wrap | TapeItem::NextPass => SEAM,
    };
    let gaps = GAP * walk.tape.len().saturating_sub(1) as f64;
    let unit = (1.0 - gaps) / walk.tape.iter().map(share).sum::<f64>();
    let mut x = 0.0;
    let mut edges = None::<(f64, f64)>;
    for item in &walk.tape {
        let right = x + share(item) * unit;
        if matches!(item, TapeItem::Cell { i, .. } if i.abs_diff(here) <= 2) {
            edges = Some((edges.map_or(x, |edges| edges.0), right));
        }
        x = right + GAP;
    }
    edges
}

/// Why no walk is shown.
fn idle_words(lang: Lang, frame: &Frame) -> &'static str {
    match frame.call.as_ref().map(|call| &call.kind) {
        Some(CallKind::Connect { .. }) => t::idle_no_walk(lang),
        _ => t::idle_walk(lang),
    }
}

/// A small range while no walk is shown: its ports in order.
fn in_order(lang: Lang, ports: &Ports) -> Vec<AnyView> {
    let cell = |(index, cell): (usize, &PortCell)| {
        view! {
            <li>
                <span class="i"></span>
                <span class=cell_class(*cell)></span>
                <span>
                    <span class="p">{thousands(ports.low + index as u16)}</span>
                    <span class="st">{word(lang, *cell, None)}</span>
                </span>
            </li>
        }
    };
    ports.cells.iter().enumerate().map(cell).listed()
}

/// How a tape of so many ports is laid out: a few large cells, many small ones, or folded.
fn class_for(ports: u32) -> &'static str {
    match ports {
        0..=16 => "tape whole",
        17..=UNFOLDED_MAX => "tape whole many",
        _ => "tape",
    }
}

/// The word for a port's state.
fn word(lang: Lang, cell: PortCell, left_ms: Option<u64>) -> String {
    match (cell, left_ms) {
        (PortCell::Timewait(_), Some(ms)) => t::left(lang, duration(lang, ms)),
        (PortCell::Timewait(_), None) => t::state_timewait(lang).into(),
        (PortCell::Free, _) => t::word_free(lang).into(),
        (PortCell::Bind, _) => t::word_bind(lang).into(),
        (PortCell::Live, _) => t::word_live(lang).into(),
        (PortCell::Shared, _) => t::word_shared(lang).into(),
    }
}

fn item(lang: Lang, walk: &WalkView, item: &TapeItem, before: Option<&TapeItem>) -> AnyView {
    let item = *item;
    let at = match item {
        TapeItem::Cell { i, .. } => CellAt {
            near: walk.probe.as_ref().is_some_and(|probe| probe.i.abs_diff(i) <= 2),
            seam: match before {
                Some(TapeItem::Wrap | TapeItem::NextPass) => " wrapped",
                _ => "",
            },
            last: i == walk.steps(),
        },
        _ => CellAt::default(),
    };
    same((item, at), move || match item {
        TapeItem::Cell { i, port, cell, left_ms, seen, .. } => {
            one(lang, at, i, port, cell, left_ms, seen).into_any()
        }
        TapeItem::Fold { count, seen } => view! {
            <li class="fold">
                <span class="i"></span>
                <svg viewBox="0 0 46 40" preserveAspectRatio="none" aria-hidden="true">
                    <path d="M3 6L9.6 34L16.2 6L22.8 34L29.4 6L36 34L42.6 6"></path>
                </svg>
                <span>
                    <span class="p">{thousands(count)}</span>
                    <span class="st">
                        {if seen == Seen::Ahead { t::to_go(lang) } else { t::refused(lang) }}
                    </span>
                </span>
            </li>
        }
        .into_any(),
        TapeItem::Wrap => seam(t::wrap_long(lang), t::wrap(lang)),
        TapeItem::NextPass => seam(t::pass_long(lang), t::pass(lang)),
    })
}

/// Where a walk doesn't go on to the next port.
fn seam(said: &'static str, shown: &'static str) -> AnyView {
    view! {
        <li class="seam">
            <span class="vh">{said}</span>
            <span class="bars" aria-hidden="true"></span>
            <span class="st" aria-hidden="true">{shown}</span>
        </li>
    }
    .into_any()
}

/// Where a cell stands in its walk.
#[derive(Clone, Copy, Default, PartialEq)]
struct CellAt {
    /// Beside the cursor.
    near: bool,
    /// Class of what lies before it, if the walk doesn't come from the port below.
    seam: &'static str,
    /// At the last port of a full walk.
    last: bool,
}

/// What stands above a cell.
#[derive(Clone, Copy, PartialEq)]
enum Number {
    /// Which end of the walk it is.
    Tag(&'static str),
    /// Which step.
    Step(u32),
    /// The same at the cursor, where it is said what is counted.
    Cursor(u32),
}

fn one(
    lang: Lang,
    at: CellAt,
    i: u32,
    port: u16,
    cell: PortCell,
    left_ms: Option<u64>,
    seen: Seen,
) -> impl IntoView {
    let refused = matches!(seen, Seen::Refused | Seen::NowRefused);
    let place = match seen {
        Seen::Ahead => "ahead",
        Seen::Refused => "been",
        Seen::Now | Seen::NowRefused => "cur",
        Seen::Taken => "cur taken",
    };
    let class = [place, if at.near { " near" } else { "" }, at.seam].concat();
    let number = match (i, seen) {
        (_, Seen::Now | Seen::NowRefused | Seen::Taken) => Number::Cursor(i),
        (1, _) => Number::Tag(t::tape_first(lang)),
        _ if at.last => Number::Tag(t::tape_last(lang)),
        _ => Number::Step(i),
    };
    let state = match seen {
        Seen::Taken => t::taken(lang).to_owned(),
        _ => word(lang, cell, left_ms),
    };
    let said = match seen {
        Seen::Refused | Seen::NowRefused => t::refused(lang),
        Seen::Taken | Seen::Now => "",
        Seen::Ahead => t::not_reached(lang),
    };
    let current = matches!(seen, Seen::Now | Seen::NowRefused | Seen::Taken);
    let shown = (cell_class(cell), refused, seen == Seen::Taken);
    view! {
        <li class=class aria-current=current.then_some("step")>
            {same(number, move || {
                let words = match number {
                    Number::Tag(words) => view! { <span class="tag">{words}</span> }.into_any(),
                    Number::Step(i) => thousands(i).into_any(),
                    Number::Cursor(i) => {
                        view! { <span class="eq">"i = "</span> {thousands(i)} }.into_any()
                    }
                };
                view! { <span class="i">{words}</span> }.into_any()
            })}
            {same(shown, move || {
                let (class, refused, taken) = shown;
                view! {
                    <span class=class class:refused=refused>
                        {refused.then(|| view! { <svg class="ico x" width="16" height="16" aria-hidden="true"><use href=Icon::No.href()></use></svg> })}
                        {taken.then(|| icon(Icon::Yes))}
                    </span>
                }
                .into_any()
            })}
            <span>
                {line("p", thousands(port))}
                {line("st", state)}
                {line("vh", said.to_owned())}
            </span>
        </li>
    }
}

/// A line of words in a cell.
fn line(class: &'static str, words: String) -> AnyView {
    same((class, words.clone()), move || view! { <span class=class>{words}</span> }.into_any())
}
