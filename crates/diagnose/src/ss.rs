//! Rows of `ss` and its sums: new and old iproute2, with and without header, timers, programs.

use crate::end::End;
use crate::reader::ListedRow;
use crate::state::TcpState;
use crate::text::{LineFields, after, leading};

/// A row of `ss -tan`, whatever stands behind it. `filtered` is the state that was asked for: then
/// the column of states is missing.
pub(crate) fn row<'a>(
    fields: &LineFields<'a>,
    filtered: Option<TcpState>,
) -> Option<ListedRow<'a>> {
    let skip = usize::from(matches!(fields.at(0), "tcp" | "tcp6" | "mptcp"));
    let numbers = |at: usize| is_number(fields.at(at)) && is_number(fields.at(at + 1));
    let (state, at) = match TcpState::parse(fields.at(skip)) {
        Some(state) if numbers(skip + 1) => (state, skip + 3),
        None if numbers(skip) => (filtered.unwrap_or(TcpState::Unknown), skip + 2),
        _ => return None,
    };
    let local = End::parse(fields.at(at))?;
    let peer = End::parse(fields.at(at + 1))?;
    let rest = fields.all().get(at + 2..).unwrap_or_default();
    let users = rest.iter().copied().find_map(user);
    let left_ms = rest.iter().copied().find_map(timer);
    Some(ListedRow { local, peer, state, left_ms, user: users })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `users:(("nginx",pid=5120,fd=19))`, and `users:(("nginx",5120,19))` of old versions.
fn user(field: &str) -> Option<(&str, u32)> {
    let rest = field.strip_prefix("users:((\"")?;
    let (name, rest) = rest.split_once('"')?;
    let pid = leading(rest.trim_start_matches(",pid=").trim_start_matches(',')).unwrap_or(0);
    Some((name, u32::try_from(pid).unwrap_or(0)))
}

/// `timer:(timewait,1min2sec,0)`; `035ms` and `1.5sec` too.
fn timer(field: &str) -> Option<u32> {
    let rest = field.strip_prefix("timer:(timewait,")?;
    let mut text = rest.split(',').next()?;
    let mut ms = 0_u64;
    while !text.is_empty() {
        let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.')?;
        let (number, rest) = text.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let whole = whole.parse::<u32>().ok()?;
        let tenth = u64::from(part.bytes().next().map_or(0, |byte| byte.saturating_sub(b'0')));
        let (unit, rest) = [("min", 60_000), ("sec", 1_000), ("ms", 1)]
            .into_iter()
            .find_map(|(name, unit)| Some((unit, rest.strip_prefix(name)?)))?;
        ms += u64::from(whole) * unit + tenth * unit / 10;
        text = rest;
    }
    u32::try_from(ms).ok()
}

/// What `ss -s` adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) tcp: u64,
    pub(crate) estab: Option<u64>,
    pub(crate) timewait: Option<u64>,
}

/// The line `TCP:   49218 (estab 2544, closed 46655, …, timewait 46655/0), ports 34871`.
pub(crate) fn sums(line: &str) -> Option<Sums> {
    let rest = line.strip_prefix("TCP:")?.trim_start();
    let (estab, timewait) = (after(rest, "estab"), after(rest, "timewait"));
    estab?;
    Some(Sums { tcp: leading(rest)?, estab, timewait })
}

/// The other lines of `ss -s`.
pub(crate) fn is_around(fields: &LineFields<'_>) -> bool {
    match fields.at(0) {
        "Total:" | "Transport" => true,
        "*" | "RAW" | "UDP" | "TCP" | "INET" | "FRAG" => {
            fields.len() == 4 && is_number(fields.at(1))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<ListedRow<'_>> {
        row(&LineFields::of(line), Some(TcpState::TimeWait))
    }

    #[test]
    fn rows_of_all_kinds_are_read() {
        for (line, state) in [
            ("ESTAB 0 0 10.0.0.1:40000 10.0.0.2:80", TcpState::Established),
            ("tcp   TIME-WAIT 0 0 10.0.0.1:40000 10.0.0.2:80", TcpState::TimeWait),
            ("0      0      10.0.0.1:40000 10.0.0.2:80", TcpState::TimeWait),
            (
                "FIN-WAIT-2 0 0 10.0.0.1:40000 10.0.0.2:80 timer:(timewait,1min2sec,0) ino:0",
                TcpState::FinWait2,
            ),
        ] {
            assert_eq!(read(line).map(|row| row.state), Some(state), "{line}");
        }
        assert_eq!(read("u_str ESTAB 0 0 * 123 * 456"), None);
        assert_eq!(read("ESTAB 0 0 10.0.0.1:40000"), None);
    }

    #[test]
    fn timers_and_programs_are_read() {
        let left = |timer: &str| timer_of(timer);
        assert_eq!(left("1min2sec"), Some(62_000));
        assert_eq!(left("59sec"), Some(59_000));
        assert_eq!(left("035ms"), Some(35));
        assert_eq!(left("1.5sec"), Some(1_500));
        assert_eq!(left("sec"), None);
        assert_eq!(user("users:((\"nginx\",pid=5120,fd=19))"), Some(("nginx", 5120)));
        assert_eq!(user("users:((\"nginx\",5120,19))"), Some(("nginx", 5120)));
    }

    fn timer_of(text: &str) -> Option<u32> {
        timer(&format!("timer:(timewait,{text},0)"))
    }
}
