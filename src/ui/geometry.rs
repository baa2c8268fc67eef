//! Where a port's cell lies on the page of ports: pure arithmetic in whole device pixels.

use error99_replay::grid::{Grid, Parity};
use error99_replay::trail::PortStretch;

use super::length::number;

/// Layout of a page of ports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// In device pixels.
    pub grid: Grid,
    /// Device pixels per CSS pixel.
    pub scale: f64,
}

/// Rows that are tried, shortest first.
const COLUMNS: [u32; 5] = [64, 128, 256, 512, 1024];
/// More of them, for sheets on which no column means anything.
const ANY_COLUMNS: [u32; 15] =
    [64, 96, 128, 160, 192, 224, 256, 288, 320, 384, 448, 512, 640, 768, 1024];
/// Cells are at most this many CSS pixels wide and high.
const CELL_MAX: f64 = 12.0;

impl Geometry {
    /// The layout with the largest cells for `ports` ports in `width` × `height` CSS pixels; with
    /// `halves`, even ports stand on the left and odd ones on the right.
    pub fn fit(ports: u32, halves: Option<Parity>, sheet: (f64, f64), scale: f64) -> Geometry {
        Geometry::fit_rows(&COLUMNS, ports, halves, sheet, scale)
    }

    /// The same with rows of whatever length fills the sheet best.
    pub fn wide(ports: u32, halves: Option<Parity>, sheet: (f64, f64), scale: f64) -> Geometry {
        Geometry::fit_rows(&ANY_COLUMNS, ports, halves, sheet, scale)
    }

    fn fit_rows(
        columns: &[u32],
        ports: u32,
        halves: Option<Parity>,
        (width, height): (f64, f64),
        scale: f64,
    ) -> Geometry {
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let pixels = |css: f64| (css * scale) as u32;
        let sheet = (pixels(width), pixels(height));
        let small = Grid { ports, columns: 256, cell: (1, 1), halves: None };
        let grid = Grid::fit(ports, sheet, columns, pixels(CELL_MAX)).unwrap_or(small);
        Geometry { grid: Grid { halves, ..grid }, scale }
    }

    /// Width and height in CSS pixels.
    pub fn size_css(&self) -> (f64, f64) {
        let (w, h) = self.grid.size();
        (f64::from(w) / self.scale, f64::from(h) / self.scale)
    }

    /// Size of a cell in CSS pixels.
    pub fn cell_css(&self) -> (f64, f64) {
        (f64::from(self.grid.cell.0) / self.scale, f64::from(self.grid.cell.1) / self.scale)
    }

    /// Where the left half of rows ends, and how far down they go, in CSS pixels.
    pub fn middle(&self) -> (f64, f64) {
        (f64::from(self.grid.half()) * self.cell_css().0, self.size_css().1)
    }

    /// Centre of the cell of the port with this index, in CSS pixels.
    pub fn centre(&self, index: u32) -> (f64, f64) {
        let (w, h) = self.cell_css();
        let (column, row) = self.grid.place(index);
        ((f64::from(column) + 0.5) * w, (f64::from(row) + 0.5) * h)
    }

    /// Index of the port under a point in CSS pixels.
    pub fn index_at(&self, x: f64, y: f64) -> Option<u32> {
        let (w, h) = self.cell_css();
        let (column, row) = ((x / w).floor(), (y / h).floor());
        if column < 0.0 || row < 0.0 {
            return None;
        }
        self.grid.index(column as u32, row as u32)
    }

    /// Outlines of the cells of these ports, of a range that begins at `low`, as an SVG path.
    pub fn outlines(&self, low: u16, stretches: Vec<PortStretch>) -> String {
        let index = |port: u16| u32::from(port.saturating_sub(low));
        let outline =
            |PortStretch { from, to, .. }: PortStretch| self.outline(index(from), index(to));
        stretches.into_iter().map(outline).collect()
    }

