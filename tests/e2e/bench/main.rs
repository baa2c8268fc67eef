//! Measures the built site in Chromium. `cargo xtask bench` prepares what this needs, in
//! `target/bench/`: the published site with its files packed, and the walk as WebAssembly.
//!
//! `bench page` measures steps, jumps, exhaustion and the walk; `bench lighthouse` lets
//! Lighthouse look at story and lab. Each prints a table with the bars beside the figures.

mod lighthouse;
mod page;
mod table;
mod walk;

use error99_e2e::{Browser, Engine, Server, root};
use std::env;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(root().join("target/bench"))?;
    match env::args().nth(1).as_deref() {
        Some("page") => {
            let browser = Browser::start(Engine::Chromium, server)?;
            let tab = browser.tab();
            let mut rows = page::measure(&tab);
            rows.extend(walk::measure(&tab)?);
            let finished = tab.finish();
            browser.stop();
            finished?;
            table::print(&rows);
        }
        Some("lighthouse") => lighthouse::measure(&server)?,
        other => return Err(format!("bench page|lighthouse, not {other:?}").into()),
    }
    Ok(())
}
