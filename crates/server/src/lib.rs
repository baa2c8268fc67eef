//! A small server for the built site, as strict as a real host can be: it knows folders,
//! types, `404.html` and precompressed files, and sends a Content-Security-Policy that
//! allows the site's own files and nothing else. For work on the site it can also tell open
//! pages to reload. Nothing here is meant for the open network.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
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

/// What a page that was served for work does.
const RELOAD_SCRIPT: &str = "new EventSource('/__reload').onmessage = () => location.reload();\n";

/// Serves a folder until it is stopped or the process ends.
pub struct Server {
    address: SocketAddr,
    site: Arc<Site>,
}

/// What the server answered to [`Server::get`].
pub struct Answer {
    pub status: u16,
    /// As sent, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

#[derive(Default)]
struct Site {
    folder: PathBuf,
    /// The path that it is served below, without a closing slash.
    below: &'static str,
    /// Runs in every page, before the page's own.
    script: Option<&'static str>,
    /// Whether it is somebody else's, and has no policy.
    foreign: bool,
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

    fn on(port: u16, site: Site) -> io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let site = Arc::new(site);
        let serving = site.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = serving.clone();
                if site.is_stopped() {
                    return;
                }
                // A browser that hangs up in the middle is nobody's concern.
                thread::spawn(move || site.talk(stream));
            }
        });
        Ok(Server { address, site })
    }

    /// Refuses every request from now on; the port is free again. Returns it.
    pub fn stop(self) -> io::Result<u16> {
        self.site.stopped.store(true, Ordering::Relaxed);
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

/// What matters of a request.
struct Request {
    path: String,
    head_only: bool,
    brotli: bool,
    close: bool,
    foreign: bool,
}

impl Request {
    /// The next request of a connection, or nothing when it was closed.
    fn read(lines: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split(' ');
        let head_only = words.next() == Some("HEAD");
        let target = words.next().unwrap_or("/");
        let path = target.split(['?', '#']).next().unwrap_or("/").to_owned();
        let (mut brotli, mut close) = (false, false);
        loop {
            let mut header = String::new();
            if lines.read_line(&mut header)? == 0 || header.trim().is_empty() {
                return Ok(Some(Request { path, head_only, brotli, close, foreign: false }));
            }
            let header = header.to_lowercase();
            brotli |= header.starts_with("accept-encoding:") && header.contains("br");
            close |= header.starts_with("connection:") && header.contains("close");
        }
    }
}

impl Site {
    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Answers the requests of one connection.
    fn talk(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        while let Some(request) = Request::read(&mut lines)? {
            let request = Request { foreign: self.foreign, ..request };
            if self.is_stopped() {
                break;
            }
            match (request.path.as_str(), self.script) {
                ("/__reload", Some(_)) => return self.announce_builds(stream),
                (SCRIPT_PATH, Some(script)) => {
                    let headers = "Content-Type: text/javascript\r\n";
                    let script = format!("{UNKEPT}{script}");
                    send(&mut stream, &request, "200 OK", headers, script.as_bytes())?;
                }
                _ => self.respond(&mut stream, &request)?,
            }
            if request.close {
                break;
            }
        }
        Ok(())
    }

    fn respond(&self, stream: &mut TcpStream, request: &Request) -> io::Result<()> {
        let path = match request.path.strip_prefix(self.below) {
            Some(path) if path.is_empty() || path.starts_with('/') => path.trim_start_matches('/'),
            _ => return send(stream, request, "404 Not Found", "", b""),
        };
        let inside = !path.split('/').any(|part| part == "..");
        let mut file = self.folder.join(path);
        if inside && file.is_dir() {
            if !request.path.ends_with('/') {
                let location = format!("Location: {}/\r\n", request.path);
                return send(stream, request, "301 Moved Permanently", &location, b"");
            }
            file.push("index.html");
        }
        let (status, file) = if inside && file.is_file() {
            ("200 OK", file)
        } else {
            ("404 Not Found", self.folder.join("404.html"))
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
        send(stream, request, status, &headers, &body)
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
}

fn send(
    stream: &mut TcpStream,
    request: &Request,
    status: &str,
    headers: &str,
    body: &[u8],
) -> io::Result<()> {
    let length = body.len();
    let ancestors = if request.path.contains(EMBEDS) { "*" } else { "'self'" };
    let policy = match request.foreign {
        true => String::new(),
        false => format!("Content-Security-Policy: {POLICY}; frame-ancestors {ancestors}\r\n"),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\
         {policy}X-Content-Type-Options: nosniff\r\n\r\n"
    );
    let body = if request.head_only { b"" } else { body };
    stream.write_all(&[head.as_bytes(), body].concat())
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
mod tests {
    use super::*;

    /// A site of two files, served for one test.
    fn site(name: &str) -> Server {
        Server::start(folder(name)).expect("a port is free")
    }

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("error99-server-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("lab")).expect("the temporary folder can be written");
        fs::write(folder.join("lab/index.html"), "the lab").expect("a page can be written");
        fs::write(folder.join("404.html"), "no such page").expect("a page can be written");
        folder
    }

    #[test]
    fn a_folder_is_its_index_page_behind_a_slash() {
        let site = site("folder");
        let bare = site.get("/lab?x=1").expect("it answers");
        assert_eq!((bare.status, bare.header("location")), (301, Some("/lab/")));
        let page = site.get("/lab/").expect("it answers");
        assert_eq!((page.status, page.body.as_str()), (200, "the lab"));
    }

    #[test]
    fn a_site_can_live_below_a_path() {
        let site = Server::below("/some/where", folder("below")).expect("a port is free");
        let bare = site.get("/some/where/lab").expect("it answers");
        assert_eq!((bare.status, bare.header("location")), (301, Some("/some/where/lab/")));
        assert_eq!(site.get("/some/where").expect("it answers").status, 301);
        assert_eq!(site.get("/some/where/lab/").expect("it answers").body, "the lab");
        let unknown = site.get("/some/where/else").expect("it answers");
        assert_eq!((unknown.status, unknown.body.as_str()), (404, "no such page"));
        assert_eq!(site.get("/lab/").expect("it answers").body, "");
    }

    #[test]
    fn the_page_on_hosting_names_the_policy() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../HOSTING.md");
        let page = fs::read_to_string(page).expect("the page is there");
        let headers = page.matches(&format!("{POLICY}; frame-ancestors 'self'")).count();
        assert_eq!((headers, page.matches(POLICY).count()), (1, 2), "as a header, and for nginx");
    }

    #[test]
    fn a_stopped_server_leaves_its_port_to_the_next() {
        let site = site("stopped");
        let port = site.stop().expect("it stops");
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        let next = Server::start_on(port, folder("stopped")).expect("the port is free again");
        assert_eq!(next.get("/lab/").expect("it answers").body, "the lab");
    }

    #[test]
    fn a_script_can_stand_in_front_of_every_page() {
        let folder = std::env::temp_dir().join(format!("error99-server-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        fs::write(folder.join("404.html"), "<head><script>").expect("a page can be written");
        let site = Server::with_script(folder, "note()").expect("a port is free");
        let page = site.get("/").expect("it answers").body;
        assert_eq!(page, format!("<head>{SCRIPT_TAG}<script>"));
        assert!(site.get(SCRIPT_PATH).expect("it answers").body.ends_with("\nnote()"));
    }

    #[test]
    fn only_embeds_may_stand_in_frames_of_others() {
        let site = site("frames");
        let policy = |path: &str| {
            let answer = site.get(path).expect("it answers");
            answer.header("content-security-policy").map(str::to_owned).unwrap_or_default()
        };
        assert!(policy("/lab/").ends_with("frame-ancestors 'self'"));
        assert!(policy("/zh-CN/embed/lab/").ends_with("frame-ancestors *"));
        let foreign = Server::foreign(std::env::temp_dir()).expect("a port is free");
        let answer = foreign.get("/").expect("it answers");
        assert_eq!(answer.header("content-security-policy"), None);
    }

    #[test]
    fn an_unknown_path_is_told_so_by_status_and_page() {
        let site = site("unknown");
        for path in ["/no/such/page", "/../secret", "/lab/../../secret"] {
            let answer = site.get(path).expect("it answers");
            assert_eq!((answer.status, answer.body.as_str()), (404, "no such page"), "{path}");
        }
    }
}
