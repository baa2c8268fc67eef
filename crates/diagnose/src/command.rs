//! Commands that stand in a paste, behind a prompt or alone: what they say about their output.

use std::collections::VecDeque;

use crate::end::{End, address};
use crate::observed::{Sieve, Tool};
use crate::state::TcpState;
use crate::text::start;

/// Most values that are waited for.
const VALUES_MAX: usize = 64;

/// What a column that a count was made of holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Local,
    Peer,
    State,
}

/// What a command says about its output.
#[derive(Clone, Debug, Default)]
pub(crate) struct Command {
    /// Whose listing it prints or counts.
    pub(crate) tool: Option<Tool>,
    /// Rows are missing at the end or the start.
    pub(crate) cut: bool,
    /// Numbers that it prints are counts of rows.
    pub(crate) counts: bool,
    /// What it leaves out.
    pub(crate) sieve: Sieve,
    /// What it prints of each row.
    pub(crate) columns: Vec<Column>,
    /// Sysctls whose values come one after the other, without their names.
    pub(crate) values: VecDeque<String>,
    /// A number is one of descriptors.
    pub(crate) descriptors: bool,
    /// It prints a kernel's version.
    pub(crate) uname: bool,
    /// It runs in a container.
    pub(crate) container: bool,
    /// It prints what we know; else its lines aren't missed.
    pub(crate) known: bool,
    /// It is one, and not the silence before the first.
    pub(crate) ran: bool,
}

/// Commands that are known without a prompt.
const BARE: &[&str] = &[
    "ss", "netstat", "sysctl", "cat", "uname", "awk", "grep", "egrep", "sudo", "kubectl", "docker",
    "podman", "crictl", "nsenter", "watch", "head", "tail", "wc", "strace", "oc",
];

/// Rooms of somebody else.
const ROOMS: &[&str] = &["kubectl", "docker", "podman", "crictl", "nsenter", "oc"];

/// The command of a line, if it is one: empty for a prompt that nothing follows.
pub(crate) fn command_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(command) = behind_prompt(line) {
        return Some(command);
    }
    let first = line.split_ascii_whitespace().next()?;
    let data = line.starts_with("sudo:") || line.contains(": command not found");
    (BARE.contains(&first) && !data && line.len() > first.len()).then_some(line)
}

fn behind_prompt(line: &str) -> Option<&str> {
    let head = start(line, 120);
    let at = head.char_indices().find(|&(at, sign)| {
        let ends = line[at + sign.len_utf8()..].chars().next().is_none_or(|next| next == ' ');
        matches!(sign, '$' | '#' | '%' | '>' | '❯' | '➜') && ends
    });
    let (at, sign) = at?;
    let (prefix, rest) = (line[..at].trim_end(), line[at + sign.len_utf8()..].trim());
    let known = |rest: &str| rest.split([' ', ';']).next().is_some_and(|word| BARE.contains(&word));
    let place = prefix.contains(['@', '~', '/']) || prefix.ends_with(']') || prefix.ends_with(')');
    let shell = ["sh-", "bash-", "bash", "sh"].iter().any(|shell| prefix.starts_with(shell));
    let one_word = !prefix.contains(' ') || prefix.starts_with(['[', '(', '/']);
    match prefix.is_empty() {
        true if sign == '#' => known(rest).then_some(rest),
        true => Some(rest),
        false => (one_word && prefix.len() <= 100 && (place || shell)).then_some(rest),
    }
}

impl Command {
    /// What a command's text says.
    pub(crate) fn read(text: &str) -> Command {
        let mut command = Command { ran: !text.is_empty(), ..Command::default() };
        for part in text.split("&&").flat_map(|part| part.split(';')) {
            command.add(part);
        }
        command
    }

    /// A command with its pipes.
    fn add(&mut self, text: &str) {
        self.rooms(text);
        self.values_of(text);
        for stage in stages(text) {
            self.stage(stage.trim());
        }
        self.descriptors |= text.contains("/fd") && text.contains("wc -l");
    }

    fn rooms(&mut self, text: &str) {
        self.container |= text.split_ascii_whitespace().any(|word| ROOMS.contains(&word));
    }

    /// `cat` of sysctls, and `sysctl -n`: their values come without names.
    fn values_of(&mut self, text: &str) {
        let bare = text.contains("sysctl -n") || text.contains("sysctl --values");
        for word in text.split([' ', '\t', '|', '"', '\'', '(', ')', '$']) {
            let path = word.strip_prefix("/proc/sys/").map(|path| path.replace('/', "."));
            let name = path.or_else(|| (bare && word.starts_with("net.")).then(|| word.into()));
            let Some(name) = name else { continue };
            self.known = true;
            for name in braces(&name) {
                if self.values.len() < VALUES_MAX && !name.contains('*') {
                    self.values.push_back(name);
                }
            }
        }
    }

