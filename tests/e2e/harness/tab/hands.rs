//! What a reader does with keys, a mouse, a pen or a finger.

use super::extension::Extension;
use super::{Element, Tab};
use http::Method;
use serde_json::{Value, json};
use thirtyfour::TypingData;

/// What a reader points with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Finger,
    Pen,
    Mouse,
}

/// What a hand does; points are in CSS pixels of the viewport, times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    To(i32, i32),
    Down,
    Up,
    Wait(u32),
}

impl Tab {
    /// Presses the mouse on an element, and does not let go before `meanwhile` is over.
    pub fn press_during(&self, element: &Element, meanwhile: impl FnOnce()) {
        element.with(async |element| {
            self.session.web.action_chain().move_to_element_center(element).perform().await
        });
        let mouse = || self.session.web.action_chain();
        self.wait(mouse().click_and_hold().perform()).expect("the mouse can be pressed");
        meanwhile();
        self.wait(mouse().release().perform()).expect("it can be let go");
    }

    /// Presses keys wherever the focus is.
    pub fn press(&self, keys: impl Into<TypingData>) {
        let focused =
            self.wait(self.session.web.active_element()).expect("something has the focus");
        self.wait(focused.send_keys(keys)).expect("keys can be pressed");
    }

    /// Acts of a hand that doesn't type: its acts one after another, at points of the viewport.
    pub fn hand(&self, hand: Hand, acts: &[Act]) {
        let pointer = match hand {
            Hand::Finger => "touch",
            Hand::Pen => "pen",
            Hand::Mouse => "mouse",
        };
        let act = |act: &Act| match *act {
            Act::To(x, y) => json!({ "type": "pointerMove", "duration": 20, "x": x, "y": y }),
            Act::Down => json!({ "type": "pointerDown", "button": 0 }),
            Act::Up => json!({ "type": "pointerUp", "button": 0 }),
            Act::Wait(ms) => json!({ "type": "pause", "duration": ms }),
        };
        let acts: Vec<Value> = acts.iter().map(act).collect();
        let actions = json!({ "actions": [{
            "type": "pointer",
            "id": pointer,
            "parameters": { "pointerType": pointer },
            "actions": acts,
        }]});
        let path = "/actions".to_owned();
        self.command(Extension { method: Method::POST, path, parameters: Some(actions) });
    }
}
