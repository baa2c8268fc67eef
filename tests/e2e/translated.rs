//! What browsers' translators and other extensions do to a page, before its parts live and while
//! they do: the sentences stay those of the page that nobody touched.

use crate::{Test, test};
use error99_e2e::{Server, Site, Tab, root};
use serde_json::json;

pub fn tests() -> Vec<Test> {
    vec![
        test("foreign changes: the lab stays right, whatever is done to its texts", |tab| {
            stays(tab, lab);
        }),
        test("foreign changes: pictures stay right, whatever is done to their texts", |tab| {
            stays(tab, pictures);
        }),
    ]
}

type Look = fn(&Tab, &Server, &str) -> Vec<String>;

/// What is seen in a page that is disturbed in each way is what is seen in one that isn't.
fn stays(tab: &Tab, look: Look) {
    let server = disturbing();
    let plain = look(tab, &server, "");
    for (name, way) in WAYS {
        same(name, &plain, &look(tab, &server, way));
    }
}

/// What is done to each text of the page.
const WAYS: [(&str, &str); 6] = [
    ("as translators put their elements into the place of texts", "font"),
    ("as highlighters split texts", "mark"),
    ("as replacers change the letters of texts", "letters"),
    ("as translators take texts apart and put them elsewhere", "moved"),
    ("as dictionaries wrap texts", "span"),
    ("as assistants put elements and attributes beside texts", "beside"),
];

/// Stands in front of the page: changes it in that way before any of its modules runs, and whenever
/// it's told to.
const DISTURB: &str = r#"
const ways = {
  font(text) {
    const outer = document.createElement("font");
    outer.append(document.createElement("font"));
    outer.firstChild.append(`«${text.data}»`);
    text.replaceWith(outer);
  },
  moved(text) {
    const outer = document.createElement("font");
    text.parentNode.insertBefore(outer, text);
    outer.append(text);
    text.data = `«${text.data}»`;
  },
  mark(text) {
    if (text.data.length < 2) return;
    const rest = text.splitText(1);
    const mark = document.createElement("mark");
    mark.textContent = rest.data.slice(0, 1);
    rest.parentNode.insertBefore(mark, rest);
    rest.data = rest.data.slice(1);
  },
  span(text) {
    const around = document.createElement("span");
    around.className = "looked-up";
    const range = document.createRange();
    range.selectNodeContents(text);
    range.surroundContents(around);
  },
  beside(text) {
    text.parentNode.setAttribute("data-gramm", "false");
    text.after(document.createElement("grammarly-extension"), "…");
  },
  letters(text) { text.data = text.data.toUpperCase(); },
};
// Nobody does it twice to the same text: what isn't undone would double each time.
const own = "script, style, textarea, font, mark, .looked-up";
const done = (text) =>
  text.parentNode.closest(own) !== null || text.data.trim() === "" || text.data === "…" ||
  text.nextSibling?.localName === "grammarly-extension";
const way = new URLSearchParams(location.search).get("way");
window.disturb = () => {
  if (!way) return;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) if (!done(text)) ways[way](text);
};
document.addEventListener("readystatechange", () => document.readyState === "interactive" && disturb());
"#;

fn disturbing() -> Server {
    let site = Site { folder: root().join("dist"), script: Some(DISTURB), ..Site::default() };
    Server::on(0, site).expect("a port is free")
}

/// What a part shows, without what disturbing adds: a part that had nothing to change may still be
/// as it was disturbed. Browsers draw no foreign element in a drawing: its texts are read all the same.
const SHOWN: &str = "return document.querySelector(arguments[0]).textContent
    .replace(/[\\s«»…]+/g, '').toUpperCase()";

fn same(name: &str, plain: &[String], disturbed: &[String]) {
    for (at, (plain, disturbed)) in plain.iter().zip(disturbed).enumerate() {
        assert_eq!(plain, disturbed, "{name}, after act {at}");
    }
    assert_eq!(plain.len(), disturbed.len(), "{name}");
}

