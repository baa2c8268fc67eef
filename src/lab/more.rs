//! The rarer knobs of the machine, and the load generator: folded away until somebody asks for them.

use error99_kernel::{Addr, CloseHow, Mainline, Release, Sysctl, SysctlValue};
use error99_replay::hand::{Deed, connections};
use error99_replay::knob::{Lacking, lacking};
use error99_replay::load::{HOLD_MS_MAX, LoadClose, PER_SECOND_MAX};
use leptos::prelude::*;

use super::amounts::duration;
use super::kernel::Tick;
use super::rail::{Knobs, Sizes};
use super::state::Lab;
use super::typed::whole;
use crate::lang::Lang;
use crate::text::number::{plain, thousands};
use crate::text::{kernels, lab as t};
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::field::{Field, Message};
use crate::ui::rich::Rich;
use crate::ui::said::Said;

/// Sizes of the established hash that are offered.
const EHASH_SIZES: [u32; 3] = [16, 4_096, 65_536];
/// Longest run of the load generator, in seconds.
const LOAD_S_MAX: i64 = 600;

/// Sysctls that hold a number, and what else the machine has.
#[component]
pub fn MoreKnobs(lang: Lang, lab: Lab) -> impl IntoView {
    let source = Signal::derive(move || lab.frame.read().machine.source.to_string());
    let typed = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<Said>);
    let take_source = Callback::new(move |text: String| match plain(&text).parse::<Addr>() {
        Ok(addr) if !addr.is_any() && !addr.is_multicast() && !addr.is_broadcast() => {
            typed.set(None);
            said.set(None);
            lab.wish(Deed::Source(addr));
        }
        _ => said.set(Some(Said::Wrong(t::address_bad(lang, text.trim())))),
    });
    // Where the key stays for as long as the machine is up, there is none to draw.
    let release = lab.release();
    let keeps_key = move || !release.get().rules().changes_key();
    view! {
        <details class="more">
            <summary>{t::more_knobs(lang)}</summary>
            <Knobs lang lab front=false />
            <Tick lang lab />
            <div class="field">
                <span class="key" id="lab-ehash">{t::ehash_size(lang)}</span>
                <Sizes
                    labelled_by="lab-ehash"
                    sizes=EHASH_SIZES.to_vec()
                    size=Signal::derive(move || lab.frame.read().machine.ehash_size)
                    choose=Callback::new(move |size| lab.wish(Deed::EhashSize(size)))
                />
            </div>
            <div class="row">
                <span class="key">{t::source_address(lang)}</span>
                <Field
                    label=t::source_address(lang)
                    value=source
                    typed
                    wrong=Signal::derive(move || said.read().is_some())
                    described="lab-source-said"
                    commit=take_source
                    inputmode="text"
                />
            </div>
            <Message id="lab-source-said" said />
            <button class="btn" type="button" hidden=live(keeps_key) on:click=heard(move |_| lab.wish(Deed::Rekey))>
                {t::new_secret(lang)}
            </button>
            <Lacks lang lab of=lacking />
        </details>
    }
    .into_any()
}

/// What the machine's kernel lacks, and which versions have it: a line each.
#[component]
pub fn Lacks(lang: Lang, lab: Lab, of: fn(Release) -> Vec<Lacking>) -> impl IntoView {
    let release = lab.release();
    let line = move |(name, mainline): Lacking| {
        let words = match mainline {
            Mainline::Always => name.to_owned(),
            Mainline::Since(version) => kernels::since(lang, name, version),
            Mainline::Until(version) => kernels::until(lang, name, version),
        };
        view! { <li><Rich text=words /></li> }
    };
    let lines = move || of(release.get()).into_iter().map(line).listed();
    view! { <ul class="lacks hint" aria-label=kernels::lacking(lang)>{part(lines)}</ul> }.into_any()
}

/// A sysctl that holds a number within `limits`.
#[component]
pub fn NumberKnob(lang: Lang, lab: Lab, sysctl: Sysctl, limits: (i32, i32)) -> impl IntoView {
    let name = sysctl.name();
    let value = Signal::derive(move || lab.frame.read().machine.sysctls.one(sysctl).to_string());
    let typed = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<Said>);
    let commit = Callback::new(move |text: String| {
        match whole(lang, &text, limits.0.into()..=limits.1.into()) {
            Ok(number) => {
                typed.set(None);
                said.set(None);
                lab.wish(Deed::Sysctl(sysctl, SysctlValue::One(number as i32)));
            }
            Err(wrong) => said.set(Some(Said::Wrong(wrong))),
        }
    });
    view! {
        <div class="row number">
            <span class="key">{name}</span>
            <Field
                label=name
                value
                typed
                wrong=Signal::derive(move || said.read().is_some())
                described=name
                commit
            />
        </div>
        <Message id=name said />
    }
    .into_any()
}

/// The load generator: so many connections a second, for so long, each held for a while.
#[component]
pub fn LoadGenerator(lang: Lang, lab: Lab, #[prop(into)] how: Signal<CloseHow>) -> impl IntoView {
    let values = [RwSignal::new(100_i64), RwSignal::new(0), RwSignal::new(60)];
    let typed = [RwSignal::new(None::<String>), RwSignal::new(None), RwSignal::new(None)];
    let said = RwSignal::new(None::<Said>);
    let limits = [1..=i64::from(PER_SECOND_MAX), 0..=i64::from(HOLD_MS_MAX), 1..=LOAD_S_MAX];
    let names = [t::load_rate(lang), t::load_hold(lang), t::load_seconds(lang)];
    let fields = [0, 1, 2].map(|at| {
        let limits = limits[at].clone();
        let commit = Callback::new(move |text: String| match whole(lang, &text, limits.clone()) {
            Ok(number) => {
                values[at].set(number);
                typed[at].set(None);
                said.set(None);
            }
            Err(wrong) => said.set(Some(Said::Wrong(wrong))),
        });
        view! {
            <div class="row number">
                <span class="key">{names[at]}</span>
                <Field
                    label=names[at]
                    value=Signal::derive(move || values[at].get().to_string())
                    typed=typed[at]
                    wrong=Signal::derive(move || said.read().is_some() && typed[at].read().is_some())
                    described="lab-load-said"
                    commit
                />
            </div>
        }
    });
    let fewer = move || {
        let [rate, _, seconds] = values.map(|value| value.get());
        let most = connections(rate as u32, seconds as u32);
        let asked = rate.saturating_mul(seconds);
        (asked > most.into()).then(|| {
            let ends = duration(lang, u64::from(most) * 1_000 / rate as u64);
            t::load_at_most(lang, thousands(most), thousands(asked as u64), ends)
        })
    };
    let run = move |_| {
        let [rate, hold_ms, seconds] = values.map(|value| value.get_untracked());
        let close = match how.get_untracked() {
            CloseHow::Passive => LoadClose::Passive,
            CloseHow::Rst => LoadClose::Rst,
            _ => LoadClose::Active,
        };
        lab.wish(Deed::Load {
            per_second: rate as u32,
            hold_ms: hold_ms as u32,
            seconds: seconds as u32,
            close,
        });
    };
    view! {
        <details class="more">
            <summary>{t::load_generator(lang)}</summary>
            {fields.into_iter().listed()}
            <Message id="lab-load-said" said />
            <p class="hint">{part(fewer)}</p>
            <button class="btn" type="button" disabled=live(move || said.read().is_some()) on:click=heard(run)>
                {t::load_run(lang)}
            </button>
        </details>
    }
    .into_any()
}
