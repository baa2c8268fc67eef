//! What a page with live parts has to say when something doesn't go as it should. All notices
//! are written into the page, hidden; its scripts show them.

use super::Here;
use crate::icon::{Icon, icon};
use crate::text::notice as t;
use leptos::prelude::*;

/// Takes a notice away.
fn dismiss() -> AnyView {
    let lang = Here::current().lang;
    view! {
        <button class="tb" type="button" data-dismiss aria-label=t::dismiss(lang)>
            {icon(Icon::No)}
        </button>
    }
    .into_any()
}

/// Says that files of the page haven't come, or not as they were built.
#[component]
pub fn Missing() -> impl IntoView {
    let lang = Here::current().lang;
    view! {
        <div class="notice failed" data-notice="missing" role="alert" hidden>
            <p>
                <b>{t::missing(lang)}</b>
                " "
                <code data-words></code>
            </p>
            <button class="btn primary" type="button" data-retry>{t::retry(lang)}</button>
            {dismiss()}
        </div>
    }
}

/// The notices; those about a state only where there is one, in the lab, whose own address is
/// `lab`.
#[component]
pub fn Notices(#[prop(optional, into)] lab: Option<String>) -> impl IntoView {
    let lang = Here::current().lang;
    let of_state = lab.clone().map(|lab| {
        view! {
            <div class="notice" data-notice="return" role="status" hidden>
                <p>{t::left_off(lang)}</p>
                <a class="btn primary" href=lab>{t::go_on(lang)}</a>
                {dismiss()}
            </div>
            <div class="notice" data-notice="asks" role="alert" hidden>
                <p data-words></p>
                <button class="btn primary" type="button" data-answer="run">{t::run_it(lang)}</button>
                <button class="btn" type="button" data-answer="leave">{t::leave_it(lang)}</button>
            </div>
            <div class="notice" data-notice="said" role="alert" hidden>
                <p data-words></p>
                {dismiss()}
            </div>
        }
    });
    let restore = lab.map(|lab| {
        view! {
            <a class="btn" href=lab.clone() data-restore target="_blank" rel="noopener" hidden>
                {t::restore(lang)}
            </a>
            <a class="btn" href=lab>{t::afresh(lang)}</a>
        }
    });
    view! {
        <div class="notice failed" data-notice="failed" role="alert" hidden>
            <p>
                <b>{t::failed(lang)}</b>
                " "
                <code data-words></code>
            </p>
            <button class="btn primary" type="button" data-retry>{t::retry(lang)}</button>
            {restore}
            {dismiss()}
        </div>
        {of_state}
    }
}
