//! Reading the fields of an object, with errors that name the key.

use std::fmt;

use super::json::Json;
use crate::addr::Addr;

/// What is wrong, and where: the keys from the outermost to the innermost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Keys that lead to the place; empty for the object itself.
    pub path: Vec<String>,
    /// A sentence about what must be there.
    pub message: String,
}

impl Fault {
    pub(crate) const fn new(message: String) -> Fault {
        Fault { path: Vec::new(), message }
    }

    /// The same fault, seen from the object that has it under `key`.
    pub(crate) fn within(mut self, key: &str) -> Fault {
        self.path.insert(0, key.to_owned());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for key in &self.path {
            write!(f, "{key}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// An object's fields, each to be taken once.
pub struct Fields<'a> {
    entries: Vec<Option<&'a (String, Json)>>,
}

impl<'a> Fields<'a> {
    /// The fields of an object.
    ///
    /// # Errors
    /// It isn't an object.
    pub fn of(json: &'a Json) -> Result<Fields<'a>, Fault> {
        match json {
            Json::Object(entries) => Ok(Fields { entries: entries.iter().map(Some).collect() }),
            _ => Err(Fault::new("must be an object".into())),
        }
    }

    /// A field, if it is there.
    pub fn optional(&mut self, key: &str) -> Option<&'a Json> {
        let holds = |entry: &&mut Option<&'a (String, Json)>| entry.is_some_and(|(k, _)| k == key);
        self.entries.iter_mut().find(holds)?.take().map(|(_, value)| value)
    }

    /// A field.
    ///
    /// # Errors
    /// It is missing.
    pub fn required(&mut self, key: &str) -> Result<&'a Json, Fault> {
        self.optional(key).ok_or_else(|| Fault::new("is missing".into()).within(key))
    }

    /// Nothing more may be there.
    ///
    /// # Errors
    /// The first field that wasn't taken.
    pub fn done(self) -> Result<(), Fault> {
        match self.entries.into_iter().flatten().next() {
            Some((key, _)) => Err(Fault::new("isn't known here".into()).within(key)),
            None => Ok(()),
        }
    }

    /// A text of at most `max` bytes.
    ///
    /// # Errors
    /// It is missing, too long, or no text.
    pub fn text(&mut self, key: &str, max: usize) -> Result<String, Fault> {
        as_text(self.required(key)?, max).map_err(|fault| fault.within(key))
    }

    /// The same, if it is there.
    ///
    /// # Errors
    /// It is too long, or no text.
    pub fn optional_text(&mut self, key: &str, max: usize) -> Result<Option<String>, Fault> {
        let text = |json| as_text(json, max).map_err(|fault| fault.within(key));
        self.optional(key).map(text).transpose()
    }

    /// A whole number from `min` to `max`.
    ///
    /// # Errors
    /// It is missing, out of range, or no number.
    pub fn int(&mut self, key: &str, min: i64, max: i64) -> Result<i64, Fault> {
        as_int(self.required(key)?, min, max).map_err(|fault| fault.within(key))
    }

    /// The same; `default` if it isn't there.
    ///
    /// # Errors
    /// It is out of range, or no number.
    pub fn int_or(&mut self, key: &str, default: i64, min: i64, max: i64) -> Result<i64, Fault> {
        match self.optional(key) {
            Some(json) => as_int(json, min, max).map_err(|fault| fault.within(key)),
            None => Ok(default),
        }
    }

    /// 0 or 1, false or true; `default` if it isn't there.
    ///
    /// # Errors
    /// It is something else.
    pub fn flag_or(&mut self, key: &str, default: bool) -> Result<bool, Fault> {
        match self.optional(key) {
            None => Ok(default),
            Some(Json::Bool(value)) => Ok(*value),
            Some(json) => Ok(as_int(json, 0, 1).map_err(|fault| fault.within(key))? == 1),
        }
    }

    /// A port, 0 to 65,535.
    ///
    /// # Errors
    /// It is missing, or no port.
    pub fn port(&mut self, key: &str) -> Result<u16, Fault> {
        Ok(self.int(key, 0, 65_535)? as u16)
    }

    /// A list of exactly `N` words of 32 bits.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn words<const N: usize>(&mut self, key: &str) -> Result<[u32; N], Fault> {
        as_words(self.required(key)?).map_err(|fault| fault.within(key))
    }

    /// An address.
    ///
    /// # Errors
    /// It is missing, or no address.
    pub fn addr(&mut self, key: &str) -> Result<Addr, Fault> {
        as_addr(self.required(key)?).map_err(|fault| fault.within(key))
    }
}

pub(crate) fn as_text(json: &Json, max: usize) -> Result<String, Fault> {
    match json {
        Json::Text(text) if text.len() <= max => Ok(text.clone()),
        _ => Err(Fault::new(format!("must be a text of at most {max} bytes"))),
    }
}

pub(crate) fn as_int(json: &Json, min: i64, max: i64) -> Result<i64, Fault> {
    match json {
        Json::Int(value) if (min..=max).contains(value) => Ok(*value),
        _ => Err(Fault::new(format!("must be a whole number from {min} to {max}"))),
    }
}

pub(crate) fn as_addr(json: &Json) -> Result<Addr, Fault> {
    match json {
        Json::Text(text) => text.parse().map_err(|error| Fault::new(format!("{error}"))),
        _ => Err(Fault::new("must be an address".into())),
    }
}

/// A list of exactly `N` words of 32 bits.
pub(crate) fn as_words<const N: usize>(json: &Json) -> Result<[u32; N], Fault> {
    let fault = || Fault::new(format!("must be a list of {N} numbers from 0 to {}", u32::MAX));
    let Json::List(list) = json else { return Err(fault()) };
    let word = |json: &Json| as_int(json, 0, u32::MAX.into()).map(|word| word as u32);
    let words: Result<Vec<u32>, Fault> = list.iter().take(N + 1).map(word).collect();
    words.ok().and_then(|words| words.try_into().ok()).ok_or_else(fault)
}
