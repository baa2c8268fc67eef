//! The page of ports as a picture: SVG that stands alone, in the colours of the light theme.
//!
//! One grammar at every size, as on the page itself: a dot is free, a full cell live, a dark cell
//! with a nick is bind()'s, a wash with a dot can be shared, and a TIME_WAIT drains with age. A
//! cell is a tile, and neighbours in the same state are one area filled with it.

use std::fmt::Write as _;

use error99_replay::Machine;
use error99_replay::frame::{AGES, PortCell};
use error99_replay::table::Kind;

/// The words of a picture, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// What it is.
    pub title: &'a str,
    /// What is to be seen on it, for those who don't see it.
    pub description: &'a str,
    /// The call and its result.
    pub caption: &'a str,
    /// Names of the states with their counts, in the order of [`Kind::ALL`].
    pub legend: [&'a str; 5],
}

/// Size of the sheet of cells.
const SHEET: (u32, u32) = (768, 336);
/// Around the sheet.
const MARGIN: u32 = 24;
/// For the title above the sheet, and for legend and caption below it.
const ABOVE: u32 = 32;
const BELOW: u32 = 64;
/// Ports in a row, fewest first: powers of two, so that ports of one bucket stand in a column.
const COLUMNS: [u32; 7] = [8, 16, 32, 64, 128, 256, 512];
/// Cells of this side stand apart from each other.
const APART: u32 = 8;
/// Largest side of a cell.
const CELL_MAX: u32 = 40;

const PAPER: &str = "#FAF9F5";
const INK: &str = "#1A1C1E";
const INK_2: &str = "#45494D";
const EDGE: &str = "#8A877E";
const LIVE: &str = "#0B7A57";
const LIVE_WASH: &str = "#E0F1EA";
const BIND: &str = "#363B42";
const BIND_WASH: &str = "#E7E6E1";
const TIMEWAIT_WASH: &str = "#FBEBD3";
const TIMEWAIT: [&str; AGES as usize] =
    ["#8A4700", "#984E00", "#A65600", "#B05E05", "#B8660B", "#BF6E13"];
const FONT: &str = "Figtree, system-ui, 'Noto Sans CJK SC', 'PingFang SC', sans-serif";

/// The picture of the moment that `machine` shows.
pub fn svg(machine: &Machine, words: &Words<'_>) -> String {
    let ports = machine.ports();
    let grid = Grid::fit(ports.cells.len() as u32);
    let (width, height) = (SHEET.0 + 2 * MARGIN, ABOVE + grid.height() + BELOW + MARGIN);
    let (title, description) = (escaped(words.title), escaped(words.description));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{FONT}\">\n\
         <title id=\"t\">{title}</title>\n<desc id=\"d\">{description}</desc>\n"
    );
    tiles(&mut out, &ports.cells, grid);
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>");
    text(&mut out, (MARGIN, ABOVE - 12), 14, INK, words.title);
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {ABOVE})\">");
    for (from, to, cell) in runs(&ports.cells) {
        area(&mut out, grid, (from, to), cell);
    }
    out.push_str("</g>\n");
    legend(&mut out, ABOVE + grid.height() + 20, words);
    text(&mut out, (MARGIN, ABOVE + grid.height() + 60), 13, INK, words.caption);
    out.push_str("</svg>\n");
    out
}

/// Where cells lie.
#[derive(Clone, Copy)]
struct Grid {
    ports: u32,
    columns: u32,
    w: u32,
    h: u32,
}

impl Grid {
    /// The layout with the largest cells.
    fn fit(ports: u32) -> Grid {
        let layout = |columns: u32| {
            let rows = ports.div_ceil(columns).max(1);
            let w = (SHEET.0 / columns).min(CELL_MAX);
            Grid { ports, columns, w, h: (SHEET.1 / rows).min(w + w / 2).min(CELL_MAX) }
        };
        let grids = COLUMNS.into_iter().map(layout).filter(|grid| grid.h > 0);
        grids.max_by_key(|grid| (grid.w.min(grid.h), grid.w * grid.h)).unwrap_or(layout(512))
    }

    fn height(self) -> u32 {
        self.ports.div_ceil(self.columns).max(1) * self.h
    }
}

/// A tile for each state that a cell is in.
fn tiles(out: &mut String, cells: &[PortCell], Grid { w, h, .. }: Grid) {
    let mut used: Vec<PortCell> = Vec::new();
    cells.iter().for_each(|cell| {
        if !used.contains(cell) {
            used.push(*cell);
        }
    });
    used.sort_by_key(|cell| name(*cell));
    out.push_str("<defs>\n");
    for cell in used {
        let _ = write!(
            out,
            "<pattern id=\"{}\" width=\"{w}\" height=\"{h}\" patternUnits=\"userSpaceOnUse\">",
            name(cell)
        );
        tile(out, cell, (w, h));
        out.push_str("</pattern>\n");
    }
    out.push_str("</defs>\n");
}

