//! What several views call a call, its probes, a state and a kernel.

use error99_kernel::{Call, SocketState};
use error99_replay::branch::Turn;
use error99_replay::frame::{self, CallKind, CallView, Ret};

use super::amounts::error_name;
use crate::lang::Lang;
use crate::text::number::thousands;
use crate::text::{lab as t, sheet};

/// What the call under the glass is called in the eyebrow and on the timeline.
pub fn call_name(lang: Lang, call: &CallView) -> String {
    match (&call.kind, call.number) {
        (_, Some(number)) => t::call_number(lang, thousands(number)),
        (CallKind::Connect { .. }, None) => t::loaded_call(lang).into(),
        (kind, None) => kind_name(kind).into(),
    }
}

/// A call by its function.
pub fn kind_name(kind: &CallKind) -> &str {
    match kind {
        CallKind::Socket => "socket()",
        CallKind::Connect { .. } => "connect()",
        CallKind::Bind { .. } => "bind()",
        CallKind::Listen => "listen()",
        CallKind::Close { .. } => "close()",
        CallKind::Advance { .. } => "sleep",
        CallKind::Sysctl { .. } => "sysctl",
        CallKind::TwFin => "FIN",
        CallKind::Rekey => "rekey",
        CallKind::Other { name } => name,
    }
}

/// "1 probe", "28,233 probes".
pub fn probes(lang: Lang, count: u32) -> String {
    match count {
        1 => t::one_probe(lang).into(),
        _ => t::probes(lang, thousands(count)),
    }
}

/// A TCP state as `ss` and the RFCs spell it.
pub fn state_name(state: SocketState) -> &'static str {
    match state {
        SocketState::Established => "ESTABLISHED",
        SocketState::SynSent => "SYN_SENT",
        SocketState::FinWait1 => "FIN_WAIT1",
        SocketState::FinWait2 => "FIN_WAIT2",
        SocketState::TimeWait => "TIME_WAIT",
        SocketState::Close => "CLOSE",
        SocketState::CloseWait => "CLOSE_WAIT",
        SocketState::LastAck => "LAST_ACK",
        SocketState::Listen => "LISTEN",
    }
}

/// A call with what it was asked for.
pub fn call_words(call: &Call) -> String {
    match call {
        Call::Connect { dst, dport, .. } => format!("connect({dst}:{dport})"),
        Call::Bind { addr, port, .. } => format!("bind({addr}:{port})"),
        Call::Sysctl { sysctl, value } => format!("{} = {value}", sysctl.name()),
        Call::SysctlText { sysctl, text } => format!("{} = {text}", sysctl.name()),
        Call::Advance { ms } => format!("sleep {}.{:03}", ms / 1000, ms % 1000),
        Call::Close { how, .. } => format!("close(), {}", how.name()),
        other => frame::call_name(other).into(),
    }
}

/// A call with what came of it.
pub fn turn_words(lang: Lang, turn: &Option<Turn>) -> String {
    match turn {
        None => sheet::nothing_more(lang).to_owned(),
        Some(turn) => call_words(&turn.call) + &result(lang, turn),
    }
}

/// What came of a call; of one that simply worked there is nothing to say.
fn result(lang: Lang, turn: &Turn) -> String {
    match (turn.ret, &turn.call) {
        (ret @ (Ret::Errno(_) | Ret::Limit(_)), _) => format!(" = {}", error_name(lang, ret)),
        (Ret::Ok, Call::Connect { .. } | Call::Bind { .. }) => {
            format!(" = {}", t::port_word(lang, thousands(turn.port)))
        }
        (Ret::Ok, _) => String::new(),
    }
}
