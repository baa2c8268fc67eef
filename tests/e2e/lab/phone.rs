//! The lab in a hand: whoever can't hover reads a port's story, too, and who turns the phone never
//! sees a page wider than it.

use error99_e2e::Hand::{self, Finger, Mouse, Pen};
use error99_e2e::{Act, Engine, Tab};
use serde_json::json;
use thirtyfour::Key;

use crate::{OTHERS, Test, test};

/// WebKitGTK's driver knows no fingers.
const NO_FINGERS: &[Engine] = &[Engine::WebKitGtk];

pub fn tests() -> Vec<Test> {
    let tests = [
        test("a tap on a port of a phone shows its story and offers to run until there", tapped),
        test("the story of a port that a finger has tapped stays", |tab| stays(tab, Finger)),
        test("a port's story follows what the reader last looked at", follows),
        test("a scroll that begins on the page of ports looks at no port", scrolled),
    ];
    let tests = tests.map(|test| test.except(NO_FINGERS, "its driver knows no fingers"));
    let turned = test("a phone that is turned never makes the page wider than it", turned)
        .except(OTHERS, "only Chromium can be told to show any page in a frame");
    let pen = test("the story of a port that a pen has tapped stays", |tab| stays(tab, Pen))
        .except(OTHERS, "its driver has no pen");
    tests.into_iter().chain([turned, pen]).collect()
}

const LANGS: [(&str, &str, &str); 2] =
    [("/", "Run until here", "Put away"), ("/zh-CN/", "运行到这里", "收起")];

fn open(tab: &Tab, path: &str) {
    tab.resize(390, 844);
    tab.open(path);
    tab.until("the machine stands", || {
        tab.run("return document.querySelector('.lab').dataset.ready") == json!("true")
    });
    tab.run("document.querySelector('.map').scrollIntoView({ block: 'center' })");
}

/// Waits until the page glides no further: a finger that has let go leaves it moving.
fn until_still(tab: &Tab) {
    let still = "const [done] = arguments;
        const before = scrollY;
        const later = (frames) => frames === 0 ? done(scrollY === before) :
          requestAnimationFrame(() => later(frames - 1));
        later(6)";
    tab.until("the page stands still", || tab.run_async(still, vec![]) == json!(true));
}

/// A point of the page of ports, in shares of its width and height.
fn point(tab: &Tab, across: f64, down: f64) -> (i32, i32) {
    let at = tab.run_with(
        "const box = document.querySelector('.map canvas').getBoundingClientRect();
         return [box.left + box.width * arguments[0], box.top + box.height * arguments[1]]",
        vec![across.into(), down.into()],
    );
    let [x, y] = [0, 1].map(|at_| at[at_].as_f64().expect("a number") as i32);
    (x, y)
}

fn tap(tab: &Tab, hand: Hand, (x, y): (i32, i32)) {
    tab.hand(hand, &[Act::To(x, y), Act::Down, Act::Up]);
}

/// Words that an element shows; none if it isn't there.
fn words(tab: &Tab, selector: &str) -> Option<String> {
    let words = "return document.querySelector(arguments[0])?.textContent ?? null";
    tab.run_with(words, vec![selector.into()]).as_str().map(ToOwned::to_owned)
}

/// The story that is told under the page, when there is one.
fn pinned(tab: &Tab) -> String {
    tab.until_some("a port's story", || words(tab, ".pinned p"))
}

/// The port whose cell lies there, as a resting mouse is told.
fn port_at(tab: &Tab, (x, y): (i32, i32)) -> String {
    tab.hand(Mouse, &[Act::To(x, y)]);
    let port = tab.until_some("the port under the mouse", || words(tab, ".tip b"));
    tab.hand(Mouse, &[Act::To(2, 2)]);
    tab.until("the mouse has left", || words(tab, ".tip").is_none());
    port
}

fn tapped(tab: &Tab) {
    for (root, run, away) in LANGS {
        open(tab, &format!("{root}lab/"));
        let at = point(tab, 0.7, 0.6);
        let port = port_at(tab, at);
        tap(tab, Finger, at);
        assert!(pinned(tab).starts_with(&port), "{} is not about {port}", pinned(tab));
        let below = "const [map, story] = ['.map', '.pinned'].map((part) => document.querySelector(part).getBoundingClientRect());
            return story.top >= map.bottom - 1 && story.bottom <= map.bottom + 120";
        assert_eq!(tab.run(below), json!(true), "the story stands under the page");
        let now = words(tab, ".map .chip b");
        tab.button(run).click();
        tab.until("the walk has come to that port", || {
            words(tab, ".map .chip b") == Some(port.clone())
        });
        assert_ne!(now, Some(port.clone()));
        assert!(pinned(tab).starts_with(&port));
        tab.button(away).click();
        tab.until("the story is put away", || words(tab, ".pinned").is_none());
    }
}

