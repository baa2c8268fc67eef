//! Reads a paste line by line, in slices of any size, and never fails.

use crate::command::{Command, command_of};
use crate::end::End;
use crate::failure::{failure, is_strace, of_strace};
use crate::observed::{Listing, Observed, PastedRow, Process, STRANGERS_MAX, Setting, Tool};
use crate::state::TcpState;
use crate::sysctl;
use crate::text::{LineFields, number, plain, start};
use crate::{counts, netstat, proc_net, ss, system};

/// Longest line that is kept; of a longer one the start is read.
const LINE_MAX: usize = 8_192;
/// Most listings that are told apart; what comes later belongs to the last one.
const LISTINGS_MAX: usize = 1_024;
/// Most of everything else that is kept.
pub(crate) const OTHERS_MAX: usize = 4_096;

/// A row of a listing, as its format says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListedRow<'a> {
    pub(crate) local: End,
    pub(crate) peer: End,
    pub(crate) state: TcpState,
    pub(crate) left_ms: Option<u32>,
    pub(crate) user: Option<(&'a str, u32)>,
}

/// Reads a paste that comes in pieces.
#[derive(Debug, Default)]
pub struct Reader {
    pub(crate) observed: Observed,
    /// The last command, as far as it says something about what follows.
    pub(crate) command: Command,
    /// A listing goes on.
    open: Option<Tool>,
    /// The start of a line whose end hasn't come.
    rest: String,
    /// The rest of a line that is too long is passed over.
    skipping: bool,
    /// Number of the line.
    pub(crate) line: u32,
}

/// Reads a whole paste.
pub fn parse(text: &str) -> Observed {
    let mut reader = Reader::default();
    reader.push(text);
    reader.finish()
}

impl Reader {
    /// Reads on.
    pub fn push(&mut self, text: &str) {
        let mut pieces = text.split('\n').peekable();
        while let Some(piece) = pieces.next() {
            let whole = pieces.peek().is_some();
            if whole && self.rest.is_empty() && !self.skipping {
                self.take(start(piece, LINE_MAX));
                continue;
            }
            if !self.skipping {
                self.rest.push_str(start(piece, LINE_MAX.saturating_sub(self.rest.len())));
                self.skipping = self.rest.len() + 4 > LINE_MAX;
            }
            if whole {
                let rest = std::mem::take(&mut self.rest);
                self.take(&rest);
                self.skipping = false;
            }
        }
    }

