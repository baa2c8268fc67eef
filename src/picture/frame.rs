//! What stands around every picture: its controls above, what it says and its way into the lab
//! below.

use error99_replay::link::{self, Saved};
use leptos::prelude::*;

use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::picture as t;
use crate::ui::boxed::{heard, live, part};

/// The parts of a picture that differ.
pub struct Parts {
    pub lang: Lang,
    pub links: Links,
    /// Controls, one to three of them.
    pub controls: AnyView,
    /// The drawing; made anew when what it reads changes.
    pub scene: Box<dyn FnMut() -> AnyView + Send>,
    /// What has happened, in a sentence or two; may hold `code`.
    pub said: Box<dyn Fn() -> String + Send + Sync>,
    /// Back to the beginning.
    pub reset: Box<dyn Fn()>,
    /// The machine for the lab; `None` if the picture has none.
    pub saved: Box<dyn Fn() -> Option<Saved> + Send + Sync>,
}

/// The whole picture.
pub fn picture(parts: Parts) -> AnyView {
    let Parts { lang, links, controls, scene, said, reset, saved } = parts;
    let into_the_lab = move || {
        let links = links.clone();
        saved().map(move |state| {
            view! {
                <a class="link" href=links.with_machine(Page::Lab, &link::write(&state))>
                    {t::in_the_lab(lang)}
                    {icon(Icon::Arrow)}
                </a>
            }
        })
    };
    view! {
        <div class="controls">{controls}</div>
        <div class="scene">{scene}</div>
        <p class="said" aria-live="polite">{live(said)}</p>
        <div class="picture-foot">
            <button class="link" type="button" on:click=heard(move |_| reset())>{t::reset(lang)}</button>
            {part(into_the_lab)}
        </div>
    }
    .into_any()
}
