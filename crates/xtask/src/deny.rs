//! What comes in from others, judged by cargo-deny and the rules of `deny.toml`.

use crate::run::{Outcome, output, run, step, words};
use crate::tools;

/// Where the database of known faults comes from.
const DATABASE: &str = "https://github.com/RustSec/advisory-db";

/// Licences, bans and sources always; known faults where their database can be had.
pub fn deny() -> Outcome {
    tools::for_denying()?;
    step("licences, bans, sources", || {
        run(&mut words("cargo deny --all-features check licenses bans sources"))
    })?;
    if output(words("git ls-remote --heads").arg(DATABASE)).is_none() {
        println!("── known faults: SKIPPED, {DATABASE} cannot be reached from here");
        return Ok(());
    }
    step("known faults", || run(&mut words("cargo deny --all-features check advisories")))
}
