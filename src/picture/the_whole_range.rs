//! The failing call of the opening machine: its walk unrolled, and the reasons counted.

use error99_story::the_whole_range::{PROBE, ProbeSeen, Reason, Scene, saved, scene};
use error99_story::written;
use leptos::prelude::*;

use super::brought;
use super::controls::button;
use super::frame::{Parts, picture};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::plot as t;
use crate::ui::boxed::{Listed, heard, live, part};

/// Probes in a column of the drawing.
const COLUMN: u32 = 100;

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let walk = brought().and_then(|numbers| Scene::of_numbers(&numbers)).unwrap_or_else(scene);
    let probes = walk.probes();
    let walk = StoredValue::new(walk);
    let probe = RwSignal::new(PROBE);
    let seen = Memo::new(move |_| walk.read_value().seen(probe.get()));
    let to_the_end =
        button(t::to_the_end(lang), move || probe.get() < probes, move || probe.set(probes));
    let valuetext = move || {
        t::probe_of(lang, thousands(probe.get()), thousands(probes), thousands(seen.get().port))
    };
    let slider = move || {
        view! {
            <input
                type="range"
                min="1"
                max=probes
                step="1"
                autocomplete="off"
                aria-label=t::probe(lang)
                aria-valuetext=live(valuetext)
                prop:value=live(move || probe.get().to_string())
                value=PROBE
                on:input=heard(move |event| {
                    if let Ok(i) = event_target_value(&event).parse::<u32>() {
                        probe.set(i.clamp(1, probes));
                    }
                })
            />
        }
        .into_any()
    };
    picture(Parts {
        lang,
        links,
        controls: view! { <p class="probe" aria-hidden="true">{live(valuetext)}</p> {to_the_end} }
            .into_any(),
        scene: part(move || {
            view! {
                <div class="unrolled">
                    {walk.with_value(|walk| drawing(lang, walk, probe))}
                    {slider()}
                </div>
                {part(move || counts(lang, &seen.read(), probes))}
            }
        }),
        said: Box::new(move || said(lang, probe.get(), probes, &seen.read())),
        reset: Box::new(move || probe.set(PROBE)),
        saved: Box::new(move || Some(saved(probe.get()))),
    })
}

/// A bar for each column that has probes with this reason, upwards from the bottom, or downwards
/// from the top.
fn bars(scene: &Scene, of: Reason, down: bool) -> String {
    let mut counts = vec![0; (scene.probes() / COLUMN + 1) as usize];
    let mut i = 0;
    for &(reason, probes) in &scene.runs {
        if reason == of {
            (i..i + probes).for_each(|i| counts[(i / COLUMN) as usize] += 1);
        }
        i += probes;
    }
    let mut path = String::new();
    for (column, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let x = column as u32 * COLUMN;
        path += &match down {
            true => format!("M{x} 0h{COLUMN}v{count}h-{COLUMN}z"),
            false => format!("M{x} {COLUMN}h{COLUMN}v-{count}h-{COLUMN}z"),
        };
    }
    path
}

/// The walk from its first probe to its last: what it has not reached lies under a veil.
fn drawing(lang: Lang, scene: &Scene, probe: RwSignal<u32>) -> AnyView {
    let probes = scene.probes();
    let wrap = scene.wrap();
    let numbers = cfg!(feature = "ssr").then(|| written::write(&scene.numbers()));
    let place = |i: u32| {
        let thousandths = i * 1000 / probes.max(1);
        format!("{}.{}%", thousandths / 10, thousandths % 10)
    };
    let port = |i: u32| thousands(scene.port(i));
    view! {
        <svg class="strip" role="img" aria-label=t::walk_image(lang, thousands(probes)) data-scene=numbers>
            <svg width="100%" height="100%" viewBox=format!("0 0 {probes} {COLUMN}") preserveAspectRatio="none">
                <rect class="fill-tw-2" width=probes height=COLUMN></rect>
                <path class="fill-live" d=bars(scene, Reason::Live, false)></path>
                <path class="fill-bind" d=bars(scene, Reason::Bind, true)></path>
                <rect
                    class="veil"
                    x=live(move || probe.get())
                    width=live(move || probes - probe.get())
                    height=COLUMN
                ></rect>
            </svg>
            <line class="wrap" x1=place(wrap) x2=place(wrap) y1="-8" y2="100%"></line>
            <text class="axis" x="0" y="-10">{port(1)}</text>
            <text class="axis" x=place(wrap) y="-10" text-anchor="end">
                {format!("{} | {}", port(wrap), port(wrap + 1))}
            </text>
        </svg>
    }
    .into_any()
}

/// How many ports were refused for which reason, and how many are still to come.
fn counts(lang: Lang, seen: &ProbeSeen, probes: u32) -> AnyView {
    let all: u32 = seen.counts.iter().sum();
    let [timewait, live, bind] = seen.counts;
    let rows = [
        ("cell mark tw half", "fill-tw-2", t::refused_timewait(lang), timewait),
        ("cell mark live", "fill-live", t::refused_live(lang), live),
        ("cell mark bind", "fill-bind", t::refused_bind(lang), bind),
        ("cell mark free", "", t::not_looked_at(lang), probes - all),
    ];
    let row = |(sign, fill, word, count): (&'static str, &'static str, &'static str, u32)| {
        view! {
            <tr>
                <th scope="row"><span class=sign></span>{word}</th>
                <td class="n">{thousands(count)}</td>
                <td class="part">
                    <svg aria-hidden="true" viewBox=format!("0 0 {probes} 1") preserveAspectRatio="none">
                        <rect class=fill width=if fill.is_empty() { 0 } else { count } height="1"></rect>
                    </svg>
                </td>
            </tr>
        }
    };
    let result = match all == probes {
        false => view! { <p class="result">"connect() …"</p> }.into_any(),
        true => view! {
            <p class="result failed">
                {icon(Icon::No)} "connect() = -1 EADDRNOTAVAIL"
            </p>
        }
        .into_any(),
    };
    view! {
        <table class="refusals">
            <caption class="vh">{t::reasons(lang)}</caption>
            <tbody>{rows.into_iter().map(row).listed()}</tbody>
        </table>
        {result}
    }
    .into_any()
}

fn said(lang: Lang, probe: u32, probes: u32, seen: &ProbeSeen) -> String {
    if probe == probes {
        return t::all_refused(lang, thousands(probes));
    }
    let why = match seen.reason {
        Reason::Timewait => t::because_timewait(lang),
        Reason::Live => t::because_live(lang),
        Reason::Bind => t::because_bind(lang),
    };
    t::one_refused(lang, thousands(probe), thousands(seen.port), why)
}
