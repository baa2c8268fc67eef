//! The state of the lab in the address: reload, back, forward, share, what a bad link says, and
//! what is offered when the page comes back or its program fails.

use crate::lab::model::Do;
use crate::lab::page::{Lab, Shown, is_ready, open};
use crate::lab::words::{BOTH, ENGLISH};
use crate::{OTHERS, SAME_CODE, Test, test, thousands};
use error99_e2e::Tab;
use error99_kernel::{Addr, Call};
use error99_replay::history::ALL_CALLS;
use error99_replay::link::{self, Saved};
use error99_replay::{Act, Load, catalogue};
use serde_json::json;

pub fn tests() -> Vec<Test> {
    vec![
        test(
            "links: an act is an entry of the history, a step isn't; back and forward lead there exactly",
            travel,
        ),
        test("links: branches come back with the link, and so does the client", branches),
        test("links: reload keeps the state, and a link opened anew shows the same", reload),
        test(
            "links: the language link takes the state along, and a place in the page leaves it",
            in_page,
        ),
        test("links: Share copies the address of the state", share),
        test("links: the address of a scenario is its own until something moves", scenario),
        test("links: a torn, a later and a too long link say so, in both languages", bad_links)
            .once(SAME_CODE),
        test("links: a bad link behind a living lab changes nothing", bad_link_later),
        test(
            "links: a link that asks for very much shows how far it is, and can be stopped",
            long_work,
        ),
        test(
            "links: what asks for hours asks first, in embeds too, and runs only if wanted",
            asked,
        ),
        test("links: a link that has suffered on its way is read and put right", mangled),
        test("links: a hundred acts in a hurry don't wear the browser out", hurry),
        test("links: who comes back is offered to go on", come_back),
        test("links: storage that is refused is nobody's trouble", no_storage),
        test("links: a program that traps leaves the link and a way to try again", trap),
        test("links: WebAssembly that doesn't arrive is said on the page", no_webassembly)
            .except(OTHERS, "only Chromium's driver can hold requests back"),
    ]
}

/// The text of the link in the address, empty if there is none.
fn state(tab: &Tab) -> String {
    tab.path().split_once("#m=").map(|(_, link)| link.to_owned()).unwrap_or_default()
}

/// Waits until the address says the state that is shown.
fn written(tab: &Tab) -> String {
    tab.until("the address of the state", || {
        tab.run(
            "const host = document.querySelector('[data-live=lab]');
             host.dispatchEvent(new Event('save'));
             return location.hash === '#m=' + host.dataset.link",
        ) == json!(true)
    });
    state(tab)
}

/// Counts the entries of the history that the page makes from now on; browsers themselves count no
/// further than fifty.
fn count_entries(tab: &Tab) {
    tab.run(
        "const push = history.pushState;
         window.entries = 0;
         history.pushState = function (...entry) { window.entries += 1; push.apply(this, entry); }",
    );
}

fn entries(tab: &Tab) -> u64 {
    tab.run("return window.entries").as_u64().unwrap_or(0)
}

fn until_shown(lab: &Lab, must: &Shown) {
    lab.tab.until("the state of the address", || is_ready(lab.tab) && lab.shown() == *must);
}

fn travel(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    count_entries(tab);
    lab.act(Do::Connect);
    let one = (lab.shown(), written(tab));
    lab.act(Do::UntilError);
    lab.act(Do::Start);
    lab.act(Do::Forward);
    lab.act(Do::Jump(9));
    let two = (lab.shown(), written(tab));
    assert_eq!(entries(tab), 2, "two acts, and steps that leave the history alone");
    lab.act(Do::Forward);
    // The step is in the entry that the next act leaves behind, however soon it comes.
    let stepped = lab.shown();
    lab.act(Do::TwReuse);
    let three = (lab.shown(), written(tab));
    tab.back();
    until_shown(&lab, &stepped);
    assert_ne!(state(tab), two.1);
    tab.back();
    until_shown(&lab, &one.0);
    assert_eq!(state(tab), one.1);
    tab.forward();
    until_shown(&lab, &stepped);
    tab.forward();
    until_shown(&lab, &three.0);
    assert_eq!(state(tab), three.1);
    assert_eq!(entries(tab), 3);
}

