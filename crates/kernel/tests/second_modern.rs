//! The second model of the later releases against what the genuine kernels answered: every
//! field of every line.
//!
//! `VECTORS_MODERN` names the folder that has a folder for each release, `RELEASE` narrows to
//! one of them, `ONLY` to names of files or scenarios that contain it, or one of several with
//! commas between.

mod obvious_modern;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use error99_vocabulary::Json;
use flate2::read::GzDecoder;

const RELEASES: [&str; 6] = ["3.10", "4.19", "5.15", "6.1", "6.12", "6.18"];

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The folder of a release's vectors.
fn folder(release: &str) -> PathBuf {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors");
    let given = variable("VECTORS_MODERN");
    Path::new(if given.is_empty() { own } else { &given }).join(release)
}

fn vector_files(release: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder(release)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "gz"));
    files.sort();
    files
}

fn read(file: &Path) -> String {
    let packed = fs::File::open(file).expect("a vector file is readable");
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).expect("a vector file is text");
    text
}

/// The first place where two values differ.
fn difference(path: &str, wanted: &Json, got: &Json) -> Option<String> {
    match (wanted, got) {
        (Json::Object(wanted), Json::Object(got)) => {
            let extra = got.iter().find(|(key, _)| !wanted.iter().any(|(known, _)| known == key));
            if let Some((key, value)) = extra {
                return Some(format!("{path}.{key}: too much: {value}"));
            }
            wanted.iter().find_map(|(key, value)| {
                let place = format!("{path}.{key}");
                match got.iter().find(|(known, _)| known == key) {
                    Some((_, other)) => difference(&place, value, other),
                    None => Some(format!("{place}: missing: {value}")),
                }
            })
        }
        (Json::List(wanted), Json::List(got)) => {
            let inside = wanted.iter().zip(got).enumerate().find_map(|(place, (wanted, got))| {
                difference(&format!("{path}[{place}]"), wanted, got)
            });
            let lengths = || {
                let more = wanted.get(got.len()).or(got.get(wanted.len()))?;
                let (wanted, got) = (wanted.len(), got.len());
                Some(format!("{path}: {wanted} wanted, {got} there; first more: {more}"))
            };
            inside.or_else(lengths)
        }
        _ if wanted == got => None,
        _ => Some(format!("{path}: {wanted} wanted, {got} there")),
    }
}

/// What is different in a vector: its scenario, and the first place.
fn check(vector: &Json) -> Option<String> {
    let scenario = vector.get("scenario")?;
    let wanted = vector.get("trace")?;
    let Some(got) = obvious_modern::run(scenario) else { return Some("unknown release".into()) };
    let different = difference("", wanted, &got)?;
    let n = different[1..].split(']').next().and_then(|n| n.parse::<usize>().ok());
    let op = match (n, wanted) {
        (Some(n), Json::List(lines)) => lines.get(n).map(Json::to_string),
        _ => None,
    };
    Some(format!("{different}\n    {}", op.unwrap_or_default()))
}

fn name_of(vector: &Json) -> String {
    match vector.get("scenario").and_then(|scenario| scenario.get("name")) {
        Some(Json::Text(name)) => name.clone(),
        _ => String::new(),
    }
}

/// Vectors of a release, how many are identical, and what is different in the others.
fn check_release(release: &str) -> (usize, Vec<String>) {
    let only = variable("ONLY");
    let wanted = |name: &str| only.split(',').any(|part| name.contains(part));
    let mut count = 0;
    let mut different = Vec::new();
    for file in vector_files(release) {
        let of_file = file.file_name().is_some_and(|name| wanted(&name.to_string_lossy()));
        for text in read(&file).lines() {
            if !of_file && !wanted(text.get(..60).unwrap_or(text)) {
                continue;
            }
            let vector = Json::parse(text).expect("a vector is JSON");
            count += 1;
            let place = format!("{release} {}", name_of(&vector));
            different.extend(check(&vector).map(|what| format!("{place} {what}")));
        }
    }
    (count, different)
}

#[test]
fn the_second_model_gives_every_vector() {
    let wanted = variable("RELEASE");
    let mut all = Vec::new();
    for release in RELEASES.iter().filter(|release| wanted.is_empty() || **release == wanted) {
        let (count, different) = check_release(release);
        println!("{release}: {count} vectors, {} identical", count - different.len());
        all.extend(different);
    }
    assert!(all.is_empty(), "{} differ:\n{}", all.len(), all.join("\n"));
}
