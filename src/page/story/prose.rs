//! From the story's Markdown to its HTML.
//!
//! The prose is CommonMark with tables and alerts; what it says beyond that:
//!
//! | written | becomes |
//! | --- | --- |
//! | `{range.ports}` | a figure that the model computes ([`error99_story::facts`]) |
//! | `[bucket](term:bucket)` | a term with its explanation |
//! | `(chapter:…)`, `(page:…)`, `(lab:…)` | a link within the site |
//! | an image alone in its paragraph, `picture:…` | a live picture with its caption |
//! | `> [!NOTE]`, `> [!IMPORTANT]` | a note in the margin: a source, a correction |
//! | `> [!TIP]` | a question with answers to choose from, and the reason |
//! | a paragraph that is all emphasis | the reader's question |

use crate::icon::{Icon, icon};
use crate::lang::Lang;
use crate::links::{Embedded, Links, Page};
use crate::page::offer::offer;
use crate::picture;
use crate::pictures::Picture;
use crate::text::story as t;
use leptos::prelude::*;
use pulldown_cmark::{
    BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeStream, html::push_html,
};

/// What a chapter's text may refer to.
pub struct Prose<'a> {
    pub lang: Lang,
    pub links: &'a Links,
    /// The figure of that name, as this language writes it.
    pub fact: &'a dyn Fn(&str) -> Option<String>,
}

/// A chapter, or another page of prose, as HTML.
#[derive(Debug, Default)]
pub struct Written {
    pub title: String,
    pub body: String,
    /// What the text refers to and what isn't there.
    pub faults: Vec<String>,
}

type Events<'e> = Vec<Event<'e>>;

