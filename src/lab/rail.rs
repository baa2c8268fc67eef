//! The machine's knobs and its client.

use error99_kernel::{Addr, Call, CloseHow, Sysctl, SysctlOutcome, SysctlValue};
use error99_replay::hand::Deed;
use error99_replay::knob::{Knob, KnobKind, knobs};
use leptos::prelude::*;

use super::amounts::{duration, ports};
use super::aside;
use super::home::HomeRow;
use super::kernel::KernelChoice;
use super::more::{LoadGenerator, MoreKnobs, NumberKnob};
use super::pieces::Pieces;
use super::state::{Aside, Lab, Wish};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::lab as t;
use crate::text::number::{Unread, plain, read, thousands};
use crate::ui::boxed::{Listed, heard, live, part};
use crate::ui::field::{Field, Message};
use crate::ui::said::Said;

/// Ranges that are offered beside the fields, and the one that the kernel boots with.
const PRESETS: [(u16, u16); 2] = [(1_024, 65_535), (32_768, 32_783)];
/// Sizes of the bind hash that are offered, with the memory of the machine that has them.
const BHASH_SIZES: [(u32, &str); 3] = [(16, ""), (4_096, "128 MB"), (65_536, "1 GB")];

/// Sockets one by one, in the part of the program that is loaded once they are unfolded.
fn sockets(lang: Lang, lab: Lab, how: RwSignal<CloseHow>) -> AnyView {
    let unfolded = RwSignal::new(false);
    let once = Memo::new(move |before: Option<&bool>| before == Some(&true) || unfolded.get());
    let toggle = move |_| {
        unfolded.update(|unfolded| *unfolded = !*unfolded);
        lab.fetch_part();
    };
    let view = move |part: Aside| (part.sockets)(lang, lab, unfolded.into(), how.into());
    view! {
        <details class="more" on:toggle=heard(toggle)>
            <summary>{t::sockets(lang)}</summary>
            {part(move || once.get().then(|| aside::loaded(lang, lab, view)))}
        </details>
    }
    .into_any()
}

/// Knobs and client, and what was loaded before call 1.
#[component]
pub fn Rail(lang: Lang, lab: Lab, links: Links, pieces: Pieces) -> impl IntoView {
    let of_kernels = links.clone();
    view! {
        <section class="rail" aria-label=t::machine_and_programs(lang)>
            <section class="group" aria-labelledby="lab-machine">
                <h2 class="h" id="lab-machine">{t::machine(lang)}</h2>
                {pieces.piece(move || view! { <KernelChoice lang lab links=of_kernels.clone() /> })}
                {pieces.piece(move || view! { <Knobs lang lab front=true /> })}
                {pieces
                    .piece(move || {
                        view! {
                            <BhashSize lang lab />
                            <Clock lang lab />
                        }
                    })}
                {pieces.piece(move || view! { <MoreKnobs lang lab /> })}
            </section>
            {pieces.piece(move || view! { <Client lang lab /> })}
            <section class="group" aria-labelledby="lab-loaded">
                <h2 class="h" id="lab-loaded">{t::loaded_before(lang)}</h2>
                <p class="hint">{part(move || lab.loaded.get())}</p>
                <button class="link" type="button" on:click=heard(move |_| lab.wish(Wish::StartOver))>
                    {t::reset(lang)}
                </button>
                <a class="hint" href=links.to(Page::Scenarios)>{t::another_scenario(lang)}</a>
            </section>
        </section>
    }
    .into_any()
}

