//! The views that the audit measures and the screenshots show: pages, and states of pages
//! that a reader reaches by some acts.

use crate::tab::{Tab, Theme};
use serde_json::json;

/// A page, or a state of it.
pub struct View {
    pub name: &'static str,
    /// Below the language's root.
    pub path: &'static str,
    /// Whether the path leads to nothing, which the browser notes in the console.
    pub unknown: bool,
    /// The acts that lead to the state.
    pub prepare: fn(&Tab),
}

pub const VIEWS: &[View] = &[
    View { name: "story", path: "", unknown: false, prepare: |_| {} },
    View {
        name: "story-healed",
        path: "",
        unknown: false,
        prepare: |tab| tab.css(".knob .switch").click(),
    },
    View { name: "story-asked", path: "", unknown: false, prepare: story_asked },
    View { name: "story-update", path: "", unknown: false, prepare: a_new_version },
    View { name: "compare", path: "compare/", unknown: false, prepare: compare_stands },
    View { name: "compare-apart", path: "compare/", unknown: false, prepare: compare_apart },
    View { name: "lab", path: "lab/", unknown: false, prepare: lab_stands },
    View { name: "lab-verdict", path: "lab/", unknown: false, prepare: lab_fails },
    View { name: "lab-healed", path: "lab/", unknown: false, prepare: lab_healed },
    View {
        name: "lab-small",
        path: "lab/?scenario=second-destination",
        unknown: false,
        prepare: lab_small,
    },
    View {
        name: "lab-event",
        path: "lab/?scenario=bound-socket-takes-timewait",
        unknown: false,
        prepare: lab_event,
    },
    View {
        name: "lab-field-errors",
        path: "lab/?scenario=sixteen-ports",
        unknown: false,
        prepare: lab_field_errors,
    },
    View { name: "lab-table", path: "lab/", unknown: false, prepare: lab_table },
    View { name: "lab-shell", path: "lab/", unknown: false, prepare: lab_shell },
    View { name: "lab-branches", path: "lab/", unknown: false, prepare: lab_branches },
    View {
        name: "lab-every-kernel",
        path: "lab/?scenario=sixteen-ports",
        unknown: false,
        prepare: lab_every_kernel,
    },
    View { name: "lab-export", path: "lab/", unknown: false, prepare: lab_export },
    View { name: "lab-projector", path: "lab/", unknown: false, prepare: lab_projected },
    View {
        name: "lab-projector-verdict",
        path: "lab/",
        unknown: false,
        prepare: lab_projected_verdict,
    },
    View { name: "scenarios", path: "scenarios/", unknown: false, prepare: |_| {} },
    View { name: "kernels", path: "kernels/", unknown: false, prepare: |_| {} },
    View { name: "kernels-own", path: "kernels/#6.1", unknown: false, prepare: |_| {} },
    View { name: "about", path: "about/", unknown: false, prepare: |_| {} },
    View { name: "not-found", path: "no/such/page", unknown: true, prepare: |_| {} },
];

/// The story with its box open, every guess made, and a term explained.
fn story_asked(tab: &Tab) {
    tab.run(
        "document.querySelector('.hurry').open = true;
         for (const guess of document.querySelectorAll('.answers label:first-child input')) guess.click();
         document.querySelector('.chapter .gloss').click()",
    );
}

/// The notice that a new version of the site has come.
fn a_new_version(tab: &Tab) {
    tab.run(
        "const region = document.querySelector('.update');
         region.append(region.firstElementChild.content.cloneNode(true))",
    );
}

/// The two kernels with their machines behind them.
fn compare_stands(tab: &Tab) {
    tab.until("both stand", || {
        tab.run("return document.querySelector('[data-live=compare]').dataset.awake") == json!("")
    });
}

/// The same once TIME_WAITs have ended on one of them, with the other page shown on a phone.
fn compare_apart(tab: &Tab) {
    compare_stands(tab);
    tab.run("document.querySelector('.seg.narrow input').click()");
    for act in [7, 5, 6] {
        press(tab, &format!(".both-acts button:nth-child({act})"));
    }
    tab.until("all is done", || {
        let said = "return document.querySelector('.eyebrow').textContent.includes('sleep 60')";
        tab.run(said) == json!(true)
    });
}

/// The lab with its machine behind it, in the middle of the busy client's failing walk.
fn lab_stands(tab: &Tab) {
    tab.until("the machine stands", || {
        tab.run("return document.querySelector('.lab').dataset.ready") == json!("true")
    });
}

/// The same at the end of that call: the verdict, with every row of the Fix lab computed.
fn lab_fails(tab: &Tab) {
    lab_stands(tab);
    tab.css(".keys button:last-child").click();
    tab.until("the Fix lab", || {
        tab.run("return document.querySelectorAll('.fixes tbody tr').length > 0") == json!(true)
    });
}

/// The lab in the projector look, set for this page alone.
fn lab_projected(tab: &Tab) {
    lab_stands(tab);
    tab.run("document.documentElement.toggleAttribute('data-present', true)");
}

