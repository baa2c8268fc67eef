//! From a kernel at a moment to a [`Frame`] of it.

use error99_kernel::rules::TimerRule;
use error99_kernel::{
    Addr, Answer, Asked, BoundCheck, Call, EstablishedCheck, Event, Home, Kernel, Outlook,
    OwnerView, PortState, Probe, Question, Sweep, Sysctl, SysctlValue, TimewaitCause, Tuple,
    Verdict, WalkEnd,
};

use crate::frame::{
    AGES, CallKind, CallView, ChainView, CheckView, CodeView, EventView, Found, Frame, Knobs,
    NodeView, Part, PortCell, ProbeView, QuestionView, Seen, StepPlace, Tally, TapeItem, WalkView,
    call_name,
};
use crate::history::Step;
use crate::knob::Values;
use crate::listing::Spot;
use crate::lit::{LINES_BEFORE_LOOP, asked_on, is_timer, lines_of, lit, passed_before};
use crate::machine::{Machine, port_of, range, ret_of};
use crate::ports::Ports;
use crate::steps::{Shown, Told};
use crate::tape::{self, TapePlace};

/// Marks on the timeline that a frame holds.
const MARKS: usize = 64;

impl Machine {
    /// Everything that is shown of this moment, but for the page of ports.
    pub fn frame(&self) -> Frame {
        let kernel = self.kernel();
        // The walk, and whatever the call asked, met the ports as they were before the call.
        let before = self.outlook(&self.base.kernel);
        let walk = self.walk(&before);
        let probe = self.probe_under_glass();
        let hand = self.by_hand();
        let code = self.code();
        Frame {
            at: self.at(),
            total: self.total(),
            machine: self.knobs(kernel),
            home: self.home(kernel, walk.as_ref()),
            call: self.shown.as_ref().map(|shown| self.call_view(shown)),
            event: self.event(),
            load: self.load_over(),
            bucket: probe.map(|probe| self.bucket(probe, &before)),
            check: self.check(probe, &code, &before),
            code,
            walk,
            program: self.program(),
            marks: self.marks_shown(),
            open_by_hand: hand.open(),
            sockets: hand.rows(kernel),
        }
    }

    /// The state of every port of the range towards the destination that is looked at: the
    /// destination of the connect under the glass, or the one given to [`Machine::look_at`].
    pub fn ports(&self) -> Ports {
        ports_towards(self.kernel(), self.wanted(0))
    }

    /// What the page of ports depends on: it's worth drawing again only when this changes.
    pub fn ports_key(&self) -> (u32, Tuple) {
        let calls = match (&self.shown, self.at().step) {
            (Some(shown), None) => shown.after.done,
            _ => self.base.done,
        };
        (calls, self.wanted(0))
    }

    /// Rows of the timeline around the call under the glass.
    fn marks_shown(&self) -> Vec<crate::frame::Mark> {
        let marks = self.marks.list();
        let here = marks.partition_point(|mark| mark.call <= self.base.done);
        let end = (here + MARKS / 4).clamp(MARKS.min(marks.len()), marks.len());
        marks[end.saturating_sub(MARKS)..end].to_vec()
    }

    /// The 4-tuple that a connect gives port `sport`: of the connect under the glass, or to the
    /// destination looked at.
    pub(crate) fn wanted(&self, sport: u16) -> Tuple {
        let routed = self.shown.as_ref().and_then(|shown| {
            shown.events().find_map(|event| match (event, &shown.call) {
                (Event::Routed { source, destination, .. }, Call::Connect { dport, .. }) => {
                    Some((*source, *destination, *dport))
                }
                _ => None,
            })
        });
        let (laddr, faddr, fport) = routed.unwrap_or_else(|| {
            let (dst, dport) = self.lens();
            let source = self.kernel().route(dst).map_or(Addr::ANY, |route| route.source);
            (source, dst, dport)
        });
        Tuple { laddr, lport: sport, faddr, fport }
    }

