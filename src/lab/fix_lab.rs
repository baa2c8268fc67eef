//! The Fix lab: what can be done about the act that failed, each change tried on a copy of this
//! machine. What doesn't help is folded away, with what is in its way.

use error99_replay::ERROR_99;
use error99_replay::fix::{Change, Fix, Outcome};
use error99_replay::hand::Deed;
use error99_replay::hold::Hold;
use error99_replay::obstacle::{Obstacle, WhyNot};
use leptos::prelude::*;

use super::amounts::{duration, error_name};
use super::state::Lab;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::verdict as t;
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::rich::Rich;

/// The region "Fix lab".
#[component]
pub fn FixLab(lang: Lang, lab: Lab) -> impl IntoView {
    // Which rows are folded away; they change places only when that changes.
    let folded = Memo::new(move |_| {
        let (fixes, holds) = (lab.fixes.get(), lab.holds.read());
        let fold = |(at, fix)| in_vain(fix, holds.get(at).copied());
        fixes.iter().enumerate().map(fold).collect::<Vec<bool>>()
    });
    let rows = move |wanted: bool| {
        let fixes = lab.fixes.get();
        let folded = folded.read();
        let rows = folded.iter().zip(fixes.iter()).enumerate();
        let rows = rows.filter(|(_, (folded, _))| **folded == wanted);
        rows.map(|(at, (_, fix))| row(lang, lab, at, *fix, wanted)).listed()
    };
    let in_vain = move || folded.read().iter().filter(|folded| **folded).count();
    let summary = move || match in_vain() {
        1 => t::one_tried_in_vain(lang).to_owned(),
        count => t::tried_in_vain(lang, count),
    };
    let busy = move || lab.fixes.read().is_empty().to_string();
    view! {
        <section class="fix" aria-label=t::fix_lab(lang)>
            <h2 class="h">{t::fix_lab(lang)} " " <span class="hint">{t::fix_lead(lang)}</span></h2>
            <table class="fixes">
                {head(lang, lab)} <tbody aria-busy=live(busy)>{part(move || rows(false))}</tbody>
            </table>
            <details class="more" hidden=live(move || in_vain() == 0)>
                <summary>{part(summary)}</summary>
                <table class="fixes">{head(lang, lab)} <tbody>{part(move || rows(true))}</tbody></table>
            </details>
            <p class="hint also">
                <Rich text=t::also(lang) /> " "
                {part(move || lab.load_rate.get().map(|_| t::from_start_means(lang)))}
            </p>
        </section>
    }
    .into_any()
}

/// Whether a change is tried in vain: the act fails again, and the load doesn't hold either, as far
/// as there is one. What could still hold, is not yet.
fn in_vain(fix: &Fix, hold: Option<Option<Hold>>) -> bool {
    let late = fix.change.from_start() && matches!(hold, Some(None | Some(Hold::Holds)));
    !matches!(fix.outcome, Outcome::Port { .. }) && !late
}

fn head(lang: Lang, lab: Lab) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">{t::col_change(lang)}</th>
                <th scope="col">{t::col_outcome(lang)}</th>
                {part(move || lab.load_rate.get().map(|rate| view! {
                    <th scope="col">{t::col_hold(lang, thousands(rate))}</th>
                }))}
                <th scope="col">{t::col_cost(lang)}</th>
                <th scope="col"><span class="vh">{t::col_try(lang)}</span></th>
            </tr>
        </thead>
    }
}

