//! Ports in TIME_WAIT over five minutes, at a rate and on a range of the reader's own.

use error99_kernel::{
    Call, Config, Errno, Kernel, PORT_RANGE_AT_BOOT, Sysctl, SysctlOutcome, SysctlValue,
};
use error99_replay::link::Saved;
use error99_replay::load::{Load, LoadRun};
use error99_replay::{Act, History, Machine};

use crate::machine::{Script, Server};

/// How long the client is watched, in seconds.
pub const SECONDS: u32 = 300;
/// Fastest client; the widest range of all is full within 33 s of that.
pub const RATE_MAX: u32 = 2_000;

/// What the reader has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    /// Connections a second; 1 to [`RATE_MAX`].
    pub rate: u32,
    /// Lowest and highest port of the range.
    pub range: (u16, u16),
    /// `tcp_tw_reuse`.
    pub tw_reuse: bool,
}

impl Default for Controls {
    /// A little too fast for the range that 2.6.32 begins with.
    fn default() -> Controls {
        Controls { rate: 497, range: PORT_RANGE_AT_BOOT, tw_reuse: false }
    }
}

impl Controls {
    /// Ports of the range.
    pub fn ports(&self) -> u32 {
        error99_kernel::range_size(self.range.0, self.range.1)
    }

    /// What is often reckoned with: each port comes back after 60 s.
    pub fn formula(&self) -> u32 {
        self.ports() / 60
    }

    fn config(&self) -> Config {
        let range = SysctlValue::Two(self.range.0.into(), self.range.1.into());
        let tw_reuse = SysctlValue::One(self.tw_reuse.into());
        Config {
            sysctl: vec![(Sysctl::PortRange, range), (Sysctl::TwReuse, tw_reuse)],
            ..Config::default()
        }
    }

    /// The client.
    pub fn load(&self) -> Load {
        load(self.rate)
    }
}

/// A client that closes each of its connections at once.
pub(crate) fn load(rate: u32) -> Load {
    Load {
        per_second: rate,
        hold_ms: Some(0),
        ..Load::burst(Server::FIRST.addr, Server::FIRST.port, rate * SECONDS)
    }
}

/// What the kernel says to a port range.
pub fn says_to(low: i32, high: i32) -> SysctlOutcome {
    let config = Config { ehash_size: 16, bhash_size: 16, ..Config::default() };
    Machine::open(History::new(config)).map_or(SysctlOutcome::OutOfRange, |machine| {
        machine.try_sysctl(Sysctl::PortRange, SysctlValue::Two(low, high))
    })
}

/// Five minutes of that client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// Ports in TIME_WAIT after each second, from 0 on.
    pub taken: Vec<u32>,
    /// Calls refused with error 99 in each second.
    pub refused: Vec<u32>,
    /// When the first of them was, in milliseconds.
    pub first_ms: Option<u64>,
}

/// The client under way; it runs in slices.
pub struct ClientRun {
    kernel: Kernel,
    load: Load,
    run: LoadRun,
    plot: Plot,
    /// What walks asked the kernel when it last refused a call.
    refused_at: Option<(u32, u32)>,
    /// Whether the first error 99 ends the run.
    until_error: bool,
}

impl ClientRun {
    /// The whole five minutes.
    pub fn new(controls: &Controls) -> ClientRun {
        ClientRun::on(&controls.config(), controls.rate)
    }

    /// The same at a rate on any host.
    pub(crate) fn on(config: &Config, rate: u32) -> ClientRun {
        ClientRun {
            kernel: Kernel::new(config).expect("the kernel was asked for the range"),
            load: load(rate),
            run: LoadRun::default(),
            plot: Plot { taken: vec![0], refused: vec![0; SECONDS as usize], first_ms: None },
            refused_at: None,
            until_error: false,
        }
    }

    /// Runs on until about `budget` units of work (10 ns each) are spent; the plot when it is
    /// done.
    pub fn work(&mut self, budget: u64) -> Option<Plot> {
        let mut spent = 0;
        while spent < budget {
            let over = self.until_error && self.plot.first_ms.is_some();
            let Some(call) = self.run.next_call(&self.load, &self.kernel).filter(|_| !over) else {
                self.sample(SECONDS);
                return Some(self.plot.clone());
            };
            spent += match call {
                Call::Connect { .. } => self.connect(&call),
                call => {
                    // The moment that begins now is seen before anything happens in it.
                    self.kernel.apply(&call);
                    self.sample((self.run.elapsed_ms() / 1000) as u32);
                    40
                }
            };
        }
        None
    }

