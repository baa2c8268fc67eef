//! Ports in TIME_WAIT over five minutes, at the reader's own rate and range.

use error99_kernel::{PORT_RANGE_AT_BOOT, SysctlOutcome};
use error99_story::ports_over_time::{
    ClientRun, Controls, Plot, RATE_MAX, SECONDS, Scene, Search, Sustained, saved, says_to, scene,
};
use error99_story::written;
use leptos::prelude::*;

use super::brought;
use super::controls::{choice, switch};
use super::frame::{Parts, picture};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::{Unread, read, thousands};
use crate::text::plot as t;
use crate::ui::boxed::{Listed, live, part};
use crate::ui::field::{Field, Message};
use crate::ui::said::Said;
use crate::ui::slices::{WORK_UNITS, in_slices};

#[cfg(not(feature = "csr"))]
pub mod kernels;

/// Ranges that are offered beside the fields.
const PRESETS: [(u16, u16); 2] = [PORT_RANGE_AT_BOOT, (1_024, 65_535)];
/// Where it stands what is wrong with a number.
const RATE_SAID: &str = "plot-rate-said";
const RANGE_SAID: &str = "plot-range-said";
/// Where the top of the range lies in the drawing, in thousandths of its height.
const TOP: u32 = 130;

/// What is drawn: some controls and what the model said to them.
#[derive(Clone)]
struct Shown {
    of: Controls,
    plot: Plot,
    /// `None` while it's still looked for.
    sustained: Option<Sustained>,
}

impl Shown {
    fn first() -> Shown {
        let of = Controls::default();
        let Scene { plot, sustained } =
            brought().and_then(|numbers| Scene::of_numbers(&numbers)).unwrap_or_else(|| scene(&of));
        Shown { of, plot, sustained: Some(sustained) }
    }

    /// What the range carries, if that is what was asked.
    fn carries(&self, controls: &Controls) -> Option<Sustained> {
        let same = (self.of.range, self.of.tw_reuse) == (controls.range, controls.tw_reuse);
        self.sustained.clone().filter(|_| same)
    }
}

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let controls = RwSignal::new(Controls::default());
    let shown = RwSignal::new(Shown::first());
    let choose = move |change: &dyn Fn(&mut Controls)| {
        controls.update(|controls| change(controls));
        compute(controls, shown);
    };
    let (rate_said, range_said) = (RwSignal::new(None), RwSignal::new(None));
    let rate = rate_field(lang, controls, rate_said, move |rate| choose(&|now| now.rate = rate));
    let range =
        range_fields(lang, controls, range_said, move |range| choose(&|now| now.range = range));
    let reuse = switch(
        "tcp_tw_reuse",
        move || controls.read().tw_reuse,
        move |on| choose(&|now| now.tw_reuse = on),
    );
    picture(Parts {
        lang,
        links,
        controls: view! {
            {rate}
            {range}
            {reuse}
            <div class="heed">
                <Message id=RATE_SAID said=rate_said />
                <Message id=RANGE_SAID said=range_said />
            </div>
        }
        .into_any(),
        scene: part(move || {
            let shown = shown.read();
            view! {
                {figures(lang, controls, &shown)}
                {drawing(lang, &shown)}
                {legend(lang, &shown)}
            }
        }),
        said: Box::new(move || said(lang, &shown.read())),
        reset: Box::new(move || choose(&|now| *now = Controls::default())),
        saved: Box::new(move || Some(saved(&controls.read()))),
    })
}

/// Runs the client, then looks for what the range carries; what was drawn stays until then. New
/// controls end the work for the old ones.
fn compute(controls: RwSignal<Controls>, shown: RwSignal<Shown>) {
    let of = controls.get_untracked();
    let mut run = Some(ClientRun::new(&of));
    let mut search = None;
    in_slices(Box::new(move || {
        if controls.get_untracked() != of {
            return true;
        }
        if let Some(client) = &mut run {
            if let Some(plot) = client.work(WORK_UNITS) {
                run = None;
                let sustained = shown.read_untracked().carries(&of);
                search = sustained.is_none().then(|| Search::new(&of));
                shown.set(Shown { of, plot, sustained });
            }
            return run.is_none() && search.is_none();
        }
        let found = search.as_mut().and_then(|search| search.work(WORK_UNITS));
        let over = found.is_some();
        if over {
            shown.update(|shown| shown.sustained = found);
        }
        over
    }));
}

