//! Many connects to one destination, one after the other: `{ "op": "load", "count": 4000,
//! "every_ms": 100, "dst": "10.0.1.1", "dport": 80, "how": "active" }`.

use error99_kernel::{Addr, CLOCK_MS_MAX, Call, CloseHow, SocketName};

use super::json::Json;
use super::reader::{Fault, Fields, Wrong};

/// Most connects of a load.
const COUNT_MAX: i64 = 1_000_000;
/// Bytes of the longest word.
const WORD_BYTES_MAX: usize = 64;
/// Names of sockets of loads begin here, far from those of a scenario.
pub(super) const FIRST_NAME: u32 = 1 << 31;

/// Connects whose SYN-ACK comes at once, from a peer with timestamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadOp {
    /// How many.
    pub count: u32,
    /// Time between two of them.
    pub every_ms: u64,
    /// Where to.
    pub dst: Addr,
    /// Port there.
    pub dport: u16,
    /// Each is left open; otherwise we close it at once, and first.
    pub keeps: bool,
}

impl LoadOp {
    pub(super) const OP: &'static str = "load";

    pub(super) fn from_json(json: &Json) -> Result<LoadOp, Fault> {
        let mut f = Fields::of(json)?;
        f.text("op", WORD_BYTES_MAX)?;
        let load = LoadOp {
            count: f.int("count", 0, COUNT_MAX)? as u32,
            every_ms: f.int("every_ms", 0, CLOCK_MS_MAX as i64)? as u64,
            dst: f.addr("dst")?,
            dport: f.port("dport")?,
            keeps: match f.text("how", WORD_BYTES_MAX)?.as_str() {
                "keep" => true,
                "active" => false,
                _ => return Err(Fault::new(Wrong::Close).within("how")),
            },
        };
        f.done()?;
        Ok(load)
    }

    pub(super) fn to_json(self) -> Json {
        Json::object([
            ("op", LoadOp::OP.into()),
            ("count", self.count.into()),
            ("every_ms", (self.every_ms as i64).into()),
            ("dst", self.dst.to_string().into()),
            ("dport", self.dport.into()),
            ("how", self.how().into()),
        ])
    }

    /// What becomes of each connection.
    pub const fn how(&self) -> &'static str {
        if self.keeps { "keep" } else { "active" }
    }

    /// One of its connects, of a socket with that name.
    pub const fn connect(&self, s: SocketName) -> Call {
        Call::connect(s, self.dst, self.dport)
    }

    /// How such a socket is closed, if it is; `refused` is whether its connect was.
    pub const fn close(&self, s: SocketName, refused: bool) -> Option<Call> {
        match (refused, self.keeps) {
            (true, _) => Some(Call::close(s, CloseHow::Plain)),
            (false, false) => Some(Call::close(s, CloseHow::Active)),
            (false, true) => None,
        }
    }
}
