//! The walk: how connect finds a port for a socket that has none.
//!
//! Models `__inet_hash_connect` and the part of `__inet_check_established` with a place for a
//! mini-socket (both `net/ipv4/inet_hashtables.c`). What later releases changed of it stands in
//! one function each: the start in `walk_start`, the order in `runs`, the rules of a port in
//! `judge`, the rule of reuse in `timewait_unique`.

use crate::addr::Tuple;
use crate::bind_table::{AtPort, BindTable, Scans, Slot};
use crate::event::{Event, Trace};
use crate::hash::port_offset_hash;
use crate::kernel::Kernel;
use crate::tables::Holder;
use crate::verdict::{Fastreuse, Probe, TimewaitRefusal, Verdict, WalkEnd};

/// Ports of one walk that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Which step of the walk the first one is, from 1.
    first_i: u32,
    first_port: u16,
    len: u32,
}

/// Place in a range of `size` ports, from 0, that step `i` (from 1) of a walk visits.
const fn place(size: u32, offset: u32, i: u32) -> u32 {
    i.wrapping_add(offset) % size
}

/// Ports in a range; 0 if it is upside down.
pub const fn range_size(low: u16, high: u16) -> u32 {
    (high as u32 + 1).saturating_sub(low as u32)
}

/// The port that step `i` (from 1) of a walk visits; the lowest one if the range is upside down,
/// where no step is made.
pub const fn port_of_step(low: u16, high: u16, offset: u32, i: u32) -> u16 {
    match range_size(low, high) {
        0 => low,
        size => low + place(size, offset, i) as u16,
    }
}

/// The order of the walk, cut into runs of neighbouring ports: step i, from 1 to the size of
/// the range, visits low + ((i + offset) mod 2^32) mod size.
///
/// A run ends where the range does, and where i + offset passes 2^32; in the latter case the
/// walk jumps, visits some ports twice and others never.
fn runs(low: u16, high: u16, offset: u32) -> impl Iterator<Item = Run> {
    let size = range_size(low, high);
    let mut next_i = 1;
    std::iter::from_fn(move || {
        if next_i > size {
            return None;
        }
        let first_i = next_i;
        let x = first_i.wrapping_add(offset);
        let place = place(size, offset, first_i);
        let until_wrap = x.wrapping_neg().wrapping_sub(1).saturating_add(1);
        let len = (size - place).min(size + 1 - first_i).min(until_wrap);
        next_i += len;
        Some(Run { first_i, first_port: low + place as u16, len })
    })
}

/// What a connect makes of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// No bucket.
    Free,
    /// A bucket with `fastreuse` 0 or 1.
    BindOwned,
    /// An automatic bucket, and a live connection with this tuple.
    Live,
    /// An automatic bucket, and a mini-socket with this tuple that stays.
    Refused(u32, TimewaitRefusal),
    /// An automatic bucket, and a mini-socket with this tuple that gives it up.
    Taken { bucket: u32, timewait: u32 },
    /// An automatic bucket, and nobody with this tuple.
    Shared { bucket: u32 },
}

impl Judged {
    /// The walk goes on to the next port.
    const fn refuses(self) -> bool {
        matches!(self, Judged::BindOwned | Judged::Live | Judged::Refused(..))
    }

    pub(crate) const fn verdict(self) -> Verdict {
        match self {
            Judged::Free => Verdict::New,
            Judged::BindOwned => Verdict::BindOwned,
            Judged::Live => Verdict::LiveSameTuple,
            Judged::Refused(_, refusal) => Verdict::Timewait(refusal),
            Judged::Taken { .. } => Verdict::TimewaitTaken,
            Judged::Shared { .. } => Verdict::Shared,
        }
    }

    /// Whom the established check met; `None` if there was no such check.
    const fn holder(self) -> Option<Holder> {
        match self {
            Judged::Free | Judged::BindOwned => None,
            Judged::Live => Some(Holder::Live),
            Judged::Refused(timewait, _) | Judged::Taken { timewait, .. } => {
                Some(Holder::Timewait(timewait))
            }
            Judged::Shared { .. } => Some(Holder::Nobody),
        }
    }
}