    /// One stage of a pipe.
    fn stage(&mut self, text: &str) {
        let has = |word: &str| text.split_ascii_whitespace().any(|each| each == word);
        let first = text.split_ascii_whitespace().next().unwrap_or_default();
        let cuts = has("head") || has("tail") || has("more") || has("less");
        if has("ss") || has("/sbin/ss") || has("/usr/sbin/ss") {
            self.tool = Some(Tool::Ss);
            self.ss(text);
        } else if has("netstat") || has("/bin/netstat") {
            self.tool = Some(Tool::Netstat);
        } else if text.contains("/proc/net/tcp") || text.contains("/net/tcp") {
            self.tool = Some(Tool::Proc);
        }
        self.known |= self.tool.is_some() || has("uniq") || has("sysctl");
        self.known |= text.contains("os-release") || text.contains("sockstat");
        self.uname |= has("uname");
        self.known |= self.uname;
        self.counts |= has("uniq") && text.contains("-c") || text.contains("grep -c");
        self.counts |= has("wc") && text.contains("-l");
        self.cut |= (cuts || text.starts_with("sed -n")) && !self.counts;
        if text.contains("grep") {
            self.grep(text);
        }
        if first.ends_with("awk") || text.contains("awk '") {
            self.awk(text);
        }
    }

    /// Filters of `ss`.
    fn ss(&mut self, text: &str) {
        let mut words = text.split_ascii_whitespace().skip_while(|word| !word.ends_with("ss"));
        while let Some(word) = words.next() {
            let bare = |word: &str| word.trim_matches(['\'', '"', '(', ')']).to_owned();
            match bare(word).as_str() {
                "state" => {
                    let name = words.next().map(bare).unwrap_or_default();
                    self.sieve.state = TcpState::parse(&name);
                    self.sieve.other |= self.sieve.state.is_none() && name != "all";
                }
                "dst" | "daddr" => self.to(&words.next().map(bare).unwrap_or_default()),
                "src" => {
                    let text = words.next().map(bare).unwrap_or_default();
                    self.sieve.source = address(&text);
                    self.sieve.other |= self.sieve.source.is_none();
                }
                "dport" | "sport" | "exclude" => self.sieve.other = true,
                _ => {}
            }
        }
    }

    /// A destination that somebody asks for.
    fn to(&mut self, text: &str) {
        let end = End::parse(text).or_else(|| address(text).map(|ip| End { ip, port: 0 }));
        self.sieve.destination = end.or(self.sieve.destination);
        self.sieve.other |= end.is_none();
    }

    /// What `grep` looks for: a state, an end, or something else.
    fn grep(&mut self, text: &str) {
        let words = text.split("grep").nth(1).unwrap_or_default();
        let upside = words.split_ascii_whitespace().any(|word| word.starts_with("-v"));
        let Some(pattern) = words.split_ascii_whitespace().find(|word| !word.starts_with('-'))
        else {
            return;
        };
        self.sift(&clean(pattern), upside);
    }

    fn sift(&mut self, pattern: &str, upside: bool) {
        if upside {
            return;
        }
        if let Some(state) = TcpState::parse(pattern) {
            self.sieve.state = Some(state);
        } else if let Some(end) = End::parse(pattern) {
            self.sieve.destination = Some(end);
        } else if let Some(ip) = address(pattern.trim_end_matches(':')) {
            self.sieve.destination = Some(End { ip, port: 0 });
        } else if !pattern.is_empty() && !pattern.starts_with("tcp") {
            self.sieve.other = true;
        }
    }

