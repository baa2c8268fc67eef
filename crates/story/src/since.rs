//! What one `connect()` costs while the range fills: measured, not modelled.
//!
//! Linux 6.18.44, two processors, loopback with a listener, one destination, range 32768–60999.
//! A program connects until the first error 99 and times each call; per twentieth of the range,
//! the median in tenths of a microsecond. Runs differ two- to threefold with what else the
//! machine does; the shape doesn't.

/// Twentieths of the range.
pub const PARTS: usize = 20;

/// The kernel's own choice of ports, three runs.
pub const DEFAULT: [[u32; PARTS]; 3] = [
    [
        126, 126, 127, 128, 128, 129, 130, 131, 133, 136, 6_742, 6_750, 6_770, 10_006, 15_817,
        15_581, 16_399, 6_772, 7_599, 7_398,
    ],
    [
        128, 128, 128, 127, 128, 129, 130, 130, 131, 139, 7_021, 6_811, 6_862, 7_054, 8_249, 7_758,
        7_864, 8_330, 7_915, 7_552,
    ],
    [
        127, 127, 127, 127, 129, 129, 129, 130, 132, 136, 6_560, 8_428, 7_094, 8_667, 9_404, 8_399,
        7_298, 27_068, 9_232, 10_821,
    ],
];

/// The same with `IP_LOCAL_PORT_RANGE` set to the whole range on each socket, two runs.
pub const WITH_OPTION: [[u32; PARTS]; 2] = [
    [
        164, 169, 166, 159, 159, 157, 159, 166, 165, 130, 130, 132, 130, 131, 131, 131, 131, 135,
        136, 143,
    ],
    [
        140, 127, 127, 127, 128, 128, 128, 128, 129, 131, 130, 130, 130, 132, 131, 132, 132, 136,
        136, 144,
    ],
];

/// What a failing call costs with the kernel's own choice, in the same unit: the median of each
/// run.
pub const FAILING: [u32; 3] = [34_549, 35_016, 40_818];

/// The least and the most of some medians, in whole microseconds.
pub fn between_us(runs: &[[u32; PARTS]], parts: std::ops::Range<usize>) -> (u32, u32) {
    let all = || runs.iter().flat_map(|run| &run[parts.clone()]).map(|tenths| (tenths + 5) / 10);
    (all().min().unwrap_or(0), all().max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_half_is_dear_by_default_and_as_cheap_as_the_first_with_the_option() {
        assert_eq!(between_us(&DEFAULT, 0..10), (13, 14));
        assert_eq!(between_us(&DEFAULT, 10..20).0, 656);
        assert_eq!(between_us(&WITH_OPTION, 0..20), (13, 17));
    }
}
