//! Every picture's way into the lab: the machine is written into the link, and comes out of it
//! as it was.

use error99_replay::link::{self, Saved};
use error99_story::machine::Connects;
use error99_story::{
    down_to_the_choice, four_numbers, is_it_really_taken, run, the_bind_hash,
    where_the_walk_starts, your_machine,
};

fn comes_back(saved: &Saved) {
    let read = link::read(&link::write(saved)).expect("what was written can be read");
    assert_eq!(read.history.acts, saved.history.acts);
    assert_eq!(read.client, saved.client);
    assert_eq!(run(&read.history).frame(), run(&saved.history).frame());
}

#[test]
fn connects_made_by_the_reader_are_in_the_link() {
    for server in [0, 1] {
        let controls = Connects { server, made: vec![0, 1, 0] };
        comes_back(&where_the_walk_starts::saved(&controls));
        comes_back(&four_numbers::saved(&controls));
        comes_back(&is_it_really_taken::saved(&controls));
    }
}

#[test]
fn what_the_reader_chose_is_in_the_link() {
    for holder in 0..3 {
        comes_back(&the_bind_hash::saved(the_bind_hash::Controls { size: 0, holder }));
    }
    for wrong in 0..down_to_the_choice::Flaw::ALL.len() {
        comes_back(&down_to_the_choice::saved(down_to_the_choice::Controls { wrong }));
    }
    for rate in 0..your_machine::RATES.len() {
        comes_back(&your_machine::saved(your_machine::Controls { rate }));
    }
}
