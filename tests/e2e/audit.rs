//! What a measuring eye sees on every view: contrast, target sizes, overflow, clipped text,
//! and what axe finds. The measuring itself is in `audit.js`.

use crate::{OTHERS, Test, test};
use error99_e2e::views::{LANGS, SIZES, THEMES, VIEWS, View};
use error99_e2e::{Tab, Theme, root};
use serde_json::Value;
use std::fs;

const AUDIT: &str = include_str!("audit.js");
/// axe looks at the same things for each size of a layout; two layouts are enough.
const AXE_SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];

pub fn tests() -> Vec<Test> {
    let audits = VIEWS.iter().map(|view| {
        test(format!("audit: {} is legible and fits, in every size and look", view.name), |tab| {
            let faults = in_every_look(tab, view, &SIZES, audit);
            assert!(faults.is_empty(), "{}", faults.join("\n"));
        })
    });
    let axe = VIEWS.iter().map(|view| {
        test(format!("axe: {} has no violation", view.name), |tab| {
            let faults = in_every_look(tab, view, &AXE_SIZES, axe);
            assert!(faults.is_empty(), "{}", faults.join("\n"));
        })
    });
    let own = test("the audit sees each kind of fault", every_kind_of_fault);
    let once = |test: Test| test.except(OTHERS, "measured once, in Chromium");
    audits.chain(axe).chain([own]).map(once).collect()
}

/// Puts one fault after another on a clean page, and looks whether the audit names it.
fn every_kind_of_fault(tab: &Tab) {
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
    ];
    for (fault, element, style) in cases {
        tab.open("/scenarios/");
        assert_eq!(audit(tab), Vec::<String>::new(), "the page is clean before");
        tab.run_with(
            "const element = document.createElement(arguments[0]);
             element.textContent = 'Some words of a reader';
             element.style.cssText = arguments[1];
             document.querySelector('main').append(element);",
            vec![element.into(), style.into()],
        );
        let found = audit(tab);
        assert!(found.iter().any(|found| found.contains(fault)), "{style}: {found:?}");
    }
    tab.run(
        "document.body.replaceChildren('Some words of a reader');
         document.body.style.cssText = 'min-height: 0; height: calc(100vh + 9px)'",
    );
    let found = audit(tab);
    assert!(found.iter().any(|found| found.contains("the page scrolls by 9 px")), "{found:?}");
}

/// Takes a view through languages, sizes and themes, and gathers what `look` finds. The page
/// stays while the window and the theme change, as a reader's does.
fn in_every_look(
    tab: &Tab,
    view: &View,
    sizes: &[(u32, u32)],
    look: fn(&Tab) -> Vec<String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (lang, start) in LANGS {
        tab.resize(sizes[0].0, sizes[0].1);
        tab.visit(&format!("{start}{}", view.path));
        tab.until_awake();
        (view.prepare)(tab);
        for &(width, height) in sizes {
            for theme in THEMES {
                tab.resize(width, height);
                tab.set_theme(theme);
                let theme = if theme == Theme::Dark { "dark" } else { "light" };
                let place = format!("{} {width}×{height} {theme} {lang}", view.name);
                faults.extend(look(tab).into_iter().map(|fault| format!("{place}: {fault}")));
            }
        }
    }
    if view.unknown {
        tab.expect_missing_page();
    }
    faults
}

fn audit(tab: &Tab) -> Vec<String> {
    strings(tab.run(AUDIT))
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
           `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)), (error) => done([String(error)]));",
        vec![],
    ))
}

fn strings(list: Value) -> Vec<String> {
    // Nothing at all would be no fault.
    let Value::Array(list) = list else { panic!("the audit gave {list}") };
    list.iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}
