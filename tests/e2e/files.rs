//! The sheet "Export and import": what is saved is what the model has, what is opened is what was
//! saved, and what can't be opened changes nothing.

use crate::lab::model::Do;
use crate::lab::page::{Lab, is_ready};
use crate::lab::words::{BOTH, ENGLISH};
use crate::{SAME_CODE, Test, test};
use error99_e2e::{Key, Tab};
use error99_export::{scenario, script, trace};
use error99_kernel::Addr;
use error99_replay::history::ALL_CALLS;
use error99_replay::link::{self, Saved};
use error99_replay::{Act, Load, catalogue};
use serde_json::{Value, json};

pub fn tests() -> Vec<Test> {
    vec![
        test(
            "files: scenario, trace and script are those of the model, at the moment shown",
            saved,
        ),
        test("files: the page of ports is saved as SVG and as PNG", pictures),
        test("files: what was saved can be opened, and back leads to what was there", opened),
        test("files: the scenario of a vector can be opened", vector).once(SAME_CODE),
        test("files: a wrong file says what is wrong with it and changes nothing", wrong_files)
            .once(SAME_CODE),
        test("files: what takes long says how far it is, and can be stopped", stopped),
        test("files: the sheet is used by keyboard, and keeps its keys", by_keyboard),
        test("files: a file that is dropped on the page is opened", dropped),
        test("files: a file that is too long isn't read", too_long),
        test("files: what a file says besides is left out, and told", besides).once(SAME_CODE),
    ]
}

/// From now on what the page saves is kept in it instead: its name, media type and content.
pub fn keep_files(tab: &Tab) {
    tab.run(
        "window.files = [];
         const made = new Map();
         const { createObjectURL } = URL;
         URL.createObjectURL = (blob) => {
           const address = createObjectURL.call(URL, blob);
           made.set(address, blob);
           return address;
         };
         const { click } = HTMLAnchorElement.prototype;
         HTMLAnchorElement.prototype.click = function () {
           if (this.download) files.push({ name: this.download, blob: made.get(this.href) });
           else click.call(this);
         };",
    );
}

/// Presses a button of the sheet, and waits for the file: its name, media type and, as one
/// character for each byte, what is in it.
pub fn file(tab: &Tab, button: &str) -> [String; 3] {
    let count = tab.run("return files.length");
    tab.button(button).click();
    tab.until("a file", || tab.run("return files.length") != count);
    let file = tab.run_async(
        "const done = arguments[0];
         const { name, blob } = files.at(-1);
         blob.arrayBuffer().then((bytes) => {
           const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte));
           done([name, blob.type, text.join('')]);
         });",
        vec![],
    );
    let Value::Array(file) = file else { panic!("no file") };
    [0, 1, 2].map(|part| file[part].as_str().unwrap_or_default().to_owned())
}

/// The text that these bytes are.
fn utf8(bytes: &str) -> String {
    let bytes: Vec<u8> = bytes.chars().map(|byte| byte as u8).collect();
    String::from_utf8(bytes).expect("it is text")
}

fn open_sheet(tab: &Tab, button: &str) {
    tab.button(button).click();
    tab.until("the sheet is open", || tab.css("dialog.files").is_shown());
}

fn said(tab: &Tab) -> String {
    let said = tab.run("return document.querySelector('dialog.files [data-said]').textContent");
    said.as_str().unwrap_or_default().to_owned()
}

/// The state of the lab that the model has beside it.
fn state(lab: &Lab) -> Saved {
    Saved { history: lab.model.machine.history().clone(), client: lab.model.client() }
}

/// Gives the sheet a file, as if it had been chosen.
fn choose(tab: &Tab, content: &str) {
    tab.run_with(
        "const files = new DataTransfer();
         files.items.add(new File([arguments[0]], 'chosen.json'));
         const field = document.querySelector('dialog.files [type=file]');
         field.files = files.files;
         field.dispatchEvent(new Event('change'));",
        vec![content.into()],
    );
}

fn saved(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::Connect10, Do::TwReuse, Do::Connect, Do::Start, Do::Forward] {
        lab.act(act);
    }
    keep_files(tab);
    open_sheet(tab, "Export");
    let state = state(&lab);
    let [name, media, text] = file(tab, "Scenario: Save");
    assert_eq!((name.as_str(), media.as_str()), ("error99.json", "application/json"));
    assert_eq!(scenario::read(&utf8(&text)), Ok(state.clone()));
    let [name, _, text] = file(tab, "Trace of this call: Save");
    assert_eq!(name, "error99-call.jsonl");
    assert_eq!(Some(utf8(&text)), trace::of_call(&lab.model.machine));
    let [name, _, text] = file(tab, "Script for a real Linux: Save");
    assert_eq!(name, "error99.sh");
    assert_eq!(Ok(utf8(&text)), script::write(&state));
    assert!(said(tab).contains("Saved: error99.sh"));
    tab.run(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
           writeText: async (text) => { document.body.dataset.copied = text; } } })",
    );
    tab.button("Scenario: Copy").click();
    tab.until("it is copied", || said(tab) == "Copied");
    assert_eq!(tab.run("return document.body.dataset.copied"), json!(scenario::write(&state)));
    tab.css("dialog.files [data-close]").click();
    lab.same("exporting changes nothing");
}

