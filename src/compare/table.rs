//! What differs between the two kernels, and what of it was seen on these machines.

use error99_kernel::Release;
use error99_replay::pair::{PairRow, Topic};
use leptos::prelude::*;

use super::state::Both;
use crate::lang::Lang;
use crate::text::compare as t;
use crate::ui::boxed::{Listed, live, part};

/// The table; a row for each rule that differs, and one for all that don't.
#[component]
pub fn Differences(lang: Lang, both: Both) -> impl IntoView {
    let rows = Memo::new(move |_| both.view.read().rows.clone());
    let title = move |side: usize| part(move || both.releases.get()[side].title());
    let body = move || {
        let (rows, releases) = (rows.read(), both.releases.get());
        let differing = rows.iter().map(|row| line(lang, *row, releases)).listed();
        view! { {differing} {same_row(lang, &rows)} }
    };
    let none =
        move || rows.read().is_empty().then(|| view! { <p class="none">{t::no_rows(lang)}</p> });
    view! {
        <section class="differences" aria-label=t::table(lang)>
            {part(none)}
            <table hidden=live(move || rows.read().is_empty())>
                <thead>
                    <tr>
                        <th scope="col">{t::col_topic(lang)}</th>
                        <th scope="col">{title(0)}</th>
                        <th scope="col">{title(1)}</th>
                        <th scope="col">{t::col_seen(lang)}</th>
                    </tr>
                </thead>
                <tbody>{part(body)}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line(lang: Lang, PairRow { topic, seen }: PairRow, releases: [Release; 2]) -> AnyView {
    let said = match seen {
        Some(seen) => t::yes(lang, t::seen(lang, topic, releases, seen.figures)),
        None => t::not_yet(lang, t::hint(lang, topic)),
    };
    let [one, other] = releases.map(|release| (release.title(), t::way(lang, topic, release)));
    view! {
        <tr class:seen=seen.is_some()>
            <th scope="row">{t::topic(lang, topic)}</th>
            <td class="way" data-kernel=one.0>{one.1}</td>
            <td class="way" data-kernel=other.0>{other.1}</td>
            <td class="said">{said}</td>
        </tr>
    }
    .into_any()
}

/// All that both do alike, in one line.
fn same_row(lang: Lang, rows: &[PairRow]) -> AnyView {
    let same = Topic::ALL.into_iter().filter(|topic| rows.iter().all(|row| row.topic != *topic));
    let names: Vec<&str> = same.map(|topic| t::topic(lang, topic)).collect();
    view! {
        <tr class="same" hidden=names.is_empty()>
            <th scope="row">{t::same_row(lang)}</th>
            <td colspan="3">{names.join(t::comma(lang))}</td>
        </tr>
    }
    .into_any()
}
