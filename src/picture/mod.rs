//! The live pictures of the story. Each is a module here, which draws a scene of the module of
//! the same name in `error99_story`; it looks the same when it is written into the page and
//! when it is alive.

mod calendar;
mod controls;
mod down_to_the_choice;
mod four_numbers;
mod frame;
#[cfg(not(feature = "csr"))]
mod harmful_fixes;
mod is_it_really_taken;
mod ports;
mod ports_over_time;
#[cfg(not(feature = "csr"))]
mod remedies;
#[cfg(not(feature = "csr"))]
mod since;
mod slices;
mod the_bind_hash;
#[cfg(not(feature = "csr"))]
mod the_fixes;
mod the_whole_range;
mod where_the_walk_starts;
mod your_machine;

use crate::lang::Lang;
use crate::links::Links;
use leptos::prelude::*;

macro_rules! pictures {
    ($( $(#[$where:meta])? $picture:ident = $name:literal in $module:ident ),+ $(,)?) => {
        /// A picture of the story. Some need no program: the style sheet shows what was chosen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Picture { $($(#[$where])? $picture),+ }

        impl Picture {
            /// All of them, in the story's order.
            pub const ALL: &[Picture] = &[$($(#[$where])? Picture::$picture),+];

            /// Its name in the prose, in the page and in addresses.
            pub const fn name(self) -> &'static str {
                match self { $($(#[$where])? Picture::$picture => $name),+ }
            }

            /// Its folder when it stands in somebody else's page, with a closing slash.
            pub const fn embed_path(self) -> &'static str {
                match self { $($(#[$where])? Picture::$picture => concat!("embed/", $name, "/")),+ }
            }

            /// The picture as it begins.
            pub fn view(self, lang: Lang, links: &Links) -> AnyView {
                match self {
                    $($(#[$where])? Picture::$picture => $module::view(lang, links.clone())),+
                }
            }
        }
    };
}

pictures! {
    FourNumbers = "four-numbers" in four_numbers,
    DownToTheChoice = "down-to-the-choice" in down_to_the_choice,
    WhereTheWalkStarts = "where-the-walk-starts" in where_the_walk_starts,
    TheBindHash = "the-bind-hash" in the_bind_hash,
    IsItReallyTaken = "is-it-really-taken" in is_it_really_taken,
    Calendar = "calendar" in calendar,
    PortsOverTime = "ports-over-time" in ports_over_time,
    TheWholeRange = "the-whole-range" in the_whole_range,
    #[cfg(not(feature = "csr"))]
    TheFixes = "the-fixes" in the_fixes,
    #[cfg(not(feature = "csr"))]
    HarmfulFixes = "harmful-fixes" in harmful_fixes,
    #[cfg(not(feature = "csr"))]
    Since = "since" in since,
    YourMachine = "your-machine" in your_machine,
}

impl Picture {
    /// The picture of that name.
    pub fn find(name: &str) -> Option<Picture> {
        Self::ALL.iter().find(|picture| picture.name() == name).copied()
    }
}

/// The first scene of a picture as numbers: what takes long to compute is computed when the page
/// is written, and stands in the picture's `data-scene`.
#[derive(Clone)]
struct Brought(Vec<u32>);

/// The numbers that the page brings for the picture that is being made; none while it's written.
fn brought() -> Option<Vec<u32>> {
    use_context::<Brought>().map(|Brought(numbers)| numbers)
}

/// Puts the living picture into the place of the written one.
#[cfg(feature = "csr")]
pub fn wake(host: crate::live::Host) {
    let Some(picture) = Picture::find(&host.data("live")) else { return };
    let crate::live::Host { element, lang, links } = host;
    let scene = element.query_selector("[data-scene]").ok().flatten();
    let numbers = scene
        .and_then(|scene| scene.get_attribute("data-scene"))
        .and_then(|text| error99_story::written::read(&text));
    element.set_inner_html("");
    let view = move || {
        if let Some(numbers) = numbers {
            provide_context(Brought(numbers));
        }
        picture.view(lang, &links)
    };
    leptos::mount::mount_to(element, view).forget();
}
