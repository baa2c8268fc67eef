//! The rooms of the house, and the one direction between them: down.

use std::collections::BTreeMap;
use std::fs;

use crate::known::{Known, left};
use crate::source::{Source, entries, root, sources};

/// Each crate, and those of our own that it may stand on. (Tests may use more.)
const CRATES: &[(&str, &[&str])] = &[
    ("crates/kernel", &[]),
    ("crates/walk", &["kernel"]),
    ("crates/vocabulary", &["kernel"]),
    ("crates/replay", &["kernel", "vocabulary"]),
    ("crates/export", &["kernel", "vocabulary", "replay"]),
    ("crates/story", &["kernel", "replay"]),
    ("crates/diagnose", &["kernel"]),
    ("crates/server", &[]),
    ("crates/wasm-bindgen", &[]),
    ("crates/wasm-streams", &[]),
    ("crates/xtask", &["server"]),
    (".", &["kernel", "vocabulary", "replay", "export", "story", "server"]),
    ("tests/e2e", &["kernel", "replay", "export", "story", "server", "walk"]),
];

/// What comes from elsewhere into crates that are functions of their input.
const FROM_ELSEWHERE: &[(&str, &[&str])] = &[
    ("crates/kernel", &[]),
    ("crates/vocabulary", &["serde", "serde_json"]),
    ("crates/replay", &["serde", "serde_json"]),
    ("crates/export", &[]),
    ("crates/story", &[]),
    ("crates/diagnose", &[]),
];

/// Where the front end lies.
const HOME: &str = "src";

/// The rooms of the front end, from the bottom up: each may use what lies on floors below its own.
const FLOORS: &[&[&str]] = &[
    &["lang", "icon", "pictures"],
    &["links"],
    &["text"],
    &["live"],
    &["ui"],
    &["hook", "lab", "compare", "picture", "files"],
    &["page"],
    // Programs, the list of rooms, and what isn't Rust.
    &["bin", "lib", "browser"],
];

/// What a room still uses of another one against the direction.
const UPWARDS: &[Known] = &[];

/// What is used of the inside of a view though it isn't a view.
const INTERNALS: &[Known] = &[];

#[test]
fn every_crate_has_its_place_and_stands_on_those_below_it() {
    let own = |name: &str| name.strip_prefix("error99-").map(ToOwned::to_owned);
    let placed = |folder: &str| CRATES.iter().any(|(name, _)| *name == folder);
    for name in entries("crates") {
        assert!(placed(&format!("crates/{name}")), "crates/{name} has no place in CRATES");
    }
    for (folder, below) in CRATES {
        let dependencies = dependencies(folder);
        for name in &dependencies {
            if let Some(name) = own(name) {
                assert!(below.contains(&name.as_str()), "{folder} stands on {name}");
            } else if let Some((_, known)) = FROM_ELSEWHERE.iter().find(|(name, _)| name == folder)
            {
                assert!(known.contains(&name.as_str()), "{folder} depends on {name}");
            }
        }
        for name in *below {
            let used = dependencies.iter().any(|found| own(found).as_deref() == Some(name));
            assert!(used, "{folder} doesn't stand on {name} any more: take it off the list");
        }
    }
}

/// Names of the crates that a crate depends on, tests apart.
fn dependencies(folder: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml"));
    let manifest = manifest.unwrap_or_else(|error| panic!("{folder}: {error}"));
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let lines = section.lines().filter(|line| line.contains('=') && !line.starts_with(' '));
    lines.map(|line| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned()).collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

#[test]
fn every_room_of_the_front_end_has_its_floor() {
    let found = entries(HOME);
    let rooms = found.iter().map(|name| name.trim_end_matches(".rs"));
    let rooms: Vec<&str> = rooms.filter(|name| !name.ends_with(".svg")).collect();
    for room in &rooms {
        assert!(floor(room).is_some(), "src/{room} has no place in FLOORS");
    }
    for room in FLOORS.concat() {
        assert!(rooms.contains(&room), "src/{room} is gone: take it off FLOORS");
    }
}

#[test]
fn in_the_front_end_arrows_lead_down() {
    let sources = front_end();
    let modules: Vec<Vec<String>> = sources.iter().map(|source| source.module(HOME)).collect();
    let mut found = Vec::new();
    for (source, module) in sources.iter().zip(&modules) {
        let Some(here) = module.first().filter(|room| *room != "bin") else { continue };
        for name in source.names(HOME) {
            let Some(there) = name.first().filter(|there| *there != here) else { continue };
            let (Some(low), Some(high)) = (floor(there), floor(here)) else { continue };
            if low >= high {
                let part =
                    (1..=name.len()).rev().find(|at| modules.contains(&name[..*at].to_vec()));
                found.push(format!("{here} uses {}", name[..part.unwrap_or(1)].join("::")));
            }
        }
    }
    left("an arrow that leads up", found, UPWARDS);
}

#[test]
fn no_view_uses_what_is_inside_another_one() {
    let sources = front_end();
    // The components of each module.
    let modules: BTreeMap<Vec<String>, Vec<&str>> =
        sources.iter().map(|source| (source.module(HOME), source.components())).collect();
    let mut found = Vec::new();
    for source in &sources {
        let here = source.module(HOME);
        for name in source.names(HOME) {
            let Some(at) = (1..name.len()).rev().find(|at| modules.contains_key(&name[..*at]))
            else {
                continue;
            };
            let (there, inside) = (&name[..at], &name[at]);
            let views = &modules[there];
            // A module's parts belong to it, and it to them.
            let same_house = here.starts_with(there) || there.starts_with(&here);
            let module = modules.contains_key(&name[..=at]);
            if !views.is_empty() && !same_house && !module && !views.contains(&inside.as_str()) {
                found.push(name[..=at].join("::"));
            }
        }
    }
    left("what is used of the inside of a view", found, INTERNALS);
}

/// All sources of the front end but tests.
fn front_end() -> Vec<Source> {
    sources(&[HOME]).into_iter().filter(|source| !source.is_test()).collect()
}
