//! What a measuring eye sees on every view: contrast, target sizes, overflow, clipped text, text over
//! text, what hides the page, and what axe finds. The measuring itself is in `audit/measure.js`.

mod forced;

use crate::{OTHERS, Test, test};
use error99_e2e::views::{LANGS, SIZES, VIEWS, View};
use error99_e2e::{Tab, Theme, root};
use serde_json::{Value, json};
use std::fs;

const MEASURE: &str = include_str!("audit/measure.js");

/// One way to look at a view.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    /// CSS pixels.
    size: (u32, u32),
    theme: Theme,
    /// The size of text that is set in the browser, in CSS pixels.
    letters: u32,
    /// Its place in `LANGS`.
    lang: usize,
}

/// What is measured together, since it depends on the same.
struct Claims {
    /// Names of parts of `measure.js`, or [`AXE`].
    measures: &'static [&'static str],
    /// All looks that can differ.
    looks: fn() -> Vec<Look>,
}

const AXE: &str = "axe";
const DESKTOP: (u32, u32) = (1440, 900);
const TABLET: (u32, u32) = (834, 1194);
const PHONE: (u32, u32) = (390, 844);
/// What a window of 1280 × 1024 has at 400 %.
const ZOOMED: (u32, u32) = (320, 256);
/// Places in `LANGS`.
const EN: usize = 0;
const ZH: usize = 1;

/// Every view is measured in these looks, and in no others: what can't differ isn't tried again.
const CLAIMS: [Claims; 4] = [
    // Boxes follow the size of the window and the length of the words. Colours move nothing.
    Claims {
        measures: &["fit", "height", "targets", "overlap", "cover"],
        looks: || each(&SIZES, 16),
    },
    // The same with letters as large as some need them, and in a window that is enlarged fourfold.
    // Such a page scrolls anyway, and its targets have only grown.
    Claims {
        measures: &["fit", "overlap", "cover"],
        looks: || {
            let large = [24, 32].map(|letters| each(&[(1280, 800), PHONE], letters));
            large.into_iter().flatten().chain(each(&[ZOOMED], 16)).collect()
        },
    },
    // A colour follows the theme. Which parts are shown, and how large their letters are, follows
    // layout and language. Any two of the three meet in one of these.
    Claims {
        measures: &["contrast"],
        looks: || {
            vec![
                usual(DESKTOP, Theme::Light, EN),
                usual(DESKTOP, Theme::Dark, ZH),
                usual(TABLET, Theme::Light, ZH),
                usual(TABLET, Theme::Dark, EN),
                usual(PHONE, Theme::Light, EN),
                usual(PHONE, Theme::Dark, ZH),
            ]
        },
    },
    // What axe looks at is in the markup, which each page has once for each language. Layouts hide
    // different parts of it; its own look at colours follows the theme.
    Claims {
        measures: &[AXE],
        looks: || vec![usual(DESKTOP, Theme::Light, EN), usual(PHONE, Theme::Dark, ZH)],
    },
];

fn usual(size: (u32, u32), theme: Theme, lang: usize) -> Look {
    Look { size, theme, letters: 16, lang }
}

/// Each size in each language, with letters of that size.
fn each(sizes: &[(u32, u32)], letters: u32) -> Vec<Look> {
    let in_both = |&size| [EN, ZH].map(|lang| Look { letters, ..usual(size, Theme::Light, lang) });
    sizes.iter().flat_map(in_both).collect()
}

/// All looks of a language, each with what is measured in it.
fn looks(lang: usize) -> Vec<(Look, Vec<&'static str>)> {
    let mut found: Vec<(Look, Vec<&str>)> = Vec::new();
    for Claims { measures, looks } in CLAIMS {
        for look in looks().into_iter().filter(|look| look.lang == lang) {
            match found.iter_mut().find(|(other, _)| *other == look) {
                Some((_, all)) => all.extend(measures),
                None => found.push((look, measures.to_vec())),
            }
        }
    }
    found
}

pub fn tests() -> Vec<Test> {
    let views = VIEWS.iter().map(|view| {
        test(format!("audit: {} is legible, fits, and pleases axe", view.name), |tab| {
            let faults = faults(tab, view);
            assert!(faults.is_empty(), "{}", faults.join("\n"));
        })
    });
    let own = test("the audit sees each kind of fault", every_kind_of_fault);
    let once = |test: Test| test.except(OTHERS, "measured once, in Chromium");
    views.chain([own]).map(once).chain(forced::tests()).collect()
}

