//! What the end-to-end tests stand on: a server for the built site, a browser, and a tab
//! that finds things as a reader does, by role and name.
//!
//! Everything here blocks and panics: a test reads as a list of acts, and a panic is a
//! failed test with a sentence that says what was missing.

pub mod browser;
pub mod cost;
pub mod engine;
pub mod site;
pub mod tab;
pub mod views;

pub use error99_server::{Answer, POLICY, Server, Site};

pub use browser::Browser;
pub use engine::Engine;
pub use tab::{Act, Element, Hand, PATIENCE, Tab, Theme};
pub use thirtyfour::{Key, TypingData};

use std::path::PathBuf;

/// The root of the repository: where cargo runs this, which needn't be where it was compiled.
pub fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR");
    package.map_or(env!("CARGO_MANIFEST_DIR").into(), PathBuf::from).join("../..")
}
