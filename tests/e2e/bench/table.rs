//! The table of figures, each beside its bar.

/// What was measured, many times.
#[derive(Clone)]
pub struct Row {
    pub what: String,
    pub unit: &'static str,
    /// What the figure should not exceed.
    pub bar: f64,
    pub samples: Vec<f64>,
}

impl Row {
    /// Milliseconds.
    pub fn ms(what: impl Into<String>, bar: f64, samples: Vec<f64>) -> Row {
        Row { what: what.into(), unit: "ms", bar, samples }
    }
}

/// Prints the rows as a table for a terminal and for issue text alike. The last column counts
/// the samples that exceed the bar. What else the machine did meanwhile is said below: figures
/// of a busy machine are worth little.
pub fn print(rows: &[Row]) {
    println!("\n| what | unit | bar | least | median | 95 % | most | samples | over |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for Row { what, unit, bar, samples } in rows {
        let mut sorted = samples.clone();
        sorted.sort_by(f64::total_cmp);
        let [least, median, most_of_them, most] =
            [0.0, 0.5, 0.95, 1.0].map(|share| format!("{:.2}", quantile(&sorted, share)));
        let over = sorted.iter().filter(|sample| **sample > *bar).count();
        println!(
            "| {what} | {unit} | {bar} | {least} | {median} | {most_of_them} | {most} | {} | {over} |",
            sorted.len()
        );
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    println!("\n{cores} processors; at the end, {load} programs wanted to run.");
}

/// The sample below which that share of the sorted ones lies.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}
