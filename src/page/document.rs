//! From a page's content to a whole HTML file.

use super::offer::{self, SIZE};
use super::{Here, render};
use crate::lang::Lang;
use crate::links::{Embedded, Links, Page};
use crate::text::{compare, lab, rules, scenarios, shell, story};
use error99_replay::catalogue;
use error99_server::POLICY;
use serde_json::json;

/// What all pages have in common: the names of the files that they load, at the site's root.
pub struct Document {
    /// Runs before the first paint: theme and projector look.
    pub early: Asset,
    /// Helps whoever reads prose: where in it they are, what a term means, commands to copy.
    pub reader: Asset,
    /// Keeps the site for when there is no network.
    pub offline: Asset,
    /// The lab's.
    pub lab: Program,
    /// That of the page with two kernels.
    pub compare: Program,
    /// That of the story's pictures, and of pages without a live part.
    pub story: Program,
    /// Where the site will live, with a slash at its end.
    pub site: Option<String>,
}

/// A file at the site's root.
pub struct Asset {
    pub name: String,
    /// What a browser compares it with before it uses it.
    pub integrity: String,
}

/// One of the programs of the site, with what its pages have besides.
pub struct Program {
    /// Their style sheet.
    pub style: Asset,
    /// The script that loads it and wakes its live parts. It knows the files that it needs.
    pub boot: Asset,
}

/// What stands at the top of every page, after its policy.
pub const FIRST: &str = "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
     <meta name=\"color-scheme\" content=\"light dark\">\n\
     <meta name=\"theme-color\" media=\"(prefers-color-scheme: light)\" content=\"#FAF9F5\">\n\
     <meta name=\"theme-color\" media=\"(prefers-color-scheme: dark)\" content=\"#121416\">\n";

/// Fonts that every page shows at once.
const FONTS: [&str; 2] = ["newsreader-latin-wght-normal", "figtree-latin-wght-normal"];
/// Fonts that pages with a live part show besides.
const MONO: [&str; 2] = ["e99-mono-400", "e99-mono-600"];

impl Document {
    /// The file for `page`.
    pub fn page(&self, page: Page, lang: Lang) -> String {
        let links = Links::on(page, lang);
        let here = Here { lang, page: Some(page), links };
        let extra = structured(page, lang) + &self.embeds(page, lang) + &self.elsewhere(page, lang);
        self.document(here, &title(page, lang), description(page, lang), &extra)
    }

    /// Where search engines find this page and its translations; only for a site whose address
    /// is known, as these links must be absolute. An embedded part isn't to be found by itself.
    fn elsewhere(&self, page: Page, lang: Lang) -> String {
        if let Page::Embed(_) = page {
            return "<meta name=\"robots\" content=\"noindex\">\n<base target=\"_blank\">\n".into();
        }
        let Some(site) = &self.site else { return String::new() };
        let address = |lang: Lang| escape(&format!("{site}{}{}", lang.path_prefix(), page.path()));
        let alternate = |(tag, lang): (&str, Lang)| {
            format!("<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}\">\n", address(lang))
        };
        let tags = Lang::ALL.map(|lang| (lang.tag(), lang));
        let canonical = format!("<link rel=\"canonical\" href=\"{}\">\n", address(lang));
        canonical
            + &open_graph(site, page, lang, &address(lang))
            + &tags.into_iter().chain([("x-default", Lang::En)]).map(alternate).collect::<String>()
    }

    /// Where a page that is to be embedded says how; only for a site whose address is known.
    fn embeds(&self, page: Page, lang: Lang) -> String {
        let (Some(site), Page::Lab | Page::Embed(_)) = (&self.site, page) else {
            return String::new();
        };
        let name = if let Page::Embed(what) = page { what.name() } else { "lab" };
        let address = escape(&format!("{site}oembed/{}{name}.json", lang.path_prefix()));
        format!(
            "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{address}\" title=\"{}\">\n",
            escape(&title(page, lang))
        )
    }

    /// How each part of the site, and each prepared machine, is embedded, as paths and files
    /// (oEmbed 1.0); only for a site whose address is known.
    pub fn oembed(&self) -> Vec<(String, String)> {
        let Some(site) = &self.site else { return Vec::new() };
        let [width, height] = SIZE;
        let file = |lang: Lang, name: &str, path: String, title: &str| {
            let address = escape(&format!("{site}{}{path}", lang.path_prefix()));
            let html = format!(
                "<iframe src=\"{address}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></iframe>",
                escape(title),
            );
            let said = json!({
                "version": "1.0", "type": "rich", "provider_name": "error 99",
                "provider_url": site, "title": title, "html": html,
                "width": width, "height": height,
            });
            (format!("oembed/{}{name}.json", lang.path_prefix()), said.to_string())
        };
        let parts = |lang: Lang| {
            Embedded::all().map(move |what| {
                let path = Page::Embed(what).path().to_owned();
                file(lang, what.name(), path, &offer::title(what, lang))
            })
        };
        let machines = |lang: Lang| {
            catalogue::ALL.iter().map(move |prepared| {
                let path =
                    format!("{}?scenario={}", Page::Embed(Embedded::Lab).path(), prepared.key);
                let title = scenarios::title(lang, prepared.key);
                file(lang, &format!("scenario-{}", prepared.key), path, title)
            })
        };
        Lang::ALL.into_iter().flat_map(|lang| parts(lang).chain(machines(lang))).collect()
    }