/// The knobs of the table, those in front or those that are folded away.
#[component]
pub fn Knobs(lang: Lang, lab: Lab, front: bool) -> impl IntoView {
    let release = lab.release();
    let one = move |knob: Knob, release| match knob.kind_in(release) {
        KnobKind::Ports => view! { <PortRange lang lab /> }.into_any(),
        KnobKind::Switch => view! { <Toggle lab sysctl=knob.sysctl /> }.into_any(),
        KnobKind::Number(low, high) if high.saturating_sub(low) < FEW => {
            let name = sysctl_id(knob.sysctl);
            view! {
                <div class="row">
                    <span class="key" id=name.clone()>{knob.sysctl.name()}</span>
                    <FewValues lab sysctl=knob.sysctl limits=(low, high) labelled_by=name />
                </div>
            }
            .into_any()
        }
        KnobKind::Number(low, high) => {
            view! { <NumberKnob lang lab sysctl=knob.sysctl limits=(low, high) /> }.into_any()
        }
        KnobKind::PortList => view! { <PortList lang lab sysctl=knob.sysctl /> }.into_any(),
    };
    let all = move || {
        let release = release.get();
        knobs(release).filter(|knob| knob.front == front).map(|knob| one(knob, release)).listed()
    };
    part(all).into_any()
}

/// Of a number with fewer values than this all are offered.
const FEW: i32 = 4;

/// The id of what names a sysctl in the rail.
fn sysctl_id(sysctl: Sysctl) -> String {
    format!("lab-{}", sysctl.name())
}

/// A sysctl that holds one of a few numbers, named by the element with the id `labelled_by`.
#[component]
pub fn FewValues(
    lab: Lab,
    sysctl: Sysctl,
    limits: (i32, i32),
    #[prop(into)] labelled_by: String,
) -> impl IntoView {
    let value = move || lab.frame.read().machine.sysctls.one(sysctl);
    let group = format!("{labelled_by}-value");
    let one = move |offered: i32| {
        view! {
            <label>
                <input
                    type="radio"
                    name=group.clone()
                    autocomplete="off"
                    prop:checked=live(move || value() == offered)
                    checked=untrack(value) == offered
                    on:change=heard(move |_| lab.wish(Deed::Sysctl(sysctl, SysctlValue::One(offered))))
                />
                {offered}
            </label>
        }
    };
    view! {
        <span class="seg few" role="radiogroup" aria-labelledby=labelled_by>
            {(limits.0..=limits.1).map(one).listed()}
        </span>
    }
    .into_any()
}

/// A sysctl that holds a list of ports, as text, and how many they are.
#[component]
fn PortList(lang: Lang, lab: Lab, sysctl: Sysctl) -> impl IntoView {
    let name = sysctl.name();
    let count = move || ports(lang, lab.frame.read().machine.sysctls.one(sysctl) as u32);
    let typed = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<Said>);
    let commit = Callback::new(move |text: String| {
        let text: Box<str> = plain(&text).replace('、', ",").into();
        if lab.refuses(&Call::SysctlText { sysctl, text: text.clone() }) {
            said.set(Some(Said::Wrong(t::list_refused(lang, text))));
            return;
        }
        typed.set(None);
        said.set(None);
        if *text != lab.frame.read_untracked().machine.reserved {
            lab.wish(Deed::SysctlText(sysctl, text));
        }
    });
    view! {
        <div class="field">
            <span class="key">{name}</span>
            <Field
                label=name
                value=Signal::derive(move || lab.frame.read().machine.reserved.clone())
                typed
                wrong=Signal::derive(move || said.read().is_some())
                described=name
                commit
                inputmode="text"
                maxlength="1000"
            />
            <Message id=name said />
            <span class="hint">{part(count)}</span>
        </div>
    }
    .into_any()
}

/// What is wrong with a text that should be a port, before any kernel is asked.
fn port_text(lang: Lang, text: &str) -> Result<i32, String> {
    let wrong = |wrong| match wrong {
        Unread::Empty => t::port_empty(lang).into(),
        Unread::NotANumber => t::port_not_number(lang, text.trim()),
    };
    let number = read(text).map_err(wrong)?;
    i32::try_from(number).map_err(|_| t::port_out_of_range(lang, text.trim()))
}

