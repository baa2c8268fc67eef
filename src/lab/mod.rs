//! The laboratory: the whole machine at once.

use crate::lang::Lang;
use leptos::prelude::*;

/// The lab, from the machine's knobs to the terminal.
#[island]
pub fn Lab(lang: Lang) -> impl IntoView {
    let steps = RwSignal::new(0_u32);
    view! {
        <p class="lab-placeholder">
            <button class="btn" on:click=move |_| *steps.write() += 1>
                {crate::text::lab::heading(lang)}
                " "
                {steps}
            </button>
        </p>
    }
}
