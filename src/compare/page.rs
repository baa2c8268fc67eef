//! One of the two kernels: its name and what the call got there, the page of its ports, and why.

use std::sync::Arc;

use error99_kernel::Release;
use error99_replay::frame::{CallKind, CallView, Frame, Ret, WalkView};
use error99_replay::grid::Parity;
use error99_replay::pair::PairView;
use error99_replay::ports::Ports;
use error99_replay::trail;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use super::state::{Both, BothWish};
use super::words::outcome;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::compare as t;
use crate::text::kernels;
use crate::text::number::thousands;
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::browser::{self, Size};
use crate::ui::colours::Palette;
use crate::ui::geometry::Geometry;
use crate::ui::length::{number, px};
use crate::ui::paint::Painted;
use crate::ui::rich::Rich;

/// How high a sheet may be: so many of its width, but at least so many CSS pixels.
const HIGH: f64 = 0.51;
const LOW: f64 = 300.0;

/// The side 0 or 1 of the two.
#[component]
pub fn KernelSide(
    lang: Lang,
    links: Links,
    both: Both,
    side: usize,
    palette: RwSignal<Option<Palette>>,
) -> impl IntoView {
    let release = Memo::new(move |_| both.releases.get()[side]);
    let result = move || {
        let view = both.view.read();
        let call = view.frames[side].call.as_ref();
        outcome(lang, call, view.facing.probes[side]).map(|(ok, words)| {
            view! { <span class="result" class:ok=ok>{words}</span> }
        })
    };
    let to_lab = move || links.with_machine(Page::Lab, &both.links.read()[side]);
    let hidden = move || if both.side.get() == side { "" } else { "other" };
    view! {
        <section class="kernel-side" aria-label=if side == 0 { t::left(lang) } else { t::right(lang) } data-narrow=live(hidden)>
            <div class="top">
                <Choice lang both side release />
                <span class="order">{part(move || t::order(lang, release.get()))}</span>
                {part(result)}
            </div>
            <PortSheet lang both side palette />
            <p class="why">{part(move || why(lang, &both.view.read(), side))}</p>
            <a class="hint" href=live(to_lab)>
                {part(move || t::open_in_lab(lang, release.get().title()))}
                {icon(Icon::Arrow)}
            </a>
        </section>
    }
    .into_any()
}

/// The choice of its kernel.
#[component]
fn Choice(lang: Lang, both: Both, side: usize, release: Memo<Release>) -> impl IntoView {
    let option = move |offered: Release| {
        let (name, words) = (offered.name(), kernels::line(lang, offered));
        view! {
            <option value=name selected=release.get_untracked() == offered>{words}</option>
        }
    };
    let choose = move |event: web_sys::Event| {
        if let Some(chosen) = Release::parse(&event_target_value(&event)) {
            both.wish(BothWish::Boot(side, chosen));
        }
    };
    view! {
        <select
            class="num"
            aria-label=if side == 0 { t::left(lang) } else { t::right(lang) }
            autocomplete="off"
            prop:value=live(move || release.get().name())
            on:change=heard(choose)
        >
            {Release::ALL.into_iter().map(option).listed()}
        </select>
    }
    .into_any()
}

/// The page of its ports, with the trail of the walk over it.
#[component]
fn PortSheet(
    lang: Lang,
    both: Both,
    side: usize,
    palette: RwSignal<Option<Palette>>,
) -> impl IntoView {
    // The sheet gets its height from the canvas: what is observed mustn't, or the observer goes round
    // in a loop.
    let (ruler, canvas) = (NodeRef::<Div>::new(), NodeRef::<Canvas>::new());
    let size = browser::size_of(ruler);
    let ports = Memo::new(move |_| Arc::new(both.view.read().ports[side].clone()));
    let passes = Memo::new(move |_| both.releases.get()[side].rules().order.has_passes());
    let geometry = Memo::new(move |_| {
        // A side that a narrow screen doesn't show has no size.
        let Size { width, scale, .. } = size.get().filter(|size| size.width > 0.0)?;
        let ports = ports.read();
        let halves = passes.get().then(|| Parity::of(ports.low));
        let height = (width * HIGH).max(LOW);
        Some(Geometry::wide(ports.cells.len() as u32, halves, (width, height), scale))
    });
    Effect::new(move |before: Option<Option<Painted>>| {
        let (canvas, palette, geometry) = (canvas.get()?, palette.get()?, geometry.get()?);
        let painted = Painted::next(before.flatten(), ports.get(), geometry, palette);
        browser::show_pixels(&canvas, &painted.pixels, geometry.grid.size(), geometry.size_css());
        Some(painted)
    });
    let label = move || {
        let ports = ports.read();
        let all = ports.cells.len() as u32;
        t::map_image(lang, thousands(all), thousands(all - ports.counts().free))
    };
    let over = move || {
        let (geometry, view) = (geometry.get()?, both.view.read());
        Some(over(&view.frames[side], &view.ports[side], &geometry))
    };
    let chips = move || {
        let (geometry, view) = (geometry.get()?, both.view.read());
        Some(chips(lang, view.frames[side].walk.as_ref()?, &geometry, size.get()?.letters))
    };
    let ends = move || {
        let ports = ports.read();
        let words = if passes.get() { t::halves(lang) } else { t::in_turn(lang) };
        view! {
            <code>{thousands(ports.low)}</code>
            <span>{words}</span>
            <code>{thousands(ports.high())}</code>
        }
    };
    view! {
        <div class="sheet" role="img" aria-label=live(label)>
            <div class="ruler" node_ref=ruler></div>
            {still(&ports.read_untracked(), passes.get_untracked())}
            <canvas node_ref=canvas></canvas>
            {part(over)}
            <div class="chips" aria-hidden="true">{part(chips)}</div>
        </div>
        <p class="ends">{part(ends)}</p>
    }
    .into_any()
}

