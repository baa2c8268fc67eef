//! A table of connections: three numbers of each are given, one is found.

use error99_kernel::Tuple;
use error99_story::four_numbers::{SERVERS, Scene, saved, scene};
use error99_story::machine::Connects;
use leptos::prelude::*;

use super::controls::connects;
use super::frame::{Parts, picture};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::picture as t;
use crate::ui::boxed::{Listed, part};

/// Connections that are shown; there is room for them from the beginning.
const ROWS: usize = 6;

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let controls = RwSignal::new(Connects::default());
    picture(Parts {
        lang,
        links,
        controls: connects(lang, "four-numbers", &SERVERS, controls),
        scene: part(move || table(lang, &scene(&controls.read()))),
        said: Box::new(move || said(lang, &scene(&controls.read()))),
        reset: Box::new(move || controls.set(Connects::default())),
        saved: Box::new(move || Some(saved(&controls.read()))),
    })
}

fn ports(scene: &Scene) -> u32 {
    u32::from(scene.range.1 - scene.range.0) + 1
}

fn table(lang: Lang, scene: &Scene) -> AnyView {
    let head = |(word, tag): (&'static str, &'static str)| {
        view! {
            <th scope="col">
                {word} " " <small>{tag}</small>
            </th>
        }
    };
    let (given, found) = (t::given(lang), t::found(lang));
    let heads = [
        (t::source_address(lang), given),
        (t::local_port(lang), found),
        (t::destination_address(lang), given),
        (t::destination_port(lang), given),
    ];
    let row = |at: usize| {
        let tuple = scene.connections.get(at);
        let number = |of: fn(&Tuple) -> String| tuple.map_or(String::new(), of);
        let new = at == 0 && scene.port.is_some();
        view! {
            <tr class=if new { "new" } else { "" }>
                <td>{number(|tuple| tuple.laddr.to_string())}</td>
                <td>{number(|tuple| tuple.lport.to_string())}</td>
                <td>{number(|tuple| tuple.faddr.to_string())}</td>
                <td>{number(|tuple| tuple.fport.to_string())}</td>
            </tr>
        }
    };
    let (low, high) = scene.range;
    let earlier = scene.connections.len().saturating_sub(ROWS);
    view! {
        <table class="four">
            <caption>
                {t::four_caption(lang, ports(scene), thousands(low), thousands(high))}
            </caption>
            <thead>
                <tr>{heads.into_iter().map(head).listed()}</tr>
            </thead>
            <tbody>{(0..ROWS).map(row).listed()}</tbody>
        </table>
        <p class="hint">{(earlier > 0).then(|| t::earlier(lang, earlier))}</p>
    }
    .into_any()
}

fn said(lang: Lang, scene: &Scene) -> String {
    let Some(port) = scene.port else { return t::four_none(lang, ports(scene), scene.to) };
    let mut out = t::four_found(lang, scene.to, thousands(port));
    if scene.shared {
        out += t::four_again(lang);
    }
    out
}
