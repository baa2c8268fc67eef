//! Whether what the page says and what the model has are the same.

use super::matrix::GROUPS;
use super::since::{self, RuleChange};
use super::systems::{SYSTEMS, ShippedSystem, Whose};
use crate::lang::Lang;
use crate::text::kernels;
use error99_kernel::Release;
use error99_kernel::rules::{Rules, SynRule, TimewaitRule};

/// The numbers of a version: 4.19 of "4.19", of "4.19.297" and of "4.19 …".
fn version(text: &str) -> Vec<u16> {
    let number = |part: &str| part.parse().unwrap_or_else(|_| panic!("{text} is no version"));
    text.split('.').map(number).collect()
}

/// The mainline release that a release's number names.
fn number(release: Release) -> Vec<u16> {
    match release {
        Release::Rhel7 => vec![3, 10],
        Release::V4_19Late => vec![4, 19],
        _ => version(release.name()),
    }
}

fn changes() -> impl Iterator<Item = &'static RuleChange> {
    let all = [since::OF_THE_WALK, since::OF_TIMEWAIT, since::OF_KNOBS, since::OF_BIND];
    all.into_iter().flatten()
}

/// Whether a release has a change by its number alone.
fn by_number(change: &RuleChange, release: Release) -> bool {
    let number = number(release);
    if change.since.is_empty() {
        return false;
    }
    let (before, by) = change.since.split_once('–').unwrap_or((change.since, change.since));
    let (before, by) = (version(before), version(by));
    assert!(before <= by, "{}", change.since);
    assert!(number < before || number >= by, "{}: {} may have it", change.since, release.name());
    number >= by && (change.until.is_empty() || number < version(change.until))
}

#[test]
fn the_model_has_each_change_where_the_page_says_so() {
    let mut held = 0;
    for change in changes() {
        let Some(holds) = change.holds else {
            assert!(change.back.is_empty(), "nothing holds the releases of {}", change.since);
            continue;
        };
        held += 1;
        for release in Release::ALL {
            let what = (change.what)(Lang::En);
            let (is_back, has) = (change.back.contains(&release), by_number(change, release));
            assert!(!(is_back && has), "{what}: {} has it by its number", release.name());
            assert_eq!(holds(release.rules()), is_back || has, "{what} {}", release.name());
        }
    }
    assert!(held > 35, "{held}");
}

#[test]
fn every_change_says_what_was_read() {
    for change in changes() {
        assert!(change.read.iter().all(|version| !version.is_empty()), "{}", change.since);
        assert!(!change.place.is_empty());
    }
}

/// A new rule doesn't compile before it has a row here, or a reason why it hasn't.
#[test]
fn every_rule_has_a_row() {
    let Rules {
        release: _,
        start: _,
        order: _,
        noted: _,
        reuse: _,
        recycled: _,
        timers: _,
        limit: _,
        timewait: TimewaitRule { keeps_reuseport: _, rst_restarts: _ },
        search: _,
        conflict: _,
        flags: _,
        addresses: _,
        stamps: _,
        // How traces were made, not how a kernel goes.
        program: _,
        // The unit of a jiffy is nothing that a reader sees.
        syn: SynRule { linear: _, in_jiffies: _, reset_by_disconnect: _ },
        listener: _,
        options: _,
        knobs: _,
        range_at_boot: _,
        tw_reuse_at_boot: _,
        says_no_memory: _,
        gives_source_back: _,
        counts_children: _,
    } = Release::default().rules();
    let rows: usize = GROUPS.iter().map(|group| group.rows.len()).sum();
    assert_eq!(rows, 33);
}

#[test]
fn the_cells_of_a_row_are_those_of_all_releases_and_neighbours_differ() {
    for row in GROUPS.iter().flat_map(|group| group.rows) {
        let cells = Lang::ALL.map(|lang| row.stretches(lang));
        for cells in &cells {
            let releases: Vec<Release> =
                cells.iter().flat_map(|cell| cell.releases).copied().collect();
            assert_eq!(releases, Release::ALL);
            assert!(cells.iter().all(|cell| !cell.words.is_empty()));
        }
        // What differs in one language differs in the other.
        let name = (row.name)(Lang::En);
        let [en, zh] =
            cells.map(|cells| cells.iter().map(|cell| cell.releases).collect::<Vec<_>>());
        assert_eq!(en, zh, "{name}");
        assert!(en.len() > 1, "{name} is the same everywhere: no row");
    }
}

/// Two releases that go by different rules differ in a cell; those with the same words go by the
/// same ones. (A timer's life is measured, so it is left out.)
#[test]
fn no_two_neighbours_are_the_same() {
    for pair in Release::ALL.windows(2) {
        let differs = GROUPS.iter().flat_map(|group| group.rows).any(|row| {
            (row.cell)(Lang::En, pair[0].rules()) != (row.cell)(Lang::En, pair[1].rules())
        });
        assert!(differs, "{} and {}", pair[0].name(), pair[1].name());
    }
}

#[test]
fn the_systems_are_those_of_the_choice_of_kernels() {
    let of = |system: &ShippedSystem, release: Release| match system.rules {
        Whose::Of(releases) => releases.contains(&release),
        Whose::Near(near) => near == release,
        Whose::Nobodys => false,
    };
    for release in Release::ALL {
        for name in kernels::systems(Lang::En, release).split(", ") {
            let name = name.trim_start_matches("late ");
            if name.starts_with("long-term") {
                continue;
            }
            let found = SYSTEMS.iter().any(|system| {
                system.name.split(", ").any(|known| known == name) && of(system, release)
            });
            assert!(found, "{name} ships {}", release.name());
        }
    }
}

#[test]
fn the_style_sheet_marks_every_release() {
    let sheet = include_str!("../../../style/kernels.css");
    for name in Release::ALL.map(Release::name) {
        let mark = format!(".matrix:has([id=\"{name}\"]:target) [data-on~=\"{name}\"]");
        assert!(sheet.contains(&mark), "{mark}");
    }
}
