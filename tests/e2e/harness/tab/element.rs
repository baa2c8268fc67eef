//! Something on the page, and how it is found: by role and name, as the browser computes them.

use super::PATIENCE;
use super::extension::Extension;
use crate::browser::Browser;
use crate::engine::Engine;
use http::Method;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;
use thirtyfour::WebElement;
use thirtyfour::common::command::Command;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

/// Something on the page, found by what it is. A page makes parts of itself anew; then what stands
/// there now is meant, as a reader's hand would find it.
#[derive(Clone)]
pub struct Element {
    pub(super) browser: Arc<Browser>,
    pub(super) web: WebDriver,
    pub(super) inner: RefCell<WebElement>,
    pub(super) wanted: Wanted,
}

/// How a test asked for an element.
#[derive(Clone)]
pub(super) enum Wanted {
    Role(String, String),
    Selector(String),
}

impl Wanted {
    pub(super) async fn find(&self, web: &WebDriver) -> Option<WebElement> {
        let (role, name) = match self {
            Wanted::Selector(selector) => return web.find(By::Css(selector.as_str())).await.ok(),
            Wanted::Role(role, name) => (role, name),
        };
        let asked = vec![selector_of(role).into(), name.as_str().into()];
        let likely = web.execute(include_str!("named.js"), asked).await.ok()?;
        for element in likely.elements().ok()? {
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
    pub(super) fn with<T>(&self, work: impl AsyncFn(&WebElement) -> WebDriverResult<T>) -> T {
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
