//! The walk: how connect finds a port for a socket that has none.
//!
//! Models `__inet_hash_connect` and the part of `__inet_check_established` with a place for a
//! mini-socket (both `net/ipv4/inet_hashtables.c`). What later releases changed of it stands in
//! one place each ([`crate::rules`]); the rules of a port itself are in `judge`.

use crate::addr::{Addr, Tuple};
use crate::bind_table::{AtPort, BindTable, Scans, Slot};
use crate::event::{Event, Trace};
use crate::kernel::Kernel;
use crate::order::{Sweep, WalkOrder};
use crate::question::{Asker, Asking};
use crate::reserved::Stretch;
use crate::rules::{AddressRule, RecycledRule, StartRule};
use crate::start::{Going, Start};
use crate::tables::Holder;
use crate::verdict::{Fastreuseport, Probe, TimewaitRefusal, Verdict, WalkEnd};

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
struct WalkFound {
    i: u32,
    port: u16,
    judged: Judged,
}

impl Kernel {
    /// Finds a port for a connecting socket and hashes it there, or says why not. `made` becomes
    /// the steps made.
    pub(crate) fn port_walk(
        &mut self,
        socket: u32,
        made: &mut u32,
        trace: &mut Trace<'_>,
    ) -> WalkEnd {
        let want = self.tables.socket(socket).tuple();
        let (range, own) = self.range_of(socket);
        let period = match self.rules.start {
            StartRule::TableOfHints => self.clock.period(),
            _ => 0,
        };
        let going = Going { range, own, period };
        let beginning = self.start.begin(&self.rules, &want, going);
        trace.event(|| beginning.event(&self.rules, going));
        let order = beginning.order;
        let found = match order.first_port().filter(|port| self.is_free(*port, trace)) {
            Some(port) => Some(WalkFound { i: 1, port, judged: Judged::Free }),
            None if order.stride() == 1 => self.search::<1>(want, order, trace),
            None => self.search::<2>(want, order, trace),
        };
        let (mut reason, steps, port) = match found {
            Some(found) => (WalkEnd::Found, found.i, Some(found.port)),
            None if order.steps() == 0 => (WalkEnd::EmptyRange, 0, None),
            None => (WalkEnd::Exhausted, order.steps(), None),
        };
        let mut drawn = None;
        if let Some(found) = found {
            match self.take_port(socket, found, trace) {
                Ok(()) => {
                    let noted = self.rules.noted;
                    drawn = Start::draw(noted, |n| self.world.draw_below(n));
                    self.start.note(noted, &beginning, found.i, drawn);
                }
                Err(no_memory) => reason = no_memory,
            }
        }
        *made = steps;
        self.counters.spend(u64::from(steps) * self.tables.owners_asked());
        let (hint_before, hint_after) = (beginning.hint, self.start.hint_of(&beginning));
        let port = port.filter(|_| reason == WalkEnd::Found);
        trace.event(|| Event::WalkEnded { reason, steps, port, hint_before, hint_after, drawn });
        reason
    }

    /// Lowest and highest port for a socket, and whether it has a range for itself
    /// (`inet_sk_get_local_port_range`, `inet_connection_sock.c`): each bound counts alone, and
    /// only inside the sysctl's range.
    pub(crate) fn range_of(&self, socket: u32) -> ((u16, u16), bool) {
        let (low, high) = self.sysctls.range();
        let window = self.tables.socket(socket).window;
        let inside = |port: &u16| (low..=high).contains(port);
        let bound = |port, usual| Some(port).filter(inside).unwrap_or(usual);
        ((bound(window.0, low), bound(window.1, high)), window != (0, 0))
    }

    /// Whether a walk that nobody listens to may take a port without another look, as most walks of
    /// a machine with room may take their first one.
    fn is_free(&self, port: u16, trace: &Trace<'_>) -> bool {
        !trace.hears_probes()
            && self.tables.bind().slot(port).is_empty()
            && !self.sysctls.reserved().contains(port)
    }

    /// Probes port after port until one doesn't refuse. Changes nothing.
    fn search<const STRIDE: usize>(
        &self,
        mut want: Tuple,
        order: WalkOrder,
        trace: &mut Trace<'_>,
    ) -> Option<WalkFound> {
        let asking = self.asking(Asker::Walk, &want);
        let scans = if trace.hears_probes() { self.tables.bind().scans() } else { None };
        let reserved = self.sysctls.reserved();
        for whole in order.sweeps() {
            for Stretch { sweep, reserved } in reserved.stretches(whole) {
                if reserved {
                    self.pass_reserved(sweep, trace);
                    continue;
                }
                want.lport = sweep.first_port;
                let slots = self.tables.bind().slots_from::<STRIDE>(sweep.first_port, sweep.steps);
                for row in slots {
                    let met = if trace.hears_probes() {
                        self.tell_row::<STRIDE>(row, &mut want, &asking, (sweep, &scans), trace)
                    } else {
                        self.scan_row::<STRIDE>(row, &mut want, &asking)
                    };
                    if let Some(judged) = met {
                        let i = sweep.step_of(want.lport)?;
                        return Some(WalkFound { i, port: want.lport, judged });
                    }
                }
            }
        }
        None
    }