    /// The kernel as the client leaves it.
    pub(crate) fn into_kernel(self) -> Kernel {
        self.kernel
    }

    /// Makes the call, unless the kernel says that it must end like the one before it.
    fn connect(&mut self, call: &Call) -> u64 {
        let now = self.kernel.asked_by_walks();
        let mut probes = 0;
        if self.refused_at != Some(now) {
            let reply = self.kernel.apply(call);
            probes = reply.steps;
            self.refused_at = (reply.errno() == Some(Errno::EADDRNOTAVAIL)).then_some(now);
        }
        if self.refused_at.is_some() {
            let ms = self.run.elapsed_ms();
            self.plot.first_ms.get_or_insert(ms);
            if let Some(refused) = self.plot.refused.get_mut((ms / 1000) as usize) {
                *refused += 1;
            }
        }
        40 + u64::from(probes)
    }

    /// Notes the ports taken, up to and including `second`.
    fn sample(&mut self, second: u32) {
        let taken = self.kernel.tw_count();
        while self.plot.taken.len() <= second.min(SECONDS) as usize {
            self.plot.taken.push(taken);
        }
    }
}

/// The highest rate that goes on for five minutes without an error 99.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sustained {
    /// Connections a second; 0 if not even one goes on, [`RATE_MAX`] if all do that are tried.
    pub rate: u32,
    /// Ports in TIME_WAIT after each second at that rate; empty if there is none.
    pub taken: Vec<u32>,
}

/// Looks for that rate, by running one client after another; in slices.
pub struct Search {
    controls: Controls,
    /// The best that held so far.
    best: Sustained,
    /// The slowest that failed.
    failed: u32,
    trial: Option<ClientRun>,
}

impl Search {
    /// The search for a range and a `tcp_tw_reuse`; the rate of `controls` is of no account.
    pub fn new(controls: &Controls) -> Search {
        Search {
            controls: *controls,
            best: Sustained::default(),
            failed: RATE_MAX + 1,
            trial: None,
        }
    }

    /// Runs on until about `budget` units of work are spent; the answer when there is one.
    pub fn work(&mut self, budget: u64) -> Option<Sustained> {
        let rate = self.next_rate()?;
        let start = || {
            let controls = Controls { rate, ..self.controls };
            ClientRun { until_error: true, ..ClientRun::new(&controls) }
        };
        if let Some(plot) = self.trial.get_or_insert_with(start).work(budget) {
            self.trial = None;
            match plot.first_ms {
                Some(_) => self.failed = rate,
                None => self.best = Sustained { rate, taken: plot.taken },
            }
        }
        self.next_rate().is_none().then(|| self.best.clone())
    }

    /// The rate to try: the fastest first, then always the middle.
    fn next_rate(&self) -> Option<u32> {
        let (best, failed) = (self.best.rate, self.failed);
        match failed {
            _ if best + 1 == failed => None,
            _ if best == 0 && failed > RATE_MAX => Some(RATE_MAX),
            _ => Some((best + failed) / 2),
        }
    }
}

/// All that is shown for some controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The client itself.
    pub plot: Plot,
    /// What the range can carry.
    pub sustained: Sustained,
}

impl Scene {
    /// As numbers, which [`Scene::of_numbers`] reads: the browser needs not compute the scene
    /// that the page brings.
    pub fn numbers(&self) -> Vec<u32> {
        let Scene { plot, sustained } = self;
        let first = plot.first_ms.map_or(u32::MAX, |ms| ms as u32);
        [&[sustained.rate, first], &plot.taken[..], &plot.refused, &sustained.taken].concat()
    }

    /// The scene that was written down so.
    pub fn of_numbers(numbers: &[u32]) -> Option<Scene> {
        let seconds = SECONDS as usize;
        let (&[rate, first], rest) = numbers.split_first_chunk()?;
        let (taken, rest) = rest.split_at_checked(seconds + 1)?;
        let (refused, held) = rest.split_at_checked(seconds)?;
        let first_ms = (first != u32::MAX).then_some(first.into());
        let plot = Plot { taken: taken.to_vec(), refused: refused.to_vec(), first_ms };
        Some(Scene { plot, sustained: Sustained { rate, taken: held.to_vec() } })
    }
}

