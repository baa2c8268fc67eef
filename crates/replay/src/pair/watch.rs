//! Two machines on their way through the same acts, call by call, listened to: which calls went
//! otherwise, and which differences of their rules have been seen in that.

use error99_kernel::{
    Addr, Call, ConfigError, Event, Fastreuse, Fastreuseport, Kernel, Sink, Sysctl, SysctlOutcome,
    SysctlValue, TimewaitCause, Verdict, WalkEnd, WalkOrder, range_size,
};

use super::topic::{Topic, differing};
use crate::act::Act;
use crate::frame::Ret;
use crate::grid::Parity;
use crate::history::History;
use crate::machine::{port_of, ret_of, work_of};
use crate::run::{Leg, State, legs};

/// Most calls that are kept as stops; of a longer history the first ones are.
pub const STOPS_MAX: usize = 100_000;

/// In what a call went otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallDiffers {
    /// It returned something else.
    Result,
    /// It probed another number of ports.
    Probes,
    /// Another number of TIME_WAITs ended in it.
    Ended,
    /// The kernel took something else from what was written into a knob.
    Taken,
    /// It got another port. In a load, whose calls are many, this alone isn't told.
    Port,
}

/// A call that went otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairStop {
    /// How many calls the first machine had made by its end.
    pub done: u32,
    /// In what.
    pub way: CallDiffers,
}

/// Where a difference of rules was seen first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicSeen {
    /// How many calls the first machine had made by then; 0 if it shows from the start.
    pub done: u32,
    /// What either machine did, as a number; what it counts depends on the topic.
    pub figures: [i64; 2],
}

/// The branch shown of two histories, side by side; to be worked on in slices.
pub struct Watch {
    sides: [Side; 2],
    topics: Vec<Topic>,
    stops: Vec<PairStop>,
    /// What was seen, in the order of the calls.
    seen: Vec<(Topic, TopicSeen)>,
    /// How far apart the figures were at most, for each of the topics.
    largest: Vec<Option<u64>>,
    finished: bool,
}

struct Side {
    history: History,
    state: State,
    legs: Vec<Leg>,
    /// A call that was made while the other machine still has calls of the same act to make.
    made: Option<Made>,
}

/// A call that was made, and what it told.
struct Made {
    /// The leg, and the number in it.
    place: (usize, u32),
    in_load: bool,
    call: Call,
    ret: Ret,
    port: u16,
    probes: u32,
    heard: Heard,
    gauges: [Gauges; 2],
    /// The flags of the bucket that its socket is in, and of that port's buckets by address.
    bucket: Option<Fastreuse>,
    addresses: Vec<(Addr, Fastreuse, Fastreuseport)>,
    /// The source address of its socket.
    source: Option<Addr>,
}

/// What is counted of a kernel before and after a call.
#[derive(Clone, Copy)]
struct Gauges {
    timewaits: u32,
    recycled: u32,
    stamp_second: u32,
    owners: i32,
}

impl Gauges {
    fn of(kernel: &Kernel) -> Gauges {
        Gauges {
            timewaits: kernel.tw_count(),
            recycled: kernel.recycled(),
            stamp_second: kernel.stamp_second(),
            owners: kernel.bsockets(),
        }
    }
}

/// What a call told, as far as anybody asks for it.
#[derive(Default)]
struct Heard {
    /// Whether probes are worth hearing: there are mini-sockets that they may meet.
    probes: bool,
    hash: Option<u64>,
    order: Option<WalkOrder>,
    end: Option<WalkEnd>,
    /// By how much the hint grew.
    grown: u32,
    /// Mini-sockets that were in the way, and whether one was taken over.
    refused: u32,
    taken: bool,
    /// Mini-sockets that timers ended.
    ended: u32,
    overflows: u32,
    restarted: u32,
    unanswered: u32,
    outcome: Option<SysctlOutcome>,
}

