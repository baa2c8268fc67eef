//! The same five minutes on later kernels: run when the page is written, and shown by the style
//! sheet in the place of the living picture, which knows the first release alone.

use error99_kernel::{Release, range_size};
use error99_replay::link;
use error99_story::other_kernels::{self, Ends, Kind, OnKind, RATES};
use error99_story::ports_over_time::{Plot, SECONDS};
use leptos::prelude::*;
use std::sync::LazyLock;

use super::{drawn, t};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::number::{decimal, thousands};
use crate::text::{kernels, later, picture};
use crate::ui::rich::Rich;

/// Where a kernel's clock is told.
const TELLS_HZ: &str = "`grep CONFIG_HZ= /boot/config-$(uname -r)`";

/// The living picture with a choice of kernels above it.
pub fn around(lang: Lang, links: &Links, living: AnyView) -> AnyView {
    static ALL: LazyLock<Vec<OnKind>> = LazyLock::new(other_kernels::all);
    let all = &*ALL;
    let first = view! {
        <label>
            <input type="radio" name="plot-kernel" autocomplete="off" checked />
            <span>
                <b>{Release::default().title()}</b>
                <small>{later::live_kernel(lang)}</small>
            </span>
        </label>
    };
    view! {
        <div class="on-kernels">
            <div class="seg kernels" role="radiogroup" aria-label=kernels::kernel(lang)>
                {first}
                {all.iter().map(|of| choice(lang, &of.kind)).collect_view()}
            </div>
            {living}
            <div class="others">
                <svg class="patterns" aria-hidden="true">
                    <pattern id="kinds-refused" width="6" height="6" patternUnits="userSpaceOnUse">
                        <path d="M0 6L6 0"></path>
                    </pattern>
                </svg>
                {rates(lang)}
                <div class="kinds" aria-live="polite">{all.iter().map(|of| kind(lang, links, of)).collect_view()}</div>
                <p class="under"><Rich text=later::kernel_note(lang, TELLS_HZ) /></p>
            </div>
        </div>
    }
    .into_any()
}

fn choice(lang: Lang, kind: &Kind) -> AnyView {
    let (first, last) = (kind.first.title(), kind.last.title());
    let (name, which) = match first == last {
        true => (first.to_owned(), kernels::systems(lang, kind.first).to_owned()),
        false => (later::from_to(lang, first, last), later::hz(lang, kind.hz)),
    };
    view! {
        <label>
            <input type="radio" name="plot-kernel" autocomplete="off" />
            <span>
                <b>{name}</b>
                <small>{which}</small>
            </span>
        </label>
    }
    .into_any()
}

fn rates(lang: Lang) -> AnyView {
    let rate = |rate: &u32| {
        let fastest = RATES.last() == Some(rate);
        view! {
            <label>
                <input type="radio" name="plot-rate" autocomplete="off" checked=fastest />
                {*rate}
            </label>
        }
    };
    view! {
        <div class="rates">
            <span class="what">{t::rate(lang)}</span>
            <div class="seg" role="radiogroup" aria-label=t::rate(lang)>
                {RATES.iter().map(rate).collect_view()}
            </div>
        </div>
    }
    .into_any()
}

fn kind(lang: Lang, links: &Links, of: &OnKind) -> AnyView {
    let runs = RATES.iter().zip(&of.plots).map(|(rate, plot)| run(lang, links, of, *rate, plot));
    view! { <div class="kind">{runs.collect_view()}</div> }.into_any()
}

fn run(lang: Lang, links: &Links, of: &OnKind, rate: u32, plot: &Plot) -> AnyView {
    let ports = range_size(of.range.0, of.range.1);
    let said = said(lang, of, rate, plot);
    let first = match plot.first_ms {
        Some(ms) => t::after_seconds(lang, ms / 1000),
        None => t::no_error(lang).to_owned(),
    };
    let Ends { shortest_ms, longest_ms, .. } = of.ends;
    let seconds = |ms: u64| decimal((ms + 5) / 10, 2);
    view! {
        <div class="run">
            <dl class="figures">
                <div class:ko=plot.first_ms.is_some()>
                    <dt>{t::first_error(lang)}</dt>
                    <dd>{first}</dd>
                </div>
                <div>
                    <dt>{t::carries(lang)}</dt>
                    <dd>{t::a_second(lang, thousands(of.kind.carries))}</dd>
                </div>
                <div>
                    <dt>{later::lasts(lang, RATES[0])}</dt>
                    <dd>{later::lasts_between(lang, seconds(shortest_ms), seconds(longest_ms))}</dd>
                </div>
            </dl>
            <svg class="plot" role="img" aria-label=said.clone()>{drawn(lang, ports, plot, None)}</svg>
            <p class="said">{said}</p>
            <div class="picture-foot">
                <a class="link" href=links.with_machine(Page::Lab, &link::write(&of.kind.saved(rate)))>
                    {picture::in_the_lab(lang)}
                    {icon(Icon::Arrow)}
                </a>
            </div>
        </div>
    }
    .into_any()
}

fn said(lang: Lang, of: &OnKind, rate: u32, plot: &Plot) -> String {
    let ports = range_size(of.range.0, of.range.1);
    let most = plot.taken.iter().copied().max().unwrap_or(0);
    let refused: u32 = plot.refused.iter().sum();
    let every = decimal(of.ends.every_ms, 3);
    match plot.first_ms {
        Some(_) => {
            let all = thousands(rate * SECONDS);
            later::fails_on_kernel(lang, thousands(rate), thousands(refused), all, every)
        }
        None => t::load_holds(lang, thousands(rate), thousands(most), thousands(ports)),
    }
}
