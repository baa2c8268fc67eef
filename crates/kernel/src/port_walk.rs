//! The walk: how connect finds a port for a socket that has none.
//!
//! Models `__inet_hash_connect` and the part of `__inet_check_established` with a place for a
//! mini-socket (both `net/ipv4/inet_hashtables.c`). What later releases changed of it stands in
//! one place each ([`crate::rules`]); the rules of a port itself are in `judge`.

use crate::addr::Tuple;
use crate::bind_table::{AtPort, BindTable, Scans, Slot};
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::order::WalkOrder;
use crate::question::{Asker, Asking};
use crate::tables::Holder;
use crate::verdict::{Fastreuse, Probe, TimewaitRefusal, Verdict, WalkEnd};

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
    pub(crate) fn port_walk(&mut self, socket: u32, made: &mut u32, trace: &mut Trace<'_>) -> bool {
        let want = self.tables.socket(socket).tuple();
        let hint_before = self.start.hint();
        let beginning = self.start.begin(self.rules, &want, self.sysctls.range());
        trace.event(|| beginning.event());
        let order = beginning.order;
        let found = match trace.is_on() {
            true => self.search::<true>(want, order, trace),
            false => self.search::<false>(want, order, trace),
        };
        let (reason, steps, port) = match found {
            Some(found) if self.take_port(socket, found, trace) => {
                self.start.note(self.rules.noted, found.i);
                (WalkEnd::Found, found.i, Some(found.port))
            }
            Some(found) => (WalkEnd::NoMemory, found.i, None),
            None if order.steps() == 0 => (WalkEnd::EmptyRange, 0, None),
            None => (WalkEnd::Exhausted, order.steps(), None),
        };
        *made = steps;
        self.counters.spend(u64::from(steps) * self.tables.owners_asked());
        let hint_after = self.start.hint();
        trace.event(|| Event::WalkEnded { reason, steps, port, hint_before, hint_after });
        port.is_some()
    }

    /// Probes port after port until one doesn't refuse. Changes nothing. `TOLD` is whether anybody
    /// listens: without it this loop is what a long walk costs.
    fn search<const TOLD: bool>(
        &self,
        mut want: Tuple,
        order: WalkOrder,
        trace: &mut Trace<'_>,
    ) -> Option<Found> {
        let asking = self.asking(Asker::Walk);
        let mut scans = None;
        for sweep in order.sweeps() {
            want.lport = sweep.first_port;
            for mut row in self.tables.bind().slots_from(sweep.first_port, sweep.steps) {
                while let Some((slot, rest)) = row.split_first() {
                    let judged = self.judge(*slot, &want, asking);
                    let i = || sweep.first_step + u32::from(want.lport - sweep.first_port);
                    if TOLD {
                        let scans = scans.get_or_insert_with(|| self.tables.bind().scans());
                        let probe =
                            self.describe_probe(i(), (&want, asking), judged, scans.as_ref());
                        trace.event(|| Event::Probe(probe));
                    }
                    if !judged.refuses() {
                        return Some(Found { i: i(), port: want.lport, judged });
                    }
                    let mut done = 1;
                    if !TOLD && judged == Judged::BindOwned {
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
    pub(crate) fn judge(&self, slot: Slot, want: &Tuple, asking: Asking) -> Judged {
        match self.tables.bind().at(slot, want.lport) {
            AtPort::Nothing => Judged::Free,
            AtPort::BindOwned => Judged::BindOwned,
            AtPort::Automatic(bucket) => match self.tables.holder_in(bucket, want) {
                Holder::Nobody => Judged::Shared { bucket },
                Holder::Live => Judged::Live,
                Holder::Timewait(timewait) => match self.timewait_seen(timewait, asking).unique() {
                    Ok(()) => Judged::Taken { bucket, timewait },
                    Err(refusal) => Judged::Refused(timewait, refusal),
                },
            },
        }
    }

    /// A probe in full, for a trace: bucket and established slot are looked up again.
    fn describe_probe(
        &self,
        i: u32,
        (want, asking): (&Tuple, Asking),
        judged: Judged,
        scans: Option<&Scans>,
    ) -> Probe {
        let bind = self.tables.bind();
        let bucket = bind.index(want.lport);
        let fastreuse = bind.find(want.lport).map(|id| bind.bucket(id).fastreuse());
        let alone = u32::from(fastreuse.is_some());
        let scanned = scans.map_or(alone, |scans| scans.of(want.lport, bucket));
        let check = judged.holder().map(|holder| self.describe_check(want, holder, asking));
        let verdict = match judged {
            Judged::Free if self.world.next_bucket_fails() => Verdict::NoMemory,
            judged => judged.verdict(),
        };
        Probe { i, port: want.lport, bucket, scanned, fastreuse, check, verdict }
    }

    /// The socket joins the bucket, is hashed, and a mini-socket in its place ends; false if
    /// there is no memory for a bucket.
    fn take_port(&mut self, socket: u32, found: Found, trace: &mut Trace<'_>) -> bool {
        let bucket = match found.judged {
            Judged::Taken { bucket, .. } | Judged::Shared { bucket } => {
                // Raised by every check that succeeds here, mini-socket or not.
                self.counters.count_recycled();
                bucket
            }
            _ if self.world.bucket_fails() => return false,
            _ => self.tables.create_bucket(found.port, Fastreuse::Automatic, trace),
        };
        self.tables.join(socket, bucket);
        self.tables.socket_mut(socket).sport = found.port;
        self.tables.hash(socket);
        if let Judged::Taken { timewait, .. } = found.judged {
            self.inherit_stamp(socket, timewait, trace);
            self.deschedule(timewait, trace);
        }
        true
    }
}
