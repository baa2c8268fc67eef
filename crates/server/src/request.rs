//! Requests as they come in: parsed by httparse, and never longer than [`HEAD_MAX`].

use std::io::{self, Read};

/// As many bytes as a request's first line and its headers may have together.
pub const HEAD_MAX: usize = 32 << 10;
/// So many headers at most.
const HEADERS_MAX: usize = 100;

/// What matters of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// Begins with a slash.
    pub path: String,
    /// From the question mark on, or nothing.
    pub query: String,
    pub head_only: bool,
    /// Whether the answer may be packed with brotli.
    pub brotli: bool,
    /// Whether the connection ends with the answer.
    pub close: bool,
}

/// Why a request isn't answered with a file: the status. The connection ends with it.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It isn't HTTP, or names no path.
    Malformed,
    /// A site is only read.
    Method,
    /// More than [`HEAD_MAX`].
    TooLong,
}

impl Refused {
    pub fn status(&self) -> &'static str {
        match self {
            Refused::Malformed => "400 Bad Request",
            Refused::Method => "405 Method Not Allowed",
            Refused::TooLong => "431 Request Header Fields Too Large",
        }
    }
}

/// The requests of one connection, one after another.
pub struct Requests<R> {
    from: R,
    /// What has come and was not used yet; at most [`HEAD_MAX`] bytes.
    kept: Vec<u8>,
}

impl<R: Read> Requests<R> {
    pub fn new(from: R) -> Requests<R> {
        Requests { from, kept: Vec::new() }
    }

    /// The next request, or nothing when the other side has hung up.
    pub fn next(&mut self) -> io::Result<Option<Result<Request, Refused>>> {
        loop {
            match parsed(&self.kept) {
                Ok(Some((request, length))) => {
                    self.kept.drain(..length);
                    return Ok(Some(Ok(request)));
                }
                Ok(None) if self.kept.len() == HEAD_MAX => {
                    return Ok(Some(Err(Refused::TooLong)));
                }
                Ok(None) => {}
                Err(refused) => return Ok(Some(Err(refused))),
            }
            let mut more = [0; 4096];
            let room = more.len().min(HEAD_MAX - self.kept.len());
            match self.from.read(&mut more[..room])? {
                0 if self.kept.is_empty() => return Ok(None),
                0 => return Ok(Some(Err(Refused::Malformed))),
                count => self.kept.extend_from_slice(&more[..count]),
            }
        }
    }
}

/// The request at the beginning of `bytes` and its length, once all of it is there.
fn parsed(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Request::new(&mut headers);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refused::TooLong),
        Err(_) => return Err(Refused::Malformed),
    };
    let head_only = match head.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refused::Method),
    };
    let target = head.path.filter(|target| target.starts_with('/')).ok_or(Refused::Malformed)?;
    let target = target.split('#').next().unwrap_or_default();
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let said = |name: &str, word: &str| {
        let named = head.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        named.flat_map(|header| header.value.split(|byte| *byte == b',')).any(|value| {
            let value = value.split(|byte| *byte == b';').next().unwrap_or_default();
            value.trim_ascii().eq_ignore_ascii_case(word.as_bytes())
        })
    };
    // A body has no use here: it must not be taken for the next request.
    let body = head.headers.iter().any(|header| {
        header.name.eq_ignore_ascii_case("transfer-encoding")
            || header.name.eq_ignore_ascii_case("content-length") && header.value != b"0"
    });
    let request = Request {
        path: path.to_owned(),
        query: query.to_owned(),
        head_only,
        brotli: said("accept-encoding", "br"),
        close: body || head.version == Some(0) || said("connection", "close"),
    };
    Ok(Some((request, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: impl AsRef<[u8]>) -> Option<Result<Request, Refused>> {
        Requests::new(text.as_ref()).next().expect("bytes can be read")
    }

    #[test]
    fn a_request_is_its_path_its_query_and_three_wishes() {
        let text = "HEAD /a/b?x=/y#z HTTP/1.1\r\nHost: h\r\naccept-ENCODING: gzip, BR;q=1\r\n\r\n";
        let (path, query) = ("/a/b".into(), "?x=/y".into());
        let request = Request { path, query, head_only: true, brotli: true, close: false };
        assert_eq!(first(text), Some(Ok(request)));
        let plain = first("GET / HTTP/1.1\r\nAccept-Encoding: x-br\r\nConnection: Close\r\n\r\n");
        let plain = plain.expect("one").expect("a good one");
        assert_eq!((plain.brotli, plain.close), (false, true));
    }

    #[test]
    fn requests_come_one_after_another_however_they_are_cut() {
        let text = b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n";
        for cut in 0..text.len() {
            let (before, after) = text.split_at(cut);
            let mut requests = Requests::new(before.chain(after));
            for path in ["/1", "/2"] {
                let request = requests.next().expect("bytes").expect("one").expect("a good one");
                assert_eq!(request.path, path, "cut at {cut}");
            }
            assert_eq!(requests.next().expect("bytes"), None);
        }
    }

    #[test]
    fn what_has_a_body_is_the_last_of_its_connection() {
        for header in ["Content-Length: 30", "Transfer-Encoding: chunked", "content-length: 1, 0"] {
            let text = format!("GET / HTTP/1.1\r\n{header}\r\n\r\nGET /secret HTTP/1.1\r\n\r\n");
            assert!(first(text).expect("one").expect("a good one").close, "{header}");
        }
        let none = first("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").expect("one");
        assert!(!none.expect("a good one").close);
    }

    #[test]
    fn whatever_is_no_request_is_refused() {
        let long = |length: usize| format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(length));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(HEADERS_MAX + 1));
        let cases = [
            ("POST / HTTP/1.1\r\n\r\n".into(), Refused::Method),
            ("OPTIONS * HTTP/1.1\r\n\r\n".into(), Refused::Method),
            ("GET http://elsewhere/ HTTP/1.1\r\n\r\n".into(), Refused::Malformed),
            ("GET lab HTTP/1.1\r\n\r\n".into(), Refused::Malformed),
            ("GET / HTTP/9\r\n\r\n".into(), Refused::Malformed),
            ("\u{16}\u{3}\u{1}".into(), Refused::Malformed),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n".into(), Refused::Malformed),
            ("GET / HTTP/1.1\r\nHo".into(), Refused::Malformed),
            (long(HEAD_MAX), Refused::TooLong),
            (long(50 << 20), Refused::TooLong),
            (many, Refused::TooLong),
        ];
        for (text, refused) in cases {
            assert_eq!(first(&text), Some(Err(refused)), "{text:.60}");
        }
        assert!(first(long(HEAD_MAX - 20)).expect("one").is_ok());
        assert_eq!(first(""), None);
    }

    #[test]
    fn no_more_is_read_than_is_kept() {
        // A line that never ends.
        let mut requests = Requests::new(io::repeat(b'x'));
        assert_eq!(requests.next().expect("bytes"), Some(Err(Refused::TooLong)));
        assert_eq!(requests.kept.len(), HEAD_MAX);
    }
}
