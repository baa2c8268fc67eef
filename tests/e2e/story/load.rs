//! The pictures about load, time and remedies, each operated by its controls. What they say is
//! compared with the model, run natively for the same choices.

use error99_e2e::{Key, Tab};
use error99_kernel::Release;
use error99_replay::fix::Outcome;
use error99_replay::hold::Hold;
use error99_story::other_kernels::{KINDS, OnKind, RATES};
use error99_story::remedies::{FIXES, HARMFUL, Remedy, tried};
use error99_story::{calendar, ports_over_time, the_whole_range, walks};

use super::picture::Picture;
use crate::{SAME_CODE, Test, test, thousands};

pub fn tests() -> Vec<Test> {
    vec![
        test("picture ports-over-time: the reader's own rate, range and tcp_tw_reuse", plot),
        test("picture ports-over-time: wrong numbers are refused, and nothing is lost", wrong)
            .once(SAME_CODE),
        test("picture the-whole-range: from probe to probe, to the end", walk),
        test("picture calendar: each load, early and late in a slot", slots),
        test("picture the-fixes: each row says what the model says", |tab| {
            remedies(tab, "the-fixes", &FIXES);
        }),
        test("picture harmful-fixes: each row says what the model says", |tab| {
            remedies(tab, "harmful-fixes", &HARMFUL);
        }),
        test("picture ports-over-time: other kernels at four rates, and back", other_kernels),
        test("picture since: each kernel has its order and its cost, by keys", orders),
        test("picture since: both ways of choosing a port", since),
        test("the pictures of load answer in Chinese too", chinese).once(SAME_CODE),
    ]
}

fn plot(tab: &Tab) {
    use ports_over_time::{Controls, SECONDS, scene};
    let picture = Picture::open(tab, "/", "ports-over-time");
    let answers = |of: Controls| {
        let ports_over_time::Scene { plot, sustained } = scene(&of);
        let refused: u32 = plot.refused.iter().sum();
        let most = plot.taken.iter().copied().max().unwrap_or(0);
        let (rate, ports) = (thousands(of.rate), thousands(of.ports()));
        let (rate, refused_of) = (format!("At {rate} a second"), thousands(of.rate * SECONDS));
        picture.says(&match plot.first_ms {
            Some(_) => format!(
                "{rate} every port is taken, and {} of {refused_of} calls",
                thousands(refused)
            ),
            None if most == of.ports() => format!("{rate} all {ports} ports are in TIME_WAIT"),
            None => format!("{rate} at most {} of {ports} ports", thousands(most)),
        });
        let carries = format!("{} a second", thousands(sustained.rate));
        tab.until(&carries, || picture.text(".figures").contains(&carries));
        let first = match plot.first_ms {
            Some(ms) => format!("after {} s", ms / 1000),
            None => "none in 300 s".to_owned(),
        };
        assert!(picture.text(".figures").contains(&first), "{first}");
        let formula = format!("{ports} ÷ 60 = {}", thousands(of.formula()));
        assert!(picture.text(".figures").contains(&formula), "{formula}");
    };
    let mut of = Controls::default();
    answers(of);
    of.rate = 250;
    number(tab, "Connections a second").fill("250");
    answers(of);
    of.range = (32_768, 33_767);
    number(tab, "Highest port").fill("33767");
    answers(of);
    of.tw_reuse = true;
    tab.css(".picture.ports-over-time [role=switch]").click();
    answers(of);
    picture.press("Start again");
    answers(Controls::default());
}

fn number(tab: &Tab, label: &str) -> error99_e2e::Element {
    tab.css(&format!(".picture.ports-over-time [aria-label='{label}']"))
}

