//! What the sheet "Files" of the lab writes and reads. It is a program of its own, which a page
//! loads when somebody exports or imports, and it runs in a worker: whatever takes long never
//! holds the page up, and ends when the worker does.
//!
//! The lab gives its state as a link, and takes a link back; so the two share no code but that
//! of links.

use error99_export::picture::{self, PictureWords};
use error99_export::scenario::{self, ScenarioError};
use error99_export::script::{self, ScriptError};
use error99_export::trace;
use error99_kernel::ConfigError;
use error99_replay::Machine;
use error99_replay::frame::ProgramLine;
use error99_replay::history::{ACTS_MAX, HistoryError};
use error99_replay::link::{self, LinkError, Saved};
use error99_vocabulary::{Fault, Wrong};

use crate::lang::Lang;
use crate::text::files as t;
use crate::text::number::thousands;

/// Units of the machine's work between two reports.
const WORK_UNITS: u64 = 5_000_000;
/// Longest part of a file's own words that is shown, in characters.
const SHOWN: usize = 40;
/// So many unknown keys are named.
const KEYS: usize = 5;

/// A file that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Everything, as JSON, to be opened again.
    Scenario,
    /// The call under the glass, as JSON lines.
    Trace,
    /// The page of ports, as SVG.
    Picture,
    /// A program for a real Linux.
    Script,
}

impl FileKind {
    pub const ALL: [FileKind; 4] =
        [FileKind::Scenario, FileKind::Trace, FileKind::Picture, FileKind::Script];

    /// What the page calls it.
    pub const fn name(self) -> &'static str {
        match self {
            FileKind::Scenario => "scenario",
            FileKind::Trace => "trace",
            FileKind::Picture => "picture",
            FileKind::Script => "script",
        }
    }
}

/// The file of this kind for the state that `link` holds. `heard` is told how many calls have
/// been made while the machine is run.
///
/// # Errors
/// A sentence that says why there is no such file.
pub fn write(
    lang: Lang,
    kind: FileKind,
    link: &str,
    heard: impl Fn(u32),
) -> Result<String, String> {
    let saved = link::read(link).map_err(|_| t::state_too_long(lang).to_owned())?;
    match kind {
        FileKind::Scenario => Ok(scenario::write(&saved)),
        FileKind::Script => script::write(&saved).map_err(|error| no_script(lang, error)),
        FileKind::Trace => trace::of_call(&run(saved, heard)).ok_or(t::no_call(lang).to_owned()),
        FileKind::Picture => Ok(drawn(lang, &run(saved, heard))),
    }
}

/// The link of the state that a text says, a scenario or a link itself, and a sentence about what was
/// left out of it, if anything was.
///
/// # Errors
/// A sentence that says what is wrong with the text, and where.
pub fn read(lang: Lang, text: &str) -> Result<(String, Option<String>), String> {
    // Some editors begin a file with a mark of its encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(t::nothing(lang).to_owned());
    }
    if !text.trim_start().starts_with('{') {
        match link::find(text) {
            Ok(saved) => return Ok((link::write(&saved), None)),
            Err(LinkError::Checksum) => return Err(t::torn_link(lang).to_owned()),
            // Nor does it look like a link.
            Err(_) => {}
        }
    }
    let (saved, unknown) =
        scenario::read_with_rest(text).map_err(|error| no_scenario(lang, error))?;
    let link = link::write(&saved);
    if link.len() > link::TEXT_MAX {
        return Err(t::link_too_long(lang, thousands(link::TEXT_MAX as u32)));
    }
    Ok((link, left_out(lang, &unknown)))
}

/// Says which keys of a file mean nothing here.
fn left_out(lang: Lang, unknown: &[String]) -> Option<String> {
    let mut keys: Vec<String> = unknown.iter().take(KEYS).map(|key| shown(key)).collect();
    if unknown.len() > KEYS {
        keys.push("…".to_owned());
    }
    let comma = if lang == Lang::En { ", " } else { "、" };
    (!keys.is_empty()).then(|| t::left_out(lang, keys.join(comma)))
}

