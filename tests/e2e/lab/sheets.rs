//! The sheets over the lab, and the knobs and acts that are folded away: each does on the page
//! what the model does natively.

use error99_e2e::{Key, Tab};
use error99_kernel::{Addr, Call, CloseHow, Release, SocketName, Sysctl, SysctlValue};
use error99_replay::every::{EveryRow, Lives, Rate};
use error99_replay::frame::Ret;
use error99_replay::history::Position;
use error99_replay::hold::Hold;
use error99_replay::{Act, Load, Machine, shell};
use serde_json::json;

use super::model::Do;
use super::page::Lab;
use super::words::{CHINESE, ENGLISH, Words};
use crate::{Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test("the table of ports has every run of the model, sorted and filtered", port_table),
        test("the shell prints the machine of the model", shell_of_the_machine),
        test("a future that is left can be compared and returned to", branches),
        test("every kernel has its row, as the model has it, and can be chosen", every_kernel),
        test("the question mark lists the keys, which can be turned off", keys),
        test("e goes to the next error, and E to the one before", errors),
        test("every rarer knob turns the same knob of the model", rarer_knobs),
        test("a socket is opened, bound, listens and accepts, one act at a time", sockets),
        test("the load generator runs tens of thousands of calls, and can be stopped", load),
    ]
}

/// Texts of all that `selector` finds, without thousands separators.
fn texts(tab: &Tab, selector: &str) -> Vec<String> {
    let found = tab.run_with(
        "return [...document.querySelectorAll(arguments[0])].map((e) =>
           e.textContent.replace(/(\\d),(?=\\d{3})/g, '$1').trim())",
        vec![selector.into()],
    );
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}

fn open_sheet(tab: &Tab, button: &str) {
    tab.button(button).press(Key::Enter + "");
    tab.until("the sheet is open", || tab.css("dialog").is_shown());
    tab.until("the sheet is there", || {
        tab.run("return !document.querySelector('dialog .part')") == true
    });
}

fn close_sheet(tab: &Tab) {
    tab.press(Key::Escape + "");
    tab.until("the sheet is closed", || !tab.css("dialog").is_shown());
}

fn port_table(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::Connect10, Do::Close, Do::Connect, Do::Start] {
        lab.act(act);
    }
    open_sheet(tab, "Read as a table");
    let runs = lab.model.machine.runs();
    let from = |tab: &Tab| texts(tab, ".runs tbody td:nth-child(1)");
    let counts = |tab: &Tab| texts(tab, ".runs tbody td:nth-child(3)");
    let expected: Vec<String> = runs.iter().map(|run| run.from.to_string()).collect();
    assert_eq!(from(tab), expected);
    let total: u32 = counts(tab).iter().filter_map(|count| count.parse::<u32>().ok()).sum();
    assert_eq!(total, 16);
    // The largest runs first.
    tab.button("Ports").click();
    tab.button("Ports").click();
    let mut sorted: Vec<u32> = runs.iter().map(|run| run.count()).collect();
    sorted.sort_by_key(|count| std::cmp::Reverse(*count));
    let sorted: Vec<String> = sorted.iter().map(u32::to_string).collect();
    tab.until("the rows are sorted", || counts(tab) == sorted);
    // Only what is free.
    tab.run(
        "const select = document.querySelector('dialog select');
         select.value = [...select.options].find((o) => o.textContent === 'free').value;
         select.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    tab.until("only free ports are left", || {
        let states = texts(tab, ".runs tbody td:nth-child(4)");
        !states.is_empty() && states.iter().all(|state| state == "free")
    });
    close_sheet(tab);
    lab.same("looking at the table changes nothing");
}

fn shell_of_the_machine(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::Connect10, Do::Close, Do::TwReuse, Do::UntilError] {
        lab.act(act);
    }
    open_sheet(tab, "strace, ss, /proc");
    let machine = &lab.model.machine;
    let kernel = machine.kernel();
    let printed = [
        machine.strace(300),
        shell::ss_tan(kernel, 300).0,
        shell::ss_s(kernel),
        shell::proc_sys(kernel),
    ];
    assert!(printed[0].contains("= -1 EADDRNOTAVAIL (Cannot assign requested address)"));
    for (at, expected) in printed.iter().enumerate() {
        tab.run_with(
            "document.querySelectorAll('[name=lab-tool]')[arguments[0]].click()",
            vec![at.into()],
        );
        tab.until("the tool has printed", || {
            tab.run("return document.querySelector('dialog pre').textContent") == **expected
        });
    }
    close_sheet(tab);
}

