//! The built site: whether it is that of the sources, and written once more with other settings.

use crate::root;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
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
    copy_anew(&root().join("dist"), &folder);
    folder
}

/// The site with other settings, which are variables of the environment.
pub struct Written {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    writing: Mutex<()>,
}

impl Written {
    const fn new(name: &'static str, settings: &'static [(&'static str, &'static str)]) -> Written {
        Written { name, settings, writing: Mutex::new(()) }
    }
}

/// For a host that serves it below `/some/where`.
pub static BELOW: Written = Written::new("below", &[("ERROR99_ROOT", "/some/where/")]);
/// As one file, too.
pub static AS_ONE_FILE: Written = Written::new("single", &[("ERROR99_SINGLE_FILE", "1")]);
/// The address of the site as it is published.
pub const ADDRESS: &str = "https://site.invalid/e99";
/// With its address, and as one file, too.
pub static PUBLISHED: Written =
    Written::new("published", &[("ERROR99_SITE_URL", ADDRESS), ("ERROR99_SINGLE_FILE", "1")]);

/// A copy of the site as it is with these settings, in a folder of this name. Writing all pages
/// costs a quarter of a minute, so it's done once for each build: the next engine finds what was
/// written. Trunk has built `prerender` for the site itself.
pub fn written(name: &str, written: &Written) -> PathBuf {
    let _alone = written.writing.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = root().join("target/sites/written").join(written.name);
    let mark = kept.with_extension("of");
    let build = format!("{:?} {:?}", written.settings, built(&root().join("dist")));
    if !fs::read_to_string(&mark).is_ok_and(|of| of == build) {
        let _ = fs::remove_file(&mark);
        copy_anew(&root().join("dist"), &kept);
        let mut prerender = Command::new(root().join("target/debug/prerender"));
        let done = prerender.arg(&kept).envs(written.settings.iter().copied()).output();
        let done = done.unwrap_or_else(|error| panic!("prerender does not start: {error}"));
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        fs::write(&mark, build).unwrap_or_else(|error| panic!("{}: {error}", mark.display()));
    }
    let folder = root().join("target/sites").join(name);
    copy_anew(&kept, &folder);
    folder
}

/// When a site was written: the newest moment of its files.
fn built(site: &Path) -> Option<SystemTime> {
    let mut newest = None;
    let look = &mut |_: &Path, changed| newest = newest.max(Some(changed));
    walk(site, look).ok().and(newest)
}

fn copy_anew(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
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
