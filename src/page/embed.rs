//! What stands in somebody else's page, at `/embed/…`: a picture of the story or the lab, without
//! the site's frame; and what invites to it.

use super::Here;
use super::notice::{Missing, Notices};
use super::shell::BrandMark;
use super::{lab, story};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Embedded, Links, Page};
use crate::text::{lab as lab_text, notice as t, picture, shell};
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

#[component]
pub fn Embed() -> impl IntoView {
    let Here { lang, page, links } = Here::current();
    let Some(Page::Embed(what)) = page else { return ().into_any() };
    // Where none of its files may be used there is no style: a dialog looks like one without.
    let own = links.to(Page::Embed(what));
    let heading = view! {
        <dialog class="unstyled" open>
            <p>{t::no_style(lang)}</p>
            <a href=own>{t::by_itself(lang)}</a>
        </dialog>
        <Missing />
        <h1 class="vh">{title(what, lang)}</h1>
    };
    match what {
        Embedded::Lab => {
            let to_lab = links.to(Page::Lab);
            view! {
                <main class="embed" id="main">
                    <Notices lab=to_lab.clone() />
                    {heading}
                    {lab::live_part(lang, links)}
                    <Last>
                        <a class="go" href=to_lab data-open>
                            {picture::in_the_lab(lang)}
                            {icon(Icon::Arrow)}
                        </a>
                    </Last>
                </main>
            }
            .into_any()
        }
        Embedded::Picture(picture) => {
            let chapter = format!("{}#picture-{}", links.to(Page::Story), picture.name());
            view! {
                <main class="embed" id="main">
                    <Notices />
                    {heading}
                    <figure class=format!("picture {}", picture.name())>
                        <div class="live-part notranslate" translate="no" data-live=picture.name() data-base=links.base().to_owned()>
                            {picture.view(lang, &links)}
                        </div>
                    </figure>
                    <Last>
                        <a class="go" href=chapter>
                            {t::read_on(lang)}
                            {icon(Icon::Arrow)}
                        </a>
                    </Last>
                </main>
            }
            .into_any()
        }
    }
}

/// Where all this comes from, and `children`: the way there.
#[component]
fn Last(children: Children) -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    view! {
        <footer class="last">
            <a class="brand" href=links.to(Page::Story)>
                <BrandMark />
                {shell::brand(lang)}
            </a>
            <span class="hint">{shell::kernel(lang)}</span>
            {children()}
        </footer>
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
