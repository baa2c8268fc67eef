//! The failing call and what is often done about it, to no good.

use error99_story::remedies::HARMFUL;
use leptos::prelude::*;

use super::remedies;
use crate::lang::Lang;
use crate::links::Links;
use crate::text::remedy as t;

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    remedies::table(lang, links, "harmful-fixes", t::harmful(lang), &HARMFUL)
}
