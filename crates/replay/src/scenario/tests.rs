//! What is written is read, and no text does harm.

use error99_kernel::{Call, Config, Release};
use error99_vocabulary::{Fault, Numbered, Wrong, call_from_json, call_to_json};

use super::*;
use crate::act::{Act, ActError};
use crate::catalogue;
use crate::link::tests::chance::Chance;
use crate::load::LoadError;

#[test]
fn every_prepared_machine_is_read_as_it_was_written() {
    for prepared in catalogue::ALL {
        let saved = prepared.saved();
        assert_eq!(read(&write(&saved)), Ok(saved), "{}", prepared.key);
    }
}

#[test]
fn any_state_is_read_as_it_was_written() {
    let mut chance = Chance::new(6);
    for round in 0..2_000 {
        let saved = in_the_vocabulary(chance.state(40));
        let text = write(&saved);
        match read(&text) {
            Ok(again) => assert!(again == saved, "round {round}: {saved:#?}\n{again:#?}\n{text}"),
            Err(error) => panic!("round {round}: {error:?}\n{text}"),
        }
    }
}

/// The state without what a link can say and the vectors' vocabulary can't: calls that the model
/// refuses, such as a clock set beyond its end, and a sysctl that is written twice at boot.
fn in_the_vocabulary(mut saved: Saved) -> Saved {
    let known = |call: &Call| call_from_json(&call_to_json(call, &Numbered), &mut Numbered);
    for node in &mut saved.history.acts {
        if let Act::Call(call) = &node.act {
            node.act = Act::Call(known(call).unwrap_or(Call::Dump));
        }
    }
    saved.history.config = config_in_the_vocabulary(&saved.history.config);
    saved
}

/// The configuration with each sysctl written once, and without what its release doesn't look at.
fn config_in_the_vocabulary(config: &Config) -> Config {
    let usual = Config::of(config.release);
    let first = config.release == Release::V2_6_32;
    let md5 = !first && config.release <= Release::Rhel7;
    let one_hint = config.release <= Release::V4_19;
    let mut known = Config { secret: usual.secret, rto_ms: usual.rto_ms, ..config.clone() };
    if first {
        let Config { hz, phase_us, start_mono_ms, loop_wire, .. } = usual;
        let start_jiffies = u64::from(config.start_jiffies as u32);
        known = Config { hz, phase_us, start_mono_ms, loop_wire, start_jiffies, ..config.clone() };
    }
    if first || !md5 {
        known.secret16 = usual.secret16;
    }
    if first || md5 {
        known.net_secret = usual.net_secret;
    }
    if one_hint {
        known.perturb_seed = usual.perturb_seed;
    } else {
        known.hint = usual.hint;
    }
    (known.sysctl, known.texts) = (Vec::new(), Vec::new());
    let mut written = Vec::new();
    for call in config.pre_calls() {
        let (Call::Sysctl { sysctl, .. } | Call::SysctlText { sysctl, .. }) = call else { break };
        if written.contains(&sysctl) {
            continue;
        }
        written.push(sysctl);
        match call {
            Call::Sysctl { value, .. } => known.sysctl.push((sysctl, value)),
            Call::SysctlText { text, .. } => known.texts.push((known.sysctl.len(), sysctl, text)),
            _ => {}
        }
    }
    known
}

#[test]
fn a_machine_without_branches_is_a_plain_list_of_acts() {
    let text = write(&catalogue::opening().saved());
    for key in ["from", "after", "stopped", "tip", "done"] {
        assert!(!text.contains(&format!("\"{key}\"")), "{key}: {text}");
    }
    assert!(text.contains("\n  \"probe\": 12034\n"), "{text}");
}

