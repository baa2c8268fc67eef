//! The benchmarks: the model by itself, what reads links and files, scripts on a real kernel, and
//! the built site in Chromium.

use crate::run::{Failure, Outcome, command, list, output, root, run, step, words};
use crate::{site, tools};
use std::fs;
use std::path::Path;

/// Measures everything, or what the first word names; what follows `kernel` filters its rows.
pub fn bench(what: &[String]) -> Outcome {
    let (first, rest) = what.split_first().map_or(("", what), |(first, rest)| (first, rest));
    match first {
        "" => {
            kernel(&[])?;
            fuzz(&[])?;
            real(&[])?;
            page()?;
            hostile()?;
            lighthouse()
        }
        "kernel" => kernel(rest),
        "fuzz" => fuzz(rest),
        "real" => real(rest),
        "page" => page(),
        "hostile" => hostile(),
        "lighthouse" => lighthouse(),
        other => {
            Err(Failure(format!("bench kernel|fuzz|real|page|hostile|lighthouse, not {other}")))
        }
    }
}

fn kernel(filter: &[String]) -> Outcome {
    step(
        "the model",
        || run(words("cargo bench --locked --package error99-kernel --").args(filter)),
    )
}

/// A million links and files that somebody tampered with; the first number is how many, the
/// second one which.
fn fuzz(numbers: &[String]) -> Outcome {
    let run_fuzz =
        "cargo run --quiet --release --locked --package error99-replay --example fuzz --";
    step("links and files that were tampered with", || run(words(run_fuzz).args(numbers)))
}

/// Scripts of readers without a plan on this machine's kernel; the number is how many.
fn real(number: &[String]) -> Outcome {
    let run_scripts =
        "cargo run --quiet --release --locked --package error99-export --example real --";
    step("scripts on the kernel of this machine", || run(words(run_scripts).args(number)))
}

/// Steps, jumps, exhaustion and the walk, in Chromium.
fn page() -> Outcome {
    prepare()?;
    step("the walk, natively", || {
        run(&mut words("cargo build --quiet --release --locked --package error99-walk --bins"))
    })?;
    measure("page")
}

/// Ten thousand links that are bred to cost much, natively, and the worst of them in Chromium.
fn hostile() -> Outcome {
    prepare()?;
    let links = root().join("target/hostile.txt");
    fuzz(&["hostile".into(), "10000".into(), "99".into(), links.display().to_string()])?;
    measure("hostile")
}

/// What Lighthouse says.
fn lighthouse() -> Outcome {
    prepare()?;
    tools::for_lighthouse()?;
    measure("lighthouse")
}

fn measure(what: &str) -> Outcome {
    step(&format!("the site in Chromium: {what}"), || {
        run(words("cargo run --quiet --locked --package error99-e2e --bin bench --").arg(what))
    })
}

/// Builds the site as it is published and puts it into `target/bench/`, each file beside its
/// packed form, with the walk as WebAssembly.
fn prepare() -> Outcome {
    tools::for_building()?;
    tools::for_release()?;
    tools::for_browser_tests()?;
    step("the site, in dist/", site::trunk_release)?;
    step("the site for measuring, in target/bench/", || {
        let to = root().join("target/bench");
        copy(&root().join("dist"), &to)
            .map_err(|error| Failure(format!("{}: {error}", to.display())))?;
        walk(&to)?;
        pack(&to)
    })
}

/// The walk, compiled and shrunk as Trunk does it with the page's own module.
fn walk(to: &Path) -> Outcome {
    run(&mut words(
        "cargo build --quiet --locked --package error99-walk --lib --profile web \
         --target wasm32-unknown-unknown",
    ))?;
    let built = root().join("target/wasm32-unknown-unknown/web/error99_walk.wasm");
    run(words("wasm-opt -Os --converge --flatten --rereloop -Os -o")
        .arg(to.join("walk.wasm"))
        .arg(built))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let _ = fs::remove_dir_all(to);
    let mut files = Vec::new();
    list(from, &mut files)?;
    for file in files {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, target)?;
    }
    Ok(())
}

/// Puts `FILE.br` beside each file that shrinks; Node packs with brotli out of the box.
fn pack(folder: &Path) -> Outcome {
    let script = "const fs=require('fs'),z=require('zlib');for(const f of process.argv.slice(1)){\
         const b=fs.readFileSync(f),p=z.brotliCompressSync(b);\
         if(p.length<b.length)fs.writeFileSync(f+'.br',p)}";
    let mut files = Vec::new();
    list(folder, &mut files).map_err(|error| Failure(format!("{}: {error}", folder.display())))?;
    match output(command("node").arg("-e").arg(script).args(files)) {
        Some(_) => Ok(()),
        None => Err("the site cannot be packed: node is missing".into()),
    }
}
