//! Reading a scenario's text: an act at a time, so that no more than one of them is ever held
//! as JSON.

use std::fmt;

use error99_kernel::{Addr, Config};
use error99_vocabulary::{
    Fault, Fields, Json, NameStyle, Names, Numbered, Wrong, config_from_json,
};
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use super::act::{FileAct, NOTE, word};
use super::{Client, ScenarioError, last};
use crate::history::{ACTS_MAX, ActId, History, HistoryError, Node, Position, Step};
use crate::link::Saved;

/// What has been read so far.
#[derive(Default)]
struct File {
    config: Option<Config>,
    client: Option<Client>,
    /// Its keys.
    keys: Vec<String>,
    loaded: Vec<FileAct>,
    own: Vec<FileAct>,
    /// Where the first connect of a vector goes to; none before its calls were met.
    vector: Option<Option<Client>>,
    tip: Option<Option<ActId>>,
    done: Option<u32>,
    probe: Option<u32>,
    line: Option<u32>,
    /// Keys that mean nothing here, each once.
    unknown: Vec<String>,
    /// What ended the reading, if it wasn't the text itself.
    error: Option<ScenarioError>,
}

/// Reads a text of the right size.
pub fn read(text: &str) -> Result<(Saved, Vec<String>), ScenarioError> {
    let mut file = File::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_map(&mut file).and_then(|()| json.end());
    match (file.error.take(), read) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => {
            Err(ScenarioError::Syntax { line: error.line(), column: error.column() })
        }
        (None, Ok(())) => {
            let unknown = std::mem::take(&mut file.unknown);
            Ok((file.saved()?, unknown))
        }
    }
}

impl<'de> Visitor<'de> for &mut File {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scenario")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.keys.contains(&key) {
                return Err(A::Error::custom("a key stands twice"));
            }
            match key.as_str() {
                "loaded" => self.loaded = map.next_value_seed(self.list(&mut Numbered))?,
                "acts" | "ops" if !self.own.is_empty() => {
                    return Err(A::Error::custom("the calls stand twice"));
                }
                "acts" => self.own = map.next_value_seed(self.list(&mut Numbered))?,
                "ops" => {
                    self.own = map.next_value_seed(self.list(&mut Names::default()))?;
                    let first = self.own.iter().find_map(FileAct::destination);
                    self.vector = Some(first.map(|(dst, dport)| Client { dst, dport }));
                }
                _ => {
                    let value = map.next_value::<Json>()?;
                    self.field(&key, &value).map_err(|fault| {
                        self.error = Some(ScenarioError::Place(fault.within(&key)));
                        A::Error::custom(STOPPED)
                    })?;
                }
            }
            self.keys.push(key);
        }
        Ok(())
    }
}

/// The client of a vector that never connects.
const CLIENT: Client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
/// Said to the reader of JSON when something else is wrong with the text.
const STOPPED: &str = "stopped";

impl File {
    /// The next list of acts.
    fn list<'a>(&'a mut self, names: &'a mut dyn NameStyle) -> List<'a> {
        List {
            acts: Vec::new(),
            before: self.loaded.len() + self.own.len(),
            names,
            unknown: &mut self.unknown,
            error: &mut self.error,
        }
    }

    fn field(&mut self, key: &str, value: &Json) -> Result<(), Fault> {
        match key {
            "config" => self.config = Some(config_from_json(value)?),
            "client" => self.client = Some(client(value)?),
            "tip" if *value == Json::Null => self.tip = Some(None),
            "tip" => self.tip = Some(Some(word(value)?)),
            "done" => self.done = Some(word(value)?),
            "probe" => self.probe = Some(word(value)?),
            "line" => self.line = Some(word(value)?),
            // What a vector says of itself.
            "name" | "about" | "features" => {}
            unknown => self.unknown.push(unknown.to_owned()),
        }
        Ok(())
    }

    fn saved(self) -> Result<Saved, ScenarioError> {
        let missing = |key| ScenarioError::Place(Fault::new(Wrong::Missing).within(key));
        let config = self.config.ok_or_else(|| missing("config"))?;
        let client = match (self.client, self.vector) {
            (Some(client), _) => client,
            (None, Some(first)) => first.unwrap_or(CLIENT),
            (None, None) => return Err(missing("client")),
        };
        let mut history = History { loaded: self.loaded.len() as u32, ..History::new(config) };
        history.acts = tree(self.loaded.into_iter().chain(self.own))?;
        history.tip = self.tip.unwrap_or(last(history.acts.len()));
        if history.tip.is_some_and(|tip| tip as usize >= history.acts.len()) {
            return Err(ScenarioError::Tip);
        }
        let line = self.line.unwrap_or(u32::MAX);
        let step = self.probe.map(|probe| Step { probe, line });
        history.at = Position { done: self.done.unwrap_or(u32::MAX), step };
        Ok(Saved { history, client })
    }
}

/// The acts in their places.
fn tree(entries: impl Iterator<Item = FileAct>) -> Result<Vec<Node>, ScenarioError> {
    let mut acts: Vec<Node> = Vec::new();
    let mut next_socket = 0;
    for entry in entries {
        let (id, number) = (acts.len(), acts.len() + 1);
        let error = |error| ScenarioError::History { number, error };
        if id >= ACTS_MAX {
            return Err(error(HistoryError::TooManyActs));
        }
        let node = entry.node(id, next_socket);
        if node.parent.is_some_and(|parent| parent as usize >= id) {
            return Err(error(HistoryError::Parent(id as ActId)));
        }
        node.act.check().map_err(|wrong| error(HistoryError::Act(wrong)))?;
        next_socket = next_socket.max(node.act.next_socket());
        acts.push(node);
    }
    Ok(acts)
}

fn client(json: &Json) -> Result<Client, Fault> {
    let mut fields = Fields::of(json)?;
    let client = Client { dst: fields.addr("dst")?, dport: fields.port("dport")? };
    fields.done()?;
    Ok(client)
}

/// A list of acts, read one by one.
struct List<'a> {
    acts: Vec<FileAct>,
    /// Acts that other lists have.
    before: usize,
    names: &'a mut dyn NameStyle,
    unknown: &'a mut Vec<String>,
    error: &'a mut Option<ScenarioError>,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = Vec<FileAct>;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Vec<FileAct>, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = Vec<FileAct>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of acts")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Vec<FileAct>, A::Error> {
        while let Some(json) = seq.next_element::<Json>()? {
            let number = self.before + self.acts.len() + 1;
            if json.get(NOTE).is_some() && !self.unknown.iter().any(|key| key == NOTE) {
                self.unknown.push(NOTE.to_owned());
            }
            let entry = match FileAct::read(json, self.names) {
                _ if number > ACTS_MAX => {
                    Err(ScenarioError::History { number, error: HistoryError::TooManyActs })
                }
                Ok(entry) => Ok(entry),
                Err(fault) => Err(ScenarioError::Act { number, fault }),
            };
            self.acts.push(entry.map_err(|error| {
                *self.error = Some(error);
                A::Error::custom(STOPPED)
            })?);
        }
        Ok(self.acts)
    }
}
