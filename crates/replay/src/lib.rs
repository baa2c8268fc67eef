//! Scenarios, time travel, verdicts and computed fixes.
//!
//! Between the kernel's model below and the page above. A reader's act becomes an [`Act`] of a
//! [`History`]; a [`Machine`] runs the history through the kernel and stops at any moment of
//! it; a [`frame::Frame`] is that moment as plain data, which the page draws.
//!
//! * [`act`] and [`load`]: what can be done to a machine, one call or a hundred thousand.
//! * [`hand`]: what a reader does, as acts.
//! * [`knob`]: the sysctls, as a table.
//! * [`history`]: configuration, tree of acts, position. Data only; it can be written down.
//! * [`link`]: the same as a short text, for an address; [`scenario`]: the same as a file.
//! * [`branch`]: the ways through that tree, and how two of them differ.
//! * [`run`]: a kernel on its way along one of them.
//! * [`machine`]: kernel states for every moment, by replay from checkpoints.
//! * [`steps`]: what happened in a call, as the steps of a reader.
//! * [`frame`], [`listing`], [`lit`], [`tape`], [`trail`], [`ports`], [`table`]: what is seen of
//!   a moment; [`grid`]: where the cells of a page of ports lie.
//! * [`report`]: what became of a load.
//! * [`shell`]: what `ss` and `cat` would print there.
//! * [`fix`] and [`hold`]: what failed, tried again as a whole with one thing changed, and whether
//!   the change holds under the load.
//! * [`pair`]: the same acts on two releases side by side, and where they differ.
//! * [`every`]: the call under the glass, the load and TIME_WAIT on every release.
//! * [`catalogue`]: prepared machines.
//!
//! Nothing here knows a rule of the kernel: whether a port is free, what a sysctl accepts and
//! when a TIME_WAIT ends are asked of `error99_kernel`.

// So that tests inside and outside can share their machines.
#[cfg(test)]
extern crate self as error99_replay;

pub mod act;
pub mod again;
mod attempt;
pub mod branch;
pub mod catalogue;
mod checkpoints;
pub mod every;
pub mod fix;
pub mod frame;
pub mod grid;
pub mod hand;
pub mod history;
pub mod hold;
pub mod knob;
pub mod link;
pub mod listing;
pub mod lit;
pub mod load;
mod look;
pub mod machine;
mod marks;
pub mod obstacle;
pub mod pair;
pub mod ports;
mod program;
pub mod report;
pub mod run;
pub mod scenario;
pub mod shell;
pub mod steps;
pub mod table;
pub mod tape;
pub mod trail;

pub use act::Act;
pub use frame::ERROR_99;
pub use history::History;
pub use load::Load;
pub use machine::Machine;
