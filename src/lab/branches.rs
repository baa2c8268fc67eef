//! The sheet "Branches": the futures that are kept, and two of them side by side.

use std::ops::Range;
use std::sync::Arc;

use error99_replay::Act;
use error99_replay::branch::{Comparison, Side, Turn};
use leptos::prelude::*;

use super::amounts::duration;
use super::names::{call_words, turn_words};
use super::state::{Lab, Wish};
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::sheet as t;
use crate::ui::boxed::{Listed, heard, part};

/// Most branches that are listed at a time: a link can hold tens of thousands.
const LISTED: usize = 50;

/// Branches by their names, with the way back and the comparison.
#[component]
pub fn Branches(lang: Lang, lab: Lab) -> impl IntoView {
    // The page of the list that the reader has turned to; at first, the one of the branch shown.
    let turned = RwSignal::new(None);
    let listed = move || {
        lab.frame.track();
        lab.ask(|machine| telling(machine, turned.get())).unwrap_or_default()
    };
    let rows = move || {
        let Listing { places, acts, shown, .. } = listed();
        let row = |(at, act)| row(lang, lab, at, at == shown, act);
        places.zip(acts).map(row).listed()
    };
    let pages = move || {
        let Listing { places, total, .. } = listed();
        (total > LISTED).then(|| turn_pages(lang, places, total, turned))
    };
    let comparison = move || {
        let (with, comparison) = lab.compared.get()?;
        let shown = lab.ask(|machine| machine.branches().1)?;
        Some(match comparison {
            None => view! { <p class="hint">{t::comparing(lang)}</p> }.into_any(),
            Some(comparison) => side_by_side(lang, [name(shown), name(with)], &comparison),
        })
    };
    view! {
        <p class="hint">{t::branches_lead(lang)}</p>
        <table class="runs">
            <thead>
                <tr>
                    <th scope="col">{t::col_branch(lang)}</th>
                    <th scope="col">{t::col_begins(lang)}</th>
                    <th scope="col">{t::col_act(lang)}</th>
                </tr>
            </thead>
            <tbody>{part(rows)}</tbody>
        </table>
        {part(pages)}
        <div aria-live="polite">{part(comparison)}</div>
    }
    .into_any()
}

/// The part of the branches that is listed.
#[derive(Default)]
struct Listing {
    /// Their places among all.
    places: Range<usize>,
    /// What each of them begins with.
    acts: Vec<Act>,
    /// The place of the branch shown.
    shown: usize,
    total: usize,
}

/// The branches on a page of the list, or on that of the branch shown.
fn telling(machine: &error99_replay::Machine, page: Option<usize>) -> Listing {
    let (branches, shown) = machine.branches();
    let (history, total) = (machine.history(), branches.len());
    let places = places(total, page.unwrap_or(shown / LISTED));
    let acts = branches[places.clone()].iter().map(|branch| history.telling(*branch).clone());
    Listing { acts: acts.collect(), places, shown, total }
}

/// The places on a page of so many in all.
fn places(total: usize, page: usize) -> Range<usize> {
    let first = page.min(total.saturating_sub(1) / LISTED) * LISTED;
    first..total.min(first + LISTED)
}

/// Which branches are listed, and the ways to those before and after them.
fn turn_pages(
    lang: Lang,
    places: Range<usize>,
    total: usize,
    turned: RwSignal<Option<usize>>,
) -> AnyView {
    let page = places.start / LISTED;
    let number = |number: usize| thousands(number as u64);
    let said =
        t::branches_listed(lang, number(places.start + 1), number(places.end), number(total));
    let turn = move |by: usize| move |_| turned.set(Some((page + by).saturating_sub(1)));
    view! {
        <p class="hint">
            {said} " "
            <button class="btn" type="button" disabled=page == 0 on:click=heard(turn(0))>
                {t::branches_before(lang)}
            </button>
            " "
            <button class="btn" type="button" disabled=places.end == total on:click=heard(turn(2))>
                {t::branches_after(lang)}
            </button>
        </p>
    }
    .into_any()
}

/// The name of a branch: A, B, … Z, 27, 28, ….
pub fn name(at: usize) -> String {
    match u8::try_from(at) {
        Ok(at @ 0..26) => char::from(b'A' + at).to_string(),
        _ => (at + 1).to_string(),
    }
}

