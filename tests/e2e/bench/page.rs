//! Steps, jumps and exhaustion, as `page.js` measures them on the page. Every figure is of a
//! page that is awake, in a window of 1440 × 900, in milliseconds:
//!
//! - *script*: from the event until everything that it sets off at once is done, the handlers
//!   and the effects behind them.
//! - *to paint*: from the same event, which comes at the start of a frame, until the browser
//!   has laid out and painted that frame. Waiting for the frame isn't in it.
//! - *until the verdict*: from the click until the counted verdict stands in the page, with
//!   the pauses that long work makes for the page's sake.

use crate::table::Row;
use error99_e2e::Tab;
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("page.js");
/// Fresh pages on which the range is exhausted.
const RUNS: usize = 7;

pub fn measure(tab: &Tab) -> Vec<Row> {
    let mut rows = steps(tab);
    rows.extend(exhaustion(tab));
    rows.extend(fixes_under_load(tab));
    rows.extend(jumps(tab));
    rows
}

/// One step at a time through the failing walk that the lab opens with.
fn steps(tab: &Tab) -> Vec<Row> {
    open(tab, "/lab/");
    let inside = run(tab, "steps", json!([60, 6]));
    let borders = run(tab, "borders", json!([8]));
    let mut rows = Vec::new();
    for (where_, found) in [("in a walk of 28,233 ports", inside), ("across call borders", borders)]
    {
        for way in ["forward", "back"] {
            let times = &found[way];
            rows.push(Row::ms(format!("a step {way} {where_}: script"), 4.0, all(times, "script")));
            rows.push(Row::ms(
                format!("a step {way} {where_}: to paint"),
                16.0,
                all(times, "paint"),
            ));
        }
    }
    rows
}

/// "Until error" on a machine of the default range with nothing connected.
fn exhaustion(tab: &Tab) -> Vec<Row> {
    let found: Vec<Value> = (0..RUNS)
        .map(|_| {
            open_empty(tab);
            run(tab, "exhaust", json!([]))
        })
        .collect();
    let each = |part: &str| found.iter().filter_map(|run| run[part].as_f64()).collect();
    let rows = found.iter().flat_map(|run| numbers(&run["rows"])).collect();
    vec![
        Row::ms("28,233 connects until error 99: until the verdict", 150.0, each("verdict")),
        Row::ms("28,233 connects until error 99: to paint", 150.0, each("paint")),
        Row::ms("a row of the Fix lab after that", 1_000.0, rows),
    ]
}

/// The Fix lab of the busy client, whose rows are also tried under its load.
fn fixes_under_load(tab: &Tab) -> Vec<Row> {
    open(tab, "/lab/");
    let found = run(tab, "fixes", json!([]));
    vec![
        Row::ms("a row of the busy client's Fix lab", 1_000.0, numbers(&found["rows"])),
        Row::ms("the same row under its load", 1_000.0, numbers(&found["holds"])),
    ]
}

/// Jumps by the timeline: in the opening history, where one call fails, and in one where
/// nearly one in a hundred does.
fn jumps(tab: &Tab) -> Vec<Row> {
    open(tab, "/lab/");
    let opening = jumps_through(tab, "a jump in the opening history of 112,000 calls: to paint");
    open_empty(tab);
    tab.run("for (const more of document.querySelectorAll('details.more')) more.open = true");
    // 28,500 connects in 50 s: nobody gets a port back before, and 267 find none.
    for (field, number) in [("connections/s", "570"), ("held for, ms", "0"), ("for, seconds", "50")]
    {
        tab.field(field).fill(number);
    }
    tab.button("Run the load").click();
    until_ready(tab);
    let failing = jumps_through(
        tab,
        "a jump in a history of 114,000 calls, 0.9 % of the connects failing: to paint",
    );
    vec![opening, failing]
}

/// From the last call back to the first, one jump of fifty timed.
fn jumps_through(tab: &Tab, what: &str) -> Row {
    let jumps = std::iter::from_fn(|| run(tab, "jump", json!([50]))["paint"].as_f64());
    Row::ms(what, 50.0, jumps.collect())
}

// ── pages ───────────────────────────────────────────────────────

fn open(tab: &Tab, path: &str) {
    tab.open(path);
    until_ready(tab);
}

/// A machine that has done nothing, with the default range and tables of the opening one's size.
fn open_empty(tab: &Tab) {
    open(tab, "/lab/?scenario=sixteen-ports");
    for [choice, group] in
        [["4,096", "lab-bhash-size"], ["4,096", "lab-ehash-size"], ["default", "lab-range-preset"]]
    {
        run(tab, "choose", json!([choice, group]));
        until_ready(tab);
    }
}

fn until_ready(tab: &Tab) {
    tab.until("the machine stands", || {
        tab.run("return document.querySelector('.lab')?.dataset.ready") == json!("true")
    });
}

// ── figures ─────────────────────────────────────────────────────

fn run(tab: &Tab, measure: &str, arguments: Value) -> Value {
    let found = tab.run_async(SCRIPT, vec![json!(measure), arguments]);
    assert!(found["error"].is_null(), "{measure}: {}", found["error"]);
    found
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// One part of every sample.
fn all(samples: &Value, part: &str) -> Vec<f64> {
    samples.as_array().into_iter().flatten().filter_map(|sample| sample[part].as_f64()).collect()
}
