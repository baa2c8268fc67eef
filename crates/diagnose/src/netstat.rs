//! Rows of `netstat`: net-tools in any language, and busybox.

use crate::end::End;
use crate::reader::ListedRow;
use crate::state::TcpState;
use crate::text::{LineFields, number};

/// A row of `netstat -ant`, with timers and programs or not.
pub(crate) fn row<'a>(fields: &LineFields<'a>) -> Option<ListedRow<'a>> {
    let name = fields.at(0);
    if !matches!(name, "tcp" | "tcp6" | "tcp46") || fields.len() < 6 {
        return None;
    }
    number(fields.at(1)).and(number(fields.at(2)))?;
    let (local, peer) = (End::parse(fields.at(3))?, End::parse(fields.at(4))?);
    let state = TcpState::parse(fields.at(5)).unwrap_or(TcpState::Unknown);
    let rest = fields.all().get(6..).unwrap_or_default();
    let user = rest.iter().copied().find_map(program);
    let place = rest.iter().position(|field| *field == "timewait");
    let left_ms = place.and_then(|place| rest.get(place + 1)).and_then(|field| timer(field));
    Some(ListedRow { local, peer, state, left_ms, user })
}

/// `2204/varnishd`.
fn program(field: &str) -> Option<(&str, u32)> {
    let (pid, name) = field.split_once('/')?;
    let pid = number(pid)?;
    Some((name.trim_end_matches(':'), u32::try_from(pid).ok()?))
}

/// `(59.50/0/0)`.
fn timer(field: &str) -> Option<u32> {
    let text = field.strip_prefix('(')?.split('/').next()?;
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let hundredths = part.get(..2).unwrap_or(part).parse::<u32>().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(1_000)?.checked_add(hundredths * 10)
}

/// Whether a line is a title of `netstat`'s, or a row of other protocols.
pub(crate) fn is_around(line: &str, fields: &LineFields<'_>) -> bool {
    let other = ["udp", "udp6", "udplite", "raw", "raw6", "unix", "icmp", "sctp"];
    other.contains(&fields.at(0))
        || fields.at(0) == "Proto"
        || TITLES.iter().any(|title| line.contains(title))
}

/// What titles and remarks of net-tools have in them.
const TITLES: &[&str] = &[
    "Internet connections",
    "Internetverbindungen",
    "Connexions Internet",
    "Internet连接",
    "Internetová spojení",
    "インターネット接続",
    "Conexões Internet",
    "internetiühendused",
    "UNIX domain sockets",
    "Not all processes could be identified",
    "will not be shown, you would have to be root",
    "No info could be read for",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_any_language() {
        let read = |line| row(&LineFields::of(line));
        let line = "tcp 0 0 127.0.0.1:35428 127.0.0.1:4100 VERBUNDEN 24410/ci-server";
        let row = read(line).expect("it's a row");
        assert_eq!((row.state, row.user), (TcpState::Established, Some(("ci-server", 24_410))));
        let row = read("tcp6 0 0 ::1:40000 ::1:80 TIME_WAIT timewait (59.50/0/0)").expect("a row");
        assert_eq!((row.state, row.left_ms), (TcpState::TimeWait, Some(59_500)));
        assert_eq!(read("tcp 0 0 127.0.0.1:35428 127.0.0.1:41"), None);
        assert_eq!(read("tcp LISTEN 0 128 *:22 *:*"), None);
    }
}
