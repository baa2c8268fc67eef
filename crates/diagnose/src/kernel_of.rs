//! Which kernel a paste is from: said, chosen, or inferred with the reasons.

use error99_kernel::{Release, Sysctl, range_size};

use crate::ask::Ask;
use crate::observed::Observed;

/// Fewest ports of one parity that say something of the kernel.
const PARITY_MIN: usize = 20;

/// How a kernel is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelFrom {
    /// The paste says it.
    Said,
    /// Somebody chose it.
    Chosen,
    /// It was inferred.
    Inferred,
    /// Nothing says anything: the newest was taken.
    Nothing,
}

/// The kernel that a diagnosis goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelGuess {
    /// Whose rules.
    pub release: Release,
    /// The version as it was said.
    pub said: Option<String>,
    /// How it is known.
    pub from: KernelFrom,
    /// Why, if it was inferred, in English.
    pub reasons: Vec<String>,
}

/// The kernel of a paste, unless one was chosen. `ports` are local ports that were chosen
/// automatically, as far as it's known.
pub(crate) fn kernel_of(
    observed: &Observed,
    ports: &[u16],
    chosen: Option<Release>,
) -> KernelGuess {
    let said = observed.system.release.clone();
    let known = said.as_deref().and_then(Release::of_version);
    let (from, release) = match (chosen, known) {
        (Some(release), _) => (KernelFrom::Chosen, release),
        (None, Some(release)) => (KernelFrom::Said, release),
        (None, None) => return inferred(observed, ports, said),
    };
    KernelGuess { release, said, from, reasons: Vec::new() }
}

fn inferred(observed: &Observed, ports: &[u16], said: Option<String>) -> KernelGuess {
    let mut left: Vec<Release> = Release::ALL.to_vec();
    let mut reasons = Vec::new();
    let mut keep = |fits: &dyn Fn(Release) -> bool, reason: String| {
        let kept: Vec<Release> = left.iter().copied().filter(|release| fits(*release)).collect();
        if !kept.is_empty() && kept.len() < left.len() {
            left = kept;
            reasons.push(reason);
        }
    };
    for setting in observed.settings.iter().filter(|setting| setting.value.is_some()) {
        let Some(sysctl) = Sysctl::parse(&setting.name) else { continue };
        keep(&|release| release.rules().has(sysctl), format!("there is {}", sysctl.name()));
    }
    if let Some((low, high)) = observed.range() {
        let boot = |release: Release| release.rules().range_at_boot == (low, high);
        keep(&boot, format!("the range is {low} to {high}, unless it was typed"));
    }
    if let Some(value) = observed.number_of(Sysctl::TwReuse).filter(|value| *value > 1) {
        let boot = |release: Release| release.rules().tw_reuse_at_boot == value;
        keep(&boot, format!("tcp_tw_reuse is {value}, unless it was typed"));
    }
    if let Some(parity) = parity(ports, observed.range()) {
        let fits = |release: Release| Ask::of(release).first_parity(false) == Some(parity);
        keep(&fits, format!("all {} local ports are of one parity", ports.len()));
    }
    let release = left.last().copied().unwrap_or(Release::V6_18);
    let from = if reasons.is_empty() { KernelFrom::Nothing } else { KernelFrom::Inferred };
    KernelGuess { release, said, from, reasons }
}

/// The distance modulo 2 that all ports have from the lowest of the range; `None` for few ports,
/// and for more than one parity holds.
fn parity(ports: &[u16], range: Option<(u16, u16)>) -> Option<u16> {
    let low = range.map_or(0, |(low, _)| low);
    let first = ports.first()?.abs_diff(low) % 2;
    let same = ports.iter().all(|port| port.abs_diff(low) % 2 == first);
    let room = range.is_none_or(|(low, high)| range_size(low, high) > PARITY_MIN as u32);
    (same && room && ports.len() >= PARITY_MIN).then_some(first)
}
