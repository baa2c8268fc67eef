//! The lab in a tab, with the same machine run natively beside it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use error99_e2e::{Element, PATIENCE, Tab};
use error99_kernel::CloseHow;
use serde_json::{Value, json};

use super::model::{Do, Model, window};
use super::words::Words;

/// What is shown of a moment: names of its parts, and their numbers and words as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown(BTreeMap<String, String>);

impl Shown {
    pub fn put(&mut self, part: &str, value: String) {
        self.0.insert(part.to_owned(), value);
    }

    pub fn get(&self, part: &str) -> &str {
        self.0.get(part).unwrap_or_else(|| panic!("nothing called {part} is read"))
    }

    /// Where the page differs from what it must show. A sentence must name the numbers of
    /// the model, among other words.
    pub fn differences(&self, must: &Shown) -> Vec<String> {
        let mut found = Vec::new();
        for (part, must) in &must.0 {
            let page = self.0.get(part).map_or("", String::as_str);
            let same = match part.as_str() {
                "sentence" => {
                    let words: Vec<&str> = page
                        .split(|c: char| !c.is_ascii_digit())
                        .filter(|w| !w.is_empty())
                        .collect();
                    must.split_whitespace().all(|number| words.contains(&number))
                }
                _ => page == must,
            };
            if !same {
                found.push(format!("{part}: the page has “{page}”, the model “{must}”"));
            }
        }
        found
    }
}

/// The lab on a page, and its double.
pub struct Lab<'t> {
    pub tab: &'t Tab,
    pub words: &'static Words,
    pub model: Model,
    /// Controls that stay where they are, as they were found by role and name.
    known: RefCell<BTreeMap<(&'static str, String), Element>>,
}

impl<'t> Lab<'t> {
    /// Opens a prepared machine, here and natively, and compares them.
    pub fn open(tab: &'t Tab, words: &'static Words, key: &str) -> Lab<'t> {
        open(tab, &format!("{}lab/?scenario={key}", words.root));
        let lab = Lab::open_at(tab, words, key);
        lab.same("when it opens");
        lab
    }

    /// The lab that the tab shows already, with a prepared machine beside it.
    pub fn open_at(tab: &'t Tab, words: &'static Words, key: &str) -> Lab<'t> {
        Lab { tab, words, model: Model::open(key), known: RefCell::default() }
    }

    /// A control that stays on the page, by role and accessible name.
    pub fn control(&self, role: &'static str, name: &str) -> Element {
        let mut known = self.known.borrow_mut();
        known.entry((role, name.to_owned())).or_insert_with(|| self.tab.by_role(role, name)).clone()
    }

    pub fn button(&self, name: &str) -> Element {
        self.control("button", name)
    }

    pub fn field(&self, name: &str) -> Element {
        self.control("field", name)
    }

    pub fn switch(&self, name: &str) -> Element {
        self.control("switch", name)
    }

    /// Puts the focus where the lab hears keys and no control takes them for itself.
    pub fn focus(&self) {
        self.tab.run("document.querySelector('section.rail a').focus()");
    }

    /// Does something on the page and natively, and compares what both show then.
    pub fn act(&mut self, act: Do) {
        self.act_unseen(&act);
        self.same(&format!("after {act:?}"));
    }

    /// The same without looking.
    pub fn act_unseen(&mut self, act: &Do) {
        self.on_page(act);
        self.model.apply(act);
    }

    fn on_page(&self, act: &Do) {
        let words = self.words;
        let press = |name: &str| self.button(name).click();
        match act {
            Do::Connect => press(words.connect),
            Do::Connect10 => press(words.connect_10),
            Do::UntilError => press(words.until_error),
            Do::Close => press(words.close),
            Do::CloseAll => press(words.close_all),
            Do::Closer(CloseHow::Active) => self.control("radio", words.client).click(),
            Do::Closer(CloseHow::Rst) => self.control("radio", "RST").click(),
            Do::Closer(_) => self.control("radio", words.server).click(),
            Do::OneSecond => press(words.one_second),
            Do::OneMinute => press(words.one_minute),
            Do::TwReuse => self.switch("tcp_tw_reuse").click(),
            Do::Timestamps => self.switch("tcp_timestamps").click(),
            Do::Range(low, high) => {
                self.field(words.low).fill(&low.to_string());
                self.field(words.high).fill(&high.to_string());
            }
            Do::Destination(dst) => self.field(words.dst).fill(&dst.to_string()),
            Do::DestinationPort(dport) => self.field(words.dport).fill(&dport.to_string()),
            Do::BhashSize(size) => {
                let name = if *size < 1_000 {
                    size.to_string()
                } else {
                    format!("{},{:03}", size / 1_000, size % 1_000)
                };
                self.control("radio", &name).click();
            }
            Do::Kernel(release) => {
                let choose = "const kernel = document.querySelector('.kernel select');
                    kernel.value = arguments[0];
                    kernel.dispatchEvent(new Event('change', { bubbles: true }));";
                self.tab.run_with(choose, vec![json!(release.name())]);
            }
            Do::Forward => press(words.forward),
            Do::Back => press(words.back),
            Do::Start => press(words.to_start),
            Do::End => press(words.to_end),
            Do::Jump(i) => self.tab.field(words.jump).fill(&i.to_string()),
            Do::Try(row) => {
                // What doesn't help is folded away, and may be tried all the same.
                self.tab.run("document.querySelector('.fix details').open = true");
                self.tab.css(&format!(".fixes tr[data-row='{row}'] button.btn")).click()
            }
            Do::Mark(at) => {
                assert!(*at < window(&self.model.frame()).len(), "there is such a call");
                let script = "document.querySelectorAll('section.time .calls li button')[arguments[0]].click()";
                self.tab.run_with(script, vec![json!(at)]);
            }
        }
    }

    /// What the page shows now.
    pub fn shown(&self) -> Shown {
        read(self.tab, self.words, false).unwrap_or_default()
    }

    /// Waits until the page shows what the model says, or fails with every difference.
    pub fn same(&self, when: &str) {
        self.same_but(&[], when);
    }

    /// The same, some parts apart.
    pub fn same_but(&self, apart: &[&str], when: &str) {
        let must = self.model.shown(self.words);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let differences = |shown: Shown| {
                let mut found = shown.differences(&must);
                found.retain(|found| {
                    !apart.iter().any(|part| found.starts_with(&format!("{part}:")))
                });
                found
            };
            let found = read(self.tab, self.words, true).map(differences);
            if found.as_ref().is_some_and(Vec::is_empty) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{when}:\n{}",
                found.map_or("its machine doesn't stand".into(), |found| found.join("\n")),
            );
            thread::sleep(Duration::from_millis(15));
        }
    }
}

