//! Claims about what the crate's own page says of each release.

use error99_kernel::Release;
use error99_kernel::rules::{OrderRule, ReuseRule, StartRule, TimerRule};

/// A release's line in the table of the crate's page.
fn line(release: Release) -> String {
    let rules = release.rules();
    let judged = if release.is_traced() { "traces" } else { "reading" };
    let start = match rules.start {
        StartRule::SharedHintHalfMd4 => "one hint + half MD4",
        StartRule::SharedHintMd5 => "one hint + MD5",
        StartRule::SharedHintSipHash => "one hint + SipHash",
        StartRule::TableOfHints => "65,536 hints",
    };
    let order = match rules.order {
        OrderRule::EveryPort => "every port",
        OrderRule::EvenStart => "every port, from even",
        OrderRule::TwoPasses => "every second port, twice",
        OrderRule::TwoPassesUnlessWindow => "every second port, twice; a window in turn",
    };
    let reuse = match rules.reuse {
        ReuseRule::OverOneSecond => "over 1 s of wall clock",
        ReuseRule::LaterSecond => "a later second",
        ReuseRule::LaterSecondWhenClosed => "a later second, not FIN_WAIT2",
        ReuseRule::OverDelayWhenClosed => "over a delay, not FIN_WAIT2",
    };
    let timers = match rules.timers {
        TimerRule::Calendars => "calendars",
        TimerRule::CalendarsWithSlack => "calendars with slack",
        TimerRule::CalendarsThatHurry => "calendars that hurry",
        TimerRule::Wheel => "a timer each",
    };
    let name = release.name();
    format!("//! | {name} | {judged} | {start} | {order} | {reuse} | {timers} |")
}

#[test]
fn the_crates_page_has_a_line_for_each_release_by_its_rules() {
    let page = include_str!("../../src/lib.rs");
    let said = page.lines().filter(|line| line.starts_with("//! | "));
    let said: Vec<&str> = said.skip(2).collect();
    assert_eq!(said, Release::ALL.map(line));
}
