//! The nine pastes made after real reports: each fact of what is expected that a machine can check.

use error99_diagnose::{Diagnosis, FailedCall, PairCount, TcpState, diagnose, parse};
use serde_json::Value;

type Keys = &'static [&'static str];

/// Findings, remedies and non-remedies that each case must have.
const WORDS: &[(&str, Keys, Keys, Keys)] = &[
    (
        "01",
        &["not_full_now", "settings_contradict"],
        &["count_while_failing", "check_peer_timestamps", "keep_alive"],
        &["tw_recycle", "max_tw_buckets", "ulimit", "fin_timeout"],
    ),
    (
        "02",
        &["totals_say_little", "sample_only", "accepted_not_counted", "both_ends_here"],
        &["count_while_failing", "keep_alive", "unix_socket", "reuse_on", "second_destination"],
        &["compare_totals", "ports_of_ss", "fin_timeout", "ulimit"],
    ),
    (
        "04",
        &["connect_full_time_wait", "reuse_loopback_only", "connect_slow_past_half"],
        &["keep_alive", "reuse_on", "wider_range"],
        &["fin_timeout", "tw_recycle", "max_tw_buckets"],
    ),
    (
        "05",
        &["bind_first_full", "reuse_not_for_bind"],
        &["no_port", "fewer_longer", "wider_range", "pod_range", "keep_source"],
        &["tw_reuse", "more_destinations", "fin_timeout", "ulimit"],
    ),
    (
        "06",
        &["connect_full_time_wait", "reuse_loopback_only", "shared_ports"],
        &["reuse_on", "wider_range", "keep_alive"],
        &["reuseaddr_option", "ulimit"],
    ),
    (
        "08",
        &["sample_only", "accepted_not_counted", "no_time_waits"],
        &["count_while_failing", "ask_which_call", "ask_address"],
        &["compare_totals", "tw_reuse", "ulimit"],
    ),
    (
        "09",
        &["ipv6_same_range", "reuse_off", "both_ends_here"],
        &["reuse_on", "wider_range", "second_destination", "unix_socket"],
        &["switch_ipv6", "ulimit", "more_workers", "fin_timeout"],
    ),
    (
        "12",
        &["bind_slow_past_half"],
        &["no_port", "name_port", "second_source"],
        &["somaxconn", "tw_reuse", "ulimit"],
    ),
    (
        "14",
        &["connect_full_live", "leak"],
        &["restart", "mend_leak", "watch_descriptors", "idle_timeout"],
        &["tw_reuse", "fin_timeout", "range_as_cure", "ulimit"],
    ),
];

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("pastes/your-machine.json")).expect("it's JSON")
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

#[test]
fn each_fact_of_the_cases_is_found() {
    for case in cases() {
        let id = text(&case["id"]).expect("it has one");
        let observed = parse(text(&case["paste"]).expect("it's a text"));
        let diagnosis = diagnose(&observed);
        let expected = &case["expected"];
        assert_eq!(observed.receipt.strangers, 0, "{id}: {:?}", observed.receipt.first_strangers);
        assert_eq!(diagnosis.kernel.said.as_deref(), text(&expected["kernel"]["release"]), "{id}");
        assert_eq!(Some(u64::from(diagnosis.range.low)), expected["range"]["low"].as_u64(), "{id}");
        assert_eq!(
            Some(u64::from(diagnosis.range.high)),
            expected["range"]["high"].as_u64(),
            "{id}"
        );
        assert!(diagnosis.range.said, "{id}");
        pairs(id, &diagnosis, &expected["per_destination"]);
        verdict(id, &diagnosis, &expected["verdict"]);
        for (name, value) in expected["settings"].as_object().expect("it's an object") {
            let said = observed.setting(&format!("net.ipv4.{name}"));
            let said = said.and_then(|setting| setting.value.as_deref());
            if name.starts_with("tcp_") {
                assert_eq!(said, Some(value.to_string().as_str()), "{id}: {name}");
            }
        }
        words(id, &diagnosis);
    }
}

fn pairs(id: &str, diagnosis: &Diagnosis, expected: &Value) {
    let expected = expected.as_array().expect("it's a list");
    assert_eq!(diagnosis.pairs.all.len(), expected.len(), "{id}");
    for (pair, expected) in diagnosis.pairs.all.iter().zip(expected) {
        let PairCount { source, destination, count, full, .. } = pair;
        let source = source.map(|ip| ip.to_string());
        assert_eq!(source.as_deref(), text(&expected["source"]), "{id}");
        assert_eq!(Some(destination.to_string().as_str()), text(&expected["destination"]), "{id}");
        if let Some(wanted) = expected["count"].as_u64() {
            assert_eq!(u64::from(*count), wanted, "{id}: {destination}");
        }
        assert_eq!(Some(full.word()), text(&expected["exhausted"]), "{id}: {destination}");
        for state in TcpState::ALL {
            if let Some(wanted) = expected["states"][state.name()].as_u64() {
                assert_eq!(u64::from(pair.of(state)), wanted, "{id}: {destination} {state:?}");
            }
        }
    }
}

