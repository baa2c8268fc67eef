//! Knobs, clocks and keys.

use error99_kernel::{Sysctl, SysctlOutcome, SysctlValue};
use error99_replay::frame::CallKind;

use super::super::amounts::ports;
use crate::lang::Lang;
use crate::text::event as t;
use crate::text::number::n;

/// A sysctl was written, or not.
pub fn sysctl(lang: Lang, variable: Sysctl, now: SysctlValue, outcome: SysctlOutcome) -> String {
    let name = variable.name();
    let now = match (variable, now) {
        (Sysctl::ReservedPorts, SysctlValue::One(count)) => ports(lang, count as u32),
        _ => now.to_string(),
    };
    match outcome {
        SysctlOutcome::Taken => t::sysctl_written(lang, name, now),
        SysctlOutcome::HalfTaken => t::sysctl_half(lang, name, now),
        SysctlOutcome::OutOfRange => match variable {
            Sysctl::PortRange => t::sysctl_out_of_range(lang, name, now),
            _ => t::sysctl_out_of_bounds(lang, name, now),
        },
        SysctlOutcome::Malformed => t::sysctl_malformed(lang, name, now),
        SysctlOutcome::LowAboveHigh => t::sysctl_upside_down(lang, name, now),
        SysctlOutcome::LowIsPrivileged => t::sysctl_privileged(lang, name, now),
        SysctlOutcome::NotThere => t::sysctl_not_there(lang, name),
    }
}

/// The wall clock was stepped.
pub fn wall(lang: Lang, from: u32, to: u32) -> String {
    let count = n(from.abs_diff(to));
    match to >= from {
        true => t::wall_forward(lang, from, to, count),
        false => t::wall_back(lang, from, to, count),
    }
}

/// The port-offset hash has another key, or was set.
pub fn rekeyed(lang: Lang, call: &CallKind) -> &'static str {
    match call {
        CallKind::Rekey => t::rekeyed(lang),
        _ => t::hash_set(lang),
    }
}
