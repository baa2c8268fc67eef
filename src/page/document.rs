//! From a page's content to a whole HTML file.
//!
//! Trunk builds `index.html`; that file is the template for all pages. What it lacks is filled
//! in here: language, title, description, styles, scripts and the content.

use super::{Here, render};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::text::{home, lab, scenarios, shell};

/// The file that Trunk built, and the names of the scripts that pages load.
pub struct Template<'a> {
    pub html: &'a str,
    /// The style sheet.
    pub style: &'a str,
    /// Runs before the first paint: theme and projector look.
    pub early: &'a str,
    /// Loads the WebAssembly and wakes the live parts.
    pub boot: &'a str,
    /// Where the site will live, with a slash at its end.
    pub site: Option<&'a str>,
}

/// Fonts that every page shows at once.
const FONTS: [&str; 2] = ["newsreader-latin-wght-normal", "figtree-latin-wght-normal"];
/// Fonts that pages with a live part show besides.
const MONO: [&str; 2] = ["ibm-plex-mono-latin-400-normal", "ibm-plex-mono-latin-600-normal"];

const HEAD: &str = "<!-- head -->";
const BODY: &str = "<!-- body -->";
const LANG: &str = "<html lang=\"en\">";

impl Template<'_> {
    /// The file for `page`, or a sentence that says what the template lacks.
    pub fn page(&self, page: Page, lang: Lang) -> Result<String, String> {
        let links = Links::on(page, lang);
        let here = Here { lang, page: Some(page), links };
        self.document(here, title(page, lang), description(page, lang), &self.elsewhere(page, lang))
    }

    /// Where search engines find this page and its translations; only for a site whose address
    /// is known, as these links must be absolute.
    fn elsewhere(&self, page: Page, lang: Lang) -> String {
        let Some(site) = self.site else { return String::new() };
        let address = |lang: Lang| escape(&format!("{site}{}{}", lang.path_prefix(), page.path()));
        let alternate = |(tag, lang): (&str, Lang)| {
            format!("<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\">\n", address(lang))
        };
        let tags = Lang::ALL.map(|lang| (lang.tag(), lang));
        let canonical = format!("<link rel=\"canonical\" href=\"{}\">\n", address(lang));
        canonical
            + &tags.into_iter().chain([("x-default", Lang::En)]).map(alternate).collect::<String>()
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
        let font = |name: &str| {
            format!(
                "<link rel=\"preload\" href=\"{base}fonts/{name}.woff2\" as=\"font\" type=\"font/woff2\" crossorigin>\n"
            )
        };
        let mut head = format!(
            "<title>{}</title>\n<meta name=\"description\" content=\"{}\">\n{extra}\
             <link rel=\"stylesheet\" href=\"{base}{}\">\n\
             <script src=\"{base}{}\"></script>\n{}",
            escape(title),
            escape(description),
            self.style,
            self.early,
            FONTS.map(font).concat(),
        );
        if body.contains(" data-live=") {
            let boot = self.boot;
            head.push_str(&MONO.map(font).concat());
            head.push_str(&format!("<script type=\"module\" src=\"{base}{boot}\"></script>\n"));
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
