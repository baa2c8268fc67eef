//! The figures of the text, from the model, as a language writes them.

use crate::text::number::{decimal, thousands};
use error99_story::facts::{self, Fact};
use std::sync::LazyLock;

/// Every figure that the text may name.
pub struct Figures {
    facts: &'static [(&'static str, Fact)],
}

impl Figures {
    /// All of them, computed once; both languages write them alike.
    pub fn compute() -> Figures {
        static FACTS: LazyLock<Vec<(&str, Fact)>> = LazyLock::new(facts::all);
        Figures { facts: &FACTS }
    }

    /// The figure of that name.
    pub fn get(&self, name: &str) -> Option<String> {
        let (_, fact) = self.facts.iter().find(|(known, _)| *known == name)?;
        Some(match *fact {
            Fact::Number(number) => thousands(number),
            Fact::Decimal(parts, digits) => decimal(parts, digits),
        })
    }
}