    /// A kernel's ports towards the destination that is looked at.
    fn outlook<'k>(&self, kernel: &'k Kernel) -> Outlook<'k> {
        let Tuple { laddr, faddr, fport, .. } = self.wanted(0);
        kernel.outlook(laddr, faddr, fport)
    }

    fn call_view(&self, shown: &Shown) -> CallView {
        let returned = self.at().step.is_none();
        let number = shown.after.connects;
        let number = Some(number).filter(|number| *number > self.base.connects);
        let before = port_of(&self.base.kernel, &shown.call);
        let after = port_of(&shown.after.kernel, &shown.call);
        CallView {
            number,
            kind: kind(shown, before),
            ret: returned.then(|| ret_of(&shown.call, shown.reply)),
            port: if matches!(shown.call, Call::Close { .. }) { before } else { after },
        }
    }

    fn knobs(&self, kernel: &Kernel) -> Knobs {
        let (low, high) = range(kernel);
        Knobs {
            release: self.history.config.release,
            hz: self.history.config.hz,
            now_ms: kernel.now_ms(),
            range: [low, high],
            sysctls: Values::of(kernel),
            reserved: kernel.sysctl_text(Sysctl::ReservedPorts),
            ehash_size: kernel.ehash_size(),
            bhash_size: kernel.bhash_size(),
            mix: self.history.config.mix,
            hint: kernel.hint(),
            source: self.history.config.default_src,
        }
    }

    /// The home of the destination that is looked at, if it moves; of a walk its own, which may be
    /// in a range of a socket's.
    fn home(&self, kernel: &Kernel, walk: Option<&WalkView>) -> Option<Home> {
        let Tuple { laddr, faddr, fport, .. } = self.wanted(0);
        let home = kernel.moving_home(laddr, faddr, fport)?;
        Some(Home { port: walk.map_or(home.port, |walk| walk.home), ..home })
    }

    // ── the event ───────────────────────────────────────────────

    /// Place of the event under the glass.
    fn told_at(&self, shown: &Shown) -> Option<usize> {
        match self.at().step {
            Some(step) => shown.place(step),
            None => decided_by(shown),
        }
    }

    fn event(&self) -> Option<EventView> {
        let shown = self.shown.as_ref()?;
        let told = shown.told[self.told_at(shown)?];
        let place = self.at().step.map(|step| StepPlace {
            part: match (shown.walked(), step.probe) {
                (false, _) => Part::Call,
                (true, 0) => Part::Before,
                (true, _) => Part::After,
            },
            step: step.line + 1,
            steps: shown.lines(step.probe),
        });
        Some(EventView { told, place })
    }

    // ── the code ────────────────────────────────────────────────

    fn code(&self) -> CodeView {
        let Some(shown) = &self.shown else { return CodeView::default() };
        let rules = self.base.kernel.release().rules();
        let reached = walked_to(shown, self.at().step);
        let event = self.told_at(shown).filter(|place| !shown.in_walk(*place));
        let lit = match event {
            Some(place) => {
                let before = shown.told[..place].iter().rev();
                let timer = before.map(|told| &told.event).find(|event| is_timer(rules, event));
                lit(rules, &shown.call, timer, &shown.told[place].event)
            }
            None => reached.last().copied(),
        };
        CodeView { lit, reached }
    }

    // ── the walk ────────────────────────────────────────────────

    fn probe_under_glass(&self) -> Option<&Probe> {
        let shown = self.shown.as_ref()?;
        match self.at().step {
            Some(Step { probe, .. }) if probe <= shown.probe_count() => shown.probe(probe),
            _ => shown.probes.last(),
        }
    }

    fn walk(&self, before: &Outlook<'_>) -> Option<WalkView> {
        let shown = self.shown.as_ref()?;
        let (hash, hash_forced, hint, order, home) =
            shown.events().find_map(|event| match *event {
                Event::WalkStarted { hash, hash_forced, hint, order, home, .. } => {
                    Some((hash as u32, hash_forced, hint, order, home))
                }
                _ => None,
            })?;
        let (end, hint_after) = shown.walk_end()?;
        let step = self.at().step;
        let decided = match step {
            Some(Step { probe: 0, .. }) => 0,
            Some(Step { probe, line }) if probe <= shown.probe_count() => {
                probe - u32::from(line + 1 < shown.lines(probe))
            }
            _ => shown.probe_count(),
        };
        let over = step
            .is_none_or(|step| shown.place(step).is_some_and(|place| shown.walk_is_over(place)));
        let mut walk = WalkView {
            order,
            low: order.low(),
            high: order.high(),
            hash,
            hash_forced,
            hint,
            offset: order.offset(),
            start: order.port_of(1),
            home,
            last: order.port_of(order.steps()),
            wrap: order.wrap(),
            probes: shown.probe_count(),
            decided,
            tally: tally(&shown.probes[..decided as usize]),
            missed: if end == WalkEnd::Exhausted { order.unvisited() } else { 0 },
            end,
            probe: self.probe_under_glass().map(|probe| probe_view(probe, step)),
            hint_after: over.then_some(hint_after),
            tape: Vec::new(),
        };
        if end == WalkEnd::EmptyRange {
            return Some(walk);
        }
        walk.tape = self.tape(&walk, &shown.probes, before);
        Some(walk)
    }

    fn tape(&self, walk: &WalkView, probes: &[Probe], before: &Outlook<'_>) -> Vec<TapeItem> {
        let cursor = walk.probe.as_ref().map_or(1, |probe| probe.i);
        let sweeps: Vec<Sweep> = walk.order.sweeps().collect();
        let seams: Vec<u32> = sweeps.iter().map(Sweep::last_step).collect();
        let ends_pass = |after| {
            sweeps.windows(2).any(|two| two[0].last_step() == after && two[0].pass < two[1].pass)
        };
        tape::lay_out(walk.steps(), &seams, cursor)
            .into_iter()
            .map(|place| match place {
                TapePlace::Seam(after) if ends_pass(after) => TapeItem::NextPass,
                TapePlace::Seam(_) => TapeItem::Wrap,
                TapePlace::Fold { from, to } => TapeItem::Fold {
                    count: to - from + 1,
                    seen: if to <= walk.decided { Seen::Refused } else { Seen::Ahead },
                },
                TapePlace::Cell(i) => self.tape_cell(walk, probes, i, before),
            })
            .collect()
    }

    fn tape_cell(
        &self,
        walk: &WalkView,
        probes: &[Probe],
        i: u32,
        before: &Outlook<'_>,
    ) -> TapeItem {
        let probe = probes.get(i as usize - 1);
        let port = probe.map_or_else(|| walk.port_of(i), |probe| probe.port);
        let here = walk.probe.as_ref().is_some_and(|probe| probe.i == i);
        let decided = i <= walk.decided;
        let takes = probe.is_some_and(|probe| probe.verdict.takes_port());
        let seen = match (here, decided) {
            (true, true) if takes => Seen::Taken,
            (true, true) => Seen::NowRefused,
            (true, false) => Seen::Now,
            (false, true) => Seen::Refused,
            (false, false) => Seen::Ahead,
        };
        let kernel = &self.base.kernel;
        let state = before.port(port);
        let now_ms = kernel.now_ms();
        let index = kernel.bucket_index(port);
        TapeItem::Cell {
            i,
            port,
            cell: cell(state, now_ms),
            left_ms: left_ms(state, now_ms),
            seen,
            bucket: (index, kernel.chain(index).count() as u32),
        }
    }

    // ── the bucket ──────────────────────────────────────────────

    fn bucket(&self, probe: &Probe, before: &Outlook<'_>) -> ChainView {
        let kernel = &self.base.kernel;
        let (low, high) = range(kernel);
        let chain = kernel.chain(probe.bucket).map(|bucket| NodeView {
            port: bucket.port,
            fastreuse: bucket.fastreuse.value(),
            owners: bucket.owners,
            cell: (low..=high)
                .contains(&bucket.port)
                .then(|| cell(before.port(bucket.port), kernel.now_ms())),
        });
        ChainView {
            index: probe.bucket,
            port: probe.port,
            mask: kernel.bhash_mask(),
            chain: chain.collect(),
            scanned: probe.scanned,
            found: probe.fastreuse.is_some(),
        }
    }

    // ── the check ───────────────────────────────────────────────

    /// The check, as far as the kernel has come with it.
    fn check(
        &self,
        probe: Option<&Probe>,
        code: &CodeView,
        before: &Outlook<'_>,
    ) -> Option<CheckView> {
        if let Some(probe) = probe {
            let wanted = self.wanted(probe.port);
            let (told_on, found) = match &probe.check {
                None if probe.verdict == Verdict::Reserved => {
                    (Spot::Reserved, Found::NotAskedReserved)
                }
                None if probe.fastreuse.is_none() => (Spot::NoBucket, Found::NotAskedFree),
                None => (Spot::BindOwns, Found::NotAskedBind),
                Some(check) if check.timewait.is_some() => {
                    (Spot::InTimewait, self.found(wanted, check, before))
                }
                Some(check) => (Spot::Alive, self.found(wanted, check, before)),
            };
            let found = if code.reached.contains(&told_on) { found } else { Found::NotAskedYet };
            let reached = |question| code.reached.contains(&asked_on(question));
            let questions = questions(probe.check.as_ref(), reached);
            return Some(CheckView { wanted, found, questions, bound: None });
        }
        let shown = self.shown.as_ref()?;
        let (place, bound) = shown.events().enumerate().find_map(|(place, event)| match event {
            Event::BoundChecked(bound) => Some((place, bound)),
            _ => None,
        })?;
        let here = self.at().step.and_then(|step| shown.place(step));
        Some(self.bound_check(bound, here.is_none_or(|here| here >= place), before))
    }

    /// The check of a socket with a port of its own, once it is `asked`.
    fn bound_check(&self, bound: &BoundCheck, asked: bool, before: &Outlook<'_>) -> CheckView {
        let wanted = self.wanted(bound.port);
        let found =
            if asked { self.found(wanted, &bound.check, before) } else { Found::NotAskedYet };
        let questions = questions(Some(&bound.check), |_| asked);
        CheckView { wanted, found, questions, bound: Some(bound.verdict) }
    }

    fn found(&self, wanted: Tuple, check: &EstablishedCheck, before: &Outlook<'_>) -> Found {
        let kernel = &self.base.kernel;
        let owners = || before.owners(wanted.lport);
        let timewait = check.timewait.and_then(|seen| {
            owners().find_map(|owner| match owner {
                OwnerView::Timewait(timewait) if timewait.tuple == wanted => {
                    Some(Found::Timewait {
                        substate: timewait.substate,
                        ago_ms: kernel.now_ms().saturating_sub(timewait.began_ms),
                        left_ms: timewait.ends_ms.saturating_sub(kernel.now_ms()),
                        tw_reuse: one(kernel, Sysctl::TwReuse),
                        age_s: seen.age_s(),
                        age_ms: seen.age_ms(),
                        reuse: seen.reuse,
                    })
                }
                _ => None,
            })
        });
        let live = || {
            owners().find_map(|owner| match owner {
                OwnerView::Live(socket) if socket.tuple() == wanted => {
                    Some(Found::Live { state: socket.state })
                }
                _ => None,
            })
        };
        timewait.or_else(live).unwrap_or(Found::Nobody)
    }
}