/// Rows of the Fix lab, once they are computed, in the model's order.
pub fn fix_rows(tab: &Tab) -> Vec<FixRow> {
    tab.until("the rows of the Fix lab", || {
        tab.run("return document.querySelectorAll('.fixes tbody tr').length > 0") == json!(true)
    });
    let rows = tab.run(
        "const text = (e) => e ? e.textContent.replace(/(\\d),(?=\\d{3})/g, '$1').replace(/\\s+/g, ' ').trim() : '';
         const rows = [...document.querySelectorAll('.fixes tbody tr')];
         rows.sort((a, b) => a.dataset.row - b.dataset.row);
         return rows.map((row) => [
           text(row.querySelector('.cmd')), text(row.querySelector('.out')),
           text(row.querySelector('.lasts')), text(row.querySelector('.why')),
           text(row.querySelector('td')), row.closest('details') ? 'folded' : '']);",
    );
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &Value| FixRow {
        command: text(&row[0]),
        outcome: text(&row[1]),
        hold: text(&row[2]),
        why: text(&row[3]),
        name: text(&row[4]),
        folded: !text(&row[5]).is_empty(),
    };
    rows.as_array().into_iter().flatten().map(row).collect()
}

/// A row of the Fix lab, as text.
#[derive(Debug)]
pub struct FixRow {
    /// The command or advice.
    pub command: String,
    /// What the act then gets.
    pub outcome: String,
    /// Whether that holds under the load; empty without one.
    pub hold: String,
    /// What is in the way, and what the change costs.
    pub why: String,
    /// The change, with the command or advice behind it.
    pub name: String,
    /// It's folded away.
    pub folded: bool,
}

/// Opens the lab at an address of the site and waits until its machine stands.
pub fn open(tab: &Tab, address: &str) {
    tab.open(address);
    tab.until("the machine stands", || is_ready(tab));
}

pub fn is_ready(tab: &Tab) -> bool {
    tab.run("return document.querySelector('.lab')?.dataset.ready === 'true'") == json!(true)
}

/// What the page shows. If its machine has to stand, there's nothing before it does: that is asked
/// at once, and cheaply, since it's asked often.
fn read(tab: &Tab, words: &Words, standing: bool) -> Option<Shown> {
    let names = json!({
        "step": words.step, "map": words.map, "walk": words.walk, "bhash": words.bhash,
        "check": words.check, "code": words.code, "program": words.program,
        "verdict": words.verdict, "timeline": words.timeline,
        "low": words.low, "high": words.high, "dst": words.dst, "dport": words.dport,
    });
    let read = tab.run_with(READ, vec![names, standing.into()]);
    let parts = read.as_object().cloned()?;
    let parts = parts
        .into_iter()
        .map(|(part, value)| (part, value.as_str().unwrap_or_default().to_owned()))
        .collect();
    Some(Shown(parts))
}

