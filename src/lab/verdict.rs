//! The verdict of a failed connect: every refused port counted by its reason.

use std::sync::Arc;

use error99_replay::frame::{Frame, Tally};
use leptos::prelude::*;

use super::kept::{Kept, kept};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::verdict as t;
use crate::ui::boxed::{Listed, live, part};
use crate::ui::length::number;
use crate::ui::rich::Rich;

/// Width of the bar in its own units, and the least that a reason gets of it.
const BAR: (f64, f64) = (836.0, 5.0);

/// The region "Verdict": the counts.
#[component]
pub fn Verdict(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let Kept { frame, .. } = kept(frame, Frame::wants_port);
    // What failed without a walk has no ports to count.
    let none = move || frame.read().walk.is_none();
    let body = move || frame.read().walk.as_ref().map(|walk| reasons(lang, walk.tally));
    view! {
        <section class="brk" aria-label=t::verdict(lang) hidden=live(none)>{part(body)}</section>
    }
    .into_any()
}

/// One reason: class of its sign, class of its bar, count, text.
type Reason = (&'static str, &'static str, u32, &'static str);

fn reasons(lang: Lang, tally: Tally) -> AnyView {
    let timewait = |count, text| ("cell tw half mark", "b-tw", count, text);
    let all: [Reason; 9] = [
        timewait(tally.reuse_off, t::why_timewait_reuse_off(lang)),
        timewait(tally.loopback_only, t::why_timewait_loopback_only(lang)),
        timewait(tally.no_stamp, t::why_timewait_no_stamp(lang)),
        timewait(tally.too_young, t::why_timewait_too_young(lang)),
        timewait(tally.too_early, t::why_timewait_too_early(lang)),
        timewait(tally.half_closed, t::why_half_closed(lang)),
        ("cell live mark", "b-live", tally.live, t::why_live(lang)),
        ("cell bind mark", "b-bind", tally.bind, t::why_bind(lang)),
        ("cell bind mark", "b-bind", tally.reserved, t::why_reserved(lang)),
    ];
    let met: Vec<Reason> = all.into_iter().filter(|reason| reason.2 > 0).collect();
    let total = tally.refused().max(1);
    let items = met.iter().map(|&(sign, _, count, text)| {
        let permille = (u64::from(count) * 1000 + u64::from(total) / 2) / u64::from(total);
        let percent = format!("{}.{} %", permille / 10, permille % 10);
        view! {
            <li>
                <span class=sign></span>
                <b>{thousands(count)} <small>{percent}</small></b>
                <span class="t"><Rich text /></span>
            </li>
        }
    });
    let items = items.listed();
    view! {
        <svg viewBox="0 0 836 22" preserveAspectRatio="none" role="img" aria-label=t::reasons_image(lang)>
            <defs>
                <pattern id="bar-bind" width="5" height="5" patternUnits="userSpaceOnUse">
                    <rect class="b-bind-wash" width="5" height="5"></rect>
                    <path class="b-bind-nick" d="M0 5L5 0"></path>
                </pattern>
            </defs>
            {bars(&met, total)}
        </svg>
        <ol>{items}</ol>
    }
    .into_any()
}

fn bars(met: &[Reason], total: u32) -> Vec<AnyView> {
    let (whole, least) = BAR;
    let widths: Vec<f64> = met
        .iter()
        .map(|reason| (f64::from(reason.2) / f64::from(total) * whole).max(least))
        .collect();
    let scale = whole / widths.iter().sum::<f64>().max(1.0);
    let mut x = 0.0;
    met.iter()
        .zip(widths)
        .map(|(reason, width)| {
            let left = x;
            x += width * scale;
            let width = (width * scale - 2.0).max(1.0);
            let fill = (reason.1 == "b-bind").then_some("url(#bar-bind)");
            view! { <rect class=reason.1 x=number(left) width=number(width) height="22" fill=fill></rect> }
                .into_any()
        })
        .collect()
}
