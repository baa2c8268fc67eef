//! Makes what is published shorter: esbuild takes out what nobody reads, comments above all.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A script, a statement list or a module.
pub fn script(content: &str) -> Result<String, String> {
    minify("js", content)
}

/// A style sheet.
pub fn style(content: &str) -> Result<String, String> {
    minify("css", content)
}

/// A part of a program, as Trunk does it with the program itself.
pub fn wasm(file: &Path) -> Result<(), String> {
    if !is_release() {
        return Ok(());
    }
    let level = option(BUILD, "data-wasm-opt")?;
    let more = option(BUILD, "data-wasm-opt-params")?;
    let status = Command::new("wasm-opt")
        .arg(format!("-O{level}"))
        .args(more.split(' '))
        .arg(file)
        .arg("-o")
        .arg(file)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("wasm-opt ended with {status}")),
        Err(error) => Err(format!("wasm-opt: {error}")),
    }
}

/// What Trunk builds, with the options for each program.
const BUILD: &str = include_str!("../../../index.html");

/// The first value of that name.
fn option<'a>(html: &'a str, name: &str) -> Result<&'a str, String> {
    let value = html.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.ok_or_else(|| format!("index.html has no {name}"))
}

/// What is built for work stays as it was written, for whoever looks into it.
fn minify(kind: &str, content: &str) -> Result<String, String> {
    if is_release() { esbuild(kind, content) } else { Ok(content.to_owned()) }
}

fn is_release() -> bool {
    env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release")
}

/// `cargo xtask` has put esbuild on the path.
fn esbuild(kind: &str, content: &str) -> Result<String, String> {
    let failed = |error: String| format!("esbuild ({kind}): {error}");
    let mut child = Command::new("esbuild")
        .args(["--minify", "--charset=utf8", "--legal-comments=none", "--log-level=error"])
        .arg(format!("--loader={kind}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    // It answers only once it has read everything, so neither waits for the other.
    let mut stdin = child.stdin.take().ok_or_else(|| failed("takes nothing".into()))?;
    stdin.write_all(content.as_bytes()).map_err(|error| failed(error.to_string()))?;
    drop(stdin);
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    String::from_utf8(output.stdout).map_err(|error| failed(error.to_string()))
}