impl Sink for Heard {
    fn hears_probes(&self) -> bool {
        self.probes
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::WalkStarted { hash, hash_forced, order, .. } => {
                self.hash = (!hash_forced).then_some(hash);
                self.order = Some(order);
            }
            Event::Probe(probe) => match probe.verdict {
                Verdict::Timewait(_) => self.refused += 1,
                Verdict::TimewaitTaken => self.taken = true,
                _ => {}
            },
            Event::BoundChecked(check) => match check.verdict {
                Verdict::Timewait(_) => self.refused += 1,
                Verdict::TimewaitTaken => self.taken = true,
                _ => {}
            },
            Event::WalkEnded { reason, hint_before, hint_after, .. } => {
                self.end = Some(reason);
                self.grown = hint_after.wrapping_sub(hint_before);
            }
            Event::TimewaitEnded { cause: TimewaitCause::Timer, .. } => self.ended += 1,
            Event::TimewaitOverflow { .. } => self.overflows += 1,
            Event::TimewaitRestarted { .. } => self.restarted += 1,
            Event::SynFailed { .. } => self.unanswered += 1,
            Event::SysctlWritten { outcome, .. } => self.outcome = Some(outcome),
            _ => {}
        }
    }
}

impl Side {
    fn start(history: &History) -> Result<Side, ConfigError> {
        let state = State::boot(Kernel::new(&history.config)?);
        let history = history.clone();
        Ok(Side { legs: legs(&history, history.tip), state, history, made: None })
    }

    /// Makes the next call, unless the last one still waits; the work that it was, or nothing at the
    /// end.
    fn make(&mut self) -> Option<u64> {
        if self.made.is_some() {
            return Some(0);
        }
        let call = self.state.next_call(&self.history, &mut self.legs)?;
        let before = Gauges::of(&self.state.kernel);
        let mut heard = Heard { probes: before.timewaits > 0, ..Heard::default() };
        let reply = self.state.kernel.apply_traced(&call, &mut heard);
        self.state.note(&call, reply);
        let kernel = &self.state.kernel;
        let port = port_of(kernel, &call);
        let leg = self.legs[self.state.leg()];
        self.made = Some(Made {
            place: (self.state.leg(), self.state.in_leg()),
            in_load: matches!(self.history.acts[leg.id as usize].act, Act::Load(_)),
            ret: ret_of(&call, reply),
            port,
            probes: reply.steps,
            heard,
            gauges: [before, Gauges::of(kernel)],
            bucket: kernel.bucket(port).filter(|_| port != 0).map(|bucket| bucket.fastreuse),
            addresses: if port == 0 { Vec::new() } else { kernel.address_buckets(port) },
            source: call.socket_name().and_then(|s| kernel.socket(s)).map(|socket| socket.saddr),
            call,
        });
        Some(work_of(reply))
    }
}

impl Watch {
    /// Two machines that have just booted.
    ///
    /// # Errors
    /// One of them can't boot.
    pub fn start(histories: [&History; 2]) -> Result<Watch, ConfigError> {
        let sides = [Side::start(histories[0])?, Side::start(histories[1])?];
        let topics = differing(histories.map(|history| history.config.release));
        let largest = vec![None; topics.len()];
        let (stops, seen) = (Vec::new(), Vec::new());
        let mut watch = Watch { sides, topics, stops, seen, largest, finished: false };
        watch.look_at_boot();
        Ok(watch)
    }

    /// Goes on with more acts behind those that were there.
    pub fn extend(&mut self, histories: [&History; 2]) {
        for (side, history) in self.sides.iter_mut().zip(histories) {
            side.legs = legs(history, history.tip);
            side.history = history.clone();
        }
        self.finished = false;
    }

    /// Looks no further: what is seen by now is what is known.
    pub fn give_up(&mut self) {
        self.finished = true;
    }

    /// Works on until about `budget` units of work (10 ns each) are spent; whether all is seen.
    pub fn work(&mut self, budget: u64) -> bool {
        let mut spent = 0;
        while !self.finished && spent < budget {
            let work = self.sides.each_mut().map(Side::make);
            spent += work.iter().flatten().sum::<u64>();
            let [one, other] = &mut self.sides;
            match (&one.made, &other.made) {
                (None, None) => self.finished = true,
                (Some(a), Some(b)) if a.place == b.place => {
                    let done = one.state.done;
                    if let (Some(a), Some(b)) = (one.made.take(), other.made.take()) {
                        self.judge(done, &[a, b]);
                    }
                }
                (Some(a), Some(b)) if a.place > b.place => other.made = None,
                (_, None) | (Some(_), Some(_)) => one.made = None,
                (None, Some(_)) => other.made = None,
            }
        }
        self.finished
    }

    /// The calls that went otherwise, in their order.
    pub fn stops(&self) -> &[PairStop] {
        &self.stops
    }

    /// Whether and where the difference in `topic` was seen in the first `done` calls: the first time,
    /// or, of what is counted, where it was the largest.
    pub fn seen(&self, topic: Topic, done: u32) -> Option<TopicSeen> {
        let seen = self.seen.iter().rev().find(|(of, seen)| *of == topic && seen.done <= done);
        seen.map(|(_, seen)| *seen)
    }

