//! The built site: whether it is that of the sources, and written once more with other settings.

use crate::root;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{fs, io};

/// What the site is made of, below the repository's root.
const MADE_OF: [&str; 7] =
    ["Cargo.toml", "Cargo.lock", "Trunk.toml", "index.html", "src", "style", "public"];
/// Crates that are no part of it.
const NO_PART: [&str; 3] = ["walk", "wasm-bindgen", "xtask"];

/// Something that `site` is made of and that was changed after it was built.
pub fn newer_than(site: &Path) -> io::Result<Option<PathBuf>> {
    let mut built = Vec::new();
    walk(site, &mut |file, changed| {
        if file.extension().is_some_and(|kind| kind == "wasm") {
            built.push(changed);
        }
    })?;
    let Some(built) = built.into_iter().min() else {
        return Ok(Some("src".into()));
    };
    let mut newest = (built, None);
    let mut look = |file: &Path, changed| {
        let file = file.strip_prefix(root()).unwrap_or(file);
        let test = file.components().any(|part| {
            let part = part.as_os_str();
            ["tests", "tests.rs", "examples", "benches"].iter().any(|test| part == *test)
        });
        if changed > newest.0 && !test {
            newest = (changed, Some(file.to_owned()));
        }
    };
    for name in MADE_OF {
        walk(&root().join(name), &mut look)?;
    }
    for entry in fs::read_dir(root().join("crates"))? {
        let entry = entry?;
        if !NO_PART.iter().any(|name| entry.file_name() == *name) {
            walk(&entry.path(), &mut look)?;
        }
    }
    Ok(newest.1)
}

/// Shows `look` a file, or all of a folder, each with the moment when it was changed last.
fn walk(path: &Path, look: &mut impl FnMut(&Path, SystemTime)) -> io::Result<()> {
    if !path.is_dir() {
        look(path, fs::metadata(path)?.modified()?);
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        walk(&entry?.path(), look)?;
    }
    Ok(())
}

/// A copy of the site as it is, in a folder of this name.
pub fn copied(name: &str) -> PathBuf {
    let folder = root().join("target/sites").join(name);
    let _ = fs::remove_dir_all(&folder);
    copy(&root().join("dist"), &folder).unwrap_or_else(|error| panic!("{name}: {error}"));
    folder
}

/// A copy of the site in a folder of this name, its pages written anew with these settings, which
/// are variables of the environment. Trunk has built `prerender` for the site itself.
pub fn written(name: &str, settings: &[(&str, &str)]) -> PathBuf {
    let folder = copied(name);
    let mut prerender = Command::new(root().join("target/debug/prerender"));
    let done = prerender.arg(&folder).envs(settings.iter().copied()).output();
    let done = done.unwrap_or_else(|error| panic!("prerender does not start: {error}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
