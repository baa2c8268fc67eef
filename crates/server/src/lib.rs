//! A small server for the built site, as strict as a real host can be: it knows folders,
//! types, `404.html` and precompressed files, and sends a Content-Security-Policy that
//! allows the site's own files and nothing else. For work on the site it can also tell open
//! pages to reload. Nothing here is meant for the open network.

mod request;

use request::{Request, Requests};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

/// The Content-Security-Policy of every page: the site's own files and nothing else. No inline
/// script, handler or style passes; any attempt is an error in the console. The pages say it of
/// themselves (`prerender` writes it into them); this server sends it as a header, too.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

/// Whose pages may show a page in a frame, which only a header can say: those below this folder
/// are meant for all.
const EMBEDS: &str = "/embed/";

/// Who may read a file: every page, also one in a frame that has no origin of its own. All of it is
/// public.
pub const SHARED: &str = "Access-Control-Allow-Origin: *";

/// What a page that was served for work does.
const RELOAD_SCRIPT: &str = "new EventSource('/__reload').onmessage = () => location.reload();\n";
/// Where it hears that the site was built again.
const RELOAD_PATH: &str = "/__reload";

/// Serves a folder until it is stopped or the process ends.
pub struct Server {
    address: SocketAddr,
    host: Arc<Host>,
}

/// What the server answered to [`Server::get`].
pub struct Answer {
    pub status: u16,
    /// As sent, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A folder, and what kind of host it is on.
#[derive(Default)]
pub struct Site {
    pub folder: PathBuf,
    /// The path that it is served below, without a closing slash.
    pub below: &'static str,
    /// Runs in every page, before the page's own.
    pub script: Option<&'static str>,
    /// Whether it is somebody else's, and sends no headers of ours.
    pub foreign: bool,
    /// Whether unknown paths are answered with the first page, as if it were there.
    pub shrugs: bool,
    /// Files whose names begin so are sent that much later.
    pub holds: Option<(&'static str, Duration)>,
}

/// A site, and whether it is still served.
struct Host {
    site: Site,
    stopped: AtomicBool,
}

/// Stands before that script: who works on the site or tests it wants to see what is in the folder
/// now, and not what a service worker has kept.
const UNKEPT: &str = "delete Navigator.prototype.serviceWorker;\n";
/// Where that script is, and what names it.
const SCRIPT_PATH: &str = "/__script.js";
const SCRIPT_TAG: &str = "<script src=\"/__script.js\"></script>";

impl Server {
    /// Serves `folder` on a free port of this machine.
    pub fn start(folder: impl Into<PathBuf>) -> io::Result<Server> {
        Server::start_on(0, folder)
    }

    /// The same on that port.
    pub fn start_on(port: u16, folder: impl Into<PathBuf>) -> io::Result<Server> {
        Server::on(port, Site { folder: folder.into(), ..Site::default() })
    }

    /// Serves `folder` below a path such as `/some/where`; nothing is outside of it.
    pub fn below(path: &'static str, folder: impl Into<PathBuf>) -> io::Result<Server> {
        Server::on(0, Site { folder: folder.into(), below: path, ..Site::default() })
    }

    /// The same, with a script in front of every page.
    pub fn with_script(folder: impl Into<PathBuf>, script: &'static str) -> io::Result<Server> {
        Server::on(0, Site { folder: folder.into(), script: Some(script), ..Site::default() })
    }

    /// Serves `folder` as somebody else's site, without a policy.
    pub fn foreign(folder: impl Into<PathBuf>) -> io::Result<Server> {
        Server::on(0, Site { folder: folder.into(), foreign: true, ..Site::default() })
    }

    /// Serves `folder` on `port`; open pages reload when it was built again.
    pub fn for_work(folder: impl Into<PathBuf>, port: u16) -> io::Result<Server> {
        let script = Some(RELOAD_SCRIPT);
        Server::on(port, Site { folder: folder.into(), script, ..Site::default() })
    }

    /// Serves `site` on `port`, or on a free one if that is 0.
    pub fn on(port: u16, site: Site) -> io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let host = Arc::new(Host { site, stopped: AtomicBool::new(false) });
        let serving = host.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let host = serving.clone();
                if host.is_stopped() {
                    return;
                }
                // A browser that hangs up in the middle is nobody's concern.
                thread::spawn(move || host.talk(stream));
            }
        });
        Ok(Server { address, host })
    }

    /// Refuses every request from now on; the port is free again. Returns it.
    pub fn stop(self) -> io::Result<u16> {
        self.host.stopped.store(true, Ordering::Relaxed);
        // Whoever waits for a connection is woken by one, and hangs up; then nobody listens.
        TcpStream::connect(self.address)?.read_to_end(&mut Vec::new())?;
        while TcpStream::connect(self.address).is_ok() {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(self.address.port())
    }

    /// `http://127.0.0.1:port`, without a closing slash.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks for a path without any browser. Redirects are not followed.
    pub fn get(&self, path: &str) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        let headers = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        Ok(Answer { status, headers, body: body.to_owned() })
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A file's path in a site, if it can be one: no part of it leads elsewhere or is empty.
fn inside<'a>(path: &'a str, below: &str) -> Option<&'a str> {
    let path = path.strip_prefix(below)?;
    let path = if path.is_empty() { path } else { path.strip_prefix('/')? };
    let parts = path.strip_suffix('/').unwrap_or(path);
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    (path.is_empty() || parts.split('/').all(plain)).then_some(path)
}

