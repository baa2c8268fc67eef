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
mod the_bind_hash;
#[cfg(not(feature = "csr"))]
mod the_fixes;
mod the_whole_range;
mod where_the_walk_starts;
mod your_machine;

use crate::lang::Lang;
use crate::links::Links;
use crate::pictures::Picture;
use leptos::prelude::*;

/// The picture as it begins.
pub fn view(picture: Picture, lang: Lang, links: &Links) -> AnyView {
    match picture {
        Picture::FourNumbers => four_numbers::view(lang, links.clone()),
        Picture::DownToTheChoice => down_to_the_choice::view(lang, links.clone()),
        Picture::WhereTheWalkStarts => where_the_walk_starts::view(lang, links.clone()),
        Picture::TheBindHash => the_bind_hash::view(lang, links.clone()),
        Picture::IsItReallyTaken => is_it_really_taken::view(lang, links.clone()),
        Picture::Calendar => calendar::view(lang, links.clone()),
        Picture::PortsOverTime => ports_over_time::view(lang, links.clone()),
        Picture::TheWholeRange => the_whole_range::view(lang, links.clone()),
        #[cfg(not(feature = "csr"))]
        Picture::TheFixes => the_fixes::view(lang, links.clone()),
        #[cfg(not(feature = "csr"))]
        Picture::HarmfulFixes => harmful_fixes::view(lang, links.clone()),
        #[cfg(not(feature = "csr"))]
        Picture::Since => since::view(lang, links.clone()),
        Picture::YourMachine => your_machine::view(lang, links.clone()),
    }
}

/// The picture in its place in a page: the living part, and what else is chosen around it without
/// a program.
#[cfg(not(feature = "csr"))]
pub fn placed(picture: Picture, lang: Lang, links: &Links) -> AnyView {
    let base = links.base().to_owned();
    let living = view! {
        <div class="live-part notranslate" translate="no" data-live=picture.name() data-base=base>
            {view(picture, lang, links)}
        </div>
    }
    .into_any();
    match picture {
        Picture::PortsOverTime => ports_over_time::kernels::around(lang, links, living),
        _ => living,
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
        view(picture, lang, &links)
    };
    leptos::mount::mount_to(element, view).forget();
}
