//! The Fix lab: every row is what the model computes, and "Try it" keeps its promise.

use error99_e2e::Tab;
use error99_replay::fix::{Fix, Outcome};
use error99_replay::frame::Ret;
use error99_replay::hold::Hold;

use super::model::{Do, window};
use super::page::Lab;
use super::words::ENGLISH;
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    // How each machine is brought to its error 99.
    let cases: [(&str, &[Do]); 5] = [
        ("busy-client", &[Do::End]),
        ("ports-owned-by-bind", &[Do::End]),
        ("live-connections", &[Do::End]),
        ("second-destination", &[Do::Mark(14)]),
        (
            "sixteen-ports",
            &[Do::UntilError, Do::CloseAll, Do::OneSecond, Do::OneSecond, Do::Connect],
        ),
    ];
    let cases = cases.into_iter().map(|(key, acts)| {
        test(
            format!(
                "each fix of {key} is the model's, and trying it gets the port that it promises"
            ),
            move |tab| {
                promises(tab, key, acts);
            },
        )
    });
    let lasting = test(
        "whether a fix holds under the load of the busy client is what the model finds",
        lasting,
    );
    cases.chain([lasting]).collect()
}

fn lasting(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "busy-client");
    lab.act(Do::End);
    let fixes = lab.model.fixes();
    assert_eq!(lab.fix_rows().len(), fixes.len());
    // Who looks away for a moment finds the rows again, and those not tried yet go on.
    lab.act(Do::Back);
    lab.act(Do::End);
    assert_eq!(lab.fix_rows().len(), fixes.len());
    for (row, fix) in fixes.iter().enumerate() {
        let mut trial = lab.model.machine.trial(fix.change).expect("the machine has a load");
        let hold = loop {
            if let Some(hold) = trial.work(u64::MAX) {
                break hold;
            }
        };
        let cell = tab.css(&format!(".fixes tbody tr:nth-child({}) .lasts", row + 1));
        tab.until("the load has been tried", || cell.text() != "…");
        let (said, number) = (cell.text(), |n: u64| cell.text().contains(&n.to_string()));
        let right = match hold {
            Hold::Holds => said.starts_with("holds"),
            Hold::Fails { after_ms: 0..1_000 } => said.starts_with("fails"),
            Hold::Fails { after_ms } => said.starts_with("fails") && number(after_ms / 1_000),
        };
        assert!(right, "the page says “{said}”, the model {hold:?} of {fix:?}");
    }
}

fn promises(tab: &Tab, key: &str, acts: &[Do]) {
    let mut lab = Lab::open(tab, &ENGLISH, key);
    for act in acts {
        lab.act(act.clone());
    }
    let failed = lab.model.frame().at;
    let fixes = lab.model.fixes();
    assert!(!fixes.is_empty(), "there are fixes to try");
    for (row, fix) in fixes.iter().enumerate() {
        let rows = lab.fix_rows();
        assert_eq!(rows.len(), fixes.len(), "{rows:?}");
        assert!(says(&rows[row], fix), "the page says {:?}, the model {fix:?}", rows[row]);
        // A row that fails may be tried too.
        lab.act(Do::Try(row));
        let frame = lab.model.frame();
        let call = frame.call.as_ref().expect("a call was made");
        if let Outcome::Port { port, probe } = fix.outcome {
            assert_eq!((call.ret, call.port), (Some(Ret::Ok), port), "{fix:?}");
            assert_eq!(frame.walk.as_ref().expect("it walked").probes, probe, "{fix:?}");
            assert!(!tab.has("region", ENGLISH.fix), "nothing is left to fix");
        } else if let Outcome::Fails(ret) = fix.outcome {
            assert_eq!(call.ret, Some(ret), "{fix:?}");
        }
        // Back to the call that failed: the next row is tried from there.
        let mark = window(&frame).iter().position(|mark| mark.call + 1 == failed.done);
        lab.act(Do::Mark(mark.expect("the failed call has its mark")));
    }
}

/// Whether a row of the page says what the model computed: the command, if there is one, and
/// port and probe, or the error.
fn says(row: &(String, String), fix: &Fix) -> bool {
    let (command, outcome) = row;
    let expected = if let Outcome::Port { port, probe } = fix.outcome {
        outcome.contains(&format!("port {port} at probe {probe}"))
    } else if let Outcome::Fails(Ret::Errno(99)) = fix.outcome {
        outcome.contains("still error 99")
    } else {
        !outcome.is_empty()
    };
    expected && fix.change.command().is_none_or(|typed| command.contains(&typed))
}
