//! The lab and its address. Only the page's script (`src/browser/lab.js`) knows of addresses, of
//! what the browser remembers and of what is shared; it and the lab talk through events of the
//! element that the lab stands in:
//!
//! | event | from | means |
//! | --- | --- | --- |
//! | `awake` | lab | it stands, and answers from now on |
//! | `act` | lab | something is about to be done |
//! | `moved` | lab | another moment is shown, or something was done |
//! | `save` | script | the state is wanted: the lab writes it into `data-link`, unless it is at work |
//! | `open` | script | the address has changed: `data-state` is its link, empty if it has none |
//! | `bring` | script | a file was read: the address is to hold this link, and the lab to open it |
//!
//! If that link can't be read, the lab stays as it was, and `data-said` says why.

use error99_replay::link;
use web_sys::HtmlElement;

use super::browser::{listen, query};
use super::machines;
use super::state::{Lab, Wish};
use crate::lang::Lang;
use crate::text::lab as t;

/// Answers the script of the page.
pub fn answer(lang: Lang, lab: Lab, host: &HtmlElement) {
    let data = host.dataset();
    listen(host, "save", move |_| {
        if let Some(saved) = lab.saved() {
            let _ = data.set("link", &link::write(&saved));
        }
    });
    let data = host.dataset();
    listen(host, "open", move |_| {
        let get = |name| data.get(name).unwrap_or_default();
        let key = query("scenario");
        match machines::asked(lang, &get("machines"), key.as_deref(), &get("state")) {
            Ok(opening) => lab.wish(Wish::Show(Box::new(opening))),
            Err(wrong) => drop(data.set("said", &t::link_changes_nothing(lang, wrong))),
        }
    });
}