// ── the reader's numbers ────────────────────────────────────────

/// A whole number in a field, as the kernel's handlers take it; whether it's too large is theirs
/// to say.
fn number(lang: Lang, text: &str, max: u32) -> Result<i32, String> {
    let wrong = || t::number_wrong(lang, text.trim(), max);
    match read(text) {
        Err(Unread::Empty) => Err(t::number_empty(lang, max)),
        Err(Unread::NotANumber) => Err(wrong()),
        Ok(number) => i32::try_from(number).map_err(|_| wrong()),
    }
}

/// A labelled field.
fn field(
    label: &'static str,
    value: impl Fn() -> u32 + Send + Sync + 'static,
    typed: RwSignal<Option<String>>,
    said: RwSignal<Option<Said>>,
    described: &'static str,
    commit: Callback<String>,
) -> AnyView {
    view! {
        <label class="typed">
            <span>{label}</span>
            <Field
                label=label
                value=Signal::derive(move || value().to_string())
                typed=typed
                wrong=Signal::derive(move || said.read().is_some() && typed.read().is_some())
                described=described
                commit=commit
            />
        </label>
    }
    .into_any()
}

fn rate_field(
    lang: Lang,
    controls: RwSignal<Controls>,
    said: RwSignal<Option<Said>>,
    choose: impl Fn(u32) + Send + Sync + 'static,
) -> AnyView {
    let typed = RwSignal::new(None);
    let commit = move |text: String| {
        let rate = number(lang, &text, RATE_MAX).and_then(|rate| match u32::try_from(rate) {
            Ok(rate @ 1..=RATE_MAX) => Ok(rate),
            Ok(1..) => Err(t::rate_too_fast(lang, thousands(RATE_MAX))),
            _ => Err(t::number_wrong(lang, rate, RATE_MAX)),
        });
        match rate {
            Ok(rate) => {
                typed.set(None);
                said.set(None);
                choose(rate);
            }
            Err(wrong) => said.set(Some(Said::Wrong(wrong))),
        }
    };
    let value = move || controls.read().rate;
    field(t::rate(lang), value, typed, said, RATE_SAID, Callback::new(commit))
}

fn range_fields(
    lang: Lang,
    controls: RwSignal<Controls>,
    said: RwSignal<Option<Said>>,
    choose: impl Fn((u16, u16)) + Copy + Send + Sync + 'static,
) -> AnyView {
    let (low, high) = (RwSignal::new(None), RwSignal::new(None));
    let take = move |range: (u16, u16)| {
        low.set(None);
        high.set(None);
        said.set(None);
        choose(range);
    };
    let range = move || controls.read().range;
    let text = move |typed: RwSignal<Option<String>>, now: u16| {
        typed
            .get_untracked()
            .map_or(Ok(now.into()), |text: String| number(lang, &text, u16::MAX.into()))
    };
    let asked = move || {
        let now = untrack(range);
        let (first, second) = (text(low, now.0)?, text(high, now.1)?);
        match says_to(first, second) {
            SysctlOutcome::Taken => Ok((first as u16, second as u16)),
            SysctlOutcome::LowAboveHigh => Err(t::range_reversed(lang, first, second)),
            SysctlOutcome::HalfTaken if second > 0 => Err(t::range_half_taken(lang, first, second)),
            _ => {
                let wrong = if (1..=65_535).contains(&first) { second } else { first };
                Err(t::number_wrong(lang, wrong, u16::MAX))
            }
        }
    };
    let commit = Callback::new(move |_: String| match asked() {
        Ok(range) => take(range),
        Err(wrong) => said.set(Some(Said::Wrong(wrong))),
    });
    let preset = choice(
        "ports-over-time",
        t::range_presets(lang),
        PRESETS.map(|(low, high)| format!("{low}–{high}")).to_vec(),
        move || PRESETS.iter().position(|preset| *preset == range()).unwrap_or(usize::MAX),
        move |index| take(PRESETS[index % PRESETS.len()]),
    );
    view! {
        {field(t::lowest_port(lang), move || range().0.into(), low, said, RANGE_SAID, commit)}
        {field(t::highest_port(lang), move || range().1.into(), high, said, RANGE_SAID, commit)}
        {preset}
    }
    .into_any()
}

