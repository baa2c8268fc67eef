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
//! | `said` | lab | the link of the address can't be read: `data-said` says why, and what is shown |
//! | `asks` | lab | the link asks for much work: `data-asks` asks whether to do it |
//! | `run`, `leave` | script | the answer |
//! | `bring` | script | a file was read: the address is to hold this link, and the lab to open it |
//!
//! If that link can't be read, the lab stays as it was, and `data-said` says why.

use std::cell::Cell;
use std::rc::Rc;

use error99_replay::history::Work;
use web_sys::HtmlElement;

use super::machines::{self, Brought, Opening};
use super::state::{Lab, Wish};
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::browser::{listen, query, tell};

/// Answers the script of the page.
pub fn answer(lang: Lang, lab: Lab, host: &HtmlElement) {
    let data = host.dataset();
    listen(host, "save", move |_| {
        if let Some(link) = lab.link() {
            let _ = data.set("link", &link);
        }
    });
    let (data, asked) = (host.dataset(), host.clone());
    let brought = Brought::new(&data.get("machines").unwrap_or_default());
    listen(host, "open", move |_| {
        let get = |name| data.get(name).unwrap_or_default();
        let key = query("scenario");
        match machines::asked(lang, &brought, key.as_deref(), &get("state")) {
            Ok(opening) => open(lang, lab, &asked, opening),
            Err(wrong) => drop(data.set("said", &t::link_changes_nothing(lang, wrong))),
        }
    });
}

/// Shows what an address asks for; if that is much, only once the reader wants it.
fn open(lang: Lang, lab: Lab, host: &HtmlElement, opening: Opening) {
    let history = &opening.now.history;
    let work = history.work();
    let asks = work.is_much() && !lab.stands(history);
    let show = move || lab.wish(Wish::Show(Box::new(opening)));
    if !asks {
        return show();
    }
    ask(lang, host, work, move |run| {
        if run {
            show();
        }
    });
}

/// Asks whether so much work is to be done. Only the last question is answered.
pub fn ask(lang: Lang, host: &HtmlElement, work: Work, then: impl FnOnce(bool) + 'static) {
    let data = host.dataset();
    let question = t::link_asks(lang, thousands(work.calls), thousands(work.connects));
    let number = data.get("asked").map_or(1, |asked| asked.len() + 1);
    let _ = data.set("asked", &"?".repeat(number));
    let _ = data.set("asks", &question);
    let then = Rc::new(Cell::new(Some(then)));
    for (answer, run) in [("run", true), ("leave", false)] {
        let (data, then) = (data.clone(), then.clone());
        listen(host, answer, move |_| {
            let last = data.get("asked").is_some_and(|asked| asked.len() == number);
            if let Some(then) = then.take().filter(|_| last) {
                then(run);
            }
        });
    }
    tell(host, "asks");
}
