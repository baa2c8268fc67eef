//! Whatever can be copied is copied, or stands selected and says so: nothing says "Copied" that isn't.

use crate::lab::page::is_ready;
use crate::{Test, test};
use error99_e2e::Tab;
use serde_json::{Value, json};

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (name, clipboard) in CLIPBOARDS {
        for (place, prepare) in PLACES {
            let name = format!("copying: {place}, {name}");
            let test = test(name, move |tab| copied(tab, clipboard, prepare));
            // Each engine copies in one place, and selects in all.
            let each = place == PLACES[0].0 || clipboard == REFUSES;
            tests.push(if each { test } else { test.once(ONE_FUNCTION) });
        }
    }
    tests
}

/// Why what is copied in one place of an engine needn't be copied in all.
const ONE_FUNCTION: &str = "one function copies, wherever it is asked to";

/// What a page has for a clipboard.
const CLIPBOARDS: [(&str, &str); 3] = [
    ("where the browser lets it", "{ writeText: async (text) => { window.copied = text; } }"),
    ("where the browser refuses", REFUSES),
    ("without a clipboard", "undefined"),
];

const REFUSES: &str =
    "{ writeText: async () => { throw new DOMException('no', 'NotAllowedError'); } }";

/// Leads to a button that copies; returns a selector of it, one of what tells of it, and a part of
/// what must be copied.
type Prepare = fn(&Tab) -> [String; 3];
const PLACES: [(&str, Prepare); 8] = [
    ("a command of the Fix lab", |tab| {
        stands(tab, "/lab/?scenario=busy-client");
        tab.run("[...document.querySelectorAll('.lab .quick button, .lab button')].find((b) => b.textContent.includes('Until error'))?.click()");
        tab.css(".fixes .cmd [data-take]");
        [".fixes .cmd [data-take]", ".fixes .cmd [data-take] span", "sysctl"].map(Into::into)
    }),
    ("a command of the story", |tab| {
        tab.open("/");
        tab.run("document.querySelector('[data-copy]').closest('details').open = true");
        ["[data-copy]", "[data-copy] span", ""].map(Into::into)
    }),
    ("lines to embed a picture", |tab| {
        tab.open("/zh-CN/");
        open_lines(tab, "#picture-calendar .embed-this");
        ["#picture-calendar [data-take]", "#picture-calendar [data-take] span", "<iframe "]
            .map(Into::into)
    }),
    ("lines to embed the lab", |tab| {
        stands(tab, "/lab/");
        open_lines(tab, ".bar .embed-this");
        [".bar [data-take]", ".bar [data-take] span", "/embed/lab/"].map(Into::into)
    }),
    ("the address of the lab", |tab| {
        stands(tab, "/lab/?scenario=sixteen-ports");
        ["[data-share]", ".shared", "/lab/?scenario=sixteen-ports"].map(Into::into)
    }),
    ("a scenario", |tab| {
        stands(tab, "/zh-CN/lab/");
        tab.button("导出").click();
        ["[data-file=scenario][data-how=copy]", "dialog.files [data-said]", "\"config\""]
            .map(Into::into)
    }),
    ("what the tools print", |tab| {
        stands(tab, "/lab/");
        tab.run("document.querySelector('.term header button').click()");
        let button = "dialog.sheet-over:not(.files) .sheet-foot [data-take]";
        [button, &format!("{button} span"), "connect("].map(Into::into)
    }),
    ("the table of ports", |tab| {
        stands(tab, "/zh-CN/lab/");
        tab.button("以表格阅读").click();
        let button = "dialog.sheet-over:not(.files) [data-take]";
        [button, &format!("{button} span"), "\t"].map(Into::into)
    }),
];

fn stands(tab: &Tab, path: &str) {
    tab.open(path);
    tab.until("the machine stands", || {
        is_ready(tab)
            && tab.run("return 'awake' in document.querySelector('.lab').dataset") == json!(true)
    });
}

fn open_lines(tab: &Tab, details: &str) {
    tab.run_with("document.querySelector(arguments[0]).open = true", vec![details.into()]);
    tab.css(&format!("{details} textarea"));
}

fn copied(tab: &Tab, clipboard: &str, prepare: Prepare) {
    let [button, said, words] = prepare(tab);
    tab.run(&format!(
        "Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {clipboard} }})"
    ));
    let text = |selector: &str| {
        let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
        tab.run_with(script, vec![selector.into()]).as_str().unwrap_or_default().to_owned()
    };
    // What is loaded once it is asked for may come after its sheet.
    tab.until("the button", || {
        let there = "return !!document.querySelector(arguments[0])";
        tab.run_with(there, vec![button.as_str().into()]) == true
    });
    tab.run_with("document.querySelector(arguments[0]).click()", vec![button.into()]);
    let copied = |told: &str| told.contains("Copied") || told.contains("已复制");
    let selected = |told: &str| told.contains("elected") || told.contains("选中");
    tab.until("it says what it did", || copied(&text(&said)) || selected(&text(&said)));
    let told = text(&said);
    let found = match clipboard.contains("window.copied") {
        true => {
            assert!(copied(&told), "{told}");
            tab.run("return window.copied")
        }
        false => {
            assert!(selected(&told), "{told}");
            tab.run(
                "const field = document.activeElement;
                 return field.select ? field.value.slice(field.selectionStart, field.selectionEnd)
                   : getSelection().toString()",
            )
        }
    };
    let Value::String(found) = found else { panic!("nothing was copied") };
    assert!(!found.trim().is_empty() && found.contains(&words), "{words:?} is not in {found:.300}");
}
