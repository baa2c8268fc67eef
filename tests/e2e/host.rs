//! The site on other hosts than that of the other tests: below a path, gone, in a new version.

use crate::{Test, files, test};
use error99_e2e::{Engine, Server, Tab, root, site};
use serde_json::json;
use std::fs;

pub fn tests() -> Vec<Test> {
    vec![
        test("the site works below a path, its page for unknown paths too", below_a_path),
        test("after a visit, story and lab work without a network", without_network)
            .except(&[Engine::WebKitGtk], KEEPS_NOTHING),
        test("a new version comes whole, and when the reader wants it", new_version)
            .except(&[Engine::WebKitGtk], KEEPS_NOTHING),
        test("a mixture of two builds is not kept", mixed_builds)
            .except(&[Engine::WebKitGtk], KEEPS_NOTHING),
        test("the site as one file leads others to the site, if it has an address", leads_to_site)
            .except(&[Engine::WebKitGtk], "its driver opens no files"),
        test("the site as one file works without any server", one_file)
            .except(&[Engine::WebKitGtk], "its driver opens no files"),
    ]
}

const KEEPS_NOTHING: &str = "WebKitGTK's sessions for drivers keep no service worker";

fn below_a_path(tab: &Tab) {
    const BELOW: &str = "/some/where";
    let folder = site::written("below", &site::BELOW);
    let server = Server::below(BELOW, folder).expect("a port is free");
    let path = |path: &str| format!("{BELOW}{path}");

    // Without the slash, a host sends on to the folder.
    tab.open_on(&server, BELOW);
    assert_eq!(tab.path(), path("/"));
    tab.link("Lab").click();
    tab.until("the lab", || tab.path() == path("/lab/"));
    tab.until_awake();
    machine_stands(tab);
    tab.link("中文").click();
    tab.until("the Chinese lab", || tab.path().starts_with(&path("/zh-CN/lab/")));
    tab.until_awake();

    tab.open_on(&server, &path("/no/such/page/at/all"));
    assert!(tab.text().contains("There is no such page"));
    let colour = "return getComputedStyle(document.querySelector('.skip')).position";
    assert_ne!(tab.run(colour), "static", "its style sheet is found");
    tab.css("section[lang=zh-CN] a[href$='/scenarios/']").click();
    tab.until("the gallery", || tab.path() == path("/zh-CN/scenarios/"));
    tab.until_awake();
    tab.expect_missing_page();
}

fn machine_stands(tab: &Tab) {
    tab.until("the machine stands", || {
        tab.run("return document.querySelector('.lab')?.dataset.ready === 'true'") == true
    });
}

/// Files are made, by a worker and its program.
fn makes_files(tab: &Tab, export: &str, scenario: &str) {
    files::keep_files(tab);
    tab.button(export).click();
    let [name, _, text] = files::file(tab, scenario);
    assert_eq!(name, "error99.json");
    assert!(text.contains("\"config\""), "{text}");
    tab.css("dialog.files [data-close]").click();
}

/// Opens the story on `server`, and waits until the site is kept.
fn keep(tab: &Tab, server: &Server) {
    tab.open_on(server, "/");
    tab.until("the site is kept", || {
        tab.run_async(
            "const [done] = arguments;
             navigator.serviceWorker.getRegistration().then((kept) => done(kept?.active?.state))",
            vec![],
        ) == json!("activated")
    });
}

fn without_network(tab: &Tab) {
    let server = Server::start(root().join("dist")).expect("a port is free");
    keep(tab, &server);
    // The page says how it is installed, once it has loaded.
    let manifest = tab.run_async(
        "const [done] = arguments;
         fetch(document.querySelector('link[rel=manifest]').href)
           .then((answer) => answer.json()).then(({ name }) => done(name), (error) => done(String(error)))",
        vec![],
    );
    assert_eq!(manifest, json!("error 99"));
    server.stop().expect("it stops");

    tab.reload();
    assert!(tab.text().contains("Cannot assign requested address"));
    tab.css(".knob .switch").click();
    tab.link("Lab").click();
    tab.until("the lab", || tab.path() == "/lab/");
    tab.until_awake();
    machine_stands(tab);
    tab.button("Step forward").click();
    tab.reload();
    machine_stands(tab);
    makes_files(tab, "Export", "Scenario: Save");
    tab.link("中文").click();
    // The link takes along what the address holds by now.
    tab.until("the Chinese lab", || tab.path().starts_with("/zh-CN/lab/"));
    tab.until_awake();
    machine_stands(tab);
    assert!(tab.text().contains("实验室"));
}

fn new_version(tab: &Tab) {
    // The site of a build has no address; the one that comes after it does.
    let one = site::copied("one");
    let two = site::written("two", &site::PUBLISHED);
    let address = |path: &str| format!("{}{path}", site::ADDRESS);
    let shown = |tab: &Tab| {
        let link = tab.run("return document.querySelector('link[rel=canonical]')?.href ?? ''");
        link.as_str().unwrap_or_default().to_owned()
    };
    let server = Server::start(one).expect("a port is free");
    keep(tab, &server);
    let port = server.stop().expect("it stops");

    let server = Server::start_on(port, two).expect("the port is free again");
    tab.open_on(&server, "/lab/");
    assert_eq!(shown(tab), "", "what was kept comes first");
    tab.button("Reload");
    tab.open_on(&server, "/lab/");
    assert_eq!(shown(tab), "", "nobody has asked for the new one");
    tab.button("Later").click();
    assert!(!tab.has("button", "Reload"));

    tab.open_on(&server, "/");
    tab.button("Reload").click();
    tab.until("the new version", || shown(tab) == address("/"));
    tab.until_awake();
    tab.until("the old version is gone", || {
        tab.run_async(
            "const [done] = arguments; caches.keys().then((all) => done(all.length))",
            vec![],
        ) == json!(1)
    });
    server.stop().expect("it stops");
    tab.link("Lab").click();
    tab.until("the lab", || tab.path() == "/lab/");
    assert_eq!(shown(tab), address("/lab/"), "the new version is kept");
    tab.until_awake();
}