// ── what is shown ───────────────────────────────────────────────

fn figures(lang: Lang, controls: RwSignal<Controls>, shown: &Shown) -> AnyView {
    let (of, sought) = (shown.of, shown.sustained.is_none());
    let busy = move || (sought || *controls.read() != of).to_string();
    let first = match shown.plot.first_ms {
        Some(ms) => t::after_seconds(lang, ms / 1000),
        None => t::no_error(lang).to_owned(),
    };
    let carries = match shown.sustained.as_ref().map(|sustained| sustained.rate) {
        None => "…".to_owned(),
        Some(0) => t::not_even_one(lang).to_owned(),
        Some(RATE_MAX) => t::a_second_or_more(lang, thousands(RATE_MAX)),
        Some(rate) => t::a_second(lang, thousands(rate)),
    };
    let (ports, rate) = (thousands(shown.of.ports()), thousands(shown.of.formula()));
    view! {
        <dl class="figures" aria-busy=live(busy)>
            <div class:ko=shown.plot.first_ms.is_some()>
                <dt>{t::first_error(lang)}</dt>
                <dd>{first}</dd>
            </div>
            <div>
                <dt>{t::carries(lang)}</dt>
                <dd>{carries}</dd>
            </div>
            <div>
                <dt>{t::by_formula(lang)}</dt>
                <dd>{t::formula(lang, ports, rate)}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// Thousandths as SVG writes a percentage.
fn percent(thousandths: u32) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// The curve of `taken`, in a box of a unit per second and thousandths of the range.
fn curve(taken: &[u32], ports: u32) -> String {
    let mut path = String::from("M");
    for (second, taken) in taken.iter().enumerate() {
        let height = u64::from(*taken) * 1000 / u64::from(ports.max(1));
        path += &format!("{second} {} ", 1000 - height.min(1000));
    }
    path
}

/// Seconds in which calls were refused, as (first, one past the last).
fn bands(refused: &[u32]) -> Vec<(u32, u32)> {
    let mut bands: Vec<(u32, u32)> = Vec::new();
    for (second, _) in (0..).zip(refused).filter(|(_, refused)| **refused > 0) {
        match bands.last_mut() {
            Some((_, end)) if *end == second => *end += 1,
            _ => bands.push((second, second + 1)),
        }
    }
    bands
}

/// Round numbers of ports for the axis, below the top of the range.
fn ticks(ports: u32) -> Vec<u32> {
    let steps = (0..5).flat_map(|zeros| [1, 2, 5].map(|digit| digit * 10_u32.pow(zeros)));
    let step = steps.into_iter().find(|step| ports / step <= 4).unwrap_or(20_000);
    (0..).map(|tick| tick * step).take_while(|tick| tick * 8 <= ports * 7).collect()
}

fn drawing(lang: Lang, shown: &Shown) -> AnyView {
    let ports = shown.of.ports();
    let carried = carried(shown).map(|sustained| {
        view! { <path class="carried" d=curve(&sustained.taken, ports)></path> }.into_any()
    });
    let numbers = untrack(|| {
        let scene = Scene { plot: shown.plot.clone(), sustained: shown.sustained.clone()? };
        cfg!(feature = "ssr").then(|| written::write(&scene.numbers()))
    });
    view! {
        <svg class="plot" role="img" aria-label=said(lang, shown) data-scene=numbers>
            <pattern id="plot-refused" width="6" height="6" patternUnits="userSpaceOnUse">
                <path d="M0 6L6 0"></path>
            </pattern>
            {drawn(lang, ports, &shown.plot, carried)}
        </svg>
    }
    .into_any()
}

/// Five minutes on a range of `ports`, and a second curve.
fn drawn(lang: Lang, ports: u32, plot: &Plot, carried: Option<AnyView>) -> AnyView {
    let y = move |taken: u32| percent(1000 - (1000 - TOP) * taken.min(ports) / ports.max(1));
    let band = |(from, to): (u32, u32)| {
        let (x, width) = (percent(from * 1000 / SECONDS), percent((to - from) * 1000 / SECONDS));
        view! {
            <rect class="refusing" x=x.clone() width=width.clone() height="100%"></rect>
            <rect class="refused" x=x width=width height=percent(TOP)></rect>
        }
    };
    let level = |taken: u32| {
        view! {
            <line class="grid" x2="100%" y1=y(taken) y2=y(taken)></line>
            <text class="axis" x="-8" y=y(taken) dy="4" text-anchor="end">{thousands(taken)}</text>
        }
    };
    let minute = |minute: u32| {
        let x = percent(minute * 60_000 / SECONDS);
        let second = minute * 60;
        let (anchor, dx, text) = match second {
            SECONDS => ("end", 6, t::seconds(lang, second)),
            _ => ("middle", 0, second.to_string()),
        };
        view! { <text class="axis" x=x y="100%" dx=dx dy="18" text-anchor=anchor>{text}</text> }
    };
    let taken = curve(&plot.taken, ports);
    let area = format!("{taken}{SECONDS} 1000 0 1000Z");
    view! {
        {bands(&plot.refused).into_iter().map(band).listed()}
        {ticks(ports).into_iter().map(level).listed()}
        <svg
            y=percent(TOP)
            width="100%"
            height=percent(1000 - TOP)
            viewBox=format!("0 0 {SECONDS} 1000")
            preserveAspectRatio="none"
        >
            <path class="area" d=area></path>
            <path class="taken" d=taken></path>
            {carried}
        </svg>
        <line class="top" x2="100%" y1=percent(TOP) y2=percent(TOP)></line>
        <text class="top-word" x="0" y=percent(TOP) dy="-7">{t::whole_range(lang, thousands(ports))}</text>
        {(0..=SECONDS / 60).map(minute).listed()}
    }
    .into_any()
}

/// The rate that the range carries, where it's worth a curve of its own.
fn carried(shown: &Shown) -> Option<&Sustained> {
    let sustained = shown.sustained.as_ref()?;
    let tried = !sustained.taken.is_empty() && sustained.rate < RATE_MAX;
    (tried && sustained.rate != shown.of.rate).then_some(sustained)
}

fn legend(lang: Lang, shown: &Shown) -> AnyView {
    let carried = carried(shown).map(|sustained| {
        view! {
            <li><span class="sign carried"></span>{t::at_rate(lang, thousands(sustained.rate))}</li>
        }
    });
    let failing = shown.plot.first_ms.is_some();
    view! {
        <ul class="legend">
            <li><span class="cell mark tw half"></span>{t::in_timewait(lang)}</li>
            {failing.then(|| view! { <li><span class="sign refused"></span>{t::failing(lang)}</li> })}
            {carried}
        </ul>
    }
    .into_any()
}

fn said(lang: Lang, shown: &Shown) -> String {
    let Controls { rate, .. } = shown.of;
    let ports = thousands(shown.of.ports());
    let most = shown.plot.taken.iter().copied().max().unwrap_or(0);
    let refused: u32 = shown.plot.refused.iter().sum();
    match shown.plot.first_ms {
        Some(_) => {
            t::load_fails(lang, thousands(rate), thousands(refused), thousands(rate * SECONDS))
        }
        None if most == shown.of.ports() => t::load_reuses(lang, thousands(rate), ports),
        None => t::load_holds(lang, thousands(rate), thousands(most), ports),
    }
}
