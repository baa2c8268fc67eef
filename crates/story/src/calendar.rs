//! The calendar of eight slots, and how long one TIME_WAIT in it really lasts.

use error99_kernel::{
    CalendarSlot, Call, CloseHow, Config, Each, Event, Kernel, SLOW_SLOTS, TimewaitCause, Tuple,
};
use error99_replay::Act;
use error99_replay::link::Saved;
use error99_replay::load::{Load, LoadRun};

use crate::machine::{Script, Server};

/// The loads to choose from: connections a second, each closed at once; 0 for a single one.
pub const RATES: [u32; 3] = [0, 10, 50];
/// How long the load goes on before the connection that is watched, in milliseconds: as long as
/// it takes until one round of the hand is like the one before.
const BEFORE_MS: u64 = 180_000;

/// What the reader has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    /// The load: an index of [`RATES`].
    pub load: usize,
    /// When the connection closes, in tenths of a second since the hand came to its slot.
    pub after: u32,
}

impl Default for Controls {
    fn default() -> Controls {
        Controls { load: 1, after: 30 }
    }
}

impl Controls {
    /// The latest moment before the hand goes on, in the unit of [`Controls::after`].
    pub fn latest(&self) -> u32 {
        [0, 74, 149][self.load % RATES.len()]
    }

    fn after_ms(&self) -> u64 {
        u64::from(self.after.min(self.latest())) * 100
    }
}

/// The hand's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandTurn {
    /// Milliseconds since the connection was closed.
    pub ms: u64,
    /// The slot that was emptied.
    pub slot: u8,
    /// The hand stayed there.
    pub stayed: bool,
}

/// One TIME_WAIT, from its beginning to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// Where the hand was when it began.
    pub hand: u8,
    /// The slot that it waits in.
    pub slot: u8,
    /// Entries of each slot at that moment, this one included.
    pub entries: [u32; SLOW_SLOTS as usize],
    /// The turns of the hand from then on; the last one ends it.
    pub turns: Vec<HandTurn>,
    /// How long it lasts, in milliseconds.
    pub lasts_ms: u64,
    /// Connections that the load has made with it.
    connections: u32,
}

impl Scene {
    /// Events name slots that there are.
    fn entries_of(&mut self, slot: u8) -> &mut u32 {
        &mut self.entries[usize::from(slot)]
    }

    /// Turns that didn't move the hand.
    pub fn stayed(&self) -> usize {
        self.turns.iter().filter(|turn| turn.stayed).count()
    }
}

/// What is noted while the machine runs.
#[derive(Default)]
struct Watch {
    scene: Scene,
    /// Since when the hand stands where it is, once the load has gone on for long enough.
    since_ms: Option<u64>,
    /// The connection that is watched, and when it was closed.
    ours: Option<(Tuple, u64)>,
    over: bool,
}

impl Watch {
    fn hear(&mut self, event: &Event, now_ms: u64, after_ms: u64) {
        match *event {
            Event::TimewaitMade { tuple, slot: CalendarSlot::Slow(slot), .. }
                if self.ours.is_none() =>
            {
                *self.scene.entries_of(slot) += 1;
                if self.since_ms.is_some_and(|since| now_ms >= since + after_ms) {
                    self.ours = Some((tuple, now_ms));
                    self.scene.slot = slot;
                }
            }
            Event::CalendarTick { t_ms, slot, slipped, .. } => match self.ours {
                Some((_, began_ms)) => {
                    let ms = t_ms - began_ms;
                    self.scene.turns.push(HandTurn { ms, slot, stayed: slipped });
                }
                None => {
                    *self.scene.entries_of(slot) = 0;
                    if t_ms >= BEFORE_MS && !slipped && self.since_ms.is_none() {
                        self.since_ms = Some(t_ms);
                    }
                }
            },
            Event::TimewaitEnded { tuple, t_ms, cause: TimewaitCause::Timer } => {
                if let Some((_, began_ms)) = self.ours.filter(|(ours, _)| *ours == tuple) {
                    self.scene.lasts_ms = t_ms - began_ms;
                    self.over = true;
                }
            }
            _ => {}
        }
    }
}

