//! The model against what the genuine code answered: every field of every line.

#[path = "../examples/conformance/compare.rs"]
mod compare;
#[path = "../examples/conformance/files.rs"]
mod files;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use error99_vocabulary::Json;
use files::{Report, check_file, check_text, check_vector};

fn vector_files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let entries = std::fs::read_dir(folder).expect("the vectors are part of the crate");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

fn values_of(file: &Path) -> Vec<Json> {
    let text = files::read(file).expect("readable");
    files::values(&text).into_iter().map(|value| value.expect("JSON")).collect()
}

#[test]
fn every_vector_is_identical() {
    let mut total = Report::default();
    for file in vector_files() {
        total.add(check_file(&file));
    }
    let identical = total.vectors - total.different;
    println!("{} vectors, {identical} identical, {} different", total.vectors, total.different);
    assert_eq!(total.differences, Vec::<String>::new());
    assert_eq!(total.vectors, 845);
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
fn line_of_each_kind() -> BTreeMap<String, (usize, Json)> {
    let mut kinds: BTreeMap<String, (usize, Json)> = BTreeMap::new();
    let names = ["hand.jsonl.gz", "hand-extra.jsonl.gz", "random-listen.jsonl.gz"];
    for file in vector_files().iter().filter(|file| names.iter().any(|name| file.ends_with(name))) {
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
    let kinds = line_of_each_kind();
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
    for (_, vector) in line_of_each_kind().into_values() {
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
    let (_, vector) = line_of_each_kind().into_values().next().expect("there are vectors");
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
    for file in vector_files().iter().filter(|file| file.extension().is_some_and(|e| e == "json")) {
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
