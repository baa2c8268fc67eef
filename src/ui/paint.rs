//! The cells of the page of ports as pixels. One grammar at every size: a dot is free, a full
//! cell live, a dark cell with a nick is bind()'s, a wash with a dot can be shared, and a
//! TIME_WAIT drains with age.

use std::sync::Arc;

use error99_replay::frame::{AGES, PortCell};
use error99_replay::grid::STATES;
use error99_replay::ports::Ports;

use super::colours::{Palette, Rgb};
use super::geometry::Geometry;

/// Paints all cells; the answer is RGBA, row by row, of [`Geometry::size`] pixels.
pub fn paint(cells: &[PortCell], geometry: &Geometry, palette: &Palette) -> Vec<u8> {
    let (width, height) = geometry.grid.size();
    let (w, h) = geometry.grid.cell;
    let [red, green, blue] = palette.paper;
    let mut pixels = vec![[red, green, blue, 255]; (width * height) as usize];
    let stamps: Vec<Pixel> = STATES.into_iter().flat_map(|s| stamp(s, (w, h), palette)).collect();
    let (line, size) = (w as usize, (w * h) as usize);
    let lines = pixels.chunks_exact_mut(width.max(1) as usize).zip(0..);
    for (pixels, y) in lines {
        let (row, inside) = (y / h, (y % h * w) as usize);
        for (pixels, column) in pixels.chunks_exact_mut(line.max(1)).zip(0..) {
            let index = geometry.grid.index(column, row);
            let Some(cell) = index.and_then(|index| cells.get(index as usize)) else { continue };
            let at = place(*cell) * size + inside;
            for (pixel, stamped) in pixels.iter_mut().zip(&stamps[at..at + line]) {
                *pixel = *stamped;
            }
        }
    }
    pixels.into_flattened()
}

/// Most cells that are painted one by one.
const FEW: usize = 256;

/// A page of ports as it was painted last.
pub struct Painted {
    ports: Arc<Ports>,
    geometry: Geometry,
    palette: Palette,
    /// RGBA, row by row.
    pub pixels: Vec<u8>,
}

impl Painted {
    /// Paints these ports; if a few cells are all that has changed since `before`, only those.
    pub fn next(
        before: Option<Painted>,
        ports: Arc<Ports>,
        geometry: Geometry,
        palette: Palette,
    ) -> Painted {
        let alike = |before: &Painted| {
            let (old, new) = (&before.ports.cells, &ports.cells);
            let changed = || old.iter().zip(new).filter(|(old, new)| old != new).count();
            (before.geometry, before.palette, old.len()) == (geometry, palette, new.len())
                && changed() <= FEW
        };
        let pixels = match before.filter(alike) {
            Some(before) => before.repaint(&ports.cells),
            None => paint(&ports.cells, &geometry, &palette),
        };
        Painted { ports, geometry, palette, pixels }
    }

    fn repaint(mut self, cells: &[PortCell]) -> Vec<u8> {
        let ((w, h), (width, _)) = (self.geometry.grid.cell, self.geometry.grid.size());
        for (at, (old, new)) in (0..).zip(self.ports.cells.iter().zip(cells)) {
            if old == new {
                continue;
            }
            let (column, row) = self.geometry.grid.place(at);
            let stamp = stamp(*new, (w, h), &self.palette);
            for (y, line) in (row * h..).zip(stamp.chunks(w as usize)) {
                let from = 4 * (y * width + column * w) as usize;
                if let Some(pixels) = self.pixels.get_mut(from..from + 4 * line.len()) {
                    pixels.copy_from_slice(line.as_flattened());
                }
            }
        }
        self.pixels
    }
}

/// Red, green, blue and no transparency.
type Pixel = [u8; 4];

/// Its place in [`STATES`].
fn place(cell: PortCell) -> usize {
    match cell {
        PortCell::Free => 0,
        PortCell::Timewait(age) => 1 + usize::from(age.min(AGES - 1)),
        PortCell::Shared => 1 + usize::from(AGES),
        PortCell::Bind => 2 + usize::from(AGES),
        PortCell::Live => 3 + usize::from(AGES),
    }
}

