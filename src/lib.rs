//! **error 99**: a web page with a working model of how Linux 2.6.32 chooses a local port in
//! `connect()`.
//!
//! This crate is the web front end and nothing else: the model is `error99-kernel`, its
//! scenarios and its time travel are `error99-replay`. It is compiled twice.
//!
//! * With the feature `ssr`, natively, into the `prerender` binary. That one knows every page
//!   and writes each, in each language, to a file of its own. Prose lives there only.
//! * With the feature `hydrate`, to WebAssembly. That one knows the *islands*: the components
//!   marked `#[island]`, which wake up inside the finished pages. Whatever no island calls
//!   costs no byte.
//!
//! ARCHITECTURE.md says how to add a page, an island and a text.

// Views are nested types, and the lab's are nested deeply.
#![recursion_limit = "256"]

pub mod hook;
pub mod icon;
pub mod lab;
pub mod lang;
pub mod links;
pub mod text;

#[cfg(feature = "ssr")]
pub mod page;

/// Starts the browser's half. The boot script calls it once, before it wakes the islands.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
