//! The search of connect for a port (`__inet_hash_connect`).

use error99_vocabulary::Json;

use super::errno::{EADDRNOTAVAIL, ENOMEM};
use super::established::Checked;
use super::holders::{Owner, Tuple};
use super::machine::{Machine, fails};
use super::rules::Release;

/// A walk, as it goes.
struct Walk {
    low: i64,
    high: i64,
    remaining: i64,
    step: i64,
    /// Ports visited.
    steps: i64,
    /// The same for the trace, unless it is a summary.
    visits: Vec<Json>,
    counts: [i64; 4],
}

/// Where a walk ended.
struct Found {
    i: i64,
    port: u16,
    new: bool,
    mini: Option<usize>,
}

/// How a walk failed.
enum Failed {
    /// No port is left.
    None,
    /// No memory for the bucket of this port.
    NoMemory,
}

impl Machine {
    /// Gives the socket a port and a place in the established table, or says why not.
    pub fn hash_connect(&mut self, id: usize) -> Result<(), i64> {
        if self.sock(id).num != 0 { self.connect_bound(id) } else { self.connect_automatic(id) }
    }

    fn connect_bound(&mut self, id: usize) -> Result<(), i64> {
        let port = self.sock(id).num;
        let tuple = Tuple { lport: port, ..self.sock(id).tuple() };
        let checked = self.check_established(tuple, false);
        let verdict = verdict_of(checked);
        let mut bound = super::json::Line::default();
        bound.put("port", port);
        bound.put("verdict", verdict);
        self.line.put("path", "bound");
        self.line.put("bound", bound.done());
        match checked {
            Checked::Live | Checked::Kept => Err(EADDRNOTAVAIL),
            Checked::Free => {
                self.enter(id, port);
                Ok(())
            }
            Checked::GivesWay(mini) => {
                self.inherit(id, mini);
                self.enter(id, port);
                self.end_mini(mini, "reuse");
                Ok(())
            }
        }
    }

    /// The socket stands in the established table under that local port.
    fn enter(&mut self, id: usize, port: u16) {
        let sock = self.sock_mut(id);
        sock.sport = port;
        sock.hashed = true;
    }

    /// The socket takes the stamp of a mini-socket over.
    fn inherit(&mut self, id: usize, mini: usize) {
        self.sock_mut(id).stamp = self.minis[mini].stamp;
        self.recycled += 1;
    }

    fn connect_automatic(&mut self, id: usize) -> Result<(), i64> {
        let hash = self.hash_of(id);
        self.line.put("path", "auto");
        self.line.put("hash", hash.to_string());
        let windowed = self.sock(id).window != (0, 0) && self.release.window_walks_by_one();
        let (low, high) = self.range_of(id);
        let (low, high) = (i64::from(low), i64::from(high));
        let size = high - low + 1;
        let ring = !self.release.walks_by_parity();
        let even = !windowed && !ring;
        let remaining = if even && size > 1 { size & !1 } else { size };
        let step = if even { 2 } else { 1 };
        let start = self.start_of(hash);
        let offset = match (ring, even) {
            (true, _) => i64::from(start),
            (false, true) => (i64::from(start) % remaining) & !1,
            (false, false) => i64::from(start) % remaining,
        };
        for (key, value) in [
            ("low", low),
            ("high", high),
            ("remaining", remaining),
            ("step", step),
            ("offset", offset),
        ] {
            self.line.put(key, value);
        }
        let mut walk =
            Walk { low, high, remaining, step, steps: 0, visits: Vec::new(), counts: [0; 4] };
        let result = if ring {
            self.walk_ring(id, &mut walk, start)
        } else {
            self.walk_passes(id, &mut walk, offset)
        };
        self.line.put("steps", walk.steps);
        for (key, count) in ["n_skip", "n_est", "n_tw", "n_resv"].into_iter().zip(walk.counts) {
            self.line.put(key, count);
        }
        self.line.put("walk", Json::List(std::mem::take(&mut walk.visits)));
        let answer = match result {
            Ok(found) => self.take(id, &walk, hash, &found),
            Err(Failed::None) => self.refuse("none", EADDRNOTAVAIL),
            Err(Failed::NoMemory) if ring => self.refuse("tb", EADDRNOTAVAIL),
            Err(Failed::NoMemory) => self.refuse("tb", ENOMEM),
        };
        let counter = self.counter(hash);
        self.line.put(if self.release.has_table() { "perturb1" } else { "hint1" }, counter);
        answer
    }

    fn refuse(&mut self, why: &str, errno: i64) -> Result<(), i64> {
        self.line.put("port", Json::Null);
        self.line.put("fail", why);
        Err(errno)
    }

