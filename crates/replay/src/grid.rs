//! A grid of ports as data: where cells lie, and which neighbours are alike. Painters draw it, one
//! for each medium: pixels for a canvas, SVG for files and for what is written at build time.

use crate::frame::{AGES, PortCell};

/// Every state of a cell, those first that others are drawn upon.
pub const STATES: [PortCell; 4 + AGES as usize] = [
    PortCell::Free,
    PortCell::Timewait(0),
    PortCell::Timewait(1),
    PortCell::Timewait(2),
    PortCell::Timewait(3),
    PortCell::Timewait(4),
    PortCell::Timewait(5),
    PortCell::Shared,
    PortCell::Bind,
    PortCell::Live,
];

/// Cells in rows, the lowest port first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// How many cells there are.
    pub ports: u32,
    /// Cells in a row, at least 1; a power of two, so that ports of one bucket stand in a column.
    pub columns: u32,
    /// Width and height of a cell, in the painter's units, at least 1.
    pub cell: (u32, u32),
}

impl Grid {
    /// The grid with the largest cells for `ports` ports on a sheet of that width and height: rows
    /// of as many cells as `columns` offers, no cell wider or higher than `most`, and none
    /// narrower than two thirds of its height. None if the sheet is too small for any of them.
    pub fn fit(ports: u32, sheet: (u32, u32), columns: &[u32], most: u32) -> Option<Grid> {
        let layout = |columns: &u32| {
            let w = (sheet.0 / columns).min(most);
            let h = (sheet.1 / ports.div_ceil(*columns).max(1)).min(w + w / 2).min(most);
            Grid { ports, columns: *columns, cell: (w, h) }
        };
        let grids = columns.iter().map(layout).filter(|Grid { cell: (w, h), .. }| w.min(h) > &0);
        grids.max_by_key(|Grid { cell: (w, h), .. }| ((*w).min(*h), w * h))
    }

    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        self.ports.div_ceil(self.columns).max(1)
    }

    /// Width and height of the whole.
    pub fn size(&self) -> (u32, u32) {
        (self.columns * self.cell.0, self.rows() * self.cell.1)
    }

    /// The boxes of these cells, from above: what they have of a first and of a last row, and whole
    /// rows at once. Each is x, y, width and height.
    pub fn boxes(self, CellRun { from, to, .. }: CellRun) -> impl Iterator<Item = [u32; 4]> {
        let (Grid { columns, cell: (w, h), .. }, mut at) = (self, from);
        std::iter::from_fn(move || {
            if at >= to {
                return None;
            }
            let (row, column) = (at / columns, at % columns);
            let rows = if column == 0 { ((to - at) / columns).max(1) } else { 1 };
            let cells = (to - at).min(columns - column);
            at += if rows > 1 { columns * rows } else { cells };
            Some([column * w, row * h, cells * w, rows * h])
        })
    }
}

/// Neighbours in the same state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRun {
    /// Index of the first one.
    pub from: u32,
    /// One past the index of the last one.
    pub to: u32,
    pub cell: PortCell,
}

/// All runs, in the order of the ports.
pub fn runs(cells: &[PortCell]) -> impl Iterator<Item = CellRun> {
    let mut from = 0;
    cells.chunk_by(|one, next| one == next).map(move |run| {
        let to = from + run.len() as u32;
        let run = CellRun { from, to, cell: run[0] };
        from = to;
        run
    })
}

#[cfg(test)]
mod tests {
    use super::{CellRun, Grid, runs};
    use crate::frame::PortCell::{Free, Live};

    #[test]
    fn boxes_cover_each_cell_of_a_run_once() {
        for columns in [1, 2, 8] {
            let grid = Grid { ports: 64, columns, cell: (1, 1) };
            for (from, to) in (0..64).flat_map(|from| (from..=64).map(move |to| (from, to))) {
                let boxes = grid.boxes(CellRun { from, to, cell: Free });
                let mut cells: Vec<u32> = boxes
                    .flat_map(|[x, y, w, h]| {
                        (y..y + h).flat_map(move |row| (x..x + w).map(move |at| row * columns + at))
                    })
                    .collect();
                cells.sort_unstable();
                assert!(cells.into_iter().eq(from..to), "{from}..{to} in {columns}");
            }
        }
    }

    #[test]
    fn runs_are_as_long_as_can_be() {
        let found: Vec<CellRun> = runs(&[Free, Free, Live, Free]).collect();
        let run = |from, to, cell| CellRun { from, to, cell };
        assert_eq!(found, [run(0, 2, Free), run(2, 3, Live), run(3, 4, Free)]);
        assert_eq!(runs(&[]).count(), 0);
    }

    #[test]
    fn a_grid_is_as_large_as_its_sheet_allows() {
        let columns = [8, 16, 32];
        for ports in 1..400 {
            match Grid::fit(ports, (64, 40), &columns, 9) {
                Some(grid) => {
                    let (width, height) = grid.size();
                    assert!(width <= 64 && height <= 40 && grid.columns * grid.rows() >= ports);
                    assert!(grid.cell.0.max(grid.cell.1) <= 9, "{grid:?}");
                }
                None => assert!(ports > 32 * 40, "{ports}"),
            }
        }
    }
}
