//! The sheet "Export and import" of the lab. It is written with the page; `files.js` opens it,
//! and a worker with a program of its own makes and reads the files.

use super::Here;
use crate::files::FileKind;
use crate::icon::{Icon, icon};
use crate::text::number::thousands;
use crate::text::{files, notice as t};
use error99_export::scenario;
use leptos::prelude::*;

/// A row of the list: a file, what it is for, and the ways to take it.
struct Row {
    kind: FileKind,
    /// Name of the file.
    file: &'static str,
    /// Its media type.
    media: &'static str,
    title: &'static str,
    hint: &'static str,
    /// `save`, `copy` or `png`, as `files.js` knows them, and what stands on the button.
    ways: [(&'static str, &'static str); 2],
}

/// The button in the bar.
#[component]
pub fn Opener() -> impl IntoView {
    let lang = Here::current().lang;
    view! {
        <button class="tb" type="button" data-export aria-haspopup="dialog" aria-label=t::export(lang)>
            {icon(Icon::File)}
            <span class="name">{t::export(lang)}</span>
        </button>
    }
}

/// The sheet itself, closed.
#[component]
pub fn Sheet() -> impl IntoView {
    let lang = Here::current().lang;
    let text = [("save", t::save(lang)), ("copy", t::take(lang))];
    let rows = [
        Row {
            kind: FileKind::Scenario,
            file: "error99.json",
            media: "application/json",
            title: t::scenario(lang),
            hint: t::scenario_hint(lang),
            ways: text,
        },
        Row {
            kind: FileKind::Trace,
            file: "error99-call.jsonl",
            media: "application/jsonl",
            title: t::trace(lang),
            hint: t::trace_hint(lang),
            ways: text,
        },
        Row {
            kind: FileKind::Picture,
            file: "error99-ports.svg",
            media: "image/svg+xml",
            title: t::picture(lang),
            hint: t::picture_hint(lang),
            ways: [("save", "SVG"), ("png", "PNG")],
        },
        Row {
            kind: FileKind::Script,
            file: "error99.sh",
            media: "text/x-shellscript",
            title: t::script(lang),
            hint: t::script_hint(lang),
            ways: text,
        },
    ];
    let row = |Row { kind, file, media, title, hint, ways }: Row| {
        let way = |(how, words): (&'static str, &'static str)| {
            view! {
                <button
                    class="btn"
                    type="button"
                    data-file=kind.name()
                    data-how=how
                    data-name=file
                    data-media=media
                    aria-label=format!("{title}: {words}")
                >
                    {words}
                </button>
            }
        };
        view! {
            <li>
                <div>
                    <h3>{title}</h3>
                    <p class="hint">{hint}</p>
                </div>
                <div class="ways">{ways.into_iter().map(way).collect_view()}</div>
            </li>
        }
    };
    view! {
        <dialog
            class="sheet-over files"
            aria-labelledby="files-sheet"
            data-saved=t::saved(lang)
            data-copied=t::taken(lang)
            data-refused=t::clipboard_refused(lang)
            data-busy=t::still_at_work(lang)
            data-failed=t::no_export(lang)
            data-work=t::making(lang)
            data-most=scenario::TEXT_MAX.to_string()
            data-long=files::too_long(lang, thousands(scenario::TEXT_MAX as u32))
        >
            <header>
                <h2 id="files-sheet">{t::export_import(lang)}</h2>
                <button class="tb" type="button" data-close aria-label=t::close_sheet(lang)>
                    {icon(Icon::No)}
                </button>
            </header>
            <div class="scroll">
                <ul>{rows.map(row).collect_view()}</ul>
                <section class="import">
                    <h3>{t::import(lang)}</h3>
                    <p class="hint">{t::import_hint(lang)}</p>
                    <label class="btn">
                        <input type="file" accept=".json,application/json" class="vh" />
                        {t::choose_file(lang)}
                    </label>
                    <textarea class="mono" rows="3" spellcheck="false" autocomplete="off" aria-label=t::paste_here(lang) placeholder=t::paste_here(lang)></textarea>
                    <button class="btn" type="button" data-read>{t::open_it(lang)}</button>
                </section>
            </div>
            <p class="sheet-foot">
                <span data-said role="status"></span>
                <button class="btn" type="button" data-stop hidden>{t::stop_it(lang)}</button>
            </p>
        </dialog>
    }
}