    /// How far apart the ports lie that stand beside each other in a row of a half, or of the whole.
    pub fn step(&self) -> u16 {
        if self.grid.halves.is_some() { 2 } else { 1 }
    }

    /// Outline of the cells from one index to another as an SVG path; empty if there are none. Of a
    /// page with halves those in the half of the first one.
    pub fn outline(&self, from: u32, to: u32) -> String {
        if from > to || to >= self.grid.ports {
            return String::new();
        }
        let (w, h) = self.cell_css();
        let ((first_column, first), (last_column, last)) =
            (self.grid.place(from), self.grid.place(to));
        // Where rows begin and end there.
        let (begin, end) = match self.grid.halves {
            None => (0, self.grid.columns),
            Some(_) if first_column < self.grid.half() => (0, self.grid.half()),
            Some(_) => (self.grid.half(), 2 * self.grid.half()),
        };
        let x = |column: u32| number(f64::from(column) * w);
        let y = |row: u32| number(f64::from(row) * h);
        let (left, right) = (x(first_column), x(last_column + 1));
        if first == last {
            return format!("M{left} {}H{right}V{}H{left}Z", y(first), y(first + 1));
        }
        let (begin, end) = (x(begin), x(end));
        format!(
            "M{left} {}H{end}V{}H{right}V{}H{begin}V{}H{left}Z",
            y(first),
            y(last),
            y(last + 1),
            y(first + 1)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Geometry, Parity};

    #[test]
    fn the_default_range_has_256_ports_a_row_on_a_desk_and_128_on_a_phone() {
        let desk = Geometry::fit(28_233, None, (768.0, 334.0), 1.0);
        assert_eq!((desk.grid.columns, desk.grid.cell), (256, (3, 3)));
        let phone = Geometry::fit(28_233, None, (344.0, 334.0), 3.0);
        assert_eq!(phone.grid.columns, 128);
    }

    #[test]
    fn every_range_fits_whatever_the_screen() {
        for ports in [1, 2, 65, 1_000, 28_233, 64_512, 65_535] {
            for (width, height) in [(280.0, 334.0), (344.0, 334.0), (768.0, 216.0), (912.0, 396.0)]
            {
                for scale in [1.0, 1.25, 2.0, 3.0] {
                    let g = Geometry::fit(ports, None, (width, height), scale);
                    assert!(g.grid.columns * g.grid.rows() >= ports);
                    let (w, h) = g.size_css();
                    assert!(
                        w <= width + 0.5 && h <= height + 0.5,
                        "{ports} {width}×{height}×{scale}: {g:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_cell_is_found_again_under_its_centre() {
        for halves in [None, Some(Parity::Even), Some(Parity::Odd)] {
            let g = Geometry::fit(28_233, halves, (768.0, 334.0), 2.0);
            for index in [0, 1, 255, 256, 12_345, 28_232] {
                let (x, y) = g.centre(index);
                assert_eq!(g.index_at(x, y), Some(index));
            }
            assert_eq!(g.index_at(-1.0, 5.0), None);
            assert_eq!(g.index_at(5.0, 5_000.0), None);
        }
    }

    #[test]
    fn the_outline_of_cells_in_one_row_is_a_box() {
        let g = Geometry::fit(28_233, None, (768.0, 334.0), 1.0);
        assert_eq!(g.outline(2, 4), "M6 0H15V3H6Z");
        assert_eq!(g.outline(5, 4), "");
        assert_eq!(g.outline(0, 28_233), "");
    }

    #[test]
    fn the_even_ports_and_the_odd_ones_are_a_block_each() {
        let g = Geometry::fit(1_024, Some(Parity::Even), (768.0, 48.0), 1.0);
        assert_eq!((g.grid.columns, g.grid.cell), (128, (6, 6)));
        assert_eq!(g.outline(0, 1_022), "M0 0H384V42H384V48H0V6H0Z");
        assert_eq!(g.outline(1, 3), "M384 0H396V6H384Z");
        assert_eq!(g.outline(127, 129), "M762 0H768V6H390V12H384V6H762Z");
    }
}
