//! What holds for every page, and what the frame around them does.

use crate::{NO_BROWSER, OTHERS, Test, lab, test};
use error99_e2e::views::LANGS;
use error99_e2e::{Answer, Engine, POLICY, Tab, Theme};
use error99_kernel::Release;
use serde_json::json;

/// A page as a reader without script finds it: path, language, and words that are there.
const PAGES: [(&str, &str, &str); 12] = [
    ("/", "en", "Cannot assign requested address"),
    ("/compare/", "en", "first passes every even port"),
    ("/lab/", "en", "Lab"),
    ("/scenarios/", "en", "Prepared machines"),
    ("/kernels/", "en", "Which rules has my kernel?"),
    ("/about/", "en", "What is modelled"),
    ("/zh-CN/", "zh-CN", "你并没有请求任何地址"),
    ("/zh-CN/compare/", "zh-CN", "所有偶数端口"),
    ("/zh-CN/lab/", "zh-CN", "实验室"),
    ("/zh-CN/scenarios/", "zh-CN", "准备好的机器"),
    ("/zh-CN/kernels/", "zh-CN", "我的内核用哪套规则？"),
    ("/zh-CN/about/", "zh-CN", "模拟了什么"),
];

const HOLDS: &str = "only Chromium's driver can hold requests back";
const NO_SCRIPT: &str = "only Chromium's driver can leave scripts out";

pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        test("every link and every file that a page names is there", links_lead_somewhere)
            .once(NO_BROWSER),
        test("the theme button switches, and the choice stays", theme),
        test("the theme follows the system until the reader chooses", system_theme)
            .except(&[Engine::WebKitGtk], "MiniBrowser keeps the theme that it started with"),
        test("the projector look is switched by its button and left with Escape", projector),
        test("the language link leads to the same page", languages),
        test("on a phone the menu leads to the pages", phone_menu),
        test("the first Tab reaches the link past the top bar", skip_link),
        test("an unknown path shows a page that says so, with links", unknown_path),
        test("what a page says and what it asks of others is noticed here", noticed),
        test("the page of rules names every release, and marks the one of the lab's link", rules),
        test("the knob heals the failing call", |tab| {
            tab.open("/");
            heal(tab);
        }),
        test("the knob heals the failing call without script", |tab| {
            tab.set_scripts(false);
            tab.visit("/");
            heal(tab);
        })
        .except(OTHERS, NO_SCRIPT),
        test("when the WebAssembly doesn't arrive, the page stays readable", no_webassembly)
            .except(OTHERS, HOLDS),
        test("what is pressed before the lab lives is pressed once it does", early)
            .except(OTHERS, HOLDS),
        test("a press that begins before the lab lives and ends after that counts", long_press)
            .except(OTHERS, HOLDS),
    ];
    for (path, lang, words) in PAGES {
        tests.push(test(format!("{path} answers in its language"), move |tab| {
            answers(tab, path, lang);
        }));
        let name = format!("{path} is readable without script");
        let without = test(name, move |tab| readable(tab, path, lang, words));
        tests.push(without.except(OTHERS, NO_SCRIPT));
    }
    tests
}

fn answers(tab: &Tab, path: &str, lang: &str) {
    let answer = tab.server().get(path).expect("the server answers");
    assert_eq!(answer.status, 200);
    guarded(&answer);
    assert!(answer.body.contains(&format!("<html lang=\"{lang}\"")), "the language is declared");
    assert!(
        answer.body.contains("<meta name=\"description\" content=\""),
        "there is a description"
    );
    tab.open(path);
    assert_eq!(tab.run("return document.documentElement.lang"), json!(lang));
    assert_eq!(tab.run("return document.documentElement.dataset.boot !== 'failed'"), json!(true));
    // What wakes at the end of the page asks nobody else either: the runner looks at all requests.
    tab.run("scrollTo(0, document.documentElement.scrollHeight)");
    tab.until_awake();
}

/// Page and server state the same policy, and no script or style is used unchecked. The browser
/// refuses those that don't fit, and says so in the console.
fn guarded(answer: &Answer) {
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    let at = answer.body.find(&meta).expect("the page has its policy");
    assert!(answer.body[..at].matches('<').count() <= 6, "it comes before whatever it guards");
    let header = answer.header("content-security-policy").unwrap_or_default();
    assert!(header.starts_with(POLICY), "the server sends {header}");
    assert!(!POLICY.contains("unsafe-inline") && !POLICY.contains("'unsafe-eval'"));
    let mut checked = 0;
    for tag in answer.body.split('<').filter_map(|rest| rest.split('>').next()) {
        let script =
            tag.starts_with("script") && tag.contains(" src=") && !tag.contains("__script");
        if script || tag.contains("rel=\"stylesheet\"") {
            assert!(tag.contains(" integrity=\"sha384-"), "not checked: {tag}");
            checked += 1;
        }
    }
    assert!(checked >= 2, "only {checked} files are checked");
}

