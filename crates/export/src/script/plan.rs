//! The whole script as data: the machine, its neighbours, and the steps.

use std::collections::{BTreeMap, BTreeSet};

use error99_kernel::{
    Addr, Call, Errno, Kernel, PortState, Release, SocketName, Sysctl, SysctlValue, Tuple,
};
use error99_replay::act::{Act, ActRun, BindAct};
use error99_replay::history::History;
use error99_replay::load::{Load, LoadClose};
use error99_replay::run::legs;
use error99_replay::scenario::act_json;
use error99_vocabulary::Json;

use super::predict::errno;
use super::step::{ScriptStep, Towards, keys};
use super::walk::want_ports;
use super::why::{self, Why};
use super::{SERVERS_MAX, SOCKETS_MAX, STEPS_MAX, ScriptError, WORK_MAX};

/// A load of more connections than this takes a noticeable time.
const NOTICEABLE: u32 = 1_000;

/// A model on its way through the branch, and what has been planned so far.
pub struct Planner {
    /// Whose rules the model goes by.
    pub release: Release,
    pub kernel: Kernel,
    /// Addresses of the machine.
    own: Vec<Addr>,
    steps: Vec<ScriptStep>,
    /// What the model has done, in calls and probes.
    pub work: u64,
    /// Sockets that have been opened.
    pub sockets: u32,
    /// Every port range that was ever in force.
    ranges: BTreeSet<(u16, u16)>,
    /// Buckets of automatic choice that a bind made exclusive.
    pub lowered: BTreeSet<u16>,
    /// Buckets of automatic choice that a bind joined, and left as they are.
    pub joined: BTreeSet<u16>,
    /// The kernel has chosen a port for bind or listen.
    pub searched: bool,
    /// Ports that the kernel chose.
    pub chosen: BTreeSet<u16>,
    /// Connections that wait in FIN_WAIT2.
    pub half_closed: Vec<(Tuple, SocketName)>,
    /// Hosts that come in from elsewhere.
    pub peers: BTreeSet<Addr>,
    /// Own addresses that a call needs.
    pub locals: BTreeSet<Addr>,
    /// Some step took so long that ages of a second can't be told any more.
    pub took_time: bool,
}

/// Plans the branch shown, and writes it down.
pub fn plan(history: &History) -> Result<String, ScriptError> {
    history.check().map_err(ScriptError::History)?;
    let config = &history.config;
    let kernel = Kernel::new(config).map_err(ScriptError::Config)?;
    let source = config.default_src;
    if !config.local.contains(&source) && !source.is_loopback() {
        return Err(ScriptError::Source);
    }
    let legs = legs(history, history.tip);
    if legs.len() > STEPS_MAX {
        return Err(ScriptError::TooManySteps);
    }
    let boot = boot(&kernel, config.release);
    let mut planner = Planner {
        release: config.release,
        ranges: BTreeSet::from([kernel.port_range()]),
        kernel,
        own: config.local.clone(),
        steps: Vec::new(),
        work: 0,
        sockets: 0,
        lowered: BTreeSet::new(),
        joined: BTreeSet::new(),
        searched: false,
        chosen: BTreeSet::new(),
        half_closed: Vec::new(),
        peers: BTreeSet::new(),
        locals: BTreeSet::from([source]),
        took_time: false,
    };
    for leg in legs {
        let act = &history.acts[leg.id as usize].act;
        planner.act(act, leg.limit.unwrap_or(u32::MAX))?;
    }
    planner.finish(source, boot)
}

/// The sysctls at boot, and whether the script makes sense without them.
fn boot(kernel: &Kernel, release: Release) -> Vec<Json> {
    let written = |sysctl: &Sysctl| {
        let value = kernel.sysctl(*sysctl);
        match (sysctl, value) {
            (Sysctl::TwRecycle, SysctlValue::One(0)) => false,
            (Sysctl::PortRange, SysctlValue::Two(low, high)) => low <= high,
            _ => true,
        }
    };
    let entry = |sysctl: Sysctl| {
        let needed = sysctl == Sysctl::PortRange;
        let value = kernel.sysctl_text(sysctl);
        Json::List(vec![sysctl.name().into(), value.into(), needed.into()])
    };
    release.sysctls().filter(written).map(entry).collect()
}

