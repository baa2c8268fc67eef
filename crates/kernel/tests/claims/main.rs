//! What the crate promises beyond the vectors, one claim per test.

mod bind;
mod close;
mod connect;
mod every;
mod knobs;
mod listen;
mod machine;
mod rules;
mod values;
mod views;
