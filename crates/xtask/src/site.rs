//! Building and serving the site. Trunk does the work; these commands bring its tools.

use crate::run::{Failure, Outcome, command, list, output, root, run, step, words};
use crate::tools;
use error99_server::Server;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const PORT: u16 = 8080;

/// Serves the site while it is being worked on, until the reader stops it. Trunk builds it
/// again whenever a file changes; our own server, the one of the tests, shows it: unlike
/// Trunk's it knows the page for unknown paths and the real Content-Security-Policy.
pub fn serve() -> Outcome {
    tools::for_building()?;
    step("the site, in dist/ (the first time takes two minutes)", || {
        run(&mut words("trunk build"))
    })?;
    let server = Server::for_work(root().join("dist"), PORT).map_err(|error| {
        Failure(format!("port {PORT} of this machine cannot be had: {error}. Stop what listens there, and try again."))
    })?;
    println!("── serving on {}; files are watched, Ctrl+C ends", server.origin());
    // The pipe to the shell closes when this process ends, however it ends; then Trunk
    // must end too.
    let watch = "exec 3<&0; trunk watch & trunk=$!; (cat <&3; kill $trunk) & wait $trunk";
    let mut shell = command("sh")
        .arg("-c")
        .arg(watch)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| Failure(format!("no shell to start Trunk in: {error}")))?;
    let stdin = shell.stdin.take();
    let ended = shell.wait();
    drop(stdin);
    Err(Failure(format!("Trunk no longer watches: {ended:?}")))
}

/// The site for publication, and what it weighs.
pub fn build(options: &[String]) -> Outcome {
    let Options { site_url, base, single_file } = Options::read(options)?;
    tools::for_building()?;
    tools::for_release()?;
    step("the site, in dist/", || {
        run(words("trunk build --release")
            .env("ERROR99_SITE_URL", &site_url)
            .env("ERROR99_ROOT", &base)
            .env("ERROR99_SINGLE_FILE", if single_file { "1" } else { "" }))
    })?;
    sizes()
}

/// What whoever builds the site says about it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// Its address, or nothing.
    site_url: String,
    /// The path that it is served below, or nothing, which is `/`.
    base: String,
    /// Whether it is wanted as one file, too.
    single_file: bool,
}

impl Options {
    fn read(words: &[String]) -> Outcome<Options> {
        let mut options = Options::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            if word == "--single-file" {
                options.single_file = true;
                continue;
            }
            match (word, words.next()) {
                ("--site-url", Some(url)) if url.starts_with("http") => {
                    options.site_url = url.into()
                }
                ("--base", Some(base)) if base.starts_with('/') => options.base = base.into(),
                _ => {
                    let known = "--site-url https://…, --base /folder/ and --single-file";
                    return Err(Failure(format!("build takes {known}")));
                }
            }
        }
        if options.base.is_empty() {
            options.base = path_of(&options.site_url).into();
        }
        Ok(options)
    }
}

/// The path of an address, from its first slash behind the host.
fn path_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or("", |at| &url[host + at..])
}

/// Builds `dist` as it is published, beside other work: what Trunk says is heard only if it fails.
/// The tools must be there.
pub fn trunk_release() -> Outcome {
    let command = &mut words("trunk build --release");
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure(format!("Trunk does not start: {error}")))?;
    let said = [output.stdout, output.stderr].concat();
    match output.status.success() {
        true => Ok(()),
        false => Err(Failure(String::from_utf8_lossy(&said).into_owned())),
    }
}

/// Pictures of the pages, for people.
pub fn shots(filter: &[String]) -> Outcome {
    tools::for_building()?;
    tools::for_browser_tests()?;
    step("the site, for work, in dist/", || run(&mut words("trunk build")))?;
    step("pictures, in target/shots/", || {
        run(words("cargo run --quiet --locked --package error99-e2e --bin shots --").args(filter))
    })
}

/// Prints what a reader downloads: bytes as they are, and as brotli 11 packs them; then what is
/// loaded together, with its bar.
fn sizes() -> Outcome {
    let files = weigh(|name| {
        let kind = Path::new(name).extension().and_then(|kind| kind.to_str());
        matches!(kind, Some("js" | "wasm" | "css" | "html"))
    })?;
    println!("\n{:>9} {:>9}   file", "bytes", "brotli 11");
    for Weight { name, bytes, packed } in &files {
        println!("{bytes:>9} {packed:>9}   {name}");
    }
    loads(&files).map(|_| ())
}

/// Fails if the published site weighs more than it may.
pub fn keeps_its_bars() -> Outcome {
    let files = weigh(|name| LOADS.iter().any(|load| load.has(name)))?;
    let over = loads(&files)?;
    if over.is_empty() { Ok(()) } else { Err(Failure(over.join("; "))) }
}

/// A file of the site: its name below `dist`, its bytes, and how many brotli 11 makes of them.
#[derive(Clone)]
struct Weight {
    name: String,
    bytes: u64,
    packed: u64,
}

