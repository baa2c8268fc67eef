//! A browser engine and its sessions. Starting a session takes a second, so tests hand
//! theirs on, emptied.

use crate::tab::Tab;
use error99_server::Server;
use serde_json::json;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, io, thread};
use thirtyfour::{Capabilities, WebDriver};
use tokio::runtime::Runtime;

/// What the tests can run in. The variable `E2E_ENGINE` chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
}

impl Engine {
    pub fn chosen() -> Engine {
        match env::var("E2E_ENGINE").as_deref() {
            Err(_) | Ok("" | "chromium") => Engine::Chromium,
            Ok(other) => panic!("E2E_ENGINE={other}: no such engine"),
        }
    }

    fn driver(self, port: u16) -> Command {
        match self {
            Engine::Chromium => {
                let mut command = Command::new("chromedriver");
                command.arg(format!("--port={port}")).arg("--log-level=SEVERE");
                command
            }
        }
    }

    fn capabilities(self) -> Capabilities {
        let value = match self {
            Engine::Chromium => {
                let mut options = json!({ "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                    "--hide-scrollbars", "--force-color-profile=srgb",
                ]});
                if let Ok(binary) = env::var("CHROMIUM") {
                    options["binary"] = json!(binary);
                } else if std::path::Path::new("/usr/bin/chromium").exists() {
                    options["binary"] = json!("/usr/bin/chromium");
                }
                json!({
                    "browserName": "chrome",
                    // Some measurements take a minute.
                    "timeouts": { "script": 120_000 },
                    "goog:chromeOptions": options,
                    "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
                })
            }
        };
        let serde_json::Value::Object(map) = value else {
            unreachable!("an object was written above")
        };
        Capabilities::from(map)
    }
}

/// One engine with its driver, and the sessions that no test is using now.
pub struct Browser {
    pub engine: Engine,
    pub server: Arc<Server>,
    pub(crate) runtime: Arc<Runtime>,
    driver: Mutex<Child>,
    port: u16,
    idle: Mutex<Vec<WebDriver>>,
}

impl Browser {
    /// Starts the driver of `engine`; sessions start when tabs are asked for.
    pub fn start(engine: Engine, server: Server) -> io::Result<Arc<Browser>> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut driver =
            engine.driver(port).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(
                |error| {
                    io::Error::other(format!("the driver of {engine:?} does not start: {error}"))
                },
            )?;
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > deadline {
                let _ = driver.kill();
                return Err(io::Error::other(format!("the driver of {engine:?} does not answer")));
            }
            thread::sleep(Duration::from_millis(20));
        }
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        Ok(Arc::new(Browser {
            engine,
            server: Arc::new(server),
            runtime: Arc::new(runtime),
            driver: Mutex::new(driver),
            port,
            idle: Mutex::default(),
        }))
    }

    /// An empty tab of the default size, in the light theme.
    pub fn tab(self: &Arc<Browser>) -> Tab {
        let waiting = self.idle.lock().expect("no test panics in here").pop();
        let session = waiting.unwrap_or_else(|| {
            let address = format!("http://127.0.0.1:{}", self.port);
            self.runtime
                .block_on(WebDriver::new(address, self.engine.capabilities()))
                .unwrap_or_else(|error| panic!("no session of {:?}: {error}", self.engine))
        });
        Tab::new(self.clone(), session)
    }

    /// Takes back the session of a tab that passed its checks.
    pub(crate) fn take_back(&self, session: WebDriver) {
        self.idle.lock().expect("no test panics in here").push(session);
    }

    /// Ends all idle sessions and the driver.
    pub fn stop(&self) {
        for session in self.idle.lock().expect("no test panics in here").drain(..) {
            let _ = self.runtime.block_on(session.quit());
        }
        let mut driver = self.driver.lock().expect("no test panics in here");
        let _ = driver.kill();
        let _ = driver.wait();
    }
}
