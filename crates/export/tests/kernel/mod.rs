//! Runs scripts on the kernel of this very machine.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use error99_export::script;
use error99_replay::link::Saved;

/// Why scripts can't be run here; `None` if they can.
pub fn obstacle() -> Option<&'static str> {
    let runs = |line: &str| {
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        let command = command.args(words).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !cfg!(target_os = "linux") {
        return Some("this isn't Linux");
    }
    if !runs("python3 -c pass") {
        return Some("python3 is missing");
    }
    let allowed = runs("unshare -n true") || runs("unshare -rn true");
    (!allowed).then_some("network namespaces aren't allowed here")
}

fn run(script: &str) -> Output {
    let mut command = Command::new("sh");
    command.arg("-s").env("LC_ALL", "C").stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut shell = command.spawn().expect("a shell");
    let mut stdin = shell.stdin.take().expect("it was piped");
    stdin.write_all(script.as_bytes()).expect("the shell reads its script");
    drop(stdin);
    shell.wait_with_output().expect("it ends")
}

/// How many calls agreed, differed, and differed as announced, and why each of these did.
pub type Found = ([u32; 3], Vec<String>);

/// What a script found; what it says if it can't run here.
pub fn found(name: &str, saved: &Saved) -> Result<Found, String> {
    let began = Instant::now();
    let script = script::write(saved).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let output = run(&script);
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(2) {
        return Err(errors.trim().to_owned());
    }
    let summary = text.lines().last().unwrap_or_default();
    println!("{name}: {summary}, in {:.1} s", began.elapsed().as_secs_f32());
    let mut numbers = summary.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    let counts = [(); 3].map(|()| numbers.next().unwrap_or_else(|| panic!("{name}: {errors}")));
    assert!(output.status.success() && counts[1] == 0, "{name}:\n{text}{errors}");
    let because = |line: &str| {
        line.split_once("announced to differ, because ").map(|(_, why)| why.to_owned())
    };
    Ok((counts, text.lines().filter_map(because).collect()))
}
