//! The page about the site at `/about`: sources with thanks, what is modelled, how to report a
//! mistake.

use super::Here;
use super::shell::Shell;
use super::story;
use leptos::prelude::*;

#[component]
pub fn About() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let (title, body) = story::about(lang, &links);
    view! {
        <Shell class="about">
            <h1 inner_html=title></h1>
            <div class="prose" inner_html=body></div>
        </Shell>
    }
}