fn tile(out: &mut String, cell: PortCell, (w, h): (u32, u32)) {
    // Large cells stand apart; of small ones only TIME_WAITs, so that their levels can be told.
    let gap = |side: u32| side - u32::from(side >= APART);
    let inner = |side: u32| side - u32::from(side > 2);
    let dot = |side: u32| ((side - side.div_ceil(3)) / 2, side.div_ceil(3));
    let ((x, dot_w), (y, dot_h)) = (dot(w), dot(h));
    match cell {
        PortCell::Free => rect(out, (x, y, dot_w, dot_h), EDGE),
        PortCell::Live => rect(out, (0, 0, gap(w), gap(h)), LIVE),
        PortCell::Shared => {
            rect(out, (0, 0, gap(w), gap(h)), LIVE_WASH);
            rect(out, (x, y, dot_w, dot_h), LIVE);
        }
        PortCell::Bind => {
            rect(out, (0, 0, gap(w), gap(h)), BIND);
            let nick = w.min(h) / 3;
            let _ = write!(out, "<path d=\"M{w} 0h-{nick}l{nick} {nick}z\" fill=\"{BIND_WASH}\"/>");
        }
        PortCell::Timewait(age) => {
            let age = age.min(AGES - 1);
            let level = (inner(h) * u32::from(AGES - age + 2)).div_ceil(u32::from(AGES) + 2);
            rect(out, (0, 0, gap(w), gap(h)), TIMEWAIT_WASH);
            rect(out, (0, gap(h) - level, inner(w), level), TIMEWAIT[usize::from(age)]);
        }
    }
}

fn rect(out: &mut String, (x, y, w, h): (u32, u32, u32, u32), fill: &str) {
    let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{fill}\"/>");
}

/// Name of a state's tile.
fn name(cell: PortCell) -> String {
    match cell {
        PortCell::Free => "free".into(),
        PortCell::Bind => "bind".into(),
        PortCell::Live => "live".into(),
        PortCell::Shared => "shared".into(),
        PortCell::Timewait(age) => format!("tw{age}"),
    }
}

/// Neighbours in the same state: first index, one past the last, state.
fn runs(cells: &[PortCell]) -> Vec<(u32, u32, PortCell)> {
    let mut runs: Vec<(u32, u32, PortCell)> = Vec::new();
    for (index, cell) in (0..).zip(cells) {
        match runs.last_mut() {
            Some((_, to, last)) if last == cell => *to = index + 1,
            _ => runs.push((index, index + 1, *cell)),
        }
    }
    runs
}

/// The cells `from..to`: what they have of a first and of a last row, and whole rows at once.
fn area(out: &mut String, grid: Grid, (from, to): (u32, u32), cell: PortCell) {
    let Grid { columns, w, h, .. } = grid;
    let mut at = from;
    while at < to {
        let (row, column) = (at / columns, at % columns);
        let rows = if column == 0 { ((to - at) / columns).max(1) } else { 1 };
        let cells = if rows > 1 { columns } else { (to - at).min(columns - column) };
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"url(#{})\"/>",
            column * w,
            row * h,
            cells * w,
            rows * h,
            name(cell)
        );
        at += cells * rows;
    }
}

/// A sample of each state, with its words.
fn legend(out: &mut String, y: u32, words: &Words<'_>) {
    let step = SHEET.0 / Kind::ALL.len() as u32;
    for ((place, kind), label) in (0..).zip(Kind::ALL).zip(words.legend) {
        let x = MARGIN + place * step;
        let _ = write!(out, "<g transform=\"translate({x} {y})\">");
        tile(out, sample(kind), (12, 12));
        out.push_str("</g>");
        text(out, (x + 18, y + 10), 12, INK_2, label);
    }
}

fn sample(kind: Kind) -> PortCell {
    match kind {
        Kind::Timewait => PortCell::Timewait(2),
        Kind::Live => PortCell::Live,
        Kind::Shared => PortCell::Shared,
        Kind::Bind => PortCell::Bind,
        Kind::Free => PortCell::Free,
    }
}

fn text(out: &mut String, (x, y): (u32, u32), size: u32, fill: &str, words: &str) {
    let words = escaped(words);
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\">{words}</text>"
    );
}

/// Text as XML has it; what XML can't hold at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}
