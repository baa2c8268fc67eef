//! Colours that the reader's system forces upon the page: whatever has states looks different in
//! each of them, and the pictures of ports keep more than one colour.

use crate::{OTHERS, Test, test};
use error99_e2e::views::{THEMES, VIEWS, View};
use error99_e2e::{Key, Tab, Theme};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What has states: how it's found, a script for each of two states of `it`, and how many of the
/// parts around it its looks depend on.
struct Kind {
    selector: &'static str,
    states: [&'static str; 2],
    around: u32,
}

const fn kind(selector: &'static str, states: [&'static str; 2], around: u32) -> Kind {
    Kind { selector, states, around }
}

const CHECKED: [&str; 2] = ["it.checked = true", "it.checked = false"];
const MOVED: [&str; 2] = ["it.value = it.min", "it.value = it.max"];
const PRESSED: [&str; 2] = ["it.ariaPressed = 'true'", "it.ariaPressed = 'false'"];
const CURRENT: [&str; 2] = [
    "it.setAttribute('aria-current', it.current ??= it.getAttribute('aria-current'))",
    "it.removeAttribute('aria-current')",
];
const INVALID: [&str; 2] = ["it.ariaInvalid = 'true'", "it.ariaInvalid = null"];
const DISABLED: [&str; 2] = ["it.disabled = true", "it.disabled = false"];
const FOCUSED: [&str; 2] = ["it.focus({ focusVisible: true })", "it.blur()"];
const REFUSED: [&str; 2] =
    ["it.querySelector('.x').style.display = ''", "it.querySelector('.x').style.display = 'none'"];
const FOCUSABLE: &str = "a[href], button, summary, input, textarea, select, [tabindex='0']";

const KINDS: &[Kind] = &[
    kind("input:is([type=checkbox], [type=radio])", CHECKED, 5),
    kind("input[type=range]", MOVED, 1),
    kind("[aria-pressed]", PRESSED, 2),
    kind("a[aria-current], .calls [aria-current]", CURRENT, 3),
    kind("[aria-invalid=true]", INVALID, 1),
    kind(":is(button, input)[disabled]", DISABLED, 1),
    kind(".tape .cell.refused", REFUSED, 0),
    kind(".tape .cur", ["it.classList.add('cur')", "it.classList.remove('cur')"], 1),
    kind(".code .now", ["it.classList.add('now')", "it.classList.remove('now')"], 1),
    kind(".code .fail", ["it.classList.add('fail')", "it.classList.remove('fail')"], 1),
    kind(".slot.on", ["it.classList.add('on')", "it.classList.remove('on')"], 1),
    kind(".node.hit", ["it.classList.add('hit')", "it.classList.remove('hit')"], 1),
    kind(FOCUSABLE, FOCUSED, 1),
];

/// As many dots must differ, at least: a mark of four by four.
const DOTS: u64 = 16;
/// Colours that a picture of ports has, at least: its ground, and that of a state.
const COLOURS: u64 = 2;
const PICTURES: &str = ".map canvas, .port-page";

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
            let faults: Vec<String> =
                views.flat_map(|view| faults(tab, view, &mut known)).collect();
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
    all_live(tab);
    // From now on the focus is shown, as it is to whoever uses keys.
    tab.css("body").press(Key::Shift + "");
    let there = tab.run_with(&states("null"), vec![kinds()]);
    let mut faults = Vec::new();
    // The names of the system's colours are the same on either ground.
    tab.force_colours(Theme::Dark);
    for thing in there.as_array().into_iter().flatten() {
        let look = format!("{}: {}", thing[0], thing[2].as_str().unwrap_or_default());
        if known.insert(look.clone()) && !differ(tab, thing) {
            let kind = &KINDS[thing[0].as_u64().unwrap_or_default() as usize];
            faults.push(format!("{}: {} looks the same: {look}", view.name, kind.states[0]));
        }
    }
    for ground in THEMES {
        tab.force_colours(ground);
        let place = format!("{} on a {ground:?} ground", view.name);
        faults.extend(one_colour(tab).into_iter().map(|fault| format!("{place}: {fault}")));
    }
    faults
}

fn kinds() -> Value {
    KINDS.iter().map(|kind| json!([kind.selector, kind.around])).collect()
}

/// The script about states, with what puts `it` into one.
fn states(put: &str) -> String {
    format!("const put = (it) => {{ {put} }};\n{}", include_str!("states.js"))
}

/// Brings each live part near, and waits until it lives: it puts new elements into the place of those
/// that were written. From then on what is far away is laid out, too.
fn all_live(tab: &Tab) {
    tab.run(
        "const laidOut = new CSSStyleSheet();
         laidOut.replaceSync('* { content-visibility: visible !important; }');
         document.adoptedStyleSheets.push(laidOut)",
    );
    tab.until("all parts live", || {
        tab.run(
            "const asleep = [...document.querySelectorAll('[data-live]')]
               .find((part) => !('awake' in part.dataset));
             asleep?.parentElement.scrollIntoView();
             return asleep === undefined",
        ) == json!(true)
    });
}

/// Whether a thing looks different in its two states. It's left in the second one.
fn differ(tab: &Tab, thing: &Value) -> bool {
    let kind = &KINDS[thing[0].as_u64().unwrap_or_default() as usize];
    let wanted = json!([thing[0], thing[1]]);
    let pictures = kind.states.map(|put| {
        let clip = tab.run_with(&states(put), vec![kinds(), wanted.clone()]);
        tab.shot_of(&clip)
    });
    let differing = tab.run_async(include_str!("pictures.js"), vec![json!(pictures)]);
    differing.as_u64().is_some_and(|dots| dots >= DOTS)
}

/// Pictures of ports that are of one colour.
fn one_colour(tab: &Tab) -> Vec<String> {
    let count = tab.run_with(
        "if (document.querySelector('dialog:modal')) return 0;
         window.pictures = [...document.querySelectorAll(arguments[0])].filter((it) => it.checkVisibility());
         return pictures.length",
        vec![PICTURES.into()],
    );
    let mut faults = Vec::new();
    for at in 0..count.as_u64().unwrap_or_default() {
        let picture = tab.run_with(
            "const picture = pictures[arguments[0]];
             picture.scrollIntoView({ block: 'center' });
             const { x, y, width, height } = picture.getBoundingClientRect();
             const clip = { x: x + scrollX, y: y + scrollY, width, height, scale: 1 };
             return [picture.getAttribute('class') ?? picture.localName, clip]",
            vec![at.into()],
        );
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
         main.innerHTML = '<input type=checkbox><input type=checkbox><p class=port-page>.</p>';
         main.firstChild.style.cssText = 'appearance: none; width: 2rem; height: 1rem'",
    );
    let there = tab.run_with(&states("null"), vec![kinds()]);
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