/// The weight of those files of the site that are `wanted`, kind by kind.
fn weigh(wanted: impl Fn(&str) -> bool) -> Outcome<Vec<Weight>> {
    let dist = root().join("dist");
    let mut files = Vec::new();
    list(&dist, &mut files).map_err(|error| Failure(format!("dist/ cannot be read: {error}")))?;
    let name = |file: &PathBuf| file.strip_prefix(&dist).unwrap_or(file).display().to_string();
    files.retain(|file| wanted(&name(file)));
    files.sort_by_key(|file| (file.extension().map(ToOwned::to_owned), file.clone()));
    // Node packs with brotli out of the box.
    let script = "const fs=require('fs'),z=require('zlib');for(const f of process.argv.slice(1)){\
         const b=fs.readFileSync(f);const p={[z.constants.BROTLI_PARAM_QUALITY]:11,\
         [z.constants.BROTLI_PARAM_SIZE_HINT]:b.length};\
         console.log(b.length,z.brotliCompressSync(b,{params:p}).length)}";
    let Some(printed) = output(command("node").arg("-e").arg(script).args(&files)) else {
        return Err("the sizes cannot be measured: node is missing".into());
    };
    let weights = files.iter().zip(printed.lines()).map(|(file, line)| {
        let mut numbers = line.split(' ').filter_map(|number| number.parse().ok());
        let (bytes, packed) = (numbers.next()?, numbers.next()?);
        Some(Weight { name: name(file), bytes, packed })
    });
    weights.collect::<Option<_>>().ok_or_else(|| "node printed no sizes".into())
}

/// Prints what is loaded together; sentences about what is over its bar are the result.
fn loads(files: &[Weight]) -> Outcome<Vec<String>> {
    let mut over = Vec::new();
    for load in LOADS {
        // A name that no file begins with any more would weigh nothing.
        for part in load.files {
            if !files.iter().any(|file| file.name.starts_with(part)) {
                return Err(Failure(format!("{}: dist/ has no file {part}…", load.name)));
            }
        }
        let parts = || files.iter().filter(|file| load.has(&file.name));
        let bytes: u64 = parts().map(|file| file.bytes).sum();
        let packed: u64 = parts().map(|file| file.packed).sum();
        let bar = load.bar.map(|bar| format!(" (at most {bar} bytes)")).unwrap_or_default();
        println!("{bytes:>9} {packed:>9}   {}{bar}", load.name);
        if load.bar.is_some_and(|bar| packed > bar) {
            over.push(format!("{}: {packed} bytes{bar}", load.name));
        }
    }
    Ok(over)
}

/// What is loaded together.
struct Load {
    name: &'static str,
    /// How the names of its files begin.
    files: &'static [&'static str],
    /// The most bytes that it may have, packed by brotli 11.
    bar: Option<u64>,
}

impl Load {
    fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| name.starts_with(file))
    }
}

/// The lab and the page with two kernels know every release, the story 2.6.32 alone.
const LOADS: [Load; 7] = [
    Load {
        name: "script and WebAssembly of the story",
        files: &["early-", "offline-", "reader-", "boot-story-", "story-"],
        bar: Some(150_000),
    },
    Load {
        name: "script and WebAssembly of the lab",
        files: &["early-", "offline-", "boot-lab-", "lab-"],
        bar: Some(262_000),
    },
    Load {
        name: "script and WebAssembly of two kernels side by side",
        files: &["early-", "offline-", "boot-compare-", "compare-"],
        bar: Some(180_000),
    },
    Load {
        name: "of sheets and the Fix lab, once they are asked for",
        files: &["aside-"],
        bar: None,
    },
    Load {
        name: "of export and import, once they are asked for",
        files: &["files-", "worker-"],
        bar: None,
    },
    Load { name: "the lab's page, English", files: &["lab/index.html"], bar: Some(14_000) },
    Load { name: "the lab's page, Chinese", files: &["zh-CN/lab/index.html"], bar: Some(14_000) },
];

#[cfg(test)]
mod checks {
    use super::{LOADS, Options, Weight, loads};
    use std::collections::BTreeSet;

    #[test]
    fn what_is_over_its_bar_is_said_and_what_is_missing_too() {
        let file = |name: &&str, packed| Weight { name: format!("{name}1.js"), bytes: 1, packed };
        let names: BTreeSet<&str> = LOADS.iter().flat_map(|load| load.files).copied().collect();
        let light: Vec<Weight> = names.iter().map(|name| file(name, 1_000)).collect();
        assert!(loads(&light).is_ok_and(|over| over.is_empty()));
        let heavy: Vec<Weight> = names.iter().map(|name| file(name, 270_000)).collect();
        let barred = LOADS.iter().filter(|load| load.bar.is_some()).count();
        assert!(loads(&heavy).is_ok_and(|over| over.len() == barred));
        for (at, name) in names.iter().enumerate() {
            let one_missing = [&light[..at], &light[at + 1..]].concat();
            assert!(loads(&one_missing).is_err_and(|failure| failure.0.contains(name)));
        }
    }

    fn read(words: &str) -> Option<Options> {
        let words: Vec<String> = words.split_whitespace().map(ToOwned::to_owned).collect();
        Options::read(&words).ok()
    }

    #[test]
    fn the_base_is_given_or_the_path_of_the_address() {
        for (words, base) in [
            ("", ""),
            ("--site-url https://example.org", ""),
            ("--site-url https://example.org/a/b", "/a/b"),
            ("--base /x/", "/x/"),
            ("--base /x/ --single-file --site-url https://example.org/y/", "/x/"),
        ] {
            assert_eq!(read(words).map(|options| options.base).as_deref(), Some(base), "{words}");
        }
    }

    #[test]
    fn an_option_that_says_nothing_is_refused() {
        for words in ["--base x", "--base", "--site-url example.org", "--single"] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
