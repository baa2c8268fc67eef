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

/// What only the root of the repository has.
const MARK: &str = "crates/xtask/Cargo.toml";

/// The root of the repository.
pub fn root() -> PathBuf {
    repository().unwrap_or_default()
}

/// The repository that the command runs in: where cargo says that this package lies, or else above
/// the current folder. Where it was compiled says nothing: clones may share a target folder.
pub fn repository() -> Outcome<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = env::current_dir().unwrap_or_default();
    find_repository(package.as_deref(), &here).ok_or_else(|| {
        Failure(format!(
            "{} is not in the repository: no folder above it has {MARK}",
            here.display()
        ))
    })
}

fn find_repository(package: Option<&Path>, here: &Path) -> Option<PathBuf> {
    let above = package.into_iter().chain([here]).flat_map(Path::ancestors);
    above.into_iter().find(|folder| folder.join(MARK).is_file()).map(Path::to_owned)
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
        Err(error) => Err(not_started(command, &error)),
    }
}

/// Says what is missing when a command does not start: the system says "no such file" of the
/// program and of the folder alike.
fn not_started(command: &Command, error: &io::Error) -> Failure {
    let folder = command.get_current_dir().filter(|folder| !folder.is_dir());
    let program = command.get_program().to_string_lossy();
    let why = match (folder, error.kind()) {
        (Some(folder), _) => format!("the folder {} is missing", folder.display()),
        (None, io::ErrorKind::NotFound) => format!("the program {program} is missing"),
        _ => error.to_string(),
    };
    Failure(format!("`{}` does not start: {why}", name_of(command)))
}

/// Runs quietly and returns what it printed, or nothing if it failed.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end, shows each line that it prints, and hands it to `look`. Whether it
/// succeeded is the result.
pub fn watch(command: &mut Command, mut look: impl FnMut(&str)) -> Outcome<bool> {
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| not_started(command, &error))?;
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

#[cfg(test)]
mod checks {
    use super::*;

    /// A folder that looks like a clone of the repository, with a folder in it.
    fn clone(name: &str) -> (PathBuf, PathBuf) {
        let root = env::temp_dir().join(format!("error99-xtask-{}-{name}", std::process::id()));
        let inner = root.join("src/lab");
        for folder in [&inner, &root.join("crates/xtask")] {
            fs::create_dir_all(folder).expect("the temporary folder can be written");
        }
        fs::write(root.join(MARK), "").expect("a file can be written");
        (root, inner)
    }

    #[test]
    fn the_repository_is_where_the_command_runs_and_not_where_it_was_compiled() {
        let (one, inner) = clone("one");
        let (two, _) = clone("two");
        let gone = Path::new("/gone/crates/xtask");
        let package = two.join("crates/xtask");
        assert_eq!(find_repository(None, &inner), Some(one.clone()));
        assert_eq!(find_repository(Some(gone), &inner), Some(one));
        assert_eq!(find_repository(Some(&package), &inner), Some(two));
        assert_eq!(find_repository(Some(gone), Path::new("/")), None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let said = |command: &mut Command| match run(command) {
            Err(Failure(said)) => said,
            Ok(()) => panic!("it started"),
        };
        let program = said(Command::new("no-such-program").arg("x"));
        assert!(program.ends_with("the program no-such-program is missing"), "{program}");
        let folder = said(Command::new("true").current_dir("/no/such/folder"));
        assert!(folder.ends_with("the folder /no/such/folder is missing"), "{folder}");
    }
}
