//! The two languages of the site, and how each shows in a URL and in HTML.

use serde::{Deserialize, Serialize};

/// A language in which every string of the site exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    #[serde(rename = "en")]
    En,
    #[serde(rename = "zh-CN")]
    ZhCn,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::En, Lang::ZhCn];

    /// The BCP 47 tag, for `lang` and `hreflang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::ZhCn => "zh-CN",
        }
    }

    /// The language of that BCP 47 tag.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.tag() == tag)
    }

    /// What stands before the path of a page: English pages have the short addresses.
    pub const fn path_prefix(self) -> &'static str {
        match self {
            Lang::En => "",
            Lang::ZhCn => "zh-CN/",
        }
    }

    /// The language's own short name, as the language links show it.
    pub const fn short_name(self) -> &'static str {
        match self {
            Lang::En => "EN",
            Lang::ZhCn => "中文",
        }
    }
}
