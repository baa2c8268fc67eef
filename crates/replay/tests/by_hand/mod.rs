//! Machines that readers have made, and the same machines made again by hand: a kernel of its own,
//! every call written out, loads as plain loops.

use std::collections::VecDeque;
use std::fmt;

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Kernel, Release, SocketName, Sysctl, SysctlValue,
};
use error99_replay::fix::{Change, Outcome};
use error99_replay::frame::Ret;
use error99_replay::history::Position;
use error99_replay::hold::Hold;
use error99_replay::load::{Load, LoadClose};
use error99_replay::{Act, History, Machine};

use crate::chance::Chance;

const SERVERS: [Addr; 2] = [Addr::new(10, 0, 0, 2), Addr::new(10, 0, 0, 3)];
const OWN: [Addr; 2] = [Addr::new(10, 0, 0, 1), Addr::new(10, 0, 0, 7)];
/// Mostly such that leave something behind.
const CLOSES: [LoadClose; 4] =
    [LoadClose::Active, LoadClose::Active, LoadClose::Passive, LoadClose::Rst];
const LOW: u16 = 40_000;
const END: Position = Position { done: u32::MAX, step: None };

/// Something that was done.
#[derive(Clone, Debug)]
enum Done {
    Call(Call),
    /// A load, and how many of its calls were made before it was stopped.
    Load(Load, Option<u32>),
}

/// A machine whose reader has just failed.
pub struct Story {
    pub machine: Machine,
    /// The failed call, returned.
    pub at: Position,
    /// The branch that it's on.
    pub branch: usize,
    config: Config,
    done: Vec<Done>,
    /// What was done to the socket that failed, as far as it took effect.
    act: Vec<Call>,
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.config.sysctl)?;
        self.done.iter().try_for_each(|done| writeln!(f, "  {done:?}"))?;
        writeln!(f, "the act: {:?}", self.act)
    }
}

impl Story {
    /// A reader without a plan, up to a failure.
    pub fn some(chance: &mut Chance) -> Story {
        Story::of(Release::V2_6_32, chance)
    }

    /// The same on a machine of that release.
    pub fn of(release: Release, chance: &mut Chance) -> Story {
        Story::until(release, chance, |chance, story| match chance.below(14) {
            0 => story.load(chance),
            1 => story.detour(chance),
            _ => story.turn(chance),
        })
    }

    /// One under a load with a rate.
    pub fn with_load(release: Release, chance: &mut Chance) -> Story {
        loop {
            let story =
                Story::until(release, chance, |chance, story| match story.machine.load_rate() {
                    None => story.load(chance),
                    Some(_) if chance.one_in(8) => story.load(chance),
                    Some(_) => story.turn(chance),
                });
            if story.machine.load_rate().is_some() {
                return story;
            }
        }
    }

    fn until(
        release: Release,
        chance: &mut Chance,
        mut turn: impl FnMut(&mut Chance, &mut Story),
    ) -> Story {
        loop {
            let mut story = Story::begun(release, chance);
            for _ in 0..60 {
                turn(chance, &mut story);
                if story.attempt(chance) {
                    story.look_away(chance);
                    return story;
                }
            }
        }
    }

    fn begun(release: Release, chance: &mut Chance) -> Story {
        let high = i32::from(LOW) + chance.below(8) as i32;
        let mut sysctl = vec![(Sysctl::PortRange, SysctlValue::Two(LOW.into(), high))];
        sysctl.push((Sysctl::Timestamps, SysctlValue::One(chance.flag().into())));
        let config = Config {
            bhash_size: 16,
            ehash_size: 16,
            local: OWN.to_vec(),
            hint: chance.number() as u32,
            seed: chance.number() as u32 | 1,
            sysctl,
            ..Config::of(release)
        };
        let machine = Machine::open(History::new(config.clone())).expect("it boots");
        Story { machine, at: END, branch: 0, config, done: Vec::new(), act: Vec::new() }
    }

    fn name(&self) -> SocketName {
        SocketName(self.machine.history().next_socket())
    }

