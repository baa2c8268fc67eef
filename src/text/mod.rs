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

pub mod event;
pub mod home;
pub mod lab;
pub mod number;
pub mod scenarios;
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
            match lang {
                $crate::lang::Lang::En => format!($en, $($arg = $arg),+),
                $crate::lang::Lang::ZhCn => format!($zh, $($arg = $arg),+),
            }
        }
    };
}
pub(crate) use texts;
