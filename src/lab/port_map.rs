//! The page of ports: one cell per port of the range, the walk's trail over it, and the story
//! of whichever port is looked at.

mod chips;
mod story;

use std::sync::Arc;

use error99_replay::frame::{Frame, WalkView};
use error99_replay::grid::Parity;
use error99_replay::listing::Spot;
use error99_replay::machine::Peek;
use error99_replay::ports::Ports;
use error99_replay::tape::UNFOLDED_MAX;
use error99_replay::trail;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use self::chips::chips;
use self::story::{is_tap, pin, tip};
use super::kept::kept;
use super::ring::ring;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::boxed::{heard, live, part};
use crate::ui::browser::{self, Size};
use crate::ui::colours::Palette;
use crate::ui::geometry::Geometry;
use crate::ui::length::{number, px};
use crate::ui::paint::Painted;
use crate::ui::same::same;

/// The sheet before it has been measured.
const SHEET: Size = Size { width: 768.0, height: 334.0, scale: 1.0, letters: 1.0 };
/// How far beside the cells it is said that the walk goes round the end, in CSS pixels.
const BESIDE: f64 = 10.0;
/// Most squares on the plumb line.
const SQUARES: usize = 64;

/// Widths of the axis and of the margin beside the sheet, as the style sheet has them, at the
/// usual size of letters.
const AXIS: f64 = 44.0;
const MARGIN: f64 = 24.0;

