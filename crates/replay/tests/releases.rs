//! Machines of every release are saved, walked, stepped back and explained as those of 2.6.32 are.

mod chance;
mod forward;
mod reader;

use chance::Chance;
use error99_kernel::{Event, Release, SysctlOutcome, WalkEnd};
use error99_replay::frame::{PortCell, Seen, TapeItem, WalkView};
use error99_replay::history::{Position, Step};
use error99_replay::link;
use error99_replay::listing::Spot;
use error99_replay::{Machine, scenario, trail};
use forward::forward;
use reader::Reader;

/// Readers of each release, and most turns of each.
const READERS: u64 = 60;
const TURNS: u64 = 50;

/// Readers without a plan, of every release.
fn readers(seed: u64, mut look: impl FnMut(Release, Reader<'_>)) {
    for release in Release::ALL {
        let mut chance = Chance::new(seed);
        for _ in 0..READERS {
            look(release, Reader::of(release, &mut chance, TURNS));
        }
    }
}

#[test]
fn any_state_is_the_same_frame_from_its_link_and_from_its_file() {
    readers(1_009, |release, reader| {
        let saved = reader.saved();
        let text = link::write(&saved);
        let first = if release == Release::V2_6_32 { '1' } else { '2' };
        assert!(text.starts_with(first), "{text}");
        assert_eq!(link::read(&text), Ok(saved.clone()), "{release:?}: {text}");
        assert_eq!(scenario::read(&scenario::write(&saved)), Ok(saved.clone()), "{release:?}");
        let again = Machine::standing(&saved).expect("what was saved can be opened");
        assert!(again.frame() == reader.machine.frame(), "{release:?}: {text}");
        assert!(again.ports() == reader.machine.ports(), "{release:?}: {text}");
    });
}

#[test]
fn stepping_back_and_jumping_meet_the_frames_of_stepping_forward() {
    let mut moments = [0; Release::ALL.len()];
    readers(7, |release, reader| {
        let mut machine = reader.machine;
        let frames = forward(&mut machine);
        moments[release as usize] += frames.len();
        for frame in frames.iter().rev().skip(1) {
            machine.step_back();
            assert!(machine.frame() == *frame, "{release:?} at {:?}", frame.at);
        }
        // A machine that was never there before, by jumps that never go to a neighbour.
        let history = machine.history().clone();
        let mut fresh = Machine::open(history).expect("it opens");
        fresh.look_at(reader::CLIENT.dst, reader::CLIENT.dport);
        fresh.work_all();
        for n in (0..frames.len()).step_by(5) {
            let frame = &frames[n * 37 % frames.len()];
            fresh.go(frame.at);
            assert!(fresh.frame() == *frame, "{release:?} at {:?}", frame.at);
        }
    });
    println!("moments of each release: {moments:?}");
    assert!(moments.iter().all(|moments| *moments > 1_000), "{moments:?}");
}

#[test]
fn every_step_lights_a_line_that_its_release_has() {
    let mut lit: Vec<Vec<Spot>> = vec![Vec::new(); Release::ALL.len()];
    readers(31, |release, mut reader| {
        for frame in forward(&mut reader.machine) {
            let Some(spot) = frame.code.lit else {
                let event = frame.event.map(|event| event.told.event);
                assert!(event.is_none_or(is_beside_the_kernel), "{release:?} {event:?}");
                continue;
            };
            let there = frame.code_lines().iter().any(|line| line.spot == spot);
            assert!(there, "{release:?} has no {spot:?}: {:?}", frame.event);
            let seen = &mut lit[release as usize];
            if !seen.contains(&spot) {
                seen.push(spot);
            }
        }
    });
    let lit: Vec<usize> = lit.iter().map(Vec::len).collect();
    println!("lines lit in each release: {lit:?}");
    assert!(lit.iter().all(|lines| *lines > 40), "{lit:?}");
}

/// What happens that none of the kernel's lines has to do with.
fn is_beside_the_kernel(event: Event) -> bool {
    use SysctlOutcome::NotThere;
    matches!(
        event,
        Event::NoSuchSocket { .. }
            | Event::Problem(_)
            | Event::WallStepped { .. }
            | Event::Rekeyed
            | Event::SysctlWritten { outcome: NotThere, .. }
    )
}

/// Every call of a machine's branch that walked, at its end.
fn walks(machine: &mut Machine, mut look: impl FnMut(&Machine, WalkView)) {
    for done in 0..machine.total() {
        machine.go(Position { done: done + 1, step: None });
        if let Some(walk) = machine.frame().walk {
            look(machine, walk);
        }
    }
}

#[test]
fn the_order_of_a_walk_its_tape_and_its_trail_are_those_of_its_probes() {
    let (mut walked, mut passes, mut windows) = (0, [0; 3], 0);
    readers(11, |release, reader| {
        let mut machine = reader.machine;
        for done in 0..machine.total() {
            let mut visited: Vec<u16> = Vec::new();
            machine.go(Position { done, step: Some(Step { probe: 1, line: 0 }) });
            let Some(WalkView { probes, order, .. }) = machine.frame().walk else { continue };
            walked += 1;
            passes[usize::from(order.passes())] += 1;
            windows += u32::from(order.passes() == 1 && release >= Release::V6_8);
            for i in 1..=probes {
                machine.to_probe(i);
                let walk = machine.frame().walk.expect("it walks");
                let probe = walk.probe.as_ref().expect("a probe");
                visited.push(probe.port);
                assert_eq!((order.port_of(i), probe.i), (probe.port, i), "{release:?} {order:?}");
                tape_fits(&walk, &visited);
                trail_fits(&walk, &visited);
            }
        }
    });
    println!("{walked} walks: {passes:?} of so many passes, {windows} in a window");
    assert!(walked > 2_000 && passes[1] > 300 && passes[2] > 300 && windows > 20);
}

/// The tape has each step once, in order, with its port; seams where no neighbour follows.
fn tape_fits(walk: &WalkView, visited: &[u16]) {
    let (mut next, mut before, mut seam) = (1, None, false);
    for item in &walk.tape {
        match *item {
            TapeItem::Cell { i, port, seen, .. } => {
                assert_eq!((i, port), (next, walk.port_of(i)), "{walk:?}");
                if let Some(probed) = visited.get(i as usize - 1) {
                    assert_eq!(port, *probed);
                    assert!(seen != Seen::Ahead);
                }
                if let Some(before) = before {
                    let follows =
                        u32::from(port) == u32::from(before) + u32::from(walk.order.stride());
                    assert_eq!(seam, !follows, "{before} {port}: {:?}", walk.tape);
                }
                (next, before, seam) = (i + 1, Some(port), false);
            }
            TapeItem::Fold { count, .. } => (next, before) = (next + count, None),
            TapeItem::Wrap | TapeItem::NextPass => seam = true,
        }
    }
    assert_eq!(next, walk.steps() + 1, "{walk:?}");
}

/// What was met and what lies ahead are the ports of the range, each once.
fn trail_fits(walk: &WalkView, visited: &[u16]) {
    let ports = |stretches: Vec<trail::PortStretch>| -> Vec<u16> {
        let mut ports: Vec<u16> = stretches.into_iter().flat_map(|it| it.ports()).collect();
        ports.sort_unstable();
        ports
    };
    for step in [1, 2] {
        let (met, ahead) = (ports(trail::met(walk, step)), ports(trail::ahead(walk, step)));
        let (was_met, lies_ahead): (Vec<u16>, Vec<u16>) =
            (walk.low..=walk.high).partition(|port| visited.contains(port));
        assert_eq!((&met, &ahead), (&was_met, &lies_ahead), "{step}: {walk:?}");
    }
}

#[test]
fn every_refusal_of_a_walk_has_its_reason_and_every_change_that_fails_its_obstacle() {
    let (mut failed, mut obstacles) = ([0; Release::ALL.len()], 0);
    readers(13, |release, reader| {
        let mut machine = reader.machine;
        walks(&mut machine, |machine, walk| {
            let refused = walk.probes - u32::from(walk.end == WalkEnd::Found);
            assert_eq!(walk.tally.refused(), refused, "{release:?} {walk:?}");
            if walk.end != WalkEnd::Exhausted {
                return;
            }
            failed[release as usize] += 1;
            for fix in machine.fixes() {
                let fails = format!("{:?}", fix.outcome);
                assert!(
                    fix.obstacle.is_some() || fails.starts_with("Port") || fails.contains("Limit"),
                    "{release:?} {fix:?}"
                );
                obstacles += u32::from(fix.obstacle.is_some());
            }
        });
    });
    println!("walks that failed: {failed:?}, {obstacles} obstacles");
    assert!(failed.iter().all(|failed| *failed > 20) && obstacles > 1_000);
}

#[test]
fn a_cell_of_the_page_says_what_a_probe_of_that_port_would_meet() {
    readers(17, |release, reader| {
        let mut machine = reader.machine;
        walks(&mut machine, |machine, walk| {
            if walk.end != WalkEnd::Exhausted {
                return;
            }
            let ports = machine.ports();
            for cell in &walk.tape {
                let TapeItem::Cell { port, cell, .. } = *cell else { continue };
                assert_eq!(ports.cell(port).unwrap_or(cell), cell, "{release:?} {port}");
                assert_ne!(cell, PortCell::Free, "{release:?} {port}: {walk:?}");
            }
        });
    });
}