fn pictures(tab: &Tab) {
    for (words, [export, picture]) in
        BOTH.into_iter().zip([["Export", "Page of ports"], ["导出", "端口图"]])
    {
        let _lab = Lab::open(tab, words, "busy-client");
        keep_files(tab);
        open_sheet(tab, export);
        let [name, media, svg] = file(tab, &format!("{picture}: SVG"));
        assert_eq!((name.as_str(), media.as_str()), ("error99-ports.svg", "image/svg+xml"));
        let svg = utf8(&svg);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg:.300}");
        assert!(svg.contains("32,768") && svg.contains("10.0.0.2:80"), "{svg:.600}");
        let [name, media, png] = file(tab, &format!("{picture}: PNG"));
        assert_eq!((name.as_str(), media.as_str()), ("error99-ports.png", "image/png"));
        let number = |at: usize| {
            png.chars().skip(at).take(4).fold(0, |number, byte| number * 256 + byte as u32)
        };
        assert!(png.starts_with("\u{89}PNG"));
        assert_eq!(number(16), 2 * 816, "twice as wide as the SVG");
        let colours = tab.run_async(
            "const done = arguments[0];
             createImageBitmap(files.at(-1).blob).then((image) => {
               const canvas = document.createElement('canvas');
               canvas.width = image.width; canvas.height = image.height;
               const context = canvas.getContext('2d');
               context.drawImage(image, 0, 0);
               const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
               done(new Set(pixels).size);
             })",
            vec![],
        );
        assert!(colours.as_u64() > Some(8), "{colours} colours");
    }
}

fn opened(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "second-destination");
    for act in [Do::Connect, Do::OneMinute, Do::Connect, Do::Mark(0), Do::TwReuse, Do::Back] {
        lab.act(act);
    }
    let (kept, shown) = (scenario::write(&state(&lab)), lab.shown());
    let other = Lab::open(tab, &ENGLISH, "sixteen-ports");
    let before = other.shown();
    open_sheet(tab, "Export");
    choose(tab, &kept);
    tab.until("what the file holds", || is_ready(tab) && other.shown() == shown);
    assert!(!tab.css("dialog.files").is_shown());
    assert!(tab.has("button", "2 branches"));
    tab.run("history.back()");
    tab.until("what was there", || is_ready(tab) && other.shown() == before);
}

fn vector(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "busy-client");
    let text = r#"{"name": "n", "about": "", "features": [], "config": {
        "sysctl": {"ip_local_port_range": [40000, 40001]}}, "ops": [
        {"op": "socket", "s": "a"}, {"op": "connect", "s": "a", "dst": "10.0.0.9", "dport": 8080},
        {"op": "socket", "s": "b"}, {"op": "connect", "s": "b", "dst": "10.0.0.9", "dport": 8080},
        {"op": "socket", "s": "c"}, {"op": "connect", "s": "c", "dst": "10.0.0.9", "dport": 8080}]}"#;
    open_sheet(tab, "Export");
    tab.css("dialog.files textarea").fill(text);
    tab.button("Open").click();
    tab.until("error 99", || is_ready(tab) && tab.has("region", "Verdict"));
    assert_eq!(lab.field("Destination address").value(), "10.0.0.9");
    assert_eq!(lab.field("Highest port").value(), "40001");
}

fn wrong_files(tab: &Tab) {
    let good = scenario::write(&catalogue::opening().saved());
    let files = [
        (String::new(), ["nothing to open", "没有可以打开"]),
        ("[]".into(), ["line 1, column 0", "第 1 行"]),
        ("<script>alert(1)</script>".into(), ["JSON", "JSON"]),
        (good[..good.len() / 2].to_owned(), ["JSON", "JSON"]),
        (good.replace("10.0.0.2", "10.0.0.999"), ["must be an address", "必须是形如"]),
        (
            good.replace("\"load\"", "\"fly\""),
            ["no call of the model: fly", "不是模型中的调用：fly"],
        ),
        ("[".repeat(100_000), ["nested too deeply", "嵌套层次过深"]),
        ("7".repeat(7 << 20), ["longer than 4,194,304 bytes", "超过 4,194,304 字节"]),
    ];
    for (at, (words, export)) in BOTH.into_iter().zip(["Export", "导出"]).enumerate() {
        let mut lab = Lab::open(tab, words, "sixteen-ports");
        lab.act(Do::Connect);
        open_sheet(tab, export);
        for (text, expected) in &files {
            choose(tab, text);
            tab.until(expected[at], || said(tab).contains(expected[at]));
            assert!(tab.css("dialog.files").is_shown());
        }
        tab.press(Key::Escape + "");
        tab.until("the sheet is closed", || !tab.css("dialog.files").is_shown());
        lab.same("nothing has changed");
    }
}

