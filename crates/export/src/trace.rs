//! One call as JSON lines: the lines that a test vector of the same history has for it.

use error99_replay::Machine;
use error99_vocabulary::Numbered;
use error99_vocabulary::trace::{Detail, boot_line, call_line};

/// The machine's boot line, then the line of the call under the glass; `None` before the first
/// call. The second line has the number that it has in a trace of the whole branch.
pub fn of_call(machine: &Machine) -> Option<String> {
    let config = &machine.history().config;
    let (number, mut kernel, call) = machine.call_to_make()?;
    // The boot line is line 0, and the configuration has lines of its own.
    let number = number as usize + config.pre_calls().len() + 1;
    let line = call_line(&mut kernel, &call, number, &Numbered, Detail::Full);
    Some(format!("{}\n{line}\n", boot_line(config)))
}
