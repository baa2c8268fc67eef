//! Loads and other long runs: what is said of them, what stops them, and what is typed for them.

use error99_e2e::Tab;
use error99_replay::link;
use serde_json::Value;

use super::page::{Lab, is_ready};
use super::sheets::unfold;
use super::words::{CHINESE, ENGLISH};
use crate::{SAME_CODE, Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test("a long run is announced once, and in the end it's said what ran", announced),
        test("after any stopped loads a connect does what the kernel says", stopped_twice),
        test("stop drops what waits", stop_drops),
        test("who asks for more connections than one load makes is told before", fewer),
        test("a number may be typed as the page and people write it", numbers),
        test("what a load came to is said in Chinese too", in_chinese).once(SAME_CODE),
    ]
}

/// The load generator with these numbers.
fn set(tab: &Tab, words: [(&str, &str); 3]) {
    for (name, value) in words {
        tab.field(name).fill(value);
    }
}

const HUGE: [(&str, &str); 3] =
    [("connections/s", "100000"), ("held for, ms", "0"), ("for, seconds", "600")];

fn sentence(tab: &Tab) -> String {
    tab.css(".say p").text()
}

fn until_ready(tab: &Tab) {
    tab.until("the lab answers again", || is_ready(tab));
}

fn announced(tab: &Tab) {
    let _lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    unfold(tab, "Load generator");
    set(tab, [("connections/s", "1000"), ("held for, ms", "5"), ("for, seconds", "40")]);
    tab.run(
        "window.said = [];
         new MutationObserver(() => {
           for (const e of document.querySelectorAll('.lab [role=status], .lab [role=alert]')) {
             if (!e.closest('.say') && e.textContent) said.push(e.textContent);
           }
         }).observe(document.querySelector('.lab'),
           { subtree: true, childList: true, characterData: true });",
    );
    tab.button("Run the load").click();
    until_ready(tab);
    let said = tab.run("return [...new Set(said)]");
    let said = said.as_array().cloned().unwrap_or_default();
    assert!(said.len() <= 1, "{said:?}");
    let end = sentence(tab);
    assert!(end.contains("The load is over: 40,000 connections"), "{end}");
    assert!(end.contains("failed, the first of them number"), "{end}");
    assert!(!end.contains("closed"), "{end}");
}

/// Does `deeds` in one task of the page, and presses Stop as soon as it is there: a driver would be
/// slower than a load.
fn run_and_stop(tab: &Tab, deeds: &str) {
    tab.run_async(
        &format!(
            "const done = arguments[0];
             const button = (name) => [...document.querySelectorAll('.lab button')]
               .find((e) => (e.ariaLabel ?? e.textContent).trim() === name);
             const press = (name) => button(name).click();
             const stop = () => {{
               if (!button('Stop')) return setTimeout(stop, 5);
               press('Stop');
               done();
             }};
             {deeds};
             stop();"
        ),
        vec![],
    );
    until_ready(tab);
}

fn stopped_twice(tab: &Tab) {
    let _lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    unfold(tab, "Load generator");
    set(tab, HUGE);
    for _ in 0..3 {
        run_and_stop(tab, "press('Run the load')");
        let end = sentence(tab);
        assert!(end.contains("was stopped after") && end.contains("of 1,000,000"), "{end}");
    }
    tab.button("Let 60 s pass").click();
    tab.button("Let 60 s pass").click();
    until_ready(tab);
    tab.button("Connect").click();
    until_ready(tab);
    let program = tab.css(".term").text();
    assert!(program.contains("connect(") && !program.contains("EBADF"), "{program}");
}

fn stop_drops(tab: &Tab) {
    let _lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    unfold(tab, "Load generator");
    set(tab, HUGE);
    // All of it before the page has its turn: the second load and the connect wait.
    run_and_stop(tab, "press('Run the load'); press('Run the load'); press('Let 60 s pass')");
    assert!(!tab.has("button", "Stop"), "nothing else has begun");
    tab.until("one load is in the address", || {
        let link = tab.run("return location.hash.replace('#m=', '')");
        let saved = link.as_str().and_then(|link| link::read(link).ok());
        saved.is_some_and(|saved| {
            saved.history.acts.last().is_some_and(|node| node.stopped.is_some())
        })
    });
}

fn fewer(tab: &Tab) {
    let _lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    unfold(tab, "Load generator");
    set(tab, HUGE);
    let text = tab.text();
    let said =
        "One load makes 1,000,000 connections at most, not 60,000,000: it will end after 10 s.";
    assert!(text.contains(said), "{text}");
    tab.field("for, seconds").fill("10");
    assert!(!tab.text().contains("connections at most"));
}

fn numbers(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    unfold(tab, "More knobs");
    for (typed, value) in [("−5", "-5"), ("１２", "12"), ("1,000", "1000"), ("–7", "-7")] {
        tab.field("tcp_fin_timeout").fill(typed);
        tab.until("it is taken", || tab.field("tcp_fin_timeout").value() == value);
    }
    for typed in ["1,5", "5 s", "3000000000"] {
        tab.field("tcp_fin_timeout").fill(typed);
        tab.until("it is refused", || tab.css("#tcp_fin_timeout").text().contains("won’t do"));
    }
    tab.field("Lowest port").fill("32,770");
    tab.until("it is taken", || tab.field("Lowest port").value() == "32770");
    tab.field("Destination port").fill("８，０８０");
    tab.until("it is taken", || tab.field("Destination port").value() == "8080");
    tab.field("Destination address").fill("１０．０．０．３");
    tab.until("it is taken", || tab.field("Destination address").value() == "10.0.0.3");
    assert!(is_ready(lab.tab));
}

fn in_chinese(tab: &Tab) {
    let _lab = Lab::open(tab, &CHINESE, "sixteen-ports");
    unfold(tab, "负载发生器");
    set(tab, [("每秒连接数", "100"), ("保持毫秒数", "0"), ("持续秒数", "1")]);
    tab.button("运行负载").click();
    until_ready(tab);
    let end = sentence(tab);
    assert!(end.contains("负载已跑完") && end.contains("84 条失败"), "{end}");
    assert_eq!(tab.run("return document.documentElement.lang"), Value::from("zh-CN"));
}