    /// What differs before anything is done.
    fn look_at_boot(&mut self) {
        let kernels = self.sides.each_ref().map(|side| &side.state.kernel);
        let ports = kernels.map(|kernel| {
            let (low, high) = kernel.port_range();
            i64::from(range_size(low, high))
        });
        let reuse = kernels.map(|kernel| match kernel.sysctl(Sysctl::TwReuse) {
            SysctlValue::One(value) | SysctlValue::Two(value, _) => i64::from(value),
        });
        for (topic, figures) in [(Topic::Range, ports), (Topic::ReuseAtBoot, reuse)] {
            self.note(topic, 0, figures);
        }
    }

    fn judge(&mut self, done: u32, made: &[Made; 2]) {
        if let Some(way) = way(made).filter(|_| self.stops.len() < STOPS_MAX) {
            self.stops.push(PairStop { done, way });
        }
        for at in 0..self.topics.len() {
            let topic = self.topics[at];
            let before = self.largest[at].filter(|_| !is_counted(topic));
            if before.is_none()
                && let Some(figures) = figures(topic, made)
            {
                self.note(topic, done, figures);
            }
        }
    }

    /// Notes a difference in `topic`, if the releases differ there and the figures do.
    fn note(&mut self, topic: Topic, done: u32, figures: [i64; 2]) {
        let Some(at) = self.topics.iter().position(|known| *known == topic) else { return };
        let apart = figures[0].abs_diff(figures[1]);
        if apart > self.largest[at].unwrap_or(0) {
            self.largest[at] = Some(apart);
            self.seen.push((topic, TopicSeen { done, figures }));
        }
    }
}

/// Whether a difference in `topic` is the more telling the larger it is.
fn is_counted(topic: Topic) -> bool {
    matches!(topic, Topic::Order | Topic::Timers)
}

/// In what the two went otherwise, if they did.
fn way([one, other]: &[Made; 2]) -> Option<CallDiffers> {
    if one.ret != other.ret {
        Some(CallDiffers::Result)
    } else if one.probes != other.probes {
        Some(CallDiffers::Probes)
    } else if one.heard.ended != other.heard.ended {
        Some(CallDiffers::Ended)
    } else if one.heard.outcome != other.heard.outcome {
        Some(CallDiffers::Taken)
    } else {
        let connects = matches!(one.call, Call::Connect { .. } | Call::Bind { .. });
        (connects && one.port != other.port && !one.in_load).then_some(CallDiffers::Port)
    }
}