/// The region "Port map". `peek` tells the story of a port; `choose` runs until a port;
/// `cursor` is told where the cursor stands and how wide the whole is.
#[component]
pub fn PortMap(
    lang: Lang,
    #[prop(into)] frame: Signal<Arc<Frame>>,
    #[prop(into)] ports: Signal<Arc<Ports>>,
    peek: Callback<u16, Option<Peek>>,
    choose: Callback<u16>,
    cursor: RwSignal<Option<(f64, f64)>>,
    /// The colours that the cells are painted in.
    palette: RwSignal<Option<Palette>>,
    /// Stands at the end of the legend.
    children: Children,
) -> impl IntoView {
    let sheet = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let box_size = browser::size_of(sheet);
    // What a mouse or the keys look at now, and what a finger or a pen has put its finger on: that
    // one stays, as a hand lies over the page and then leaves it.
    let looked_at = RwSignal::new(None::<u16>);
    let pinned = RwSignal::new(None::<u16>);
    let touched = StoredValue::new(None::<(i32, i32)>);
    let walk = kept(frame, |frame| frame.walk.is_some());
    // Walks that go over the range twice, first of one parity, then of the other, are looked at in
    // a page with a half for each.
    let passes = Memo::new(move |_| frame.read().machine.release.rules().order.has_passes());
    let geometry = Memo::new(move |_| {
        let Size { width, height, scale, .. } = box_size.get().unwrap_or(SHEET);
        let ports = ports.read();
        let halves = passes.get().then(|| Parity::of(ports.low));
        Geometry::fit(ports.cells.len() as u32, halves, (width, height), scale)
    });
    Effect::new(move |before: Option<Option<Painted>>| {
        let (canvas, palette, _) = (canvas.get()?, palette.get()?, box_size.get()?);
        let geometry = geometry.get();
        let painted = Painted::next(before.flatten(), ports.get(), geometry, palette);
        browser::show_pixels(&canvas, &painted.pixels, geometry.grid.size(), geometry.size_css());
        Some(painted)
    });

    Effect::new(move || {
        let geometry = geometry.get();
        let size = box_size.get();
        let low = ports.read().low;
        let port = probed(&frame.read()).and_then(|port| port.checked_sub(low));
        let at = |(index, size): (u16, Size)| {
            let (left, right) = (AXIS * size.letters, MARGIN * size.letters);
            (left + geometry.centre(index.into()).0, left + size.width + right)
        };
        cursor.set(port.zip(size).map(at));
    });

    let small = Memo::new(move |_| ports.read().cells.len() as u32 <= UNFOLDED_MAX);
    let label = move || t::map_image(lang, thousands(ports.read().cells.len() as u32));
    let at_point = move |event: &leptos::ev::PointerEvent| {
        let index =
            geometry.get_untracked().index_at(event.offset_x().into(), event.offset_y().into())?;
        Some(ports.read_untracked().low + index as u16)
    };
    let on_up = move |event: leptos::ev::PointerEvent| {
        let from = touched.try_update_value(Option::take).flatten();
        let Some(port) = at_point(&event) else { return };
        if event.pointer_type() == "mouse" {
            pinned.set(None);
            looked_at.set(Some(port));
            choose.run(port);
        } else if from.is_some_and(|from| is_tap(from, &event)) {
            looked_at.set(None);
            pinned.set(Some(port));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let ports = ports.read_untracked();
        let grid = geometry.get_untracked().grid;
        let chosen = looked_at.get_untracked().or(pinned.get_untracked());
        let here = chosen.or_else(|| probed(&frame.read_untracked())).unwrap_or(ports.low);
        let index = here.saturating_sub(ports.low);
        let rows = |rows: i32| i32::from(index) + rows * grid.columns as i32;
        let next = match event.key().as_str() {
            "ArrowLeft" => grid.beside(index.into(), false) as i32,
            "ArrowRight" => grid.beside(index.into(), true) as i32,
            "ArrowUp" => rows(-1),
            "ArrowDown" => rows(1),
            "PageUp" => rows(-16),
            "PageDown" => rows(16),
            "Home" => 0,
            "End" => i32::MAX,
            "Escape" => {
                pinned.set(None);
                return looked_at.set(None);
            }
            "Enter" => {
                chosen.into_iter().for_each(|port| choose.run(port));
                event.prevent_default();
                return event.stop_propagation();
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let last = i32::from(ports.high() - ports.low);
        pinned.set(None);
        looked_at.set(Some(ports.low + next.clamp(0, last) as u16));
    };

    view! {
        <section class="ports" aria-label=t::port_map(lang) class:small=small>
            {legend(lang, ports, passes, children())}
            <div class="map">
                <div class="axis" aria-hidden="true">
                    {part(move || box_size.get().map(|_| axis(&ports.read(), &frame.read(), &geometry.get())))}
                </div>
                <div
                    class="sheet"
                    node_ref=sheet
                    role="application"
                    tabindex="0"
                    aria-label=live(label)
                    aria-description=t::map_keys(lang)
                    on:keydown=heard(on_key)
                    on:blur=heard(move |_| looked_at.set(None))
                >
                    {still(&ports.read_untracked(), passes.get_untracked())}
                    <canvas
                        node_ref=canvas
                        on:pointerdown=heard(move |event: leptos::ev::PointerEvent| {
                            touched.set_value(Some((event.client_x(), event.client_y())));
                        })
                        on:pointermove=heard(move |event: leptos::ev::PointerEvent| {
                            // Under a finger the page is scrolled.
                            if event.pointer_type() != "touch" {
                                looked_at.set(at_point(&event));
                            }
                        })
                        on:pointerleave=heard(move |_| looked_at.set(None))
                        on:pointerup=heard(on_up)
                    ></canvas>
                    {part(move || box_size.get().map(|_| {
                        let geometry = geometry.get();
                        let drawn = move || over(&walk.frame.read(), &ports.read(), &geometry);
                        let display = move || if walk.now.get() { "inline" } else { "none" };
                        let (width, height) = geometry.size_css();
                        let (width, height) = (number(width), number(height));
                        let view_box = format!("0 0 {width} {height}");
                        view! {
                            <svg class="over" aria-hidden="true" width=width height=height viewBox=view_box>
                                {geometry.grid.halves.map(|_| {
                                    let (x, y) = geometry.middle();
                                    view! { <path class="half" d=format!("M{} 0V{}", number(x), number(y))></path> }
                                })}
                                <g display=live(display)>{part(drawn)}</g>
                                {part(move || home(&frame.read(), &ports.read(), &geometry))}
                                {part(move || peeked(looked_at.get().or(pinned.get())?, &ports.read(), &geometry))}
                            </svg>
                        }
                    }))}
                    {part(move || {
                        let (width, height) = box_size.get().map(|_| geometry.get().size_css())?;
                        let (left, top) = (px(width + BESIDE), px(height / 2.0));
                        wrapped(&frame.read()).then(|| view! {
                            <span class="side-note" aria-hidden="true" style:left=left style:top=top>{t::wraps(lang)}</span>
                        })
                    })}
                    <div class="chips" aria-hidden="true">
                        {part(move || box_size.get().map(|size| chips(lang, &frame.read(), &ports.read(), &geometry.get(), size.letters)))}
                    </div>
                    <div aria-live="polite">
                        {part(move || {
                            let port = looked_at.get()?;
                            // A new frame may have changed the port's story.
                            frame.track();
                            let letters = box_size.get()?.letters;
                            Some(tip(lang, &peek.run(port)?, &ports.read(), &geometry.get(), letters))
                        })}
                    </div>
                </div>
            </div>
            <div aria-live="polite">
                {part(move || {
                    let port = pinned.get()?;
                    frame.track();
                    let peek = peek.run(port)?;
                    let end = move || {
                        pinned.set(None);
                        if let Some(sheet) = sheet.get_untracked() {
                            let _ = sheet.focus();
                        }
                    };
                    Some(pin(lang, &peek, &ports.read(), choose, end))
                })}
            </div>
        </section>
    }
    .into_any()
}

/// What stands in the canvas' place where nothing can be painted: while the page is written.
#[cfg(feature = "ssr")]
fn still(ports: &Ports, passes: bool) -> AnyView {
    crate::ui::still::still(ports, passes).into_any()
}

#[cfg(not(feature = "ssr"))]
fn still(_: &Ports, _: bool) {}

/// The port under the glass.
fn probed(frame: &Frame) -> Option<u16> {
    frame.walk.as_ref()?.probe.as_ref().map(|probe| probe.port)
}

/// Whether the walk under the glass has failed: then no single port is looked at any more.
fn is_over(frame: &Frame) -> bool {
    frame.reached(Spot::Fail)
}

/// Whether the walk under the glass has gone round the end of the range.
fn wrapped(frame: &Frame) -> bool {
    frame.walk.as_ref().is_some_and(WalkView::has_wrapped)
}

fn legend(
    lang: Lang,
    ports: Signal<Arc<Ports>>,
    passes: Memo<bool>,
    end: AnyView,
) -> impl IntoView {
    let one = move |class: &'static str, name: AnyView, count: u32| {
        same((class, count), move || {
            view! {
                <li>
                    <span class=class></span>
                    {name}
                    " "
                    <b>{thousands(count)}</b>
                </li>
            }
            .into_any()
        })
    };
    let states = move || {
        let counts = ports.read().counts();
        let bound = view! { {t::state_bind_before(lang)} " " <code>"bind()"</code> };
        let shared = || one("cell mark other", t::state_shared(lang).into_any(), counts.shared);
        view! {
            {one("cell mark tw half", t::state_timewait(lang).into_any(), counts.timewait)}
            {one("cell mark live", t::state_live(lang).into_any(), counts.live)}
            {(counts.shared > 0).then(shared)}
            {one("cell mark bind", bound.into_any(), counts.bind)}
            {one("cell mark free", t::state_free(lang).into_any(), counts.free)}
            {passes.get().then(|| view! { <li class="halves">{t::halves(lang)}</li> })}
        }
    };
    view! {
        <div class="legend">
        <ul aria-label=t::port_states(lang)>{part(states)}</ul>
        {end}
        </div>
    }
}

/// Ticks at the left: one for every turn around the bucket array, if that gives a useful number.
fn axis(ports: &Ports, frame: &Frame, geometry: &Geometry) -> impl IntoView + use<> {
    let count = geometry.grid.ports;
    let size = frame.machine.bhash_size;
    let turns = count / size.max(1);
    let step = match turns {
        2..=16 => size,
        _ => count.div_ceil(7).next_multiple_of(geometry.grid.columns),
    };
    let height = geometry.cell_css().1;
    let row_of = |index: u32| f64::from(index / geometry.grid.columns) * height + height / 2.0;
    let last = count.saturating_sub(1);
    let mut at: Vec<u32> = (0..count).step_by(step.max(1) as usize).collect();
    at.retain(|index| *index == 0 || row_of(last) - row_of(*index) > 11.0);
    at.push(last);
    at.into_iter()
        .map(|index| {
            let (top, port) = (px(row_of(index)), ports.low + index as u16);
            same((top.clone(), port), move || {
                view! { <span style:top=top>{thousands(port)}</span> }.into_any()
            })
        })
        .collect::<Vec<_>>()
}

/// What lies over the cells: veil, trail, plumb line, cursor.
fn over(frame: &Frame, ports: &Ports, geometry: &Geometry) -> AnyView {
    let trail = frame.walk.as_ref().map(|walk| trail(walk, ports, geometry));
    let over = is_over(frame);
    let plumb = plumb(frame, ports, geometry).filter(|_| !over);
    let here = frame.walk.as_ref().filter(|_| !over).and_then(|walk| {
        let probe = walk.probe.as_ref()?;
        let (x, y) = geometry.centre(u32::from(probe.port.checked_sub(ports.low)?));
        let ok = walk.decided >= probe.i && probe.verdict.takes_port();
        let (x, y) = (number(x), number(y));
        Some(same((x.clone(), y.clone(), ok), move || {
            view! {
                <circle class="cur" class:ok=ok cx=x.clone() cy=y.clone() r="6.5"></circle>
                <circle class="dot" class:ok=ok cx=x cy=y r="2.2"></circle>
            }
            .into_any()
        }))
    });
    view! { {trail} {plumb} {here} }.into_any()
}

/// The ring around the home of walks, where it moves.
fn home(frame: &Frame, ports: &Ports, geometry: &Geometry) -> Option<AnyView> {
    let home = frame.home.as_ref()?;
    let index = home.port.checked_sub(ports.low).map(u32::from)?;
    (index < geometry.grid.ports).then(|| ring(home, geometry.centre(index), 8.0))
}

/// The port that is looked at.
fn peeked(port: u16, ports: &Ports, geometry: &Geometry) -> Option<AnyView> {
    let (x, y) = geometry.centre(u32::from(port.checked_sub(ports.low)?));
    let (x, y) = (number(x - 4.0), number(y - 4.0));
    Some(view! { <rect class="peek" x=x y=y width="8" height="8"></rect> }.into_any())
}

/// The ports that the walk has met, outlined, and a veil over the others.
fn trail(walk: &WalkView, ports: &Ports, geometry: &Geometry) -> AnyView {
    let path = |stretches| geometry.outlines(ports.low, stretches);
    let step = geometry.step();
    let (veil, trail) = (trail::ahead(walk, step), trail::met(walk, step));
    let (width, height) = geometry.size_css();
    let trip = trip(walk, ports, geometry, width, height);
    view! { {drawn("veil", path(veil))} {drawn("seen", path(trail))} {trip} }.into_any()
}

/// A line that is left alone while it is drawn the same.
fn drawn(class: &'static str, d: String) -> AnyView {
    same((class, d.clone()), move || view! { <path class=class d=d></path> }.into_any())
}

/// The track in the margin: down from the start, round the end, and on from the top.
fn trip(
    walk: &WalkView,
    ports: &Ports,
    geometry: &Geometry,
    width: f64,
    height: f64,
) -> Option<AnyView> {
    let probe = walk.probe.as_ref()?;
    let y = |port: u16| geometry.centre(u32::from(port.saturating_sub(ports.low))).1;
    let x = width + 8.0;
    let (start, now) = (y(walk.start), y(probe.port));
    let wrapped = walk.has_wrapped();
    let end = number(if wrapped { height } else { now });
    let (left, height) = (number(x), number(height));
    let (from, to) = (number(start), number(now));
    let back = wrapped.then(|| {
        let around = format!("M{left} {height}q0 5 5.5 5t5.5-6V6q0-6-5.5-6t-5.5 5");
        view! { {drawn("trip back", around)} {drawn("trip", format!("M{left} 5V{to}"))} }
    });
    let arrow = format!("M{} {}h8l-4 7z", number(x - 4.0), number(now - 3.0));
    let way = format!("M{left} {from}V{end}");
    let dot = same((left.clone(), from.clone()), move || {
        view! { <circle class="dot" cx=left cy=from r="3.2"></circle> }.into_any()
    });
    Some(view! { {dot} {drawn("trip", way)} {back} {drawn("dot", arrow)} }.into_any())
}

/// Whether ports of one bucket stand in one column.
fn aligned(frame: &Frame, geometry: &Geometry) -> bool {
    geometry.grid.columns <= frame.machine.bhash_size
}

/// The line through the cursor's column, which threads the chain that is searched.
fn plumb(frame: &Frame, ports: &Ports, geometry: &Geometry) -> Option<AnyView> {
    let bucket = frame.bucket.as_ref().filter(|_| aligned(frame, geometry))?;
    let searched = frame.reached(Spot::Search);
    let index = u32::from(bucket.port.checked_sub(ports.low)?);
    let (x, y) = geometry.centre(index);
    let (_, height) = geometry.size_css();
    let squares = bucket
        .chain
        .iter()
        .enumerate()
        .filter(|(_, node)| node.port != bucket.port)
        .take(SQUARES)
        .filter_map(|(at, node)| {
            let index = u32::from(node.port.checked_sub(ports.low)?);
            (index < geometry.grid.ports).then_some(())?;
            let (x, y) = geometry.centre(index);
            let done = searched && (at as u32) < bucket.scanned;
            let (x, y) = (number(x - 3.5), number(y - 3.5));
            Some(same((x.clone(), y.clone(), done), move || {
                view! { <rect class="col" class:done=done x=x y=y width="7" height="7"></rect> }
                    .into_any()
            }))
        })
        .collect::<Vec<_>>();
    let line = format!("M{} {}V{}", number(x), number(y), number(height));
    Some(view! { {drawn("plumb", line)} {squares} }.into_any())
}
