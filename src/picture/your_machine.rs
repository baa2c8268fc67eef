//! The connections of a machine, counted for each destination, beside the size of the range.

use error99_story::Server;
use error99_story::your_machine::{Controls, Line, RATES, Scene, saved, scene};
use leptos::prelude::*;

use super::controls::pick;
use super::frame::{Parts, picture};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::picture as t;
use crate::ui::boxed::{Listed, part};

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let rate = RwSignal::new(Controls::default().rate);
    let controls = move || Controls { rate: rate.get() };
    let rates = RATES.map(|rate| t::per_second(lang, rate)).to_vec();
    let choice = pick("your-machine", t::rate(lang), rates, rate);
    picture(Parts {
        lang,
        links,
        controls: view! {
            <span class="group">
                <span class="what">{t::rate_to(lang, Server::FIRST)}</span>
                {choice}
            </span>
        }
        .into_any(),
        scene: part(move || table(lang, &scene(controls()))),
        said: Box::new(move || said(lang, &scene(controls()))),
        reset: Box::new(move || rate.set(Controls::default().rate)),
        saved: Box::new(move || Some(saved(controls()))),
    })
}

fn table(lang: Lang, scene: &Scene) -> AnyView {
    let row = |line: &Line| {
        let next = match line.next {
            Some(port) => view! {
                <td class="took">
                    {icon(Icon::Yes)}
                    {t::gets_port(lang, thousands(port))}
                </td>
            }
            .into_any(),
            None => view! {
                <td class="failed">
                    {icon(Icon::No)}
                    {t::error_99(lang)}
                </td>
            }
            .into_any(),
        };
        let waits = line.timewait > line.live;
        let mark = if waits { "cell tw half mark" } else { "cell live mark" };
        let pair = [scene.source.to_string(), line.to.to_string()].join(" -> ");
        view! {
            <tr>
                <td class="count">
                    <span class=mark></span>
                    {thousands(line.count())}
                </td>
                <td class="share">
                    <svg viewBox=["0 0 ", &scene.ports.to_string(), " 10"].concat() preserveAspectRatio="none" aria-hidden="true">
                        <rect class="fill-live" width=line.live height="10"></rect>
                        <rect class="fill-tw-2" x=line.live width=line.timewait height="10"></rect>
                    </svg>
                </td>
                <td class="ends">{pair}</td>
                {next}
            </tr>
        }
    };
    let head = |word: &'static str| view! { <th scope="col">{word}</th> };
    let heads = [
        t::count(lang),
        t::of_the_range(lang),
        t::source_and_destination(lang),
        t::next_connect(lang),
    ];
    view! {
        <table class="by-destination">
            <caption>{t::machine_caption(lang, thousands(scene.ports))}</caption>
            <thead>
                <tr>{heads.into_iter().map(head).listed()}</tr>
            </thead>
            <tbody>{scene.lines.iter().map(row).listed()}</tbody>
        </table>
        <ul class="legend">
            <li>
                <span class="cell tw half mark"></span>
                {t::is_timewait(lang)}
            </li>
            <li>
                <span class="cell live mark"></span>
                {t::alive(lang)}
            </li>
        </ul>
    }
    .into_any()
}

fn said(lang: Lang, scene: &Scene) -> String {
    let ports = thousands(scene.ports);
    match scene.lines.iter().find(|line| line.next.is_none()) {
        Some(line) => t::machine_fails(lang, scene.seconds, line.to, ports),
        None => {
            let first = scene.lines.iter().find(|line| line.to == Server::FIRST);
            let total: u32 = scene.lines.iter().map(Line::count).sum();
            let count = first.map_or(0, Line::count);
            t::machine_goes_on(lang, Server::FIRST, thousands(count), ports, thousands(total))
        }
    }
}
