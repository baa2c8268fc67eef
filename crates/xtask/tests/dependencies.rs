//! What comes in from others: its licences and where it is from, by the lists of `deny.toml`.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_crate_has_a_licence_that_we_may_pass_on() {
    let allowed = list("allow = [");
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(fits(licence, &allowed), "{}: {licence}", package["id"]);
    }
}

#[test]
fn every_crate_is_our_own_or_from_the_registry() {
    let allowed = list("allow-registry = [");
    for package in packages() {
        let Some(source) = package["source"].as_str() else { continue };
        let known = allowed.iter().any(|registry| source == format!("registry+{registry}"));
        assert!(known, "{} is from {source}", package["id"]);
    }
}

/// Whether a licence expression is met by licences of the list. An older way to write `OR` is `/`;
/// parentheses only ever enclose alternatives.
fn fits(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        let part = part.trim_matches(['(', ')', ' ']);
        part.split(" OR ").any(|licence| allowed.iter().any(|known| known == licence.trim()))
    })
}

#[test]
fn a_licence_expression_is_read() {
    let allowed = ["MIT".to_owned(), "Zlib".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-2.0-only", false),
        ("Apache-2.0/MIT", true),
        ("(MIT OR Apache-2.0) AND Zlib", true),
        ("MIT AND GPL-2.0-only", false),
    ] {
        assert_eq!(fits(expression, &allowed), expected, "{expression}");
    }
}

/// Every package of the lock file.
fn packages() -> Vec<Value> {
    let arguments = ["metadata", "--format-version=1", "--locked", "--offline", "--all-features"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output();
    let output = output.expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    match metadata["packages"].take() {
        Value::Array(packages) if packages.len() > 10 => packages,
        other => panic!("no packages: {other}"),
    }
}

/// The texts of a list in `deny.toml` that starts so at the beginning of a line.
fn list(start: &str) -> Vec<String> {
    let file = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let (_, rest) = file.split_once(&format!("\n{start}")).expect("the list is there");
    let (list, _) = rest.split_once(']').expect("the list ends");
    list.split('"').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
