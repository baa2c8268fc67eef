//! The page of ports as a picture: SVG that stands alone, in the colours of the light theme.

use std::fmt::Write as _;

use error99_replay::Machine;
use error99_replay::frame::{AGES, PortCell};
use error99_replay::grid::{Grid, STATES};
use error99_replay::table::PortKind;

use crate::cells::{Ink, Painter, tile};

/// The words of a picture, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct PictureWords<'a> {
    /// What it is.
    pub title: &'a str,
    /// What is to be seen on it, for those who don't see it.
    pub description: &'a str,
    /// The call and its result.
    pub caption: &'a str,
    /// Names of the states with their counts, in the order of [`PortKind::ALL`].
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
pub fn svg(machine: &Machine, words: &PictureWords<'_>) -> String {
    let ports = machine.ports();
    let count = ports.cells.len() as u32;
    let small = Grid { ports: count, columns: 512, cell: (1, 1), halves: None };
    let grid = Grid::fit(count, SHEET, &COLUMNS, CELL_MAX).unwrap_or(small);
    let painter = Painter { grid, suffix: "", ink };
    let bottom = ABOVE + grid.size().1;
    let (width, height) = (SHEET.0 + 2 * MARGIN, bottom + BELOW + MARGIN);
    let (title, description) = (escaped(words.title), escaped(words.description));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"{FONT}\">\n\
         <title id=\"t\">{title}</title>\n<desc id=\"d\">{description}</desc>\n"
    );
    let used = STATES.into_iter().filter(|state| ports.cells.contains(state));
    let _ = writeln!(out, "{}", painter.tiles(used));
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>");
    text(&mut out, (MARGIN, ABOVE - 12), 14, INK, words.title);
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {ABOVE})\">");
    out += &painter.fills(&ports.cells);
    out.push_str("</g>\n");
    legend(&mut out, bottom + 20, words);
    text(&mut out, (MARGIN, bottom + 60), 13, INK, words.caption);
    out.push_str("</svg>\n");
    out
}

/// The inks of the light theme.
fn ink(ink: Ink) -> String {
    match ink {
        Ink::Free => format!("fill=\"{EDGE}\""),
        Ink::Live => format!("fill=\"{LIVE}\""),
        Ink::LiveWash => format!("fill=\"{LIVE_WASH}\""),
        Ink::Bind => format!("fill=\"{BIND}\""),
        Ink::Nick => format!("stroke=\"{BIND_WASH}\" stroke-width=\"0.9\""),
        Ink::TimewaitWash => format!("fill=\"{TIMEWAIT_WASH}\""),
        Ink::Timewait(age) => format!("fill=\"{}\"", TIMEWAIT[usize::from(age)]),
    }
}

/// A sample of each state, with its words.
fn legend(out: &mut String, y: u32, words: &PictureWords<'_>) {
    let step = SHEET.0 / PortKind::ALL.len() as u32;
    for ((place, kind), label) in (0..).zip(PortKind::ALL).zip(words.legend) {
        let x = MARGIN + place * step;
        let _ = write!(out, "<g transform=\"translate({x} {y})\">");
        *out += &tile(sample(kind), (12, 12), ink);
        out.push_str("</g>");
        text(out, (x + 18, y + 10), 12, INK_2, label);
    }
}

fn sample(kind: PortKind) -> PortCell {
    match kind {
        PortKind::Timewait => PortCell::Timewait(2),
        PortKind::Live => PortCell::Live,
        PortKind::Shared => PortCell::Shared,
        PortKind::Bind => PortCell::Bind,
        PortKind::Free => PortCell::Free,
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
