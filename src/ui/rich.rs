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
        let next = [("**", Piece::Strong as fn(_) -> _), ("`", Piece::Code as fn(_) -> _)]
            .into_iter()
            .filter_map(|(mark, make)| {
                let start = rest.find(mark)?;
                let inner = start + mark.len();
                let end = inner + rest[inner..].find(mark)?;
                Some((start, inner, end, end + mark.len(), make))
            })
            .min_by_key(|found| found.0);
        let Some((start, inner, end, after, make)) = next else {
            pieces.push(Piece::Plain(rest));
            break;
        };
        if start > 0 {
            pieces.push(Piece::Plain(&rest[..start]));
        }
        pieces.push(make(&rest[inner..end]));
        rest = &rest[after..];
    }
    pieces
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