    /// Makes a call; whether it succeeded.
    fn call(&mut self, call: Call) -> bool {
        self.machine.act(vec![Act::Call(call.clone())]).expect("it has room");
        self.machine.work_all();
        self.machine.go(END);
        self.done.push(Done::Call(call));
        self.machine.frame().call.and_then(|call| call.ret) == Some(Ret::Ok)
    }

    /// Something else than trying to connect.
    fn turn(&mut self, chance: &mut Chance) {
        if self.config.release > Release::V2_6_32 && chance.one_in(6) {
            return self.later_knob(chance);
        }
        let open = self.machine.all_by_hand();
        match chance.below(9) {
            0..=2 if !open.is_empty() => {
                let s = open[chance.below(open.len() as u64) as usize];
                let how = CloseHow::NAMES[chance.below(5) as usize].0;
                self.call(Call::Close { s, how, stamp_now: chance.flag() });
            }
            3 | 4 => {
                let ms = [300, 1_000, 2_500, 7_500, 60_000][chance.below(5) as usize];
                self.call(Call::Advance { ms });
            }
            5 => {
                let high = i32::from(LOW) + chance.below(10) as i32;
                let range = (Sysctl::PortRange, SysctlValue::Two(LOW.into(), high));
                let one = |sysctl, value| (sysctl, SysctlValue::One(value));
                let (sysctl, value) = match chance.below(5) {
                    0 | 1 => range,
                    2 => one(Sysctl::Timestamps, chance.flag().into()),
                    3 => one(Sysctl::TwReuse, chance.one_in(4).into()),
                    _ => one(Sysctl::TwRecycle, chance.one_in(4).into()),
                };
                self.call(Call::Sysctl { sysctl, value });
            }
            6 => {
                let s = self.name();
                self.call(Call::Socket { s });
                self.call(Call::Bind { s, addr: Addr::ANY, port: LOW + chance.below(12) as u16 });
                if chance.flag() {
                    self.call(Call::Listen { s });
                }
            }
            _ => {}
        }
    }

    /// Turns a knob that later releases have.
    fn later_knob(&mut self, chance: &mut Chance) {
        let one = |sysctl, value| Call::Sysctl { sysctl, value: SysctlValue::One(value) };
        let texts = ["", "40000-40003", "40000,40002,40004"];
        let call = match chance.below(6) {
            0 => one(Sysctl::TwReuse, chance.below(3) as i32),
            1 => one(Sysctl::TwReuseDelay, [1, 1_000, 5_000][chance.below(3) as usize]),
            2 => one(Sysctl::AutobindReuse, chance.flag().into()),
            3 => one(Sysctl::FinTimeout, 1 + chance.below(80) as i32),
            _ => {
                let text = texts[chance.below(3) as usize].into();
                Call::SysctlText { sysctl: Sysctl::ReservedPorts, text }
            }
        };
        self.call(call);
    }

    /// An option that later releases have.
    fn later_option(&mut self, chance: &mut Chance, s: SocketName) -> Option<Call> {
        let low = LOW + chance.below(6) as u16;
        let option = match chance.below(6) {
            _ if self.config.release == Release::V2_6_32 => return None,
            0 => Call::ReusePort { s, on: true },
            1 => Call::NoPort { s, on: true },
            2 => Call::Window { s, low, high: low + chance.below(4) as u16 },
            _ => return None,
        };
        self.call(option.clone());
        Some(option)
    }

    fn load(&mut self, chance: &mut Chance) {
        let rated = chance.below(4) != 0;
        let load = Load {
            per_second: if rated { 1 + chance.below(3) as u32 } else { 0 },
            hold_ms: rated.then(|| chance.below(3_000) as u32),
            close: CLOSES[chance.below(4) as usize],
            stop_at_error: chance.flag(),
            first_socket: self.name().0,
            ..Load::burst(SERVERS[chance.below(2) as usize], 80, 1 + chance.below(12) as u32)
        };
        self.machine.act(vec![Act::Load(load.clone())]).expect("it has room");
        let before = self.machine.total();
        let mut stopped = None;
        if chance.one_in(3) {
            if !self.machine.work(1 + chance.below(600)).finished {
                self.machine.stop();
                stopped = Some(self.machine.total() - before);
            }
        } else {
            self.machine.work_all();
        }
        self.machine.go(END);
        self.done.push(Done::Load(load, stopped));
    }

