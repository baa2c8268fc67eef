//! Writes every page of the site as a file, and whatever is made of all of them. Trunk runs it
//! after each build, when the folder that it is about to publish holds the programs; it can run
//! again on a finished site, with other settings.

mod folder;
mod minify;
mod offline;
mod script;
mod single;

use error99::lang::Lang;
use error99::links::{Embedded, Page};
use error99::page::{
    self,
    document::{Asset, Document, Program},
};
use folder::Folder;
use script::{COPY, NOTICES, PageScript};
use std::env;
use std::process::ExitCode;

/// Style sheets that belong together, in the order in which they count. A page has one file of
/// them, for a reader on a slow line: the common ones, its own, and how it looks on paper.
type Sheets = &'static [&'static str];

const COMMON: Sheets = &[
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/base.css"),
    include_str!("../../../style/controls.css"),
    include_str!("../../../style/ports.css"),
    include_str!("../../../style/shell.css"),
];
const STORY: Sheets = &[
    include_str!("../../../style/story.css"),
    include_str!("../../../style/picture.css"),
    include_str!("../../../style/plot.css"),
    include_str!("../../../style/kernels.css"),
];
const LAB: Sheets =
    &[include_str!("../../../style/lab.css"), include_str!("../../../style/sheet.css")];
const COMPARE: Sheets = &[include_str!("../../../style/compare.css")];
const PAPER: Sheets = &[include_str!("../../../style/print.css")];

/// These sheets between the common ones and that for paper.
fn styles(own: &[Sheets]) -> Result<String, String> {
    minify::style(&[&[COMMON], own, &[PAPER]].concat().concat().concat())
}

/// Scripts that need no program, and what each is made of.
type Plain = (&'static str, &'static [&'static str]);

/// Runs before the first paint.
const EARLY: Plain = ("early", &[NOTICES, include_str!("../../browser/early.js")]);
/// For whoever reads prose.
const READER: Plain = ("reader", &[COPY, include_str!("../../browser/reader.js")]);
const OFFLINE: Plain = ("offline", &[include_str!("../../browser/offline.js")]);

fn plain(folder: &Folder, (name, parts): Plain) -> Result<Asset, String> {
    folder.once((name, "js"), || minify::script(&format!("{{\n{}}}\n", parts.concat())))
}

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).or_else(|| env::var_os("TRUNK_STAGING_DIR")) else {
        eprintln!("prerender: give the folder that Trunk built, or let Trunk run this");
        return ExitCode::FAILURE;
    };
    match write_site(&Folder::new(folder)) {
        Ok(pages) => {
            println!("prerender: {pages} pages");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("prerender: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_site(folder: &Folder) -> Result<usize, String> {
    page::init();
    let worker = script::WORKER.write(folder, None)?;
    let document = Document {
        early: plain(folder, EARLY)?,
        reader: plain(folder, READER)?,
        offline: plain(folder, OFFLINE)?,
        lab: program(folder, &script::LAB, Some(&worker), "style-lab", LAB)?,
        compare: program(folder, &script::COMPARE, None, "style-compare", COMPARE)?,
        story: program(folder, &script::STORY, None, "style-story", STORY)?,
        // Some links for search engines must be absolute.
        site: setting("ERROR99_SITE_URL").map(|url| format!("{}/", url.trim_end_matches('/'))),
    };
    let mut pages = 0;
    for lang in Lang::ALL {
        let embedded = Embedded::all().map(Page::Embed);
        for page in Page::ALL.into_iter().chain(embedded) {
            let path = format!("{}{}index.html", lang.path_prefix(), page.path());
            folder.write(&path, document.page(page, lang))?;
            pages += 1;
        }
    }
    folder.write("embed.js", include_str!("../../../public/embed.js"))?;
    for (path, content) in document.oembed() {
        folder.write(&path, content)?;
    }
    match document.sitemap() {
        Some(sitemap) => folder.write("sitemap.xml", sitemap)?,
        // Pictures for link previews need absolute addresses too.
        None => folder.remove("og"),
    }
    // Where the site will live: only the page for unknown paths must know.
    let root = setting("ERROR99_ROOT").unwrap_or_else(|| "/".into());
    folder.write("404.html", document.not_found(&root))?;
    offline::write_manifests(folder)?;
    offline::write_worker(folder)?;
    if setting("ERROR99_SINGLE_FILE").is_some() {
        single::write(folder, document.site.as_deref())?;
    }
    Ok(pages + 1)
}

/// What whoever builds the site says about the place where it will live.
fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Writes what runs one of the programs, and its style sheet.
fn program(
    folder: &Folder,
    script: &PageScript,
    worker: Option<&Asset>,
    style: &str,
    sheets: Sheets,
) -> Result<Program, String> {
    Ok(Program {
        style: folder.once((style, "css"), || styles(&[sheets]))?,
        boot: script.write(folder, worker)?,
    })
}
