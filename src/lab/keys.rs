//! The lab's single keys. They act only while the focus is inside the lab.

use error99_replay::hand::Look;
use leptos::ev::KeyboardEvent;

use super::play::SPEEDS;

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Pressed {
    /// Another moment.
    Look(Look),
    /// Start or stop playing.
    Toggle,
    /// One of [`SPEEDS`].
    Speed(usize),
    /// The list of keys.
    Help,
}

/// The meaning of a key press in the lab, if it has one.
pub fn pressed(event: &KeyboardEvent) -> Option<Pressed> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    meaning(&event.key(), event.shift_key())
}

fn meaning(key: &str, shift: bool) -> Option<Pressed> {
    Some(Pressed::Look(match (key, shift) {
        (" ", _) => return Some(Pressed::Toggle),
        ("?", _) => return Some(Pressed::Help),
        ("ArrowRight", false) => Look::Forward,
        ("ArrowRight", true) => Look::Skip(1),
        ("ArrowLeft", false) => Look::Back,
        ("ArrowLeft", true) => Look::SkipBack(1),
        ("Home", _) => Look::CallStart,
        ("End", _) => Look::CallEnd,
        ("[", _) => Look::Mark(false),
        ("]", _) => Look::Mark(true),
        ("e", _) => Look::Error(true),
        ("E", _) => Look::Error(false),
        (digit, _) => {
            let speed = digit.parse::<usize>().ok()?.checked_sub(1)?;
            return (speed < SPEEDS.len()).then_some(Pressed::Speed(speed));
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_mean_what_a_debugger_makes_of_them() {
        assert_eq!(meaning(" ", false), Some(Pressed::Toggle));
        assert_eq!(meaning("ArrowLeft", false), Some(Pressed::Look(Look::Back)));
        assert_eq!(meaning("6", false), Some(Pressed::Speed(5)));
        assert_eq!(meaning("E", true), Some(Pressed::Look(Look::Error(false))));
        assert_eq!(meaning("7", false), None);
        assert_eq!(meaning("a", false), None);
    }
}
