//! Hosts that answer with something else than what was built: each file that a page loads, and each
//! way in which it can be wrong. The page stays readable and says that something is missing.

use crate::lab::page::is_ready;
use crate::{Test, files, test};
use error99_e2e::{Key, Server, Site, Tab, root, site};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (how, wrong) in WAYS {
        for (page, begins) in [("/lab/", LAB), ("/zh-CN/", STORY)] {
            let name = format!("wrong files: {page} says so of each file that is {how}");
            tests
                .push(once_if_cut(how, test(name, move |tab| each(tab, how, wrong, page, begins))));
        }
        let name = format!("wrong files: export says so of each file that is {how}");
        tests.push(once_if_cut(how, test(name, move |tab| exporting(tab, how, wrong))));
        let name = format!("wrong files: a sheet says so if what it is made of is {how}");
        tests.push(once_if_cut(how, test(name, move |tab| aside(tab, how, wrong))));
    }
    tests.extend([
        test("wrong files: while its script is late a page says so, and no more then", late_script),
        test(
            "wrong files: while its program is late a page says so, and no more then",
            late_program,
        ),
        test("wrong files: without its style sheet the lab is still the lab", without_style),
    ]);
    tests
}

/// Half a file is to an engine what another file is: neither has the hash that was asked for.
fn once_if_cut(how: &str, test: Test) -> Test {
    if how == "cut" {
        test.once("to an engine the same as another file: a wrong hash")
    } else {
        test
    }
}

/// How a file can be wrong.
type Wrong = fn(&Path, &Path) -> std::io::Result<()>;
const WAYS: [(&str, Wrong); 5] = [
    ("not there", |file, _| fs::remove_file(file)),
    // A host that has a page for every path: see `Site::shrugs`.
    ("a page", |file, _| fs::remove_file(file)),
    ("cut", |file, _| {
        let whole = fs::read(file)?;
        fs::write(file, &whole[..whole.len() / 2])
    }),
    ("empty", |file, _| fs::write(file, "")),
    ("another file", |file, other| fs::copy(other, file).map(drop)),
];

/// Files of a page by how their names begin and end, each with one of its kind that it isn't.
type Kinds = &'static [(&'static str, &'static str, &'static str)];
const LAB: Kinds = &[
    ("early-", ".js", "offline-"),
    ("offline-", ".js", "early-"),
    ("boot-lab-", ".js", "boot-story-"),
    ("style-lab-", ".css", "style-story-"),
    ("lab-", ".wasm", "story-"),
    ("texts-lab-", ".txt", "texts-story-"),
];
const STORY: Kinds = &[
    ("reader-", ".js", "early-"),
    ("boot-story-", ".js", "boot-lab-"),
    ("style-story-", ".css", "style-lab-"),
    ("story-", ".wasm", "files-"),
    ("texts-story-", ".txt", "texts-lab-"),
];
const FILES: Kinds = &[
    ("worker-", ".js", "boot-lab-"),
    ("files-", ".wasm", "lab-"),
    ("texts-files-", ".txt", "texts-lab-"),
];

/// The files of the site whose names begin and end so: one, or one for each language.
fn named(folder: &Path, begins: &str, ends: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the site is there").flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with(begins) && name.ends_with(ends)
        })
        .collect();
    found.sort();
    found
}

/// A site of which these files are wrong; it is put right again when this ends.
struct Harmed {
    server: Server,
    folder: PathBuf,
    /// Whether its host has a page for every path.
    shrugs: bool,
    wrong: Vec<PathBuf>,
}

fn serve(folder: &Path, shrugs: bool) -> Server {
    let site = Site { folder: folder.to_owned(), shrugs, script: Some(""), ..Site::default() };
    Server::on(0, site).expect("a port is free")
}

impl Harmed {
    fn site(test: &str, shrugs: bool) -> Harmed {
        let name = test.replace(|c: char| !c.is_alphanumeric(), "-");
        let folder = site::copied(&name);
        Harmed { server: serve(&folder, shrugs), folder, shrugs, wrong: Vec::new() }
    }

    /// Serves it at another address: a browser may keep a style sheet that it has seen at this one.
    fn elsewhere(&mut self) {
        self.server = serve(&self.folder, self.shrugs);
    }

    fn harm(&mut self, (begins, ends, other): (&str, &str, &str), wrong: Wrong) {
        self.wrong = named(&self.folder, begins, ends);
        assert!(!self.wrong.is_empty(), "{begins}*{ends}");
        let other = named(&root().join("dist"), other, ends).remove(0);
        for file in &self.wrong {
            wrong(file, &other).expect("it can be harmed");
        }
    }

    fn mend(&mut self) {
        for file in self.wrong.drain(..) {
            let name = file.file_name().unwrap_or_default();
            fs::copy(root().join("dist").join(name), &file).expect("it can be mended");
        }
    }
}

/// The words of the notice that is shown.
fn notice(tab: &Tab) -> String {
    let said = tab.run(
        "return [...document.querySelectorAll('[data-notice]:is([data-notice=failed], [data-notice=missing])')]
           .filter((notice) => !notice.hidden).map((notice) => notice.innerText).join()",
    );
    said.as_str().unwrap_or_default().to_owned()
}

/// Where the page's own words stand, as it was written.
const WORDS: [(&str, &str); 2] =
    [("/lab/", "What the kernel does"), ("/zh-CN/", "你并没有请求任何地址")];

