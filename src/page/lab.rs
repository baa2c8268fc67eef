//! The laboratory at `/lab`: written at its opening moment, and live as soon as it can be.

use super::Here;
use super::shell::Shell;
use crate::lab::machines;
use crate::text::loaded::loaded;
use crate::text::{self, lab as t};
use error99_replay::catalogue;
use leptos::prelude::*;

#[component]
pub fn Lab() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let base = links.base().to_owned();
    let prepared = catalogue::opening();
    let opened = prepared.saved();
    let machine = crate::lab::run(&opened);
    let loaded = loaded(lang, prepared.key).to_owned();
    view! {
        <Shell class="lab-page" footer=false>
            <h1 class="vh">{t::heading(lang)}</h1>
            <div class="live-part" data-live="lab" data-base=base data-texts=text::sent(lang) data-machines=machines::sent()>
                <crate::lab::Lab lang links opened loaded machine />
            </div>
        </Shell>
    }
}
