//! A call on its way down through the kernel's functions, and where it stops.

use error99_story::down_to_the_choice::{Controls, Flaw, Scene, Stage, saved, scene};
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
    let wrong = RwSignal::new(Controls::default().wrong);
    let controls = move || Controls { wrong: wrong.get() };
    let options = Flaw::ALL.iter().map(|wrong| word(lang, *wrong).into()).collect();
    let choice = pick("down-to-the-choice", t::what_is_wrong(lang), options, wrong);
    picture(Parts {
        lang,
        links,
        controls: view! {
            <span class="group many">
                <span class="what">{t::what_is_wrong(lang)}</span>
                {choice}
            </span>
        }
        .into_any(),
        scene: part(move || way(lang, &scene(controls()))),
        said: Box::new(move || said(lang, &scene(controls()))),
        reset: Box::new(move || wrong.set(Controls::default().wrong)),
        saved: Box::new(move || Some(saved(controls()))),
    })
}

fn word(lang: Lang, wrong: Flaw) -> &'static str {
    match wrong {
        Flaw::Nothing => t::wrong_nothing(lang),
        Flaw::Connected => t::wrong_connected(lang),
        Flaw::Short => t::wrong_short(lang),
        Flaw::Family => t::wrong_family(lang),
        Flaw::NoRoute => t::wrong_route(lang),
        Flaw::Multicast => t::wrong_multicast(lang),
        Flaw::RangeFull => t::wrong_full(lang),
    }
}

/// The kernel's function, and what it asks.
fn question(lang: Lang, step: Stage) -> (&'static str, &'static str) {
    match step {
        Stage::Socket => ("inet_stream_connect", t::asks_socket(lang)),
        Stage::Address => ("tcp_v4_connect", t::asks_address(lang)),
        Stage::Route => ("tcp_v4_connect", t::asks_route(lang)),
        Stage::Port => ("inet_hash_connect", t::asks_port(lang)),
        Stage::Syn => ("tcp_connect", t::asks_syn(lang)),
    }
}

fn way(lang: Lang, scene: &Scene) -> AnyView {
    let step = |step: &Stage| {
        let (function, asks) = question(lang, *step);
        let stops = *step == scene.last;
        let (class, symbol, end) = match scene.errno {
            Some(errno) if stops => ("stops", Icon::No, errno.name()),
            _ if *step > scene.last => ("ahead", Icon::Skipped, t::not_reached(lang)),
            _ => ("passed", Icon::Yes, t::passed(lang)),
        };
        view! {
            <li class=class>
                {icon(symbol)}
                <code>{function}</code>
                <span class="question">{asks}</span>
                <span class="end">{end}</span>
            </li>
        }
    };
    let family = if scene.family == 2 { "AF_INET" } else { "AF_INET6" };
    let result = match scene.errno {
        Some(errno) => ["-1 ", errno.name(), " (", errno.message(), ")"].concat(),
        None => "0".into(),
    };
    view! {
        <p class="call">
            <code>
                "connect(3, {" {family} ", " {scene.to.to_string()} "}, " {scene.addr_len} ") "
            </code>
            <code class=if scene.errno.is_some() { "failed" } else { "took" }>"= " {result}</code>
        </p>
        <ol class="steps">{Stage::ALL.iter().map(step).listed()}</ol>
    }
    .into_any()
}

fn said(lang: Lang, scene: &Scene) -> String {
    let Some(errno) = scene.errno else { return t::goes_through(lang, thousands(scene.port)) };
    match scene.last {
        Stage::Port => t::stops_at_port(lang, errno.name(), errno.code(), scene.probes),
        step => t::stops_early(lang, question(lang, step).0, errno.name(), errno.code()),
    }
}
