//! One tab, as a test sees it.

use crate::browser::{Browser, Session};
use crate::engine::Engine;
use error99_server::Server;
use http::Method;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thirtyfour::WebElement;
use thirtyfour::common::command::{Command, ExtensionCommand};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

/// How long anything may take to come true before a test gives up on it: what takes a second on a
/// calm machine comes true on one with ten times as much to do.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// What a reader points with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Finger,
    Pen,
    Mouse,
}

/// What a hand does; points are in CSS pixels of the viewport, times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    To(i32, i32),
    Down,
    Up,
    Wait(u32),
}

/// A tab. A test that ends without [`Tab::finish`] has its console unread; the runner
/// calls it for every test.
pub struct Tab {
    browser: Arc<Browser>,
    session: Session,
    /// Origins of servers of the test's own.
    others: RefCell<Vec<String>>,
    /// The script that holds programs back.
    held: RefCell<Option<String>>,
}

/// Something on the page, found by what it is. A page makes parts of itself anew; then what stands
/// there now is meant, as a reader's hand would find it.
#[derive(Clone)]
pub struct Element {
    browser: Arc<Browser>,
    web: WebDriver,
    inner: RefCell<WebElement>,
    wanted: Wanted,
}

/// How a test asked for an element.
#[derive(Clone)]
enum Wanted {
    Role(String, String),
    Selector(String),
}

impl Tab {
    pub(crate) fn new(browser: Arc<Browser>, session: Session) -> Tab {
        let tab = Tab { browser, session, others: RefCell::default(), held: RefCell::default() };
        tab.resize(1440, 900);
        tab.set_theme(Theme::Light);
        tab.set_letters(16);
        // Reads what an earlier test left in the logs.
        tab.console();
        tab.requests();
        tab
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.browser.runtime.block_on(future)
    }

    /// A command of the Chrome DevTools protocol.
    fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.wait(self.session.web.cdp().send_raw(method, parameters))
            .unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    // ── going places ────────────────────────────────────────────

    /// Opens a path of the site, such as `/zh-CN/lab/`, and waits until its islands are awake.
    pub fn open(&self, path: &str) {
        self.visit(path);
        self.until_awake();
    }

    /// Opens a path of the site and waits for nothing but its HTML.
    pub fn visit(&self, path: &str) {
        self.go(&format!("{}{path}", self.browser.server.origin()));
    }

    /// Opens a path of another server, which requests may go to from now on, and waits until
    /// the islands are awake.
    pub fn open_on(&self, server: &Server, path: &str) {
        self.others.borrow_mut().push(server.origin());
        self.go(&format!("{}{path}", server.origin()));
        self.until_awake();
    }

    /// The same, and waits for nothing but the page itself.
    pub fn visit_on(&self, server: &Server, path: &str) {
        self.others.borrow_mut().push(server.origin());
        self.go(&format!("{}{path}", server.origin()));
    }

    /// Opens a file of this machine, with a query and a fragment behind its name, and waits until
    /// the islands are awake.
    pub fn open_file(&self, file: &Path, rest: &str) {
        let file = file.canonicalize().expect("the file is there");
        let address = format!("file://{}", file.display());
        self.go(&format!("{address}{rest}"));
        self.others.borrow_mut().push(address);
        self.until_awake();
    }

