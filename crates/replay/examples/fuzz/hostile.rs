//! Links that ask for as much as they can: found by climbing, not by chance alone. What costs the
//! page most is changed a little, again and again, and kept when it costs more.

use std::time::Duration;

use error99_kernel::{Addr, Call, CloseHow, Config, Release, SocketName, Sysctl, SysctlValue};
use error99_replay::act::{Act, BindAct};
use error99_replay::history::{ALL_CALLS, History, Node, Position};
use error99_replay::link::{self, Saved, TEXT_MAX};
use error99_replay::load::{Load, LoadClose};
use error99_replay::{Machine, catalogue};

use crate::chance::Chance;
use crate::measure::{Cost, measured};

/// Most bytes that a machine and all that a page asks of it may hold: the page's share of 256 MB.
pub const BYTES_MAX: usize = 208 << 20;
/// Longest that a slice of a run may hold the page up, natively; the page looks at the clock
/// after each.
pub const SLICE_MAX: Duration = Duration::from_millis(250);
/// Units of work of a slice, as the page has them.
const SLICE: u64 = 100_000;
/// Links that are kept for each aim, and bred from.
const KEPT: usize = 70;
/// Most acts of a link that is made here, before it is repeated.
const ACTS: usize = 60;

/// What a link is bred for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Bytes held.
    Memory,
    /// The longest slice of its run.
    Slice,
    /// The longest look at it: frame, ports, fixes, lists.
    Look,
}

pub const AIMS: [Aim; 3] = [Aim::Memory, Aim::Slice, Aim::Look];

/// What a link cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Price {
    /// Most bytes at once.
    pub bytes: usize,
    /// The longest slice.
    pub slice: Duration,
    /// All that is asked once the run was stopped.
    pub look: Duration,
}

impl Price {
    fn of(&self, aim: Aim) -> u128 {
        match aim {
            Aim::Memory => self.bytes as u128,
            Aim::Slice => self.slice.as_nanos(),
            Aim::Look => self.look.as_nanos(),
        }
    }
}

/// A link and its price.
#[derive(Clone, Debug)]
pub struct Hostile {
    pub link: String,
    pub price: Price,
}

/// Breeds so many links for each aim, each run for `units` of work at most; the worst first.
pub fn breed(aim: Aim, links: u32, units: u64, seed: u64) -> Vec<Hostile> {
    let mut chance = Chance::new(seed);
    let mut kept: Vec<(Saved, Hostile)> = Vec::new();
    for _ in 0..links {
        let saved = offspring(&mut chance, &kept);
        let link = link::write(&saved);
        if link.len() > TEXT_MAX {
            continue;
        }
        let price = price(&link, units);
        kept.push((saved, Hostile { link, price }));
        kept.sort_by_key(|(_, hostile)| std::cmp::Reverse(hostile.price.of(aim)));
        kept.truncate(KEPT);
    }
    kept.into_iter().map(|(_, hostile)| hostile).collect()
}

/// What the page does with a link: it reads it, runs it in slices until it has enough, stops it,
/// shows where it stands, and answers all that can be asked there.
pub fn price(link: &str, units: u64) -> Price {
    let mut price = Price::default();
    let (_, Cost { bytes, .. }) = measured(|| {
        let Ok(saved) = link::read(link) else { return };
        let at = saved.history.at;
        let start = saved.clone();
        let Ok(mut machine) = Machine::open(saved.history) else { return };
        machine.look_at(saved.client.dst, saved.client.dport);
        let mut spent = 0;
        loop {
            let began = std::time::Instant::now();
            let progress = machine.work(SLICE);
            price.slice = price.slice.max(began.elapsed());
            spent += SLICE;
            if progress.finished || spent >= units {
                break;
            }
        }
        machine.stop();
        let looks: [fn(&mut Machine, Position); 5] = [
            |machine, at| machine.go(at),
            |machine, _| machine.go(Position { done: u32::MAX, step: None }),
            |machine, _| machine.step_back(),
            |machine, _| machine.step_back(),
            |machine, _| machine.to_error(false),
        ];
        for look in looks {
            let began = std::time::Instant::now();
            look(&mut machine, at);
            let shown = (machine.frame(), machine.ports());
            price.look = price.look.max(began.elapsed());
            drop(shown);
        }
        for ask in ASKS {
            let began = std::time::Instant::now();
            ask(&mut machine);
            price.look = price.look.max(began.elapsed());
        }
        let now = Saved { history: machine.history().clone(), client: saved.client };
        drop((link::write(&now), start));
    });
    Price { bytes, ..price }
}

/// What else a page asks.
const ASKS: [fn(&mut Machine); 4] = [
    |machine| drop(machine.fixes()),
    |machine| drop(machine.branches()),
    |machine| drop(machine.strace(1_000)),
    |machine| drop(machine.all_by_hand()),
];

// ── breeding ────────────────────────────────────────────────────

