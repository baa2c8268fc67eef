//! What later kernels have and 2.6.32 hasn't: options of sockets, reserved ports, homes that move;
//! and what is said of those that a kernel lacks.

use error99_e2e::Tab;
use error99_kernel::{Call, Release, SocketName, Sysctl};
use error99_replay::history::Position;
use error99_replay::{Act, Machine};
use serde_json::json;

use super::model::Do;
use super::page::Lab;
use super::words::{CHINESE, ENGLISH, Words};
use crate::{SAME_CODE, Test, test};

pub fn tests() -> Vec<Test> {
    vec![
        test("what a kernel lacks is said with the versions that have it", lacking).once(SAME_CODE),
        test("each option of a socket is set and taken back, as in the model", options),
        test("reserved ports are written as a list, and a wrong one is refused", reserved),
        test("the home of a destination moves every 10 s, and its ring closes", home),
        test("what another kernel made of the same calls is forgotten on Start over", forgotten),
    ]
}

/// The words of one language.
struct Texts {
    words: &'static Words,
    more_knobs: &'static str,
    sockets: &'static str,
    open_socket: &'static str,
    options: &'static str,
    lowest: &'static str,
    highest: &'static str,
    /// Between what a control is and whose it is.
    comma: &'static str,
    lacking: [&'static str; 2],
    reversed: &'static str,
    refused: &'static str,
    none: &'static str,
    some: &'static str,
    moves: &'static str,
}

const TEXTS: [Texts; 2] = [
    Texts {
        words: &ENGLISH,
        more_knobs: "More knobs",
        sockets: "Sockets",
        open_socket: "Open a socket",
        options: "options",
        lowest: "Lowest port of this socket, 0 for none",
        highest: "Highest port of this socket, 0 for none",
        comma: ", ",
        lacking: ["tcp_tw_reuse_delay: since 6.14", "tcp_tw_recycle: until 4.11"],
        reversed: "32772 is above 32769: the kernel refuses the pair with EINVAL.",
        refused: "The kernel refuses “8080;x” with EINVAL",
        none: "0 ports",
        some: "102 ports",
        moves: "moves in ",
    },
    Texts {
        words: &CHINESE,
        more_knobs: "更多设置",
        sockets: "套接字",
        open_socket: "打开套接字",
        options: "选项",
        lowest: "该套接字的最低端口，0 表示不设",
        highest: "该套接字的最高端口，0 表示不设",
        comma: "，",
        lacking: ["tcp_tw_reuse_delay：6.14 起", "tcp_tw_recycle：到 4.11 为止"],
        reversed: "32772 大于 32769：内核以 EINVAL 拒绝这一对值",
        refused: "内核以 EINVAL 拒绝“8080;x”",
        none: "0 个端口",
        some: "102 个端口",
        moves: "秒后移动",
    },
];

/// A machine with sixteen ports and another kernel.
fn on<'t>(tab: &'t Tab, texts: &Texts, release: Release) -> Lab<'t> {
    let mut lab = Lab::open(tab, texts.words, "sixteen-ports");
    lab.act(Do::Kernel(release));
    lab
}

fn unfold(tab: &Tab, name: &str) {
    tab.run_with(
        "[...document.querySelectorAll('details > summary')]
           .find((e) => e.textContent === arguments[0]).parentElement.open = true",
        vec![name.into()],
    );
}

/// The lines of what a kernel lacks: of its knobs and of its sockets' options.
fn lines(tab: &Tab) -> Vec<String> {
    let found = tab.run(
        "return [...document.querySelectorAll('.lacks li')].map((line) =>
           line.textContent.replace(/\\u00a0/g, ' '))",
    );
    let lines = found.as_array().cloned().unwrap_or_default();
    lines.iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
}

fn lacking(tab: &Tab) {
    for texts in &TEXTS {
        let mut lab = Lab::open(tab, texts.words, "sixteen-ports");
        let [since, until] = texts.lacking;
        unfold(tab, texts.more_knobs);
        unfold(tab, texts.sockets);
        tab.until("options are told of, too", || lines(tab).len() == 7);
        let found = lines(tab);
        assert!(found.contains(&since.to_owned()), "{found:?}");
        assert!(found.iter().any(|line| line.starts_with("IP_LOCAL_PORT_RANGE")), "{found:?}");
        lab.act(Do::Kernel(Release::V6_18));
        assert_eq!(lines(tab), [until]);
    }
}

fn does(lab: &mut Lab, call: Call) {
    lab.model.machine.act(vec![Act::Call(call)]).expect("within the limits");
    to_the_end(&mut lab.model.machine);
}

fn to_the_end(machine: &mut Machine) {
    machine.work_all();
    machine.go(Position { done: u32::MAX, step: None });
}

