//! What the trace shows of sockets and buckets.

use error99_vocabulary::Json;

use super::holders::{Owner, state};
use super::json::{Line, dotted, of_addr};
use super::machine::Machine;

impl Machine {
    /// The state after an operation.
    pub fn put_state(&mut self) {
        let mut st = Line::default();
        st.put("t_ms", self.clock.t_ms);
        st.put("j", self.clock.j());
        st.put("sec", self.stamp_second());
        st.put("tw", self.minis.count() as i64);
        st.put("recycled", self.recycled);
        st.put("overflow", self.overflow);
        self.line.put("st", st.done());
    }

    /// What happened during the operation, as far as anything did.
    pub fn put_log(&mut self) {
        let log = std::mem::take(&mut self.log);
        if !log.tw_gone.is_empty() {
            self.line.put("tw_gone_n", log.tw_gone.len() as i64);
        }
        for (key, list) in [
            ("rand", log.rand),
            ("tw_seen", log.tw_seen),
            ("tw_sched", log.tw_sched),
            ("tw_gone", log.tw_gone),
        ] {
            if !list.is_empty() {
                self.line.put(key, Json::List(list));
            }
        }
    }

    /// The steps of a port search.
    pub fn put_search(&mut self) {
        let steps = std::mem::take(&mut self.log.gp);
        self.line.put("gp", Json::List(steps));
    }

    /// A socket and the bucket of its port.
    pub fn put_sock(&mut self, id: Option<usize>) {
        let Some(id) = id else {
            self.line.put("sock", Json::Null);
            return;
        };
        let shown = self.sock_json(id);
        self.line.put("sock", shown);
        let num = self.sock(id).num;
        if num != 0 {
            let bucket = self.bucket_json(num);
            self.line.put("tb", bucket);
        }
    }

    fn sock_json(&self, id: usize) -> Json {
        let sock = self.sock(id);
        let mut shown = Line::default();
        shown.put_addr("saddr", sock.saddr);
        shown.put_addr("rcv_saddr", sock.rcv_saddr);
        shown.put("sport", sock.sport);
        shown.put("num", sock.num);
        shown.put_addr("daddr", sock.daddr);
        shown.put("dport", sock.dport);
        shown.put("state", sock.state);
        shown.put("locks", sock.locks);
        shown.put("reuse", i64::from(sock.reuse));
        shown.put("reuseport", i64::from(sock.reuseport));
        shown.put("ts_stamp", sock.stamp);
        shown.put("ts_ok", i64::from(sock.ts_ok));
        shown.put("rto", sock.rto.jiffies);
        shown.put("ss", sock.ss);
        shown.done()
    }

    /// The bucket of a port, or null.
    pub fn bucket_json(&self, port: u16) -> Json {
        let Some(bucket) = self.buckets.get(port.into()) else { return Json::Null };
        let minis = bucket.owners.iter().filter(|owner| matches!(owner, Owner::Mini(_)));
        let mut shown = Line::default();
        shown.put("port", port);
        shown.put("fastreuse", bucket.fastreuse);
        shown.put("fastreuseport", bucket.fastreuseport);
        shown.put("owners", bucket.owners.len() as i64);
        shown.put("tw_owners", minis.count() as i64);
        if self.release.shows_address_buckets() {
            shown.put("addrs", self.addresses(port) as i64);
        }
        if self.release.has_calendar() {
            shown.put("num_owners", bucket.num_owners);
        }
        if bucket.fastreuseport > 0 {
            shown.put_addr("fast_saddr", bucket.fast_saddr);
        }
        shown.done()
    }

    /// The operation `dump`.
    pub fn op_dump(&mut self) {
        let buckets = self.buckets.numbers().map(|port| self.dump_bucket(port as u16)).collect();
        self.line.put("buckets", Json::List(buckets));
    }

    fn dump_bucket(&self, port: u16) -> Json {
        let bucket = &self.buckets[usize::from(port)];
        let mut shown = Line::default();
        shown.put("port", port);
        shown.put("fastreuse", bucket.fastreuse);
        shown.put("fastreuseport", bucket.fastreuseport);
        if bucket.fastreuseport > 0 {
            shown.put_addr("fast_saddr", bucket.fast_saddr);
        }
        if self.release.has_calendar() {
            shown.put("num_owners", bucket.num_owners);
        }
        if self.release.shows_address_buckets() {
            shown.put("addrs", self.dump_addresses(port));
        }
        let mut owners: Vec<(String, String, u8, u8, Json)> =
            bucket.owners.iter().map(|owner| self.dump_owner(*owner)).collect();
        owners.sort_by(|a, b| (&a.0, &a.1, a.2, a.3).cmp(&(&b.0, &b.1, b.2, b.3)));
        shown.put("owners", Json::List(owners.into_iter().map(|owner| owner.4).collect()));
        shown.done()
    }

    fn dump_addresses(&self, port: u16) -> Json {
        let bucket = &self.buckets[usize::from(port)];
        let mut addrs: Vec<(String, Json)> = Vec::new();
        for owner in &bucket.owners {
            let addr = self.owner_view(*owner).addr;
            if addrs.iter().any(|(known, _)| *known == dotted(addr)) {
                continue;
            }
            let flags = bucket.addr_flags.get(&addr).copied().unwrap_or((0, 0));
            let entry = if self.release.repairs_buckets() {
                Json::List(vec![of_addr(addr), flags.0.into(), flags.1.into()])
            } else {
                of_addr(addr)
            };
            addrs.push((dotted(addr), entry));
        }
        addrs.sort_by(|a, b| a.0.cmp(&b.0));
        Json::List(addrs.into_iter().map(|(_, entry)| entry).collect())
    }

    /// What an owner is sorted by, and what is shown of it.
    fn dump_owner(&self, owner: Owner) -> (String, String, u8, u8, Json) {
        let view = self.owner_view(owner);
        let (l, f, tw, state, sub, stamp) = match owner {
            Owner::Sock(id) => {
                let sock = self.sock(id);
                let l = format!("{}:{}", dotted(sock.rcv_saddr), sock.num);
                let f = format!("{}:{}", dotted(sock.daddr), sock.dport);
                (l, f, 0, sock.state, 0, sock.stamp)
            }
            Owner::Mini(id) => {
                let mini = &self.minis[id];
                let l = format!("{}:{}", dotted(mini.tuple.laddr), mini.tuple.lport);
                let f = format!("{}:{}", dotted(mini.tuple.faddr), mini.tuple.fport);
                (l, f, 1, state::TIME_WAIT, mini.substate, mini.stamp)
            }
        };
        let mut shown = Line::default();
        shown.put("tw", tw);
        shown.put("state", state);
        shown.put("sub", sub);
        shown.put("reuse", i64::from(view.reuse));
        shown.put("reuseport", i64::from(view.reuseport));
        shown.put("l", l.clone());
        shown.put("f", f.clone());
        shown.put("stamp", stamp);
        (l, f, tw, state, shown.done())
    }
}