    /// Goes back, does something else there, and returns.
    fn detour(&mut self, chance: &mut Chance) {
        let done = chance.below(u64::from(self.machine.total()) + 1) as u32;
        self.machine.go(Position { done, step: None });
        let s = self.name();
        let calls = [Call::Socket { s }, Call::connect(s, SERVERS[0], 80)];
        let (_, before) = self.machine.branches();
        self.machine.act(calls.clone().map(Act::Call).to_vec()).expect("it has room");
        self.machine.work_all();
        let (branches, after) = self.machine.branches();
        if after != before {
            self.machine.take(branches[before]);
            self.machine.work_all();
        } else {
            self.done.extend(calls.map(Done::Call));
        }
        self.machine.go(END);
    }

    /// Opens a socket, binds it perhaps, and connects it; whether that failed for want of a port.
    fn attempt(&mut self, chance: &mut Chance) -> bool {
        let s = self.name();
        let mut act = vec![Call::Socket { s }];
        self.call(Call::Socket { s });
        if chance.flag() {
            act.push(Call::Reuse { s, on: !chance.one_in(4) });
            self.call(act[1].clone());
        }
        act.extend(self.later_option(chance, s));
        for _ in 0..chance.below(3) {
            if chance.flag() {
                self.turn(chance);
            }
            let addr = [Addr::ANY, OWN[0], OWN[1]][chance.below(3) as usize];
            let port = if chance.flag() { 0 } else { LOW + chance.below(10) as u16 };
            let bind = Call::Bind { s, addr, port };
            let succeeded = self.call(bind.clone());
            let in_use = self.failed_with(Errno::EADDRINUSE);
            if succeeded || (in_use && chance.flag()) {
                act.push(bind);
                if in_use {
                    return self.fail(act);
                }
            }
        }
        if chance.one_in(5) {
            let reuse = Call::Reuse { s, on: chance.flag() };
            self.call(reuse.clone());
            act.push(reuse);
        }
        if chance.flag() {
            self.turn(chance);
        }
        if self.machine.kernel().socket(s).is_none() {
            return false; // closed meanwhile
        }
        let connect = Call::Connect {
            s,
            dst: SERVERS[chance.below(2) as usize],
            dport: 80,
            establish: true,
            peer_ts: chance.flag(),
            family: 2,
            addr_len: 16,
        };
        self.call(connect.clone());
        act.push(connect);
        if self.failed_with(Errno::EADDRNOTAVAIL) {
            return self.fail(act);
        }
        false
    }

    fn failed_with(&self, errno: Errno) -> bool {
        let ret = self.machine.frame().call.and_then(|call| call.ret);
        ret == Some(Ret::Errno(errno))
    }

    fn fail(&mut self, act: Vec<Call>) -> bool {
        self.at = self.machine.at();
        self.branch = self.machine.branches().1;
        self.act = act;
        true
    }

    /// Goes on after the failure, or goes somewhere else, and comes back to look at it.
    fn look_away(&mut self, chance: &mut Chance) {
        self.machine.look_at(SERVERS[0], 80);
        if chance.flag() {
            return;
        }
        let done = self.done.len();
        self.turn(chance);
        self.turn(chance);
        self.done.truncate(done);
        self.machine.go(Position { done: chance.below(self.at.done.into()) as u32, step: None });
        self.machine.go(self.at);
    }

    /// Whether it was a connect that failed.
    pub fn connects(&self) -> bool {
        matches!(self.act.last(), Some(Call::Connect { .. }))
    }

    /// The bind of the act.
    pub fn bind(&self) -> Option<&Call> {
        self.act.iter().find(|call| matches!(call, Call::Bind { .. }))
    }