fn branches(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [
        Do::Destination(Addr::new(10, 0, 0, 9)),
        Do::Connect10,
        Do::Connect,
        Do::Mark(0),
        Do::OneMinute,
        Do::DestinationPort(443),
    ] {
        lab.act(act);
    }
    assert!(tab.has("button", "2 branches"));
    let (shown, address) = (lab.shown(), written(tab));
    tab.open("/scenarios/");
    open(tab, &format!("/lab/#m={address}"));
    until_shown(&lab, &shown);
    assert!(tab.has("button", "2 branches"));
    let saved = link::read(&address).expect("the page writes links");
    assert_eq!(saved.client.dport, 443);
    assert_eq!(saved.history, *lab.model.machine.history(), "all of it, and nothing else");
}

fn reload(tab: &Tab) {
    for words in BOTH {
        let mut lab = Lab::open(tab, words, "busy-client");
        lab.act(Do::TwReuse);
        lab.act(Do::Connect);
        lab.act(Do::Back);
        written(tab);
        tab.reload();
        lab.same("after reloading");
        assert!(!tab.path().contains('?'), "the link has taken the scenario's place");
    }
}

fn in_page(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "second-destination");
    lab.act(Do::Connect);
    let address = written(tab);
    tab.run("document.querySelector('a.skip').click()");
    assert_eq!(tab.run("return document.activeElement.id"), json!("main"));
    assert_eq!(state(tab), address);
    tab.run("document.querySelector('a[href=\"#lab-machine\"]').click()");
    assert_eq!(state(tab), address);
    tab.link("中文").click();
    tab.until("the Chinese lab", || tab.path() == format!("/zh-CN/lab/#m={address}"));
    tab.until_awake();
    let mut chinese = Lab::open_at(tab, BOTH[1], "second-destination");
    chinese.model = lab.model;
    chinese.same("in the other language");
}

/// What the page copies, once it has copied something.
fn copied(tab: &Tab) -> String {
    tab.run(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
           writeText: async (text) => { document.body.dataset.copied = text; } } })",
    );
    tab.button("Share").click();
    let read = || tab.run("return document.body.dataset.copied ?? ''");
    tab.until("a copy", || read() != json!(""));
    read().as_str().unwrap_or_default().to_owned()
}

fn share(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "live-connections");
    lab.act(Do::Connect);
    lab.act_unseen(&Do::Start);
    let address = copied(tab);
    tab.until("it says so", || tab.text().contains("Copied"));
    lab.same("sharing changes nothing");
    let path = address.strip_prefix(&tab.server().origin()).expect("an address of this site");
    assert_eq!(tab.path(), path);
    tab.open("/scenarios/");
    open(tab, path);
    lab.same("whoever follows the link");
}

fn scenario(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "one-second-rule");
    let address = copied(tab);
    assert!(address.ends_with("/lab/?scenario=one-second-rule"), "{address}");
    let opened = lab.shown();
    lab.act(Do::OneSecond);
    written(tab);
    tab.back();
    until_shown(&lab, &opened);
    assert_eq!(tab.path(), "/lab/?scenario=one-second-rule");
}

