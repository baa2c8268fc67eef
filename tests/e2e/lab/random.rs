//! Two hundred acts by chance, the same on the page and natively.

use error99_e2e::Tab;
use error99_kernel::{Addr, CloseHow};
use error99_replay::fix::Change;

use super::model::{Do, Model, window};
use super::page::Lab;
use super::words::ENGLISH;
use crate::{SAME_CODE, Test, test};

const ACTS: u32 = 200;

pub fn tests() -> Vec<Test> {
    vec![test("after 200 random acts the page shows what the model has", random).once(SAME_CODE)]
}

fn random(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    let mut dice = Dice(99);
    for number in 1..=ACTS {
        let act = choose(&mut dice, &lab.model);
        lab.act_unseen(&act);
        lab.same(&format!("act {number}, {act:?}"));
    }
    let calls = lab.model.frame().total;
    assert!(calls > 100, "something happened: {calls} calls");
}

/// An act that is possible now, and whose work is bounded.
fn choose(dice: &mut Dice, model: &Model) -> Do {
    let frame = model.frame();
    let open = frame.open_by_hand;
    let [low, high] = frame.machine.range;
    let walk = frame.walk.as_ref();
    match dice.up_to(32) {
        0..=4 => Do::Connect,
        5 | 6 => Do::Connect10,
        7 if high - low < 100 => Do::UntilError,
        8 if open > 0 => Do::Close,
        9 if open > 0 => Do::CloseAll,
        10 => Do::Closer(dice.one_of([CloseHow::Active, CloseHow::Passive, CloseHow::Rst])),
        11 | 12 => Do::OneSecond,
        13 => Do::OneMinute,
        14 => Do::TwReuse,
        15 => Do::Timestamps,
        16 | 17 => {
            let low = 32_760 + dice.up_to(20) as u16;
            Do::Range(low, low + dice.up_to(40) as u16)
        }
        18 => Do::Destination(Addr::new(10, 0, 0, 2 + dice.up_to(3) as u8)),
        19 => Do::DestinationPort(dice.one_of([80, 443])),
        20 => Do::BhashSize(dice.one_of([16, 4_096, 65_536])),
        21 if walk.is_some() => Do::Jump(1 + dice.up_to(walk.map_or(1, |walk| walk.probes))),
        22 if frame.failed_99() => {
            let fixes = model.fixes();
            let row = dice.up_to(fixes.len() as u32) as usize;
            // The widest range would make every act after it long.
            Do::Try(if fixes[row].change == Change::Widest { 0 } else { row })
        }
        23 | 24 if !frame.marks.is_empty() => {
            Do::Mark(dice.up_to(window(&frame).len() as u32) as usize)
        }
        25 => Do::Start,
        26 => Do::End,
        27 | 28 => Do::Forward,
        _ => Do::Back,
    }
}

/// Numbers that look random and are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn up_to(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as u32 % end.max(1)
    }

    fn one_of<T: Copy, const N: usize>(&mut self, things: [T; N]) -> T {
        things[self.up_to(N as u32) as usize]
    }
}