impl Planner {
    fn act(&mut self, act: &Act, limit: u32) -> Result<(), ScriptError> {
        let step = match act {
            Act::Call(_) if limit == 0 => return Ok(()),
            Act::Call(call) => {
                self.sockets +=
                    u32::from(matches!(call, Call::Socket { .. } | Call::Accept { .. }));
                if let Call::Bind { addr, .. } = call {
                    self.locals.insert(*addr);
                }
                self.single(call)
            }
            Act::Load(load) => self.load(load, limit)?,
            Act::Bind(act) => self.bind_each(act, limit)?,
        };
        if self.work > WORK_MAX {
            return Err(ScriptError::TooMuchWork);
        }
        self.ranges.insert(self.kernel.port_range());
        self.steps.push(step);
        Ok(())
    }

    /// Whether an address is one of the machine's own.
    pub fn is_own(&self, addr: Addr) -> bool {
        addr.is_loopback() || self.own.contains(&addr)
    }

    /// Whether a port lies in a range that is or was in force.
    pub fn in_some_range(&self, port: u16) -> bool {
        self.ranges.iter().any(|(low, high)| (low..=high).contains(&&port))
    }

    /// Whether it's certain which ports are in use when none is left: not if some of them were
    /// chosen for bind, or are both bound and shared.
    pub fn ports_are_certain(&self) -> bool {
        !self.searched && self.joined.is_empty() && self.lowered.is_empty()
    }

    /// Whether the kernel may choose this port, has other ones to choose from, and has chosen one.
    pub fn is_a_choice(&self, port: u16) -> bool {
        let (low, high) = self.kernel.port_range();
        let range = low..=high;
        low < high && range.contains(&port) && self.chosen.iter().any(|port| range.contains(port))
    }

    // ── many calls ──────────────────────────────────────────────

    /// A load, with as many of its connections as there is room for.
    fn load(&mut self, load: &Load, limit: u32) -> Result<ScriptStep, ScriptError> {
        let room = SOCKETS_MAX - self.sockets.min(SOCKETS_MAX);
        let cut = Load { connections: load.connections.min(room), ..load.clone() };
        let mut step = ScriptStep::new(act_json(&Act::Load(cut.clone())));
        if room == 0 {
            return Ok(step.skipped([Why::Cut]));
        }
        if cut.connections < load.connections {
            step = step.with("cut_from", load.connections);
        }
        self.sockets += cut.connections;
        let before: Vec<_> = self.kernel.timewaits().collect();
        self.work += 10 * before.len() as u64;
        let run = self.run(&Act::Load(cut.clone()), limit)?;
        self.doubt_load(&mut step, &cut, &run);
        step.from_here.extend(self.ended(&before));
        self.nearly_full(&mut step);
        self.took_time |= cut.connections > NOTICEABLE || run.ms > 0;
        let mut step = step.with("calls", run.calls).with("ms", run.ms as i64);
        run.want(&mut step);
        let exhausted = run.failed.contains_key(&Errno::EADDRNOTAVAIL.code());
        if exhausted && cut.also.is_none() && self.ports_are_certain() {
            self.in_use(&mut step, cut.dst, cut.dport);
        }
        let (dst, dport) = (cut.dst, cut.dport);
        step.towards = Some(Towards { dst, dport, answers: true, certain: run.ok == 0 });
        Ok(step)
    }

    fn doubt_load(&self, step: &mut ScriptStep, load: &Load, run: &Run) {
        let exhausted = run.failed.contains_key(&Errno::EADDRNOTAVAIL.code());
        let source = self.kernel.route(load.dst).map_or(Addr::ANY, |route| route.source);
        let full = || self.usable(source, load.dst, load.dport) == 0;
        if self.is_odd() && (exhausted || full()) {
            step.may.insert(Why::OddRange);
        }
        if exhausted && !self.lowered.is_empty() {
            step.may.insert(Why::Shareable);
        }
        if !self.joined.is_empty() {
            step.may.insert(Why::Joined);
        }
        if run.ended {
            step.may.insert(Why::Lifetime);
            step.from_here.insert(Why::Lifetime);
        }
        let reuse = self.kernel.sysctl(Sysctl::TwReuse) != SysctlValue::One(0);
        if reuse && load.hold_ms.is_some() && load.close == LoadClose::Active {
            step.may.insert(Why::Pace);
        }
    }