    /// Goes over the slots of a row from the wanted port on, up to one that doesn't refuse; the
    /// port moves along. This loop is what a long walk costs: it is compiled alone, so that
    /// nothing else takes its registers.
    #[inline(never)]
    fn scan_row<const STRIDE: usize>(
        &self,
        mut row: &[Slot],
        want: &mut Tuple,
        asking: &Asking,
    ) -> Option<Judged> {
        let mut at = *want;
        let mut met = None;
        while let Some((slot, rest)) = row.split_first() {
            let judged = self.judge(*slot, &at, asking);
            if !judged.refuses() {
                met = Some(judged);
                break;
            }
            let mut done = 1;
            if judged == Judged::BindOwned {
                // Of bind's ports many lie side by side.
                let behind = rest.get(STRIDE - 1..).unwrap_or_default();
                let next = at.lport.wrapping_add(STRIDE as u16);
                done += BindTable::owned_in::<STRIDE>(behind, next);
            }
            row = row.get(done * STRIDE..).unwrap_or_default();
            at.lport = at.lport.wrapping_add((done * STRIDE) as u16);
        }
        want.lport = at.lport;
        met
    }

    /// The same, told port by port.
    fn tell_row<const STRIDE: usize>(
        &self,
        row: &[Slot],
        want: &mut Tuple,
        asking: &Asking,
        (sweep, scans): (Sweep, &Option<Scans>),
        trace: &mut Trace<'_>,
    ) -> Option<Judged> {
        let first = sweep.step_of(want.lport)?;
        for (i, slot) in (first..).zip(row.iter().step_by(STRIDE)) {
            let judged = self.judge(*slot, want, asking);
            trace.event(|| {
                Event::Probe(self.describe_probe(i, (want, asking), judged, scans.as_ref()))
            });
            if !judged.refuses() {
                return Some(judged);
            }
            want.lport = want.lport.wrapping_add(STRIDE as u16);
        }
        None
    }

    /// Tells of ports that are passed unseen.
    fn pass_reserved(&self, sweep: Sweep, trace: &mut Trace<'_>) {
        if !trace.hears_probes() {
            return;
        }
        for ahead in 0..sweep.steps {
            let port = sweep.port(ahead);
            let probe = Probe {
                i: sweep.first_step + ahead,
                port,
                bucket: self.tables.bind().index(port),
                scanned: 0,
                fastreuse: None,
                fastreuseport: Fastreuseport::Automatic,
                check: None,
                verdict: Verdict::Reserved,
            };
            trace.event(|| Event::Probe(probe));
        }
    }

    /// The rules of one port, whose slot of the bind table this is, for a connection with this
    /// tuple. Changes nothing.
    #[inline(always)]
    pub(crate) fn judge(&self, slot: Slot, want: &Tuple, asking: &Asking) -> Judged {
        match self.tables.bind().at(slot, want.lport) {
            AtPort::Nothing => Judged::Free,
            AtPort::BindOwned => Judged::BindOwned,
            AtPort::Automatic(bucket) => match self.tables.holder_in(bucket, want) {
                Holder::Nobody => Judged::Shared { bucket },
                Holder::Live => Judged::Live,
                Holder::Timewait(timewait) => match asking.unique(self.tables.timewait(timewait)) {
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
        (want, asking): (&Tuple, &Asking),
        judged: Judged,
        scans: Option<&Scans>,
    ) -> Probe {
        let bind = self.tables.bind();
        let bucket = bind.index(want.lport);
        let record = bind.find(want.lport).map(|id| bind.bucket(id));
        let fastreuse = record.map(|record| record.fastreuse());
        let fastreuseport =
            record.map_or(Fastreuseport::Automatic, |record| record.fastreuseport());
        let alone = u32::from(fastreuse.is_some());
        let scanned = scans.map_or(alone, |scans| scans.of(want.lport, bucket));
        let check = judged.holder().map(|holder| self.describe_check(want, holder, asking));
        let verdict = match judged {
            Judged::Free if self.world.next_bucket_fails() => Verdict::NoMemory,
            judged => judged.verdict(),
        };
        Probe { i, port: want.lport, bucket, scanned, fastreuse, fastreuseport, check, verdict }
    }

    /// The socket joins the bucket, is hashed, and a mini-socket in its place ends.
    ///
    /// # Errors
    /// There is no memory for a bucket.
    fn take_port(
        &mut self,
        socket: u32,
        found: WalkFound,
        trace: &mut Trace<'_>,
    ) -> Result<(), WalkEnd> {
        let shared = match found.judged {
            Judged::Taken { bucket, .. } | Judged::Shared { bucket } => Some(bucket),
            _ => None,
        };
        let took_over = matches!(found.judged, Judged::Taken { .. });
        let counted = match self.rules.recycled {
            RecycledRule::EveryCheck => shared.is_some(),
            RecycledRule::TakeOvers => took_over,
        };
        if counted {
            self.counters.count_recycled();
        }
        if shared.is_none() && self.world.bucket_fails() {
            return Err(WalkEnd::NoMemory);
        }
        if self.address_bucket_fails(shared, self.tables.socket(socket).rcv_saddr) {
            return Err(WalkEnd::NoMemoryForAddress);
        }
        let bucket = shared.unwrap_or_else(|| self.tables.create_bucket(found.port, trace));
        self.tables.join_by_connect(socket, bucket);
        self.tables.socket_mut(socket).sport = found.port;
        self.tables.hash(socket);
        if let Judged::Taken { timewait, .. } = found.judged {
            self.inherit_stamp(socket, timewait, trace);
            self.deschedule(timewait, trace);
        }
        Ok(())
    }

    /// Whether there is no memory for the bucket of a port and an address, which the port's bucket
    /// may lack; counts down.
    pub(crate) fn address_bucket_fails(&mut self, bucket: Option<u32>, addr: Addr) -> bool {
        let made = |bucket| self.tables.has_address(bucket, addr);
        self.rules.addresses != AddressRule::None
            && self.world.counts_addresses()
            && !bucket.is_some_and(made)
            && self.world.address_fails()
    }
}