/// The questions of a check, as far as they are `reached`; what an answer settles is known with it.
fn questions(
    check: Option<&EstablishedCheck>,
    reached: impl Fn(Question) -> bool,
) -> Vec<QuestionView> {
    let Some(seen) = check.and_then(|check| check.timewait) else { return Vec::new() };
    let mut known = true;
    let views = seen.questions().map(|Asked { question, answer, truth }| {
        known = match answer {
            Answer::Yes | Answer::No => reached(question),
            Answer::Settled => known,
            Answer::WalkOnly => true,
        };
        QuestionView { question, answer: known.then_some(answer), truth }
    });
    views.collect()
}

fn one(kernel: &Kernel, sysctl: Sysctl) -> i32 {
    match kernel.sysctl(sysctl) {
        SysctlValue::One(value) | SysctlValue::Two(value, _) => value,
    }
}

fn kind(shown: &Shown, port: u16) -> CallKind {
    match &shown.call {
        Call::Socket { .. } => CallKind::Socket,
        Call::Connect { dst, dport, .. } => CallKind::Connect { dst: *dst, dport: *dport },
        Call::Bind { addr, port, .. } => CallKind::Bind { addr: *addr, port: *port },
        Call::Listen { .. } => CallKind::Listen,
        Call::Close { how, .. } => CallKind::Close { how: *how, port },
        Call::Advance { ms } => CallKind::Advance { ms: *ms, ended: ended(shown) },
        Call::Sysctl { sysctl, .. } | Call::SysctlText { sysctl, .. } => CallKind::Sysctl {
            name: sysctl.name().into(),
            value: shown.after.kernel.sysctl(*sysctl).to_string(),
        },
        Call::TwFin { .. } => CallKind::TwFin,
        Call::Rekey { .. } => CallKind::Rekey,
        other => CallKind::Other { name: call_name(other).into() },
    }
}

