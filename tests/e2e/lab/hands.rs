//! Keyboard alone, and playing.

use error99_e2e::{Key, Tab};
use serde_json::json;

use super::model::Do;
use super::page::Lab;
use super::words::ENGLISH;
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test(
            "arrows step, with Shift they go from probe to probe, Home and End to the ends of the call",
            arrows,
        ),
        test("brackets go from call to call", brackets),
        test("the digits choose the speed", digits),
        test("the lab's keys are silent in its fields", silent_in_fields),
        test("the lab's keys are silent while the focus is outside", silent_outside),
        test("arrows choose among radio buttons and move sliders", own_keys),
        test("on the page of ports, arrows look at ports and Enter runs until the port", port_page),
        test(
            "everything in the lab is reached with Tab, in the order in which it is read",
            tab_order,
        ),
        test("Space plays and stops playing, and presses the button that has the focus", space),
        test(
            "playing at the highest speed comes to the end of the call and stops there",
            plays_to_the_end,
        ),
        test(
            "playing at the highest speed comes to the end of 28,233 probes",
            plays_the_busy_client,
        ),
        test("Pause stops, and a step stops too", pause),
    ]
}

/// The learning machine with all ports in use, at the start of the call that failed.
fn at_the_start(tab: &Tab) -> Lab<'_> {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::UntilError, Do::Start] {
        lab.act(act);
    }
    lab
}

/// Presses a key where the focus is, and expects what an act would do.
fn key(lab: &mut Lab, keys: impl Into<error99_e2e::TypingData>, act: Do, times: u32) {
    lab.tab.press(keys);
    (0..times).for_each(|_| lab.model.apply(&act));
    lab.same(&format!("after the key for {act:?}"));
}

fn arrows(tab: &Tab) {
    let mut lab = at_the_start(tab);
    lab.focus();
    // Two events and two lines before the loop; then into the first probe.
    for _ in 0..6 {
        key(&mut lab, Key::Right + "", Do::Forward, 1);
    }
    key(&mut lab, Key::Left + "", Do::Back, 1);
    // The decided probe 2, then 3, then 2 again.
    key(&mut lab, Key::Shift + Key::Right, Do::Jump(2), 1);
    key(&mut lab, Key::Shift + Key::Right, Do::Jump(3), 1);
    key(&mut lab, Key::Shift + Key::Left, Do::Jump(2), 1);
    key(&mut lab, Key::End + "", Do::End, 1);
    assert!(lab.model.frame().failed_99());
    key(&mut lab, Key::Home + "", Do::Start, 1);
    key(&mut lab, Key::Left + "", Do::Back, 1);
    key(&mut lab, Key::Left + "", Do::Back, 1);
}

fn brackets(tab: &Tab) {
    let mut lab = at_the_start(tab);
    lab.focus();
    // The call that failed is the last of sixteen marks that are shown.
    key(&mut lab, "[", Do::Mark(14), 1);
    key(&mut lab, "[", Do::Mark(13), 1);
    key(&mut lab, "]", Do::Mark(14), 1);
    lab.tab.press("]");
    lab.tab.press("]");
    lab.model.machine.to_mark(true);
    lab.same("at the last call, where there is no next one");
    assert!(lab.model.frame().failed_99());
}

fn digits(tab: &Tab) {
    let lab = at_the_start(tab);
    lab.focus();
    let slider = lab.control("slider", ENGLISH.speed);
    for digit in 1..=6 {
        tab.press(digit.to_string());
        tab.until("the speed", || slider.value() == (digit - 1).to_string());
    }
    for key in ["7", "0", "a", "x"] {
        tab.press(key);
    }
    assert_eq!(slider.value(), "5");
    lab.same("no other key does anything");
}

const KEYS: [&str; 7] = ["1", "6", "[", "]", " ", "a", "\u{e014}"];

