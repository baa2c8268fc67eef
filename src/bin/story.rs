//! The program of the story's pictures, on whichever page they stand.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Brings a picture to life in `host`, which the page has written with the picture's name as
/// its `data-live`; `texts` are those of the page's language.
#[wasm_bindgen]
pub fn wake(host: web_sys::HtmlElement, texts: String) {
    error99::live::wake(host, texts, &error99::text::PICTURES, error99::picture::wake);
}
