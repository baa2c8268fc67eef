//! Parts of the site in somebody else's page: the demo page, on a server of its own.

use crate::{NO_BROWSER, Test, test};
use error99_e2e::{Engine, Key, Server, Site, Tab, root};
use error99_replay::link;
use serde_json::{Value, json};
use std::fs;

pub fn tests() -> Vec<Test> {
    vec![
        test("embed: frames in a foreign page are as high as what they hold", resized),
        test("embed: a picture is operated inside its frame", operated),
        test("embed: the lab in a frame keeps its keys, and leaves the host's history alone", lab)
            .except(
                &[Engine::WebKitGtk],
                "its driver misses what lies in a frame that was scrolled to",
            ),
        test("embed: what doesn't look like a height of the page's own frames is ignored", ignored),
        test("embed: an address asks for its theme", theme),
        test("embed: the lines to copy lead to what is shown", lines),
        test("embed: only embeds may stand in foreign frames", guarded).once(NO_BROWSER),
        test("embed: in a frame without an origin everything works", sandboxed).except(
            &[Engine::WebKitGtk],
            "WebKit lets no frame without an origin run scripts of the site: it says so there",
        ),
        test("embed: a frame that may not use its own files says so, in a box", cut_off),
    ]
}

/// Opens the demo page of the documentation on another origin, with frames of this site; `name`
/// is the test's own.
fn demo(tab: &Tab, name: &str) -> Server {
    let page = fs::read_to_string(root().join("docs/embed-demo.html")).expect("the demo page");
    let origin = tab.server().origin();
    let page = page.replace("https://error99.example", &origin);
    let folder = root().join("target/foreign").join(name);
    fs::create_dir_all(&folder).expect("a folder of another site");
    fs::write(folder.join("index.html"), page).expect("a page of another site");
    let foreign = Server::foreign(folder).expect("a port is free");
    tab.open_on(&foreign, "/");
    foreign
}

const PICTURE: &str = "iframe[src*='/embed/where-the-walk-starts/']";
const LAB: &str = "iframe[src*='/embed/lab/']";

fn height(tab: &Tab, frame: &str) -> f64 {
    let script = "return document.querySelector(arguments[0]).clientHeight";
    tab.run_with(script, vec![frame.into()]).as_f64().unwrap_or(0.0)
}

/// Waits until the frame is as high as what it holds, and nothing in it needs to be scrolled.
fn until_fits(tab: &Tab, frame: &str) {
    // Frames are loaded when they come near.
    tab.css(frame);
    tab.run_with("document.querySelector(arguments[0]).scrollIntoView()", vec![frame.into()]);
    // What it holds may still grow, and its height then follows a moment later.
    let inside = || {
        let height = "const main = document.querySelector('main.embed');
             const scrolls = document.scrollingElement.scrollHeight > innerHeight + 1;
             return document.documentElement.dataset.boot === 'done' && main && !scrolls ?
               Math.ceil(main.getBoundingClientRect().height) : 0";
        tab.inside(frame, |tab| tab.run(height)).as_f64().unwrap_or(0.0)
    };
    tab.until("a frame of its height, without a scroll bar", || {
        let inside = inside();
        inside > 100.0 && (height(tab, frame) - inside).abs() < 2.0
    });
}

fn resized(tab: &Tab) {
    let _foreign = demo(tab, "resized");
    for frame in [PICTURE, LAB] {
        until_fits(tab, frame);
    }
    let wide = height(tab, LAB);
    tab.resize(500, 900);
    tab.until("another height", || height(tab, LAB) != wide);
    until_fits(tab, LAB);
}

fn operated(tab: &Tab) {
    let _foreign = demo(tab, "operated");
    until_fits(tab, PICTURE);
    tab.inside(PICTURE, |tab| {
        let said = || tab.css(".said").text();
        tab.until("the picture lives", || tab.css(".said").is_shown());
        let before = said();
        tab.button("connect()").click();
        tab.until("another sentence", || said() != before);
        let link = tab.link("Open this in the lab").attribute("href").unwrap_or_default();
        let (_, state) = link.split_once("/lab/#m=").expect("a link into the lab");
        link::read(state).expect("with a state that can be read");
        assert_eq!(tab.run("return document.querySelector('base').target"), json!("_blank"));
    });
}

fn machine_stands(tab: &Tab) {
    tab.until("the machine stands", || {
        tab.run("return document.querySelector('.lab').dataset.ready") == json!("true")
    });
}