    /// What `awk` looks for and prints: `$4 ~ /…/`, `$5 == "…"`, `{print $4, $5}`.
    fn awk(&mut self, text: &str) {
        if let Some((_, printed)) = text.split_once("print") {
            let printed = printed.split(['}', '|']).next().unwrap_or_default();
            let columns = printed.split('$').skip(1).filter_map(|rest| self.column(rest));
            self.columns = columns.collect();
            self.known = true;
        }
        let before = text.split("print").next().unwrap_or_default();
        for rest in before.split('$').skip(1) {
            let Some(column) = self.column(rest) else { continue };
            let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit()).trim_start();
            let asked = rest.strip_prefix("==").or_else(|| rest.strip_prefix('~'));
            let Some(asked) = asked.map(str::trim_start) else { continue };
            let quote = asked.chars().next().unwrap_or(' ');
            let asked = asked.get(1..).unwrap_or_default().split(quote).next().unwrap_or_default();
            let asked = clean(asked);
            match column {
                Column::Local => {
                    self.sieve.source = End::parse(&asked)
                        .map(|end| end.ip)
                        .or_else(|| address(asked.trim_end_matches(':')));
                }
                Column::Peer | Column::State => self.sift(&asked, false),
            }
        }
    }

    /// What the column with that number holds.
    fn column(&self, rest: &str) -> Option<Column> {
        let number = rest.bytes().next()?.checked_sub(b'0')?;
        let kinds = match self.tool {
            Some(Tool::Ss) if self.sieve.state.is_some() => [(3, 4), (9, 9)],
            Some(Tool::Ss) => [(4, 5), (1, 1)],
            Some(Tool::Proc) => [(2, 3), (4, 4)],
            _ => [(4, 5), (6, 6)],
        };
        let [(local, peer), (state, _)] = kinds;
        match number {
            number if number == local => Some(Column::Local),
            number if number == peer => Some(Column::Peer),
            number if number == state => Some(Column::State),
            _ => None,
        }
    }
}

/// The stages of a pipe; a bar between quotes belongs to its stage.
fn stages(text: &str) -> Vec<&str> {
    let (mut quote, mut from, mut stages) = (None, 0, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            (b'\'' | b'"', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'|', None) => {
                stages.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    stages.push(&text[from..]);
    stages
}

/// A pattern without quotes, escapes and anchors.
fn clean(pattern: &str) -> String {
    let signs = |sign: char| matches!(sign, '\'' | '"' | '/' | '^' | '$' | ' ');
    pattern.trim_matches(signs).replace('\\', "").trim_end_matches('b').trim_matches(signs).into()
}

/// `a.{b,c}` as the shell takes it.
fn braces(name: &str) -> Vec<String> {
    let parts =
        name.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match parts {
        Some((before, (inside, after))) => inside
            .split(',')
            .take(VALUES_MAX)
            .map(|each| format!("{before}{each}{after}"))
            .collect(),
        None => vec![name.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_from_data() {
        for (line, command) in [
            ("[root@gw-3 ~]# uname -r", Some("uname -r")),
            ("root@web1:~# ss -s", Some("ss -s")),
            ("$ ss -tan", Some("ss -tan")),
            ("/ # netstat -ant", Some("netstat -ant")),
            ("bash-4.2$ ss -s", Some("ss -s")),
            ("gpadmin@mdw:~$ ", Some("")),
            ("ss -tan | head", Some("ss -tan | head")),
            ("sudo ss -tan", Some("sudo ss -tan")),
            ("# a remark", None),
            ("sudo: unable to resolve host", None),
            ("ss: not found", None),
            ("ESTAB 0 0 10.0.0.1:1 10.0.0.2:2", None),
            ("%Cpu(s):  2.1 us", None),
        ] {
            assert_eq!(command_of(line), command, "{line}");
        }
    }

    #[test]
    fn what_was_left_out_is_read() {
        let command = Command::read(
            "netstat -n | grep TIME_WAIT | awk '{print $5}' | sort | uniq -c | sort -rn | head -5",
        );
        assert_eq!(command.sieve.state, Some(TcpState::TimeWait));
        assert_eq!(command.columns, [Column::Peer]);
        assert!(command.counts && !command.cut);
        let command =
            Command::read("awk '$4 ~ /^127\\.0\\.0\\.6:/ {print $5, $6}' ns.txt | sort | uniq -c");
        assert_eq!(command.sieve.source, address("127.0.0.6"));
        assert_eq!(command.columns, [Column::Peer, Column::State]);
        let command = Command::read(
            "netstat -ant | awk '$5==\"10.0.9.20:8090\"{print $4}' | cut -d: -f1 | sort | uniq -c",
        );
        assert_eq!(command.sieve.destination, End::parse("10.0.9.20:8090"));
        assert_eq!(command.columns, [Column::Local]);
        let command = Command::read("netstat -anp | grep '127.0.0.1:80 ' | tail -4");
        assert_eq!(command.sieve.destination, End::parse("127.0.0.1:80"));
        assert!(command.cut);
        let command = Command::read("ss -o state time-wait dst 10.0.0.2:80");
        assert_eq!(command.sieve.state, Some(TcpState::TimeWait));
        assert_eq!(command.sieve.destination, End::parse("10.0.0.2:80"));
        let command = Command::read(
            "cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/tcp_tw_reuse",
        );
        assert_eq!(command.values, ["net.ipv4.ip_local_port_range", "net.ipv4.tcp_tw_reuse"]);
    }
}
