//! The failing walk, natively and in the browser, in turns: so that what else the machine
//! does meets both alike. The native half is the program `error99-walk`, built for release;
//! the other is the same source as WebAssembly, with the settings of the page's own module.

use crate::table::{Row, quantile};
use error99_e2e::{Tab, root};
use error99_walk::COMPARED;
use serde_json::{Value, json};
use std::error::Error;
use std::io;
use std::process::Command;

const SCRIPT: &str = include_str!("walk.js");
const ROUNDS: usize = 3;

/// How much longer the walk takes in the browser, for each machine: the best sample there by
/// the best native one.
pub fn measure(tab: &Tab) -> Result<Vec<Row>, Box<dyn Error>> {
    tab.open("/404.html");
    let mut native = vec![Vec::new(); COMPARED.len()];
    let mut browser = native.clone();
    for _ in 0..ROUNDS {
        gather(&mut native, natively()?);
        gather(&mut browser, in_browser(tab)?);
    }
    let rows = COMPARED.iter().zip(native.iter().zip(&browser)).map(|((name, _), times)| {
        let [native, browser] = [times.0, times.1].map(|samples| {
            let mut sorted = samples.clone();
            sorted.sort_by(f64::total_cmp);
            (quantile(&sorted, 0.0), quantile(&sorted, 0.5))
        });
        Row {
            what: format!(
                "a failing walk, {name}: browser by native ({:.2} ns and {:.2} ns a port at best, \
                 {:.2} and {:.2} in the median)",
                browser.0, native.0, browser.1, native.1
            ),
            unit: "×",
            bar: 1.5,
            samples: vec![browser.0 / native.0],
        }
    });
    Ok(rows.collect())
}

fn gather(all: &mut [Vec<f64>], found: Vec<Vec<f64>>) {
    for (all, found) in all.iter_mut().zip(found) {
        all.extend(found);
    }
}

/// Nanoseconds per port, a list for each machine.
fn natively() -> io::Result<Vec<Vec<f64>>> {
    let program = root().join("target/release/error99-walk");
    let output = Command::new(program).output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let samples = |line: &str| line.split(' ').filter_map(|number| number.parse().ok()).collect();
    Ok(printed.lines().map(samples).collect())
}

fn in_browser(tab: &Tab) -> Result<Vec<Vec<f64>>, Box<dyn Error>> {
    let found = tab.run_async(SCRIPT, vec![json!(COMPARED.len())]);
    let list: Vec<Vec<f64>> = serde_json::from_value::<Vec<Vec<f64>>>(found.clone())
        .map_err(|_| format!("the walk in the browser: {}", as_text(&found)))?;
    Ok(list)
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}
