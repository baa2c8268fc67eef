//! The machine's sysctls as knobs: a new one is a line here.

use error99_kernel::{Kernel, Sysctl, SysctlValue};

/// A sysctl, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knob {
    /// The variable.
    pub sysctl: Sysctl,
    /// What it holds.
    pub kind: KnobKind,
    /// Whether it is always in sight; the rarer ones are folded away.
    pub front: bool,
    /// The first release that has it.
    pub since: Version,
    /// The last release that has it; `None` for those that are still there.
    pub until: Option<Version>,
}

/// A release of Linux, as its first two numbers from 3.0 on; 2.6 stands for 2.6.32.
pub type Version = (u8, u8);

/// What a knob holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnobKind {
    /// Off or on for practical purposes: 0 or 1. The kernel takes any number.
    Switch,
    /// A whole number, from the first to the second as the kernel's handler takes it.
    Number(i32, i32),
    /// Lowest and highest port.
    Ports,
}

const fn knob(sysctl: Sysctl, kind: KnobKind, front: bool, until: Option<Version>) -> Knob {
    Knob { sysctl, kind, front, since: (2, 6), until }
}

/// All knobs, in the order of [`Sysctl::ALL`] and of the page.
pub const KNOBS: [Knob; Sysctl::ALL.len()] = [
    knob(Sysctl::PortRange, KnobKind::Ports, true, None),
    knob(Sysctl::TwReuse, KnobKind::Switch, true, None),
    knob(Sysctl::Timestamps, KnobKind::Switch, true, None),
    knob(Sysctl::TwRecycle, KnobKind::Switch, false, Some((4, 11))),
    knob(Sysctl::FinTimeout, KnobKind::Number(i32::MIN, i32::MAX), false, None),
    knob(Sysctl::MaxTwBuckets, KnobKind::Number(i32::MIN, i32::MAX), false, None),
];

/// What the knobs hold, in the order of [`KNOBS`].
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
    fn every_sysctl_is_a_knob_and_holds_what_the_kernel_holds() {
        assert_eq!(KNOBS.map(|knob| knob.sysctl), Sysctl::ALL);
        assert!(Sysctl::ALL.iter().enumerate().all(|(at, sysctl)| *sysctl as usize == at));
        for (at, knob) in KNOBS.into_iter().enumerate() {
            let value = match knob.kind {
                KnobKind::Ports => SysctlValue::Two(5_000, 6_000),
                KnobKind::Switch => {
                    SysctlValue::One(1 - Values::of(&booted(Vec::new())).one(knob.sysctl))
                }
                KnobKind::Number(low, high) => {
                    for end in [low, high] {
                        let kernel = booted(vec![(knob.sysctl, SysctlValue::One(end))]);
                        assert_eq!(
                            SysctlValue::One(Values::of(&kernel).one(knob.sysctl)),
                            kernel.sysctl(knob.sysctl)
                        );
                    }
                    SysctlValue::One(17)
                }
            };
            let values = Values::of(&booted(vec![(knob.sysctl, value)]));
            assert_eq!(values.0[at], value, "{knob:?}");
            let usual = Values::of(&booted(Vec::new()));
            let others = values.0.iter().zip(&usual.0).enumerate();
            assert!(others.filter(|(other, _)| *other != at).all(|(_, (a, b))| a == b), "{knob:?}");
        }
    }

    fn booted(sysctl: Vec<(Sysctl, SysctlValue)>) -> Kernel {
        Kernel::new(&Config { sysctl, ..Config::default() }).expect("it boots")
    }
}
