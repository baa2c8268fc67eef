//! Counts: what `sort | uniq -c`, `grep -c`, `wc -l` and awk's arrays print.

use std::net::IpAddr;

use crate::command::Column;
use crate::end::{End, address};
use crate::observed::CountRow;
use crate::reader::Reader;
use crate::state::TcpState;
use crate::text::{LineFields, number};

/// What a count is of.
#[derive(Clone, Copy, Default)]
struct Kind {
    source: Option<IpAddr>,
    destination: Option<End>,
    state: Option<TcpState>,
}

/// A line with a count.
pub(crate) fn read(reader: &mut Reader, fields: &LineFields<'_>) -> bool {
    match fields.all() {
        [count] => number(count).is_some_and(|count| lone(reader, count)),
        [count, file] if file.starts_with("/proc/net/tcp") => {
            number(count).is_some_and(|count| rows(reader, count.saturating_sub(1)))
        }
        [count, what @ ..] if number(count).is_some() && what.len() <= 3 => {
            number(count).is_some_and(|count| counted(reader, count, what))
        }
        [what @ .., count] if (1..=3).contains(&what.len()) => {
            number(count).is_some_and(|count| counted(reader, count, what))
        }
        _ => false,
    }
}

/// A number alone, behind a command that counts.
fn lone(reader: &mut Reader, count: u64) -> bool {
    if reader.command.descriptors {
        reader.command.descriptors = false;
        reader.observed.totals.descriptors = Some(count);
        reader.observed.receipt.sums += 1;
        return true;
    }
    if !std::mem::take(&mut reader.command.counts) {
        return false;
    }
    let sieve = reader.command.sieve;
    match (sieve.destination.is_some() || sieve.state.is_some()) && !sieve.other {
        true => counted(reader, count, &[]),
        false if reader.command.tool.is_some() && !sieve.other => rows(reader, count),
        false => {
            reader.observed.receipt.around += 1;
            true
        }
    }
}

/// The number of rows of a whole listing.
fn rows(reader: &mut Reader, count: u64) -> bool {
    let totals = &mut reader.observed.totals;
    totals.rows = Some(totals.rows.unwrap_or(0).saturating_add(count));
    reader.observed.receipt.sums += 1;
    true
}

/// A number, and what it is of.
fn counted(reader: &mut Reader, count: u64, what: &[&str]) -> bool {
    let Some(mut kind) = kind(what, &reader.command.columns) else { return false };
    let sieve = reader.command.sieve;
    kind.state = kind.state.or(sieve.state);
    kind.destination = kind.destination.or(sieve.destination);
    kind.source = kind.source.or(sieve.source);
    reader.observed.receipt.counts += 1;
    let Kind { source, destination, state } = kind;
    if let (None, None, Some(state)) = (source, destination, state) {
        let totals = &mut reader.observed.totals;
        totals.states[state as usize] = totals.states[state as usize].saturating_add(count);
        totals.by_state = true;
        return true;
    }
    let line = reader.line;
    reader.observed.counts.push(CountRow { count, source, destination, state, line });
    true
}

/// What the words beside a count say; `None` if one of them isn't ours.
fn kind(what: &[&str], columns: &[Column]) -> Option<Kind> {
    let mut kind = Kind::default();
    let mut ends = what.len() - what.iter().filter(|word| TcpState::parse(word).is_some()).count();
    let mut columns = columns.iter().filter(|column| **column != Column::State);
    for word in what {
        if let Some(state) = TcpState::parse(word) {
            kind.state = Some(state);
            continue;
        }
        let end = End::parse(word).or_else(|| address(word).map(|ip| End { ip, port: 0 }))?;
        let local = match columns.next() {
            Some(column) => *column == Column::Local,
            None => ends == 2,
        };
        match local {
            true => kind.source = Some(end.ip),
            false => kind.destination = Some(end),
        }
        ends -= 1;
    }
    Some(kind)
}
