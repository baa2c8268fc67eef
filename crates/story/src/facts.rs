//! The figures of the story's text. The text names them, the model computes them; nobody types
//! them.

use error99_kernel::{Call, Config, Kernel, Release};
use error99_replay::catalogue;
use error99_replay::fix::{Change, Outcome};
use error99_replay::frame::{Frame, Ret};
use error99_replay::history::Position;
use error99_replay::hold::Hold;
use error99_replay::{Act, Machine};

use crate::machine::{Script, Server, run};
use crate::other_kernels::KINDS;
use crate::ports_over_time::{Controls, Search};
use crate::walks::WalkWay;

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A count, a port, a rate.
    Number(u64),
    /// Parts of a unit, ten to the second number of which make one: 525 and 1 is 52.5.
    Decimal(u64, u32),
}

type Facts = Vec<(&'static str, Fact)>;

/// Every figure, by its name in the text. It takes a second or two: rates are simulated.
///
/// # Panics
/// If a prepared machine isn't what the text says it is; a test computes all figures.
pub fn all() -> Vec<(&'static str, Fact)> {
    [range(), busy(), walk(), shared(), calendar(), rates(), later(), lengths_since()].concat()
}

fn number(name: &'static str, value: impl Into<u64>) -> (&'static str, Fact) {
    (name, Fact::Number(value.into()))
}

fn prepared(key: &str) -> Machine {
    run(&catalogue::find(key).expect("the machine is in the catalogue").history())
}

/// The range of a machine to which nothing was done.
fn default_range() -> (u16, u16) {
    let kernel = Kernel::new(&Config::default()).expect("the default machine boots");
    kernel.port_range()
}

fn ports((low, high): (u16, u16)) -> u32 {
    error99_kernel::range_size(low, high)
}

fn range() -> Facts {
    let (low, high) = default_range();
    vec![
        number("range.low", low),
        number("range.high", high),
        number("range.ports", ports((low, high))),
    ]
}

/// The opening machine: its failing call, and what two changes do for it.
fn busy() -> Facts {
    let mut machine = prepared(catalogue::opening().key);
    machine.to_call_end();
    let frame = machine.frame();
    let walk = frame.walk.as_ref().expect("it walked");
    let tally = walk.tally;
    let before = |frame: &Frame| {
        frame
            .marks
            .iter()
            .rev()
            .find(|mark| mark.connect && mark.ret == Ret::Ok)
            .map(|mark| mark.probes)
    };
    let mut facts = vec![
        number("busy.rate", machine.load_rate().expect("it is under load")),
        number("busy.seconds", frame.machine.now_ms / 1000),
        number("busy.start", walk.start),
        number("busy.timewait", tally.reuse_off),
        number("busy.live", tally.live),
        number("busy.bind", tally.bind),
        number("busy.refused", tally.refused()),
        number("busy.last-probe", before(&frame).expect("a connect succeeded before")),
    ];
    for fix in machine.fixes() {
        match (fix.change, fix.outcome) {
            (Change::TwReuse, Outcome::Port { port, probe }) => {
                facts.extend([number("reuse.port", port), number("reuse.probe", probe)]);
            }
            (Change::Widen { low, high }, _) => {
                facts.extend([
                    number("wide.low", low),
                    number("wide.high", high),
                    number("wide.ports", ports((low, high))),
                ]);
                let held = machine.trial(fix.change).and_then(|mut trial| trial.work(u64::MAX));
                if let Some(Hold::Fails { after_ms }) = held {
                    facts.push(number("wide.fails-after", after_ms / 1000));
                }
            }
            _ => {}
        }
    }
    facts
}

/// Three connects on a fresh machine of sixteen ports.
fn walk() -> Facts {
    let mut history = catalogue::find("sixteen-ports").expect("it is in the catalogue").history();
    history.at = Position::default();
    let mut script = Script::of(history);
    let ports = [Server::FIRST, Server::OTHER_HOST, Server::FIRST].map(|server| {
        script.connect(server);
        script.run().frame().call.expect("the connect").port
    });
    let before = script.run();
    let next = if ports[0] == before.ports().high() { before.ports().low } else { ports[0] + 1 };
    vec![
        number("walk.first", ports[0]),
        number("walk.next", next),
        number("walk.after-next", ports[2]),
    ]
}

/// One full range, two servers.
fn shared() -> Facts {
    let frame = prepared("second-destination").frame();
    let walk = frame.walk.as_ref().expect("it walked");
    vec![
        number("shared.ports", walk.ports()),
        number("shared.port", frame.call.as_ref().expect("the connect").port),
    ]
}

/// How long a TIME_WAIT lasts: shortest and longest, in a calendar that turns as it should, and
/// in one that slips.
fn calendar() -> Facts {
    // One TIME_WAIT starts the hand; another begins just before its first move.
    let mut script = Script::on(Config::default());
    script.timewait(Server::FIRST);
    script.act(Act::Call(Call::Advance { ms: 7_499 }));
    script.timewait(Server::FIRST);
    let (least, most) = lengths(&script.run(), 0);
    let mut script = Script::on(Config::default());
    let client = Controls { rate: 50, ..Controls::default() };
    script.act(Act::Load(client.load()));
    let (slipped_least, slipped_most) = lengths(&script.run(), 200_000);
    let tenths = |name, ms: u64| (name, Fact::Decimal(ms / 100, 1));
    vec![
        tenths("calendar.shortest", least),
        tenths("calendar.longest", most),
        tenths("calendar.slipped-shortest", slipped_least),
        tenths("calendar.slipped-longest", slipped_most),
    ]
}

/// Shortest and longest of the TIME_WAITs that began at `since_ms` or later.
fn lengths(machine: &Machine, since_ms: u64) -> (u64, u64) {
    let lengths = machine.kernel().timewaits().filter(|tw| tw.began_ms >= since_ms);
    lengths
        .map(|tw| tw.ends_ms - tw.began_ms)
        .fold((u64::MAX, 0), |(least, most), length| (least.min(length), most.max(length)))
}

fn rates() -> Facts {
    let controls = Controls { range: default_range(), ..Controls::default() };
    let mut search = Search::new(&controls);
    let sustained = loop {
        if let Some(sustained) = search.work(u64::MAX) {
            break sustained;
        }
    };
    vec![number("rate.formula", controls.formula()), number("rate.simulated", sustained.rate)]
}

/// Later kernels: their default range, what filling it costs, and how many TIME_WAITs a host with
/// 4 GB of memory keeps.
fn later() -> Facts {
    let kernel = Kernel::new(&Config::of(Release::V6_18)).expect("whoever writes knows it");
    let (low, high) = kernel.port_range();
    let newest = WalkWay::of(Release::V6_18);
    let small = prepared("four-gigabytes");
    vec![
        number("later.low", low),
        number("later.high", high),
        number("later.ports", ports((low, high))),
        number("cost.second-half", newest.half(true).0),
        number("cost.failing", newest.failing),
        number("memory.timewaits", small.kernel().tw_count()),
        number("memory.free", small.ports().counts().free),
    ]
}

/// How TIME_WAITs end on 3.10 under load, and since 4.8 at both usual ticks; and what the range
/// carries then.
fn lengths_since() -> Facts {
    let [slips, _, wheel, fast] = KINDS;
    let hundredths = |ms: u64| Fact::Decimal((ms + 5) / 10, 2);
    let tenths = |ms: u64| Fact::Decimal((ms + 50) / 100, 1);
    let (slips, at_250, at_1000) = (slips.ends(), wheel.ends(), fast.ends());
    vec![
        ("slip.shortest", tenths(slips.shortest_ms)),
        ("slip.longest", tenths(slips.longest_ms)),
        ("wheel.longest", hundredths(at_250.longest_ms)),
        ("wheel.longest-1000", hundredths(at_1000.longest_ms)),
        ("wheel.every", Fact::Decimal(at_250.every_ms, 3)),
        ("wheel.every-1000", Fact::Decimal(at_1000.every_ms, 3)),
        number("rate.wheel", wheel.carries),
        number("rate.wheel-1000", fast.carries),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the text was written for. Whoever changes the model reads the text again.
    #[test]
    fn the_figures_are_those_that_the_text_was_written_for() {
        let number = |name, value: u64| (name, Fact::Number(value));
        let expected = [
            number("range.low", 32_768),
            number("range.high", 61_000),
            number("range.ports", 28_233),
            number("busy.rate", 497),
            number("busy.seconds", 56),
            number("busy.start", 34_276),
            number("busy.timewait", 26_832),
            number("busy.live", 1_306),
            number("busy.bind", 95),
            number("busy.refused", 28_233),
            number("busy.last-probe", 1),
            number("reuse.port", 34_277),
            number("reuse.probe", 2),
            number("wide.low", 15_000),
            number("wide.high", 61_000),
            number("wide.ports", 46_001),
            number("wide.fails-after", 71),
            number("walk.first", 32_780),
            number("walk.next", 32_781),
            number("walk.after-next", 32_782),
            number("shared.ports", 32),
            number("shared.port", 32_770),
            ("calendar.shortest", Fact::Decimal(525, 1)),
            ("calendar.longest", Fact::Decimal(600, 1)),
            ("calendar.slipped-shortest", Fact::Decimal(975, 1)),
            ("calendar.slipped-longest", Fact::Decimal(1125, 1)),
            number("rate.formula", 470),
            number("rate.simulated", 250),
            number("later.low", 32_768),
            number("later.high", 60_999),
            number("later.ports", 28_232),
            number("cost.second-half", 14_117),
            number("cost.failing", 28_232),
            number("memory.timewaits", 16_384),
            number("memory.free", 11_848),
            ("slip.shortest", Fact::Decimal(978, 1)),
            ("slip.longest", Fact::Decimal(1_128, 1)),
            ("wheel.longest", Fact::Decimal(6_205, 2)),
            ("wheel.longest-1000", Fact::Decimal(6_410, 2)),
            ("wheel.every", Fact::Decimal(2_048, 3)),
            ("wheel.every-1000", Fact::Decimal(4_096, 3)),
            number("rate.wheel", 455),
            number("rate.wheel-1000", 440),
        ];
        assert_eq!(all(), expected);
    }

    #[test]
    fn the_opening_machine_is_what_the_text_says_of_it_in_words() {
        let machine = prepared(catalogue::opening().key);
        let kernel = machine.kernel();
        let first_end = kernel.timewaits().map(|tw| tw.ends_ms).min();
        assert!(first_end > Some(kernel.now_ms()), "none has ended yet");
        let held = machine.trial(Change::TwReuse).and_then(|mut trial| trial.work(u64::MAX));
        assert_eq!(held, Some(Hold::Holds));
    }

    #[test]
    fn the_hand_waits_a_turn_from_the_hundred_and_first_entry_on() {
        // All in one slot, with one TIME_WAIT before them that starts the hand.
        let length = |entries: u32| {
            let mut script = Script::on(Config::default());
            for _ in 0..entries {
                script.timewait(Server::FIRST);
            }
            script.act(Act::Call(Call::Advance { ms: 52_600 }));
            script.timewait(Server::FIRST);
            // The slot is emptied at 60 s; only then does the hand move, or not.
            script.act(Act::Call(Call::Advance { ms: 7_500 }));
            let last = script.run().kernel().timewaits().map(|tw| tw.ends_ms - tw.began_ms).max();
            last.unwrap_or_default()
        };
        assert_eq!(length(101) - length(100), 7_500);
    }

    #[test]
    fn with_tw_recycle_a_timewait_is_gone_within_a_second() {
        let recycle = (error99_kernel::Sysctl::TwRecycle, error99_kernel::SysctlValue::One(1));
        let mut script = Script::on(Config { sysctl: vec![recycle], ..Config::default() });
        script.timewait(Server::FIRST);
        let (_, longest) = lengths(&script.run(), 0);
        assert!(longest < 1_000, "{longest} ms");
    }
}
