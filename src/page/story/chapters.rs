//! The chapters of the story, in both languages.

use crate::lang::Lang;

/// A piece of prose in both languages.
#[derive(Clone, Copy)]
pub struct Source {
    texts: [&'static str; 2],
}

impl Source {
    pub fn text(self, lang: Lang) -> &'static str {
        self.texts[lang as usize]
    }
}

macro_rules! source {
    ($file:literal) => {
        Source {
            texts: [
                include_str!(concat!("prose/en/", $file, ".md")),
                include_str!(concat!("prose/zh-CN/", $file, ".md")),
            ],
        }
    };
}

/// The numbered chapters: the name in addresses, and the prose.
pub const CHAPTERS: [(&str, Source); 10] = [
    ("four-numbers", source!("01-four-numbers")),
    ("down-to-the-choice", source!("02-down-to-the-choice")),
    ("where-the-walk-starts", source!("03-where-the-walk-starts")),
    ("the-bind-hash", source!("04-the-bind-hash")),
    ("is-it-really-taken", source!("05-is-it-really-taken")),
    ("time-wait", source!("06-time-wait")),
    ("error-99", source!("07-error-99")),
    ("the-fixes", source!("08-the-fixes")),
    ("since-2-6-32", source!("09-since-2-6-32")),
    ("your-machine", source!("10-your-machine")),
];

/// The box for the engineer in a hurry.
pub const HURRY: Source = source!("00-hurry");
/// The terms, each as `## name`, then a paragraph.
pub const GLOSSARY: Source = source!("11-glossary");
/// The page about the site.
pub const ABOUT: Source = source!("about");
