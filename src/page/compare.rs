//! Two kernels side by side at `/compare`: written with the usual pair, and live as soon as it can be.

use super::Here;
use super::notice::Notices;
use super::shell::Shell;
use crate::compare::Compare;
use crate::links::Page;
use crate::text::compare as t;
use error99_replay::pair::{self, Pair};
use leptos::prelude::*;

#[component]
pub fn ComparePage() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let (own, base) = (links.to(Page::Compare), links.base().to_owned());
    let pair = Pair::standing(&pair::usual(), pair::USUAL_OTHER);
    let pair = pair.expect("a test opens the usual pair");
    view! {
        <Shell class="compare-page">
            <Notices lab=own />
            <noscript>
                <p class="still">{t::without_script(lang)}</p>
            </noscript>
            <h1 class="vh">{t::heading(lang)}</h1>
            <div>
                <div class="compare notranslate" translate="no" data-live="compare" data-base=base>
                    <Compare lang links pair />
                </div>
            </div>
        </Shell>
    }
}