#[component]
fn PortRange(lang: Lang, lab: Lab) -> impl IntoView {
    let range = move || lab.frame.read().machine.range;
    let low = RwSignal::new(None::<String>);
    let high = RwSignal::new(None::<String>);
    let said = RwSignal::new(None::<Said>);
    // A range that came about otherwise, by a preset or by going back in time, clears the fields.
    Effect::new(move |before: Option<[u16; 2]>| {
        let now = range();
        if before.is_some_and(|before| before != now) {
            low.set(None);
            high.set(None);
            if !matches!(*said.read_untracked(), Some(Said::Half(_))) {
                said.set(None);
            }
        }
        now
    });
    let write = move |first: i32, second: i32| {
        let value = SysctlValue::Two(first, second);
        let outcome = lab.try_sysctl(Sysctl::PortRange, value);
        said.set(match outcome {
            Some(SysctlOutcome::OutOfRange) if !(1..=65_535).contains(&first) => {
                Some(Said::Wrong(t::port_out_of_range(lang, first)))
            }
            Some(
                SysctlOutcome::OutOfRange
                | SysctlOutcome::LowIsPrivileged
                | SysctlOutcome::Malformed
                | SysctlOutcome::NotThere,
            ) => Some(Said::Wrong(t::range_refused(lang).into())),
            Some(SysctlOutcome::LowAboveHigh) => {
                Some(Said::Wrong(t::range_reversed(lang, first, second)))
            }
            Some(SysctlOutcome::HalfTaken) => {
                low.set(None);
                high.set(None);
                Some(Said::Half(t::range_half_taken(lang, first)))
            }
            Some(SysctlOutcome::Taken) | None => None,
        });
        if outcome.is_none_or(|outcome| outcome.errno().is_none()) {
            lab.wish(Deed::Sysctl(Sysctl::PortRange, value));
        }
    };
    let commit = Callback::new(move |_: String| {
        let [now_low, now_high] = untrack(range);
        let text = |typed: RwSignal<Option<String>>, now: u16| {
            typed.get_untracked().map_or(Ok(i32::from(now)), |text| port_text(lang, &text))
        };
        match (text(low, now_low), text(high, now_high)) {
            (Ok(first), Ok(second))
                if (first, second) == (i32::from(now_low), i32::from(now_high)) =>
            {
                low.set(None);
                high.set(None);
                said.set(None);
            }
            (Ok(first), Ok(second)) => write(first, second),
            (Err(wrong), _) | (_, Err(wrong)) => said.set(Some(Said::Wrong(wrong))),
        }
    });
    let wrong = move || matches!(*said.read(), Some(Said::Wrong(_)));
    let count = move || {
        let [low, high] = range();
        ports(lang, u32::from(high).saturating_add(1).saturating_sub(low.into()))
    };
    let release = lab.release();
    let presets = move || {
        let usual = release.get().rules().range_at_boot;
        let offered = std::iter::once(usual).chain(PRESETS);
        let one = move |(first, second): (u16, u16)| {
            let name = match (first, second) {
                range if range == usual => t::preset_usual(lang),
                (1_024, _) => t::preset_widest(lang),
                _ => t::preset_16(lang),
            };
            view! {
                <label>
                    <input
                        type="radio"
                        name="lab-range-preset"
                        autocomplete="off"
                        prop:checked=live(move || range() == [first, second])
                        checked=untrack(range) == [first, second]
                        on:change=heard(move |_| write(first.into(), second.into()))
                    />
                    {name}
                </label>
            }
        };
        offered.map(one).listed()
    };
    view! {
        <div class="field" role="group" aria-labelledby="lab-range">
            <span class="key" id="lab-range">"ip_local_port_range"</span>
            <div class="pair">
                <Field
                    label=t::lowest_port(lang)
                    value=Signal::derive(move || range()[0].to_string())
                    typed=low
                    wrong=Signal::derive(move || wrong() && low.read().is_some())
                    described="lab-range-said"
                    commit
                />
                <span>{t::to(lang)}</span>
                <Field
                    label=t::highest_port(lang)
                    value=Signal::derive(move || range()[1].to_string())
                    typed=high
                    wrong=Signal::derive(move || wrong() && high.read().is_some())
                    described="lab-range-said"
                    commit
                />
            </div>
            <Message id="lab-range-said" said />
            <div class="seg" role="radiogroup" aria-label=t::range_presets(lang)>
                {part(presets)}
            </div>
            <span class="hint">{part(count)}</span>
        </div>
    }
    .into_any()
}