    fn go(&self, address: &str) {
        self.wait(self.session.web.goto(address))
            .unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// The server of the site, for questions that need no browser.
    pub fn server(&self) -> &Server {
        &self.browser.server
    }

    /// Waits until the islands of this page are awake and its fonts are there.
    pub fn until_awake(&self) {
        self.until("the page is awake", || {
            self.run(
                "const r = document.documentElement;
                 return document.readyState === 'complete' && document.fonts.status === 'loaded' &&
                   (r.dataset.boot !== undefined || !document.querySelector('script[type=module]'))",
            ) == json!(true)
        });
    }

    /// Path, query and fragment of where the tab is now.
    pub fn path(&self) -> String {
        let url = self.wait(self.session.web.current_url()).expect("a tab is somewhere");
        let own = |origin: &String| url.as_str().strip_prefix(origin).map(ToOwned::to_owned);
        self.origins().iter().find_map(own).unwrap_or_else(|| url.to_string())
    }

    /// Where this test's requests may go.
    fn origins(&self) -> Vec<String> {
        [&[self.browser.server.origin()], self.others.borrow().as_slice()].concat()
    }

    pub fn reload(&self) {
        if self.browser.engine == Engine::Firefox {
            // Its driver would reload past all that is kept, as a reader does with Shift.
            let begun = self.run("return performance.timeOrigin");
            self.run("location.reload()");
            let again = "return performance.timeOrigin !== arguments[0] && !!document.querySelector('main')";
            self.until("the page reloads", || {
                self.run_with(again, vec![begun.clone()]) == json!(true)
            });
        } else {
            self.wait(self.session.web.refresh()).expect("the page reloads");
        }
        self.until_awake();
    }

    pub fn back(&self) {
        self.wait(self.session.web.back()).expect("there is a page to go back to");
    }

    pub fn forward(&self) {
        self.wait(self.session.web.forward()).expect("there is a page to go forward to");
    }

    // ── what the reader has ─────────────────────────────────────

    /// Sets the size of the viewport in CSS pixels. Only Chromium has windows as narrow as a
    /// phone; the others stop at 450 pixels or so, which is a phone's layout, too.
    pub fn resize(&self, width: u32, height: u32) {
        if self.browser.engine == Engine::Chromium {
            self.devtools(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
            );
            return;
        }
        // What the window has around the viewport is told by the page.
        let around = self.run_with(
            "return innerWidth === arguments[0] && innerHeight === arguments[1] ? null :
               [outerWidth - innerWidth, outerHeight - innerHeight]",
            vec![width.into(), height.into()],
        );
        let Value::Array(around) = around else { return };
        let [x, y] = [0, 1].map(|at| around[at].as_u64().unwrap_or(0) as u32);
        self.wait(self.session.web.set_window_rect(0, 0, width + x, height + y))
            .expect("a window has a size");
    }

    /// The theme that the reader's system asks for.
    pub fn set_theme(&self, theme: Theme) {
        let dark = theme == Theme::Dark;
        match self.browser.engine {
            // Without motion, what is measured and drawn has arrived where it belongs.
            Engine::Chromium => self.devtools(
                "Emulation.setEmulatedMedia",
                json!({ "features": [
                    { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
                    { "name": "prefers-reduced-motion", "value": "reduce" },
                ]}),
            ),
            Engine::Firefox => self.set_preference(
                "layout.css.prefers-color-scheme.content-override",
                if dark { 0 } else { 1 },
            ),
            Engine::WebKitGtk => {
                assert!(!dark, "WebKitGTK starts in the light theme and keeps it");
                Value::Null
            }
        };
    }

    /// The system forces its own colours upon the page, on a light or a dark ground, until a theme
    /// is set.
    pub fn force_colours(&self, ground: Theme) {
        assert_eq!(self.browser.engine, Engine::Chromium, "only Chromium can be told so");
        let dark = ground == Theme::Dark;
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [
                { "name": "forced-colors", "value": "active" },
                { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ]}),
        );
    }

    /// The size of text that the reader has set in the browser, in CSS pixels; 16 is usual.
    pub fn set_letters(&self, size: u32) {
        match self.browser.engine {
            Engine::Chromium => {
                let sizes = json!({ "standard": size, "fixed": size * 13 / 16 });
                self.devtools("Page.setFontSizes", json!({ "fontSizes": sizes }));
            }
            Engine::Firefox => {
                for script in ["x-western", "zh-CN"] {
                    self.set_preference(&format!("font.size.variable.{script}"), size as i32);
                }
            }
            Engine::WebKitGtk => assert_eq!(size, 16, "WebKitGTK keeps its size of text"),
        }
    }

    /// Leaves the policies of pages out of account or keeps to them, from the next page on.
    pub fn set_policies(&self, on: bool) {
        match self.browser.engine {
            Engine::Chromium => {
                self.devtools("Page.setBypassCSP", json!({ "enabled": !on }));
            }
            other => assert!(on, "{other:?} can't be told to leave policies out"),
        }
    }

