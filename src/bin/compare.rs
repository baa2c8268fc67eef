//! The program of the page that holds two kernels side by side.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Brings the page's part to life in `host`, which the page has written with `data-live="compare"`;
/// `texts` are those of the page's language.
#[wasm_bindgen]
pub fn wake(host: web_sys::HtmlElement, texts: String) {
    error99::live::wake(host, texts, &error99::text::COMPARE, error99::compare::wake);
}
