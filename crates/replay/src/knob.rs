//! The machine's sysctls as knobs: a new one is a line here.

use error99_kernel::{Kernel, Mainline, Release, SocketOption, Sysctl, SysctlValue};

/// A sysctl, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knob {
    /// The variable.
    pub sysctl: Sysctl,
    /// What it holds.
    kind: KnobKind,
    /// What it holds instead, from a release on.
    later: Option<(Release, KnobKind)>,
    /// Whether it is always in sight; the rarer ones are folded away.
    pub front: bool,
    /// The first release in which each network namespace has its own; before, all share one.
    /// `None` if that never came.
    pub namespaced: Option<Release>,
}

/// What a knob holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobKind {
    /// Off or on for practical purposes: 0 or 1. The kernel takes any number.
    Switch,
    /// A whole number, from the first to the second as the kernel's handler takes it.
    Number(i32, i32),
    /// Lowest and highest port.
    Ports,
    /// Any ports, as a list of numbers and ranges.
    PortList,
}

impl Knob {
    /// First and last release that has it.
    pub const fn releases(&self) -> (Release, Release) {
        self.sysctl.releases()
    }

    /// Whether a release has it.
    pub fn exists_in(&self, release: Release) -> bool {
        let (first, last) = self.releases();
        (first..=last).contains(&release)
    }

    /// What it holds in a release.
    pub fn kind_in(&self, release: Release) -> KnobKind {
        match self.later {
            Some((from, kind)) if release >= from => kind,
            _ => self.kind,
        }
    }
}

const ANY: KnobKind = KnobKind::Number(i32::MIN, i32::MAX);

/// A knob that each namespace has for itself since 4.19, or since there is one.
const fn knob(sysctl: Sysctl, kind: KnobKind, front: bool) -> Knob {
    Knob { sysctl, kind, later: None, front, namespaced: Some(namespaced(sysctl)) }
}

/// What the releases up to 3.10 have for all, later ones have for each namespace; so has RHEL 7, of
/// these, the port range alone.
const fn namespaced(sysctl: Sysctl) -> Release {
    match sysctl.releases().0 {
        Release::V2_6_32 | Release::V3_10 => Release::V4_19,
        first => first,
    }
}

/// All knobs, in the order of [`Sysctl::EVERY`] and of the page.
pub const KNOBS: [Knob; Sysctl::EVERY.len()] = [
    Knob { namespaced: Some(Release::Rhel7), ..knob(Sysctl::PortRange, KnobKind::Ports, true) },
    Knob {
        later: Some((Release::V4_19, KnobKind::Number(0, 2))),
        ..knob(Sysctl::TwReuse, KnobKind::Switch, true)
    },
    knob(Sysctl::Timestamps, KnobKind::Switch, true),
    Knob { namespaced: None, ..knob(Sysctl::TwRecycle, KnobKind::Switch, false) },
    knob(Sysctl::FinTimeout, ANY, false),
    knob(Sysctl::MaxTwBuckets, ANY, false),
    knob(Sysctl::ReservedPorts, KnobKind::PortList, false),
    knob(Sysctl::UnprivilegedStart, KnobKind::Number(0, 65_535), false),
    knob(Sysctl::AutobindReuse, KnobKind::Switch, false),
    knob(Sysctl::TwReuseDelay, KnobKind::Number(1, 60_000), false),
    knob(Sysctl::Rfc1337, KnobKind::Switch, false),
    knob(Sysctl::SynRetries, KnobKind::Number(1, 127), false),
];

/// The knobs of a release.
pub fn knobs(release: Release) -> impl Iterator<Item = Knob> {
    KNOBS.into_iter().filter(move |knob| knob.exists_in(release))
}

