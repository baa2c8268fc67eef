//! A step of the script: a call, its prediction, and the doubts about it.

use std::collections::BTreeSet;

use error99_kernel::Addr;
use error99_vocabulary::Json;

use super::why::Why;

/// Keys and values of an object.
pub type Entries = Vec<(String, Json)>;

/// One act of the branch.
#[derive(Clone, Debug, Default)]
pub struct ScriptStep {
    /// The call in the vectors' vocabulary.
    pub call: Entries,
    /// The prediction.
    pub want: Entries,
    /// Reasons why this one may go another way.
    pub may: BTreeSet<Why>,
    /// Reasons that hold for whatever follows.
    pub from_here: BTreeSet<Why>,
    /// No real kernel can be asked to do it.
    pub skip: bool,
    /// Where it connects to.
    pub towards: Option<Towards>,
    /// The address that it binds to.
    pub binds: Option<Addr>,
}

/// Where a step connects to.
#[derive(Clone, Copy, Debug)]
pub struct Towards {
    pub dst: Addr,
    pub dport: u16,
    /// Somebody answers there.
    pub answers: bool,
    /// It must work, whatever port is chosen.
    pub certain: bool,
}

impl ScriptStep {
    /// A step that does `call`.
    pub fn new(call: Json) -> ScriptStep {
        let call = if let Json::Object(entries) = call { entries } else { Vec::new() };
        ScriptStep { call, ..ScriptStep::default() }
    }

    /// Adds to the prediction.
    pub fn want(&mut self, key: &str, value: impl Into<Json>) {
        self.want.push((key.to_owned(), value.into()));
    }

    /// Adds to the call.
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> ScriptStep {
        let value = value.into();
        match self.call.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => self.call.push((key.to_owned(), value)),
        }
        self
    }

    /// A step that is only told about.
    pub fn skipped(mut self, from_here: impl IntoIterator<Item = Why>) -> ScriptStep {
        self.skip = true;
        self.from_here.extend(from_here);
        self
    }

    /// The step as the script has it.
    pub fn json(mut self) -> Json {
        let mut put = |key: &str, value: Json| self.call.push((key.to_owned(), value));
        if self.skip {
            put("skip", 1.into());
        } else {
            put("want", Json::Object(self.want));
        }
        for (key, reasons) in [("may", &self.may), ("from_here", &self.from_here)] {
            if !reasons.is_empty() {
                put(key, keys(reasons));
            }
        }
        Json::Object(self.call)
    }
}

/// Reasons by their names.
pub fn keys(reasons: &BTreeSet<Why>) -> Json {
    Json::List(reasons.iter().map(|why| why.words().key.into()).collect())
}
