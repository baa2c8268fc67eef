//! What the program sees: its calls as strace prints them.

use error99_replay::frame::{ProgramLine, Ret};
use leptos::prelude::*;

use super::sheet::Opens;
use super::state::{Lab, Sheet};
use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::text::{lab as t, sheet};
use crate::ui::boxed::part;
use crate::ui::same::same;

/// The region "What the program sees".
#[component]
pub fn Terminal(lang: Lang, lab: Lab) -> impl IntoView {
    let lines = move || {
        let frame = lab.frame.read();
        let last = frame.program.len().saturating_sub(1);
        if frame.program.is_empty() {
            return view! { <div class="old">{t::no_call_yet(lang)}</div> }.into_any();
        }
        frame
            .program
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let (line, old) = (line.clone(), at < last);
                same((line.clone(), old), move || self::line(lang, &line, old).into_any())
            })
            .collect::<Vec<_>>()
            .into_any()
    };
    view! {
        <section class="term" aria-label=t::program_sees(lang)>
            <header>
                <h2 class="h">{t::program_sees(lang)}</h2>
                <Opens lab sheet=Sheet::Shell>{sheet::open_shell(lang)}</Opens>
            </header>
            <samp>{part(lines)}</samp>
        </section>
    }
    .into_any()
}

fn line(lang: Lang, line: &ProgramLine, old: bool) -> impl IntoView + use<> {
    let (call, zero) = (line.call.clone(), line.zero);
    match line.ret {
        None => view! {
            <div>{call} " " <span class="tick"></span></div>
            <div class="wait">{t::still_in_kernel(lang)}</div>
        }
        .into_any(),
        Some(Ret::Ok) => view! { <div class:old=old>{call} " = " {zero}</div> }.into_any(),
        Some(Ret::Errno(errno)) => view! {
            <div class:old=old>{call}</div>
            <div class="err" class:old=old>
                {icon(Icon::No)} " = -1 " {errno.name()} <br class="wide" /> " (" {errno.message()} ")"
            </div>
        }
        .into_any(),
        Some(Ret::Limit(_)) => view! {
            <div class:old=old>{call}</div>
            <div class="err" class:old=old>{icon(Icon::No)} " = ? (" {t::limit_word(lang)} ")"</div>
        }
        .into_any(),
    }
}
