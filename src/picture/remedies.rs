//! Remedies in a table, one of them chosen and explained. All of it is written when the page is,
//! and the style sheet shows the explanation that belongs to the choice: no program is needed.

use error99_replay::fix::Outcome;
use error99_replay::hold::Hold;
use error99_replay::link;
use error99_story::remedies::{Remedy, Tried, rate, saved, tried};
use leptos::prelude::*;

use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::number::thousands;
use crate::text::{lab, picture, remedy as t, verdict};
use crate::ui::rich::Rich;

/// The table of `remedies`. `name` must be the picture's own.
pub fn table(
    lang: Lang,
    links: Links,
    name: &'static str,
    caption: &'static str,
    remedies: &[Remedy],
) -> AnyView {
    let tried = tried(remedies);
    let harms = remedies.iter().any(|remedy| harm(lang, *remedy).is_some());
    let rows: Vec<_> =
        tried.iter().enumerate().map(|(at, tried)| row(lang, name, at == 0, tried)).collect();
    let details: Vec<_> = tried.iter().map(|tried| detail(lang, tried)).collect();
    // A dialog's form, outside a dialog: Enter sends nothing.
    view! {
        <form class="remedies" method="dialog">
            <table class="scene">
                <caption class="vh">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{verdict::col_change(lang)}</th>
                        <th scope="col">{verdict::col_outcome(lang)}</th>
                        <th scope="col">{verdict::col_hold(lang, thousands(rate()))}</th>
                        {harms.then(|| view! { <th scope="col">{t::harm(lang)}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <div class="details" aria-live="polite">{details}</div>
            <div class="picture-foot">
                <button class="link" type="reset">{picture::reset(lang)}</button>
                <a class="link" href=links.with_machine(Page::Lab, &link::write(&saved()))>
                    {picture::in_the_lab(lang)}
                    {icon(Icon::Arrow)}
                </a>
            </div>
        </form>
    }
    .into_any()
}

/// A word with a tick or a cross before it.
fn judged(good: bool, text: String) -> AnyView {
    let sign = if good { Icon::Yes } else { Icon::No };
    view! { <td class:ok=good class:ko=!good>{icon(sign)} {text}</td> }.into_any()
}

fn row(lang: Lang, name: &'static str, chosen: bool, tried: &Tried) -> AnyView {
    let (gets, got) = match tried.outcome {
        Outcome::Port { port, probe } => {
            (true, t::gets_port(lang, thousands(port), thousands(probe)))
        }
        Outcome::BindFails(ret) => {
            (false, verdict::bind_fails(lang, ret.errno().map_or("", |errno| errno.name())))
        }
        Outcome::Fails(_) => (false, verdict::still_99(lang).to_owned()),
    };
    let (holds, held) = match (tried.hold, tried.from_start) {
        (Hold::Holds, false) => (true, verdict::holds(lang).to_owned()),
        (Hold::Holds, true) => (true, t::holds_from_start(lang).to_owned()),
        (Hold::Fails { after_ms: 0..1_000 }, _) => (false, verdict::fails_at_once(lang).to_owned()),
        (Hold::Unknown { after_ms }, _) => {
            let time = lab::seconds(lang, thousands(after_ms / 1000));
            (true, verdict::fine_so_far(lang, time))
        }
        (Hold::Fails { after_ms }, false) => (false, t::fails_after(lang, after_ms / 1000)),
        (Hold::Fails { after_ms }, true) => (false, t::fails_all_the_same(lang, after_ms / 1000)),
    };
    view! {
        <tr>
            <th scope="row">
                <label>
                    <input type="radio" name=name autocomplete="off" checked=chosen />
                    {words(lang, tried.remedy).0}
                </label>
            </th>
            {judged(gets, got)}
            {judged(holds, held)}
            {harm(lang, tried.remedy).map(|harm| view! { <td>{harm}</td> })}
        </tr>
    }
    .into_any()
}

fn detail(lang: Lang, tried: &Tried) -> AnyView {
    let (_, to_do, happens, price) = words(lang, tried.remedy);
    let to_do = match &tried.command {
        Some(command) => view! { <code>{command.clone()}</code> }.into_any(),
        None => view! { <Rich text=to_do /> }.into_any(),
    };
    view! {
        <div class="detail">
            <p class="to-do">{to_do}</p>
            <p><Rich text=happens /></p>
            <p><b>{t::price(lang)}</b> " " <Rich text=price /></p>
        </div>
    }
    .into_any()
}

/// The harm that a remedy does, in a word or two.
fn harm(lang: Lang, remedy: Remedy) -> Option<&'static str> {
    match remedy {
        Remedy::Recycle => Some(t::recycle_harm(lang)),
        Remedy::Linger => Some(t::linger_harm(lang)),
        Remedy::FewerTimewaits => Some(t::fewer_timewaits_harm(lang)),
        Remedy::FinTimeout | Remedy::Ulimit => Some(t::no_use(lang)),
        _ => None,
    }
}

/// Name of a remedy, what to do if it isn't a command, what happens, and the price.
fn words(lang: Lang, remedy: Remedy) -> (&'static str, &'static str, &'static str, &'static str) {
    match remedy {
        Remedy::Reuse => ("tcp_tw_reuse = 1", "", t::reuse(lang), verdict::tw_reuse_cost(lang)),
        Remedy::Wider => (verdict::widen(lang), "", t::wider(lang), verdict::widen_cost(lang)),
        Remedy::Widest => (verdict::widest(lang), "", t::widest(lang), verdict::widest_cost(lang)),
        Remedy::OtherAddress => (
            verdict::other_address(lang),
            t::other_address_do(lang),
            t::other_address(lang),
            t::other_address_price(lang),
        ),
        Remedy::OtherPort => (
            verdict::other_port(lang),
            t::other_port_do(lang),
            t::other_port(lang),
            t::other_port_price(lang),
        ),
        Remedy::OtherSource => (
            verdict::other_source(lang),
            t::other_source_do(lang),
            t::other_source(lang),
            t::other_source_price(lang),
        ),
        Remedy::Wait => (verdict::wait(lang), "", t::wait(lang), t::wait_price(lang)),
        Remedy::KeepAlive => (
            verdict::keep_alive(lang),
            t::keep_alive_do(lang),
            t::keep_alive(lang),
            t::keep_alive_price(lang),
        ),
        Remedy::ServerCloses => (
            verdict::server_closes(lang),
            t::server_closes_do(lang),
            t::server_closes(lang),
            t::server_closes_price(lang),
        ),
        Remedy::Recycle => ("tcp_tw_recycle = 1", "", t::recycle(lang), t::recycle_price(lang)),
        Remedy::Linger => {
            ("SO_LINGER 0", t::linger_do(lang), t::linger(lang), t::linger_price(lang))
        }
        Remedy::FewerTimewaits => (
            "tcp_max_tw_buckets = 4096",
            "",
            t::fewer_timewaits(lang),
            t::fewer_timewaits_price(lang),
        ),
        Remedy::FinTimeout => {
            ("tcp_fin_timeout = 10", "", t::fin_timeout(lang), t::fin_timeout_price(lang))
        }
        Remedy::Ulimit => ("ulimit -n", t::ulimit_do(lang), t::ulimit(lang), t::ulimit_price(lang)),
    }
}
