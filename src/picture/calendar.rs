//! Eight slots, the hand, and how long one TIME_WAIT lasts.

use error99_story::calendar::{Controls, HandTurn, RATES, Scene, saved, scene};
use leptos::prelude::*;

use super::controls::choice;
use super::frame::{Parts, picture};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::plot as t;
use crate::ui::boxed::{Listed, heard, live, part};

/// What the time line shows, in seconds.
const LINE_S: u32 = 120;

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let controls = RwSignal::new(Controls::default());
    let shown = Memo::new(move |_| scene(&controls.read()));
    let loads = RATES.map(|rate| match rate {
        0 => t::alone(lang).to_owned(),
        rate => t::a_second(lang, rate),
    });
    let load = choice(
        "calendar",
        t::load(lang),
        loads.to_vec(),
        move || controls.read().load,
        move |load| {
            controls.update(|controls| {
                controls.load = load;
                controls.after = controls.after.min(controls.latest());
            });
        },
    );
    let after = move || tenths(u64::from(controls.read().after) * 100);
    let closes = move || t::closes_after(lang, after());
    let slider = view! {
        <label class="closes">
            <span>{live(closes)}</span>
            <input
                type="range"
                min="0"
                max=live(move || controls.read().latest())
                step="1"
                autocomplete="off"
                aria-label=t::closes(lang)
                aria-valuetext=live(move || t::seconds(lang, after()))
                disabled=live(move || controls.read().latest() == 0)
                prop:value=live(move || controls.read().after.to_string())
                value=untrack(move || controls.read().after)
                on:input=heard(move |event| {
                    if let Ok(after) = event_target_value(&event).parse() {
                        controls.update(|controls| controls.after = after);
                    }
                })
            />
        </label>
    };
    picture(Parts {
        lang,
        links,
        controls: view! { {load} {slider} }.into_any(),
        scene: part(move || {
            let shown = shown.read();
            view! {
                {slots(lang, &shown)}
                {line(lang, &shown)}
            }
        }),
        said: Box::new(move || said(lang, &shown.read())),
        reset: Box::new(move || controls.set(Controls::default())),
        saved: Box::new(move || Some(saved(&controls.read(), &shown.read()))),
    })
}

/// Milliseconds as seconds with one digit after the point, rounded down.
fn tenths(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms / 100 % 10)
}

fn slots(lang: Lang, scene: &Scene) -> AnyView {
    let most = scene.entries.iter().copied().max().unwrap_or(0).max(1);
    let slot = |(slot, entries): (u8, &u32)| {
        let hand = (slot == scene.hand).then(|| t::hand(lang));
        let ours = (slot == scene.slot).then(|| t::this_one(lang));
        view! {
            <li class:hand=hand.is_some() class:ours=ours.is_some()>
                <span class="word">{hand}</span>
                <svg aria-hidden="true" viewBox=format!("0 0 1 {most}") preserveAspectRatio="none">
                    <rect class="fill-tw-2" width="1" y=most - entries height=*entries></rect>
                </svg>
                <span class="n">{thousands(*entries)}</span>
                <span class="which">{t::slot(lang, slot)}</span>
                <span class="word">{ours}</span>
            </li>
        }
    };
    view! {
        <ol class="eight" aria-label=t::slots(lang)>{(0..).zip(&scene.entries).map(slot).listed()}</ol>
    }
    .into_any()
}

/// From the close to the end: each turn of the hand, and whether it went on.
fn line(lang: Lang, scene: &Scene) -> AnyView {
    let place = |ms: u64| {
        let thousandths = ms / u64::from(LINE_S);
        format!("{}.{}%", thousandths / 10, thousandths % 10)
    };
    let turn = |turn: &HandTurn| {
        let class = if turn.stayed { "turn stayed" } else { "turn" };
        view! { <circle class=class cx=place(turn.ms) cy="34" r="5"></circle> }
    };
    let half_minute = |half: u32| {
        let x = place(u64::from(half) * 30_000);
        let anchor = match half {
            0 => "start",
            half if half * 30 == LINE_S => "end",
            _ => "middle",
        };
        let text = t::seconds(lang, half * 30);
        view! {
            <line class="grid" x1=x.clone() x2=x.clone() y1="22" y2="58"></line>
            <text class="axis" x=x y="74" text-anchor=anchor>{text}</text>
        }
    };
    let lasts = t::lasts(lang, tenths(scene.lasts_ms));
    let stayed = (scene.stayed() > 0).then(|| {
        view! { <li><span class="sign turn stayed"></span>{t::turn_stayed(lang)}</li> }
    });
    view! {
        <p class="lasts">{lasts.clone()}</p>
        <svg class="time-line" role="img" aria-label=lasts>
            {(0..=LINE_S / 30).map(half_minute).listed()}
            <rect class="waits" width=place(scene.lasts_ms) y="42" height="16"></rect>
            {scene.turns.iter().map(turn).listed()}
        </svg>
        <ul class="legend">
            <li><span class="sign turn"></span>{t::turn_moved(lang)}</li>
            {stayed}
        </ul>
    }
    .into_any()
}

fn said(lang: Lang, scene: &Scene) -> String {
    let lasts = tenths(scene.lasts_ms);
    let turns = scene.turns.len();
    match scene.stayed() {
        _ if scene.entries.iter().sum::<u32>() == 1 => t::calendar_alone(lang, scene.slot, lasts),
        0 => t::calendar_fine(lang, scene.slot, scene.hand, lasts),
        stayed => t::calendar_slips(lang, stayed, turns, lasts),
    }
}
