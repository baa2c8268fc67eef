//! The program of the lab's page.

use error99::lab::{self, Aside, Took};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

fn main() {}

/// Brings the lab to life in `host`, which the page has written with `data-live="lab"`;
/// `texts` are those of the page's language, with the prepared machines behind them.
#[wasm_bindgen]
pub fn wake(host: web_sys::HtmlElement, texts: String) {
    let mut texts = texts;
    let machines = lab::machines::take_from(&mut texts);
    error99::live::wake(host, texts, &error99::text::LAB, |host| lab::wake(host, machines, fetch));
}

/// Loads the part of the program that is only loaded once it is asked for: `crates/wasm-bindgen`
/// takes it out, `part.js` fetches it.
fn fetch(took: Took) {
    spawn_local(async move { took(load().await.ok()) });
}

#[wasm_split(aside, fallible)]
fn load() -> Result<Aside, SplitLoaderError> {
    Ok(lab::later_part())
}