/// Whatever the hand did, and whatever else is done then.
fn stays(tab: &Tab, hand: Hand) {
    open(tab, "/lab/");
    let (one, other) = (point(tab, 0.3, 0.4), point(tab, 0.6, 0.7));
    let [first, second] = [one, other].map(|at| port_at(tab, at));
    let long = |(x, y)| [Act::To(x, y), Act::Down, Act::Wait(900), Act::Up];
    let twice = |(x, y)| [Act::To(x, y), Act::Down, Act::Up, Act::Wait(40), Act::Down, Act::Up];
    for (what, at, port) in [("a tap", one, &first), ("a tap elsewhere", other, &second)] {
        tap(tab, hand, at);
        tab.until(what, || pinned(tab).starts_with(port));
    }
    tab.hand(hand, &twice(one));
    tab.until("two taps", || pinned(tab).starts_with(&first));
    tab.hand(hand, &long(other));
    tab.until("a long press", || pinned(tab).starts_with(&second));
    // The hand goes away, the page is scrolled, the focus goes elsewhere, a step is made.
    tab.hand(hand, &[Act::To(2, 2)]);
    tab.run("scrollBy(0, 200); document.querySelector('.keys button').focus()");
    tab.css(".keys button:nth-child(4)").press(Key::Enter + "");
    tab.run("scrollBy(0, -200)");
    assert!(pinned(tab).starts_with(&second), "it went: {}", pinned(tab));
}

fn follows(tab: &Tab) {
    open(tab, "/lab/");
    let at = point(tab, 0.5, 0.5);
    let port = port_at(tab, at);
    tab.css(".map .sheet").press(Key::Right + "");
    tab.until("a key looks at a port", || words(tab, ".tip").is_some());
    tap(tab, Finger, at);
    assert!(pinned(tab).starts_with(&port));
    tab.until("one story is told", || words(tab, ".tip").is_none());
    // From the tapped port the arrows go on.
    tab.css(".map .sheet").press(Key::Left + "");
    let before = tab.until_some("the port before", || words(tab, ".tip b"));
    let number = |port: &str| port.replace(',', "").parse::<u32>().expect("a port");
    assert_eq!(number(&before) + 1, number(&port));
    assert_eq!(words(tab, ".pinned"), None);
    tap(tab, Finger, at);
    pinned(tab);
    tab.css(".map .sheet").press(Key::Escape + "");
    tab.until("Escape puts it away", || words(tab, ".pinned").is_none());
}

fn scrolled(tab: &Tab) {
    open(tab, "/lab/");
    let (x, y) = point(tab, 0.5, 0.8);
    let up = [50, 100, 150, 200].map(|by| Act::To(x, y - by));
    let swipe = |first: Act| [&[Act::To(x, y), Act::Down, first], &up[..], &[Act::Up]].concat();
    tab.hand(Finger, &swipe(Act::To(x, y - 20)));
    assert_eq!(words(tab, ".pinned"), None);
    assert_eq!(words(tab, ".tip"), None);
    // What was looked at before stays.
    until_still(tab);
    tab.run("document.querySelector('.map').scrollIntoView({ block: 'center' })");
    tap(tab, Finger, point(tab, 0.2, 0.2));
    let story = pinned(tab);
    let (x, y) = point(tab, 0.5, 0.8);
    tab.hand(Finger, &[Act::To(x, y), Act::Down, Act::To(x, y - 30), Act::To(x, y - 180), Act::Up]);
    assert_eq!(pinned(tab), story);
}

/// In a frame, whose size changes at once: what the page does about it comes later, and until then
/// it must fit, too.
fn turned(tab: &Tab) {
    for path in ["/lab/", "/zh-CN/lab/", "/embed/lab/", "/"] {
        tab.set_policies(false);
        tab.visit("/about/");
        tab.run_with(
            "const frame = document.createElement('iframe');
             frame.style = 'position: fixed; inset: 0; width: 844px; height: 390px; border: 0';
             frame.src = arguments[0];
             document.body.append(frame)",
            vec![path.into()],
        );
        tab.until("the page in the frame lives", || {
            tab.run(
                "const page = document.querySelector('iframe').contentDocument;
                 const lab = page.querySelector('.lab');
                 return page.documentElement.dataset.boot !== undefined && (!lab || lab.dataset.ready === 'true')",
            ) == json!(true)
        });
        let too_wide = tab.run_async(
            "const frame = document.querySelector('iframe');
             const sizes = [[390, 844], [844, 390], [320, 700], [1440, 900], [375, 667], [1024, 768]];
             const turn = ([width, height]) =>
               Object.assign(frame.style, { width: `${width}px`, height: `${height}px` });
             const frames = () => new Promise((ready) => requestAnimationFrame(() => requestAnimationFrame(ready)));
             (async (done) => {
               const found = [];
               for (const from of sizes) {
                 turn(from);
                 await frames();
                 // None of these is waited for.
                 for (const to of sizes) {
                   turn(to);
                   const { scrollWidth } = frame.contentDocument.documentElement;
                   if (scrollWidth > to[0]) found.push(`${from} to ${to}: ${scrollWidth} px wide`);
                 }
               }
               done(found);
             })(arguments[0])",
            vec![],
        );
        assert_eq!(too_wide, json!([]), "{path}");
    }
}
