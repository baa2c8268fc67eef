//! The gallery at `/scenarios`: prepared machines, each a link into the lab.

use super::Here;
use super::shell::Shell;
use crate::lang::Lang;
use crate::links::Page;
use crate::text::kernels;
use crate::text::scenarios as t;
use crate::ui::mark::cell_class;
use crate::ui::still::{card, card_tiles};
use error99_kernel::Release;
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

/// What a card shows of a machine.
struct Shown {
    release: Release,
    ports: Ports,
    /// The port that the call has got.
    got: Option<u16>,
}

/// The prepared machines, each at the moment that it opens at, their ports towards the destination
/// that is connected to.
static SHOWN: LazyLock<Vec<Shown>> = LazyLock::new(|| {
    let shown = |prepared: &Prepared| {
        let saved = prepared.saved();
        let machine = Machine::standing(&saved).expect("a test opens every prepared machine");
        let got = machine.frame().call.map(|call| call.port);
        Shown { release: saved.history.config.release, ports: machine.ports(), got }
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
    /// The kernel that it runs, and who ships it, unless it's the story's.
    kernel: Option<String>,
    /// Its ports, as a picture.
    picture: AnyView,
}

/// The prepared machines, in the order in which the gallery shows them.
pub fn scenario_cards(lang: Lang) -> Vec<Card> {
    let card = |(prepared, shown): (&Prepared, &Shown)| Card {
        title: t::title(lang, prepared.key).into(),
        text: t::about(lang, prepared.key).into(),
        state: format!("?scenario={}", prepared.key),
        kernel: (shown.release != Release::default()).then(|| kernels::line(lang, shown.release)),
        picture: picture(shown),
    };
    catalogue::ALL.iter().zip(SHOWN.iter()).map(card).collect()
}

/// Ports, one by one or as a page. What they are is in the card's text.
fn picture(Shown { ports, got, release, .. }: &Shown) -> AnyView {
    if ports.cells.len() > ONE_BY_ONE {
        let card = card(ports, release.rules().order.has_passes());
        return view! { <div class="shown" aria-hidden="true">{card}</div> }.into_any();
    }
    let cell = |(place, cell): (usize, &PortCell)| {
        let got = if *got == Some(ports.low + place as u16) { " got" } else { "" };
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
                <h3>
                    <a href=format!("{}{}", links.to(Page::Lab), card.state)>{card.title}</a>
                </h3>
                {card.kernel.map(|kernel| view! { <p class="kernel">{kernel}</p> })}
                <p>{card.text}</p>
            </li>
        }
    };
    let (first, later): (Vec<Card>, Vec<Card>) =
        scenario_cards(lang).into_iter().partition(|card| card.kernel.is_none());
    let groups = [(t::first_kernel(lang), first), (t::later_kernels(lang), later)];
    let groups = groups.map(|(heading, cards)| {
        view! {
            <h2>{heading}</h2>
            <ul>{cards.into_iter().map(&card).collect_view()}</ul>
        }
    });
    view! {
        <Shell class="gallery">
            <h1>{t::heading(lang)}</h1>
            <p class="dek">{t::description(lang)}</p>
            {card_tiles()}
            {groups.into_iter().collect_view()}
        </Shell>
    }
}