/// What either did with respect to `topic`: numbers that differ where the rules were seen to differ.
/// `None` if the call has nothing to do with it.
fn figures(topic: Topic, made: &[Made; 2]) -> Option<[i64; 2]> {
    let [one, other] = made;
    let each = |number: fn(&Made) -> i64| Some([number(one), number(other)]);
    let both = |fits: fn(&Made) -> bool| (fits(one) && fits(other)).then_some(());
    let refused = |made: &Made| i64::from(made.ret != Ret::Ok);
    let walked = || both(|made| made.heard.order.is_some());
    match topic {
        // Those show at boot.
        Topic::Range | Topic::ReuseAtBoot => None,
        Topic::Order => walked().and_then(|()| order(made)),
        Topic::Start => {
            both(|made| made.heard.hash.is_some())?;
            (one.heard.hash != other.heard.hash).then_some(())?;
            each(|made| made.heard.order.map_or(0, |order| order.port_of(1).into()))
        }
        // What is noted goes by the number of steps: only walks of as many are compared.
        Topic::Noted => {
            both(|made| made.heard.end == Some(WalkEnd::Found))?;
            (one.probes == other.probes).then_some(())?;
            each(|made| made.heard.grown.into())
        }
        Topic::Reuse => {
            both(|made| made.heard.taken || made.heard.refused > 0)?;
            each(|made| made.heard.taken.into())
        }
        // As long as both have as many to end.
        Topic::Timers => {
            let there = [one, other].map(|made| made.gauges[0].timewaits);
            (matches!(one.call, Call::Advance { .. }) && there[0] == there[1]).then_some(())?;
            each(|made| made.heard.ended.into())
        }
        Topic::Search => {
            both(|made| matches!(made.call, Call::Bind { port: 0, .. }) && made.ret == Ret::Ok)?;
            each(|made| made.port.into())
        }
        Topic::Conflict => {
            both(|made| matches!(made.call, Call::Bind { port: 1.., .. }))?;
            Some([refused(one), refused(other)])
        }
        Topic::Flags => {
            (one.port == other.port).then_some(())?;
            Some([one.bucket?.value().into(), other.bucket?.value().into()])
        }
        Topic::Addresses => addresses(made),
        Topic::Options => {
            let sets = |call: &Call| {
                matches!(call, Call::ReusePort { .. } | Call::NoPort { .. } | Call::Window { .. })
            };
            sets(&one.call).then(|| [refused(one), refused(other)])
        }
        Topic::Knobs => {
            both(|made| made.heard.outcome.is_some())?;
            each(|made| (made.heard.outcome == Some(SysctlOutcome::Taken)).into())
        }
        Topic::Stamps => {
            matches!(one.call, Call::Wall { .. }).then_some(())?;
            let moved = |made: &Made| {
                let [before, after] = made.gauges;
                i64::from(after.stamp_second) - i64::from(before.stamp_second)
            };
            Some([moved(one), moved(other)])
        }
        Topic::Recycled => {
            each(|made| i64::from(made.gauges[1].recycled) - i64::from(made.gauges[0].recycled))
        }
        Topic::Limit => {
            matches!(one.call, Call::Close { .. } | Call::TwFin { .. }).then_some(())?;
            each(|made| made.heard.overflows.into())
        }
        Topic::Timewait => {
            matches!(one.call, Call::TwSegment { .. }).then_some(())?;
            each(|made| made.heard.restarted.into())
        }
        // A connect on a socket that has had one.
        Topic::Program => {
            let again = |made: &Made| {
                matches!(made.call, Call::Connect { .. })
                    && made.port != 0
                    && made.heard.order.is_none()
            };
            (again(one) && again(other)).then(|| [refused(one), refused(other)])
        }
        Topic::Syn => {
            matches!(one.call, Call::Advance { .. }).then_some(())?;
            each(|made| made.heard.unanswered.into())
        }
        Topic::Listener => {
            matches!(one.call, Call::Accept { .. } | Call::AcceptWaiting { .. }).then_some(())?;
            Some([refused(one), refused(other)])
        }
        Topic::Memory => {
            let none = |made: &Made| made.heard.end == Some(WalkEnd::NoMemory);
            let [a, b] = [one.ret.errno()?, other.ret.errno()?];
            (none(one) && none(other) && a != b).then_some([0, 1])
        }
        Topic::Source => {
            both(|made| matches!(made.call, Call::Connect { .. }) && made.ret != Ret::Ok)?;
            Some([one, other].map(|made| i64::from(made.source != Some(Addr::ANY))))
        }
        Topic::Children => {
            matches!(one.call, Call::Accept { .. } | Call::AcceptWaiting { .. }).then_some(())?;
            each(|made| i64::from(made.gauges[1].owners) - i64::from(made.gauges[0].owners))
        }
    }
}

/// How far the walks of a call went, if one of them took a step that the other one's order doesn't
/// have at that place, or started where the other one's never does.
fn order([one, other]: &[Made; 2]) -> Option<[i64; 2]> {
    let (a, b) = (one.heard.order?, other.heard.order?);
    let ahead = |order: WalkOrder| order.port_of(2).wrapping_sub(order.port_of(1));
    if ahead(a) != ahead(b) {
        let steps = [one.probes, other.probes];
        return steps.iter().any(|steps| *steps > 1).then(|| steps.map(i64::from));
    }
    // Both go on alike: one of them never starts an odd number of ports above the lowest.
    let above = [a, b].map(|order| i64::from(order.port_of(1)) - i64::from(order.low()));
    (Parity::of(above[0] as u16) != Parity::of(above[1] as u16)).then_some(above)
}

/// How many buckets by address the port of a call's socket has, or, for as many, the flags of the
/// first that differs.
fn addresses([one, other]: &[Made; 2]) -> Option<[i64; 2]> {
    let (a, b) = (&one.addresses, &other.addresses);
    if one.port == 0 || other.port == 0 {
        return None;
    }
    if a.len() != b.len() {
        return Some([a.len() as i64, b.len() as i64]);
    }
    let mut flags = a.iter().zip(b).map(|(a, b)| [a.1, b.1]);
    let apart = flags.find(|[a, b]| a != b && one.port == other.port)?;
    Some(apart.map(|flag| flag.value().into()))
}