fn offspring(chance: &mut Chance, kept: &[(Saved, Hostile)]) -> Saved {
    let mut saved = match kept.len() {
        0..8 => Saved {
            history: History::new(Config::default()),
            client: catalogue::opening().saved().client,
        },
        // The worst ones have the most offspring.
        len => {
            let at = chance.below(len as u64).min(chance.below(len as u64));
            kept[at as usize].0.clone()
        }
    };
    let mut acts: Vec<Node> = std::mem::take(&mut saved.history.acts);
    for _ in 0..1 + chance.below(4) {
        change(chance, &mut saved, &mut acts, kept);
    }
    acts.truncate(100_000);
    let mut next = 0;
    for (id, node) in acts.iter_mut().enumerate() {
        node.parent = id.checked_sub(1).map(|id| id as u32);
        if id > 0 && chance.one_in(400) {
            node.parent = Some(chance.below(id as u64) as u32);
        }
        let fits = next + node.act.calls_at_most().min(1 << 21) < u32::MAX.into();
        if fits && !matches!(node.act, Act::Call(_)) {
            node.act = node.act.clone().named_from(next as u32);
        }
        next = next.max(node.act.next_socket().into());
    }
    let last = acts.len() as u32;
    saved.history.loaded = if chance.flag() { 0 } else { chance.below(u64::from(last) + 1) as u32 };
    saved.history.tip = last.checked_sub(1);
    saved.history.acts = acts;
    let done = if chance.flag() { u32::MAX } else { chance.below(400_000) as u32 };
    saved.history.at = Position { done, step: None };
    if saved.history.check().is_err() {
        saved.history.acts.clear();
        saved.history.tip = None;
    }
    saved
}

fn change(chance: &mut Chance, saved: &mut Saved, acts: &mut Vec<Node>, kept: &[(Saved, Hostile)]) {
    let at = chance.below(acts.len() as u64 + 1) as usize;
    match chance.below(10) {
        0..=2 => {
            let node = Node { parent: None, after: ALL_CALLS, act: act(chance), stopped: None };
            acts.insert(at, node);
        }
        3 => {
            let from = at.saturating_sub(1 + chance.below(4) as usize);
            let some = acts[from..at].to_vec();
            for _ in 0..[2, 20, 300, 4_000, 30_000][chance.below(5) as usize] {
                acts.splice(at..at, some.iter().cloned());
                if acts.len() > 100_000 {
                    break;
                }
            }
        }
        4 if acts.len() > ACTS => acts.drain(at.min(ACTS)..).for_each(drop),
        4 | 5 if at < acts.len() => drop(acts.remove(at)),
        6 => {
            let config = &mut saved.history.config;
            match chance.below(5) {
                0 => config.bhash_size = 1 << chance.below(17),
                1 => config.ehash_size = 1 << chance.below(20),
                2 => config.sysctl = vec![(Sysctl::PortRange, SysctlValue::Two(1, 65_535))],
                3 => {
                    let sysctl = std::mem::take(&mut config.sysctl);
                    let release = Release::ALL[chance.below(Release::ALL.len() as u64) as usize];
                    *config = Config { sysctl, ..Config::of(release) };
                }
                _ => config.sysctl.push((Sysctl::MaxTwBuckets, SysctlValue::One(i32::MAX))),
            }
        }
        7 if at < acts.len() => acts[at].act = another(chance, acts[at].act.clone()),
        8 => {
            let (a, b) = (at.saturating_sub(1), at.saturating_sub(2));
            if a < acts.len() {
                acts.swap(a, b);
            }
        }
        _ => {
            if let Some((other, _)) = kept.first() {
                let from = chance.below(other.history.acts.len() as u64 + 1) as usize;
                let some = other.history.acts[from..].iter().take(20).cloned();
                acts.splice(at..at, some.collect::<Vec<_>>());
            }
        }
    }
}

/// An act that may cost much.
fn act(chance: &mut Chance) -> Act {
    let s = SocketName(chance.below(140_000) as u32);
    let dst = Addr::new(10, 0, chance.below(3) as u8, 2 + chance.below(250) as u8);
    let dport = 1 + chance.below(3) as u16;
    match chance.below(14) {
        0..=3 => another(chance, Act::Load(Load::burst(dst, dport, 100_000))),
        4 => {
            let low = [1, 1_024, 32_768][chance.below(3) as usize];
            let ports = vec![[low, 65_535 - chance.below(2) as u16 * 20_000]];
            Act::Bind(BindAct { addr: Addr::ANY, ports, first_socket: 0 })
        }
        5 => Act::Call(Call::Advance {
            ms: [1, 1_000, 60_000, 3_600_000, 1 << 40][chance.below(5) as usize],
        }),
        6 => Act::Call(Call::Sysctl {
            sysctl: Sysctl::ALL[chance.below(6) as usize],
            value: SysctlValue::One(chance.below(3) as i32),
        }),
        7 => {
            let low = [1, 40_000, 65_535][chance.below(3) as usize];
            let value = SysctlValue::Two(low, 65_535);
            Act::Call(Call::Sysctl { sysctl: Sysctl::PortRange, value })
        }
        8 => Act::Call(Call::Socket { s }),
        9 => Act::Call(Call::connect(s, dst, dport)),
        10 => Act::Call(Call::Bind { s, addr: Addr::ANY, port: chance.below(2) as u16 }),
        11 => Act::Call(Call::Reuse { s, on: true }),
        12 => Act::Call(Call::Listen { s }),
        _ => Act::Call(Call::close(s, CloseHow::Active)),
    }
}

/// The same act with a number changed.
fn another(chance: &mut Chance, act: Act) -> Act {
    let Act::Load(mut load) = act else { return act };
    match chance.below(7) {
        0 => {
            load.connections = [1, 2, 30_000, 66_000, 131_072, 1_000_000][chance.below(6) as usize]
        }
        1 => {
            load.per_second = [1, 500, 20_000, 100_000][chance.below(4) as usize];
            load.hold_ms = Some([0, 1, 60_000, 24 * 3_600_000][chance.below(4) as usize]);
        }
        2 => (load.per_second, load.hold_ms) = (0, None),
        3 => load.close = [LoadClose::Active, LoadClose::Passive][chance.below(2) as usize],
        4 => load.also = Some((Addr::new(10, 1, 0, chance.below(200) as u8), 1)),
        5 => load.keep_every = [0, 1, 2, 30][chance.below(4) as usize],
        _ => load.dport = chance.below(60_000) as u16,
    }
    Act::Load(load)
}
