//! The views that the audit measures and the screenshots show: pages, and states of pages
//! that a reader reaches by some acts.

use crate::tab::{Tab, Theme};

/// A page, or a state of it.
pub struct View {
    pub name: &'static str,
    /// Below the language's root.
    pub path: &'static str,
    /// Whether the path leads to nothing, which the browser notes in the console.
    pub unknown: bool,
    /// The acts that lead to the state.
    pub prepare: fn(&Tab),
}

pub const VIEWS: &[View] = &[
    View { name: "story", path: "", unknown: false, prepare: |_| {} },
    View {
        name: "story-healed",
        path: "",
        unknown: false,
        prepare: |tab| tab.switch("tcp_tw_reuse").click(),
    },
    View { name: "lab", path: "lab/", unknown: false, prepare: |_| {} },
    View { name: "scenarios", path: "scenarios/", unknown: false, prepare: |_| {} },
    View { name: "not-found", path: "no/such/page", unknown: true, prepare: |_| {} },
];

/// Viewports in CSS pixels: the two desktops of the design, a phone, the narrowest screen.
pub const SIZES: [(u32, u32); 4] = [(1440, 900), (1280, 800), (390, 844), (320, 700)];
pub const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];
/// Languages with the start of their paths.
pub const LANGS: [(&str, &str); 2] = [("en", "/"), ("zh", "/zh-CN/")];
