//! The diagnosis: the verdict, what was found, what helps, and what can't be known.

use error99_kernel::{Release, Sysctl};

use crate::advice::advise;
use crate::findings::Finder;
use crate::kernel_of::{KernelGuess, kernel_of};
use crate::keys::{Doubt, Finding, NoRemedy, Remedy};
use crate::observed::{FailedCall, Observed};
use crate::pairs::{Full, Ground, Pairs};
use crate::roles::{Role, roles};

/// What is said of the call that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Which call, if it can be told.
    pub call: Option<FailedCall>,
    /// With what: 98 or 99; `None` if nothing failed.
    pub errno: Option<u8>,
    /// Whether all its ports are in use.
    pub full: Full,
    /// Where they are: destinations, or for bind the call itself.
    pub which: Vec<String>,
}

/// Something found, with what shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What.
    pub what: Finding,
    /// The pair that it is about: a place in [`Pairs::all`].
    pub pair: Option<usize>,
    /// How many of how many, where there is such a number.
    pub of: Option<(u64, u64)>,
    /// The line that says so.
    pub line: Option<u32>,
}

/// The range of automatic choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeTaken {
    /// Lowest port.
    pub low: u16,
    /// Highest port.
    pub high: u16,
    /// The paste says it; else it is the kernel's at boot.
    pub said: bool,
}

/// What a paste comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The kernel whose rules were asked.
    pub kernel: KernelGuess,
    /// The range.
    pub range: RangeTaken,
    /// The role of each row.
    pub roles: Vec<Role>,
    /// Ports by source and destination.
    pub pairs: Pairs,
    /// The verdict.
    pub verdict: Judgement,
    /// What was found, in order.
    pub findings: Vec<Evidence>,
    /// What helps, the best first.
    pub remedies: Vec<Remedy>,
    /// What doesn't.
    pub no_remedies: Vec<NoRemedy>,
    /// What can't be known.
    pub doubts: Vec<Doubt>,
}

impl Diagnosis {
    /// Whether something was found.
    pub fn found(&self, what: Finding) -> bool {
        self.findings.iter().any(|found| found.what == what)
    }

    /// How many rows have a role.
    pub fn count(&self, role: Role) -> usize {
        self.roles.iter().filter(|each| **each == role).count()
    }
}

/// Judges what a paste says.
pub fn diagnose(observed: &Observed) -> Diagnosis {
    diagnose_on(observed, None)
}

/// The same with a kernel that somebody chose.
pub fn diagnose_on(observed: &Observed, chosen: Option<Release>) -> Diagnosis {
    let newest = kernel_of(observed, &[], chosen);
    let range = |kernel: &KernelGuess| match observed.range().filter(|(low, high)| low <= high) {
        Some((low, high)) => RangeTaken { low, high, said: true },
        None => {
            let (low, high) = kernel.release.rules().range_at_boot;
            RangeTaken { low, high, said: false }
        }
    };
    let RangeTaken { low, high, .. } = range(&newest);
    let roles = roles(observed, (low, high));
    let ports = chosen_ports(observed, &roles, (low, high));
    let kernel = kernel_of(observed, &ports, chosen);
    let range = range(&kernel);
    let ground = Ground::new(observed, &roles, (range.low, range.high), range.said);
    let pairs = ground.pairs();
    let mut finder = Finder::new(&ground, &pairs, &kernel);
    finder.find();
    let (verdict, findings) = (finder.verdict, finder.findings);
    let mut diagnosis = Diagnosis {
        kernel,
        range,
        pairs,
        verdict,
        findings,
        roles,
        remedies: Vec::new(),
        no_remedies: Vec::new(),
        doubts: Vec::new(),
    };
    advise(observed, &mut diagnosis);
    diagnosis
}

/// Local ports of opened connections inside the range.
fn chosen_ports(observed: &Observed, roles: &[Role], range: (u16, u16)) -> Vec<u16> {
    let opened = observed.rows.iter().zip(roles).filter(|(_, role)| **role == Role::Opened);
    let ports = opened.map(|(row, _)| row.local.port);
    ports.filter(|port| (range.0..=range.1).contains(port)).collect()
}

/// The number of a sysctl, if this release has it.
pub(crate) fn knob(observed: &Observed, release: Release, sysctl: Sysctl) -> Option<i32> {
    observed.number_of(sysctl).filter(|_| release.rules().has(sysctl))
}
