//! What a connect costs while the range fills: in probes by the model, in time as it was measured.

use error99_story::since::{DEFAULT, FAILING, PARTS, WITH_OPTION};
use error99_story::walks::Alike;
use leptos::prelude::*;

use crate::lang::Lang;
use crate::text::{later, remedy as t};

/// An axis that goes up by tens: where it begins, how often it grows tenfold, and its words.
struct Axis {
    low: u32,
    decades: u32,
    words: &'static [&'static str],
}

const PROBES: Axis = Axis { low: 1, decades: 5, words: &["1", "10", "100", "1,000", "10,000"] };
/// In tenths of a microsecond.
const TIME: Axis = Axis { low: 100, decades: 3, words: &["10 µs", "100 µs", "1 ms", "10 ms"] };

impl Axis {
    /// Where a number lies, from the top in thousandths.
    fn height(&self, number: u32) -> u32 {
        let grown = (f64::from(number) / f64::from(self.low)).log10();
        (1000.0 - grown * 1000.0 / f64::from(self.decades)).round() as u32
    }

    fn percent(&self, number: u32) -> String {
        let height = self.height(number);
        format!("{}.{}%", height / 10, height % 10)
    }

    /// A step for each twentieth of the range.
    fn steps(&self, run: &[u32; PARTS]) -> String {
        let step = |(part, number): (usize, &u32)| {
            let to = if part == 0 { 'M' } else { 'L' };
            format!("{to}{part} {}h1", self.height(*number))
        };
        run.iter().enumerate().map(step).collect()
    }
}

/// The probes of every way of going over the range.
pub fn modelled(lang: Lang, all: &[Alike]) -> AnyView {
    let curve = |alike: &Alike| view! { <path d=PROBES.steps(&alike.way.medians)></path> };
    let failing: Vec<u32> = all.iter().map(|alike| alike.way.failing).collect();
    let curves = view! { <g class="by-kernel">{all.iter().map(curve).collect_view()}</g> };
    plot(lang, &PROBES, later::modelled_image(lang), curves.into_any(), &failing)
}

/// The time on 6.18, by default and with the socket option.
pub fn measured(lang: Lang) -> AnyView {
    let curve = |run: &[u32; PARTS]| view! { <path d=TIME.steps(run)></path> };
    let curves = view! {
        <g class="with-option">{WITH_OPTION.iter().map(curve).collect_view()}</g>
        <g class="by-default">{DEFAULT.iter().map(curve).collect_view()}</g>
    };
    plot(lang, &TIME, t::since_image(lang), curves.into_any(), &FAILING)
}

fn plot(lang: Lang, axis: &Axis, image: &'static str, curves: AnyView, failing: &[u32]) -> AnyView {
    let level = |(decade, word): (u32, &&'static str)| {
        let y = axis.percent(axis.low * 10_u32.pow(decade));
        view! {
            <line class="grid" x2="100%" y1=y.clone() y2=y.clone()></line>
            <text class="axis" x="-8" y=y dy="4" text-anchor="end">{*word}</text>
        }
    };
    let quarter = |quarter: u32| {
        let anchor = if quarter == 4 { "end" } else { "middle" };
        let x = format!("{}%", quarter * 25);
        view! { <text class="axis" x=x.clone() y="100%" dy="18" text-anchor=anchor>{x.clone()}</text> }
    };
    let fails = |number: &u32| {
        view! { <circle class="fails" cx="100%" cy=axis.percent(*number) r="4"></circle> }
    };
    let word = axis.percent(failing.iter().copied().max().unwrap_or(axis.low));
    view! {
        <svg class="plot since-plot" role="img" aria-label=image>
            {(0..).zip(axis.words).map(level).collect_view()}
            <svg width="100%" height="100%" viewBox="0 0 20 1000" preserveAspectRatio="none">{curves}</svg>
            <g class="failing">
                {failing.iter().map(fails).collect_view()}
                <text x="100%" y=word dy="-12" text-anchor="end">{t::failing_call(lang)}</text>
            </g>
            {(0..=4).map(quarter).collect_view()}
        </svg>
    }
    .into_any()
}
