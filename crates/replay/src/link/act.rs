//! The acts of a link: each one's differences from the last of its kind, and repetitions.

use std::ops::RangeInclusive;

use error99_kernel::Call;

use super::bytes::{Reader, Writer, mask};
use super::kind::{
    self, BIND_EACH, CONNECT, KINDS, LOAD, NUMBERS_MAX, Number, Row, SYSCTL_TEXT, Tail,
};
use super::value::{is_word, one_less, one_more};
use super::{LinkError, Saved};
use crate::act::Act;
use crate::history::Node;
use crate::scenario::Client;

/// Bits of a kind's number, below the mask of the act's differences.
const KIND_BITS: u32 = 5;
const KIND_MASK: u64 = (1 << KIND_BITS) - 1;
/// In place of a kind: the last so many acts come again, and how often follows.
const REPEAT: u64 = KIND_MASK;
/// Most acts that are repeated together.
const PERIOD_MAX: usize = 16;
/// Bytes that a repetition may take.
const REPEAT_BYTES: usize = 4;
/// Numbers behind those of every kind that say where the act stands: how far its parent lies
/// from the last act, after how many of the parent's calls, and where the act was stopped.
const PLACE: usize = 3;

/// What writer and reader both know of the acts so far.
struct Context {
    /// The last row of each kind.
    usual: [Row; KINDS.len()],
    next_socket: u32,
    last_socket: u32,
    acts: u64,
    /// The version that has words for all of them.
    version: u8,
}

impl Context {
    fn new(client: Client) -> Context {
        let mut usual = [[0; NUMBERS_MAX]; KINDS.len()];
        for kind in [CONNECT, LOAD] {
            usual[kind][1..3].copy_from_slice(&[client.dst.0.into(), client.dport.into()]);
        }
        Context { usual, next_socket: 0, last_socket: 0, acts: 0, version: 1 }
    }

    /// The name that a socket's name is told from; 0 for other numbers.
    fn base(&self, number: &Number) -> u64 {
        match number {
            Number::Next => self.next_socket.into(),
            Number::Last => self.last_socket.into(),
            Number::Most(_) => 0,
        }
    }

    /// Learns of an act, whose names are told in `row` from others.
    fn note(&mut self, kind: usize, row: Row, act: &Act) {
        self.usual[kind] = row;
        self.version = self.version.max(kind::version(kind, &row));
        self.acts += 1;
        if let Some(last) = act.next_socket().checked_sub(1) {
            self.next_socket = self.next_socket.max(last + 1);
            self.last_socket = last;
        }
    }
}

// ── writing ─────────────────────────────────────────────────────

/// The acts of a history on their way into bytes. More of them can follow: each is written once, and
/// only what the end may become a repetition of stays open.
pub struct Acts {
    client: Client,
    context: Context,
    /// Every act by itself, and where each ends.
    each: Vec<u8>,
    ends: Vec<usize>,
    /// The acts before `at`, repetitions as such.
    bytes: Vec<u8>,
    at: usize,
    /// Acts since the last repetition.
    since_repeat: usize,
    /// For each period, how many acts from `at` on are known to repeat those before.
    same: [usize; PERIOD_MAX],
}

impl Acts {
    /// None yet, of a history with this client.
    pub fn new(client: Client) -> Acts {
        Acts {
            client,
            context: Context::new(client),
            each: Vec::new(),
            ends: Vec::new(),
            bytes: Vec::new(),
            at: 0,
            since_repeat: 0,
            same: [0; PERIOD_MAX],
        }
    }

    /// Whether they were begun with this client, of whom the first ones are told.
    pub fn are_of(&self, client: Client) -> bool {
        self.client == client
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Adds acts behind.
    pub fn add(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.each.extend(write_node(&mut self.context, node));
            self.ends.push(self.each.len());
        }
        self.settle(false);
    }

    /// The version that has words for all of them.
    pub fn version(&self) -> u8 {
        self.context.version
    }

    /// Writes all of them as if no more were to come, repetitions as such.
    pub fn write(&mut self, writer: &mut Writer) {
        let settled = (self.bytes.len(), self.at, self.since_repeat, self.same);
        self.settle(true);
        writer.bytes.extend(&self.bytes);
        self.bytes.truncate(settled.0);
        (_, self.at, self.since_repeat, self.same) = settled;
    }

    /// Goes on as far as no further act can change what is written, or to the end.
    fn settle(&mut self, to_end: bool) {
        while self.at < self.count() {
            let periods = 1..=PERIOD_MAX.min(self.since_repeat);
            periods.clone().for_each(|period| self.compare(period));
            let is_open = |period| self.at + self.same[period - 1] == self.count();
            if !to_end && periods.clone().any(is_open) {
                return;
            }
            self.decide(periods);
        }
    }

    /// Finds out how many acts from `at` on repeat the `period` acts before.
    fn compare(&mut self, period: usize) {
        let first = self.at + self.same[period - 1];
        let repeats = |at: &usize| {
            let act = self.act(*at);
            act == self.act(at - period) && !is_open(act[0].into())
        };
        self.same[period - 1] += (first..self.count()).take_while(repeats).count();
    }

    /// Writes the act at `at`, or a repetition that begins there, in whole periods.
    fn decide(&mut self, periods: RangeInclusive<usize>) {
        let repeats = periods.map(|period| (period, self.same[period - 1] / period * period));
        let (period, len) = repeats.max_by_key(|(period, len)| (*len, !period)).unwrap_or((0, 0));
        let begin = self.begin(self.at);
        if self.begin(self.at + len) - begin > REPEAT_BYTES {
            let mut writer = Writer::default();
            writer.number(REPEAT | (period as u64) << KIND_BITS);
            writer.number((len / period) as u64);
            self.bytes.extend(writer.bytes);
            (self.at, self.since_repeat) = (self.at + len, 0);
        } else {
            self.bytes.extend(&self.each[begin..self.ends[self.at]]);
            (self.at, self.since_repeat) = (self.at + 1, self.since_repeat + 1);
        }
        self.same = [0; PERIOD_MAX];
    }

