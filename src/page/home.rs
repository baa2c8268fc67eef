//! The story at `/`: for now its hook, and the ways into the lab.

use super::Here;
use super::port_page::{PortPage, PortPagePicture, PortRun, PortState};
use super::shell::Shell;
use crate::hook::{Counts, Hook, HookData, Outcome, Run};
use crate::icon::{Icon, icon};
use crate::links::Page;
use crate::text::home as t;
use leptos::prelude::*;

#[component]
pub fn Home() -> impl IntoView {
    let Here { lang, links, .. } = Here::current();
    let (data, page) = failing_machine();
    view! {
        <Shell class="story">
            <header class="front">
                <p class="meta">
                    <span>{t::kind(lang)}</span>
                    <span>{t::kernel_version(lang)}</span>
                </p>
                <h1 lang="en">{t::title(lang)}</h1>
                <p class="dek">{t::dek(lang)}</p>
            </header>
            <Hook lang data>
                <PortPagePicture lang page />
            </Hook>
            <section class="next">
                <p>{t::lab_text(lang)}</p>
                <div>
                    <a class="btn primary" href=links.to(Page::Lab)>
                        {t::into_the_lab(lang)}
                        {icon(Icon::Arrow)}
                    </a>
                    <a class="more" href=links.to(Page::Scenarios)>
                        {t::to_scenarios(lang)}
                    </a>
                </div>
            </section>
        </Shell>
    }
}

/// The machine of the hook: its failing call, the healed one, and the ports before both.
///
/// TODO: these are the figures of the design; the model's own take their place.
fn failing_machine() -> (HookData, PortPage) {
    let counts = Counts { time_wait: 26_867, live: 1_271, bind: 95, free: 0 };
    let data = HookData {
        call: "connect(14, {10.0.0.2:80})".into(),
        off: Run { outcome: Outcome::Failed { looked: 28_233, refused: 28_233 }, counts },
        on: Run {
            outcome: Outcome::TookOver { port: 52_617, probes: 1, waited_s: 54 },
            counts: Counts { time_wait: 26_866, live: 1_272, ..counts },
        },
    };
    let mut runs = Vec::new();
    let mut left = 28_233;
    for (place, ports) in [40, 1, 25, 1, 61, 1, 17, 1].into_iter().cycle().enumerate() {
        let age_s = (place as u32 / 32 + 20) % 60;
        let state = match place {
            place if place % 2 == 0 => PortState::TimeWait { age_s },
            place if place % 27 == 0 => PortState::Bind,
            _ => PortState::Live,
        };
        runs.push(PortRun { state, ports: ports.min(left) });
        left -= ports.min(left);
        if left == 0 {
            break;
        }
    }
    let page = PortPage {
        address: "10.0.0.1".into(),
        low: 32_768,
        runs,
        first_refused: 52_617,
        taken: 52_617,
    };
    (data, page)
}
