//! Whatever the kernel tells has a sentence without a hole, in both languages: tried with every
//! vector, with every step of the prepared machines, and by hand with what neither of them meets.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use error99_kernel::rules::{Rules, SearchRule};
use error99_kernel::{
    Addr, BindRefusal, CalendarSlot, Call, ConnectRefusal, Event, Fastreuse, Fastreuseport, Kernel,
    ListenRefusal, Problem, Release, SearchMet, SocketName, Substate, Sysctl, SysctlOutcome,
    TimewaitRefusal, Tuple, Verdict, WalkEnd,
};
use error99_replay::act::Act;
use error99_replay::frame::{CallKind, Frame};
use error99_replay::history::{Position, Step};
use error99_replay::lit::is_timer;
use error99_replay::steps::{Listener, Told};
use error99_replay::{History, Machine, catalogue};
use error99_vocabulary::{Json, Scenario};

use super::super::code::tests::check_code;
use super::golden::Sentences;
use super::{event, sentence};
use crate::lang::Lang;

/// Of each kind of event, how many sentences of one vector are looked at: the three large ones
/// have a hundred thousand that are alike but for their numbers.
const ALIKE: u32 = 100;
/// A walk with more probes is looked at only at its start and at its end.
const PROBES_SEEN: u32 = 6;
/// Calls of a machine that are gone through step by step; of a longer history the last ones.
const CALLS_SEEN: u32 = 60;

/// What was met, each kind of event with each of its reasons.
type Seen = BTreeSet<String>;

/// Fails unless both sentences are whole.
fn check(make: impl Fn(Lang) -> String, what: &dyn std::fmt::Debug) {
    let [english, chinese] = [Lang::En, Lang::ZhCn].map(make);
    for text in [&english, &chinese] {
        let holes = ["{", "}", "  ", "None", "Some(", "()."];
        assert!(!text.is_empty(), "{what:?} has no sentence");
        assert!(!holes.iter().any(|hole| text.contains(hole)), "{what:?}: {text}");
        for mark in ["**", "`"] {
            assert!(text.matches(mark).count().is_multiple_of(2), "{what:?}: {text}");
        }
    }
    let chinese_letters = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    assert!(
        chinese_letters(&chinese) && !chinese_letters(&english),
        "{what:?}: {english} {chinese}"
    );
}

fn check_told(rules: &Rules, told: &Told, call: &CallKind) {
    check(|lang| event::sentence(lang, rules, told, call), told);
    check_code(told);
}

fn check_frame(frame: &Frame) {
    check(|lang| sentence(lang, frame), &(frame.at, &frame.call, &frame.event));
}

// ── the vectors ─────────────────────────────────────────────

/// Releases that have vectors, oldest first.
fn traced() -> impl Iterator<Item = Release> {
    Release::ALL.into_iter().filter(|release| release.is_traced())
}

/// The vectors of a release: those of the oldest stand in the folder itself.
fn scenarios(release: Release) -> Vec<Scenario> {
    let mut folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/kernel/tests/vectors");
    if release != Release::default() {
        folder = folder.join(release.name());
    }
    let files = fs::read_dir(folder).expect("the vectors are there");
    let mut paths: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
    paths.sort();
    let packed = paths.iter().filter(|path| path.extension().is_some_and(|kind| kind == "gz"));
    // Of later releases the few large ones have nothing that the others haven't.
    let large = |path: &Path| release != Release::default() && path.ends_with("big.jsonl.gz");
    packed.filter(|path| !large(path)).flat_map(|path| scenarios_of(path)).collect()
}

fn scenarios_of(path: &Path) -> Vec<Scenario> {
    let bytes = fs::read(path).expect("readable");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).expect("packed text");
    let one = |text: &str| {
        let vector = Json::parse(text).expect("JSON");
        Scenario::from_json(vector.get("scenario").expect("a scenario")).expect("in its limits")
    };
    match path.to_string_lossy().ends_with(".jsonl.gz") {
        true => text.lines().map(one).collect(),
        false => vec![one(&text)],
    }
}

/// The kind of a call, as far as sentences of events ask for it.
pub fn kind(call: &Call) -> CallKind {
    match *call {
        Call::Connect { dst, dport, .. } => CallKind::Connect { dst, dport },
        Call::Bind { addr, port, .. } => CallKind::Bind { addr, port },
        Call::Rekey { .. } => CallKind::Rekey,
        Call::TwFin { .. } => CallKind::TwFin,
        _ => CallKind::Other { name: "…".into() },
    }
}

