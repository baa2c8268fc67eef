//! A port with its state and its probe, and what the states mean.

use error99_replay::frame::PortCell;
use error99_story::where_the_walk_starts::RangePort;
use leptos::prelude::*;

use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::picture as t;
use crate::ui::boxed::Listed;
use crate::ui::mark::cell_class;

/// A port before the connect, and the probe that looks at it: refused, unless it is `taken`.
pub fn port(place: &RangePort, taken: bool) -> AnyView {
    let end = |symbol| view! { <span class="end">{icon(symbol)}</span> };
    let number = place.probe.map(|i| if i == 1 { "i = 1".into() } else { i.to_string() });
    let class = if taken { "spot taken" } else { "spot" };
    view! {
        <span class="i">{number}</span>
        <span class=class>
            <span class=cell_class(place.cell)></span>
            {place.probe.map(|_| end(if taken { Icon::Yes } else { Icon::No }))}
        </span>
        <span class="p">{place.port}</span>
    }
    .into_any()
}

/// The words for the states.
pub fn legend(lang: Lang, cells: &[PortCell]) -> AnyView {
    let entry = |cell: &PortCell| {
        let word = match cell {
            PortCell::Timewait(_) => t::is_timewait(lang),
            PortCell::Live => t::is_live(lang),
            PortCell::Shared => t::is_shared(lang),
            PortCell::Bind => t::is_bind(lang),
            PortCell::Free => t::is_free(lang),
        };
        let class = [cell_class(*cell), " mark"].concat();
        view! {
            <li>
                <span class=class></span>
                {word}
            </li>
        }
    };
    view! { <ul class="legend">{cells.iter().map(entry).listed()}</ul> }.into_any()
}