/// The name of what a release lacks, and the versions of mainline that have it.
pub type Lacking = (&'static str, Mainline);

/// The knobs that a release lacks, with the versions of mainline that have them. (Those that only
/// the model lacks aren't told of.)
pub fn lacking(release: Release) -> Vec<Lacking> {
    let all = KNOBS.into_iter().filter(|knob| !knob.exists_in(release));
    told(all.map(|knob| (knob.sysctl.name(), knob.sysctl.mainline())))
}

/// The same of the options of a socket.
pub fn lacking_options(release: Release) -> Vec<Lacking> {
    let all = SocketOption::ALL.into_iter().filter(|option| !option.exists_in(release));
    told(all.map(|option| (option.name(), option.mainline())))
}

fn told(all: impl Iterator<Item = Lacking>) -> Vec<Lacking> {
    all.filter(|(_, mainline)| *mainline != Mainline::Always).collect()
}

/// What the knobs hold, in the order of [`KNOBS`]; of reserved ports how many there are, and
/// nothing to rely on where a release hasn't got one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values([SysctlValue; KNOBS.len()]);

impl Values {
    /// What they hold in `kernel`.
    pub fn of(kernel: &Kernel) -> Values {
        Values(KNOBS.map(|knob| kernel.sysctl(knob.sysctl)))
    }

    /// What a knob holds; of two numbers the first.
    pub fn one(&self, sysctl: Sysctl) -> i32 {
        match self.0[sysctl as usize] {
            SysctlValue::One(value) | SysctlValue::Two(value, _) => value,
        }
    }

    /// Whether a knob is on.
    pub fn on(&self, sysctl: Sysctl) -> bool {
        self.one(sysctl) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::Config;

    #[test]
    fn every_sysctl_is_a_knob_of_the_releases_that_have_it() {
        assert_eq!(KNOBS.map(|knob| knob.sysctl), Sysctl::EVERY);
        assert!(Sysctl::EVERY.iter().enumerate().all(|(at, sysctl)| *sysctl as usize == at));
        for release in Release::ALL {
            let known: Vec<Sysctl> = knobs(release).map(|knob| knob.sysctl).collect();
            assert_eq!(known, release.sysctls().collect::<Vec<_>>(), "{release:?}");
            for knob in knobs(release) {
                let namespaced = knob.namespaced.is_some_and(|from| release >= from);
                let first = match knob.sysctl {
                    Sysctl::PortRange => Release::Rhel7,
                    _ => Release::V4_19,
                };
                assert_eq!(namespaced, release >= first, "{release:?} {knob:?}");
            }
        }
    }

    #[test]
    fn what_a_release_lacks_is_told_with_the_versions_that_have_it() {
        use Mainline::{Since, Until};
        let of = |release| [lacking(release), lacking_options(release)].concat();
        assert_eq!(
            of(Release::V2_6_32),
            [
                ("ip_local_reserved_ports", Since("2.6.35")),
                ("ip_unprivileged_port_start", Since("4.11")),
                ("ip_autobind_reuse", Since("5.7")),
                ("tcp_tw_reuse_delay", Since("6.14")),
                ("SO_REUSEPORT", Since("3.9")),
                ("IP_BIND_ADDRESS_NO_PORT", Since("4.2")),
                ("IP_LOCAL_PORT_RANGE", Since("6.3")),
            ]
        );
        let delay = ("tcp_tw_reuse_delay", Since("6.14"));
        assert_eq!(of(Release::V6_12), [("tcp_tw_recycle", Until("4.11")), delay]);
        assert_eq!(of(Release::V6_18), [("tcp_tw_recycle", Until("4.11"))]);
    }

    #[test]
    fn a_knob_of_any_release_holds_what_the_kernel_holds_and_moves_no_other() {
        for release in Release::ALL {
            let usual = Values::of(&booted(release, Vec::new()));
            for knob in knobs(release) {
                let at = knob.sysctl as usize;
                for value in values(knob.kind_in(release), usual.one(knob.sysctl)) {
                    let values = Values::of(&booted(release, vec![(knob.sysctl, value)]));
                    assert_eq!(values.0[at], value, "{release:?} {knob:?}");
                    let others = values.0.iter().zip(&usual.0).enumerate();
                    let moved = others.filter(|(other, (a, b))| *other != at && a != b);
                    assert_eq!(moved.count(), 0, "{release:?} {knob:?}");
                }
            }
        }
    }

    /// What a knob is to take.
    fn values(kind: KnobKind, usual: i32) -> Vec<SysctlValue> {
        match kind {
            KnobKind::Ports => vec![SysctlValue::Two(5_000, 6_000)],
            KnobKind::PortList => Vec::new(),
            KnobKind::Switch => vec![SysctlValue::One(1 - usual)],
            // Later kernels keep a time in jiffies, and take none that doesn't fit.
            ANY => vec![SysctlValue::One(17), SysctlValue::One(-1)],
            KnobKind::Number(low, high) => [low, high.min(1_024)].map(SysctlValue::One).to_vec(),
        }
    }

    fn booted(release: Release, sysctl: Vec<(Sysctl, SysctlValue)>) -> Kernel {
        Kernel::new(&Config { sysctl, ..Config::of(release) }).expect("it boots")
    }
}
