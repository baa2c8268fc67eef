//! The Fix lab: every row is what the model computes, and "Try it" keeps its promise.

use error99_e2e::Tab;
use error99_kernel::{Addr, Call, CloseHow, Config, SocketName, Sysctl, SysctlValue};
use error99_replay::ERROR_99;
use error99_replay::fix::{Change, Fix, Outcome};
use error99_replay::frame::Ret;
use error99_replay::history::{ALL_CALLS, Position};
use error99_replay::hold::Hold;
use error99_replay::link::{self, Saved};
use error99_replay::scenario::Client;
use error99_replay::{Act, History, Load, Machine, catalogue};

use super::model::{Do, window};
use super::page::{FixRow, Lab, fix_rows, open};
use super::words::ENGLISH;
use crate::{SAME_CODE, Test, test};

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
        let test = test(
            format!(
                "each fix of {key} is the model's, and trying it gets the port that it promises"
            ),
            move |tab| {
                promises(tab, key, acts);
            },
        );
        (key, test)
    });
    // Each engine presses the rows of one machine.
    let cases = cases.map(|(key, test)| match key {
        "sixteen-ports" => test,
        _ => test.once(SAME_CODE),
    });
    let others = [
        test(
            "whether a fix holds under the load of the busy client is what the model finds",
            lasting,
        ),
        test(
            "a fix that helps from the start is tried with the knobs that the reader has set",
            knobs,
        )
        .once(SAME_CODE),
        test("a bind is part of what the Fix lab tries again, and may be left out", bound)
            .once(SAME_CODE),
        test("a bind that fails has its own rows in the Fix lab", bind_fails).once(SAME_CODE),
    ];
    cases.chain(others).collect()
}

fn lasting(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "busy-client");
    lab.act(Do::End);
    let fixes = lab.model.fixes();
    assert_eq!(fix_rows(tab).len(), fixes.len());
    // Who looks away for a moment finds the rows again, and those not tried yet go on.
    lab.act(Do::Back);
    lab.act(Do::End);
    assert_eq!(fix_rows(tab).len(), fixes.len());
    lasts(tab, &lab.model.machine);
}

/// Each row says of the load what the model finds, and is folded away if it's of no use.
fn lasts(tab: &Tab, machine: &Machine) {
    let fixes = machine.fixes();
    tab.until("the load has been tried in every row", || {
        fix_rows(tab).iter().all(|row| row.hold != "…")
    });
    let rows = fix_rows(tab);
    assert_eq!(rows.len(), fixes.len());
    for (row, fix) in rows.iter().zip(fixes) {
        let mut trial = machine.trial(fix.change).expect("the machine has a load");
        let hold = loop {
            if let Some(hold) = trial.work(u64::MAX) {
                break hold;
            }
        };
        let number = |n: u64| row.hold.contains(&n.to_string());
        let right = match hold {
            Hold::Holds => row.hold.starts_with("holds"),
            Hold::Fails { after_ms: 0..1_000 } => {
                row.hold.starts_with("fails") || row.hold.ends_with("half of the next ones")
            }
            Hold::Fails { after_ms } => row.hold.starts_with("fails") && number(after_ms / 1_000),
            Hold::Unknown { .. } => false,
        };
        assert!(right, "the page says {row:?}, the model {hold:?} of {fix:?}");
        let helps = matches!(fix.outcome, Outcome::Port { .. })
            || (fix.change.from_start() && hold == Hold::Holds);
        assert_eq!(row.folded, !helps, "{row:?}");
    }
}

/// Opens a machine at its end, and the same one here.
fn stand(tab: &Tab, config: Config, acts: Vec<Act>) -> Machine {
    let mut history = History::new(config);
    for act in acts {
        history.push(history.tip, ALL_CALLS, act).expect("it has room");
    }
    history.at = Position { done: u32::MAX, step: None };
    let client = Client { dst: SERVER, dport: 80 };
    let saved = Saved { history: history.clone(), client };
    open(tab, &format!("/lab/#m={}", link::write(&saved)));
    let mut machine = Machine::open(history).expect("it opens");
    machine.look_at(client.dst, client.dport);
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
    machine
}

const SERVER: Addr = Addr::new(10, 0, 0, 2);
const OWN: Addr = Addr::new(10, 0, 0, 1);

