//! The list of keys.

use leptos::prelude::*;

use super::state::Lab;
use crate::lang::Lang;
use crate::text::sheet as t;
use crate::ui::boxed::{Listed, heard, live};

/// The keys, what each does, and whether they act.
#[component]
pub fn Help(lang: Lang, lab: Lab) -> impl IntoView {
    let keys: [(&[&str], &str); 9] = [
        (&["Space"], t::key_play(lang)),
        (&["←", "→"], t::key_step(lang)),
        (&["Shift + ←", "Shift + →"], t::key_probe(lang)),
        (&["Home", "End"], t::key_ends(lang)),
        (&["[", "]"], t::key_call(lang)),
        (&["e", "E"], t::key_error(lang)),
        (&["1", "…", "6"], t::key_speed(lang)),
        (&["?"], t::key_help(lang)),
        (&["← ↑ → ↓", "PgUp", "PgDn"], t::key_map(lang)),
    ];
    let row = |(keys, does): (&[&'static str], &'static str)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).listed();
        view! { <dt>{keys}</dt><dd>{does}</dd> }
    };
    view! {
        <p class="hint">{t::keys_lead(lang)}</p>
        <dl class="keys-list">{keys.map(row).into_iter().listed()}</dl>
        <label class="row">
            {t::keys_on(lang)}
            <input
                class="switch"
                type="checkbox"
                role="switch"
                prop:checked=live(move || lab.keys_on.get())
                on:change=heard(move |event| lab.keys_on.set(event_target_checked(&event)))
            />
        </label>
    }
    .into_any()
}
