//! The hook: a `connect()` that is failing right now, and one knob that heals it.
//!
//! Both outcomes are data, computed by the model before the page is written. The knob is a
//! checkbox, and the style sheet shows the outcome that belongs to it: it works at once.

use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::story as t;
use error99_replay::frame;
use leptos::prelude::*;

/// All that the hook shows, apart from the page of ports (its child).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookData {
    /// The call as strace prints it, up to the equals sign.
    pub call: String,
    /// With `tcp_tw_reuse` 0.
    pub off: Run,
    /// With `tcp_tw_reuse` 1, from the same moment.
    pub on: Run,
}

/// The call, run once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub outcome: Outcome,
    pub counts: Counts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Error 99: every port of the range was looked at.
    Failed { looked: u32, refused: u32 },
    /// A port in TIME_WAIT was taken over at probe `probes` (the first is 1).
    TookOver { port: u16, probes: u32, waited_s: u64 },
}

/// The ports of the range by state, after the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub time_wait: u32,
    pub live: u32,
    pub bind: u32,
    pub free: u32,
}

impl From<frame::Counts> for Counts {
    fn from(counts: frame::Counts) -> Counts {
        let frame::Counts { free, bind, live, shared, timewait } = counts;
        Counts { time_wait: timewait, live, bind, free: free + shared }
    }
}

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

fn outcome(lang: Lang, outcome: Outcome) -> impl IntoView {
    match outcome {
        Outcome::Failed { looked, refused } => view! {
            <span class="result failed">
                {icon(Icon::No)} <b>"= -1 EADDRNOTAVAIL"</b>
                " (Cannot assign requested address)"
                <span class="plain">
                    {t::refused_all(lang, thousands(looked), thousands(refused))}
                </span>
            </span>
        }
        .into_any(),
        Outcome::TookOver { port, probes, waited_s } => view! {
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

fn legend(lang: Lang, off: Counts, on: Counts) -> impl IntoView {
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
