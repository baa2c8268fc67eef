//! The page "Which rules has my kernel?" at `/kernels`: systems and the releases that they go by,
//! the rules of every release side by side, and since when each is there.

mod matrix;
mod since;
mod systems;
#[cfg(test)]
mod tests;
mod words;

use super::Here;
use super::shell::Shell;
use crate::lang::Lang;
use crate::links::Page;
use crate::text::rules as t;
use crate::text::shell::page_name;
use crate::text::{kernels, since as ts};
use crate::ui::rich::Rich;
use error99_kernel::Release;
use leptos::prelude::*;
use matrix::{GROUPS, MatrixGroup, MatrixRow, RuleStretch};
use since::RuleChange;
use systems::{SYSTEMS, ShippedSystem, Whose};

#[component]
pub fn KernelRules() -> impl IntoView {
    let lang = Here::current().lang;
    view! {
        <Shell class="kernels-page">
            <h1>{page_name(Page::Rules, lang)}</h1>
            <p class="dek">{t::dek(lang)}</p>
            <Find lang />
            <Matrix lang />
            <Changes lang />
        </Shell>
    }
}

/// A link to a release, which marks its column.
fn link(release: Release) -> AnyView {
    view! { <a href=format!("#{}", release.name())>{release.title()}</a> }.into_any()
}

/// How its rules are known.
fn known(lang: Lang, release: Release) -> &'static str {
    if release.is_traced() { t::as_traced(lang) } else { t::as_read(lang) }
}

/// Systems, what `uname -r` says there, and which release that is.
#[component]
fn Find(lang: Lang) -> impl IntoView {
    let line = move |system: &ShippedSystem| {
        let judged = |release: &Release| {
            view! {
                <span>{link(*release)} " " <small>{known(lang, *release)}</small></span>
                " "
            }
        };
        let rules = match system.rules {
            Whose::Of(releases) => releases.iter().map(judged).collect_view().into_any(),
            Whose::Near(release) => view! { {t::near(lang)} " " {link(release)} }.into_any(),
            Whose::Nobodys => t::none(lang).into_any(),
        };
        view! {
            <tr>
                <th scope="row">{system.name}</th>
                <td>
                    <code>{system.uname}</code>
                </td>
                <td class="own">{rules}</td>
                <td>{system.about.map(|about| about(lang))}</td>
            </tr>
        }
    };
    let head = [t::col_system, t::col_uname, t::col_release, t::col_about];
    view! {
        <section aria-labelledby="find">
            <h2 id="find">{t::find(lang)}</h2>
            <p class="lead">
                <Rich text=t::find_text(lang) />
            </p>
            <table class="facts find">
                <thead>
                    <tr>{head.map(|name| heading(name(lang))).collect_view()}</tr>
                </thead>
                <tbody>{SYSTEMS.iter().map(line).collect_view()}</tbody>
            </table>
        </section>
    }
}

fn heading(name: &'static str) -> AnyView {
    view! {
        <th scope="col">
            <Rich text=name />
        </th>
    }
    .into_any()
}

/// Rules and releases. The release that the address names (`#6.1`) is marked by the style sheet;
/// on a phone its cells alone are left.
#[component]
fn Matrix(lang: Lang) -> impl IntoView {
    let chip = |release: Release| {
        view! {
            <a href=format!("#{}", release.name()) data-on=release.name()>
                {release.title()}
            </a>
        }
    };
    let column = move |release: Release| {
        view! {
            <th scope="col" id=release.name() data-on=release.name()>
                {link(release)}
                <small>{kernels::systems(lang, release)}</small>
                <small class="known">{known(lang, release)}</small>
            </th>
        }
    };
    view! {
        <section class="matrix" aria-labelledby="rules">
            <h2 id="rules">{t::matrix(lang)}</h2>
            <p class="lead">{t::matrix_text(lang)}</p>
            <nav class="mine" aria-label=t::my_kernel(lang)>
                <span>{t::my_kernel(lang)}</span>
                {Release::ALL.map(chip).collect_view()}
                <a href="#rules">{t::all_kernels(lang)}</a>
            </nav>
            <div class="scroll" role="region" aria-label=t::table_label(lang) tabindex="0">
                <table class="facts">
                    <thead>
                        <tr>
                            <th scope="col">{t::rule(lang)}</th>
                            {Release::ALL.map(column).collect_view()}
                        </tr>
                    </thead>
                    {GROUPS.iter().map(|group| rows(lang, group)).collect_view()}
                </table>
            </div>
        </section>
    }
}

