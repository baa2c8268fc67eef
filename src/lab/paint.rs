//! The cells of the page of ports as pixels. One grammar at every size: a dot is free, a full
//! cell live, a dark cell with a nick is bind()'s, a wash with a dot can be shared, and a
//! TIME_WAIT drains with age.

use error99_replay::frame::{AGES, PortCell};

use super::geometry::Geometry;

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// The colours of the page, as the theme has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    pub paper: Rgb,
    pub free: Rgb,
    pub live: Rgb,
    pub live_wash: Rgb,
    pub bind: Rgb,
    pub bind_wash: Rgb,
    pub timewait_wash: Rgb,
    pub timewait: [Rgb; AGES as usize],
}

/// Names of the palette's colours in the style sheet, in the order of [`Palette::from_list`].
pub const COLOURS: [&str; 13] = [
    "--paper",
    "--edge",
    "--live",
    "--live-wash",
    "--bind",
    "--bind-wash",
    "--tw-wash",
    "--tw-0",
    "--tw-1",
    "--tw-2",
    "--tw-3",
    "--tw-4",
    "--tw-5",
];

impl Palette {
    /// From the colours named in [`COLOURS`].
    pub fn from_list(list: [Rgb; COLOURS.len()]) -> Palette {
        let [paper, free, live, live_wash, bind, bind_wash, timewait_wash, timewait @ ..] = list;
        Palette { paper, free, live, live_wash, bind, bind_wash, timewait_wash, timewait }
    }
}

/// Paints all cells; the answer is RGBA, row by row, of [`Geometry::size`] pixels.
pub fn paint(cells: &[PortCell], geometry: &Geometry, palette: &Palette) -> Vec<u8> {
    let (width, height) = geometry.size();
    let (w, h) = geometry.cell;
    let mut pixels = [palette.paper[0], palette.paper[1], palette.paper[2], 255]
        .repeat((width * height) as usize);
    for (index, &cell) in cells.iter().take(geometry.ports as usize).enumerate() {
        let index = index as u32;
        let (left, top) = (index % geometry.columns * w, index / geometry.columns * h);
        for y in 0..h {
            let row = ((top + y) * width + left) as usize * 4;
            for x in 0..w {
                let at = row + x as usize * 4;
                pixels[at..at + 3].copy_from_slice(&pixel(cell, (x, y), (w, h), palette));
            }
        }
    }
    pixels
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
    use super::*;

    fn palette() -> Palette {
        Palette::from_list(std::array::from_fn(|i| [i as u8; 3]))
    }

    #[test]
    fn every_state_looks_different_at_the_smallest_cell_with_shapes() {
        let geometry = Geometry { ports: 1, columns: 1, cell: (3, 3), scale: 1.0 };
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
    fn a_page_has_four_bytes_for_every_pixel() {
        let geometry = Geometry::fit(100, 768.0, 334.0, 1.0);
        let (width, height) = geometry.size();
        let pixels = paint(&[PortCell::Live; 100], &geometry, &palette());
        assert_eq!(pixels.len() as u32, width * height * 4);
    }
}