/// Takes a view through its looks. The page stays while window, theme and letters change, as a
/// reader's does.
fn faults(tab: &Tab, view: &View) -> Vec<String> {
    let mut faults = Vec::new();
    for (lang, (tag, start)) in LANGS.into_iter().enumerate() {
        let looks = looks(lang);
        put(tab, &looks[0].0);
        tab.visit(&format!("{start}{}", view.path));
        tab.until_awake();
        (view.prepare)(tab);
        for (look, measures) in looks {
            put(tab, &look);
            let Look { size: (width, height), theme, letters, .. } = look;
            let place =
                format!("{} {width}×{height} {theme:?} {tag}, letters of {letters}", view.name);
            faults.extend(seen(tab, &measures).into_iter().map(|it| format!("{place}: {it}")));
        }
        tab.set_letters(16);
    }
    if view.unknown {
        tab.expect_missing_page();
    }
    faults
}

fn put(tab: &Tab, look: &Look) {
    tab.resize(look.size.0, look.size.1);
    tab.set_theme(look.theme);
    tab.set_letters(look.letters);
    // Parts of the page that measure themselves hear of a new size with the next frame.
    tab.run_async(
        "const done = arguments[arguments.length - 1];
         requestAnimationFrame(() => requestAnimationFrame(() => done(true)));",
        vec![],
    );
}

fn seen(tab: &Tab, measures: &[&str]) -> Vec<String> {
    let (axes, own): (Vec<&str>, Vec<&str>) = measures.iter().partition(|name| **name == AXE);
    let mut found = if own.is_empty() { Vec::new() } else { measure(tab, &own) };
    if !axes.is_empty() {
        found.extend(axe(tab));
    }
    found
}

fn measure(tab: &Tab, parts: &[&str]) -> Vec<String> {
    strings(tab.run_with(MEASURE, vec![json!(parts)]))
}

fn axe(tab: &Tab) -> Vec<String> {
    let file = root().join(".tools/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo xtask test` installs it", file.display())
    });
    tab.run(&axe);
    strings(tab.run_async(
        "const done = arguments[arguments.length - 1];
         axe.run().then(({ violations }) => done(violations.map(({ id, nodes }) =>
           `axe, ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)), (error) => done([String(error)]));",
        vec![],
    ))
}

fn strings(list: Value) -> Vec<String> {
    // Nothing at all would be no fault.
    let Value::Array(list) = list else { panic!("the audit gave {list}") };
    list.iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

/// Puts one fault after another on a clean page, and looks whether the audit names it.
fn every_kind_of_fault(tab: &Tab) {
    const ALL: &[&str] = &["fit", "height", "targets", "overlap", "cover", "contrast"];
    let cases = [
        ("contrast", "p", "color: #999; background: #aaa"),
        ("contrast", "p", "opacity: .3"),
        ("letters of", "p", "font-size: 9px"),
        ("target of", "button", "width: 20px; height: 20px"),
        ("the page is", "p", "width: 3000px"),
        ("out of the window", "p", "position: absolute; left: -40px"),
        ("px too wide", "p", "width: 3rem; white-space: nowrap"),
        ("px too wide", "p", "width: 3rem; white-space: nowrap; overflow: hidden"),
        ("px too high", "p", "height: 8px; overflow: hidden"),
        ("higher than its place", "p", "height: 4px"),
        ("text over text", "p", "width: 6rem; line-height: 6px"),
        ("is hidden by", "p", "position: fixed; inset: 30% 0 0; background: #fff"),
    ];
    tab.open("/scenarios/");
    assert_eq!(measure(tab, ALL), Vec::<String>::new(), "the page is clean before");
    for (fault, element, style) in cases {
        tab.run_with(
            "const element = document.createElement(arguments[0]);
             element.id = 'fault';
             element.innerHTML = '<span>Some words</span> <span>of a reader</span>';
             element.style.cssText = arguments[1];
             document.querySelector('main').append(element);",
            vec![element.into(), style.into()],
        );
        let found = measure(tab, ALL);
        assert!(found.iter().any(|found| found.contains(fault)), "{style}: {found:?}");
        tab.run("document.getElementById('fault').remove()");
        assert_eq!(measure(tab, ALL), Vec::<String>::new(), "it's clean again");
    }
    tab.run(
        "document.body.replaceChildren('Some words of a reader');
         document.body.style.cssText = 'min-height: 0; height: calc(100vh + 9px)'",
    );
    let found = measure(tab, ALL);
    assert!(found.iter().any(|found| found.contains("the page scrolls by 9 px")), "{found:?}");
}