/// Bad links, and what is said of each in both languages.
fn bad() -> [(String, [&'static str; 2]); 4] {
    let good = link::write(&catalogue::opening().saved());
    let flip = if good.ends_with('A') { "B" } else { "A" };
    [
        (good[..good.len() - 1].to_owned() + flip, ["The link is torn", "链接不完整"]),
        ("hello".into(), ["not a link of this page", "不是本页的链接"]),
        (good.replacen('1', "9", 1), ["a later version of this page", "更新版本"]),
        ("1".repeat(70_000), ["longer than 65,536 characters", "超过 65,536 个字符"]),
    ]
}

fn loaded(tab: &Tab) -> String {
    tab.css("[aria-labelledby=lab-loaded] p").text()
}

fn bad_links(tab: &Tab) {
    for (at, words) in BOTH.into_iter().enumerate() {
        let opening = Lab::open(tab, words, catalogue::opening().key).shown();
        for (link, said) in bad() {
            tab.open("/scenarios/");
            open(tab, &format!("{}lab/#m={link}", words.root));
            let lab = Lab::open_at(tab, words, catalogue::opening().key);
            assert_eq!(lab.shown(), opening, "the usual machine");
            assert!(loaded(tab).contains(said[at]), "{}", loaded(tab));
            let alerts = || tab.css("[data-notice=said]").text().contains(said[at]);
            tab.until("it's said", alerts);
            tab.open("/scenarios/");
            open(tab, &format!("{}embed/lab/#m={link}", words.root));
            tab.until("it's said in an embed", alerts);
        }
    }
}

fn bad_link_later(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Connect);
    written(tab);
    for (link, said) in bad() {
        tab.run_with("location.hash = 'm=' + arguments[0]", vec![link.into()]);
        tab.until("the notice", || tab.text().contains(said[0]));
        lab.same("nothing has changed");
    }
    lab.act(Do::Connect);
    written(tab);
    assert!(!tab.text().contains("longer than"), "the notice has gone");
    tab.reload();
    lab.same("and nothing is lost");
}

/// A link to a machine with a million connects, each of which looks at every port.
fn endless() -> String {
    let mut saved: Saved = catalogue::find("live-connections").expect("a scenario").saved();
    push(&mut saved, Load::burst(Addr::new(10, 0, 0, 2), 80, 1_000_000));
    let tip = saved.history.tip;
    let wait = Act::Call(Call::Advance { ms: 1 });
    saved.history.push(tip, ALL_CALLS, wait).expect("one act more");
    saved.history.at.done = u32::MAX;
    link::write(&saved)
}

/// Appends a load.
fn push(saved: &mut Saved, load: Load) {
    let load = Load { first_socket: saved.history.next_socket(), ..load };
    let tip = saved.history.tip;
    saved.history.push(tip, ALL_CALLS, Act::Load(load)).expect("a load within its limits");
}

fn long_work(tab: &Tab) {
    tab.open(&format!("/lab/#m={}", endless()));
    tab.button("Stop").click();
    tab.until("it stands where it was stopped", || is_ready(tab));
    assert!(!tab.has("button", "Stop"), "nothing runs any more");
    let saved = link::read(&written(tab)).expect("the page writes links");
    let made = saved.history.acts.iter().find_map(|node| node.stopped);
    assert!(made.is_some_and(|made| made < 2_000_000), "the load ends where it was: {made:?}");
    // The same behind a lab that stands already, and another address before it is done.
    let lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    let opened = lab.shown();
    tab.run_with("location.hash = 'm=' + arguments[0]", vec![endless().into()]);
    tab.until("it runs", || tab.has("button", "Stop"));
    // WebKit's own way back leaves out entries that a script has added.
    tab.run("history.back()");
    until_shown(&lab, &opened);
}

/// A hundred loads at a machine whose ports are soon taken: few of them, since the page boots it for
/// every question.
fn hours() -> Saved {
    let mut saved = catalogue::find("sixteen-ports").expect("a scenario").saved();
    for _ in 0..100 {
        // Each connection is closed at once: there is room for the next one.
        let load = Load { hold_ms: Some(0), ..Load::burst(Addr::new(10, 0, 0, 2), 80, 1_000_000) };
        push(&mut saved, load);
    }
    saved.history.at.done = u32::MAX;
    saved
}

fn asked(tab: &Tab) {
    let hours = hours();
    let calls = thousands(hours.history.work().calls);
    let hours = link::write(&hours);
    for (root, question, run, leave, stop) in [
        ("/", "This link asks for up to ", "Run it", "Don’t run it", "Stop"),
        ("/zh-CN/", "这个链接最多要求 ", "运行", "不运行", "停止"),
    ] {
        let question = &format!("{question}{calls} ");
        for place in ["lab", "embed/lab"] {
            tab.open("/scenarios/");
            tab.open(&format!("{root}{place}/#m={hours}"));
            tab.until("the question", || tab.text().contains(question));
            assert!(!tab.has("button", stop), "nothing runs yet");
            tab.button(leave).click();
            tab.until("the machine, not run", || is_ready(tab));
            tab.reload();
            tab.until("the question again", || tab.text().contains(question));
            tab.button(run).click();
            tab.button(stop).click();
            tab.until("it stands where it was stopped", || is_ready(tab));
        }
    }
    // Behind a lab that stands: it stays as it is, unless the reader wants it.
    let lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    tab.run_with("location.hash = 'm=' + arguments[0]", vec![hours.as_str().into()]);
    tab.button("Don’t run it").click();
    lab.same("nothing was run");
}

fn mangled(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Connect);
    lab.act(Do::OneMinute);
    let (shown, address) = (lab.shown(), written(tab));
    let (head, tail) = address.split_at(address.len() / 2);
    for hash in [
        format!("#m={address}."),
        format!("##m={address})"),
        format!("#M%3D{head}%E2%80%8B{tail}&utm_source=mail"),
        format!("#m={head}%20%0A{tail}"),
    ] {
        tab.open("/scenarios/");
        open(tab, &format!("/lab/{hash}"));
        until_shown(&lab, &shown);
        assert_eq!(state(tab), address, "the address is put right");
    }
}

