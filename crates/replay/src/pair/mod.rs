//! One host on two releases, side by side: what is done is done to both, and the next call that
//! goes otherwise is found.
//!
//! The two machines have the same acts, always. A moment is told by the calls that the first one
//! has made; the other one then stands at the same call of the same act. (Of a load whose calls
//! depend on what came of the earlier ones, one machine may make a few more than the other.)

mod contrast;
mod topic;
mod watch;

use error99_kernel::{Addr, Call, CloseHow, Config, Release};

use crate::act::Act;
use crate::frame::Frame;
use crate::hand::{Deed, Deeds};
use crate::history::{ALL_CALLS, History, HistoryError, Position};
use crate::link::Saved;
use crate::load::Load;
use crate::machine::{Machine, OpenError, Progress};
use crate::ports::Ports;
use crate::scenario::Client;

pub use contrast::{Contrast, Facing, Fill};
pub use topic::{Topic, differing};
pub use watch::{CallDiffers, PairStop, STOPS_MAX, TopicSeen};

use watch::Watch;

/// Two machines.
pub struct Pair {
    machines: [Machine; 2],
    watch: Watch,
    client: Client,
    /// Where to go once both have run.
    to: u32,
}

/// A row of the table: something that the two releases do in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// What.
    pub topic: Topic,
    /// Whether and where that was seen, up to the moment shown.
    pub seen: Option<TopicSeen>,
}

/// Everything that is shown of a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct PairView {
    /// The moment of either machine.
    pub frames: [Frame; 2],
    /// The ports of either one, towards the destination of the call under the glass.
    pub ports: [Ports; 2],
    /// What differs, in one value.
    pub facing: Facing,
    /// In what the releases differ.
    pub rows: Vec<PairRow>,
    /// Whether anything was done before this moment.
    pub can_undo: bool,
    /// Whether a call before this moment went otherwise.
    pub differs_before: bool,
}

/// The machine that the page opens with: half of the range of the oldest release is in use, and then
/// comes one more connect.
pub fn usual() -> Saved {
    let client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
    let config = Config::default();
    let (low, high) = config.release.rules().range_at_boot;
    let half = error99_kernel::range_size(low, high) / 2;
    let burst = Load::burst(client.dst, client.dport, half);
    let s = error99_kernel::SocketName(half);
    let calls = [Call::Socket { s }, Call::connect(s, client.dst, client.dport)];
    let mut history = History::new(config);
    for act in [Act::Load(burst)].into_iter().chain(calls.map(Act::Call)) {
        // Three acts have room.
        let _ = history.push(history.tip, ALL_CALLS, act);
    }
    history.loaded = 1;
    history.at = END;
    Saved { history, client }
}

/// The release that stands beside the one of [`usual`].
pub const USUAL_OTHER: Release = Release::V6_18;

/// Most bytes of checkpoints of either machine: two of them and what is listened to share a page.
const CHECKPOINT_BYTES: usize = 32 << 20;

const END: Position = Position { done: u32::MAX, step: None };

impl Pair {
    /// Boots the machine that was saved, and the same host on the release `with`. Nothing has run:
    /// [`Pair::work`] does that, and ends at the moment that was saved.
    ///
    /// # Errors
    /// One of them can't be opened.
    pub fn open(saved: &Saved, with: Release) -> Result<Pair, OpenError> {
        let Saved { history, client } = saved;
        let other = History { config: history.config.on(with), ..history.clone() };
        let watch = Watch::start([history, &other]).map_err(OpenError::Config)?;
        let open = |history: &History| {
            let mut machine = Machine::open(history.clone())?;
            machine.look_at(client.dst, client.dport);
            machine.share(CHECKPOINT_BYTES);
            Ok(machine)
        };
        let machines = [open(history)?, open(&other)?];
        Ok(Pair {
            machines,
            watch,
            client: *client,
            to: history.at.under_glass().map_or(0, |at| at.saturating_add(1)),
        })
    }

