//! The JSON of a call: `{ "op": "connect", "s": "a", "dst": "10.0.0.2", "dport": 80 }`.

use error99_kernel::{
    CLOCK_MS_MAX, Call, CloseHow, Errno, START_SEC_MAX, SocketName, Sysctl, Tuple, TwSegment,
};

use super::config::{SysctlInput, offset, offset_json, sysctl_json, words, written};
use super::json::Json;
use super::reader::{Fault, Fields, Wrong, as_text};
use super::{NAME_BYTES_MAX, NameStyle};

const WORD_MAX: i64 = u32::MAX as i64;
/// Bytes of the longest word of the vocabulary.
const WORD_BYTES_MAX: usize = 64;

pub(super) fn from_json(json: &Json, names: &mut dyn NameStyle) -> Result<Call, Fault> {
    let mut fields = Fields::of(json)?;
    let op = fields.text("op", WORD_BYTES_MAX)?;
    let call = read(&op, &mut fields, names)?;
    fields.done()?;
    Ok(call)
}

fn read(op: &str, fields: &mut Fields<'_>, names: &mut dyn NameStyle) -> Result<Call, Fault> {
    let f = fields;
    let mut name = |f: &mut Fields<'_>, key: &str| -> Result<SocketName, Fault> {
        let text = as_text(f.required(key)?, NAME_BYTES_MAX).map_err(|fault| fault.within(key))?;
        names.read(&text).map_err(|fault| fault.within(key))
    };
    Ok(match op {
        "socket" => Call::Socket { s: name(f, "s")? },
        "reuse" => Call::Reuse { s: name(f, "s")?, on: f.flag_or("on", true)? },
        "reuseport" => Call::ReusePort { s: name(f, "s")?, on: f.flag_or("on", true)? },
        "no_port" => Call::NoPort { s: name(f, "s")?, on: f.flag_or("on", true)? },
        "port_range" => {
            Call::Window { s: name(f, "s")?, low: f.port("low")?, high: f.port("high")? }
        }
        "bind" => Call::Bind { s: name(f, "s")?, addr: f.addr("addr")?, port: f.port("port")? },
        "connect" => Call::Connect {
            s: name(f, "s")?,
            dst: f.addr("dst")?,
            dport: f.port("dport")?,
            establish: f.flag_or("establish", true)?,
            peer_ts: f.flag_or("peer_ts", true)?,
            family: f.int_or("family", 2, 0, 65_535)? as u16,
            addr_len: address_length(f)?,
        },
        "est" => Call::Est { s: name(f, "s")?, peer_ts: f.flag_or("peer_ts", true)? },
        "segment" => Call::Segment { s: name(f, "s")? },
        "rst" => Call::Rst { s: name(f, "s")? },
        "listen" => Call::Listen { s: name(f, "s")? },
        "accept" if !f.has("peer") => Call::AcceptWaiting { l: name(f, "l")?, s: name(f, "s")? },
        "accept" => Call::Accept {
            l: name(f, "l")?,
            s: name(f, "s")?,
            peer: f.addr("peer")?,
            peer_port: f.port("peer_port")?,
            laddr: f.addr("laddr")?,
            peer_ts: f.flag_or("peer_ts", true)?,
        },
        "disconnect" => Call::Disconnect { s: name(f, "s")? },
        "close" => {
            Call::Close { s: name(f, "s")?, how: how(f)?, stamp_now: f.flag_or("stamp_now", true)? }
        }
        "tw_fin" => Call::TwFin { tuple: tuple(f)? },
        "tw_rst" => Call::TwSegment { tuple: tuple(f)?, segment: TwSegment::Rst },
        "tw_ack" => Call::TwSegment { tuple: tuple(f)?, segment: TwSegment::Ack },
        "tw_oldack" => Call::TwSegment { tuple: tuple(f)?, segment: TwSegment::OldAck },
        "tw_syn" => Call::TwSegment { tuple: tuple(f)?, segment: TwSegment::Syn },
        "advance" => Call::Advance { ms: f.int("ms", 0, CLOCK_MS_MAX as i64)? as u64 },
        "wall" => {
            let most = i64::from(START_SEC_MAX);
            Call::Wall { sec: f.int("sec", -most, most)? }
        }
        "sysctl" => {
            let sysctl = sysctl(f)?;
            match written(f.required("value")?).map_err(|fault| fault.within("value"))? {
                SysctlInput::Numbers(value) => Call::Sysctl { sysctl, value },
                SysctlInput::Text(text) => Call::SysctlText { sysctl, text },
            }
        }
        "force_range" => {
            Call::ForceRange { low: f.int("low", 1, 65_535)? as u16, high: f.port("high")? }
        }
        "offset" => {
            Call::Offset { v: offset(f.required("v")?).map_err(|fault| fault.within("v"))? }
        }
        "rekey" => Call::Rekey { secret: Box::new(f.words("secret")?) },
        "cap" => Call::Cap { v: f.flag_or("v", true)? },
        "fail_tb" => Call::FailTb { v: f.int("v", 0, WORD_MAX)? as u32 },
        "fail_tb2" => Call::FailTb2 { v: f.int("v", 0, WORD_MAX)? as u32 },
        "fail_syn" => Call::FailSyn { v: f.int("v", 0, WORD_MAX)? as u32 },
        "fail_tcp_connect" => Call::FailTcpConnect { v: syn_failure(f)? },
        "dump" => Call::Dump,
        _ => return Err(Fault::new(Wrong::Call(op.to_owned())).within("op")),
    })
}

