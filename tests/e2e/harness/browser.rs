//! The sessions of an engine. Starting one takes a second, so tests hand theirs on, emptied.

use crate::cost;
use crate::engine::Engine;
use crate::tab::{PATIENCE, Tab};
use error99_server::Server;
use std::io::{self, BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use thirtyfour::WebDriver;
use tokio::runtime::Runtime;

/// An engine, the site that it looks at, and the sessions that no test is using now.
pub struct Browser {
    pub engine: Engine,
    pub server: Server,
    pub(crate) runtime: Arc<Runtime>,
    idle: Mutex<Vec<Session>>,
}

impl Browser {
    /// Sessions start when tabs are asked for.
    pub fn start(engine: Engine, server: Server) -> io::Result<Arc<Browser>> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let runtime = Arc::new(runtime);
        Ok(Arc::new(Browser { engine, server, runtime, idle: Mutex::default() }))
    }

    /// An empty tab of the default size, in the light theme.
    pub fn tab(self: &Arc<Browser>) -> Tab {
        let waiting = self.idle.lock().expect("no test panics in here").pop();
        let session = waiting.unwrap_or_else(|| {
            Session::start(self).unwrap_or_else(|error| panic!("{:?}: {error}", self.engine))
        });
        Tab::new(self.clone(), session)
    }

    /// Takes back the session of a tab that passed its checks.
    pub(crate) fn take_back(&self, session: Session) {
        self.idle.lock().expect("no test panics in here").push(session);
    }

    /// Ends all idle sessions.
    pub fn stop(&self) {
        self.idle.lock().expect("no test panics in here").clear();
    }
}

/// A browser that is driven, with its driver: most drivers can only have one.
pub(crate) struct Session {
    pub(crate) web: WebDriver,
    runtime: Arc<Runtime>,
    driver: Program,
    /// Of its own: windows on one display would take the focus from each other.
    display: Option<Display>,
}

/// So often a session is tried.
const TRIES: usize = 3;

impl Session {
    /// On a busy machine somebody else may take the port that was free for the driver, or a
    /// browser may not come up in time: then both are tried again.
    fn start(browser: &Browser) -> io::Result<Session> {
        let mut tried = Session::once(browser);
        for _ in 1..TRIES {
            let Err(error) = &tried else { break };
            eprintln!("{:?} once more: {error}", browser.engine);
            tried = Session::once(browser);
        }
        tried
    }

    fn once(browser: &Browser) -> io::Result<Session> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let display = browser.engine.needs_display().then(Display::start).transpose()?;
        let name = display.as_ref().map(|display| display.name.as_str());
        let mut command = browser.engine.driver(port, name)?;
        let driver = Program::start(command.stdout(Stdio::null()))?;
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > deadline {
                return Err(io::Error::other("the driver does not answer"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        let address = format!("http://127.0.0.1:{port}");
        let runtime = browser.runtime.clone();
        let web = runtime
            .block_on(WebDriver::new(address, browser.engine.capabilities()))
            .map_err(|error| io::Error::other(format!("no session: {error:?}")))?;
        Ok(Session { web, runtime, driver, display })
    }

    /// The time that the processor has spent on it so far.
    pub(crate) fn cost(&self) -> Duration {
        let display = self.display.as_ref().map(|display| &display.server);
        [Some(&self.driver), display]
            .into_iter()
            .flatten()
            .map(|program| cost::of_family(program.0.id()))
            .sum()
    }
}

impl Drop for Session {
    /// The browser ends before its driver does.
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.web.clone().quit());
    }
}

/// An X display that nobody sees.
struct Display {
    name: String,
    server: Program,
}

impl Display {
    fn start() -> io::Result<Display> {
        let mut command = Command::new("Xvfb");
        // It writes the number that it found free to its standard output.
        command.args(["-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]);
        let mut server = Program::start(command.stdout(Stdio::piped()))?;
        let mut number = String::new();
        if let Some(stdout) = server.0.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        Ok(Display { name: format!(":{}", number.trim()), server })
    }
}

/// A program that ends with its owner.
struct Program(Child);

impl Program {
    /// Starts it; what it would say on its error output is of no use.
    fn start(command: &mut Command) -> io::Result<Program> {
        let name = command.get_program().to_string_lossy().into_owned();
        let started = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn();
        started
            .map(Program)
            .map_err(|error| io::Error::other(format!("{name} does not start: {error}")))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
