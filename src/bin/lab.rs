//! The program of the lab's page.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Brings the lab to life in `host`, which the page has written with `data-live="lab"`;
/// `texts` are those of the page's language.
#[wasm_bindgen]
pub fn wake(host: web_sys::HtmlElement, texts: String) {
    error99::live::wake(host, texts, &error99::text::LAB, error99::lab::wake);
}
