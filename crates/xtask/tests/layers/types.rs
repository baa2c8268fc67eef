//! A name means one thing: no two types that more than a module sees bear the same one.

use std::collections::BTreeMap;

use crate::known::{Known, left};
use crate::source::{Source, sources};

/// The crates that the page is made of.
const ROOMS: &[&str] = &[
    "crates/kernel/src",
    "crates/vocabulary/src",
    "crates/replay/src",
    "crates/story/src",
    "crates/export/src",
    "crates/diagnose/src",
    "src",
];

/// What begins the definition of a type.
const WORDS: &[&str] = &["struct", "enum", "union", "type", "trait"];

/// Names that stand several times.
const SEVERAL: &[Known] = &[
    Known("Controls", "each picture of the story has its own, named with its module"),
    Known("Reader", "of the bytes of a link in replay, of a paste in diagnose"),
    Known("Scene", "each picture of the story has its own, named with its module"),
];

#[test]
fn no_two_types_bear_the_same_name() {
    let sources = sources(ROOMS);
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        for name in types(source) {
            places.entry(name).or_default().push(&source.path);
        }
    }
    places.retain(|_, places| places.len() > 1);
    places.iter().for_each(|(name, places)| println!("{name}: {places:?}"));
    let names = places.keys().map(|name| (*name).to_owned());
    left("a name of several types", names.collect(), SEVERAL);
}

/// Names of the types of a source that aren't private to their module.
fn types(source: &Source) -> impl Iterator<Item = &str> {
    source.code.lines().filter_map(|line| {
        let line = line.trim_start().strip_prefix("pub")?;
        let line = match line.strip_prefix('(') {
            Some(line) => line.split_once(')')?.1,
            None => line,
        };
        let (word, name) = line.strip_prefix(' ')?.split_once(' ')?;
        let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
        WORDS.contains(&word).then(|| &name[..end])
    })
}

#[test]
fn types_are_found_however_far_they_are_seen() {
    let code = "pub struct A(u8);\n    pub(crate) enum B {\npub(in crate::lab) type C = u8;\n\
                struct D;\npub fn e() {}\npub trait F<G> {}\npublic struct H;";
    let source = Source { path: String::new(), text: String::new(), code: code.into() };
    assert_eq!(types(&source).collect::<Vec<_>>(), ["A", "B", "C", "F"]);
}
