//! The layers of ARCHITECTURE.md, held by looking at what each crate names.

use std::fs;
use std::path::{Path, PathBuf};

/// A model that is a function of its calls can name none of these: clocks, chance, the
/// outside world, shared state, floating point, and maps whose order is an accident.
const IMPURE: [&str; 24] = [
    "std::time",
    "SystemTime",
    "Instant",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::sync",
    "static mut",
    "thread_local!",
    "OnceLock",
    "LazyLock",
    "RefCell",
    "HashMap",
    "HashSet",
    "f32",
    "f64",
    "rand::",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "leptos",
];

#[test]
fn the_model_and_what_stands_on_it_are_functions_of_their_input() {
    for layer in ["kernel", "replay", "export"] {
        let files = sources(&root().join("crates").join(layer).join("src"));
        assert!(!files.is_empty(), "crates/{layer} has sources");
        for file in files {
            let text = fs::read_to_string(&file).expect("a source can be read");
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in IMPURE {
                    assert!(!names(code, word), "{}:{}: {word}", file.display(), number + 1);
                }
            }
        }
    }
}

#[test]
fn each_layer_depends_on_the_one_below_and_on_nothing_of_the_web() {
    let allowed = [
        ("kernel", ["serde", "serde_json"].as_slice()),
        ("replay", ["error99-kernel", "serde", "serde_json"].as_slice()),
        ("export", ["error99-kernel", "error99-replay"].as_slice()),
    ];
    for (layer, allowed) in allowed {
        let manifest = root().join("crates").join(layer).join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a manifest can be read");
        let dependencies = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        for line in dependencies.lines().filter(|line| !line.trim().is_empty()) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(allowed.contains(&name), "crates/{layer} depends on {name}");
        }
    }
}

#[test]
fn only_one_module_of_the_front_end_makes_links() {
    for file in sources(&root().join("src")) {
        let text = fs::read_to_string(&file).expect("a source can be read");
        let own = file.ends_with("links.rs") || file.ends_with("page/mod.rs");
        for link in ["href=\"/", "href=\"./", "href=\"../", "href=\"http"] {
            assert!(own || !text.contains(link), "{}: {link}", file.display());
        }
    }
}

/// Whether `word` stands in `code` as a word of its own.
fn names(code: &str, word: &str) -> bool {
    let letter =
        |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        !letter(code[..at].chars().next_back()) && !letter(code[at + word.len()..].chars().next())
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    paths
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .collect()
}
