//! What the page's own scripts do around its program: before it lives, and after it has died.

use crate::lab::page::is_ready;
use crate::{Test, test};
use error99_e2e::{Key, Server, Site, Tab, root};
use serde_json::json;
use std::time::Duration;

pub fn tests() -> Vec<Test> {
    vec![
        test("what is written or dragged before the lab lives is kept, and so is the focus", early),
        test("what is dragged before a picture lives is kept", early_picture),
        test("after a trap, a link that is followed brings the lab back", link_after_trap),
        test(
            "Escape leads out of what lies above the page before it ends the projector look",
            escape,
        ),
        test("without script the lab says what works", |tab| {
            tab.set_scripts(false);
            for (path, words) in [
                ("/lab/", "Without JavaScript the laboratory"),
                ("/zh-CN/lab/", "没有 JavaScript 时，实验室"),
            ] {
                tab.visit(path);
                assert!(tab.text().contains(words), "{}", tab.text());
            }
        })
        .except(crate::OTHERS, "only Chromium's driver can leave scripts out"),
    ]
}

/// A site whose programs come late enough for somebody to use what was written.
fn slow() -> Server {
    let holds = Some(("texts-", Duration::from_secs(4)));
    let site = Site { folder: root().join("dist"), holds, script: Some(""), ..Site::default() };
    Server::on(0, site).expect("a port is free")
}

/// Whether a part lives.
fn awake(tab: &Tab, part: &str) -> bool {
    let script = "return 'awake' in (document.querySelector(arguments[0])?.dataset ?? {})";
    tab.run_with(script, vec![part.into()]) == json!(true)
}

fn early(tab: &Tab) {
    let server = slow();
    tab.visit_on(&server, "/lab/?scenario=sixteen-ports");
    tab.field("Destination address").fill("10.0.0.77");
    tab.field("Destination port").fill("8080");
    let low = tab.field("Lowest port");
    low.press(Key::End + "");
    low.press(Key::Backspace + "");
    low.press("9");
    let typed = low.value();
    assert!(!awake(tab, ".lab"), "its program is still on its way");
    tab.until("the lab lives", || awake(tab, ".lab") && is_ready(tab));
    assert_eq!(tab.field("Destination address").value(), "10.0.0.77");
    assert_eq!(tab.field("Destination port").value(), "8080");
    assert_eq!(tab.field("Lowest port").value(), typed);
    assert_eq!(tab.run("return document.activeElement.localName"), json!("input"), "the focus");
    tab.button("Connect").click();
    tab.until("the call goes where it was told to", || {
        tab.text().contains("10.0.0.77:8080") || tab.text().contains("inet_addr(\"10.0.0.77\")")
    });
}

fn early_picture(tab: &Tab) {
    let server = slow();
    tab.visit_on(&server, "/");
    let part = "[data-live=calendar]";
    tab.run_with(
        "document.querySelector(arguments[0]).parentElement.scrollIntoView()",
        vec![part.into()],
    );
    let drag = "const range = document.querySelector(arguments[0] + ' input[type=range]');
        range.value = '2';
        for (const type of ['input', 'change']) range.dispatchEvent(new Event(type, { bubbles: true }));
        return range.value";
    let chosen = tab.run_with(drag, vec![part.into()]);
    assert!(!awake(tab, part), "its program is still on its way");
    tab.until("the picture lives", || awake(tab, part));
    let now = "return document.querySelector(arguments[0] + ' input[type=range]').value";
    assert_eq!(tab.run_with(now, vec![part.into()]), chosen);
}

fn link_after_trap(tab: &Tab) {
    for root in ["/", "/zh-CN/"] {
        tab.open(&format!("{root}lab/?scenario=sixteen-ports"));
        tab.until("the lab", || awake(tab, ".lab") && is_ready(tab));
        tab.run("document.querySelector('section.rail .acts .btn').click()");
        tab.until("an address", || tab.path().contains("#m="));
        let good = tab.path();
        tab.run("document.querySelector('section.rail .acts .btn').click()");
        tab.until("another address", || tab.path() != good);
        tab.run(
            "dispatchEvent(new ErrorEvent('error', {
               message: 'unreachable', error: new WebAssembly.RuntimeError('unreachable') }))",
        );
        let dead = || tab.run("return document.querySelector('[data-live]')?.inert") == json!(true);
        assert!(dead());
        let hash = good.split_once('#').map_or("", |(_, hash)| hash);
        tab.run_with("location.hash = arguments[0]", vec![hash.into()]);
        tab.until("a lab that lives", || !dead() && awake(tab, ".lab") && is_ready(tab));
        assert_eq!(tab.path().split_once('#').map(|(_, hash)| hash), Some(hash));
    }
    tab.console();
}

fn escape(tab: &Tab) {
    let presents =
        || tab.run("return document.documentElement.hasAttribute('data-present')") == json!(true);
    tab.open("/lab/");
    tab.until("the lab", || awake(tab, ".lab") && is_ready(tab));
    tab.button("Present").click();
    for opener in ["[data-export]", ".term header button"] {
        tab.run_with("document.querySelector(arguments[0]).click()", vec![opener.into()]);
        let open = || tab.run("return !!document.querySelector('dialog:modal')") == json!(true);
        tab.until("a sheet", open);
        tab.press(Key::Escape + "");
        tab.until("no sheet", || !open());
        assert!(presents(), "the sheet alone is left: {opener}");
    }
    tab.press(Key::Escape + "");
    tab.until("the page as usual", || !presents());
    tab.open("/");
    tab.button("Present").click();
    tab.run("document.querySelector('.gloss-tip').showPopover()");
    tab.css("body").press(Key::Escape + "");
    assert!(presents(), "the term alone is left");
    tab.css("body").press(Key::Escape + "");
    assert!(!presents());
}