    /// The ports in use towards a destination, as the next connect there would meet them.
    fn in_use(&self, step: &mut ScriptStep, dst: Addr, dport: u16) {
        let source = self.kernel.route(dst).map_or(Addr::ANY, |route| route.source);
        let (low, high) = self.kernel.port_range();
        let states = self.kernel.survey(low, high, source, dst, dport);
        let taken = (low..=high)
            .zip(states)
            .filter(|(_, state)| matches!(state, PortState::LiveSame | PortState::Timewait { .. }));
        want_ports(step, (source, dst, dport), taken.map(|(port, _)| port));
    }

    /// Sockets bound to a port each.
    fn bind_each(&mut self, act: &BindAct, limit: u32) -> Result<ScriptStep, ScriptError> {
        let mut step = ScriptStep::new(act_json(&Act::Bind(act.clone())));
        step.binds = Some(act.addr);
        self.sockets = self.sockets.saturating_add(act.sockets());
        if self.sockets > SOCKETS_MAX || limit < act.sockets().saturating_mul(2) {
            return Ok(step.skipped([Why::Cut]));
        }
        self.locals.insert(act.addr);
        let run = self.run(&Act::Bind(act.clone()), limit)?;
        let in_range = |[first, last]: &[u16; 2]| (*first..=*last).any(|p| self.is_a_choice(p));
        if act.ports.iter().any(in_range) {
            self.doubt_own_port(&mut step);
        }
        run.want(&mut step);
        Ok(step)
    }

    /// Makes an act's calls, and counts what comes of them.
    fn run(&mut self, act: &Act, limit: u32) -> Result<Run, ScriptError> {
        let (mut run, mut turns) = (Run::default(), ActRun::default());
        while run.calls < limit && self.work <= WORK_MAX {
            let Some(call) = turns.next_call(act, &self.kernel) else { break };
            let waiting = self.kernel.tw_count();
            let reply = self.kernel.apply(&call);
            self.work += 1 + u64::from(reply.steps);
            run.calls += 1;
            match call {
                Call::Connect { .. } | Call::Bind { .. } => run.count(errno(&call, reply)),
                Call::Advance { ms } => {
                    run.ms += ms;
                    run.ended |= self.kernel.tw_count() < waiting;
                }
                _ => {}
            }
            if let (Call::Connect { s, .. }, 0) = (&call, errno(&call, reply)) {
                self.chosen.extend(self.kernel.socket(*s).map(|socket| socket.num));
            }
        }
        if self.work > WORK_MAX { Err(ScriptError::TooMuchWork) } else { Ok(run) }
    }

    // ── writing ─────────────────────────────────────────────────

