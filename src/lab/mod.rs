//! The laboratory: the whole machine at once.
//!
//! [`state::Lab`] holds the machine and its signals; every other module is a view
//! that takes a frame and says what the reader asks for. No view decides what the kernel does.

mod address;
mod amounts;
mod aside;
mod bind_hash;
mod branches;
mod check;
mod code;
mod dock;
mod every_kernel;
mod fix_lab;
mod help;
mod home;
mod kept;
mod kernel;
mod keys;
pub mod machines;
mod more;
mod names;
pub mod pieces;
mod play;
mod port_map;
mod port_table;
mod rail;
mod ring;
mod say;
mod sheet;
mod shell;
mod sockets;
mod state;
mod tape;
mod terminal;
mod typed;
mod verdict;

use std::sync::Arc;

use error99_kernel::{Sysctl, SysctlValue};
use error99_replay::Machine;
use error99_replay::frame::Frame;
use error99_replay::hand::{Deed, Look};
use error99_replay::history::{ACTS_MAX, HistoryError};
use error99_replay::knob::{KnobKind, knobs};
use error99_replay::machine::OpenError;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use web_sys::HtmlElement;

use self::bind_hash::BindHash;
use self::check::Check;
use self::code::Code;
use self::dock::{Timeline, Transport};
use self::keys::Pressed;
#[cfg(feature = "csr")]
use self::machines::Brought;
use self::machines::Opening;
use self::pieces::Pieces;
use self::port_map::PortMap;
use self::rail::{FewValues, Rail};
use self::say::Say;
use self::sheet::{Opens, Sheets};
use self::state::{Fetch, Sheet, Wish};
use self::tape::Tape;
use self::terminal::Terminal;
use self::verdict::Verdict;
use crate::lang::Lang;
use crate::links::Links;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::text::sheet as sheet_text;
use crate::ui::boxed::{heard, live, part};
use crate::ui::browser;

pub use self::aside::part as later_part;
pub use self::state::{Aside, Took};

/// How long the page stays as it was written while a machine runs, in milliseconds. A link may
/// ask for more: then the lab shows how far it has come, and a way to stop it.
#[cfg(feature = "csr")]
const PATIENCE_MS: f64 = 1_500.0;

/// Takes over a lab that was written at build time, with the machine that the address asks
/// for: that of a link, or one of the prepared `machines`. Until that machine stands and
/// the lab is built, in many short tasks, the page stays as it was written. Before much work the
/// reader is asked.
#[cfg(feature = "csr")]
pub fn wake(host: crate::live::Host, machines: String, fetch: Fetch) {
    let (key, link) = (browser::query("scenario"), host.data("state"));
    let brought = Brought::new(&machines);
    // There the address asks for them, too.
    let _ = host.element.dataset().set("machines", &machines);
    let crate::live::Host { element, lang, links } = host;
    let found = machines::opening(lang, &brought, key.as_deref(), &link);
    let Some((opening, said)) = found else { return };
    if let Some(said) = said {
        let _ = element.dataset().set("said", &said);
        browser::tell(&element, "said");
    }
    let history = opening.now.history.clone();
    let work = history.work();
    let Ok(mut machine) = Machine::open(history) else { return };
    let host = element.clone();
    let stand =
        move |machine| state::later(move || build(lang, links, opening, machine, fetch, element));
    let run = move |machine| {
        state::run_up(machine, browser::now_ms() + PATIENCE_MS, stand);
    };
    if !work.is_much() {
        return run(machine);
    }
    address::ask(lang, &host, work, move |wanted| {
        if !wanted {
            machine.stop();
        }
        run(machine);
    });
}

/// Builds the lab aside, piece by piece, and puts it into the place of what was written.
#[cfg(feature = "csr")]
fn build(
    lang: Lang,
    links: Links,
    opening: Opening,
    mut machine: Machine,
    fetch: Fetch,
    element: HtmlElement,
) {
    if machine.progress().finished {
        machine.go(opening.now.history.at);
    }
    let Ok(aside) = document().create_element("div") else { return };
    let aside: HtmlElement = wasm_bindgen::JsCast::unchecked_into(aside);
    let (pieces, host) = (Pieces::to_build(), element.clone());
    let lab = move || view! { <Lab lang links opening machine pieces fetch host /> };
    leptos::mount::mount_to(aside.clone(), lab).forget();
    let standing = element.clone();
    pieces.build(aside, element, move || browser::tell(&standing, "awake"));
}