/// A row; of one that is folded away it's said what is in its way.
fn row(lang: Lang, lab: Lab, at: usize, fix: Fix, folded: bool) -> impl IntoView {
    let Fix { change, outcome, obstacle } = fix;
    let (name, cost) = words(lang, change);
    let command = change.command();
    let typed = command.clone().map(|command| {
        view! {
            <span class="cmd">
                <code>{command}</code>
                <button
                    class="tb"
                    type="button"
                    data-take=t::copied(lang)
                    data-selected=t::selected(lang)
                    aria-label=t::copy(lang)
                >
                    {icon(Icon::Copy)}
                    <span role="status"></span>
                </button>
            </span>
        }
    });
    let done = match change {
        Change::NoBind => Some(t::no_bind_do(lang).to_owned()),
        Change::BindAny { addr } => Some(t::bind_any_do(lang, addr)),
        Change::ReuseAddr => Some(t::reuse_addr_do(lang).to_owned()),
        Change::OtherAddress { dst } => Some(t::other_address_do(lang, dst)),
        Change::OtherPort { dport } => Some(t::other_port_do(lang, dport)),
        Change::OtherSource { addr } => Some(t::other_source_do(lang, addr)),
        Change::NoPort { addr } => Some(t::no_port_do(lang, addr)),
        Change::Share { addr } => Some(t::share_do(lang, addr)),
        Change::Window { low, high } => Some(t::window_do(lang, thousands(low), thousands(high))),
        Change::KeepAlive { requests } => Some(t::keep_alive_do(lang, requests)),
        Change::ServerCloses => Some(t::server_closes_do(lang).to_owned()),
        _ => None,
    };
    let done = done.map(|text| view! { <span class="cmd">{text}</span> });
    let works = matches!(outcome, Outcome::Port { .. });
    let result = match outcome {
        Outcome::Port { port, probe } => {
            let found = match probe {
                0 => t::bound(lang).to_owned(),
                _ => t::at_probe(lang, thousands(probe)),
            };
            view! {
                {icon(Icon::Yes)} <b>{t::gets_port(lang, thousands(port))}</b> " "
                <small>{found}</small>
            }
            .into_any()
        }
        Outcome::Fails(ERROR_99) => {
            view! { {icon(Icon::No)} <b>{t::still_99(lang)}</b> }.into_any()
        }
        Outcome::Fails(ret) => view! { {icon(Icon::No)} <b>{error_name(lang, ret)}</b> }.into_any(),
        Outcome::BindFails(ret) => {
            let name = error_name(lang, ret);
            view! { {icon(Icon::No)} <b>{t::bind_fails(lang, name)}</b> }.into_any()
        }
    };
    let reason = obstacle.filter(|_| folded).map(|obstacle| {
        view! { <Rich text=in_the_way(lang, obstacle) /> " " }
    });
    view! {
        <tr data-row=at>
            <td>{name} {typed} {done}</td>
            <td class="out" class:ok=works class:ko=!works>{result}</td>
            {part(move || lab.load_rate.get().map(|_| view! { <td class="lasts">{hold(lang, lab, at, change, works)}</td> }))}
            <td class="why">{reason} <Rich text=cost /></td>
            <td class="try">
                <button
                    class="btn"
                    type="button"
                    aria-label=format!("{}: {name}", t::try_it(lang))
                    on:click=heard(move |_| lab.wish(Deed::Try(change)))
                >
                    {t::try_it(lang)}
                </button>
            </td>
        </tr>
    }
}

/// What is in the way of the act, in a sentence.
fn in_the_way(lang: Lang, Obstacle { why, ports }: Obstacle) -> String {
    let why = match why {
        WhyNot::Bind => t::why_bind(lang),
        WhyNot::Live => t::why_live(lang),
        WhyNot::NoStamp => t::why_timewait_no_stamp(lang),
        WhyNot::ReuseOff => t::why_timewait_reuse_off(lang),
        WhyNot::LoopbackOnly => t::why_timewait_loopback_only(lang),
        WhyNot::HalfClosed => t::why_half_closed(lang),
        WhyNot::TooYoung => t::why_timewait_too_young(lang),
        WhyNot::TooEarly => t::why_timewait_too_early(lang),
        WhyNot::Reserved => t::why_reserved(lang),
        WhyNot::Owner => t::why_owner(lang),
    };
    match ports {
        Some(1) => t::one_in_the_way(lang, why),
        Some(ports) => t::in_the_way(lang, thousands(ports), why),
        None => t::in_its_way(lang, why),
    }
}

