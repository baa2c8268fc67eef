//! Sockets one by one: opened, given options, bound, listening, connected, closed; of one socket at
//! a time the options are unfolded.

use error99_kernel::{Addr, Call, CloseHow, Release, SocketName, SocketOption, SocketState};
use error99_replay::frame::SocketRow;
use error99_replay::hand::Deed;
use error99_replay::knob::lacking_options;
use leptos::prelude::*;

use super::more::Lacks;
use super::names::state_name;
use super::state::Lab;
use super::typed::whole;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::plain;
use crate::ui::boxed::{Listed, heard, part};
use crate::ui::field::{Field, Message};
use crate::ui::said::Said;
use crate::ui::same::same;

/// The sockets, while they are in sight; `how` closes them.
#[component]
pub fn Sockets(
    lang: Lang,
    lab: Lab,
    unfolded: Signal<bool>,
    how: Signal<CloseHow>,
) -> impl IntoView {
    let addr = RwSignal::new(Addr::ANY);
    let port = RwSignal::new(0_u16);
    let typed = [RwSignal::new(None::<String>), RwSignal::new(None)];
    let said = RwSignal::new(None::<Said>);
    let take_addr = Callback::new(move |text: String| match plain(&text).parse() {
        Ok(new) => {
            addr.set(new);
            typed[0].set(None);
            said.set(None);
        }
        Err(_) => said.set(Some(Said::Wrong(t::address_bad(lang, text.trim())))),
    });
    let take_port = Callback::new(move |text: String| match whole(lang, &text, 0..=65_535) {
        Ok(new) => {
            port.set(new as u16);
            typed[1].set(None);
            said.set(None);
        }
        Err(wrong) => said.set(Some(Said::Wrong(wrong))),
    });
    let wrong = move |at: usize| {
        Signal::derive(move || said.read().is_some() && typed[at].read().is_some())
    };
    // No step needs to draw a list that nobody sees.
    let rows = Memo::new(move |_| match unfolded.get() {
        true => lab.frame.read().sockets.clone(),
        false => Vec::new(),
    });
    let release = lab.release();
    let options = Options::new();
    let rows = move || {
        let (release, open) = (release.get(), options.open.get());
        let row = |socket: SocketRow| {
            let open = open == Some(socket.name);
            same((socket, open, release), move || {
                let unfolded = open.then(|| options.view(lang, lab, socket, release));
                row(lang, lab, socket, (addr, port), how, options, unfolded)
            })
        };
        rows.get().into_iter().map(row).listed()
    };
    view! {
        <div class="more">
            <button class="btn" type="button" on:click=heard(move |_| lab.wish(Deed::Open))>
                {t::open_socket(lang)}
            </button>
            <div class="pair addr">
                <Field
                    label=t::bind_address(lang)
                    value=Signal::derive(move || addr.get().to_string())
                    typed=typed[0]
                    wrong=wrong(0)
                    described="lab-bind-said"
                    commit=take_addr
                    inputmode="text"
                />
                <span aria-hidden="true">":"</span>
                <Field
                    label=t::bind_port(lang)
                    value=Signal::derive(move || port.get().to_string())
                    typed=typed[1]
                    wrong=wrong(1)
                    described="lab-bind-said"
                    commit=take_port
                />
            </div>
            <Message id="lab-bind-said" said />
            <ul class="sockets">{part(rows)}</ul>
            <Lacks lang lab of=lacking_options />
        </div>
    }
    .into_any()
}

/// A socket, and what can be done with it in its state.
fn row(
    lang: Lang,
    lab: Lab,
    socket: SocketRow,
    (addr, port): (RwSignal<Addr>, RwSignal<u16>),
    how: Signal<CloseHow>,
    options: Options,
    unfolded: Option<AnyView>,
) -> AnyView {
    let SocketRow { name: s, fd, state, saddr, num, peer, .. } = socket;
    let local = match num {
        0 => String::new(),
        num => format!(" {saddr}:{num}"),
    };
    let remote = peer.map_or_else(String::new, |(addr, port)| format!(" → {addr}:{port}"));
    let act = |name: &'static str, deed: Box<dyn Fn() -> Deed>| {
        let label = t::socket_option(lang, name, fd);
        view! {
            <button class="link" type="button" aria-label=label on:click=heard(move |_| lab.wish(deed()))>
                {name}
            </button>
        }
        .into_any()
    };
    let closed = state == SocketState::Close;
    let mut acts = Vec::new();
    if closed && num == 0 {
        acts.push(act(
            "bind",
            Box::new(move || Deed::Bind(s, addr.get_untracked(), port.get_untracked())),
        ));
    }
    if closed {
        acts.push(act("connect", Box::new(move || Deed::ConnectSocket(s))));
        acts.push(act("listen", Box::new(move || Deed::Listen(s))));
    }
    if state == SocketState::Listen {
        acts.push(act("accept", Box::new(move || Deed::Accept(s))));
    }
    acts.push(act("close", Box::new(move || Deed::CloseSocket(s, how.get_untracked()))));
    let expanded = if unfolded.is_some() { "true" } else { "false" };
    view! {
        <li>
            <code>{format!("fd {fd} ")} {state_name(state)} {local} {remote}</code>
            <button
                class="link"
                type="button"
                aria-expanded=expanded
                aria-label=t::socket_option(lang, t::options(lang), fd)
                on:click=heard(move |_| options.toggle(s))
            >
                {t::options(lang)}
            </button>
            <span>{acts}</span>
            {unfolded}
        </li>
    }
    .into_any()
}

