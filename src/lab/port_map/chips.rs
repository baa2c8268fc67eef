//! The labels on the page of ports.

use error99_replay::frame::{Frame, WalkView};
use error99_replay::ports::Ports;
use leptos::prelude::*;

use super::{aligned, is_over};
use crate::lab::amounts::exact;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::geometry::Geometry;
use crate::ui::length::px;
use crate::ui::rich::Rich;
use crate::ui::same::same;

/// A label on the page.
struct Chip {
    text: String,
    class: &'static str,
    at: (f64, f64),
    below: bool,
}

/// The labels, kept inside the page and off each other; what has no room is left out.
pub fn chips(
    lang: Lang,
    frame: &Frame,
    ports: &Ports,
    geometry: &Geometry,
    letters: f64,
) -> Vec<AnyView> {
    let point = |port: u16| geometry.centre(u32::from(port.saturating_sub(ports.low)));
    let mut wanted = Vec::new();
    if let Some(walk) = &frame.walk {
        of_walk(lang, frame, walk, &point, &mut wanted);
    }
    if let Some(home) = frame.home.filter(|home| ports.cell(home.port).is_some()) {
        wanted.push(Chip {
            text: t::home_port(lang, thousands(home.port), exact(lang, home.left_ms)),
            class: "chip",
            at: point(home.port),
            below: true,
        });
    }
    if let Some(bucket) = frame
        .bucket
        .as_ref()
        .filter(|bucket| aligned(frame, geometry) && bucket.chain.len() > 1 && !is_over(frame))
    {
        let (x, y) = point(bucket.port);
        wanted.push(Chip {
            text: t::same_bucket(lang, thousands(bucket.index)),
            class: "chip",
            at: (x, y + (geometry.size_css().1 - y) / 3.0),
            below: true,
        });
    }
    let placed = place(wanted, geometry.size_css(), letters);
    let labels = placed.into_iter().map(|(chip, x, y)| {
        let (class, text, left, top) = (chip.class, chip.text, px(x), px(y));
        same((class, text.clone(), left.clone(), top.clone()), move || {
            view! { <span class=class style:left=left style:top=top><Rich text /></span> }
                .into_any()
        })
    });
    labels.collect()
}

/// The labels of a walk: where it stands, where it started, and where that lies without the hint.
fn of_walk(
    lang: Lang,
    frame: &Frame,
    walk: &WalkView,
    point: &impl Fn(u16) -> (f64, f64),
    wanted: &mut Vec<Chip>,
) {
    if let Some(probe) = walk.probe.as_ref().filter(|_| !is_over(frame)) {
        let taken = walk.decided >= probe.i && probe.verdict.takes_port();
        wanted.push(Chip {
            text: if taken {
                t::took_port(lang, thousands(probe.port))
            } else {
                t::now_port(lang, thousands(probe.port))
            },
            class: if taken { "chip ok" } else { "chip a" },
            at: point(probe.port),
            below: true,
        });
    }
    wanted.push(Chip {
        text: t::start_port(lang, thousands(walk.start)),
        class: "chip a",
        at: point(walk.start),
        below: false,
    });
    if walk.home != walk.start && frame.home.is_none() {
        wanted.push(Chip {
            text: t::hash_alone(lang, thousands(walk.home)),
            class: "chip",
            at: point(walk.home),
            below: true,
        });
    }
}

/// Height of a label, at the usual size of letters.
const CHIP_HEIGHT: f64 = 19.0;

/// Width of a label, a little more than it will need, at the usual size of letters.
fn chip_width(text: &str) -> f64 {
    let letters: f64 = text.chars().map(|c| if c.is_ascii() { 6.4 } else { 12.0 }).sum();
    letters - 4.0 * 6.4 + 18.0
}

/// Finds a place for each label near its point: inside the page, clear of those before it.
fn place(chips: Vec<Chip>, page: (f64, f64), letters: f64) -> Vec<(Chip, f64, f64)> {
    // As wide as the page is in the units that a label is measured in.
    let (width, height) = (page.0 / letters, page.1 / letters);
    let mut placed: Vec<(Chip, f64, f64)> = Vec::new();
    for chip in chips {
        let w = chip_width(&chip.text);
        let (x, y) = (chip.at.0 / letters, chip.at.1 / letters);
        let left = if x + 12.0 + w < width { x + 12.0 } else { (x - 12.0 - w).max(0.0) };
        let near = if chip.below { y + 6.0 } else { y - CHIP_HEIGHT - 8.0 };
        let tries = [0.0, 22.0, -22.0, 44.0, -44.0]
            .map(|shift| (near + shift).clamp(0.0, (height - CHIP_HEIGHT).max(0.0)));
        let free = tries.into_iter().find(|top| {
            placed.iter().all(|(other, ox, oy)| {
                let apart_x = left + w < *ox || ox + chip_width(&other.text) < left;
                let apart_y = (top - oy).abs() > CHIP_HEIGHT + 1.0;
                apart_x || apart_y
            })
        });
        if let Some(top) = free.filter(|_| w < width) {
            placed.push((chip, left, top));
        }
    }
    placed.into_iter().map(|(chip, x, y)| (chip, x * letters, y * letters)).collect()
}
