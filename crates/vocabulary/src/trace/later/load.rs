//! A load: many connects in one line.

use error99_kernel::{Call, Event, Kernel, Sink, SocketName};

use super::state;
use crate::{Json, LoadOp};

/// What is told of a load.
#[derive(Default)]
struct LoadTold {
    first: Option<Json>,
    last: Option<Json>,
    drawn: Vec<Json>,
    gone_ms: Vec<u64>,
}

impl Sink for LoadTold {
    fn event(&mut self, event: Event) {
        match event {
            Event::WalkStarted { hash, index, hint, order, .. } => {
                let start = Json::object([
                    ("hash", hash.to_string().into()),
                    ("index", index.into()),
                    ("perturb0", hint.into()),
                    ("offset", order.offset().into()),
                ]);
                self.first.get_or_insert_with(|| start.clone());
                self.last = Some(start);
            }
            Event::WalkEnded { drawn, .. } => self.drawn.extend(drawn.map(Json::from)),
            Event::TimewaitEnded { t_ms, .. } => self.gone_ms.push(t_ms),
            _ => {}
        }
    }

    fn hears_probes(&self) -> bool {
        false
    }
}

/// Runs a load, whose sockets are named from `first` on, and writes line `number` of a trace about
/// it.
pub(in crate::trace) fn load_line(
    kernel: &mut Kernel,
    load: &LoadOp,
    first: u32,
    number: usize,
) -> Json {
    let mut told = LoadTold::default();
    let (mut results, mut steps) = (Vec::new(), Vec::new());
    for name in first..first + load.count {
        let s = SocketName(name);
        kernel.apply(&Call::Socket { s });
        let reply = kernel.apply_traced(&load.connect(s), &mut told);
        let refused = reply.ret != -115;
        let port = kernel.socket(s).map_or(0, |socket| socket.num);
        results.push(if refused { reply.ret.into() } else { Json::from(port) });
        steps.push(reply.steps.into());
        if let Some(close) = load.close(s, refused) {
            kernel.apply_traced(&close, &mut told);
        }
        kernel.apply_traced(&Call::Advance { ms: load.every_ms }, &mut told);
    }
    let mut gone: Vec<(u64, i64)> = Vec::new();
    for t_ms in told.gone_ms {
        let tick = kernel.ticks(t_ms);
        match gone.last_mut() {
            Some((last, count)) if *last == tick => *count += 1,
            _ => gone.push((tick, 1)),
        }
    }
    let gone =
        gone.iter().map(|(tick, count)| Json::List(vec![(*tick as i64).into(), (*count).into()]));
    Json::object([
        ("n", (number as i64).into()),
        ("op", "load".into()),
        ("count", load.count.into()),
        ("every_ms", (load.every_ms as i64).into()),
        ("dst", load.dst.to_string().into()),
        ("dport", load.dport.into()),
        ("how", load.how().into()),
        ("res", Json::List(results)),
        ("steps", Json::List(steps)),
        ("rand_v", Json::List(told.drawn)),
        ("gone", Json::List(gone.collect())),
        ("first", told.first.unwrap_or(Json::Null)),
        ("last", told.last.unwrap_or(Json::Null)),
        ("st", state(kernel)),
    ])
}
