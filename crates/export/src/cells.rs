//! The painter of SVG: the cells of a grid of ports. One grammar at every size: a dot is free, a
//! full cell live, a dark cell with a nick is bind()'s, a wash with a dot can be shared, and a
//! TIME_WAIT drains with age. A cell is a tile, and neighbours in the same state are one area that
//! is filled with it.

use std::fmt::Write as _;

use error99_replay::frame::{AGES, PortCell};
use error99_replay::grid::{CellRun, Grid, STATES, runs};

/// What a part of a tile is painted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Free,
    Live,
    LiveWash,
    Bind,
    /// Drawn as a line.
    Nick,
    TimewaitWash,
    /// By age, below [`AGES`].
    Timewait(u8),
}

/// How cells are painted.
#[derive(Clone, Copy)]
pub struct Painter<'a> {
    pub grid: Grid,
    /// What ends the names of tiles, so that several pictures can stand in one page.
    pub suffix: &'a str,
    /// The attributes that give a shape its ink.
    pub ink: fn(Ink) -> String,
}

/// Cells of this side stand apart from each other.
const APART: u32 = 8;

impl Painter<'_> {
    /// Tiles for those states, as an SVG `<defs>`.
    pub fn tiles(&self, states: impl Iterator<Item = PortCell>) -> String {
        let (w, h) = self.grid.cell;
        let mut out = String::from("<defs>");
        for cell in states {
            let id = self.id(cell);
            let _ = write!(
                out,
                "<pattern id=\"{id}\" width=\"{w}\" height=\"{h}\" patternUnits=\"userSpaceOnUse\">"
            );
            out += &tile(cell, (w, h), self.ink);
            out += "</pattern>";
        }
        out + "</defs>"
    }

    /// The cells: a path for each state that is there.
    pub fn fills(&self, cells: &[PortCell]) -> String {
        let places = self.grid.laid(cells);
        let mut out = String::new();
        for state in STATES {
            let path = self.path(&places, state);
            if !path.is_empty() {
                let _ = write!(out, "<path fill=\"url(#{})\" d=\"{path}\"/>", self.id(state));
            }
        }
        out
    }

    fn id(&self, cell: PortCell) -> String {
        let name = match cell {
            PortCell::Free => "free".into(),
            PortCell::Bind => "bind".into(),
            PortCell::Live => "live".into(),
            PortCell::Shared => "shared".into(),
            PortCell::Timewait(age) => format!("tw-{age}"),
        };
        name + self.suffix
    }

    /// The outlines of all areas in that state. Each begins where the one before has ended: small
    /// numbers, much alike, pack best.
    fn path(&self, places: &[Option<PortCell>], state: PortCell) -> String {
        let (mut path, mut pen) = (String::new(), (0, 0));
        for [x, y, w, h] in
            self.areas(places, state).into_iter().flat_map(|run| self.grid.boxes(run))
        {
            let (right, down) = (i64::from(x) - pen.0, i64::from(y) - pen.1);
            let gap = if down < 0 { "" } else { " " };
            let _ = write!(path, "m{right}{gap}{down}h{w}v{h}h-{w}");
            pen = (i64::from(x), i64::from(y + h));
        }
        path
    }

    /// The areas in that state. Where cells don't stand apart, free ports and TIME_WAITs are drawn
    /// through beneath the others, which saves most of the bytes.
    fn areas(&self, places: &[Option<PortCell>], state: PortCell) -> Vec<CellRun> {
        let through = self.grid.cell.0.max(self.grid.cell.1) < APART;
        let (mut areas, mut ground): (Vec<CellRun>, _) = (Vec::new(), None);
        for run in runs(places) {
            let is_ground = matches!(run.cell, PortCell::Free | PortCell::Timewait(_));
            if is_ground {
                ground = Some(run.cell);
            }
            if run.cell == state || (through && !is_ground && ground == Some(state)) {
                match areas.last_mut() {
                    Some(last) if last.to == run.from => last.to = run.to,
                    _ => areas.push(run),
                }
            }
        }
        areas
    }
}

/// One cell, of that width and height.
pub fn tile(cell: PortCell, (w, h): (u32, u32), ink: fn(Ink) -> String) -> String {
    let rect = |[x, y, w, h]: [u32; 4], with: Ink| {
        format!("<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" {}/>", ink(with))
    };
    // Large cells stand apart; of small ones only TIME_WAITs, so that their levels can be told.
    let gap = |side: u32| side - u32::from(side >= APART);
    let inner = |side: u32| side - u32::from(side > 2);
    let dot = |side: u32| ((side - side.div_ceil(3)) / 2, side.div_ceil(3));
    let ((x, dot_w), (y, dot_h)) = (dot(w), dot(h));
    let whole = [0, 0, gap(w), gap(h)];
    match cell {
        PortCell::Free => rect([x, y, dot_w, dot_h], Ink::Free),
        PortCell::Live => rect(whole, Ink::Live),
        PortCell::Shared => rect(whole, Ink::LiveWash) + &rect([x, y, dot_w, dot_h], Ink::Live),
        PortCell::Bind => {
            let nick = format!("<path d=\"M0 {}L{} 0\" {}/>", gap(h), gap(w), ink(Ink::Nick));
            rect(whole, Ink::Bind) + &nick
        }
        PortCell::Timewait(age) => {
            let age = age.min(AGES - 1);
            let level = (inner(h) * u32::from(AGES - age + 2)).div_ceil(u32::from(AGES) + 2);
            let drained = [0, gap(h) - level, inner(w), level];
            rect(whole, Ink::TimewaitWash) + &rect(drained, Ink::Timewait(age))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painter(cell: (u32, u32)) -> Painter<'static> {
        let grid = Grid { ports: 40, columns: 10, cell, halves: None };
        Painter { grid, suffix: "", ink: |ink| format!("{ink:?}") }
    }

    #[test]
    fn a_path_takes_whole_rows_at_once() {
        use PortCell::{Free, Live};
        let cells: Vec<PortCell> =
            (0..40).map(|at| if (8..33).contains(&at) || at == 35 { Live } else { Free }).collect();
        let painter = painter((3, 3));
        let path = painter.path(&painter.grid.laid(&cells), Live);
        assert_eq!(path, "m24 0h6v3h-6m-24 0h30v6h-30m0 0h9v3h-9m15-3h3v3h-3");
    }

    #[test]
    fn time_wait_is_drawn_through_beneath_a_live_port_unless_cells_stand_apart() {
        use PortCell::{Free, Live, Timewait};
        let tw = Timewait(1);
        let cells = [Free, Free, tw, tw, tw, Live, tw, tw, tw, tw];
        let areas = |cell, state| -> Vec<(u32, u32)> {
            let areas = painter(cell).areas(&cells.map(Some), state);
            areas.into_iter().map(|run| (run.from, run.to)).collect()
        };
        assert_eq!(areas((3, 3), tw), [(2, 10)]);
        assert_eq!(areas((3, 3), Live), [(5, 6)]);
        assert_eq!(areas((9, 9), tw), [(2, 5), (6, 10)]);
    }

    #[test]
    fn every_state_has_a_tile_of_its_own() {
        for size in [(2, 2), (3, 3), (3, 2), (12, 12)] {
            let tiles = STATES.map(|state| tile(state, size, |ink| format!("{ink:?}")));
            for (at, one) in tiles.iter().enumerate() {
                assert!(!tiles[at + 1..].contains(one), "{size:?}: {one}");
            }
        }
    }
}