    /// The list of all pages for search engines; only for a site whose address is known.
    pub fn sitemap(&self) -> Option<String> {
        let site = self.site.as_deref()?;
        let pages = Page::ALL.into_iter().flat_map(|page| Lang::ALL.map(|lang| (page, lang)));
        let entry = |(page, lang): (Page, Lang)| {
            format!(
                "<url><loc>{}</loc></url>\n",
                escape(&format!("{site}{}{}", lang.path_prefix(), page.path()))
            )
        };
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
        Some(format!("{head}{}</urlset>\n", pages.map(entry).collect::<String>()))
    }

    /// The file for all other addresses. `root` is the folder that the site is served from.
    pub fn not_found(&self, root: &str) -> String {
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

    fn document(&self, here: Here, title: &str, description: &str, extra: &str) -> String {
        let base = here.links.base().to_owned();
        let lang = here.lang;
        let body = render(here);
        let live = |name: &str| body.contains(&format!(" data-live=\"{name}\""));
        let Program { style, boot } = match () {
            () if live("lab") => &self.lab,
            () if live("compare") => &self.compare,
            () => &self.story,
        };
        let font = |name: &str| {
            format!(
                "<link rel=\"preload\" href=\"{base}fonts/{name}.woff2\" as=\"font\" type=\"font/woff2\" crossorigin>\n"
            )
        };
        let script = |kind: &str, Asset { name, integrity }: &Asset| {
            format!(
                "<script{kind} src=\"{base}{name}\" integrity=\"{integrity}\" crossorigin></script>\n"
            )
        };
        let mut head = format!(
            "<title>{}</title>\n<meta name=\"description\" content=\"{}\">\n{extra}\
             <link rel=\"icon\" href=\"{base}icons/icon.svg\">\n\
             <link rel=\"apple-touch-icon\" href=\"{base}icons/icon-192.png\">\n\
             <link rel=\"stylesheet\" href=\"{base}{}\" integrity=\"{}\" crossorigin>\n{}{}",
            escape(title),
            escape(description),
            style.name,
            style.integrity,
            script("", &self.early),
            FONTS.map(font).concat(),
        );
        // Not in what stands in somebody else's page: it isn't there to be kept.
        if body.contains("class=\"update\"") {
            let manifest = format!("{base}{}error99.webmanifest", lang.path_prefix());
            head.push_str(&script(&format!(" defer data-manifest=\"{manifest}\""), &self.offline));
        }
        if body.contains("class=\"prose\"") {
            head.push_str(&script(" defer", &self.reader));
        }
        if body.contains(" data-live=") {
            head.push_str(&MONO.map(font).concat());
            head.push_str(&script(" type=\"module\"", boot));
        }
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n{FIRST}{head}</head>\n\
             <body>\n{}\n{body}\n</body>\n</html>\n",
            lang.tag(),
            include_str!("../icons.svg"),
        )
    }
}

/// What a page says of itself to whoever shows a link to it.
fn open_graph(site: &str, page: Page, lang: Lang, address: &str) -> String {
    let property = |(name, content): (&str, &str)| {
        format!("<meta property=\"og:{name}\" content=\"{}\">\n", escape(content))
    };
    let picture = format!("{site}og/{}-{}.png", page.name(), lang.tag());
    let kind = if page == Page::Story { "article" } else { "website" };
    let properties = [
        ("type", kind),
        ("site_name", "error 99"),
        ("title", &title(page, lang)),
        ("description", description(page, lang)),
        ("locale", if lang == Lang::En { "en_US" } else { "zh_CN" }),
        ("url", address),
        ("image", &picture),
        ("image:width", "1200"),
        ("image:height", "630"),
    ];
    let card = "<meta name=\"twitter:card\" content=\"summary_large_image\">\n";
    properties.map(property).concat() + card
}

/// What the story is, for programs that read it (schema.org). A data block isn't a script: the
/// Content-Security-Policy lets it be.
fn structured(page: Page, lang: Lang) -> String {
    if page != Page::Story {
        return String::new();
    }
    let article = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": title(page, lang),
        "description": description(page, lang),
        "inLanguage": lang.tag(),
        "about": ["EADDRNOTAVAIL", "connect(2)", "ip_local_port_range", "TIME_WAIT", "tcp_tw_reuse"],
        "isAccessibleForFree": true,
        "license": "https://opensource.org/license/mit",
    });
    // No `<` of a text may end the block.
    let article = article.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/ld+json\">{article}</script>\n")
}

/// What stands in a reader's tab.
pub fn title(page: Page, lang: Lang) -> String {
    match page {
        Page::Story => story::page_title(lang).to_owned(),
        Page::Compare => compare::page_title(lang).to_owned(),
        Page::Lab => lab::page_title(lang).to_owned(),
        Page::Scenarios => scenarios::page_title(lang).to_owned(),
        Page::Rules => rules::page_title(lang).to_owned(),
        Page::About => story::about_title(lang).to_owned(),
        Page::Embed(what) => format!("{} – error 99", offer::title(what, lang)),
    }
}

fn description(page: Page, lang: Lang) -> &'static str {
    match page {
        Page::Story | Page::Embed(Embedded::Picture(_)) => story::dek(lang),
        Page::Compare => compare::description(lang),
        Page::Lab | Page::Embed(Embedded::Lab) => lab::description(lang),
        Page::Scenarios => scenarios::description(lang),
        Page::Rules => rules::dek(lang),
        Page::About => story::about_description(lang),
    }
}

/// Text as it stands in HTML, in an attribute too.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
