//! The site's own 16-pixel symbols. The drawings are in `icons.svg`, which every page
//! carries once; an icon refers to one of them.

use leptos::prelude::*;

/// A symbol of `icons.svg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    ToStart,
    Back,
    Play,
    Pause,
    Forward,
    ToEnd,
    Yes,
    No,
    Skipped,
    NotEqual,
    Equal,
    Theme,
    Present,
    Share,
    Arrow,
    Copy,
    Menu,
    Table,
    Embed,
    File,
}

impl Icon {
    pub const ALL: [Icon; 20] = [
        Icon::ToStart,
        Icon::Back,
        Icon::Play,
        Icon::Pause,
        Icon::Forward,
        Icon::ToEnd,
        Icon::Yes,
        Icon::No,
        Icon::Skipped,
        Icon::NotEqual,
        Icon::Equal,
        Icon::Theme,
        Icon::Present,
        Icon::Share,
        Icon::Arrow,
        Icon::Copy,
        Icon::Menu,
        Icon::Table,
        Icon::Embed,
        Icon::File,
    ];

    /// The reference to the symbol, for `<use href>`.
    pub const fn href(self) -> &'static str {
        match self {
            Icon::ToStart => "#i-start",
            Icon::Back => "#i-back",
            Icon::Play => "#i-play",
            Icon::Pause => "#i-pause",
            Icon::Forward => "#i-forward",
            Icon::ToEnd => "#i-end",
            Icon::Yes => "#i-yes",
            Icon::No => "#i-no",
            Icon::Skipped => "#i-skipped",
            Icon::NotEqual => "#i-not-equal",
            Icon::Equal => "#i-equal",
            Icon::Theme => "#i-theme",
            Icon::Present => "#i-present",
            Icon::Share => "#i-share",
            Icon::Arrow => "#i-arrow",
            Icon::Copy => "#i-copy",
            Icon::Menu => "#i-menu",
            Icon::Table => "#i-table",
            Icon::Embed => "#i-embed",
            Icon::File => "#i-file",
        }
    }
}

/// Draws `icon` in the colour and at the size of the text around it. It is decoration: the
/// word beside it, or the control's name, says the same.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="ico" width="16" height="16" aria-hidden="true">
            <use href=icon.href()></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::Icon;

    #[test]
    fn every_icon_has_its_drawing() {
        let drawings = include_str!("icons.svg");
        for icon in Icon::ALL {
            let id = format!("id=\"{}\"", &icon.href()[1..]);
            assert!(drawings.contains(&id), "icons.svg has no symbol {id}");
        }
    }
}
