//! The table of rules and releases: a row for each rule, a cell for as many releases as go by the
//! same one.

use super::words;
use crate::lang::Lang;
use crate::text::rules as t;
use error99_kernel::rules::Rules;
use error99_kernel::{Addr, Config, Release, Sysctl};
use error99_replay::every::{self, Lives};
use std::sync::LazyLock;

/// A text of the catalogue.
type Text = fn(Lang) -> &'static str;

/// A rule, and what a release makes of it.
pub struct MatrixRow {
    pub name: Text,
    pub cell: fn(Lang, &Rules) -> String,
}

/// Rules that belong together.
pub struct MatrixGroup {
    pub name: Text,
    pub rows: &'static [MatrixRow],
}

/// Neighbouring releases that go by the same rule.
pub struct RuleStretch {
    pub releases: &'static [Release],
    pub words: String,
}

impl MatrixRow {
    /// Its cells, oldest release first.
    pub fn stretches(&self, lang: Lang) -> Vec<RuleStretch> {
        const ALL: &[Release] = &Release::ALL;
        let words = |release: &Release| (self.cell)(lang, release.rules());
        ALL.chunk_by(|one, next| words(one) == words(next))
            .map(|releases| RuleStretch { releases, words: words(&releases[0]) })
            .collect()
    }
}

/// How long TIME_WAITs last, by release and ticks a second: measured on the model.
static LIVES: LazyLock<Vec<[Option<Lives>; 2]>> = LazyLock::new(|| {
    let lives = |release| {
        let config = Config::of(release);
        [250, 1_000].map(|hz| every::lives(&config.ticking(hz), Addr::new(10, 0, 0, 2)))
    };
    Release::ALL.map(lives).to_vec()
});

fn lives(rules: &Rules, place: usize) -> Option<Lives> {
    LIVES[rules.release as usize][place]
}

/// A row: the name of its text, and its cell.
macro_rules! row {
    ($name:ident, |$lang:ident, $rules:ident| $cell:expr) => {
        MatrixRow { name: t::$name, cell: |$lang, $rules| $cell.into() }
    };
}

/// All of them.
pub const GROUPS: [MatrixGroup; 4] = [
    MatrixGroup { name: t::group_walk, rows: WALK },
    MatrixGroup { name: t::group_timewait, rows: TIMEWAIT },
    MatrixGroup { name: t::group_knobs, rows: KNOBS },
    MatrixGroup { name: t::group_bind, rows: BIND },
];

const WALK: &[MatrixRow] = &[
    row!(row_start, |lang, rules| words::start(lang, rules.start)),
    row!(row_order, |lang, rules| words::order(lang, rules.order)),
    row!(row_noted, |lang, rules| words::noted(lang, rules.noted)),
    row!(row_memory, |lang, rules| words::memory(lang, rules.says_no_memory)),
    row!(row_source, |lang, rules| words::does(lang, rules.gives_source_back)),
    row!(row_syn, |lang, rules| words::syn(lang, rules.syn)),
    row!(row_timeout, |lang, rules| words::does(lang, rules.syn.reset_by_disconnect)),
];

const TIMEWAIT: &[MatrixRow] = &[
    row!(row_timers, |lang, rules| words::timers(lang, rules.timers)),
    row!(row_lives_250, |lang, rules| words::lives(lang, lives(rules, 0))),
    row!(row_lives_1000, |lang, rules| words::lives(lang, lives(rules, 1))),
    row!(row_reuse, |lang, rules| words::reuse(lang, rules.reuse)),
    row!(row_stamps, |lang, rules| words::stamps(lang, rules.stamps)),
    row!(row_limit, |lang, rules| words::limit(lang, rules.limit)),
    row!(row_rst, |lang, rules| words::rst(lang, rules.timewait.rst_restarts)),
    row!(row_keeps, |lang, rules| words::does(lang, rules.timewait.keeps_reuseport)),
    row!(row_recycled, |lang, rules| words::recycled(lang, rules.recycled)),
];

const KNOBS: &[MatrixRow] = &[
    row!(row_range, |lang, rules| words::range(lang, rules.range_at_boot)),
    row!(row_tw_reuse, |_lang, rules| rules.tw_reuse_at_boot.to_string()),
    row!(row_writes, |lang, rules| words::writes(lang, rules.knobs)),
    row!(sysctl_recycle, |lang, rules| words::yes_no(lang, rules.has(Sysctl::TwRecycle))),
    row!(sysctl_reserved, |lang, rules| words::yes_no(lang, rules.has(Sysctl::ReservedPorts))),
    row!(sysctl_unprivileged, |lang, rules| {
        words::yes_no(lang, rules.has(Sysctl::UnprivilegedStart))
    }),
    row!(sysctl_autobind, |lang, rules| words::yes_no(lang, rules.has(Sysctl::AutobindReuse))),
    row!(sysctl_delay, |lang, rules| words::yes_no(lang, rules.has(Sysctl::TwReuseDelay))),
    row!(option_reuseport, |lang, rules| words::yes_no(lang, rules.options.reuseport)),
    row!(option_no_port, |lang, rules| words::yes_no(lang, rules.options.no_port)),
    row!(option_window, |lang, rules| words::yes_no(lang, rules.options.window)),
];

const BIND: &[MatrixRow] = &[
    row!(row_search, |lang, rules| words::search(lang, rules.search)),
    row!(row_conflict, |lang, rules| words::conflict(lang, rules.conflict)),
    row!(row_flags, |lang, rules| words::flags(lang, rules.flags)),
    row!(row_addresses, |lang, rules| words::addresses(lang, rules.addresses)),
    row!(row_listener, |lang, rules| words::listener(lang, rules.listener)),
    row!(row_children, |lang, rules| words::does(lang, rules.counts_children)),
];
