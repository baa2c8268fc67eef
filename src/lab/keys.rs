//! The lab's single keys. They act only while the focus is inside the lab.

use leptos::ev::KeyboardEvent;

use super::play::SPEEDS;
use super::state::Wish;

/// What a key asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Pressed {
    /// Something of the machine.
    Wish(Wish),
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
    Some(Pressed::Wish(match (key, shift) {
        (" ", _) => return Some(Pressed::Toggle),
        ("?", _) => return Some(Pressed::Help),
        ("ArrowRight", false) => Wish::Forward,
        ("ArrowRight", true) => Wish::Skip(1),
        ("ArrowLeft", false) => Wish::Back,
        ("ArrowLeft", true) => Wish::SkipBack(1),
        ("Home", _) => Wish::CallStart,
        ("End", _) => Wish::CallEnd,
        ("[", _) => Wish::Mark(false),
        ("]", _) => Wish::Mark(true),
        ("e", _) => Wish::Error(true),
        ("E", _) => Wish::Error(false),
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
        assert_eq!(meaning("ArrowLeft", false), Some(Pressed::Wish(Wish::Back)));
        assert_eq!(meaning("6", false), Some(Pressed::Speed(5)));
        assert_eq!(meaning("E", true), Some(Pressed::Wish(Wish::Error(false))));
        assert_eq!(meaning("7", false), None);
        assert_eq!(meaning("a", false), None);
    }
}