/// Whether a change holds, as far as that is known.
fn hold(lang: Lang, lab: Lab, at: usize, change: Change, works: bool) -> impl IntoView {
    let half = works
        && matches!(
            change,
            Change::OtherAddress { .. }
                | Change::OtherPort { .. }
                | Change::OtherSource { .. }
                | Change::NoPort { .. }
        );
    let after = move |ms| duration(lang, ms).replace(' ', "\u{a0}");
    move || {
        let Some(hold) = lab.holds.read().get(at).copied().flatten() else {
            return "…".into_any();
        };
        let (sign, text) = match (hold, change.from_start()) {
            (Hold::Holds, false) => (Icon::Yes, t::holds(lang).to_owned()),
            (Hold::Holds, true) => (Icon::Yes, t::holds_from_start(lang).to_owned()),
            (Hold::Fails { after_ms: 0..1_000 }, false) if half => {
                return view! {
                    {icon(Icon::Yes)} {t::this_call(lang)} <br /> {icon(Icon::No)}
                    {t::half_of_the_next(lang)}
                }
                .into_any();
            }
            (Hold::Fails { after_ms: 0..1_000 }, false) => {
                (Icon::No, t::fails_at_once(lang).to_owned())
            }
            (Hold::Fails { after_ms }, false) => (Icon::No, t::fails_after(lang, after(after_ms))),
            (Hold::Fails { after_ms }, true) => {
                (Icon::No, t::fails_from_start(lang, after(after_ms)))
            }
            (Hold::Unknown { after_ms }, _) => (Icon::Yes, t::fine_so_far(lang, after(after_ms))),
        };
        view! { {icon(sign)} {text} }.into_any()
    }
}

/// Name and price of a change.
fn words(lang: Lang, change: Change) -> (&'static str, &'static str) {
    match change {
        Change::NoBind => (t::no_bind(lang), t::no_bind_cost(lang)),
        Change::BindAny { .. } => (t::bind_any(lang), t::bind_any_cost(lang)),
        Change::ReuseAddr => (t::reuse_addr(lang), t::reuse_addr_cost(lang)),
        Change::TwReuse => (t::tw_reuse(lang), t::tw_reuse_cost(lang)),
        Change::Widen { .. } => (t::widen(lang), t::widen_cost(lang)),
        Change::Widest => (t::widest(lang), t::widest_cost(lang)),
        Change::OtherAddress { .. } => (t::other_address(lang), t::other_address_cost(lang)),
        Change::OtherPort { .. } => (t::other_port(lang), t::other_port_cost(lang)),
        Change::Wait { ms: Some(_) } => (t::wait(lang), t::wait_cost(lang)),
        Change::Wait { ms: None } => (t::wait(lang), t::wait_never(lang)),
        Change::Timestamps => (t::timestamps(lang), t::timestamps_cost(lang)),
        Change::FinTimeout => (t::fin_timeout(lang), t::fin_timeout_cost(lang)),
        Change::OtherSource { .. } => (t::other_source(lang), t::other_source_cost(lang)),
        Change::NoPort { .. } => (t::no_port(lang), t::no_port_cost(lang)),
        Change::Share { .. } => (t::share(lang), t::share_cost(lang)),
        Change::Window { .. } => (t::window(lang), t::window_cost(lang)),
        Change::Unreserve => (t::unreserve(lang), t::unreserve_cost(lang)),
        Change::ReuseSooner => (t::reuse_sooner(lang), t::reuse_sooner_cost(lang)),
        Change::TimestampsAndReuse => {
            (t::timestamps_and_reuse(lang), t::timestamps_and_reuse_cost(lang))
        }
        Change::ServerCloses => (t::server_closes(lang), t::server_closes_cost(lang)),
        Change::KeepAlive { .. } => (t::keep_alive(lang), t::keep_alive_cost(lang)),
        Change::TwRecycle => (t::tw_recycle(lang), t::tw_recycle_cost(lang)),
        Change::FewerTimewaits => (t::fewer_timewaits(lang), t::fewer_timewaits_cost(lang)),
    }
}
