//! The sheet "Every kernel at once": its rows are the releases, filled one after another.

use error99_kernel::Release;
use error99_replay::every::{EveryRow, Got, Known, Lives, Rate};
use error99_replay::frame::Ret;
use error99_replay::hand::Deed;
use error99_replay::hold::Hold;
use leptos::prelude::*;

use super::amounts::{duration, error_name, error_word};
use super::names::call_words;
use super::state::{EveryTable, Lab};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::kernels::systems;
use crate::text::number::thousands;
use crate::text::sheet as t;
use crate::text::verdict;
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::rich::Rich;

/// What each release makes of the same machine.
#[component]
pub fn EveryKernel(lang: Lang, lab: Lab) -> impl IntoView {
    let table = EveryTable::new();
    Effect::new(move || {
        lab.frame.track();
        lab.every(table);
    });
    let rate = Memo::new(move |_| {
        lab.frame.track();
        lab.ask(|machine| machine.load_rate()).flatten()
    });
    let load = move || {
        rate.get().map(|rate| view! { <th scope="col">{t::col_load(lang, thousands(rate))}</th> })
    };
    let about = move || {
        let rows = table.rows.read();
        let mut known = rows.iter().filter_map(|row| row.call.as_ref());
        known.next().map(|got| match got {
            Some(got) => t::every_call(lang, format!("`{}`", call_words(&got.call))),
            None => t::every_no_call(lang).to_owned(),
        })
    };
    let about = move || about().map(|text| view! { <Rich text /> });
    let said = move || if table.busy.get() { t::every_busy(lang) } else { t::every_done(lang) };
    let row = move |(at, release)| row(lang, lab, table, rate, at, release);
    view! {
        <p class="hint"><Rich text=t::every_lead(lang) /> " " {part(about)}</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="lab-sheet">
            <table class="runs every">
                <thead>
                    <tr>
                        <th scope="col">{t::col_kernel(lang)}</th>
                        <th scope="col">{t::col_call(lang)}</th>
                        <th scope="col">{t::col_probes(lang)}</th>
                        {part(load)}
                        <th scope="col">{t::col_lives(lang)}</th>
                        <th scope="col">{t::col_rate(lang)}</th>
                        <th scope="col"><span class="vh">{t::col_choose(lang)}</span></th>
                    </tr>
                </thead>
                <tbody aria-busy=live(move || table.busy.get().to_string())>
                    {Release::ALL.into_iter().enumerate().map(row).listed()}
                </tbody>
            </table>
        </div>
        <p class="hint" role="status">{part(said)}</p>
    }
    .into_any()
}

fn row(
    lang: Lang,
    lab: Lab,
    table: EveryTable,
    rate: Memo<Option<u32>>,
    at: usize,
    release: Release,
) -> AnyView {
    let own = lab.release();
    let is_own = move || own.get() == release;
    let choose = move |_| {
        lab.wish(Deed::Release(release));
        lab.sheet.set(None);
    };
    let choice = move || match is_own() {
        true => view! { <small>{t::this_machine(lang)}</small> }.into_any(),
        false => view! {
            <button
                class="btn"
                type="button"
                aria-label=t::choose_kernel(lang, release.title())
                on:click=heard(choose)
            >
                {t::choose(lang)}
            </button>
        }
        .into_any(),
    };
    let cell = move |show: fn(Lang, &EveryRow) -> AnyView| {
        part(move || table.rows.read().get(at).map(|row| show(lang, row)))
    };
    let load = move || rate.get().map(|_| view! { <td class="lasts">{cell(hold)}</td> });
    view! {
        <tr
            data-release=release.name()
            class:own=live(is_own)
            aria-current=live(move || is_own().then_some("true"))
        >
            <th scope="row">{release.title()} <small>{systems(lang, release)}</small></th>
            <td class="out">{cell(call)}</td>
            <td class="probes">{cell(probes)}</td>
            {part(load)}
            <td class="lives">{cell(lives)}</td>
            <td class="rate">{cell(fastest)}</td>
            <td class="choose">{part(choice)}</td>
        </tr>
    }
    .into_any()
}

/// A cell whose value may not be known yet, or not be there.
fn shown<T>(lang: Lang, known: &Known<T>, show: impl FnOnce(&T) -> AnyView) -> AnyView {
    match known {
        None => "…".into_any(),
        Some(None) => t::not_there(lang).into_any(),
        Some(Some(value)) => show(value),
    }
}

fn call(lang: Lang, row: &EveryRow) -> AnyView {
    shown(lang, &row.call, |Got { ret, port, .. }| match ret {
        Ret::Ok => {
            let port = verdict::gets_port(lang, thousands(*port));
            view! { {icon(Icon::Yes)} {port} }.into_any()
        }
        ret => {
            let word = error_word(lang, *ret);
            view! { {icon(Icon::No)} {word} <small>{error_name(lang, *ret)}</small> }.into_any()
        }
    })
}

fn probes(lang: Lang, row: &EveryRow) -> AnyView {
    shown(lang, &row.call, |got| match got.probes {
        0 => t::not_there(lang).into_any(),
        probes => thousands(probes).into_any(),
    })
}

fn hold(lang: Lang, row: &EveryRow) -> AnyView {
    let after = |ms| duration(lang, ms).replace(' ', "\u{a0}");
    shown(lang, &row.hold, |hold| {
        let (sign, text) = match *hold {
            Hold::Holds => (Icon::Yes, verdict::holds(lang).to_owned()),
            Hold::Fails { after_ms } => {
                (Icon::No, verdict::fails_from_fresh(lang, after(after_ms)))
            }
            Hold::Unknown { after_ms } => (Icon::Yes, verdict::fine_so_far(lang, after(after_ms))),
        };
        view! { {icon(sign)} {text} }.into_any()
    })
}

fn lives(lang: Lang, row: &EveryRow) -> AnyView {
    shown(lang, &row.lives, |Lives { shortest_ms, longest_ms }| {
        t::lives(lang, tenths(*shortest_ms), tenths(*longest_ms)).into_any()
    })
}

fn fastest(lang: Lang, row: &EveryRow) -> AnyView {
    shown(lang, &row.rate, |rate| {
        match *rate {
            Rate { holds, fails: None } => t::rate_or_more(lang, thousands(holds)),
            Rate { holds: 0, fails: Some(1) } => t::rate_none(lang).to_owned(),
            Rate { holds, fails: Some(fails) } if fails == holds + 1 => {
                t::rate(lang, thousands(holds))
            }
            Rate { holds, fails: Some(fails) } => {
                t::rate_between(lang, thousands(holds), thousands(fails))
            }
        }
        .into_any()
    })
}

/// Seconds to the nearest tenth.
fn tenths(ms: u64) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_to_the_nearest_tenth() {
        let cases = [(0, "0.0"), (52_545, "52.5"), (60_001, "60.0"), (112_498, "112.5")];
        for (ms, text) in cases {
            assert_eq!(tenths(ms), text);
        }
    }
}