fn stopped(tab: &Tab) {
    let mut saved = catalogue::find("live-connections").expect("a scenario").saved();
    let burst = Load::burst(Addr::new(10, 0, 0, 2), 80, 1_000_000);
    let first_socket = saved.history.next_socket();
    let tip = saved.history.tip;
    let load = Act::Load(Load { first_socket, ..burst });
    saved.history.push(tip, ALL_CALLS, load).expect("a load within its limits");
    saved.history.at.done = u32::MAX;
    tab.open(&format!("/lab/#m={}", link::write(&saved)));
    open_sheet(tab, "Export");
    tab.button("Scenario: Save").click();
    tab.until("it is at work", || said(tab).contains("still at work"));
    tab.css("dialog.files [data-close]").click();
    tab.button("Stop").click();
    tab.until("it stands", || is_ready(tab));
    // What was stopped is short. The worker is given the long run all the same.
    tab.run_with(
        "const host = document.querySelector('[data-live=lab]');
         host.addEventListener('save', (event) => {
           event.stopImmediatePropagation();
           host.dataset.link = arguments[0];
         }, true);",
        vec![link::write(&saved).into()],
    );
    open_sheet(tab, "Export");
    tab.button("Page of ports: SVG").click();
    tab.until("it says how far it is", || {
        let calls = said(tab).strip_prefix("At work, calls made: ").map(str::to_owned);
        calls.is_some_and(|calls| calls != "0")
    });
    tab.css("dialog.files [data-stop]").click();
    assert_eq!(said(tab), "");
    keep_files(tab);
    choose(tab, "{}");
    tab.until("the sheet goes on", || said(tab).contains("config is missing"));
}

fn by_keyboard(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    keep_files(tab);
    tab.button("Export").press(Key::Enter + "");
    tab.until("the sheet is open", || tab.css("dialog.files").is_shown());
    // Keys of the lab mean nothing here.
    tab.press("]e?");
    let focus = |name: &str| {
        tab.until(name, || {
            tab.press(Key::Tab + "");
            tab.run("return document.activeElement.getAttribute('aria-label')") == json!(name)
        });
    };
    focus("Trace of this call: Save");
    focus("Page of ports: SVG");
    tab.press(" ");
    tab.until("a file", || tab.run("return files.length") == json!(1));
    tab.press(Key::Escape + "");
    tab.until("the sheet is closed", || !tab.css("dialog.files").is_shown());
    let focused = "return document.activeElement.hasAttribute('data-export')";
    assert_eq!(tab.run(focused), json!(true), "the focus is where it was");
    lab.same("nothing has changed");
}

fn dropped(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "second-destination");
    let (kept, shown) = (scenario::write(&state(&lab)), lab.shown());
    let other = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for place in ["main", "section.rail input", "body"] {
        let taken = tab.run_with(
            "const brought = new DataTransfer();
             brought.items.add(new File([arguments[0]], 'dropped.json'));
             const over = (name) => {
               const event = new DragEvent(name, { dataTransfer: brought, bubbles: true, cancelable: true });
               document.querySelector(arguments[1]).dispatchEvent(event);
               return event.defaultPrevented;
             };
             return [over('dragover'), over('drop')];",
            vec![kept.clone().into(), place.into()],
        );
        assert_eq!(taken, json!([true, true]), "{place}");
        tab.until("what the file holds", || is_ready(tab) && other.shown() == shown);
        assert!(!tab.css("dialog.files").is_shown());
        tab.run("history.back()");
        tab.until("what was there", || is_ready(tab) && other.shown() != shown);
    }
}

fn too_long(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Connect);
    open_sheet(tab, "Export");
    // A file of 700 MB that nobody can read.
    tab.run(
        "const field = document.querySelector('dialog.files [type=file]');
         const huge = new File(['{}'], 'huge.json');
         Object.defineProperty(huge, 'size', { value: 700_000_000 });
         for (const read of ['text', 'arrayBuffer', 'stream', 'slice'])
           huge[read] = () => { window.read = true; throw new Error('too long'); };
         Object.defineProperty(field, 'files', { value: [huge], configurable: true });
         field.dispatchEvent(new Event('change'));",
    );
    tab.until("it says so", || said(tab).contains("longer than 4,194,304 bytes"));
    assert_eq!(tab.run("return window.read === undefined"), json!(true));
    tab.press(Key::Escape + "");
    lab.same("nothing has changed");
}

fn besides(tab: &Tab) {
    for (words, [export, told]) in
        BOTH.into_iter().zip([["Export", "left out of it: note"], ["导出", "未采用：note"]])
    {
        let lab = Lab::open(tab, words, "second-destination");
        let kept = scenario::write(&state(&lab)).replacen('{', "{\"note\": \"for Monday\", ", 1);
        let shown = lab.shown();
        let other = Lab::open(tab, words, "sixteen-ports");
        open_sheet(tab, export);
        choose(tab, &kept);
        tab.until("what the file holds", || is_ready(tab) && other.shown() == shown);
        tab.until("what was left out", || tab.text().contains(told));
    }
}
