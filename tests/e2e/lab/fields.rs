//! Fields: whatever is typed, the reader is told beside the field, nothing is lost, and the
//! last good state stays.

use error99_e2e::{Key, Tab};
use error99_kernel::{Sysctl, SysctlValue};

use super::model::Do;
use super::page::Lab;
use super::words::{BOTH, ENGLISH};
use crate::{SAME_CODE, Test, test};

/// Texts that are no port at all.
const NO_PORTS: [&str; 12] = [
    "",
    " ",
    "abc",
    "1e9",
    "0x50",
    "12.5",
    "-",
    "80 44",
    "<script>alert(1)</script>",
    "８０ｘ",
    "99999999999999999999",
    "--1",
];
/// Numbers that are no port.
const NOT_IN_RANGE: [&str; 5] = ["0", "-1", "65536", "70000", "-2147483648"];
const NO_ADDRESSES: [&str; 9] = [
    "",
    "abc",
    "10.0.0.999",
    "10.0.0",
    "10.0.0.2.1",
    "-1.0.0.1",
    "010.0.0.1",
    "localhost",
    "<script>alert(1)</script>",
];

/// Each engine types into the field of the lowest port, and into each field what Escape takes back.
const LIKE_THE_LOWEST: &str = "what is typed is read and refused by the same Rust code";

pub fn tests() -> Vec<Test> {
    vec![
        test("a wrong lowest port is refused beside its field and changes nothing", |tab| {
            let wrong: Vec<&str> =
                NO_PORTS.into_iter().chain(NOT_IN_RANGE).chain(["61000", "32784"]).collect();
            refuses(tab, ENGLISH.low, &wrong, "32768");
        }),
        test("a wrong highest port is refused beside its field and changes nothing", |tab| {
            let wrong: Vec<&str> = NO_PORTS.into_iter().chain(["32767", "1"]).collect();
            refuses(tab, ENGLISH.high, &wrong, "32783");
        })
        .once(LIKE_THE_LOWEST),
        test("a wrong destination port is refused beside its field and changes nothing", |tab| {
            let wrong: Vec<&str> = NO_PORTS.into_iter().chain(NOT_IN_RANGE).collect();
            refuses(tab, ENGLISH.dport, &wrong, "80");
        })
        .once(LIKE_THE_LOWEST),
        test(
            "a wrong destination address is refused beside its field and changes nothing",
            |tab| {
                refuses(tab, ENGLISH.dst, &NO_ADDRESSES, "10.0.0.2");
            },
        )
        .once(LIKE_THE_LOWEST),
        test("a probe that the walk hasn't got is refused beside its field", no_such_probe),
        test("wrong fields are refused in Chinese too", |tab| {
            let [_, chinese] = BOTH;
            let lab = Lab::open(tab, chinese, "sixteen-ports");
            for (field, text, said) in [
                (chinese.low, "abc", "“abc”不是数字。请填写端口号，1 到 65535。"),
                (chinese.dst, "10.0.0.999", "“10.0.0.999”不是 IPv4 地址。"),
            ] {
                lab.field(field).fill(text);
                assert!(message(&lab, field).contains(said));
            }
        })
        .once(SAME_CODE),
        test("1024 70000 is half taken, as the kernel does it, and the page says so", half_taken),
        test(
            "of a wrong highest port alone the kernel takes nothing new, and the page says so",
            dropped,
        ),
        test("a range above the old one is taken once both fields are right", moved_up),
        test("a wrong address stays marked while the port beside it is put right", both_wrong),
        test("Escape gives a field its last good value back", escape),
        test("a field with a wrong text can't be connected to", blocked),
    ]
}

/// Sixteen ports, of which two are in use, in the middle of a walk: something to lose.
fn in_a_walk(tab: &Tab) -> Lab<'_> {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    for act in [Do::Connect, Do::Connect, Do::Back, Do::Back] {
        lab.act(act);
    }
    lab
}

/// Types each of the `wrong` texts, and the good one at the end.
fn refuses(tab: &Tab, name: &'static str, wrong: &[&str], good: &str) {
    let lab = in_a_walk(tab);
    let field = lab.field(name);
    for text in wrong {
        field.fill(text);
        assert_eq!(field.attribute("aria-invalid").as_deref(), Some("true"), "“{text}”");
        assert_eq!(field.value(), *text, "what was typed stays, to be put right");
        let said = message(&lab, name);
        assert!(said.chars().count() > 20, "“{text}”: the page says “{said}”");
        // All but the field itself is as it was.
        lab.same_but(&["range", "client"], &format!("after “{text}”"));
    }
    field.fill(good);
    assert_eq!(field.attribute("aria-invalid"), None);
    assert_eq!(message(&lab, name), "", "the message goes");
    lab.same("with the good value again");
    let mut lab = lab;
    lab.act(Do::Connect);
}

fn no_such_probe(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.act(Do::UntilError);
    lab.act(Do::Jump(3));
    for text in NO_PORTS.into_iter().chain(["0", "17", "-1", "4294967296"]) {
        lab.field(ENGLISH.jump).fill(text);
        assert_eq!(lab.field(ENGLISH.jump).value(), text, "what was typed stays");
        assert_eq!(message(&lab, ENGLISH.jump), "This walk has the probes 1 to 16.", "“{text}”");
        lab.same(&format!("after “{text}”"));
    }
    lab.act(Do::Jump(16));
    assert_eq!(message(&lab, ENGLISH.jump), "", "the message goes");
    lab.field(ENGLISH.jump).fill("99");
    lab.act(Do::Start);
    assert_eq!(message(&lab, ENGLISH.jump), "", "it goes with the place that it was about");
}