fn mixed_builds(tab: &Tab) {
    let folder = site::copied("mixed");
    let page = folder.join("lab/index.html");
    let other = fs::read_to_string(&page).expect("the lab is there") + "<!-- of another build -->";
    fs::write(page, other).expect("it can be changed");
    let server = Server::start(folder).expect("a port is free");
    tab.open_on(&server, "/");
    let end = tab.run_async(
        "const [done] = arguments;
         navigator.serviceWorker.register('sw.js').then(({ installing }) =>
           installing.addEventListener('statechange', () => done(installing.state)))",
        vec![],
    );
    assert_eq!(end, json!("redundant"));
}

/// The page of the one file that is shown.
fn at(tab: &Tab) -> String {
    let at = tab.run("return new URLSearchParams(location.search).get('at')");
    at.as_str().unwrap_or_default().to_owned()
}

fn one_file(tab: &Tab) {
    let folder = site::written("single", &site::AS_ONE_FILE);
    // Alone: nothing that it needs lies beside it.
    let file = root().join("target/sites/error99.html");
    fs::rename(folder.join("error99.html"), &file).expect("the file can be moved");
    tab.open_file(&file, "");
    assert!(tab.text().contains("Cannot assign requested address"));
    assert!(tab.title().contains("error 99"));
    assert_eq!(tab.run("return document.documentElement.dataset.boot"), json!("done"));
    assert_eq!(tab.run("return document.fonts.check('16px Newsreader')"), json!(true));
    tab.css(".knob .switch").click();
    tab.css(".chapters a").click();
    tab.until("the chapter", || tab.path().starts_with('#'));

    tab.link("Lab").click();
    tab.until("the lab", || at(tab) == "lab/");
    tab.until_awake();
    machine_stands(tab);
    tab.button("Step forward").click();
    tab.until("the state in the address", || tab.path().contains("#m="));
    let kept = tab.path();
    tab.reload();
    machine_stands(tab);
    assert_eq!(tab.path(), kept, "the state is there again");
    tab.link("中文").click();
    tab.until("the Chinese lab", || at(tab) == "zh-CN/lab/");
    tab.until_awake();
    machine_stands(tab);
    assert_eq!(tab.run("return document.documentElement.lang"), json!("zh-CN"));
    assert!(tab.text().contains("实验室"));
    makes_files(tab, "导出", "场景: 保存");
    tab.back();
    tab.until("the English lab", || at(tab) == "lab/");
    tab.until_awake();

    // What is led to must not be this machine's disk.
    tab.run(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
           writeText: async (text) => { window.copied = text; } } })",
    );
    tab.button("Share").click();
    tab.until("the address", || tab.run("return window.copied !== undefined") == json!(true));
    let copied = tab.run("return window.copied");
    assert!(copied.as_str().is_some_and(|it| it.starts_with("error99.html?at=lab")), "{copied}");
    assert!(!tab.has("button", "Embed"), "nothing to embed");

    tab.open_file(&file, "?at=scenarios/");
    tab.css(".card a").click();
    tab.until("a prepared machine", || at(tab) == "lab/");
    tab.until_awake();
    machine_stands(tab);
    tab.open_file(&file, "?at=zh-CN/about/");
    assert!(tab.text().contains("关于 error 99"));
    tab.open_file(&file, "?at=no/such/page");
    assert!(
        tab.text().contains("Cannot assign requested address"),
        "the story, as if nothing was asked"
    );
}

fn leads_to_site(tab: &Tab) {
    let folder = site::written("single-site", &site::PUBLISHED);
    tab.open_file(&folder.join("error99.html"), "?at=zh-CN/lab/&scenario=sixteen-ports");
    machine_stands(tab);
    tab.run(
        "Object.defineProperty(navigator, 'clipboard', { configurable: true, value: {
           writeText: async (text) => { window.copied = text; } } })",
    );
    tab.run("document.querySelector('section.rail .acts .btn').click()");
    tab.until("the state in the address", || tab.path().contains("#m="));
    let (_, state) =
        tab.path().split_once('#').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a state");
    tab.run("document.querySelector('[data-share]').click()");
    tab.until("the address", || tab.run("return window.copied !== undefined") == json!(true));
    assert_eq!(
        tab.run("return window.copied"),
        json!(format!("https://site.invalid/e99/zh-CN/lab/#{state}"))
    );
    tab.css(".bar .embed-this summary").click();
    let lines = tab.until_some("the lines to copy", || {
        let lines = "return document.querySelector('.bar .embed-this textarea')?.value || null";
        tab.run(lines).as_str().map(ToOwned::to_owned)
    });
    let frame = format!("src=\"https://site.invalid/e99/zh-CN/embed/lab/#{state}\"");
    assert!(lines.contains(&frame) && !lines.contains("file:"), "{lines}");
    assert!(lines.contains("src=\"https://site.invalid/e99/embed.js\""), "{lines}");
}
