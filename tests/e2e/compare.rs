//! The page with two kernels side by side: what it shows is what two machines of the model show.

use crate::{SAME_CODE, Test, test, thousands};
use error99_e2e::views::LANGS;
use error99_e2e::{Key, Tab};
use error99_kernel::{Addr, Config, Release, Sysctl, SysctlValue};
use error99_replay::hand::Deed;
use error99_replay::history::History;
use error99_replay::link::{self, Saved};
use error99_replay::pair::{self, Pair};
use error99_replay::scenario::Client;
use serde_json::json;

pub fn tests() -> Vec<Test> {
    vec![
        test("compare: it opens with the usual pair, in both languages", opens),
        test("compare: what is done is done to both, as natively", connects),
        test("compare: Step both leads to the next call that goes otherwise", steps),
        test("compare: the address holds both, and opens them again", address),
        test("compare: keys alone choose a kernel and connect", keys),
        test("compare: on a phone one page takes the place of the other", phone),
        test("compare: a bad link says so, and the usual pair stands", bad_link).once(SAME_CODE),
        test("compare: the lab's machine is one press away, and back", to_and_from_the_lab),
    ]
}

/// A host of 32 ports, to which nothing was done.
fn small() -> Saved {
    let config = Config {
        sysctl: vec![(Sysctl::PortRange, SysctlValue::Two(40_000, 40_031))],
        ..Config::default()
    };
    let client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
    Saved { history: History::new(config), client }
}

fn pair(with: Release) -> Pair {
    Pair::standing(&small(), with).expect("both boot")
}

fn address_of(start: &str, with: Release) -> String {
    format!("{start}compare/#m={}&with={}", link::write(&small()), with.name())
}

fn open(tab: &Tab, path: &str) {
    tab.open(path);
    tab.until("both stand", || {
        tab.run("return document.querySelector('[data-live=compare]')?.dataset.awake") == json!("")
    });
}

/// What the page says of either walk: the numbers of its lanes.
fn lanes(tab: &Tab) -> Vec<String> {
    let lanes = tab
        .run("return [...document.querySelectorAll('.lanes dd span')].map((it) => it.textContent)");
    let lanes = lanes.as_array().cloned().unwrap_or_default();
    lanes.iter().filter_map(|words| words.as_str().map(ToOwned::to_owned)).collect()
}

/// The same of two machines here.
fn expected(pair: &mut Pair) -> Vec<String> {
    let words = |count: Option<u32>| match count {
        None => "no probes".to_owned(),
        Some(1) => "1 probe".to_owned(),
        Some(count) => format!("{} probes", thousands(count)),
    };
    pair.view().facing.probes.map(words).to_vec()
}

fn shows(tab: &Tab, pair: &mut Pair) {
    let expected = expected(pair);
    tab.until(&format!("{expected:?}"), || lanes(tab) == expected);
    let ports = pair.view().frames.map(|frame| frame.call.map_or(0, |call| call.port));
    for port in ports.into_iter().filter(|port| *port != 0) {
        assert!(tab.css(".two").text().contains(&thousands(port)), "port {port}");
    }
}

fn opens(tab: &Tab) {
    let mut usual = Pair::standing(&pair::usual(), pair::USUAL_OTHER).expect("both boot");
    let counts = usual.view().facing.probes.map(|count| thousands(count.unwrap_or(0)));
    for (_, start) in LANGS {
        open(tab, &format!("{start}compare/"));
        let said = tab.css(".headline").text();
        assert!(counts.iter().all(|count| said.contains(count.as_str())), "{said}");
        let rows = tab.run("return document.querySelectorAll('.differences tbody tr').length");
        // Whatever is alike stands in one more.
        assert_eq!(rows, json!(usual.rows().len() + 1));
        let seen = tab.run("return document.querySelectorAll('.differences tr.seen').length");
        assert_eq!(seen, json!(usual.rows().iter().filter(|row| row.seen.is_some()).count()));
    }
}

fn connects(tab: &Tab) {
    let mut here = pair(Release::V6_18);
    open(tab, &address_of("/", Release::V6_18));
    let acts = [
        ("connect()", Deed::Connect(1)),
        ("wait 10 s", Deed::Advance(10_000)),
        ("+ 1,000 connections", Deed::Connect(1_000)),
        ("connect()", Deed::Connect(1)),
    ];
    for (name, deed) in acts {
        tab.button(name).click();
        here.act(deed).expect("it has room");
        here.work_all();
        shows(tab, &mut here);
    }
    assert!(tab.css(".kernel-side .result").text().contains("EADDRNOTAVAIL"));
    tab.button("Undo").click();
    here.undo();
    shows(tab, &mut here);
}