fn hurry(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    tab.run_async(
        "const done = arguments[0];
         const button = document.querySelector('button[aria-label=\"Let 1 s pass\"]');
         let left = 260;
         const press = () => { button.click(); if (left--) setTimeout(press, 4); else done(); };
         press();",
        vec![],
    );
    tab.until("the last of them is in the address", || {
        let saved = link::read(&state(tab)).ok();
        saved.is_some_and(|saved| saved.history.acts.len() == 261)
    });
    assert!(is_ready(lab.tab));
}

fn come_back(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Connect10);
    let address = written(tab);
    let shown = lab.shown();
    open(tab, "/lab/?scenario=wrap-at-2-32");
    assert!(!tab.has("link", "Go on where you were"), "this address has a state of its own");
    open(tab, "/lab/");
    tab.link("Go on where you were").click();
    until_shown(&lab, &shown);
    assert_eq!(state(tab), address);
    assert!(!tab.has("link", "Go on where you were"));
    open(tab, "/zh-CN/lab/");
    tab.link("从上次的地方继续");
    tab.button("关闭此提示").click();
    assert!(!tab.has("link", "从上次的地方继续"));
}

fn no_storage(tab: &Tab) {
    tab.open("/scenarios/");
    open(tab, "/lab/");
    tab.run(
        "const { setItem } = Storage.prototype;
         Storage.prototype.setItem = function (...item) {
           if (this === localStorage) throw new DOMException('no', 'SecurityError');
           setItem.apply(this, item);
         };",
    );
    tab.button("Connect").click();
    tab.until("the act", || !state(tab).is_empty());
}

fn trap(tab: &Tab) {
    for (root, retry, afresh) in
        [("/", "Try again", "Start afresh"), ("/zh-CN/", "重试", "重新开始")]
    {
        open(tab, &format!("{root}lab/?scenario=sixteen-ports"));
        tab.run("document.querySelector('section.rail .acts .btn').click()");
        let address = written(tab);
        // What a browser tells when the program traps.
        tab.run(
            "document.body.dataset.panic = 'panicked at src/here.rs: <b>why</b>';
             dispatchEvent(new ErrorEvent('error', {
               message: 'unreachable', error: new WebAssembly.RuntimeError('unreachable') }))",
        );
        tab.until("the notice", || tab.text().contains("panicked at src/here.rs: <b>why</b>"));
        tab.run("document.querySelector('section.rail .acts .btn').click()");
        let inert = "return document.querySelector('[data-live]').inert";
        assert_eq!(tab.run(inert), json!(true), "nothing reaches the program");
        let restore = tab.css("[data-restore]").attribute("href").unwrap_or_default();
        assert!(restore.ends_with(&format!("{root}lab/#m={address}")), "{restore}");
        tab.link(afresh);
        tab.button(retry).click();
        tab.until("the lab, anew", || is_ready(tab) && tab.run(inert) == json!(false));
        assert_eq!(state(tab), address);
    }
    tab.console();
}

fn no_webassembly(tab: &Tab) {
    tab.block(&["*.wasm"]);
    for (path, said, retry) in [
        ("/lab/#m=1abc", "The machine of this page has stopped", "Try again"),
        ("/zh-CN/", "本页的模拟机器已停止运行", "重试"),
    ] {
        tab.open(path);
        tab.until("the notice", || tab.text().contains(said));
        assert!(tab.has("button", retry));
        tab.expect_in_console("error 99 could not start its machine");
    }
}
