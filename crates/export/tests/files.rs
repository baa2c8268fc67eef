//! What is written: the same every time, whole, and in the words of its format.

#[path = "../../replay/tests/chance/mod.rs"]
mod chance;

use error99_export::picture::{self, PictureWords};
use error99_export::script::{self, ScriptError};
use error99_export::{scenario, trace};
use error99_kernel::{Addr, Config};
use error99_replay::frame::PortCell;
use error99_replay::history::{ALL_CALLS, History, Position};
use error99_replay::link::Saved;
use error99_replay::{Act, Load, Machine, catalogue};
use error99_vocabulary::Json;

fn open(key: &str) -> Machine {
    let history = catalogue::find(key).expect("it is in the catalogue").history();
    let at = history.at;
    let mut machine = Machine::open(history).expect("it opens");
    machine.work_all();
    machine.go(at);
    machine
}

fn words() -> PictureWords<'static> {
    let legend = ["1 & 2", "<live>", "shared", "bind", "free"];
    PictureWords { title: "title", description: "a \"page\"", caption: "connect() = -1", legend }
}

#[test]
fn every_prepared_machine_has_a_script_and_always_the_same() {
    for prepared in catalogue::ALL {
        let script = script::write(&prepared.saved());
        let script = script.unwrap_or_else(|error| panic!("{}: {error:?}", prepared.key));
        assert_eq!(Ok(&script), script::write(&prepared.saved()).as_ref());
        assert!(script.starts_with("#!/bin/sh\n") && script.ends_with("\nEND_OF_PROGRAM\n"));
        let data = script.split("r'''").nth(1).and_then(|rest| rest.split("'''").next());
        let data = Json::parse(data.expect("it has data")).expect("the data is JSON");
        let Some(Json::List(steps)) = data.get("steps") else { panic!("{}", prepared.key) };
        assert_eq!(steps.len(), prepared.history().acts.len(), "{}", prepared.key);
    }
}

#[test]
fn any_state_has_a_script_or_a_reason_why_not() {
    let mut chance = chance::Chance::new(3);
    let mut written = 0;
    for _ in 0..150 {
        let mut saved = chance.state(25);
        for node in &mut saved.history.acts {
            if let Act::Load(load) = &mut node.act {
                load.connections = load.connections % 500 + 1;
            }
        }
        saved.history.config.default_src =
            saved.history.config.local.first().copied().unwrap_or(Addr::LOOPBACK);
        written += u32::from(script::write(&saved).is_ok());
    }
    assert!(written > 100, "{written} scripts");
}

#[test]
fn what_no_script_can_do_is_refused() {
    let saved = |history| Saved { history, client: catalogue::opening().client() };
    let stranger = Config { default_src: Addr::new(10, 9, 9, 9), ..Config::default() };
    assert_eq!(script::write(&saved(History::new(stranger))), Err(ScriptError::Source));
    let mut history = History::new(Config::default());
    for port in 0..=script::STEPS_MAX as u16 {
        let load = Act::Load(Load::burst(Addr::new(10, 0, 0, 2), port, 1));
        history.push(history.tip, ALL_CALLS, load).expect("it has room");
    }
    assert_eq!(script::write(&saved(history.clone())), Err(ScriptError::TooManySteps));
    history.tip = Some(script::SERVERS_MAX as u32 + 10);
    assert_eq!(script::write(&saved(history.clone())), Err(ScriptError::TooManyServers));
    history.acts.clear();
    history.tip = None;
    let million = Act::Load(Load::burst(Addr::new(10, 0, 0, 2), 80, 40_000));
    history.push(None, ALL_CALLS, million).expect("it has room");
    assert_eq!(script::write(&saved(history)), Err(ScriptError::TooMuchWork));
}

#[test]
fn the_trace_of_a_call_is_its_line_in_the_vector_of_the_branch() {
    let mut machine = open("bind-port-zero");
    let history = machine.history().clone();
    let ops = history.acts.iter().map(|node| match &node.act {
        Act::Call(call) => call.clone(),
        other => panic!("{other:?}"),
    });
    let vector = error99_vocabulary::Scenario {
        name: String::new(),
        about: String::new(),
        features: Vec::new(),
        config: history.config.clone(),
        ops: ops.map(error99_vocabulary::Op::Call).collect(),
        // The scenario's names are s0, s1, … already.
        names: Default::default(),
    };
    let whole = error99_vocabulary::trace::trace(&vector);
    assert_eq!(trace::of_call(&Machine::open(history.clone()).expect("it opens")), None);
    for call in 0..machine.total() {
        machine.to_call(call);
        let number = call as usize + history.config.pre_calls().len() + 1;
        let expected = format!("{}\n{}\n", whole[0], whole[number]);
        assert_eq!(trace::of_call(&machine), Some(expected));
    }
}