/// Every call of a vector, told by the kernel itself.
fn tell(scenario: &Scenario, seen: &mut Seen, said: &mut Sentences) {
    let mut kernel = Kernel::boot(&scenario.config).expect("a vector boots");
    let release = scenario.config.release;
    let rules = release.rules();
    let mut met: BTreeMap<String, u32> = BTreeMap::new();
    for call in scenario.config.pre_calls().iter().chain(scenario.calls()) {
        let mut heard = Listener::default();
        kernel.apply_traced(call, &mut heard);
        let kind = kind(call);
        let mut timer = None;
        for told in &heard.told {
            let name = kind_of(rules, told, &kind);
            said.add_event(&name, told, (release, call), timer);
            timer = Some(&told.event).filter(|event| is_timer(rules, event)).or(timer);
            let met = met.entry(name).or_insert(0);
            *met += 1;
            if *met <= ALIKE {
                check_told(rules, told, &kind);
            }
        }
        for probe in &heard.probes {
            let told = Told { event: Event::Probe(*probe), ended: None };
            said.add_event(&name(&told.event), &told, (release, call), None);
            seen.insert(name(&told.event));
        }
    }
    seen.extend(met.into_keys());
}

#[test]
fn every_event_of_every_vector_of_later_releases_has_a_sentence() {
    let (mut seen, mut said) = (Seen::new(), Sentences::default());
    for release in traced().skip(1) {
        for scenario in scenarios(release) {
            tell(&scenario, &mut seen, &mut said);
        }
    }
    said.forget(&ALL);
    said.check("later");
}

#[test]
fn every_event_of_every_vector_has_a_sentence() {
    let (mut seen, mut said) = (Seen::new(), Sentences::default());
    for scenario in scenarios(Release::default()) {
        tell(&scenario, &mut seen, &mut said);
    }
    for (call, told) in by_hand() {
        assert!(!seen.contains(&name(&told.event)), "the vectors have {} too", name(&told.event));
        let release = Release::default();
        check_told(release.rules(), &told, &kind(&call));
        said.add_event(&name(&told.event), &told, (release, &call), None);
        seen.insert(name(&told.event));
    }
    let all: Seen = ALL.iter().map(|name| (*name).to_owned()).collect();
    let missing: Vec<&String> = all.difference(&seen).collect();
    let unknown: Vec<&String> = seen.difference(&all).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing {missing:?}, unknown {unknown:?}");
    said.check("event");
}

// ── step by step ────────────────────────────────────────────

/// Goes through the last calls of a history, as a reader would.
fn go_through(history: History, said: &mut Sentences) {
    let mut machine = Machine::open(history).expect("it opens");
    machine.work_all();
    let mut look = |machine: &Machine| {
        let frame = machine.frame();
        check_frame(&frame);
        said.add_line(&frame);
        frame
    };
    look(&machine);
    let total = machine.total();
    for call in total.saturating_sub(CALLS_SEEN)..total {
        machine.to_call(call);
        look(&machine);
        machine.to_call_start();
        while machine.at().step.is_some() {
            let frame = look(&machine);
            skip(&mut machine, &frame);
        }
    }
}

/// One step on, but over the middle of a long walk.
fn skip(machine: &mut Machine, frame: &Frame) {
    let (Position { done, step: Some(step) }, Some(walk)) = (frame.at, &frame.walk) else {
        return machine.step_forward();
    };
    let late = walk.probes.saturating_sub(PROBES_SEEN);
    match step {
        Step { probe, .. } if (PROBES_SEEN..late).contains(&probe) => {
            machine.go(Position { done, step: Some(Step { probe: late, line: 0 }) });
        }
        _ => machine.step_forward(),
    }
}

#[test]
fn every_step_of_the_prepared_machines_and_of_small_vectors_has_a_sentence() {
    let mut said = Sentences::default();
    for prepared in catalogue::ALL {
        go_through(prepared.history(), &mut said);
    }
    for (at, scenario) in traced().flat_map(scenarios).enumerate() {
        // One in so many: the events of all of them are tried above.
        if scenario.ops.len() > 200 || at % 8 > 0 {
            continue;
        }
        let mut history = History::new(scenario.config.clone());
        let mut parent = None;
        for call in scenario.calls() {
            let act = Act::Call(call.clone());
            parent =
                Some(history.push(parent, error99_replay::history::ALL_CALLS, act).expect("fits"));
        }
        go_through(history, &mut said);
    }
    said.check("line");
}