/// The machine of the state, at its moment.
fn run(saved: Saved, heard: impl Fn(u32)) -> Machine {
    let Saved { history, client } = saved;
    let at = history.at;
    let mut machine = Machine::open(history).expect("a link's machine can be booted");
    loop {
        let progress = machine.work(WORK_UNITS);
        if progress.finished {
            break;
        }
        heard(progress.calls);
    }
    machine.look_at(client.dst, client.dport);
    machine.go(at);
    machine
}

fn drawn(lang: Lang, machine: &Machine) -> String {
    let ports = machine.ports();
    let (low, high) = (thousands(ports.low), thousands(ports.high()));
    let (dst, dport) = machine.aim();
    let dst = format!("{dst}:{dport}");
    let counts = ports.counts();
    // In the order of `FileKind::ALL`.
    let states = [
        t::timewait(lang, thousands(counts.timewait)),
        t::live(lang, thousands(counts.live)),
        t::shared(lang, thousands(counts.shared)),
        t::bind(lang, thousands(counts.bind)),
        t::free(lang, thousands(counts.free)),
    ];
    let release = machine.history().config.release.title();
    let title = t::picture_title(lang, &low, &high, &dst, release);
    let comma = if lang == Lang::En { ", " } else { "，" };
    let description = t::picture_of(lang, low, high, dst, states.join(comma));
    let caption = machine.frame().program.last().map_or(String::new(), |line| said(lang, line));
    let legend = states.each_ref().map(String::as_str);
    let (title, description, caption) = (&title, &description, &caption);
    picture::svg(machine, &PictureWords { title, description, caption, legend })
}

/// A call with its result, as strace prints it.
fn said(lang: Lang, ProgramLine { call, ret, zero }: &ProgramLine) -> String {
    match ret {
        None => format!("{call} … {}", t::under_way(lang)),
        Some(ret) => format!("{call} {}", ret.printed(*zero)),
    }
}

fn no_script(lang: Lang, error: ScriptError) -> String {
    match error {
        ScriptError::TooManySteps => t::script_steps(lang, thousands(script::STEPS_MAX as u32)),
        ScriptError::TooMuchWork => t::script_work(lang).to_owned(),
        ScriptError::TooManyServers => t::script_servers(lang, script::SERVERS_MAX),
        ScriptError::Source => t::script_source(lang).to_owned(),
        ScriptError::Config(_) | ScriptError::History(_) => t::script_machine(lang).to_owned(),
    }
}

fn no_scenario(lang: Lang, error: ScenarioError) -> String {
    match error {
        ScenarioError::TooLong => t::too_long(lang, thousands(scenario::TEXT_MAX as u32)),
        ScenarioError::TooDeep => t::too_deep(lang).to_owned(),
        ScenarioError::TooLarge => t::too_large(lang).to_owned(),
        ScenarioError::Syntax { line, column } => t::syntax(lang, line, column),
        ScenarioError::Place(fault) => {
            let (place, wrong) = place(lang, &fault);
            t::outside(lang, place, wrong)
        }
        ScenarioError::Act { number, fault } => match place(lang, &fault) {
            (place, wrong) if place.is_empty() => t::in_act(lang, number, wrong),
            (place, wrong) => t::in_act_at(lang, number, place, wrong),
        },
        ScenarioError::History { number, error } => match error {
            HistoryError::TooManyActs => t::too_many_acts(lang, thousands(ACTS_MAX as u32)),
            HistoryError::Parent(_) | HistoryError::Tip => t::act_place(lang, number),
            HistoryError::Act(_) => t::act_limits(lang, number),
        },
        ScenarioError::Tip => t::tip(lang).to_owned(),
    }
}

/// Where something is wrong, as the keys that lead there, and what.
fn place(lang: Lang, Fault { path, wrong }: &Fault) -> (String, String) {
    let keys: Vec<String> = path.iter().map(|key| shown(key)).collect();
    (keys.join(" → "), self::wrong(lang, wrong))
}

