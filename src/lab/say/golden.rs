//! Golden sentences: what is said of each kind of event, of each line of a walk and of each kind
//! of act, word by word in both languages, with the line of code that is shown beside it.
//!
//! `golden.txt` holds them, a block each. Whoever adds a kind, or changes a sentence, is told
//! which blocks are missing or differ, as they should stand there.

use std::collections::BTreeMap;

use error99_kernel::{
    Addr, Age, Call, CloseHow, Config, Errno, Event, Release, SocketName, Sysctl, SysctlValue,
    Tuple, Verdict, WalkEnd,
};
use error99_replay::act::BindAct;
use error99_replay::frame::{Frame, WalkView};
use error99_replay::history::Position;
use error99_replay::listing::{Routine, Spot};
use error99_replay::lit;
use error99_replay::steps::Told;
use error99_replay::{Act, History, Load, Machine};

use super::{event, sentence};
use crate::lang::Lang;
use crate::text::code::words;

/// The file.
const GOLDEN: &str = include_str!("golden.txt");

/// Blocks by what they are about.
#[derive(Default)]
pub struct Sentences(BTreeMap<String, String>);

impl Sentences {
    /// What is said of a kind, unless it was met before.
    fn add(
        &mut self,
        kind: String,
        say: impl Fn(Lang) -> String,
        (release, lit): (Release, Option<Spot>),
    ) {
        self.0.entry(kind).or_insert_with(|| {
            let code = lit.map_or("–".to_owned(), |spot| {
                let lines = spot.routine().lines(release);
                let line = lines.iter().find(|line| line.spot == spot).expect("it has that line");
                format!("{} | {}", spot.function(release), words(*line).trim())
            });
            format!("{}\n{}\n{code}", say(Lang::En), say(Lang::ZhCn))
        });
    }

    /// The sentence of an event of a call; `timer` is the last timer that ran in it.
    pub fn add_event(
        &mut self,
        name: &str,
        told: &Told,
        (release, call): (Release, &Call),
        timer: Option<&Event>,
    ) {
        let (kind, rules) = (super::tests::kind(call), release.rules());
        let say = |lang| event::sentence(lang, rules, told, &kind);
        let lit = lit::lit(rules, call, timer, &told.event);
        self.add(format!("event {name}"), say, (release, lit));
    }

    /// Leaves out the events of those names, and files the others among those of later releases.
    pub fn forget(&mut self, known: &[&str]) {
        let all = std::mem::take(&mut self.0).into_iter();
        let named = all.filter_map(|(kind, said)| {
            let name = kind.strip_prefix("event ")?;
            (!known.contains(&name)).then(|| (format!("later {name}"), said))
        });
        self.0 = named.collect();
    }

    /// The sentence of a line of a walk, if the frame shows one.
    pub fn add_line(&mut self, frame: &Frame) {
        let Some(kind) = line_kind(frame) else { return };
        let lit = (frame.machine.release, frame.code.lit);
        self.add(format!("line {kind}"), |lang| sentence(lang, frame), lit);
    }

    /// Fails unless the blocks of that group are those of the file.
    pub fn check(&self, group: &str) {
        let written: BTreeMap<&str, &str> =
            GOLDEN.split("\n\n").filter_map(|block| block.trim_end().split_once('\n')).collect();
        let group = format!("{group} ");
        let wrong = self.0.iter().filter(|(kind, said)| {
            kind.starts_with(&group) && written.get(kind.as_str()) != Some(&said.as_str())
        });
        let wrong: Vec<String> = wrong.map(|(kind, said)| format!("{kind}\n{said}")).collect();
        let gone = |kind: &&&str| kind.starts_with(&group) && !self.0.contains_key(**kind);
        let gone: Vec<&&str> = written.keys().filter(gone).collect();
        assert!(
            wrong.is_empty() && gone.is_empty(),
            "golden.txt: missing or different:\n\n{}\n\nno longer met: {gone:?}",
            wrong.join("\n\n")
        );
    }
}