// ── kinds of events ─────────────────────────────────────────

/// The name of what is told, with what its sentence owes to the rules of later releases.
fn kind_of(rules: &Rules, told: &Told, call: &CallKind) -> String {
    use Event as E;
    let plain = name(&told.event);
    let by_rule = match told.event {
        E::Routed { source_filled: true, .. } if rules.gives_source_back => "lent",
        E::BoundStarted { .. } if rules.order.has_passes() => "at once",
        E::WalkStarted { order, .. } if order.ports() == 1 => "of one port",
        E::WalkStarted { order, .. } if order.passes() > 1 => match order.ring() < order.ports() {
            true => "in passes, odd",
            false => "in passes",
        },
        E::WalkEnded { reason: WalkEnd::NoMemory | WalkEnd::NoMemoryForAddress, .. }
            if rules.says_no_memory =>
        {
            "said"
        }
        E::SearchStarted { half, relaxed, .. } if rules.search == SearchRule::OddFirst => {
            return format!("{plain} in half {half}, relaxed {relaxed}");
        }
        E::SearchOccupied { met, .. } => match met {
            SearchMet::Passed => "",
            SearchMet::AnyConflict => "any in the way",
            SearchMet::Conflict => "in the way",
            SearchMet::Shared { .. } => "unopposed",
            SearchMet::Crowded => "crowded",
        },
        E::PortHasBucket { .. } if rules.options.reuseport => "with flags",
        E::ConflictTested { asked } if rules.options.reuseport => {
            return format!("ConflictTested {asked:?} by options");
        }
        E::PortJoined { fastreuseport, .. } if fastreuseport != Fastreuseport::Automatic => {
            "with flags"
        }
        E::BindRefused(BindRefusal::Privileged) if rules.has(Sysctl::UnprivilegedStart) => {
            "by start"
        }
        E::BindRefused(BindRefusal::Exhausted)
        | E::ListenRefused(ListenRefusal::Port(BindRefusal::Exhausted))
            if rules.search != SearchRule::FewestOwners =>
        {
            "opposed"
        }
        E::FastreuseLowered { to: Fastreuse::Automatic, .. } => "back",
        E::TimewaitRestarted { .. } if *call != CallKind::TwFin => "again",
        E::TimewaitEnded { .. } if told.ended.is_some() => "several",
        E::SysctlWritten { sysctl, outcome: SysctlOutcome::OutOfRange, .. }
            if sysctl != Sysctl::PortRange =>
        {
            "of a number"
        }
        _ => "",
    };
    [plain, by_rule.to_owned()].join(" ").trim_end().to_owned()
}