fn rows(lang: Lang, group: &MatrixGroup) -> AnyView {
    let row = |row: &MatrixRow| {
        let cells = row.stretches(lang).into_iter().map(|stretch| cell(lang, stretch));
        view! {
            <tr>
                <th scope="row">
                    <Rich text=(row.name)(lang) />
                </th>
                {cells.collect_view()}
            </tr>
        }
    };
    view! {
        <tbody>
            {group_head((group.name)(lang), Release::ALL.len() + 1)}
            {group.rows.iter().map(row).collect_view()}
        </tbody>
    }
    .into_any()
}

fn group_head(name: &'static str, columns: usize) -> AnyView {
    view! {
        <tr class="group">
            <th scope="rowgroup" colspan=columns>
                <span>{name}</span>
            </th>
        </tr>
    }
    .into_any()
}

/// A cell, which says whose it is where no column does.
fn cell(lang: Lang, RuleStretch { releases, words }: RuleStretch) -> AnyView {
    let names: Vec<&str> = releases.iter().map(|release| release.name()).collect();
    let title = |release: Option<&Release>| release.map(|release| release.title());
    let whose = match (title(releases.first()), title(releases.last())) {
        (Some(first), Some(last)) if first != last => format!("{first} – {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    };
    let no = [t::no(lang), t::does_not(lang)].contains(&words.as_str());
    let class = if no { "words no" } else { "words" };
    view! {
        <td colspan=releases.len() data-on=names.join(" ")>
            <span class="whose">{whose}</span>
            <span class=class>
                <Rich text=words />
            </span>
        </td>
    }
    .into_any()
}

/// Since when each rule is there.
#[component]
fn Changes(lang: Lang) -> impl IntoView {
    let groups = [
        (t::group_walk(lang), since::OF_THE_WALK),
        (t::group_timewait(lang), since::OF_TIMEWAIT),
        (t::group_knobs(lang), since::OF_KNOBS),
        (t::group_bind(lang), since::OF_BIND),
    ];
    let head = [ts::col_what, ts::col_since, ts::col_read, ts::col_back, ts::col_where];
    let body = |(name, changes): (&'static str, &'static [RuleChange])| {
        view! {
            <tbody>
                {group_head(name, head.len())}
                {changes.iter().map(|change| line(lang, change)).collect_view()}
            </tbody>
        }
    };
    view! {
        <section aria-labelledby="since">
            <h2 id="since">{ts::heading(lang)}</h2>
            <p class="lead">{ts::text(lang)}</p>
            <table class="facts since">
                <thead>
                    <tr>{head.map(|name| heading(name(lang))).collect_view()}</tr>
                </thead>
                {groups.map(body).collect_view()}
            </table>
        </section>
    }
}

fn line(lang: Lang, change: &RuleChange) -> AnyView {
    let since = match (change.since, change.until) {
        ("", _) => ts::never(lang).to_owned(),
        (since, "") => since.to_owned(),
        (since, until) => ts::from_until(lang, since, until),
    };
    let lacking = (!change.lacking.is_empty()).then(|| ts::not_in(lang, change.lacking));
    let back = [change.trees(), lacking.unwrap_or_default()];
    let back = back.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    let cell = |name: &'static str, words: String| {
        let class = if words.is_empty() { "empty" } else { "" };
        view! {
            <td class=class>
                <span class="whose">{name}</span>
                <span class="words">{words}</span>
            </td>
        }
    };
    view! {
        <tr>
            <th scope="row">
                <Rich text=(change.what)(lang) />
            </th>
            {cell(ts::col_since(lang), since)}
            {cell(ts::col_read(lang), change.read.join(" / "))}
            {cell(ts::col_back(lang), back)}
            <td class="where">
                <span class="whose">{ts::col_where(lang)}</span>
                <code class="words">{change.place}</code>
            </td>
        </tr>
    }
    .into_any()
}
