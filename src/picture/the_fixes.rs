//! The failing call and what can be done about it.

use error99_story::remedies::FIXES;
use leptos::prelude::*;

use super::remedies;
use crate::lang::Lang;
use crate::links::Links;
use crate::text::remedy as t;

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    remedies::table(lang, links, "the-fixes", t::fixes(lang), &FIXES)
}
