//! The search of bind and listen for a port on 3.10 (`inet_csk_get_port`).

use error99_vocabulary::Json;

use super::bind::one;
use super::holders::{Owner, state};
use super::json::Line;
use super::machine::{Machine, fails};

/// How often a search begins anew when the remembered port is refused.
const RESTARTS: u32 = 5;

/// What a search found.
enum Search {
    /// A port without a bucket, or one that may be shared.
    Port(u16),
    /// No port, but this one is remembered.
    Remembered(u16),
    Nothing,
}

impl Machine {
    /// Gives the socket that port, or any for 0; whether it got one.
    pub fn get_port_of_old(&mut self, id: usize, port: u16) -> bool {
        if port != 0 {
            return self.join_old(id, port, false) == Some(true);
        }
        for _ in 0..=RESTARTS {
            // A remembered port is asked again without the short cut.
            let (port, remembered) = match self.search_old(id) {
                (Search::Port(port), remembered) => (port, remembered),
                (Search::Remembered(port), _) => {
                    self.note_try(port);
                    (port, true)
                }
                (Search::Nothing, _) => return false,
            };
            match self.join_found(id, port, remembered) {
                Some(done) => return done,
                None => continue,
            }
        }
        false
    }

    /// One round from a random start; what was found, and whether a port was remembered.
    fn search_old(&mut self, id: usize) -> (Search, bool) {
        let (low, high) = self.knobs.range;
        let size = u32::from(high - low) + 1;
        let offset = self.draw(size);
        let mut begins = Line::default();
        for (key, value) in [
            ("relax", 0),
            ("half", 0),
            ("low", i64::from(low)),
            ("high", i64::from(high)),
            ("remaining", i64::from(size)),
            ("offset", i64::from(offset)),
        ] {
            begins.put(key, value);
        }
        self.note(begins);
        let mut smallest: Option<(i64, u16)> = None;
        for step in 0..size {
            let port = low + ((offset + step) % size) as u16;
            let Some(bucket) =
                self.buckets.get(port.into()).filter(|_| !self.knobs.is_reserved(port))
            else {
                let verdict = if self.knobs.is_reserved(port) { "resv" } else { "new" };
                self.log.gp.push(Json::List(vec![port.into(), verdict.into()]));
                if verdict == "new" {
                    return (Search::Port(port), smallest.is_some());
                }
                continue;
            };
            let entry = |verdict: &str| {
                Json::List(vec![
                    port.into(),
                    verdict.into(),
                    bucket.fastreuse.into(),
                    bucket.fastreuseport.into(),
                    bucket.num_owners.into(),
                ])
            };
            let smaller = smallest.is_none_or(|(owners, _)| bucket.num_owners < owners);
            let clash = self.conflict_old(id, port, false);
            let mut verdict = if clash { "conflict" } else { "share" };
            if smaller && self.short_cut_old(id, port) {
                smallest = Some((bucket.num_owners, port));
                if self.bsockets > i64::from(size) && !clash {
                    verdict = "full_share";
                }
            }
            let entry = entry(verdict);
            self.log.gp.push(entry);
            if !clash {
                return (Search::Port(port), smallest.is_some());
            }
        }
        self.note(one("none", 1));
        match smallest {
            Some((_, port)) => (Search::Remembered(port), true),
            None => (Search::Nothing, false),
        }
    }

    /// Joins a port of a search; `None` if the search must begin anew.
    fn join_found(&mut self, id: usize, port: u16, remembered: bool) -> Option<bool> {
        if !remembered {
            return self.join_old(id, port, true);
        }
        if self.buckets.has(port.into()) && self.conflict_old(id, port, true) {
            self.note(one("x", "conflict"));
            let sock = self.sock(id);
            let again = (sock.reuse && sock.state != state::LISTEN)
                || (self.buckets[usize::from(port)].fastreuseport > 0 && sock.reuseport);
            return if again { None } else { Some(false) };
        }
        Some(self.enter_old(id, port))
    }

    /// Joins a port by the short cut or the relaxed test.
    fn join_old(&mut self, id: usize, port: u16, searched: bool) -> Option<bool> {
        if !searched {
            self.note_try(port);
        }
        if self.buckets.has(port.into()) {
            if self.short_cut_old(id, port) {
                self.note(one("x", "fast"));
                if self.sock(id).num == 0 {
                    self.join(port, Owner::Sock(id), (0, 0));
                }
                self.note_ok(port);
                return Some(true);
            }
            if self.conflict_old(id, port, true) {
                self.note(one("x", "conflict"));
                return Some(false);
            }
        }
        Some(self.enter_old(id, port))
    }

    /// The flags change, and the socket becomes an owner unless it is one.
    fn enter_old(&mut self, id: usize, port: u16) -> bool {
        if !self.buckets.has(port.into()) {
            if fails(&mut self.fail_tb) {
                self.note(one("x", "nomem_tb"));
                return false;
            }
            self.make_bucket(port, 0);
        }
        let sock = self.sock(id);
        let reuse = sock.reuse && sock.state != state::LISTEN;
        let reuseport = sock.reuseport;
        let bucket = self.buckets.get_mut(port.into()).expect("made above");
        if bucket.owners.is_empty() {
            bucket.fastreuse = i8::from(reuse);
            bucket.fastreuseport = i8::from(reuseport);
        } else {
            if !reuse {
                bucket.fastreuse = 0;
            }
            if !reuseport {
                bucket.fastreuseport = 0;
            }
        }
        if self.sock(id).num == 0 {
            self.join(port, Owner::Sock(id), (0, 0));
        }
        self.note_ok(port);
        true
    }

    fn short_cut_old(&self, id: usize, port: u16) -> bool {
        let (sock, bucket) = (self.sock(id), &self.buckets[usize::from(port)]);
        (bucket.fastreuse > 0 && sock.reuse && sock.state != state::LISTEN)
            || (bucket.fastreuseport > 0 && sock.reuseport)
    }

    /// Whether another owner of the address is in the way; relaxed, or strict.
    fn conflict_old(&self, id: usize, port: u16, relax: bool) -> bool {
        let sock = self.sock(id);
        let owners = self.buckets[usize::from(port)].owners.iter();
        owners.filter(|owner| **owner != Owner::Sock(id)).any(|owner| {
            let other = self.owner_view(*owner);
            let meets = sock.rcv_saddr == 0 || other.addr == 0 || other.addr == sock.rcv_saddr;
            let both_reuse = sock.reuse && other.reuse && !other.listens;
            let both_reuseport = sock.reuseport && other.reuseport;
            meets && ((!both_reuse && !both_reuseport) || (!relax && both_reuse))
        })
    }
}