/// Mini-sockets that timers ended in a call.
fn ended(shown: &Shown) -> u32 {
    let wheel = shown.after.kernel.release().rules().timers == TimerRule::Wheel;
    let of = |told: &Told| match told.event {
        Event::CalendarTick { ended, .. } | Event::FastTick { ended, .. } => ended,
        Event::TimewaitEnded { cause: TimewaitCause::Timer, .. } if wheel => {
            told.ended.map_or(1, |ended| ended.count)
        }
        _ => 0,
    };
    shown.told.iter().map(of).sum()
}

/// Place of the event that decided a call: of a walk only what went wrong after it, of other calls
/// a refusal, or the deed that they are for, or simply what happened last.
fn decided_by(shown: &Shown) -> Option<usize> {
    let tells = |told: &Told| match told.event {
        Event::SynFailed { .. } => true,
        _ => !shown.walked() && decides(&told.event),
    };
    let last = shown.told.len().checked_sub(1).filter(|_| !shown.walked());
    shown.told.iter().rposition(tells).or(last)
}

fn decides(event: &Event) -> bool {
    matches!(
        event,
        Event::NoSuchSocket { .. }
            | Event::Problem(_)
            | Event::ConnectRefused(_)
            | Event::BoundChecked(_)
            | Event::BindRefused(_)
            | Event::ListenRefused(_)
            | Event::PortJoined { .. }
            | Event::TimewaitMade { .. }
            | Event::TimewaitOverflow { .. }
            | Event::TimewaitRestarted { .. }
            | Event::FinWait2Waits { .. }
    )
}

