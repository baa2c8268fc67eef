//! What leaves the page as a file.
//!
//! * [`scenario`]: the whole state of the lab, in the vocabulary of the test vectors; read back,
//!   too.
//! * [`trace`]: one call, as the lines of a vector's trace.
//! * [`picture`]: the page of ports, as SVG; [`cells`]: the painter of its cells.
//! * [`script`]: a program that does the same on a real Linux, with the model's predictions.
//!
//! A page loads this crate only when somebody exports or imports. Like the layers below it's a
//! function of its input: no I/O, no clock, no chance.

pub mod cells;
pub mod picture;
pub mod script;
pub mod trace;

pub use error99_replay::scenario;