/// The name of an event with what distinguishes its sentences. Nothing here says `_`, so that a
/// new event asks for a place in [`ALL`].
fn name(event: &Event) -> String {
    use Event as E;
    match event {
        E::NoSuchSocket { .. } => "NoSuchSocket".into(),
        E::Problem(problem) => format!("Problem {problem:?}"),
        E::ConnectRefused(refusal) => format!("ConnectRefused {refusal:?}"),
        E::Routed { source_filled, .. } => format!("Routed {source_filled}"),
        E::StampCleared { .. } => "StampCleared".into(),
        E::StampLent { .. } => "StampLent".into(),
        E::BoundStarted { hash_forced, .. } => format!("BoundStarted {hash_forced}"),
        E::BoundChecked(check) => format!("BoundChecked {}", verdict(check.verdict)),
        E::WalkStarted { hash_forced, .. } => format!("WalkStarted {hash_forced}"),
        E::Probe(probe) => format!("Probe {}", verdict(probe.verdict)),
        E::WalkEnded { reason, .. } => format!("WalkEnded {reason:?}"),
        E::TimewaitInherited { .. } => "TimewaitInherited".into(),
        E::SynSent { .. } => "SynSent".into(),
        E::SynFailed { .. } => "SynFailed".into(),
        E::Established { timestamps } => format!("Established {timestamps}"),
        E::SearchStarted { .. } => "SearchStarted".into(),
        E::SearchOccupied { fastreuse, .. } => format!("SearchOccupied {fastreuse:?}"),
        E::SearchFree { .. } => "SearchFree".into(),
        E::SearchReserved { .. } => "SearchReserved".into(),
        E::SearchExhausted => "SearchExhausted".into(),
        E::ConnectionLearnt => "ConnectionLearnt".into(),
        E::PortTried { smallest_size, .. } => format!("PortTried {}", *smallest_size == -1),
        E::PortHasBucket { fastreuse, .. } => format!("PortHasBucket {fastreuse:?}"),
        E::ConflictTested { asked } => {
            format!("ConflictTested {}", *asked == error99_kernel::OwnersAsked::Conflict)
        }
        E::PortJoined { fastreuse, .. } => format!("PortJoined {fastreuse:?}"),
        E::BindRefused(refusal) => format!("BindRefused {refusal:?}"),
        E::ListenRefused(refusal) => format!("ListenRefused {refusal:?}"),
        E::AlreadyListening => "AlreadyListening".into(),
        E::AcceptRefused => "AcceptRefused".into(),
        E::CloseRefused => "CloseRefused".into(),
        E::SegmentIgnored => "SegmentIgnored".into(),
        E::StateChanged { to, .. } => format!("StateChanged {to:?}"),
        E::PortReleased { .. } => "PortReleased".into(),
        E::PortKept { .. } => "PortKept".into(),
        E::BucketCreated { fastreuse, .. } => format!("BucketCreated {fastreuse:?}"),
        E::BucketDestroyed { .. } => "BucketDestroyed".into(),
        E::FastreuseLowered { from, .. } => format!("FastreuseLowered {from:?}"),
        E::TimewaitMade { substate, stamp, slot, .. } => {
            format!("TimewaitMade {substate:?} {} {}", *stamp != 0, calendar(*slot))
        }
        E::TimewaitRestarted { slot, .. } => format!("TimewaitRestarted {}", calendar(*slot)),
        E::TimewaitOverflow { .. } => "TimewaitOverflow".into(),
        E::TimewaitEnded { cause, .. } => format!("TimewaitEnded {cause:?}"),
        E::FinWait2Waits { .. } => "FinWait2Waits".into(),
        E::FinWait2Checked { goes_on, .. } => format!("FinWait2Checked {goes_on}"),
        E::CalendarTick { ended, slipped, .. } => {
            format!("CalendarTick {} {slipped}", ended.min(&2))
        }
        E::FastTick { ended, .. } => format!("FastTick {}", ended.min(&2)),
        E::PeerRemembered { written, .. } => format!("PeerRemembered {written}"),
        E::SysctlWritten { outcome, .. } => format!("SysctlWritten {outcome:?}"),
        E::WallStepped { from, to } => format!("WallStepped {}", to >= from),
        E::Rekeyed => "Rekeyed".into(),
    }
}

pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Timewait(TimewaitRefusal::TooYoung { .. }) => "Timewait(TooYoung)".into(),
        Verdict::Timewait(TimewaitRefusal::TooEarly { .. }) => "Timewait(TooEarly)".into(),
        verdict => format!("{verdict:?}"),
    }
}

fn calendar(slot: CalendarSlot) -> &'static str {
    match slot {
        CalendarSlot::Slow(_) => "slow",
        CalendarSlot::Fast(_) => "fast",
        CalendarSlot::Wheel(_) => "wheel",
    }
}

