//! A small bind hash: its buckets side by side, below each its chain.

use error99_story::the_bind_hash::{CHOSEN, Controls, Entry, SIZES, Scene, saved, scene};
use leptos::prelude::*;

use super::controls::pick;
use super::frame::{Parts, picture};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::picture as t;
use crate::ui::boxed::{Listed, part};

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let (size, holder) = (RwSignal::new(0), RwSignal::new(0));
    let controls = move || Controls { size: size.get(), holder: holder.get() };
    let sizes = SIZES.map(|size| size.to_string()).to_vec();
    let holders = [t::by_connect(lang), t::by_bind(lang), t::by_bind_reuse(lang)];
    let holders = holders.map(String::from).to_vec();
    let size_choice = pick("the-bind-hash-size", t::buckets(lang), sizes, size);
    let holder_choice = pick("the-bind-hash-holder", t::holder(lang), holders, holder);
    picture(Parts {
        lang,
        links,
        controls: view! {
            <span class="group">
                <span class="what">{t::buckets(lang)}</span>
                {size_choice}
            </span>
            <span class="group">
                <span class="what">{t::who_holds(lang, thousands(CHOSEN))}</span>
                {holder_choice}
            </span>
        }
        .into_any(),
        scene: part(move || table(lang, &scene(controls()))),
        said: Box::new(move || said(lang, &scene(controls()))),
        reset: Box::new(move || {
            size.set(0);
            holder.set(0);
        }),
        saved: Box::new(move || Some(saved(controls()))),
    })
}

fn table(lang: Lang, scene: &Scene) -> AnyView {
    let entry = |entry: &Entry| {
        let class = match (entry.port == CHOSEN, entry.fastreuse) {
            (true, -1) => "entry chosen",
            (true, _) => "entry chosen owned",
            (false, _) => "entry",
        };
        view! {
            <li class=class>
                <b>{entry.port}</b>
                <span>{signed(entry.fastreuse)}</span>
            </li>
        }
    };
    let bucket = |(index, chain): (usize, &Vec<Entry>)| {
        let class = if index as u32 == scene.bucket { "bucket chosen" } else { "bucket" };
        view! {
            <li class=class>
                <span class="index">{index}</span>
                <ol>{chain.iter().map(entry).listed()}</ol>
            </li>
        }
    };
    view! {
        <div class="hash-table" role="img" aria-label=t::hash_image(lang, scene.chains.len())>
            <ol class="buckets">{scene.chains.iter().enumerate().map(bucket).listed()}</ol>
        </div>
        <ul class="legend">
            <li>{t::port_and_fastreuse(lang)}</li>
            <li>
                <span class="cell mark live"></span>
                {t::chosen_by_connect(lang)}
            </li>
            <li>
                <span class="cell mark bind"></span>
                {t::is_bind(lang)}
            </li>
        </ul>
    }
    .into_any()
}

/// `fastreuse` as the text writes it.
fn signed(fastreuse: i8) -> &'static str {
    match fastreuse {
        ..0 => "−1",
        0 => "0",
        1.. => "1",
    }
}

fn said(lang: Lang, scene: &Scene) -> String {
    let mask = scene.chains.len() - 1;
    let mut out = t::entry_of(lang, CHOSEN, mask, scene.bucket, scene.steps);
    out += match scene.fastreuse {
        ..0 => t::minus_one(lang),
        0 => t::zero(lang),
        1.. => t::one(lang),
    };
    out
}