/// The machine of 16 ports, with a thousand and a load since: too many for 16 even if ten requests
/// share a connection, and not for a thousand.
fn knobs(tab: &Tab) {
    let config = catalogue::find("sixteen-ports").expect("it is prepared").history().config;
    let value = SysctlValue::Two(32_768, 33_767);
    let load = Load {
        per_second: 50,
        hold_ms: Some(0),
        stop_at_error: true,
        ..Load::burst(SERVER, 80, 6_000)
    };
    let acts = vec![Act::Call(Call::Sysctl { sysctl: Sysctl::PortRange, value }), Act::Load(load)];
    let machine = stand(tab, config, acts);
    lasts(tab, &machine);
    let keeps = |row: &FixRow| row.name.starts_with("Keep connections open");
    let rows = fix_rows(tab);
    let row = rows.iter().find(|row| keeps(row)).expect("it is tried");
    assert!(row.hold.starts_with("holds"), "{row:?}");
}

/// Each row says what the model computed; those of no use are folded away, and counted.
fn agrees(tab: &Tab, machine: &Machine) -> Vec<FixRow> {
    let (rows, fixes) = (fix_rows(tab), machine.fixes());
    assert_eq!(rows.len(), fixes.len());
    for (row, fix) in rows.iter().zip(&fixes) {
        assert!(says(row, fix), "the page says {row:?}, the model {fix:?}");
        assert_eq!(row.folded, !matches!(fix.outcome, Outcome::Port { .. }), "{row:?}");
    }
    let folded = rows.iter().filter(|row| row.folded).count();
    let summary = tab.css(".fix summary").text();
    assert_eq!(summary, format!("Also tried: {folded} that don't help"));
    rows
}

/// `SO_REUSEADDR`, a port by number, connect, close without timestamps; then all of it again.
fn bound(tab: &Tab) {
    let off = (Sysctl::Timestamps, SysctlValue::One(0));
    let local = vec![OWN, Addr::new(10, 0, 0, 7)];
    let config = Config { sysctl: vec![off], local, ..Config::default() };
    let whole = |s| {
        let bind = Call::Bind { s, addr: OWN, port: 31_000 };
        [Call::Socket { s }, Call::Reuse { s, on: true }, bind, Call::connect(s, SERVER, 80)]
    };
    let [first, second] = [0, 1].map(SocketName);
    let calls = whole(first).into_iter().chain([Call::close(first, CloseHow::Active)]);
    let acts = calls.chain(whole(second)).map(Act::Call).collect();
    let machine = stand(tab, config, acts);
    let rows = agrees(tab, &machine);
    assert!(rows[0].name.starts_with("Leave out the bind()") && !rows[0].folded, "{rows:?}");
    let reuse = machine.fixes().iter().position(|fix| fix.change == Change::TwReuse);
    let reuse = &rows[reuse.expect("it is tried")];
    assert!(reuse.folded && reuse.outcome == "still error 99", "{reuse:?}");
    assert!(reuse.why.starts_with("The port that it's bound to: in TIME_WAIT"), "{reuse:?}");
}

/// Four ports, and a fifth socket that is to be bound to any.
fn bind_fails(tab: &Tab) {
    let range = (Sysctl::PortRange, SysctlValue::Two(40_000, 40_003));
    let config = Config { sysctl: vec![range], ..Config::default() };
    let bind = |s| [Call::Socket { s }, Call::Bind { s, addr: OWN, port: 0 }];
    let acts = (0..5).map(SocketName).flat_map(bind).map(Act::Call).collect();
    let machine = stand(tab, config, acts);
    let rows = agrees(tab, &machine);
    assert!(rows.iter().any(|row| row.why.starts_with("4 ports: ")), "{rows:?}");
    assert!(!tab.has("region", ENGLISH.verdict), "no walk, nothing to count");
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
        let rows = fix_rows(tab);
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
fn says(row: &FixRow, fix: &Fix) -> bool {
    let FixRow { command, outcome, .. } = row;
    let expected = if let Outcome::Port { port, probe: 0 } = fix.outcome {
        outcome.contains(&format!("port {port} that it's bound to"))
    } else if let Outcome::Port { port, probe } = fix.outcome {
        outcome.contains(&format!("port {port} at probe {probe}"))
    } else if let Outcome::Fails(ERROR_99) = fix.outcome {
        outcome.contains("still error 99")
    } else {
        !outcome.is_empty()
    };
    expected && fix.change.command().is_none_or(|typed| command.contains(&typed))
}
