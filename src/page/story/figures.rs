//! The figures of the text, from the model, as a language writes them.

use crate::text::number::thousands;
use error99_story::facts::{self, Fact};

/// Every figure that the text may name.
pub struct Figures {
    facts: Vec<(&'static str, Fact)>,
}

impl Figures {
    /// All of them, computed anew; both languages write them alike.
    pub fn compute() -> Figures {
        Figures { facts: facts::all() }
    }

    /// The figure of that name.
    pub fn get(&self, name: &str) -> Option<String> {
        let (_, fact) = self.facts.iter().find(|(known, _)| *known == name)?;
        Some(match *fact {
            Fact::Number(number) => thousands(number),
            Fact::Tenths(tenths) if tenths % 10 == 0 => thousands(tenths / 10),
            Fact::Tenths(tenths) => format!("{}.{}", thousands(tenths / 10), tenths % 10),
        })
    }
}
