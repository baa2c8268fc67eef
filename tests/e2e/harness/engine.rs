//! The engines: how each is started, and what it is asked for.

use error99_server::Server;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};
use thirtyfour::Capabilities;

use crate::root;

/// What the tests can run in. The variable `E2E_ENGINE` chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKitGtk,
}

/// Where Debian puts the browser that comes with WebKitGTK.
const MINI_BROWSERS: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
];

impl Engine {
    pub fn chosen() -> Engine {
        match env::var("E2E_ENGINE").as_deref() {
            Err(_) | Ok("" | "chromium") => Engine::Chromium,
            Ok("firefox") => Engine::Firefox,
            Ok("webkitgtk") => Engine::WebKitGtk,
            Ok(other) => panic!("E2E_ENGINE={other}: no such engine"),
        }
    }

    /// Serves the site. Where the driver doesn't tell what the page says and asks for, a
    /// script in front of every page notes it.
    pub fn serve(self, site: impl AsRef<Path>) -> io::Result<Server> {
        let watch = match self {
            Engine::Chromium => "",
            Engine::Firefox | Engine::WebKitGtk => include_str!("watch.js"),
        };
        Server::with_script(site.as_ref(), watch)
    }

    /// The driver of one session. `display` is an X display, for an engine that needs one.
    pub(crate) fn driver(self, port: u16, display: Option<&str>) -> io::Result<Command> {
        let port = format!("--port={port}");
        Ok(match self {
            Engine::Chromium => {
                let mut command = Command::new("chromedriver");
                command.arg(port).arg("--log-level=SEVERE");
                command
            }
            Engine::Firefox => {
                let own = root().join(".tools/bin/geckodriver");
                let program = if own.is_file() { own } else { "geckodriver".into() };
                let mut command = Command::new(program);
                // The theme of the reader's system is one of Firefox' own settings.
                command.arg(port).args(["--log=fatal", "--allow-system-access"]);
                command.args(["--websocket-port=0"]);
                command
            }
            Engine::WebKitGtk => {
                let mut command = Command::new("WebKitWebDriver");
                command.arg(port).env("XDG_CONFIG_HOME", without_motion()?);
                command.env("GDK_BACKEND", "x11").envs(display.map(|display| ("DISPLAY", display)));
                // Its sandbox needs namespaces, which root in a container hasn't got. It only
                // ever shows our own pages here.
                command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
                // There is no graphics card.
                command.env("LIBGL_ALWAYS_SOFTWARE", "1");
                command
            }
        })
    }

    pub(crate) fn needs_display(self) -> bool {
        self == Engine::WebKitGtk
    }

    pub(crate) fn capabilities(self) -> Capabilities {
        // Some measurements take a minute.
        let timeouts = json!({ "script": 120_000 });
        let value = match self {
            Engine::Chromium => json!({
                "browserName": "chrome",
                "timeouts": timeouts,
                "goog:chromeOptions": chromium(),
                "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            }),
            Engine::Firefox => json!({
                "browserName": "firefox",
                "timeouts": timeouts,
                "moz:firefoxOptions": { "args": ["-headless"], "prefs": {
                    "ui.prefersReducedMotion": 1,
                    "layout.css.prefers-color-scheme.content-override": 1,
                }},
            }),
            Engine::WebKitGtk => {
                let binary = MINI_BROWSERS.into_iter().find(|file| Path::new(file).exists());
                json!({
                    "browserName": "MiniBrowser",
                    "timeouts": timeouts,
                    "webkitgtk:browserOptions": {
                        "binary": binary.unwrap_or("MiniBrowser"),
                        "args": ["--automation"],
                    },
                })
            }
        };
        let Value::Object(map) = value else { unreachable!("an object was written above") };
        Capabilities::from(map)
    }
}

fn chromium() -> Value {
    let mut options = json!({ "args": [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--force-color-profile=srgb",
    ]});
    if let Ok(binary) = env::var("CHROMIUM") {
        options["binary"] = json!(binary);
    } else if Path::new("/usr/bin/chromium").exists() {
        options["binary"] = json!("/usr/bin/chromium");
    }
    options
}

/// A folder of settings of a reader who wants no motion, as GTK reads them.
fn without_motion() -> io::Result<std::path::PathBuf> {
    let folder = root().join("target/webkitgtk");
    fs::create_dir_all(folder.join("gtk-3.0"))?;
    fs::write(folder.join("gtk-3.0/settings.ini"), "[Settings]\ngtk-enable-animations=0\n")?;
    Ok(folder)
}
