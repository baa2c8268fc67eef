//! Prints the script of a prepared machine, or of a scenario file:
//! `cargo run -p error99-export --example script -- sixteen-ports | sh`

use std::process::ExitCode;

use error99_export::{scenario, script};
use error99_replay::catalogue;

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        let keys: Vec<&str> = catalogue::ALL.iter().map(|prepared| prepared.key).collect();
        eprintln!("which one? a file, or {}", keys.join(", "));
        return ExitCode::FAILURE;
    };
    let saved = match (catalogue::find(&name), std::fs::read_to_string(&name)) {
        (Some(prepared), _) => prepared.saved(),
        (None, Ok(text)) => match scenario::read(&text) {
            Ok(saved) => saved,
            Err(error) => return refuse(&format!("{error:?}")),
        },
        (None, Err(error)) => return refuse(&error.to_string()),
    };
    match script::write(&saved) {
        Ok(script) => print!("{script}"),
        Err(error) => return refuse(&format!("{error:?}")),
    }
    ExitCode::SUCCESS
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}
