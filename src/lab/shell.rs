//! The sheet "Shell": what strace, ss and cat would print on the machine.

use error99_replay::{Machine, shell};
use leptos::prelude::*;

use super::sheet::CopyText;
use super::state::Lab;
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::sheet as t;
use crate::ui::boxed::{Listed, heard, live, part};

/// Lines that are shown; the whole can be copied.
const LINES: usize = 300;

/// A tool, with how it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Strace,
    SsTan,
    SsS,
    Proc,
}

impl Tool {
    const ALL: [(Tool, &'static str); 4] = [
        (Tool::Strace, "strace"),
        (Tool::SsTan, "ss -tan"),
        (Tool::SsS, "ss -s"),
        (Tool::Proc, "cat /proc/sys/net/ipv4/…"),
    ];

    /// What it prints, at most so many lines of it, and how many sockets it left out.
    fn prints(self, machine: &Machine, limit: usize) -> (String, usize) {
        match self {
            Tool::Strace => (machine.strace(limit), 0),
            Tool::SsTan => shell::ss_tan(machine.kernel(), limit),
            Tool::SsS => (shell::ss_s(machine.kernel()), 0),
            Tool::Proc => (shell::proc_sys(machine.kernel()), 0),
        }
    }
}

/// The tools, one at a time.
#[component]
pub fn Shell(lang: Lang, lab: Lab) -> impl IntoView {
    let tool = RwSignal::new(Tool::Strace);
    let printed = Memo::new(move |_| {
        lab.frame.track();
        lab.ask(|machine| tool.get().prints(machine, LINES)).unwrap_or_default()
    });
    let text = move || match printed.get().0 {
        text if text.is_empty() => t::nothing_traced(lang).to_owned(),
        text => text,
    };
    let rest = move || match printed.read().1 {
        0 => None,
        count => Some(t::left_out(lang, thousands(count as u64))),
    };
    let whole = Callback::new(move |()| {
        lab.ask(|machine| tool.get_untracked().prints(machine, usize::MAX / 8).0)
            .unwrap_or_default()
    });
    let choice = move |(offered, name): (Tool, &'static str)| {
        view! {
            <label>
                <input
                    type="radio"
                    name="lab-tool"
                    prop:checked=live(move || tool.get() == offered)
                    on:change=heard(move |_| tool.set(offered))
                />
                {name}
            </label>
        }
    };
    view! {
        <p class="hint">{t::shell_lead(lang)}</p>
        <div class="seg" role="radiogroup" aria-label=t::which_tool(lang)>
            {Tool::ALL.map(choice).into_iter().listed()}
        </div>
        <pre tabindex="0" role="region" aria-label=t::shell(lang)>{part(text)}</pre>
        <p class="sheet-foot">
            <CopyText lang text=whole />
            <span class="hint">{part(rest)}</span>
        </p>
    }
    .into_any()
}
