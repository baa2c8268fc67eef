//! The knobs, and what a write to each takes.

use error99_vocabulary::Json;

use super::errno::{EINVAL, ENOENT};
use super::machine::Machine;
use super::rules::Release;

/// The values of all knobs.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// `ip_local_port_range`
    pub range: (u16, u16),
    /// `ip_unprivileged_port_start`
    pub unprivileged: i64,
    /// `ip_local_reserved_ports`, a place for each port.
    reserved: Vec<bool>,
    /// `tcp_tw_reuse`
    pub tw_reuse: i64,
    /// `tcp_tw_reuse_delay`, milliseconds.
    pub tw_reuse_delay: i64,
    /// `tcp_timestamps`
    pub timestamps: i64,
    /// `tcp_fin_timeout`, jiffies.
    pub fin_timeout: i64,
    /// `ip_autobind_reuse`
    pub autobind_reuse: bool,
    /// `tcp_rfc1337`
    pub rfc1337: i64,
    /// `tcp_max_tw_buckets`
    pub max_tw: i64,
    /// `tcp_syn_retries`
    pub syn_retries: i64,
}

impl Knobs {
    /// The values at boot, and what the harness writes before t=0.
    pub fn new(release: Release, hz: i64) -> Knobs {
        let old = release == Release::V3_10;
        Knobs {
            range: (32_768, if old { 61_000 } else { 60_999 }),
            unprivileged: 1_024,
            reserved: vec![false; 65_536],
            tw_reuse: if old { 0 } else { 2 },
            tw_reuse_delay: 1_000,
            timestamps: 1,
            fin_timeout: 60 * hz,
            autobind_reuse: false,
            rfc1337: 0,
            max_tw: 4_096,
            syn_retries: 127,
        }
    }

    /// Whether a port is reserved.
    pub fn is_reserved(&self, port: u16) -> bool {
        self.reserved[usize::from(port)]
    }

    /// The reserved ports as the kernel prints them.
    fn reserved_text(&self) -> String {
        let mut parts = Vec::new();
        let mut port = 0;
        while port < self.reserved.len() {
            let run = self.reserved[port..].iter().take_while(|reserved| **reserved).count();
            match run {
                0 => {}
                1 => parts.push(port.to_string()),
                _ => parts.push(format!("{port}-{}", port + run - 1)),
            }
            port += run.max(1);
        }
        parts.join(",")
    }
}

/// How a knob reads what is written.
enum Kind {
    /// A whole number between two bounds; what follows it is left.
    Number(i64, i64),
    /// The same, and everything is taken.
    Byte(i64, i64),
    Range,
    Reserved,
    FinTimeout,
    Absent,
}

const INT: Kind = Kind::Number(i32::MIN as i64, i32::MAX as i64);

impl Machine {
    fn kind_of(&self, name: &str) -> Kind {
        let bytes = self.release.has_byte_knobs();
        let old = self.release == Release::V3_10;
        match name {
            "ip_local_port_range" => Kind::Range,
            "ip_local_reserved_ports" => Kind::Reserved,
            "tcp_fin_timeout" => Kind::FinTimeout,
            "tcp_tw_reuse" if bytes => Kind::Byte(0, 2),
            "tcp_tw_reuse" if !old => Kind::Number(0, 2),
            "tcp_timestamps" | "tcp_rfc1337" if bytes => Kind::Byte(0, 255),
            "tcp_tw_reuse" | "tcp_timestamps" | "tcp_rfc1337" | "tcp_max_tw_buckets" => INT,
            "ip_autobind_reuse" if bytes => Kind::Byte(0, 1),
            "ip_unprivileged_port_start" if !old => Kind::Number(0, 65_535),
            "tcp_tw_reuse_delay" if self.release.reuses_after_delay() => Kind::Number(1, 60_000),
            "tcp_syn_retries" if bytes => Kind::Byte(1, 127),
            "tcp_syn_retries" => Kind::Number(1, 127),
            _ => Kind::Absent,
        }
    }

    /// Writes a knob: bytes taken with the end of the line, or an errno.
    pub fn write_knob(&mut self, name: &str, written: &str) -> i64 {
        let whole = written.len() as i64 + 1;
        match self.kind_of(name) {
            Kind::Absent => ENOENT,
            Kind::Reserved => self.write_reserved(written).map_or(EINVAL, |()| whole),
            Kind::Range => self.write_range(written).unwrap_or(EINVAL),
            Kind::FinTimeout => self.write_fin_timeout(written).unwrap_or(EINVAL),
            Kind::Byte(least, most) => {
                self.write_number(name, written, least, most).map_or(EINVAL, |_| whole)
            }
            Kind::Number(least, most) => {
                self.write_number(name, written, least, most).unwrap_or(EINVAL)
            }
        }
    }

    fn write_number(&mut self, name: &str, written: &str, least: i64, most: i64) -> Option<i64> {
        let (value, taken) = first_number(written)?;
        let wraps =
            self.release == Release::V3_10 && (least, most) == (i32::MIN.into(), i32::MAX.into());
        let value = if wraps { i64::from(value as i32) } else { value };
        if !(least..=most).contains(&value) {
            return None;
        }
        let knobs = &mut self.knobs;
        match name {
            "tcp_tw_reuse" => knobs.tw_reuse = value,
            "tcp_tw_reuse_delay" => knobs.tw_reuse_delay = value,
            "tcp_timestamps" => knobs.timestamps = value,
            "tcp_rfc1337" => knobs.rfc1337 = value,
            "tcp_max_tw_buckets" => knobs.max_tw = value,
            "ip_autobind_reuse" => knobs.autobind_reuse = value != 0,
            "tcp_syn_retries" => knobs.syn_retries = value,
            _ if value > knobs.range.0.into() => return None,
            _ => knobs.unprivileged = value,
        }
        Some(taken)
    }