fn steps(tab: &Tab) {
    let mut here = pair(Release::V6_18);
    open(tab, &address_of("/", Release::V6_18));
    tab.button("+ 1,000 connections").click();
    here.act(Deed::Connect(1_000)).expect("it has room");
    here.work_all();
    shows(tab, &mut here);
    let call = |pair: &Pair| format!("call {}:", thousands(pair.moment()));
    for _ in 0..3 {
        tab.button("Step back").click();
        let stop = here.difference_before().expect("there is one");
        here.go(stop.done);
        tab.until(&call(&here), || tab.css(".eyebrow").text().contains(&call(&here)));
        shows(tab, &mut here);
    }
    for _ in 0..2 {
        tab.button("Step both").click();
        here.step().expect("it only goes there");
        tab.until(&call(&here), || tab.css(".eyebrow").text().contains(&call(&here)));
        shows(tab, &mut here);
    }
}

fn address(tab: &Tab) {
    let mut here = pair(Release::V4_19);
    open(tab, &address_of("/", Release::V4_19));
    tab.button("connect()").click();
    here.act(Deed::Connect(1)).expect("it has room");
    here.work_all();
    shows(tab, &mut here);
    let hash = format!("#m={}&with=4.19", here.link(0));
    tab.until("the address", || tab.path().ends_with(&hash));
    tab.reload();
    tab.until_awake();
    shows(tab, &mut here);
    // The language link takes it along.
    tab.css(".languages a:not([aria-current])").click();
    tab.until("the other language", || tab.path() == format!("/zh-CN/compare/{hash}"));
    tab.until_awake();
    let calls = tab.run("return document.querySelector('.eyebrow').textContent");
    assert!(calls.as_str().is_some_and(|calls| calls.contains("第 2 次调用")), "{calls}");
}

fn keys(tab: &Tab) {
    open(tab, &address_of("/", Release::V6_18));
    tab.run("document.querySelectorAll('.kernel-side select')[1].focus()");
    tab.press("6.12");
    tab.until("the other kernel", || {
        tab.run("return document.querySelector('.lanes dt:nth-of-type(2)').textContent")
            == json!("6.12")
    });
    let mut here = pair(Release::V6_12);
    tab.run("document.querySelectorAll('.both-acts button')[0].focus()");
    for _ in 0..9 {
        let name = tab.run("return document.activeElement.textContent");
        if name == json!("connect()") {
            break;
        }
        tab.press(Key::Tab + "");
    }
    tab.press(Key::Enter + "");
    here.act(Deed::Connect(1)).expect("it has room");
    here.work_all();
    shows(tab, &mut here);
}

fn phone(tab: &Tab) {
    tab.resize(390, 844);
    open(tab, &address_of("/", Release::V6_18));
    let shown = || {
        tab.run(
            "return [...document.querySelectorAll('.kernel-side')].map((it) => it.offsetHeight > 0)",
        )
    };
    assert_eq!(shown(), json!([false, true]));
    tab.run("document.querySelector('.seg.narrow input').click()");
    tab.until("the first page", || shown() == json!([true, false]));
    tab.until("it is painted", || {
        tab.run("return document.querySelector('.kernel-side canvas').width > 100") == json!(true)
    });
    let wide = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(tab.run(wide), json!(true));
}

/// What is said of a release that nobody knows.
const RELEASE: [&str; 2] = ["doesn't know", "不认识"];

fn bad_link(tab: &Tab) {
    for (_, start) in LANGS {
        for (hash, words) in [
            ("#m=1garbage&with=6.18", ["can't be read", "无法读取"]),
            ("#m=9AAAAAAAAAAAA&with=6.18", ["later version", "更新版本"]),
            ("#m=1garbage&amp;with=6.18", ["can't be read", "无法读取"]),
            ("#m=&with=%ff", RELEASE),
            ("#m=&with=%", RELEASE),
            ("#m=&with=6.18&x=1", RELEASE),
        ] {
            tab.open("/about/");
            open(tab, &format!("{start}compare/{hash}"));
            let said = tab.css("[data-notice=said] [data-words]").text();
            assert!(words.iter().any(|words| said.contains(words)), "{said}");
            assert_eq!(lanes(tab).len(), 2);
        }
    }
}

fn to_and_from_the_lab(tab: &Tab) {
    let mut here = pair(Release::V6_18);
    open(tab, &address_of("/", Release::V6_18));
    tab.button("connect()").click();
    here.act(Deed::Connect(1)).expect("it has room");
    here.work_all();
    shows(tab, &mut here);
    let port = here.view().frames[1].call.as_ref().map_or(0, |call| call.port);
    tab.link("Open 6.18 in the lab").click();
    tab.until("the lab", || {
        tab.run("return document.querySelector('.lab')?.dataset.ready") == json!("true")
    });
    assert!(tab.text().contains(&thousands(port)), "the same machine");
    tab.link("Compare with another kernel").click();
    tab.until("both stand", || {
        tab.run("return document.querySelector('[data-live=compare]')?.dataset.awake") == json!("")
    });
    let kernels = "return [...document.querySelectorAll('.lanes dt')].map((it) => it.textContent)";
    assert_eq!(tab.run(kernels), json!(["6.18", Release::default().name()]));
}