/// The options that are unfolded, and what is typed into their fields.
#[derive(Clone, Copy)]
struct Options {
    /// Whose they are.
    open: RwSignal<Option<SocketName>>,
    /// Lowest and highest port.
    typed: [RwSignal<Option<String>>; 2],
    said: RwSignal<Option<Said>>,
}

impl Options {
    fn new() -> Options {
        let typed = [RwSignal::new(None), RwSignal::new(None)];
        Options { open: RwSignal::new(None), typed, said: RwSignal::new(None) }
    }

    fn toggle(self, s: SocketName) {
        self.forget();
        self.open.update(|open| *open = Some(s).filter(|s| *open != Some(*s)));
    }

    /// What was typed is done with.
    fn forget(self) {
        self.typed.into_iter().for_each(|typed| typed.set(None));
        self.said.set(None);
    }

    /// Those of a socket that its kernel has.
    fn view(self, lang: Lang, lab: Lab, socket: SocketRow, release: Release) -> AnyView {
        let SocketRow { name: s, fd, reuse, reuseport, no_port, .. } = socket;
        let switch = |(option, on, deed): (SocketOption, bool, fn(SocketName, bool) -> Deed)| {
            let name = option.name();
            let label = t::socket_option(lang, name, fd);
            view! {
                <label class="row">
                    <span class="key">{name}</span>
                    <input
                        class="switch"
                        type="checkbox"
                        role="switch"
                        autocomplete="off"
                        aria-label=label
                        prop:checked=on
                        checked=on
                        on:change=heard(move |event| lab.wish(deed(s, event_target_checked(&event))))
                    />
                </label>
            }
        };
        let switches = [
            (SocketOption::ReuseAddr, reuse, Deed::Reuse as fn(SocketName, bool) -> Deed),
            (SocketOption::ReusePort, reuseport, Deed::ReusePort),
            (SocketOption::NoPort, no_port, Deed::NoPort),
        ];
        let there = switches.into_iter().filter(|(option, ..)| option.exists_in(release));
        let window = SocketOption::Window.exists_in(release);
        view! {
            <div class="options">
                {there.map(switch).listed()}
                {window.then(|| self.window(lang, lab, socket))}
            </div>
        }
        .into_any()
    }

    /// The range that a socket has for itself.
    fn window(self, lang: Lang, lab: Lab, socket: SocketRow) -> AnyView {
        let SocketRow { name: s, window, .. } = socket;
        let Options { typed, said, .. } = self;
        let commit = Callback::new(move |_: String| {
            let bound = |typed: RwSignal<Option<String>>, now: u16| {
                let text = typed.get_untracked();
                text.map_or(Ok(now), |text| {
                    whole(lang, &text, 0..=65_535).map(|number| number as u16)
                })
            };
            let (low, high) = match (bound(typed[0], window.0), bound(typed[1], window.1)) {
                (Ok(low), Ok(high)) => (low, high),
                (Err(wrong), _) | (_, Err(wrong)) => return said.set(Some(Said::Wrong(wrong))),
            };
            if lab.refuses(&Call::Window { s, low, high }) {
                said.set(Some(Said::Wrong(t::window_reversed(lang, low, high))));
                return;
            }
            self.forget();
            if (low, high) != window {
                lab.wish(Deed::Window(s, low, high));
            }
        });
        let field = |at: usize, label: &'static str, value: u16| {
            view! {
                <Field
                    label
                    value=Signal::derive(move || value.to_string())
                    typed=typed[at]
                    wrong=Signal::derive(move || said.read().is_some() && typed[at].read().is_some())
                    described="lab-window-said"
                    commit
                />
            }
        };
        view! {
            <span class="key">{SocketOption::Window.name()}</span>
            <div class="pair">
                {field(0, t::window_low(lang), window.0)}
                <span>{t::to(lang)}</span>
                {field(1, t::window_high(lang), window.1)}
            </div>
            <Message id="lab-window-said" said />
        }
        .into_any()
    }
}
