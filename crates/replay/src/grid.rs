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
    /// Whether even ports stand in the left half of each row and odd ones in the right half, as walks
    /// that go over a range twice meet them.
    pub halves: Option<Parity>,
}

/// Of which kind the lowest port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// An even port.
    Even,
    /// An odd port.
    Odd,
}

impl Parity {
    /// That of `port`.
    pub const fn of(port: u16) -> Parity {
        if port.is_multiple_of(2) { Parity::Even } else { Parity::Odd }
    }
}

impl Grid {
    /// The grid with the largest cells for `ports` ports on a sheet of that width and height: rows
    /// of as many cells as `columns` offers, no cell wider or higher than `most`, and none
    /// narrower than two thirds of its height. None if the sheet is too small for any of them.
    pub fn fit(ports: u32, sheet: (u32, u32), columns: &[u32], most: u32) -> Option<Grid> {
        let layout = |columns: &u32| {
            let w = (sheet.0 / columns).min(most);
            let h = (sheet.1 / ports.div_ceil(*columns).max(1)).min(w + w / 2).min(most);
            Grid { ports, columns: *columns, cell: (w, h), halves: None }
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

    /// Cells of a half of a row, if rows have halves: of a range of less than a row no more than it
    /// has ports.
    pub fn half(&self) -> u32 {
        self.columns.min(self.ports.next_multiple_of(2)).div_ceil(2)
    }

    /// Column and row of the port with this index.
    pub fn place(&self, index: u32) -> (u32, u32) {
        let (column, row) = (index % self.columns, index / self.columns);
        match self.halves {
            None => (column, row),
            Some(lowest) => (column / 2 + self.half() * ((column + lowest as u32) % 2), row),
        }
    }

    /// The index of the port that stands there, if one does.
    pub fn index(&self, column: u32, row: u32) -> Option<u32> {
        let in_row = match self.halves {
            None => column,
            Some(lowest) => 2 * (column % self.half()) + (column / self.half() + lowest as u32) % 2,
        };
        let across = if self.halves.is_some() { 2 * self.half() } else { self.columns };
        let index = row.checked_mul(self.columns)?.checked_add(in_row)?;
        (column < across && in_row < self.columns && index < self.ports).then_some(index)
    }

    /// The index of the cell before or after one, as one reads: in its row, then in the next.
    pub fn beside(&self, index: u32, after: bool) -> u32 {
        let (column, row) = self.place(index);
        let first = |mut columns: std::ops::Range<u32>, row| {
            columns.find_map(|column| self.index(column, row))
        };
        let last = |columns: std::ops::Range<u32>, row| {
            columns.rev().find_map(|column| self.index(column, row))
        };
        let all = 0..self.columns;
        let next = match after {
            true => first(column + 1..self.columns, row).or_else(|| first(all, row + 1)),
            false => last(0..column, row).or_else(|| last(all, row.checked_sub(1)?)),
        };
        next.unwrap_or(index)
    }

    /// The cells of ports in the order of the places, row by row; none where no port stands.
    pub fn laid(&self, cells: &[PortCell]) -> Vec<Option<PortCell>> {
        let place = |(row, column)| {
            let index = self.index(column, row)?;
            cells.get(index as usize).copied()
        };
        let places = (0..self.rows()).flat_map(|row| (0..self.columns).map(move |at| (row, at)));
        places.map(place).collect()
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
    /// Place of the first one, row by row.
    pub from: u32,
    /// One past the place of the last one.
    pub to: u32,
    pub cell: PortCell,
}

/// All runs of neighbours in a row of places; where none is, no run goes on.
pub fn runs(places: &[Option<PortCell>]) -> impl Iterator<Item = CellRun> {
    let mut from = 0;
    let runs = places.chunk_by(|one, next| one == next).map(move |run| {
        let to = from + run.len() as u32;
        let found = run[0].map(|cell| CellRun { from, to, cell });
        from = to;
        found
    });
    runs.flatten()
}

#[cfg(test)]
mod tests {
    use super::{CellRun, Grid, Parity, runs};
    use crate::frame::PortCell::{Free, Live};

    #[test]
    fn boxes_cover_each_cell_of_a_run_once() {
        for columns in [1, 2, 8] {
            let grid = Grid { ports: 64, columns, cell: (1, 1), halves: None };
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
    fn each_port_has_a_place_of_its_own_and_is_found_there() {
        for (ports, columns) in
            [(1, 64), (2, 2), (15, 64), (16, 64), (63, 64), (64, 64), (1_001, 256)]
        {
            for halves in [None, Some(Parity::Even), Some(Parity::Odd)] {
                let grid = Grid { ports, columns, cell: (1, 1), halves };
                let places: Vec<(u32, u32)> = (0..ports).map(|index| grid.place(index)).collect();
                for (index, (column, row)) in (0..).zip(&places) {
                    assert_eq!(grid.index(*column, *row), Some(index), "{grid:?}");
                    assert!(*column < columns && *row < grid.rows(), "{grid:?}");
                    if let Some(lowest) = halves {
                        let odd = (index + lowest as u32) % 2 == 1;
                        assert_eq!(odd, *column >= grid.half(), "{grid:?} {index}");
                    }
                }
                let all =
                    (0..grid.rows()).flat_map(|row| (0..2 * columns).map(move |at| (at, row)));
                assert_eq!(
                    all.filter(|(at, row)| grid.index(*at, *row).is_some()).count(),
                    ports as usize
                );
            }
        }
    }

    #[test]
    fn runs_are_as_long_as_can_be() {
        let places = [Some(Free), Some(Free), Some(Live), None, Some(Free), None];
        let found: Vec<CellRun> = runs(&places).collect();
        let run = |from, to, cell| CellRun { from, to, cell };
        assert_eq!(found, [run(0, 2, Free), run(2, 3, Live), run(4, 5, Free)]);
        assert_eq!(runs(&[]).count(), 0);
    }

    #[test]
    fn cells_are_laid_where_their_ports_stand() {
        let cells = [Live, Free, Live, Free, Live, Free, Live];
        let grid = |halves| Grid { ports: 7, columns: 4, cell: (1, 1), halves };
        let laid = |halves| -> String {
            let letter =
                |cell: Option<_>| cell.map_or('.', |it| if it == Live { 'l' } else { 'f' });
            grid(halves).laid(&cells).into_iter().map(letter).collect()
        };
        assert_eq!(laid(None), "lflflfl.");
        assert_eq!(laid(Some(Parity::Even)), "llffllf.");
        assert_eq!(laid(Some(Parity::Odd)), "ffllf.ll");
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