    /// Turns the page's scripts off or on, from the next page on.
    pub fn set_scripts(&self, on: bool) {
        match self.browser.engine {
            Engine::Chromium => {
                self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !on }));
            }
            other => assert!(on, "{other:?} can't be told to leave scripts out"),
        }
    }

    /// Lets requests for these files (`*.wasm`) fail, for the rest of the test.
    pub fn block(&self, patterns: &[&str]) {
        match self.browser.engine {
            Engine::Chromium => {
                self.devtools("Network.enable", json!({}));
                self.devtools("Network.setBlockedURLs", json!({ "urls": patterns }));
            }
            other => assert!(patterns.is_empty(), "{other:?} can't be told to block requests"),
        }
    }

    /// Lets the program of the next page wait until [`Tab::release_program`].
    pub fn hold_program(&self) {
        assert_eq!(self.browser.engine, Engine::Chromium, "only its driver can hold a program");
        let held = self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": include_str!("hold.js") }),
        );
        *self.held.borrow_mut() = held["identifier"].as_str().map(ToOwned::to_owned);
    }

    /// Lets the program of this page come, and those of later pages at once.
    pub fn release_program(&self) {
        let Some(held) = self.held.take() else { return };
        let parameters = json!({ "identifier": held });
        self.devtools("Page.removeScriptToEvaluateOnNewDocument", parameters);
        self.run("window.releaseProgram?.()");
    }

    /// Changes one of Firefox' own settings.
    fn set_preference(&self, name: &str, value: i32) -> Value {
        let context = |context: &str| {
            let parameters = json!({ "context": context });
            self.command(Extension {
                method: Method::POST,
                path: "/moz/context".into(),
                parameters: Some(parameters),
            })
        };
        context("chrome");
        self.run_with("Services.prefs.setIntPref(...arguments)", vec![name.into(), value.into()]);
        context("content")
    }

    /// A command that only some drivers know.
    fn command(&self, command: Extension) -> Value {
        let path = command.path.clone();
        self.wait(self.session.web.handle().cmd(Command::ExtensionCommand(Box::new(command))))
            .and_then(|response| response.value())
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    // ── looking ─────────────────────────────────────────────────

    /// The one thing with this role and exactly this accessible name, when it is there.
    pub fn by_role(&self, role: &str, name: &str) -> Element {
        self.wanted(Wanted::Role(role.into(), name.into()))
    }

    fn wanted(&self, wanted: Wanted) -> Element {
        let inner = self.until_some(&wanted.to_string(), || self.find(&wanted));
        let (browser, web) = (self.browser.clone(), self.session.web.clone());
        Element { browser, web, inner: RefCell::new(inner), wanted }
    }

    fn find(&self, wanted: &Wanted) -> Option<WebElement> {
        self.wait(wanted.find(&self.session.web))
    }

    /// Whether something with this role and name is on the page now.
    pub fn has(&self, role: &str, name: &str) -> bool {
        self.find(&Wanted::Role(role.into(), name.into())).is_some()
    }

    pub fn button(&self, name: &str) -> Element {
        self.by_role("button", name)
    }

    pub fn link(&self, name: &str) -> Element {
        self.by_role("link", name)
    }

    pub fn switch(&self, name: &str) -> Element {
        self.by_role("switch", name)
    }

    /// A field into which text or a number is typed.
    pub fn field(&self, name: &str) -> Element {
        self.by_role("field", name)
    }

    pub fn region(&self, name: &str) -> Element {
        self.by_role("region", name)
    }

    /// The first element that a CSS selector finds, for what has no role.
    pub fn css(&self, selector: &str) -> Element {
        self.wanted(Wanted::Selector(selector.into()))
    }

    /// Looks at the page in a frame, and comes back.
    pub fn inside<T>(&self, frame: &str, look: impl FnOnce(&Tab) -> T) -> T {
        self.css(frame).with(async |element| element.clone().enter_frame().await);
        let seen = look(self);
        self.wait(self.session.web.enter_default_frame()).expect("the page around it is there");
        seen
    }

    /// The words of the whole page, as they are shown.
    pub fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    pub fn title(&self) -> String {
        self.wait(self.session.web.title()).expect("a page has a title")
    }

    /// Runs a script in the page and returns what it returns.
    pub fn run(&self, script: &str) -> Value {
        self.run_with(script, Vec::new())
    }

    /// The same with `arguments`.
    pub fn run_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        let result = self
            .wait(self.session.web.execute(script, arguments))
            .unwrap_or_else(|error| panic!("the script failed: {error}"));
        result.json().clone()
    }

    /// Runs a script that ends when it calls the argument after `arguments`.
    pub fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let result = self
            .wait(self.session.web.execute_async(script, arguments))
            .unwrap_or_else(|error| panic!("the script failed: {error}"));
        result.json().clone()
    }

    /// Presses the mouse on an element, and does not let go before `meanwhile` is over.
    pub fn press_during(&self, element: &Element, meanwhile: impl FnOnce()) {
        element.with(async |element| {
            self.session.web.action_chain().move_to_element_center(element).perform().await
        });
        let mouse = || self.session.web.action_chain();
        self.wait(mouse().click_and_hold().perform()).expect("the mouse can be pressed");
        meanwhile();
        self.wait(mouse().release().perform()).expect("it can be let go");
    }

    /// Presses keys wherever the focus is.
    pub fn press(&self, keys: impl Into<TypingData>) {
        let focused =
            self.wait(self.session.web.active_element()).expect("something has the focus");
        self.wait(focused.send_keys(keys)).expect("keys can be pressed");
    }

    /// Acts of a hand that doesn't type: its acts one after another, at points of the viewport.
    pub fn hand(&self, hand: Hand, acts: &[Act]) {
        let pointer = match hand {
            Hand::Finger => "touch",
            Hand::Pen => "pen",
            Hand::Mouse => "mouse",
        };
        let act = |act: &Act| match *act {
            Act::To(x, y) => json!({ "type": "pointerMove", "duration": 20, "x": x, "y": y }),
            Act::Down => json!({ "type": "pointerDown", "button": 0 }),
            Act::Up => json!({ "type": "pointerUp", "button": 0 }),
            Act::Wait(ms) => json!({ "type": "pause", "duration": ms }),
        };
        let acts: Vec<Value> = acts.iter().map(act).collect();
        let actions = json!({ "actions": [{
            "type": "pointer",
            "id": pointer,
            "parameters": { "pointerType": pointer },
            "actions": acts,
        }]});
        let path = "/actions".to_owned();
        self.command(Extension { method: Method::POST, path, parameters: Some(actions) });
    }

    // ── waiting ─────────────────────────────────────────────────

    /// Waits until `condition` holds, or panics with `what` it was.
    pub fn until(&self, what: &str, condition: impl Fn() -> bool) {
        self.until_some(what, || condition().then_some(()));
    }

    /// Waits for what `look` finds.
    pub fn until_some<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                Instant::now() < deadline,
                "not within {PATIENCE:?}: {what}\non {}:\n{}",
                self.path(),
                self.text(),
            );
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    // ── what the browser noticed ────────────────────────────────

    /// Errors and warnings in the console since the last call.
    pub fn console(&self) -> Vec<String> {
        match self.browser.engine {
            Engine::Chromium => self
                .wait(self.session.web.browser_log())
                .expect("the driver keeps a console log")
                .into_iter()
                .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
                .map(|entry| format!("{}: {}", entry.level, entry.message))
                .collect(),
            Engine::Firefox | Engine::WebKitGtk => self.notes("watch-console"),
        }
    }

    /// Takes what `watch.js` has noted in a list.
    fn notes(&self, list: &str) -> Vec<String> {
        let notes = self.run_with(
            "if (location.protocol === 'about:') return [];
             const notes = sessionStorage.getItem(arguments[0]);
             sessionStorage.removeItem(arguments[0]);
             return JSON.parse(notes ?? '[]');",
            vec![list.into()],
        );
        serde_json::from_value(notes).expect("notes are texts")
    }

    /// Takes messages that a test has provoked out of the console: there is at least one
    /// that holds `words`, and none without them.
    pub fn expect_in_console(&self, words: &str) {
        let messages = self.console();
        assert!(
            messages.iter().any(|message| message.contains(words)),
            "the console says {messages:?}"
        );
        let others: Vec<&String> = messages
            .iter()
            .filter(|message| {
                !message.contains(words) && !message.contains("net::ERR_BLOCKED_BY_CLIENT")
            })
            .collect();
        assert!(others.is_empty(), "the console also says {others:?}");
    }

    /// Takes away what Chromium says on the console of a page that isn't there; the others
    /// say nothing.
    pub fn expect_missing_page(&self) {
        if self.browser.engine == Engine::Chromium {
            self.expect_in_console("the server responded with a status of 404");
        }
    }

    /// The addresses that were requested since the last call.
    pub fn requests(&self) -> Vec<String> {
        match self.browser.engine {
            Engine::Chromium => self
                .wait(self.session.web.get_log("performance"))
                .expect("the driver keeps a network log")
                .into_iter()
                .filter_map(|entry| serde_json::from_str::<Value>(&entry.message).ok())
                .filter(|entry| entry["message"]["method"] == "Network.requestWillBeSent")
                .filter_map(|entry| {
                    Some(entry["message"]["params"]["request"]["url"].as_str()?.to_owned())
                })
                .collect(),
            Engine::Firefox | Engine::WebKitGtk => self.notes("watch-requests"),
        }
    }

    /// A picture of the viewport, or of the whole page.
    pub fn screenshot(&self, whole_page: bool) -> Vec<u8> {
        if whole_page {
            let height =
                self.run("return Math.max(innerHeight, document.documentElement.scrollHeight)");
            let width = self.run("return innerWidth");
            let number = |value: Value| u32::try_from(value.as_u64().unwrap_or(800)).unwrap_or(800);
            self.resize(number(width), number(height));
        }
        self.wait(self.session.web.screenshot_as_png()).expect("the tab can be drawn")
    }

    /// A picture of the viewport as a PNG in base64, as scripts of the page can read it.
    pub fn shot(&self) -> Value {
        self.devtools("Page.captureScreenshot", json!({}))["data"].take()
    }

    // ── the end of a test ───────────────────────────────────────

    /// Says what the browser noticed during a test: nothing may be in the console, and no
    /// request may have left the origin. The session goes back to the browser.
    pub fn finish(self) -> Result<(), String> {
        let mut faults = self.console();
        let origins = self.origins();
        let foreign = |address: &String| {
            !origins.iter().any(|origin| address.starts_with(origin))
                && !["data:", "blob:", "about:", "chrome"]
                    .iter()
                    .any(|own| address.starts_with(own))
        };
        faults.extend(
            self.requests()
                .into_iter()
                .filter(foreign)
                .map(|address| format!("left the origin: {address}")),
        );
        self.set_scripts(true);
        self.set_policies(true);
        self.block(&[]);
        self.release_program();
        self.wait(self.session.web.goto(format!("{}/404.html", origins[0])))
            .map_err(|error| error.to_string())?;
        self.run("localStorage.clear(); sessionStorage.clear()");
        self.wait(self.session.web.goto("about:blank")).map_err(|error| error.to_string())?;
        self.browser.take_back(self.session);
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

impl Wanted {
    async fn find(&self, web: &WebDriver) -> Option<WebElement> {
        let (role, name) = match self {
            Wanted::Selector(selector) => return web.find(By::Css(selector.as_str())).await.ok(),
            Wanted::Role(role, name) => (role, name),
        };
        for element in web.find_all(By::Css(selector_of(role))).await.ok()? {
            let named = computed(web, &element, "computedlabel").await;
            if named.as_ref() == Some(name)
                && computed(web, &element, "computedrole")
                    .await
                    .is_some_and(|found| same_role(&found, role))
            {
                return Some(element);
            }
        }
        None
    }
}

/// The accessible role or name of an element, as the browser computes it.
async fn computed(web: &WebDriver, element: &WebElement, property: &str) -> Option<String> {
    let path = format!("/element/{}/{property}", element.element_id());
    let command = Extension { method: Method::GET, path, parameters: None };
    let command = Command::ExtensionCommand(Box::new(command));
    web.handle().cmd(command).await.ok()?.value::<String>().ok()
}

impl fmt::Display for Wanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Role(role, name) => write!(formatter, "{role} “{name}”"),
            Wanted::Selector(selector) => write!(formatter, "`{selector}`"),
        }
    }
}

