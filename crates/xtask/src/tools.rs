//! Brings what the project needs beyond Rust, a C compiler, Node and git.
//!
//! Everything is pinned and goes into `.tools` of the repository, apart from Rust's wasm
//! target and, on Debian as root, the browser. Nothing that is there already is touched.

use crate::run::{
    Failure, Outcome, command, on_path, output, root, run, step, tools_folder, words,
};
use std::fs;
use std::path::Path;

/// Newer ones want a newer Rust.
const TRUNK: &str = "0.21.14";
/// Its wasm-opt. Debian's own (version 108) breaks the program without a word.
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.28.2";
const AXE: &str = "4.14.1";
const LIGHTHOUSE: &str = "13.5.0";
/// The Node that Lighthouse wants, major and minor version, and the one that is brought
/// where the installed one is older.
const NODE_LEAST: (u32, u32) = (22, 19);
const NODE: &str = "22.23.3";
const GECKODRIVER: &str = "0.37.1";
const CARGO_DENY: &str = "0.20.2";

/// A program, and the Debian package that has it.
type Package = (&'static str, &'static str);
/// What Chromium's tests and benchmarks need.
const CHROMIUM: &[Package] = &[("chromium", "chromium"), ("chromedriver", "chromium-driver")];
/// What the other engines need. WebKitGTK shows its windows on a display, if only on a made-up one.
const OTHERS: &[Package] =
    &[("firefox-esr", "firefox-esr"), ("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")];
/// So that Chinese pages have letters, with the file that shows it is there.
const FONTS: (&str, &str) =
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk");

/// What every build needs.
pub fn for_building() -> Outcome {
    wasm_target()?;
    trunk()?;
    crates()?;
    wasm_bindgen()
}

/// What only the build for publication needs.
pub fn for_release() -> Outcome {
    npm("binaryen", BINARYEN, "makes the WebAssembly smaller")?;
    npm("esbuild", ESBUILD, "makes scripts and styles smaller")
}

/// What Chromium's tests need.
pub fn for_browser_tests() -> Outcome {
    npm("axe-core", AXE, "checks accessibility")?;
    packages("Chromium and its chromedriver, of the same version", CHROMIUM)
}

/// What the tests in Firefox and WebKitGTK need.
pub fn for_other_engines() -> Outcome {
    packages("Firefox, WebKitGTK with its driver and MiniBrowser, and Xvfb", OTHERS)?;
    cargo_install("geckodriver", GECKODRIVER, "Firefox' driver, once: about a minute")
}

/// What judges the crates of others.
pub fn for_denying() -> Outcome {
    cargo_install("cargo-deny", CARGO_DENY, "which judges dependencies, once: some minutes")
}

/// What Lighthouse needs, and Lighthouse.
pub fn for_lighthouse() -> Outcome {
    let found = output(&mut words("node --version")).unwrap_or_default();
    let mut numbers = found.trim().trim_start_matches('v').split('.').map_while(|n| n.parse().ok());
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < NODE_LEAST {
        npm("node", NODE, "runs Lighthouse")?;
    }
    npm("lighthouse", LIGHTHOUSE, "judges the pages")
}

fn wasm_target() -> Outcome {
    let sysroot = output(&mut words("rustc --print sysroot")).unwrap_or_default();
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown").is_dir() {
        return Ok(());
    }
    if !on_path("rustup") {
        return Err(
            "Rust's target wasm32-unknown-unknown is missing, and there is no rustup to add it. \
             Install it as you installed Rust."
                .into(),
        );
    }
    step("Rust's target wasm32-unknown-unknown, once", || {
        run(&mut words("rustup target add wasm32-unknown-unknown"))
    })
    .map_err(|Failure(reason)| {
        Failure(format!(
            "the target cannot be added: {reason}. Is the network there? \
             By hand: rustup target add wasm32-unknown-unknown"
        ))
    })
}

fn trunk() -> Outcome {
    cargo_install("trunk", TRUNK, "the builder, once: about three minutes")
}