fn branches(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::UntilError, Do::Start, Do::Back, Do::Back] {
        lab.act(act);
    }
    lab.act(Do::OneMinute);
    lab.act(Do::Connect);
    open_sheet(tab, "2 branches");
    assert_eq!(texts(tab, "dialog tbody code"), ["the beginning", "sleep 60.000"]);
    tab.button("Compare with branch A").click();
    tab.until("the comparison", || texts(tab, ".beside thead th") == ["B", "A"]);
    let ends = texts(tab, ".beside tbody tr:nth-child(2) td");
    assert!(ends[0].ends_with("= EADDRNOTAVAIL"), "{ends:?}");
    tab.button("Return to branch A").click();
    let (branches, _) = lab.model.machine.branches();
    lab.model.machine.take(branches[0]);
    to_the_end(&mut lab.model.machine);
    tab.until("branch A is shown", || {
        texts(tab, "dialog tbody tr:nth-child(1) td:last-child") == ["shown"]
    });
    close_sheet(tab);
    assert!(lab.model.frame().failed_99());
    lab.same("back on the first branch, at its end");
}

fn to_the_end(machine: &mut Machine) {
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
}

/// The rows of the sheet "Every kernel at once", once they are all known: release, and its cells.
fn every_rows(tab: &Tab) -> Vec<Vec<String>> {
    tab.until("every row is known", || {
        tab.run("return document.querySelector('.every tbody')?.getAttribute('aria-busy')")
            == json!("false")
    });
    let rows = tab.run(
        "return [...document.querySelectorAll('.every tbody tr')].map((row) =>
           [row.dataset.release, ...[...row.querySelectorAll('td')].map((cell) => cell.textContent
             .replace(/(\\d),(?=\\d{3})/g, '$1').replace(/\\s+/g, ' ').trim())])",
    );
    serde_json::from_value(rows).expect("they are texts")
}

/// The same of the model: of each cell the numbers that it names.
fn every_row(row: &EveryRow) -> Vec<Vec<String>> {
    let tenths = |ms: u64| format!("{}.{}", (ms + 50) / 1000, (ms + 50) / 100 % 10);
    let got = row.call.clone().flatten();
    let told = got.as_ref().map(|got| match got.ret {
        Ret::Ok => vec![got.port.to_string()],
        ret => ret.errno().map(|errno| errno.code().to_string()).into_iter().collect(),
    });
    let hold = row.hold.flatten().map(|hold| match hold {
        Hold::Holds => vec!["300".to_owned()],
        Hold::Fails { after_ms } | Hold::Unknown { after_ms } => vec![match after_ms {
            0..1_000 => after_ms.to_string(),
            _ => (after_ms / 1_000).to_string(),
        }],
    });
    let lives = row
        .lives
        .flatten()
        .map(|Lives { shortest_ms, longest_ms }| vec![tenths(shortest_ms), tenths(longest_ms)]);
    let rate = row.rate.flatten().map(|rate| match rate {
        Rate { holds: 0, fails: Some(1) } => vec!["1".to_owned()],
        Rate { holds, .. } => vec![holds.to_string()],
    });
    let probes = got.map(|got| vec![got.probes.to_string()]);
    [told, probes, hold, lives, rate].into_iter().flatten().collect()
}

fn numbers(text: &str) -> Vec<String> {
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    let numbers = numbers.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    numbers.map(str::to_owned).collect()
}

/// Opens the sheet, and compares all that it says.
fn every_is_the_models(lab: &Lab, open: &str) {
    open_sheet(lab.tab, open);
    let mut every = lab.model.machine.every();
    while !every.work(u64::MAX) {}
    let page = every_rows(lab.tab);
    assert_eq!(page.len(), Release::ALL.len());
    for (page, row) in page.iter().zip(every.rows()) {
        assert_eq!(page[0], row.release.name());
        let said: Vec<Vec<String>> = page[1..].iter().map(|cell| numbers(cell)).collect();
        let said: Vec<Vec<String>> = said.into_iter().filter(|cell| !cell.is_empty()).collect();
        assert_eq!(said, every_row(row), "{page:?}");
    }
    let own = texts(lab.tab, ".every [aria-current] th");
    assert_eq!(own.len(), 1);
    assert!(own[0].starts_with(lab.model.frame().machine.release.title()), "{own:?}");
}

fn every_kernel(tab: &Tab) {
    let cases: [(&'static Words, &str, &str); 2] = [
        (&CHINESE, "同时看所有内核", "选用 6.12"),
        (&ENGLISH, "Every kernel at once", "Choose 6.12"),
    ];
    for (words, open, choose) in cases {
        let mut lab = Lab::open(tab, words, "sixteen-ports");
        lab.act(Do::Connect);
        every_is_the_models(&lab, open);
        close_sheet(tab);
        lab.act(Do::UntilError);
        every_is_the_models(&lab, open);
        tab.button(choose).press(Key::Enter + "");
        tab.until("the sheet is closed", || !tab.css("dialog").is_shown());
        lab.model.apply(&Do::Kernel(Release::V6_12));
        lab.same("on the kernel that was chosen");
    }
}

fn keys(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Connect);
    lab.focus();
    tab.press("?");
    tab.until("the keys are listed", || tab.css("dialog").is_shown());
    // Behind the sheet nothing hears a key.
    tab.press("[");
    tab.switch("Single keys act").click();
    close_sheet(tab);
    lab.focus();
    tab.press(Key::Left + "");
    lab.same("the keys are off");
    tab.button("Keys").click();
    tab.until("the keys are listed again", || tab.css("dialog").is_shown());
    tab.switch("Single keys act").click();
    close_sheet(tab);
    lab.focus();
    tab.press(Key::Left + "");
    lab.model.apply(&Do::Back);
    lab.same("the keys are on again");
}

