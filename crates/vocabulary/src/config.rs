//! The JSON of a configuration.

use error99_kernel::{ADDRESSES_MAX, Addr, BOOT_SYSCTLS_MAX, Config, Sysctl, SysctlValue};

use super::json::Json;
use super::reader::{Fault, Fields, Wrong, as_addr, as_int, as_words};

const WORD_MAX: i64 = u32::MAX as i64;

pub(super) fn from_json(json: &Json) -> Result<Config, Fault> {
    let mut fields = Fields::of(json)?;
    let usual = Config::default();
    let mut word = |key: &str, usual: u32| -> Result<u32, Fault> {
        fields.int_or(key, usual.into(), 0, WORD_MAX).map(|word| word as u32)
    };
    let mut config = Config {
        ehash_size: word("ehash_size", usual.ehash_size)?,
        bhash_size: word("bhash_size", usual.bhash_size)?,
        start_sec: word("start_sec", usual.start_sec)?,
        start_jiffies: word("start_jiffies", usual.start_jiffies)?,
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
        config.sysctl = sysctls(json).map_err(|fault| fault.within("sysctl"))?;
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

fn addresses(json: &Json) -> Result<Vec<Addr>, Fault> {
    match json {
        Json::List(list) if list.len() <= ADDRESSES_MAX => list.iter().map(as_addr).collect(),
        _ => Err(Fault::new(Wrong::Addresses(ADDRESSES_MAX))),
    }
}

fn sysctls(json: &Json) -> Result<Vec<(Sysctl, SysctlValue)>, Fault> {
    let Json::Object(entries) = json else {
        return Err(Fault::new(Wrong::Object));
    };
    if entries.len() > BOOT_SYSCTLS_MAX {
        return Err(Fault::new(Wrong::Entries(BOOT_SYSCTLS_MAX)));
    }
    let entry = |(name, value): &(String, Json)| -> Result<_, Fault> {
        let sysctl = Sysctl::parse(name).ok_or_else(|| Fault::new(Wrong::Sysctl).within(name))?;
        Ok((sysctl, sysctl_value(value).map_err(|fault| fault.within(name))?))
    };
    entries.iter().map(entry).collect()
}

/// One number, or a list of one or two.
pub(super) fn sysctl_value(json: &Json) -> Result<SysctlValue, Fault> {
    let number = |json| as_int(json, i32::MIN.into(), i32::MAX.into()).map(|value| value as i32);
    match json {
        Json::List(list) => match &list[..] {
            [only] => number(only).map(SysctlValue::One),
            [first, second] => Ok(SysctlValue::Two(number(first)?, number(second)?)),
            _ => Err(Fault::new(Wrong::OneOrTwo)),
        },
        json => number(json).map(SysctlValue::One),
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

/// `null`, or 32 bits.
pub(super) fn offset(json: &Json) -> Result<Option<u32>, Fault> {
    match json {
        Json::Null => Ok(None),
        json => as_int(json, 0, WORD_MAX).map(|word| Some(word as u32)),
    }
}

pub(super) fn to_json(config: &Config) -> Json {
    let address = |addr: &Addr| Json::Text(addr.to_string());
    let sysctl = |(sysctl, value): &(Sysctl, SysctlValue)| {
        (sysctl.name().to_owned(), sysctl_json(*sysctl, *value))
    };
    let range = config
        .force_range
        .map_or(Json::Null, |(low, high)| Json::List(vec![low.into(), high.into()]));
    let Json::Object(mut entries) = Json::object([
        ("ehash_size", config.ehash_size.into()),
        ("bhash_size", config.bhash_size.into()),
        ("start_sec", config.start_sec.into()),
        ("start_jiffies", config.start_jiffies.into()),
        ("secret", words(&config.secret)),
        ("ehash_secret", config.ehash_secret.into()),
        ("hint", config.hint.into()),
        ("seed", config.seed.into()),
        ("local", Json::List(config.local.iter().map(address).collect())),
        ("default_src", address(&config.default_src)),
        ("unreachable", Json::List(config.unreachable.iter().map(address).collect())),
        ("rto_ms", config.rto_ms.into()),
        ("sysctl", Json::Object(config.sysctl.iter().map(sysctl).collect())),
        ("force_range", range),
        ("port_offset", config.port_offset.map_or(Json::Null, Json::from)),
        ("hz", 1000_i64.into()),
    ]) else {
        return Json::Null;
    };
    if config.mix != 0 {
        entries.push(("mix".into(), config.mix.into()));
    }
    Json::Object(entries)
}

pub(super) fn words(words: &[u32]) -> Json {
    Json::List(words.iter().map(|word| (*word).into()).collect())
}
