//! Rules of the kernel stand in the kernel. Words that give a copy of one away are looked for
//! everywhere else.

use crate::known::{Known, left};
use crate::source::{files, sources};

/// A piece of code that has no business outside `crates/kernel`, and the rule that it would repeat.
const WORDS: &[(&str, &str)] = &[
    ("age_s >", "how old a stamp must be"),
    ("age_s() >", "how old a stamp must be"),
    ("age_s <", "how old a stamp must be"),
    ("age_s() <", "how old a stamp must be"),
    ("age_s ==", "how old a stamp must be"),
    ("% 8", "how many slots the calendar has"),
    ("& 7", "how many slots the calendar has"),
    ("% SLOTS", "where the calendar's pointer goes"),
    ("SLOTS:", "how many slots the calendar has"),
    ("7_500", "how often the calendar ticks"),
    ("7500", "how often the calendar ticks"),
    ("QUOTA", "how many mini-sockets a tick ends"),
    ("TIMEWAIT_LEN", "how long a TIME_WAIT lasts"),
    (".wrapping_add(1)) %", "where a walk goes next"),
    (".wrapping_add(1) %", "where a walk goes next"),
    ("stride", "how far a walk goes at a time"),
    ("% ports", "where a walk goes next"),
    ("% range", "where a walk goes next"),
    ("32_768, 61_000", "the range of ports that a kernel begins with"),
    ("32_768, 60_999", "the range of ports that a kernel begins with"),
    ("28_233", "how many ports a range has"),
    ("28_232", "how many ports a range has"),
    ("bhash_size - 1", "which bucket a port belongs to"),
    ("size - 1)", "which bucket a port belongs to"),
    ("jhash", "how a kernel hashes"),
    ("md5", "how a kernel hashes"),
    ("fastreuse >", "who may share a port"),
    ("fastreuse <", "who may share a port"),
    ("fastreuse ==", "who may share a port"),
    ("tw_reuse ==", "what a value of tcp_tw_reuse means"),
    ("tw_reuse !=", "what a value of tcp_tw_reuse means"),
    ("tw_reuse >", "what a value of tcp_tw_reuse means"),
    ("timestamps ==", "what a value of tcp_timestamps means"),
    ("timestamps !=", "what a value of tcp_timestamps means"),
    ("timestamps >", "what a value of tcp_timestamps means"),
    (">= Line::", "in which order a call asks its questions"),
    ("<= Line::", "in which order a call asks its questions"),
    (" < Line::", "in which order a call asks its questions"),
    (" > Line::", "in which order a call asks its questions"),
    (">= Spot::", "in which order a call asks its questions"),
    ("<= Spot::", "in which order a call asks its questions"),
    (" < Spot::", "in which order a call asks its questions"),
    (" > Spot::", "in which order a call asks its questions"),
    ("high - low", "how many ports a range has"),
];

/// Where such a word stands for something else.
const SOMETHING_ELSE: &[Known] = &[
    Known("crates/walk/src/machines.rs: 28_233", "the size of the machines that are measured"),
    Known(
        "src/picture/where_the_walk_starts.rs: % ports",
        "where a way is drawn that goes around the picture",
    ),
    Known("crates/replay/src/look.rs: size - 1)", "neighbours of a bucket, as many as fit"),
];

#[test]
fn no_rule_of_the_kernel_stands_outside_of_it() {
    let rooms =
        ["src", "crates/replay", "crates/export", "crates/story", "crates/walk", "crates/diagnose"];
    let mut found = Vec::new();
    for source in sources(&rooms).iter().filter(|source| !source.is_test()) {
        for (word, rule) in WORDS {
            let lines = source.lines_with(word);
            if !lines.is_empty() {
                println!("{}:{lines:?}: {word}: {rule}", source.path);
                found.push(format!("{}: {word}", source.path));
            }
        }
    }
    left("a rule of the kernel, told again", found, SOMETHING_ELSE);
}

#[test]
fn the_version_of_the_kernel_is_named_in_texts_only() {
    for file in files(&["src"], &["rs", "js", "svg"])
        .iter()
        .filter(|file| !file.path.starts_with("src/text/"))
    {
        let lines = file.text.lines().enumerate();
        let named: Vec<usize> =
            lines.filter(|(_, line)| line.contains("2.6.32")).map(|(at, _)| at + 1).collect();
        assert!(named.is_empty(), "{}, lines {named:?}", file.path);
    }
}
