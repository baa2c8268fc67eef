//! The program of the sheet "Files": it runs in a worker of the lab's page.

use error99::files::{self, FileKind};
use error99::lang::Lang;
use error99::text;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// The file of this `kind` for the state that `link` holds; `heard` is called with the number of
/// calls made, now and then. `texts` are those of `lang`.
///
/// # Errors
/// A sentence for the reader.
#[wasm_bindgen]
pub fn write(
    lang: &str,
    texts: String,
    kind: &str,
    link: &str,
    heard: &web_sys::js_sys::Function,
) -> Result<String, String> {
    let lang = speak(lang, texts);
    let kind = FileKind::ALL.into_iter().find(|known| known.name() == kind);
    let heard = |calls: u32| drop(heard.call1(&heard.into(), &calls.into()));
    files::write(lang, kind.ok_or("no such kind of file")?, link, heard)
}

/// The link of the state that a scenario's text says, and a sentence about what was left out of it,
/// if anything was.
///
/// # Errors
/// A sentence for the reader.
#[wasm_bindgen]
pub fn read(lang: &str, texts: String, text: &str) -> Result<Vec<String>, String> {
    let (link, left_out) = files::read(speak(lang, texts), text)?;
    Ok([link].into_iter().chain(left_out).collect())
}

fn speak(lang: &str, texts: String) -> Lang {
    std::panic::set_hook(Box::new(console_error_panic_hook::hook));
    text::load(texts, &text::FILES);
    Lang::from_tag(lang).unwrap_or(Lang::En)
}
