//! Building and serving the site. Trunk does the work; these commands bring its tools.

use crate::run::{Failure, Outcome, command, list, output, root, run, step, words};
use crate::tools;
use error99_server::Server;
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

/// Builds `dist` as it is published. The tools must be there.
pub fn trunk_release() -> Outcome {
    run(&mut words("trunk build --release"))
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

/// Prints what a reader downloads: bytes as they are, and as brotli 11 packs them.
fn sizes() -> Outcome {
    let dist = root().join("dist");
    let mut files = Vec::new();
    list(&dist, &mut files).map_err(|error| Failure(format!("dist/ cannot be read: {error}")))?;
    files.retain(|file| {
        let kind = file.extension().and_then(|kind| kind.to_str());
        matches!(kind, Some("js" | "wasm" | "css" | "html"))
    });
    files.sort_by_key(|file| (file.extension().map(ToOwned::to_owned), file.clone()));
    // Node packs with brotli out of the box.
    let script = "const fs=require('fs'),z=require('zlib');for(const f of process.argv.slice(1)){\
         const b=fs.readFileSync(f);const p={[z.constants.BROTLI_PARAM_QUALITY]:11,\
         [z.constants.BROTLI_PARAM_SIZE_HINT]:b.length};\
         console.log(b.length,z.brotliCompressSync(b,{params:p}).length)}";
    let Some(printed) = output(command("node").arg("-e").arg(script).args(&files)) else {
        return Err("the sizes cannot be measured: node is missing".into());
    };
    println!("\n{:>9} {:>9}   file", "bytes", "brotli 11");
    let mut loads = LOADS.map(|(load, files)| (load, files, 0, 0));
    for (file, line) in files.iter().zip(printed.lines()) {
        let mut numbers = line.split(' ').filter_map(|number| number.parse::<u64>().ok());
        let (bytes, packed) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        let name = file.strip_prefix(&dist).unwrap_or(file).display().to_string();
        println!("{bytes:>9} {packed:>9}   {name}");
        for (_, files, sum, sum_packed) in &mut loads {
            if files.iter().any(|file| name.starts_with(file)) {
                *sum += bytes;
                *sum_packed += packed;
            }
        }
    }
    for (load, _, bytes, packed) in loads {
        println!("{bytes:>9} {packed:>9}   {load}");
    }
    Ok(())
}

/// What is loaded together, by how the names of its files begin.
const LOADS: [(&str, &[&str]); 3] = [
    (
        "script and WebAssembly of the story",
        &["early-", "offline-", "reader-", "boot-story-", "story-"],
    ),
    ("script and WebAssembly of the lab", &["early-", "offline-", "boot-lab-", "lab-"]),
    ("of export and import, once they are asked for", &["files-", "worker-"]),
];

#[cfg(test)]
mod checks {
    use super::Options;

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