    /// What was read.
    pub fn finish(mut self) -> Observed {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.take(&rest);
        }
        self.observed.rows.shrink_to_fit();
        self.observed.counts.shrink_to_fit();
        self.observed
    }

    /// How many lines were read.
    pub const fn lines(&self) -> u32 {
        self.line
    }

    fn take(&mut self, line: &str) {
        self.line = self.line.saturating_add(1);
        self.observed.receipt.lines += 1;
        let line = plain(line);
        let line = line.as_ref();
        let fields = LineFields::of(line);
        if fields.len() == 0 {
            self.value("");
        } else if !self.row(&fields) && !self.other(line, &fields) {
            self.stranger(line);
        }
    }

    /// A row of a listing.
    fn row(&mut self, fields: &LineFields<'_>) -> bool {
        let first = fields.at(0).as_bytes()[0];
        let tools: &[Tool] = match first {
            b't' => &[Tool::Netstat, Tool::Ss],
            b'0'..=b'9' => &[Tool::Proc, Tool::Ss],
            _ => &[Tool::Ss],
        };
        let filtered = self.command.sieve.state;
        let read = |tool: &Tool| {
            let row = match tool {
                Tool::Netstat => netstat::row(fields),
                Tool::Ss => ss::row(fields, filtered),
                Tool::Proc => proc_net::row(fields),
            };
            row.map(|row| (*tool, row))
        };
        match tools.iter().find_map(read) {
            Some((tool, row)) => self.add(tool, row),
            None => return false,
        }
        true
    }

    fn add(&mut self, tool: Tool, row: ListedRow<'_>) {
        let listings = &mut self.observed.listings;
        if self.open != Some(tool) && listings.len() < LISTINGS_MAX || listings.is_empty() {
            let Command { cut, sieve, .. } = self.command;
            listings.push(Listing { tool, cut, sieve, rows: 0 });
        }
        self.open = Some(tool);
        let listing = listings.len() - 1;
        listings[listing].rows += 1;
        let process = row.user.map_or(0, |(name, pid)| self.process(name, pid));
        self.observed.receipt.rows[tool as usize] += 1;
        self.observed.rows.push(PastedRow {
            local: row.local,
            peer: row.peer,
            state: row.state,
            listing: listing as u16,
            process,
            left_ms: row.left_ms,
            line: self.line,
        });
    }

    fn process(&mut self, name: &str, pid: u32) -> u16 {
        let processes = &mut self.observed.processes;
        let name = start(name, 64);
        let same = |process: &Process| process.pid == pid && process.name == name;
        let place = processes.iter().rev().take(64).position(same);
        if let Some(place) = place {
            return (processes.len() - place) as u16;
        }
        if processes.len() < 1_024 {
            processes.push(Process { name: name.to_owned(), pid });
            return processes.len() as u16;
        }
        0
    }

    /// Anything else that is known.
    fn other(&mut self, line: &str, fields: &LineFields<'_>) -> bool {
        if let Some(text) = command_of(line) {
            self.begin(text);
        } else if self.said(line, fields) {
            self.open = None;
        } else if is_title(line, fields) {
            self.open = None;
            self.observed.receipt.around += 1;
        } else if is_around(line, fields) || self.command.ran && !self.command.known {
            self.observed.receipt.around += 1;
        } else {
            return false;
        }
        true
    }

    /// What says something by itself, outside of listings.
    fn said(&mut self, line: &str, fields: &LineFields<'_>) -> bool {
        self.failed(line)
            || self.value(line)
            || self.setting(line)
            || counts::read(self, fields)
            || system::read(self, line, fields)
    }

    fn begin(&mut self, text: &str) {
        self.observed.receipt.around += 1;
        self.open = None;
        self.command = Command::read(start(text, 2_048));
        self.observed.system.container |= self.command.container;
    }

    /// The value of the sysctl that is waited for.
    fn value(&mut self, line: &str) -> bool {
        let line = line.trim();
        let Some(name) = self.command.values.front() else {
            let alone = sysctl::is_range(line) && self.observed.range().is_none();
            return alone && self.set("net.ipv4.ip_local_port_range".into(), Some(line));
        };
        if !sysctl::fits(name, line) {
            return false;
        }
        let name = self.command.values.pop_front().unwrap_or_default();
        self.set(name, Some(line))
    }

    /// A sysctl with its name, or one that isn't there.
    fn setting(&mut self, line: &str) -> bool {
        if let Some(name) = sysctl::missing(line) {
            self.command.values.retain(|waited| *waited != name);
            return self.set(name, None);
        }
        match sysctl::named(line.trim()) {
            Some((name, value)) => self.set(name, Some(value)),
            None => false,
        }
    }

    fn set(&mut self, name: String, value: Option<&str>) -> bool {
        self.observed.receipt.settings += 1;
        if !sysctl::matters(&name) {
            return true;
        }
        if name == "kernel.osrelease" {
            self.observed.system.release = value.map(str::to_owned);
        }
        let settings = &mut self.observed.settings;
        settings.retain(|setting| setting.name != name);
        if settings.len() < OTHERS_MAX {
            settings.push(Setting { name, value: value.map(str::to_owned), line: self.line });
        }
        true
    }

    /// A failing call, or a call of strace's.
    fn failed(&mut self, line: &str) -> bool {
        if let Some(failure) = failure(line, self.line) {
            self.observed.receipt.failures += 1;
            if self.observed.failures.len() < OTHERS_MAX {
                self.observed.failures.push(failure);
            }
            return true;
        }
        if !is_strace(line) {
            return false;
        }
        self.observed.receipt.around += 1;
        let bound = line.contains("bind(") && line.trim_end().ends_with("= 0");
        let end = of_strace(line).filter(|_| bound);
        let room = OTHERS_MAX.saturating_sub(self.observed.bound_first.len());
        self.observed.bound_first.extend(end.iter().take(room).map(|end| end.port));
        true
    }

    fn stranger(&mut self, line: &str) {
        let receipt = &mut self.observed.receipt;
        receipt.strangers += 1;
        if receipt.first_strangers.len() < STRANGERS_MAX {
            receipt.first_strangers.push((self.line, start(line.trim(), 160).to_owned()));
        }
    }
}

/// Titles, which begin a listing.
fn is_title(line: &str, fields: &LineFields<'_>) -> bool {
    fields.at(0) == "State" && line.contains("Recv-Q")
        || line.contains("Recv-Q") && line.contains("Send-Q")
        || proc_net::is_title(fields)
        || fields.at(0) == "Netid"
        || netstat::is_around(line, fields)
}

/// Warnings, remarks, and what stands around listings.
fn is_around(line: &str, fields: &LineFields<'_>) -> bool {
    let text = line.trim_start();
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    let netids = ["u_str", "u_dgr", "u_seq", "nl", "p_raw", "p_dgr", "v_str", "icmp6", "ti", "xdp"];
    netids.contains(&fields.at(0))
        || begins(&["#", "sudo:", "[sudo]", "error:", "sysctl:", "Defaulted ", "Failed to find"])
        || begins(&["sh:", "bash:", "-bash:", "/bin/sh:", "cat:", "grep:", "awk:", "Error from"])
        || begins(&["users:((", "timer:(", "skmem:(", "cubic ", "ts sack", "bbr ", "reno ", "ino:"])
        || begins(&["--", "==", "```", "...", "…", "Password", "total "])
        || text.ends_with("command not found")
        || line.starts_with([' ', '\t']) && text.contains(" rto:")
        || number(fields.at(0)).is_some() && fields.at(1) == "total"
}
