//! What stands on the page, found as a reader finds it, or by a script.

use super::Tab;
use super::element::{Element, Wanted};
use serde_json::Value;
use std::cell::RefCell;
use thirtyfour::WebElement;

impl Tab {
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
}
