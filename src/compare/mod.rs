//! Two kernels side by side: one machine, and everything that is done is done to both.
//!
//! [`state::Both`] holds the two; the other modules are views that read what it shows and say what
//! the reader asks for. No view decides what a kernel does, or in what two of them differ.

mod opening;
mod page;
mod state;
mod table;
mod words;

use error99_kernel::CloseHow;
use error99_replay::hand::Deed;
use error99_replay::pair::Pair;
use leptos::prelude::*;
use web_sys::HtmlElement;

use self::page::KernelSide;
use self::state::{Both, BothWish};
use self::table::Differences;
use self::words::{call_words, headline, probes};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::compare as t;
use crate::text::number::thousands;
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::browser;
use crate::ui::length::number;
use crate::ui::rich::Rich;

#[cfg(feature = "csr")]
pub use self::opening::wake;

/// The page's live part. The two machines stand, or are on their way. `host` is told what is shown.
#[component]
pub fn Compare(
    lang: Lang,
    links: Links,
    pair: Pair,
    #[prop(optional)] host: Option<HtmlElement>,
) -> impl IntoView {
    let both = Both::new(pair, host);
    Effect::new(move || both.run());
    let palette = browser::palette();
    let eyebrow = move || {
        let view = both.view.read();
        let call = view.frames[0].call.as_ref()?;
        Some(t::call_at(lang, thousands(view.frames[0].at.done), call_words(call)))
    };
    // A machine that still runs up to its first moment has nothing to show yet.
    let coming = Memo::new(move |_| {
        both.running.read().is_some() && both.view.read().frames[0].call.is_none()
    });
    let said = move || match coming.get() {
        true => t::coming(lang).to_owned(),
        false => headline(lang, &both.view.read(), both.releases.get()),
    };
    let other = links.clone();
    view! {
        <p class="eyebrow"><b>{t::eyebrow(lang)}</b> <span>{part(eyebrow)}</span></p>
        <p class="headline" role="status">{part(move || view! { <Rich text=said() /> })}</p>
        <Narrow lang both />
        <div class="two">
            <KernelSide lang links both side=0 palette />
            <KernelSide lang links=other both side=1 palette />
        </div>
        <Lanes lang both />
        <Acts lang both />
        <Differences lang both />
        <Working lang both />
    }
    .into_any()
}

/// Which of the two a narrow screen shows.
#[component]
fn Narrow(lang: Lang, both: Both) -> impl IntoView {
    let choice = move |side: usize| {
        view! {
            <label>
                <input
                    type="radio"
                    name="side"
                    autocomplete="off"
                    checked=both.side.get_untracked() == side
                    on:change=heard(move |_: web_sys::Event| both.side.set(side))
                />
                {part(move || both.releases.get()[side].title())}
            </label>
        }
    };
    view! {
        <div class="seg narrow" role="radiogroup" aria-label=t::which(lang)>
            {[0, 1].into_iter().map(choice).listed()}
        </div>
    }
    .into_any()
}

/// How many probes either one made, on one scale.
#[component]
fn Lanes(lang: Lang, both: Both) -> impl IntoView {
    let lane = move |side: usize| {
        let words = move || match both.view.read().facing.probes[side] {
            Some(count) => probes(lang, count),
            None => t::no_probes(lang).to_owned(),
        };
        let bar = move || {
            let view = both.view.read();
            let ports = view.ports.iter().map(|ports| ports.cells.len()).max().unwrap_or(1);
            let made = view.facing.probes[side].unwrap_or(0);
            let share = f64::from(made) * 1000.0 / (ports.max(1) as f64);
            number(share.min(1000.0))
        };
        let none = move || both.view.read().facing.probes[side].is_none();
        let ok =
            move || both.view.read().frames[side].call.as_ref().is_some_and(|call| call.port != 0);
        view! {
            <dt>{part(move || both.releases.get()[side].title())}</dt>
            <dd>
                <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="made" height="10" width=live(bar)></rect>
                    <rect class="end" class:none=live(none) class:ok=live(ok) height="10" width="4" x=live(bar)></rect>
                </svg>
                <span>{part(words)}</span>
            </dd>
        }
    };
    view! {
        <dl class="lanes" aria-label=t::lanes(lang)>{[0, 1].into_iter().map(lane).listed()}</dl>
    }
    .into_any()
}

/// What can be done to both.
#[component]
fn Acts(lang: Lang, both: Both) -> impl IntoView {
    let acts = [
        (t::connect(lang), Deed::Connect(1)),
        (t::thousand(lang), Deed::Connect(1_000)),
        (t::wait_10(lang), Deed::Advance(10_000)),
        (t::wait_60(lang), Deed::Advance(60_000)),
        (t::close(lang), Deed::CloseNewest(CloseHow::Active)),
    ];
    let act = move |(words, deed): (&'static str, Deed)| {
        view! {
            <button class="btn" type="button" on:click=heard(move |_| both.wish(BothWish::Do(deed.clone())))>
                {words}
            </button>
        }
    };
    let nothing_before = move || !both.view.read().differs_before;
    let nothing_done = move || !both.view.read().can_undo;
    let refused = move || both.refused.get().then(|| t::refused(lang));
    view! {
        <div class="both-acts" role="group" aria-label=t::acts(lang)>
            <button
                class="btn primary"
                type="button"
                title=t::step_hint(lang)
                on:click=heard(move |_| both.wish(BothWish::Step))
            >
                {t::step(lang)}
                {icon(Icon::Arrow)}
            </button>
            <button
                class="btn"
                type="button"
                disabled=live(nothing_before)
                on:click=heard(move |_| both.wish(BothWish::Back))
            >
                {t::back(lang)}
            </button>
            {acts.into_iter().map(act).listed()}
            <button
                class="btn"
                type="button"
                disabled=live(nothing_done)
                on:click=heard(move |_| both.wish(BothWish::Undo))
            >
                {t::undo(lang)}
            </button>
            <span class="hint">{t::both(lang)}</span>
            <span class="refused" role="alert">{part(refused)}</span>
        </div>
    }
    .into_any()
}

/// A long run: how far it has come, and a way to stop it.
#[component]
fn Working(lang: Lang, both: Both) -> impl IntoView {
    let calls = move || both.running.get().map(|progress| progress.calls);
    let words = move || calls().map(|calls| t::working(lang, thousands(calls)));
    view! {
        <div class="working" hidden=live(move || calls().is_none())>
            <span>{part(words)}</span>
            <button class="btn" type="button" on:click=heard(move |_| both.wish(BothWish::Stop))>
                {t::stop(lang)}
            </button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests;
