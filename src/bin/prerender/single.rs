//! The whole site as one file that needs no server: every page in a template, styles, fonts and
//! programs within. `single.js` shows one page at a time.

use crate::folder::{Folder, integrity};
use crate::script::{self, data};
use crate::{COMPARE, EARLY, LAB, Plain, READER, STORY, minify, styles};
use error99::lang::Lang;
use error99::links::{Links, Page};
use error99::page::document::{FIRST, escape, title};
use error99::page::{Here, render};
use error99::text::shell;

/// The file's name.
pub const NAME: &str = "error99.html";

/// Scripts that a page may ask to run.
const RUN_READER: &str = "reader";
const RUN_LAB: &str = "lab";
const RUN_COMPARE: &str = "compare";
const RUN_STORY: &str = "story";

/// Writes the file. The scripts of the site must be in the folder. `site` is its address, which
/// readers of the file can lead others to.
pub fn write(folder: &Folder, site: Option<&str>) -> Result<(), String> {
    let made = |(name, _): Plain| folder.text(&folder.asset((name, "js"))?.name);
    let early = Inline::script("", &made(EARLY)?);
    let single = minify::script(include_str!("../../browser/single.js"))?;
    let single = Inline::script("", &single);
    let style = Inline::style(folder)?;
    let module = |script: String| Inline::script(" type=\"module\"", &script);
    let worker = folder.asset((script::WORKER.name, "js"))?;
    let inline = script::WORKER.inline(folder, None)?;
    let run = [
        (RUN_READER, Inline::script("", &made(READER)?)),
        (RUN_LAB, module(script::LAB.inline(folder, Some((&worker, &inline)))?)),
        (RUN_COMPARE, module(script::COMPARE.inline(folder, None)?)),
        (RUN_STORY, module(script::STORY.inline(folder, None)?)),
    ];
    let scripts: Vec<&Inline> =
        [&early, &single].into_iter().chain(run.iter().map(|(_, script)| script)).collect();
    let site = site.map_or(String::new(), |site| format!(" data-site=\"{}\"", escape(site)));
    let pages = Lang::ALL.into_iter().flat_map(|lang| Page::ALL.map(|page| template(page, lang)));
    let runs = run
        .iter()
        .map(|(name, Inline { html, .. })| format!("<template id=\"{name}\">{html}</template>\n"));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"{site}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n{FIRST}\
         <title>{}</title>\n<link rel=\"icon\" href=\"{}\">\n{}\n{}\n</head>\n<body>\n{}\n{}{}{}\n\
         <noscript><p>{}</p></noscript>\n{}</body>\n</html>\n",
        policy(&scripts, &style),
        shell::brand(Lang::En),
        data("image/svg+xml", include_bytes!("../../../public/icons/icon.svg")),
        style.html,
        early.html,
        include_str!("../../icons.svg"),
        pages.collect::<String>(),
        runs.collect::<String>(),
        single.html,
        Lang::ALL.map(shell::file_needs_script).join(" "),
        licences(folder)?,
    );
    folder.write(NAME, html)
}

/// A script or a style sheet within the page, and what the page's policy knows it by.
struct Inline {
    html: String,
    integrity: String,
}

impl Inline {
    fn script(kind: &str, content: &str) -> Inline {
        // Only texts in quotes hold these; they mean the same there, and end no element.
        let content = content.replace("</script", "<\\/script").replace("<!--", "<\\!--");
        let html = format!("<script{kind}>{content}</script>");
        Inline { html, integrity: integrity(content.as_bytes()) }
    }

    /// All styles, with the fonts that they name.
    fn style(folder: &Folder) -> Result<Inline, String> {
        // What stands on a disk can't be embedded elsewhere; the site of the same pages can.
        let mut content = styles(&[STORY, LAB, COMPARE])?
            + ":root:not([data-site]) .embed-this { display: none; }\n";
        for path in fonts(folder, ".woff2")? {
            content = content.replace(&path, &data("font/woff2", &folder.read(&path)?));
        }
        let html = format!("<style>{content}</style>");
        Ok(Inline { html, integrity: integrity(content.as_bytes()) })
    }
}

/// Nothing but what is in this file.
fn policy(scripts: &[&Inline], style: &Inline) -> String {
    let scripts: String = scripts.iter().map(|script| format!("'{}' ", script.integrity)).collect();
    format!(
        "default-src 'none'; script-src {scripts}'wasm-unsafe-eval'; style-src '{}'; \
         font-src data:; img-src data: blob:; connect-src data:; worker-src data:; base-uri 'none'; \
         form-action 'none'",
        style.integrity
    )
}

/// A page, with what `single.js` has to know of it.
fn template(page: Page, lang: Lang) -> String {
    let body = render(Here { lang, page: Some(page), links: Links::on(page, lang) });
    let mut runs = Vec::new();
    if body.contains("class=\"prose\"") {
        runs.push(RUN_READER);
    }
    if body.contains(" data-live=") {
        let live = |name: &&str| body.contains(&format!(" data-live=\"{name}\""));
        runs.push([RUN_LAB, RUN_COMPARE].into_iter().find(live).unwrap_or(RUN_STORY));
    }
    let runs =
        if runs.is_empty() { String::new() } else { format!(" data-runs=\"{}\"", runs.join(" ")) };
    format!(
        "<template data-at=\"{}{}\" lang=\"{}\" data-title=\"{}\"{runs}>{body}</template>\n",
        lang.path_prefix(),
        page.path(),
        lang.tag(),
        escape(&title(page, lang)),
    )
}

/// The licences of the fonts, which go where the fonts go.
fn licences(folder: &Folder) -> Result<String, String> {
    let mut blocks = String::new();
    for path in fonts(folder, ".txt")? {
        let text = String::from_utf8_lossy(&folder.read(&path)?).into_owned();
        blocks.push_str(&format!("<script type=\"text/plain\">\n{}</script>\n", escape(&text)));
    }
    Ok(blocks)
}

fn fonts(folder: &Folder, kind: &str) -> Result<Vec<String>, String> {
    let files = folder.list()?.into_iter();
    Ok(files.filter(|path| path.starts_with("fonts/") && path.ends_with(kind)).collect())
}
