//! The machine run natively: the same acts as on the page, and what the page must then show,
//! computed from the model alone.

use error99_kernel::rules::StartRule;
use error99_kernel::{Addr, CloseHow, Release, Sysctl, SysctlValue};
use error99_replay::fix::Fix;
use error99_replay::frame::{Found, Frame, PortCell, ProgramLine, Ret, Seen, TapeItem};
use error99_replay::hand::{Deed, Look};
use error99_replay::history::{History, Position};
use error99_replay::link::Saved;
use error99_replay::listing::{Routine, Spot};
use error99_replay::scenario::Client;
use error99_replay::{Machine, catalogue};

use super::page::Shown;
use super::words::Words;

/// A walk over more ports is folded on the tape.
const UNFOLDED_MAX: u32 = 64;
/// Sizes of the bind hash that the page offers.
const BHASH_SIZES: [u32; 3] = [16, 4_096, 65_536];
/// A longer chain is folded.
const CHAIN_MAX: usize = 7;

/// Something that a reader does in the lab.
#[derive(Clone, Debug, PartialEq)]
pub enum Do {
    Connect,
    Connect10,
    UntilError,
    Close,
    CloseAll,
    /// Who closes first from now on.
    Closer(CloseHow),
    OneSecond,
    OneMinute,
    TwReuse,
    Timestamps,
    /// Both fields of the range, the lowest port first.
    Range(u16, u16),
    Destination(Addr),
    DestinationPort(u16),
    BhashSize(u32),
    /// Another kernel.
    Kernel(Release),
    Forward,
    Back,
    Start,
    End,
    Jump(u32),
    /// "Try it" of that row of the Fix lab.
    Try(usize),
    /// To the call with that mark, counted from the oldest one that the page shows.
    Mark(usize),
}

/// A machine and its client.
pub struct Model {
    pub machine: Machine,
    dst: Addr,
    dport: u16,
    how: CloseHow,
}

impl Model {
    /// The client that new connects come from.
    pub fn client(&self) -> Client {
        Client { dst: self.dst, dport: self.dport }
    }

    /// The prepared machine of that name, at the moment that it opens at.
    pub fn open(key: &str) -> Model {
        let prepared = catalogue::find(key).unwrap_or_else(|| panic!("no scenario {key}"));
        let (client, history) = (prepared.client(), prepared.history());
        let mut model = Model {
            machine: standing(history, client),
            dst: client.dst,
            dport: client.dport,
            how: CloseHow::Active,
        };
        model.machine.look_at(model.dst, model.dport);
        model
    }

    pub fn frame(&self) -> Frame {
        self.machine.frame()
    }

    pub fn fixes(&self) -> Vec<Fix> {
        self.machine.fixes()
    }

    /// Does what the page does for the same act.
    pub fn apply(&mut self, act: &Do) {
        match *act {
            Do::Connect => self.deed(Deed::Connect(1)),
            Do::Connect10 => self.deed(Deed::Connect(10)),
            Do::UntilError => self.deed(Deed::UntilError),
            Do::Close => self.deed(Deed::CloseNewest(self.how)),
            Do::CloseAll => self.deed(Deed::CloseAll(self.how)),
            Do::Closer(how) => self.how = how,
            Do::OneSecond => self.deed(Deed::Advance(1_000)),
            Do::OneMinute => self.deed(Deed::Advance(60_000)),
            Do::TwReuse => {
                let on = self.frame().machine.sysctls.on(Sysctl::TwReuse);
                self.sysctl(Sysctl::TwReuse, SysctlValue::One((!on).into()));
            }
            Do::Timestamps => {
                let on = self.frame().machine.sysctls.on(Sysctl::Timestamps);
                self.sysctl(Sysctl::Timestamps, SysctlValue::One((!on).into()));
            }
            Do::Range(low, high) => {
                // Each field is taken when it's left, with what the other one holds then.
                let [_, old_high] = self.frame().machine.range;
                for (first, second) in [(low, old_high), (low, high)] {
                    if first <= second && [first, second] != self.frame().machine.range {
                        let value = SysctlValue::Two(first.into(), second.into());
                        self.sysctl(Sysctl::PortRange, value);
                    }
                }
            }
            Do::Destination(dst) => self.dst = dst,
            Do::DestinationPort(dport) => self.dport = dport,
            Do::BhashSize(size) => {
                if size != self.frame().machine.bhash_size {
                    self.deed(Deed::BhashSize(size));
                }
            }
            Do::Kernel(release) => self.deed(Deed::Release(release)),
            Do::Forward => self.machine.look(Look::Forward),
            Do::Back => self.machine.look(Look::Back),
            Do::Start => self.machine.look(Look::CallStart),
            Do::End => self.machine.look(Look::CallEnd),
            Do::Jump(i) => self.machine.look(Look::Probe(i)),
            Do::Try(row) => self.deed(Deed::Try(self.fixes()[row].change)),
            Do::Mark(at) => {
                let call = window(&self.frame())[at].call;
                self.machine.look(Look::Call(call));
            }
        }
        self.machine.look_at(self.dst, self.dport);
    }