    /// The same, run to its end.
    ///
    /// # Errors
    /// As [`Pair::open`].
    pub fn standing(saved: &Saved, with: Release) -> Result<Pair, OpenError> {
        let mut pair = Pair::open(saved, with)?;
        pair.work_all();
        Ok(pair)
    }

    /// The releases, the first machine's first.
    pub fn releases(&self) -> [Release; 2] {
        self.machines.each_ref().map(|machine| machine.history().config.release)
    }

    /// The machine of that side, 0 or 1, as a link holds it.
    pub fn saved(&self, side: usize) -> Saved {
        Saved { history: self.machines[side % 2].history().clone(), client: self.client }
    }

    /// The machine of that side as the text of a link.
    pub fn link(&mut self, side: usize) -> String {
        self.machines[side % 2].link(self.client)
    }

    /// The pair with another release on one side; it has to run.
    ///
    /// # Errors
    /// As [`Pair::open`].
    pub fn with(&self, side: usize, release: Release) -> Result<Pair, OpenError> {
        let mut saved = self.saved(0);
        if side == 0 {
            saved.history.config = saved.history.config.on(release);
            return Pair::open(&saved, self.releases()[1]);
        }
        Pair::open(&saved, release)
    }

    // ── running ─────────────────────────────────────────────────

    /// Runs both on until about `budget` units of work (10 ns each) are spent; whether all is done.
    pub fn work(&mut self, budget: u64) -> bool {
        let [one, other] = &mut self.machines;
        // The other one stays close behind, so that both can be stopped at the same call.
        if other.total() < one.total() && !other.progress().finished {
            other.work_until(one.total(), budget);
            return false;
        }
        if !one.work(budget).finished || !other.work(budget).finished || !self.watch.work(budget) {
            return false;
        }
        self.go(self.to);
        true
    }

    /// Runs both to their end, however long that takes.
    pub fn work_all(&mut self) {
        while !self.work(u64::MAX) {}
    }

    /// How far the first machine has been run.
    pub fn progress(&self) -> Progress {
        self.machines[0].progress()
    }

    /// Runs no further: the act under way ends for both after the calls that the first machine has
    /// made of it. What the other one still lacks of those it makes with the next work. Where both
    /// have run, what is listened to ends.
    pub fn stop(&mut self) {
        let [one, other] = &mut self.machines;
        if one.progress().finished {
            return self.watch.give_up();
        }
        one.stop();
        other.follow(one.history());
        self.to = u32::MAX;
        self.watch_anew();
    }

    /// Watches from the start: other calls lead to the moment shown.
    fn watch_anew(&mut self) {
        let histories = self.machines.each_ref().map(Machine::history);
        // Both have booted before.
        if let Ok(watch) = Watch::start(histories) {
            self.watch = watch;
        }
    }

    // ── acting ──────────────────────────────────────────────────

    /// Does `deed` to both after the moment shown; nothing has run yet. `false` if there is nothing
    /// that it could be done to, or if a machine would have to boot again for it.
    ///
    /// # Errors
    /// As [`Machine::act`]; then nothing was done.
    pub fn act(&mut self, deed: Deed) -> Result<bool, HistoryError> {
        let Some(acts) = self.acts(deed).filter(|acts| !acts.is_empty()) else { return Ok(false) };
        let at_end = self.moment() == self.machines[0].total();
        let [one, other] = &mut self.machines;
        one.act(acts)?;
        other.follow(one.history());
        self.to = u32::MAX;
        match at_end {
            true => self.watch.extend(self.machines.each_ref().map(Machine::history)),
            false => self.watch_anew(),
        }
        Ok(true)
    }

    /// What `deed` comes to, for both. A connection that stands on one machine only is closed there
    /// as the reader wants it.
    fn acts(&self, deed: Deed) -> Option<Vec<Act>> {
        let of = |machine: &Machine| match machine.deeds(deed.clone(), self.client) {
            Deeds::Acts(acts) => Some(acts),
            Deeds::Boot(_) => None,
        };
        let [one, other] = self.machines.each_ref().map(of);
        let mut acts = one?;
        for (act, there) in acts.iter_mut().zip(other?) {
            if let (
                Act::Call(Call::Close { how: CloseHow::Plain, .. }),
                Act::Call(Call::Close { .. }),
            ) = (&*act, &there)
            {
                *act = there;
            }
        }
        Some(acts)
    }