fn rules(tab: &Tab) {
    for (_, start) in LANGS {
        lab::page::open(tab, &format!("{start}lab/?scenario=sixteen-ports"));
        let link =
            "return document.querySelector('.kernel ~ a[href*=kernels]').getAttribute('href')";
        let link = tab.run(link).as_str().expect("the choice of kernel has a link").to_owned();
        let (page, own) = link.split_once('#').expect("it names a release");
        assert_eq!(page, format!("../{}kernels/", if start == "/" { "" } else { "../zh-CN/" }));
        tab.visit(&format!("{start}kernels/#{own}"));
        let named =
            "return [...document.querySelectorAll('.matrix thead th[id]')].map((it) => it.id)";
        assert_eq!(tab.run(named), json!(Release::ALL.map(Release::name)));
        let marked = "return getComputedStyle(document.querySelector('th:target')).boxShadow";
        assert_ne!(tab.run(marked), json!("none"), "{own} is marked");
    }
}

fn readable(tab: &Tab, path: &str, lang: &str, words: &str) {
    tab.set_scripts(false);
    tab.visit(path);
    assert!(tab.title().contains("error 99"), "the title is {:?}", tab.title());
    assert!(tab.text().contains(words), "{words:?} is not in:\n{}", tab.text());
    assert!(
        !tab.has("button", if lang == "en" { "Dark theme" } else { "深色主题" }),
        "no dead button"
    );
}