/// Which sentence a frame in a walk has; none for another step, and for a return.
fn line_kind(frame: &Frame) -> Option<String> {
    let walk = frame.walk.as_ref().filter(|_| frame.event.is_none())?;
    let returned = frame.call.as_ref().and_then(|call| call.ret).is_some();
    let spot = frame.code.lit.filter(|spot| spot.routine() == Routine::Walk)?;
    let line = frame.code_lines().into_iter().find(|line| line.spot == spot)?;
    let wording = if line.wording > 0 { format!(", wording {}", line.wording) } else { "".into() };
    let Some(probe) = &walk.probe else {
        return Some(match (walk.end, spot) {
            (WalkEnd::EmptyRange, _) => "upside down".to_owned(),
            (_, Spot::Offset) => format!("Offset forced {}{wording}", walk.hash_forced),
            _ => format!("{spot:?}{}", passes(walk)),
        });
    };
    let verdict = super::tests::verdict(probe.verdict);
    let rules = frame.machine.release.rules();
    let later = match spot {
        Spot::TakeOver if rules.reuse.age() != Age::OverOneSecond => ", old enough",
        Spot::NoBucket if rules.says_no_memory && probe.verdict == Verdict::NoMemory => ", said",
        Spot::BindOwns if matches!(probe.fastreuse, Some(-1)) => ", joined",
        Spot::Fail if walk.missed > 0 && walk.order.passes() > 1 => passes(walk),
        _ => "",
    };
    let kind = match (spot, returned) {
        (Spot::Take, true) => format!("Take {verdict}"),
        (Spot::Fail, true) => {
            let ports = if walk.ports() == 1 { "of one port" } else { "of several ports" };
            format!("Fail {:?} {ports}, some left out: {}", walk.end, walk.missed > 0)
        }
        (Spot::Port | Spot::Head, _) => format!("{spot:?}"),
        (Spot::Search, _) => format!("{spot:?} found {}", probe.fastreuse.is_some()),
        (Spot::InTimewait, _) => {
            let found = matches!(probe.verdict, Verdict::Timewait(_) | Verdict::TimewaitTaken);
            format!("{spot:?} found {found}")
        }
        _ if probe.line + 1 == probe.lines => format!("{spot:?} {verdict}"),
        _ => format!("{spot:?} goes on"),
    };
    Some([kind, wording, later.to_owned()].concat())
}

/// How a walk goes over its range, if not once.
fn passes(walk: &WalkView) -> &'static str {
    match (walk.order.passes(), walk.order.ring() < walk.order.ports()) {
        _ if walk.ports() == 1 => " of one port",
        (0 | 1, _) => "",
        (_, false) => " in passes",
        (_, true) => " in passes, odd",
    }
}

// ── acts ────────────────────────────────────────────────────

const S: SocketName = SocketName(0);
const SERVER: Addr = Addr::new(10, 0, 0, 2);
const OURS: Addr = Addr::new(10, 0, 0, 1);

/// The kind of an act. Nothing here says `_`, so that a new kind asks for an example below.
fn act_kind(act: &Act) -> &'static str {
    match act {
        Act::Load(_) => "load",
        Act::Bind(_) => "bind many",
        Act::Call(call) => match call {
            Call::Socket { .. } => "socket",
            Call::Reuse { .. } => "SO_REUSEADDR",
            Call::ReusePort { .. } => "SO_REUSEPORT",
            Call::NoPort { .. } => "IP_BIND_ADDRESS_NO_PORT",
            Call::Window { .. } => "IP_LOCAL_PORT_RANGE",
            Call::Bind { .. } => "bind",
            Call::Connect { .. } => "connect",
            Call::Est { .. } => "SYN-ACK",
            Call::Segment { .. } => "segment",
            Call::Rst { .. } => "RST",
            Call::Listen { .. } => "listen",
            Call::Accept { .. } | Call::AcceptWaiting { .. } => "accept",
            Call::Disconnect { .. } => "disconnect",
            Call::Close { how: CloseHow::Active, .. } => "close first",
            Call::Close { how: CloseHow::FinWait2, .. } => "close half",
            Call::Close { how: CloseHow::Passive, .. } => "close second",
            Call::Close { how: CloseHow::Rst, .. } => "close with RST",
            Call::Close { how: CloseHow::Plain, .. } => "close",
            Call::TwFin { .. } => "FIN in FIN_WAIT2",
            Call::TwSegment { .. } => "segment in TIME_WAIT",
            Call::Advance { .. } => "sleep",
            Call::Wall { .. } => "set the clock",
            Call::Sysctl { .. } | Call::SysctlText { .. } => "sysctl",
            Call::ForceRange { .. } => "force the range",
            Call::Offset { .. } => "force the hash",
            Call::Rekey { .. } => "rekey",
            Call::Cap { .. } => "capability",
            Call::FailTb { .. } | Call::FailTb2 { .. } => "no memory",
            Call::FailSyn { .. } => "a SYN fails",
            Call::FailTcpConnect { .. } => "SYNs fail",
            Call::Dump => "dump",
        },
    }
}