/// The same at the verdict.
fn lab_projected_verdict(tab: &Tab) {
    lab_fails(tab);
    lab_projected(tab);
}

/// The verdict, healed by the first row of the Fix lab.
fn lab_healed(tab: &Tab) {
    lab_fails(tab);
    // Pressed by key: on a phone the dock may lie over it.
    tab.css(".fixes .try button").press(thirtyfour::Key::Enter + "");
    tab.until("the verdict is gone", || {
        tab.run("return document.querySelector('.lab.failed')") == json!(null)
    });
}

/// Presses what `selector` finds once it is there, by script: on a phone the dock may lie over it.
fn press(tab: &Tab, selector: &str) {
    tab.until(selector, || {
        let there = "return !!document.querySelector(arguments[0])";
        tab.run_with(there, vec![selector.into()]) == json!(true)
    });
    tab.run_with("document.querySelector(arguments[0]).click()", vec![selector.into()]);
}

/// The sheet with the table of ports.
fn lab_table(tab: &Tab) {
    lab_stands(tab);
    press(tab, ".legend .link");
    tab.until("the table", || {
        tab.run("return document.querySelectorAll('.runs tbody tr').length > 0") == json!(true)
    });
}

/// The sheet with what `ss -tan` prints.
fn lab_shell(tab: &Tab) {
    lab_stands(tab);
    press(tab, ".term .link");
    press(tab, "dialog label:nth-child(2) input");
    tab.until("ss has printed", || {
        let text = tab.run("return document.querySelector('dialog pre').textContent");
        text.as_str().is_some_and(|text| text.starts_with("State"))
    });
}

/// The sheet with two branches side by side.
fn lab_branches(tab: &Tab) {
    lab_fails(tab);
    // Back out of the failed call: what is done in its middle comes after it.
    press(tab, ".keys button:first-child");
    press(tab, ".keys button:nth-child(2)");
    press(tab, ".acts .wide");
    tab.until("there is another branch", || {
        tab.run("return !!document.querySelector('.calls .name .link')") == json!(true)
    });
    press(tab, ".calls .name .link");
    tab.until("the branches", || {
        tab.run("return document.querySelectorAll('dialog tbody .btn').length > 1") == json!(true)
    });
    press(tab, "dialog tbody .btn:last-child");
    tab.until("the comparison", || {
        tab.run("return !!document.querySelector('.beside')") == json!(true)
    });
}

/// The sheet with what every kernel makes of a call that fails, once it's all known.
fn lab_every_kernel(tab: &Tab) {
    lab_stands(tab);
    press(tab, ".acts button:nth-child(3)");
    tab.until("it fails", || {
        tab.run("return !!document.querySelector('.lab.failed')") == json!(true)
    });
    press(tab, ".kernel ~ .link");
    tab.until("every row is known", || {
        tab.run("return document.querySelector('.every tbody')?.getAttribute('aria-busy')")
            == json!("false")
    });
}

/// The sheet with what can be exported, at a file that isn't a scenario.
fn lab_export(tab: &Tab) {
    lab_stands(tab);
    press(tab, "[data-export]");
    tab.run("document.querySelector('.files textarea').value = '<script>'");
    press(tab, "[data-read]");
    tab.until("it is said", || {
        let said = tab.run("return document.querySelector('[data-said]').textContent");
        said.as_str().is_some_and(|said| said.contains("JSON"))
    });
}

/// A range small enough to be shown whole, in the middle of a walk.
fn lab_small(tab: &Tab) {
    lab_stands(tab);
    (0..3).for_each(|_| tab.css(".keys button:nth-child(2)").click());
}

/// A call without a walk, at the step that checks the 4-tuple of a socket with a port of its own.
fn lab_event(tab: &Tab) {
    lab_stands(tab);
    (0..6).for_each(|_| tab.css(".keys button:nth-child(2)").click());
    tab.until("the check", || {
        tab.run("return document.querySelectorAll('.check .asks li').length") == json!(3)
    });
}

/// A wrong text in every field.
fn lab_field_errors(tab: &Tab) {
    lab_stands(tab);
    for field in ["#lab-range ~ .pair .num", ".pair.addr .num", ".pair.addr .num ~ .num"] {
        tab.css(field).fill("<script>");
    }
    tab.until("it is said", || {
        tab.run("return document.querySelectorAll('[aria-invalid]').length") == json!(3)
    });
}

/// Viewports in CSS pixels: the two desktops of the design, a low one, a projector's, a tablet, a
/// phone, the narrowest screen.
pub const SIZES: [(u32, u32); 7] =
    [(1440, 900), (1280, 800), (1280, 720), (1920, 1080), (834, 1194), (390, 844), (320, 700)];
pub const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];
/// Languages with the start of their paths.
pub const LANGS: [(&str, &str); 2] = [("en", "/"), ("zh", "/zh-CN/")];
