//! What the reader has: a window, a theme, a size of text; and what only a browser under test can
//! be told.

use super::extension::Extension;
use super::{Tab, Theme};
use crate::engine::Engine;
use http::Method;
use serde_json::{Value, json};

impl Tab {
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
            json!({ "source": include_str!("../hold.js") }),
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
}