impl Prose<'_> {
    /// The HTML of `source`.
    pub fn write(&self, source: &str) -> Written {
        let mut options = Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_TASKLISTS;
        // Chinese has its quotation marks in the source.
        options.set(Options::ENABLE_SMART_PUNCTUATION, self.lang == Lang::En);
        let events: Events = TextMergeStream::new(Parser::new_ext(source, options)).collect();
        let mut written = Written::default();
        let mut out = Vec::new();
        self.blocks(&events, &mut out, &mut written);
        push_html(&mut written.body, out.into_iter());
        written
    }

    fn blocks<'e>(&self, events: &[Event<'e>], out: &mut Events<'e>, written: &mut Written) {
        let mut rest = events;
        while let Some(first) = rest.first() {
            let (block, after) = rest.split_at(block_len(rest));
            rest = after;
            let inside = || block.get(1..block.len() - 1).unwrap_or_default();
            match first {
                Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H1, .. }) => {
                    written.title = self.inline_html(inside(), written);
                }
                Event::Start(Tag::Paragraph) => self.paragraph(inside(), out, written),
                Event::Start(Tag::BlockQuote(Some(BlockQuoteKind::Tip))) => {
                    out.push(html(self.prediction(inside(), written)));
                }
                Event::Start(Tag::BlockQuote(kind)) => {
                    let class = match kind {
                        Some(BlockQuoteKind::Important) => "note folklore",
                        _ => "note",
                    };
                    out.push(html(format!("<aside class=\"{class}\" role=\"note\">")));
                    self.blocks(inside(), out, written);
                    out.push(html("</aside>"));
                }
                Event::Start(Tag::CodeBlock(kind)) => out.push(html(self.code(kind, inside()))),
                Event::Start(Tag::Table(_)) => {
                    out.push(html("<div class=\"table\">"));
                    self.inline(block, out, written);
                    out.push(html("</div>"));
                }
                _ => self.inline(block, out, written),
            }
        }
    }

    fn paragraph<'e>(&self, inside: &[Event<'e>], out: &mut Events<'e>, written: &mut Written) {
        match inside {
            [
                Event::Start(Tag::Image { dest_url, .. }),
                caption @ ..,
                Event::End(TagEnd::Image),
            ] => {
                let caption = self.inline_html(caption, written);
                let name = dest_url.strip_prefix("picture:").unwrap_or(dest_url);
                match Picture::find(name) {
                    Some(picture) => out.push(html(self.figure(picture, &caption))),
                    None => written.faults.push(format!("no picture {name}")),
                }
            }
            [Event::Start(Tag::Emphasis), question @ .., Event::End(TagEnd::Emphasis)] => {
                out.push(html("<p class=\"question\">"));
                self.inline(question, out, written);
                out.push(html("</p>\n"));
            }
            _ => {
                out.push(Event::Start(Tag::Paragraph));
                self.inline(inside, out, written);
                out.push(Event::End(TagEnd::Paragraph));
            }
        }
    }

    /// A picture in its place, written as it begins.
    fn figure(&self, picture: Picture, caption: &str) -> String {
        let caption = caption.to_owned();
        view! {
            <figure class=format!("picture {}", picture.name()) id=format!("picture-{}", picture.name())>
                {picture::placed(picture, self.lang, self.links)}
                <figcaption inner_html=caption></figcaption>
                {offer(self.lang, self.links, Embedded::Picture(picture))}
            </figure>
        }
        .to_html()
    }

    /// Commands to copy.
    fn code(&self, kind: &CodeBlockKind, inside: &[Event]) -> String {
        let text: String = inside
            .iter()
            .filter_map(|event| match event {
                Event::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        let copied = matches!(kind, CodeBlockKind::Fenced(language) if &**language == "sh");
        let copy = copied.then(|| {
            view! {
                <button
                    class="tb"
                    type="button"
                    data-copy=t::copied(self.lang)
                    data-selected=t::selected(self.lang)
                    aria-label=t::copy(self.lang)
                >
                    <span role="status"></span>
                    {icon(Icon::Copy)}
                </button>
            }
        });
        view! {
            <div class="command">
                <pre>
                    <code>{text.trim_end().to_owned()}</code>
                </pre>
                {copy}
            </div>
        }
        .to_html()
    }

    /// A question, its answers as radio buttons, and the reason, which the style sheet shows once
    /// an answer is chosen: it needs no script.
    fn prediction(&self, inside: &[Event], written: &mut Written) -> String {
        let (mut question, mut answers, mut reason) = (String::new(), Vec::new(), String::new());
        let mut name = String::new();
        let mut rest = inside;
        while let Some(first) = rest.first() {
            let (block, after) = rest.split_at(block_len(rest));
            rest = after;
            let inner = block.get(1..block.len() - 1).unwrap_or_default();
            match (first, inner) {
                (
                    Event::Start(Tag::Paragraph),
                    [
                        Event::Start(Tag::Strong),
                        Event::Text(label),
                        Event::End(TagEnd::Strong),
                        text @ ..,
                    ],
                ) if name.is_empty() => {
                    name = label.trim_start_matches("predict:").trim().to_owned();
                    question = self.inline_html(text, written);
                }
                (Event::Start(Tag::List(_)), items) => answers = self.answers(items, written),
                _ => {
                    let mut out = Vec::new();
                    self.blocks(block, &mut out, written);
                    push_html(&mut reason, out.into_iter());
                }
            }
        }
        if name.is_empty() || answers.iter().filter(|(right, _)| *right).count() != 1 {
            written.faults.push(format!("prediction {name:?} needs a name and one right answer"));
        }
        let answer = |(right, text): (bool, String)| {
            let sign = if right { Icon::Yes } else { Icon::No };
            let said = if right { t::right(self.lang) } else { t::wrong(self.lang) };
            view! {
                <label class=if right { "right" } else { "wrong" }>
                    <input type="radio" name=name.clone() autocomplete="off" />
                    <span inner_html=text></span>
                    <span class="sign">{icon(sign)} <span class="vh">{said}</span></span>
                </label>
            }
        };
        view! {
            <fieldset class="predict" id=format!("predict-{name}")>
                <legend>{t::predict(self.lang)}</legend>
                <p inner_html=question.trim().to_owned()></p>
                <div class="answers">{answers.into_iter().map(answer).collect_view()}</div>
                <div class="reason" role="status">
                    <div inner_html=reason></div>
                </div>
            </fieldset>
        }
        .to_html()
    }

    /// The items of a task list: whether each is ticked, and its text.
    fn answers(&self, items: &[Event], written: &mut Written) -> Vec<(bool, String)> {
        let mut answers = Vec::new();
        let mut rest = items;
        while !rest.is_empty() {
            let (item, after) = rest.split_at(block_len(rest));
            rest = after;
            let marker = item.iter().position(|event| matches!(event, Event::TaskListMarker(_)));
            let Some(at) = marker else { continue };
            let right = matches!(item[at], Event::TaskListMarker(true));
            let text: Events = item[at + 1..item.len() - 1]
                .iter()
                .filter(|event| {
                    !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph))
                })
                .cloned()
                .collect();
            answers.push((right, self.inline_html(&text, written).trim().to_owned()));
        }
        answers
    }

    fn inline_html(&self, events: &[Event], written: &mut Written) -> String {
        let mut out = Vec::new();
        self.inline(events, &mut out, written);
        let mut html = String::new();
        push_html(&mut html, out.into_iter());
        html
    }

    fn inline<'e>(&self, events: &[Event<'e>], out: &mut Events<'e>, written: &mut Written) {
        let mut ends = Vec::new();
        for event in events {
            match event {
                Event::Text(text) => {
                    out.push(Event::Text(joined(&self.filled(text, written)).into()))
                }
                Event::Code(text) => out.push(Event::Code(self.filled(text, written))),
                Event::SoftBreak if self.lang == Lang::ZhCn => {}
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let (start, end) = self.link(dest_url, written);
                    out.push(start);
                    ends.push(end);
                }
                Event::End(TagEnd::Link) => out.extend(ends.pop()),
                other => out.push(other.clone()),
            }
        }
    }

    /// What a link begins and ends with.
    fn link(&self, to: &str, written: &mut Written) -> (Event<'static>, Event<'static>) {
        let (kind, name) = to.split_once(':').unwrap_or(("", to));
        let href = match kind {
            "term" => {
                let term = format!(
                    "<button type=\"button\" class=\"gloss\" popovertarget=\"tip-{name}\" popovertargetaction=\"show\">"
                );
                return (html(term), html("</button>"));
            }
            "chapter" => format!("#{name}"),
            "lab" => format!("{}?scenario={name}", self.links.to(Page::Lab)),
            "page" => match Page::ALL.into_iter().find(|page| page.name() == name) {
                Some(page) => self.links.to(page),
                None => {
                    written.faults.push(format!("no page {name}"));
                    String::new()
                }
            },
            _ => to.to_owned(),
        };
        let link = Tag::Link {
            link_type: LinkType::Inline,
            dest_url: href.into(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        (Event::Start(link), Event::End(TagEnd::Link))
    }

    /// `text` with its figures.
    fn filled(&self, text: &str, written: &mut Written) -> CowStr<'static> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let name = after.split_once('}').filter(|(name, _)| is_name(name));
            match name {
                Some((name, after)) => {
                    match (self.fact)(name) {
                        Some(figure) => out.push_str(&figure),
                        None => written.faults.push(format!("no figure {{{name}}}")),
                    }
                    rest = after;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out.into()
    }
}

/// `text` with every number on the line of its unit.
fn joined(text: &str) -> String {
    const UNITS: [&str; 5] = ["s", "ms", "µs", "GB", "MB"];
    let mut out = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        let after = &text[at + char.len_utf8()..];
        let word = after.split(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
        let number = out.ends_with(|char: char| char.is_ascii_digit());
        out.push(if char == ' ' && number && UNITS.contains(&word) { '\u{a0}' } else { char });
    }
    out
}

/// Whether a text between braces is the name of a figure.
fn is_name(text: &str) -> bool {
    let part =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    !text.is_empty() && text.bytes().all(part)
}

fn html<'e>(text: impl Into<String>) -> Event<'e> {
    Event::Html(CowStr::from(text.into()))
}

/// How many events the first block of `events` takes, its end included.
fn block_len(events: &[Event]) -> usize {
    let mut depth = 0_usize;
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    events.len()
}
