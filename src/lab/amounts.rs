//! Times as the lab writes them.

use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;

/// A duration in milliseconds, in the unit that a reader would choose: whole seconds from
/// one second on (rounded down, as the kernel's clock does), milliseconds below.
pub fn duration(lang: Lang, ms: u64) -> String {
    match ms {
        0..1_000 => t::milliseconds(lang, ms),
        _ => t::seconds(lang, thousands(ms / 1_000)),
    }
}