fn row(lang: Lang, lab: Lab, at: usize, shown: bool, act: Act) -> AnyView {
    let begins = match at {
        0 => t::branch_first(lang).to_owned(),
        _ => act_words(lang, &act),
    };
    let name = name(at);
    let acts = if shown {
        view! { <b>{t::branch_shown(lang)}</b> }.into_any()
    } else {
        view! {
            <button
                class="btn"
                type="button"
                aria-label=t::branch_show(lang, &name)
                on:click=heard(move |_| lab.wish(Wish::Branch(at)))
            >
                {t::show(lang)}
            </button>
            " "
            <button
                class="btn"
                type="button"
                aria-label=t::branch_compare(lang, &name)
                on:click=heard(move |_| lab.wish(Wish::Compare(at)))
            >
                {t::compare(lang)}
            </button>
        }
        .into_any()
    };
    view! { <tr><td><b>{name.clone()}</b></td><td><code>{begins}</code></td><td>{acts}</td></tr> }
        .into_any()
}

/// An act in few words, as the kernel and the shell spell them.
fn act_words(lang: Lang, act: &Act) -> String {
    match act {
        Act::Call(call) => call_words(call),
        Act::Load(load) if load.per_second > 0 => {
            t::act_load(lang, thousands(load.connections), thousands(load.per_second))
        }
        Act::Load(load) => t::act_burst(lang, thousands(load.connections)),
        Act::Bind(act) => t::act_bind(lang, thousands(act.sockets())),
    }
}

fn side_by_side(lang: Lang, names: [String; 2], comparison: &Arc<Comparison>) -> AnyView {
    let [a, b] = names;
    let sides = &comparison.sides;
    let turn = |turn: &Option<Turn>| turn_words(lang, turn);
    type Cell<'a> = &'a dyn Fn(&Side) -> String;
    let rows: [(&'static str, Cell); 6] = [
        (t::row_first(lang), &|side| turn(&side.first)),
        (t::row_last(lang), &|side| turn(&side.last_connect)),
        (t::row_calls(lang), &|side| thousands(side.calls)),
        (t::row_connects(lang), &|side| {
            t::connects(lang, thousands(side.connects), thousands(side.failed))
        }),
        (t::row_clock(lang), &|side| duration(lang, side.now_ms)),
        (t::row_ports(lang), &|side| {
            let counts = side.counts;
            t::ports(
                lang,
                thousands(counts.timewait),
                thousands(counts.live),
                thousands(counts.free),
            )
        }),
    ];
    let rows = rows.map(|(name, cell)| {
        let [here, there] = [cell(&sides[0]), cell(&sides[1])];
        let differs = here != there;
        view! {
            <tr class:differs=differs>
                <th scope="row">{name}</th>
                <td>{here}</td>
                <td>{there}</td>
            </tr>
        }
        .into_any()
    });
    view! {
        <h3>{t::compare_title(lang, &a, &b)}</h3>
        <p class="hint">{t::in_common(lang, thousands(comparison.common))}</p>
        <table class="runs beside">
            <thead>
                <tr><td></td><th scope="col">{a.clone()}</th><th scope="col">{b.clone()}</th></tr>
            </thead>
            <tbody>{rows.into_iter().listed()}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use error99_kernel::{Call, Config};
    use error99_replay::Machine;
    use error99_replay::history::History;

    #[test]
    fn branches_are_named_by_letters_as_long_as_there_are_letters() {
        let names = [0, 1, 25, 26].map(name);
        assert_eq!(names, ["A", "B", "Z", "27"]);
    }

    #[test]
    fn of_any_number_of_branches_few_are_listed_and_each_on_one_page() {
        for total in [0, 1, 49, 50, 51, 49_992, 100_000] {
            let pages = total / LISTED + 2;
            let listed: Vec<usize> = (0..pages).flat_map(|page| places(total, page)).collect();
            assert!((0..pages).all(|page| places(total, page).len() <= LISTED));
            assert!((0..total).all(|place| listed.contains(&place) || total > 1_000), "{total}");
            assert_eq!(places(total, usize::MAX).end, total);
        }
    }

    #[test]
    fn the_list_opens_at_the_branch_shown() {
        let mut history = History::new(Config::default());
        for ms in 0..2_000 {
            history.push(None, 0, Act::Call(Call::Advance { ms })).expect("it has room");
        }
        history.tip = Some(777);
        let machine = Machine::open(history).expect("it opens");
        let Listing { places, acts, shown, total } = telling(&machine, None);
        assert_eq!((places.contains(&shown), shown, total), (true, 777, 2_000));
        assert_eq!(acts[777 - places.start], Act::Call(Call::Advance { ms: 777 }));
    }
}