/// What the picture shows, computed at once.
pub fn scene(controls: &Controls) -> Scene {
    let (mut run, mut search) = (ClientRun::new(controls), Search::new(controls));
    let plot = loop {
        if let Some(plot) = run.work(u64::MAX) {
            break plot;
        }
    };
    let sustained = loop {
        if let Some(sustained) = search.work(u64::MAX) {
            break sustained;
        }
    };
    Scene { plot, sustained }
}

/// The same client for the lab: up to its first error 99, or to the end of its five minutes.
pub fn saved(controls: &Controls) -> Saved {
    let mut script = Script::on(controls.config());
    script.act(Act::Load(Load { stop_at_error: true, ..controls.load() }));
    script.loaded();
    script.saved(Server::FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_range_is_full_within_a_minute_and_carries_half_of_what_the_formula_says() {
        let controls = Controls::default();
        let Scene { plot, sustained } = scene(&controls);
        assert_eq!(plot.first_ms, Some(56_806));
        assert_eq!((controls.formula(), sustained.rate), (470, 250));
        assert_eq!(plot.taken.iter().max(), Some(&28_233));
        // It comes in waves: some seconds serve everybody, some nobody.
        assert!(plot.refused[60..].contains(&0) && plot.refused[60..].contains(&controls.rate));
        // Below the limit the curve levels out under the top.
        assert!(sustained.taken.iter().all(|taken| *taken < controls.ports()));
    }

    #[test]
    fn no_rate_above_the_one_found_holds_and_none_below_fails() {
        let controls = Controls::default();
        for rate in 240..262 {
            let mut run =
                ClientRun { until_error: true, ..ClientRun::new(&Controls { rate, ..controls }) };
            let plot = run.work(u64::MAX).expect("the budget is endless");
            assert_eq!(plot.first_ms.is_none(), rate <= 250, "{rate}");
        }
    }

    #[test]
    fn reuse_carries_whatever_is_tried_and_sixteen_ports_hardly_anything() {
        let tw_reuse = true;
        let wide = scene(&Controls { tw_reuse, rate: RATE_MAX, ..Controls::default() });
        assert_eq!((wide.plot.first_ms, wide.sustained.rate), (None, RATE_MAX));
        let few = Controls { range: (32_768, 32_783), rate: 4, tw_reuse: false };
        assert_eq!(scene(&few).plot.first_ms, Some(4_000));
        assert_eq!(scene(&few).sustained, Sustained::default());
        assert_eq!(scene(&Controls { tw_reuse, ..few }).sustained.rate, 8);
    }

    /// Every single call is made.
    fn made_one_by_one(controls: &Controls) -> (Vec<u32>, Option<u64>) {
        let mut kernel = Kernel::new(&controls.config()).expect("it boots");
        let (load, mut run) = (controls.load(), LoadRun::default());
        let (mut refused, mut first_ms) = (vec![0; SECONDS as usize], None);
        while let Some(call) = run.next_call(&load, &kernel) {
            if kernel.apply(&call).errno() == Some(Errno::EADDRNOTAVAIL) {
                first_ms.get_or_insert(run.elapsed_ms());
                refused[(run.elapsed_ms() / 1000) as usize] += 1;
            }
        }
        (refused, first_ms)
    }

    #[test]
    fn calls_that_must_fail_are_counted_as_if_they_were_made() {
        for (ports, rate, tw_reuse) in [(90, 20, false), (50, 30, true), (16, 40, true)] {
            let range = (40_000, 40_000 + ports - 1);
            let controls = Controls { rate, range, tw_reuse };
            let plot = ClientRun::new(&controls).work(u64::MAX).expect("the budget is endless");
            assert_eq!((plot.refused, plot.first_ms), made_one_by_one(&controls));
        }
    }

    #[test]
    fn a_scene_is_read_back_from_its_numbers() {
        let scene = scene(&Controls { rate: 9, range: (40_000, 40_700), tw_reuse: false });
        assert_eq!(Scene::of_numbers(&scene.numbers()), Some(scene));
        assert_eq!(Scene::of_numbers(&[1, 2, 3]), None);
    }

    #[test]
    fn the_lab_gets_the_failing_call() {
        let machine = crate::run(&saved(&Controls::default()).history);
        assert_eq!(machine.frame().walk.map(|walk| walk.tally.timewait()), Some(28_233));
    }
}
