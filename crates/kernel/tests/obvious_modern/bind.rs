//! The search of bind and listen for a port (`inet_csk_get_port`), since 4.6.

use error99_vocabulary::Json;

use super::conflict::Test;
use super::holders::{Owner, state};
use super::json::{self, Line};
use super::machine::{Machine, fails};

/// The test of an explicit port.
const EXPLICIT: Test = Test { relax: true, reuseport_ok: true };

impl Machine {
    /// Gives the socket that port, or any for 0; whether it got one.
    pub fn get_port(&mut self, id: usize, port: u16) -> bool {
        if self.release.has_calendar() {
            return self.get_port_of_old(id, port);
        }
        if port != 0 {
            return self.get_explicit(id, port);
        }
        let Some(port) = self.find_open_port(id) else {
            self.note(one("none", 1));
            return false;
        };
        self.make_buckets(id, port) && self.join_bound(id, port)
    }

    fn get_explicit(&mut self, id: usize, port: u16) -> bool {
        self.note_try(port);
        let mut tested = false;
        if self.buckets.has(port.into()) {
            if self.short_cut(id, port) {
                self.note(one("x", "fast"));
            } else {
                tested = true;
            }
        }
        if tested && self.any_conflict(id, port, EXPLICIT) {
            self.note(one("x", "any_conflict"));
            return false;
        }
        let new = !self.buckets.has(port.into());
        if !self.make_buckets(id, port) {
            return false;
        }
        if !new && tested && self.conflict(id, port, EXPLICIT) {
            self.note(one("x", "conflict"));
            return false;
        }
        self.join_bound(id, port)
    }

    /// Allocates the buckets that are missing; whether there was memory.
    fn make_buckets(&mut self, id: usize, port: u16) -> bool {
        let new = !self.buckets.has(port.into());
        if new {
            if fails(&mut self.fail_tb) {
                self.note(one("x", "nomem_tb"));
                return false;
            }
            self.make_bucket(port, 0);
        }
        let new_address =
            self.release.has_address_buckets() && !self.has_address(port, self.sock(id).rcv_saddr);
        if new_address && fails(&mut self.fail_tb2) {
            if new {
                self.buckets.take(port.into());
            }
            self.note(one("x", "nomem_tb2"));
            return false;
        }
        true
    }

    /// The flags change, and the socket becomes an owner unless it is one.
    fn join_bound(&mut self, id: usize, port: u16) -> bool {
        self.update_flags(id, port);
        let bucket = &self.buckets[usize::from(port)];
        let flags = (bucket.fastreuse, bucket.fastreuseport);
        if self.sock(id).num == 0 {
            self.join(port, Owner::Sock(id), flags);
        }
        let addr = self.sock(id).rcv_saddr;
        self.buckets.get_mut(port.into()).expect("it has an owner").addr_flags.insert(addr, flags);
        self.note_ok(port);
        true
    }

    /// What joining does to the flags of a port (`inet_csk_update_fastreuse`).
    fn update_flags(&mut self, id: usize, port: u16) {
        let matches = self.reuseport_match(id, port);
        let sock = self.sock(id);
        let reuse = sock.reuse && sock.state != state::LISTEN;
        let (reuseport, addr) = (sock.reuseport, sock.rcv_saddr);
        let by_first = self.release.first_owner_sets_flags();
        let bucket = self.buckets.get_mut(port.into()).expect("the caller made it");
        if by_first && bucket.owners.is_empty() {
            bucket.fastreuse = i8::from(reuse);
            bucket.fastreuseport = i8::from(reuseport);
            bucket.fast_saddr = addr;
            return;
        }
        if !reuse {
            bucket.fastreuse = 0;
        }
        if !reuseport {
            bucket.fastreuseport = 0;
        } else if !matches {
            bucket.fastreuseport = 2;
            bucket.fast_saddr = addr;
        }
    }

