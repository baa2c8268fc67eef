//! The page of ports as a still picture: one cell per port of the range, drawn once, when
//! the page is written. The lab draws the same picture on a canvas, and makes it move.

use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::story as t;
use error99_replay::frame::{AGES, PortCell};
use error99_replay::ports::Ports;
use leptos::prelude::*;
use std::fmt::Write;

/// The whole range at the moment of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortPage {
    /// Whose ports they are.
    pub address: String,
    pub ports: Ports,
    /// Where the failing walk began.
    pub first_refused: u16,
    /// What the healed call got.
    pub taken: u16,
}

/// How one picture lays the ports out.
#[derive(Clone, Copy)]
struct Layout {
    class: &'static str,
    columns: u32,
    cell_height: u32,
    /// Size of the labels, in the picture's own units.
    font_size: u32,
}

const CELL_WIDTH: u32 = 3;
const WIDE: Layout =
    Layout { class: "port-page wide", columns: 306, cell_height: 3, font_size: 12 };
const LAB_WIDE: Layout =
    Layout { class: "port-page wide still", columns: 256, cell_height: 3, font_size: 0 };
const LAB_NARROW: Layout =
    Layout { class: "port-page narrow still", columns: 128, cell_height: 2, font_size: 0 };
const CARD: Layout =
    Layout { class: "port-page still", columns: 256, cell_height: 3, font_size: 0 };
const NARROW: Layout =
    Layout { class: "port-page narrow", columns: 128, cell_height: 2, font_size: 14 };

fn count(ports: &Ports) -> u32 {
    u32::try_from(ports.cells.len()).expect("a range has at most 65,536 ports")
}

/// The runs that a fill covers, as (first cell, cells). TIME_WAIT is drawn through
/// beneath live and bound ports, which saves most of the bytes.
fn fill_runs(ports: &Ports, fill: Fill) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut ground = None;
    let mut cell = 0;
    for run in ports.cells.chunk_by(|one, next| one == next) {
        let own = Fill::of(run[0]);
        let length = u32::try_from(run.len()).expect("a range has at most 65,536 ports");
        if own.is_ground() {
            ground = Some(own);
        }
        if own == fill || (!own.is_ground() && ground == Some(fill)) {
            match runs.last_mut() {
                Some((first, cells)) if *first + *cells == cell => *cells += length,
                _ => runs.push((cell, length)),
            }
        }
        cell += length;
    }
    runs
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fill {
    Free,
    Shared,
    Live,
    Bind,
    TimeWait(u8),
}

impl Fill {
    const ALL: [Fill; 10] = [
        Fill::Free,
        Fill::TimeWait(0),
        Fill::TimeWait(1),
        Fill::TimeWait(2),
        Fill::TimeWait(3),
        Fill::TimeWait(4),
        Fill::TimeWait(5),
        Fill::Shared,
        Fill::Bind,
        Fill::Live,
    ];

    fn of(cell: PortCell) -> Fill {
        match cell {
            PortCell::Free => Fill::Free,
            PortCell::Shared => Fill::Shared,
            PortCell::Live => Fill::Live,
            PortCell::Bind => Fill::Bind,
            PortCell::Timewait(age) => Fill::TimeWait(age.min(AGES - 1)),
        }
    }

    fn is_ground(self) -> bool {
        matches!(self, Fill::Free | Fill::TimeWait(_))
    }

    fn id(self, layout: Layout) -> String {
        let name = match self {
            Fill::Free => "free".into(),
            Fill::Shared => "shared".into(),
            Fill::Live => "live".into(),
            Fill::Bind => "bind".into(),
            Fill::TimeWait(step) => format!("tw-{step}"),
        };
        format!("{name}-{}", layout.columns)
    }

