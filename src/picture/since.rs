//! What one connect() costs on Linux 6.18 while the range fills. All of it is written when the
//! page is; the style sheet brings the chosen curve forward.

use error99_story::since::{DEFAULT, FAILING, PARTS, WITH_OPTION, between_us};
use leptos::prelude::*;

use crate::lang::Lang;
use crate::links::Links;
use crate::text::{picture, remedy as t};
use crate::ui::rich::Rich;

/// The axis, in tenths of a microsecond, and its words.
const LEVELS: [(u32, &str); 4] =
    [(100, "10 µs"), (1_000, "100 µs"), (10_000, "1 ms"), (100_000, "10 ms")];

/// The picture.
pub fn view(lang: Lang, _: Links) -> AnyView {
    let (first, _) = between_us(&DEFAULT, 0..PARTS / 2);
    let (least, most) = between_us(&WITH_OPTION, 0..PARTS);
    let fails = FAILING.iter().map(|tenths| tenths / 10_000).max().unwrap_or(0);
    let by_default = t::since_default(lang, first, fails);
    let with_option = t::since_option(lang, least, most);
    let choices = [(t::by_default(lang), true), (t::by_option(lang), false)].map(|(name, on)| {
        view! { <label><input type="radio" name="since" autocomplete="off" checked=on />{name}</label> }
    });
    view! {
        <form class="since-form" method="dialog">
            <div class="seg" role="radiogroup" aria-label=t::ways(lang)>{choices.to_vec()}</div>
            <div class="scene">{drawing(lang)}</div>
            <div class="details" aria-live="polite">
                <p class="detail"><Rich text=by_default /></p>
                <p class="detail"><Rich text=with_option /></p>
            </div>
            <div class="picture-foot">
                <button class="link" type="reset">{picture::reset(lang)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Height of a time in the drawing, from the top in thousandths: ten times as long is a third
/// of it higher.
fn height(tenths: u32) -> u32 {
    let decades = (f64::from(tenths) / 100.0).log10();
    (1000.0 - decades * 1000.0 / 3.0).round() as u32
}

/// A step for each twentieth of the range.
fn steps(run: &[u32; PARTS]) -> String {
    let step = |(part, tenths): (usize, &u32)| {
        format!("{}{} {}h1", if part == 0 { 'M' } else { 'L' }, part, height(*tenths))
    };
    run.iter().enumerate().map(step).collect()
}

fn drawing(lang: Lang) -> AnyView {
    let y = |tenths: u32| format!("{}.{}%", height(tenths) / 10, height(tenths) % 10);
    let level = |(tenths, word): (u32, &'static str)| {
        view! {
            <line class="grid" x2="100%" y1=y(tenths) y2=y(tenths)></line>
            <text class="axis" x="-8" y=y(tenths) dy="4" text-anchor="end">{word}</text>
        }
    };
    let quarter = |quarter: u32| {
        let anchor = if quarter == 4 { "end" } else { "middle" };
        let x = format!("{}%", quarter * 25);
        view! { <text class="axis" x=x.clone() y="100%" dy="18" text-anchor=anchor>{x.clone()}</text> }
    };
    let curve = |run: &[u32; PARTS]| view! { <path d=steps(run)></path> };
    let failing = FAILING.iter().map(|tenths| {
        view! { <circle class="fails" cx="100%" cy=y(*tenths) r="4"></circle> }
    });
    let word = FAILING.iter().copied().max().unwrap_or(1);
    view! {
        <svg class="plot since-plot" role="img" aria-label=t::since_image(lang)>
            {LEVELS.map(level).to_vec()}
            <svg width="100%" height="100%" viewBox="0 0 20 1000" preserveAspectRatio="none">
                <g class="with-option">{WITH_OPTION.iter().map(curve).collect_view()}</g>
                <g class="by-default">{DEFAULT.iter().map(curve).collect_view()}</g>
            </svg>
            <g class="failing">
                {failing.collect_view()}
                <text x="100%" y=y(word) dy="-12" text-anchor="end">{t::failing_call(lang)}</text>
            </g>
            {(0..=4).map(quarter).collect_view()}
        </svg>
        <p class="under">{t::how_full(lang)}</p>
    }
    .into_any()
}
