//! Measures the built site in Chromium. `cargo xtask bench` prepares what this needs, in
//! `target/bench/`: the published site with its files packed, and the walk as WebAssembly.
//!
//! `bench page` measures steps, jumps, exhaustion and the walk; `bench hostile` opens links that
//! were bred to cost much; `bench lighthouse` lets Lighthouse look at story and lab. Each prints a table with the bars beside the figures.

mod hostile;
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
        Some(what @ ("page" | "hostile")) => {
            let browser = Browser::start(Engine::Chromium, server)?;
            let tab = browser.tab();
            let rows = match what {
                "hostile" => hostile::measure(&tab)?,
                _ => [page::measure(&tab), walk::measure(&tab)?].concat(),
            };
            let finished = tab.finish();
            browser.stop();
            finished?;
            table::print(&rows);
        }
        Some("lighthouse") => lighthouse::measure(&server)?,
        other => return Err(format!("bench page|hostile|lighthouse, not {other:?}").into()),
    }
    Ok(())
}