fn load(controls: &Controls) -> Load {
    let rate = RATES[controls.load % RATES.len()];
    let seconds = (BEFORE_MS / 1000) as u32 + 150;
    let Server { addr, port } = Server::FIRST;
    Load { per_second: rate, hold_ms: Some(0), ..Load::burst(addr, port, (rate * seconds).max(1)) }
}

/// What the picture shows.
pub fn scene(controls: &Controls) -> Scene {
    let mut kernel = Kernel::new(&Config::default()).expect("the default machine boots");
    let (load, mut run) = (load(controls), LoadRun::default());
    let alone = load.per_second == 0;
    let mut watch = Watch { since_ms: alone.then_some(0), ..Watch::default() };
    while !watch.over {
        // A single connection leaves nothing to do but to wait.
        let rest = alone.then_some(Call::Advance { ms: 1_000 });
        let Some(call) = run.next_call(&load, &kernel).or(rest) else { break };
        let now_ms = kernel.now_ms();
        let (hand, ours) = (kernel.calendar_pointer(), watch.ours);
        let mut sink = Each(|event| watch.hear(&event, now_ms, controls.after_ms()));
        kernel.apply_traced(&call, &mut sink);
        if ours.is_none() && watch.ours.is_some() {
            watch.scene.hand = hand;
            watch.scene.connections = run.begun();
        }
    }
    watch.scene
}

/// The same connection for the lab, and the time that its TIME_WAIT lasts; `scene` is what the
/// controls show.
pub fn saved(controls: &Controls, scene: &Scene) -> Saved {
    let load = load(controls);
    let mut script = Script::on(Config::default());
    if load.per_second > 0 {
        script.act(Act::Load(Load { connections: scene.connections, ..load }));
    } else {
        let s = script.connect(Server::FIRST);
        script.act(Act::Call(Call::close(s, CloseHow::Active)));
    }
    script.loaded();
    script.act(Act::Call(Call::Advance { ms: scene.lasts_ms }));
    script.saved(Server::FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(load: usize, after: u32) -> Scene {
        scene(&Controls { load, after })
    }

    #[test]
    fn a_lone_one_starts_the_hand_and_lasts_60_s() {
        let lone = at(0, 0);
        assert_eq!((lone.hand, lone.slot, lone.lasts_ms), (0, 7, 60_000));
        assert_eq!((lone.turns.len(), lone.stayed()), (8, 0));
    }

    #[test]
    fn under_a_light_load_it_lasts_less_the_later_it_begins_in_its_slot() {
        for after in [0, 1, 30, 74] {
            let scene = at(1, after);
            assert_eq!(scene.lasts_ms, 60_000 - u64::from(after) * 100);
            assert_eq!((scene.slot + 1) % 8, scene.hand, "seven slots ahead");
            assert_eq!(scene.stayed(), 0);
            assert!(scene.entries.iter().all(|entries| *entries <= 75));
        }
    }

    #[test]
    fn with_every_slot_above_100_every_other_turn_is_lost() {
        for after in [0, 1, 74, 75, 149] {
            let scene = at(2, after);
            assert_eq!(scene.lasts_ms, 112_500 - u64::from(after) * 100);
            assert_eq!(scene.turns.len(), 15 - usize::from(after >= 75));
            assert_eq!(scene.stayed(), if after < 75 { 8 } else { 7 });
            let others = (0..).zip(scene.entries).filter(|(slot, _)| *slot != scene.slot);
            assert!(others.into_iter().all(|(_, entries)| entries == 750 || entries == 0));
        }
    }

    #[test]
    fn the_latest_moment_is_the_last_before_the_hand_goes_on() {
        for load in [1, 2] {
            let latest = Controls { load, after: 0 }.latest();
            let last = at(load, latest);
            assert_eq!(last.turns.first().map(|turn| (turn.ms, turn.stayed)), Some((100, false)));
        }
    }

    #[test]
    fn the_lab_gets_the_connection_and_its_time() {
        for load in 0..RATES.len() {
            let controls = Controls { load, after: 20 };
            let scene = scene(&controls);
            let machine = crate::run(&saved(&controls, &scene).history);
            let ended = machine.kernel().now_ms();
            assert_eq!(machine.kernel().timewaits().filter(|it| it.ends_ms <= ended).count(), 0);
            assert!(ended >= scene.lasts_ms);
        }
    }
}
