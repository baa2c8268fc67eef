//! The story at `/`: the hook, the box for the engineer in a hurry, ten chapters with their
//! pictures, and the glossary. All of it is written when the site is built; the pictures wake
//! up in the browser.

mod chapters;
mod figures;
mod front;
mod glossary;
mod prose;
#[cfg(test)]
mod tests;

use super::Here;
use super::notice::Notices;
use super::shell::Shell;
use crate::hook::Hook;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::pictures::Picture;
use crate::text::story as t;
use crate::ui::port_page::PortPagePicture;
use chapters::CHAPTERS;
use figures::Figures;
use leptos::prelude::*;
use prose::{Prose, Written};

/// What a reader takes in, in a minute: words of English, characters of Chinese.
const PACE: [usize; 2] = [230, 420];

#[component]
pub fn Story() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let (data, page) = front::failing_machine();
    let figures = Figures::compute();
    let write = |source: chapters::Source| written(lang, &links, &figures, source);
    let hurry = write(chapters::HURRY);
    let chapters: Vec<(&str, Written)> =
        CHAPTERS.iter().map(|(name, source)| (*name, write(*source))).collect();
    let glossary = write(chapters::GLOSSARY);
    let minutes = reading_minutes(lang);
    view! {
        <Shell class="story">
            <Notices />
            <ChapterRail lang chapters=chapters.iter().map(|(name, written)| (*name, written.title.clone())).collect() />
            <header class="front">
                <p class="meta">
                    <span>{t::kind(lang)}</span>
                    <span>{t::kernel_version(lang)}</span>
                    <span>{t::minutes(lang, minutes)}</span>
                </p>
                <h1 lang="en">{t::title(lang)}</h1>
                <p class="dek">{t::dek(lang)}</p>
            </header>
            <Hook lang data>
                <PortPagePicture lang page />
            </Hook>
            <details class="hurry" id="at-3-am">
                <summary>
                    <h2>{hurry.title}</h2>
                    <span>{t::hurry_hint(lang)}</span>
                </summary>
                <div class="prose" inner_html=hurry.body></div>
            </details>
            <article class="article">
                {chapters.into_iter().enumerate().map(|(at, (name, written))| chapter(lang, at + 1, name, written)).collect_view()}
            </article>
            <section class="next">
                <p>{t::lab_text(lang)}</p>
                <div>
                    <a class="btn primary" href=links.to(Page::Lab)>
                        {t::into_the_lab(lang)}
                        {icon(Icon::Arrow)}
                    </a>
                    <a class="more" href=links.to(Page::Scenarios)>
                        {t::to_scenarios(lang)}
                    </a>
                </div>
            </section>
            {glossary::section(&glossary)}
        </Shell>
    }
}

fn chapter(lang: Lang, number: usize, name: &'static str, written: Written) -> impl IntoView {
    view! {
        <section class="chapter" id=name aria-labelledby=format!("{name}-title")>
            <p class="chapter-number">{t::chapter(lang, number)}</p>
            <h2 id=format!("{name}-title")>
                <a href=format!("#{name}") inner_html=written.title></a>
            </h2>
            <div class="prose" inner_html=written.body></div>
        </section>
    }
}

/// The chapters beside the text; a script marks the one that is being read.
#[component]
fn ChapterRail(lang: Lang, chapters: Vec<(&'static str, String)>) -> impl IntoView {
    let link = |(name, title): (&str, String)| {
        view! {
            <li>
                <a href=format!("#{name}") inner_html=title></a>
            </li>
        }
    };
    view! {
        <nav class="chapters" aria-label=t::chapters(lang)>
            <ol>{chapters.into_iter().map(link).collect_view()}</ol>
        </nav>
    }
}

/// A piece of prose as HTML.
///
/// # Panics
/// If it refers to something that isn't there; a test reads all of them.
fn written(lang: Lang, links: &Links, figures: &Figures, source: chapters::Source) -> Written {
    let written = Prose { lang, links, fact: &|name| figures.get(name) }.write(source.text(lang));
    assert!(written.faults.is_empty(), "{}: {:?}", written.title, written.faults);
    written
}

/// What a picture shows, in its caption's first words.
pub fn caption(picture: Picture, lang: Lang) -> String {
    let place = format!("](picture:{})", picture.name());
    let told = CHAPTERS.iter().find_map(|(_, source)| {
        let (before, _) = source.text(lang).split_once(&place)?;
        let (_, caption) = before.rsplit_once("![")?;
        caption.split(['.', '。', '{']).next()
    });
    told.unwrap_or(picture.name()).replace('`', "")
}

/// The page about the site.
pub fn about(lang: Lang, links: &Links) -> (String, String) {
    let Written { title, body, .. } = written(lang, links, &Figures::compute(), chapters::ABOUT);
    (title, body)
}

/// How long the chapters take to read, in whole minutes; notes, predictions and tables aside.
fn reading_minutes(lang: Lang) -> usize {
    let count = |text: &str| match lang {
        Lang::En => text.split_whitespace().count(),
        Lang::ZhCn => text.chars().filter(|char| *char > '\u{2e7f}').count(),
    };
    let lines = CHAPTERS.iter().flat_map(|(_, source)| source.text(lang).lines());
    let all: usize = lines.filter(|line| !line.starts_with(['>', '|', '!'])).map(count).sum();
    all.div_ceil(PACE[lang as usize])
}
