//! The story: its text, and its pictures in use.

mod load;
mod picture;
mod ports;
mod reading;

use crate::Test;

pub fn tests() -> Vec<Test> {
    [reading::tests(), ports::tests(), load::tests()].into_iter().flatten().collect()
}
