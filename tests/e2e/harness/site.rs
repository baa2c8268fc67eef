//! The built site, written once more with other settings.

use crate::root;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// A copy of the site in a folder of this name, its pages written anew with these settings, which
/// are variables of the environment. Trunk has built `prerender` for the site itself.
pub fn written(name: &str, settings: &[(&str, &str)]) -> PathBuf {
    let folder = root().join("target/sites").join(name);
    let _ = fs::remove_dir_all(&folder);
    copy(&root().join("dist"), &folder).unwrap_or_else(|error| panic!("{name}: {error}"));
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
