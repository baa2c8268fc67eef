//! The JSON of an act, and of its place in the tree.

use error99_kernel::{Addr, Call};
use error99_vocabulary::{
    Fault, Fields, Json, NameStyle, Numbered, Wrong, as_addr, as_int, call_from_json, call_to_json,
};

use super::last;
use crate::act::{Act, BindAct};
use crate::history::{ALL_CALLS, ActId, Node};
use crate::load::{Load, LoadClose};

const WORD_MAX: i64 = u32::MAX as i64;
/// Keys that say where an act stands.
const PLACE: [&str; 3] = ["from", "after", "stopped"];

/// What anybody may add to an act: it means nothing to the machine.
pub const NOTE: &str = "note";

const CLOSES: [(LoadClose, &str); 3] =
    [(LoadClose::Active, "active"), (LoadClose::Passive, "passive"), (LoadClose::Rst, "rst")];

// ── writing ─────────────────────────────────────────────────────

/// The acts' JSON.
pub fn write_all(acts: &[Node]) -> Vec<Json> {
    acts.iter().enumerate().map(|(id, node)| write(node, last(id))).collect()
}

/// The JSON of an act by itself.
pub fn act_json(act: &Act) -> Json {
    match act {
        Act::Call(call) => call_to_json(call, &Numbered),
        Act::Load(load) => Json::Object(load_entries(load)),
        Act::Bind(act) => bind_json(act),
    }
}

/// The JSON of an act that comes after `before` in the file.
fn write(node: &Node, before: Option<ActId>) -> Json {
    let Json::Object(mut entries) = act_json(&node.act) else { return Json::Null };
    let mut put = |key: &str, value: Option<u32>| {
        entries.push((key.to_owned(), value.map_or(Json::Null, Json::from)));
    };
    if node.parent != before {
        put("from", node.parent);
    }
    if node.after != ALL_CALLS {
        put("after", Some(node.after));
    }
    if node.stopped.is_some() {
        put("stopped", node.stopped);
    }
    Json::Object(entries)
}

fn load_entries(load: &Load) -> Vec<(String, Json)> {
    let destination =
        |(dst, dport): (Addr, u16)| Json::List(vec![Json::from(dst.to_string()), dport.into()]);
    let close = CLOSES.iter().find(|(close, _)| *close == load.close).map_or("", |(_, name)| name);
    let fields: [(&str, Json, bool); 11] = [
        ("op", "load".into(), true),
        ("dst", load.dst.to_string().into(), true),
        ("dport", load.dport.into(), true),
        ("also", load.also.map_or(Json::Null, destination), load.also.is_some()),
        ("connections", load.connections.into(), true),
        ("per_second", load.per_second.into(), load.per_second != 0),
        ("hold_ms", load.hold_ms.map_or(Json::Null, Json::from), load.hold_ms.is_some()),
        ("close", close.into(), load.close != LoadClose::Active),
        ("keep_every", load.keep_every.into(), load.keep_every != 0),
        ("stop_at_error", load.stop_at_error.into(), load.stop_at_error),
        ("first_socket", load.first_socket.into(), true),
    ];
    let unusual = fields.into_iter().filter(|(_, _, unusual)| *unusual);
    unusual.map(|(key, value, _)| (key.to_owned(), value)).collect()
}

fn bind_json(act: &BindAct) -> Json {
    let run = |[first, last]: &[u16; 2]| Json::List(vec![Json::from(*first), (*last).into()]);
    Json::object([
        ("op", "bind_each".into()),
        ("addr", act.addr.to_string().into()),
        ("ports", Json::List(act.ports.iter().map(run).collect())),
        ("first_socket", act.first_socket.into()),
    ])
}

// ── reading ─────────────────────────────────────────────────────

/// An act as a file has it.
pub struct FileAct {
    act: Act,
    /// Its sockets have names; otherwise it gets the next free ones.
    named: bool,
    /// The act that it follows, if it isn't the one before.
    from: Option<Option<ActId>>,
    after: u32,
    stopped: Option<u32>,
}

