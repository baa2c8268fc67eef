//! What several views call a call, its probes and a state.

use error99_kernel::SocketState;
use error99_replay::frame::{CallKind, CallView};

use crate::lang::Lang;
use crate::text::lab as t;
use crate::text::number::thousands;

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
