//! A live picture of the story, as a test uses it.

use error99_e2e::Tab;
use serde_json::{Value, json};

/// A picture that is alive.
pub struct Picture<'t> {
    tab: &'t Tab,
    name: &'static str,
}

impl<'t> Picture<'t> {
    /// Opens the story at `path`, goes to the picture of that name and waits until it is alive.
    pub fn open(tab: &'t Tab, path: &str, name: &'static str) -> Picture<'t> {
        let picture = Picture::far(tab, path, name);
        picture.near();
        picture
    }

    /// Opens the story at `path`, and leaves the picture of that name where it is.
    pub fn far(tab: &'t Tab, path: &str, name: &'static str) -> Picture<'t> {
        tab.open(path);
        Picture { tab, name }
    }

    /// Goes to the picture and waits until it is alive.
    pub fn near(&self) {
        self.run("figure.scrollIntoView({ block: 'center' })");
        self.tab.until("the picture is alive", || self.alive());
    }

    /// Whether the picture is alive.
    pub fn alive(&self) -> bool {
        self.run("return 'awake' in figure.querySelector('[data-live]').dataset") == json!(true)
    }

    /// Chooses the radio button of that name where it is, however far: a press on its label would
    /// bring it near.
    pub fn choose_far(&self, name: &str) {
        self.mark("label", name);
        self.run("figure.querySelector('[data-clicked] input').click()");
    }

    /// Chooses the radio button of that name.
    pub fn choose(&self, name: &str) {
        self.click("label", name);
    }

    /// Presses the button of that name.
    pub fn press(&self, name: &str) {
        self.click("button", name);
    }

    /// Waits until the sentence below the picture has these words.
    pub fn says(&self, words: &str) {
        self.tab.until(&format!("{}: “{words}”", self.name), || {
            self.text(".said[aria-live]").contains(words)
        });
    }

    /// The words of the first element of the picture that the selector finds.
    pub fn text(&self, selector: &str) -> String {
        self.tab.css(&format!(".picture.{} {selector}", self.name)).text()
    }

    /// How many elements of the picture the selector finds.
    pub fn count(&self, selector: &str) -> usize {
        let count = self.run(&format!("return figure.querySelectorAll('{selector}').length"));
        count.as_u64().unwrap_or(0) as usize
    }

    fn click(&self, kind: &str, name: &str) {
        self.mark(kind, name);
        self.tab.css("[data-clicked]").click();
    }

    fn mark(&self, kind: &str, name: &str) {
        let marked = self.tab.run_with(
            "const [picture, kind, name] = arguments;
             document.querySelector('[data-clicked]')?.removeAttribute('data-clicked');
             const found = [...document.querySelectorAll(`.picture.${picture} ${kind}`)]
               .find((element) => element.textContent.trim() === name);
             found?.setAttribute('data-clicked', '');
             return found !== undefined",
            vec![self.name.into(), kind.into(), name.into()],
        );
        assert_eq!(marked, json!(true), "{} has no {kind} “{name}”", self.name);
    }

    fn run(&self, script: &str) -> Value {
        let name = self.name;
        self.tab.run(&format!("const figure = document.querySelector('.picture.{name}'); {script}"))
    }
}
