//! Histories of every kind, the same every time.

#![allow(dead_code)] // each test uses what it needs of it

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, HZ, Release, START_JIFFIES_MAX, START_MONO_MS_MAX,
    SocketName, Sysctl, SysctlValue, Tuple, TwSegment,
};

use error99_replay::act::{Act, BindAct};
use error99_replay::history::{ALL_CALLS, History, Node, Position, Step};
use error99_replay::link::Saved;
use error99_replay::load::{CONNECTIONS_MAX, HOLD_MS_MAX, Load, LoadClose, PER_SECOND_MAX};
use error99_replay::scenario::Client;

/// Numbers without a pattern, from a seed.
pub struct Chance(fastrand::Rng);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(fastrand::Rng::with_seed(seed))
    }

    pub fn number(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.u64(..end)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn flag(&mut self) -> bool {
        self.0.bool()
    }

    /// A word: small, large, or at an end.
    fn word(&mut self) -> u32 {
        match self.below(4) {
            0 => self.below(3) as u32,
            1 => u32::MAX - self.below(3) as u32,
            2 => self.below(300) as u32,
            _ => self.number() as u32,
        }
    }

    fn long(&mut self) -> u64 {
        if self.flag() { self.word().into() } else { self.number() | 1 << 63 }
    }

    fn port(&mut self) -> u16 {
        self.word() as u16
    }

    fn addr(&mut self) -> Addr {
        if self.flag() { Addr::new(10, 0, 0, self.below(4) as u8) } else { Addr(self.word()) }
    }

    fn name(&mut self, next: u32) -> SocketName {
        SocketName(match self.below(8) {
            0 => self.word(),
            1 => next.saturating_sub(1 + self.below(3) as u32),
            _ => next,
        })
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Chance) -> T) -> Option<T> {
        self.flag().then(|| value(self))
    }

    fn sysctl(&mut self) -> (Sysctl, SysctlValue) {
        let sysctl = self.any_sysctl();
        let value = if self.flag() {
            SysctlValue::One(self.word() as i32)
        } else {
            SysctlValue::Two(self.word() as i32, self.word() as i32)
        };
        (sysctl, value)
    }

    /// Most often one that every release has.
    fn any_sysctl(&mut self) -> Sysctl {
        let most = if self.one_in(4) { Sysctl::EVERY.len() } else { Sysctl::ALL.len() };
        Sysctl::EVERY[self.below(most as u64) as usize]
    }

    fn text(&mut self) -> Box<str> {
        let texts =
            ["", "1", " 2 3", "32768\t60999", "8080,9148-9160", "1 2 3", "-", "\u{e9}", "0x10"];
        match self.below(4) {
            0 => self.word().to_string().into(),
            1 => "1,".repeat(self.below(300) as usize).into(),
            _ => texts[self.below(texts.len() as u64) as usize].into(),
        }
    }

    fn tuple(&mut self) -> Tuple {
        Tuple { laddr: self.addr(), lport: self.port(), faddr: self.addr(), fport: self.port() }
    }

    /// What only later releases have.
    fn later_call(&mut self, next: u32) -> Call {
        let s = self.name(next);
        match self.below(10) {
            0 => Call::ReusePort { s, on: self.flag() },
            1 => Call::NoPort { s, on: self.flag() },
            2 => Call::Window { s, low: self.port(), high: self.port() },
            3 => Call::AcceptWaiting { l: self.name(next), s },
            4 => {
                let segments = [TwSegment::Rst, TwSegment::Ack, TwSegment::OldAck, TwSegment::Syn];
                let segment = segments[self.below(4) as usize];
                Call::TwSegment { tuple: self.tuple(), segment }
            }
            5 | 6 => Call::SysctlText { sysctl: self.any_sysctl(), text: self.text() },
            7 => Call::FailTb2 { v: self.word() },
            8 => Call::FailSyn { v: self.word() },
            _ => Call::Offset { v: self.maybe(Chance::long) },
        }
    }

    pub fn call(&mut self, next: u32) -> Call {
        if self.one_in(6) {
            return self.later_call(next);
        }
        let s = self.name(next);
        match self.below(28) {
            0 => Call::Reuse { s, on: self.flag() },
            1 => Call::Bind { s, addr: self.addr(), port: self.port() },
            2 => Call::Connect {
                s,
                dst: self.addr(),
                dport: self.port(),
                establish: self.flag(),
                peer_ts: self.flag(),
                family: self.port(),
                addr_len: self.word(),
            },
            3 => Call::Est { s, peer_ts: self.flag() },
            4 => Call::Segment { s },
            5 => Call::Rst { s },
            6 => Call::Listen { s },
            7 => Call::Accept {
                l: self.name(next),
                s,
                peer: self.addr(),
                peer_port: self.port(),
                laddr: self.addr(),
                peer_ts: self.flag(),
            },
            8 => Call::Disconnect { s },
            9 => {
                let how = CloseHow::NAMES[self.below(5) as usize].0;
                Call::Close { s, how, stamp_now: self.flag() }
            }
            10 => Call::TwFin { tuple: self.tuple() },
            11 => Call::Advance { ms: self.long() },
            12 => Call::Wall { sec: self.long() as i64 },
            13 => {
                let (sysctl, value) = self.sysctl();
                Call::Sysctl { sysctl, value }
            }
            14 => Call::ForceRange { low: self.port(), high: self.port() },
            15 => Call::Offset { v: self.maybe(Chance::word).map(u64::from) },
            16 => Call::Rekey { secret: Box::new(std::array::from_fn(|_| self.word())) },
            17 => Call::Cap { v: self.flag() },
            18 => Call::FailTb { v: self.word() },
            19 => Call::FailTcpConnect {
                v: self.maybe(|chance| {
                    let known = [Errno::ENOENT, Errno::ENOBUFS, Errno::EHOSTUNREACH];
                    known[chance.below(3) as usize]
                }),
            },
            20 => Call::Dump,
            21 | 22 => Call::Socket { s },
            _ => Call::connect(s, Addr::new(10, 0, 0, 2), 80),
        }
    }

    fn load(&mut self) -> Load {
        let connections = 1 + self.word() % CONNECTIONS_MAX;
        let per_second = self.word() % (PER_SECOND_MAX + 1);
        let hold_most = if per_second == 0 { 1 } else { HOLD_MS_MAX + 1 };
        let closes = [LoadClose::Active, LoadClose::Passive, LoadClose::Rst];
        Load {
            also: self.maybe(|chance| (chance.addr(), chance.port())),
            per_second,
            hold_ms: self.maybe(|chance| chance.word() % hold_most),
            close: closes[self.below(3) as usize],
            keep_every: self.word(),
            stop_at_error: self.flag(),
            first_socket: self.word() % (u32::MAX - connections),
            ..Load::burst(self.addr(), self.port(), connections)
        }
    }

    fn bind_each(&mut self) -> BindAct {
        let first = self.port();
        let mut ports = vec![[first, first]];
        for _ in 0..self.below(6) {
            let first = self.port();
            // An upside-down run holds no port.
            ports.push([first, first.wrapping_add(self.below(3) as u16)]);
        }
        BindAct { addr: self.addr(), ports, first_socket: self.word() % (1 << 31) }
    }

    fn act(&mut self, next: u32) -> Act {
        match self.below(12) {
            0 => Act::Load(self.load()),
            1 => Act::Bind(self.bind_each()),
            _ => Act::Call(self.call(next)),
        }
    }

    fn config(&mut self) -> Config {
        let mut config = Config::default();
        if self.flag() {
            config.ehash_size = 1 << self.below(20);
            config.bhash_size = 1 << self.below(17);
            config.default_src = self.addr();
        }
        if self.one_in(4) {
            config.start_sec = 1 + self.word() % 3_000_000_000;
            config.start_jiffies = self.word().into();
            config.secret = std::array::from_fn(|_| self.word());
            config.ehash_secret = self.word();
            config.mix = self.word();
            config.hint = self.word();
            config.seed = self.word();
            config.rto_ms = 1 + self.word() % 120_000;
        }
        if self.one_in(3) {
            config.local = (0..self.below(4)).map(|_| self.addr()).collect();
            config.unreachable = (0..self.below(4)).map(|_| self.addr()).collect();
            config.sysctl = (0..self.below(5)).map(|_| self.sysctl()).collect();
            config.force_range = self.maybe(|chance| (chance.port().max(1), chance.port()));
            config.port_offset = self.maybe(Chance::word).map(u64::from);
        }
        if self.one_in(3) {
            self.make_later(&mut config);
        }
        config
    }

    /// Any release, and what only later ones have.
    fn make_later(&mut self, config: &mut Config) {
        config.release = Release::ALL[self.below(Release::ALL.len() as u64) as usize];
        config.hz = match config.release {
            Release::V2_6_32 => 1000,
            _ => HZ[self.below(4) as usize],
        };
        if self.flag() {
            config.start_jiffies = self.long() % (START_JIFFIES_MAX + 1);
            config.phase_us = self.below(1_000) as u32;
            config.start_mono_ms = self.long() % (START_MONO_MS_MAX + 1);
            config.secret16 = std::array::from_fn(|_| self.word());
            config.net_secret = [self.long(), self.long()];
            config.perturb_seed = self.word();
            config.loop_wire = self.flag();
        }
        if self.flag() {
            let most = config.sysctl.len() as u64 + 1;
            let mut places: Vec<usize> =
                (0..self.below(4)).map(|_| self.below(most) as usize).collect();
            places.sort_unstable();
            let texts = places.into_iter();
            config.texts = texts.map(|at| (at, self.any_sysctl(), self.text())).collect();
            config.port_offset = self.maybe(Chance::long);
        }
    }

    /// A state with up to `most` acts, some of which come in runs, on branches.
    pub fn state(&mut self, most: u64) -> Saved {
        let mut history = History::new(self.config());
        let acts = self.below(most + 1);
        while (history.acts.len() as u64) < acts {
            let mut run: Vec<Node> = (0..1 + self.below(3)).map(|_| self.node(&history)).collect();
            for _ in 0..1 + if self.one_in(4) { self.below(20) } else { 0 } {
                for node in &mut run {
                    node.parent = (history.acts.len() as u32).checked_sub(1);
                }
                history.acts.extend(run.iter().cloned());
            }
            let last = history.acts.len() as u64 - 1;
            if self.one_in(4) {
                let node = &mut history.acts[last as usize];
                node.parent = self.below(last + 1).checked_sub(1).map(|parent| parent as u32);
                node.after = self.word();
                node.stopped = self.maybe(Chance::word);
            }
        }
        let acts = history.acts.len() as u64;
        history.tip = match self.below(3) {
            0 => self.below(acts + 1).checked_sub(1),
            _ => acts.checked_sub(1),
        }
        .map(|tip| tip as u32);
        history.loaded = self.below(acts + 1) as u32;
        let step = self.maybe(|chance| Step { probe: chance.word(), line: chance.word() });
        history.at = Position { done: self.word(), step };
        let usual = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
        let client =
            if self.flag() { usual } else { Client { dst: self.addr(), dport: self.port() } };
        Saved { history, client }
    }

    fn node(&mut self, history: &History) -> Node {
        let act = self.act(history.next_socket());
        Node { parent: None, after: ALL_CALLS, act, stopped: None }
    }
}
