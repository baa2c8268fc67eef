//! The folded tape: which probes of a walk stand side by side on the page.
//!
//! A walk of 28,233 probes does not fit on a screen, so the tape shows its
//! start, the ports at each place where it doesn't go on to its next
//! neighbour, the neighbourhood of the cursor and the last probe, and folds what lies between. The
//! choice depends on a few numbers only, so it's computed here and merely drawn by the page.

/// One place on the tape. Probes are counted from 1, as in the kernel's loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapePlace {
    /// The probe with this number has a cell of its own.
    Cell(u32),
    /// The probes `from..=to` are folded away; there are always at least three.
    Fold { from: u32, to: u32 },
    /// After the probe of this number: between the highest port and the lowest one, or between two
    /// passes.
    Seam(u32),
}

/// A walk longer than this is folded; a shorter one has a cell for every probe.
pub const UNFOLDED_MAX: u32 = 64;

/// Cells that a folded tape tries to fill, folds and seam not counted.
const CELLS: u32 = 9;

/// Lays out the tape of a walk.
///
/// `probes` is the number of steps that a whole walk makes, `seams` those that it doesn't go on from
/// to its next neighbour (the highest port, the last one of a pass), in order, `cursor` the probe
/// under the glass; 1 ≤ `cursor` ≤ `probes`.
pub fn lay_out(probes: u32, seams: &[u32], cursor: u32) -> Vec<TapePlace> {
    if probes == 0 {
        return Vec::new();
    }
    if probes <= UNFOLDED_MAX {
        return with_seams((1..=probes).map(TapePlace::Cell), probes, seams);
    }
    let cursor = cursor.clamp(1, probes);
    // A walk of several passes has more to show than its neighbourhood.
    let mut radius = if seams.len() > 1 { 1 } else { 2 };
    let mut cells = shown(probes, seams, cursor, radius);
    loop {
        radius += 1;
        let more = shown(probes, seams, cursor, radius);
        if more.len() as u32 > CELLS || radius > CELLS {
            break;
        }
        cells = more;
    }
    with_seams(fold(&cells), probes, seams)
}

/// The probes that get a cell, in order.
fn shown(probes: u32, seams: &[u32], cursor: u32, radius: u32) -> Vec<u32> {
    let mut cells: Vec<u32> =
        (cursor.saturating_sub(radius).max(1)..=(cursor + radius).min(probes)).collect();
    let ends = [1, probes].into_iter();
    // Of many seams only what lies behind each is shown.
    let before = seams.iter().copied().filter(|_| seams.len() == 1);
    let behind = seams.iter().map(|seam| (seam + 1).min(probes));
    for cell in ends.chain(before).chain(behind) {
        if let Err(place) = cells.binary_search(&cell) {
            cells.insert(place, cell);
        }
    }
    cells
}

/// Puts folds into the gaps; a gap of one or two probes is shown instead.
fn fold(cells: &[u32]) -> impl Iterator<Item = TapePlace> + '_ {
    cells.iter().enumerate().flat_map(|(at, &cell)| {
        let before = if at == 0 { 0 } else { cells[at - 1] };
        let gap = cell - before - 1;
        let hidden = (gap > 2).then_some(TapePlace::Fold { from: before + 1, to: cell - 1 });
        let small = (gap <= 2).then(|| (before + 1..cell).map(TapePlace::Cell));
        hidden.into_iter().chain(small.into_iter().flatten()).chain([TapePlace::Cell(cell)])
    })
}

fn with_seams(
    places: impl Iterator<Item = TapePlace>,
    probes: u32,
    seams: &[u32],
) -> Vec<TapePlace> {
    places
        .flat_map(|place| {
            let seam = match place {
                TapePlace::Cell(to) | TapePlace::Fold { to, .. }
                    if to < probes && seams.contains(&to) =>
                {
                    Some(TapePlace::Seam(to))
                }
                _ => None,
            };
            [place].into_iter().chain(seam)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::TapePlace::{Cell, Fold, Seam};
    use super::*;

    /// Every probe is on the tape exactly once, in order.
    fn assert_complete(places: &[TapePlace], probes: u32) {
        let mut next = 1;
        for place in places {
            match *place {
                Cell(i) => {
                    assert_eq!(i, next);
                    next += 1;
                }
                Fold { from, to } => {
                    assert_eq!(from, next);
                    assert!(to >= from + 2, "a fold hides at least three probes");
                    next = to + 1;
                }
                Seam(after) => assert_eq!(after, next - 1),
            }
        }
        assert_eq!(next, probes + 1);
    }

    #[test]
    fn the_tape_of_the_design_shows_start_wrap_cursor_and_end() {
        let places = lay_out(28_233, &[8_384], 12_034);
        assert_eq!(
            places,
            [
                Cell(1),
                Fold { from: 2, to: 8_383 },
                Cell(8_384),
                Seam(8_384),
                Cell(8_385),
                Fold { from: 8_386, to: 12_031 },
                Cell(12_032),
                Cell(12_033),
                Cell(12_034),
                Cell(12_035),
                Cell(12_036),
                Fold { from: 12_037, to: 28_232 },
                Cell(28_233),
            ]
        );
    }

    #[test]
    fn the_tape_of_a_walk_of_two_passes_has_room_for_its_seams() {
        let seams = [11_409, 14_116, 25_525];
        for cursor in 1..=28_232 {
            let places = lay_out(28_232, &seams, cursor);
            assert_complete(&places, 28_232);
            let cells = places.iter().filter(|place| matches!(place, Cell(_))).count();
            // A gap of one or two is filled.
            assert!(cells <= 11, "{cursor}: {places:?}");
            assert!(seams.iter().all(|seam| places.contains(&Seam(*seam))), "{cursor}");
            let near = cursor.saturating_sub(1).max(1)..=(cursor + 1).min(28_232);
            assert!(near.into_iter().all(|i| places.contains(&Cell(i))), "{cursor}");
        }
    }

    #[test]
    fn a_short_walk_is_not_folded() {
        let places = lay_out(16, &[11], 3);
        assert_eq!(places.len(), 17);
        assert_eq!(places[11], Seam(11));
        assert_complete(&places, 16);
    }

    #[test]
    fn every_probe_stands_on_the_tape_once_wherever_the_cursor_is() {
        for probes in [1, 2, 64, 65, 66, 70, 100, 28_233, 65_535] {
            let (half, last) = (probes / 2, probes.max(2) - 1);
            let seams =
                [&[][..], &[1], &[half.max(1)], &[last], &[probes], &[1, half.max(1), last]];
            for seams in seams {
                for cursor in [1, 2, 3, 4, probes / 2, probes - 1, probes] {
                    let cursor = cursor.clamp(1, probes);
                    let places = lay_out(probes, seams, cursor);
                    assert_complete(&places, probes);
                    assert!(places.contains(&Cell(cursor)));
                }
            }
        }
    }

    #[test]
    fn a_walk_without_ports_has_an_empty_tape() {
        assert!(lay_out(0, &[], 0).is_empty());
    }
}