    pub fn sysctl(&mut self, sysctl: Sysctl, value: SysctlValue) {
        self.deed(Deed::Sysctl(sysctl, value));
    }

    /// Does it, runs it and looks at its end.
    fn deed(&mut self, deed: Deed) {
        let booted = self.machine.do_deed(deed, self.client());
        if let Some(history) = booted.expect("the acts of a test keep the limits") {
            self.machine = standing(*history, self.client());
            return;
        }
        self.machine.work_all();
        self.machine.go(Position { done: u32::MAX, step: None });
    }

    // ── what the page must show ─────────────────────────────────

    /// The moment shown, as the page has to show it.
    pub fn shown(&self, words: &Words) -> Shown {
        let frame = self.frame();
        let mut shown = Shown::default();
        let mut put = |key: &str, value: String| shown.put(key, value);
        let machine = &frame.machine;
        put("range", format!("{} {}", machine.range[0], machine.range[1]));
        put("tcp_tw_reuse", machine.sysctls.on(Sysctl::TwReuse).to_string());
        put("tcp_timestamps", machine.sysctls.on(Sysctl::Timestamps).to_string());
        put("client", format!("{} {}", self.dst, self.dport));
        let offered = BHASH_SIZES.contains(&machine.bhash_size);
        put("bhash size", if offered { machine.bhash_size.to_string() } else { String::new() });
        put("clock", clock(machine.now_ms).to_string());
        put("open", frame.open_by_hand.to_string());
        put("numbers of the step", place(&frame));
        put("sentence", sentence(&frame));
        put("states of the ports", self.states());
        put("terminal", terminal(&frame.program, words));
        put("line", line(&frame).to_string());
        if frame.code.lit.is_none_or(|spot| spot.routine() == Routine::Walk) {
            put("registers", registers(&frame));
        }
        put("position", position(&frame));
        let failed = frame.failed_99();
        put("verdict", if failed { verdict(&frame, words) } else { "–".into() });
        put("bucket", if failed { "–".into() } else { bucket(&frame) });
        put("chain", if failed { "–".into() } else { chain(&frame) });
        put("check", if failed { "–".into() } else { check(&frame) });
        put("tape", self.tape(&frame));
        put("ports of the calls", marks(&frame));
        shown
    }

    fn states(&self) -> String {
        let counts = self.machine.ports().counts();
        let shared = if counts.shared > 0 { format!(" {}", counts.shared) } else { String::new() };
        format!("{} {}{shared} {} {}", counts.timewait, counts.live, counts.bind, counts.free)
    }

