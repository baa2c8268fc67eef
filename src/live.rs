//! Where a live part stands: what the page tells the program that wakes it.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::document;
use web_sys::HtmlElement;

use crate::lang::Lang;
use crate::links::Links;
use crate::text::{self, Catalogue};

/// Whether the program has panicked.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Whether the program has panicked. Then nothing of it may run any more: `boot.js` keeps the
/// reader's acts and all timers from it, and what the browser itself calls asks here.
pub fn panicked() -> bool {
    PANICKED.load(Ordering::Relaxed)
}

/// Says what a panic says in the console, and leaves it in the page for `boot.js`.
fn report(panic: &std::panic::PanicHookInfo<'_>) {
    PANICKED.store(true, Ordering::Relaxed);
    if let Some(body) = document().body() {
        let _ = body.dataset().set("panic", &panic.to_string());
    }
    console_error_panic_hook::hook(panic);
}

/// The element that a live part takes over, and what the page says about it.
pub struct Host {
    pub element: HtmlElement,
    pub lang: Lang,
    pub links: Links,
}

impl Host {
    /// What the page carries for this live part as `data-` and this name.
    pub fn data(&self, name: &str) -> String {
        self.element.dataset().get(name).unwrap_or_default()
    }
}

/// Takes the `texts` of `catalogues`, once, and hands `element` to its live part. The page's
/// `lang` and the element's `data-base` say where and in which language it stands.
pub fn wake(
    element: HtmlElement,
    texts: String,
    catalogues: &[&Catalogue],
    part: impl FnOnce(Host),
) {
    std::panic::set_hook(Box::new(report));
    let page_lang = document().document_element().and_then(|root| root.get_attribute("lang"));
    let lang = page_lang.and_then(|tag| Lang::from_tag(&tag)).unwrap_or(Lang::En);
    text::load(texts, catalogues);
    let links = Links::from_base(element.dataset().get("base").unwrap_or_default(), lang);
    part(Host { element, lang, links });
}