    /// The whole act on another socket, as a person would do it after that change.
    fn act_again(&self, change: Change, s: SocketName) -> Vec<Call> {
        let mut calls = Vec::new();
        for call in &self.act {
            match *call {
                Call::Reuse { on, .. } => calls.push(Call::Reuse { s, on }),
                Call::ReusePort { on, .. } => calls.push(Call::ReusePort { s, on }),
                Call::NoPort { on, .. } => calls.push(Call::NoPort { s, on }),
                Call::Window { low, high, .. } => calls.push(Call::Window { s, low, high }),
                Call::Bind { addr, port, .. } => match change {
                    Change::NoBind => {}
                    Change::BindAny { .. } => calls.push(Call::Bind { s, addr, port: 0 }),
                    Change::OtherSource { addr } => calls.push(Call::Bind { s, addr, port }),
                    Change::NoPort { addr } => {
                        calls.push(Call::NoPort { s, on: true });
                        calls.push(Call::Bind { s, addr, port: 0 });
                    }
                    Change::ReuseAddr => {
                        calls.push(Call::Reuse { s, on: true });
                        calls.push(Call::Bind { s, addr, port });
                    }
                    _ => calls.push(Call::Bind { s, addr, port }),
                },
                Call::Connect { dst, dport, peer_ts, .. } => {
                    let (dst, dport) = match change {
                        Change::OtherAddress { dst } => (dst, dport),
                        Change::OtherPort { dport } => (dst, dport),
                        _ => (dst, dport),
                    };
                    if self.bind().is_none() {
                        calls.extend(before_connect(change, s));
                    }
                    calls.push(Call::Connect {
                        s,
                        dst,
                        dport,
                        establish: true,
                        peer_ts,
                        family: 2,
                        addr_len: 16,
                    });
                }
                _ => calls.push(Call::Socket { s }),
            }
        }
        if matches!(change, Change::NoBind | Change::NoPort { .. }) && !self.connects() {
            calls.push(Call::connect(s, SERVERS[0], 80));
        }
        calls
    }
}

/// What somebody types in front of a connect.
fn before_connect(change: Change, s: SocketName) -> Vec<Call> {
    match change {
        Change::OtherSource { addr } => vec![Call::Bind { s, addr, port: 0 }],
        Change::NoPort { addr } => {
            vec![Call::NoPort { s, on: true }, Call::Bind { s, addr, port: 0 }]
        }
        Change::Share { addr } => {
            vec![Call::Reuse { s, on: true }, Call::Bind { s, addr, port: 0 }]
        }
        Change::Window { low, high } => vec![Call::Window { s, low, high }],
        _ => vec![],
    }
}

/// A kernel that is driven by hand, for so many calls.
struct Hand {
    kernel: Kernel,
    left: u32,
}

impl Hand {
    fn boot(config: &Config) -> Hand {
        Hand { kernel: Kernel::new(config).expect("it boots"), left: u32::MAX }
    }

    /// The machine of the story, right after its failure.
    fn after(story: &Story) -> Hand {
        let mut hand = Hand::boot(&story.config);
        for done in &story.done {
            match done {
                Done::Call(call) => _ = hand.call(call),
                Done::Load(load, stopped) => hand.load(load, *stopped),
            }
        }
        hand
    }

    /// Makes a call; its errno, 0 for none.
    fn call(&mut self, call: &Call) -> i32 {
        if self.left == 0 {
            return 0;
        }
        self.left -= 1;
        let reply = self.kernel.apply(call);
        if reply.ret == -115 { 0 } else { reply.ret.min(0) }
    }

    fn load(&mut self, load: &Load, stopped: Option<u32>) {
        self.left = stopped.unwrap_or(u32::MAX);
        self.traffic(load, load.stop_at_error, None);
        self.left = u32::MAX;
    }

    fn pass(&mut self, now: &mut u64, until: u64) {
        if until > *now {
            self.call(&Call::Advance { ms: until - *now });
            *now = until;
        }
    }