    /// Ports of the tape in order, with the wrap-around and what is folded away.
    fn tape(&self, frame: &Frame) -> String {
        let Some(walk) = &frame.walk else {
            let ports = self.machine.ports();
            return match ports.cells.len() as u32 {
                0..=UNFOLDED_MAX => {
                    let cells = ports.cells.iter().enumerate();
                    let cells = cells.map(|(at, cell)| {
                        format!("{} {}", usize::from(ports.low) + at, sign(*cell))
                    });
                    cells.collect::<Vec<_>>().join(", ")
                }
                _ => String::new(),
            };
        };
        let items = walk.tape.iter().map(|item| match item {
            TapeItem::Cell { port, cell, seen, .. } => {
                let now = match seen {
                    Seen::Refused => " refused",
                    Seen::NowRefused => " refused now",
                    Seen::Now | Seen::Taken => " now",
                    Seen::Ahead => "",
                };
                format!("{port} {}{now}", sign(*cell))
            }
            TapeItem::Fold { count, .. } => format!("{count} folded"),
            TapeItem::Wrap | TapeItem::NextPass => "seam".into(),
        });
        items.collect::<Vec<_>>().join(", ")
    }
}

fn standing(history: History, client: Client) -> Machine {
    Machine::standing(&Saved { history, client }).expect("a prepared machine can be booted")
}

/// Seconds from one second on, otherwise milliseconds.
fn clock(ms: u64) -> u64 {
    if ms < 1_000 { ms } else { ms / 1_000 }
}

/// The numbers in a text.
fn numbers_of(text: &str) -> String {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    numbers.collect::<Vec<_>>().join(" ")
}

/// The numbers above the sentence: call, probe, how many, step of the probe, how many.
fn place(frame: &Frame) -> String {
    let Some(call) = &frame.call else { return numbers_of(frame.machine.release.title()) };
    let mut numbers: Vec<u32> = Vec::new();
    numbers.extend(frame.failed_99().then_some(99));
    numbers.extend(call.number);
    if let Some(place) = frame.event.and_then(|event| event.place) {
        numbers.extend([place.step, place.steps]);
    } else if let Some(walk) = &frame.walk {
        match (&walk.probe, call.ret) {
            (Some(probe), None) => numbers.extend([
                probe.i,
                walk.probes,
                u32::from(probe.line) + 1,
                u32::from(probe.lines),
            ]),
            _ => numbers.push(walk.probes),
        }
    }
    joined(numbers)
}

/// Number of the line that is lit, 0 for none.
fn line(frame: &Frame) -> u32 {
    let lines = frame.code_lines();
    lines.iter().position(|line| frame.is_lit(line.spot)).map_or(0, |at| at as u32 + 1)
}

/// Numbers that the sentence must name. (A unit test looks at the sentences of events.)
fn sentence(frame: &Frame) -> String {
    if frame.event.is_some() {
        return String::new();
    }
    let Some(walk) = &frame.walk else { return String::new() };
    let call = frame.call.as_ref().expect("a walk belongs to a call");
    let numbers: Vec<u32> = match (&walk.probe, call.ret) {
        (Some(probe), None) => vec![probe.port.into()],
        (None, None) if frame.is_lit(Spot::Offset) => {
            let table = frame.machine.release.rules().start == StartRule::TableOfHints;
            let last = (!table).then_some(walk.hash);
            [Some(walk.start.into()), Some(walk.hint), last].into_iter().flatten().collect()
        }
        (None, None) => vec![walk.ports(), walk.low.into(), walk.high.into()],
        (_, Some(Ret::Ok)) => vec![call.port.into(), walk.probes],
        (_, Some(_)) if walk.ports() == 1 => vec![walk.low.into()],
        (_, Some(_)) => vec![walk.probes],
    };
    joined(numbers)
}

