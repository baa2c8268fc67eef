//! Calls that failed: lines of logs, of programs, and of strace.

use crate::end::{End, address};
use crate::observed::{FailedCall, FailedLine};
use crate::text::after;

/// What says 99 in a line, in the languages of glibc.
const NOT_AVAILABLE: &[&str] = &[
    "assign requested address",
    "EADDRNOTAVAIL",
    "address not available",
    "no free ports",
    "angeforderte Adresse",
    "adresse demandée",
    "被请求的地址",
    "请求的地址",
    "要求されたアドレス",
];

/// What says 98.
const IN_USE: &[&str] = &[
    "ddress already in use",
    "EADDRINUSE",
    "Adresse wird bereits",
    "dresse déjà utilisée",
    "地址已在使用",
    "地址已被使用",
    "アドレスは既に使用",
];

/// The failing call of a line, if it tells of one.
pub(crate) fn failure(line: &str, number: u32) -> Option<FailedLine> {
    let errno = errno(line)?;
    let call = call(line);
    let end = end(line).filter(|end| end.port != 0 || call != Some(FailedCall::Connect));
    Some(FailedLine { call, errno, end, localhost: line.contains("localhost"), line: number })
}

fn errno(line: &str) -> Option<u8> {
    let says = |words: &[&str]| words.iter().any(|word| line.contains(word));
    if says(NOT_AVAILABLE) {
        return Some(99);
    }
    if says(IN_USE) {
        return Some(98);
    }
    let numbered = ["errno", "Errno", "error", "code", "failed"];
    let number =
        numbered.iter().find_map(|word| after(line, word).filter(|n| (98..=99).contains(n)));
    let mysql = line.contains("an't connect to") && line.contains("(99)");
    number.or(mysql.then_some(99)).and_then(|number| u8::try_from(number).ok())
}

fn call(line: &str) -> Option<FailedCall> {
    let place = |words: &[&str]| words.iter().filter_map(|word| line.find(word)).min();
    let binds = place(&["bind(", "bind ", "bind:", "Bind failed", "binding", "[bind]"]);
    let connects = place(&["connect", "Connect", "dial tcp"]);
    let listens = place(&["listen"]);
    match (binds, connects, listens) {
        (Some(bind), Some(connect), _) if bind < connect => Some(FailedCall::Bind),
        (_, Some(_), _) => Some(FailedCall::Connect),
        (Some(_), None, _) => Some(FailedCall::Bind),
        (None, None, Some(_)) => Some(FailedCall::Listen),
        _ => None,
    }
}

/// The end that a line is about: of several the first.
fn end(line: &str) -> Option<End> {
    if line.contains("htons(") {
        return of_strace(line);
    }
    let signs = [' ', '\t', ',', '(', ')', '"', '\'', '<', '=', '`', '{', '}'];
    let mut words = line.split(signs).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let word = word.rsplit("->").next().unwrap_or(word);
        let word = word.split_once("://").map_or(word, |(_, rest)| rest);
        let word = word.strip_prefix("/dev/tcp").unwrap_or(word).trim_start_matches('/');
        let slash = word.split_once('/').map(|(host, port)| (host, port.trim_end_matches(':')));
        if let Some((ip, port)) =
            slash.and_then(|(host, port)| Some((address(host)?, port.parse().ok()?)))
        {
            return Some(End { ip, port });
        }
        let word = word.split('/').next().unwrap_or(word).trim_end_matches([':', '.', ';']);
        if let Some(end) = End::parse(word) {
            return Some(end);
        }
        if let Some(ip) = address(word).filter(|_| words.peek() == Some(&"port")) {
            let port = words.nth(1).and_then(|port| port.trim_end_matches(':').parse().ok())?;
            return Some(End { ip, port });
        }
    }
    None
}

/// The address of a call of strace's.
pub(crate) fn of_strace(line: &str) -> Option<End> {
    let port = after(line, "htons(").and_then(|port| u16::try_from(port).ok())?;
    let quoted = line.split('"').nth(1).and_then(address);
    let any = || line.contains("INADDR_ANY").then(|| address("0.0.0.0")).flatten();
    Some(End { ip: quoted.or_else(any)?, port })
}

/// Whether a line is one of strace's.
pub(crate) fn is_strace(line: &str) -> bool {
    let calls = [
        "socket(",
        "connect(",
        "bind(",
        "getsockname(",
        "getpeername(",
        "setsockopt(",
        "fcntl(",
        "close(",
        "getsockopt(",
        "listen(",
    ];
    let line =
        line.trim_start_matches(|sign: char| sign.is_ascii_digit() || " [].:pid".contains(sign));
    calls.iter().any(|call| line.starts_with(call)) && line.contains(" = ")
        || line.starts_with("+++ exited")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_programs_are_read() {
        let connect = Some(FailedCall::Connect);
        let bind = Some(FailedCall::Bind);
        for (line, call, errno, end) in [
            (
                "connect() to 10.7.0.31:6379 failed (99: Cannot assign requested address)",
                connect,
                99,
                "10.7.0.31:6379",
            ),
            (
                "tlsproxy[2911]: backend [::1]:6086: connect: Cannot assign requested address",
                connect,
                99,
                "[::1]:6086",
            ),
            (
                "2023-05-11T08:02:40Z proxy upstream: bind 127.0.0.6:0 failed: Address already in use",
                bind,
                98,
                "127.0.0.6:0",
            ),
            (
                "dial tcp 10.0.0.5:0->10.0.0.1:80: connect: cannot assign requested address",
                connect,
                99,
                "10.0.0.1:80",
            ),
            (
                "ssh: connect to host 127.0.0.1 port 9000: Cannot assign requested address",
                connect,
                99,
                "127.0.0.1:9000",
            ),
            (
                "bash: line 1: /dev/tcp/127.0.0.1/9000: connect: Cannot assign requested address",
                connect,
                99,
                "127.0.0.1:9000",
            ),
            ("connect EADDRNOTAVAIL 127.0.0.1:80 - Local (0.0.0.0:0)", connect, 99, "127.0.0.1:80"),
            (
                "connect(3, {sa_family=AF_INET, sin_port=htons(9000), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = -1 EADDRNOTAVAIL (Cannot assign requested address)",
                connect,
                99,
                "127.0.0.1:9000",
            ),
            (
                "bind() to 0.0.0.0:8080 failed (98: Address already in use)",
                bind,
                98,
                "0.0.0.0:8080",
            ),
            (
                "Error: listen EADDRINUSE: address already in use :::3000",
                Some(FailedCall::Listen),
                98,
                "[::]:3000",
            ),
        ] {
            let read = failure(line, 1).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((read.call, read.errno), (call, errno), "{line}");
            assert_eq!(read.end.map(|end| end.to_string()).as_deref(), Some(end), "{line}");
        }
        for (line, errno) in [
            ("OSError: [Errno 99] Cannot assign requested address", 99),
            ("ERROR 2003 (HY000): Can't connect to MySQL server on 'db' (99)", 99),
        ] {
            assert_eq!(failure(line, 1).map(|read| read.errno), Some(errno), "{line}");
        }
        assert_eq!(failure("ESTAB 0 99 10.0.0.1:98 10.0.0.2:99", 1), None);
    }
}
