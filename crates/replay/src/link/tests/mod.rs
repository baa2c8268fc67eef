//! What is written is read, links of every version stay what they are, and no text does harm.

#[path = "../../../tests/chance/mod.rs"]
pub(crate) mod chance;
mod golden;
mod mangled;

use error99_kernel::{Addr, Call, CloseHow, Config, ConfigError, SocketName, Sysctl, SysctlValue};

use super::bytes::Writer;
use super::*;
use crate::act::{Act, ActError, BindAct};
use crate::catalogue;
use crate::history::{ACTS_MAX, ALL_CALLS, Position};
use crate::load::{Load, LoadError};
use crate::machine::Machine;
use chance::Chance;

const SERVER: Addr = Addr::new(10, 0, 0, 2);
const CLIENT: Client = Client { dst: SERVER, dport: 80 };

/// A machine, and these acts one after the other.
fn state(acts: impl IntoIterator<Item = Act>) -> Saved {
    let mut history = History::new(Config::default());
    for act in acts {
        history.push(history.tip, ALL_CALLS, act).expect("a test keeps the limits");
    }
    history.at.done = u32::MAX;
    Saved { history, client: CLIENT }
}

/// A socket that is opened and connected, as the page's button does it.
fn connects(sockets: std::ops::Range<u32>) -> impl Iterator<Item = Act> {
    let pair = |n| [Call::Socket { s: SocketName(n) }, Call::connect(SocketName(n), SERVER, 80)];
    sockets.flat_map(pair).map(Act::Call)
}

fn closes(sockets: impl Iterator<Item = u32>) -> impl Iterator<Item = Act> {
    sockets.map(|n| Act::Call(Call::close(SocketName(n), CloseHow::Active)))
}

/// A text with these numbers in it and a right checksum.
fn forged(numbers: &[u64]) -> String {
    forged_of(1, numbers)
}

/// The same of a version.
fn forged_of(version: u8, numbers: &[u64]) -> String {
    let mut writer = Writer::default();
    numbers.iter().for_each(|number| writer.number(*number));
    bytes::text(version, writer.bytes)
}

#[test]
fn every_prepared_machine_is_read_as_it_was_written() {
    let mut sizes = Vec::new();
    for prepared in catalogue::ALL {
        let saved = prepared.saved();
        let text = write(&saved);
        assert_eq!(read(&text), Ok(saved), "{}", prepared.key);
        sizes.push(text.len());
    }
    sizes.sort_unstable();
    let (median, p95) = (sizes[sizes.len() / 2], sizes[sizes.len() * 95 / 100]);
    println!("prepared machines: median {median}, 95th percentile {p95}");
    assert!(median <= 64 && p95 <= 160, "median {median}, 95th percentile {p95}");
}

#[test]
fn any_state_is_read_as_it_was_written() {
    let mut chance = Chance::new(99);
    let mut sizes = Vec::new();
    for round in 0..3_000 {
        let saved = chance.state(40);
        let text = write(&saved);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        match read(&text) {
            Ok(again) => assert!(again == saved, "round {round}: {saved:#?}"),
            Err(error) => panic!("round {round}: {error:?}"),
        }
        sizes.push(text.len());
    }
    sizes.sort_unstable();
    println!("random states: median {}, 95th percentile {}", sizes[1_500], sizes[2_850]);
}

#[test]
fn fifty_acts_are_a_short_link() {
    // What a reader does in ten minutes: connects, closes, waits, turns knobs, goes back.
    let sysctl = |sysctl, value| Act::Call(Call::Sysctl { sysctl, value });
    let wait = |ms| Act::Call(Call::Advance { ms });
    let mut saved = state(connects(0..6));
    let mut add = |parent_back: u32, after, act| {
        let len = saved.history.acts.len() as u32;
        saved.history.push(len.checked_sub(parent_back), after, act).expect("it has room");
    };
    let after_that = closes([5, 4, 0, 1].into_iter())
        .chain([wait(1_000), sysctl(Sysctl::TwReuse, SysctlValue::One(1))])
        .chain(connects(6..9))
        .chain([sysctl(Sysctl::PortRange, SysctlValue::Two(32_768, 32_783)), wait(60_000)])
        .chain(connects(9..12))
        .chain(closes(6..12))
        .chain([Act::Load(Load { first_socket: 12, ..Load::burst(SERVER, 80, 10) })])
        .chain(connects(22..25));
    after_that.for_each(|act| add(1, ALL_CALLS, act));
    add(4, 0, wait(1_000));
    connects(25..27).for_each(|act| add(1, ALL_CALLS, act));
    add(9, 5, Act::Call(Call::Rekey { secret: Box::new([0x9e37_79b1; 12]) }));
    connects(27..28).for_each(|act| add(1, ALL_CALLS, act));
    assert!(saved.history.acts.len() >= 50, "{}", saved.history.acts.len());
    saved.history.at = Position { done: 1_234, step: None };
    let text = write(&saved);
    println!("{} acts: {} characters", saved.history.acts.len(), text.len());
    assert_eq!(read(&text), Ok(saved));
    assert!(text.len() <= 240, "{}", text.len());
}