/// Where a walk ends before its last step.
#[derive(Clone, Copy, Debug)]
struct Found {
    i: u32,
    port: u16,
    judged: Judged,
}

impl Kernel {
    /// Finds a port for a connecting socket and hashes it there; false is −99. `made` becomes the
    /// steps made.
    pub(crate) fn port_walk(
        &mut self,
        socket: u32,
        made: &mut u32,
        trace: &mut impl Trace,
    ) -> bool {
        let want = self.tables.sockets[socket].tuple();
        let (low, high) = (self.sysctls.low, self.sysctls.high);
        let hint_before = self.hint;
        let offset = self.walk_start(&want, trace);
        let (reason, steps, port) = match self.search(want, offset, trace) {
            Some(found) if self.take_port(socket, found, trace) => {
                self.hint = hint_before.wrapping_add(found.i);
                (WalkEnd::Found, found.i, Some(found.port))
            }
            Some(found) => (WalkEnd::NoMemory, found.i, None),
            None if low > high => (WalkEnd::EmptyRange, 0, None),
            None => (WalkEnd::Exhausted, range_size(low, high), None),
        };
        *made = steps;
        self.work += u64::from(steps) * self.tables.owners_asked();
        let hint_after = self.hint;
        trace.event(|| Event::WalkEnded { reason, steps, port, hint_before, hint_after });
        port.is_some()
    }

    /// Where the walk starts: the hint that all destinations share, plus this one's hash.
    fn walk_start(&self, want: &Tuple, trace: &mut impl Trace) -> u32 {
        let hash = self.port_offset_of(want);
        let offset = self.hint.wrapping_add(hash);
        trace.event(|| Event::WalkStarted {
            hash,
            hash_forced: self.forced_offset.is_some(),
            hint: self.hint,
            offset,
            low: self.sysctls.low,
            high: self.sysctls.high,
        });
        offset
    }

    /// The port-offset hash of a connection (`inet_sk_port_offset`), or what replaces it.
    pub(crate) fn port_offset_of(&self, tuple: &Tuple) -> u32 {
        self.forced_offset.unwrap_or_else(|| {
            port_offset_hash(tuple.laddr, tuple.faddr, tuple.fport, &self.secret)
        })
    }

    /// Probes port after port until one doesn't refuse. Changes nothing.
    fn search<T: Trace>(&self, mut want: Tuple, offset: u32, trace: &mut T) -> Option<Found> {
        let mut scans = None;
        for run in runs(self.sysctls.low, self.sysctls.high, offset) {
            want.lport = run.first_port;
            for mut row in self.tables.bind.slots_from(run.first_port, run.len) {
                while let Some((slot, rest)) = row.split_first() {
                    let judged = self.judge(*slot, &want);
                    let i = || run.first_i + u32::from(want.lport - run.first_port);
                    if T::ON {
                        let scans = scans.get_or_insert_with(|| self.tables.bind.scans());
                        let probe = self.describe_probe(i(), &want, judged, scans.as_ref());
                        trace.event(|| Event::Probe(probe));
                    }
                    if !judged.refuses() {
                        return Some(Found { i: i(), port: want.lport, judged });
                    }
                    let mut done = 1;
                    if !T::ON && judged == Judged::BindOwned {
                        // Of bind's ports many lie side by side, and nothing is to be told.
                        done += BindTable::owned_in(rest, want.lport.wrapping_add(1));
                    }
                    row = &row[done..];
                    want.lport = want.lport.wrapping_add(done as u16);
                }
            }
        }
        None
    }

    /// The rules of one port, whose slot of the bind table this is, for a connection with this
    /// tuple. Changes nothing.
    #[inline(always)]
    pub(crate) fn judge(&self, slot: Slot, want: &Tuple) -> Judged {
        match self.tables.bind.at(slot, want.lport) {
            AtPort::Nothing => Judged::Free,
            AtPort::BindOwned => Judged::BindOwned,
            AtPort::Automatic(bucket) => match self.tables.holder_in(bucket, want) {
                Holder::Nobody => Judged::Shared { bucket },
                Holder::Live => Judged::Live,
                Holder::Timewait(timewait) => match self.timewait_unique(timewait) {
                    Ok(()) => Judged::Taken { bucket, timewait },
                    Err(refusal) => Judged::Refused(timewait, refusal),
                },
            },
        }
    }

