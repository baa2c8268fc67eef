//! The whole story: a reader connects until the range is full, watches the walk refuse every
//! port, gets error 99, repairs the machine, and the very same call succeeds.

use error99_e2e::Tab;
use error99_kernel::Release;
use error99_replay::frame::Ret;

use super::model::{Do, Model};
use super::page::Lab;
use super::words::{BOTH, ENGLISH, Words};
use crate::{SAME_CODE, Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test(
            "sixteen ports fill up, the walk is gone through line by line, a wider range heals the call",
            |tab| {
                let mut lab = sixteen_failed(tab, &ENGLISH);
                every_line_and_back(&mut lab);
                lab.act(Do::End);
                heal_by_range(&mut lab, (32_768, 32_799));
            },
        )
        .once(SAME_CODE),
        test(
            "sixteen ports in TIME_WAIT refuse a call until tcp_tw_reuse is on and a second has passed",
            |tab| {
                let mut lab = sixteen_failed(tab, &ENGLISH);
                heal_by_reuse(&mut lab);
            },
        ),
        test(
            "the busy client fails with error 99 after 28,233 probes, and a wider range heals it",
            |tab| {
                let mut lab = busy_failed(tab, &ENGLISH);
                heal_by_range(&mut lab, (15_000, 61_000));
            },
        ),
        test("the busy client fails with error 99, and tcp_tw_reuse heals it", |tab| {
            let mut lab = busy_failed(tab, &ENGLISH);
            lab.act(Do::TwReuse);
            again(&mut lab);
        }),
        test("an empty machine of the default range connects 28,233 times until error 99", |tab| {
            let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
            lab.act(Do::Range(32_768, 61_000));
            lab.act(Do::UntilError);
            assert!(lab.shown().get("verdict").starts_with("28233 live"));
            heal_by_range(&mut lab, (32_768, 61_999));
        }),
        test("the whole story is told in Chinese too", |tab| {
            let [_, chinese] = BOTH;
            let mut lab = sixteen_failed(tab, chinese);
            lab.act(Do::Start);
            for _ in 0..9 {
                lab.act(Do::Forward);
            }
            lab.act(Do::Back);
            lab.act(Do::End);
            heal_by_reuse(&mut lab);
            let mut lab = sixteen_failed(tab, chinese);
            heal_by_range(&mut lab, (32_760, 32_783));
        })
        .once(SAME_CODE),
        test("a close and a minute are gone through event by event, and back", events)
            .once(SAME_CODE),
        test("acting from the past replaces what came after it", branch),
        test("the same calls on other kernels, there and back", |tab| {
            other_kernels(tab, &ENGLISH, &Release::ALL);
        })
        .once(SAME_CODE),
        test("another kernel is told of in Chinese too", |tab| {
            let [_, chinese] = BOTH;
            other_kernels(tab, chinese, &[Release::V2_6_32, Release::V6_18]);
        }),
        test("the comparison notices whatever only one side did", notices).once(SAME_CODE),
    ]
}

/// The learning machine, connected until it fails.
fn sixteen_failed<'t>(tab: &'t Tab, words: &'static Words) -> Lab<'t> {
    let mut lab = Lab::open(tab, words, "sixteen-ports");
    lab.act(Do::Connect10);
    for _ in 0..3 {
        lab.act(Do::Connect);
    }
    assert!(!lab.model.frame().failed_99(), "three ports are left");
    lab.act(Do::UntilError);
    is_error_99(&lab, 16);
    lab
}

/// The busy client at the end of its failing call.
fn busy_failed<'t>(tab: &'t Tab, words: &'static Words) -> Lab<'t> {
    let mut lab = Lab::open(tab, words, "busy-client");
    lab.act(Do::End);
    is_error_99(&lab, 28_233);
    lab
}

/// The call under the glass has failed with error 99, after so many probes, by the model; and
/// the page, which shows what the model says, names them.
fn is_error_99(lab: &Lab, probes: u32) {
    let frame = lab.model.frame();
    assert!(frame.failed_99());
    let walk = frame.walk.expect("it walked");
    assert_eq!((walk.probes, walk.tally.refused()), (probes, probes));
    let program = lab.tab.region(lab.words.program).text();
    assert!(program.contains("-1 EADDRNOTAVAIL"), "{program}");
    assert!(program.contains("(Cannot assign requested address)"), "{program}");
    assert!(lab.tab.has("region", lab.words.verdict));
    lab.tab.until("the Fix lab", || lab.tab.has("region", lab.words.fix));
}

/// From the first line of the call to its return and back, one step at a time.
fn every_line_and_back(lab: &mut Lab) {
    lab.act(Do::Start);
    let mut seen = vec![lab.shown()];
    while lab.model.frame().at.step.is_some() {
        lab.act(Do::Forward);
        seen.push(lab.shown());
    }
    // The route, the state and two lines before the loop, five for each live port, the end of
    // the walk and the state after it, and the return.
    assert_eq!(seen.len(), 4 + 16 * 5 + 2 + 1);
    is_error_99(lab, 16);
    for before in seen.iter().rev().skip(1) {
        lab.act(Do::Back);
        assert_eq!(lab.shown(), *before, "a step back shows what was there before");
    }
}