fn errors(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::UntilError, Do::OneSecond, Do::Connect, Do::Connect] {
        lab.act(act);
    }
    lab.focus();
    for forward in [false, false, true, false, false] {
        tab.press(if forward { "e" } else { "E" });
        lab.model.machine.to_error(forward);
        lab.same("at another error");
    }
    assert!(lab.model.frame().failed_99());
}

/// Presses the folded heading of that name.
pub fn unfold(tab: &Tab, name: &str) {
    tab.run_with(
        "[...document.querySelectorAll('details > summary')]
           .find((e) => e.textContent === arguments[0]).parentElement.open = true",
        vec![name.into()],
    );
}

fn does(lab: &mut Lab, call: Call) {
    lab.model.machine.act(vec![Act::Call(call)]).expect("within the limits");
    to_the_end(&mut lab.model.machine);
}

fn rarer_knobs(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Connect);
    unfold(tab, "More knobs");
    tab.switch("tcp_tw_recycle").click();
    let one = SysctlValue::One;
    does(&mut lab, Call::Sysctl { sysctl: Sysctl::TwRecycle, value: one(1) });
    lab.same("tcp_tw_recycle");
    for (sysctl, value) in [(Sysctl::FinTimeout, 10), (Sysctl::MaxTwBuckets, -1)] {
        tab.field(sysctl.name()).fill(&value.to_string());
        does(&mut lab, Call::Sysctl { sysctl, value: one(value) });
        lab.same(sysctl.name());
    }
    let rekey = lab.model.machine.rekey();
    tab.button("Draw a new secret").click();
    does(&mut lab, rekey);
    lab.same("a new secret");
    lab.act(Do::Connect);
    let mut history = lab.model.machine.history().clone();
    history.config.local.push(Addr::new(10, 0, 0, 7));
    history.config.default_src = Addr::new(10, 0, 0, 7);
    tab.field("source address").fill("10.0.0.7");
    lab.model.machine = Machine::open(history).expect("it boots");
    to_the_end(&mut lab.model.machine);
    lab.same("another source address");
    tab.field("source address").fill("10.0.0.999");
    tab.until("the fault is said", || {
        tab.css("#lab-source-said").text().contains("is not an IPv4 address")
    });
}

fn sockets(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    unfold(tab, "Sockets");
    let s = SocketName(lab.model.machine.history().next_socket());
    let press = |name: &str| {
        tab.run_with(
            "[...document.querySelectorAll('.sockets button')]
               .find((e) => e.textContent.trim().startsWith(arguments[0])).click()",
            vec![name.into()],
        );
    };
    tab.button("Open a socket").click();
    does(&mut lab, Call::Socket { s });
    lab.same("a socket is opened");
    tab.field("Port for bind").fill("32770");
    press("bind");
    does(&mut lab, Call::Bind { s, addr: Addr::ANY, port: 32_770 });
    lab.same("it is bound");
    press("listen");
    does(&mut lab, Call::Listen { s });
    lab.same("it listens");
    let accept = lab.model.machine.accept(s).expect("it listens");
    press("accept");
    lab.model.machine.act(vec![accept]).expect("within the limits");
    to_the_end(&mut lab.model.machine);
    lab.same("a client came in");
    press("close");
    let newest = lab.model.machine.newest_by_hand().expect("two are open");
    does(&mut lab, Call::close(newest, CloseHow::Active));
    lab.same("its connection is closed");
}

fn load(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::Range(1_024, 65_535));
    unfold(tab, "Load generator");
    for (name, value) in [("connections/s", "1000"), ("held for, ms", "5"), ("for, seconds", "20")]
    {
        tab.field(name).fill(value);
    }
    tab.button("Run the load").click();
    let load = Load {
        per_second: 1_000,
        hold_ms: Some(5),
        first_socket: lab.model.machine.history().next_socket(),
        ..Load::burst(Addr::new(10, 0, 0, 2), 80, 20_000)
    };
    lab.model.machine.act(vec![Act::Load(load)]).expect("within the limits");
    to_the_end(&mut lab.model.machine);
    lab.same("after 20,000 connections");
    // A long one is stopped; what was done stands.
    tab.field("for, seconds").fill("600");
    tab.button("Run the load").click();
    tab.button("Stop").click();
    tab.until("the lab answers again", || {
        tab.run("return document.querySelector('.lab').dataset.ready") == "true"
    });
    let total = lab.model.machine.total();
    let clock = tab.css(".clock .val").text();
    assert!(clock.trim_end_matches(" s").parse::<u32>().is_ok_and(|s| s < 620), "{clock}");
    assert!(total > 40_000);
}
