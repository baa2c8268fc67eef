//! A branch, walked through.

use error99_replay::Machine;
use error99_replay::frame::Frame;
use error99_replay::history::Position;

/// The frames of every moment of a branch, from its first call on.
pub fn forward(machine: &mut Machine) -> Vec<Frame> {
    machine.go(Position::default());
    let mut frames = vec![machine.frame()];
    loop {
        machine.step_forward();
        let frame = machine.frame();
        if frame.at == frames[frames.len() - 1].at {
            return frames;
        }
        frames.push(frame);
    }
}
