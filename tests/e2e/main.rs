//! The built site in a real browser. `cargo xtask test` builds it and runs these; with the
//! site built, `cargo test -p error99-e2e --test e2e` does too, and takes a filter. `E2E_ENGINE` chooses
//! the engine: chromium, firefox or webkitgtk.

mod audit;
mod compare;
mod copied;
mod embed;
mod files;
mod host;
mod lab;
mod links;
mod pages;
mod scripts;
mod story;
mod translated;
mod wrong_files;

use error99_e2e::{Browser, Engine, Tab, root, site};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::any::Any;
use std::cmp::Reverse;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// A claim about the site, and how it is tried.
pub struct Test {
    name: String,
    run: Box<dyn Fn(&Tab) + Send>,
    /// Engines that it can't be tried in, and why not.
    except: &'static [Engine],
    because: &'static str,
}

/// All engines but Chromium.
pub const OTHERS: &[Engine] = &[Engine::Firefox, Engine::WebKitGtk];

/// Why one engine is enough for a claim about what the page says: numbers and sentences come out of
/// one program, and are compared with the model's. That it's drawn, heard and reached in each engine
/// is claimed by others.
pub const SAME_CODE: &str = "the same Rust code, which no engine can change";
/// Why one engine is enough for a claim about what the server sends.
pub const NO_BROWSER: &str = "asks the server, and no browser";

impl Test {
    /// Tries it in Chromium alone, for a reason that the report gives.
    pub fn once(self, because: &'static str) -> Test {
        self.except(OTHERS, because)
    }

    /// Leaves engines out, for a reason that the report gives.
    pub fn except(self, engines: &'static [Engine], because: &'static str) -> Test {
        Test { except: engines, because, ..self }
    }
}

/// Writes a test down.
pub fn test(name: impl Into<String>, run: impl Fn(&Tab) + Send + 'static) -> Test {
    Test { name: name.into(), run: Box::new(run), except: &[], because: "" }
}

/// A number as the texts write it.
pub fn thousands(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups.map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("end-to-end tests: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> io::Result<ExitCode> {
    let site = root().join("dist");
    if !site.join("404.html").is_file() {
        return Err(io::Error::other("dist/ holds no site: run `cargo xtask build` first"));
    }
    if let Some(newer) = site::newer_than(&site)? {
        let newer = newer.display();
        return Err(io::Error::other(format!(
            "dist/ is older than {newer}: run `cargo xtask build`, or `trunk build` for work"
        )));
    }
    let engine = Engine::chosen();
    // A test waits half of its time, for its driver or for what the page has promised.
    let processors = thread::available_parallelism().map_or(2, usize::from);
    arguments.test_threads = arguments.test_threads.or(Some(2 * processors));
    let browser = Browser::start(engine, engine.serve(site)?)?;
    // The longest come first: at the end no processor waits for one of them.
    let tests = [
        translated::tests(),
        audit::tests(),
        compare::tests(),
        links::tests(),
        lab::tests(),
        host::tests(),
        files::tests(),
        wrong_files::tests(),
        story::tests(),
        embed::tests(),
        copied::tests(),
        scripts::tests(),
        pages::tests(),
    ];
    let trials = tests.into_iter().flatten().map(|test| trial(test, browser.clone())).collect();
    // What a panic says is in the report; its place in the harness is of no use.
    std::panic::set_hook(Box::new(|_| {}));
    let conclusion = libtest_mimic::run(&arguments, trials);
    browser.stop();
    say_times(engine)?;
    Ok(conclusion.exit_code())
}

/// What a test took: time, the processor's among it, and whose they were.
struct Took {
    time: Duration,
    cost: Duration,
    name: String,
}

static TOOK: Mutex<Vec<Took>> = Mutex::new(Vec::new());

/// Says which tests took longest, as `cargo xtask test` reads it, and appends to the file that
/// `E2E_TIMES` names what each of them took: engine, seconds, the processor's seconds, name.
fn say_times(engine: Engine) -> io::Result<()> {
    let mut took = TOOK.lock().expect("no test panics in here");
    took.sort_by_key(|took| Reverse(took.time));
    for Took { time, name, .. } in took.iter().take(20) {
        println!("took {:.1}s {name}", time.as_secs_f32());
    }
    let Some(file) = env::var_os("E2E_TIMES") else { return Ok(()) };
    let lines = took.iter().map(|Took { time, cost, name }| {
        let [time, cost] = [time, cost].map(Duration::as_secs_f32);
        format!("{engine:?}\t{time:.1}\t{cost:.1}\t{name}\n")
    });
    let mut file = fs::OpenOptions::new().append(true).create(true).open(file)?;
    file.write_all(lines.collect::<String>().as_bytes())
}

fn trial(test: Test, browser: Arc<Browser>) -> Trial {
    let Test { name, run, except, because } = test;
    Trial::ignorable_test(name.clone(), move || {
        if except.contains(&browser.engine) {
            return Ok(Completion::ignored_with(because));
        }
        let begun = Instant::now();
        let tab = browser.tab();
        let before = tab.cost();
        let result = catch_unwind(AssertUnwindSafe(|| run(&tab)));
        let (time, cost) = (begun.elapsed(), tab.cost().saturating_sub(before));
        let took = Took { time, cost, name: name.clone() };
        TOOK.lock().expect("no test panics in here").push(took);
        if let Err(panic) = result {
            let reason = words_of(&*panic);
            // What is said next needs a browser that still answers.
            let seen = catch_unwind(AssertUnwindSafe(|| {
                let picture = keep_picture(&tab, &name).unwrap_or_else(|error| error.to_string());
                format!("picture: {picture}\nconsole: {}", tab.console().join("\n"))
            }));
            let seen = seen.unwrap_or_else(|panic| words_of(&*panic));
            return Err(Failed::from(format!("{reason}\n{seen}")));
        }
        tab.finish().map(|()| Completion::Completed).map_err(Failed::from)
    })
}

/// What a panic says.
fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
}

/// Keeps what a failed test last saw.
fn keep_picture(tab: &Tab, name: &str) -> io::Result<String> {
    let file = format!("target/failed/{}.png", name.replace(|c: char| !c.is_alphanumeric(), "-"));
    fs::create_dir_all(root().join("target/failed"))?;
    fs::write(root().join(&file), tab.screenshot(false))?;
    Ok(file)
}
