//! Which kernel the machine runs, and what became of the same calls on another one.

use error99_kernel::{HZ, Release};
use error99_replay::branch::Turn;
use error99_replay::hand::Deed;
use leptos::prelude::*;

use super::names::turn_words;
use super::rail::Sizes;
use super::sheet::Opens;
use super::state::{Again, Lab, Sheet};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::kernels as t;
use crate::text::number::thousands;
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::rich::Rich;
use crate::ui::same::same;

/// The choice of kernel.
#[component]
pub fn KernelChoice(lang: Lang, lab: Lab, links: Links) -> impl IntoView {
    let release = lab.release();
    let option = move |offered: Release| {
        let name = offered.name();
        let words = t::line(lang, offered);
        view! {
            <option value=name selected=release.get_untracked() == offered>{words}</option>
        }
    };
    let choose = move |event: web_sys::Event| {
        if let Some(chosen) = Release::parse(&event_target_value(&event)) {
            lab.wish(Deed::Release(chosen));
        }
    };
    let about = move || {
        let release = release.get();
        same(release, move || {
            let by_reading = (!release.is_traced()).then(|| t::by_reading(lang));
            view! { <Rich text=about(lang, release).to_owned() /> " " {by_reading} }.into_any()
        })
    };
    let compare = links.to(Page::Compare);
    // The page marks the release that the address names.
    let rules = move || format!("{}#{}", links.to(Page::Rules), release.get().name());
    let again = move || {
        let said = lab.again.read().as_ref().map(|again| told(lang, release.get(), again));
        said.map(|said| view! { <Rich text=said /> })
    };
    view! {
        <div class="field">
            <label class="kernel">
                <span class="key">{t::kernel(lang)}</span>
                <select
                    class="num"
                    autocomplete="off"
                    prop:value=live(move || release.get().name())
                    on:change=heard(choose)
                >
                    {Release::ALL.into_iter().map(option).listed()}
                </select>
            </label>
            <p class="hint">{part(about)}</p>
            <Opens lab sheet=Sheet::EveryKernel>{t::open_every(lang)}</Opens>
            <a class="link" data-compare href=compare>{t::compare(lang)}</a>
            <a class="link" href=live(rules)>{t::which_rules(lang)}</a>
            <p class="again" role="status">{part(again)}</p>
        </div>
    }
    .into_any()
}

/// Ticks a second, where a kernel can be built with several.
#[component]
pub fn Tick(lang: Lang, lab: Lab) -> impl IntoView {
    let hz = Signal::derive(move || lab.frame.read().machine.hz);
    let fixed = move || lab.release().get() == Release::default();
    view! {
        <div class="field" hidden=live(fixed)>
            <div class="label">
                <span class="key" id="lab-hz">"HZ"</span>
                <span class="hint">{t::hz_note(lang)}</span>
            </div>
            <Sizes
                labelled_by="lab-hz"
                sizes=HZ.to_vec()
                size=hz
                choose=Callback::new(move |hz| lab.wish(Deed::Hz(hz)))
            />
        </div>
    }
    .into_any()
}

/// What became of the same calls on another kernel.
fn told(lang: Lang, now: Release, again: &Again) -> String {
    let (before, now) = (again.before.title(), now.title());
    match &again.difference {
        None => t::again_under_way(lang).to_owned(),
        Some(None) => t::again_same(lang, now, before),
        Some(Some(difference)) => {
            let [was, is] = &difference.turns;
            let words = |turn: &Option<Turn>| turn_words(lang, turn);
            t::again_first(lang, now, thousands(difference.call), before, words(was), words(is))
        }
    }
}

/// What its number doesn't say.
fn about(lang: Lang, release: Release) -> &'static str {
    match release {
        Release::V2_6_32 => t::about_2_6_32(lang),
        Release::V3_10 => t::about_3_10(lang),
        Release::Rhel7 => t::about_rhel7(lang),
        Release::V4_19 => t::about_4_19(lang),
        Release::V4_19Late => t::about_4_19_late(lang),
        Release::V5_4 => t::about_5_4(lang),
        Release::V5_10 => t::about_5_10(lang),
        Release::V5_15 => t::about_5_15(lang),
        Release::V6_1 => t::about_6_1(lang),
        Release::V6_6 => t::about_6_6(lang),
        Release::V6_8 => t::about_6_8(lang),
        Release::V6_12 => t::about_6_12(lang),
        Release::V6_18 => t::about_6_18(lang),
    }
}
