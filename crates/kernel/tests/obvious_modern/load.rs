//! Many connects one after the other.

use error99_vocabulary::Json;

use super::json::{self, Line};
use super::machine::Machine;

impl Machine {
    /// The operation `load`.
    pub fn op_load(&mut self, op: &Json) {
        let summary = std::mem::take(&mut self.line);
        self.summary = true;
        let count = json::int_or(op, "count", 0);
        let mut lists = Lists::default();
        for number in 0..count {
            self.line = Line::default();
            self.load_once(op);
            lists.take(self, number == 0);
            self.advance(json::int_or(op, "every_ms", 0));
            lists.take_ends(self);
        }
        self.summary = false;
        self.line = summary;
        self.line.echo(op, &["count", "every_ms", "how"]);
        lists.put(&mut self.line);
    }

    /// One connect, and perhaps a close.
    fn load_once(&mut self, op: &Json) {
        const NAME: &str = "";
        self.op_socket(NAME);
        let connect = Json::object([
            ("op", "connect".into()),
            ("s", NAME.into()),
            ("dst", op.get("dst").cloned().unwrap_or(Json::Null)),
            ("dport", op.get("dport").cloned().unwrap_or(Json::Null)),
        ]);
        self.op_connect(&connect);
        let connected = self.line.get("err") == Some(&Json::Int(0));
        let line = self.line.clone();
        if !connected || json::text(op, "how") == "active" {
            let how = if connected { "active" } else { "plain" };
            let close =
                Json::object([("op", "close".into()), ("s", NAME.into()), ("how", how.into())]);
            self.op_close(&close);
        }
        self.names.remove(NAME);
        self.line = line;
    }
}

/// What the line of a load says.
#[derive(Default)]
struct Lists {
    res: Vec<Json>,
    steps: Vec<Json>,
    rand_v: Vec<Json>,
    /// Jiffy and number of ends.
    gone: Vec<(i64, i64)>,
    /// Where the first walk started, and the last one.
    first: Option<Json>,
    last: Option<Json>,
}

impl Lists {
    /// Takes what the line of one connect says.
    fn take(&mut self, machine: &mut Machine, first: bool) {
        let line = &machine.line;
        let int = |key| line.get(key).and_then(Json::as_int).unwrap_or(0);
        let res = if int("err") == 0 { int("port") } else { int("err") };
        self.res.push(res.into());
        self.steps.push(int("steps").into());
        let mut start = Line::default();
        for key in ["hash", "index", "perturb0", "offset"] {
            if let Some(value) = line.get(key) {
                start.put(key, value.clone());
            }
        }
        // A hint stands where an entry of the table would.
        if let Some(hint) = line.get("hint0") {
            start.put("index", 0);
            start.put("perturb0", hint.clone());
        }
        let start = start.done();
        if first {
            self.first = Some(start.clone());
        }
        self.last = Some(start);
        for drawn in std::mem::take(&mut machine.log.rand) {
            if let Json::List(drawn) = drawn {
                self.rand_v.extend(drawn.into_iter().nth(1));
            }
        }
        self.take_ends(machine);
    }

    /// Takes the ends of mini-sockets.
    fn take_ends(&mut self, machine: &mut Machine) {
        machine.log.tw_seen.clear();
        machine.log.tw_sched.clear();
        for gone in std::mem::take(&mut machine.log.tw_gone) {
            let Json::List(gone) = gone else { continue };
            let j = gone.first().and_then(Json::as_int).unwrap_or(0);
            match self.gone.last_mut() {
                Some((last, number)) if *last == j => *number += 1,
                _ => self.gone.push((j, 1)),
            }
        }
    }

    fn put(self, line: &mut Line) {
        line.put("res", Json::List(self.res));
        line.put("steps", Json::List(self.steps));
        line.put("rand_v", Json::List(self.rand_v));
        let gone = self.gone.into_iter().map(|(j, number)| json::ints([j, number])).collect();
        line.put("gone", Json::List(gone));
        line.put("first", self.first.unwrap_or(Json::Null));
        line.put("last", self.last.unwrap_or(Json::Null));
    }
}
