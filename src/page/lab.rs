//! The laboratory at `/lab`: its island in the frame of the site.

use super::Here;
use super::shell::Shell;
use crate::text::lab as t;
use leptos::prelude::*;

#[component]
pub fn Lab() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    view! {
        <Shell class="lab-page" footer=false>
            <h1 class="vh">{t::heading(lang)}</h1>
            <crate::lab::Lab lang links opening=crate::lab::Opening::compute() />
        </Shell>
    }
}
