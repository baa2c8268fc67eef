//! The offer to put a part of the site into somebody else's page, and what is offered.

use super::story;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Embedded, Links, Page};
use crate::text::{lab as lab_text, notice as t};
use leptos::prelude::*;

/// The widest that a frame is asked to be, and how high one is until it tells its height.
pub const SIZE: [u32; 2] = [720, 620];

/// What is embedded, in words: the title of its frame.
pub fn title(what: Embedded, lang: Lang) -> String {
    match what {
        Embedded::Lab => lab_text::heading(lang).to_owned(),
        Embedded::Picture(picture) => story::caption(picture, lang),
    }
}

/// Offers the lines that put this into somebody else's page; its script knows the addresses.
pub fn offer(lang: Lang, links: &Links, what: Embedded) -> AnyView {
    let [width, height] = SIZE;
    view! {
        <details
            class="embed-this"
            data-embed=links.to(Page::Embed(what))
            data-script=format!("{}embed.js", links.base())
            data-title=title(what, lang)
            data-width=width
            data-height=height
        >
            <summary class="tb" title=t::embed_lead(lang)>
                {icon(Icon::Embed)}
                <span class="name">{t::embed(lang)}</span>
            </summary>
            // Made when it is opened: every text area of a page holds its first painting up.
            <template>
                <div>
                    <p class="hint">{t::embed_lead(lang)}</p>
                    <textarea class="mono" rows="7" readonly spellcheck="false" aria-label=t::embed_lines(lang)></textarea>
                    <button class="btn" type="button" data-take=t::taken(lang) data-selected=t::selected(lang)>
                        {icon(Icon::Copy)}
                        <span role="status">{t::take(lang)}</span>
                    </button>
                </div>
            </template>
        </details>
    }
    .into_any()
}