    /// Connections one by one; when the first one got no port. A second source address is for every
    /// other one of them.
    fn traffic(&mut self, load: &Load, stop: bool, change: Option<Change>) -> Option<u64> {
        let mut closes: VecDeque<(u64, SocketName, bool)> = VecDeque::new();
        let (mut now, mut failed) = (0, None);
        for n in 0..load.connections {
            let begins = match load.per_second {
                0 => 0,
                rate => u64::from(n) * 1_000 / u64::from(rate),
            };
            while let Some((due, s, up)) = closes.front().copied().filter(|close| close.0 <= begins)
            {
                self.pass(&mut now, due);
                self.close(load, s, up);
                closes.pop_front();
            }
            self.pass(&mut now, begins);
            let s = SocketName(load.first_socket + n);
            let (dst, dport) = match load.also {
                Some(other) if n % 2 == 1 => other,
                _ => (load.dst, load.dport),
            };
            self.call(&Call::Socket { s });
            let mut errno = 0;
            let change = change.filter(|change| match change {
                Change::OtherSource { .. } | Change::NoPort { .. } => n % 2 == 1,
                _ => true,
            });
            for call in change.into_iter().flat_map(|change| before_connect(change, s)) {
                errno = self.call(&call);
            }
            if errno == 0 {
                errno = self.call(&Call::connect(s, dst, dport));
            }
            if matches!(errno, -99 | -98) && failed.is_none() {
                failed = Some(now);
            }
            if errno != 0 && stop {
                return failed;
            }
            if let Some(hold) = load.hold_ms {
                closes.push_back((begins + u64::from(hold), s, errno == 0));
            }
        }
        while let Some((due, s, up)) = closes.pop_front() {
            self.pass(&mut now, due);
            self.close(load, s, up);
        }
        failed
    }

    fn close(&mut self, load: &Load, s: SocketName, up: bool) {
        let how = match (up, load.close) {
            (false, _) => CloseHow::Plain,
            (true, LoadClose::Active) => CloseHow::Active,
            (true, LoadClose::Passive) => CloseHow::Passive,
            (true, LoadClose::Rst) => CloseHow::Rst,
        };
        self.call(&Call::close(s, how));
    }

    /// Tries a whole act.
    fn attempt(&mut self, act: &[Call]) -> Outcome {
        let mut outcome = Outcome::Fails(Ret::Ok);
        for call in act {
            let reply = self.kernel.apply(call);
            let failed = reply.ret < 0 && reply.ret != -115;
            let ret = reply.errno().map_or(Ret::Ok, Ret::Errno);
            outcome = match *call {
                Call::Bind { .. } if failed => return Outcome::BindFails(ret),
                Call::Connect { .. } if failed => return Outcome::Fails(ret),
                Call::Bind { s, .. } | Call::Connect { s, .. } => {
                    let port = self.kernel.socket(s).expect("it is open").num;
                    Outcome::Port { port, probe: reply.steps }
                }
                _ => outcome,
            };
        }
        outcome
    }
}

/// The change, as one types it.
fn typed(change: Change) -> Vec<Call> {
    let one = |sysctl, value| Call::Sysctl { sysctl, value: SysctlValue::One(value) };
    let range = |low: u16, high: u16| Call::Sysctl {
        sysctl: Sysctl::PortRange,
        value: SysctlValue::Two(low.into(), high.into()),
    };
    match change {
        Change::TwReuse => vec![one(Sysctl::TwReuse, 1)],
        Change::Widen { low, high } => vec![range(low, high)],
        Change::Widest => vec![range(1_024, 65_535)],
        Change::Wait { ms: Some(ms) } => vec![Call::Advance { ms }],
        Change::Timestamps => vec![one(Sysctl::Timestamps, 1)],
        Change::TimestampsAndReuse => vec![one(Sysctl::Timestamps, 1), one(Sysctl::TwReuse, 1)],
        Change::FinTimeout => vec![one(Sysctl::FinTimeout, 10)],
        Change::ReuseSooner => vec![one(Sysctl::TwReuse, 1), one(Sysctl::TwReuseDelay, 1)],
        Change::Unreserve => {
            vec![Call::SysctlText { sysctl: Sysctl::ReservedPorts, text: "".into() }]
        }
        Change::TwRecycle => vec![one(Sysctl::TwRecycle, 1)],
        Change::FewerTimewaits => vec![one(Sysctl::MaxTwBuckets, 4_096)],
        _ => Vec::new(),
    }
}

