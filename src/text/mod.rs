//! Every string that a reader sees, in both languages side by side.
//!
//! One catalogue per page or part of a page, each a list of entries:
//!
//! ```text
//! texts! {
//!     share { en: "Share", zh: "分享" }
//!     probes(count) { en: "{count} probes", zh: "{count} 次探测" }
//! }
//! ```
//!
//! An entry without arguments becomes `fn share(lang: Lang) -> &'static str`, one with
//! arguments `fn probes(lang: Lang, count: impl Display) -> String`. A missing language, a
//! misspelt placeholder and an argument that a translation forgets are compile errors.
//!
//! The browser's programs carry no text at all. The texts of a program's catalogues ([`LAB`],
//! [`PICTURES`], [`FILES`]) in each language are a file of their own ([`sent`]), which comes with the
//! program, and live parts take them from it ([`load`]).

use std::fmt::{Display, Write};
#[cfg(feature = "csr")]
use std::sync::OnceLock;

use crate::lang::Lang;

pub mod code;
pub mod compare;
pub mod event;
pub mod files;
pub mod kernels;
pub mod lab;
#[cfg(not(feature = "csr"))]
pub mod later;
pub mod loaded;
#[cfg(feature = "ssr")]
pub mod notice;
pub mod number;
pub mod picture;
pub mod plot;
pub mod remedy;
#[cfg(feature = "ssr")]
pub mod rules;
pub mod scenarios;
pub mod sheet;
pub mod shell;
#[cfg(feature = "ssr")]
pub mod since;
pub mod step;
pub mod story;
pub mod verdict;

/// The catalogues that the lab uses, in the order in which they are sent.
pub const LAB: [&Catalogue; 8] = [
    &code::CATALOGUE,
    &event::CATALOGUE,
    &kernels::CATALOGUE,
    &lab::CATALOGUE,
    &loaded::CATALOGUE,
    &sheet::CATALOGUE,
    &step::CATALOGUE,
    &verdict::CATALOGUE,
];

/// The catalogues that the page with two kernels uses.
pub const COMPARE: [&Catalogue; 2] = [&compare::CATALOGUE, &kernels::CATALOGUE];

/// The catalogues that the pictures of the story use.
pub const PICTURES: [&Catalogue; 2] = [&picture::CATALOGUE, &plot::CATALOGUE];

/// The catalogue that the program of the sheet "Files" uses.
pub const FILES: [&Catalogue; 1] = [&files::CATALOGUE];

/// The texts of one catalogue.
pub struct Catalogue {
    /// English and Chinese, in the order in which they are written down.
    #[cfg(not(feature = "csr"))]
    texts: &'static [[&'static str; 2]],
    /// The page's language, once the page has brought it.
    #[cfg(feature = "csr")]
    texts: OnceLock<Vec<&'static str>>,
}

impl Catalogue {
    /// The catalogue of these texts; the browser's half waits for the page to bring them.
    #[cfg_attr(feature = "csr", allow(unused_variables))]
    const fn new(texts: &'static [[&'static str; 2]]) -> Catalogue {
        Catalogue {
            #[cfg(not(feature = "csr"))]
            texts,
            #[cfg(feature = "csr")]
            texts: OnceLock::new(),
        }
    }

    #[cfg(not(feature = "csr"))]
    fn get(&self, lang: Lang, at: usize) -> &'static str {
        self.texts[at][lang as usize]
    }

    #[cfg(feature = "csr")]
    fn get(&self, _: Lang, at: usize) -> &'static str {
        self.texts.get().and_then(|texts| texts.get(at)).unwrap_or(&"")
    }
}

/// What stands between catalogues, and between them and what comes with them: a form feed.
pub const NEXT_CATALOGUE: char = '\u{c}';

/// The texts of a program as the site publishes them: a line each, and [`NEXT_CATALOGUE`] between
/// catalogues.
#[cfg(not(feature = "csr"))]
pub fn sent(lang: Lang, catalogues: &[&Catalogue]) -> String {
    let lines = |catalogue: &&Catalogue| {
        let texts: Vec<&str> = catalogue.texts.iter().map(|text| text[lang as usize]).collect();
        texts.join("\n")
    };
    catalogues.iter().map(lines).collect::<Vec<_>>().join(&NEXT_CATALOGUE.to_string())
}

/// Takes the texts of `catalogues` that have come, once and for all.
#[cfg(feature = "csr")]
pub fn load(sent: String, catalogues: &[&Catalogue]) {
    if catalogues.first().is_none_or(|first| first.texts.get().is_some()) {
        // Another live part of the page was first.
        return;
    }
    for (catalogue, lines) in catalogues.iter().zip(sent.leak().split(NEXT_CATALOGUE)) {
        let _ = catalogue.texts.set(lines.split('\n').collect());
    }
}

/// Defines the entries of one catalogue. See the module's own text.
macro_rules! texts {
    ($( $(#[$doc:meta])* $key:ident $(( $($arg:ident),+ ))? { en: $en:literal, zh: $zh:literal $(,)? } )*) => {
        /// The texts of this catalogue.
        pub static CATALOGUE: $crate::text::Catalogue = $crate::text::Catalogue::new(&[$([$en, $zh]),*]);
        /// Their places in it.
        #[allow(non_camel_case_types)]
        enum Place { $($key),* }
        $( $crate::text::texts!(@entry $(#[$doc])* $key [$($($arg),+)?] $en $zh); )*
    };
    (@entry $(#[$doc:meta])* $key:ident [] $en:literal $zh:literal) => {
        $(#[$doc])*
        pub fn $key(lang: $crate::lang::Lang) -> &'static str {
            CATALOGUE.get(lang, Place::$key as usize)
        }
    };
    (@entry $(#[$doc:meta])* $key:ident [$($arg:ident),+] $en:literal $zh:literal) => {
        $(#[$doc])*
        pub fn $key(lang: $crate::lang::Lang, $($arg: impl ::std::fmt::Display),+) -> String {
            // Never called, so it costs nothing: here the compiler checks the placeholders.
            let _checked = || (format!($en, $($arg = $arg),+), format!($zh, $($arg = $arg),+));
            let text = CATALOGUE.get(lang, Place::$key as usize);
            $crate::text::fill(text, &[$((stringify!($arg), &$arg)),+])
        }
    };
}
pub(crate) use texts;

/// Puts `values`, by their names, into the places that `text` leaves for them. One function for
/// all texts: a `format!` for each would cost the page its own code, twice.
fn fill(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            // Writing into a String can't fail.
            let _ = write!(out, "{value}");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_the_lines_in_which_texts_are_sent() {
        for text in LAB
            .iter()
            .chain(&COMPARE)
            .chain(&PICTURES)
            .flat_map(|catalogue| catalogue.texts)
            .flatten()
        {
            assert!(!text.is_empty() && !text.contains('\n'), "{text}");
        }
    }

    #[test]
    fn values_stand_where_their_names_stood() {
        let filled = fill("{i} of {n}: {i}", &[("n", &28_233), ("i", &"**7**")]);
        assert_eq!(filled, "**7** of 28233: **7**");
        assert_eq!(fill("no place", &[("n", &1)]), "no place");
    }
}
