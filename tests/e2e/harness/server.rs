//! A small server for the built site, as strict as a real host can be: it knows folders,
//! types, `404.html` and precompressed files, and sends a Content-Security-Policy that
//! allows the site's own files and nothing else.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, thread};

/// No inline script, handler or style passes; any attempt is an error in the console.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'";

/// Serves a folder on a free port of this machine until the process ends.
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

impl Server {
    pub fn start(folder: impl Into<PathBuf>) -> Result<Server> {
        let folder: Arc<Path> = Arc::from(folder.into());
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A browser that hangs up in the middle is no concern of the tests.
                thread::spawn(move || talk(&folder, stream));
            }
        });
        Ok(Server { address })
    }

    /// `http://127.0.0.1:port`, without a closing slash.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks for a path without any browser. Redirects are not followed.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
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

/// Answers the requests of one connection.
fn talk(folder: &Path, mut stream: TcpStream) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        if lines.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let (mut brotli, mut close) = (false, false);
        loop {
            let mut header = String::new();
            if lines.read_line(&mut header)? == 0 || header.trim().is_empty() {
                break;
            }
            let header = header.to_lowercase();
            brotli |= header.starts_with("accept-encoding:") && header.contains("br");
            close |= header.starts_with("connection:") && header.contains("close");
        }
        let path = request.split(' ').nth(1).unwrap_or("/");
        respond(folder, &mut stream, path, brotli)?;
        if close {
            return Ok(());
        }
    }
}

fn respond(folder: &Path, stream: &mut TcpStream, target: &str, brotli: bool) -> Result<()> {
    let path = target.split(['?', '#']).next().unwrap_or("/").trim_start_matches('/');
    let inside = !path.split('/').any(|part| part == "..");
    let mut file = folder.join(path);
    if inside && file.is_dir() {
        if !path.is_empty() && !path.ends_with('/') {
            let location = format!("Location: /{path}/\r\n");
            return send(stream, "301 Moved Permanently", &location, b"");
        }
        file.push("index.html");
    }
    let (status, file) = if inside && file.is_file() {
        ("200 OK", file)
    } else {
        ("404 Not Found", folder.join("404.html"))
    };
    let mut headers =
        format!("Content-Type: {}\r\nCache-Control: no-cache\r\n", content_type(&file));
    let packed = PathBuf::from(format!("{}.br", file.display()));
    let body = if brotli && packed.is_file() {
        headers.push_str("Content-Encoding: br\r\n");
        fs::read(packed)?
    } else {
        fs::read(file).unwrap_or_default()
    };
    send(stream, status, &headers, &body)
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    );
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