    fn act(&self, at: usize) -> &[u8] {
        &self.each[self.begin(at)..self.ends[at]]
    }

    /// Where an act begins in `each`.
    fn begin(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

/// Whether more than numbers belongs to the act that begins so.
fn is_open(tag: u64) -> bool {
    kind::is_open((tag & KIND_MASK) as usize)
}

fn write_node(context: &mut Context, node: &Node) -> Vec<u8> {
    let (kind, mut row) = kind::numbers(&node.act);
    let own = KINDS[kind].len();
    for (value, number) in row.iter_mut().zip(KINDS[kind]) {
        *value = value.wrapping_sub(context.base(number));
    }
    let place = [
        context.acts.wrapping_sub(one_more(node.parent)),
        node.after.wrapping_add(1).into(),
        one_more(node.stopped),
    ];
    let usual = [&context.usual[kind][..own], &[0; PLACE]].concat();
    let whole = [&row[..own], &place].concat();
    let mut writer = Writer::default();
    writer.number(kind as u64 | mask(&whole, &usual) << KIND_BITS);
    writer.differences(&whole, &usual);
    match &node.act {
        Act::Bind(act) => write_ports(&mut writer, &act.ports),
        Act::Call(Call::SysctlText { text, .. }) => writer.bytes.extend(text.bytes()),
        _ => {}
    }
    context.note(kind, row, &node.act);
    writer.bytes
}

/// Each run as its distance from the run before, and whether its length follows.
fn write_ports(writer: &mut Writer, ports: &[[u16; 2]]) {
    let mut last = 0;
    for &[from, to] in ports {
        let far = i64::from(from) - last;
        let longer = from != to;
        writer.number(((far << 1 ^ far >> 63) as u64) << 1 | u64::from(longer));
        if longer {
            writer.distance(from.into(), to.into());
        }
        last = to.into();
    }
}

// ── reading ─────────────────────────────────────────────────────

/// Reads the acts, in the words of that version, into the state.
pub fn read(reader: &mut Reader<'_>, version: u8, state: &mut Saved) -> Result<(), LinkError> {
    let mut context = Context::new(state.client);
    // Where the acts since the last repetition begin.
    let mut begins = Vec::new();
    while !reader.is_over() {
        let begin = reader.at;
        let tag = reader.number()?;
        if tag & KIND_MASK != REPEAT {
            begins.push(begin);
            read_act(reader, version, &mut context, state, tag)?;
            continue;
        }
        let times = reader.number()?;
        let resume = reader.at;
        let period = usize::try_from(tag >> KIND_BITS).ok().filter(|period| *period > 0);
        let first = period.and_then(|period| begins.len().checked_sub(period));
        let first = *first.and_then(|first| begins.get(first)).ok_or(reader.torn())?;
        // Every turn adds an act, and the history takes so many only.
        for _ in 0..times {
            reader.at = first;
            while reader.at < begin {
                let tag = reader.number()?;
                reader.require(!is_open(tag))?;
                read_act(reader, version, &mut context, state, tag)?;
            }
        }
        reader.at = resume;
        begins.clear();
    }
    Ok(())
}

fn read_act(
    reader: &mut Reader<'_>,
    version: u8,
    context: &mut Context,
    state: &mut Saved,
    tag: u64,
) -> Result<(), LinkError> {
    let kind = (tag & KIND_MASK) as usize;
    let numbers = *KINDS.get(kind).ok_or(reader.torn())?;
    let mut row = context.usual[kind];
    let mut place = [0; PLACE];
    let mask = tag >> KIND_BITS;
    reader.differences(mask & ((1 << numbers.len()) - 1), &mut row)?;
    reader.differences(mask >> numbers.len(), &mut place)?;
    let mut values = row;
    for (value, number) in values.iter_mut().zip(numbers) {
        *value = value.wrapping_add(context.base(number));
        let most = if let Number::Most(most) = number { *most } else { u32::MAX.into() };
        reader.require(*value <= most)?;
    }
    let [parent_back, after, stopped] = place;
    reader.require(is_word(after) && is_word(stopped.saturating_sub(1)))?;
    let parent = context.acts.checked_sub(parent_back).ok_or(reader.torn())?;
    let mut tail = Tail::default();
    match kind {
        BIND_EACH => tail.ports = read_ports(reader, values[2])?,
        SYSCTL_TEXT => tail.text = reader.text(values[1])?,
        _ => {}
    }
    let act = kind::act(kind, &values, tail).ok_or(reader.torn())?;
    context.note(kind, row, &act);
    reader.require(context.version <= version)?;
    let after = (after as u32).wrapping_sub(1);
    let id = state.history.push(one_less(parent), after, act).map_err(LinkError::History)?;
    state.history.acts[id as usize].stopped = one_less(stopped);
    Ok(())
}

/// So many runs of ports. They take a byte each, so there are no more than the text has room for.
fn read_ports(reader: &mut Reader<'_>, count: u64) -> Result<Vec<[u16; 2]>, LinkError> {
    let (mut ports, mut last) = (Vec::new(), 0_u64);
    for _ in 0..count {
        let code = reader.number()?;
        let far = code >> 1;
        let from = last.wrapping_add(far >> 1 ^ (far & 1).wrapping_neg());
        last = if code & 1 == 1 { reader.distance(from)? } else { from };
        reader.require(from.max(last) <= u16::MAX.into())?;
        ports.push([from as u16, last as u16]);
    }
    Ok(ports)
}
