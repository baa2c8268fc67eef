//! The verdict of a failed connect: every refused port counted by its reason, and the fixes,
//! each computed on a copy of this machine.

use std::sync::Arc;

use error99_kernel::Errno;
use error99_replay::fix::{Change, Fix, Outcome, errno};
use error99_replay::frame::{Frame, Ret, Tally};
use error99_replay::hold::Hold;
use leptos::prelude::*;

use super::amounts::{duration, number};
use super::browser;
use super::kept::{Kept, kept};
use super::live::{Listed, heard, live, part};
use super::rich::Rich;
use super::say::failed_99;
use super::state::{Lab, Wish};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::verdict as t;

/// Width of the bar in its own units, and the least that a reason gets of it.
const BAR: (f64, f64) = (836.0, 5.0);

/// The region "Verdict": the counts.
#[component]
pub fn Verdict(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let Kept { frame, .. } = kept(frame, failed_99);
    let body = move || frame.read().walk.as_ref().map(|walk| reasons(lang, walk.tally));
    view! { <section class="brk" aria-label=t::verdict(lang)>{part(body)}</section> }.into_any()
}

/// One reason: class of its sign, class of its bar, count, text.
type Reason = (&'static str, &'static str, u32, &'static str);

fn reasons(lang: Lang, tally: Tally) -> AnyView {
    let all: [Reason; 5] = [
        ("cell tw half mark", "b-tw", tally.reuse_off, t::why_timewait_reuse_off(lang)),
        ("cell tw half mark", "b-tw", tally.no_stamp, t::why_timewait_no_stamp(lang)),
        ("cell tw half mark", "b-tw", tally.too_young, t::why_timewait_too_young(lang)),
        ("cell live mark", "b-live", tally.live, t::why_live(lang)),
        ("cell bind mark", "b-bind", tally.bind, t::why_bind(lang)),
    ];
    let met: Vec<Reason> = all.into_iter().filter(|reason| reason.2 > 0).collect();
    let total = tally.refused().max(1);
    let items = met.iter().map(|&(sign, _, count, text)| {
        let permille = (u64::from(count) * 1000 + u64::from(total) / 2) / u64::from(total);
        let percent = format!("{}.{} %", permille / 10, permille % 10);
        view! {
            <li>
                <span class=sign></span>
                <b>{thousands(count)} <small>{percent}</small></b>
                <span class="t"><Rich text /></span>
            </li>
        }
    });
    let items = items.listed();
    view! {
        <svg viewBox="0 0 836 22" preserveAspectRatio="none" role="img" aria-label=t::reasons_image(lang)>
            <defs>
                <pattern id="bar-bind" width="5" height="5" patternUnits="userSpaceOnUse">
                    <rect class="b-bind-wash" width="5" height="5"></rect>
                    <path class="b-bind-nick" d="M0 5L5 0"></path>
                </pattern>
            </defs>
            {bars(&met, total)}
        </svg>
        <ol>{items}</ol>
    }
    .into_any()
}

fn bars(met: &[Reason], total: u32) -> Vec<AnyView> {
    let (whole, least) = BAR;
    let widths: Vec<f64> = met
        .iter()
        .map(|reason| (f64::from(reason.2) / f64::from(total) * whole).max(least))
        .collect();
    let scale = whole / widths.iter().sum::<f64>().max(1.0);
    let mut x = 0.0;
    met.iter()
        .zip(widths)
        .map(|(reason, width)| {
            let left = x;
            x += width * scale;
            let width = (width * scale - 2.0).max(1.0);
            let fill = (reason.1 == "b-bind").then_some("url(#bar-bind)");
            view! { <rect class=reason.1 x=number(left) width=number(width) height="22" fill=fill></rect> }
                .into_any()
        })
        .collect()
}

/// The region "Fix lab".
#[component]
pub fn FixLab(lang: Lang, lab: Lab) -> impl IntoView {
    let rows = move || {
        let fixes = lab.fixes.get();
        let rows = fixes.iter().enumerate().map(|(at, fix)| row(lang, lab, at, *fix));
        rows.listed()
    };
    view! {
        <section class="fix" aria-label=t::fix_lab(lang)>
            <h2 class="h">{t::fix_lab(lang)} " " <span class="hint">{t::fix_lead(lang)}</span></h2>
            <table class="fixes">
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
                <tbody aria-busy=live(move || lab.fixes.read().is_empty().to_string())>{part(rows)}</tbody>
            </table>
            <p class="hint also"><Rich text=t::also(lang) /></p>
        </section>
    }
    .into_any()
}

fn row(lang: Lang, lab: Lab, at: usize, Fix { change, outcome }: Fix) -> impl IntoView {
    let (name, cost) = words(lang, change);
    let command = change.command();
    let copied = RwSignal::new(false);
    let typed = command.clone().map(|command| {
        let text = command.clone();
        view! {
            <span class="cmd">
                <code>{command}</code>
                <button
                    class="tb"
                    type="button"
                    aria-label=live(move || if copied.get() { t::copied(lang) } else { t::copy(lang) })
                    on:click=heard(move |_| {
                        browser::copy(&text);
                        copied.set(true);
                    })
                >
                    {part(move || if copied.get() { icon(Icon::Yes).into_any() } else { icon(Icon::Copy).into_any() })}
                </button>
            </span>
        }
    });
    let done = match change {
        Change::OtherAddress { dst } => Some(t::other_address_do(lang, dst)),
        Change::OtherPort { dport } => Some(t::other_port_do(lang, dport)),
        Change::OtherSource { addr } => Some(t::other_source_do(lang, addr)),
        Change::KeepAlive { requests } => Some(t::keep_alive_do(lang, requests)),
        Change::ServerCloses => Some(t::server_closes_do(lang).to_owned()),
        _ => None,
    };
    let done = done.map(|text| view! { <span class="cmd">{text}</span> });
    let works = matches!(outcome, Outcome::Port { .. });
    let result = match outcome {
        Outcome::Port { port, probe } => view! {
            {icon(Icon::Yes)} <b>{t::gets_port(lang, thousands(port))}</b> " "
            <small>{t::at_probe(lang, thousands(probe))}</small>
        }
        .into_any(),
        Outcome::Fails(Ret::Errno(99)) => {
            view! { {icon(Icon::No)} <b>{t::still_99(lang)}</b> }.into_any()
        }
        Outcome::Fails(ret) => {
            let name = errno(ret).map_or("", Errno::name);
            view! { {icon(Icon::No)} <b>{name}</b> }.into_any()
        }
        Outcome::BindFails(ret) => {
            let name = errno(ret).map_or("", Errno::name);
            view! { {icon(Icon::No)} <b>{t::bind_fails(lang, name)}</b> }.into_any()
        }
    };
    view! {
        <tr>
            <td>{name} {typed} {done}</td>
            <td class="out" class:ok=works class:ko=!works>{result}</td>
            {part(move || lab.load_rate.get().map(|_| view! { <td class="lasts">{hold(lang, lab, at, change)}</td> }))}
            <td class="why"><Rich text=cost /></td>
            <td class="try">
                <button
                    class="btn"
                    type="button"
                    aria-label=format!("{}: {name}", t::try_it(lang))
                    on:click=heard(move |_| lab.wish(Wish::Try(change)))
                >
                    {t::try_it(lang)}
                </button>
            </td>
        </tr>
    }
}

/// Whether a change holds, as far as that is known.
fn hold(lang: Lang, lab: Lab, at: usize, change: Change) -> impl IntoView {
    move || match (lab.holds.read().get(at).copied().flatten(), change.from_start()) {
        (None, _) => "…".to_owned(),
        (Some(Hold::Holds), false) => t::holds(lang).to_owned(),
        (Some(Hold::Holds), true) => t::holds_from_start(lang).to_owned(),
        (Some(Hold::Fails { after_ms: 0..1_000 }), false) => t::fails_at_once(lang).to_owned(),
        (Some(Hold::Fails { after_ms }), false) => t::fails_after(lang, duration(lang, after_ms)),
        (Some(Hold::Fails { after_ms }), true) => {
            t::fails_from_start(lang, duration(lang, after_ms))
        }
    }
}

/// Name and price of a change.
fn words(lang: Lang, change: Change) -> (&'static str, &'static str) {
    match change {
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
        Change::TimestampsAndReuse => {
            (t::timestamps_and_reuse(lang), t::timestamps_and_reuse_cost(lang))
        }
        Change::ServerCloses => (t::server_closes(lang), t::server_closes_cost(lang)),
        Change::KeepAlive { .. } => (t::keep_alive(lang), t::keep_alive_cost(lang)),
        Change::TwRecycle => (t::tw_recycle(lang), t::tw_recycle_cost(lang)),
        Change::FewerTimewaits => (t::fewer_timewaits(lang), t::fewer_timewaits_cost(lang)),
    }
}
