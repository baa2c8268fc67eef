//! The story at `/`: for now its hook, and the ways into the lab.

use super::Here;
use super::shell::Shell;
use crate::icon::{Icon, icon};
use crate::links::Page;
use crate::text::home as t;
use leptos::prelude::*;

#[component]
pub fn Home() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    view! {
        <Shell class="story">
            <header class="front">
                <p class="meta">
                    <span>{t::kind(lang)}</span>
                    <span>{t::kernel_version(lang)}</span>
                </p>
                <h1 lang="en">{t::title(lang)}</h1>
                <p class="dek">{t::dek(lang)}</p>
            </header>
            <p class="next">
                <a class="btn primary" href=links.to(Page::Lab)>
                    {t::into_the_lab(lang)}
                    {icon(Icon::Arrow)}
                </a>
            </p>
        </Shell>
    }
}
