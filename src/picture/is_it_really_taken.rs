//! Four ports that are in use, and who gets them as well.

use error99_replay::frame::PortCell;
use error99_story::Server;
use error99_story::is_it_really_taken::{ConnectEnd, SERVERS, Scene, saved, scene};
use error99_story::machine::Connects;
use error99_story::where_the_walk_starts::RangePort;
use leptos::prelude::*;

use super::controls::connects;
use super::frame::{Parts, picture};
use super::ports::{legend, port};
use crate::lang::Lang;
use crate::links::Links;
use crate::text::number::thousands;
use crate::text::picture as t;
use crate::ui::boxed::{Listed, part};

/// The picture.
pub fn view(lang: Lang, links: Links) -> AnyView {
    let controls = RwSignal::new(Connects::default());
    picture(Parts {
        lang,
        links,
        controls: connects(lang, "is-it-really-taken", &SERVERS, controls),
        scene: part(move || ports(lang, &scene(&controls.read()))),
        said: Box::new(move || said(lang, &controls.read())),
        reset: Box::new(move || controls.set(Connects::default())),
        saved: Box::new(move || Some(saved(&controls.read()))),
    })
}

fn ports(lang: Lang, scene: &Scene) -> AnyView {
    let got = scene.asked.and_then(|outcome| outcome.port);
    let owner = |server: &Server| view! { <li>{t::to_server(lang, server)}</li> };
    let place = |(place, owners): &(RangePort, Vec<Server>)| {
        let taken = got == Some(place.port);
        view! {
            <li>
                {port(place, taken)}
                <ul class=if taken { "owners new" } else { "owners" }>
                    {owners.iter().map(owner).listed()}
                </ul>
            </li>
        }
    };
    view! {
        <div role="img" aria-label=t::taken_image(lang)>
            <ol class="port-row four-ports">{scene.ports.iter().map(place).listed()}</ol>
        </div>
        {legend(lang, &[PortCell::Live, PortCell::Shared])}
    }
    .into_any()
}

fn said(lang: Lang, controls: &Connects) -> String {
    let to = controls.to(&SERVERS);
    match scene(controls).asked {
        None => t::taken_ask(lang, to),
        Some(ConnectEnd { probes, port: Some(port) }) => {
            t::taken_shares(lang, probes, thousands(port), to)
        }
        Some(ConnectEnd { probes, port: None }) => t::taken_fails(lang, probes, to),
    }
}
