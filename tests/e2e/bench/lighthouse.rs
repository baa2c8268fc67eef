//! What Lighthouse says of story and lab, in its mobile preset, from a server that packs.

use error99_e2e::{Server, root};
use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};

const PAGES: [&str; 4] = ["/", "/zh-CN/", "/lab/", "/zh-CN/lab/"];
const CATEGORIES: [&str; 4] = ["performance", "accessibility", "best-practices", "seo"];
/// Runs of which the median one counts.
const RUNS: usize = 3;
/// Points that each category should have.
const BAR: u32 = 100;

/// Prints a table of points, and below it what cost them.
pub fn measure(server: &Server) -> Result<(), Box<dyn Error>> {
    let mut lines = Vec::new();
    let mut costs = BTreeSet::new();
    for page in PAGES {
        let reports = (0..RUNS)
            .map(|_| report(&format!("{}{page}", server.origin())))
            .collect::<Result<Vec<_>, _>>()?;
        let points = CATEGORIES.map(|category| median(&reports, category));
        lines.push(format!(
            "| `{page}` | {} |",
            points.map(|points| points.to_string()).join(" | ")
        ));
        costs.extend(reports.iter().flat_map(faults).map(|fault| format!("`{page}`: {fault}")));
    }
    println!("\n| page | {} |\n| --- |{}", CATEGORIES.join(" | "), " ---: |".repeat(4));
    println!("{}", lines.join("\n"));
    println!("\nOf {BAR} each, the median of {RUNS} runs. What cost points in any run:");
    costs.iter().for_each(|cost| println!("- {cost}"));
    Ok(())
}

/// One run.
fn report(address: &str) -> Result<Value, Box<dyn Error>> {
    let tools = root().join(".tools/node_modules");
    let output = Command::new("node")
        .arg(tools.join("lighthouse/cli/index.js"))
        .args([address, "--quiet", "--output=json", "--no-enable-error-reporting"])
        .arg(format!("--only-categories={}", CATEGORIES.join(",")))
        .arg("--chrome-flags=--headless --no-sandbox --disable-gpu --disable-dev-shm-usage")
        .stderr(Stdio::inherit())
        .output()?;
    let _ = fs::write(root().join("target/lighthouse.json"), &output.stdout);
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn points(report: &Value, category: &str) -> u32 {
    (report["categories"][category]["score"].as_f64().unwrap_or(0.0) * 100.0).round() as u32
}

fn median(reports: &[Value], category: &str) -> u32 {
    let mut all: Vec<u32> = reports.iter().map(|report| points(report, category)).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

/// The audits that count and aren't perfect.
fn faults(report: &Value) -> Vec<String> {
    let counting = CATEGORIES.into_iter().flat_map(|category| {
        let audits = report["categories"][category]["auditRefs"].as_array();
        audits.into_iter().flatten().map(move |audit| (category, audit))
    });
    counting
        .filter(|(_, audit)| audit["weight"].as_f64().unwrap_or(0.0) > 0.0)
        .filter_map(|(category, audit)| {
            let audit = &report["audits"][audit["id"].as_str()?];
            let score = audit["score"].as_f64().filter(|score| *score < 1.0)?;
            let shown = audit["displayValue"].as_str().unwrap_or_default();
            Some(format!(
                "{category}: {} {shown} ({:.0} of 100)",
                audit["title"].as_str().unwrap_or_default(),
                score * 100.0
            ))
        })
        .collect()
}