fn each(tab: &Tab, how: &str, wrong: Wrong, page: &str, kinds: Kinds) {
    let mut site = Harmed::site(&format!("wrong {how} {page}"), how == "a page");
    let words = WORDS.iter().find(|(path, _)| *path == page).expect("a page").1;
    for kind in kinds {
        site.elsewhere();
        site.harm(*kind, wrong);
        tab.visit_on(&site.server, page);
        // The pictures of the story live when they come near.
        tab.run("document.querySelector('[data-live]')?.parentElement.scrollIntoView()");
        let name = named(&root().join("dist"), kind.0, kind.1);
        let known = |said: &str| {
            name.iter().any(|file| {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                said.contains(&*name) || kind.0 == "early-" && said.contains("early")
            })
        };
        tab.until(&format!("a notice that names {}*{}", kind.0, kind.1), || known(&notice(tab)));
        assert!(tab.text().contains(words), "{kind:?}: {}", tab.text());
        let blank = tab.run(
            "return [...document.querySelectorAll('[data-live] button')].filter(
               (button) => !button.ariaLabel && !button.textContent.trim()).length",
        );
        assert_eq!(blank, json!(0), "{kind:?}: no button without a name");
        site.mend();
    }
    // Whole again, it says nothing.
    tab.open_on(&site.server, page);
    assert_eq!(notice(tab), "");
    tab.console();
}

fn exporting(tab: &Tab, how: &str, wrong: Wrong) {
    let mut site = Harmed::site(&format!("wrong {how} export"), how == "a page");
    for kind in FILES {
        tab.open_on(&site.server, "/lab/?scenario=sixteen-ports");
        tab.until("the machine stands", || is_ready(tab));
        site.harm(*kind, wrong);
        files::keep_files(tab);
        tab.button("Export").click();
        tab.button("Scenario: Save").click();
        let said = || {
            let said =
                tab.run("return document.querySelector('dialog.files [data-said]').textContent");
            said.as_str().unwrap_or_default().to_owned()
        };
        tab.until(&format!("it says so of {}*{}", kind.0, kind.1), || {
            said().contains("could not be loaded") && said().contains(kind.0)
        });
        assert_eq!(tab.run("return files.length"), json!(0));
        site.mend();
        tab.button("Scenario: Save").click();
        tab.until("the file, once all is right again", || said().contains("Saved: error99.json"));
    }
    tab.console();
}

/// What is loaded once it is asked for: a sheet and the Fix lab say that it is missing, all else goes
/// on, and it is had as soon as the host has it and somebody asks again.
fn aside(tab: &Tab, how: &str, wrong: Wrong) {
    let mut site = Harmed::site(&format!("wrong {how} aside"), how == "a page");
    site.harm(("aside-", ".wasm", "lab-"), wrong);
    tab.open_on(&site.server, "/lab/?scenario=busy-client");
    tab.until("the machine stands", || is_ready(tab));
    let said = |place: &str| {
        let said = tab.run_with(
            "return document.querySelector(arguments[0])?.innerText ?? ''",
            vec![place.into()],
        );
        said.as_str().unwrap_or_default().to_owned()
    };
    let missed = "could not be loaded";
    let shell = || {
        tab.button("strace, ss, /proc").click();
        tab.until("the sheet is open", || tab.css("dialog.sheet-over").is_shown());
    };
    let close = || {
        tab.press(Key::Escape + "");
        tab.until("the sheet is closed", || !tab.css("dialog.sheet-over").is_shown());
    };
    shell();
    tab.until("the sheet says so", || said("dialog.sheet-over").contains(missed));
    close();
    // The machine goes on without it, and the verdict stands; only the Fix lab is missing.
    tab.button("Next error").click();
    tab.until("the error", || said(".eyebrow").contains("error 99"));
    tab.until("the Fix lab says so", || said(".lab").contains(missed));
    site.mend();
    shell();
    tab.until("the sheet, once all is right again", || {
        said("dialog.sheet-over").contains("connect(")
    });
    close();
    tab.until("the Fix lab", || said(".fix").contains("tcp_tw_reuse"));
    assert!(!said(".lab").contains(missed));
    tab.console();
}

/// Longer than a page waits before it says so.
const LATE: Duration = Duration::from_secs(12);
/// Keeps what the notice has said.
const KEEP: &str = "new MutationObserver(() => {
    const notice = document.querySelector('[data-notice=missing]');
    if (notice && !notice.hidden) window.told = notice.innerText;
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['hidden'] });";

/// Opens the lab of a host that sends the file that begins so late.
fn late(tab: &Tab, begins: &'static str) {
    let folder = root().join("dist");
    let holds = Some((begins, LATE));
    let site = Site { folder, holds, script: Some(KEEP), ..Site::default() };
    let server = Server::on(0, site).expect("a port is free");
    tab.visit_on(&server, "/lab/");
    let told = || tab.run("return window.told ?? ''").as_str().unwrap_or_default().to_owned();
    tab.until("the notice", || told().contains(begins));
    tab.until_awake();
    tab.until("the machine stands", || is_ready(tab));
    assert_eq!(notice(tab), "", "all is there now");
}

fn late_script(tab: &Tab) {
    late(tab, "boot-lab-");
}

fn late_program(tab: &Tab) {
    late(tab, "lab-");
}

fn without_style(tab: &Tab) {
    let mut site = Harmed::site("wrong without style", false);
    site.harm(("style-", ".css", "style-story-"), |file, _| fs::remove_file(file));
    for path in ["/lab/", "/zh-CN/lab/", "/"] {
        tab.open_on(&site.server, path);
        let large = tab.run(
            "return [...document.querySelectorAll('svg.ico, .brand svg')].map((svg) => svg.getBoundingClientRect())
               .filter(({ width, height }) => Math.max(width, height) > 24).length",
        );
        assert_eq!(large, json!(0), "{path}: no icon is large");
    }
    tab.console();
}
