//! Reading the fields of an object, with errors that name the key.

use std::fmt;

use error99_kernel::{Addr, AddrError, ConfigError};

use super::json::Json;

/// What is wrong, and where: the keys from the outermost to the innermost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Keys that lead to the place; empty for the object itself.
    pub path: Vec<String>,
    /// What is wrong there.
    pub wrong: Wrong,
}

/// What a place of a scenario isn't. Its [`fmt::Display`] is an English sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It isn't there.
    Missing,
    /// Nothing of that name belongs there.
    Unknown,
    /// No object.
    Object,
    /// No list.
    List,
    /// No text of at most so many bytes.
    Text(usize),
    /// No whole number from the first to the second.
    Number(i64, i64),
    /// No dotted address.
    Address,
    /// No list of so many words.
    Words(usize),
    /// No list of at most so many addresses.
    Addresses(usize),
    /// No list of at most so many texts.
    Texts(usize),
    /// More entries than that.
    Entries(usize),
    /// Neither one number nor two.
    OneOrTwo,
    /// Neither nothing nor two ports.
    TwoPorts,
    /// No way of closing.
    Close,
    /// No sysctl that is modelled.
    Sysctl,
    /// No errno that is modelled.
    Errno,
    /// No call of that name.
    Call(String),
    /// A socket name of more bytes than that.
    NameLength(usize),
    /// More socket names than that.
    Names(usize),
    /// No name of the kind `s0`, `s1`, ….
    Name,
    /// No release that is modelled.
    Kernel,
    /// No word of 64 bits.
    Word64,
    /// A configuration that can't be booted.
    Config(ConfigError),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Missing => f.write_str("is missing"),
            Wrong::Unknown => f.write_str("isn't known here"),
            Wrong::Object => f.write_str("must be an object"),
            Wrong::List => f.write_str("must be a list"),
            Wrong::Text(max) => write!(f, "must be a text of at most {max} bytes"),
            Wrong::Number(min, max) => write!(f, "must be a whole number from {min} to {max}"),
            Wrong::Address => AddrError.fmt(f),
            Wrong::Words(n) => {
                write!(f, "must be a list of {n} numbers from 0 to {}", u32::MAX)
            }
            Wrong::Addresses(max) => write!(f, "must be a list of at most {max} addresses"),
            Wrong::Texts(max) => write!(f, "must be a list of at most {max} texts"),
            Wrong::Entries(max) => write!(f, "has at most {max} entries"),
            Wrong::OneOrTwo => f.write_str("must be one number or two"),
            Wrong::TwoPorts => f.write_str("must be null or two ports"),
            Wrong::Close => f.write_str("must be active, finwait2, passive, rst or plain"),
            Wrong::Sysctl => f.write_str("isn't a modelled sysctl"),
            Wrong::Errno => f.write_str("isn't a known errno, negative"),
            Wrong::Call(op) => write!(f, "no call named {op}"),
            Wrong::NameLength(max) => write!(f, "a socket name has at most {max} bytes"),
            Wrong::Names(max) => write!(f, "at most {max} socket names"),
            Wrong::Name => f.write_str("a name here is s and a number"),
            Wrong::Kernel => f.write_str("isn't a modelled release"),
            Wrong::Word64 => write!(f, "must be a number from 0 to {}, or such a text", u64::MAX),
            Wrong::Config(error) => error.fmt(f),
        }
    }
}

impl Fault {
    /// A fault of the place itself.
    pub const fn new(wrong: Wrong) -> Fault {
        Fault { path: Vec::new(), wrong }
    }

    /// The same fault, seen from the object that has it under `key`.
    #[must_use]
    pub fn within(mut self, key: &str) -> Fault {
        self.path.insert(0, key.to_owned());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for key in &self.path {
            write!(f, "{key}: ")?;
        }
        self.wrong.fmt(f)
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
            _ => Err(Fault::new(Wrong::Object)),
        }
    }

    /// A field, if it is there.
    pub fn optional(&mut self, key: &str) -> Option<&'a Json> {
        let holds = |entry: &&mut Option<&'a (String, Json)>| entry.is_some_and(|(k, _)| k == key);
        self.entries.iter_mut().find(holds)?.take().map(|(_, value)| value)
    }

    /// Whether a field is there and not taken yet.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().flatten().any(|(known, _)| known == key)
    }

    /// A field.
    ///
    /// # Errors
    /// It is missing.
    pub fn required(&mut self, key: &str) -> Result<&'a Json, Fault> {
        self.optional(key).ok_or_else(|| Fault::new(Wrong::Missing).within(key))
    }

    /// Nothing more may be there.
    ///
    /// # Errors
    /// The first field that wasn't taken.
    pub fn done(self) -> Result<(), Fault> {
        match self.entries.into_iter().flatten().next() {
            Some((key, _)) => Err(Fault::new(Wrong::Unknown).within(key)),
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

/// A text of at most `max` bytes.
///
/// # Errors
/// It is something else.
pub fn as_text(json: &Json, max: usize) -> Result<String, Fault> {
    match json {
        Json::Text(text) if text.len() <= max => Ok(text.clone()),
        _ => Err(Fault::new(Wrong::Text(max))),
    }
}

/// A whole number from `min` to `max`.
///
/// # Errors
/// It is something else.
pub fn as_int(json: &Json, min: i64, max: i64) -> Result<i64, Fault> {
    match json {
        Json::Int(value) if (min..=max).contains(value) => Ok(*value),
        _ => Err(Fault::new(Wrong::Number(min, max))),
    }
}

/// An address.
///
/// # Errors
/// It is something else.
pub fn as_addr(json: &Json) -> Result<Addr, Fault> {
    match json {
        Json::Text(text) => text.parse().map_err(|AddrError| Fault::new(Wrong::Address)),
        _ => Err(Fault::new(Wrong::Address)),
    }
}

/// A word of 64 bits: a number, or a text of its digits.
///
/// # Errors
/// It is something else.
pub(crate) fn as_word64(json: &Json) -> Result<u64, Fault> {
    let word = match json {
        Json::Int(value) => u64::try_from(*value).ok(),
        Json::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    word.ok_or_else(|| Fault::new(Wrong::Word64))
}

/// A list of exactly `N` words of 32 bits.
pub(crate) fn as_words<const N: usize>(json: &Json) -> Result<[u32; N], Fault> {
    let fault = || Fault::new(Wrong::Words(N));
    let Json::List(list) = json else { return Err(fault()) };
    let word = |json: &Json| as_int(json, 0, u32::MAX.into()).map(|word| word as u32);
    let words: Result<Vec<u32>, Fault> = list.iter().take(N + 1).map(word).collect();
    words.ok().and_then(|words| words.try_into().ok()).ok_or_else(fault)
}
