//! Small helpers around JSON: what an operation says, and a line of the trace.

use error99_vocabulary::Json;

/// The whole number at that key, if there is one.
pub fn int(object: &Json, key: &str) -> Option<i64> {
    object.get(key).and_then(Json::as_int)
}

/// The whole number at that key, or `usual`.
pub fn int_or(object: &Json, key: &str, usual: i64) -> i64 {
    int(object, key).unwrap_or(usual)
}

/// The text at that key, or the empty one.
pub fn text<'a>(object: &'a Json, key: &str) -> &'a str {
    match object.get(key) {
        Some(Json::Text(text)) => text,
        _ => "",
    }
}

/// The list at that key, or the empty one.
pub fn list<'a>(object: &'a Json, key: &str) -> &'a [Json] {
    match object.get(key) {
        Some(Json::List(list)) => list,
        _ => &[],
    }
}

/// The address at that key; 0.0.0.0 if there is none.
pub fn addr(object: &Json, key: &str) -> u32 {
    parse_addr(text(object, key))
}

/// The port at that key; 0 if there is none.
pub fn port(object: &Json, key: &str) -> u16 {
    int_or(object, key, 0) as u16
}

/// An address as a number whose highest byte is the first one written.
pub fn parse_addr(text: &str) -> u32 {
    text.parse::<std::net::Ipv4Addr>().map_or(0, u32::from)
}

/// An address as it is written.
pub fn dotted(addr: u32) -> String {
    std::net::Ipv4Addr::from(addr).to_string()
}

/// An address for the trace.
pub fn of_addr(addr: u32) -> Json {
    Json::Text(dotted(addr))
}

/// A list of whole numbers.
pub fn ints<const N: usize>(values: [i64; N]) -> Json {
    Json::List(values.into_iter().map(Json::Int).collect())
}

/// A line of the trace, written key by key.
#[derive(Clone, Debug, Default)]
pub struct Line(Vec<(String, Json)>);

impl Line {
    /// Writes a key, or writes it anew.
    pub fn put(&mut self, key: &str, value: impl Into<Json>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some(entry) => entry.1 = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Writes an address.
    pub fn put_addr(&mut self, key: &str, addr: u32) {
        self.put(key, of_addr(addr));
    }

    /// Copies those keys that the operation has.
    pub fn echo(&mut self, op: &Json, keys: &[&str]) {
        for key in keys {
            if let Some(value) = op.get(key) {
                self.put(key, value.clone());
            }
        }
    }

    /// Whether the key is written.
    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    /// The value of a key that is written.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The finished line.
    pub fn done(self) -> Json {
        Json::Object(self.0)
    }
}
