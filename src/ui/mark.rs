//! The signs of the port states: one grammar on the page, the tape and in the legends.

use error99_replay::frame::{AGES, PortCell};

/// Classes of a cell that shows `cell`. TIME_WAIT drains with age.
pub fn cell_class(cell: PortCell) -> &'static str {
    match cell {
        PortCell::Free => "cell free",
        PortCell::Bind => "cell bind",
        PortCell::Live => "cell live",
        PortCell::Shared => "cell other",
        PortCell::Timewait(age) => TIMEWAIT[usize::from(age.min(AGES - 1))],
    }
}

const TIMEWAIT: [&str; AGES as usize] = [
    "cell tw age0",
    "cell tw age1",
    "cell tw age2",
    "cell tw age3",
    "cell tw age4",
    "cell tw age5",
];