    /// Goes back to before the last act whose calls have been made; what follows it stays in the
    /// history until something else is done.
    pub fn undo(&mut self) {
        let moment = self.moment();
        let legs = self.machines[0].legs();
        let before = legs.partition_point(|leg| leg.first < moment);
        let Some(mut at) = before.checked_sub(1) else { return };
        // A connect by hand is two acts: it is undone with the socket that was opened for it.
        let act = |at: usize| &self.machines[0].history().acts[legs[at].id as usize].act;
        let opens = |act: &Act| matches!(act, Act::Call(Call::Socket { .. }));
        if at > 0 && matches!(act(at), Act::Call(Call::Connect { .. })) && opens(act(at - 1)) {
            at -= 1;
        }
        self.go(legs[at].first);
    }

    // ── looking ─────────────────────────────────────────────────

    /// How many calls the first machine has made at the moment shown.
    pub fn moment(&self) -> u32 {
        self.machines[0].at().done
    }

    /// Shows the moment at which the first machine has made so many calls.
    pub fn go(&mut self, done: u32) {
        self.to = done.min(self.machines[0].total());
        let other = self.beside(self.to);
        let [one, there] = &mut self.machines;
        one.go(Position { done: self.to, step: None });
        there.go(Position { done: other, step: None });
    }

    /// How many calls the other machine has made when the first one has made `done`.
    fn beside(&self, done: u32) -> u32 {
        let [one, other] = self.machines.each_ref().map(Machine::legs);
        let at = one.partition_point(|leg| leg.first < done);
        let Some(at) = at.checked_sub(1) else { return 0 };
        let Some(leg) = other.get(at) else { return u32::MAX };
        let end = |legs: &[crate::run::Leg], total| legs.get(at + 1).map_or(total, |leg| leg.first);
        let end_of_one = end(one, self.machines[0].total());
        let end_of_other = end(other, self.machines[1].total());
        match done == end_of_one {
            true => end_of_other,
            false => leg.first.saturating_add(done - one[at].first).min(end_of_other),
        }
    }

    /// The next call after the moment shown that goes otherwise.
    pub fn next_difference(&self) -> Option<PairStop> {
        let stops = self.watch.stops();
        stops.get(stops.partition_point(|stop| stop.done <= self.moment())).copied()
    }

    /// The last one before it.
    pub fn difference_before(&self) -> Option<PairStop> {
        let stops = self.watch.stops();
        let at = stops.partition_point(|stop| stop.done < self.moment());
        at.checked_sub(1).map(|at| stops[at])
    }

    /// Goes to the next call that goes otherwise. Where nothing follows that does, the client's next
    /// connect is made on both, and has to run.
    ///
    /// # Errors
    /// As [`Pair::act`].
    pub fn step(&mut self) -> Result<bool, HistoryError> {
        match self.next_difference() {
            Some(stop) => {
                self.go(stop.done);
                Ok(false)
            }
            None => {
                self.go(u32::MAX);
                self.act(Deed::Connect(1))
            }
        }
    }

    /// In what the releases differ, with what was seen of it up to the moment shown.
    pub fn rows(&self) -> Vec<PairRow> {
        let until = |topic| self.watch.seen(topic, self.moment());
        let topics = differing(self.releases()).into_iter();
        topics.map(|topic| PairRow { topic, seen: until(topic) }).collect()
    }

    /// Everything that is shown.
    pub fn view(&mut self) -> PairView {
        let frames = self.machines.each_mut().map(|machine| machine.frame());
        let ports = self.machines.each_ref().map(Machine::ports);
        PairView {
            facing: Facing::of(&frames, &ports),
            rows: self.rows(),
            can_undo: self.moment() > 0,
            differs_before: self.difference_before().is_some(),
            frames,
            ports,
        }
    }
}

#[cfg(test)]
mod tests;
