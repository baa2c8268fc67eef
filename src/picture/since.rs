//! How each kernel goes over its ports, and what a connect costs while the range fills. All of it
//! is written when the page is; the style sheet shows what belongs to the chosen kernel.

use error99_kernel::Release;
use error99_story::since::{DEFAULT, FAILING, PARTS, WITH_OPTION, between_us};
use error99_story::walks::{self, Alike};
use leptos::prelude::*;
use std::sync::LazyLock;

use crate::lang::Lang;
use crate::links::Links;
use crate::text::{kernels, later, picture, remedy as t};
use crate::ui::rich::Rich;

mod costs;
mod turns;

/// The picture.
pub fn view(lang: Lang, _: Links) -> AnyView {
    static ALL: LazyLock<Vec<Alike>> = LazyLock::new(walks::all);
    let all = &*ALL;
    let ways = all.iter().map(|alike| turns::way(lang, &alike.way)).collect_view();
    view! {
        <form class="since-form" method="dialog">
            {choice(lang, all)}
            {turns::legend(lang)}
            <div class="scene ways" aria-live="polite">{ways}</div>
            <div class="costs">
                <div>
                    <p class="what">{later::modelled(lang)}</p>
                    {costs::modelled(lang, all)}
                    <p class="under">{t::how_full(lang)}</p>
                </div>
                <div>
                    <p class="what">{later::measured(lang)}</p>
                    {costs::measured(lang)}
                    <p class="under">{t::how_full(lang)}</p>
                </div>
            </div>
            <p class="under">{later::cost_note(lang)}</p>
            {measured(lang)}
            <div class="picture-foot">
                <button class="link" type="reset">{picture::reset(lang)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The kernels to choose from; the value of each is the number of its way, which the style sheet
/// goes by.
fn choice(lang: Lang, all: &[Alike]) -> AnyView {
    let newest = Release::ALL.last();
    let kernel = |way: usize, release: &Release| {
        let chosen = Some(release) == newest;
        view! {
            <label>
                <input type="radio" name="since-kernel" value=way autocomplete="off" checked=chosen />
                <span>
                    <b>{release.title()}</b>
                    <small>{kernels::systems(lang, *release)}</small>
                </span>
            </label>
        }
    };
    let kernels = (1..).zip(all).map(|(way, alike)| {
        alike.releases.iter().map(|release| kernel(way, release)).collect_view()
    });
    view! {
        <div class="seg kernels" role="radiogroup" aria-label=kernels::kernel(lang)>
            {kernels.collect_view()}
        </div>
    }
    .into_any()
}

/// The two ways of choosing a port on 6.18, and what each costs.
fn measured(lang: Lang) -> AnyView {
    let (first, _) = between_us(&DEFAULT, 0..PARTS / 2);
    let (least, most) = between_us(&WITH_OPTION, 0..PARTS);
    let fails = FAILING.iter().map(|tenths| tenths / 10_000).max().unwrap_or(0);
    let by_default = t::since_default(lang, first, fails);
    let with_option = t::since_option(lang, least, most);
    let choices = [(t::by_default(lang), true), (t::by_option(lang), false)].map(|(name, on)| {
        view! { <label><input type="radio" name="since" autocomplete="off" checked=on />{name}</label> }
    });
    view! {
        <div class="on-6-18">
            <span class="what">{later::on_6_18(lang)}</span>
            <div class="seg options" role="radiogroup" aria-label=t::ways(lang)>{choices.to_vec()}</div>
        </div>
        <div class="details" aria-live="polite">
            <p class="detail"><Rich text=by_default /></p>
            <p class="detail"><Rich text=with_option /></p>
        </div>
    }
    .into_any()
}
