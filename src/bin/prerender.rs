//! Writes every page of the site as a file. Trunk runs it after each build, when the folder
//! that it is about to publish holds the hashed styles, scripts and WebAssembly.

use error99::lang::Lang;
use error99::links::Page;
use error99::page::{self, document::Template};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

/// The style sheets, in the order in which they count. They are published as one file: a reader
/// on a slow line waits for one answer, not for seven.
const STYLES: [&str; 7] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/controls.css"),
    include_str!("../../style/shell.css"),
    include_str!("../../style/home.css"),
    include_str!("../../style/lab.css"),
    include_str!("../../style/sheet.css"),
];

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).or_else(|| env::var_os("TRUNK_STAGING_DIR")) else {
        eprintln!("prerender: give the folder that Trunk built, or let Trunk run this");
        return ExitCode::FAILURE;
    };
    match write_site(Path::new(&folder)) {
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

fn write_site(folder: &Path) -> Result<usize, String> {
    page::init();
    let html = read(&folder.join("index.html"))?;
    let module = find(folder, "error99-", ".js")?;
    let wasm = find(folder, "error99-", "_bg.wasm")?;
    let style = write_hashed(folder, ("style", "css"), &STYLES.concat())?;
    let early = write_hashed(folder, ("early", "js"), include_str!("../browser/early.js"))?;
    let boot = include_str!("../browser/boot.js")
        .replace("./error99.js", &format!("./{module}"))
        .replace("./error99_bg.wasm", &format!("./{wasm}"));
    let boot = write_hashed(folder, ("boot", "js"), &boot)?;
    // Where the site will live, if it is known: some links for search engines must be absolute.
    let site = env::var("ERROR99_SITE_URL").ok().filter(|url| !url.is_empty());
    let site = site.map(|url| format!("{}/", url.trim_end_matches('/')));
    let template =
        Template { html: &html, style: &style, early: &early, boot: &boot, site: site.as_deref() };

    let mut pages = 0;
    for lang in Lang::ALL {
        for page in Page::ALL {
            let file = folder.join(lang.path_prefix()).join(page.path()).join("index.html");
            write(&file, &template.page(page, lang)?)?;
            pages += 1;
        }
    }
    // Where the site will live: only the page for unknown paths must know.
    let root = env::var("ERROR99_ROOT").unwrap_or_else(|_| "/".into());
    write(&folder.join("404.html"), &template.not_found(&root)?)?;
    Ok(pages + 1)
}

/// The one file of `folder` whose name starts and ends so.
fn find(folder: &Path, start: &str, end: &str) -> Result<String, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(start) && name.ends_with(end))
        .collect();
    match (names.pop(), names.is_empty()) {
        (Some(name), true) => Ok(name),
        _ => Err(format!("{} must hold exactly one {start}*{end}", folder.display())),
    }
}

/// Writes a file under a name that changes with its content, and returns the name.
fn write_hashed(
    folder: &Path,
    (name, kind): (&str, &str),
    content: &str,
) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let name = format!("{name}-{:016x}.{kind}", hasher.finish());
    write(&folder.join(&name), content)?;
    Ok(name)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, content: &str) -> Result<(), String> {
    let folder = path.parent().ok_or("a page needs a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|error| format!("{}: {error}", path.display()))
}