/// The pixels of one cell, row by row.
fn stamp(cell: PortCell, (w, h): (u32, u32), palette: &Palette) -> Vec<Pixel> {
    let pixel = |at: u32| {
        let [red, green, blue] = pixel(cell, (at % w, at / w), (w, h), palette);
        [red, green, blue, 255]
    };
    (0..w * h).map(pixel).collect()
}

/// The colour of one pixel of a cell of `w` × `h`.
fn pixel(cell: PortCell, (x, y): (u32, u32), (w, h): (u32, u32), palette: &Palette) -> Rgb {
    let middle = |at: u32, size: u32| {
        let dot = size.div_ceil(3);
        (size - dot) / 2 <= at && at < (size - dot) / 2 + dot
    };
    let dot = middle(x, w) && middle(y, h);
    match cell {
        PortCell::Free if dot && w > 1 => palette.free,
        PortCell::Free => palette.paper,
        PortCell::Live => palette.live,
        PortCell::Shared if dot => palette.live,
        PortCell::Shared => palette.live_wash,
        PortCell::Bind if (x + y) % w.max(2) == w.max(2) - 1 => palette.bind_wash,
        PortCell::Bind => palette.bind,
        PortCell::Timewait(age) => {
            // The level sinks from the whole height to a third; a gap keeps the cells apart.
            let full = h - h.min(2) / 2;
            let left = u32::from(AGES - age.min(AGES - 1));
            let level = (full * (left + 2)).div_ceil(u32::from(AGES) + 2).max(1);
            let inside = (w < 3 || x + 1 < w) && h - y <= level;
            if inside {
                palette.timewait[usize::from(age.min(AGES - 1))]
            } else {
                palette.timewait_wash
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use error99_replay::grid::{Grid, Parity};

    use super::*;

    fn palette() -> Palette {
        Palette::from_list(std::array::from_fn(|i| [i as u8; 3]))
    }

    #[test]
    fn every_state_looks_different_at_the_smallest_cell_with_shapes() {
        let geometry = Geometry {
            grid: Grid { ports: 1, columns: 1, cell: (3, 3), halves: None },
            scale: 1.0,
        };
        let states = [
            PortCell::Free,
            PortCell::Bind,
            PortCell::Live,
            PortCell::Shared,
            PortCell::Timewait(0),
            PortCell::Timewait(5),
        ];
        let pictures = states.map(|state| paint(&[state], &geometry, &palette()));
        for (at, picture) in pictures.iter().enumerate() {
            assert!(pictures[at + 1..].iter().all(|other| other != picture), "{:?}", states[at]);
        }
    }

    #[test]
    fn every_state_has_its_place() {
        assert!(STATES.iter().enumerate().all(|(at, state)| place(*state) == at));
    }

    #[test]
    fn what_has_changed_is_painted_as_all_of_it_would_be() {
        for halves in [None, Some(Parity::Odd)] {
            repainted(&Geometry::fit(1_000, halves, (768.0, 334.0), 1.5));
        }
    }

    fn repainted(geometry: &Geometry) {
        let mut cells = vec![PortCell::Timewait(2); 1_000];
        let mut painted: Option<Painted> = None;
        for changed in [&[][..], &[0, 7, 999], &[5], &(0..400).collect::<Vec<_>>(), &[0, 999]] {
            for at in changed {
                cells[*at] = if *at % 2 == 0 { PortCell::Live } else { PortCell::Free };
            }
            cells[500] = PortCell::Bind;
            let ports = Arc::new(Ports { low: 1, cells: cells.clone() });
            let next = Painted::next(painted.take(), ports, *geometry, palette());
            assert!(next.pixels == paint(&cells, geometry, &palette()));
            painted = Some(next);
        }
    }

    #[test]
    fn a_page_has_four_bytes_for_every_pixel() {
        let geometry = Geometry::fit(100, None, (768.0, 334.0), 1.0);
        let (width, height) = geometry.grid.size();
        let pixels = paint(&[PortCell::Live; 100], &geometry, &palette());
        assert_eq!(pixels.len() as u32, width * height * 4);
    }
}
