//! What is said about the system: `uname`, os-release, and sums over all sockets.

use crate::reader::Reader;
use crate::text::{LineFields, start};
use crate::{proc_net, ss};

/// A line about the system.
pub(crate) fn read(reader: &mut Reader, line: &str, fields: &LineFields<'_>) -> bool {
    let line = line.trim();
    let known = uname(reader, line, fields) || release(reader, line) || sums(reader, line, fields);
    reader.observed.receipt.sums += u64::from(known);
    known
}

/// `uname -a`, `uname -r`, `/proc/version`.
fn uname(reader: &mut Reader, line: &str, fields: &LineFields<'_>) -> bool {
    let release = match fields.all() {
        ["Linux", "version", release, ..] | ["Linux", _, release, ..] => release,
        [release] if reader.command.uname || is_telling(release) => release,
        _ => return false,
    };
    if !is_version(release) {
        return false;
    }
    let system = &mut reader.observed.system;
    system.release = Some(start(release, 128).to_owned());
    if fields.len() > 3 {
        system.version = line.split_once(*release).map(|(_, rest)| start(rest.trim(), 256).into());
    }
    true
}

/// Numbers with dots, and whatever a distributor adds.
fn is_version(text: &str) -> bool {
    let mut parts = text.splitn(3, '.');
    let number = |part: Option<&str>| part.is_some_and(|part| part.parse::<u16>().is_ok());
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+~".contains(&byte);
    text.bytes().all(fine)
        && number(parts.next())
        && (number(parts.next())
            || text.split(['.', '-']).nth(1).is_some_and(|part| part.parse::<u16>().is_ok()))
}

/// A version that is one without `uname` before it: it has a distributor's part.
fn is_telling(text: &str) -> bool {
    text.len() > 5 && text.contains('-') && text.matches('.').count() >= 2
}

/// os-release, and the one line that distributors of old have.
fn release(reader: &mut Reader, line: &str) -> bool {
    let name = &mut reader.observed.system.name;
    if line.contains(" release ") && line.ends_with(')') {
        *name = Some(start(line, 128).to_owned());
        return true;
    }
    let Some((key, value)) = line.split_once('=') else { return false };
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    if key.len() < 2 || !key.bytes().all(upper) {
        return false;
    }
    if key == "PRETTY_NAME" || key == "ID" && name.is_none() {
        *name = Some(start(value.trim_matches('"'), 128).to_owned());
    }
    true
}

/// `ss -s` and `sockstat`.
fn sums(reader: &mut Reader, line: &str, fields: &LineFields<'_>) -> bool {
    let totals = &mut reader.observed.totals;
    if let Some(sums) = ss::sums(line) {
        totals.tcp = Some(sums.tcp);
        totals.estab = sums.estab;
        totals.timewait = sums.timewait.or(totals.timewait);
        return true;
    }
    if let Some((in_use, timewait)) = proc_net::sockstat(line) {
        totals.in_use = Some(totals.in_use.unwrap_or(0).saturating_add(in_use));
        totals.timewait = timewait.or(totals.timewait);
        return true;
    }
    ss::is_around(fields) || proc_net::is_around(line)
}
