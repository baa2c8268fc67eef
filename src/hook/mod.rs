//! The hook: a `connect()` that is failing right now, and one knob that heals it.
//!
//! Both outcomes are data, computed by the model before the page is written. The knob is a
//! checkbox, and the style sheet shows the outcome that belongs to it: it works at once.

pub mod data;

use self::data::{HookCounts, HookData, HookOutcome};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::story as t;
use leptos::prelude::*;

/// The failing call with its knob. `children` is the page of ports, which stays plain HTML.
#[component]
pub fn Hook(lang: Lang, data: HookData, children: Children) -> impl IntoView {
    let HookData { call, off, on } = data;
    view! {
        <figure class="hook" aria-label=t::hook_label(lang)>
            <div class="hook-top">
                <p class="strace" aria-live="polite">
                    {call}
                    {outcome(lang, off.outcome)}
                    {outcome(lang, on.outcome)}
                </p>
                <label class="knob">
                    <span class="knob-name">
                        "tcp_tw_reuse" <small>{t::knob_hint(lang)}</small>
                    </span>
                    <input
                        class="switch"
                        type="checkbox"
                        role="switch"
                        autocomplete="off"
                        aria-label="tcp_tw_reuse"
                    />
                </label>
            </div>
            {legend(lang, off.counts, on.counts)}
            {children()}
        </figure>
    }
}

fn outcome(lang: Lang, outcome: HookOutcome) -> impl IntoView {
    match outcome {
        HookOutcome::Failed { looked, refused } => view! {
            <span class="result failed">
                {icon(Icon::No)} <b>"= -1 EADDRNOTAVAIL"</b>
                " (Cannot assign requested address)"
                <span class="plain">
                    {t::refused_all(lang, thousands(looked), thousands(refused))}
                </span>
            </span>
        }
        .into_any(),
        HookOutcome::TookOver { port, probes, waited_s } => view! {
            <span class="result took">
                {icon(Icon::Yes)} <b>"= 0"</b>
                <span class="plain">
                    {t::taken_over(lang, thousands(port), thousands(probes), waited_s)}
                </span>
            </span>
        }
        .into_any(),
    }
}

fn legend(lang: Lang, off: HookCounts, on: HookCounts) -> impl IntoView {
    view! {
        <ul class="legend">
            <li>
                <span class="cell mark tw half"></span>
                "TIME_WAIT "
                {count(off.time_wait, on.time_wait)}
            </li>
            <li>
                <span class="cell mark live"></span>
                {t::live(lang)}
                " "
                {count(off.live, on.live)}
            </li>
            <li>
                <span class="cell mark bind"></span>
                {t::owned_by(lang)}
                " "
                <code>"bind()"</code>
                " "
                {count(off.bind, on.bind)}
            </li>
            <li>
                <span class="cell mark free"></span>
                {t::free(lang)}
                " "
                {count(off.free, on.free)}
            </li>
        </ul>
    }
}

/// One count, or both when the knob changes it.
fn count(off: u32, on: u32) -> impl IntoView {
    if off == on {
        view! { <b>{thousands(off)}</b> }.into_any()
    } else {
        view! {
            <b class="if-failing">{thousands(off)}</b>
            <b class="if-healed">{thousands(on)}</b>
        }
        .into_any()
    }
}
