//! What nobody sees before asking for it: the sheets, the Fix lab, and sockets one by one. In the
//! browser it's a part of the program of its own, which is loaded at the first sheet, the first call
//! that fails, or when the sockets are unfolded.

use leptos::prelude::*;

use super::branches::Branches;
use super::every_kernel::EveryKernel;
use super::fix_lab::FixLab;
use super::help::Help;
use super::port_table::PortTable;
use super::shell::Shell;
use super::sockets::Sockets;
use super::state::{Aside, Lab, Sheet};
use crate::lang::Lang;
use crate::text::sheet as t;
use crate::ui::boxed::part as shown;

/// What the part knows to do.
pub fn part() -> Aside {
    Aside {
        sheet,
        fix_lab: |lang, lab| view! { <FixLab lang lab /> }.into_any(),
        sockets: |lang, lab, unfolded, how| view! { <Sockets lang lab unfolded how /> }.into_any(),
        fixes: Lab::compute_fixes,
        compare: Lab::compare,
    }
}

fn sheet(lang: Lang, lab: Lab, sheet: Sheet) -> AnyView {
    match sheet {
        Sheet::Keys => view! { <Help lang lab /> }.into_any(),
        Sheet::Table => view! { <PortTable lang lab /> }.into_any(),
        Sheet::Shell => view! { <Shell lang lab /> }.into_any(),
        Sheet::Branches => view! { <Branches lang lab /> }.into_any(),
        Sheet::EveryKernel => view! { <EveryKernel lang lab /> }.into_any(),
    }
}

/// A view of the part, once it's there.
pub fn loaded(lang: Lang, lab: Lab, view: impl Fn(Aside) -> AnyView + Send + 'static) -> AnyView {
    let waiting = move || match lab.part_missed.get() {
        true => t::part_missed(lang),
        false => t::part_comes(lang),
    };
    shown(move || match lab.part.get() {
        Some(part) => view(part),
        None => view! { <p class="hint part" role="status">{shown(waiting)}</p> }.into_any(),
    })
    .into_any()
}