fn wrong(lang: Lang, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Missing => t::missing(lang).to_owned(),
        Wrong::Unknown => t::unknown(lang).to_owned(),
        Wrong::Object => t::object(lang).to_owned(),
        Wrong::List => t::list(lang).to_owned(),
        Wrong::Text(most) => t::text(lang, most),
        Wrong::Number(least, most) => t::number(lang, least, most),
        Wrong::Address => t::address(lang).to_owned(),
        Wrong::Words(count) => t::words(lang, count),
        Wrong::Addresses(most) => t::addresses(lang, most),
        Wrong::Texts(most) => t::texts(lang, most),
        Wrong::Entries(most) => t::entries(lang, most),
        Wrong::OneOrTwo => t::one_or_two(lang).to_owned(),
        Wrong::TwoPorts => t::two_ports(lang).to_owned(),
        Wrong::Close => t::close(lang).to_owned(),
        Wrong::Sysctl => t::sysctl(lang).to_owned(),
        Wrong::Errno => t::errno(lang).to_owned(),
        Wrong::Call(op) => t::call(lang, shown(op)),
        Wrong::NameLength(most) => t::name_length(lang, most),
        Wrong::Names(most) => t::names(lang, most),
        Wrong::Name => t::name(lang).to_owned(),
        Wrong::Kernel => t::kernel(lang).to_owned(),
        Wrong::Word64 => t::word64(lang).to_owned(),
        Wrong::Config(ConfigError::Release) => t::release(lang).to_owned(),
        Wrong::Config(error) => t::machine(lang, error),
    }
}

