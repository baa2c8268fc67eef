//! The folder that Trunk built, and names that change with what is in a file.

use crate::minify;
use base64::{Engine, engine::general_purpose::STANDARD};
use error99::page::document::Asset;
use sha2::{Digest, Sha384};
use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

/// Where Trunk puts what else comes with a program.
const PARTS: &str = "snippets";

/// The folder of a site that is being written. Paths are below it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(path: OsString) -> Folder {
        Folder(path.into())
    }

    /// Writes a file, and the folders that it needs.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> Result<(), String> {
        let file = self.0.join(path);
        let folder = file.parent().ok_or("a file needs a folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, content))
            .map_err(|error| format!("{path}: {error}"))
    }

    /// Writes a file under a name that changes with its content.
    pub fn write_hashed(&self, (name, kind): (&str, &str), content: &str) -> Result<Asset, String> {
        let name = format!("{name}-{:016x}.{kind}", hash(content.as_bytes()));
        self.write(&name, content)?;
        Ok(Asset { name, integrity: integrity(content.as_bytes()) })
    }

    /// The file of that name, which an earlier run has written or which is made now.
    pub fn once(
        &self,
        named: (&str, &str),
        make: impl FnOnce() -> Result<String, String>,
    ) -> Result<Asset, String> {
        self.asset(named).or_else(|_| self.write_hashed(named, &make()?))
    }

    /// The WebAssembly of `program`. Trunk gives a name that changes with the content only to the
    /// first one: the others are given theirs here.
    pub fn wasm(&self, program: &str) -> Result<Asset, String> {
        const END: &str = "_bg.wasm";
        let plain = format!("{program}{END}");
        let name = if self.0.join(&plain).exists() {
            let name = format!("{program}-{:016x}{END}", hash(&self.read(&plain)?));
            fs::rename(self.0.join(&plain), self.0.join(&name))
                .map_err(|error| format!("{name}: {error}"))?;
            name
        } else {
            self.find(&format!("{program}-"), END)?
        };
        let integrity = integrity(&self.read(&name)?);
        Ok(Asset { name, integrity })
    }

    /// The WebAssembly of a `part` that is loaded later. Trunk leaves it in a folder, and as it was
    /// compiled: it is made smaller here, as the programs are.
    pub fn part(&self, part: &str) -> Result<Asset, String> {
        const END: &str = ".wasm";
        let raw = format!("{PARTS}/split_{part}{END}");
        let name = if self.0.join(&raw).exists() {
            minify::wasm(&self.0.join(&raw))?;
            let content = self.read(&raw)?;
            self.remove(PARTS);
            let name = format!("{part}-{:016x}{END}", hash(&content));
            self.write(&name, content)?;
            name
        } else {
            self.find(&format!("{part}-"), END)?
        };
        let integrity = integrity(&self.read(&name)?);
        Ok(Asset { name, integrity })
    }

    /// Takes what wasm-bindgen made for `program` out of the folder.
    pub fn take_module(&self, program: &str) -> Result<String, String> {
        let mut files = self.list()?.into_iter();
        let name = files.find(|name| is_module(name, program));
        let name = name.ok_or_else(|| format!("the folder holds no module of {program}"))?;
        let module = self.text(&name)?;
        fs::remove_file(self.0.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        Ok(module)
    }

    /// The one file whose name starts with `name` and a hash, and that ends with `kind`.
    pub fn asset(&self, (name, kind): (&str, &str)) -> Result<Asset, String> {
        let name = self.find(&format!("{name}-"), &format!(".{kind}"))?;
        let integrity = integrity(&self.read(&name)?);
        Ok(Asset { name, integrity })
    }

    /// What is in a file of text.
    pub fn text(&self, path: &str) -> Result<String, String> {
        String::from_utf8(self.read(path)?).map_err(|error| format!("{path}: {error}"))
    }

    /// What is in a file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|error| format!("{path}: {error}"))
    }

    /// Takes a folder away, if it is there.
    pub fn remove(&self, path: &str) {
        let _ = fs::remove_dir_all(self.0.join(path));
    }

    /// The paths of all files, in order.
    pub fn list(&self) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(self.0.join(&folder));
            for entry in entries.map_err(|error| format!("{folder}: {error}"))?.flatten() {
                let path = format!("{folder}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    folders.push(path + "/");
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The one file whose name starts and ends so.
    fn find(&self, start: &str, end: &str) -> Result<String, String> {
        let entries = fs::read_dir(&self.0).map_err(|error| format!("{start}*{end}: {error}"))?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with(start) && name.ends_with(end))
            .collect();
        match (names.pop(), names.is_empty()) {
            (Some(name), true) => Ok(name),
            _ => Err(format!("the folder must hold exactly one {start}*{end}")),
        }
    }
}

/// Whether this is the script that Trunk put beside `program`, with or without a hash in its name:
/// up to sixteen digits, as Trunk writes no zeros in front.
fn is_module(name: &str, program: &str) -> bool {
    let Some(rest) = name.strip_prefix(program).and_then(|rest| rest.strip_suffix(".js")) else {
        return false;
    };
    let hash = rest.strip_prefix('-').unwrap_or_default();
    rest.is_empty()
        || ((1..=16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What a browser is told to compare `content` with.
pub fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", base64(&Sha384::digest(content)))
}

pub fn base64(content: &[u8]) -> String {
    STANDARD.encode(content)
}

/// What names a file after its content.
pub fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::is_module;

    #[test]
    fn a_module_is_found_whatever_its_hash() {
        for name in ["lab.js", "lab-7.js", "lab-61b5f0c7e3a8d24.js", "lab-ec6de0cf0aca3b20.js"] {
            assert!(is_module(name, "lab"), "{name}");
        }
        for name in
            ["lab-.js", "label.js", "boot-lab-7.js", "lab-ec6de0cf0aca3b200.js", "lab-7.wasm"]
        {
            assert!(!is_module(name, "lab"), "{name}");
        }
    }
}
