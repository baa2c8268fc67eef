//! The frame of every page: top bar, content, footer.

use super::Here;
use super::notice::Missing;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::Page;
use crate::text::shell as t;
use leptos::prelude::*;

/// The frame around `children`. `class` goes to `<main>`; `tools` stand at the end of the
/// top bar, for pages with tools of their own; the lab, which fills the window, goes
/// without a footer.
#[component]
pub fn Shell(
    #[prop(into)] class: String,
    #[prop(optional, into)] tools: Option<AnyView>,
    #[prop(default = true)] footer: bool,
    children: Children,
) -> impl IntoView {
    let Here { lang, links, page } = Here::current();
    let kernel = match page {
        Some(Page::Lab | Page::Compare | Page::Rules) => t::kernels(lang),
        _ => t::kernel(lang),
    };
    view! {
        <a class="skip" href="#main">{t::skip_to_content(lang)}</a>
        <header class="bar">
            <a class="brand" href=links.to(Page::Story) aria-label=t::brand(lang)>
                <BrandMark />
                <span>{t::brand(lang)}</span>
            </a>
            <span class="kernel-version">{kernel}</span>
            <nav class="nav wide" aria-label=t::main_navigation(lang)>
                <PageLinks />
            </nav>
            <div class="end">
                <LanguageLinks />
                <button class="tb" type="button" data-act="theme" aria-pressed="false" aria-label=t::dark_theme(lang)>
                    {icon(Icon::Theme)}
                </button>
                <button class="tb wide" type="button" data-act="present" aria-pressed="false">
                    {icon(Icon::Present)}
                    {t::present(lang)}
                </button>
                {tools}
                <details class="menu">
                    <summary class="tb" aria-label=t::menu(lang)>{icon(Icon::Menu)}</summary>
                    <nav aria-label=t::main_navigation(lang)>
                        <PageLinks />
                    </nav>
                </details>
            </div>
        </header>
        <Update />
        <Missing />
        <main id="main" class=class tabindex="-1">{children()}</main>
        {footer.then(|| view! { <Footer /> })}
    }
}

/// Where `offline.js` says that a new version has come.
#[component]
fn Update() -> impl IntoView {
    let lang = Here::current().lang;
    view! {
        <div class="update" role="status">
            <template>
                <p>
                    {t::new_version(lang)}
                    <button class="btn primary" type="button">{t::reload(lang)}</button>
                    <button class="btn" type="button">{t::later(lang)}</button>
                </p>
            </template>
        </div>
    }
}

/// The page of ports in nine cells, the last one refused.
#[component]
pub fn BrandMark() -> impl IntoView {
    let cells = (0..8).map(|cell| {
        let at = |place: u8| f32::from(place) * 6.5;
        view! { <rect x=at(cell % 3) y=at(cell / 3) width="5" height="5"></rect> }
    });
    view! {
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
            {cells.collect_view()} <path d="m13.6 13.6 3.8 3.8m0-3.8-3.8 3.8"></path>
        </svg>
    }
}

#[component]
fn PageLinks() -> impl IntoView {
    let Here { lang, page: here, links } = Here::current();
    Page::NAVIGATION
        .map(|page| {
            let current = (here == Some(page)).then_some("page");
            view! {
                <a href=links.to(page) aria-current=current>
                    {t::page_name(page, lang)}
                </a>
            }
        })
        .collect_view()
}

/// This page in each language; from a page that isn't there, the story.
#[component]
fn LanguageLinks() -> impl IntoView {
    let Here { lang: here, page, links } = Here::current();
    let page = page.unwrap_or(Page::Story);
    let link = |lang: Lang| {
        view! {
            <a
                href=links.to_in(page, lang)
                lang=lang.tag()
                hreflang=lang.tag()
                aria-current=(lang == here).then_some("true")
            >
                {lang.short_name()}
            </a>
        }
    };
    view! {
        <span class="languages" role="group" aria-label=t::language(here)>
            {Lang::ALL.map(link).collect_view()}
        </span>
    }
}

#[component]
fn Footer() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    view! {
        <footer class="foot">
            <p>{t::about(lang)}</p>
            <p>
                {t::licence(lang)}
                " "
                <a href=links.to(Page::Rules)>{t::rules(lang)}</a>
                " "
                <a href=links.to(Page::About)>{t::sources(lang)}</a>
            </p>
            <noscript>
                <p>{t::needs_script(lang)}</p>
            </noscript>
        </footer>
    }
}