/// What the whole act gets after the change.
pub fn expected_outcome(story: &Story, change: Change) -> Outcome {
    let mut hand = Hand::after(story);
    for call in typed(change) {
        hand.call(&call);
    }
    hand.attempt(&story.act_again(change, story.name()))
}

/// Whether no wait, in seconds up to five minutes, lets an act succeed that leaves nothing to
/// chance.
pub fn wait_in_vain(story: &Story) -> bool {
    if matches!(story.bind(), Some(Call::Bind { port: 0, .. })) {
        return true;
    }
    // Of a range of an odd size such a walk leaves a port out, and later perhaps another one.
    let (low, high) = story.machine.kernel().port_range();
    let window = story.act.iter().any(|call| matches!(call, Call::Window { .. }));
    let two_passes = story.config.release >= Release::V4_19;
    if two_passes && (window || (high - low).is_multiple_of(2)) {
        return true;
    }
    let act = story.act_again(Change::Wait { ms: None }, story.name());
    let mut hand = Hand::after(story);
    (0..300).all(|_| {
        hand.call(&Call::Advance { ms: 1_000 });
        let mut then = Hand { kernel: hand.kernel.clone(), left: u32::MAX };
        !matches!(then.attempt(&act), Outcome::Port { .. })
    })
}

/// What becomes of the load that goes on for 300 s.
pub fn expected_hold(story: &Story, change: Change) -> Hold {
    let rated = |done: &Done| matches!(done, Done::Load(load, _) if load.per_second > 0);
    let place = story.done.iter().rposition(rated).expect("there is a load");
    let Done::Load(load, _) = story.done[place].clone() else { unreachable!() };
    let mut hand = Hand::after(story);
    let from_start = [
        Change::Timestamps,
        Change::TimestampsAndReuse,
        Change::ServerCloses,
        Change::FinTimeout,
        Change::TwRecycle,
        Change::FewerTimewaits,
    ];
    if from_start.contains(&change) || matches!(change, Change::KeepAlive { .. }) {
        hand = Hand::boot(&story.config);
        typed(change).iter().for_each(|call| _ = hand.call(call));
        let own: Vec<Sysctl> = typed(change)
            .iter()
            .filter_map(|call| match call {
                Call::Sysctl { sysctl, .. } => Some(*sysctl),
                _ => None,
            })
            .collect();
        for (at, done) in story.done.iter().enumerate() {
            match done {
                _ if at == place => {}
                Done::Call(Call::Sysctl { sysctl, .. }) if own.contains(sysctl) => {}
                Done::Call(call) => _ = hand.call(call),
                Done::Load(load, stopped) => {
                    let fewer = match change {
                        Change::KeepAlive { requests } if load.per_second > 0 => requests,
                        _ => 1,
                    };
                    hand.load(&as_changed(load, change), stopped.map(|calls| calls / fewer));
                }
            }
        }
    } else {
        typed(change).iter().for_each(|call| _ = hand.call(call));
    }
    let mut load = as_changed(&load, change);
    load.connections = load.per_second * 300;
    load.first_socket = 500_000;
    match hand.traffic(&load, true, Some(change)) {
        None => Hold::Holds,
        Some(after_ms) => Hold::Fails { after_ms },
    }
}

fn as_changed(load: &Load, change: Change) -> Load {
    let mut load = load.clone();
    if load.per_second == 0 {
        return load;
    }
    match change {
        Change::OtherAddress { dst } => load.also = Some((dst, load.dport)),
        Change::OtherPort { dport } => load.also = Some((load.dst, dport)),
        Change::ServerCloses => load.close = LoadClose::Passive,
        Change::KeepAlive { requests } => {
            load.per_second = (load.per_second / requests).max(1);
            load.connections = (load.connections / requests).max(1);
        }
        _ => {}
    }
    load
}
