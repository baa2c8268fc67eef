//! The pictures about the choice of a port, each operated by its controls. What they say is
//! compared with the model, run natively for the same choices.

use error99_e2e::Tab;
use error99_kernel::Errno;
use error99_story::down_to_the_choice::{self, Flaw};
use error99_story::machine::Connects;
use error99_story::{
    four_numbers, is_it_really_taken, the_bind_hash, where_the_walk_starts, your_machine,
};

use super::picture::Picture;
use crate::{SAME_CODE, Test, test, thousands};

pub fn tests() -> Vec<Test> {
    vec![
        test("picture where-the-walk-starts: connects until the range is full", walk),
        test(
            "picture four-numbers: a port is found for each connection, and shared by another",
            four,
        ),
        test("picture is-it-really-taken: 99 at one server, a shared port at the others", taken),
        test("picture the-bind-hash: every size and every holder", bind_hash),
        test("picture down-to-the-choice: every mistake stops at its function", down),
        test("picture your-machine: the rate fills one line alone", machine),
        test("the pictures of the ports answer in Chinese too", chinese).once(SAME_CODE),
        test("a picture starts again", again),
        test("what is pressed before a picture lives is pressed once it does", early),
    ]
}

/// What the picture of the walk says of the next connect.
fn next_walk(made: &Connects) -> String {
    let scene = where_the_walk_starts::scene(made);
    let (home, start) = (thousands(scene.home), thousands(scene.start));
    let hint = match (scene.hint / 16, scene.hint % 16) {
        (0, hint) => hint.to_string(),
        (rounds, rest) => format!("{} ({rounds} × 16 + {rest})", scene.hint),
    };
    let to = made.to(&where_the_walk_starts::SERVERS);
    let begins =
        format!("to {to}: home is {home} and hint is {hint}, so the walk starts at {start}. ");
    let ends = match (scene.port.map(thousands), scene.probes, scene.hint_after) {
        (None, probes, _) => format!("All {probes} ports are refused: error 99, and hint stays."),
        (Some(port), 1, after) => {
            format!("The first probe takes {port}, and hint becomes {after}.")
        }
        (Some(port), i, after) => {
            format!("Refused: {}. Probe {i} takes {port}, and hint becomes {after}.", i - 1)
        }
    };
    [begins, ends].concat()
}

fn walk(tab: &Tab) {
    let picture = Picture::open(tab, "/", "where-the-walk-starts");
    let mut made = Connects::default();
    picture.says(&next_walk(&made));
    while where_the_walk_starts::scene(&made).port.is_some() {
        picture.press("connect()");
        made.made.push(0);
        picture.says(&next_walk(&made));
    }
    picture.choose("10.0.0.3:80");
    made.server = 1;
    picture.says(&next_walk(&made));
}

fn four(tab: &Tab) {
    let picture = Picture::open(tab, "/", "four-numbers");
    let mut made = Connects::default();
    for (server, name) in [(0, "10.0.0.2:80"), (1, "10.0.0.2:443"), (2, "10.0.0.3:80")] {
        picture.choose(name);
        made.server = server;
        for _ in 0..5 {
            picture.press("connect()");
            made.made.push(server);
            let scene = four_numbers::scene(&made);
            picture.says(&match scene.port {
                Some(port) => format!("The kernel found local port {}.", thousands(port)),
                None => format!("already have a connection to {name}."),
            });
            let newest = scene.connections[0];
            let numbers = [
                newest.laddr.to_string(),
                newest.lport.to_string(),
                newest.faddr.to_string(),
                newest.fport.to_string(),
            ];
            for (at, number) in numbers.into_iter().enumerate() {
                assert_eq!(picture.text(&format!("tbody td:nth-child({})", at + 1)), number);
            }
        }
    }
}

fn taken(tab: &Tab) {
    let picture = Picture::open(tab, "/", "is-it-really-taken");
    let mut made = Connects::default();
    for (server, to) in is_it_really_taken::SERVERS.into_iter().enumerate() {
        picture.choose(&to.to_string());
        made.server = server;
        for _ in 0..2 {
            picture.press("connect()");
            made.made.push(server);
            let outcome = is_it_really_taken::scene(&made).asked.expect("it was asked for");
            picture.says(&match outcome.port {
                Some(port) => {
                    format!("Probe {} meets {}.", outcome.probes, thousands(port))
                }
                None => format!("Each port has a live connection to {to}"),
            });
        }
    }
}

