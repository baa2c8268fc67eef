//! Vector files: what is in them, and what came of them.

use std::fs;
use std::io::Read;
use std::path::Path;

use error99_kernel::hash::{
    bhashfn, ehashfn, port_offset_hash, port_offset_hash_md5, port_offset_siphash_period,
};
use error99_kernel::{Addr, Tuple};
use error99_vocabulary::trace::trace;
use error99_vocabulary::{Fault, Fields, Json, Scenario, Wrong, as_text};

use crate::compare::differences;

/// What came of some files.
#[derive(Debug, Default)]
pub struct Report {
    /// Vectors met.
    pub vectors: usize,
    /// Those with a difference, or that can't be read.
    pub different: usize,
    /// A line for each difference.
    pub differences: Vec<String>,
}

impl Report {
    /// Adds another report's counts and lines.
    pub fn add(&mut self, other: Report) {
        self.vectors += other.vectors;
        self.different += other.different;
        self.differences.extend(other.differences);
    }

    /// Its counts as a sentence.
    pub fn counts(&self) -> String {
        let (vectors, different) = (self.vectors, self.different);
        format!("{vectors} vectors, {} identical, {different} different", vectors - different)
    }

    fn vector(&mut self, lines: Vec<String>) {
        self.vectors += 1;
        self.different += usize::from(!lines.is_empty());
        self.differences.extend(lines);
    }

    fn unreadable(line: String) -> Report {
        Report { vectors: 1, different: 1, differences: vec![line] }
    }
}

/// Checks every vector of a file.
pub fn check_file(path: &Path) -> Report {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    match read(path) {
        Ok(text) => check_text(&name, &text),
        Err(error) => Report::unreadable(format!("{}: {error}", path.display())),
    }
}

/// The text of a file, unpacked if it is `.gz`.
pub fn read(path: &Path) -> std::io::Result<String> {
    let bytes = fs::read(path)?;
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
    } else {
        (&bytes[..]).read_to_string(&mut text)?;
    }
    Ok(text)
}

/// One JSON value, or one on each line.
pub fn values(text: &str) -> Vec<Result<Json, String>> {
    let line = |(place, line): (usize, &str)| {
        Json::parse(line).map_err(|error| format!("line {}: {error}", place + 1))
    };
    match Json::parse(text) {
        Ok(json) => vec![Ok(json)],
        Err(_) => text.lines().enumerate().filter(|(_, line)| !line.is_empty()).map(line).collect(),
    }
}

/// Checks a text: one JSON value, or one on each line.
pub fn check_text(name: &str, text: &str) -> Report {
    let mut report = Report::default();
    for value in values(text) {
        match value {
            Ok(json) => check_value(name, &json, &mut report),
            Err(error) => report.vector(vec![format!("{name}: {error}")]),
        }
    }
    if report.vectors == 0 {
        return Report::unreadable(format!("{name}: no vector in it"));
    }
    report
}

/// A vector, a hash, or a list of them.
fn check_value(name: &str, json: &Json, report: &mut Report) {
    match json {
        Json::List(list) => list.iter().for_each(|json| check_value(name, json, report)),
        json if json.get("scenario").is_some() => report.vector(check_vector(name, json)),
        json => report.vector(check_hash(json).map_or_else(
            |error| vec![format!("{name}: hash {}: {error}", report.vectors + 1)],
            |()| Vec::new(),
        )),
    }
}

/// A scenario with its trace: a line of text for each difference.
pub fn check_vector(file: &str, json: &Json) -> Vec<String> {
    match vector_differences(json) {
        Ok((name, lines)) => {
            lines.into_iter().map(|line| format!("{file}: {name}: {line}")).collect()
        }
        Err(error) => vec![format!("{file}: {error}")],
    }
}

fn vector_differences(json: &Json) -> Result<(String, Vec<String>), String> {
    let mut fields = Fields::of(json).map_err(|fault| fault.to_string())?;
    let mut field = |key: &str| fields.required(key).map_err(|fault| fault.to_string());
    let (scenario, npre, expected) = (field("scenario")?, field("npre")?, field("trace")?);
    fields.done().map_err(|fault| fault.to_string())?;
    let scenario = Scenario::from_json(scenario).map_err(|error| error.to_string())?;
    let Json::List(expected) = expected else { return Err("trace: must be a list".into()) };
    let got = trace(&scenario);
    let mut lines = Vec::new();
    let own_npre = Json::Int(scenario.config.pre_calls().len() as i64);
    for difference in differences("npre", npre, &own_npre) {
        lines.push(difference.to_string());
    }
    for place in 0..expected.len().max(got.len()) {
        let found = match (expected.get(place), got.get(place)) {
            (Some(expected), Some(got)) => differences("", expected, got),
            _ => {
                lines.push(format!(
                    "op {place}: expected {} lines, got {}",
                    expected.len(),
                    got.len()
                ));
                break;
            }
        };
        lines.extend(found.iter().map(|difference| format!("op {place}: {difference}")));
    }
    Ok((scenario.name, lines))
}

/// One entry of a hash file, recognised by its keys.
fn check_hash(json: &Json) -> Result<(), String> {
    let got = hash_of(json).map_err(|fault| fault.to_string())?;
    // A hash of 64 bits is a text.
    let got = match json.get("net_secret") {
        Some(_) => Json::Text(got.to_string()),
        None => Json::Int(got as i64),
    };
    let expected = json.get("v").ok_or("no v")?;
    if got == *expected { Ok(()) } else { Err(format!("expected {expected}, got {got}")) }
}

fn hash_of(json: &Json) -> Result<u64, Fault> {
    let mut fields = Fields::of(json)?;
    let word = |fields: &mut Fields<'_>, key| fields.int(key, 0, u32::MAX.into());
    fields.required("v")?;
    let value = if json.get("bhash_size").is_some() {
        let (port, size) = (fields.port("port")?, word(&mut fields, "bhash_size")? as u32);
        bhashfn(port, 0, size).into()
    } else if json.get("laddr").is_some() {
        let tuple = Tuple {
            laddr: fields.addr("laddr")?,
            lport: fields.port("lport")?,
            faddr: fields.addr("faddr")?,
            fport: fields.port("fport")?,
        };
        ehashfn(&tuple, word(&mut fields, "secret")? as u32).into()
    } else {
        let ends: (Addr, Addr) = (fields.addr("saddr")?, fields.addr("daddr")?);
        let dport = fields.port("dport")?;
        if json.get("net_secret").is_some() {
            let period = word(&mut fields, "period")? as u32;
            let key = words64(fields.required("net_secret")?)?;
            port_offset_siphash_period(ends.0, ends.1, dport, period, key)
        } else if json.get("secret16").is_some() {
            port_offset_hash_md5(ends.0, ends.1, dport, &fields.words("secret16")?).into()
        } else {
            port_offset_hash(ends.0, ends.1, dport, &fields.words("secret")?).into()
        }
    };
    fields.done()?;
    Ok(value)
}

/// A key of two words, as texts.
fn words64(json: &Json) -> Result<[u64; 2], Fault> {
    let word = |json: &Json| as_text(json, 20)?.parse().map_err(|_| Fault::new(Wrong::Word64));
    match json {
        Json::List(list) => match &list[..] {
            [first, second] => Ok([word(first)?, word(second)?]),
            _ => Err(Fault::new(Wrong::Words(2))),
        },
        _ => Err(Fault::new(Wrong::Words(2))),
    }
}
