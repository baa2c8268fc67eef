//! The terms of the story: a list at its end, and a small window for each, which opens where the
//! text uses the term.

use super::prose::Written;
use leptos::prelude::*;

/// The list and the windows.
pub fn section(glossary: &Written) -> impl IntoView + use<> {
    let terms: Vec<(String, String)> = terms(&glossary.body);
    let entry = |(name, text): &(String, String)| {
        view! { <p id=format!("term-{name}") inner_html=text.clone()></p> }
    };
    let tip = |(name, text): &(String, String)| {
        view! { <div class="gloss-tip" id=format!("tip-{name}") popover="auto" inner_html=text.clone()></div> }
    };
    let (entries, tips) =
        (terms.iter().map(entry).collect_view(), terms.iter().map(tip).collect_view());
    view! {
        <section class="glossary" id="glossary" aria-labelledby="glossary-title">
            <h2 id="glossary-title">{glossary.title.clone()}</h2>
            <div>{entries}</div>
        </section>
        {tips}
    }
}

/// Name and explanation of each term, from `<h2>name</h2><p>explanation</p>`.
pub fn terms(body: &str) -> Vec<(String, String)> {
    let term = |part: &str| {
        let (name, text) = part.split_once("</h2>")?;
        let text = text.trim().strip_prefix("<p>")?.strip_suffix("</p>")?;
        Some((name.to_owned(), text.to_owned()))
    };
    body.split("<h2>").filter_map(term).collect()
}