    /// 3.10: every port in turn, around a ring.
    fn walk_ring(&mut self, id: usize, walk: &mut Walk, start: u32) -> Result<Found, Failed> {
        for i in 1..=walk.remaining {
            let place = i64::from(start.wrapping_add(i as u32)) % walk.remaining;
            if let Some(found) = self.visit(id, walk, 0, i, (walk.low + place) as u16)? {
                return Ok(found);
            }
        }
        Err(Failed::None)
    }

    /// Since 4.6: ports of one parity, then of the other; or one pass of a window.
    fn walk_passes(&mut self, id: usize, walk: &mut Walk, offset: i64) -> Result<Found, Failed> {
        let passes = if walk.step == 2 && walk.remaining > 1 { 2 } else { 1 };
        for pass in 0..passes {
            let mut port = walk.low + offset + pass;
            for i in (0..walk.remaining).step_by(walk.step as usize) {
                if port > walk.high {
                    port -= walk.remaining;
                }
                if let Some(found) = self.visit(id, walk, pass, i, port as u16)? {
                    return Ok(found);
                }
                port += walk.step;
            }
        }
        Err(Failed::None)
    }

    /// Looks at one port, and writes down what is found.
    fn visit(
        &mut self,
        id: usize,
        walk: &mut Walk,
        pass: i64,
        i: i64,
        port: u16,
    ) -> Result<Option<Found>, Failed> {
        let flags =
            self.buckets.get(port.into()).map(|bucket| (bucket.fastreuse, bucket.fastreuseport));
        let reserved = self.knobs.is_reserved(port);
        let mut found = Found { i, port, new: false, mini: None };
        let verdict = match flags {
            _ if reserved => "resv",
            None => {
                found.new = true;
                "new"
            }
            Some((fastreuse, fastreuseport)) if fastreuse >= 0 || fastreuseport >= 0 => "skip",
            Some(_) => {
                let tuple = Tuple { lport: port, ..self.sock(id).tuple() };
                let checked = self.check_established(tuple, true);
                if let Checked::GivesWay(mini) = checked {
                    found.mini = Some(mini);
                }
                verdict_of(checked)
            }
        };
        let tb = || match flags {
            Some((fastreuse, fastreuseport)) if !reserved => {
                super::json::ints([fastreuse.into(), fastreuseport.into()])
            }
            _ => Json::Null,
        };
        walk.steps += 1;
        if !self.summary {
            let visit = vec![pass.into(), i.into(), port.into(), tb(), verdict.into()];
            walk.visits.push(Json::List(visit));
        }
        if let Some(place) = ["skip", "est", "tw", "resv"].iter().position(|v| *v == verdict) {
            walk.counts[place] += 1;
            return Ok(None);
        }
        if found.new {
            if fails(&mut self.fail_tb) {
                return Err(Failed::NoMemory);
            }
            self.make_bucket(port, -1);
        }
        Ok(Some(found))
    }

    /// The walk found a port: the socket takes it, and the next start moves on.
    fn take(&mut self, id: usize, walk: &Walk, hash: u64, found: &Found) -> Result<(), i64> {
        let addr = self.sock(id).rcv_saddr;
        let new_address = self.release.has_address_buckets() && !self.has_address(found.port, addr);
        if new_address && fails(&mut self.fail_tb2) {
            return self.undo(id, found);
        }
        self.line.put("port", found.port);
        if let Some(mini) = found.mini {
            self.inherit(id, mini);
        }
        let by_random =
            if self.release.has_table() { i64::from(self.draw(8)) * walk.step } else { 0 };
        let add = found.i.max(by_random);
        self.line.put("add", if self.release.has_table() { add } else { found.i });
        let moves = match self.release {
            Release::V3_10 => found.i,
            _ => add + walk.step,
        } as u32;
        self.move_counter(hash, moves);
        self.sock_mut(id).connect_bind = true;
        self.join(found.port, Owner::Sock(id), (-1, -1));
        self.enter(id, found.port);
        if let Some(mini) = found.mini {
            self.end_mini(mini, "reuse");
        }
        Ok(())
    }

    /// No memory for the bucket of (port, address): everything as before.
    fn undo(&mut self, id: usize, found: &Found) -> Result<(), i64> {
        if found.new {
            self.buckets.take(found.port.into());
        } else {
            self.sock_mut(id).sport = 0;
        }
        self.refuse("tb2", ENOMEM)
    }
}

fn verdict_of(checked: Checked) -> &'static str {
    match checked {
        Checked::Free => "free",
        Checked::Live => "est",
        Checked::Kept => "tw",
        Checked::GivesWay(_) => "tw_reused",
    }
}
