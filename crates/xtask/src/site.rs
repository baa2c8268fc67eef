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
    let site_url = match options {
        [] => "",
        [option, url] if option == "--site-url" && url.starts_with("http") => url,
        _ => return Err("build takes nothing, or --site-url https://…".into()),
    };
    tools::for_building()?;
    tools::for_release()?;
    step("the site, in dist/", || {
        run(words("trunk build --release").env("ERROR99_SITE_URL", site_url))
    })?;
    sizes()
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
    let (mut script_bytes, mut script_packed) = (0, 0);
    for (file, line) in files.iter().zip(printed.lines()) {
        let mut numbers = line.split(' ').filter_map(|number| number.parse::<u64>().ok());
        let (bytes, packed) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        let name = file.strip_prefix(&dist).unwrap_or(file).display().to_string();
        println!("{bytes:>9} {packed:>9}   {name}");
        if name.ends_with(".js") || name.ends_with(".wasm") {
            script_bytes += bytes;
            script_packed += packed;
        }
    }
    println!("{script_bytes:>9} {script_packed:>9}   script and WebAssembly together");
    Ok(())
}
