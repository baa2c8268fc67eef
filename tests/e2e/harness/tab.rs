//! One tab, as a test sees it.

mod element;
mod extension;
mod hands;
mod looking;
mod noticed;
mod reader;

pub use element::Element;
pub use hands::{Act, Hand};

use crate::browser::{Browser, Session};
use crate::cost;
use crate::engine::Engine;
use error99_server::Server;
use extension::Extension;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thirtyfour::common::command::Command;

/// How long anything may take to come true before a test gives up on it: what takes a second on a
/// calm machine comes true on one with ten times as much to do.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
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

    /// A command that only some drivers know.
    fn command(&self, command: Extension) -> Value {
        let path = command.path.clone();
        self.wait(self.session.web.handle().cmd(Command::ExtensionCommand(Box::new(command))))
            .and_then(|response| response.value())
            .unwrap_or_else(|error| panic!("{path}: {error}"))
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

    /// The time that the processor has spent on this session so far, and on this thread.
    pub fn cost(&self) -> Duration {
        self.session.cost() + cost::of_this_thread()
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
