//! Sixteen ports in a row: home, hint, start, and the probes of the next connect.

use error99_replay::frame::PortCell;
use error99_story::machine::Connects;
use error99_story::where_the_walk_starts::{RangePort, SERVERS, Scene, saved, scene};
use leptos::prelude::*;

use super::controls::connects;
use super::frame::{Parts, picture};
use super::ports::{legend, port};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::picture as t;
use crate::ui::boxed::{Listed, part};

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let controls = RwSignal::new(Connects::default());
    picture(Parts {
        lang,
        links,
        controls: connects(lang, "where-the-walk-starts", &SERVERS, controls),
        scene: part(move || row(lang, &scene(&controls.read()))),
        said: Box::new(move || said(lang, &controls.read())),
        reset: Box::new(move || controls.set(Connects::default())),
        saved: Box::new(move || Some(saved(&controls.read()))),
    })
}

/// The ports, lowest first, each with the probe that looks at it; above them the way from home to
/// the start, below them the way of the walk. A way is drawn port by port, so it may go on in
/// another row.
fn row(lang: Lang, scene: &Scene) -> AnyView {
    let ports = scene.places.len() as u32;
    let along = scene.hint % ports;
    let place = |place: &RangePort| {
        let from_home = (ports + u32::from(place.port) - u32::from(scene.home)) % ports;
        let hint = match from_home {
            _ if along == 0 => "",
            0 => "hint-from ",
            far if far < along => "hint-over ",
            far if far == along => "hint-to ",
            _ => "",
        };
        let walk = match place.probe {
            Some(i) if i == scene.probes => "walk-to ",
            Some(1) => "walk-from ",
            Some(_) => "walk-over ",
            None => "",
        };
        let begins = if place.probe == Some(1) { "start" } else { "" };
        let home = (from_home == 0).then(|| {
            view! {
                <span class="hint-word">{t::plus_hint(lang, scene.hint)}</span>
                <span class="home">{t::home(lang)}</span>
            }
        });
        view! {
            <li class=[hint, walk, begins].concat()>
                {port(place, scene.port == Some(place.port))} {home}
            </li>
        }
    };
    let class = if scene.wraps { "walked-row wraps" } else { "walked-row" };
    view! {
        <div class=class role="img" aria-label=t::walk_image(lang)>
            <ol class="port-row">{scene.places.iter().map(place).listed()}</ol>
            <p class="round">
                <span>{t::round_the_end(lang)}</span>
            </p>
        </div>
        {legend(lang, &[
            PortCell::Timewait(2),
            PortCell::Live,
            PortCell::Shared,
            PortCell::Bind,
            PortCell::Free,
        ])}
    }
    .into_any()
}

fn said(lang: Lang, controls: &Connects) -> String {
    let scene = scene(controls);
    let ports = scene.places.len() as u32;
    let mut out = match scene.last {
        Some((probes, Some(port))) => t::walk_took(lang, thousands(port), probes),
        Some((_, None)) => t::walk_took_none(lang).into(),
        None => String::new(),
    };
    let hint = match scene.hint / ports {
        0 => scene.hint.to_string(),
        rounds => t::rounds(lang, scene.hint, rounds, ports, scene.hint % ports),
    };
    let to = controls.to(&SERVERS);
    out += &t::walk_starts(lang, to, thousands(scene.home), hint, thousands(scene.start));
    out += &match (scene.port, scene.probes) {
        (Some(port), 1) => t::walk_takes_first(lang, thousands(port), scene.hint_after),
        (Some(port), probes) => {
            t::walk_takes(lang, probes - 1, probes, thousands(port), scene.hint_after)
        }
        (None, probes) => t::walk_fails(lang, probes),
    };
    out
}