/// Sixteen ports are filled on one kernel after another: each shows what the model says of it, step
/// by step, and what went otherwise is told.
fn other_kernels(tab: &Tab, words: &'static Words, kernels: &[Release]) {
    let mut lab = sixteen_failed(tab, words);
    for release in kernels.iter().rev() {
        lab.act(Do::Kernel(*release));
        let [otherwise, same] = words.again;
        lab.tab.until("what the same calls did there", || {
            let told = told(tab);
            told.contains(otherwise) || told.contains(same)
        });
        lab.act(Do::Start);
        for _ in 0..9 {
            lab.act(Do::Forward);
        }
        lab.act(Do::End);
        is_error_99(&lab, 16);
    }
    // Whatever was chosen, an act does away with what was told.
    lab.act(Do::CloseAll);
    assert_eq!(told(tab), "");
}

/// What is told of the same calls on another kernel.
fn told(tab: &Tab) -> String {
    let text = tab.run("return document.querySelector('.rail .again').textContent.trim()");
    text.as_str().unwrap_or_default().to_owned()
}

/// Every step of some calls that don't walk, forward and back.
fn events(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::Connect10, Do::CloseAll, Do::OneMinute, Do::Start] {
        lab.act(act);
    }
    // Eight ticks; the last one ends all ten.
    let mut seen = vec![lab.shown()];
    while lab.model.frame().at.step.is_some() {
        lab.act(Do::Forward);
        seen.push(lab.shown());
    }
    assert_eq!(seen.len(), 8 + 1);
    assert!(seen[7].get("sentence").contains("10 mini-sockets in slot 7 end"));
    for before in seen.iter().rev().skip(1) {
        lab.act(Do::Back);
        assert_eq!(lab.shown(), *before, "a step back shows what was there before");
    }
    // Out of the minute, and into the close before it.
    lab.act(Do::Back);
    lab.act(Do::Back);
    assert!(lab.model.frame().at.step.is_some());
    lab.act(Do::Start);
}

/// Writes the range and makes the very same call again.
fn heal_by_range(lab: &mut Lab, (low, high): (u16, u16)) {
    lab.act(Do::Range(low, high));
    again(lab);
}

/// Connects to the same destination again, which works now.
fn again(lab: &mut Lab) {
    lab.act(Do::Connect);
    let call = lab.model.frame().call.expect("a call was made");
    assert_eq!(call.ret, Some(Ret::Ok));
    assert!(call.port > 0);
    assert!(!lab.tab.has("region", lab.words.verdict), "the verdict is gone");
    let program = lab.tab.region(lab.words.program).text();
    assert!(program.trim_end().ends_with("= 0"), "{program}");
}

/// Closes everything from this side, so that all ports wait in TIME_WAIT, and takes one over.
fn heal_by_reuse(lab: &mut Lab) {
    lab.act(Do::CloseAll);
    lab.act(Do::Connect);
    is_error_99(lab, 16);
    assert_eq!(lab.model.frame().walk.expect("it walked").tally.reuse_off, 16);
    lab.act(Do::TwReuse);
    lab.act(Do::Connect);
    is_error_99(lab, 16);
    assert_eq!(lab.model.frame().walk.expect("it walked").tally.too_young, 16);
    lab.act(Do::OneSecond);
    lab.act(Do::OneSecond);
    again(lab);
}

/// Each act is done natively only: the page must differ then.
fn notices(tab: &Tab) {
    let acts = [
        Do::Back,
        Do::Connect,
        Do::CloseAll,
        Do::OneSecond,
        Do::TwReuse,
        Do::Timestamps,
        Do::Range(32_768, 32_784),
        Do::Destination(error99_kernel::Addr::new(10, 0, 0, 3)),
        Do::DestinationPort(81),
        Do::BhashSize(4_096),
    ];
    let page = sixteen_failed(tab, &ENGLISH).shown();
    for act in acts {
        let mut model = Model::open("sixteen-ports");
        let before = [Do::Connect10, Do::Connect, Do::Connect, Do::Connect, Do::UntilError];
        before.iter().for_each(|act| model.apply(act));
        assert!(page.differences(&model.shown(&ENGLISH)).is_empty(), "they agree before");
        model.apply(&act);
        assert!(!page.differences(&model.shown(&ENGLISH)).is_empty(), "{act:?} goes unnoticed");
    }
}

fn branch(tab: &Tab) {
    let mut lab = sixteen_failed(tab, &ENGLISH);
    let calls = lab.model.frame().total;
    // Back to the second of the connects, and into its walk.
    lab.act(Do::Mark(1));
    lab.act(Do::Start);
    lab.act(Do::Forward);
    lab.act(Do::Closer(error99_kernel::CloseHow::Passive));
    lab.act(Do::Close);
    assert!(lab.model.frame().total < calls, "the later calls are gone");
    lab.act(Do::Connect);
    lab.act(Do::Back);
    lab.act(Do::UntilError);
    is_error_99(&lab, 16);
}
