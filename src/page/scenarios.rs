//! The gallery at `/scenarios`: prepared machines, each a link into the lab.

use super::Here;
use super::shell::Shell;
use crate::lang::Lang;
use crate::links::Page;
use crate::text::scenarios as t;
use crate::ui::mark::cell_class;
use crate::ui::still::{card, card_tiles};
use error99_replay::Machine;
use error99_replay::catalogue::{self, Prepared};
use error99_replay::frame::PortCell;
use error99_replay::ports::Ports;
use leptos::prelude::*;
use std::sync::LazyLock;

/// Most ports that are shown one by one.
const ONE_BY_ONE: usize = 64;

/// As many are shown larger.
const FEW: usize = 8;

/// The ports of the prepared machines, each at the moment that it opens at and towards the
/// destination that is connected to, with the port that the call has got.
static PORTS: LazyLock<Vec<(Ports, Option<u16>)>> = LazyLock::new(|| {
    let shown = |prepared: &Prepared| {
        let saved = prepared.saved();
        let machine = Machine::standing(&saved).expect("a test opens every prepared machine");
        let got = machine.frame().call.map(|call| call.port);
        (machine.ports(), got)
    };
    catalogue::ALL.iter().map(shown).collect()
});

/// One prepared machine.
pub struct Card {
    pub title: String,
    /// A sentence or two: what fails here, or what surprises.
    pub text: String,
    /// What follows the lab's address in the link: `?scenario=…`.
    pub state: String,
    /// Its ports, as a picture.
    picture: AnyView,
}

/// The prepared machines, in the order in which the gallery shows them.
pub fn scenario_cards(lang: Lang) -> Vec<Card> {
    let card = |(prepared, (ports, got)): (&Prepared, &(Ports, Option<u16>))| Card {
        title: t::title(lang, prepared.key).into(),
        text: t::about(lang, prepared.key).into(),
        state: format!("?scenario={}", prepared.key),
        picture: picture(ports, *got),
    };
    catalogue::ALL.iter().zip(PORTS.iter()).map(card).collect()
}

/// Ports, one by one or as a page. What they are is in the card's text.
fn picture(ports: &Ports, got: Option<u16>) -> AnyView {
    if ports.cells.len() > ONE_BY_ONE {
        return view! { <div class="shown" aria-hidden="true">{card(ports)}</div> }.into_any();
    }
    let cell = |(place, cell): (usize, &PortCell)| {
        let got = if got == Some(ports.low + place as u16) { " got" } else { "" };
        view! { <span class=format!("{}{got}", cell_class(*cell))></span> }
    };
    let cells = ports.cells.iter().enumerate().map(cell).collect_view();
    let few = ports.cells.len() <= FEW;
    view! { <div class="shown" class:few=few aria-hidden="true">{cells}</div> }.into_any()
}

#[component]
pub fn Scenarios() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let card = move |card: Card| {
        view! {
            <li class="card">
                {card.picture}
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
            {card_tiles()}
            <ul>{scenario_cards(lang).into_iter().map(card).collect_view()}</ul>
        </Shell>
    }
}