/// Opens a page and has it disturbed in this way.
fn open(tab: &Tab, server: &Server, path: &str, way: &str) {
    tab.open_on(server, &format!("{path}way={way}"));
    let failed = tab.run("return document.documentElement.dataset.boot === 'failed'");
    assert_eq!(failed, json!(false));
}

/// What the lab shows after each of some acts; it's disturbed before each.
fn lab(tab: &Tab, server: &Server, way: &str) -> Vec<String> {
    open(tab, server, "/lab/?scenario=sixteen-ports&", way);
    tab.until("the lab lives", || {
        tab.run("return 'awake' in document.querySelector('.lab').dataset") == json!(true)
    });
    let mut seen = Vec::new();
    for act in [
        "Connect",
        "Step forward",
        "Step forward",
        "To the end of this call",
        "Until error",
        "Step back",
        "Let 1 s pass",
        "Connect",
        "To the start of this call",
        "Step forward",
        "Close all",
        "Let 60 s pass",
        "Connect × 10",
    ] {
        tab.run("disturb()");
        press(tab, act);
        tab.until("the machine stands", || {
            tab.run("return document.querySelector('.lab').dataset.ready") == json!("true")
        });
        settle(tab);
        let shown = tab.run_with(SHOWN, vec![".lab".into()]);
        seen.push(format!("{act}: {}", shown.as_str().unwrap_or_default()));
    }
    seen
}

/// Waits until nothing is computed any more and nothing of the page has changed for some frames.
fn settle(tab: &Tab) {
    tab.until("nothing is busy", || {
        tab.run("return document.querySelector('[aria-busy=true]') === null") == json!(true)
    });
    tab.run_async(
        "const [done] = arguments;
         let quiet = 0;
         const seen = new MutationObserver(() => { quiet = 0; });
         seen.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
         const look = () => {
           quiet += 1;
           if (quiet < 8) return setTimeout(look, 25);
           seen.disconnect();
           done();
         };
         look();",
        vec![],
    );
}

/// Presses a button of this name, however its letters were changed.
fn press(tab: &Tab, name: &str) {
    let pressed = tab.run_with(
        "const plain = (text) => (text ?? '').replace(/[«»…]/g, '').trim().toUpperCase();
         const wanted = plain(arguments[0]);
         const button = [...document.querySelectorAll('.lab button')].find(
           (button) => plain(button.ariaLabel) === wanted || plain(button.textContent) === wanted);
         button?.click();
         return !!button",
        vec![name.into()],
    );
    assert_eq!(pressed, json!(true), "there is a button “{name}”");
}

/// What each picture says and draws after each of its controls was used.
fn pictures(tab: &Tab, server: &Server, way: &str) -> Vec<String> {
    open(tab, server, "/?", way);
    let names = tab.run(
        "return [...document.querySelectorAll('[data-live]')].map(({ dataset }) => dataset.live)",
    );
    let names: Vec<String> = serde_json::from_value(names).expect("names");
    assert!(names.len() >= 9, "{names:?}");
    let mut seen = Vec::new();
    for name in names {
        let part = format!("[data-live={name}]");
        tab.run_with(
            "document.querySelector(arguments[0]).parentElement.scrollIntoView()",
            vec![part.clone().into()],
        );
        tab.until("the picture lives", || {
            tab.run_with(
                "return 'awake' in document.querySelector(arguments[0]).dataset",
                vec![part.clone().into()],
            ) == json!(true)
        });
        for control in 0..8 {
            tab.run("disturb()");
            let used = tab.run_with(
                "const part = document.querySelector(arguments[0]);
                 const controls = [...part.querySelectorAll('button:enabled, input:is([type=radio], [type=checkbox])')];
                 controls[arguments[1]]?.click();
                 return arguments[1] < controls.length",
                vec![part.clone().into(), control.into()],
            );
            if used == json!(false) {
                break;
            }
            settle(tab);
            let shown = tab.run_with(SHOWN, vec![part.clone().into()]);
            seen.push(format!("{name} {control}: {}", shown.as_str().unwrap_or_default()));
        }
    }
    seen
}