    fn write_fin_timeout(&mut self, written: &str) -> Option<i64> {
        let (seconds, taken) = first_number(written)?;
        let jiffies = seconds * self.clock.hz;
        if self.release == Release::V3_10 {
            self.knobs.fin_timeout = i64::from(jiffies as i32);
            return Some(taken);
        }
        if seconds.abs() > i64::from(i32::MAX) / self.clock.hz {
            return None;
        }
        self.knobs.fin_timeout = jiffies;
        Some(taken)
    }

    fn write_range(&mut self, written: &str) -> Option<i64> {
        let (low, taken) = first_number(written)?;
        let (mut high, mut bytes) = (i64::from(self.knobs.range.1), taken);
        if let Some(rest) = written.get(taken as usize..).filter(|rest| !rest.is_empty()) {
            let (second, more) = first_number(rest)?;
            (high, bytes) = (second, taken + more);
        }
        let possible = 1..=65_535;
        let least = if self.release == Release::V3_10 { 1 } else { self.knobs.unprivileged };
        if !possible.contains(&low) || !possible.contains(&high) || low > high || low < least {
            return None;
        }
        self.knobs.range = (low as u16, high as u16);
        Some(bytes)
    }

    fn write_reserved(&mut self, written: &str) -> Option<()> {
        let mut reserved = vec![false; 65_536];
        let mut parts: Vec<&str> = written.split(',').collect();
        if parts.last() == Some(&"") {
            parts.pop();
        }
        for part in parts {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (from, to) = (port_number(from)?, port_number(to)?);
            if from > to {
                return None;
            }
            reserved[from..=to].fill(true);
        }
        self.knobs.reserved = reserved;
        Some(())
    }

    /// What reading a knob gives.
    pub fn read_knob(&self, name: &str) -> String {
        let knobs = &self.knobs;
        match (self.kind_of(name), name) {
            (Kind::Absent, _) => String::new(),
            (Kind::Range, _) => format!("{} {}", knobs.range.0, knobs.range.1),
            (Kind::Reserved, _) => knobs.reserved_text(),
            (Kind::FinTimeout, _) => (knobs.fin_timeout / self.clock.hz).to_string(),
            (_, "tcp_tw_reuse") => self.int_text(knobs.tw_reuse),
            (_, "tcp_tw_reuse_delay") => knobs.tw_reuse_delay.to_string(),
            (_, "tcp_timestamps") => self.int_text(knobs.timestamps),
            (_, "tcp_rfc1337") => self.int_text(knobs.rfc1337),
            (_, "tcp_max_tw_buckets") => self.int_text(knobs.max_tw),
            (_, "ip_autobind_reuse") => i64::from(knobs.autobind_reuse).to_string(),
            (_, "tcp_syn_retries") => knobs.syn_retries.to_string(),
            _ => knobs.unprivileged.to_string(),
        }
    }

    /// A number as it is printed; 3.10 prints the least one of 32 bits as one of 64.
    fn int_text(&self, value: i64) -> String {
        if self.release == Release::V3_10 && value == i64::from(i32::MIN) {
            return format!("-{}", value as u64);
        }
        value.to_string()
    }

    /// The operation `sysctl`.
    pub fn op_sysctl(&mut self, name: &str, value: &Json) {
        let written = written_of(value);
        let ret = self.write_knob(name, &written);
        self.line.put("name", name);
        self.line.put("write", written);
        self.line.put("ret", ret);
        self.line.put("now", self.read_knob(name));
    }
}

/// The text that a JSON value is written as.
fn written_of(value: &Json) -> String {
    match value {
        Json::Int(value) => value.to_string(),
        Json::Text(text) => text.trim().to_owned(),
        Json::List(list) => {
            let numbers = list.iter().filter_map(Json::as_int);
            numbers.map(|number| number.to_string()).collect::<Vec<String>>().join(" ")
        }
        _ => String::new(),
    }
}

/// A whole number in base 0 at the beginning, and the bytes with white space behind it.
fn first_number(text: &str) -> Option<(i64, i64)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let value = match digits.strip_prefix('-') {
        Some(digits) => -number_in_base_0(digits)?,
        None => number_in_base_0(digits)?,
    };
    // The end of the line counts as white space, and ends it.
    let behind = rest.len() - rest.trim_start().len();
    let line_end = usize::from(rest.trim_start().is_empty());
    Some((value, (end + behind + line_end) as i64))
}

fn number_in_base_0(digits: &str) -> Option<i64> {
    let starts_well = digits.starts_with(|first: char| first.is_ascii_digit());
    if !starts_well {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok();
    }
    let radix = if lower.len() > 1 && lower.starts_with('0') { 8 } else { 10 };
    i64::from_str_radix(&lower, radix).ok()
}

fn port_number(text: &str) -> Option<usize> {
    usize::try_from(number_in_base_0(text)?).ok().filter(|port| *port < 65_536)
}
