//! The page of ports as SVG within a page: one cell per port of the range, drawn once, when the
//! page is written.

use error99_export::cells::{Ink, Painter};
use error99_replay::grid::{Grid, Parity, STATES};
use error99_replay::ports::Ports;
use leptos::prelude::*;

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
pub struct Layout {
    pub class: &'static str,
    pub columns: u32,
    /// Width and height of a cell, in the picture's own units.
    pub cell: (u32, u32),
    /// Size of the labels, in the same.
    pub font_size: u32,
    /// What ends the names of its tiles: two layouts in one page must not share them.
    suffix: &'static str,
}

pub const WIDE: Layout =
    Layout { class: "port-page wide", columns: 306, cell: (3, 3), font_size: 12, suffix: "-306" };
pub const NARROW: Layout =
    Layout { class: "port-page narrow", columns: 128, cell: (3, 2), font_size: 14, suffix: "-128" };
const LAB_WIDE: Layout = Layout {
    class: "port-page wide still",
    columns: 256,
    cell: (3, 3),
    font_size: 0,
    suffix: "-256",
};
const LAB_NARROW: Layout = Layout { class: "port-page narrow still", font_size: 0, ..NARROW };
const CARD: Layout = Layout { class: "port-page still", ..LAB_WIDE };

impl Layout {
    /// With `halves`, even ports stand on the left and odd ones on the right.
    fn painter(self, ports: &Ports, halves: bool) -> Painter<'static> {
        let halves = halves.then(|| Parity::of(ports.low));
        let ports = ports.cells.len() as u32;
        let grid = Grid { ports, columns: self.columns, cell: self.cell, halves };
        Painter { grid, suffix: self.suffix, ink }
    }

    /// In the picture's own units.
    pub fn width(self) -> u32 {
        self.columns * self.cell.0
    }

    /// The same.
    pub fn height(self, ports: &Ports) -> u32 {
        self.painter(ports, false).grid.size().1
    }

    /// The middle of a cell.
    pub fn centre(self, cell: u32) -> (f64, f64) {
        let middle = |at: u32, side: u32| (f64::from(at) + 0.5) * f64::from(side);
        (middle(cell % self.columns, self.cell.0), middle(cell / self.columns, self.cell.1))
    }

    fn view_box(self, ports: &Ports) -> String {
        format!("0 0 {} {}", self.width(), self.height(ports))
    }
}

/// The style sheet knows the inks, so that they follow the theme.
fn ink(ink: Ink) -> String {
    match ink {
        Ink::Free => "class=\"fill-free\"".into(),
        Ink::Live => "class=\"fill-live\"".into(),
        Ink::LiveWash => "class=\"fill-live-wash\"".into(),
        Ink::Bind => "class=\"fill-bind\"".into(),
        Ink::Nick => "class=\"nick\"".into(),
        Ink::TimewaitWash => "class=\"fill-tw-wash\"".into(),
        Ink::Timewait(age) => format!("class=\"fill-tw-{age}\""),
    }
}

/// The cells as SVG, with the tiles that fill them.
pub fn cells(layout: Layout, ports: &Ports, halves: bool) -> String {
    let painter = layout.painter(ports, halves);
    let used = STATES.into_iter().filter(|state| ports.cells.contains(state));
    painter.tiles(used) + &crisp(&painter.fills(&ports.cells))
}

fn crisp(fills: &str) -> String {
    format!("<g shape-rendering=\"crispEdges\">{fills}</g>")
}

/// The page of ports on a card of the gallery, which has [`card_tiles`] in front of all cards.
pub fn card(ports: &Ports, halves: bool) -> impl IntoView + use<> {
    let fills = crisp(&CARD.painter(ports, halves).fills(&ports.cells));
    view! {
        <svg class=CARD.class viewBox=CARD.view_box(ports) preserveAspectRatio="none" inner_html=fills></svg>
    }
}

/// What fills the cells of cards.
pub fn card_tiles() -> impl IntoView {
    let tiles = CARD.painter(&Ports::default(), false).tiles(STATES.into_iter());
    view! { <svg class="sprite" aria-hidden="true" inner_html=tiles></svg> }
}

/// A page of ports whose rows fill its width, or one with a half for the even ports and one for the
/// odd ones, as it is written at build time: one of each kind has room in a document.
pub fn wide_page(ports: &Ports, halves: bool) -> impl IntoView + use<> {
    let suffix = if halves { "-320-halves" } else { "-320" };
    picture(Layout { columns: 320, suffix, ..CARD }, ports, halves)
}

/// The page of ports of the lab as it is written at build time: what stands there until the
/// canvas takes over, and all there is where no script runs.
pub fn still(ports: &Ports, halves: bool) -> impl IntoView + use<> {
    [LAB_WIDE, LAB_NARROW].map(|layout| picture(layout, ports, halves)).collect_view()
}

fn picture(layout: Layout, ports: &Ports, halves: bool) -> impl IntoView + use<> {
    view! {
        <svg
            class=layout.class
            viewBox=layout.view_box(ports)
            preserveAspectRatio="none"
            aria-hidden="true"
            inner_html=cells(layout, ports, halves)
        ></svg>
    }
}