#[test]
fn what_is_wrong_has_a_name() {
    let with = |acts: &str| {
        format!(r#"{{"config": {{}}, "client": {{"dst": "10.0.0.2", "dport": 80}}, {acts}}}"#)
    };
    let acts = |acts: &str| with(&format!(r#""acts": [{{"op": "dump"}}, {acts}]"#));
    let place = |path: &[&str], wrong| Fault {
        path: path.iter().map(|key| key.to_string()).collect(),
        wrong,
    };
    let act = |path: &[&str], wrong| ScenarioError::Act { number: 2, fault: place(path, wrong) };
    let outside = |path: &[&str], wrong| ScenarioError::Place(place(path, wrong));
    let history = |error| ScenarioError::History { number: 2, error };
    let word = || Wrong::Number(0, u32::MAX.into());
    let cases = [
        (" ".repeat(TEXT_MAX + 1), ScenarioError::TooLong),
        ("[".repeat(6), ScenarioError::TooDeep),
        (
            acts(&format!(r#"{{"op": "dump", "x": [{}0]}}"#, "0,".repeat(200_000))),
            ScenarioError::TooLarge,
        ),
        (String::new(), ScenarioError::Syntax { line: 1, column: 0 }),
        ("7".into(), ScenarioError::Syntax { line: 1, column: 1 }),
        ("{}\n}".into(), ScenarioError::Syntax { line: 2, column: 1 }),
        (with(r#""done": 1, "done": 1"#), ScenarioError::Syntax { line: 1, column: 76 }),
        ("{}".into(), outside(&["config"], Wrong::Missing)),
        (r#"{"config": {}}"#.into(), outside(&["client"], Wrong::Missing)),
        (r#"{"config": {"cpus": 1}}"#.into(), outside(&["config", "cpus"], Wrong::Unknown)),
        (with(r#""done": -1"#), outside(&["done"], word())),
        (with(r#""tip": 0"#), ScenarioError::Tip),
        (acts("7"), act(&[], Wrong::Object)),
        (acts("{}"), act(&["op"], Wrong::Missing)),
        (acts(r#"{"op": "fly"}"#), act(&["op"], Wrong::Call("fly".into()))),
        (acts(r#"{"op": "dump", "from": "a"}"#), act(&["from"], word())),
        (acts(r#"{"op": "dump", "from": 1}"#), history(HistoryError::Parent(1))),
        (
            acts(r#"{"op": "load", "dst": "10.0.0.2", "dport": 80, "connections": 0}"#),
            history(HistoryError::Act(ActError::Load(LoadError::Connections))),
        ),
        (
            acts(
                r#"{"op": "load", "dst": "10.0.0.2", "dport": 80, "connections": 1, "also": [1]}"#,
            ),
            act(&["also"], Wrong::List),
        ),
        (
            acts(r#"{"op": "bind_each", "addr": "0.0.0.0", "ports": [[1]]}"#),
            act(&["ports"], Wrong::TwoPorts),
        ),
        (
            acts(r#"{"op": "bind_each", "addr": "0.0.0.0", "ports": []}"#),
            history(HistoryError::Act(ActError::BindEach)),
        ),
    ];
    for (text, error) in cases {
        assert_eq!(read(&text), Err(error), "{text:.120}");
    }
    let loaded = with(r#""loaded": [{"op": "dump"}], "acts": [{"op": "fly"}]"#);
    assert_eq!(read(&loaded), Err(act(&["op"], Wrong::Call("fly".into()))));
}

#[test]
fn the_scenario_of_a_vector_is_read_too() {
    let text = r#"{"name": "n", "about": "a", "features": ["f"], "config": {}, "ops": [
        {"op": "socket", "s": "b"}, {"op": "socket", "s": "a"},
        {"op": "connect", "s": "a", "dst": "10.0.0.7", "dport": 8080}]}"#;
    let saved = read(text).expect("it is one");
    let numbered = text.replace("\"b\"", "\"s0\"").replace("\"a\"}", "\"s1\"}");
    let numbered = numbered.replace("\"s\": \"a\", \"dst", "\"s\": \"s1\", \"dst");
    assert_eq!(read(&numbered), Ok(saved.clone()));
    assert_eq!(saved.client, Client { dst: Addr::new(10, 0, 0, 7), dport: 8080 });
    assert_eq!((saved.history.acts.len(), saved.history.loaded), (3, 0));
    assert_eq!(read(&write(&saved)), Ok(saved));
    let idle = read(r#"{"config": {}, "ops": []}"#).map(|saved| saved.client);
    assert_eq!(idle, Ok(Client { dst: Addr::new(10, 0, 0, 2), dport: 80 }));
}

#[test]
fn more_acts_than_a_history_holds_are_refused() {
    let acts = vec![r#"{"op":"dump"}"#; crate::history::ACTS_MAX + 1].join(",");
    let text = format!(
        r#"{{"config": {{}}, "client": {{"dst": "10.0.0.2", "dport": 80}}, "acts": [{acts}]}}"#
    );
    let number = crate::history::ACTS_MAX + 1;
    let error = HistoryError::TooManyActs;
    assert_eq!(read(&text), Err(ScenarioError::History { number, error }));
}
