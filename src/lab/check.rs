//! The 4-tuple check: what is wanted, what was found, and the questions that the kernel asks
//! about a TIME_WAIT, in its own order.

use std::sync::Arc;

use error99_kernel::{Age, Answer, Question, Reuse, Substate, Tuple, Verdict};
use error99_replay::frame::{CheckView, Found, Frame, QuestionView, Ret};
use leptos::prelude::*;

use super::amounts::duration;
use super::kept::{Kept, kept};
use super::names::state_name;
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::{Grouped, n};
use crate::ui::boxed::{live, part};
use crate::ui::rich::Rich;
use crate::ui::same::same;

/// The region "4-tuple check".
#[component]
pub fn Check(lang: Lang, #[prop(into)] frame: Signal<Arc<Frame>>) -> impl IntoView {
    let Kept { frame, now } = kept(frame, |frame| frame.check.is_some() && !frame.failed_99());
    view! {
        <section class="pane check" aria-label=t::tuple_check(lang)>
            <h2 class="h">{t::tuple_taken(lang)} " " <small><code>"check_established"</code></small></h2>
            <p class="hint" hidden=now>{t::check_idle(lang)}</p>
            <div hidden=live(move || !now.get())>
                <table class="tuple">
                    <caption class="vh">{t::tuple_caption(lang)}</caption>
                    <tbody>{checked(frame, move |_, check| Some(tuples(lang, check)))}</tbody>
                </table>
                {checked(frame, move |frame, check| {
                    Some(finding(lang, frame.machine.release.rules().reuse.age(), check))
                })}
                {checked(frame, move |frame, check| conclusion(lang, frame, check))}
            </div>
        </section>
    }
    .into_any()
}

/// A part of the view of the check.
fn checked(
    frame: Signal<Arc<Frame>>,
    make: impl Fn(&Frame, &CheckView) -> Option<AnyView> + Send + 'static,
) -> impl IntoView {
    part(move || {
        let frame = frame.read();
        make(&frame, frame.check.as_ref()?)
    })
}

/// What is wanted and, once it is known, what was found.
fn tuples(lang: Lang, check: &CheckView) -> AnyView {
    let taken = matches!(check.found, Found::Timewait { .. } | Found::Live { .. });
    let found = taken.then_some(check.wanted);
    let rows = view! {
        {tuple_row(t::wanted(lang), check.wanted)}
        {found.map(|found| tuple_row(t::found(lang), found))}
        {found.map(|_| same_row(lang))}
    };
    rows.into_any()
}

/// What the 4-tuple belongs to, as far as that has been asked.
fn finding(lang: Lang, age: Age, check: &CheckView) -> AnyView {
    match &check.found {
        Found::NotAskedYet => not_asked(t::not_asked_yet(lang)),
        Found::NotAskedFree => not_asked(t::not_asked_free(lang)),
        Found::NotAskedBind => not_asked(t::not_asked_bind(lang)),
        Found::NotAskedReserved => not_asked(t::not_asked_reserved(lang)),
        Found::Nobody => not_asked(t::nothing_found(lang)),
        Found::Live { state } => belongs("cell live mark", t::is_live(lang, state_name(*state))),
        Found::Timewait { substate, ago_ms, left_ms, .. } => {
            let text = match substate {
                Substate::TimeWait => t::is_timewait,
                Substate::FinWait2 => t::is_finwait2,
            };
            let text = text(lang, duration(lang, *ago_ms), duration(lang, *left_ms));
            let asks: Vec<AnyView> =
                check.questions.iter().map(|view| ask(lang, age, view, &check.found)).collect();
            view! {
                {belongs("cell tw half mark", text)}
                <ul class="asks">{asks}</ul>
            }
            .into_any()
        }
    }
}

/// Who has the 4-tuple, with the mark of its port.
fn belongs(mark: &'static str, text: String) -> AnyView {
    same((mark, text.clone()), move || {
        view! { <p class="sub"><span class=mark></span> {text}</p> }.into_any()
    })
}

fn not_asked(text: &'static str) -> AnyView {
    same(text, move || view! { <p class="hint">{text}</p> }.into_any())
}

fn tuple_row(name: &'static str, tuple: Tuple) -> AnyView {
    same((name, tuple), move || {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{tuple.laddr.to_string()}</td>
                <td class="hl">{format!(":{}", tuple.lport)}</td>
                <td class="to">{icon(Icon::Arrow)}</td>
                <td>{tuple.faddr.to_string()}</td>
                <td>{format!(":{}", tuple.fport)}</td>
            </tr>
        }
        .into_any()
    })
}

fn same_row(lang: Lang) -> AnyView {
    let word = t::same(lang);
    same(word, move || {
        view! {
            <tr class="eq">
                <td></td>
                <td>{word}</td>
                <td>{word}</td>
                <td></td>
                <td>{word}</td>
                <td>{word}</td>
            </tr>
        }
        .into_any()
    })
}