impl Element {
    /// Does something with the element. If the page has put another one into its place, nothing has
    /// been done yet: then it's done with that one.
    fn with<T>(&self, work: impl AsyncFn(&WebElement) -> WebDriverResult<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let inner = self.inner.borrow().clone();
            let error = match self.browser.runtime.block_on(work(&inner)) {
                Ok(done) => return done,
                Err(error) => error,
            };
            let gone = matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_));
            assert!(gone && Instant::now() < deadline, "{}: {error}", self.wanted);
            if let Some(found) = self.browser.runtime.block_on(self.wanted.find(&self.web)) {
                *self.inner.borrow_mut() = found;
            }
        }
    }

    /// Runs a script whose argument is this element.
    fn run(&self, script: &str) {
        self.with(async |element| {
            let this = element.to_json()?;
            element.handle().execute(script, vec![this]).await
        });
    }

    pub fn click(&self) {
        if self.browser.engine == Engine::WebKitGtk {
            // Its driver scrolls the page, but not a box in it.
            self.run("arguments[0].scrollIntoView({ block: 'nearest' })");
        }
        self.with(async |element| element.click().await);
    }

    /// The words inside, as they are shown.
    pub fn text(&self) -> String {
        self.with(async |element| element.text().await)
    }

    /// What stands in a field.
    pub fn value(&self) -> String {
        self.with(async |element| element.value().await).unwrap_or_default()
    }

    /// Replaces what stands in a field and leaves it with Tab, as a reader does.
    pub fn fill(&self, text: &str) {
        // WebKitGTK is slow to hear Ctrl+A: the next key would overtake it.
        self.run("arguments[0].focus(); arguments[0].select()");
        self.press(Key::Delete + "");
        // WebKitGTK's driver refuses to type nothing.
        if !text.is_empty() {
            self.press(text);
        }
        self.press(Key::Tab + "");
    }

    pub fn press(&self, keys: impl Into<TypingData>) {
        let keys: String = keys.into().as_vec().into_iter().collect();
        self.with(async |element| element.send_keys(keys.as_str()).await);
    }

    pub fn attribute(&self, name: &str) -> Option<String> {
        self.with(async |element| element.attr(name).await)
    }

    /// Whether a switch, a checkbox or a radio button is on.
    pub fn is_on(&self) -> bool {
        self.with(async |element| element.is_selected().await)
    }

    pub fn is_enabled(&self) -> bool {
        self.with(async |element| element.is_enabled().await)
    }

    pub fn is_shown(&self) -> bool {
        self.with(async |element| element.is_displayed().await)
    }
}