    /// One cell, to be repeated.
    fn pattern(self, layout: Layout) -> AnyView {
        let height = layout.cell_height;
        let cell = match self {
            Fill::Free => {
                view! { <rect x="1" y=f64::from(height) / 3.0 width="1" height=f64::from(height) / 3.0 class="fill-free"></rect> }
                    .into_any()
            }
            Fill::Live => {
                view! { <rect width=CELL_WIDTH height=height class="fill-live"></rect> }.into_any()
            }
            Fill::Shared => view! {
                <rect width=CELL_WIDTH height=height class="fill-live-wash"></rect>
                <rect x="1" y=f64::from(height) / 3.0 width="1" height=f64::from(height) / 3.0 class="fill-live"></rect>
            }
            .into_any(),
            Fill::Bind => view! {
                <rect width=CELL_WIDTH height=height class="fill-bind"></rect>
                <path d=format!("M0 {height}L{CELL_WIDTH} 0") class="nick"></path>
            }
            .into_any(),
            Fill::TimeWait(step) => {
                // The level sinks with age, in halves of two thirds of a cell.
                let unit = f64::from(height) / 6.0;
                let level = [4.0, 4.0, 3.0, 3.0, 2.0, 2.0][usize::from(step)] * unit;
                view! {
                    <rect width=CELL_WIDTH height=height class="fill-tw-wash"></rect>
                    <rect
                        x="0.5"
                        y=5.0 * unit - level
                        width="2"
                        height=level
                        class=format!("fill-tw-{step}")
                    ></rect>
                }
                .into_any()
            }
        };
        view! {
            <pattern
                id=self.id(layout)
                width=CELL_WIDTH
                height=height
                patternUnits="userSpaceOnUse"
            >
                {cell}
            </pattern>
        }
        .into_any()
    }
}

impl Layout {
    fn height(self, ports: u32) -> u32 {
        ports.div_ceil(self.columns) * self.cell_height
    }

    /// The outlines of these runs of cells, row by row, whole rows as one. Each begins where the
    /// one before has ended: small numbers, much alike, pack best.
    fn outlines(self, runs: &[(u32, u32)]) -> String {
        let mut path = String::new();
        let mut pen = (0, 0);
        runs.iter().for_each(|run| self.outline(&mut path, &mut pen, *run));
        path
    }

    fn outline(self, path: &mut String, pen: &mut (i32, i32), (first, cells): (u32, u32)) {
        let (mut at, end) = (first, first + cells);
        while at < end {
            let (row, column) = (at / self.columns, at % self.columns);
            let whole_rows = if column == 0 { (end - at) / self.columns } else { 0 };
            let (width, rows) = match whole_rows {
                0 => ((self.columns - column).min(end - at), 1),
                rows => (self.columns, rows),
            };
            let [x, y] = [column * CELL_WIDTH, row * self.cell_height].map(|at| at as i32);
            let [w, h] = [width * CELL_WIDTH, rows * self.cell_height].map(|size| size as i32);
            let (right, down) = (x - pen.0, y - pen.1);
            let gap = if down < 0 { "" } else { " " };
            let _ = write!(path, "m{right}{gap}{down}h{w}v{h}h-{w}");
            *pen = (x, y + h);
            at += width * rows;
        }
    }

    /// The middle of a cell.
    fn centre(self, cell: u32) -> (f64, f64) {
        let (row, column) = (cell / self.columns, cell % self.columns);
        let half = 0.5;
        (
            (f64::from(column) + half) * f64::from(CELL_WIDTH),
            (f64::from(row) + half) * f64::from(self.cell_height),
        )
    }
}

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

/// The cells alone, with the patterns that fill them.
fn cells(ports: &Ports, layout: Layout) -> impl IntoView + use<> {
    let used = Fill::ALL.into_iter().filter(|fill| !fill_runs(ports, *fill).is_empty());
    view! { {patterns(layout, used)} {fills(ports, layout)} }
}

