//! A second model of the path for 3.10 to 6.18, as plain as it can be, from the written rules
//! alone. It takes a scenario of the vectors' modern format and gives its trace; it uses nothing
//! of the model that it is compared with.

mod accept;
mod arrivals;
mod bind;
mod bind_old;
mod calendar;
mod cascade;
mod clock;
mod close;
mod conflict;
mod connect;
mod errno;
mod established;
mod hash;
mod holders;
mod json;
mod load;
mod loopback;
mod machine;
mod ports;
mod rto;
mod rules;
mod shelf;
mod sockets;
mod start;
mod syn;
mod sysctl;
mod timers;
mod timewait;
mod trace;
mod walk;

use error99_vocabulary::Json;
use holders::Tuple;
use json::Line;
use machine::Machine;
use rules::Release;

/// The trace of a scenario; nothing if its release is unknown.
pub fn run(scenario: &Json) -> Option<Json> {
    let config = scenario.get("config")?;
    let release = Release::of(json::text(config, "kernel"))?;
    let mut machine = Machine::new(release, config);
    let mut lines = vec![boot_line(config)];
    for op in config_ops(config).iter().chain(json::list(scenario, "ops")) {
        lines.push(machine.step(op, lines.len()));
    }
    Some(Json::List(lines))
}

fn boot_line(config: &Json) -> Json {
    let mut line = Line::default();
    line.put("n", 0);
    line.put("op", "boot");
    line.echo(config, &["start_jiffies", "hz"]);
    line.done()
}

/// What the configuration does before the first operation, as operations.
fn config_ops(config: &Json) -> Vec<Json> {
    let mut ops = Vec::new();
    if let Some(Json::Object(knobs)) = config.get("sysctl") {
        for (name, value) in knobs {
            let op = [("op", "sysctl".into()), ("name", name.as_str().into())];
            let mut op = op.map(|(key, value)| (key.to_owned(), value)).to_vec();
            op.push(("value".to_owned(), value.clone()));
            ops.push(Json::Object(op));
        }
    }
    if let Some(forced @ Json::Text(_)) = config.get("port_offset") {
        ops.push(Json::object([("op", "offset".into()), ("v", forced.clone())]));
    }
    ops
}

/// Keys of an operation that stand in its line as they are.
const ECHOED: [&str; 17] = [
    "s",
    "on",
    "addr",
    "port",
    "dst",
    "dport",
    "l",
    "laddr",
    "lport",
    "faddr",
    "fport",
    "ms",
    "sec",
    "low",
    "high",
    "peer",
    "peer_port",
];

impl Machine {
    /// Carries an operation out; its line.
    fn step(&mut self, op: &Json, n: usize) -> Json {
        let name = json::text(op, "op").to_owned();
        self.line = Line::default();
        self.line.put("n", n as i64);
        self.line.put("op", name.as_str());
        self.line.echo(op, &ECHOED);
        self.carry_out(&name, op);
        self.peer_reads(&name, op);
        self.put_log();
        self.put_state();
        std::mem::take(&mut self.line).done()
    }

    fn carry_out(&mut self, name: &str, op: &Json) {
        match name {
            "socket" => self.op_socket(json::text(op, "s")),
            "reuse" | "reuseport" | "no_port" | "port_range" => self.op_option(op),
            "bind" => self.op_bind(op),
            "listen" => self.op_listen(op),
            "connect" => self.op_connect(op),
            "disconnect" => self.op_disconnect(op),
            "est" => self.op_est(op),
            "segment" => self.op_segment(op),
            "rst" => self.op_rst(op),
            "close" => self.op_close(op),
            "accept" => self.op_accept(op),
            "tw_fin" | "tw_rst" | "tw_ack" | "tw_oldack" | "tw_syn" => {
                let tuple = Tuple {
                    laddr: json::addr(op, "laddr"),
                    lport: json::port(op, "lport"),
                    faddr: json::addr(op, "faddr"),
                    fport: json::port(op, "fport"),
                };
                let ret = self.segment_to_mini(name, tuple);
                self.line.put("ret", ret);
            }
            "sysctl" => {
                let value = op.get("value").cloned().unwrap_or(Json::Null);
                self.op_sysctl(json::text(op, "name"), &value);
            }
            "advance" => self.advance(json::int_or(op, "ms", 0)),
            "wall" => self.clock.wall_base += json::int_or(op, "sec", 0),
            "dump" => self.op_dump(),
            "load" => self.op_load(op),
            _ => self.set_switch(name, op),
        }
    }

    /// Capability, forced hash, and failures to come.
    fn set_switch(&mut self, name: &str, op: &Json) {
        let v = json::int_or(op, "v", 0);
        match name {
            "cap" => self.capable = v != 0,
            "fail_tb" => self.fail_tb = v,
            "fail_tb2" => self.fail_tb2 = v,
            "fail_syn" => self.fail_syn = v,
            _ => {
                self.forced_hash = op.get("v").and_then(machine::as_u64);
                let shown = op.get("v").and_then(machine::as_text).unwrap_or("none").to_owned();
                self.line.put("v", shown);
                return;
            }
        }
        self.line.put("v", v);
    }
}
