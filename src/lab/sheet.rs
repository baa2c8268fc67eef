//! Sheets over the laboratory: one dialog, and what can stand in it.

use leptos::html::{Button, Dialog};
use leptos::prelude::*;

use super::aside::loaded;
use super::state::{Lab, Sheet};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::sheet as t;
use crate::ui::boxed::{heard, keep, part};

fn title(sheet: Sheet, lang: Lang) -> &'static str {
    match sheet {
        Sheet::Keys => t::keys(lang),
        Sheet::Table => t::table(lang),
        Sheet::Shell => t::shell(lang),
        Sheet::Branches => t::branches(lang),
        Sheet::EveryKernel => t::every_kernel(lang),
    }
}

/// The dialog. Its content exists only while it is open.
#[component]
pub fn Sheets(lang: Lang, lab: Lab) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match lab.sheet.get() {
            Some(_) if !dialog.open() => drop(dialog.show_modal()),
            None => dialog.close(),
            _ => {}
        }
    });
    let content = move || {
        let sheet = lab.sheet.get()?;
        Some(loaded(lang, lab, move |part| (part.sheet)(lang, lab, sheet)))
    };
    let title = move || lab.sheet.get().map(|sheet| title(sheet, lang));
    view! {
        <dialog
            class="sheet-over"
            node_ref=dialog
            aria-labelledby="lab-sheet"
            on:close=heard(move |_| lab.sheet.set(None))
            // The lab's single keys don't act behind a sheet.
            on:keydown=heard(keep)
        >
            <header>
                <h2 id="lab-sheet">{part(title)}</h2>
                <button class="tb" type="button" aria-label=t::close_sheet(lang) on:click=heard(move |_| lab.sheet.set(None))>
                    {icon(Icon::No)}
                </button>
            </header>
            {part(content)}
        </dialog>
    }
    .into_any()
}

/// A button that opens a sheet.
#[component]
pub fn Opens(lab: Lab, sheet: Sheet, children: Children) -> impl IntoView {
    view! {
        <button class="link" type="button" aria-haspopup="dialog" on:click=heard(move |_| lab.open(sheet))>
            {children()}
        </button>
    }
    .into_any()
}

/// A button that copies a text made when it is pressed: `boot.js` takes it from the button.
#[component]
pub fn CopyText(lang: Lang, text: Callback<(), String>) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let make = move |_| {
        let Some(button) = button.get_untracked() else { return };
        let _ = button.dataset().set("text", &text.run(()));
    };
    view! {
        <button
            class="btn"
            type="button"
            node_ref=button
            data-take=t::copied(lang)
            data-selected=t::selected(lang)
            on:click=heard(make)
        >
            {icon(Icon::Copy)}
            <span role="status">{t::copy(lang)}</span>
        </button>
    }
    .into_any()
}
