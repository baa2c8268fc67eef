//! A call taken apart: what happened in it, in order, as the steps in which a reader goes
//! through it.
//!
//! A call without a walk has one part, number 0, with a step for each event. A walk lies between
//! what comes before it, part 0, which ends with the two lines before the loop, and what comes
//! after it, a part behind the last probe; each probe is a part, with a step for each line that
//! it runs through. The kernel is shown as it was before the call until the call has returned.

use error99_kernel::{Call, Event, Probe, Reply, Sink, TimewaitCause, WalkEnd};

use crate::history::Step;
use crate::lit::{LINES_BEFORE_LOOP, lines_of};
use crate::run::State;

/// An event that is a step of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub event: Event,
    /// What a tick of a calendar ended, if it's more than one mini-socket: a long sleep ends tens
    /// of thousands, and they are no steps of their own.
    pub ended: Option<Ended>,
}

/// The mini-sockets that one tick ended, and what followed from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// How many.
    pub count: u32,
    /// Local port of the first one.
    pub first: u16,
    /// Local port of the last one.
    pub last: u16,
    /// Bind buckets that lost their last owner by that, and went.
    pub buckets: u32,
}

/// A call with everything that happened in it.
pub(crate) struct Shown {
    pub(crate) call: Call,
    pub(crate) reply: Reply,
    pub(crate) after: State,
    /// What happened, probes apart.
    pub(crate) told: Vec<Told>,
    /// Place of [`Event::WalkStarted`] in `told`: the probes come after it.
    walk: Option<usize>,
    /// The probes of a port walk.
    pub(crate) probes: Vec<Probe>,
}

impl Shown {
    /// Makes `call` and listens; `after` comes with the kernel before it.
    pub(crate) fn make(call: Call, mut after: State) -> Shown {
        let mut told = Listener::default();
        let reply = after.kernel.apply_traced(&call, &mut told);
        after.note(&call, reply);
        let walk = |told: &Told| matches!(told.event, Event::WalkStarted { .. });
        let walk = told.told.iter().position(walk);
        Shown { call, reply, after, told: told.told, walk, probes: told.probes }
    }

    /// Whether the call chose a port by walking.
    pub(crate) fn walked(&self) -> bool {
        self.walk.is_some()
    }

    /// How the walk ended, and the hint after it.
    pub(crate) fn walk_end(&self) -> Option<(WalkEnd, u32)> {
        self.events().find_map(|event| match *event {
            Event::WalkEnded { reason, hint_after, .. } => Some((reason, hint_after)),
            _ => None,
        })
    }

    /// What happened, probes and what is folded apart.
    pub(crate) fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.told.iter().map(|told| &told.event)
    }

    /// How many probes the call has.
    pub(crate) fn probe_count(&self) -> u32 {
        self.probes.len() as u32
    }

    /// Number of the last part.
    fn last_part(&self) -> u32 {
        if self.walked() { self.probe_count() + 1 } else { 0 }
    }

    /// How many steps a part has.
    pub(crate) fn lines(&self, part: u32) -> u32 {
        let told = self.told.len() as u32;
        let Some(walk) = self.walk else { return if part == 0 { told } else { 0 } };
        let before = walk as u32;
        match (part.checked_sub(1), self.probe(part)) {
            (None, _) => before + LINES_BEFORE_LOOP.len() as u32,
            (Some(_), Some(probe)) => lines_of(probe).len() as u32,
            (Some(_), None) => told - before - 1,
        }
    }

    /// The probe with that number, from 1.
    pub(crate) fn probe(&self, i: u32) -> Option<&Probe> {
        self.probes.get(i.checked_sub(1)? as usize)
    }

    /// Place in `told` of the event that is a step; none for the lines of a walk.
    pub(crate) fn place(&self, step: Step) -> Option<usize> {
        let line = step.line as usize;
        let place = match (self.walk, step.probe) {
            (None, 0) => line,
            (Some(walk), 0) => Some(line).filter(|line| *line < walk)?,
            (Some(walk), part) if part > self.probe_count() => walk + 1 + line,
            _ => return None,
        };
        Some(place).filter(|place| *place < self.told.len())
    }

    /// The line of the walk before its loop on which a step stands, from 0.
    pub(crate) fn before_loop(&self, step: Step) -> Option<u32> {
        let walk = self.walk? as u32;
        (step.probe == 0).then(|| step.line.checked_sub(walk)).flatten()
    }

    /// Whether the walk has ended by the event at that place.
    pub(crate) fn walk_is_over(&self, place: usize) -> bool {
        self.events().take(place + 1).any(|event| matches!(event, Event::WalkEnded { .. }))
    }

    /// Whether the event at that place is a part of the walk.
    pub(crate) fn in_walk(&self, place: usize) -> bool {
        let begun = self.walk.is_some_and(|walk| walk <= place);
        begun && !place.checked_sub(1).is_some_and(|before| self.walk_is_over(before))
    }

    /// The first step of the call; none if nothing happens in it.
    pub(crate) fn first_step(&self) -> Option<Step> {
        (self.lines(0) > 0).then_some(Step { probe: 0, line: 0 })
    }

    /// The last one.
    pub(crate) fn last_step(&self) -> Option<Step> {
        self.nearest_step(Step { probe: u32::MAX, line: u32::MAX })
    }

    /// The step that is nearest to one that may not exist.
    pub(crate) fn nearest_step(&self, step: Step) -> Option<Step> {
        let probe = step.probe.min(self.last_part());
        let last = self.lines(probe).checked_sub(1)?;
        Some(Step { probe, line: step.line.min(last) })
    }

    /// The step after `step`.
    pub(crate) fn step_after(&self, step: Step) -> Option<Step> {
        if step.line + 1 < self.lines(step.probe) {
            return Some(Step { line: step.line + 1, ..step });
        }
        (step.probe < self.last_part()).then_some(Step { probe: step.probe + 1, line: 0 })
    }

    /// The step before `step`.
    pub(crate) fn step_before(&self, step: Step) -> Option<Step> {
        match (step.line.checked_sub(1), step.probe.checked_sub(1)) {
            (Some(line), _) => Some(Step { line, ..step }),
            (None, Some(probe)) => Some(self.decision(probe)),
            (None, None) => None,
        }
    }

    /// The last step of a part: of a probe, where it is decided.
    pub(crate) fn decision(&self, part: u32) -> Step {
        Step { probe: part, line: self.lines(part).saturating_sub(1) }
    }
}

