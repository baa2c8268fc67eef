//! The scripts that run a program: each is one file, with the module that wasm-bindgen made of the
//! program in it. So no module is fetched by itself, which could not be checked.

use crate::folder::Folder;
use crate::minify;
use error99::lab::machines;
use error99::lang::Lang;
use error99::page::document::Asset;
use error99::text::{self, Catalogue};
use serde_json::{Map, Value, json};

const FILE: &str = include_str!("../../browser/file.js");
pub const NOTICES: &str = include_str!("../../browser/notices.js");
pub const COPY: &str = include_str!("../../browser/copy.js");

/// A script, and the program that it runs.
pub struct PageScript {
    /// What its file's name begins with.
    pub name: &'static str,
    /// The program's name for Trunk.
    program: &'static str,
    /// The part of it that is loaded later, if it has one.
    part: Option<&'static str>,
    catalogues: &'static [&'static Catalogue],
    /// Puts behind the texts what else the program needs.
    with_texts: fn(&mut String),
    /// Scripts in front of the module, which it sees.
    before: &'static [&'static str],
    /// Scripts behind it, which see it.
    behind: &'static [&'static str],
}

pub const LAB: PageScript = PageScript {
    name: "boot-lab",
    program: "lab",
    part: Some("aside"),
    catalogues: &text::LAB,
    with_texts: machines::put_behind,
    before: &[GUARD],
    behind: &[
        FILE,
        NOTICES,
        COPY,
        include_str!("../../browser/lab.js"),
        include_str!("../../browser/files.js"),
        include_str!("../../browser/part.js"),
        BOOT,
    ],
};

pub const STORY: PageScript = PageScript {
    name: "boot-story",
    program: "story",
    part: None,
    catalogues: &text::PICTURES,
    with_texts: |_| {},
    before: &[GUARD],
    behind: &[FILE, NOTICES, COPY, BOOT],
};

pub const COMPARE: PageScript = PageScript {
    name: "boot-compare",
    program: "compare",
    part: None,
    catalogues: &text::COMPARE,
    with_texts: |_| {},
    before: &[GUARD],
    behind: &[FILE, NOTICES, COPY, include_str!("../../browser/compare.js"), BOOT],
};

/// The worker that makes and reads files for the lab.
pub const WORKER: PageScript = PageScript {
    name: "worker",
    program: "files",
    part: None,
    catalogues: &text::FILES,
    with_texts: |_| {},
    before: &[],
    behind: &[FILE, include_str!("../../browser/worker.js")],
};

const GUARD: &str = include_str!("../../browser/guard.js");
const BOOT: &str = include_str!("../../browser/boot.js");
/// What the scripts call the function that starts a program.
const START: &str = "const start = __wbg_init;\n";
/// What they call the files that they load.
const NAMES: &str = "const [PROGRAM, TEXTS, WORKER, PART] = __FILES__;\n";
/// Where their list comes to stand, once the script has been made short.
const FILES: &str = "__FILES__";

/// How a module names what loads the parts of its program, and what it finds there instead of a
/// module of its own: `part.js` puts the functions into it.
const LINK: (&str, &str) =
    ("import * as import1 from \"./__wasm_split.js\"\n", "const import1 = {};\n");

impl PageScript {
    /// Writes the script and its texts, or finds what an earlier run wrote. `worker` is what it
    /// may start.
    pub fn write(&self, folder: &Folder, worker: Option<&Asset>) -> Result<Asset, String> {
        let files = self.files(folder, worker)?;
        folder.once((self.name, "js"), || {
            let module = folder.take_module(self.program)?.replace(LINK.0, LINK.1);
            if module.contains("from \"./__wasm_split.js\"") {
                return Err(format!("{} names its parts in another way", self.program));
            }
            let (before, behind) = (self.before.concat(), self.behind.concat());
            let script = format!("{before}{module}\n{{\n{START}{NAMES}{behind}}}\n");
            put(&minify::script(&script)?, FILES, &files)
        })
    }

    /// The script as it stands in the site as one file: all that it loads is in it.
    pub fn inline(
        &self,
        folder: &Folder,
        workers: Option<(&Asset, &str)>,
    ) -> Result<String, String> {
        let script = folder.text(&folder.asset((self.name, "js"))?.name)?;
        let files = self.files(folder, workers.map(|(asset, _)| asset))?;
        let alone = |address: String| json!([address, ""]);
        let wasm_of = |asset: Asset| {
            folder.read(&asset.name).map(|wasm| alone(data("application/wasm", &wasm)))
        };
        let inside = files_of(
            wasm_of(folder.wasm(self.program)?)?,
            |lang| Ok(alone(data("text/plain;charset=utf-8", self.texts(lang).as_bytes()))),
            workers.map(|(_, worker)| alone(data("text/javascript", worker.as_bytes()))),
            self.part.map(|part| wasm_of(folder.part(part)?)).transpose()?,
        )?;
        put(&script, &files, &inside)
    }

    /// The files that the script loads on the site.
    fn files(&self, folder: &Folder, worker: Option<&Asset>) -> Result<String, String> {
        let name = format!("texts-{}", self.program);
        let named = |asset: &Asset| json!([asset.name, asset.integrity]);
        files_of(
            named(&folder.wasm(self.program)?),
            |lang| Ok(named(&folder.write_hashed((&name, "txt"), &self.texts(lang))?)),
            worker.map(named),
            self.part.map(|part| folder.part(part).map(|asset| named(&asset))).transpose()?,
        )
    }

    fn texts(&self, lang: Lang) -> String {
        let mut texts = text::sent(lang, self.catalogues);
        (self.with_texts)(&mut texts);
        texts
    }
}

/// Where a script finds its files, each with what must be in it: a list, as `NAMES` reads it.
fn files_of(
    program: Value,
    texts: impl Fn(Lang) -> Result<Value, String>,
    worker: Option<Value>,
    part: Option<Value>,
) -> Result<String, String> {
    let mut by_language = Map::new();
    for lang in Lang::ALL {
        by_language.insert(lang.tag().to_owned(), texts(lang)?);
    }
    Ok(json!([program, by_language, worker, part]).to_string())
}

/// The script with something in the one place where `mark` stands.
fn put(script: &str, mark: &str, what: &str) -> Result<String, String> {
    match script.matches(mark).count() {
        1 => Ok(script.replace(mark, what)),
        n => Err(format!("a script must name its files once, not {n} times")),
    }
}

/// An address that holds its file.
pub fn data(kind: &str, content: &[u8]) -> String {
    format!("data:{kind};base64,{}", crate::folder::base64(content))
}
