//! Scenarios as JSON: what is read, what is refused, and how it is said.

use std::path::Path;

use error99_kernel::{Call, CloseHow, Config, Kernel, SocketName};
use error99_vocabulary::{
    FEATURES_MAX, Json, NAME_BYTES_MAX, Names, Numbered, OPS_MAX, Op, SCENARIO_BYTES_MAX, Scenario,
    TEXT_BYTES_MAX, VectorError, call_from_json, call_to_json, config_from_json,
};

/// A scenario with these calls on the usual machine.
fn with_ops(ops: &str) -> Result<Scenario, VectorError> {
    Scenario::parse(&format!(r#"{{"name": "n", "config": {{}}, "ops": [{ops}]}}"#))
}

fn with_config(config: &str) -> Result<Scenario, VectorError> {
    Scenario::parse(&format!(r#"{{"name": "n", "config": {config}, "ops": []}}"#))
}

fn message(outcome: Result<Scenario, VectorError>) -> String {
    outcome.expect_err("must be refused").to_string()
}

#[test]
fn a_fault_in_a_call_names_the_call_and_the_key() {
    for (op, expected) in [
        (
            r#"{"op": "bind", "s": "a", "addr": "0.0.0.0", "port": 65536}"#,
            "port: must be a whole number from 0 to 65535",
        ),
        (
            r#"{"op": "bind", "s": "a", "addr": "10.0.0.999", "port": 1}"#,
            "addr: an address is four numbers from 0 to 255 with dots between them",
        ),
        (
            r#"{"op": "bind", "s": "a", "addr": 7, "port": 1}"#,
            "addr: an address is four numbers from 0 to 255 with dots between them",
        ),
        (r#"{"op": "bind", "s": "a", "port": 1}"#, "addr: is missing"),
        (r#"{"op": "socket", "s": 1}"#, "s: must be a text of at most 64 bytes"),
        (r#"{"op": "socket"}"#, "s: is missing"),
        (r#"{"op": "socket", "s": "a", "t": 1}"#, "t: isn't known here"),
        (r#"{"op": "fly"}"#, "op: no call named fly"),
        (r#"{"s": "a"}"#, "op: is missing"),
        (r#"[]"#, "must be an object"),
        (
            r#"{"op": "close", "s": "a", "how": "gently"}"#,
            "how: must be active, finwait2, passive, rst or plain",
        ),
        (r#"{"op": "reuse", "s": "a", "on": 2}"#, "on: must be a whole number from 0 to 1"),
        (r#"{"op": "sysctl", "name": "tcp_mem", "value": 1}"#, "name: isn't a modelled sysctl"),
        (
            r#"{"op": "sysctl", "name": "tcp_tw_reuse", "value": []}"#,
            "value: must be one number or two",
        ),
        (
            r#"{"op": "sysctl", "name": "tcp_tw_reuse", "value": true}"#,
            "value: must be one number or two",
        ),
        (r#"{"op": "advance", "ms": -1}"#, "ms: must be a whole number from 0 to 1000000000000"),
        (
            r#"{"op": "force_range", "low": 0, "high": 9}"#,
            "low: must be a whole number from 1 to 65535",
        ),
        (
            r#"{"op": "rekey", "secret": [1, 2]}"#,
            "secret: must be a list of 12 numbers from 0 to 4294967295",
        ),
        (
            r#"{"op": "rekey", "secret": 1}"#,
            "secret: must be a list of 12 numbers from 0 to 4294967295",
        ),
        (r#"{"op": "fail_tcp_connect", "v": -4000}"#, "v: isn't a known errno, negative"),
        (
            r#"{"op": "offset", "v": -1}"#,
            "v: must be a number from 0 to 18446744073709551615, or such a text",
        ),
    ] {
        let ops = format!(r#"{{"op": "dump"}}, {op}"#);
        assert_eq!(message(with_ops(&ops)), format!("op 2: {expected}"), "{op}");
    }
}

#[test]
fn a_fault_in_the_machine_names_the_key() {
    for (config, expected) in [
        (r#"{"ehash_size": 3}"#, "config: ehash_size: a power of two from 1 to 524288"),
        (r#"{"bhash_size": 131072}"#, "config: bhash_size: a power of two from 1 to 65536"),
        (r#"{"start_sec": 0}"#, "config: start_sec: from 1 to 3000000000"),
        (r#"{"rto_ms": 120001}"#, "config: rto_ms: from 1 to 120000"),
        (r#"{"hz": 100}"#, "config: hz: must be a whole number from 1000 to 1000"),
        (
            r#"{"local": ["10.0.0"]}"#,
            "config: local: an address is four numbers from 0 to 255 with dots between them",
        ),
        (r#"{"local": 1}"#, "config: local: must be a list of at most 4096 addresses"),
        (r#"{"force_range": [0, 5]}"#, "config: force_range: must be null or two ports"),
        (r#"{"force_range": [1]}"#, "config: force_range: must be null or two ports"),
        (r#"{"force_range": 1}"#, "config: force_range: must be null or two ports"),
        (r#"{"sysctl": []}"#, "config: sysctl: must be an object"),
        (r#"{"sysctl": {"tcp_mem": 1}}"#, "config: sysctl: tcp_mem: isn't a modelled sysctl"),
        (
            r#"{"sysctl": {"tcp_tw_reuse": null}}"#,
            "config: sysctl: tcp_tw_reuse: must be one number or two",
        ),
        (r#"{"cpus": 2}"#, "config: cpus: isn't known here"),
        (r#"7"#, "config: must be an object"),
    ] {
        assert_eq!(message(with_config(config)), expected);
    }
    let many = vec![r#""10.0.0.1""#; 4_097].join(",");
    let config = format!(r#"{{"unreachable": [{many}]}}"#);
    let expected = "config: unreachable: must be a list of at most 4096 addresses";
    assert_eq!(message(with_config(&config)), expected);
    let twice: Vec<String> = (0..65).map(|i| format!(r#""net.ipv4.x{i}": 1"#)).collect();
    let config = format!(r#"{{"sysctl": {{{}}}}}"#, twice.join(","));
    assert_eq!(message(with_config(&config)), "config: sysctl: has at most 64 entries");
}

#[test]
fn a_fault_elsewhere_is_named_too() {
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    for (text, expected) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0".to_owned()),
        (r#"{"a": 1.5}"#, "not JSON: invalid type: floating point `1.5`, expected JSON with whole numbers at line 1 column 9".into()),
        (r#"{"a": 1, "a": 1}"#, "not JSON: the key a stands twice at line 1 column 16".into()),
        (r#"{"a": 18446744073709551615}"#, "not JSON: a number is too large at line 1 column 26".into()),
        ("[]", "must be an object".into()),
        ("{}", "name: is missing".into()),
        (r#"{"name": "n", "ops": []}"#, "config: is missing".into()),
        (r#"{"name": "n", "config": {}}"#, "ops: is missing".into()),
        (r#"{"name": "n", "config": {}, "ops": 1}"#, "ops: must be a list".into()),
        (r#"{"name": "n", "config": {}, "ops": [], "x": 1}"#, "x: isn't known here".into()),
        (&format!(r#"{{"name": "{long}"}}"#), format!("name: must be a text of at most {TEXT_BYTES_MAX} bytes")),
        (r#"{"name": "n", "about": 1}"#, format!("about: must be a text of at most {TEXT_BYTES_MAX} bytes")),
        (r#"{"name": "n", "features": 1}"#, format!("features: must be a list of at most {FEATURES_MAX} texts")),
        (r#"{"name": "n", "features": [1]}"#, format!("features: must be a list of at most {FEATURES_MAX} texts")),
    ] {
        assert_eq!(message(Scenario::parse(text)), expected, "{text:.80}");
    }
    let keys: Vec<String> = (0..200).map(|i| format!(r#""k{i}": 0"#)).collect();
    let text = format!("{{{}}}", keys.join(","));
    assert!(message(Scenario::parse(&text)).contains("too many keys"));
}

#[test]
fn every_limit_of_a_scenario_is_an_error_that_names_it() {
    let op = r#"{"op":"dump"}"#;
    let ops = vec![op; OPS_MAX + 1].join(",");
    assert_eq!(message(with_ops(&ops)), format!("ops: at most {OPS_MAX} calls"));
    let long = " ".repeat(SCENARIO_BYTES_MAX + 1);
    let expected = format!("a scenario has at most {SCENARIO_BYTES_MAX} bytes");
    assert_eq!(message(Scenario::parse(&long)), expected);
    let name = "x".repeat(NAME_BYTES_MAX + 1);
    let expected = format!("op 1: s: must be a text of at most {NAME_BYTES_MAX} bytes");
    assert_eq!(message(with_ops(&format!(r#"{{"op": "socket", "s": "{name}"}}"#))), expected);
}

#[test]
fn names_are_numbered_as_they_are_met() {
    let ops = r#"{"op": "socket", "s": "server"}, {"op": "socket", "s": "a"}, {"op": "listen", "s": "server"}"#;
    let scenario = with_ops(ops).unwrap();
    let expected = [
        Call::Socket { s: SocketName(0) },
        Call::Socket { s: SocketName(1) },
        Call::Listen { s: SocketName(0) },
    ];
    assert_eq!(scenario.ops, expected.map(Op::Call));
    assert_eq!(scenario.names.text(SocketName(1)), "a");
    assert_eq!(scenario.names.text(SocketName(7)), "s7");
    assert!(Names::default().intern(&"x".repeat(NAME_BYTES_MAX + 1)).is_err());
}

#[test]
fn optional_fields_have_their_usual_values() {
    let ops = r#"{"op": "connect", "s": "a", "dst": "10.0.0.2", "dport": 80}, {"op": "close", "s": "a"}, {"op": "cap", "v": true}"#;
    let scenario = with_ops(ops).unwrap();
    let s = SocketName(0);
    let expected = [
        Call::connect(s, error99_kernel::Addr::new(10, 0, 0, 2), 80),
        Call::close(s, CloseHow::Plain),
        Call::Cap { v: true },
    ];
    assert_eq!(scenario.ops, expected.map(Op::Call));
    assert_eq!(scenario.config, Config::default());
    assert_eq!(scenario.about, "");
}

#[test]
fn a_call_alone_names_its_sockets_by_number() {
    let call = |text: &str| call_from_json(&Json::parse(text).expect("JSON"), &mut Numbered);
    let rst = call(r#"{"op": "rst", "s": "s12"}"#).unwrap();
    assert_eq!(rst, Call::Rst { s: SocketName(12) });
    assert_eq!(call_to_json(&rst, &Numbered).to_string(), r#"{"op":"rst","s":"s12"}"#);
    for name in ["12", "s", "s-1", "s+1", "s4294967296", "x1"] {
        let text = format!(r#"{{"op": "rst", "s": "{name}"}}"#);
        assert!(call(&text).is_err(), "{name}");
    }
}

#[test]
fn a_scenario_is_a_serde_value() {
    let text = r#"{"name":"n","config":{"mix":7},"ops":[{"op":"dump"}]}"#;
    let scenario: Scenario = serde_json::from_str(text).unwrap();
    let again: Scenario = serde_json::from_str(&serde_json::to_string(&scenario).unwrap()).unwrap();
    assert_eq!(again, scenario);
    assert_eq!(again.config.mix, 7);
    assert!(serde_json::from_str::<Scenario>("{}").is_err());
    assert!(config_from_json(&Json::List(Vec::new())).is_err());
}

#[test]
fn a_configuration_that_is_read_can_be_booted() {
    let config = r#"{"ehash_size": 524288, "bhash_size": 1, "force_range": [9, 5], "port_offset": 4294967295, "sysctl": {"net.ipv4.tcp_tw_reuse": [1]}}"#;
    let scenario = with_config(config).unwrap();
    assert_eq!(scenario.config.pre_calls().len(), 3);
    let kernel = Kernel::new(&scenario.config).unwrap();
    assert_eq!(kernel.port_range(), (9, 5));
}

/// The scenario's JSON, as it stands in a file of vectors.
fn scenarios(file: &str) -> Vec<Json> {
    let path =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../kernel/tests/vectors")).join(file);
    let file = std::fs::File::open(path).expect("part of the crate");
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(file)).expect("text");
    let scenario = |line: &str| Json::parse(line).expect("JSON").get("scenario").cloned();
    text.lines().filter_map(scenario).collect()
}

/// The same JSON without what a call leaves out because it is usual.
fn without_usual_values(json: Json) -> Json {
    let usual = |key: &str, value: &Json| {
        matches!(key, "establish" | "peer_ts" | "stamp_now") && *value == Json::Int(1)
    };
    match json {
        Json::Object(entries) => Json::Object(
            entries
                .into_iter()
                .filter(|(key, value)| !usual(key, value))
                .map(|(key, value)| (key, without_usual_values(value)))
                .collect(),
        ),
        Json::List(list) => Json::List(list.into_iter().map(without_usual_values).collect()),
        json => json,
    }
}

#[test]
fn a_scenario_is_written_as_it_was_read() {
    for file in ["hand.jsonl.gz", "hand-extra.jsonl.gz", "random-odd.jsonl.gz"] {
        for json in scenarios(file) {
            let written = Scenario::from_json(&json).unwrap().to_json();
            assert_eq!(written, without_usual_values(json));
        }
    }
}

#[test]
fn scenarios_of_later_releases_say_the_same_when_they_are_written_and_read() {
    for release in ["3.10", "4.19", "5.15", "6.1", "6.12", "6.18"] {
        for file in ["hand.jsonl.gz", "adversarial.jsonl.gz", "big.jsonl.gz"] {
            for json in scenarios(&format!("{release}/{file}")) {
                let read = Scenario::from_json(&json).unwrap();
                let written = read.to_json();
                assert_eq!(written.get("config"), json.get("config"), "{}", read.name);
                assert_eq!(Scenario::from_json(&written).unwrap(), read);
            }
        }
    }
}
