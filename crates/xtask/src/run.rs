//! Running other programs, and saying so.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fmt, fs, io, iter};

/// A sentence for the reader: what went wrong, and what to do about it.
pub struct Failure(pub String);

impl From<String> for Failure {
    fn from(message: String) -> Failure {
        Failure(message)
    }
}

impl From<&str> for Failure {
    fn from(message: &str) -> Failure {
        Failure(message.to_owned())
    }
}

pub type Outcome<T = ()> = Result<T, Failure>;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate lies two folders deep").to_owned()
}

/// Where the project's own tools are.
pub fn tools_folder() -> PathBuf {
    root().join(".tools")
}

/// A duration as a person says it.
pub struct Took(pub Duration);

impl fmt::Display for Took {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0..60 => write!(formatter, "{:.1} s", self.0.as_secs_f32()),
            seconds => write!(formatter, "{} min {:02} s", seconds / 60, seconds % 60),
        }
    }
}

/// Does one step, with its name before and its time after.
pub fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("── {name}");
    let start = Instant::now();
    let result = work();
    let verdict = if result.is_ok() { "done" } else { "failed" };
    println!("   {verdict} in {}", Took(start.elapsed()));
    result
}

/// A program in the repository's root, with the project's tools first on the path.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    let own = [tools_folder().join("bin"), tools_folder().join("node_modules/.bin")];
    let path = env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = own.into_iter().chain(env::split_paths(&path)).collect();
    if let Ok(path) = env::join_paths(path) {
        command.env("PATH", path);
    }
    // Trunk takes the usual NO_COLOR=1 for a mistyped option of its own.
    if env::var_os("NO_COLOR").is_some() {
        command.env_remove("NO_COLOR").env("CARGO_TERM_COLOR", "never");
    }
    command.current_dir(root());
    command
}

/// The same, from a line of words.
pub fn words(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = command(words.next().unwrap_or_default());
    command.args(words);
    command
}

fn name_of(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<OsString> = words.map(OsStr::to_owned).collect();
    words.join(OsStr::new(" ")).to_string_lossy().into_owned()
}

/// Runs to the end; anything but success is a failure that names the command.
pub fn run(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure(format!("`{}` ended with {status}", name_of(command)))),
        Err(error) => Err(Failure(format!("`{}` does not start: {error}", name_of(command)))),
    }
}

/// Runs quietly and returns what it printed, or nothing if it failed.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end, shows each line that it prints, and hands it to `look`. Whether it
/// succeeded is the result.
pub fn watch(command: &mut Command, mut look: impl FnMut(&str)) -> Outcome<bool> {
    let name = name_of(command);
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child =
        spawned.map_err(|error| Failure(format!("`{name}` does not start: {error}")))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("{line}");
            look(&line);
        }
    }
    Ok(child.wait().is_ok_and(|status| status.success()))
}

/// Whether a program of this name is on the path.
pub fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| File::open(folder.join(program)).is_ok())
}

/// All files of a folder and of those in it.
pub fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
