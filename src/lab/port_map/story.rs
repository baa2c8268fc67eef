//! The story of the port that is looked at: beside it for a mouse and for keys, under the page for
//! a finger and a pen.

use error99_replay::frame::PortCell;
use error99_replay::machine::Peek;
use error99_replay::ports::Ports;
use leptos::prelude::*;

use crate::icon::{Icon, icon};
use crate::lab::amounts::duration;
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;
use crate::ui::boxed::heard;
use crate::ui::geometry::Geometry;
use crate::ui::length::px;

/// How far a finger may stray between down and up and still tap, in CSS pixels.
const STRAY: i32 = 12;

/// Whether what went down at `from` comes up there again.
pub fn is_tap((x, y): (i32, i32), up: &leptos::ev::PointerEvent) -> bool {
    up.is_primary() && (up.client_x() - x).abs() <= STRAY && (up.client_y() - y).abs() <= STRAY
}

/// The story of the port that is looked at, beside it.
pub fn tip(
    lang: Lang,
    peek: &Peek,
    ports: &Ports,
    geometry: &Geometry,
    letters: f64,
) -> impl IntoView + use<> {
    let (width, height) = geometry.size_css();
    let (x, y) = geometry.centre(u32::from(peek.port.saturating_sub(ports.low)));
    let [high, low, wide, side] = [60.0, 70.0, 250.0, 256.0].map(|length| length * letters);
    let left = if x + side < width { x + 10.0 } else { (x - wide).max(0.0) };
    let top = if y + low < height { y + 10.0 } else { (y - high).max(0.0) };
    view! {
        <span class="chip tip" style:left=px(left) style:top=px(top)>
            {story(lang, peek)}
        </span>
    }
}

/// The story of the port that was tapped, under the page, with what can be done about it. None
/// while the port lies outside the range.
pub fn pin(
    lang: Lang,
    peek: &Peek,
    ports: &Ports,
    choose: Callback<u16>,
    end: impl Fn() + 'static,
) -> Option<AnyView> {
    let port = peek.port;
    (ports.low..=ports.high()).contains(&port).then_some(())?;
    let view = view! {
        <div class="pinned">
            <p>{story(lang, peek)}</p>
            <button class="btn" type="button" disabled=peek.probe.is_none() on:click=heard(move |_| choose.run(port))>
                {t::run_until_here(lang)}
            </button>
            <button class="tb" type="button" aria-label=t::put_away(lang) on:click=heard(move |_| end())>
                {icon(Icon::No)}
            </button>
        </div>
    };
    Some(view.into_any())
}

/// State, bucket and owners of a port.
fn story(lang: Lang, peek: &Peek) -> impl IntoView + use<> {
    let state = match peek.cell {
        PortCell::Free => t::state_free(lang).to_owned(),
        PortCell::Bind => t::word_bind(lang).to_owned(),
        PortCell::Live => t::state_live(lang).to_owned(),
        PortCell::Shared => t::state_shared(lang).to_owned(),
        PortCell::Timewait(_) => {
            format!("TIME_WAIT, {}", t::left(lang, duration(lang, peek.left_ms.unwrap_or(0))))
        }
    };
    let owners = peek.owners.map(|owners| format!(", {} {}", t::owners(lang), thousands(owners)));
    view! {
        <b>{thousands(peek.port)}</b>
        " "
        {state}
        <br />
        "bhash["
        {thousands(peek.bucket)}
        "]"
        {owners}
    }
}
