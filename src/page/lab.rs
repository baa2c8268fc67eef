//! The laboratory at `/lab`: written at its opening moment, and live as soon as it can be.

use super::Here;
use super::files::{Opener, Sheet};
use super::notice::Notices;
use super::offer::offer;
use super::shell::Shell;
use crate::icon::{Icon, icon};
use crate::lab::machines::Opening;
use crate::lab::pieces::Pieces;
use crate::lang::Lang;
use crate::links::{Embedded, Links, Page};
use crate::text::{lab as t, notice};
use error99_replay::Machine;
use error99_replay::catalogue;
use leptos::prelude::*;

#[component]
pub fn Lab() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let own = links.to(Page::Lab);
    let tools = view! {
        {share(lang)}
        <Opener />
        {offer(lang, &links, Embedded::Lab)}
    };
    view! {
        <Shell class="lab-page" tools=tools.into_any() footer=false>
            <Notices lab=own />
            <noscript>
                <p class="still">{notice::without_script(lang)}</p>
            </noscript>
            <h1 class="vh">{t::heading(lang)}</h1>
            {live_part(lang, links)}
            <Sheet />
        </Shell>
    }
}

/// The lab itself.
pub fn live_part(lang: Lang, links: Links) -> AnyView {
    let base = links.base().to_owned();
    let prepared = catalogue::opening();
    let opening = Opening::prepared(lang, prepared.key, prepared.saved());
    let machine = Machine::standing(&opening.now).expect("a test opens every prepared machine");
    view! {
        <div class="lab notranslate" translate="no" data-live="lab" data-ready="false" data-base=base>
            <crate::lab::Lab lang links opening machine pieces=Pieces::written() />
        </div>
    }
    .into_any()
}

/// The button that copies the address of the state, and what it says then.
fn share(lang: Lang) -> AnyView {
    view! {
        <button
            class="tb"
            type="button"
            data-share
            data-copied=notice::copied(lang)
            data-refused=notice::copy_refused(lang)
            data-long=notice::too_long(lang)
            aria-label=notice::share(lang)
        >
            {icon(Icon::Share)}
            <span class="name">{notice::share(lang)}</span>
        </button>
        <span class="shared" role="status"></span>
    }
    .into_any()
}
