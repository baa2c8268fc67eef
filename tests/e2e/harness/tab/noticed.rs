//! What the browser noticed: its console, its requests, and what it draws.

use super::Tab;
use crate::engine::Engine;
use serde_json::{Value, json};

impl Tab {
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

    /// A picture of a part of the page as a PNG in base64, as scripts of the page can read it. `clip`
    /// is what the DevTools protocol calls so, in CSS pixels of the page.
    pub fn shot_of(&self, clip: &Value) -> Value {
        self.devtools("Page.captureScreenshot", json!({ "clip": clip }))["data"].take()
    }
}