fn lab(tab: &Tab) {
    let _foreign = demo(tab, "lab");
    let entries = tab.run("return history.length");
    until_fits(tab, LAB);
    let href = tab.inside(LAB, |tab| {
        machine_stands(tab);
        let before = tab.region("This step").text();
        let home = tab.button("To the start of this call");
        home.press(Key::Enter + "");
        tab.until("another step", || tab.region("This step").text() != before);
        let first = tab.region("This step").text();
        home.press(Key::Right + "");
        tab.until("the next step", || tab.region("This step").text() != first);
        tab.until("the address of the frame", || {
            tab.run("return location.hash.startsWith('#m=')") == json!(true)
        });
        // Clicked by script, prevented: no second window in a test.
        tab.run(
            "addEventListener('click', (event) => event.preventDefault());
             document.querySelector('[data-open]').click()",
        );
        tab.css("[data-open]").attribute("href").unwrap_or_default()
    });
    let (place, state) = href.split_once("#m=").expect("a state");
    assert_eq!(place, format!("{}/lab/", tab.server().origin()));
    assert!(link::read(state).is_ok());
    assert_eq!(tab.run("return history.length"), entries, "the host's history is its own");
    assert_eq!(tab.run("return counted.value"), json!("0"));
    assert_eq!(tab.inside(LAB, |tab| tab.run("return localStorage.length")), json!(0));
}

fn ignored(tab: &Tab) {
    let _foreign = demo(tab, "ignored");
    until_fits(tab, PICTURE);
    let before = height(tab, PICTURE);
    tab.run_with(
        "const frame = document.querySelector(arguments[0]);
         window.heights = [];
         new MutationObserver(() => heights.push(frame.clientHeight))
           .observe(frame, { attributes: true });",
        vec![PICTURE.into()],
    );
    for data in ["{ type: 'error99:height', height: 77 }", "null", "'error99:height'"] {
        tab.run(&format!("postMessage({data}, '*')"));
    }
    for height in ["-5", "'9'.repeat(9)", "1e9", "NaN", "{}"] {
        tab.inside(PICTURE, |tab| {
            let message = format!("{{ type: 'error99:height', height: {height} }}");
            tab.run(&format!("parent.postMessage({message}, '*')"))
        });
    }
    // Messages come in their order: after this one all others have been read.
    let last = before + 50.0;
    tab.inside(PICTURE, |tab| {
        tab.run(&format!("parent.postMessage({{ type: 'error99:height', height: {last} }}, '*')"))
    });
    tab.until("a height of the frame's own", || height(tab, PICTURE) == last);
    // The frame may have said its own height once more meanwhile.
    let only = "return heights.every((height) => arguments[0].includes(height)) || heights";
    assert_eq!(tab.run_with(only, vec![json!([before, last])]), json!(true));
}

fn theme(tab: &Tab) {
    for (theme, ground) in [("dark", "rgb(18, 20, 22)"), ("light", "rgb(250, 249, 245)")] {
        tab.open(&format!("/zh-CN/embed/where-the-walk-starts/?theme={theme}"));
        let colour = tab.run("return getComputedStyle(document.body).backgroundColor");
        assert_eq!(colour, json!(ground));
        assert_eq!(tab.run("return document.documentElement.lang"), json!("zh-CN"));
    }
}

/// The address that the lines of the page lead to.
fn embedded(tab: &Tab, summary: &str) -> String {
    tab.css(summary).click();
    // The page hears of what was opened in a later task, and makes them then.
    let lines = tab.until_some("the lines to copy", || {
        let script =
            "return document.querySelector(arguments[0]).parentElement.querySelector('textarea')?.value";
        tab.run_with(script, vec![summary.into()]).as_str().map(ToOwned::to_owned)
    });
    let origin = tab.server().origin();
    let parsed = tab.run_with(
        "const page = new DOMParser().parseFromString(arguments[0], 'text/html');
         const { src, title, loading } = page.querySelector('iframe');
         return [src, title, loading, page.querySelector('script').src]",
        vec![lines.replace(" style=\"border: 0; max-width: 100%\"", "").into()],
    );
    let Value::Array(parsed) = parsed else { panic!("no lines") };
    let text = |at: usize| parsed[at].as_str().unwrap_or_default();
    assert_eq!(text(2), "lazy");
    assert!(text(1).len() > 10, "a title");
    assert_eq!(text(3), format!("{origin}/embed.js"));
    text(0).strip_prefix(&origin).expect("an address of this site").to_owned()
}

