//! The gallery at `/scenarios`: prepared machines, each a link into the lab.

use super::Here;
use super::shell::Shell;
use crate::lang::Lang;
use crate::links::Page;
use crate::text::scenarios as t;
use error99_replay::catalogue::{self, Prepared};
use leptos::prelude::*;

/// One prepared machine.
pub struct Card {
    pub title: String,
    /// A sentence or two: what fails here, or what surprises.
    pub text: String,
    /// What follows the lab's address in the link: `?scenario=…`.
    pub state: String,
}

/// The prepared machines, in the order in which the gallery shows them.
pub fn scenario_cards(lang: Lang) -> Vec<Card> {
    let card = |prepared: &Prepared| Card {
        title: t::title(lang, prepared.key).into(),
        text: t::about(lang, prepared.key).into(),
        state: format!("?scenario={}", prepared.key),
    };
    catalogue::ALL.iter().map(card).collect()
}

#[component]
pub fn Scenarios() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let card = move |card: Card| {
        view! {
            <li class="card">
                <h2>
                    <a href=format!("{}{}", links.to(Page::Lab), card.state)>{card.title}</a>
                </h2>
                <p>{card.text}</p>
            </li>
        }
    };
    view! {
        <Shell class="gallery">
            <h1>{t::heading(lang)}</h1>
            <p class="dek">{t::description(lang)}</p>
            <ul>{scenario_cards(lang).into_iter().map(card).collect_view()}</ul>
        </Shell>
    }
}