fn silent_in_fields(tab: &Tab) {
    let lab = at_the_start(tab);
    for name in [ENGLISH.low, ENGLISH.high, ENGLISH.dst, ENGLISH.dport, ENGLISH.jump] {
        let field = lab.field(name);
        for key in KEYS {
            field.press(key);
        }
        for key in [Key::Left, Key::Home, Key::End, Key::Right] {
            field.press(key + "");
        }
        let speed = lab.control("slider", ENGLISH.speed).value();
        assert_eq!(speed, "4", "{name}");
        assert!(!tab.has("button", ENGLISH.pause), "{name}");
        field.press(Key::Control + "a");
        field.press(Key::Delete + "");
        field.press(Key::Escape + "");
        lab.same_but(&["range", "client"], name);
    }
}

fn silent_outside(tab: &Tab) {
    let lab = at_the_start(tab);
    let link = tab.link("Scenarios");
    tab.run("document.querySelector('header a[href]').focus()");
    for key in KEYS {
        tab.press(key);
    }
    for key in [Key::Left, Key::Right, Key::Home, Key::End] {
        link.press(key + "");
    }
    assert_eq!(lab.control("slider", ENGLISH.speed).value(), "4");
    lab.same("nothing has happened");
}

fn own_keys(tab: &Tab) {
    let mut lab = at_the_start(tab);
    let radio = lab.control("radio", "16");
    radio.press(Key::Right + "");
    lab.model.apply(&Do::BhashSize(4_096));
    lab.same("the next size of the bind hash");
    lab.control("radio", "4,096").press(Key::Left + "");
    lab.model.apply(&Do::BhashSize(16));
    lab.same("the size before");
    let closer = lab.control("radio", ENGLISH.client);
    closer.press(Key::Right + "");
    assert!(lab.control("radio", ENGLISH.server).is_on());
    lab.control("slider", ENGLISH.speed).press(Key::Left + "");
    assert_eq!(lab.control("slider", ENGLISH.speed).value(), "3");
    lab.same("the walk stays where it was");
    // The slider through the call goes from probe to probe.
    let through = tab.css("section.time input[type=range]");
    through.press(Key::End + "");
    lab.model.apply(&Do::Jump(16));
    lab.same("at the last probe");
    through.press(Key::Left + "");
    lab.model.apply(&Do::Jump(15));
    lab.same("at the probe before");
}

fn port_page(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::Range(32_768, 33_767), Do::UntilError, Do::Start] {
        lab.act(act);
    }
    let sheet = tab.css("[role=application]");
    let port = |tab: &Tab| {
        let tip = tab.css("[role=application] .tip b").text();
        tip.replace(',', "").parse::<u16>().expect("the tip begins with the port")
    };
    sheet.press(Key::Home + "");
    assert_eq!(port(tab), 32_768);
    sheet.press(Key::Right + "");
    assert_eq!(port(tab), 32_769);
    sheet.press(Key::Left + Key::Left);
    assert_eq!(port(tab), 32_768, "the range ends there");
    sheet.press(Key::Down + "");
    let below = port(tab);
    assert!(below > 32_800, "a row has more than {} ports", below - 32_768);
    sheet.press(Key::Up + "");
    assert_eq!(port(tab), 32_768);
    sheet.press(Key::PageDown + "");
    assert!(port(tab) > below);
    sheet.press(Key::End + "");
    assert_eq!(port(tab), 33_767);
    sheet.press(Key::Left + "");
    lab.same("looking moves nothing");
    sheet.press(Key::Enter + "");
    assert!(lab.model.machine.to_port(33_766), "every port was visited");
    lab.same("run until the port");
    sheet.press(Key::Escape + "");
    let tips = tab.run("return document.querySelectorAll('[role=application] .tip').length");
    assert_eq!(tips, json!(0), "the story is closed");
}

