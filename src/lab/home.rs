//! The home of the client's destination in the rail, where it moves with the clock.

use error99_kernel::Home;
use leptos::prelude::*;

use super::amounts::exact;
use super::ring::ring;
use super::state::Lab;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::boxed::part;

/// The home in the rail, if it moves.
#[component]
pub fn HomeRow(lang: Lang, lab: Lab) -> impl IntoView {
    let home = Memo::new(move |_| lab.frame.read().home);
    part(move || home.get().map(|home| row(lang, home))).into_any()
}

fn row(lang: Lang, home: Home) -> impl IntoView {
    let moves = t::home_moves(lang, exact(lang, home.left_ms));
    let title = moves.clone();
    view! {
        <div class="row home" title=title>
            <span class="key" title=t::home_is(lang)>{t::home(lang)}</span>
            <span class="val">
                <svg width="16" height="16" aria-hidden="true">{ring(&home, (8.0, 8.0), 6.0)}</svg>
                {thousands(home.port)}
                <span class="vh">{moves}</span>
            </span>
        </div>
    }
}
