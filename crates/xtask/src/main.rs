//! The project's commands: `cargo xtask serve`, `test`, `build`, `bench`, `shots`.
//!
//! Each one first brings what it needs (`tools`), says what it is doing and how long that
//! took, and when something is missing, what to do about it. No dependencies: this has to
//! compile in seconds on an empty machine.

mod bench;
mod deny;
mod run;
mod site;
mod tally;
mod tests;
mod tools;

use run::Failure;
use std::env;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve           the site on http://127.0.0.1:8080, rebuilt when a file changes
cargo xtask test [WORD]     every check and test; with a word, only browser tests named so
cargo xtask build [--site-url URL] [--base /FOLDER/] [--single-file]
                            the static site in dist/, with its sizes; with its future address
                            also the links that must be absolute; the folder that it will be
                            served below is that of the address, unless it is given; the
                            whole also as one file, dist/error99.html
cargo xtask bench [WORD]    the benchmarks as tables; of them only kernel, fuzz, real, page or
                            lighthouse
cargo xtask deny            licences, sources and known faults of the crates that we use
cargo xtask shots [WORD…]   pictures of the pages in target/shots/, whose names hold the words";

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let words: Vec<String> = words.collect();
    let work = || match command.as_str() {
        "serve" => Some(site::serve()),
        "build" => Some(site::build(&words)),
        "test" => Some(tests::test(&words)),
        "bench" => Some(bench::bench(&words)),
        "deny" => Some(deny::deny()),
        "shots" => Some(site::shots(&words)),
        _ => None,
    };
    match run::repository().map(|_| work()) {
        Ok(Some(Ok(()))) => ExitCode::SUCCESS,
        Ok(None) => {
            println!("{USAGE}");
            ExitCode::from(2)
        }
        Ok(Some(Err(Failure(message)))) | Err(Failure(message)) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}
