//! The page for addresses that lead nowhere. Hosts show it for any path and know no
//! language, so it speaks both.

use super::Here;
use super::shell::Shell;
use crate::lang::Lang;
use crate::links::Page;
use crate::text::shell as t;
use leptos::prelude::*;

#[component]
pub fn NotFound() -> impl IntoView {
    let links = Here::current().links;
    let in_language = move |lang: Lang| {
        let pages = Page::ALL.map(|page| {
            view! {
                <li>
                    <a href=links.to_in(page, lang)>{t::page_name(page, lang)}</a>
                </li>
            }
        });
        // The page's one main heading is the English one, in which language it is served.
        let title = match lang {
            Lang::En => view! { <h1>{t::not_found_title(lang)}</h1> }.into_any(),
            Lang::ZhCn => view! { <h2>{t::not_found_title(lang)}</h2> }.into_any(),
        };
        view! {
            <section lang=lang.tag()>
                {title} <p>{t::not_found_text(lang)}</p> <ul>{pages.collect_view()}</ul>
            </section>
        }
    };
    view! { <Shell class="not-found">{Lang::ALL.map(in_language).collect_view()}</Shell> }
}
