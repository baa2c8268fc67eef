//! The laboratory: the whole machine at once.
//!
//! [`state::Lab`] holds the machine and its signals; every other module is a view
//! that takes a frame and says what the reader asks for. No view decides what the kernel does.

mod amounts;
mod bind_hash;
mod branches;
mod browser;
mod check;
mod code;
mod dock;
mod field;
mod geometry;
mod help;
mod keys;
mod live;
pub mod machines;
mod mark;
mod more;
mod paint;
mod play;
mod port_map;
mod port_table;
mod rail;
mod rich;
mod say;
mod sheet;
mod shell;
mod state;
mod tape;
mod terminal;
mod verdict;

use std::sync::Arc;

use error99_kernel::{Sysctl, SysctlValue};
use error99_replay::Machine;
use error99_replay::frame::Frame;
use error99_replay::link::Saved;
use leptos::prelude::*;

use self::bind_hash::BindHash;
use self::check::Check;
use self::code::Code;
use self::dock::{Timeline, Transport};
use self::keys::Pressed;
use self::live::{heard, live, part};
use self::port_map::PortMap;
use self::rail::Rail;
use self::say::{Say, failed_99};
use self::sheet::{Opens, Sheet, Sheets};
use self::state::Wish;
use self::tape::Tape;
use self::terminal::Terminal;
use self::verdict::{FixLab, Verdict};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::text::sheet as sheet_text;

/// Runs what is opened to the moment that it opens at.
pub fn run(opened: &Saved) -> Machine {
    let history = opened.history.clone();
    let at = history.at;
    let mut machine = Machine::open(history).expect("a test opens every prepared machine");
    machine.work_all();
    machine.go(at);
    machine
}

/// Takes over a lab that was written at build time, with the machine that the address asks
/// for, of those that the page has brought. Until that machine stands, a slice at a time, the page stays as it was written.
#[cfg(feature = "csr")]
pub fn wake(host: web_sys::HtmlElement, lang: Lang, links: Links, machines: &str) {
    let asked = browser::query("scenario");
    let Some((opened, loaded)) = machines::find(lang, machines, asked.as_deref()) else { return };
    let at = opened.history.at;
    let Ok(machine) = Machine::open(opened.history.clone()) else { return };
    state::run_up(machine, move |mut machine| {
        machine.go(at);
        host.set_inner_html("");
        let lab = move || view! { <Lab lang links opened loaded machine /> };
        leptos::mount::mount_to(host, lab).forget();
    });
}

/// The lab, from the machine's knobs to the terminal; `machine` is what was `opened`, run to the
/// moment that it opens at, and `loaded` says what was done to it before call 1.
#[component]
pub fn Lab(
    lang: Lang,
    links: Links,
    opened: Saved,
    loaded: String,
    machine: Machine,
) -> impl IntoView {
    let lab = state::Lab::new(machine, opened);
    lab.start();
    let speed = RwSignal::new(play::DEFAULT_SPEED);

    let frame: Signal<Arc<Frame>> = lab.frame.into();
    let failed = Memo::new(move |_| failed_99(&frame.read()));
    let toggle = Callback::new(move |()| match lab.playing.get_untracked() {
        true => lab.playing.set(false),
        false => play::play(lab, speed),
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(pressed) = keys::pressed(&event) else { return };
        // The control that has the focus comes first.
        if !lab.keys_on.get_untracked() || browser::on_control(&event) {
            return;
        }
        event.prevent_default();
        match pressed {
            Pressed::Toggle => toggle.run(()),
            Pressed::Speed(chosen) => speed.set(chosen),
            Pressed::Help => lab.open(Sheet::Keys),
            Pressed::Wish(wish) => lab.wish(wish),
        }
    };
    let cursor = RwSignal::new(None);
    let peek = Callback::new(move |port| lab.peek(port));
    let choose = Callback::new(move |port| lab.wish(Wish::Port(port)));
    view! {
        <div class="lab" class:failed=failed on:keydown=heard(on_key) data-ready=live(move || lab.ready.get().to_string())>
            <Rail lang lab links loaded />
            <div class="stage">
                <Say lang frame hushed=lab.playing />
                <Quick lang lab />
                {part(move || failed.get().then(|| view! { <Verdict lang frame /> }))}
                <PortMap lang frame ports=lab.ports peek choose cursor>
                    <Opens lab sheet=Sheet::Table>{sheet_text::read_as_table(lang)}</Opens>
                </PortMap>
                <Tape lang frame ports=lab.ports cursor />
                {part(move || (!failed.get()).then(|| view! { <BindHash lang frame /> }))}
            </div>
            <div class="side">
                <Code lang frame />
                {part(move || (!failed.get()).then(|| view! { <Check lang frame /> }))}
            </div>
            {part(move || failed.get().then(|| view! { <FixLab lang lab /> }))}
            <div class="dock">
                <Transport lang lab speed toggle />
                <Timeline lang lab />
                <Terminal lang lab />
            </div>
            <Running lang lab />
            <Sheets lang lab />
        </div>
    }
}

/// The two knobs that a phone shows beside the sentence.
#[component]
fn Quick(lang: Lang, lab: state::Lab) -> impl IntoView {
    let reuse = move || lab.frame.read().machine.tw_reuse != 0;
    view! {
        <div class="quick">
            <button class="btn primary mono" type="button" on:click=heard(move |_| lab.wish(Wish::Connect(1)))>
                {t::connect(lang)}
            </button>
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
                        lab.wish(Wish::Sysctl(Sysctl::TwReuse, on));
                    })
                />
                "tcp_tw_reuse"
            </label>
            <a class="btn" href="#lab-machine">{t::machine(lang)}</a>
        </div>
    }
    .into_any()
}

/// A long run: how far it has come, and a way to stop it.
#[component]
fn Running(lang: Lang, lab: state::Lab) -> impl IntoView {
    move || {
        lab.running.get().map(|(begun, most)| {
            view! {
                <div class="busy" role="status">
                    <span>{t::running(lang, thousands(begun), thousands(most))}</span>
                    <progress max=most.to_string() value=begun.to_string()></progress>
                    <button class="btn" type="button" on:click=heard(move |_| lab.wish(Wish::Stop))>
                        {t::stop(lang)}
                    </button>
                </div>
            }
        })
    }
}
