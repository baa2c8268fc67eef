//! From a page's content to a whole HTML file.
//!
//! Trunk builds `index.html` with the hashed style sheets in it; that file is the template
//! for all pages. What it lacks is filled in here: language, title, description, the links
//! to the other language, the scripts and the content.

use super::{Here, render};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::{home, lab, scenarios, shell};

/// The file that Trunk built, and the names of the scripts that pages load.
pub struct Template<'a> {
    pub html: &'a str,
    /// Runs before the first paint: theme and projector look.
    pub early: &'a str,
    /// Loads the WebAssembly and wakes the live parts.
    pub boot: &'a str,
    /// What `boot` will load, to be fetched at once.
    pub module: &'a str,
    pub wasm: &'a str,
}

const HEAD: &str = "<!-- head -->";
const BODY: &str = "<!-- body -->";
const LANG: &str = "<html lang=\"en\">";

impl Template<'_> {
    /// The file for `page`, or a sentence that says what the template lacks.
    pub fn page(&self, page: Page, lang: Lang) -> Result<String, String> {
        let links = Links::on(page, lang);
        let alternates: String = Lang::ALL
            .map(|other| {
                let href = links.to_in(page, other);
                format!("<link rel=\"alternate\" hreflang=\"{}\" href=\"{href}\">\n", other.tag())
            })
            .concat();
        let here = Here { lang, page: Some(page), links };
        self.document(here, title(page, lang), description(page, lang), &alternates)
    }

    /// The file for all other addresses. `root` is the folder that the site is served from.
    pub fn not_found(&self, root: &str) -> Result<String, String> {
        let lang = Lang::En;
        let here = Here { lang, page: None, links: Links::from_root(root, lang) };
        let title = format!(
            "{} · {}",
            shell::not_found_title(Lang::En),
            shell::not_found_title(Lang::ZhCn)
        );
        let noindex = "<meta name=\"robots\" content=\"noindex\">\n";
        self.document(here, &title, shell::not_found_text(lang), noindex)
    }

    fn document(
        &self,
        here: Here,
        title: &str,
        description: &str,
        extra: &str,
    ) -> Result<String, String> {
        for (place, count) in [(HEAD, 1), (BODY, 1), (LANG, 1)] {
            if self.html.matches(place).count() != count {
                return Err(format!("index.html must hold {place} exactly once"));
            }
        }
        let base = here.links.base().to_owned();
        let lang = here.lang.tag();
        let body = render(here);
        // Trunk leaves its own order for the module in the file.
        let without_rust: String =
            self.html.split_inclusive('\n').filter(|line| !line.contains("rel=\"rust\"")).collect();
        let mut head = format!(
            "<title>{}</title>\n<meta name=\"description\" content=\"{}\">\n{extra}\
             <script src=\"{base}{}\"></script>\n",
            escape(title),
            escape(description),
            self.early,
        );
        if body.contains(" data-live=") {
            let (boot, module, wasm) = (self.boot, self.module, self.wasm);
            head.push_str(&format!(
                "<link rel=\"modulepreload\" href=\"{base}{module}\">\n\
                 <link rel=\"preload\" href=\"{base}{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n\
                 <script type=\"module\" src=\"{base}{boot}\"></script>\n"
            ));
        }
        Ok(without_rust
            .replace("href=\"./", &format!("href=\"{base}"))
            .replace(LANG, &format!("<html lang=\"{lang}\">"))
            .replace(HEAD, &head)
            .replace(BODY, &format!("{}\n{body}", include_str!("../icons.svg"))))
    }
}

fn title(page: Page, lang: Lang) -> &'static str {
    match page {
        Page::Story => home::page_title(lang),
        Page::Lab => lab::page_title(lang),
        Page::Scenarios => scenarios::page_title(lang),
    }
}

fn description(page: Page, lang: Lang) -> &'static str {
    match page {
        Page::Story => home::dek(lang),
        Page::Lab => lab::description(lang),
        Page::Scenarios => scenarios::description(lang),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