fn wrong(tab: &Tab) {
    let picture = Picture::open(tab, "/", "ports-over-time");
    let before = picture.text(".said[aria-live]");
    let refused = |label: &str, text: &str, words: &str| {
        let field = number(tab, label);
        field.fill(text);
        tab.until(words, || picture.text(".heed").contains(words));
        assert_eq!(field.value(), text, "what was typed stays");
        assert_eq!(field.attribute("aria-invalid").as_deref(), Some("true"));
        assert_eq!(picture.text(".said[aria-live]"), before, "the plot stays");
        field.press(Key::Escape + "");
        tab.until("nothing is wrong", || picture.text(".heed").is_empty());
    };
    let rate = "Connections a second";
    refused(rate, "", "Type a whole number from 1 to 2000.");
    for text in ["abc", "1e9", "12.5", "-", "0", "-3", "<b>1</b>", "99999999999999999999"] {
        refused(rate, text, &format!("“{text}” won’t do: type a whole number from 1 to 2000."));
    }
    refused(rate, "2001", "The picture ends at 2,000 a second");
    refused("Lowest port", "0", "“0” won’t do: type a whole number from 1 to 65535.");
    refused("Lowest port", "61001", "EINVAL: 61001 is above 61000.");
    refused("Highest port", "70000", "Of “32768 70000” the kernel would take 32768");
    refused("Highest port", "x", "“x” won’t do: type a whole number from 1 to 65535.");
}

fn walk(tab: &Tab) {
    let scene = the_whole_range::scene();
    let picture = Picture::open(tab, "/", "the-whole-range");
    let slider = tab.css(".picture.the-whole-range input[type=range]");
    let stands_at = |i: u32| {
        let seen = scene.seen(i);
        let words = format!("probe {} of 28,233, port {}", thousands(i), thousands(seen.port));
        tab.until(&words, || slider.attribute("aria-valuetext").as_deref() == Some(&words));
        let table = picture.text(".refusals");
        for count in seen.counts {
            assert!(table.contains(&thousands(count)), "{count} in {table}");
        }
    };
    stands_at(the_whole_range::PROBE);
    slider.press(Key::Right + "");
    stands_at(the_whole_range::PROBE + 1);
    picture.says("Probe 12,035 looks at port");
    slider.press(Key::Home + "");
    stands_at(1);
    picture.press("To the end");
    stands_at(28_233);
    picture
        .says("All 28,233 ports were looked at, and each was refused. No port is left: error 99.");
    assert_eq!(picture.text(".result"), "connect() = -1 EADDRNOTAVAIL");
    picture.press("Start again");
    stands_at(the_whole_range::PROBE);
}

fn slots(tab: &Tab) {
    let picture = Picture::open(tab, "/", "calendar");
    let slider = tab.css(".picture.calendar input[type=range]");
    let lasts = |load, after| {
        let scene = calendar::scene(&calendar::Controls { load, after });
        let (s, tenth) = (scene.lasts_ms / 1000, scene.lasts_ms / 100 % 10);
        let words = format!("This TIME_WAIT lasts {s}.{tenth} s");
        tab.until(&words, || picture.text(".lasts") == words);
        assert_eq!(picture.count(".time-line .turn"), scene.turns.len());
        assert_eq!(picture.count(".time-line .stayed"), scene.stayed());
    };
    lasts(1, 30);
    slider.press(Key::End + "");
    lasts(1, 74);
    picture.choose("50 a second");
    lasts(2, 74);
    slider.press(Key::End + "");
    lasts(2, 149);
    slider.press(Key::Home + "");
    lasts(2, 0);
    picture.says("8 of 15 turns leave it where it is, and this one lasts 112.5 s.");
    picture.choose("a lone one");
    lasts(0, 0);
    assert!(!slider.is_enabled());
    picture.press("Start again");
    lasts(1, 30);
}

/// Chooses each row of a table of remedies: it says what the model says, and its explanation is
/// the one that is shown.
fn remedies(tab: &Tab, name: &'static str, all: &[Remedy]) {
    tab.open("/");
    let row = |at: usize| format!(".picture.{name} tbody tr:nth-child({})", at + 1);
    for (at, tried) in tried(all).into_iter().enumerate() {
        tab.css(&format!("{} label", row(at))).click();
        let text = tab.css(&row(at)).text();
        let outcome = match tried.outcome {
            Outcome::Port { port, probe } => {
                format!("port {}, probe {probe}", thousands(port))
            }
            Outcome::BindFails(_) => "bind(): EADDRINUSE".to_owned(),
            Outcome::Fails(_) => "still error 99".to_owned(),
        };
        let hold = match tried.hold {
            Hold::Holds if tried.from_start => "holds, if so from the start".to_owned(),
            Hold::Holds => "holds for 300 s".to_owned(),
            Hold::Fails { after_ms: 0..1_000 } => "fails at once".to_owned(),
            Hold::Fails { after_ms } => format!("after {} s", after_ms / 1000),
            Hold::Unknown { .. } => panic!("{text}: the story's loads stay within the model"),
        };
        assert!(text.contains(&outcome) && text.contains(&hold), "{outcome}, {hold}: {text}");
        let detail =
            |other: usize| tab.css(&format!(".picture.{name} .detail:nth-child({})", other + 1));
        for other in 0..all.len() {
            assert_eq!(detail(other).is_shown(), other == at, "{text}");
        }
        if let Some(command) = tried.command {
            assert!(detail(at).text().contains(&command), "{command}");
        }
    }
}

