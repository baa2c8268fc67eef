//! The page of ports as a still picture: one cell per port of the range, drawn once, when
//! the page is written. The lab draws the same picture on a canvas, and makes it move.

use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::story as t;
use crate::ui::still::{Layout, NARROW, PortPage, WIDE, cells};
use leptos::prelude::*;

/// The page of ports in two sizes, of which the style sheet shows one, with the line of
/// port numbers below.
#[component]
pub fn PortPagePicture(lang: Lang, page: PortPage) -> impl IntoView {
    view! {
        {picture(lang, &page, WIDE)}
        {picture(lang, &page, NARROW)}
        <p class="hook-foot">
            <code>{thousands(page.ports.low)}</code>
            <span>{t::map_caption(lang, &page.address)}</span>
            <code>{thousands(page.ports.high())}</code>
        </p>
    }
}

fn picture(lang: Lang, page: &PortPage, layout: Layout) -> impl IntoView + use<> {
    let (width, height) = (layout.width(), layout.height(&page.ports));
    let cells = cells(layout, &page.ports, false);
    let walked = {
        let ports = page.ports.cells.len() as u32;
        let (w, h) = layout.cell;
        let (last, full) = (ports % layout.columns * w, ports / layout.columns * h);
        if last == 0 {
            format!("M0 0H{width}V{full}H0z")
        } else {
            format!("M0 0H{width}V{full}H{last}V{height}H0z")
        }
    };
    let refused = spot(
        page,
        layout,
        page.first_refused,
        t::first_refused(lang, thousands(page.first_refused)),
    );
    let taken = spot(page, layout, page.taken, t::taken(lang, thousands(page.taken)));
    view! {
        <svg
            class=layout.class
            viewBox=format!("0 0 {width} {height}")
            role="img"
            aria-label=t::map_label(lang, thousands(page.ports.cells.len() as u32), layout.columns)
        >
            <g inner_html=cells></g>
            <path class="walked" d=walked></path>
            <g class="if-failing">{refused}</g>
            <g class="if-healed">{taken}</g>
        </svg>
    }
}

/// A ring around `port` with a word beside it, which keeps inside the picture.
fn spot(page: &PortPage, layout: Layout, port: u16, word: String) -> impl IntoView + use<> {
    let (x, y) = layout.centre(u32::from(port) - u32::from(page.ports.low));
    let width = f64::from(layout.width());
    let (anchor, at) = if x > width / 2.0 { ("end", x + 8.0) } else { ("start", x - 8.0) };
    let size = f64::from(layout.font_size);
    // Near the top there is room below the ring only.
    let line = if y < 2.0 * size { y + 1.6 * size } else { y - 0.9 * size };
    view! {
        <text class="spot-word" x=at y=line text-anchor=anchor font-size=size>
            {word}
        </text>
        <circle class="spot" cx=x cy=y r="5"></circle>
        <circle class="pip" cx=x cy=y r="1.75"></circle>
    }
}
