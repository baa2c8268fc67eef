//! The model against what the genuine code answered: every field of every line.

#[path = "../examples/conformance/compare.rs"]
mod compare;
#[path = "../examples/conformance/files.rs"]
mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use error99_kernel::Release;
use error99_vocabulary::Json;
use files::{Report, check_file, check_text, check_vector};

/// Vectors there are of each release: those of 2.6.32 and the hashes of all lie at the top, those
/// of each later release in a folder of its name.
const VECTORS: [(&str, usize); 7] = [
    ("", 1_245),
    ("3.10", 722),
    ("4.19", 716),
    ("5.15", 722),
    ("6.1", 723),
    ("6.12", 723),
    ("6.18", 723),
];

fn vector_files(release: &str) -> Vec<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).join(release);
    let entries = std::fs::read_dir(folder).expect("the vectors are part of the crate");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn values_of(file: &Path) -> Vec<Json> {
    let text = files::read(file).expect("readable");
    files::values(&text).into_iter().map(|value| value.expect("JSON")).collect()
}

fn every_vector_is_identical(release: &str) {
    let mut total = Report::default();
    for file in vector_files(release) {
        total.add(check_file(&file));
    }
    println!("{release}: {}", total.counts());
    assert_eq!(total.differences, Vec::<String>::new());
    let count = VECTORS.iter().find(|(name, _)| *name == release).map(|(_, count)| *count);
    assert_eq!(Some(total.vectors), count);
}

#[test]
fn the_traced_releases_are_those_that_have_vectors() {
    let traced = Release::ALL.into_iter().filter(|release| release.is_traced());
    let later = VECTORS.iter().map(|(name, _)| *name).filter(|name| !name.is_empty());
    assert!(traced.map(Release::name).eq(["2.6.32"].into_iter().chain(later)));
}

#[test]
fn every_vector_of_2_6_32_is_identical() {
    every_vector_is_identical("");
}

#[test]
fn every_vector_of_3_10_is_identical() {
    every_vector_is_identical("3.10");
}

#[test]
fn every_vector_of_4_19_is_identical() {
    every_vector_is_identical("4.19");
}

#[test]
fn every_vector_of_5_15_is_identical() {
    every_vector_is_identical("5.15");
}

#[test]
fn every_vector_of_6_1_is_identical() {
    every_vector_is_identical("6.1");
}

#[test]
fn every_vector_of_6_12_is_identical() {
    every_vector_is_identical("6.12");
}

#[test]
fn every_vector_of_6_18_is_identical() {
    every_vector_is_identical("6.18");
}

/// Every way in which a value can be made wrong in one place: paths and altered copies.
fn alterations(json: &Json) -> Vec<Json> {
    match json {
        Json::Null => vec![Json::Int(0)],
        Json::Bool(value) => vec![Json::Bool(!value), Json::Int((*value).into())],
        Json::Int(value) => vec![Json::Int(value.wrapping_add(1)), Json::Text(value.to_string())],
        Json::Text(text) => vec![Json::Text(format!("{text}x")), Json::Null],
        Json::List(list) => {
            let mut altered = inside_list(list);
            altered.push(Json::List(list.iter().cloned().chain([Json::Null]).collect()));
            if let Some((_, shorter)) = list.split_last() {
                altered.push(Json::List(shorter.to_vec()));
            }
            altered
        }
        Json::Object(entries) => {
            let mut altered = inside_object(entries);
            let extra = ("an extra key".to_owned(), Json::Null);
            altered.push(Json::Object(entries.iter().cloned().chain([extra]).collect()));
            for place in 0..entries.len() {
                let mut fewer = entries.clone();
                fewer.remove(place);
                altered.push(Json::Object(fewer));
            }
            altered
        }
    }
}

fn inside_list(list: &[Json]) -> Vec<Json> {
    let mut altered = Vec::new();
    // The first and the last entry stand for the others, which are of the same kinds.
    for place in [0, list.len().saturating_sub(1)] {
        for value in list.get(place).map(alterations).unwrap_or_default() {
            let mut list = list.to_vec();
            list[place] = value;
            altered.push(Json::List(list));
        }
    }
    altered
}

fn inside_object(entries: &[(String, Json)]) -> Vec<Json> {
    let mut altered = Vec::new();
    for (place, (_, value)) in entries.iter().enumerate() {
        for value in alterations(value) {
            let mut entries = entries.to_vec();
            entries[place].1 = value;
            altered.push(Json::Object(entries));
        }
    }
    altered
}