impl FileAct {
    /// Reads an act.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(json: Json, names: &mut dyn NameStyle) -> Result<FileAct, Fault> {
        let Json::Object(mut entries) = json else { return Err(Fault::new(Wrong::Object)) };
        let mut place = Vec::new();
        entries.retain(|(key, _)| key != NOTE);
        if entries.iter().any(|(key, _)| PLACE.contains(&key.as_str())) {
            (place, entries) =
                entries.into_iter().partition(|(key, _)| PLACE.contains(&key.as_str()));
        }
        let (place, json) = (Json::Object(place), Json::Object(entries));
        let mut place = Fields::of(&place)?;
        let from = match place.optional("from") {
            Some(Json::Null) => Some(None),
            Some(json) => Some(Some(word(json).map_err(|fault| fault.within("from"))?)),
            None => None,
        };
        let after = place.int_or("after", ALL_CALLS.into(), 0, WORD_MAX)? as u32;
        let stopped = optional_word(&mut place, "stopped")?;
        let named = json.get("first_socket").is_some();
        Ok(FileAct { act: act(&json, names)?, named, from, after, stopped })
    }

    /// Where it connects to, if that is what it does.
    pub fn destination(&self) -> Option<(Addr, u16)> {
        match &self.act {
            Act::Call(Call::Connect { dst, dport, .. }) => Some((*dst, *dport)),
            _ => None,
        }
    }

    /// The act in its place, after the acts `0..id`, of which none has a socket named
    /// `next_socket` or above.
    pub fn node(self, id: usize, next_socket: u32) -> Node {
        let parent = self.from.unwrap_or(last(id));
        let act = if self.named { self.act } else { self.act.named_from(next_socket) };
        Node { parent, after: self.after, act, stopped: self.stopped }
    }
}

fn act(json: &Json, names: &mut dyn NameStyle) -> Result<Act, Fault> {
    match json.get("op") {
        Some(Json::Text(op)) if op == "load" => load(json).map(Act::Load),
        Some(Json::Text(op)) if op == "bind_each" => bind_each(json).map(Act::Bind),
        _ => call_from_json(json, names).map(Act::Call),
    }
}

fn load(json: &Json) -> Result<Load, Fault> {
    let mut f = Fields::of(json)?;
    f.required("op")?;
    let also = match f.optional("also") {
        None | Some(Json::Null) => None,
        Some(json) => Some(destination(json).map_err(|fault| fault.within("also"))?),
    };
    let mut number = |key, usual| f.int_or(key, usual, 0, WORD_MAX).map(|word| word as u32);
    let (per_second, keep_every) = (number("per_second", 0)?, number("keep_every", 0)?);
    let first_socket = number("first_socket", 0)?;
    let load = Load {
        dst: f.addr("dst")?,
        dport: f.port("dport")?,
        also,
        connections: f.int("connections", 0, WORD_MAX)? as u32,
        per_second,
        hold_ms: optional_word(&mut f, "hold_ms")?,
        close: close(&mut f)?,
        keep_every,
        stop_at_error: f.flag_or("stop_at_error", false)?,
        first_socket,
    };
    f.done()?;
    Ok(load)
}

fn close(f: &mut Fields<'_>) -> Result<LoadClose, Fault> {
    let Some(word) = f.optional("close") else { return Ok(LoadClose::Active) };
    let known = CLOSES.iter().find(|(_, name)| *word == Json::from(*name));
    known.map(|(close, _)| *close).ok_or_else(|| Fault::new(Wrong::Close).within("close"))
}

fn destination(json: &Json) -> Result<(Addr, u16), Fault> {
    match json {
        Json::List(list) => match &list[..] {
            [dst, dport] => Ok((as_addr(dst)?, port(dport)?)),
            _ => Err(Fault::new(Wrong::List)),
        },
        _ => Err(Fault::new(Wrong::List)),
    }
}

fn bind_each(json: &Json) -> Result<BindAct, Fault> {
    let mut f = Fields::of(json)?;
    f.required("op")?;
    let addr = f.addr("addr")?;
    let ports = runs(f.required("ports")?).map_err(|fault| fault.within("ports"))?;
    let first_socket = f.int_or("first_socket", 0, 0, WORD_MAX)? as u32;
    f.done()?;
    Ok(BindAct { addr, ports, first_socket })
}

fn runs(json: &Json) -> Result<Vec<[u16; 2]>, Fault> {
    let Json::List(list) = json else { return Err(Fault::new(Wrong::List)) };
    let run = |json: &Json| match json {
        Json::List(list) => match &list[..] {
            [first, last] => Ok([port(first)?, port(last)?]),
            _ => Err(Fault::new(Wrong::TwoPorts)),
        },
        _ => Err(Fault::new(Wrong::TwoPorts)),
    };
    list.iter().map(run).collect()
}

fn port(json: &Json) -> Result<u16, Fault> {
    as_int(json, 0, u16::MAX.into()).map(|port| port as u16)
}

/// A number of 32 bits.
pub fn word(json: &Json) -> Result<u32, Fault> {
    as_int(json, 0, WORD_MAX).map(|word| word as u32)
}

fn optional_word(f: &mut Fields<'_>, key: &str) -> Result<Option<u32>, Fault> {
    match f.optional(key) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => word(json).map(Some).map_err(|fault| fault.within(key)),
    }
}