/// Elements that can have a role; the driver says which of them do.
fn selector_of(role: &str) -> &str {
    match role {
        "button" => "button, summary, [role=button]",
        "link" => "a[href]",
        "switch" => "[role=switch]",
        "checkbox" => "input[type=checkbox]",
        "radio" => "input[type=radio], [role=radio]",
        "field" => "input:not([type=checkbox], [type=radio], [type=range]), textarea",
        "slider" => "input[type=range], [role=slider]",
        "region" => "section, [role=region]",
        "heading" => "h1, h2, h3, h4, [role=heading]",
        "navigation" => "nav",
        "figure" => "figure",
        "image" => "img, svg[role=img], canvas[role=img], [role=img]",
        _ => "*",
    }
}

/// Drivers differ in how they call a thing, and number fields have a role of their own.
fn same_role(found: &str, asked: &str) -> bool {
    match asked {
        "field" => matches!(found, "textbox" | "spinbutton" | "searchbox" | "combobox"),
        "image" => matches!(found, "image" | "img" | "graphics-document"),
        _ => found == asked,
    }
}

/// A command that WebDriver's first version doesn't have.
#[derive(Debug)]
struct Extension {
    method: Method,
    /// Below the session.
    path: String,
    parameters: Option<Value>,
}

impl ExtensionCommand for Extension {
    fn parameters_json(&self) -> Option<Value> {
        self.parameters.clone()
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Arc<str> {
        self.path.as_str().into()
    }
}