fn tab_order(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "busy-client");
    tab.run("document.querySelector('main').focus()");
    let mut names = Vec::new();
    for _ in 0..60 {
        tab.press(Key::Tab + "");
        let name = tab.run(
            "const at = document.activeElement;
             if (!at.closest('.lab')) return '';
             const box = at.getBoundingClientRect();
             if (!box.width || !box.height) return 'invisible: ' + at.outerHTML;
             return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent.trim() ?? (at.textContent.trim() || at.id);",
        );
        let name = name.as_str().unwrap_or_default().to_owned();
        if name.is_empty() && !names.is_empty() {
            break;
        }
        if !name.is_empty() {
            names.push(name);
        }
    }
    let mut from = 0;
    for expected in [
        ENGLISH.low,
        ENGLISH.high,
        "default",
        "tcp_tw_reuse",
        "tcp_timestamps",
        ENGLISH.one_second,
        ENGLISH.one_minute,
        ENGLISH.dst,
        ENGLISH.dport,
        ENGLISH.connect,
        ENGLISH.connect_10,
        ENGLISH.until_error,
        ENGLISH.client,
        ENGLISH.close,
        ENGLISH.close_all,
        "28,233 local ports, one cell each",
        ENGLISH.to_start,
        ENGLISH.back,
        ENGLISH.play,
        ENGLISH.forward,
        ENGLISH.to_end,
        ENGLISH.speed,
        ENGLISH.jump,
    ] {
        let found = names[from..].iter().position(|name| name.starts_with(expected));
        from += 1 + found.unwrap_or_else(|| panic!("{expected} isn't reached in turn: {names:?}"));
    }
    lab.same("Tab changes nothing");
}

fn space(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "busy-client");
    lab.act(Do::Start);
    lab.control("slider", ENGLISH.speed).press(Key::Home + "");
    tab.css("[role=application]").press(" ");
    tab.until("it plays", || tab.has("button", ENGLISH.pause));
    tab.css("[role=application]").press(" ");
    tab.until("it stops", || tab.has("button", ENGLISH.play));
    lab.button(ENGLISH.to_end).press(" ");
    lab.model.apply(&Do::End);
    lab.same("the button was pressed");
    assert!(!tab.has("button", ENGLISH.pause), "nothing plays");
    lab.switch("tcp_tw_reuse").press(" ");
    lab.model.apply(&Do::TwReuse);
    lab.same("the switch was switched");
    lab.button(ENGLISH.connect).press(Key::Enter + "");
    lab.model.apply(&Do::Connect);
    lab.same("Enter presses too");
}

fn plays_to_the_end(tab: &Tab) {
    let mut lab = at_the_start(tab);
    lab.focus();
    tab.press("6");
    tab.button(ENGLISH.play).click();
    lab.model.apply(&Do::End);
    lab.same("at the end of the call");
    tab.until("it stops", || tab.has("button", ENGLISH.play));
    // At the end of everything, Play shows the last call again.
    tab.button(ENGLISH.play).click();
    tab.until("it stops again", || tab.has("button", ENGLISH.play));
    lab.same("at the end of the call again");
}

fn plays_the_busy_client(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "busy-client");
    lab.act(Do::Start);
    lab.focus();
    tab.press("6");
    tab.button(ENGLISH.play).click();
    lab.model.apply(&Do::End);
    lab.same("at the end of 28,233 probes");
    tab.until("it stops", || tab.has("button", ENGLISH.play));
}

fn pause(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "busy-client");
    lab.act(Do::Start);
    lab.focus();
    tab.press("4");
    tab.button(ENGLISH.play).click();
    tab.until("it moves", || lab.shown().get("position") != "1 of 28233");
    tab.button(ENGLISH.pause).click();
    tab.until("it stops", || tab.has("button", ENGLISH.play));
    let i: u32 = lab
        .shown()
        .get("registers")
        .split(' ')
        .next()
        .and_then(|i| i.parse().ok())
        .expect("a number");
    lab.model.apply(&Do::Jump(i));
    lab.same("on a probe that is decided");
    tab.button(ENGLISH.play).click();
    lab.button(ENGLISH.back).click();
    tab.until("it stops", || tab.has("button", ENGLISH.play));
}