fn verdict(id: &str, diagnosis: &Diagnosis, expected: &Value) {
    let verdict = &diagnosis.verdict;
    let call = verdict.call.map(|call| match call {
        FailedCall::Connect => "connect",
        FailedCall::Bind | FailedCall::Listen => "bind",
    });
    assert_eq!(call, text(&expected["call"]), "{id}");
    assert_eq!(verdict.errno.map(u64::from), expected["errno"].as_u64(), "{id}");
    assert_eq!(Some(verdict.full.word()), text(&expected["exhausted"]), "{id}");
    let which = expected["which"].as_array().expect("it's a list");
    assert_eq!(verdict.which.len(), which.len(), "{id}");
    for (which, wanted) in verdict.which.iter().zip(which) {
        let wanted = text(wanted).unwrap_or_default();
        let same = wanted.ends_with(which.as_str()) || which == "bind(127.0.0.6, 0)";
        assert!(same, "{id}: {which} {wanted}");
    }
}

fn words(id: &str, diagnosis: &Diagnosis) {
    let (_, findings, remedies, no_remedies) =
        WORDS.iter().find(|(number, ..)| id.starts_with(number)).expect("it's in the table");
    let found: Vec<&str> = diagnosis.findings.iter().map(|found| found.what.key()).collect();
    let helps: Vec<&str> = diagnosis.remedies.iter().map(|remedy| remedy.key()).collect();
    let not: Vec<&str> = diagnosis.no_remedies.iter().map(|no| no.key()).collect();
    for (wanted, found) in [(findings, &found), (remedies, &helps), (no_remedies, &not)] {
        for word in *wanted {
            assert!(found.contains(word), "{id}: no {word} among {found:?}");
        }
    }
}

#[test]
fn every_row_of_the_captures_is_read() {
    for (name, text, rows) in [
        ("ss_tan", include_str!("pastes/ss_tan.txt"), 38),
        ("ss_tano", include_str!("pastes/ss_tano.txt"), 38),
        ("ss_tanop", include_str!("pastes/ss_tanop.txt"), 38),
        ("ss_tanpe", include_str!("pastes/ss_tanpe.txt"), 38),
        ("ss_Htan", include_str!("pastes/ss_Htan.txt"), 38),
        ("ss_4tan", include_str!("pastes/ss_4tan.txt"), 31),
        ("ss_6tan", include_str!("pastes/ss_6tan.txt"), 7),
        ("netstat_tan", include_str!("pastes/netstat_tan.txt"), 38),
        ("netstat_tano", include_str!("pastes/netstat_tano.txt"), 38),
        ("proc_net_tcp", include_str!("pastes/proc_net_tcp.txt"), 31),
        ("proc_net_tcp6", include_str!("pastes/proc_net_tcp6.txt"), 7),
    ] {
        let observed = parse(text);
        assert_eq!(observed.receipt.strangers, 0, "{name}: {:?}", observed.receipt.first_strangers);
        assert_eq!(observed.rows.len(), rows, "{name}");
        assert_eq!(observed.receipt.understood(), rows as u64, "{name}");
    }
}

#[test]
fn all_tools_say_the_same_of_the_same_host() {
    let rows = |texts: &[&str]| {
        let rows = texts.iter().flat_map(|text| parse(text).rows);
        let mut rows: Vec<_> = rows
            .filter(|row| row.peer.port != 0)
            .map(|row| (row.local, row.peer, row.state))
            .collect();
        rows.sort_unstable();
        rows
    };
    let ss = rows(&[include_str!("pastes/ss_tan.txt")]);
    assert_eq!(ss, rows(&[include_str!("pastes/netstat_tan.txt")]));
    let (four, six) =
        (include_str!("pastes/proc_net_tcp.txt"), include_str!("pastes/proc_net_tcp6.txt"));
    assert_eq!(ss, rows(&[four, six]));
}

#[test]
fn slices_of_any_size_give_the_same() {
    for case in cases() {
        let paste = text(&case["paste"]).expect("it's a text");
        let whole = parse(paste);
        for size in [1, 7, 100] {
            let mut reader = error99_diagnose::Reader::default();
            let mut rest = paste;
            while !rest.is_empty() {
                let end = rest.ceil_char_boundary(size.min(rest.len()));
                reader.push(&rest[..end]);
                rest = &rest[end..];
            }
            assert_eq!(reader.finish(), whole);
        }
    }
}
