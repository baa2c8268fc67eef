//! Colours that the reader's system forces upon the page: whatever has states looks different in
//! each of them, and the pictures of ports keep more than one colour.

use crate::{OTHERS, Test, test};
use error99_e2e::views::{VIEWS, View};
use error99_e2e::{Key, Tab, Theme};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What has states: how it's found, and a script for each of two states of `it`.
struct Kind {
    selector: &'static str,
    states: [&'static str; 2],
}

const MARKED: [&str; 2] = [
    "it.setAttribute('aria-current', it.current ??= it.getAttribute('aria-current'))",
    "it.current ??= it.getAttribute('aria-current'); it.removeAttribute('aria-current')",
];

const KINDS: &[Kind] = &[
    Kind {
        selector: "input:is([type=checkbox], [type=radio])",
        states: ["it.checked = true", "it.checked = false"],
    },
    Kind { selector: "input[type=range]", states: ["it.value = it.min", "it.value = it.max"] },
    Kind {
        selector: "[aria-pressed]",
        states: ["it.ariaPressed = 'true'", "it.ariaPressed = 'false'"],
    },
    Kind { selector: "[aria-current]", states: MARKED },
    Kind {
        selector: "[aria-invalid=true]",
        states: ["it.ariaInvalid = 'true'", "it.ariaInvalid = null"],
    },
    Kind { selector: ":is(button, input)[disabled]", states: ["it.disabled = true", "it.disabled = false"] },
    Kind {
        selector: ".slot.on",
        states: ["it.classList.add('on')", "it.classList.remove('on')"],
    },
    Kind {
        selector: ".node.hit",
        states: ["it.classList.add('hit')", "it.classList.remove('hit')"],
    },
    Kind {
        selector: ".cell.refused",
        states: ["it.classList.add('refused')", "it.classList.remove('refused')"],
    },
    Kind {
        selector: "a[href], button, summary, input, textarea, select, [tabindex='0']",
        states: ["it.focus({ focusVisible: true })", "it.blur()"],
    },
];

/// As many dots must differ, at least: a mark of four by four.
const DOTS: u64 = 16;
/// Colours that a picture of ports has, at least: its ground, and two states.
const COLOURS: u64 = 3;
const PICTURES: &str = ".map canvas, .port-page, .tape, .cells";

/// How the names of their views begin. Views of one page share most of their controls: each look
/// of one is tried once.
const PAGES: [&str; 3] = ["story", "lab", ""];

pub fn tests() -> Vec<Test> {
    let of = |view: &View| PAGES.iter().position(|page| view.name.starts_with(page));
    let tests = PAGES.into_iter().enumerate().map(|(at, page)| {
        let name = if page.is_empty() { "other pages" } else { page };
        test(format!("forced colours: whatever has states shows them, {name}"), move |tab| {
            let mut known = BTreeSet::new();
            let views = VIEWS.iter().filter(|view| of(view) == Some(at));
            let faults: Vec<String> = views.flat_map(|view| faults(tab, view, &mut known)).collect();
            assert!(faults.is_empty(), "{}", faults.join("\n"));
        })
    });
    let own = test("forced colours: a state that can't be seen is found", unseen);
    let only = "only Chromium can be told to force colours";
    tests.chain([own]).map(|test| test.except(OTHERS, only)).collect()
}

fn faults(tab: &Tab, view: &View, known: &mut BTreeSet<String>) -> Vec<String> {
    tab.resize(1280, 800);
    tab.set_theme(Theme::Light);
    tab.visit(&format!("/{}", view.path));
    tab.until_awake();
    (view.prepare)(tab);
    if view.unknown {
        tab.expect_missing_page();
    }
    // From now on the focus is shown, as it is to whoever uses keys.
    tab.css("body").press(Key::Shift + "");
    let there = tab.run_with(&states("null"), vec![selectors()]);
    let mut faults = Vec::new();
    for (ground, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        tab.force_colours(ground);
        let place = format!("{} on a {name} ground", view.name);
        for thing in there.as_array().into_iter().flatten() {
            let look = format!("{}, {name}: {}", thing[0], thing[2].as_str().unwrap_or_default());
            if known.insert(look.clone()) && !differ(tab, thing) {
                let kind = &KINDS[thing[0].as_u64().unwrap_or_default() as usize];
                faults.push(format!("{place}: {} looks the same: {look}", kind.states[0]));
            }
        }
        faults.extend(one_colour(tab).into_iter().map(|fault| format!("{place}: {fault}")));
    }
    faults
}

fn selectors() -> Value {
    KINDS.iter().map(|kind| kind.selector).collect()
}

/// The script about states, with what puts `it` into one.
fn states(put: &str) -> String {
    format!("const put = (it) => {{ {put} }};\n{}", include_str!("states.js"))
}

/// Whether a thing looks different in its two states. It's left in the second one.
fn differ(tab: &Tab, thing: &Value) -> bool {
    let kind = &KINDS[thing[0].as_u64().unwrap_or_default() as usize];
    let wanted = json!([thing[0], thing[1]]);
    let pictures = kind.states.map(|put| {
        let clip = tab.run_with(&states(put), vec![selectors(), wanted.clone()]);
        tab.shot_of(&clip)
    });
    let differing = tab.run_async(include_str!("pictures.js"), vec![json!(pictures)]);
    differing.as_u64().is_some_and(|dots| dots >= DOTS)
}

/// Pictures of ports that are of one colour.
fn one_colour(tab: &Tab) -> Vec<String> {
    let boxes = tab.run_with(
        "return [...document.querySelectorAll(arguments[0])].flatMap((picture) => {
           const { x, y, width, height } = picture.getBoundingClientRect();
           const clip = { x: x + scrollX, y: y + scrollY, width, height, scale: 1 };
           return width > 0 && height > 0 ? [[picture.getAttribute('class'), clip]] : [];
         })",
        vec![PICTURES.into()],
    );
    let mut faults = Vec::new();
    for picture in boxes.as_array().into_iter().flatten() {
        let shot = tab.shot_of(&picture[1]);
        let colours = tab.run_async(include_str!("pictures.js"), vec![json!([shot])]);
        if colours.as_u64().is_none_or(|colours| colours < COLOURS) {
            faults.push(format!("{} has {colours} colours", picture[0]));
        }
    }
    faults
}

/// A switch whose states look the same, and a page of ports of one colour.
fn unseen(tab: &Tab) {
    tab.visit("/about/");
    tab.until_awake();
    tab.force_colours(Theme::Light);
    tab.run(
        "const main = document.querySelector('main');
         main.innerHTML = '<input type=checkbox><input type=checkbox><p class=tape>.</p>';
         main.firstChild.style.cssText = 'appearance: none; width: 2rem; height: 1rem'",
    );
    let there = tab.run_with(&states("null"), vec![selectors()]);
    let boxes: Vec<bool> = there
        .as_array()
        .into_iter()
        .flatten()
        .filter(|thing| thing[0] == 0)
        .map(|thing| differ(tab, thing))
        .collect();
    assert_eq!(boxes, [false, true]);
    assert_eq!(one_colour(tab).len(), 1);
}