fn bind_hash(tab: &Tab) {
    let picture = Picture::open(tab, "/", "the-bind-hash");
    for (size, buckets) in the_bind_hash::SIZES.into_iter().enumerate() {
        picture.choose(&buckets.to_string());
        for (holder, name) in ["connect()", "bind()", "bind(), reuse"].into_iter().enumerate() {
            picture.choose(name);
            let scene = the_bind_hash::scene(the_bind_hash::Controls { size, holder });
            picture.says(&format!(
                "{} & {} = {}: the port is entry {} on the chain",
                the_bind_hash::CHOSEN,
                buckets - 1,
                scene.bucket,
                scene.steps
            ));
            picture.says(&match scene.fastreuse {
                -1 => "fastreuse is −1".to_owned(),
                other => format!("fastreuse is {other}"),
            });
            assert_eq!(picture.count(".bucket"), scene.chains.len());
            assert_eq!(picture.count(".entry"), scene.chains.iter().flatten().count());
        }
    }
}

fn down(tab: &Tab) {
    let picture = Picture::open(tab, "/", "down-to-the-choice");
    let names = [
        "nothing",
        "already connected",
        "address too short",
        "not IPv4",
        "no route",
        "multicast",
        "range is full",
    ];
    assert_eq!(names.len(), Flaw::ALL.len());
    for (wrong, name) in names.into_iter().enumerate() {
        picture.choose(name);
        let scene = down_to_the_choice::scene(down_to_the_choice::Controls { wrong });
        let said = |errno: Errno| format!("{}, {}", errno.name(), errno.code());
        picture.says(
            &scene
                .errno
                .map_or(format!("The kernel chooses local port {}", thousands(scene.port)), said),
        );
        let passed = scene.last as usize + usize::from(scene.errno.is_none());
        assert_eq!(picture.count(".passed"), passed, "{name}");
    }
}

fn machine(tab: &Tab) {
    let picture = Picture::open(tab, "/", "your-machine");
    for (rate, per_second) in your_machine::RATES.into_iter().enumerate() {
        picture.choose(&format!("{per_second}/s"));
        let scene = your_machine::scene(your_machine::Controls { rate });
        let first = scene.lines.iter().find(|line| line.to == error99_story::Server::FIRST);
        let first = first.expect("the first server has its line");
        picture.says(&match first.next {
            Some(_) => format!("10.0.0.2:80 has {} of its 1,000 ports in use", first.count()),
            None => format!("After {} s all 1,000 ports", scene.seconds),
        });
    }
}

fn chinese(tab: &Tab) {
    let picture = Picture::open(tab, "/zh-CN/", "is-it-really-taken");
    picture.says("四个数完全相同：错误 99。");
    picture.choose("10.0.0.3:80");
    picture.press("connect()");
    picture.says("端口被共用，现在也通往 10.0.0.3:80。");
    let picture = Picture::open(tab, "/zh-CN/", "down-to-the-choice");
    picture.choose("组播地址");
    picture.says("调用停在 tcp_v4_connect，返回 ENETUNREACH，101。");
}

fn again(tab: &Tab) {
    let picture = Picture::open(tab, "/", "where-the-walk-starts");
    let begun = next_walk(&Connects::default());
    picture.choose("10.0.0.3:80");
    picture.press("connect()");
    picture.press("Start again");
    picture.says(&begun);
    picture.choose("10.0.0.3:80");
    picture.press("connect()");
    picture.says("Your call got");
}

fn early(tab: &Tab) {
    let picture = Picture::far(tab, "/", "the-bind-hash");
    let size = the_bind_hash::SIZES.len() - 1;
    let buckets = the_bind_hash::SIZES[size];
    picture.choose_far(&buckets.to_string());
    picture.choose_far("bind()");
    assert!(!picture.alive(), "it is far away");
    picture.near();
    let scene = the_bind_hash::scene(the_bind_hash::Controls { size, holder: 1 });
    picture.says(&format!("{} & {} = {}", the_bind_hash::CHOSEN, buckets - 1, scene.bucket));
    assert_eq!(picture.count(".bucket"), scene.chains.len());
}
