//! What makes the site work without a network, and what installs it: the service worker with its
//! list of files, and the manifests.

use crate::folder::{Folder, hash, integrity};
use error99::lang::Lang;
use error99::text::{shell, story};
use serde_json::json;

/// Kinds of files that pages use.
const KINDS: [&str; 9] =
    [".html", ".css", ".js", ".wasm", ".txt", ".woff2", ".svg", ".png", ".webmanifest"];
/// What no reader needs offline: the page for unknown paths, the worker itself, licences of fonts,
/// what is for other sites, the site as one file.
const LEFT_OUT: [&str; 7] =
    ["404.html", "sw.js", "LICENSE", "og/", "embed/", "embed.js", crate::single::NAME];

/// Writes the service worker. Everything else of the site must be there.
pub fn write_worker(folder: &Folder) -> Result<usize, String> {
    let mut files = Vec::new();
    for path in folder.list()? {
        let used = KINDS.iter().any(|kind| path.ends_with(kind))
            && !LEFT_OUT.iter().any(|part| path.contains(part));
        if used {
            // A page is asked for by its folder.
            let address = path.strip_suffix("index.html").unwrap_or(&path).to_owned();
            files.push((address, integrity(&folder.read(&path)?)));
        }
    }
    let list = json!(files).to_string();
    let version = hash(list.as_bytes());
    let worker = include_str!("../../browser/sw.js");
    let worker = format!("const VERSION = \"{version:016x}\";\nconst FILES = {list};\n{worker}");
    folder.write("sw.js", worker)?;
    Ok(files.len())
}

/// Writes the manifest of each language, beside its story.
pub fn write_manifests(folder: &Folder) -> Result<(), String> {
    for lang in Lang::ALL {
        let root = "../".repeat(lang.path_prefix().matches('/').count());
        let icon = |name: &str, sizes: &str, purpose: &str| {
            let kind = if name.ends_with("svg") { "image/svg+xml" } else { "image/png" };
            json!({ "src": format!("{root}icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose })
        };
        let manifest = json!({
            "name": shell::brand(lang),
            "description": story::dek(lang),
            "lang": lang.tag(),
            "start_url": "./",
            "scope": format!("./{root}"),
            "display": "standalone",
            // The paper of style/tokens.css.
            "background_color": "#FAF9F5",
            "theme_color": "#FAF9F5",
            "icons": [
                icon("icon.svg", "any", "any"),
                icon("icon-192.png", "192x192", "any"),
                icon("icon-512.png", "512x512", "any"),
                icon("maskable-512.png", "512x512", "maskable"),
            ],
        });
        let path = format!("{}error99.webmanifest", lang.path_prefix());
        folder.write(&path, manifest.to_string())?;
    }
    Ok(())
}
