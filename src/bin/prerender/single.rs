//! The whole site as one file that needs no server: every page in a template, styles, fonts and
//! programs within. `single.js` shows one page at a time.

use crate::folder::{Folder, base64, integrity};
use crate::{LAB, STORY, WORKER, boot, styles};
use error99::lang::Lang;
use error99::links::{Links, Page};
use error99::page::document::{FIRST, escape, title};
use error99::page::{Here, render};
use error99::text::{self, Catalogue, shell};

/// The file's name.
pub const NAME: &str = "error99.html";

/// The programs, with the texts of their live parts.
const PROGRAMS: [(&str, &[&Catalogue]); 2] = [("lab", &text::LAB), ("story", &text::PICTURES)];

/// Scripts that a page may ask to run, besides the programs.
const READER: &str = "reader";

/// Writes the file. The programs must be in the folder.
pub fn write(folder: &Folder) -> Result<(), String> {
    let early = Inline::script("", include_str!("../../browser/early.js"));
    let single = Inline::script("", include_str!("../../browser/single.js"));
    let style = Inline::style(folder)?;
    let mut run = vec![(READER, Inline::script("", include_str!("../../browser/reader.js")))];
    for (name, _) in PROGRAMS {
        run.push((name, Inline::script(" type=\"module\"", &program(folder, name)?)));
    }
    let scripts: Vec<&Inline> =
        [&early, &single].into_iter().chain(run.iter().map(|(_, script)| script)).collect();
    let worker = worker(folder)?;
    let pages = Lang::ALL.into_iter().flat_map(|lang| Page::ALL.map(|page| template(page, lang)));
    let runs = run
        .iter()
        .map(|(name, Inline { html, .. })| format!("<template id=\"{name}\">{html}</template>\n"));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\" data-files=\"{worker}\">\n<head>\n<meta charset=\"utf-8\">\n\
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
        // What stands on a disk can't be embedded elsewhere.
        let mut content = styles(&[STORY, LAB]) + ".embed-this { display: none; }\n";
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
        runs.push(READER);
    }
    let mut texts = String::new();
    if body.contains(" data-live=") {
        let lab = body.contains(" data-live=\"lab\"");
        let (name, catalogues) = PROGRAMS[usize::from(!lab)];
        runs.push(name);
        let sent = text::sent(lang, catalogues);
        texts = format!(" data-texts=\"{}\"", data("text/plain;charset=utf-8", sent.as_bytes()));
    }
    let runs =
        if runs.is_empty() { String::new() } else { format!(" data-runs=\"{}\"", runs.join(" ")) };
    format!(
        "<template data-at=\"{}{}\" lang=\"{}\" data-title=\"{}\"{texts}{runs}>{body}</template>\n",
        lang.path_prefix(),
        page.path(),
        lang.tag(),
        escape(&title(page, lang)),
    )
}

/// A program as one script: what wasm-bindgen made, and `boot.js`, which finds in it what it
/// loads on the site.
fn program(folder: &Folder, name: &str) -> Result<String, String> {
    let (module, wasm) = parts(folder, name)?;
    let boot = with(
        boot(name),
        &[
            ("import(\"./program.js\")", "{ default: __wbg_init, wake }"),
            ("new URL(\"./program_bg.wasm\", import.meta.url)", &format!("\"{wasm}\"")),
        ],
    )?;
    Ok(format!("{module}\n{{\n{boot}}}\n"))
}

/// The worker that makes and reads files, with all that it loads on the site.
fn worker(folder: &Folder) -> Result<String, String> {
    let (module, wasm) = parts(folder, "files")?;
    let [en, zh] = Lang::ALL
        .map(|lang| data("text/plain;charset=utf-8", text::sent(lang, &text::FILES).as_bytes()));
    let worker = with(
        WORKER.to_owned(),
        &[
            ("import start, { read, write } from \"./program.js\";", "const start = __wbg_init;"),
            ("new URL(\"./program_bg.wasm\", import.meta.url)", &format!("\"{wasm}\"")),
            ("./texts-en.txt", &en),
            ("./texts-zh-CN.txt", &zh),
        ],
    )?;
    Ok(data("text/javascript", format!("{module}\n{worker}").as_bytes()))
}

/// What wasm-bindgen made of a program: its module, and the address of its WebAssembly.
fn parts(folder: &Folder, name: &str) -> Result<(String, String), String> {
    let module = folder.read(&folder.hashed(name, ".js")?)?;
    let module = String::from_utf8(module).map_err(|error| format!("{name}: {error}"))?;
    let wasm = folder.read(&folder.hashed(name, "_bg.wasm")?)?;
    Ok((module, data("application/wasm", &wasm)))
}

/// A script with other words in places of which there is one each.
fn with(mut script: String, places: &[(&str, &str)]) -> Result<String, String> {
    for (site, here) in places {
        if script.matches(site).count() != 1 {
            return Err(format!("a script must hold {site} once"));
        }
        script = script.replace(site, here);
    }
    Ok(script)
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

fn data(kind: &str, content: &[u8]) -> String {
    format!("data:{kind};base64,{}", base64(content))
}