/// The beginning of a text that a file has brought.
fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use error99_replay::{History, catalogue};

    use super::*;

    fn link_of(key: &str) -> String {
        link::write(&catalogue::find(key).expect("it is in the catalogue").saved())
    }

    #[test]
    fn every_prepared_machine_has_each_file_in_both_languages() {
        for prepared in catalogue::ALL {
            let link = link::write(&prepared.saved());
            for lang in Lang::ALL {
                for kind in FileKind::ALL {
                    let file = write(lang, kind, &link, |_| {});
                    let History { acts, at, .. } = prepared.history();
                    let nothing_done = kind == FileKind::Trace && (acts.is_empty() || at.done == 0);
                    assert!(file.is_ok() || nothing_done, "{}: {kind:?}: {file:?}", prepared.key);
                }
            }
        }
    }

    #[test]
    fn what_was_written_is_the_link_again() {
        for prepared in catalogue::ALL {
            let link = link::write(&prepared.saved());
            let file = write(Lang::En, FileKind::Scenario, &link, |_| {}).expect("a scenario");
            let link = (link, None);
            assert_eq!(read(Lang::En, &file), Ok(link.clone()), "{}", prepared.key);
            assert_eq!(read(Lang::En, &format!("\u{feff}{file}")), Ok(link), "{}", prepared.key);
        }
    }

    #[test]
    fn a_link_is_opened_too_however_it_was_copied() {
        let link = link_of("sixteen-ports");
        for around in ["{}", " {}\n", "https://example.org/lab/#m={}", "see http://a.b/#m={}."] {
            let pasted = around.replace("{}", &link);
            assert_eq!(read(Lang::En, &pasted), Ok((link.clone(), None)), "{pasted}");
        }
        let torn = format!("https://example.org/lab/#m={}", &link[..link.len() - 3]);
        for lang in Lang::ALL {
            assert_eq!(read(lang, &torn), Err(t::torn_link(lang).to_owned()));
        }
    }

    #[test]
    fn the_picture_says_what_is_on_it() {
        let svg = write(Lang::En, FileKind::Picture, &link_of("busy-client"), |_| {}).expect("one");
        for part in [
            "<title id=\"t\">Ports 32,768 to 61,000 towards 10.0.0.2:80, Linux ",
            "TIME_WAIT, ",
            "… still in the kernel</text>",
        ] {
            assert!(svg.contains(part), "{part}: {:.900}", svg);
        }
    }

    #[test]
    fn a_long_run_says_how_far_it_is() {
        let heard = std::cell::RefCell::new(Vec::new());
        let told = write(Lang::En, FileKind::Trace, &link_of("busy-client"), |calls| {
            heard.borrow_mut().push(calls);
        });
        assert!(told.is_ok());
        let heard = heard.into_inner();
        assert!(heard.is_sorted() && heard.iter().all(|calls| *calls > 0), "{heard:?}");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_both_languages() {
        let machine = |rest: &str| {
            format!(r#"{{"config": {{}}, "client": {{"dst": "10.0.0.2", "dport": 80}}, {rest}}}"#)
        };
        let cases = [
            (" \n".into(), "nothing to open", "没有可以打开"),
            ("[]".into(), "line 1, column 0", "第 1 行"),
            ("{}".into(), "config is missing", "config 缺失"),
            (
                machine(r#""acts": [{"op": "socket", "s": "s0", "more": 1}]"#),
                "more isn't known",
                "more 不是",
            ),
            (r#"{"config": {"more": 1}}"#.into(), "more isn't known", "more 不是"),
            (r#"{"config": {"rto_ms": 0}}"#.into(), "rto_ms", "rto_ms"),
            (
                r#"{"config": {"kernel": "7.0"}}"#.into(),
                "config → kernel names no release of Linux",
                "config → kernel 不是模型已知的 Linux 版本",
            ),
            (
                r#"{"config": {"kernel": "6.12", "net_secret": [0, -1]}}"#.into(),
                "net_secret must be a whole number",
                "net_secret 必须是",
            ),
            (machine(r#""acts": [7]"#), "Act 1 of the file must be an object", "第 1 个操作必须"),
            (
                machine(r#""acts": [{"op": "<b>"}]"#),
                "op names no call of the model: <b>",
                "不是模型中的调用：<b>",
            ),
            (machine(r#""tip": 3"#), "(tip)", "（tip）"),
            ("[".repeat(9), "nested", "嵌套"),
            ("7".repeat(scenario::TEXT_MAX + 1), "4,194,304", "4,194,304"),
        ];
        for (text, en, zh) in cases {
            for (lang, words) in [(Lang::En, en), (Lang::ZhCn, zh)] {
                let said = read(lang, &text).expect_err("something is wrong with it");
                assert!(said.contains(words), "{text:.60}: {said}");
                assert!(!said.contains('{') && !said.contains("  "), "{said}");
            }
        }
    }

    #[test]
    fn a_link_that_is_none_writes_no_file() {
        for kind in FileKind::ALL {
            let said = write(Lang::En, kind, "<script>", |_| {});
            assert_eq!(said, Err(t::state_too_long(Lang::En).to_owned()));
        }
    }

    #[test]
    fn what_a_file_says_besides_is_left_out_and_told() {
        for prepared in catalogue::ALL {
            let link = link::write(&prepared.saved());
            let file = write(Lang::En, FileKind::Scenario, &link, |_| {}).expect("a scenario");
            for (from, to, en, zh) in [
                ("{", r#"{"note": "for the course", "#, "left out of it: note", "未采用：note"),
                ("{", r#"{"author": {"name": ["x"]}, "v": 2, "#, ": author, v", "：author、v"),
                ("{\"op\"", r#"{"note": 7, "op""#, ": note", "：note"),
            ] {
                let noted = file.replacen(from, to, 1);
                if noted == file {
                    continue;
                }
                for (lang, words) in [(Lang::En, en), (Lang::ZhCn, zh)] {
                    let (read, said) = read(lang, &noted).expect("it is read");
                    let said = said.expect("something was left out");
                    assert_eq!(read, link, "{}", prepared.key);
                    assert!(said.contains(words), "{said}");
                }
            }
        }
        let many: String = (0..100).map(|n| format!("\"k{n}\": 0, ")).collect();
        let link = link_of("busy-client");
        let file = write(Lang::En, FileKind::Scenario, &link, |_| {}).expect("a scenario");
        let (_, said) = read(Lang::En, &file.replacen('{', &format!("{{{many}"), 1)).expect("read");
        assert!(said.expect("it is told").ends_with("k4, …"), "only the first are named");
    }
}
