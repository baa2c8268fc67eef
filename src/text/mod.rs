//! Every string that a reader sees, in both languages side by side.
//!
//! One catalogue per page, each a list of entries:
//!
//! ```ignore
//! texts! {
//!     share { en: "Share", zh: "分享" }
//!     probes(count) { en: "{count} probes", zh: "{count} 次探测" }
//! }
//! ```
//!
//! An entry without arguments becomes `fn share(lang: Lang) -> &'static str`, one with
//! arguments `fn probes(lang: Lang, count: impl Display) -> String`. A missing language, a
//! misspelt placeholder and an argument that a translation forgets are compile errors. An
//! entry that the browser's half never calls costs no byte there.

use std::fmt::{Display, Write};

pub mod home;
pub mod lab;
pub mod number;
pub mod scenarios;
pub mod sheet;
pub mod shell;
pub mod step;
pub mod verdict;

/// Defines the entries of one catalogue. See the module's own text.
macro_rules! texts {
    ($( $(#[$doc:meta])* $key:ident $(( $($arg:ident),+ ))? { en: $en:literal, zh: $zh:literal $(,)? } )*) => {
        $( $crate::text::texts!(@entry $(#[$doc])* $key [$($($arg),+)?] $en $zh); )*
    };
    (@entry $(#[$doc:meta])* $key:ident [] $en:literal $zh:literal) => {
        $(#[$doc])*
        pub const fn $key(lang: $crate::lang::Lang) -> &'static str {
            match lang {
                $crate::lang::Lang::En => $en,
                $crate::lang::Lang::ZhCn => $zh,
            }
        }
    };
    (@entry $(#[$doc:meta])* $key:ident [$($arg:ident),+] $en:literal $zh:literal) => {
        $(#[$doc])*
        pub fn $key(lang: $crate::lang::Lang, $($arg: impl ::std::fmt::Display),+) -> String {
            // Never called, so it costs nothing: here the compiler checks the placeholders.
            let _checked = || (format!($en, $($arg = $arg),+), format!($zh, $($arg = $arg),+));
            let text = match lang {
                $crate::lang::Lang::En => $en,
                $crate::lang::Lang::ZhCn => $zh,
            };
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
    use super::fill;

    #[test]
    fn values_stand_where_their_names_stood() {
        let filled = fill("{i} of {n}: {i}", &[("n", &28_233), ("i", &"**7**")]);
        assert_eq!(filled, "**7** of 28233: **7**");
        assert_eq!(fill("no place", &[("n", &1)]), "no place");
    }
}
