//! The folded tape of a walk: start, wrap-around, cursor and end side by side.

use std::sync::Arc;

use error99_replay::frame::{Frame, PortCell, Seen, TapeItem, WalkView};
use error99_replay::tape::UNFOLDED_MAX;
use leptos::prelude::*;

use super::amounts::duration;
use super::mark::cell_class;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;

/// The region "Port walk".
#[component]
pub fn Tape(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let items = move || match &frame.read().walk {
        Some(walk) => {
            let class = if walk.ports() <= UNFOLDED_MAX { "tape whole" } else { "tape" };
            let items = walk.tape.iter().map(|place| item(lang, walk, place)).collect_view();
            view! { <ol class=class>{items}</ol> }.into_any()
        }
        None => view! { <p class="hint">{t::idle_walk(lang)}</p> }.into_any(),
    };
    view! { <section class="walk" aria-label=t::port_walk(lang)>{items}</section> }
    .into_any()
}

fn item(lang: Lang, walk: &WalkView, item: &TapeItem) -> AnyView {
    match *item {
        TapeItem::Cell { i, port, cell, left_ms, seen } => {
            one(lang, walk, i, port, cell, left_ms, seen).into_any()
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
        TapeItem::Seam => view! {
            <li class="seam">
                <span class="vh">{t::wrap_long(lang)}</span>
                <span class="bars" aria-hidden="true"></span>
                <span class="st" aria-hidden="true">{t::wrap(lang)}</span>
            </li>
        }
        .into_any(),
    }
}

fn one(
    lang: Lang,
    walk: &WalkView,
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
    let near = walk.probe.as_ref().is_some_and(|probe| probe.i.abs_diff(i) <= 2);
    let class = format!(
        "{place}{}{}",
        if near { " near" } else { "" },
        if port == walk.low && i > 1 { " low" } else { "" }
    );
    let number = match (i, seen) {
        (_, Seen::Now | Seen::NowRefused | Seen::Taken) => {
            format!("i = {}", thousands(i)).into_any()
        }
        (1, _) => view! { <span class="tag">{t::tape_first(lang)}</span> }.into_any(),
        (i, _) if i == walk.ports() => {
            view! { <span class="tag">{t::tape_last(lang)}</span> }.into_any()
        }
        _ => thousands(i).into_any(),
    };
    let state = match (cell, left_ms) {
        (PortCell::Timewait(_), Some(ms)) => t::left(lang, duration(lang, ms)),
        (PortCell::Timewait(_), None) => t::state_timewait(lang).into(),
        (PortCell::Free, _) => t::word_free(lang).into(),
        (PortCell::Bind, _) => t::word_bind(lang).into(),
        (PortCell::Live, _) => t::word_live(lang).into(),
        (PortCell::Shared, _) => t::word_shared(lang).into(),
    };
    let said = match seen {
        Seen::Refused | Seen::NowRefused => t::refused(lang),
        Seen::Taken => t::taken(lang),
        Seen::Now => "",
        Seen::Ahead => t::not_reached(lang),
    };
    view! {
        <li class=class aria-current=matches!(seen, Seen::Now | Seen::NowRefused | Seen::Taken).then_some("step")>
            <span class="i">{number}</span>
            <span class=format!("{}{}", cell_class(cell), if refused { " refused" } else { "" })>
                {refused.then(|| view! { <svg class="ico x" aria-hidden="true"><use href=Icon::No.href()></use></svg> })}
                {(seen == Seen::Taken).then(|| icon(Icon::Yes))}
            </span>
            <span>
                <span class="p">{thousands(port)}</span>
                <span class="st">{state}</span>
                <span class="vh">{said}</span>
            </span>
        </li>
    }
}