/// What fills the cells; once for all pictures of that layout in a page.
fn patterns(layout: Layout, used: impl Iterator<Item = Fill>) -> AnyView {
    let patterns = used.map(|fill| fill.pattern(layout)).collect_view();
    view! { <defs>{patterns}</defs> }.into_any()
}

/// The cells, a path for each fill that is there.
fn fills(ports: &Ports, layout: Layout) -> impl IntoView + use<> {
    let fills = Fill::ALL
        .into_iter()
        .map(|fill| (fill, fill_runs(ports, fill)))
        .filter(|(_, runs)| !runs.is_empty())
        .map(|(fill, runs)| {
            view! { <path fill=format!("url(#{})", fill.id(layout)) d=layout.outlines(&runs)></path> }
        })
        .collect_view();
    view! { <g shape-rendering="crispEdges">{fills}</g> }
}

/// The page of ports on a card of the gallery, which has [`card_patterns`] in front of all cards.
pub fn card(ports: &Ports) -> impl IntoView + use<> {
    let (width, height) = (CARD.columns * CELL_WIDTH, CARD.height(count(ports)));
    view! {
        <svg class=CARD.class viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none">
            {fills(ports, CARD)}
        </svg>
    }
}

/// What fills the cells of cards.
pub fn card_patterns() -> impl IntoView {
    view! { <svg class="sprite" aria-hidden="true">{patterns(CARD, Fill::ALL.into_iter())}</svg> }
}

/// The page of ports of the lab as it is written at build time: what stands there until the
/// canvas takes over, and all there is where no script runs.
pub fn still(ports: &Ports) -> impl IntoView + use<> {
    [LAB_WIDE, LAB_NARROW].map(|layout| {
        let (width, height) = (layout.columns * CELL_WIDTH, layout.height(count(ports)));
        view! {
            <svg class=layout.class viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" aria-hidden="true">
                {cells(ports, layout)}
            </svg>
        }
    }).collect_view()
}

fn picture(lang: Lang, page: &PortPage, layout: Layout) -> impl IntoView + use<> {
    let (width, height) = (layout.columns * CELL_WIDTH, layout.height(count(&page.ports)));
    let cells = cells(&page.ports, layout);
    let walked = {
        let last = count(&page.ports) % layout.columns * CELL_WIDTH;
        let full = count(&page.ports) / layout.columns * layout.cell_height;
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
            aria-label=t::map_label(lang, thousands(count(&page.ports)), layout.columns)
        >
            {cells}
            <path class="walked" d=walked></path>
            <g class="if-failing">{refused}</g>
            <g class="if-healed">{taken}</g>
        </svg>
    }
}

/// A ring around `port` with a word beside it, which keeps inside the picture.
fn spot(page: &PortPage, layout: Layout, port: u16, word: String) -> impl IntoView + use<> {
    let (x, y) = layout.centre(u32::from(port) - u32::from(page.ports.low));
    let width = f64::from(layout.columns * CELL_WIDTH);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_takes_whole_rows_at_once() {
        let layout = Layout { columns: 10, ..WIDE };
        let path = layout.outlines(&[(8, 25), (35, 1)]);
        assert_eq!(path, "m24 0h6v3h-6m-24 0h30v6h-30m0 0h9v3h-9m15-3h3v3h-3");
    }

    #[test]
    fn time_wait_is_drawn_through_beneath_a_live_port() {
        use PortCell::{Free, Live, Timewait};
        let tw = Timewait(1);
        let page = PortPage {
            address: "10.0.0.1".into(),
            ports: Ports { low: 100, cells: vec![Free, Free, tw, tw, tw, Live, tw, tw, tw, tw] },
            first_refused: 100,
            taken: 100,
        };
        assert_eq!(fill_runs(&page.ports, Fill::TimeWait(1)), [(2, 8)]);
        assert_eq!(fill_runs(&page.ports, Fill::Live), [(5, 1)]);
        assert_eq!(page.ports.high(), 109);
    }
}
