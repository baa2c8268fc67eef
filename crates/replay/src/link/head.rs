//! What a link says before its acts: the moment, the client and the configuration.

use error99_kernel::{Addr, Config, Release};

use super::bytes::{Reader, Writer, mask};
use super::value::{
    is_word, one_less, one_more, range, range_number, release, release_number, sysctl,
    sysctl_number, sysctl_numbers, sysctl_of, sysctl_version,
};
use super::{LinkError, Saved};
use crate::history::{History, Position, Step};
use crate::scenario::Client;

/// What the client's fields usually hold: 10.0.0.2, port 80.
const CLIENT: Client = Client { dst: Addr::new(10, 0, 0, 2), dport: 80 };
/// The usual local address.
const LOCAL_USUAL: Addr = Addr::new(10, 0, 0, 1);
/// Numbers that say the moment and the client.
const MOMENT: usize = 7;
/// Numbers of a configuration, and where those of its lists and of its secret stand.
const CONFIG: usize = 26;
const SYSCTLS: usize = 2;
const LOCAL: usize = 3;
const UNREACHABLE: usize = 5;
const SECRET: usize = 14;
/// Numbers of a configuration that version 2 has besides, and where those of its texts and of its
/// secrets stand.
const MORE: usize = 27;
const TEXTS: usize = 6;
const NET_SECRET: usize = 9;
const SECRET16: usize = 11;

/// The version that has words for all of a configuration.
pub fn version(config: &Config) -> u8 {
    let sysctls =
        config.sysctl.iter().map(|(sysctl, _)| sysctl_version(sysctl_number(*sysctl) * 2));
    let more = 1 + u8::from(more(config) != more(&usual(1)));
    sysctls.fold(more, u8::max)
}

pub fn write(writer: &mut Writer, version: u8, history: &History, client: Client) {
    let config = &history.config;
    let usual = usual(version);
    write_row(writer, &moment(history, client), &usual_moment());
    write_row(writer, &numbers(config), &numbers(&usual));
    if version > 1 {
        write_row(writer, &more(config), &more(&usual));
    }
    for &(sysctl, value) in &config.sysctl {
        sysctl_numbers(sysctl, value).into_iter().for_each(|number| writer.number(number));
    }
    let local = config.local.iter().filter(|_| !usual_local(config));
    let mut last = 0;
    for addr in local.chain(&config.unreachable) {
        writer.distance(last, addr.0.into());
        last = addr.0.into();
    }
    for (place, sysctl, text) in &config.texts {
        let numbers = [*place as u64, sysctl_number(*sysctl), text.len() as u64];
        numbers.into_iter().for_each(|number| writer.number(number));
        writer.bytes.extend(text.bytes());
    }
}

/// The state without its acts, and how far its tip lies from the last one.
pub fn read(reader: &mut Reader<'_>, version: u8) -> Result<(Saved, u64), LinkError> {
    let mut row = usual_moment();
    read_row(reader, &mut row)?;
    let [done, loaded, probe, line, dst, dport, tip_back] = row;
    let words = [done, loaded, dst, line, probe.saturating_sub(1)];
    reader.require(words.into_iter().all(is_word) && dport <= 65_535)?;
    let step = one_less(probe).map(|probe| Step { probe, line: (line as u32).wrapping_sub(1) });
    let at = Position { done: (done as u32).wrapping_sub(1), step };
    let client = Client { dst: Addr(dst as u32), dport: dport as u16 };
    let history =
        History { at, loaded: loaded as u32, ..History::new(read_config(reader, version)?) };
    Ok((Saved { history, client }, tip_back))
}

fn write_row(writer: &mut Writer, row: &[u64], usual: &[u64]) {
    writer.number(mask(row, usual));
    writer.differences(row, usual);
}

fn read_row(reader: &mut Reader<'_>, usual: &mut [u64]) -> Result<(), LinkError> {
    let mask = reader.number()?;
    reader.differences(mask, usual)
}

fn moment(history: &History, client: Client) -> [u64; MOMENT] {
    let Position { done, step } = history.at;
    [
        // Files call the end of the branch, and of a probe, by the last number that there is.
        done.wrapping_add(1).into(),
        history.loaded.into(),
        one_more(step.map(|step| step.probe)),
        step.map_or(0, |step| step.line.wrapping_add(1).into()),
        client.dst.0.into(),
        client.dport.into(),
        (history.acts.len() as u64).wrapping_sub(one_more(history.tip)),
    ]
}

fn usual_moment() -> [u64; MOMENT] {
    [0, 0, 0, 0, CLIENT.dst.0.into(), CLIENT.dport.into(), 0]
}

fn usual_local(config: &Config) -> bool {
    config.local == [LOCAL_USUAL]
}

/// The configuration of which links say only what differs. It belongs to the format: what machines
/// boot with when nothing is said may change, this never does.
fn usual(version: u8) -> Config {
    let first = Config {
        release: Release::V2_6_32,
        ehash_size: 65_536,
        bhash_size: 65_536,
        start_sec: 1_260_000_000,
        hz: 1000,
        start_jiffies: 4_294_667_296,
        phase_us: 0,
        start_mono_ms: 0,
        secret: std::array::from_fn(|i| 0x1111_1111_u32.wrapping_mul(i as u32 + 1)),
        secret16: std::array::from_fn(|i| 0x1111_1111_u32.wrapping_mul(i as u32 + 1)),
        net_secret: [0x1111_1111_1111_1111, 0x2222_2222_2222_2222],
        perturb_seed: 1,
        ehash_secret: 0x1234_5678,
        mix: 0,
        hint: 0,
        seed: 1,
        local: vec![LOCAL_USUAL],
        default_src: LOCAL_USUAL,
        unreachable: Vec::new(),
        loop_wire: false,
        rto_ms: 200,
        sysctl: Vec::new(),
        texts: Vec::new(),
        force_range: None,
        port_offset: None,
    };
    if version == 1 {
        return first;
    }
    Config {
        release: Release::V6_12,
        hz: 250,
        start_jiffies: 4_295_142_296,
        phase_us: 500,
        start_mono_ms: 1_000_000,
        ..first
    }
}

