//! The colours of the page, for what is painted and not styled.

use error99_replay::frame::AGES;

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
