//! Text with emphasis: `**figures**` and `` `kernel spellings` ``, as the catalogues write them.

use leptos::prelude::*;

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Strong(&'a str),
    Code(&'a str),
}

/// Splits a catalogue's text. A mark without its partner stands as it is written.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let strong = marked(rest, "**").map(|found| (found, Piece::Strong as fn(_) -> _));
        let code = marked(rest, "`").map(|found| (found, Piece::Code as fn(_) -> _));
        let first = strong.into_iter().chain(code).min_by_key(|(found, _)| found[0].len());
        let Some(([before, inner, after], make)) = first else {
            pieces.push(Piece::Plain(rest));
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(make(inner));
        rest = after;
    }
    pieces
}

/// What stands before, between and behind the first two marks.
fn marked<'a>(text: &'a str, mark: &str) -> Option<[&'a str; 3]> {
    let (before, rest) = at(text, mark)?;
    let (inner, after) = at(rest, mark)?;
    Some([before, inner, after])
}

/// What stands before and behind the first such mark, which is ASCII. The library's own search for
/// a text in a text weighs two kilobytes.
fn at<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let found = text.as_bytes().windows(mark.len()).position(|bytes| bytes == mark.as_bytes())?;
    Some((text.get(..found)?, text.get(found + mark.len()..)?))
}

/// Shows `text` with its emphasis.
#[component]
pub fn Rich(#[prop(into)] text: String) -> impl IntoView {
    pieces(&text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => text.to_owned().into_any(),
            Piece::Strong(text) => view! { <b>{text.to_owned()}</b> }.into_any(),
            Piece::Code(text) => view! { <code>{text.to_owned()}</code> }.into_any(),
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Plain, Strong};
    use super::pieces;

    #[test]
    fn emphasis_is_found_in_the_order_in_which_it_stands() {
        assert_eq!(
            pieces("Port **36,417**: `tcp_tw_reuse` is 0."),
            [Plain("Port "), Strong("36,417"), Plain(": "), Code("tcp_tw_reuse"), Plain(" is 0.")]
        );
    }

    #[test]
    fn a_lonely_mark_is_plain_text() {
        assert_eq!(pieces("2 ** 3"), [Plain("2 ** 3")]);
    }
}
