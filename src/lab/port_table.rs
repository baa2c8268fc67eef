//! The sheet "Ports as a table": runs of ports by state, to be sorted, filtered and copied.

use error99_replay::hand::Look;
use error99_replay::table::{PortKind, PortRun, order};
use leptos::prelude::*;

use super::amounts::duration;
use super::sheet::CopyText;
use super::state::Lab;
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::{lab as words, sheet as t};
use crate::ui::boxed::{Listed, heard, live, part};

/// Rows that are shown at first, and how many more each time somebody asks.
const ROWS: usize = 200;

/// What the rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    From,
    Count,
    State,
    Left,
}

impl Column {
    fn key(self, run: &PortRun) -> u64 {
        match self {
            Column::From => run.from.into(),
            Column::Count => run.count().into(),
            Column::State => run.kind as u64,
            Column::Left => run.left_ms.map_or(u64::MAX, |(first, _)| first),
        }
    }
}

/// The rows that a filter and an order leave.
fn arranged(
    mut runs: Vec<PortRun>,
    only: Option<PortKind>,
    (by, down): (Column, bool),
) -> Vec<PortRun> {
    runs.retain(|run| only.is_none_or(|kind| run.kind == kind));
    let key = |run: &PortRun| if down { !by.key(run) } else { by.key(run) };
    let keys: Vec<u64> = runs.iter().map(key).collect();
    order(&keys).into_iter().map(|place| runs[place]).collect()
}

fn state_word(lang: Lang, kind: PortKind) -> &'static str {
    match kind {
        PortKind::Timewait => words::state_timewait(lang),
        PortKind::Live => words::state_live(lang),
        PortKind::Shared => words::state_shared(lang),
        PortKind::Bind => words::word_bind(lang),
        PortKind::Free => words::state_free(lang),
    }
}

/// The table with its filter, and a button that copies it.
#[component]
pub fn PortTable(lang: Lang, lab: Lab) -> impl IntoView {
    let only = RwSignal::new(None::<PortKind>);
    let order = RwSignal::new((Column::From, false));
    let most = RwSignal::new(ROWS);
    let runs = Memo::new(move |_| {
        lab.frame.track();
        arranged(lab.ask(|machine| machine.runs()).unwrap_or_default(), only.get(), order.get())
    });
    let rows = move || {
        let rows = runs.get().into_iter().take(most.get()).map(|run| row(lang, lab, run));
        rows.listed()
    };
    let more = move || {
        let hidden = runs.read().len().saturating_sub(most.get());
        (hidden > 0).then(|| {
            let text = t::show_more(lang, thousands(hidden.min(ROWS) as u64));
            view! {
                <button class="btn" type="button" on:click=heard(move |_| *most.write() += ROWS)>{text}</button>
            }
        })
    };
    let dst = move || {
        let (dst, dport) = lab.ask(|machine| machine.aim()).unwrap_or_default();
        t::table_lead(lang, format!("{dst}:{dport}"))
    };
    view! {
        <p class="hint">{part(dst)}</p>
        <label class="row">
            {t::filter(lang)}
            <select
                class="num"
                on:change=heard(move |event| {
                    let chosen = event_target_value(&event).parse::<usize>().ok();
                    only.set(chosen.and_then(|at| PortKind::ALL.get(at).copied()));
                })
            >
                <option value="">{t::every_state(lang)}</option>
                {PortKind::ALL.map(|kind| state_word(lang, kind)).into_iter().enumerate()
                    .map(|(at, word)| view! { <option value=at.to_string()>{word}</option> })
                    .listed()}
            </select>
        </label>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="lab-sheet">
            <table class="runs">
                <thead>
                    <tr>
                        {heading(t::col_from(lang), Column::From, order)}
                        <th scope="col">{t::col_to(lang)}</th>
                        {heading(t::col_count(lang), Column::Count, order)}
                        {heading(t::col_state(lang), Column::State, order)}
                        {heading(t::col_left(lang), Column::Left, order)}
                    </tr>
                </thead>
                <tbody>{part(rows)}</tbody>
            </table>
            {part(move || runs.read().is_empty().then(|| t::no_runs(lang)))}
        </div>
        <p class="sheet-foot">
            <CopyText lang text=Callback::new(move |()| tab_separated(lang, &runs.get_untracked())) />
            {part(more)}
        </p>
    }
    .into_any()
}

/// A heading that sorts; pressed again, it turns the order round.
fn heading(name: &'static str, by: Column, order: RwSignal<(Column, bool)>) -> AnyView {
    let sorted = move || match order.get() {
        (column, false) if column == by => Some("ascending"),
        (column, true) if column == by => Some("descending"),
        _ => None,
    };
    let press = move |_| order.update(|order| *order = (by, order.0 == by && !order.1));
    view! {
        <th scope="col" aria-sort=live(sorted)>
            <button class="link" type="button" on:click=heard(press)>{name}</button>
        </th>
    }
    .into_any()
}

fn left(lang: Lang, run: &PortRun) -> String {
    match run.left_ms {
        None => String::new(),
        Some((first, last)) if first / 1000 == last / 1000 => duration(lang, first),
        Some((first, last)) => t::left_between(lang, duration(lang, first), duration(lang, last)),
    }
}

fn row(lang: Lang, lab: Lab, run: PortRun) -> AnyView {
    let from = thousands(run.from);
    let until = move |_| {
        lab.sheet.set(None);
        lab.wish(Look::Port(run.from));
    };
    view! {
        <tr>
            <td>
                <button class="link" type="button" aria-label=t::run_until(lang, &from) on:click=heard(until)>
                    {from.clone()}
                </button>
            </td>
            <td>{thousands(run.to)}</td>
            <td>{thousands(run.count())}</td>
            <td>{state_word(lang, run.kind)}</td>
            <td>{left(lang, &run)}</td>
        </tr>
    }
    .into_any()
}

/// The whole table for a spreadsheet.
fn tab_separated(lang: Lang, runs: &[PortRun]) -> String {
    let names = [
        t::col_from(lang),
        t::col_to(lang),
        t::col_count(lang),
        t::col_state(lang),
        t::col_left(lang),
    ];
    let mut out = names.join("\t") + "\n";
    for run in runs {
        let state = state_word(lang, run.kind);
        let left = left(lang, run);
        out += &format!("{}\t{}\t{}\t{state}\t{left}\n", run.from, run.to, run.count());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_filtered_and_sorted_and_equal_ones_keep_their_order() {
        let run = |from, to, kind| PortRun { from, to, kind, left_ms: None };
        let runs =
            vec![run(1, 1, PortKind::Live), run(2, 9, PortKind::Free), run(10, 10, PortKind::Live)];
        let order = |only, by, down| {
            let rows = arranged(runs.clone(), only, (by, down));
            rows.iter().map(|run| run.from).collect::<Vec<_>>()
        };
        assert_eq!(order(None, Column::From, true), [10, 2, 1]);
        assert_eq!(order(None, Column::Count, true), [2, 1, 10]);
        assert_eq!(order(Some(PortKind::Live), Column::Count, false), [1, 10]);
    }
}
