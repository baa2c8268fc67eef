//! How connect came to its port.

use error99_kernel::{Event, Probe, Release, TimewaitSeen, WalkEnd, WalkOrder};

use super::{Line, Told, flags_json, has_table};
use crate::Json;
use crate::trace::verdict;

impl Told<'_> {
    pub(super) fn put_path(&self, line: &mut Line) {
        let mut path = "none";
        let mut probes: Vec<&Probe> = Vec::new();
        let mut walked = None;
        for event in self.events {
            match event {
                Event::WalkStarted { .. } => {
                    path = "auto";
                    walked = Some(event);
                    self.put_walk_start(line, event);
                }
                Event::BoundChecked(bound) => {
                    path = "bound";
                    let entries =
                        [("port", bound.port.into()), ("verdict", verdict(bound.verdict).into())];
                    line.put("bound", Json::object(entries));
                }
                Event::Probe(probe) => probes.push(probe),
                Event::WalkEnded { .. } => self.put_walk_end(line, event, walked),
                _ => {}
            }
        }
        line.put("path", path);
        if let Some(Event::WalkStarted { order, .. }) = walked {
            self.put_probes(line, &probes, order);
        }
        let seen: Vec<Json> =
            self.events.iter().filter_map(timewait_seen).map(|seen| self.seen_json(seen)).collect();
        if !seen.is_empty() {
            line.put("tw_seen", Json::List(seen));
        }
    }

    fn put_walk_start(&self, line: &mut Line, event: &Event) {
        let Event::WalkStarted { hash, index, hint, order, .. } = *event else { return };
        line.put("hash", hash.to_string());
        if has_table(self.kernel.release()) {
            line.put("index", index);
            line.put("perturb0", hint);
        } else {
            line.put("hint0", hint);
        }
        line.put("low", order.low());
        line.put("high", order.high());
        line.put("remaining", order.ring());
        line.put("step", order.stride());
        line.put("offset", order.offset());
    }

    fn put_walk_end(&self, line: &mut Line, event: &Event, walked: Option<&Event>) {
        let Event::WalkEnded { reason, steps, port, hint_after, drawn, .. } = *event else {
            return;
        };
        let Some(Event::WalkStarted { order, .. }) = walked else { return };
        line.put("steps", steps);
        line.put("port", port.map_or(Json::Null, Json::from));
        let table = has_table(self.kernel.release());
        line.put(if table { "perturb1" } else { "hint1" }, hint_after);
        let fail = match reason {
            WalkEnd::Found => {
                let least = drawn.unwrap_or(0) * u32::from(order.stride());
                return line.put("add", order.distance(steps).max(least));
            }
            WalkEnd::Exhausted | WalkEnd::EmptyRange => "none",
            WalkEnd::NoMemory => "tb",
            WalkEnd::NoMemoryForAddress => "tb2",
        };
        line.put("fail", fail);
    }

    fn put_probes(&self, line: &mut Line, probes: &[&Probe], order: &WalkOrder) {
        let count = |word| probes.iter().filter(|probe| verdict(probe.verdict) == word).count();
        line.put("n_skip", count("skip") as i64);
        line.put("n_est", count("est") as i64);
        line.put("n_tw", count("tw") as i64);
        line.put("n_resv", count("resv") as i64);
        if self.summary {
            return;
        }
        let walk = probes.iter().map(|probe| {
            let pass = order.sweeps().find(|sweep| sweep.port_of(probe.i).is_some());
            let flags = probe.fastreuse.map(|fastreuse| (fastreuse, probe.fastreuseport));
            Json::List(vec![
                (pass.map_or(0, |sweep| sweep.pass - 1)).into(),
                order.distance(probe.i).into(),
                probe.port.into(),
                flags_json(flags),
                verdict(probe.verdict).into(),
            ])
        });
        line.put("walk", Json::List(walk.collect()));
    }

    fn seen_json(&self, seen: TimewaitSeen) -> Json {
        let mut entries = vec![
            ("stamp".to_owned(), seen.stamp.into()),
            ("now".to_owned(), seen.now.into()),
            ("substate".to_owned(), (seen.substate as u8).into()),
        ];
        if self.kernel.release() == Release::V6_18 {
            entries.push(("entry_ms".to_owned(), seen.entry_ms.into()));
            entries.push(("now_ms".to_owned(), seen.now_ms.into()));
        }
        Json::Object(entries)
    }
}

fn timewait_seen(event: &Event) -> Option<TimewaitSeen> {
    match event {
        Event::Probe(probe) => probe.check?.timewait,
        Event::BoundChecked(bound) => bound.check.timewait,
        _ => None,
    }
}