fn links_lead_somewhere(tab: &Tab) {
    let mut looked_at = 0;
    for (page, ..) in PAGES.into_iter().chain([("/404.html", "en", "")]) {
        let body = tab.server().get(page).expect("the server answers").body;
        for (element, link) in addresses(&body) {
            if link.starts_with('#') {
                continue;
            }
            if link.contains("//") {
                // A reader may go elsewhere; the page itself asks nobody else for anything.
                assert_eq!(element, "a", "{page} loads {link}");
                continue;
            }
            let target = resolve(page, link.split('#').next().unwrap_or(link));
            let status = tab.server().get(&target).expect("the server answers").status;
            assert_eq!(status, 200, "{page} names {link}, which is {target}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 50, "only {looked_at} links were found");
}

/// What a page names as `href` or `src`, each with the element that does.
fn addresses(page: &str) -> impl Iterator<Item = (&str, &str)> {
    let tags = page.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    tags.flat_map(|tag| {
        let element = tag.split_whitespace().next().unwrap_or_default();
        [" href=\"", " src=\""].into_iter().filter_map(move |attribute| {
            let (_, rest) = tag.split_once(attribute)?;
            Some((element, rest.split('"').next()?))
        })
    })
}

/// Where `link` leads from `page`.
fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    if link.starts_with('/') {
        parts = vec![""];
    }
    for part in link.trim_start_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    // `..` and `.` at the end name folders.
    let folder = matches!(link.rsplit('/').next(), Some("" | "." | ".."));
    let path = parts.join("/");
    if folder && !path.ends_with('/') { format!("{path}/") } else { path }
}

fn dark_ground(tab: &Tab) -> bool {
    tab.run("return getComputedStyle(document.body).backgroundColor") == json!("rgb(18, 20, 22)")
}

fn theme(tab: &Tab) {
    tab.open("/");
    assert!(!dark_ground(tab));
    let button = tab.button("Dark theme");
    assert_eq!(button.attribute("aria-pressed").as_deref(), Some("false"));
    button.click();
    assert!(dark_ground(tab));
    assert_eq!(button.attribute("aria-pressed").as_deref(), Some("true"));
    tab.open("/zh-CN/lab/");
    assert!(dark_ground(tab), "the choice holds on other pages");
    tab.button("深色主题").click();
    assert!(!dark_ground(tab));
}

fn system_theme(tab: &Tab) {
    tab.set_theme(Theme::Dark);
    tab.open("/scenarios/");
    tab.until("the dark theme", || dark_ground(tab));
    tab.set_theme(Theme::Light);
    tab.until("the light theme", || !dark_ground(tab));
}

fn projector(tab: &Tab) {
    let on = |tab: &Tab| {
        tab.run("return document.documentElement.hasAttribute('data-present')") == json!(true)
    };
    tab.open("/");
    tab.button("Present").click();
    assert!(on(tab));
    tab.reload();
    assert!(on(tab), "the look stays until it is left");
    tab.css("body").press(error99_e2e::Key::Escape + "");
    assert!(!on(tab));
}

fn languages(tab: &Tab) {
    for (english, chinese) in
        [("/", "/zh-CN/"), ("/lab/", "/zh-CN/lab/"), ("/scenarios/", "/zh-CN/scenarios/")]
    {
        tab.open(english);
        tab.link("中文").click();
        // The lab's link may take its state along.
        let at = |path: &str| tab.path().split('#').next() == Some(path);
        tab.until("the Chinese page", || at(chinese));
        tab.until_awake();
        tab.link("EN").click();
        tab.until("the English page", || at(english));
        tab.until_awake();
    }
}

fn phone_menu(tab: &Tab) {
    tab.resize(390, 844);
    tab.open("/");
    assert!(!tab.has("link", "Scenarios"), "the links of the bar make room");
    tab.css(".menu summary").click();
    tab.link("Scenarios").click();
    tab.until("the gallery", || tab.path() == "/scenarios/");
    tab.until_awake();
}

fn skip_link(tab: &Tab) {
    tab.open("/");
    tab.css("body").press(error99_e2e::Key::Tab + "");
    assert_eq!(tab.run("return document.activeElement.textContent"), json!("Skip to the content"));
    tab.press(error99_e2e::Key::Enter + "");
    tab.until("the content", || tab.run("return document.activeElement.id") == json!("main"));
}

fn unknown_path(tab: &Tab) {
    for (_, start) in LANGS {
        let path = format!("{start}no/such/page");
        let answer = tab.server().get(&path).expect("the server answers");
        assert_eq!(answer.status, 404);
        guarded(&answer);
        tab.visit(&path);
        tab.until_awake();
        assert!(
            tab.text().contains("There is no such page") && tab.text().contains("没有这个页面")
        );
    }
    tab.css("section[lang=en] a[href$='/lab/']").click();
    tab.until("the lab", || tab.path() == "/lab/");
    tab.until_awake();
    tab.expect_missing_page();
}

fn heal(tab: &Tab) {
    let said = || tab.css(".strace").text();
    assert!(said().contains("= -1 EADDRNOTAVAIL (Cannot assign requested address)"));
    let knob = tab.css(".knob .switch");
    knob.click();
    assert!(knob.is_on());
    assert!(said().contains("= 0"), "the call succeeds");
    assert!(!said().contains("EADDRNOTAVAIL"), "the failure is gone");
    knob.click();
    assert!(said().contains("EADDRNOTAVAIL"), "off again, it fails again");
}

/// The harness itself: a picture from elsewhere is refused, and that is said.
fn noticed(tab: &Tab) {
    tab.open("/");
    tab.run(
        "document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.invalid/' }))",
    );
    let holds = |said: Vec<String>, words: &str| said.iter().any(|said| said.contains(words));
    tab.until("the refusal", || holds(tab.console(), "elsewhere.invalid"));
    tab.run("fetch('/lab/?here')");
    tab.until("the request", || holds(tab.requests(), "/lab/?here"));
}

const HOME: &str = "To the start of this call";

/// The sentence of the lab's page as it was written, and that of the start of the call, where one
/// press leads. The page is then open anew, its program still on its way.
fn before_it_lives(tab: &Tab) -> [String; 2] {
    let step = || tab.region("This step").text();
    lab::page::open(tab, "/lab/");
    let end = step();
    tab.button(HOME).click();
    tab.until("the start", || step() != end);
    let start = step();
    tab.hold_program();
    tab.visit("/lab/");
    [end, start]
}

fn awake(tab: &Tab) -> bool {
    tab.run("return 'awake' in document.querySelector('.lab').dataset") == json!(true)
}

fn early(tab: &Tab) {
    let [end, start] = before_it_lives(tab);
    let step = || tab.region("This step").text();
    tab.button(HOME).click();
    assert!(!awake(tab), "its program is still on its way");
    assert_eq!(step(), end);
    tab.release_program();
    tab.until("the start again", || step() == start);
}

fn long_press(tab: &Tab) {
    let [_, start] = before_it_lives(tab);
    let step = || tab.region("This step").text();
    let home = tab.button(HOME);
    tab.press_during(&home, || {
        tab.release_program();
        tab.until("the lab lives", || awake(tab));
    });
    tab.until("the start again", || step() == start);
}

fn no_webassembly(tab: &Tab) {
    tab.block(&["*.wasm"]);
    tab.open("/lab/");
    tab.until("the failure is noticed", || {
        tab.run("return document.documentElement.dataset.boot") == json!("failed")
    });
    assert!(tab.text().contains("What the kernel does"), "{}", tab.text());
    tab.button("Dark theme").click();
    assert!(dark_ground(tab));
    tab.expect_in_console("error 99 could not start its machine");
}