    /// The search for any port (`inet_csk_find_open_port`).
    fn find_open_port(&mut self, id: usize) -> Option<u16> {
        let rounds = if self.knobs.autobind_reuse { 2 } else { 1 };
        for round in 0..rounds {
            for (half, low, high) in self.parts_of_range(id) {
                let found = self.scan(id, round == 1, half, low, high);
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// What is scanned one after the other: number, low and high of each part.
    fn parts_of_range(&self, id: usize) -> Vec<(i64, i64, i64)> {
        let (low, high) = self.range_of(id);
        let (low, high) = (i64::from(low), i64::from(high));
        let size = high - low + 1;
        if !self.sock(id).reuse || size < 4 {
            return vec![(0, low, high)];
        }
        let half = low + size / 4 * 2;
        vec![(1, low, half - 1), (2, half, high)]
    }

    fn scan(&mut self, id: usize, relax: bool, half: i64, low: i64, high: i64) -> Option<u16> {
        let size = high - low + 1;
        let remaining = if size > 1 { size & !1 } else { size };
        let offset = i64::from(self.draw(remaining as u32)) | 1;
        let mut begins = Line::default();
        begins.put("relax", i64::from(relax));
        for (key, value) in [
            ("half", half),
            ("low", low),
            ("high", high),
            ("remaining", remaining),
            ("offset", offset),
        ] {
            begins.put(key, value);
        }
        self.note(begins);
        let test = Test { relax, reuseport_ok: false };
        for start in [offset, offset - 1] {
            let mut port = low + start;
            for _ in (0..remaining).step_by(2) {
                if port > high {
                    port -= remaining;
                }
                if self.suits(id, port as u16, test) {
                    return Some(port as u16);
                }
                port += 2;
            }
        }
        None
    }

    /// Looks at one port of a scan.
    fn suits(&mut self, id: usize, port: u16, test: Test) -> bool {
        let (verdict, flags) = if self.knobs.is_reserved(port) {
            ("resv", None)
        } else if self.any_conflict(id, port, test) {
            ("any", None)
        } else if let Some(bucket) = self.buckets.get(port.into()) {
            let flags = (bucket.fastreuse, bucket.fastreuseport);
            (if self.conflict(id, port, test) { "conflict" } else { "share" }, Some(flags))
        } else {
            ("new", None)
        };
        let mut entry: Vec<Json> = vec![port.into(), verdict.into()];
        if let Some((fastreuse, fastreuseport)) = flags {
            entry.extend([fastreuse.into(), fastreuseport.into()]);
        }
        if verdict == "share" && self.release.has_address_buckets() {
            entry.push(i64::from(self.has_address(port, self.sock(id).rcv_saddr)).into());
        }
        if verdict == "share" && !self.release.has_address_buckets() {
            entry.push(Json::Int(0));
        }
        self.log.gp.push(Json::List(entry));
        matches!(verdict, "share" | "new")
    }

    /// Low and high of the range for that socket.
    pub fn range_of(&self, id: usize) -> (u16, u16) {
        let (mut low, mut high) = self.knobs.range;
        let window = self.sock(id).window;
        let inside = |port: u16| port != 0 && (low..=high).contains(&port);
        let (from, to) = (inside(window.0), inside(window.1));
        if from {
            low = window.0;
        }
        if to {
            high = window.1;
        }
        (low, high)
    }

    /// Writes down a step of the port search.
    pub fn note(&mut self, step: Line) {
        self.log.gp.push(step.done());
    }

    /// Writes down that a definite port is examined.
    pub fn note_try(&mut self, port: u16) {
        let step = self.with_flags("try", port);
        self.note(step);
    }

    /// Writes down that a port was joined.
    pub fn note_ok(&mut self, port: u16) {
        let step = self.with_flags("ok", port);
        self.note(step);
    }

    fn with_flags(&self, key: &str, port: u16) -> Line {
        let mut step = one(key, port);
        let flags = self
            .buckets
            .get(port.into())
            .map(|bucket| json::ints([bucket.fastreuse.into(), bucket.fastreuseport.into()]));
        step.put("tb", flags.unwrap_or(Json::Null));
        step
    }
}

/// A step with one key.
pub fn one(key: &str, value: impl Into<Json>) -> Line {
    let mut step = Line::default();
    step.put(key, value);
    step
}
