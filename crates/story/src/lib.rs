//! The small machines of the story, one for each picture.
//!
//! A picture is a few *controls* and a *scene*. The controls say what the reader has chosen and
//! done; from them a history is made, the model runs it, and what it says becomes the scene:
//! plain data, which the page draws. The same controls give the same scene, so a test can say
//! what a picture shows, and the text takes its figures from there.
//!
//! Nothing here knows a rule of the kernel.

pub mod calendar;
pub mod down_to_the_choice;
pub mod facts;
pub mod four_numbers;
pub mod is_it_really_taken;
pub mod machine;
pub mod other_kernels;
pub mod ports_over_time;
pub mod remedies;
pub mod since;
pub mod the_bind_hash;
pub mod the_whole_range;
pub mod walks;
pub mod where_the_walk_starts;
pub mod written;
pub mod your_machine;

pub use machine::{Server, run};