#[test]
fn a_trace_is_the_same_inside_the_call_and_after_it() {
    let mut machine = open("busy-client");
    let inside = trace::of_call(&machine).expect("a call is under the glass");
    machine.go(Position { done: u32::MAX, step: None });
    assert_eq!(trace::of_call(&machine), Some(inside.clone()));
    assert_eq!(inside.lines().count(), 2);
}

#[test]
fn a_picture_is_small_whole_and_escaped() {
    for (key, most) in [("busy-client", 400_000), ("sixteen-ports", 4_000), ("finwait2", 4_000)] {
        let svg = picture::svg(&open(key), &words());
        println!("{key}: {} bytes", svg.len());
        assert!(svg.len() < most, "{key}: {} bytes", svg.len());
        assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
        for part in
            ["<title id=\"t\">title</title>", "a &quot;page&quot;", "1 &amp; 2", "&lt;live&gt;"]
        {
            assert!(svg.contains(part), "{key}: {part}");
        }
        for foreign in ["style=", "class=", "href", "NaN", "<script"] {
            assert!(!svg.contains(foreign), "{key}: {foreign}");
        }
    }
}

/// What an SVG of [`picture::svg`] shows: for each of its ports the name of the tile that was drawn
/// there last.
fn seen(svg: &str, ports: usize) -> Vec<&str> {
    let whole = |text: &str| text.parse::<i32>().unwrap_or_else(|_| panic!("{text}"));
    let side = |name: &str| {
        let tile = svg.split("<pattern ").nth(1).expect("a tile");
        let value = tile.split(&format!(" {name}=\"")).nth(1).expect("its size");
        whole(value.split('"').next().expect("a number"))
    };
    let mut boxes = Vec::new();
    for path in svg.split("<path fill=\"url(#").skip(1) {
        let (name, path) = path.split_once(")\" d=\"").expect("a path");
        let (mut x, mut y) = (0, 0);
        // m right down h width v height h -width; a minus parts numbers as a blank does.
        for part in path.split('"').next().expect("its end").split('m').skip(1) {
            let part = part.replace('-', " -").replace(['h', 'v'], " ");
            let numbers: Vec<i32> = part.split_whitespace().map(whole).collect();
            let [right, down, wide, high, back] = numbers[..] else { panic!("{part}") };
            assert_eq!(back, -wide, "{part}");
            (x, y) = (x + right, y + down);
            boxes.push((name, [x, y, wide, high]));
            y += high;
        }
    }
    let (w, h) = (side("width"), side("height"));
    let columns = boxes.iter().map(|(_, [x, _, wide, _])| x + wide).max().expect("boxes") / w;
    let mut cells = vec![""; ports];
    for (name, [x, y, wide, high]) in boxes {
        for (row, column) in (y / h..(y + high) / h)
            .flat_map(|row| (x / w..(x + wide) / w).map(move |column| (row, column)))
        {
            cells[(row * columns + column) as usize] = name;
        }
    }
    cells
}

#[test]
fn every_port_is_in_the_picture_as_it_is() {
    for key in ["busy-client", "second-destination", "one-second-rule", "sixteen-ports"] {
        let machine = open(key);
        let svg = picture::svg(&machine, &words());
        let ports = machine.ports();
        for (seen, cell) in seen(&svg, ports.cells.len()).iter().zip(&ports.cells) {
            let name = match cell {
                PortCell::Free => "free".to_owned(),
                PortCell::Bind => "bind".to_owned(),
                PortCell::Live => "live".to_owned(),
                PortCell::Shared => "shared".to_owned(),
                PortCell::Timewait(age) => format!("tw-{age}"),
            };
            assert_eq!(*seen, name, "{key}");
        }
    }
}

#[test]
fn a_scenario_is_read_back() {
    let saved = catalogue::opening().saved();
    assert_eq!(scenario::read(&scenario::write(&saved)), Ok(saved));
}