#[test]
fn equal_acts_cost_next_to_nothing() {
    let empty = write(&state([])).len();
    let length = |acts: Vec<Act>| {
        let saved = state(acts);
        let text = write(&saved);
        assert_eq!(read(&text), Ok(saved));
        text.len() - empty
    };
    assert!(length(connects(0..5_000).collect()) <= 12, "open and connect");
    let opened: Vec<Act> = connects(0..1_000).collect();
    let oldest = opened.iter().cloned().chain(closes(0..1_000)).collect();
    assert!(length(oldest) <= 20, "close the oldest one");
    let newest = opened.into_iter().chain(closes((0..1_000).rev())).collect();
    assert!(length(newest) <= 20, "close the newest one");
    let turns = (0..1_000).flat_map(|n| {
        let wait = Act::Call(Call::Advance { ms: 60_000 });
        connects(n..n + 1).chain(closes(n..n + 1)).chain([wait])
    });
    assert!(length(turns.collect()) <= 20, "open, connect, close and wait");
}

#[test]
fn what_a_full_history_holds_can_be_read() {
    let saved = state(connects(0..ACTS_MAX as u32 / 2));
    assert_eq!(read(&write(&saved)), Ok(saved));
}

#[test]
fn a_changed_link_is_refused_or_harmless() {
    let mut chance = Chance::new(2_632);
    let links: Vec<String> = (0..40).map(|_| write(&chance.state(12))).collect();
    for round in 0..20_000 {
        let mut bytes = links[round % links.len()].clone().into_bytes();
        let at = chance.below(bytes.len() as u64) as usize;
        match round % 3 {
            0 => bytes[at] = (bytes[at] ^ 1 << chance.below(7)) & 127,
            1 => bytes.truncate(at),
            _ => bytes[at] = b'A' + chance.below(26) as u8,
        }
        let text = String::from_utf8(bytes).expect("ASCII");
        if text != links[round % links.len()] {
            assert!(read(&text).is_err(), "{text}");
        }
    }
}

#[test]
fn a_forged_link_is_refused_or_holds_a_history() {
    let mut chance = Chance::new(32);
    let mut read_ones = 0;
    for round in 0..30_000 {
        let (version, bytes) = if round % 2 == 0 {
            let byte = |_| chance.number() as u8 & chance.number() as u8;
            (1 + (round / 2 % 2) as u8, (0..round % 60).map(byte).collect())
        } else {
            let text = write(&chance.state(6));
            let version = text.as_bytes()[0] - b'0';
            let mut bytes = bytes::checked(version, &text[1..]).expect("it was just written");
            let at = chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << chance.below(8);
            (version, bytes)
        };
        if let Ok(saved) = read(&bytes::text(version, bytes)) {
            read_ones += 1;
            assert_eq!(saved.history.check(), Ok(()));
            assert_eq!(read(&write(&saved)), Ok(saved));
        }
    }
    assert!(read_ones > 1_000, "{read_ones} of them");
}

#[test]
fn whatever_is_read_can_be_opened_and_run() {
    let mut chance = Chance::new(61_000);
    for _ in 0..150 {
        let saved = chance.state(30);
        let at = saved.history.at;
        let mut machine = Machine::open(saved.history).expect("it was made to be opened");
        machine.look_at(saved.client.dst, saved.client.dport);
        machine.work(20_000);
        machine.stop();
        machine.go(at);
        let _ = (machine.frame(), machine.ports());
    }
}