/// As much as is still read of what nobody answers to, and for how long.
const LEFT_OVER: u64 = 1 << 20;
const PARTING: Duration = Duration::from_secs(1);

/// Ends a connection so that the answer arrives: what is unread would take it back.
fn part(stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(PARTING))?;
    io::copy(&mut stream.take(LEFT_OVER), &mut io::sink())?;
    Ok(())
}

impl Host {
    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Answers the requests of one connection.
    fn talk(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut requests = Requests::new(stream.try_clone()?);
        while let Some(request) = requests.next()? {
            if self.is_stopped() {
                break;
            }
            let request = match request {
                Ok(request) => request,
                Err(refused) => {
                    self.site.send(
                        &mut stream,
                        None,
                        refused.status(),
                        "Allow: GET, HEAD\r\n",
                        b"",
                    )?;
                    return part(&stream);
                }
            };
            if request.path == RELOAD_PATH && self.site.script.is_some() {
                return self.site.announce_builds(stream);
            }
            self.site.respond(&mut stream, &request)?;
            if request.close {
                return part(&stream);
            }
        }
        Ok(())
    }
}

impl Site {
    fn respond(&self, stream: &mut TcpStream, request: &Request) -> io::Result<()> {
        if let (SCRIPT_PATH, Some(script)) = (request.path.as_str(), self.script) {
            let headers = "Content-Type: text/javascript\r\n";
            let script = format!("{UNKEPT}{script}");
            return self.send(stream, Some(request), "200 OK", headers, script.as_bytes());
        }
        let path = inside(&request.path, self.below);
        if path.is_none() && !request.path.starts_with(self.below) {
            return self.send(stream, Some(request), "404 Not Found", "", b"");
        }
        let name = request.path.rsplit('/').next().unwrap_or_default();
        if let Some((_, late)) = self.holds.filter(|(start, _)| name.starts_with(start)) {
            thread::sleep(late);
        }
        let mut file = path.map(|path| self.folder.join(path));
        if let Some(folder) = file.as_mut().filter(|file| file.is_dir()) {
            if !request.path.ends_with('/') {
                let location = format!("Location: {}/{}\r\n", request.path, request.query);
                return self.send(stream, Some(request), "301 Moved Permanently", &location, b"");
            }
            folder.push("index.html");
        }
        let (status, file) = match file.filter(|file| file.is_file()) {
            Some(file) => ("200 OK", file),
            None if self.shrugs => ("200 OK", self.folder.join("index.html")),
            None => ("404 Not Found", self.folder.join("404.html")),
        };
        let kind = content_type(&file);
        let mut headers = format!("Content-Type: {kind}\r\nCache-Control: no-cache\r\n");
        let packed = PathBuf::from(format!("{}.br", file.display()));
        let mut body = if request.brotli && packed.is_file() {
            headers.push_str("Content-Encoding: br\r\n");
            fs::read(packed)?
        } else {
            fs::read(file).unwrap_or_default()
        };
        if self.script.is_some() && kind.starts_with("text/html") {
            let page = String::from_utf8_lossy(&body);
            body = page.replacen("<head>", &format!("<head>{SCRIPT_TAG}"), 1).into_bytes();
        }
        self.send(stream, Some(request), status, &headers, &body)
    }

    /// Keeps a connection open, and says so once the site was built again.
    fn announce_builds(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n",
        )?;
        let before = self.built();
        loop {
            thread::sleep(Duration::from_millis(300));
            let now = self.built();
            // While a new build is being put in place there is no site at all.
            let news = now.is_some() && now != before;
            stream.write_all(if news { b"data: built\n\n" } else { b":\n" })?;
            if news {
                return Ok(());
            }
        }
    }

    fn built(&self) -> Option<SystemTime> {
        fs::metadata(self.folder.join("404.html")).and_then(|file| file.modified()).ok()
    }

    /// Sends an answer, to a request that could be read or to one that couldn't.
    fn send(
        &self,
        stream: &mut TcpStream,
        request: Option<&Request>,
        status: &str,
        headers: &str,
        body: &[u8],
    ) -> io::Result<()> {
        let length = body.len();
        let embeds = request.is_some_and(|request| request.path.contains(EMBEDS));
        let ancestors = if embeds { "*" } else { "'self'" };
        let own = match self.foreign {
            true => String::new(),
            false => format!(
                "Content-Security-Policy: {POLICY}; frame-ancestors {ancestors}\r\n{SHARED}\r\n"
            ),
        };
        let last = request.is_none_or(|request| request.close);
        let end = if last { "Connection: close\r\n" } else { "" };
        let head = format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\
             {own}X-Content-Type-Options: nosniff\r\n{end}\r\n"
        );
        let body = if request.is_some_and(|request| request.head_only) { b"" } else { body };
        stream.write_all(&[head.as_bytes(), body].concat())
    }
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