/// The lab, from the machine's knobs to the terminal; `machine` is that of the `opening`, run to
/// the moment that it opens at or on its way there. `fetch` brings what is loaded later. `host` is the element that it stands in, of
/// class `lab`.
#[component]
pub fn Lab(
    lang: Lang,
    links: Links,
    opening: Opening,
    machine: Machine,
    pieces: Pieces,
    #[prop(optional)] fetch: Option<Fetch>,
    #[prop(optional)] host: Option<HtmlElement>,
) -> impl IntoView {
    let lab = state::Lab::new(machine, opening, fetch, host.clone());
    lab.start();
    #[cfg(not(feature = "csr"))]
    lab.part.set(Some(later_part()));
    let speed = RwSignal::new(play::DEFAULT_SPEED);

    let frame: Signal<Arc<Frame>> = lab.frame.into();
    let failed = Memo::new(move |_| frame.read().wants_port());
    // What belongs to a verdict, once made, and what gives way to it, stay in the page, out of
    // sight by style.
    let once = Memo::new(move |before: Option<&bool>| before == Some(&true) || failed.get());
    Effect::new(move || {
        let sheet = lab.sheet.read().is_some();
        if failed.get() || sheet {
            lab.fetch_part();
        }
    });
    let toggle = Callback::new(move |()| match lab.playing.get_untracked() {
        true => lab.playing.set(false),
        false => play::play(lab, speed),
    });
    let on_key = move |event: &KeyboardEvent| {
        let Some(pressed) = keys::pressed(event) else { return };
        // The control that has the focus comes first.
        if !lab.keys_on.get_untracked() || browser::on_control(event) {
            return;
        }
        event.prevent_default();
        match pressed {
            Pressed::Toggle => toggle.run(()),
            Pressed::Speed(chosen) => speed.set(chosen),
            Pressed::Help => lab.open(Sheet::Keys),
            Pressed::Look(look) => lab.wish(look),
        }
    };
    if let Some(host) = host {
        address::answer(lang, lab, &host);
        browser::listen(&host, "keydown", move |event| {
            on_key(wasm_bindgen::JsCast::unchecked_ref(&event));
        });
        Effect::new(move || {
            let _ = host.class_list().toggle_with_force("failed", failed.get());
            let ready = pieces.placed() && lab.ready.get();
            let _ = host.dataset().set("ready", &ready.to_string());
        });
    }
    let cursor = RwSignal::new(None);
    let peek = Callback::new(move |port| lab.peek(port));
    let choose = Callback::new(move |port| lab.wish(Look::Port(port)));
    let palette = browser::palette();
    view! {
        <Rail lang lab links pieces />
        <div class="stage">
            {pieces.piece(move || view! { <Say lang frame hushed=lab.playing /> })}
            {pieces.piece(move || view! { <Quick lang lab /> })}
            {part(move || once.get().then(|| view! { <Verdict lang frame /> }))}
            {pieces
                .piece(move || {
                    view! {
                        <PortMap lang frame ports=lab.ports peek choose cursor palette>
                            <Opens lab sheet=Sheet::Table>
                                {sheet_text::read_as_table(lang)}
                            </Opens>
                        </PortMap>
                    }
                })}
            {pieces.piece(move || view! { <Tape lang frame ports=lab.ports cursor /> })}
            {pieces.piece(move || view! { <BindHash lang frame /> })}
        </div>
        <div class="side">
            {pieces.piece(move || view! { <Code lang frame /> })}
            {pieces.piece(move || view! { <Check lang frame /> })}
        </div>
        {part(move || once.get().then(|| aside::loaded(lang, lab, move |part| (part.fix_lab)(lang, lab))))}
        <div class="dock">
            {pieces.piece(move || view! { <Transport lang lab speed toggle /> })}
            {pieces.piece(move || view! { <Timeline lang lab palette /> })}
            {pieces.piece(move || view! { <Terminal lang lab /> })}
        </div>
        {pieces.piece(move || view! { <Running lang lab /> })}
        {pieces.piece(move || view! { <Sheets lang lab /> })}
    }
}