fn tuple(f: &mut Fields<'_>) -> Result<Tuple, Fault> {
    Ok(Tuple {
        laddr: f.addr("laddr")?,
        lport: f.port("lport")?,
        faddr: f.addr("faddr")?,
        fport: f.port("fport")?,
    })
}

/// 16 if it isn't given, or given as 0.
fn address_length(f: &mut Fields<'_>) -> Result<u32, Fault> {
    Ok(match f.int_or("addr_len", 0, 0, WORD_MAX)? {
        0 => 16,
        len => len as u32,
    })
}

fn how(f: &mut Fields<'_>) -> Result<CloseHow, Fault> {
    let Some(word) = f.optional_text("how", WORD_BYTES_MAX)? else { return Ok(CloseHow::Plain) };
    CloseHow::parse(&word).ok_or_else(|| Fault::new(Wrong::Close).within("how"))
}

fn sysctl(f: &mut Fields<'_>) -> Result<Sysctl, Fault> {
    let name = f.text("name", WORD_BYTES_MAX)?;
    Sysctl::parse(&name).ok_or_else(|| Fault::new(Wrong::Sysctl).within("name"))
}

fn syn_failure(f: &mut Fields<'_>) -> Result<Option<Errno>, Fault> {
    match f.int("v", -4095, 0)? {
        0 => Ok(None),
        v => match Errno::from_code(-v as i32) {
            Some(errno) => Ok(Some(errno)),
            None => Err(Fault::new(Wrong::Errno).within("v")),
        },
    }
}

