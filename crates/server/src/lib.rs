//! A small server for the built site, as strict as a real host can be: it knows folders,
//! types, `404.html` and precompressed files, and sends a Content-Security-Policy that
//! allows the site's own files and nothing else. For work on the site it can also tell open
//! pages to reload. Nothing here is meant for the open network.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use std::{fs, thread};

/// No inline script, handler or style passes; any attempt is an error in the console.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'";

/// What a page that was served for work does.
const RELOAD_SCRIPT: &str = "new EventSource('/__reload').onmessage = () => location.reload();\n";

/// Serves a folder until the process ends.
pub struct Server {
    address: SocketAddr,
}

/// What the server answered to [`Server::get`].
pub struct Answer {
    pub status: u16,
    /// As sent, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

struct Site {
    folder: PathBuf,
    /// Runs in every page, before the page's own.
    script: Option<&'static str>,
}

/// Where that script is, and what names it.
const SCRIPT_PATH: &str = "/__script.js";
const SCRIPT_TAG: &str = "<script src=\"/__script.js\"></script>";

impl Server {
    /// Serves `folder` on a free port of this machine.
    pub fn start(folder: impl Into<PathBuf>) -> io::Result<Server> {
        Server::on(0, Site { folder: folder.into(), script: None })
    }

    /// The same, with a script in front of every page.
    pub fn with_script(folder: impl Into<PathBuf>, script: &'static str) -> io::Result<Server> {
        Server::on(0, Site { folder: folder.into(), script: Some(script) })
    }

    /// Serves `folder` on `port`; open pages reload when it was built again.
    pub fn for_work(folder: impl Into<PathBuf>, port: u16) -> io::Result<Server> {
        Server::on(port, Site { folder: folder.into(), script: Some(RELOAD_SCRIPT) })
    }

    fn on(port: u16, site: Site) -> io::Result<Server> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let site = Arc::new(site);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = site.clone();
                // A browser that hangs up in the middle is nobody's concern.
                thread::spawn(move || site.talk(stream));
            }
        });
        Ok(Server { address })
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
                return Ok(Some(Request { path, head_only, brotli, close }));
            }
            let header = header.to_lowercase();
            brotli |= header.starts_with("accept-encoding:") && header.contains("br");
            close |= header.starts_with("connection:") && header.contains("close");
        }
    }
}

impl Site {
    /// Answers the requests of one connection.
    fn talk(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        while let Some(request) = Request::read(&mut lines)? {
            match (request.path.as_str(), self.script) {
                ("/__reload", Some(_)) => return self.announce_builds(stream),
                (SCRIPT_PATH, Some(script)) => {
                    let headers = "Content-Type: text/javascript\r\n";
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
        let path = request.path.trim_start_matches('/');
        let inside = !path.split('/').any(|part| part == "..");
        let mut file = self.folder.join(path);
        if inside && file.is_dir() {
            if !path.is_empty() && !path.ends_with('/') {
                let location = format!("Location: /{path}/\r\n");
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
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\n\r\n"
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
        let folder =
            std::env::temp_dir().join(format!("error99-server-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("lab")).expect("the temporary folder can be written");
        fs::write(folder.join("lab/index.html"), "the lab").expect("a page can be written");
        fs::write(folder.join("404.html"), "no such page").expect("a page can be written");
        Server::start(folder).expect("a port is free")
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
    fn a_script_can_stand_in_front_of_every_page() {
        let folder = std::env::temp_dir().join(format!("error99-server-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        fs::write(folder.join("404.html"), "<head><script>").expect("a page can be written");
        let site = Server::with_script(folder, "note()").expect("a port is free");
        let page = site.get("/").expect("it answers").body;
        assert_eq!(page, format!("<head>{SCRIPT_TAG}<script>"));
        assert_eq!(site.get(SCRIPT_PATH).expect("it answers").body, "note()");
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
