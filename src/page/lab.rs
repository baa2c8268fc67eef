//! The laboratory at `/lab`: written at its opening moment, and live as soon as it can be.

use super::Here;
use super::shell::Shell;
use crate::text::{self, lab as t};
use error99_replay::catalogue;
use leptos::prelude::*;

#[component]
pub fn Lab() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let base = links.base().to_owned();
    let prepared = catalogue::opening();
    let machine = crate::lab::run(prepared);
    view! {
        <Shell class="lab-page" footer=false>
            <h1 class="vh">{t::heading(lang)}</h1>
            <div class="live-part" data-live="lab" data-base=base data-texts=text::sent(lang)>
                <crate::lab::Lab lang links prepared machine />
            </div>
        </Shell>
    }
}