/// The lines of a walk that have run for the port that a step looks at, the last one lit; at the
/// return, for the last port. None before the walk and without one.
fn walked_to(shown: &Shown, step: Option<Step>) -> Vec<Spot> {
    let Some((end, _)) = shown.walk_end() else { return Vec::new() };
    let over = (LINES_BEFORE_LOOP.len(), shown.probes.last(), usize::MAX);
    let (before, probe, lines) =
        step.map_or(over, |step| match (shown.before_loop(step), shown.probe(step.probe)) {
            (Some(line), _) => (line as usize + 1, None, 0),
            (None, Some(probe)) => (LINES_BEFORE_LOOP.len(), Some(probe), step.line as usize + 1),
            (None, None) if step.probe == 0 => (0, None, 0),
            (None, None) => over,
        });
    let mut reached = Vec::new();
    let first = LINES_BEFORE_LOOP.into_iter().take(before);
    for line in first.chain(probe.map(lines_of).unwrap_or_default().into_iter().take(lines)) {
        reached.extend(passed_before(line));
        reached.push(line);
    }
    if lines == usize::MAX {
        reached.push(if end == WalkEnd::Found { Spot::Take } else { Spot::Fail });
    }
    reached
}

fn probe_view(probe: &Probe, step: Option<Step>) -> ProbeView {
    let lines = lines_of(probe).len() as u8;
    let step = step.filter(|step| step.probe == probe.i);
    ProbeView {
        i: probe.i,
        port: probe.port,
        bucket: probe.bucket,
        scanned: probe.scanned,
        fastreuse: probe.fastreuse.map(|fastreuse| fastreuse.value()),
        verdict: probe.verdict,
        line: step.map_or(lines - 1, |step| step.line.min(u32::from(lines) - 1) as u8),
        lines,
    }
}

