//! The JSON of a configuration.
//!
//! With a key `kernel` it is that release's, and has the keys that the vectors of that release
//! have, and those of [`SHAPE`]; without one it is 2.6.32's.

use error99_kernel::{
    ADDRESSES_MAX, Addr, BOOT_SYSCTLS_MAX, Call, Config, Release, START_JIFFIES_MAX,
    START_MONO_MS_MAX, Sysctl, SysctlValue,
};

use super::json::Json;
use super::reader::{Fault, Fields, Wrong, as_addr, as_int, as_text, as_word64, as_words};

const WORD_MAX: i64 = u32::MAX as i64;
/// What vectors of 2.6.32 can say of every machine, and those of later releases leave as it is.
const SHAPE: [Key; 5] = [
    ("ehash_size", |config| &mut config.ehash_size),
    ("bhash_size", |config| &mut config.bhash_size),
    ("ehash_secret", |config| &mut config.ehash_secret),
    ("mix", |config| &mut config.mix),
    ("start_sec", |config| &mut config.start_sec),
];
/// A key, and the number that it names.
type Key = (&'static str, fn(&mut Config) -> &mut u32);
/// Bytes of the longest release name.
const NAME_BYTES_MAX: usize = 16;
/// Bytes of the longest text for a sysctl.
pub(super) const TEXT_BYTES_MAX: usize = 65_536;

pub(super) fn from_json(json: &Json) -> Result<Config, Fault> {
    let mut fields = Fields::of(json)?;
    let kernel = fields.optional_text("kernel", NAME_BYTES_MAX)?;
    let release = match kernel {
        Some(name) => {
            Release::parse(&name).ok_or_else(|| Fault::new(Wrong::Kernel).within("kernel"))?
        }
        None => Release::V2_6_32,
    };
    let usual = Config::of(release);
    let mut config = match release {
        Release::V2_6_32 => first(&mut fields, usual)?,
        _ => later(&mut fields, usual)?,
    };
    if let Some(json) = fields.optional("local") {
        config.local = addresses(json).map_err(|fault| fault.within("local"))?;
    }
    if let Some(json) = fields.optional("default_src") {
        config.default_src = as_addr(json).map_err(|fault| fault.within("default_src"))?;
    }
    if let Some(json) = fields.optional("unreachable") {
        config.unreachable = addresses(json).map_err(|fault| fault.within("unreachable"))?;
    }
    if let Some(json) = fields.optional("sysctl") {
        sysctls(json, &mut config).map_err(|fault| fault.within("sysctl"))?;
    }
    if let Some(json) = fields.optional("force_range") {
        config.force_range = range(json).map_err(|fault| fault.within("force_range"))?;
    }
    if let Some(json) = fields.optional("port_offset") {
        config.port_offset = offset(json).map_err(|fault| fault.within("port_offset"))?;
    }
    fields.done()?;
    config.check().map_err(|error| Fault::new(Wrong::Config(error)))?;
    Ok(config)
}

/// What only 2.6.32 has.
fn first(fields: &mut Fields<'_>, usual: Config) -> Result<Config, Fault> {
    let mut word = |key: &str, usual: u32| -> Result<u32, Fault> {
        fields.int_or(key, usual.into(), 0, WORD_MAX).map(|word| word as u32)
    };
    let mut config = Config {
        ehash_size: word("ehash_size", usual.ehash_size)?,
        bhash_size: word("bhash_size", usual.bhash_size)?,
        start_sec: word("start_sec", usual.start_sec)?,
        start_jiffies: word("start_jiffies", usual.start_jiffies as u32)?.into(),
        ehash_secret: word("ehash_secret", usual.ehash_secret)?,
        mix: word("mix", usual.mix)?,
        hint: word("hint", usual.hint)?,
        seed: word("seed", usual.seed)?,
        rto_ms: word("rto_ms", usual.rto_ms)?,
        ..usual
    };
    fields.int_or("hz", 1000, 1000, 1000)?;
    if let Some(json) = fields.optional("secret") {
        config.secret = as_words(json).map_err(|fault| fault.within("secret"))?;
    }
    Ok(config)
}

/// What only later releases have.
fn later(fields: &mut Fields<'_>, usual: Config) -> Result<Config, Fault> {
    let mut int = |key: &str, usual: u64, max: u64| -> Result<u64, Fault> {
        fields.int_or(key, usual as i64, 0, max as i64).map(|value| value as u64)
    };
    let word = u64::from(u32::MAX);
    let mut config = Config {
        hz: int("hz", usual.hz.into(), word)? as u32,
        start_mono_ms: int("start_mono_ms", usual.start_mono_ms, START_MONO_MS_MAX)?,
        start_jiffies: int("start_jiffies", usual.start_jiffies, START_JIFFIES_MAX)?,
        phase_us: int("phase_us", usual.phase_us.into(), 999)? as u32,
        seed: int("seed", usual.seed.into(), word)? as u32,
        ..usual
    };
    for (key, number) in SHAPE {
        let number = number(&mut config);
        *number = fields.int_or(key, (*number).into(), 0, WORD_MAX)? as u32;
    }
    config.loop_wire = fields.flag_or("loop_wire", false)?;
    if config.release <= Release::V4_19 {
        config.hint = fields.int_or("hint", config.hint.into(), 0, WORD_MAX)? as u32;
    } else {
        config.perturb_seed =
            fields.int_or("perturb_seed", config.perturb_seed.into(), 0, WORD_MAX)? as u32;
    }
    if has_wall(config.release) {
        config.start_sec = fields.int_or("wall_sec", config.start_sec.into(), 0, WORD_MAX)? as u32;
        if let Some(json) = fields.optional("secret16") {
            config.secret16 = as_words(json).map_err(|fault| fault.within("secret16"))?;
        }
    } else if let Some(json) = fields.optional("net_secret") {
        config.net_secret = words64(json).map_err(|fault| fault.within("net_secret"))?;
    }
    Ok(config)
}

/// Whether a later release has a hash by MD5 and stamps of the wall clock, and so keys for these.
fn has_wall(release: Release) -> bool {
    release <= Release::Rhel7
}

/// Two words of 64 bits.
fn words64(json: &Json) -> Result<[u64; 2], Fault> {
    match json {
        Json::List(list) => match &list[..] {
            [first, second] => Ok([as_word64(first)?, as_word64(second)?]),
            _ => Err(Fault::new(Wrong::Words(2))),
        },
        _ => Err(Fault::new(Wrong::Words(2))),
    }
}

fn addresses(json: &Json) -> Result<Vec<Addr>, Fault> {
    match json {
        Json::List(list) if list.len() <= ADDRESSES_MAX => list.iter().map(as_addr).collect(),
        _ => Err(Fault::new(Wrong::Addresses(ADDRESSES_MAX))),
    }
}

fn sysctls(json: &Json, config: &mut Config) -> Result<(), Fault> {
    let Json::Object(entries) = json else {
        return Err(Fault::new(Wrong::Object));
    };
    if entries.len() > BOOT_SYSCTLS_MAX {
        return Err(Fault::new(Wrong::Entries(BOOT_SYSCTLS_MAX)));
    }
    for (name, value) in entries {
        let sysctl = Sysctl::parse(name).ok_or_else(|| Fault::new(Wrong::Sysctl).within(name))?;
        match written(value).map_err(|fault| fault.within(name))? {
            SysctlInput::Numbers(value) => config.sysctl.push((sysctl, value)),
            SysctlInput::Text(text) => config.texts.push((config.sysctl.len(), sysctl, text)),
        }
    }
    Ok(())
}

/// What is written to a sysctl.
pub(super) enum SysctlInput {
    Numbers(SysctlValue),
    Text(Box<str>),
}

/// One number, a list of one or two, or a text. Numbers that have no place among these stand as a
/// text.
pub(super) fn written(json: &Json) -> Result<SysctlInput, Fault> {
    let number = |json: &Json| match json {
        Json::Int(value) => i32::try_from(*value).ok(),
        _ => None,
    };
    let numbers = match json {
        Json::Text(_) => return Ok(SysctlInput::Text(as_text(json, TEXT_BYTES_MAX)?.into())),
        Json::Int(_) => number(json).map(SysctlValue::One),
        Json::List(list) => match &list[..] {
            [only] => number(only).map(SysctlValue::One),
            [first, second] => {
                number(first).and_then(|first| Some(SysctlValue::Two(first, number(second)?)))
            }
            _ => None,
        },
        _ => return Err(Fault::new(Wrong::OneOrTwo)),
    };
    match (numbers, json) {
        (Some(value), _) => Ok(SysctlInput::Numbers(value)),
        (None, Json::Int(value)) => Ok(SysctlInput::Text(value.to_string().into())),
        (None, Json::List(list)) if !list.is_empty() && list.len() <= BOOT_SYSCTLS_MAX => {
            let text = |json: &Json| as_int(json, i64::MIN, i64::MAX).map(|v| v.to_string());
            let texts: Result<Vec<String>, Fault> = list.iter().map(text).collect();
            Ok(SysctlInput::Text(texts?.join(" ").into()))
        }
        _ => Err(Fault::new(Wrong::OneOrTwo)),
    }
}

/// One number stands alone, but for a range's.
pub(super) fn sysctl_json(sysctl: Sysctl, value: SysctlValue) -> Json {
    match value {
        SysctlValue::One(low) if sysctl == Sysctl::PortRange => Json::List(vec![low.into()]),
        SysctlValue::One(value) => value.into(),
        SysctlValue::Two(first, second) => Json::List(vec![first.into(), second.into()]),
    }
}

fn range(json: &Json) -> Result<Option<(u16, u16)>, Fault> {
    let fault = || Fault::new(Wrong::TwoPorts);
    let port = |json, min| as_int(json, min, 65_535).map(|port| port as u16).map_err(|_| fault());
    match json {
        Json::Null => Ok(None),
        Json::List(list) => match &list[..] {
            [low, high] => Ok(Some((port(low, 1)?, port(high, 0)?))),
            _ => Err(fault()),
        },
        _ => Err(fault()),
    }
}

/// `null`, or a word: a number of 32 bits, or a text of 64.
pub(super) fn offset(json: &Json) -> Result<Option<u64>, Fault> {
    match json {
        Json::Null => Ok(None),
        json => as_word64(json).map(Some),
    }
}

/// A word that a number of 32 bits or a text holds.
pub(super) fn offset_json(offset: Option<u64>) -> Json {
    match offset.map(|word| (u32::try_from(word), word)) {
        None => Json::Null,
        Some((Ok(word), _)) => word.into(),
        Some((Err(_), word)) => word.to_string().into(),
    }
}

pub(super) fn to_json(config: &Config) -> Json {
    let entries = match config.release {
        Release::V2_6_32 => first_json(config),
        _ => later_json(config),
    };
    Json::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Addresses, under the keys that every release has.
fn addresses_json(config: &Config) -> [(&'static str, Json); 3] {
    let address = |addr: &Addr| Json::Text(addr.to_string());
    let list = |addrs: &[Addr]| Json::List(addrs.iter().map(address).collect());
    [
        ("local", list(&config.local)),
        ("default_src", address(&config.default_src)),
        ("unreachable", list(&config.unreachable)),
    ]
}

/// Numbers and texts in the order in which they are written.
fn sysctls_json(config: &Config) -> Json {
    let entry = |call: Call| match call {
        Call::Sysctl { sysctl, value } => Some((sysctl, sysctl_json(sysctl, value))),
        Call::SysctlText { sysctl, text } => Some((sysctl, Json::Text(text.into()))),
        _ => None,
    };
    let entries = config.pre_calls().into_iter().filter_map(entry);
    Json::Object(entries.map(|(sysctl, value)| (sysctl.name().to_owned(), value)).collect())
}

fn range_json(range: Option<(u16, u16)>) -> Json {
    range.map_or(Json::Null, |(low, high)| Json::List(vec![low.into(), high.into()]))
}

fn first_json(config: &Config) -> Vec<(&'static str, Json)> {
    let mut entries = vec![
        ("ehash_size", config.ehash_size.into()),
        ("bhash_size", config.bhash_size.into()),
        ("start_sec", config.start_sec.into()),
        ("start_jiffies", (config.start_jiffies as u32).into()),
        ("secret", words(&config.secret)),
        ("ehash_secret", config.ehash_secret.into()),
        ("hint", config.hint.into()),
        ("seed", config.seed.into()),
    ];
    entries.extend(addresses_json(config));
    entries.extend([
        ("rto_ms", config.rto_ms.into()),
        ("sysctl", sysctls_json(config)),
        ("force_range", range_json(config.force_range)),
        ("port_offset", offset_json(config.port_offset)),
        ("hz", 1000_i64.into()),
    ]);
    if config.mix != 0 {
        entries.push(("mix", config.mix.into()));
    }
    entries
}

fn later_json(config: &Config) -> Vec<(&'static str, Json)> {
    let mut entries: Vec<(&str, Json)> = vec![
        ("kernel", config.release.name().into()),
        ("hz", config.hz.into()),
        ("start_mono_ms", (config.start_mono_ms as i64).into()),
        ("start_jiffies", (config.start_jiffies as i64).into()),
        ("phase_us", config.phase_us.into()),
    ];
    if !has_wall(config.release) {
        let words = config.net_secret.iter().map(|word| word.to_string().into());
        entries.push(("net_secret", Json::List(words.collect())));
    }
    entries.push(match config.release {
        release if release <= Release::V4_19 => ("hint", config.hint.into()),
        _ => ("perturb_seed", config.perturb_seed.into()),
    });
    entries.push(("seed", config.seed.into()));
    entries.extend(addresses_json(config));
    entries.extend([
        ("loop_wire", config.loop_wire.into()),
        ("sysctl", sysctls_json(config)),
        ("port_offset", config.port_offset.map_or(Json::Null, |word| word.to_string().into())),
    ]);
    if has_wall(config.release) {
        entries.push(("secret16", words(&config.secret16)));
        entries.push(("wall_sec", config.start_sec.into()));
    }
    let (mut usual, mut config) = (Config::of(config.release), config.clone());
    for (key, number) in SHAPE {
        let value = *number(&mut config);
        let said = key == "start_sec" && has_wall(config.release);
        if value != *number(&mut usual) && !said {
            entries.push((key, value.into()));
        }
    }
    if config.force_range.is_some() {
        entries.push(("force_range", range_json(config.force_range)));
    }
    entries
}

pub(super) fn words(words: &[u32]) -> Json {
    Json::List(words.iter().map(|word| (*word).into()).collect())
}
