//! The order in which a kernel goes over the ports of a small range.

use error99_story::walks::{LOW, PortTurn, WalkWay, WayKind};
use leptos::prelude::*;

use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::later as t;
use crate::text::number::thousands;

/// A way of going over ports: three rows of turns, and what they mean.
pub fn way(lang: Lang, way: &WalkWay) -> AnyView {
    view! {
        <div class="way">
            {row(lang, t::walk_turns(lang), &way.walk)}
            {row(lang, t::odd_turns(lang), &way.odd)}
            {row(lang, t::handed_turns(lang), &way.handed_out)}
            <p class="said">{t::way_said(lang, manner(lang, way), costs(lang, way))}</p>
        </div>
    }
    .into_any()
}

/// What the marks of the rows mean.
pub fn legend(lang: Lang) -> AnyView {
    view! {
        <ul class="legend">
            <li><span class="turn mark first"></span>{t::first_pass(lang)}</li>
            <li><span class="turn mark second"></span>{t::second_pass(lang)}</li>
            <li><span class="turn mark never"></span>{t::never(lang)}</li>
        </ul>
    }
    .into_any()
}

fn row(lang: Lang, what: &'static str, turns: &[PortTurn]) -> AnyView {
    let turn = |(port, turn): (u16, &PortTurn)| {
        let (class, number) = match turn {
            Some((step, 1)) => ("turn first", step.to_string().into_any()),
            Some((step, _)) => ("turn second", step.to_string().into_any()),
            None => ("turn never", icon(Icon::No).into_any()),
        };
        view! { <li><span class=class>{number}</span><span class="p">{port}</span></li> }
    };
    let ports = (LOW..).zip(turns);
    view! {
        <div class="turns" role="img" aria-label=image(lang, what, turns)>
            <p class="what">{what}</p>
            <ul class="port-row">{ports.map(turn).collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// A row in words: its ports in the order of their turns.
fn image(lang: Lang, what: &str, turns: &[PortTurn]) -> String {
    let named = |ports: Vec<u16>| ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let ports = || (LOW..).zip(turns);
    let mut seen: Vec<(u32, u16)> =
        ports().filter_map(|(port, turn)| Some(((*turn)?.0, port))).collect();
    seen.sort_unstable();
    let never: Vec<u16> =
        ports().filter(|(_, turn)| turn.is_none()).map(|(port, _)| port).collect();
    let mut image = t::turns_image(lang, what, named(seen.iter().map(|(_, port)| *port).collect()));
    if !never.is_empty() {
        image += &t::turns_never(lang, named(never));
    }
    image
}

fn manner(lang: Lang, way: &WalkWay) -> &'static str {
    match way.manner() {
        WayKind::PortAfterPort => t::port_after_port(lang),
        WayKind::EverySecondHandedOut => t::every_second_handed_out(lang),
        WayKind::TwoPasses => t::two_passes(lang),
        WayKind::TwoPassesAtRandom => t::two_passes_at_random(lang),
    }
}

fn costs(lang: Lang, way: &WalkWay) -> String {
    let probes = |(least, most): (u32, u32)| match (least, most) {
        (1, 1) => t::one_probe(lang).to_owned(),
        _ if least == most => t::probes(lang, thousands(least)),
        _ => t::probes_between(lang, thousands(least), thousands(most)),
    };
    t::way_costs(lang, probes(way.half(false)), probes(way.half(true)), thousands(way.failing))
}
