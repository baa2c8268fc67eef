//! The `wasm-bindgen` command, as far as Trunk uses it.
//!
//! The real command takes minutes to compile and must match the `wasm-bindgen` of
//! Cargo.lock exactly. This one is the same library behind the few options that Trunk
//! passes; it comes from the lock file itself and so cannot drift from it. Before that it takes
//! out of a program what is marked as a part of it that is loaded later (`wasm_split`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// This package carries the version of the library that it wraps, with what else it does.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What the names of a part's functions begin with.
const MARK: &[u8] = b"__wasm_split_00";
/// A folder that Trunk takes over as it is, and so one for the parts.
const PARTS: &str = "snippets";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    let mut input: Option<PathBuf> = None;
    let mut out_dir: Option<PathBuf> = None;
    bindgen.typescript(true);
    for argument in arguments {
        match argument.split_once('=').unwrap_or((&argument, "")) {
            ("--version", _) => {
                println!("wasm-bindgen {}", VERSION.split('+').next().unwrap_or(VERSION));
                return Ok(());
            }
            ("--whole-version", _) => {
                println!("{VERSION}");
                return Ok(());
            }
            ("--target", "web") => {
                bindgen.web(true).map_err(|error| error.to_string())?;
            }
            ("--out-dir", folder) => out_dir = Some(folder.into()),
            ("--out-name", name) => {
                bindgen.out_name(name);
            }
            ("--no-typescript", _) => {
                bindgen.typescript(false);
            }
            ("--keep-debug", _) => {
                bindgen.keep_debug(true);
            }
            ("--no-demangle", _) => {
                bindgen.demangle(false);
            }
            (option, _) if option.starts_with('-') => {
                return Err(format!("{argument} is not among the options that Trunk passes"));
            }
            (file, _) => input = Some(file.into()),
        }
    }
    let input = input.ok_or("the .wasm file is missing")?;
    let out_dir = out_dir.ok_or("--out-dir is missing")?;
    let main = split(&input, &out_dir.join(PARTS))?;
    // What the linker exports, the table of functions above all, is shared with the parts.
    bindgen.keep_lld_exports(main != input);
    bindgen.input_path(main).generate(out_dir).map_err(|error| format!("{error:#}"))
}

/// Writes the parts of a program into `folder`, and what is left of it beside the program; says
/// where that is. A program without parts stays as it is.
fn split(program: &Path, folder: &Path) -> Result<PathBuf, String> {
    let wasm = fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    if !wasm.windows(MARK.len()).any(|bytes| bytes == MARK) {
        return Ok(program.to_owned());
    }
    let main = program.with_extension("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.target.web();
    wasm_split_cli_support::transform(options).map_err(|error| format!("{error:#}"))?;
    Ok(main)
}
