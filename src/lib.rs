//! **error 99**: a web page with a working model of how Linux chooses a local port in `connect()`.
//!
//! This crate is the web front end and nothing else: the model is `error99-kernel`, its
//! scenarios and its time travel are `error99-replay`. It is compiled twice.
//!
//! * With the feature `ssr`, natively, into the `prerender` binary. That one knows every page
//!   and writes each, in each language, to a file of its own. Prose lives there only.
//! * With the feature `csr`, to WebAssembly, as four programs: `lab`, `story`, which has the
//!   pictures, `compare`, and `files`, which writes and reads files for the lab. The others know the
//!   *live parts*: the places in the finished pages that a machine of the model takes over.
//!   Whatever a program doesn't call costs it no byte.
//!
//! ARCHITECTURE.md says how to add a page, a live part and a text.

// Views are nested types, and the lab's are nested deeply.
#![recursion_limit = "256"]

pub mod compare;
pub mod files;
pub mod hook;
pub mod icon;
pub mod lab;
pub mod lang;
pub mod links;
pub mod picture;
pub mod pictures;
pub mod text;
pub mod ui;

#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod page;
