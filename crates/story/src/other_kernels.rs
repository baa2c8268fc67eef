//! The client of the plot of ports over time on later kernels.
//!
//! How many ports are in TIME_WAIT depends on how long each stays there, and that is the same for
//! many releases: they come in kinds. Each kind is run with a few rates when the page is written.

use error99_kernel::{Config, Kernel, Release};
use error99_replay::Act;
use error99_replay::link::Saved;
use error99_replay::load::Load;

use crate::machine::{Script, Server};
use crate::ports_over_time::{ClientRun, Plot, load};

/// The rates that are run on each kind, in connections a second.
pub const RATES: [u32; 4] = [250, 400, 450, 497];

/// Releases on which this client fares alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The oldest of them.
    pub first: Release,
    /// The newest.
    pub last: Release,
    /// Ticks a second.
    pub hz: u32,
    /// The highest rate that holds for five minutes, in connections a second. It was found by
    /// trial, which takes a while; a test tries it, and the next.
    pub carries: u32,
}

/// The kinds that there are beside 2.6.32, oldest first.
pub const KINDS: [Kind; 4] = [
    Kind { first: Release::V3_10, last: Release::V3_10, hz: 250, carries: 250 },
    Kind { first: Release::Rhel7, last: Release::Rhel7, hz: 1000, carries: 420 },
    Kind { first: Release::V4_19, last: Release::V6_18, hz: 250, carries: 455 },
    Kind { first: Release::V4_19, last: Release::V6_18, hz: 1000, carries: 440 },
];

/// What the client meets on a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnKind {
    /// The kind.
    pub kind: Kind,
    /// Its port range.
    pub range: (u16, u16),
    /// Five minutes at each of [`RATES`].
    pub plots: Vec<Plot>,
    /// How its TIME_WAITs end, at the lowest of these rates.
    pub ends: Ends,
}

/// How TIME_WAITs end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The shortest, in milliseconds.
    pub shortest_ms: u64,
    /// The longest.
    pub longest_ms: u64,
    /// Many end together; this long passes until the next do, mostly.
    pub every_ms: u64,
}

/// What the client meets on every kind. It takes a quarter of a minute.
pub fn all() -> Vec<OnKind> {
    KINDS.map(OnKind::run).to_vec()
}

impl Kind {
    fn config(&self) -> Config {
        Config::of(self.last).ticking(self.hz)
    }

    /// The client at a rate for the lab: up to its first error 99, or to the end of its five
    /// minutes.
    pub fn saved(&self, rate: u32) -> Saved {
        let mut script = Script::on(self.config());
        script.act(Act::Load(Load { stop_at_error: true, ..load(rate) }));
        script.loaded();
        script.saved(Server::FIRST)
    }

    /// How TIME_WAITs of this client end: those that are there after five minutes at the lowest
    /// rate.
    pub fn ends(&self) -> Ends {
        Ends::of(&run(&self.config(), RATES[0]).1)
    }
}

impl OnKind {
    /// Runs the client on a kind.
    pub fn run(kind: Kind) -> OnKind {
        let config = kind.config();
        let kernel = Kernel::new(&config).expect("whoever asks knows the release");
        OnKind {
            kind,
            range: kernel.port_range(),
            plots: RATES.map(|rate| run(&config, rate).0).to_vec(),
            ends: kind.ends(),
        }
    }
}

/// Five minutes at a rate, and the kernel after them.
fn run(config: &Config, rate: u32) -> (Plot, Kernel) {
    let mut client = ClientRun::on(config, rate);
    loop {
        if let Some(plot) = client.work(u64::MAX) {
            return (plot, client.into_kernel());
        }
    }
}

impl Ends {
    /// Those of the TIME_WAITs that a kernel has.
    pub fn of(kernel: &Kernel) -> Ends {
        let lasts = || kernel.timewaits().map(|mini| mini.ends_ms - mini.began_ms);
        let mut ends: Vec<u64> = kernel.timewaits().map(|mini| mini.ends_ms).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut apart: Vec<u64> = ends.windows(2).map(|two| two[1] - two[0]).collect();
        apart.sort_unstable();
        Ends {
            shortest_ms: lasts().min().unwrap_or(0),
            longest_ms: lasts().max().unwrap_or(0),
            every_ms: apart.get(apart.len() / 2).copied().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_of_a_kind_has_the_same_plot() {
        for kind in KINDS {
            let of = |release| run(&Config::of(release).ticking(kind.hz), 300).0;
            let same = Release::ALL.into_iter().filter(|of| (kind.first..=kind.last).contains(of));
            for release in same {
                assert_eq!(of(release), of(kind.last), "{}", release.name());
            }
        }
        let kinds = KINDS.map(|kind| (kind.first..=kind.last).contains(&Release::V5_10));
        assert_eq!(kinds, [false, false, true, true]);
    }

    #[test]
    fn what_a_kind_carries_holds_and_one_more_fails() {
        for kind in KINDS {
            let fails = |rate| run(&kind.config(), rate).0.first_ms.is_some();
            assert_eq!((fails(kind.carries), fails(kind.carries + 1)), (false, true), "{kind:?}");
        }
    }

    #[test]
    fn a_timewait_lasts_as_long_as_the_text_says() {
        let ends = KINDS.map(|kind| {
            let Ends { shortest_ms, longest_ms, every_ms } = kind.ends();
            (shortest_ms, longest_ms, every_ms)
        });
        let expected = [
            (97_764, 112_800, 15_040),
            (58_584, 67_092, 8_512),
            (60_004, 62_048, 2_048),
            (60_004, 64_096, 4_096),
        ];
        assert_eq!(ends, expected);
    }

    #[test]
    fn the_calendar_fails_at_rates_that_the_wheel_holds() {
        let first = |of: &OnKind| of.plots.iter().map(|plot| plot.first_ms.is_some()).collect();
        let all = all();
        let fails: Vec<Vec<bool>> = all.iter().map(first).collect();
        assert_eq!(fails[0], [false, true, true, true], "3.10");
        assert_eq!(fails[1], [false, false, true, true], "RHEL 7");
        assert_eq!(fails[2], [false, false, false, true], "HZ 250");
        assert_eq!(fails[3], [false, false, true, true], "HZ 1000");
        assert_eq!(all[3].range, (32_768, 60_999));
    }
}
