//! Field by field comparison of trace lines.

use std::fmt;

use error99_vocabulary::Json;

/// One value that isn't as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Keys and places that lead to the value, such as `st.hint` or `walk[3][5]`.
    pub field: String,
    /// The expected value; `None` if there is no such key or place.
    pub expected: Option<Json>,
    /// The value that the model gave; `None` if there is no such key or place.
    pub got: Option<Json>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Json>| value.as_ref().map_or("nothing".into(), Json::to_string);
        write!(f, "{}: expected {}, got {}", self.field, text(&self.expected), text(&self.got))
    }
}

/// All differences between two values; the order of an object's keys doesn't count.
pub fn differences(field: &str, expected: &Json, got: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(field, Some(expected), Some(got), &mut found);
    found
}

fn compare(field: &str, expected: Option<&Json>, got: Option<&Json>, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Some(Json::Object(a)), Some(Json::Object(b))) => {
            let new = b.iter().filter(|(key, _)| !a.iter().any(|(known, _)| known == key));
            for (key, _) in a.iter().chain(new) {
                let field = if field.is_empty() { key.clone() } else { format!("{field}.{key}") };
                compare(&field, get(expected, key), get(got, key), found);
            }
        }
        (Some(Json::List(a)), Some(Json::List(b))) => {
            for place in 0..a.len().max(b.len()) {
                compare(&format!("{field}[{place}]"), a.get(place), b.get(place), found);
            }
        }
        (expected, got) if expected == got => {}
        (expected, got) => found.push(Difference {
            field: field.to_owned(),
            expected: expected.cloned(),
            got: got.cloned(),
        }),
    }
}

fn get<'a>(object: Option<&'a Json>, key: &str) -> Option<&'a Json> {
    object.and_then(|object| object.get(key))
}
