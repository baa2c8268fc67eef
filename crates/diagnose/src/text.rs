//! Work on bytes that the formats share: fields, numbers, and lines without what a terminal adds.

use std::borrow::Cow;

/// Fields that are looked at in a line; whatever follows is left unread.
const FIELDS: usize = 24;

/// The fields of a line, between white space.
#[derive(Clone, Copy)]
pub(crate) struct LineFields<'a> {
    all: [&'a str; FIELDS],
    len: usize,
}

impl<'a> LineFields<'a> {
    pub(crate) fn of(line: &'a str) -> LineFields<'a> {
        let mut fields = LineFields { all: [""; FIELDS], len: 0 };
        for (place, field) in fields.all.iter_mut().zip(line.split_ascii_whitespace()) {
            *place = field;
            fields.len += 1;
        }
        fields
    }

    pub(crate) fn all(&self) -> &[&'a str] {
        &self.all[..self.len]
    }

    /// The field at a place, empty behind the last one.
    pub(crate) fn at(&self, place: usize) -> &'a str {
        self.all.get(place).copied().unwrap_or("")
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }
}

/// A decimal number, all of the text.
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The number that a text begins with.
pub(crate) fn leading(text: &str) -> Option<u64> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The number behind a word, white space and signs between them left out.
pub(crate) fn after(text: &str, word: &str) -> Option<u64> {
    let rest = &text[text.find(word)? + word.len()..];
    leading(rest.trim_start_matches([' ', '\t', ':', '=', '(', '[', '"', '\'']))
}

/// A line without colours, carriage returns and other signs that are only for a terminal.
pub(crate) fn plain(line: &str) -> Cow<'_, str> {
    let line = line.trim_end_matches(['\r', '\n']);
    if !line.bytes().any(|byte| byte < b' ' && byte != b'\t') {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            '\x1b' => skip_sequence(&mut chars),
            '\t' => out.push(char),
            char if char < ' ' => {}
            char => out.push(char),
        }
    }
    Cow::Owned(out)
}

/// What follows an escape: a control sequence up to its letter, a title up to its bell, or a sign.
fn skip_sequence(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => {
            chars.find(|char| ('@'..='~').contains(char));
        }
        Some(']') => {
            chars.find(|char| matches!(char, '\x07' | '\x1b'));
        }
        _ => {}
    }
}

/// The start of a text, at most so many bytes, up to the end of a character.
pub(crate) fn start(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_adds_goes() {
        assert_eq!(plain("\x1b[01;31mESTAB\x1b[0m 0\r\n"), "ESTAB 0");
        assert_eq!(plain("\x1b]0;title\x07$ ss"), "$ ss");
        assert_eq!(plain("a\tb\0c"), "a\tbc");
        assert_eq!(plain("plain"), "plain");
        assert_eq!(plain("\x1b["), "");
    }

    #[test]
    fn numbers_are_found() {
        assert_eq!(after("(estab 12, closed 3)", "closed"), Some(3));
        assert_eq!(after("[Errno 99] no", "Errno"), Some(99));
        assert_eq!(after("estab", "estab"), None);
        assert_eq!((number("12"), number("12a"), number("")), (Some(12), None, None));
        assert_eq!(leading("59sec"), Some(59));
    }
}
