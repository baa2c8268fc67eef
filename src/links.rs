//! The one place that makes links between pages.
//!
//! Every link is relative to the page that it stands on, so the built site works from any
//! folder of any host. A page knows the way back to the site's root as its *base*
//! (`"./"`, `"../"`, `"../../"`); only `404.html`, which is shown for paths of any depth,
//! needs an absolute one.

use crate::lang::Lang;
use crate::pictures::Picture;
use serde::{Deserialize, Serialize};

/// A page of the site, in whichever language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Story,
    Compare,
    Lab,
    Scenarios,
    /// Which rules each release of the kernel has.
    Rules,
    About,
    /// A part of the site without its frame, for somebody else's page.
    Embed(Embedded),
}

/// What can stand in somebody else's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    Lab,
    Picture(Picture),
}

impl Embedded {
    /// All of it.
    pub fn all() -> impl Iterator<Item = Embedded> {
        [Embedded::Lab].into_iter().chain(Picture::ALL.iter().copied().map(Embedded::Picture))
    }

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Embedded::Lab => "lab",
            Embedded::Picture(picture) => picture.name(),
        }
    }
}

impl Page {
    /// Those with the site's frame around them.
    pub const ALL: [Page; 6] =
        [Page::Story, Page::Compare, Page::Lab, Page::Scenarios, Page::Rules, Page::About];

    /// The pages of the top bar.
    pub const NAVIGATION: [Page; 4] = [Page::Story, Page::Compare, Page::Lab, Page::Scenarios];

    /// The page's name in the prose.
    pub const fn name(self) -> &'static str {
        match self {
            Page::Story => "story",
            Page::Compare => "compare",
            Page::Lab => "lab",
            Page::Scenarios => "scenarios",
            Page::Rules => "kernels",
            Page::About => "about",
            Page::Embed(what) => what.name(),
        }
    }

    /// The page's folder below the language's root, with its closing slash.
    pub const fn path(self) -> &'static str {
        match self {
            Page::Story => "",
            Page::Compare => "compare/",
            Page::Lab => "lab/",
            Page::Scenarios => "scenarios/",
            Page::Rules => "kernels/",
            Page::About => "about/",
            Page::Embed(Embedded::Lab) => "embed/lab/",
            Page::Embed(Embedded::Picture(picture)) => picture.embed_path(),
        }
    }
}

/// Makes the links of one page. Live parts that link are given it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    base: String,
    lang: Lang,
}

impl Links {
    /// Links for `page` itself, whose depth decides the base.
    pub fn on(page: Page, lang: Lang) -> Links {
        let depth = lang.path_prefix().matches('/').count() + page.path().matches('/').count();
        let base = if depth == 0 { "./".into() } else { "../".repeat(depth) };
        Links { base, lang }
    }

    /// Links that start from a fixed root such as `/` or `/error99/`.
    pub fn from_root(root: &str, lang: Lang) -> Links {
        Links { base: format!("{}/", root.trim_end_matches('/')), lang }
    }

    /// Links for a live part of a page whose base is known.
    pub fn from_base(base: String, lang: Lang) -> Links {
        Links { base, lang }
    }

    /// The address of `page` in this page's language.
    pub fn to(&self, page: Page) -> String {
        self.to_in(page, self.lang)
    }

    /// The address of `page` in another language.
    pub fn to_in(&self, page: Page, lang: Lang) -> String {
        format!("{}{}{}", self.base, lang.path_prefix(), page.path())
    }

    /// The address of `page` with a machine for it; `state` is the text of
    /// [`error99_replay::link`]. It goes behind `#`, so no server is told of it.
    pub fn with_machine(&self, page: Page, state: &str) -> String {
        format!("{}#m={state}", self.to(page))
    }

    /// The way to the site's root, where styles, fonts and scripts are.
    pub fn base(&self) -> &str {
        &self.base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_from_any_depth_to_any_page() {
        let home = Links::on(Page::Story, Lang::En);
        assert_eq!(home.to(Page::Lab), "./lab/");
        assert_eq!(home.to_in(Page::Lab, Lang::ZhCn), "./zh-CN/lab/");
        let lab = Links::on(Page::Lab, Lang::ZhCn);
        assert_eq!(lab.to(Page::Scenarios), "../../zh-CN/scenarios/");
        assert_eq!(lab.to_in(Page::Story, Lang::En), "../../");
    }

    #[test]
    fn a_fixed_root_needs_no_closing_slash() {
        assert_eq!(Links::from_root("/", Lang::En).to(Page::Story), "/");
        assert_eq!(Links::from_root("/e99", Lang::En).to(Page::Lab), "/e99/lab/");
    }
}