    /// What can be said only when all is known: who else must live on the machine.
    fn finish(mut self, source: Addr, boot: Vec<Json>) -> Result<String, ScriptError> {
        let mut from_start = BTreeSet::new();
        from_start.extend(self.ranges.iter().any(|(low, high)| low > high).then_some(Why::Range));
        let towards: Vec<Towards> = self.steps.iter().filter_map(|step| step.towards).collect();
        let answering: BTreeSet<Addr> =
            towards.iter().filter(|t| t.answers).map(|t| t.dst).collect();
        let elsewhere = |addr: &Addr| !self.is_own(*addr) && !addr.is_any();
        let servers: BTreeSet<Addr> =
            answering.union(&self.peers).copied().filter(elsewhere).collect();
        let silent: BTreeSet<Addr> = towards.iter().map(|t| t.dst).filter(elsewhere).collect();
        let silent: Vec<Addr> = silent.difference(&servers).copied().collect();
        let mut listen = BTreeSet::new();
        for Towards { dst, dport, answers, .. } in towards {
            let in_range = self.in_some_range(dport);
            if answers && !(self.is_own(dst) && in_range) && dport != 0 {
                listen.insert((dst, dport));
                from_start.extend(in_range.then_some(Why::ServerInRange));
            }
            if self.is_own(dst) {
                self.locals.insert(dst);
            }
        }
        if servers.len() + silent.len() + listen.len() > SERVERS_MAX {
            return Err(ScriptError::TooManyServers);
        }
        let mut steps = std::mem::take(&mut self.steps);
        for step in &mut steps {
            self.place(step, &servers, &listen);
        }
        let mut why = from_start.clone();
        steps.iter().for_each(|step| why.extend(step.may.iter().chain(&step.from_here)));
        let local = self.locals.iter().filter(|addr| self.own.contains(addr)).copied();
        let version = why::version(self.release);
        let machine = [
            ("source", source.to_string().into()),
            ("sockets", self.sockets.min(SOCKETS_MAX).into()),
            ("local", addresses(local)),
            ("servers", addresses(servers)),
            ("silent", addresses(silent)),
            ("listen", Json::List(listen.into_iter().map(server).collect())),
            ("sysctl", Json::List(boot)),
            ("from_start", keys(&from_start)),
            ("why", words(&why, self.release)),
            ("release", self.release.title().into()),
            ("version", Json::List(vec![version.0.into(), version.1.into()])),
            ("asks", (self.release > Release::V2_6_32).into()),
        ];
        let machine: Vec<String> =
            machine.into_iter().map(|(key, json)| format!("\"{key}\": {json}")).collect();
        let steps: Vec<String> = steps.into_iter().map(|step| step.json().to_string()).collect();
        Ok(format!("{{{},\n\"steps\": [\n{}\n]}}", machine.join(",\n"), steps.join(",\n")))
    }

    /// Doubts that come from who else lives on the machine.
    fn place(
        &self,
        step: &mut ScriptStep,
        servers: &BTreeSet<Addr>,
        listen: &BTreeSet<(Addr, u16)>,
    ) {
        if let Some(Towards { dst, dport, answers, certain }) = step.towards {
            let nobody = answers && !listen.contains(&(dst, dport));
            step.may.extend((nobody && !certain).then_some(Why::SelfConnect));
            step.may.extend((!answers && servers.contains(&dst)).then_some(Why::Silent));
            step.may.extend((!answers && self.is_own(dst)).then_some(Why::Silent));
            step.may.extend(dst.is_any().then_some(Why::ServerAddress));
        }
        let theirs = step.binds.is_some_and(|addr| servers.contains(&addr));
        step.may.extend(theirs.then_some(Why::ServerAddress));
    }
}

fn addresses(list: impl IntoIterator<Item = Addr>) -> Json {
    Json::List(list.into_iter().map(|addr| addr.to_string().into()).collect())
}

fn server((addr, port): (Addr, u16)) -> Json {
    Json::List(vec![addr.to_string().into(), port.into()])
}

/// The sentences of some reasons.
fn words(reasons: &BTreeSet<Why>, model: Release) -> Json {
    let version = |(major, minor): why::Version| Json::List(vec![major.into(), minor.into()]);
    let kernels =
        |[from, until]: [why::Version; 2]| Json::List(vec![version(from), version(until)]);
    let entry = |why: &Why| {
        let words = why.words();
        let fields = [
            ("kernels", Json::List(words.kernels(model).into_iter().map(kernels).collect())),
            ("en", words.en.into()),
            ("zh", words.zh.into()),
        ];
        (words.key.to_owned(), Json::object(fields))
    };
    Json::Object(reasons.iter().map(entry).collect())
}

/// What came of many calls.
#[derive(Default)]
struct Run {
    calls: u32,
    ok: u32,
    /// How often each errno came.
    failed: BTreeMap<i32, u32>,
    /// Time that passed.
    ms: u64,
    /// Connections stopped waiting meanwhile.
    ended: bool,
}

impl Run {
    fn count(&mut self, errno: i32) {
        match errno {
            0 => self.ok += 1,
            errno => *self.failed.entry(errno).or_default() += 1,
        }
    }

    fn want(&self, step: &mut ScriptStep) {
        let failed = self.failed.iter().map(|(errno, count)| (errno.to_string(), (*count).into()));
        step.want("ok", self.ok);
        step.want("failed", Json::Object(failed.collect()));
    }
}