/// A question about the mini-socket, and its answer as far as it has been given.
fn ask(lang: Lang, age: Age, view: &QuestionView, found: &Found) -> AnyView {
    let (class, sign) = match view.answer {
        Some(Answer::Yes) => ("yes", Icon::Yes),
        Some(Answer::No) => ("no", Icon::No),
        Some(Answer::Settled | Answer::WalkOnly) | None => ("skipd", Icon::Skipped),
    };
    let question = match view.question {
        Question::Stamp => t::ask_stamp(lang),
        Question::Closed => t::ask_closed(lang),
        Question::Reuse => t::ask_reuse(lang),
        Question::Age => match age {
            Age::OverOneSecond => t::ask_age(lang),
            Age::LaterSecond => t::ask_second(lang),
            Age::OverDelay => t::ask_delay(lang),
        },
    };
    let note = note(lang, age, view, found);
    same((class, question, note.clone()), move || {
        view! {
            <li class=class>
                {icon(sign)}
                <span><Rich text=question /> <small>{note}</small></span>
            </li>
        }
        .into_any()
    })
}

/// What is said of an answer, or of why there is none.
fn note(lang: Lang, age: Age, view: &QuestionView, found: &Found) -> String {
    let Found::Timewait { tw_reuse, reuse, age_s, age_ms, .. } = found else {
        return t::not_asked_yet(lang).to_owned();
    };
    let (age_s, age_ms) = (n(*age_s), duration(lang, (*age_ms).into()));
    let delayed = age == Age::OverDelay;
    let Some(answer) = view.answer else { return t::not_asked_yet(lang).to_owned() };
    match (view.question, answer) {
        (_, Answer::WalkOnly) => t::ask_not_bound(lang).to_owned(),
        (Question::Age, Answer::Settled) if view.truth == Some(true) => match delayed {
            true => t::ask_delay_would_pass(lang, age_ms),
            false => t::ask_would_pass(lang, age_s),
        },
        (_, Answer::Settled) => t::ask_not_asked(lang).to_owned(),
        (Question::Stamp, Answer::Yes) => t::ask_stamp_yes(lang).to_owned(),
        (Question::Stamp, Answer::No) => t::ask_stamp_no(lang).to_owned(),
        (Question::Closed, Answer::Yes) => t::ask_closed_yes(lang).to_owned(),
        (Question::Closed, Answer::No) => t::ask_closed_no(lang).to_owned(),
        (Question::Reuse, Answer::Yes) => t::ask_reuse_yes(lang, tw_reuse),
        (Question::Reuse, Answer::No) if *reuse == Reuse::NotLoopback => {
            t::ask_reuse_loopback(lang).to_owned()
        }
        (Question::Reuse, Answer::No) => t::ask_reuse_no(lang).to_owned(),
        (Question::Age, Answer::Yes | Answer::No) if delayed => t::ask_delay_is(lang, age_ms),
        (Question::Age, Answer::Yes | Answer::No) => t::ask_age_is(lang, age_s),
    }
}

/// What follows for this port, once the last of its lines is reached.
fn conclusion(lang: Lang, frame: &Frame, check: &CheckView) -> Option<AnyView> {
    let (class, sign, text) = match check.bound {
        Some(_) if check.found == Found::NotAskedYet => return None,
        Some(verdict) => concluded_bound(lang, verdict, n(check.wanted.lport)),
        None => concluded(lang, frame)?,
    };
    Some(same((class, text.clone()), move || {
        view! { <p class=class>{icon(sign)} {text}</p> }.into_any()
    }))
}

/// Class, sign and words of what follows.
type Conclusion = (&'static str, Icon, String);

fn concluded_bound(lang: Lang, verdict: Verdict, port: Grouped) -> Conclusion {
    match verdict {
        Verdict::TimewaitTaken => ("concl yes", Icon::Yes, t::accepted_take_over(lang, port)),
        _ if verdict.takes_port() => ("concl yes", Icon::Yes, t::accepted_bound(lang, port)),
        _ => ("concl no", Icon::No, t::refused_bound(lang).to_owned()),
    }
}

fn concluded(lang: Lang, frame: &Frame) -> Option<Conclusion> {
    let walk = frame.walk.as_ref()?;
    let probe = walk.probe.as_ref()?;
    let returned = frame.call.as_ref().and_then(|call| call.ret);
    if walk.decided < probe.i {
        return None;
    }
    let port = n(probe.port);
    Some(match probe.verdict {
        Verdict::TimewaitTaken => ("concl yes", Icon::Yes, t::accepted_take_over(lang, port)),
        Verdict::Shared => ("concl yes", Icon::Yes, t::accepted_share(lang, port)),
        Verdict::New => return None,
        _ if probe.i >= walk.probes || matches!(returned, Some(Ret::Errno(_) | Ret::Limit(_))) => {
            ("concl no", Icon::No, t::refused_last(lang).to_owned())
        }
        _ => ("concl no", Icon::No, t::refused_next(lang, n(walk.port_of(probe.i + 1)))),
    })
}