/// Keeps what a traced call tells, and folds what a tick ends.
#[derive(Debug, Default)]
pub struct Listener {
    /// What happened, probes apart.
    pub told: Vec<Told>,
    /// The probes of its walk.
    pub probes: Vec<Probe>,
}

impl Sink for Listener {
    fn event(&mut self, event: Event) {
        match event {
            Event::Probe(probe) => self.probes.push(probe),
            event if self.fold(&event) || self.gather(&event) => {}
            event => self.told.push(Told { event, ended: folds(&event).then(Ended::default) }),
        }
    }
}

impl Listener {
    /// Whether the event belongs to the tick before it, and has been added to that.
    fn fold(&mut self, event: &Event) -> bool {
        let Some(Told { event: before, ended: Some(ended) }) = self.told.last_mut() else {
            return false;
        };
        // What ends each by its own timer is told together only if it is at the same moment.
        if let (Some((before, _)), Some((now, _))) = (timed_out(before), timed_out(event))
            && before != now
        {
            return false;
        }
        match event {
            Event::TimewaitEnded { tuple, cause: TimewaitCause::Timer, .. } => {
                ended.first = if ended.count == 0 { tuple.lport } else { ended.first };
                ended.last = tuple.lport;
                ended.count += 1;
            }
            Event::BucketDestroyed { .. } => ended.buckets += 1,
            _ => return false,
        }
        true
    }
}

impl Listener {
    /// Whether the event is one of those that end at the moment of the one before, each by its own
    /// timer, and has been added to that one.
    fn gather(&mut self, event: &Event) -> bool {
        let Some((now, port)) = timed_out(event) else { return false };
        let bucket =
            matches!(self.told.last(), Some(Told { event: Event::BucketDestroyed { .. }, .. }));
        let Some(first) = self.told.len().checked_sub(1 + usize::from(bucket)) else {
            return false;
        };
        match self.told.get(first).and_then(|told| timed_out(&told.event)) {
            Some((moment, first_port)) if moment == now => {
                let buckets = u32::from(bucket);
                let ended = Ended { first: first_port, last: port, count: 2, buckets };
                self.told.truncate(first + 1);
                self.told[first].ended = Some(ended);
                true
            }
            _ => false,
        }
    }
}

/// When a mini-socket came to its end by a timer, and its port.
fn timed_out(event: &Event) -> Option<(u64, u16)> {
    match *event {
        Event::TimewaitEnded { cause: TimewaitCause::Timer, t_ms, tuple } => {
            Some((t_ms, tuple.lport))
        }
        _ => None,
    }
}

/// Whether what follows from the event is folded into it.
fn folds(event: &Event) -> bool {
    match event {
        Event::CalendarTick { ended, .. } | Event::FastTick { ended, .. } => *ended > 1,
        _ => false,
    }
}