/// Brings a program from the crates registry, unless this version is there.
fn cargo_install(name: &str, version: &str, purpose: &str) -> Outcome {
    let wanted = format!("{name} {version}");
    let found = output(words(name).arg("--version")).unwrap_or_default();
    if found.lines().next().is_some_and(|line| line.trim().starts_with(&wanted)) {
        return Ok(());
    }
    // A debug build does its work just as fast, and is there in half the time.
    step(&format!("{wanted}, {purpose}"), || {
        let folder = tools_folder();
        run(words("cargo install --quiet --locked --debug --no-default-features --force")
            .arg(format!("{name}@{version}"))
            .arg("--root")
            .arg(folder)
            .env("CARGO_PROFILE_DEV_DEBUG", "0"))
    })
    .map_err(|Failure(reason)| {
        Failure(format!(
            "{name} cannot be installed: {reason}. It needs the crates registry and a C compiler."
        ))
    })
}

/// Trunk builds offline; so all crates must be here before.
fn crates() -> Outcome {
    step("the crates of Cargo.lock", || run(&mut words("cargo fetch --quiet --locked"))).map_err(|Failure(reason)| {
        Failure(format!(
            "the crates cannot be fetched: {reason}. Is the network there, and does Cargo.lock fit Cargo.toml?"
        ))
    })
}

/// Our small stand-in for wasm-bindgen's command, of the version in the lock file.
fn wasm_bindgen() -> Outcome {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
    let locked = lock
        .split("[[package]]")
        .find(|package| package.contains("name = \"wasm-bindgen-for-trunk\"\n"))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .ok_or("Cargo.lock names no wasm-bindgen")?;
    let own = tools_folder().join("bin/wasm-bindgen");
    let found = output(command(&own).arg("--whole-version"));
    if found.is_some_and(|found| found.trim() == locked) {
        return Ok(());
    }
    step(&format!("wasm-bindgen {locked}, once: about half a minute"), || {
        run(words("cargo build --quiet --locked --package wasm-bindgen-for-trunk --target-dir")
            .arg(root().join("target")))?;
        fs::create_dir_all(tools_folder().join("bin"))
            .and_then(|()| fs::copy(root().join("target/debug/wasm-bindgen"), &own))
            .map_err(|error| Failure(format!("{}: {error}", own.display())))?;
        Ok(())
    })
}

fn npm(package: &str, version: &str, purpose: &str) -> Outcome {
    let manifest = tools_folder().join("node_modules").join(package).join("package.json");
    let found = fs::read_to_string(manifest).unwrap_or_default();
    if found.contains(&format!("\"version\": \"{version}\"")) {
        return Ok(());
    }
    if !on_path("npm") {
        return Err(format!(
            "npm is missing, which brings {package} ({purpose}). Install Node.js 20 or later."
        )
        .into());
    }
    step(&format!("{package} {version}, which {purpose}, once"), || {
        fs::create_dir_all(tools_folder())
            .map_err(|error| Failure(format!(".tools cannot be made: {error}")))?;
        run(words("npm install --silent --no-audit --no-fund --save-exact --prefix")
            .arg(tools_folder())
            .arg(format!("{package}@{version}")))
    })
    .map_err(|Failure(reason)| {
        Failure(format!("{package} cannot be installed: {reason}. It needs the npm registry."))
    })
}

/// Brings packages as root on Debian; elsewhere asks for `what`.
fn packages(what: &str, wanted: &[Package]) -> Outcome {
    let mut missing: Vec<&str> = wanted
        .iter()
        .filter(|(program, _)| !on_path(program))
        .map(|(_, package)| *package)
        .collect();
    let debian = Path::new("/etc/debian_version").exists() && on_path("apt-get");
    if debian && !Path::new(FONTS.0).exists() {
        missing.push(FONTS.1);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    let root_user = output(&mut words("id -u")).is_some_and(|id| id.trim() == "0");
    if !(debian && root_user) {
        let how = if debian {
            format!("As root: apt-get install {packages}")
        } else {
            format!("Install {what}, so that all are on the path")
        };
        return Err(format!("the browser tests need {packages}. {how}.").into());
    }
    step(&format!("{packages}, from Debian, once: about a minute"), || {
        let quiet = "-y -qq -o Dpkg::Use-Pty=0";
        run(words(&format!("apt-get update {quiet}")).stdout(std::process::Stdio::null()))?;
        run(words(&format!("apt-get install {quiet} --no-install-recommends {packages}"))
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(std::process::Stdio::null()))
    })
    .map_err(|Failure(reason)| {
        Failure(format!(
            "{packages} cannot be installed: {reason}. Is the Debian mirror reachable?"
        ))
    })
}
