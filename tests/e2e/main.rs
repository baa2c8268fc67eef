//! The built site in a real browser. `cargo xtask test` builds it and runs these; with the
//! site built, `cargo test -p error99-e2e` does too, and takes a filter. `E2E_ENGINE` chooses
//! the engine: chromium, firefox or webkitgtk.

mod audit;
mod embed;
mod files;
mod host;
mod lab;
mod links;
mod pages;
mod story;

use error99_e2e::{Browser, Engine, Tab, root};
use libtest_mimic::{Arguments, Failed, Trial};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::{fs, io};

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

impl Test {
    /// Leaves engines out, for a reason that the report gives.
    pub fn except(self, engines: &'static [Engine], because: &'static str) -> Test {
        Test { except: engines, because, ..self }
    }
}

/// Writes a test down.
pub fn test(name: impl Into<String>, run: impl Fn(&Tab) + Send + 'static) -> Test {
    Test { name: name.into(), run: Box::new(run), except: &[], because: "" }
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
    let engine = Engine::chosen();
    if engine == Engine::WebKitGtk {
        // Its driver answers a frame later: tests wait more than they work.
        arguments.test_threads = arguments.test_threads.or(Some(4));
    }
    let browser = Browser::start(engine, engine.serve(site)?)?;
    let tests = [
        pages::tests(),
        story::tests(),
        lab::tests(),
        links::tests(),
        files::tests(),
        embed::tests(),
        host::tests(),
        audit::tests(),
    ];
    let trials = tests.into_iter().flatten().map(|test| trial(test, browser.clone())).collect();
    // What a panic says is in the report; its place in the harness is of no use.
    std::panic::set_hook(Box::new(|_| {}));
    let conclusion = libtest_mimic::run(&arguments, trials);
    browser.stop();
    Ok(conclusion.exit_code())
}

fn trial(test: Test, browser: Arc<Browser>) -> Trial {
    let Test { name, run, except, because } = test;
    let left_out = except.contains(&browser.engine);
    let trial = Trial::test(name.clone(), move || {
        let tab = browser.tab();
        let result = catch_unwind(AssertUnwindSafe(|| run(&tab)));
        if let Err(panic) = result {
            let reason = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|reason| (*reason).to_owned()));
            let picture = keep_picture(&tab, &name).unwrap_or_else(|error| error.to_string());
            let console = tab.console().join("\n");
            let reason = reason.unwrap_or_default();
            return Err(Failed::from(format!("{reason}\npicture: {picture}\nconsole: {console}")));
        }
        tab.finish().map_err(Failed::from)
    });
    if left_out { trial.with_ignored_flag(true).with_kind(because) } else { trial }
}

/// Keeps what a failed test last saw.
fn keep_picture(tab: &Tab, name: &str) -> io::Result<String> {
    let file = format!("target/failed/{}.png", name.replace(|c: char| !c.is_alphanumeric(), "-"));
    fs::create_dir_all(root().join("target/failed"))?;
    fs::write(root().join(&file), tab.screenshot(false))?;
    Ok(file)
}
