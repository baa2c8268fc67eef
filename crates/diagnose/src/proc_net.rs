//! Rows of `/proc/net/tcp` and `tcp6`, and the sums of `/proc/net/sockstat`.

use crate::end::End;
use crate::reader::ListedRow;
use crate::state::TcpState;
use crate::text::{LineFields, after};

/// What `tm->when` counts in: hundredths of a second.
const TICK_MS: u32 = 10;

/// A row, from its number with a colon on.
pub(crate) fn row<'a>(fields: &LineFields<'a>) -> Option<ListedRow<'a>> {
    let place = fields.at(0).strip_suffix(':')?;
    if place.is_empty() || !place.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (local, peer) = (End::parse_hex(fields.at(1))?, End::parse_hex(fields.at(2))?);
    let state = TcpState::of_hex(fields.at(3))?;
    let left_ms = fields.at(5).strip_prefix("03:").and_then(|when| {
        u32::from_str_radix(when, 16).ok().and_then(|ticks| ticks.checked_mul(TICK_MS))
    });
    Some(ListedRow { local, peer, state, left_ms, user: None })
}

/// Whether a line is the title of `/proc/net/tcp`.
pub(crate) fn is_title(fields: &LineFields<'_>) -> bool {
    fields.at(0) == "sl" && fields.at(1) == "local_address"
}

/// `TCP: inuse 341220 orphan 0 tw 61 alloc 512436 mem 3388`: in use, and TIME_WAITs.
pub(crate) fn sockstat(line: &str) -> Option<(u64, Option<u64>)> {
    let rest = line.strip_prefix("TCP:").or_else(|| line.strip_prefix("TCP6:"))?;
    let in_use = after(rest, "inuse")?;
    Some((in_use, after(rest, " tw")))
}

/// The other lines of `sockstat`.
pub(crate) fn is_around(line: &str) -> bool {
    line.starts_with("sockets: used")
        || ["UDP", "UDPLITE", "RAW", "FRAG"].iter().any(|name| {
            let rest = line.strip_prefix(name).map(|rest| rest.trim_start_matches('6'));
            rest.is_some_and(|rest| rest.starts_with(": inuse"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read() {
        let line = "  17: 0E07000A:8ADE 1508000A:2384 06 00000000:00000000 03:00000F3A 00000000 0 0 0 3 af11c1e779462a34";
        let row = row(&LineFields::of(line)).expect("it's a row");
        assert_eq!((row.state, row.left_ms), (TcpState::TimeWait, Some(38_980)));
        assert_eq!((row.local.port, row.peer.port), (35_550, 9_092));
    }

    #[test]
    fn sums_are_read() {
        let line = "TCP: inuse 341220 orphan 0 tw 61 alloc 512436 mem 3388";
        assert_eq!(sockstat(line), Some((341_220, Some(61))));
        assert_eq!(sockstat("TCP6: inuse 3"), Some((3, None)));
    }
}