/// The two knobs that a phone shows beside the sentence.
#[component]
fn Quick(lang: Lang, lab: state::Lab) -> impl IntoView {
    let reuse = move || lab.frame.read().machine.sysctls.on(Sysctl::TwReuse);
    let release = lab.release();
    let knob = move || match knobs(release.get()).find(|knob| knob.sysctl == Sysctl::TwReuse) {
        Some(knob) if let KnobKind::Number(low, high) = knob.kind_in(release.get()) => view! {
            <span id="quick-reuse">"tcp_tw_reuse"</span>
            <FewValues lab sysctl=Sysctl::TwReuse limits=(low, high) labelled_by="quick-reuse" />
        }
        .into_any(),
        _ => view! {
            <label>
                <input
                    class="switch"
                    type="checkbox"
                    role="switch"
                    autocomplete="off"
                    prop:checked=live(reuse)
                    checked=untrack(reuse)
                    on:change=heard(move |event| {
                        let on = SysctlValue::One(event_target_checked(&event).into());
                        lab.wish(Deed::Sysctl(Sysctl::TwReuse, on));
                    })
                />
                "tcp_tw_reuse"
            </label>
        }
        .into_any(),
    };
    view! {
        <div class="quick">
            <button class="btn primary mono" type="button" on:click=heard(move |_| lab.wish(Deed::Connect(1)))>
                {t::connect(lang)}
            </button>
            {part(knob)}
            <a class="btn" href="#lab-machine">{t::machine(lang)}</a>
        </div>
    }
    .into_any()
}

/// A long run: how far it has come, and a way to stop it; or why nothing was done. A screen
/// reader is told once that it has begun: its end is told by the sentence.
#[component]
fn Running(lang: Lang, lab: state::Lab) -> impl IntoView {
    let long =
        Memo::new(move |_| lab.running.get().map(|progress| progress.connections.map(|c| c.1)));
    let begun = move || match long.get() {
        Some(Some(most)) => t::running_begun(lang, thousands(most)),
        Some(None) => t::running_begun_calls(lang).to_owned(),
        None => String::new(),
    };
    let bar = move || {
        lab.running.get().map(|progress| {
            let connections = progress.connections.map(|(begun, most)| (begun, Some(most)));
            let (done, most) = connections.unwrap_or((progress.calls, None));
            let said = match most {
                Some(most) => t::running(lang, thousands(done), thousands(most)),
                None => t::running_calls(lang, thousands(done)),
            };
            view! {
                <div class="busy">
                    <span>{said}</span>
                    <progress
                        aria-label=t::running_name(lang)
                        max=most.map(|most| most.to_string())
                        value=most.map(|_| done.to_string())
                    ></progress>
                    <button class="btn" type="button" on:click=heard(move |_| lab.wish(Wish::Stop))>
                        {t::stop(lang)}
                    </button>
                </div>
            }
        })
    };
    let refused = move || {
        let why = lab.refused.get()?;
        Some(view! { <p class="busy">{refusal(lang, &why)}</p> })
    };
    view! {
        <div class="told">
            <p class="vh" role="status">{part(begun)}</p>
            {bar}
            <div role="alert">{part(refused)}</div>
        </div>
    }
    .into_any()
}

/// Why the machine didn't do what was asked for.
fn refusal(lang: Lang, why: &OpenError) -> String {
    match why {
        OpenError::History(HistoryError::TooManyActs) => {
            t::refused_acts(lang, thousands(ACTS_MAX as u32))
        }
        OpenError::History(_) => t::refused_limits(lang).to_owned(),
        OpenError::Config(_) => t::refused_boot(lang).to_owned(),
    }
}
