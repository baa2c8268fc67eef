//! Full sockets: their record and their TCP states.

use serde::{Deserialize, Serialize};

/// TCP states, with Linux's numbers (`include/net/tcp_states.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum SocketState {
    /// 1
    Established = 1,
    /// 2
    SynSent = 2,
    /// 4
    FinWait1 = 4,
    /// 5
    FinWait2 = 5,
    /// 6: a full socket passes through it only on its way out.
    TimeWait = 6,
    /// 7
    Close = 7,
    /// 8
    CloseWait = 8,
    /// 9
    LastAck = 9,
    /// 10
    Listen = 10,
}