/// Counts the verdicts of some probes.
pub(crate) fn tally(probes: &[Probe]) -> Tally {
    use error99_kernel::TimewaitRefusal::{
        HalfClosed, LoopbackOnly, NoStamp, ReuseOff, TooEarly, TooYoung,
    };
    let mut tally = Tally::default();
    for probe in probes {
        match probe.verdict {
            Verdict::BindOwned => tally.bind += 1,
            Verdict::Reserved => tally.reserved += 1,
            Verdict::LiveSameTuple => tally.live += 1,
            Verdict::Timewait(NoStamp) => tally.no_stamp += 1,
            Verdict::Timewait(HalfClosed) => tally.half_closed += 1,
            Verdict::Timewait(ReuseOff) => tally.reuse_off += 1,
            Verdict::Timewait(LoopbackOnly) => tally.loopback_only += 1,
            Verdict::Timewait(TooYoung { .. }) => tally.too_young += 1,
            Verdict::Timewait(TooEarly { .. }) => tally.too_early += 1,
            Verdict::New | Verdict::TimewaitTaken | Verdict::Shared | Verdict::NoMemory => {}
        }
    }
    tally
}

/// A port's state as the page draws it at `now_ms`.
pub(crate) fn cell(state: PortState, now_ms: u64) -> PortCell {
    match state {
        PortState::Free => PortCell::Free,
        PortState::BindOwned | PortState::Reserved => PortCell::Bind,
        PortState::LiveSame => PortCell::Live,
        PortState::LiveOther => PortCell::Shared,
        PortState::Timewait { began_ms, ends_ms, .. } => {
            let whole = ends_ms.saturating_sub(began_ms).max(1);
            let gone = now_ms.saturating_sub(began_ms).min(whole - 1);
            PortCell::Timewait((gone * u64::from(AGES) / whole) as u8)
        }
    }
}

/// The story of one port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peek {
    /// The port.
    pub port: u16,
    /// Its state towards the destination looked at.
    pub cell: PortCell,
    /// For a TIME_WAIT, when the calendar will end it, in milliseconds from now.
    pub left_ms: Option<u64>,
    /// Its bucket.
    pub bucket: u32,
    /// Entries in its list of owners; `None` without a bind bucket.
    pub owners: Option<u32>,
    /// The probe at which the walk under the glass visits it, if it ever does.
    pub probe: Option<u32>,
}

impl Machine {
    /// The story of a port at the moment shown.
    pub fn peek(&self, port: u16) -> Peek {
        let kernel = self.kernel();
        let state = self.outlook(kernel).port(port);
        Peek {
            port,
            cell: cell(state, kernel.now_ms()),
            left_ms: left_ms(state, kernel.now_ms()),
            bucket: kernel.bucket_index(port),
            owners: kernel.bucket(port).map(|bucket| bucket.owners),
            probe: self.probe_at(port),
        }
    }
}

/// The ports of a kernel's range towards the destination of `wanted`.
pub(crate) fn ports_towards(kernel: &Kernel, wanted: Tuple) -> Ports {
    let (low, high) = range(kernel);
    let states = kernel.survey(low, high, wanted.laddr, wanted.faddr, wanted.fport);
    Ports { low, cells: states.map(|state| cell(state, kernel.now_ms())).collect() }
}

fn left_ms(state: PortState, now_ms: u64) -> Option<u64> {
    match state {
        PortState::Timewait { ends_ms, .. } => Some(ends_ms.saturating_sub(now_ms)),
        _ => None,
    }
}