/// A sysctl that is on or off for practical purposes; the page shows its number.
#[component]
fn Toggle(lab: Lab, sysctl: Sysctl) -> impl IntoView {
    let value = move || lab.frame.read().machine.sysctls.one(sysctl);
    let name = sysctl.name();
    view! {
        <div class="row">
            <label for=name>{name}</label>
            <span class="row">
                <span class="val" aria-hidden="true">{part(value)}</span>
                <input
                    class="switch"
                    type="checkbox"
                    role="switch"
                    id=name
                    autocomplete="off"
                    prop:checked=live(move || value() != 0)
                    checked=untrack(value) != 0
                    on:change=heard(move |event| {
                        let on = i32::from(event_target_checked(&event));
                        lab.wish(Deed::Sysctl(sysctl, SysctlValue::One(on)));
                    })
                />
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn BhashSize(lang: Lang, lab: Lab) -> impl IntoView {
    let size = move || lab.frame.read().machine.bhash_size;
    let note = move || {
        let memory = BHASH_SIZES.iter().find(|(offered, _)| *offered == size());
        match memory {
            Some((_, memory)) if !memory.is_empty() => t::bhash_note_chains(lang, memory),
            _ => t::bhash_note_small(lang).to_owned(),
        }
    };
    view! {
        <div class="field">
            <div class="label">
                <span class="key" id="lab-bhash">{t::bhash_size(lang)}</span>
                <span class="hint">{part(note)}</span>
            </div>
            <Sizes
                labelled_by="lab-bhash"
                sizes=BHASH_SIZES.map(|(size, _)| size).to_vec()
                size=Signal::derive(size)
                choose=Callback::new(move |size| lab.wish(Deed::BhashSize(size)))
            />
        </div>
    }
    .into_any()
}

/// A choice of table sizes, named by the element with the id `labelled_by`.
#[component]
pub fn Sizes(
    labelled_by: &'static str,
    sizes: Vec<u32>,
    size: Signal<u32>,
    choose: Callback<u32>,
) -> impl IntoView {
    let one = move |offered: u32| {
        view! {
            <label>
                <input
                    type="radio"
                    name=format!("{labelled_by}-size")
                    autocomplete="off"
                    prop:checked=live(move || size.get() == offered)
                    checked=size.get_untracked() == offered
                    on:change=heard(move |_| choose.run(offered))
                />
                {thousands(offered)}
            </label>
        }
    };
    view! {
        <div class="seg" role="radiogroup" aria-labelledby=labelled_by>
            {sizes.into_iter().map(one).listed()}
        </div>
    }
    .into_any()
}

#[component]
fn Clock(lang: Lang, lab: Lab) -> impl IntoView {
    let now = move || duration(lang, lab.frame.read().machine.now_ms);
    let button = |ms: u64| {
        let time = duration(lang, ms);
        view! {
            <button class="btn" type="button" aria-label=t::advance_by(lang, &time) on:click=heard(move |_| lab.wish(Deed::Advance(ms)))>
                "+" {time.clone()}
            </button>
        }
    };
    view! {
        <div class="row clock">
            <span class="key">{t::clock(lang)}</span>
            <span class="row">
                <span class="val">{part(now)}</span>
                {button(1_000)}
                {button(60_000)}
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn Client(lang: Lang, lab: Lab) -> impl IntoView {
    let address = RwSignal::new(None::<String>);
    let port = RwSignal::new(None::<String>);
    // Each field has a fault of its own: putting one right must not excuse the other.
    let address_fault = RwSignal::new(None::<String>);
    let port_fault = RwSignal::new(None::<String>);
    let take_address = Callback::new(move |text: String| match plain(&text).parse::<Addr>() {
        Ok(addr) => {
            lab.dst.set(addr);
            address.set(None);
            address_fault.set(None);
            lab.aim();
        }
        Err(_) => address_fault.set(Some(t::address_bad(lang, text.trim()))),
    });
    let take_port =
        Callback::new(move |text: String| match port_text(lang, &text).map(u16::try_from) {
            Ok(Ok(number)) if number > 0 => {
                lab.dport.set(number);
                port.set(None);
                port_fault.set(None);
                lab.aim();
            }
            Ok(_) => port_fault.set(Some(t::port_out_of_range(lang, text.trim()))),
            Err(wrong) => port_fault.set(Some(wrong)),
        });
    let said = Signal::derive(move || {
        let faults: Vec<String> =
            [address_fault.get(), port_fault.get()].into_iter().flatten().collect();
        (!faults.is_empty()).then(|| Said::Wrong(faults.join(" ")))
    });
    let how = RwSignal::new(CloseHow::Active);
    let open = move || lab.frame.read().open_by_hand;
    let open_text = move || match open() {
        0 => t::no_open_sockets(lang).to_owned(),
        count => t::open_sockets(lang, thousands(count)),
    };
    let closers = [
        (CloseHow::Active, t::closes_client(lang)),
        (CloseHow::Passive, t::closes_server(lang)),
        (CloseHow::Rst, t::closes_rst(lang)),
    ];
    // A field with a wrong text must not be connected to by mistake.
    let blocked = move || said.read().is_some();
    view! {
        <section class="group" aria-labelledby="lab-client">
            <div class="label">
                <h2 class="h" id="lab-client">{t::client(lang)}</h2>
                <span class="hint">{part(open_text)}</span>
            </div>
            <div class="row">
                <span class="key">{t::from(lang)}</span>
                <span class="val">{part(move || lab.frame.read().machine.source.to_string())}</span>
            </div>
            <div class="field">
                <div class="pair addr">
                    <Field
                        label=t::destination_address(lang)
                        value=Signal::derive(move || lab.dst.get().to_string())
                        typed=address
                        wrong=Signal::derive(move || address_fault.read().is_some())
                        described="lab-client-said"
                        commit=take_address
                        inputmode="text"
                    />
                    <span aria-hidden="true">":"</span>
                    <Field
                        label=t::destination_port(lang)
                        value=Signal::derive(move || lab.dport.get().to_string())
                        typed=port
                        wrong=Signal::derive(move || port_fault.read().is_some())
                        described="lab-client-said"
                        commit=take_port
                    />
                </div>
                <Message id="lab-client-said" said />
            </div>
            <HomeRow lang lab />
            <div class="acts">
                <button class="btn primary mono wide" type="button" disabled=live(blocked) on:click=heard(move |_| lab.wish(Deed::Connect(1)))>
                    {t::connect(lang)}
                </button>
                <button class="btn mono" type="button" disabled=live(blocked) on:click=heard(move |_| lab.wish(Deed::Connect(10)))>
                    {t::connect_10(lang)}
                </button>
                <button class="btn mono" type="button" disabled=live(blocked) on:click=heard(move |_| lab.wish(Deed::UntilError))>
                    {t::until_error(lang)}
                </button>
                <div class="seg wide" role="radiogroup" aria-label=t::closes_first(lang)>
                    {closers
                        .into_iter()
                        .map(|(way, name)| {
                            view! {
                                <label>
                                    <input
                                        type="radio"
                                        name="lab-close"
                                        autocomplete="off"
                                        prop:checked=live(move || how.get() == way)
                                        checked=way == CloseHow::Active
                                        on:change=heard(move |_| how.set(way))
                                    />
                                    {name}
                                </label>
                            }
                        })
                        .listed()}
                </div>
                <button class="btn mono" type="button" disabled=live(move || open() == 0) on:click=heard(move |_| lab.wish(Deed::CloseNewest(how.get_untracked())))>
                    {t::close(lang)}
                </button>
                <button class="btn mono" type="button" disabled=live(move || open() == 0) on:click=heard(move |_| lab.wish(Deed::CloseAll(how.get_untracked())))>
                    {t::close_all(lang)}
                </button>
            </div>
            {sockets(lang, lab, how)}
            <LoadGenerator lang lab how />
        </section>
    }
    .into_any()
}