/// Reads the parts of the lab, numbers without separators.
const READ: &str = r#"
const [names, standing] = arguments;
if (standing && document.querySelector('.lab')?.dataset.ready !== 'true') return null;
const plain = (text) => text.replace(/(\d),(?=\d{3})/g, "$1").replace(/\s+/g, " ").trim();
const text = (element) => element ? plain(element.textContent) : "";
// What isn't shown at the moment stays in the page, hidden.
const all = (root, selector) => root ? [...root.querySelectorAll(selector)].filter((e) => !e.closest("[hidden]")) : [];
const numbers = (text) => (text.match(/\d+/g) ?? []).join(" ");
const regions = new Map(all(document, "section[aria-label]").map((e) => [e.getAttribute("aria-label"), e]));
const region = (key) => regions.get(names[key]);
// Of a verdict, and of what gives way to it, one is hidden by style.
const seen = (key) => [region(key)].find((e) => e && getComputedStyle(e).display !== "none");
const field = (key) => document.querySelector(`input[aria-label="${names[key]}"]`)?.value ?? "";
const whole = (element) => {
  // The words of an element without the signs that are pictures.
  const copy = element.cloneNode(true);
  for (const picture of copy.querySelectorAll("svg")) picture.remove();
  return plain(copy.textContent);
};

const step = region("step");
const code = region("code");
const lines = all(code, "ol li");
const [slider] = all(region("timeline"), "input[type=range]");
const cellOf = (item) => ["free", "bind", "live", "other", "tw"].find((name) => item.querySelector(".cell")?.classList.contains(name));
const tape = all(region("walk"), "ol > li").map((item) => {
  if (item.classList.contains("seam")) return "seam";
  const port = text(item.querySelector(".p"));
  if (item.classList.contains("fold")) return `${port} folded`;
  const refused = item.querySelector(".cell.refused") ? " refused" : "";
  const now = item.getAttribute("aria-current") === "step" ? " now" : "";
  return `${port} ${cellOf(item)}${refused}${now}`;
});
const bhash = seen("bhash");
const check = seen("check");
const verdict = seen("verdict");
const chain = all(bhash, "ol .box b").map(text);
return {
  "range": `${field("low")} ${field("high")}`,
  "client": `${field("dst")} ${field("dport")}`,
  "tcp_tw_reuse": String(document.getElementById("tcp_tw_reuse")?.checked
    ?? document.querySelector("[name=lab-tcp_tw_reuse-value]:checked")?.closest("label").innerText.trim() !== "0"),
  "tcp_timestamps": String(document.getElementById("tcp_timestamps").checked),
  "bhash size": text(document.querySelector("input[name=lab-bhash-size]:checked")?.closest("label")),
  "clock": numbers(text(document.querySelector(".clock .val"))),
  "open": numbers(text(document.querySelector("[aria-labelledby=lab-client] .hint"))) || "0",
  "numbers of the step": all(step, ".eyebrow > *").map((part) => numbers(text(part))).filter(Boolean).join(" "),
  "sentence": text(step?.querySelector("p")),
  "states of the ports": all(region("map"), ".legend b").map(text).join(" "),
  "terminal": all(region("program"), "samp > div:not(.old:only-child)").map(whole).join(" ").replace(/ +/g, " "),
  "line": String(lines.findIndex((line) => line.getAttribute("aria-current") === "step") + 1),
  "registers": all(code, "dl dd").map(text).join(" "),
  "position": slider ? `${slider.value} of ${slider.max}` : "",
  "verdict": verdict ? all(verdict, "ol li").map((item) => {
    const count = item.querySelector("b").firstChild.data;
    return `${plain(count)} ${text(item.querySelector(".t"))}`;
  }).join(", ") : "–",
  "bucket": bhash ? numbers(text(all(bhash, ".slots-head .h small")[0])) : "–",
  "chain": bhash ? (chain.length <= 7 && !bhash.querySelector(".node.gap") ? chain.join(" ") : "") : "–",
  "check": check ? all(check, "table tr:not(.eq)").map((row) =>
    all(row, "td").map(text).filter(Boolean).join(" ").replaceAll(":", "")).join(" ") : "–",
  "tape": tape.join(", "),
  "ports of the calls": all(region("timeline"), "ol button").map((button) => numbers(plain(button.getAttribute("aria-label")))).join(", "),
};
"#;