/// Everything that can happen, as [`name`] calls it.
#[rustfmt::skip]
const ALL: [&str; 130] = [
    "AcceptRefused", "AlreadyListening", "BindRefused Bound", "BindRefused Conflict",
    "BindRefused EmptyRange", "BindRefused Exhausted", "BindRefused NoMemory",
    "BindRefused NotLocal", "BindRefused Privileged", "BoundChecked LiveSameTuple",
    "BoundChecked Shared", "BoundChecked Timewait(NoStamp)", "BoundChecked TimewaitTaken",
    "BoundStarted false", "BoundStarted true", "BucketCreated Automatic",
    "BucketCreated Exclusive", "BucketCreated Reusable", "BucketDestroyed",
    "CalendarTick 0 false", "CalendarTick 1 false", "CalendarTick 2 false", "CalendarTick 2 true",
    "CloseRefused", "ConflictTested false", "ConflictTested true", "ConnectRefused Broadcast",
    "ConnectRefused Connected", "ConnectRefused Family", "ConnectRefused Listening",
    "ConnectRefused Multicast", "ConnectRefused NoRoute", "ConnectRefused Refused",
    "ConnectRefused ShortAddress", "ConnectRefused UnderWay", "ConnectRefused ZeroNetwork",
    "Established false", "Established true", "FastTick 0", "FastTick 1", "FastTick 2",
    "FastreuseLowered Automatic", "FastreuseLowered Reusable", "FinWait2Checked false",
    "FinWait2Checked true", "FinWait2Waits", "ListenRefused Port(Conflict)",
    "ListenRefused Port(EmptyRange)", "ListenRefused Port(Exhausted)",
    "ListenRefused Port(NoMemory)", "ListenRefused State", "NoSuchSocket", "PeerRemembered false",
    "PeerRemembered true", "PortHasBucket Automatic", "PortHasBucket Exclusive",
    "PortHasBucket Reusable", "PortJoined Automatic", "PortJoined Exclusive",
    "PortJoined Reusable", "PortKept", "PortReleased", "PortTried false", "PortTried true",
    "Probe BindOwned", "Probe LiveSameTuple", "Probe New", "Probe NoMemory", "Probe Shared",
    "Probe Timewait(NoStamp)", "Probe Timewait(ReuseOff)", "Probe Timewait(TooYoung)",
    "Probe TimewaitTaken", "Problem ClockLimit", "Problem EmptyRange", "Problem NameInUse",
    "Problem RangeFromZero", "Problem ReservedName", "Problem SynFailsWithSuccess", "Problem TooManySockets",
    "Problem WallLimit", "Rekeyed", "Routed false", "Routed true", "SearchFree",
    "SearchOccupied Automatic", "SearchOccupied Exclusive", "SearchOccupied Reusable",
    "SearchStarted", "SegmentIgnored", "StampCleared", "StampLent", "StateChanged Close",
    "StateChanged CloseWait", "StateChanged Established", "StateChanged FinWait1",
    "StateChanged FinWait2", "StateChanged LastAck", "StateChanged Listen",
    "StateChanged SynSent", "StateChanged TimeWait", "SynFailed", "SynSent",
    "SysctlWritten HalfTaken", "SysctlWritten LowAboveHigh", "SysctlWritten OutOfRange",
    "SysctlWritten Taken", "TimewaitEnded Reuse", "TimewaitEnded Timer", "TimewaitInherited",
    "TimewaitMade FinWait2 false fast", "TimewaitMade FinWait2 false slow",
    "TimewaitMade FinWait2 true fast", "TimewaitMade FinWait2 true slow",
    "TimewaitMade TimeWait false slow", "TimewaitMade TimeWait true fast",
    "TimewaitMade TimeWait true slow", "TimewaitOverflow", "TimewaitRestarted fast",
    "TimewaitRestarted slow", "WalkEnded EmptyRange", "WalkEnded Exhausted", "WalkEnded Found",
    "WalkEnded NoMemory", "WalkStarted false", "WalkStarted false of one port", "WalkStarted true",
    "WalkStarted true of one port", "WallStepped false", "WallStepped true",
];

/// What no vector meets, made by hand: the model's own limits, two refusals, and a FIN_WAIT2 that
/// `tcp_tw_recycle` makes short.
fn by_hand() -> Vec<(Call, Told)> {
    let problems = [
        Problem::NameInUse,
        Problem::ReservedName,
        Problem::TooManySockets,
        Problem::ClockLimit,
        Problem::WallLimit,
        Problem::EmptyRange,
        Problem::RangeFromZero,
        Problem::SynFailsWithSuccess,
    ];
    let tuple = Tuple { laddr: Addr::LOOPBACK, lport: 40_000, faddr: Addr::LOOPBACK, fport: 80 };
    let others = [
        Event::ConnectRefused(ConnectRefusal::ZeroNetwork),
        Event::BindRefused(BindRefusal::EmptyRange),
        Event::ListenRefused(ListenRefusal::Port(BindRefusal::EmptyRange)),
        Event::TimewaitMade {
            tuple,
            substate: Substate::FinWait2,
            stamp: 1_260_000_000,
            slot: CalendarSlot::Fast(6),
            ends_ms: 768,
            timeout: 700,
        },
    ];
    let call = Call::connect(SocketName(0), Addr::new(0, 0, 0, 1), 80);
    let events = problems.into_iter().map(Event::Problem).chain(others);
    events.map(|event| (call.clone(), Told { event, ended: None })).collect()
}