/// Each kind of act that has no example of its own outcomes: once as it works, and what comes
/// before it.
fn examples() -> Vec<(Vec<Call>, Act)> {
    let socket = Call::Socket { s: S };
    let connect = Call::connect(S, SERVER, 80);
    let opened = || vec![socket.clone()];
    let connected = || vec![socket.clone(), connect.clone()];
    let bound = |port| vec![socket.clone(), Call::Bind { s: S, addr: Addr::ANY, port }];
    let listening = || [bound(8_080), vec![Call::Listen { s: S }]].concat();
    let half = || [connected(), vec![Call::close(S, CloseHow::FinWait2)]].concat();
    let unanswered = Call::Connect {
        s: S,
        dst: SERVER,
        dport: 80,
        establish: false,
        peer_ts: true,
        family: 2,
        addr_len: 16,
    };
    let one = |sysctl, value| Call::Sysctl { sysctl, value: SysctlValue::One(value) };
    let calls = [
        (vec![], socket.clone()),
        (opened(), Call::Reuse { s: S, on: true }),
        (opened(), Call::Bind { s: S, addr: Addr::ANY, port: 8_080 }),
        (opened(), connect.clone()),
        (vec![socket.clone(), unanswered.clone()], Call::Est { s: S, peer_ts: true }),
        (connected(), Call::Segment { s: S }),
        (connected(), Call::Rst { s: S }),
        (bound(8_080), Call::Listen { s: S }),
        (
            listening(),
            Call::Accept {
                l: S,
                s: SocketName(1),
                peer: SERVER,
                peer_port: 4_000,
                laddr: OURS,
                peer_ts: true,
            },
        ),
        (connected(), Call::Disconnect { s: S }),
        (connected(), Call::close(S, CloseHow::Active)),
        (connected(), Call::close(S, CloseHow::FinWait2)),
        (connected(), Call::close(S, CloseHow::Passive)),
        (connected(), Call::close(S, CloseHow::Rst)),
        (opened(), Call::close(S, CloseHow::Plain)),
        (
            half(),
            Call::TwFin { tuple: Tuple { laddr: OURS, lport: 40_001, faddr: SERVER, fport: 80 } },
        ),
        (half(), Call::Advance { ms: 61_000 }),
        (vec![], Call::Wall { sec: -3_600 }),
        (vec![], one(Sysctl::TwReuse, 1)),
        (vec![], Call::ForceRange { low: 50_000, high: 40_000 }),
        (vec![], Call::Offset { v: Some(7) }),
        (vec![], Call::Rekey { secret: Box::new([7; 12]) }),
        (vec![], Call::Cap { v: false }),
        (vec![], Call::FailTb { v: 1 }),
        (vec![], Call::FailTcpConnect { v: Some(Errno::ENOBUFS) }),
        (vec![], Call::Dump),
    ];
    let many = BindAct { addr: OURS, ports: vec![[40_000, 40_002]], first_socket: 0 };
    let load = Load { per_second: 10, hold_ms: Some(0), ..Load::burst(SERVER, 80, 20) };
    let bundles = [Act::Load(load), Act::Bind(many)].map(|act| (vec![], act));
    calls.into_iter().map(|(before, call)| (before, Act::Call(call))).chain(bundles).collect()
}

/// The sentence when an act has been done.
fn after(before: Vec<Call>, act: Act) -> Frame {
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_015));
    let config = Config { sysctl: vec![range], port_offset: Some(0), ..Config::default() };
    let mut machine = Machine::open(History::new(config)).expect("it boots");
    let acts = before.into_iter().map(Act::Call).chain([act]);
    machine.act(acts.collect()).expect("the acts fit");
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine.frame()
}

#[test]
fn every_kind_of_act_has_its_golden_sentence() {
    let mut said = Sentences::default();
    for (before, act) in examples() {
        let kind = format!("act {}", act_kind(&act));
        let frame = after(before, act);
        let lit = (frame.machine.release, frame.code.lit);
        said.add(kind, |lang| sentence(lang, &frame), lit);
    }
    said.check("act");
}
