//! The controls that pictures have.

use error99_story::Server;
use error99_story::machine::{CONNECTS_MAX, Connects};
use leptos::prelude::*;

use crate::lang::Lang;
use crate::text::picture as t;
use crate::ui::boxed::{Listed, heard, live, part};

/// One of several: radio buttons in a row. `name` must be the picture's own.
pub fn choice(
    name: &'static str,
    label: &'static str,
    options: Vec<String>,
    chosen: impl Fn() -> usize + Copy + Send + Sync + 'static,
    choose: impl Fn(usize) + Copy + 'static,
) -> AnyView {
    let option = |(index, text): (usize, String)| {
        view! {
            <label>
                <input
                    type="radio"
                    name=name
                    autocomplete="off"
                    prop:checked=live(move || chosen() == index)
                    checked=untrack(move || chosen() == index)
                    on:change=heard(move |_| choose(index))
                />
                {text}
            </label>
        }
    };
    view! {
        <div class="seg" role="radiogroup" aria-label=label>
            {options.into_iter().enumerate().map(option).listed()}
        </div>
    }
    .into_any()
}

/// Something that the reader does.
pub fn button(
    text: &'static str,
    enabled: impl Fn() -> bool + Send + Sync + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button class="btn primary mono" type="button" disabled=live(move || !enabled()) on:click=heard(move |_| act())>
            {text}
        </button>
    }
    .into_any()
}

/// A sysctl that is 0 or 1.
pub fn switch(
    name: &'static str,
    on: impl Fn() -> bool + Copy + Send + Sync + 'static,
    flip: impl Fn(bool) + 'static,
) -> AnyView {
    view! {
        <label class="flip">
            <span class="key">{name}</span>
            <span class="val" aria-hidden="true">{part(move || u8::from(on()))}</span>
            <input
                class="switch"
                type="checkbox"
                role="switch"
                autocomplete="off"
                aria-label=name
                prop:checked=live(on)
                checked=untrack(on)
                on:change=heard(move |event| flip(event_target_checked(&event)))
            />
        </label>
    }
    .into_any()
}

/// One of several, by its number.
pub fn pick(
    name: &'static str,
    label: &'static str,
    options: Vec<String>,
    chosen: RwSignal<usize>,
) -> AnyView {
    choice(name, label, options, move || chosen.get(), move |index| chosen.set(index))
}

/// Where to connect to, and the button that does it.
pub fn connects(
    lang: Lang,
    name: &'static str,
    servers: &[Server],
    controls: RwSignal<Connects>,
) -> AnyView {
    let servers = servers.iter().map(Server::to_string).collect();
    let server = choice(
        name,
        t::destination(lang),
        servers,
        move || controls.read().server,
        move |index| controls.update(|controls| controls.server = index),
    );
    let connect = button(
        t::connect(lang),
        move || controls.read().made.len() < CONNECTS_MAX,
        move || controls.update(|controls| controls.made.push(controls.server)),
    );
    view! { {server} {connect} }.into_any()
}
