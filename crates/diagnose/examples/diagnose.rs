//! Reads pastes and prints one JSON object a line: `cargo run --release -p error99-diagnose
//! --example diagnose -- FILE…`; `-- --keys` lists the words with their sentences.

use std::process::ExitCode;

use error99_diagnose::{
    Diagnosis, Doubt, FailedCall, Finding, KernelFrom, NoRemedy, Observed, PairCount, Remedy,
    TcpState, diagnose, parse,
};
use serde_json::{Map, Value, json};

fn main() -> ExitCode {
    let mut status = ExitCode::SUCCESS;
    for file in std::env::args().skip(1) {
        if file == "--keys" {
            keys();
            continue;
        }
        match std::fs::read(&file) {
            Ok(bytes) => {
                let observed = parse(&String::from_utf8_lossy(&bytes));
                println!("{}", object(&file, &observed, &diagnose(&observed)));
            }
            Err(error) => {
                eprintln!("{file}: {error}");
                status = ExitCode::FAILURE;
            }
        }
    }
    status
}

fn object(file: &str, observed: &Observed, diagnosis: &Diagnosis) -> Value {
    let kernel = &diagnosis.kernel;
    let from = match kernel.from {
        KernelFrom::Said => "uname".to_owned(),
        KernelFrom::Chosen => "chosen".to_owned(),
        KernelFrom::Nothing => "unknown".to_owned(),
        KernelFrom::Inferred => {
            format!("inferred: rules of {} ({})", kernel.release.title(), kernel.reasons.join("; "))
        }
    };
    let range = diagnosis.range;
    let verdict = &diagnosis.verdict;
    let call = verdict.call.map(|call| match call {
        FailedCall::Connect => "connect",
        FailedCall::Bind | FailedCall::Listen => "bind",
    });
    json!({
        "file": file,
        "rows": {
            "understood": observed.receipt.understood(),
            "not_understood": observed.receipt.strangers,
        },
        "kernel": {"release": kernel.said, "from": from},
        "range": {
            "low": range.low,
            "high": range.high,
            "from": if range.said { "paste" } else { "default" },
        },
        "pairs": diagnosis.pairs.all.iter().map(pair).collect::<Vec<_>>(),
        "verdict": {
            "call": call,
            "errno": verdict.errno,
            "full": verdict.full.word(),
            "which": verdict.which,
        },
        "findings": diagnosis.findings.iter().map(|found| found.what.key()).collect::<Vec<_>>(),
        "remedies": diagnosis.remedies.iter().map(|remedy| remedy.key()).collect::<Vec<_>>(),
        "no_remedies": diagnosis.no_remedies.iter().map(|no| no.key()).collect::<Vec<_>>(),
        "doubts": diagnosis.doubts.iter().map(|doubt| doubt.key()).collect::<Vec<_>>(),
    })
}

fn pair(pair: &PairCount) -> Value {
    let states = TcpState::ALL.into_iter().filter(|state| pair.of(*state) > 0);
    let states: Map<String, Value> =
        states.map(|state| (state.name().to_owned(), pair.of(state).into())).collect();
    let to = match pair.destination.port {
        0 => pair.destination.ip.to_string(),
        _ => pair.destination.to_string(),
    };
    json!({
        "source": pair.source.map(|ip| ip.to_string()),
        "destination": to,
        "count": pair.count,
        "states": states,
        "full": pair.full.word(),
    })
}

fn keys() {
    let print = |kind: &str, key: &str, sentence: &str| println!("{kind}\t{key}\t{sentence}");
    Finding::ALL.iter().for_each(|word| print("finding", word.key(), word.sentence()));
    Remedy::ALL.iter().for_each(|word| print("remedy", word.key(), word.sentence()));
    NoRemedy::ALL.iter().for_each(|word| print("no_remedy", word.key(), word.sentence()));
    Doubt::ALL.iter().for_each(|word| print("doubt", word.key(), word.sentence()));
}