/// A configuration as numbers; of its lists only how long they are.
fn numbers(config: &Config) -> [u64; CONFIG] {
    let mut row = [0; CONFIG];
    row[..SECRET].copy_from_slice(&[
        config.bhash_size.into(),
        config.ehash_size.into(),
        config.sysctl.len() as u64,
        if usual_local(config) { 0 } else { 1 + config.local.len() as u64 },
        config.default_src.0.into(),
        config.unreachable.len() as u64,
        config.hint.into(),
        config.seed.into(),
        config.start_sec.into(),
        u64::from(config.start_jiffies as u32),
        config.rto_ms.into(),
        u64::from(config.mix) | u64::from(config.ehash_secret) << 32,
        range_number(config.force_range),
        one_more(config.port_offset.map(|word| word as u32)),
    ]);
    for (number, word) in row[SECRET..].iter_mut().zip(config.secret) {
        *number = word.into();
    }
    row
}

/// What version 2 says besides.
fn more(config: &Config) -> [u64; MORE] {
    let mut row = [0; MORE];
    row[..NET_SECRET].copy_from_slice(&[
        release_number(config.release),
        config.hz.into(),
        config.perturb_seed.into(),
        config.start_jiffies >> 32,
        config.start_mono_ms,
        config.phase_us.into(),
        config.texts.len() as u64,
        config.port_offset.unwrap_or_default() >> 32,
        config.loop_wire.into(),
    ]);
    row[NET_SECRET..SECRET16].copy_from_slice(&config.net_secret);
    for (number, word) in row[SECRET16..].iter_mut().zip(config.secret16) {
        *number = word.into();
    }
    row
}

fn read_config(reader: &mut Reader<'_>, version: u8) -> Result<Config, LinkError> {
    let usual = usual(version);
    let (mut row, mut more) = (numbers(&usual), more(&usual));
    read_row(reader, &mut row)?;
    if version > 1 {
        read_row(reader, &mut more)?;
    }
    let [number, hz, perturb, jiffies_high, mono, phase, _, offset_high, loop_wire, ..] = more;
    let words = [hz, perturb, jiffies_high, phase, offset_high];
    reader.require(words.iter().chain(&more[SECRET16..]).copied().all(is_word) && loop_wire < 2)?;
    let release = release(number).ok_or(reader.torn())?;
    let [bhash, ehash, _, _, src, _, hint, seed, sec, jiffies, rto, mixes, forced, offset, ..] =
        row;
    let words = [bhash, ehash, src, hint, seed, sec, jiffies, rto, offset.saturating_sub(1)];
    reader.require(words.iter().chain(&row[SECRET..]).copied().all(is_word))?;
    let force_range = range(forced).ok_or(reader.torn())?;
    let mut sysctls = Vec::new();
    for _ in 0..row[SYSCTLS] {
        let numbers = [reader.number()?, reader.number()?, reader.number()?];
        reader.require(sysctl_version(numbers[0]) <= version)?;
        sysctls.push(sysctl(numbers).ok_or(reader.torn())?);
    }
    let mut last = 0;
    let local = match row[LOCAL].checked_sub(1) {
        None => usual.local.clone(),
        Some(count) => addresses(reader, &mut last, count)?,
    };
    let unreachable = addresses(reader, &mut last, row[UNREACHABLE])?;
    let mut texts = Vec::new();
    for _ in 0..more[TEXTS] {
        let [place, sysctl, len] = [reader.number()?, reader.number()?, reader.number()?];
        reader.require(is_word(place))?;
        let sysctl = sysctl_of(sysctl).ok_or(reader.torn())?;
        texts.push((place as usize, sysctl, reader.text(len)?));
    }
    Ok(Config {
        release,
        bhash_size: bhash as u32,
        ehash_size: ehash as u32,
        sysctl: sysctls,
        local,
        default_src: Addr(src as u32),
        unreachable,
        hint: hint as u32,
        seed: seed as u32,
        start_sec: sec as u32,
        hz: hz as u32,
        start_jiffies: jiffies_high << 32 | jiffies,
        phase_us: phase as u32,
        start_mono_ms: mono,
        rto_ms: rto as u32,
        mix: mixes as u32,
        ehash_secret: (mixes >> 32) as u32,
        force_range,
        port_offset: one_less(offset).map(|word| offset_high << 32 | u64::from(word)),
        perturb_seed: perturb as u32,
        loop_wire: loop_wire == 1,
        texts,
        secret: std::array::from_fn(|i| row[SECRET + i] as u32),
        secret16: std::array::from_fn(|i| more[SECRET16 + i] as u32),
        net_secret: [more[NET_SECRET], more[NET_SECRET + 1]],
    })
}

/// So many addresses, each as its distance from the one before. They take a byte each, so there
/// are no more than the text has room for.
fn addresses(reader: &mut Reader<'_>, last: &mut u64, count: u64) -> Result<Vec<Addr>, LinkError> {
    let mut list = Vec::new();
    for _ in 0..count {
        *last = reader.distance(*last)?;
        reader.require(is_word(*last))?;
        list.push(Addr(*last as u32));
    }
    Ok(list)
}