fn since(tab: &Tab) {
    tab.open("/");
    let detail = |at: usize| tab.css(&format!(".picture.since .detail:nth-child({at})"));
    assert!(detail(1).text().starts_with("13 µs until half of the range is in use"));
    tab.css(".picture.since .options label:nth-child(2)").click();
    assert!(!detail(1).is_shown());
    assert!(detail(2).text().starts_with("13 to 17 µs from the first port to the last"));
}

/// The arrow keys go from kernel to kernel: the order that is seen is the model's.
fn orders(tab: &Tab) {
    tab.open("/");
    let all = walks::all();
    let kernel =
        |at: usize| tab.css(&format!(".picture.since .kernels label:nth-child({}) input", at + 1));
    // From the newest one back; not every engine goes round at the first.
    for at in (0..Release::ALL.len() - 1).rev() {
        kernel(at + 1).press(Key::Left + "");
        let release = Release::ALL[at];
        let chosen = all.iter().position(|alike| alike.releases.contains(&release));
        for (place, alike) in all.iter().enumerate() {
            let way = tab.css(&format!(".picture.since .way:nth-child({})", place + 1));
            assert_eq!(way.is_shown(), Some(place) == chosen, "{}", release.name());
            if way.is_shown() {
                let failing = thousands(alike.way.failing);
                assert!(way.text().contains(&failing), "{}: {}", release.name(), way.text());
            }
        }
    }
}

/// Kernels that the program doesn't know, chosen on a phone and by key.
fn other_kernels(tab: &Tab) {
    tab.resize(390, 844);
    let picture = Picture::open(tab, "/", "ports-over-time");
    let kernel = |at: usize| {
        tab.css(&format!(".picture.ports-over-time .kernels label:nth-child({})", at + 1))
    };
    kernel(1).click();
    assert!(!tab.css(".picture.ports-over-time .live-part").is_shown());
    let of = OnKind::run(KINDS[0]);
    for (at, (rate, plot)) in RATES.iter().zip(&of.plots).enumerate() {
        let place = format!(".picture.ports-over-time .rates label:nth-child({})", at + 1);
        tab.css(&place).click();
        let refused: u32 = plot.refused.iter().sum();
        let run = format!(".kind:nth-child(1) .run:nth-child({})", at + 1);
        let text = picture.text(&run);
        let expected = match plot.first_ms {
            Some(_) => format!("{} of {} calls", thousands(refused), thousands(rate * 300)),
            None => "no call fails in five minutes".to_owned(),
        };
        assert!(text.contains(&expected), "{expected}: {text}");
        assert!(text.contains("97.76 to 112.8 s"), "{text}");
        assert!(picture.text(&format!("{run} .picture-foot")).contains("Open this in the lab"));
    }
    tab.css(".picture.ports-over-time .kernels label:nth-child(2) input").press(Key::Left + "");
    assert!(tab.css(".picture.ports-over-time .live-part").is_shown());
    picture.says("At 497 a second every port is taken");
}

fn chinese(tab: &Tab) {
    let picture = Picture::open(tab, "/zh-CN/", "the-whole-range");
    picture.press("走到最后");
    picture.says("28,233 个端口全部看过，全部被拒绝。没有端口可用：错误 99。");
    let picture = Picture::open(tab, "/zh-CN/", "calendar");
    picture.choose("每秒 50 条");
    picture.says("15 次转动中有 8 次没有前进，这一条因此持续 109.5 秒。");
    let picture = Picture::open(tab, "/zh-CN/", "ports-over-time");
    tab.css(".picture.ports-over-time [aria-label='每秒连接数']").fill("x");
    let words = "“x”不行：请填 1 到 2000 之间的整数。图保持不变。";
    tab.until(words, || picture.text(".heed") == words);
}
