//! What readers type into fields.

use std::ops::RangeInclusive;

use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::read;

/// A whole number that a reader typed, or what is wrong with it.
pub fn whole(lang: Lang, text: &str, range: RangeInclusive<i64>) -> Result<i64, String> {
    let (low, high) = (*range.start(), *range.end());
    let wrong = || t::number_wanted(lang, text.trim(), low, high);
    read(text).ok().filter(|number| range.contains(number)).ok_or_else(wrong)
}
