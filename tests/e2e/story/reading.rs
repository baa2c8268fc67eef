//! What a reader of the text does: goes to a chapter, guesses, asks what a word means, copies a
//! command.

use crate::{OTHERS, Test, test};
use error99_e2e::{Key, Tab};
use serde_json::json;

const CHAPTERS: [&str; 10] = [
    "four-numbers",
    "down-to-the-choice",
    "where-the-walk-starts",
    "the-bind-hash",
    "is-it-really-taken",
    "time-wait",
    "error-99",
    "the-fixes",
    "since-2-6-32",
    "your-machine",
];

pub fn tests() -> Vec<Test> {
    vec![
        test("a link to a chapter opens it, and the rail marks it", chapter_links),
        test("a guess shows the answer and its reason", predictions),
        test("a guess shows the answer without script", |tab| {
            tab.set_scripts(false);
            tab.visit("/");
            guess(tab);
        })
        .except(OTHERS, "only Chromium's driver can leave scripts out"),
        test("a term is explained where it stands, by mouse and by key", terms),
        test("the box for 3 a.m. opens", hurry),
        test("without WebAssembly the article and its pictures are whole", whole_without_program)
            .except(OTHERS, "only Chromium's driver can hold requests back"),
    ]
}

fn chapter_links(tab: &Tab) {
    for start in ["/", "/zh-CN/"] {
        tab.resize(1440, 900);
        tab.open(start);
        for chapter in CHAPTERS {
            tab.css(&format!(".chapters a[href='#{chapter}']")).click();
            tab.until("the chapter is in sight", || {
                let top = tab.run_with(
                    "return document.getElementById(arguments[0]).getBoundingClientRect().top",
                    vec![chapter.into()],
                );
                top.as_f64().is_some_and(|top| (-60.0..400.0).contains(&top))
            });
            tab.until("the rail marks it", || {
                let marked = tab.run(
                    "return document.querySelector('.chapters [aria-current]')?.getAttribute('href')",
                );
                marked == json!(format!("#{chapter}"))
            });
        }
    }
}

fn predictions(tab: &Tab) {
    tab.open("/");
    guess(tab);
}

/// Chooses a wrong answer: what is right and why is shown.
fn guess(tab: &Tab) {
    let reason = tab.css("#predict-second-destination .reason");
    assert_eq!(reason.text(), "");
    tab.css("#predict-second-destination label:nth-child(2) input").click();
    assert!(
        reason.text().contains("fastreuse") || reason.text().contains("−1"),
        "{}",
        reason.text()
    );
    assert!(tab.css("#predict-second-destination .right .sign").is_shown());
    assert!(tab.css("#predict-second-destination label:nth-child(2) .sign").is_shown());
}

fn terms(tab: &Tab) {
    tab.open("/");
    let term = tab.css(".chapter .gloss");
    let tip = tab.css(&format!("#{}", term.attribute("popovertarget").expect("it has one")));
    assert!(!tip.is_shown());
    term.press(Key::Enter + "");
    tab.until("the explanation", || tip.is_shown());
    assert!(tip.text().len() > 20);
    tab.press(Key::Escape + "");
    tab.until("it is gone", || !tip.is_shown());
    // The mouse that presses was resting there before: it stays.
    term.click();
    tab.until("the explanation", || tip.is_shown());
    tab.run("window.scrollBy(0, 1)");
    assert!(tip.is_shown());
}

fn hurry(tab: &Tab) {
    tab.open("/");
    let open = || tab.run("return document.querySelector('.hurry').open") == json!(true);
    assert!(!open());
    tab.css(".hurry summary").press(Key::Enter + "");
    tab.until("it is open", open);
    assert!(tab.css(".hurry").text().contains("ss -tan"));
}

fn whole_without_program(tab: &Tab) {
    tab.block(&["*.wasm"]);
    tab.open("/");
    tab.run("document.querySelector('.picture').scrollIntoView()");
    tab.until("the failure is noticed", || {
        tab.run("return document.documentElement.dataset.boot") == json!("failed")
    });
    // Some pictures need no program: their controls work.
    let pictures = "return [...document.querySelectorAll('.picture')].every(picture => \
                    picture.querySelector('.scene').textContent.length > 20 && \
                    [...picture.querySelectorAll('.controls')]
                      .every(controls => getComputedStyle(controls).display === 'none'))";
    assert_eq!(tab.run(pictures), json!(true));
    assert_eq!(
        tab.run("return document.querySelectorAll('.chapter').length"),
        json!(CHAPTERS.len())
    );
    tab.expect_in_console("error 99 could not start its machine");
}