fn options(tab: &Tab) {
    for texts in &TEXTS {
        let mut lab = on(tab, texts, Release::V6_18);
        unfold(tab, texts.sockets);
        let s = SocketName(lab.model.machine.history().next_socket());
        tab.button(texts.open_socket).click();
        does(&mut lab, Call::Socket { s });
        lab.same("a socket is opened");
        let whose = format!("{}fd {}", texts.comma, lab.model.frame().sockets[0].fd);
        tab.button(&format!("{}{whose}", texts.options)).click();
        for (name, call) in [
            ("SO_REUSEADDR", (|s, on| Call::Reuse { s, on }) as fn(SocketName, bool) -> Call),
            ("SO_REUSEPORT", |s, on| Call::ReusePort { s, on }),
            ("IP_BIND_ADDRESS_NO_PORT", |s, on| Call::NoPort { s, on }),
        ] {
            let switch = tab.switch(&format!("{name}{whose}"));
            assert!(!switch.is_on(), "{name}");
            switch.click();
            does(&mut lab, call(s, true));
            lab.same(name);
            tab.until("it is on", || tab.switch(&format!("{name}{whose}")).is_on());
        }
        tab.switch(&format!("SO_REUSEPORT{whose}")).click();
        does(&mut lab, Call::ReusePort { s, on: false });
        lab.same("taken back");
        tab.field(texts.lowest).fill("32772");
        does(&mut lab, Call::Window { s, low: 32_772, high: 0 });
        lab.same("a lowest port");
        tab.field(texts.highest).fill("32769");
        tab.until("a range upside down is refused", || {
            tab.css("#lab-window-said").text().contains(texts.reversed)
        });
        lab.same("nothing was done");
        tab.field(texts.highest).fill("32775");
        does(&mut lab, Call::Window { s, low: 32_772, high: 32_775 });
        lab.same("a range of its own");
        assert_eq!(tab.css("#lab-window-said").text(), "");
        tab.button(&format!("connect{whose}")).click();
        let client = lab.model.client();
        does(&mut lab, Call::connect(s, client.dst, client.dport));
        lab.same("it counts");
        let row = lab.model.frame().sockets[0];
        assert!((32_772..=32_775).contains(&row.num) && row.no_port && !row.reuseport, "{row:?}");
    }
}

fn reserved(tab: &Tab) {
    const NAME: &str = "ip_local_reserved_ports";
    for texts in &TEXTS {
        let mut lab = on(tab, texts, Release::V6_18);
        unfold(tab, texts.more_knobs);
        let field = || tab.field(NAME);
        let count = |words: &str| {
            tab.until(words, || tab.run(
                "return document.getElementById('ip_local_reserved_ports').nextElementSibling.textContent",
            ) == json!(words));
        };
        count(texts.none);
        // Full-width commas, as input methods write them, are commas.
        field().fill("9000-9100，80");
        let text = "9000-9100,80".into();
        does(&mut lab, Call::SysctlText { sysctl: Sysctl::ReservedPorts, text });
        lab.same("as the kernel has it");
        tab.until("it is read back in order", || field().value() == "80,9000-9100");
        count(texts.some);
        field().fill("8080;x");
        tab.until("a wrong list is refused", || {
            tab.css("#ip_local_reserved_ports").text().contains(texts.refused)
        });
        assert_eq!(field().attribute("aria-invalid").as_deref(), Some("true"));
        lab.same("nothing was done");
        field().fill("");
        does(&mut lab, Call::SysctlText { sysctl: Sysctl::ReservedPorts, text: "".into() });
        lab.same("none again");
        count(texts.none);
        assert_eq!(tab.css("#ip_local_reserved_ports").text(), "");
    }
}

fn home(tab: &Tab) {
    for texts in &TEXTS {
        let mut lab = on(tab, texts, Release::V6_18);
        let mut lefts = Vec::new();
        for _ in 0..11 {
            let home = lab.model.frame().home.expect("it moves");
            let shown = || tab.css(".home .val").text().replace(',', "");
            let (port, left) = (home.port.to_string(), home.left_ms);
            tab.until("its place", || shown().contains(&port));
            let time = format!("{}.{:03}", left / 1000, left % 1000);
            let time = time.trim_end_matches('0').trim_end_matches('.');
            let title = tab.css(".home").attribute("title").unwrap_or_default();
            assert!(title.contains(texts.moves) && title.contains(time), "{title}: {left}");
            let gone = tab.css(".home .gone").attribute("stroke-dasharray").unwrap_or_default();
            let gone: Vec<f64> = gone.split(' ').filter_map(|part| part.parse().ok()).collect();
            let share = (home.stays_ms - left) as f64 / home.stays_ms as f64;
            assert!((gone[0] / gone[1] - share).abs() < 0.01, "{gone:?} {share}");
            lefts.push(left);
            lab.act(Do::OneSecond);
        }
        let moved = lefts.windows(2).filter(|two| two[0] < two[1]).count();
        assert_eq!(moved, 1, "it moved once in 10 s: {lefts:?}");
        lab.act(Do::Kernel(Release::V4_19));
        assert_eq!(tab.run("return document.querySelectorAll('.home').length"), json!(0));
    }
}

fn forgotten(tab: &Tab) {
    let lab = on(tab, &TEXTS[0], Release::V6_18);
    let again = || tab.css(".again").text();
    tab.until("it is found out", || again().contains("were made again"));
    lab.button("Start over").click();
    tab.until("it is forgotten", || again().is_empty());
}
