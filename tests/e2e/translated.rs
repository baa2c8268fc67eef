//! What browsers' translators and other extensions do to a page, before its parts live and while
//! they do: the sentences stay those of the page that nobody touched.

use crate::{Test, test};
use error99_e2e::{PATIENCE, Server, Site, Tab, root};
use serde_json::{Value, json};

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

/// What is seen after each of some acts, in a page that is disturbed in this way; an act is waited
/// for until what is seen is what it was in the page that nobody touched.
type Look = fn(&Tab, &Server, &str, Option<&[String]>) -> Vec<String>;

/// What is seen in a page that is disturbed in each way is what is seen in one that isn't.
fn stays(tab: &Tab, look: Look) {
    let server = disturbing();
    let plain = look(tab, &server, "", None);
    for (name, way) in WAYS {
        same(name, &plain, &look(tab, &server, way, Some(&plain)));
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

/// Stands in front of the page: changes it in that way before any of its modules runs, and a part
/// of it whenever it's told to.
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
window.disturb = (root) => {
  if (!way) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) if (!done(text)) ways[way](text);
};
document.addEventListener("readystatechange", () => document.readyState === "interactive" && disturb(document.body));
"#;

fn disturbing() -> Server {
    let site = Site { folder: root().join("dist"), script: Some(DISTURB), ..Site::default() };
    Server::on(0, site).expect("a port is free")
}

/// Disturbs a part, presses one of its controls, and waits until nothing is computed any more and
/// the part shows what it must; without that, until nothing has changed for some frames. Tells what
/// is shown then, or nothing if there is no such control.
///
/// What disturbing adds is left out: a part that had nothing to change may still be as it was
/// disturbed. Browsers draw no foreign element in a drawing: its texts are read all the same.
const PRESS: &str = r#"
const [selector, name, must, patience, done] = arguments;
const part = document.querySelector(selector);
disturb(part);
const plain = (text) => (text ?? "").replace(/[\s«»…]+/g, "").toUpperCase();
const controls = [...part.querySelectorAll("button:enabled, input:is([type=radio], [type=checkbox])")];
// By its place, or by its name, however the letters of that were changed.
const control = typeof name === "number" ? controls[name]
  : controls.find((it) => plain(it.ariaLabel) === plain(name) || plain(it.textContent) === plain(name));
if (!control) return done(null);
const shown = () => plain(document.querySelector(selector).textContent);
let quiet = 0;
const changes = new MutationObserver(() => { quiet = 0; });
changes.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
const begun = performance.now();
const look = () => {
  quiet += 1;
  const stands = !part.dataset.ready || part.dataset.ready === "true";
  const rests = stands && document.querySelector("[aria-busy=true]") === null;
  const right = must === null ? quiet >= 8 : shown() === must;
  if (!(rests && right) && performance.now() - begun < patience) return setTimeout(look, 25);
  changes.disconnect();
  done(shown());
};
control.click();
look();
"#;

/// What is shown after a control was used: the first one that isn't there ends it.
fn press(tab: &Tab, part: &str, control: Value, must: Option<&String>) -> Option<String> {
    let patience = PATIENCE.as_millis() as u64;
    let arguments = vec![part.into(), control, must.cloned().into(), patience.into()];
    tab.run_async(PRESS, arguments).as_str().map(ToOwned::to_owned)
}

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

const ACTS: [&str; 13] = [
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
];

/// What the lab shows after each of some acts; it's disturbed before each.
fn lab(tab: &Tab, server: &Server, way: &str, plain: Option<&[String]>) -> Vec<String> {
    open(tab, server, "/lab/?scenario=sixteen-ports&", way);
    tab.until("the lab lives", || {
        tab.run("return 'awake' in document.querySelector('.lab').dataset") == json!(true)
    });
    let acts = ACTS.into_iter().enumerate();
    let seen = acts.map(|(at, act)| {
        let must = plain.and_then(|plain| plain.get(at));
        let shown = press(tab, ".lab", act.into(), must);
        shown.unwrap_or_else(|| panic!("there is no button “{act}”"))
    });
    seen.collect()
}

/// Types a low rate into a picture that has one: it's computed anew for each control, and says the
/// same sentences of fewer connections.
const FEWER: &str = "
const rate = document.querySelector(`${arguments[0]} input[aria-label='Connections a second']`);
if (!rate) return;
rate.value = '20';
for (const type of ['input', 'change']) rate.dispatchEvent(new Event(type, { bubbles: true }));";

/// What each picture says and draws after each of its controls was used.
fn pictures(tab: &Tab, server: &Server, way: &str, plain: Option<&[String]>) -> Vec<String> {
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
        tab.run_with(FEWER, vec![part.clone().into()]);
        for control in 0..8 {
            let must = plain.and_then(|plain| plain.get(seen.len()));
            let Some(shown) = press(tab, &part, control.into(), must) else { break };
            seen.push(shown);
        }
    }
    seen
}
