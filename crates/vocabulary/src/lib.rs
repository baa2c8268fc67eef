//! Scenarios as JSON: `{ "name", "about", "features", "config", "ops" }`.
//!
//! One vocabulary for test vectors, scenario files and links. Reading checks every limit and
//! names the place of what it refuses; writing gives the same JSON back, without the fields
//! that have their usual value. [`trace`] writes what a call did in the same words.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod call;
mod config;
mod json;
mod load;
mod reader;
pub mod trace;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use json::Json;
pub use load::LoadOp;
pub use reader::{Fault, Fields, Wrong, as_addr, as_int, as_text};

use error99_kernel::{Call, Config, SocketName};

/// Longest scenario text, in bytes.
pub const SCENARIO_BYTES_MAX: usize = 32 << 20;
/// Most calls in a scenario.
pub const OPS_MAX: usize = 1_000_000;
/// Longest socket name, in bytes.
pub const NAME_BYTES_MAX: usize = 64;
/// Most different socket names in a scenario.
pub const NAMES_MAX: usize = 1 << 20;
/// Longest of a scenario's own texts, in bytes.
pub const TEXT_BYTES_MAX: usize = 10_000;
/// Most features that a scenario may list.
pub const FEATURES_MAX: usize = 64;

/// Socket names of a scenario, in the order in which they were met; their numbers are
/// [`SocketName`]s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    texts: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Names {
    /// The number of a name; a new name gets the next one.
    ///
    /// # Errors
    /// The name is too long, or is one too many.
    pub fn intern(&mut self, text: &str) -> Result<SocketName, Fault> {
        if let Some(number) = self.numbers.get(text) {
            return Ok(SocketName(*number));
        }
        if text.len() > NAME_BYTES_MAX {
            return Err(Fault::new(Wrong::NameLength(NAME_BYTES_MAX)));
        }
        if self.texts.len() >= NAMES_MAX {
            return Err(Fault::new(Wrong::Names(NAMES_MAX)));
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        Ok(SocketName(number))
    }

    /// The text of a name; of one that was never interned, `s` and its number.
    pub fn text(&self, name: SocketName) -> String {
        self.texts.get(name.0 as usize).cloned().unwrap_or_else(|| name.to_string())
    }
}

/// How names are read and written.
pub trait NameStyle {
    /// The name of a text.
    ///
    /// # Errors
    /// The text is no name.
    fn read(&mut self, text: &str) -> Result<SocketName, Fault>;
    /// The text of a name.
    fn write(&self, name: SocketName) -> String;
}

impl NameStyle for Names {
    fn read(&mut self, text: &str) -> Result<SocketName, Fault> {
        self.intern(text)
    }

    fn write(&self, name: SocketName) -> String {
        self.text(name)
    }
}

/// Names without a list of them: `s0`, `s1`, ….
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbered;

impl NameStyle for Numbered {
    fn read(&mut self, text: &str) -> Result<SocketName, Fault> {
        let digits = text.strip_prefix('s').unwrap_or_default();
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| plain);
        number.map(SocketName).ok_or_else(|| Fault::new(Wrong::Name))
    }

    fn write(&self, name: SocketName) -> String {
        name.to_string()
    }
}

/// A machine and what is done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Short name.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// Marks for tools; the model ignores them.
    pub features: Vec<String>,
    /// The machine.
    pub config: Config,
    /// What is done.
    pub ops: Vec<Op>,
    /// The names of the calls' sockets.
    pub names: Names,
}

/// A call, or many at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// One call.
    Call(Call),
    /// Connects of one kind, one after the other.
    Load(LoadOp),
}

impl Op {
    fn from_json(json: &Json, names: &mut dyn NameStyle) -> Result<Op, Fault> {
        match json.get("op") {
            Some(Json::Text(op)) if op == LoadOp::OP => LoadOp::from_json(json).map(Op::Load),
            _ => call_from_json(json, names).map(Op::Call),
        }
    }

    fn to_json(&self, names: &dyn NameStyle) -> Json {
        match self {
            Op::Call(call) => call_to_json(call, names),
            Op::Load(load) => load.to_json(),
        }
    }
}

/// A scenario that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VectorError {
    /// Longer than [`SCENARIO_BYTES_MAX`].
    TooLong,
    /// Not JSON.
    Syntax(String),
    /// Outside the calls: what is wrong, and at which key.
    Fault(Fault),
    /// More than [`OPS_MAX`] calls.
    TooManyOps,
    /// In a call.
    Op {
        /// Which one, from 1.
        number: usize,
        /// What is wrong, and at which key.
        fault: Fault,
    },
}