fn lines(tab: &Tab) {
    tab.open("/");
    let path = embedded(tab, "#picture-where-the-walk-starts .embed-this summary");
    assert_eq!(path, "/embed/where-the-walk-starts/");
    tab.open("/lab/?scenario=sixteen-ports");
    machine_stands(tab);
    tab.button("Connect").click();
    tab.until("the act", || tab.path().contains("#m="));
    let state = tab.path().replace("/lab/", "/embed/lab/");
    assert_eq!(embedded(tab, ".bar .embed-this summary"), state);
    let sentence = tab.region("This step").text();
    tab.open("/scenarios/");
    tab.open(&state);
    tab.until("the same moment", || tab.region("This step").text() == sentence);
}

fn guarded(tab: &Tab) {
    let policy = |path: &str| {
        let answer = tab.server().get(path).expect("the server answers");
        assert_eq!(answer.status, 200, "{path}");
        answer.header("content-security-policy").unwrap_or_default().to_owned()
    };
    for path in ["/embed/lab/", "/zh-CN/embed/lab/", "/embed/where-the-walk-starts/"] {
        assert!(policy(path).contains("frame-ancestors *"), "{path}");
    }
    for path in ["/", "/lab/", "/zh-CN/scenarios/"] {
        assert!(policy(path).contains("frame-ancestors 'self'"), "{path}");
    }
}

/// A foreign page with a frame that has no origin of its own, with this page of `site` in it.
fn sandbox(tab: &Tab, name: &str, site: &Server, path: &str) -> Server {
    let folder = root().join("target/foreign").join(name);
    fs::create_dir_all(&folder).expect("a folder of another site");
    let frame = format!(
        "<!doctype html><link rel=icon href=data:,><title>Course</title>\
         <iframe sandbox=\"allow-scripts\" width=800 height=700 src=\"{}{path}\"></iframe>",
        site.origin()
    );
    fs::write(folder.join("index.html"), frame).expect("a page of another site");
    let foreign = Server::foreign(folder).expect("a port is free");
    tab.open_on(&foreign, "/");
    foreign
}

fn sandboxed(tab: &Tab) {
    let site = Server::start(root().join("dist")).expect("a port is free");
    tab.visit_on(&site, "/about/");
    // Chromium's driver computes no names in a frame without an origin.
    for (path, button) in [
        ("/embed/lab/", ".transport [aria-label='Step back']"),
        ("/zh-CN/embed/where-the-walk-starts/", ".controls .btn"),
    ] {
        let _foreign = sandbox(tab, "sandboxed", &site, path);
        tab.inside("iframe", |tab| {
            tab.until("the part lives", || {
                tab.run("return document.querySelector('[data-live]')?.dataset.awake !== undefined") == json!(true)
            });
            let origin = tab.run("return origin");
            assert_eq!(origin, json!("null"));
            let said = || tab.css(if path.contains("lab") { ".say" } else { ".said" }).text();
            let before = said();
            tab.css(button).click();
            tab.until("another sentence", || said() != before);
            assert!(!before.is_empty());
            let styled = "const [done] = arguments;
                const { paddingLeft } = getComputedStyle(document.querySelector('main'));
                const { display } = getComputedStyle(document.querySelector('dialog'));
                document.fonts.load('16px Figtree').then(
                  ([font]) => done([paddingLeft, font?.status, display]), ({ message }) => done(message))";
            assert_eq!(tab.run_async(styled, vec![]), json!(["16px", "loaded", "none"]));
        });
    }
}

fn cut_off(tab: &Tab) {
    // A host that doesn't send the header that lets a frame without an origin use the files.
    let folder = root().join("dist");
    let site = Site { folder, foreign: true, ..Site::default() };
    let site = Server::on(0, site).expect("a port is free");
    tab.visit_on(&site, "/about/");
    for (path, words) in
        [("/embed/lab/", "could not be loaded"), ("/zh-CN/embed/calendar/", "未能加载")]
    {
        let _foreign = sandbox(tab, "cut-off", &site, path);
        tab.inside("iframe", |tab| {
            let notice = tab.css("dialog");
            tab.until("the notice", || notice.is_shown() && notice.text().contains(words));
            let link = "const link = document.querySelector('dialog a'); return [link.href, link.target || document.querySelector('base').target]";
            assert_eq!(tab.run(link), json!([format!("{}{path}", site.origin()), "_blank"]));
            let boxed = "const { borderTopStyle, backgroundColor } = getComputedStyle(document.querySelector('dialog'));
                return borderTopStyle !== 'none' && backgroundColor !== 'rgba(0, 0, 0, 0)'";
            assert_eq!(tab.run(boxed), json!(true));
        });
    }
    tab.console();
}