/// What is said about a field: the text of the message that belongs to it.
fn message(lab: &Lab, name: &str) -> String {
    let id = match name {
        _ if name == lab.words.jump => "lab-jump-said",
        _ if [lab.words.low, lab.words.high].contains(&name) => "lab-range-said",
        _ => "lab-client-said",
    };
    if let Some(described) = lab.field(name).attribute("aria-describedby") {
        assert_eq!(described, id, "the field names its message");
    }
    lab.tab.css(&format!("#{id}")).text().trim().to_owned()
}

fn half_taken(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.field(ENGLISH.low).fill("1024");
    lab.model.sysctl(Sysctl::PortRange, SysctlValue::Two(1_024, 32_783));
    lab.same("with the lowest port");
    lab.field(ENGLISH.high).fill("70000");
    lab.model.sysctl(Sysctl::PortRange, SysctlValue::Two(1_024, 70_000));
    lab.same("with the highest port, which is dropped");
    assert_eq!(
        message(&lab, ENGLISH.high),
        "The kernel took 1024 and silently dropped the other number."
    );
    // Both numbers in one write: the lowest port alone would be refused.
    lab.act(Do::Range(32_768, 32_783));
    lab.field(ENGLISH.low).fill("32800");
    assert_eq!(lab.field(ENGLISH.low).attribute("aria-invalid").as_deref(), Some("true"));
    lab.field(ENGLISH.high).fill("70000");
    lab.same_but(&["range"], "with the highest port dropped, the pair is upside down");
    assert!(message(&lab, ENGLISH.low).contains("EINVAL"), "{}", message(&lab, ENGLISH.low));
}

fn dropped(tab: &Tab) {
    let mut lab = in_a_walk(tab);
    for (text, number) in [("70000", 70_000), ("-1", -1), ("0", 0), ("65536", 65_536)] {
        lab.field(ENGLISH.high).fill(text);
        lab.model.sysctl(Sysctl::PortRange, SysctlValue::Two(32_768, number));
        lab.same(&format!("after {text}"));
        assert!(message(&lab, ENGLISH.high).contains("dropped"), "{text}");
    }
    lab.act(Do::Range(32_768, 32_790));
    assert_eq!(message(&lab, ENGLISH.high), "");
}

fn moved_up(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.field(ENGLISH.low).fill("40000");
    let said = message(&lab, ENGLISH.low);
    assert!(said.contains("40000 is above 32783"), "{said}");
    lab.field(ENGLISH.high).fill("40007");
    lab.model.sysctl(Sysctl::PortRange, SysctlValue::Two(40_000, 40_007));
    lab.same("with both fields");
    assert_eq!(message(&lab, ENGLISH.low), "");
    lab.act(Do::UntilError);
}

fn both_wrong(tab: &Tab) {
    let lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    let (address, port) = (lab.field(ENGLISH.dst), lab.field(ENGLISH.dport));
    address.fill("10.0.0.999");
    port.fill("http");
    let said = message(&lab, ENGLISH.dst);
    assert!(said.contains("10.0.0.999") && said.contains("http"), "both are said: {said}");
    port.fill("80");
    assert_eq!(port.attribute("aria-invalid"), None);
    assert_eq!(address.attribute("aria-invalid").as_deref(), Some("true"), "it is still wrong");
    assert!(message(&lab, ENGLISH.dst).contains("10.0.0.999"), "{}", message(&lab, ENGLISH.dst));
    assert!(
        !lab.button(ENGLISH.connect).is_enabled(),
        "nobody connects to another address by mistake"
    );
    address.fill("10.0.0.2");
    assert_eq!(message(&lab, ENGLISH.dst), "");
    assert!(lab.button(ENGLISH.connect).is_enabled());
    lab.same("with both put right");
}

fn escape(tab: &Tab) {
    let lab = in_a_walk(tab);
    for (name, good) in [
        (ENGLISH.low, "32768"),
        (ENGLISH.high, "32783"),
        (ENGLISH.dst, "10.0.0.2"),
        (ENGLISH.dport, "80"),
    ] {
        let field = lab.field(name);
        field.fill("abc");
        assert_eq!(field.attribute("aria-invalid").as_deref(), Some("true"));
        field.press(Key::Escape + "");
        assert_eq!(field.value(), good);
        assert_eq!(field.attribute("aria-invalid"), None);
        assert_eq!(message(&lab, name), "", "{name}");
    }
    lab.same("as if nothing had been typed");
}

fn blocked(tab: &Tab) {
    let mut lab = Lab::open(tab, &ENGLISH, "sixteen-ports");
    lab.field(ENGLISH.dport).fill("70000");
    for name in [ENGLISH.connect, ENGLISH.connect_10, ENGLISH.until_error] {
        assert!(!lab.button(name).is_enabled(), "{name}");
    }
    lab.act(Do::DestinationPort(443));
    lab.act(Do::Connect);
}
