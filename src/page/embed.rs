//! What stands in somebody else's page, at `/embed/…`: a picture of the story or the lab, without
//! the site's frame.

use super::Here;
use super::lab;
use super::notice::{Missing, Notices};
use super::offer::title;
use super::shell::BrandMark;
use crate::icon::{Icon, icon};
use crate::links::{Embedded, Page};
use crate::text::{notice as t, picture, shell};
use leptos::prelude::*;

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
                        {crate::picture::placed(picture, lang, &links)}
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
