//! The layers of ARCHITECTURE.md, held by looking at what each source names.

mod known;
mod rooms;
mod rules;
mod source;
mod styles;
mod types;

use source::sources;

/// A model that is a function of its calls can name none of these: clocks, chance, the
/// outside world, shared state, floating point, and maps whose order is an accident.
const IMPURE: &[&str] = &[
    "std::time",
    "SystemTime",
    "Instant",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "atomic",
    "mpsc",
    "Mutex",
    "RwLock",
    "Condvar",
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
    for layer in ["kernel", "vocabulary", "replay", "export", "story"] {
        for source in sources(&[&format!("crates/{layer}/src")]) {
            for (number, code) in source.code.lines().enumerate() {
                for word in IMPURE {
                    assert!(!names(code, word), "{}:{}: {word}", source.path, number + 1);
                }
            }
        }
    }
}

#[test]
fn only_one_module_of_the_front_end_makes_links() {
    for source in sources(&["src"]) {
        let own = source.path.ends_with("links.rs") || source.path.ends_with("page/mod.rs");
        for link in ["href=\"/", "href=\"./", "href=\"../", "href=\"http"] {
            assert!(own || !source.text.contains(link), "{}: {link}", source.path);
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