    /// A probe in full, for a trace: bucket and established slot are looked up again.
    fn describe_probe(&self, i: u32, want: &Tuple, judged: Judged, scans: Option<&Scans>) -> Probe {
        let bind = &self.tables.bind;
        let bucket = bind.index(want.lport);
        let fastreuse = bind.find(want.lport).map(|id| bind.buckets[id].fastreuse);
        let alone = u32::from(fastreuse.is_some());
        let scanned = scans.map_or(alone, |scans| scans.of(want.lport, bucket));
        let check = judged.holder().map(|holder| self.describe_check(want, holder));
        let verdict = match judged {
            Judged::Free if self.bucket_failure_in == 1 => Verdict::NoMemory,
            judged => judged.verdict(),
        };
        Probe { i, port: want.lport, bucket, scanned, fastreuse, check, verdict }
    }

    /// The socket joins the bucket, is hashed, and a mini-socket in its place ends; false if
    /// there is no memory for a bucket.
    fn take_port(&mut self, socket: u32, found: Found, trace: &mut impl Trace) -> bool {
        let bucket = match found.judged {
            Judged::Taken { bucket, .. } | Judged::Shared { bucket } => {
                // Raised by every check that succeeds here, mini-socket or not.
                self.recycled = self.recycled.wrapping_add(1);
                bucket
            }
            _ if self.bucket_allocation_fails() => return false,
            _ => self.tables.create_bucket(found.port, Fastreuse::Automatic, trace),
        };
        self.tables.join(socket, bucket);
        self.tables.sockets[socket].sport = found.port;
        self.tables.hash(socket);
        if let Judged::Taken { timewait, .. } = found.judged {
            self.inherit_stamp(socket, timewait, trace);
            self.deschedule(timewait, trace);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula of the walk, step by step.
    fn by_formula(low: u16, high: u16, offset: u32) -> Vec<(u32, u16)> {
        let size = u32::from(high - low) + 1;
        (1..=size).map(|i| (i, low + (i.wrapping_add(offset) % size) as u16)).collect()
    }

    fn by_runs(low: u16, high: u16, offset: u32) -> Vec<(u32, u16)> {
        let ports = |run: Run| {
            (0..run.len).map(move |step| (run.first_i + step, run.first_port + step as u16))
        };
        runs(low, high, offset).flat_map(ports).collect()
    }

    #[test]
    fn runs_visit_the_ports_of_the_formula_in_its_order() {
        let offsets = (0..40).chain(u32::MAX - 40..=u32::MAX).chain([1 << 31, 0x8000_0001]);
        for offset in offsets {
            for (low, high) in [(1, 1), (40_000, 40_006), (40_000, 40_031), (65_530, 65_535)] {
                assert_eq!(by_runs(low, high, offset), by_formula(low, high, offset), "{offset}");
            }
        }
        for offset in [0, u32::MAX, u32::MAX - 30_000, u32::MAX - 70_000] {
            assert_eq!(by_runs(1, 65_535, offset), by_formula(1, 65_535, offset), "{offset}");
        }
    }

    #[test]
    fn a_single_step_visits_what_the_whole_walk_visits_there() {
        for offset in [0, 7, u32::MAX - 4, u32::MAX] {
            for (i, port) in by_formula(40_000, 40_006, offset) {
                assert_eq!(port_of_step(40_000, 40_006, offset, i), port);
            }
        }
        assert_eq!(port_of_step(50_000, 49_999, 7, 1), 50_000);
    }

    #[test]
    fn a_range_that_is_upside_down_has_no_runs() {
        assert_eq!(runs(50_000, 49_999, 7).count(), 0);
        assert_eq!(runs(50_000, 1, 7).count(), 0);
    }

    #[test]
    fn a_walk_past_two_to_the_32_visits_some_ports_twice_and_others_never() {
        let mut ports: Vec<u16> =
            by_runs(40_000, 40_006, u32::MAX - 4).into_iter().map(|(_, port)| port).collect();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 4);
    }
}
