//! The rarer knobs of the machine, its sockets one by one, and the load generator: folded away
//! until somebody asks for them.

use error99_kernel::{Addr, CloseHow, SocketState, Sysctl, SysctlValue};
use error99_replay::frame::SocketRow;
use error99_replay::hand::{Deed, connections};
use error99_replay::load::{HOLD_MS_MAX, LoadClose, PER_SECOND_MAX};
use leptos::prelude::*;

use super::amounts::duration;
use super::kernel::Tick;
use super::names::state_name;
use super::rail::{Knobs, Sizes};
use super::state::Lab;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::{plain, read, thousands};
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::field::{Field, Message};
use crate::ui::said::Said;
use crate::ui::same::same;

/// Sizes of the established hash that are offered.
const EHASH_SIZES: [u32; 3] = [16, 4_096, 65_536];
/// Longest run of the load generator, in seconds.
const LOAD_S_MAX: i64 = 600;

/// Sysctls that hold a number, and what else the machine has.
#[component]
pub fn MoreKnobs(lang: Lang, lab: Lab) -> impl IntoView {
    let source = Signal::derive(move || lab.frame.read().machine.source.to_string());
    let typed = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<Said>);
    let take_source = Callback::new(move |text: String| match plain(&text).parse::<Addr>() {
        Ok(addr) if !addr.is_any() && !addr.is_multicast() && !addr.is_broadcast() => {
            typed.set(None);
            said.set(None);
            lab.wish(Deed::Source(addr));
        }
        _ => said.set(Some(Said::Wrong(t::address_bad(lang, text.trim())))),
    });
    view! {
        <details class="more">
            <summary>{t::more_knobs(lang)}</summary>
            <Knobs lang lab front=false />
            <Tick lang lab />
            <div class="field">
                <span class="key" id="lab-ehash">{t::ehash_size(lang)}</span>
                <Sizes
                    labelled_by="lab-ehash"
                    sizes=EHASH_SIZES.to_vec()
                    size=Signal::derive(move || lab.frame.read().machine.ehash_size)
                    choose=Callback::new(move |size| lab.wish(Deed::EhashSize(size)))
                />
            </div>
            <div class="row">
                <span class="key">{t::source_address(lang)}</span>
                <Field
                    label=t::source_address(lang)
                    value=source
                    typed
                    wrong=Signal::derive(move || said.read().is_some())
                    described="lab-source-said"
                    commit=take_source
                    inputmode="text"
                />
            </div>
            <Message id="lab-source-said" said />
            <button class="btn" type="button" on:click=heard(move |_| lab.wish(Deed::Rekey))>
                {t::new_secret(lang)}
            </button>
        </details>
    }
    .into_any()
}

/// A whole number that a reader typed, or what is wrong with it.
fn whole(lang: Lang, text: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64, String> {
    let (low, high) = (*range.start(), *range.end());
    let wrong = || t::number_wanted(lang, text.trim(), low, high);
    read(text).ok().filter(|number| range.contains(number)).ok_or_else(wrong)
}

/// A sysctl that holds a number within `limits`.
#[component]
pub fn NumberKnob(lang: Lang, lab: Lab, sysctl: Sysctl, limits: (i32, i32)) -> impl IntoView {
    let name = sysctl.name();
    let value = Signal::derive(move || lab.frame.read().machine.sysctls.one(sysctl).to_string());
    let typed = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<Said>);
    let commit = Callback::new(move |text: String| {
        match whole(lang, &text, limits.0.into()..=limits.1.into()) {
            Ok(number) => {
                typed.set(None);
                said.set(None);
                lab.wish(Deed::Sysctl(sysctl, SysctlValue::One(number as i32)));
            }
            Err(wrong) => said.set(Some(Said::Wrong(wrong))),
        }
    });
    view! {
        <div class="row number">
            <span class="key">{name}</span>
            <Field
                label=name
                value
                typed
                wrong=Signal::derive(move || said.read().is_some())
                described=name
                commit
            />
        </div>
        <Message id=name said />
    }
    .into_any()
}

/// Sockets one by one: opened, bound, listening, connected, closed.
#[component]
pub fn Sockets(lang: Lang, lab: Lab, #[prop(into)] how: Signal<CloseHow>) -> impl IntoView {
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
    // Nobody sees the list, and no step needs to draw it, before it's unfolded.
    let unfolded = RwSignal::new(false);
    let rows = Memo::new(move |_| match unfolded.get() {
        true => lab.frame.read().sockets.clone(),
        false => Vec::new(),
    });
    let rows = move || {
        let row = |socket: SocketRow| {
            same(socket, move || row(lab, socket, addr.into(), port.into(), how))
        };
        rows.get().into_iter().map(row).listed()
    };
    view! {
        <details class="more" on:toggle=heard(move |_| unfolded.update(|unfolded| *unfolded = !*unfolded))>
            <summary>{t::sockets(lang)}</summary>
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
        </details>
    }
    .into_any()
}

