//! The lines of a trace: what a call echoes, answers and shows, in the words of the test vectors.
//! Written from events and views alone. The traces of 2.6.32 have words of their own.

mod first;
mod later;
mod peer;

use error99_kernel::{
    Call, Config, Event, Kernel, Release, Reply, SocketView, TimewaitCause, Tuple, Verdict,
};

use self::peer::Peer;
use super::load::FIRST_NAME;
use super::{Json, NameStyle, Op, Scenario};

/// Scenarios with this feature are traced without the long lists.
const BIG: &str = "big";

/// A line while it is written.
struct Line(Vec<(String, Json)>);

impl Line {
    fn put(&mut self, key: &str, value: impl Into<Json>) {
        self.0.push((key.to_owned(), value.into()));
    }
}

/// How much a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Full,
    /// Not the lists of probes, of search steps and of ended mini-sockets.
    Summary,
}

/// All lines of a scenario's trace: boot, configuration, calls.
pub fn trace(scenario: &Scenario) -> Vec<Json> {
    let mut lines = vec![boot_line(&scenario.config)];
    let Ok(mut kernel) = Kernel::boot(&scenario.config) else { return lines };
    let big = scenario.features.iter().any(|feature| feature == BIG);
    let detail = if big { Detail::Summary } else { Detail::Full };
    for call in &scenario.config.pre_calls() {
        lines.push(call_line(&mut kernel, call, lines.len(), &scenario.names, detail));
    }
    let (mut load_names, mut peer) = (FIRST_NAME, Peer::default());
    for op in &scenario.ops {
        lines.push(match op {
            Op::Call(call) if peer.misses(&kernel, call) => {
                let told = Told {
                    call,
                    before: None,
                    reply: Reply::OK,
                    events: &[],
                    kernel: &kernel,
                    summary: false,
                };
                told.later_line(lines.len(), &scenario.names)
            }
            Op::Call(call) => {
                let line = call_line(&mut kernel, call, lines.len(), &scenario.names, detail);
                peer.sees(&kernel, call);
                line
            }
            Op::Load(load) => {
                let first = load_names;
                load_names += load.count;
                later::load_line(&mut kernel, load, first, lines.len())
            }
        });
    }
    lines
}

/// The first line of every trace: what the machine is.
pub fn boot_line(config: &Config) -> Json {
    if config.release != Release::V2_6_32 {
        return later::boot_line(config);
    }
    Json::object([
        ("n", 0.into()),
        ("op", "boot".into()),
        ("ehash_size", config.ehash_size.into()),
        ("bhash_size", config.bhash_size.into()),
        ("hz", 1000.into()),
        ("off_sk_node", 0.into()),
        ("off_sk_bind_node", 32.into()),
    ])
}

/// Makes a call and writes line `number` of a trace about it.
pub fn call_line(
    kernel: &mut Kernel,
    call: &Call,
    number: usize,
    names: &dyn NameStyle,
    detail: Detail,
) -> Json {
    let before = call.socket_name().and_then(|s| kernel.socket(s));
    let mut events = Vec::new();
    let reply = kernel.apply_traced(call, &mut events);
    let summary = detail == Detail::Summary;
    let told = Told { call, before, reply, events: &events, kernel, summary };
    match kernel.release() {
        Release::V2_6_32 => told.line(number, names),
        _ => told.later_line(number, names),
    }
}

/// Everything that is known about one call after it.
struct Told<'a> {
    call: &'a Call,
    /// The call's socket before it.
    before: Option<SocketView>,
    reply: Reply,
    events: &'a [Event],
    kernel: &'a Kernel,
    /// Without the long lists.
    summary: bool,
}

fn local(tuple: &Tuple) -> String {
    format!("{}:{}", tuple.laddr, tuple.lport)
}

fn remote(tuple: &Tuple) -> String {
    format!("{}:{}", tuple.faddr, tuple.fport)
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reserved => "resv",
        Verdict::New | Verdict::NoMemory => "new",
        Verdict::BindOwned => "skip",
        Verdict::LiveSameTuple => "est",
        Verdict::Timewait(_) => "tw",
        Verdict::TimewaitTaken => "tw_reused",
        Verdict::Shared => "free",
    }
}

fn cause_name(cause: TimewaitCause) -> &'static str {
    match cause {
        TimewaitCause::Timer => "timer",
        TimewaitCause::Reuse => "reuse",
        TimewaitCause::Segment => "other",
    }
}
