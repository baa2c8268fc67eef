//! Every prepared machine opens, in both languages, at the moment that its file names.

use error99_e2e::Tab;
use error99_kernel::Release;
use error99_replay::Machine;
use error99_replay::catalogue::{self, Prepared};
use serde_json::{Value, json};

use super::page::{self, Lab};
use super::words::BOTH;
use crate::{SAME_CODE, Test, test};

pub fn tests() -> Vec<Test> {
    let mut tests: Vec<Test> = catalogue::ALL
        .iter()
        .map(|prepared| {
            test(
                format!("the machine {} opens at its moment, in both languages", prepared.key),
                |tab| {
                    for words in BOTH {
                        Lab::open(tab, words, prepared.key);
                    }
                },
            )
            .once(SAME_CODE)
        })
        .collect();
    tests.push(test("the gallery shows each machine, and leads into the lab to it", gallery));
    tests.push(test(
        "an unknown scenario opens the machine that the lab opens with, and says so",
        unknown,
    ));
    tests
}

fn gallery(tab: &Tab) {
    for words in BOTH {
        tab.open(&format!("{}scenarios/", words.root));
        let links = tab.run(
            "return [...document.querySelectorAll('.gallery li a')].map((a) => a.getAttribute('href'))",
        );
        let links: Vec<&str> =
            links.as_array().into_iter().flatten().filter_map(|link| link.as_str()).collect();
        assert_eq!(links.len(), catalogue::ALL.len());
        for (link, prepared) in links.into_iter().zip(catalogue::ALL) {
            let state = format!("lab/?scenario={}", prepared.key);
            assert!(link.ends_with(&state), "{} is found at {link}", prepared.key);
        }
        // Machines of later kernels say which.
        let named = tab.run(
            "return [...document.querySelectorAll('.gallery .card')].map((card) =>
               (card.querySelector('.kernel')?.innerText ?? '').split(' · ')[0])",
        );
        assert_eq!(named, json!(catalogue::ALL.iter().map(kernel).collect::<Vec<_>>()));
        // A picture shows each port of a small range, and the page of ports of a large one.
        let shown = tab.run(
            "return [...document.querySelectorAll('.gallery .shown')].map((picture) =>
               picture.querySelector('svg') ? 'page' : picture.children.length)",
        );
        assert_eq!(shown, json!(catalogue::ALL.iter().map(pictured).collect::<Vec<_>>()));
        tab.css(".gallery li:first-child a").click();
        let path = format!("{}lab/?scenario={}", words.root, catalogue::ALL[0].key);
        tab.until("the lab", || tab.path() == path);
        tab.until_awake();
        tab.until("the machine stands", || page::is_ready(tab));
    }
}

fn kernel(prepared: &Prepared) -> &'static str {
    match prepared.history().config.release {
        Release::V2_6_32 => "",
        later => later.title(),
    }
}

fn pictured(prepared: &Prepared) -> Value {
    let mut machine = Machine::open(prepared.saved().history.clone()).expect("a prepared machine");
    machine.work_all();
    machine.go(prepared.saved().history.at);
    match machine.ports().cells.len() {
        ports @ 0..=64 => json!(ports),
        _ => json!("page"),
    }
}

fn unknown(tab: &Tab) {
    for words in BOTH {
        let opening = Lab::open(tab, words, catalogue::opening().key);
        let usual = opening.shown();
        page::open(tab, &format!("{}lab/?scenario=xyz", words.root));
        tab.until("the usual machine", || opening.shown() == usual);
        let said = tab.css("[aria-labelledby=lab-loaded] p").text();
        assert_eq!(said, words.no_such_scenario);
        tab.css("[aria-labelledby=lab-loaded] a").click();
        tab.until("the gallery", || tab.path() == format!("{}scenarios/", words.root));
    }
}