/// A socket, and what can be done with it in its state.
fn row(
    lab: Lab,
    socket: SocketRow,
    addr: Signal<Addr>,
    port: Signal<u16>,
    how: Signal<CloseHow>,
) -> AnyView {
    let SocketRow { name: s, fd, state, saddr, num, peer, reuse } = socket;
    let local = match num {
        0 => String::new(),
        num => format!(" {saddr}:{num}"),
    };
    let remote = peer.map_or_else(String::new, |(addr, port)| format!(" → {addr}:{port}"));
    let act = |name: &'static str, deed: Box<dyn Fn() -> Deed>| {
        let label = format!("{name}, fd {fd}");
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
        let toggle = if reuse { "SO_REUSEADDR = 0" } else { "SO_REUSEADDR = 1" };
        acts.push(act("connect", Box::new(move || Deed::ConnectSocket(s))));
        acts.push(act("listen", Box::new(move || Deed::Listen(s))));
        acts.push(act(toggle, Box::new(move || Deed::Reuse(s, !reuse))));
    }
    if state == SocketState::Listen {
        acts.push(act("accept", Box::new(move || Deed::Accept(s))));
    }
    acts.push(act("close", Box::new(move || Deed::CloseSocket(s, how.get_untracked()))));
    view! {
        <li>
            <code>{format!("fd {fd} ")} {state_name(state)} {local} {remote}</code>
            <span>{acts}</span>
        </li>
    }
    .into_any()
}

/// The load generator: so many connections a second, for so long, each held for a while.
#[component]
pub fn LoadGenerator(lang: Lang, lab: Lab, #[prop(into)] how: Signal<CloseHow>) -> impl IntoView {
    let values = [RwSignal::new(100_i64), RwSignal::new(0), RwSignal::new(60)];
    let typed = [RwSignal::new(None::<String>), RwSignal::new(None), RwSignal::new(None)];
    let said = RwSignal::new(None::<Said>);
    let limits = [1..=i64::from(PER_SECOND_MAX), 0..=i64::from(HOLD_MS_MAX), 1..=LOAD_S_MAX];
    let names = [t::load_rate(lang), t::load_hold(lang), t::load_seconds(lang)];
    let fields = [0, 1, 2].map(|at| {
        let limits = limits[at].clone();
        let commit = Callback::new(move |text: String| match whole(lang, &text, limits.clone()) {
            Ok(number) => {
                values[at].set(number);
                typed[at].set(None);
                said.set(None);
            }
            Err(wrong) => said.set(Some(Said::Wrong(wrong))),
        });
        view! {
            <div class="row number">
                <span class="key">{names[at]}</span>
                <Field
                    label=names[at]
                    value=Signal::derive(move || values[at].get().to_string())
                    typed=typed[at]
                    wrong=Signal::derive(move || said.read().is_some() && typed[at].read().is_some())
                    described="lab-load-said"
                    commit
                />
            </div>
        }
    });
    let fewer = move || {
        let [rate, _, seconds] = values.map(|value| value.get());
        let most = connections(rate as u32, seconds as u32);
        let asked = rate.saturating_mul(seconds);
        (asked > most.into()).then(|| {
            let ends = duration(lang, u64::from(most) * 1_000 / rate as u64);
            t::load_at_most(lang, thousands(most), thousands(asked as u64), ends)
        })
    };
    let run = move |_| {
        let [rate, hold_ms, seconds] = values.map(|value| value.get_untracked());
        let close = match how.get_untracked() {
            CloseHow::Passive => LoadClose::Passive,
            CloseHow::Rst => LoadClose::Rst,
            _ => LoadClose::Active,
        };
        lab.wish(Deed::Load {
            per_second: rate as u32,
            hold_ms: hold_ms as u32,
            seconds: seconds as u32,
            close,
        });
    };
    view! {
        <details class="more">
            <summary>{t::load_generator(lang)}</summary>
            {fields.into_iter().listed()}
            <Message id="lab-load-said" said />
            <p class="hint">{part(fewer)}</p>
            <button class="btn" type="button" disabled=live(move || said.read().is_some()) on:click=heard(run)>
                {t::load_run(lang)}
            </button>
        </details>
    }
    .into_any()
}
