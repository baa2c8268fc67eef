//! No claim without its test: what the text says and asks is compared with the model.

use super::chapters::{ABOUT, CHAPTERS, GLOSSARY, HURRY, Source};
use super::figures::Figures;
use super::glossary;
use super::prose::{Prose, Written};
use crate::lang::Lang;
use crate::links::{Links, Page};
use crate::pictures::Picture;
use error99_kernel::Errno;
use error99_replay::fix::{Change, Outcome};
use error99_replay::frame::Ret;
use error99_replay::{ERROR_99, catalogue};
use std::collections::BTreeSet;

fn every_source() -> Vec<Source> {
    let chapters = CHAPTERS.iter().map(|(_, source)| *source);
    [HURRY, GLOSSARY, ABOUT].into_iter().chain(chapters).collect()
}

fn written(lang: Lang, source: Source) -> Written {
    let figures = Figures::compute();
    let links = Links::on(Page::Story, lang);
    Prose { lang, links: &links, fact: &|name| figures.get(name) }.write(source.text(lang))
}

/// What stands between `start` and `end` in `text`, wherever it does.
fn between<'a>(text: &'a str, start: &str, end: char) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn all_that_the_text_refers_to_is_there() {
    for lang in Lang::ALL {
        let glossary = glossary::terms(&written(lang, GLOSSARY).body);
        let terms: BTreeSet<&str> = glossary.iter().map(|(name, _)| name.as_str()).collect();
        assert!(terms.len() >= 15, "{terms:?}");
        for source in every_source() {
            let written = written(lang, source);
            assert_eq!(written.faults, Vec::<String>::new(), "{}", written.title);
            for term in between(&written.body, "popovertarget=\"tip-", '"') {
                assert!(terms.contains(term), "{}: no term {term}", written.title);
            }
            for chapter in between(&written.body, "<a href=\"#", '"') {
                assert!(CHAPTERS.iter().any(|(name, _)| *name == chapter), "no chapter {chapter}");
            }
            for machine in between(&written.body, "?scenario=", '"') {
                assert!(catalogue::find(machine).is_some(), "no machine {machine}");
            }
            let markdown = written.body.replace("<code>", "`<code>");
            assert!(!outside_code(&markdown).contains("**"), "unread emphasis: {}", written.title);
        }
    }
}

/// `html` without what stands in `code` elements.
fn outside_code(html: &str) -> String {
    let parts =
        html.split("<code>").map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest));
    parts.collect()
}

#[test]
fn both_languages_say_the_same_things() {
    for source in every_source() {
        let [en, zh] = Lang::ALL.map(|lang| source.text(lang));
        let marks = |text: &str, start: &str, end: char| -> Vec<String> {
            let mut marks: Vec<String> =
                between(text, start, end).iter().map(|mark| (*mark).to_owned()).collect();
            marks.sort_unstable();
            marks
        };
        for (start, end) in [
            ("](picture:", ')'),
            ("](term:", ')'),
            ("](lab:", ')'),
            ("**predict: ", '*'),
            ("> [!", ']'),
            ("- [", ']'),
            ("\n## ", '\n'),
        ] {
            if start == "\n## " && !en.starts_with("# Glossary") {
                continue;
            }
            assert_eq!(marks(en, start, end), marks(zh, start, end), "{start} in {}", &en[..30]);
        }
        let figures = |text: &str| -> BTreeSet<String> {
            marks(text, "{", '}').into_iter().filter(|name| name.contains('.')).collect()
        };
        assert_eq!(figures(en), figures(zh), "{}", &en[..30]);
    }
}

#[test]
fn every_picture_stands_in_the_text_once() {
    let text: String = CHAPTERS.iter().map(|(_, source)| source.text(Lang::En)).collect();
    for picture in Picture::ALL {
        let place = format!("](picture:{})", picture.name());
        assert_eq!(text.matches(&place).count(), 1, "{}", picture.name());
    }
}

/// The answers of the prediction of that name, in their order, each with whether it is ticked.
fn answers(lang: Lang, name: &str) -> Vec<(bool, String)> {
    let text: String = CHAPTERS.iter().map(|(_, source)| source.text(lang)).collect();
    let (_, block) = text.split_once(&format!("**predict: {name}**")).expect("it is asked");
    let (block, _) = block.split_once("\n>\n").expect("a reason follows the answers");
    let answers = block.lines().filter_map(|line| line.strip_prefix("> - ["));
    let answers = answers.filter_map(|answer| answer.split_once("] "));
    answers.map(|(tick, answer)| (tick == "x", answer.to_owned())).collect()
}

/// The text of the answer that is ticked in the prediction of that name.
fn ticked(name: &str) -> String {
    let ticked = |lang| {
        let answers = answers(lang, name);
        let places: Vec<usize> = (0..answers.len()).filter(|at| answers[*at].0).collect();
        assert_eq!(places.len(), 1, "one answer of {name} is right");
        (places[0], answers[places[0]].1.clone())
    };
    let (en, zh) = (ticked(Lang::En), ticked(Lang::ZhCn));
    assert_eq!(en.0, zh.0, "{name}: the same answer in both languages");
    en.1
}

fn last_call_of(key: &str) -> Option<Ret> {
    let machine = error99_story::run(&catalogue::find(key).expect("it is prepared").history());
    machine.frame().call.and_then(|call| call.ret)
}

#[test]
fn each_prediction_comes_true() {
    // Answers that are figures: the figure is the model's own.
    assert_eq!(ticked("which-port"), "{walk.after-next}");
    assert_eq!(ticked("sustainable-rate"), "{rate.simulated}");
    // Answers in words.
    assert_eq!(last_call_of("bound-to-another-address"), Some(ERROR_99));
    assert_eq!(ticked("bound-elsewhere"), "Error 99");
    assert_eq!(last_call_of("second-destination"), Some(Ret::Ok));
    assert_eq!(ticked("second-destination"), "It succeeds");
    let machine = error99_story::run(&catalogue::opening().history());
    let outcome = machine.fixes().into_iter().find_map(|fix| match fix.change {
        Change::OtherSource { .. } => Some(fix.outcome),
        _ => None,
    });
    let Some(Outcome::BindFails(ret)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(ret.errno(), Some(Errno::EADDRINUSE));
    assert_eq!(ticked("second-source"), "`bind()` fails with 98");
    let text: String = CHAPTERS.iter().map(|(_, source)| source.text(Lang::En)).collect();
    let asked = between(&text, "**predict: ", '*');
    assert_eq!(asked.len(), 5, "each of {asked:?} has been looked at above");
}