fn joined<T: ToString>(numbers: impl IntoIterator<Item = T>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

fn terminal(program: &[ProgramLine], words: &Words) -> String {
    let lines = program.iter().map(|line| match line.ret {
        None => format!("{} {}", line.call, words.waiting),
        Some(ret) => format!("{} {}", line.call, ret.printed(line.zero)),
    });
    let lines = lines.collect::<Vec<_>>().join(" ");
    lines.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// i, hint, port, offset, bucket, fastreuse, as far as the line that is lit knows them.
fn registers(frame: &Frame) -> String {
    let Some(walk) = &frame.walk else { return String::new() };
    let none = || "–".to_owned();
    let probe = walk.probe.as_ref();
    let known = |spot: Spot| probe.filter(|_| frame.reached(spot));
    let hint = walk.hint_after.unwrap_or(walk.hint);
    [
        probe.map_or_else(none, |probe| walk.order.distance(probe.i).to_string()),
        hint.to_string(),
        probe.map_or_else(none, |probe| probe.port.to_string()),
        walk.offset.to_string(),
        known(Spot::Head).map_or_else(none, |probe| probe.bucket.to_string()),
        known(Spot::Search).and_then(|probe| probe.fastreuse).map_or_else(none, |value| {
            if value < 0 { format!("−{}", -value) } else { value.to_string() }
        }),
    ]
    .join(" ")
}

/// Value and end of the slider through this call.
fn position(frame: &Frame) -> String {
    let Some(walk) = &frame.walk else { return String::new() };
    let i = walk.probe.as_ref().map_or(1, |probe| probe.i);
    format!("{i} of {}", walk.probes.max(1))
}

fn verdict(frame: &Frame, words: &Words) -> String {
    let Some(walk) = &frame.walk else { return String::new() };
    let tally = walk.tally;
    let counts = [
        tally.reuse_off,
        tally.loopback_only,
        tally.no_stamp,
        tally.too_young,
        tally.too_early,
        tally.half_closed,
        tally.live,
        tally.bind,
        tally.reserved,
    ];
    let reasons = counts.into_iter().zip(words.reasons).filter(|(count, _)| *count > 0);
    reasons.map(|(count, reason)| format!("{count} {reason}")).collect::<Vec<_>>().join(", ")
}

fn bucket(frame: &Frame) -> String {
    let Some(bucket) = &frame.bucket else { return String::new() };
    format!("{} {} {}", bucket.port, frame.machine.bhash_size - 1, bucket.index)
}

fn chain(frame: &Frame) -> String {
    match &frame.bucket {
        Some(bucket) if bucket.chain.len() <= CHAIN_MAX => {
            joined(bucket.chain.iter().map(|node| node.port))
        }
        _ => String::new(),
    }
}

/// The 4-tuple wanted, and the same one again if somebody was found to have it.
fn check(frame: &Frame) -> String {
    let Some(check) = &frame.check else { return String::new() };
    let found = matches!(check.found, Found::Timewait { .. } | Found::Live { .. });
    let wanted = check.wanted;
    let tuple = format!("{} {} {} {}", wanted.laddr, wanted.lport, wanted.faddr, wanted.fport);
    if found { format!("{tuple} {tuple}") } else { tuple }
}

/// The marks that the page has room for.
pub fn window(frame: &Frame) -> &[error99_replay::frame::Mark] {
    const ROOM: usize = 16;
    let here = frame.at.done + u32::from(frame.at.step.is_some());
    let at = frame.marks.partition_point(|mark| mark.call < here);
    let end = frame.marks.len().min((at + ROOM / 4).max(ROOM));
    &frame.marks[end.saturating_sub(ROOM)..end]
}

/// Number, result and probes of each call of the timeline.
fn marks(frame: &Frame) -> String {
    let marks = window(frame).iter().map(|mark| {
        let result = match mark.ret {
            Ret::Ok => u32::from(mark.port),
            Ret::Errno(errno) => errno.code() as u32,
            Ret::Limit(problem) => panic!("no act of these tests meets {problem}"),
        };
        let number = if mark.number > 0 { format!("{} ", mark.number) } else { String::new() };
        format!("{number}{result} {}", mark.probes)
    });
    marks.collect::<Vec<_>>().join(", ")
}

/// A port's state, by the shape that the page gives it.
fn sign(cell: PortCell) -> &'static str {
    match cell {
        PortCell::Free => "free",
        PortCell::Bind => "bind",
        PortCell::Live => "live",
        PortCell::Shared => "other",
        PortCell::Timewait(_) => "tw",
    }
}