impl fmt::Display for VectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VectorError::TooLong => {
                write!(f, "a scenario has at most {SCENARIO_BYTES_MAX} bytes")
            }
            VectorError::Syntax(message) => write!(f, "not JSON: {message}"),
            VectorError::Fault(fault) => write!(f, "{fault}"),
            VectorError::TooManyOps => write!(f, "ops: at most {OPS_MAX} calls"),
            VectorError::Op { number, fault } => write!(f, "op {number}: {fault}"),
        }
    }
}

impl std::error::Error for VectorError {}

impl From<Fault> for VectorError {
    fn from(fault: Fault) -> VectorError {
        VectorError::Fault(fault)
    }
}

impl Scenario {
    /// Its calls, each alone; loads aren't among them.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.ops.iter().filter_map(|op| match op {
            Op::Call(call) => Some(call),
            Op::Load(_) => None,
        })
    }

    /// Reads a scenario's text.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Scenario, VectorError> {
        if text.len() > SCENARIO_BYTES_MAX {
            return Err(VectorError::TooLong);
        }
        let json = Json::parse(text).map_err(VectorError::Syntax)?;
        Scenario::from_json(&json)
    }

    /// Reads a scenario.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn from_json(json: &Json) -> Result<Scenario, VectorError> {
        let mut fields = Fields::of(json)?;
        let name = fields.text("name", TEXT_BYTES_MAX)?;
        let about = fields.optional_text("about", TEXT_BYTES_MAX)?.unwrap_or_default();
        let features = features(&mut fields)?;
        let config = fields.required("config")?;
        let config = config_from_json(config).map_err(|fault| fault.within("config"))?;
        let Json::List(list) = fields.required("ops")? else {
            return Err(Fault::new(Wrong::List).within("ops").into());
        };
        fields.done()?;
        if list.len() > OPS_MAX {
            return Err(VectorError::TooManyOps);
        }
        let mut names = Names::default();
        let mut ops = Vec::with_capacity(list.len());
        for (place, op) in list.iter().enumerate() {
            let number = place + 1;
            let op = Op::from_json(op, &mut names);
            ops.push(op.map_err(|fault| VectorError::Op { number, fault })?);
        }
        Ok(Scenario { name, about, features, config, ops, names })
    }

    /// The scenario as JSON.
    pub fn to_json(&self) -> Json {
        let text = |text: &String| Json::Text(text.clone());
        let features = self.features.iter().map(text).collect();
        let ops = self.ops.iter().map(|op| op.to_json(&self.names)).collect();
        Json::object([
            ("name", text(&self.name)),
            ("about", text(&self.about)),
            ("features", Json::List(features)),
            ("config", config_to_json(&self.config)),
            ("ops", Json::List(ops)),
        ])
    }
}

fn features(fields: &mut Fields<'_>) -> Result<Vec<String>, Fault> {
    let Some(json) = fields.optional("features") else { return Ok(Vec::new()) };
    let fault = || Fault::new(Wrong::Texts(FEATURES_MAX)).within("features");
    let Json::List(list) = json else { return Err(fault()) };
    let text = |json: &Json| match json {
        Json::Text(text) if text.len() <= TEXT_BYTES_MAX => Ok(text.clone()),
        _ => Err(fault()),
    };
    if list.len() > FEATURES_MAX { Err(fault()) } else { list.iter().map(text).collect() }
}

/// A configuration's JSON.
pub fn config_to_json(config: &Config) -> Json {
    config::to_json(config)
}

/// Reads a configuration; a key that is missing has the value of [`Config::default`].
///
/// # Errors
/// The first thing that is wrong with it.
pub fn config_from_json(json: &Json) -> Result<Config, Fault> {
    config::from_json(json)
}

/// A call's JSON, `{ "op": … }`.
pub fn call_to_json(call: &Call, names: &dyn NameStyle) -> Json {
    call::to_json(call, names)
}

/// Reads a call.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn call_from_json(json: &Json, names: &mut dyn NameStyle) -> Result<Call, Fault> {
    call::from_json(json, names)
}

impl Serialize for Scenario {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scenario {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scenario, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Scenario::from_json(&json).map_err(D::Error::custom)
    }
}
