//! The `wasm-bindgen` command, as far as Trunk uses it.
//!
//! The real command takes minutes to compile and must match the `wasm-bindgen` of
//! Cargo.lock exactly. This one is the same library behind the few options that Trunk
//! passes; it comes from the lock file itself and so cannot drift from it.

use std::path::PathBuf;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

/// This package carries the version of the library that it wraps.
const VERSION: &str = env!("CARGO_PKG_VERSION");

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
                println!("wasm-bindgen {VERSION}");
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
    bindgen.input_path(input).generate(out_dir).map_err(|error| format!("{error:#}"))
}
