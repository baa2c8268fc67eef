//! Writes pictures of the views to `target/shots`.
//!
//! `cargo xtask shots` takes all of them; each further word must be part of a picture's
//! name, so `cargo xtask shots lab 390 dark` takes the lab on a phone in the dark.
//! `--full` shows whole pages instead of the first screen. `--og` writes the pictures that are
//! shown beside a link to a page, to `public/og`.

use error99_e2e::views::{LANGS, SIZES, THEMES, VIEWS};
use error99_e2e::{Browser, Engine, Tab, Theme, root};
use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let whole_page = words.iter().any(|word| word == "--full");
    let og = words.iter().any(|word| word == "--og");
    let words: Vec<&String> = words.iter().filter(|word| !word.starts_with("--")).collect();

    let folder = root().join("target/shots");
    fs::create_dir_all(&folder)?;
    let engine = Engine::chosen();
    let browser = Browser::start(engine, engine.serve(root().join("dist"))?)?;
    let tab = browser.tab();
    if og {
        link_pictures(&tab)?;
        browser.stop();
        return Ok(());
    }
    for (width, height) in SIZES {
        for theme in THEMES {
            for (lang, start) in LANGS {
                for view in VIEWS {
                    let look = if theme == Theme::Dark { "dark" } else { "light" };
                    let name = format!("{}-{width}x{height}-{look}-{lang}.png", view.name);
                    if !words.iter().all(|word| name.contains(word.as_str())) {
                        continue;
                    }
                    tab.resize(width, height);
                    tab.set_theme(theme);
                    tab.open(&format!("{start}{}", view.path));
                    (view.prepare)(&tab);
                    fs::write(folder.join(&name), tab.screenshot(whole_page))?;
                    println!("target/shots/{name}");
                }
            }
        }
    }
    for fault in tab.console() {
        println!("console: {fault}");
    }
    let _ = tab.finish();
    browser.stop();
    Ok(())
}

/// Pages that have a picture for links, by their names.
const LINKED: [(&str, &str); 6] = [
    ("story", ""),
    ("compare", "compare/"),
    ("lab", "lab/"),
    ("scenarios", "scenarios/"),
    ("kernels", "kernels/"),
    ("about", "about/"),
];

/// What a page shows on a small desktop, in the size that link previews have.
fn link_pictures(tab: &Tab) -> Result<(), Box<dyn Error>> {
    let folder = root().join("public/og");
    fs::create_dir_all(&folder)?;
    tab.resize(1200, 630);
    for (name, path) in LINKED {
        for (tag, start) in [("en", "/"), ("zh-CN", "/zh-CN/")] {
            tab.open(&format!("{start}{path}"));
            if name == "lab" {
                let ready = "return document.querySelector('.lab').dataset.ready === 'true'";
                tab.until("the machine stands", || tab.run(ready) == true);
            }
            fs::write(folder.join(format!("{name}-{tag}.png")), tab.screenshot(false))?;
            println!("public/og/{name}-{tag}.png");
        }
    }
    Ok(())
}