/// One line of each kind (operation and keys), in the shortest vector that has it.
fn line_of_each_kind(release: &str) -> BTreeMap<String, (usize, Json)> {
    let mut kinds: BTreeMap<String, (usize, Json)> = BTreeMap::new();
    let names = ["hand.jsonl.gz", "hand-extra.jsonl.gz", "random-listen.jsonl.gz"];
    let files = vector_files(release);
    for file in files.iter().filter(|file| names.iter().any(|name| file.ends_with(name))) {
        for vector in values_of(file) {
            let Some(Json::List(trace)) = vector.get("trace") else { continue };
            for (place, line) in trace.iter().enumerate() {
                let Json::Object(entries) = line else { continue };
                let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
                let op = line.get("op").map(Json::to_string).unwrap_or_default();
                let kind = format!("{op} {}", keys.join(" "));
                let shorter = kinds.get(&kind).is_none_or(|(_, known)| length(known) > trace.len());
                if shorter {
                    kinds.insert(kind, (place, vector.clone()));
                }
            }
        }
    }
    kinds
}

fn length(vector: &Json) -> usize {
    match vector.get("trace") {
        Some(Json::List(trace)) => trace.len(),
        _ => 0,
    }
}

/// The vector with another line at that place of its trace.
fn with_line(vector: &Json, place: usize, line: Json) -> Json {
    let Json::Object(entries) = vector else { return Json::Null };
    let mut entries = entries.clone();
    for (key, value) in &mut entries {
        if let ("trace", Json::List(trace)) = (key.as_str(), value) {
            trace[place] = line.clone();
        }
    }
    Json::Object(entries)
}

#[test]
fn any_altered_value_or_key_of_any_kind_of_line_is_a_difference() {
    // Oldest and newest; what they have is what there is.
    for release in ["", "3.10", "6.18"] {
        alterations_are_noticed(release);
    }
}

fn alterations_are_noticed(release: &str) {
    let kinds = line_of_each_kind(release);
    assert!(kinds.len() > 40, "{} kinds of lines", kinds.len());
    for (kind, (place, vector)) in kinds {
        assert_eq!(check_vector("", &vector), Vec::<String>::new());
        let Some(Json::List(trace)) = vector.get("trace") else { continue };
        for altered in alterations(&trace[place]) {
            let text = altered.to_string();
            let lines = check_vector("", &with_line(&vector, place, altered));
            assert!(!lines.is_empty(), "unnoticed in {kind}: {text}");
        }
    }
}

#[test]
fn a_missing_or_an_extra_line_is_a_difference() {
    let all = ["", "3.10", "6.18"].map(line_of_each_kind);
    for (_, vector) in all.into_iter().flat_map(BTreeMap::into_values) {
        for change in [1, -1] {
            let Json::Object(mut entries) = vector.clone() else { continue };
            for (key, value) in &mut entries {
                if let ("trace", Json::List(trace)) = (key.as_str(), value) {
                    if change > 0 { trace.push(Json::Null) } else { drop(trace.pop()) }
                }
            }
            assert!(!check_vector("", &Json::Object(entries)).is_empty());
        }
    }
}

#[test]
fn unknown_keys_outside_the_trace_are_differences() {
    for release in VECTORS {
        unknown_keys_are_noticed(release.0);
    }
}

fn unknown_keys_are_noticed(release: &str) {
    let kinds = line_of_each_kind(release);
    let (_, vector) = kinds.into_values().next().expect("there are vectors");
    for key in ["", "scenario", "config"] {
        let altered = match key {
            "" => with_extra_key(&vector),
            "scenario" => replaced(&vector, "scenario", with_extra_key),
            _ => replaced(&vector, "scenario", |scenario| {
                replaced(scenario, "config", with_extra_key)
            }),
        };
        assert!(!check_vector("", &altered).is_empty(), "{key}");
    }
}

fn with_extra_key(object: &Json) -> Json {
    let Json::Object(entries) = object else { return Json::Null };
    let extra = ("an extra key".to_owned(), Json::Null);
    Json::Object(entries.iter().cloned().chain([extra]).collect())
}

fn replaced(object: &Json, key: &str, change: impl Fn(&Json) -> Json) -> Json {
    let Json::Object(entries) = object else { return Json::Null };
    let entry = |(known, value): &(String, Json)| {
        (known.clone(), if known == key { change(value) } else { value.clone() })
    };
    Json::Object(entries.iter().map(entry).collect())
}

#[test]
fn a_wrong_or_incomplete_hash_is_a_difference() {
    let files = vector_files("");
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "json")) {
        let values = values_of(file);
        let Some(Json::List(hashes)) = values.first() else { panic!("{}", file.display()) };
        for altered in alterations(&hashes[0]) {
            let report = check_text("", &Json::List(vec![altered.clone()]).to_string());
            let harmless = altered.get("bhash_size").is_some() && report.different == 0;
            // Another size or port can fall into the same chain.
            assert!(harmless || report.different == 1, "unnoticed: {altered}");
        }
    }
}

#[test]
fn an_empty_or_torn_file_is_a_difference() {
    for text in ["", "[]", "{", "{\"scenario\": 1}", "{\"v\": 1}", "{\"v\": 1, \"port\": 1}\nx"] {
        assert!(check_text("", text).different > 0, "{text}");
    }
}