pub(super) fn to_json(call: &Call, names: &dyn NameStyle) -> Json {
    let mut entries = vec![("op".to_owned(), Json::from(op_name(call)))];
    let mut put = |key: &str, value: Json| entries.push((key.to_owned(), value));
    let name = |name: SocketName| Json::Text(names.write(name));
    match *call {
        Call::Socket { s }
        | Call::Segment { s }
        | Call::Rst { s }
        | Call::Listen { s }
        | Call::Disconnect { s } => put("s", name(s)),
        Call::Reuse { s, on } | Call::ReusePort { s, on } | Call::NoPort { s, on } => {
            put("s", name(s));
            put("on", u8::from(on).into());
        }
        Call::Window { s, low, high } => {
            put("s", name(s));
            put("low", low.into());
            put("high", high.into());
        }
        Call::Bind { s, addr, port } => {
            put("s", name(s));
            put("addr", addr.to_string().into());
            put("port", port.into());
        }
        Call::Connect { s, dst, dport, establish, peer_ts, family, addr_len } => {
            put("s", name(s));
            put("dst", dst.to_string().into());
            put("dport", dport.into());
            put_unless(&mut put, "establish", establish, true);
            put_unless(&mut put, "peer_ts", peer_ts, true);
            if family != 2 {
                put("family", family.into());
            }
            if addr_len != 16 {
                put("addr_len", addr_len.into());
            }
        }
        Call::Est { s, peer_ts } => {
            put("s", name(s));
            put_unless(&mut put, "peer_ts", peer_ts, true);
        }
        Call::Accept { l, s, peer, peer_port, laddr, peer_ts } => {
            put("l", name(l));
            put("s", name(s));
            put("peer", peer.to_string().into());
            put("peer_port", peer_port.into());
            put("laddr", laddr.to_string().into());
            put_unless(&mut put, "peer_ts", peer_ts, true);
        }
        Call::AcceptWaiting { l, s } => {
            put("l", name(l));
            put("s", name(s));
        }
        Call::Close { s, how, stamp_now } => {
            put("s", name(s));
            put("how", how.name().into());
            put_unless(&mut put, "stamp_now", stamp_now, true);
        }
        Call::TwFin { tuple } | Call::TwSegment { tuple, .. } => {
            put("laddr", tuple.laddr.to_string().into());
            put("lport", tuple.lport.into());
            put("faddr", tuple.faddr.to_string().into());
            put("fport", tuple.fport.into());
        }
        Call::Advance { ms } => put("ms", Json::Int(i64::try_from(ms).unwrap_or(i64::MAX))),
        Call::Wall { sec } => put("sec", sec.into()),
        Call::Sysctl { sysctl, value } => {
            put("name", sysctl.name().into());
            put("value", sysctl_json(sysctl, value));
        }
        Call::SysctlText { sysctl, ref text } => {
            put("name", sysctl.name().into());
            put("value", Json::Text(text.to_string()));
        }
        Call::ForceRange { low, high } => {
            put("low", low.into());
            put("high", high.into());
        }
        Call::Offset { v } => put("v", offset_json(v)),
        Call::Rekey { ref secret } => put("secret", words(&secret[..])),
        Call::Cap { v } => put("v", u8::from(v).into()),
        Call::FailTb { v } | Call::FailTb2 { v } | Call::FailSyn { v } => put("v", v.into()),
        Call::FailTcpConnect { v } => put("v", v.map_or(0, |errno| -errno.code()).into()),
        Call::Dump => {}
    }
    Json::Object(entries)
}

fn put_unless(put: &mut impl FnMut(&str, Json), key: &str, value: bool, usual: bool) {
    if value != usual {
        put(key, u8::from(value).into());
    }
}

/// The word for a call.
pub(super) const fn op_name(call: &Call) -> &'static str {
    match call {
        Call::Socket { .. } => "socket",
        Call::Reuse { .. } => "reuse",
        Call::ReusePort { .. } => "reuseport",
        Call::NoPort { .. } => "no_port",
        Call::Window { .. } => "port_range",
        Call::Bind { .. } => "bind",
        Call::Connect { .. } => "connect",
        Call::Est { .. } => "est",
        Call::Segment { .. } => "segment",
        Call::Rst { .. } => "rst",
        Call::Listen { .. } => "listen",
        Call::Accept { .. } | Call::AcceptWaiting { .. } => "accept",
        Call::Disconnect { .. } => "disconnect",
        Call::Close { .. } => "close",
        Call::TwFin { .. } => "tw_fin",
        Call::TwSegment { segment: TwSegment::Rst, .. } => "tw_rst",
        Call::TwSegment { segment: TwSegment::Ack, .. } => "tw_ack",
        Call::TwSegment { segment: TwSegment::OldAck, .. } => "tw_oldack",
        Call::TwSegment { segment: TwSegment::Syn, .. } => "tw_syn",
        Call::Advance { .. } => "advance",
        Call::Wall { .. } => "wall",
        Call::Sysctl { .. } | Call::SysctlText { .. } => "sysctl",
        Call::ForceRange { .. } => "force_range",
        Call::Offset { .. } => "offset",
        Call::Rekey { .. } => "rekey",
        Call::Cap { .. } => "cap",
        Call::FailTb { .. } => "fail_tb",
        Call::FailTb2 { .. } => "fail_tb2",
        Call::FailSyn { .. } => "fail_syn",
        Call::FailTcpConnect { .. } => "fail_tcp_connect",
        Call::Dump => "dump",
    }
}
