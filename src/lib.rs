//! **error 99**: a web page with a working model of how Linux 2.6.32 chooses a local port in
//! `connect()`.
//!
//! This crate is the web front end and nothing else: the model is `error99-kernel`, its
//! scenarios and its time travel are `error99-replay`. It is compiled twice.
//!
//! * With the feature `ssr`, natively, into the `prerender` binary. That one knows every page
//!   and writes each, in each language, to a file of its own. Prose lives there only.
//! * With the feature `csr`, to WebAssembly. That one knows the *live parts*: the places in
//!   the finished pages that a machine of the model takes over. Whatever no live part calls
//!   costs no byte.
//!
//! ARCHITECTURE.md says how to add a page, a live part and a text.

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

/// Brings a live part of the page to life. The boot script calls it for each element with a
/// `data-live`; `data-base` and the page's `lang` say where and in which language it stands,
/// `data-texts` brings its texts. The lab's `data-machines` brings the prepared machines.
#[cfg(feature = "csr")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn wake(element: web_sys::HtmlElement) {
    console_error_panic_hook::set_once();
    let data = element.dataset();
    let page_lang =
        leptos::prelude::document().document_element().and_then(|root| root.get_attribute("lang"));
    let lang = page_lang.and_then(|tag| lang::Lang::from_tag(&tag)).unwrap_or(lang::Lang::En);
    text::load(data.get("texts").unwrap_or_default());
    let links = links::Links::from_base(data.get("base").unwrap_or_default(), lang);
    if data.get("live").as_deref() == Some("lab") {
        let machines = data.get("machines").unwrap_or_default();
        lab::wake(element, lang, links, &machines);
    }
}
