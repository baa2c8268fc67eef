//! The table at the end, from the samples that criterion wrote down.

use std::path::Path;

/// A line of the table.
pub struct Row {
    /// What is measured; also criterion's name for it.
    pub name: String,
    /// Parts of one measured piece: ports, connects, or 1.
    parts: u32,
    unit: &'static str,
    /// The C code's best, in the same unit.
    c: Option<f64>,
}

impl Row {
    /// Nanoseconds per port.
    pub fn per_port(name: impl Into<String>, ports: u32, c: Option<f64>) -> Row {
        Row { name: name.into(), parts: ports, unit: "ns/port", c }
    }

    /// Nanoseconds per connect.
    pub fn per_connect(name: impl Into<String>, connects: u32, c: Option<f64>) -> Row {
        Row { name: name.into(), parts: connects, unit: "ns/connect", c }
    }

    /// Nanoseconds.
    pub fn whole(name: impl Into<String>) -> Row {
        Row { name: name.into(), parts: 1, unit: "ns", c: None }
    }
}

/// Prints what was measured in this run or, for rows that were left out, an earlier one.
pub fn print_table(rows: &[Row], folder: &Path) {
    println!("\n| what | unit | best | median | C, best | best / C |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for row in rows {
        let Some((best, median)) = samples(row, folder) else { continue };
        let (c, ratio) = match row.c {
            Some(c) => (format!("{c:.1}"), format!("{:.2}", best / c)),
            None => Default::default(),
        };
        println!("| {} | {} | {best:.2} | {median:.2} | {c} | {ratio} |", row.name, row.unit);
    }
    println!("\n{}", machine());
}

/// Best and median sample, per part.
fn samples(row: &Row, folder: &Path) -> Option<(f64, f64)> {
    // Criterion's folder names leave some characters out: find the row by its title instead.
    let measured = std::fs::read_dir(folder).ok()?.filter_map(|entry| {
        let new = entry.ok()?.path().join("new");
        let title = std::fs::read_to_string(new.join("benchmark.json")).ok()?;
        let title: serde_json::Value = serde_json::from_str(&title).ok()?;
        (title["title"] == row.name).then_some(new)
    });
    let text = std::fs::read_to_string(measured.last()?.join("sample.json")).ok()?;
    let sample: serde_json::Value = serde_json::from_str(&text).ok()?;
    let numbers = |key: &str| -> Option<Vec<f64>> {
        sample[key].as_array()?.iter().map(serde_json::Value::as_f64).collect()
    };
    let (times, iterations) = (numbers("times")?, numbers("iters")?);
    let parts = f64::from(row.parts);
    let mut per_part: Vec<f64> =
        times.iter().zip(&iterations).map(|(time, n)| time / n / parts).collect();
    per_part.sort_by(f64::total_cmp);
    Some((*per_part.first()?, per_part[per_part.len() / 2]))
}

/// The processor's name, where the system tells it.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |key: &str| {
        let line = info.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split(':').nth(1)).unwrap_or(" unknown").trim().to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("Machine: {}, {} MHz, {cores} cores.", field("model name"), field("cpu MHz"))
}
