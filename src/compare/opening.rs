//! What the page opens with: the pair that its address asks for, or the usual one.
//!
//! `src/browser/compare.js` and this talk through the element that the part stands in: `data-state`
//! and `data-other` are the link and the other kernel of the address; `said` and `asks` tell the
//! script that `data-said` or `data-asks` holds a sentence, `run` and `leave` are the answer;
//! `moved` tells that `data-link` and `data-with` hold what is shown now.

#[cfg(feature = "csr")]
pub use self::live::wake;

#[cfg(feature = "csr")]
mod live {
    use std::cell::Cell;
    use std::rc::Rc;

    use error99_kernel::Release;
    use error99_replay::link::{self, LinkError, Saved};
    use error99_replay::pair::{self, Pair};
    use leptos::prelude::*;
    use web_sys::HtmlElement;

    use crate::compare::Compare;
    use crate::lang::Lang;
    use crate::live::Host;
    use crate::text::compare as t;
    use crate::text::number::thousands;
    use crate::ui::browser::{listen, now_ms, tell};
    use crate::ui::slices::{SLICE_MS, WORK_UNITS, later};

    /// How long the page stays as it was written while both run, in milliseconds; then it shows how
    /// far they have come.
    const PATIENCE_MS: f64 = 1_500.0;

    /// Takes over the part as it was written, once the pair that the address asks for has run.
    /// Before much work the reader is asked.
    pub fn wake(host: Host) {
        let (link, other) = (host.data("state"), host.data("other"));
        let Host { element, lang, links } = host;
        let (saved, mut said) = match link.as_str() {
            "" => (pair::usual(), None),
            link => match link::find(link) {
                Ok(saved) => (saved, None),
                Err(error) => (pair::usual(), Some(sentence(lang, error))),
            },
        };
        let with = Release::parse(&other);
        if !other.is_empty() && with.is_none() {
            said = said.or(Some(t::link_release(lang)));
        }
        let with = with.unwrap_or_else(|| beside(saved.history.config.release));
        let opened = Pair::open(&saved, with).or_else(|_| {
            said = Some(t::link_impossible(lang));
            Pair::open(&pair::usual(), pair::USUAL_OTHER)
        });
        if let Some(said) = said {
            let _ = element.dataset().set("said", said);
            tell(&element, "said");
        }
        let Ok(pair) = opened else { return };
        let stand = element.clone();
        let run = move |pair| {
            // What the page was written with stays until the same stands.
            let until_ms = if link.is_empty() { f64::INFINITY } else { now_ms() + PATIENCE_MS };
            run_up(pair, until_ms, move |pair| {
                stand.set_inner_html("");
                let host = stand.clone();
                let view = move || view! { <Compare lang links pair host /> };
                leptos::mount::mount_to(stand.clone(), view).forget();
                tell(&stand, "awake");
            });
        };
        match saved.history.work().is_much() {
            true => ask(lang, &element, &saved, move |wanted| {
                let usual = || Pair::open(&pair::usual(), pair::USUAL_OTHER);
                if let Ok(pair) = if wanted { Ok(pair) } else { usual() } {
                    run(pair);
                }
            }),
            false => run(pair),
        }
    }

    /// Runs both to the moment that they open at, or until that time, a slice at a time.
    fn run_up(mut pair: Pair, until_ms: f64, then: impl FnOnce(Pair) + 'static) {
        let start = now_ms();
        while !pair.work(WORK_UNITS) && now_ms() < until_ms {
            if now_ms() - start > SLICE_MS {
                return later(move || run_up(pair, until_ms, then));
            }
        }
        later(move || then(pair));
    }

    /// Asks whether so much work is to be done.
    fn ask(lang: Lang, host: &HtmlElement, saved: &Saved, then: impl FnOnce(bool) + 'static) {
        let work = saved.history.work();
        let question = t::link_asks(lang, thousands(work.calls), thousands(work.connects));
        let _ = host.dataset().set("asks", &question);
        let then = Rc::new(Cell::new(Some(then)));
        for (answer, wanted) in [("run", true), ("leave", false)] {
            let then = then.clone();
            listen(host, answer, move |_| {
                if let Some(then) = then.take() {
                    then(wanted);
                }
            });
        }
        tell(host, "asks");
    }

    /// The release that stands beside `one` if nobody names another: the newest, or the oldest beside that.
    fn beside(one: Release) -> Release {
        if one == pair::USUAL_OTHER { Release::default() } else { pair::USUAL_OTHER }
    }

    /// What is wrong with a link.
    fn sentence(lang: Lang, error: LinkError) -> &'static str {
        match error {
            LinkError::Version(_) => t::link_later(lang),
            LinkError::Config(_) | LinkError::History(_) => t::link_impossible(lang),
            _ => t::link_torn(lang),
        }
    }
}