#[test]
fn what_is_wrong_has_a_name() {
    let text = write(&state(connects(0..2)));
    let cases = [
        ("A".repeat(TEXT_MAX + 1), LinkError::TooLong),
        (text.replacen('1', "3", 1), LinkError::Version(3)),
        (text.replacen('1', "9", 1), LinkError::Version(9)),
        (text.replacen('1', "2", 1), LinkError::Checksum),
        (text.replacen('1', "z", 1), LinkError::NoLink),
        ("2hello".into(), LinkError::NoLink),
        ("3hello".into(), LinkError::NoLink),
        ("hello".into(), LinkError::NoLink),
        (text.replacen('1', "2.", 1), LinkError::NoLink),
        (String::new(), LinkError::NoLink),
        ("é".into(), LinkError::NoLink),
        (text.replacen('1', "1é", 1), LinkError::Torn { at: 1 }),
        ("1".into(), LinkError::Checksum),
        (text[..text.len() - 1].into(), LinkError::Checksum),
        (forged(&[]), LinkError::Torn { at: 0 }),
        (forged(&[1 << 7, 0]), LinkError::Torn { at: 2 }),
        (forged(&[0, 1, 2]), LinkError::Config(ConfigError::BhashSize)),
        // An act of no kind.
        (forged(&[0, 0, 30]), LinkError::Torn { at: 3 }),
        // A repetition of nothing, of more than there is, and of a list of ports.
        (forged(&[0, 0, 31, 5]), LinkError::Torn { at: 4 }),
        (forged(&[0, 0, 21, 31 | 2 << 5, 5]), LinkError::Torn { at: 5 }),
        (forged(&[0, 0, 23 | 4 << 5, 2, 4, 31 | 1 << 5, 5]), LinkError::Torn { at: 4 }),
        // More acts than there may be.
        (forged(&[0, 0, 21, 31 | 1 << 5, u64::MAX]), LinkError::History(HistoryError::TooManyActs)),
        // A load of no connections.
        (
            forged(&[0, 0, 22]),
            LinkError::History(HistoryError::Act(ActError::Load(LoadError::Connections))),
        ),
        (forged(&[0, 0, 23]), LinkError::History(HistoryError::Act(ActError::BindEach))),
        // What version 1 has no words for: a call, a sysctl of an act, one of the machine.
        (forged(&[0, 0, 24]), LinkError::Torn { at: 3 }),
        (forged(&[0, 0, 4 | 1 << 5, 24]), LinkError::Torn { at: 4 }),
        (forged(&[0, 1 << 2, 2, 12, 0, 0]), LinkError::Torn { at: 6 }),
        // A release that nobody knows, one that has no such tick, and texts that aren't there.
        (forged_of(2, &[0, 0, 1, 2]), LinkError::Torn { at: 4 }),
        (forged_of(2, &[0, 0, 2, 2]), LinkError::Config(ConfigError::Hz)),
        (forged_of(2, &[0, 0, 1 << 6, 2]), LinkError::Torn { at: 4 }),
        (forged_of(2, &[0, 0, 1 << 6, 2, 0, 12, 0]), LinkError::Torn { at: 7 }),
        (forged_of(2, &[0, 0, 1 << 6, 2, 0, 0, u64::MAX]), LinkError::Torn { at: 16 }),
        // A text that isn't one, one that is repeated, one that is longer than the link.
        (forged_of(2, &[0, 0, 0, 28 | 2 << 5, 2, 0xff]), LinkError::Torn { at: 5 }),
        (forged_of(2, &[0, 0, 0, 28 | 2 << 5, 2, 0x31, 31 | 1 << 5, 5]), LinkError::Torn { at: 4 }),
        (forged_of(2, &[0, 0, 0, 28 | 2 << 5, u64::from(u32::MAX) * 2]), LinkError::Torn { at: 9 }),
    ];
    for (text, error) in cases {
        assert_eq!(read(&text), Err(error), "{:.60}", text);
    }
}

#[test]
fn the_longest_text_asks_for_little() {
    // As many ports as fit, and as many addresses.
    let ports: Vec<[u16; 2]> = (0..20_000).map(|_| [1, 1]).collect();
    let text = write(&state([Act::Bind(BindAct { addr: Addr::ANY, ports, first_socket: 0 })]));
    assert!(text.len() < TEXT_MAX && read(&text).is_ok());
    for numbers in [&[0, 1 << 5, u64::MAX - 1][..], &[0, 0, 1 << 6, u64::MAX - 1]] {
        for version in [1, 2] {
            let huge = forged_of(version, numbers);
            assert!(matches!(read(&huge), Err(LinkError::Torn { .. })), "{version}: {numbers:?}");
        }
    }
}

/// A history of so many acts that no repetition makes short: a wait of another length each time,
/// and now and then a row of connects.
fn long(acts: usize) -> History {
    let wait = |n: usize| Act::Call(Call::Advance { ms: (n * n % 251) as u64 });
    let row = |n: usize| if n.is_multiple_of(5) { 4 * n..4 * n + 40 } else { 0..0 };
    let some = (0..acts).flat_map(|n| {
        let row = row(n);
        connects(row.start as u32..row.end as u32).chain([wait(n)])
    });
    state(some.take(acts)).history
}

#[test]
fn a_link_that_goes_on_from_the_last_one_is_the_link_of_all() {
    let whole = long(1500);
    let mut history = History { acts: Vec::new(), tip: None, ..whole.clone() };
    let mut links = LinkWriter::default();
    for (done, node) in whole.acts.into_iter().enumerate() {
        history.push(node.parent, node.after, node.act).expect("a test keeps the limits");
        history.at.done = done as u32;
        let saved = Saved { history: history.clone(), client: CLIENT };
        assert_eq!(links.write(&history, CLIENT), write(&saved), "act {done}");
    }
    let other = Client { dport: 81, ..CLIENT };
    let saved = Saved { history, client: other };
    assert_eq!(links.write(&saved.history, other), write(&saved), "another client");
}

#[test]
fn a_step_writes_no_act_and_an_act_only_itself() {
    let mut history = long(10_000);
    let mut links = LinkWriter::default();
    let before = links.write(&history, CLIENT);
    // Nobody looks at what was written: a change there isn't seen.
    let was = std::mem::replace(&mut history.acts[3].act, Act::Call(Call::Advance { ms: 7 }));
    assert_eq!(links.write(&history, CLIENT), before);
    history.push(history.tip, ALL_CALLS, was.clone()).expect("one act more");
    let after = links.write(&history, CLIENT);
    links.forget();
    assert_ne!(links.write(&history, CLIENT), after);
    history.acts[3].act = was;
    assert_eq!(write(&Saved { history, client: CLIENT }), after);
}
