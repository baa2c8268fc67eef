//! Transport and timeline: the keys, the speed, this call as a line that can be dragged, and
//! all calls before it.

use std::sync::Arc;

use error99_replay::frame::{Frame, Mark, PortCell, Ret, WalkView};
use error99_replay::hand::Look;
use error99_replay::ports::Ports;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use super::amounts::error_word;
use error99_replay::grid::Grid;

use super::kept::{Kept, kept};
use super::names::{call_name, probes};
use super::play::{SPEEDS, Speed};
use super::sheet::Opens;
use super::state::{Lab, Sheet};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::number::{read, thousands};
use crate::text::{lab as t, sheet};
use crate::ui::boxed::{Listed, heard, keep, live, part};
use crate::ui::browser::{self, Size};
use crate::ui::colours::Palette;
use crate::ui::field::{Field, Message};
use crate::ui::geometry::Geometry;
use crate::ui::length::number;
use crate::ui::paint::paint;
use crate::ui::said::Said;
use crate::ui::same::same;

/// The keys and the speed.
#[component]
pub fn Transport(
    lang: Lang,
    lab: Lab,
    speed: RwSignal<usize>,
    /// Starts or stops playing.
    toggle: Callback<()>,
) -> impl IntoView {
    let key = |name: &'static str, sign: Icon, look: Look| {
        view! {
            <button class="btn" type="button" aria-label=name title=name on:click=heard(move |_| lab.wish(look))>
                {icon(sign)}
            </button>
        }
    };
    let play = move || if lab.playing.get() { t::pause(lang) } else { t::play(lang) };
    let speed_text = move || match SPEEDS[speed.get()] {
        Speed::Steps(count) => t::speed_steps(lang, thousands(count)),
        Speed::Ports(count) => t::speed_ports(lang, thousands(count)),
    };
    view! {
        <div class="transport" role="group" aria-label=t::playback(lang)>
            <div class="keys">
                {key(t::to_start(lang), Icon::ToStart, Look::CallStart)}
                {key(t::step_back(lang), Icon::Back, Look::Back)}
                <button class="btn primary" type="button" aria-label=live(play) title=live(play) on:click=heard(move |_| toggle.run(()))>
                    {part(move || if lab.playing.get() { icon(Icon::Pause).into_any() } else { icon(Icon::Play).into_any() })}
                </button>
                {key(t::step_forward(lang), Icon::Forward, Look::Forward)}
                {key(t::to_end(lang), Icon::ToEnd, Look::CallEnd)}
            </div>
            <div class="speed">
                <label for="lab-speed">{t::speed(lang)}</label>
                <input
                    type="range"
                    id="lab-speed"
                    min="0"
                    max=(SPEEDS.len() - 1).to_string()
                    step="1"
                    autocomplete="off"
                    prop:value=live(move || speed.get().to_string())
                    value=speed.get_untracked().to_string()
                    aria-valuetext=live(speed_text)
                    on:input=heard(move |event| {
                        let chosen = event_target_value(&event).parse().unwrap_or(0);
                        speed.set(std::cmp::min(chosen, SPEEDS.len() - 1));
                    })
                    on:keydown=heard(keep)
                />
                <output>{part(speed_text)}</output>
                <button
                    class="tb help"
                    type="button"
                    aria-haspopup="dialog"
                    aria-label=sheet::keys(lang)
                    title=sheet::keys(lang)
                    on:click=heard(move |_| lab.open(Sheet::Keys))
                >
                    "?"
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// The region "Timeline": this call, and the calls before it.
#[component]
pub fn Timeline(
    lang: Lang,
    lab: Lab,
    /// The colours that the line is painted in.
    palette: RwSignal<Option<Palette>>,
) -> impl IntoView {
    let frame = lab.frame;
    let row = Memo::new(move |_| Row::of(&frame.read()));
    view! {
        <section class="time" aria-label=t::timeline(lang)>
            {scrubber(lang, lab, palette).into_any()}
            <div class="calls">
                <div class="name">
                    <b>{t::calls(lang)}</b>
                    {part(move || match lab.branches.get() {
                        1 => t::calls_height(lang).into_any(),
                        count => view! {
                            <Opens lab sheet=Sheet::Branches>{sheet::open_branches(lang, count)}</Opens>
                        }
                        .into_any(),
                    })}
                </div>
                <ol>{part(move || marks(lang, lab, &row.read()))}</ol>
                <div class="tail">
                    {part(move || tail(lang, &frame.read()))}
                    <button class="link" type="button" on:click=heard(move |_| lab.wish(Look::Error(true)))>
                        {t::next_error(lang)}
                    </button>
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn scrubber(lang: Lang, lab: Lab, palette: RwSignal<Option<Palette>>) -> impl IntoView {
    let Kept { frame, now } = kept(lab.frame.into(), |frame| frame.walk.is_some());
    let canvas = NodeRef::<Canvas>::new();
    let walk = move || frame.read().walk.clone();
    let here = move || walk().and_then(|walk| walk.probe.map(|probe| probe.i)).unwrap_or(0);
    let count = move || frame.read().walk.as_ref().map_or(1, |walk| walk.probes.max(1));
    let value_text = move || {
        let walk = walk()?;
        let probe = walk.probe?;
        Some(t::probe_at_port(
            lang,
            thousands(probe.i),
            thousands(walk.probes),
            thousands(probe.port),
        ))
    };
    // The line shows the ports in the order of the walk.
    let order = Memo::new(move |_| {
        let frame = frame.read();
        let walk = frame.walk.as_ref()?;
        Some((walk.order, walk.probes))
    });
    let whole = NodeRef::<Div>::new();
    let size = browser::size_of(whole);
    Effect::new(move || {
        order.track();
        let ports = lab.ports.read();
        let frame = frame.read_untracked();
        if let (Some(canvas), Some(size), Some(palette), Some(walk)) =
            (canvas.get(), size.get(), palette.get(), &frame.walk)
        {
            draw_line(&canvas, size, walk, &ports, &palette);
        }
    });
    let name = move || match &frame.read().call {
        Some(call) => t::position_in(lang, call_name(lang, call)),
        None => String::new(),
    };
    let jump = RwSignal::new(None::<String>);
    let missed = RwSignal::new(None::<Said>);
    let commit = Callback::new(move |text: String| {
        let (now, probes) = (untrack(here), untrack(count));
        let i = read(&text).ok().and_then(|i| u32::try_from(i).ok());
        match i.filter(|i| *i == now || (1..=probes).contains(i)) {
            Some(i) => {
                jump.set(None);
                missed.set(None);
                if i != now {
                    lab.wish(Look::Probe(i));
                }
            }
            None => missed.set(Some(Said::Wrong(t::no_such_probe(lang, thousands(probes))))),
        }
    });
    // What was wrong with one walk is of no account in another place.
    Effect::new(move |before: Option<(u32, u32)>| {
        let now = (here(), count());
        if before.is_some_and(|before| before != now) {
            jump.set(None);
            missed.set(None);
        }
        now
    });
    view! {
        <div class="scrub" node_ref=whole hidden=live(move || !now.get())>
            <div class="labs" aria-hidden="true">
                <span>{part(move || walk().map(|walk| thousands(walk.start)))}</span>
                <span class="here">{part(move || format!("i = {}", thousands(here())))}</span>
                <span>{part(move || walk().map(|walk| thousands(walk.probes)))}</span>
            </div>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <div class="jump">
                <input
                    type="range"
                    min="1"
                    max=live(move || count().to_string())
                    step="1"
                    autocomplete="off"
                    aria-label=live(name)
                    aria-valuetext=live(value_text)
                    prop:value=live(move || here().max(1).to_string())
                    value=untrack(here).max(1).to_string()
                    on:input=heard(move |event| {
                        if let Ok(i) = event_target_value(&event).parse() {
                            lab.wish(Look::Probe(i));
                        }
                    })
                    on:keydown=heard(keep)
                />
                <Field
                    label=t::jump_to_probe(lang)
                    value=Signal::derive(move || here().to_string())
                    typed=jump
                    wrong=Signal::derive(move || missed.read().is_some())
                    described=JUMP_SAID
                    commit
                />
            </div>
            <Message id=JUMP_SAID said=missed />
        </div>
    }
}

/// Where it stands what is wrong with the number of a probe.
const JUMP_SAID: &str = "lab-jump-said";
/// Height of the line in CSS pixels.
const LINE: f64 = 12.0;

/// Paints the states of the ports in walk order, as many to a pixel as need be.
fn draw_line(
    canvas: &web_sys::HtmlCanvasElement,
    Size { width, scale, .. }: Size,
    walk: &WalkView,
    ports: &Ports,
    palette: &Palette,
) {
    let wide = (width * scale) as u32;
    if wide == 0 || walk.probes == 0 {
        return;
    }
    let cells: Vec<PortCell> = (0..wide)
        .map(|x| {
            let i = u64::from(x) * u64::from(walk.probes) / u64::from(wide) + 1;
            ports.cell(walk.port_of(i as u32)).unwrap_or(PortCell::Free)
        })
        .collect();
    let tall = ((LINE * scale) as u32).max(1);
    let geometry = Geometry {
        grid: Grid { ports: wide, columns: wide, cell: (1, tall), halves: None },
        scale,
    };
    let pixels = paint(&cells, &geometry, palette);
    browser::show_pixels(canvas, &pixels, (wide, tall), (width, LINE));
}

/// Calls that fit beside each other.
const MARKS: usize = 16;
/// Height of a mark's drawing, in its own units.
const TALL: f64 = 45.0;

/// What the row of calls shows: it stays as it is while a call is gone through.
#[derive(Clone, PartialEq)]
struct Row {
    marks: Vec<Mark>,
    /// Calls that have begun.
    here: u32,
    /// Whether the last of them is under way.
    under_way: bool,
}

impl Row {
    fn of(frame: &Frame) -> Row {
        let under_way = frame.at.step.is_some();
        let here = frame.at.done + u32::from(under_way);
        let at = frame.marks.partition_point(|mark| mark.call < here);
        let end = frame.marks.len().min((at + MARKS / 4).max(MARKS));
        let marks = frame.marks[end.saturating_sub(MARKS)..end].to_vec();
        Row { marks, here, under_way }
    }
}

fn marks(lang: Lang, lab: Lab, row: &Row) -> impl IntoView + use<> {
    let one = |mark: &Mark| {
        let (mark, here) = (*mark, mark.call + 1 == row.here);
        let under_way = here && row.under_way;
        same((mark, here, under_way), move || self::mark(lang, lab, mark, here, under_way))
    };
    row.marks.iter().map(one).listed()
}

fn mark(lang: Lang, lab: Lab, mark: Mark, here: bool, under_way: bool) -> AnyView {
    // Probes on a logarithmic scale: 1 to 65,535 over 32 units.
    let rise = if mark.connect { 5.0 + f64::from(mark.probes.max(1)).ln() * 2.9 } else { 2.0 };
    let above = TALL - 6.0 - rise;
    let (foot, top) = (number(TALL - 3.0), number(above));
    let name = match (mark.number, mark.connect) {
        (0, true) => t::loaded_call(lang).to_owned(),
        (0, false) => "·".to_owned(),
        (number, _) => t::call_number(lang, thousands(number)),
    };
    let result = match mark.ret {
        Ret::Ok if mark.port > 0 => t::port_word(lang, thousands(mark.port)),
        ret => error_word(lang, ret),
    };
    let label = t::call_mark(lang, name, result, probes(lang, mark.probes));
    let drawing = match (mark.connect, mark.ret) {
        _ if under_way => view! {
            <path class="pending" d=format!("M14 {foot}V{}", number(above + 3.0))></path>
            <circle class="pending" cx="14" cy=top.clone() r="3"></circle>
        }
        .into_any(),
        (false, _) => {
            view! { <circle class="quiet" cx="14" cy=top.clone() r="1.6"></circle> }.into_any()
        }
        (true, Ret::Ok) => view! {
            <path class="ok" d=format!("M14 {foot}V{top}")></path>
            <circle class="ok" cx="14" cy=top.clone() r="2.8"></circle>
        }
        .into_any(),
        (true, Ret::Errno(_) | Ret::Limit(_)) => view! {
            <path class="bad" d=format!("M14 {foot}V{}", number(above + 4.0))></path>
            <path class="bad" d=format!("M10.5 {}l7 7m0 -7l-7 7", number(above - 4.0))></path>
        }
        .into_any(),
    };
    view! {
        <li>
            <button type="button" aria-label=label.clone() title=label aria-current=here.then_some("true") on:click=heard(move |_| lab.wish(Look::Call(mark.call)))>
                <svg viewBox="0 0 28 45" aria-hidden="true">{drawing}</svg>
            </button>
        </li>
    }
    .into_any()
}

/// What is said at the end of the row of calls.
fn tail(lang: Lang, frame: &Arc<Frame>) -> Option<AnyView> {
    let call = frame.call.as_ref()?;
    let name = call_name(lang, call);
    let walk = frame.walk.as_ref();
    Some(match (call.ret, walk) {
        (None, Some(walk)) => {
            let made = walk.probe.as_ref().map_or(0, |probe| probe.i);
            view! { <b>{format!("{name}, {}", probes(lang, made))}</b> }.into_any()
        }
        (Some(ret @ (Ret::Errno(_) | Ret::Limit(_))), walk) => {
            let made = walk.map(|walk| format!(", {}", probes(lang, walk.probes)));
            view! { <b class="f">{format!("{name}: {}", error_word(lang, ret))} {made}</b> }
                .into_any()
        }
        (_, Some(walk)) => {
            view! { <b>{format!("{name}, {}", probes(lang, walk.probes))}</b> }.into_any()
        }
        _ => view! { <b>{name}</b> }.into_any(),
    })
}