/// What stands in the canvas' place while the page is written.
#[cfg(feature = "ssr")]
fn still(ports: &Ports, halves: bool) -> AnyView {
    crate::ui::still::wide_page(ports, halves).into_any()
}

#[cfg(not(feature = "ssr"))]
fn still(_: &Ports, _: bool) {}

/// What lies over the cells: the trail of the walk and its ends.
fn over(frame: &Frame, ports: &Ports, geometry: &Geometry) -> AnyView {
    let (width, height) = geometry.size_css();
    let (width, height) = (number(width), number(height));
    let view_box = format!("0 0 {width} {height}");
    let path = |stretches| geometry.outlines(ports.low, stretches);
    let walk = frame.walk.as_ref().map(|walk| {
        let step = geometry.step();
        let (veil, seen) = (path(trail::ahead(walk, step)), path(trail::met(walk, step)));
        let dot = |port: u16, class: &'static str| {
            let (x, y) = geometry.centre(u32::from(port.checked_sub(ports.low)?));
            let (x, y) = (number(x), number(y));
            Some(view! {
                <circle class=format!("ring {class}") cx=x.clone() cy=y.clone() r="6"></circle>
                <circle class=format!("pip {class}") cx=x cy=y r="2"></circle>
            })
        };
        view! {
            <path class="veil" d=veil></path>
            <path class="seen" d=seen></path>
            {dot(walk.start, "")}
            {taken(frame).and_then(|port| dot(port, "ok"))}
        }
    });
    let middle = geometry.grid.halves.map(|_| {
        let (x, y) = geometry.middle();
        view! { <path class="half" d=format!("M{} 0V{}", number(x), number(y))></path> }
    });
    view! {
        <svg class="over" aria-hidden="true" width=width height=height viewBox=view_box>
            {middle}
            {walk}
        </svg>
    }
    .into_any()
}

/// The port that the walk under the glass ended with.
fn taken(frame: &Frame) -> Option<u16> {
    frame.walk.as_ref()?;
    let call = frame.call.as_ref().filter(|call| call.ret == Some(Ret::Ok))?;
    Some(call.port).filter(|port| *port != 0)
}

/// A label: its class, its text, and the port that it is about.
type Chip = (&'static str, String, u16);

/// Labels at the ends of the walk: inside the sheet, one above its port and one below.
fn chips(lang: Lang, walk: &WalkView, geometry: &Geometry, letters: f64) -> Vec<AnyView> {
    let end =
        walk.probe.as_ref().filter(|probe| probe.verdict.takes_port()).map(|probe| probe.port);
    let labels: Vec<Chip> = match end {
        Some(port) if port == walk.start => {
            vec![("chip ok", t::start_taken(lang, thousands(port)), port)]
        }
        end => {
            let taken = end.map(|port| ("chip ok", t::taken(lang, thousands(port)), port));
            [Some(("chip", t::start(lang, thousands(walk.start)), walk.start)), taken]
                .into_iter()
                .flatten()
                .collect()
        }
    };
    let (width, height) = geometry.size_css();
    let place = |(at, (class, text, port)): (usize, Chip)| {
        let (x, y) = geometry.centre(u32::from(port.saturating_sub(walk.low)));
        // In the half of the sheet in which the port stands there is room beside it.
        let left = px(x.min(width - 9.0 * 16.0 * letters).max(0.0));
        let down = if at == 0 { 12.0 } else { -30.0 * letters };
        let top = (y + down).clamp(0.0, (height - 20.0 * letters).max(0.0));
        view! { <span class=class style:left=left style:top=px(top)><Rich text /></span> }
    };
    labels.into_iter().enumerate().map(place).listed()
}

/// Why it took so many probes.
fn why(lang: Lang, view: &PairView, side: usize) -> String {
    let frame = &view.frames[side];
    let Some(walk) = &frame.walk else {
        // A bind has a search of its own, which isn't drawn.
        let bind = |call: &CallView| matches!(call.kind, CallKind::Bind { .. });
        let binds = frame.call.as_ref().is_some_and(bind);
        return if binds { String::new() } else { t::why_no_walk(lang).to_owned() };
    };
    let refused = walk.tally.refused();
    let Some(port) = taken(frame).map(thousands) else {
        return t::why_none(lang, thousands(refused));
    };
    let passed = view.facing.passed[side];
    match passed {
        Some((parity, first)) if refused == first => {
            let say = match parity {
                Parity::Even => t::why_first_odd,
                Parity::Odd => t::why_first_even,
            };
            say(lang, thousands(first), port)
        }
        Some((parity, first)) => {
            let say = match parity {
                Parity::Even => t::why_passed_even,
                Parity::Odd => t::why_passed_odd,
            };
            say(lang, thousands(first), thousands(refused.saturating_sub(first)), port)
        }
        None if refused == 0 => t::why_first(lang).to_owned(),
        None => t::why_after(lang, thousands(refused), port),
    }
}
