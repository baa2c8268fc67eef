//! One moment of a machine as plain data, ready to be drawn.
//!
//! A frame holds everything that a view needs and nothing that changes the kernel.

use error99_kernel::{
    Addr, Answer, Call, CloseHow, Errno, Home, Problem, Question, Release, Reuse, SocketName,
    SocketState, Substate, Tuple, TwSegment, Verdict, WalkEnd, WalkOrder,
};

use crate::history::Position;
use crate::knob::Values;
use crate::listing::{CodeLine, Routine, Spot};
use crate::report::LoadReport;
use crate::steps::Told;

/// Everything that is shown of one moment, but for the cells of the port page.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The moment.
    pub at: Position,
    /// Calls on the branch shown.
    pub total: u32,
    /// The machine's knobs and counters.
    pub machine: Knobs,
    /// Where walks to the destination that is looked at would begin but for the hint, if that moves
    /// with the clock.
    pub home: Option<Home>,
    /// The call under the glass; `None` before the first one.
    pub call: Option<CallView>,
    /// What happens in this step, unless it's a line of a walk; at the return of the call the
    /// event that decided it, unless a walk did.
    pub event: Option<EventView>,
    /// The kernel's code at this moment.
    pub code: CodeView,
    /// What became of the load that ends at this moment.
    pub load: Option<LoadReport>,
    /// The port walk of that call.
    pub walk: Option<WalkView>,
    /// The bucket of the probed port.
    pub bucket: Option<ChainView>,
    /// The 4-tuple check of the probed port.
    pub check: Option<CheckView>,
    /// What the program has seen last, oldest first.
    pub program: Vec<ProgramLine>,
    /// The last calls that are worth a mark on the timeline, oldest first.
    pub marks: Vec<Mark>,
    /// Sockets that were opened by hand and are still open.
    pub open_by_hand: u32,
    /// The newest of them, newest first; at most [`SOCKETS_SHOWN`].
    pub sockets: Vec<SocketRow>,
}

impl Frame {
    /// Whether the call under the glass is a connect that has just returned error 99.
    pub fn failed_99(&self) -> bool {
        self.call.as_ref().is_some_and(|call| {
            matches!(call.kind, CallKind::Connect { .. }) && call.ret == Some(ERROR_99)
        })
    }

    /// Whether the call under the glass has just failed for want of a port: a connect with error
    /// 99, or a bind with error 98. [`crate::Machine::fixes`] says what can be done.
    pub fn wants_port(&self) -> bool {
        let bind = |call: &CallView| {
            matches!(call.kind, CallKind::Bind { .. })
                && call.ret == Some(Ret::Errno(Errno::EADDRINUSE))
        };
        self.failed_99() || self.call.as_ref().is_some_and(bind)
    }

    /// Whether that line of the kernel's code is the one that is lit.
    pub fn is_lit(&self, spot: Spot) -> bool {
        self.code.lit == Some(spot)
    }

    /// The lines of the routine that is lit, as this release has them; those of the walk if none is.
    pub fn code_lines(&self) -> Vec<CodeLine> {
        self.code.lit.map_or(Routine::Walk, Spot::routine).lines(self.machine.release)
    }

    /// Whether the walk under the glass has come to that line, for the port under the glass.
    pub fn reached(&self, spot: Spot) -> bool {
        self.code.reached.contains(&spot)
    }
}

/// The kernel's code at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeView {
    /// The line that is lit; none before the first call, and in a call in which nothing happens
    /// that is the kernel's doing.
    pub lit: Option<Spot>,
    /// The lines of a walk that have run for the port under the glass, in their order.
    pub reached: Vec<Spot>,
}

/// Most sockets that a frame lists.
pub const SOCKETS_SHOWN: usize = 12;

/// A socket that was opened by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketRow {
    /// Its name.
    pub name: SocketName,
    /// Its file descriptor.
    pub fd: u32,
    /// Its TCP state.
    pub state: SocketState,
    /// Local address; 0.0.0.0 while it has none.
    pub saddr: Addr,
    /// The local port that it owns, 0 for none.
    pub num: u16,
    /// Remote address and port, once connected.
    pub peer: Option<(Addr, u16)>,
    /// `SO_REUSEADDR`.
    pub reuse: bool,
    /// `SO_REUSEPORT`.
    pub reuseport: bool,
    /// `IP_BIND_ADDRESS_NO_PORT`.
    pub no_port: bool,
    /// `IP_LOCAL_PORT_RANGE`, lowest and highest port; 0 where it sets none.
    pub window: (u16, u16),
}

/// Knobs and counters of the machine at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knobs {
    /// Whose rules the machine goes by.
    pub release: Release,
    /// Ticks a second.
    pub hz: u32,
    /// Time since boot, in milliseconds.
    pub now_ms: u64,
    /// Lowest and highest port of `ip_local_port_range`.
    pub range: [u16; 2],
    /// What the sysctls hold.
    pub sysctls: Values,
    /// `ip_local_reserved_ports` as it is read; empty where there is none.
    pub reserved: String,
    /// Slots of the established hash.
    pub ehash_size: u32,
    /// Slots of the bind hash.
    pub bhash_size: u32,
    /// Constant added to a port before the bind hash is masked.
    pub mix: u32,
    /// The walk's hint.
    pub hint: u32,
    /// Source address for destinations elsewhere.
    pub source: Addr,
}

/// What a call is, as far as the page tells calls apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// socket()
    Socket,
    /// connect() to an address and port
    Connect { dst: Addr, dport: u16 },
    /// bind() to an address and port
    Bind { addr: Addr, port: u16 },
    /// listen()
    Listen,
    /// close()
    Close { how: CloseHow, port: u16 },
    /// time passes
    Advance { ms: u64, ended: u32 },
    /// a sysctl is written
    Sysctl { name: String, value: String },
    /// the peer's FIN reaches a mini-socket
    TwFin,
    /// the kernel draws a new secret
    Rekey,
    /// any other call, by its name
    Other { name: String },
}

/// What a call is called; those that no program makes, and nothing on the wire, as in scenario
/// files.
pub fn call_name(call: &Call) -> &'static str {
    match call {
        Call::Socket { .. } => "socket()",
        Call::Reuse { .. } => "setsockopt(SO_REUSEADDR)",
        Call::ReusePort { .. } => "setsockopt(SO_REUSEPORT)",
        Call::NoPort { .. } => "setsockopt(IP_BIND_ADDRESS_NO_PORT)",
        Call::Window { .. } => "setsockopt(IP_LOCAL_PORT_RANGE)",
        Call::Bind { .. } => "bind()",
        Call::Connect { .. } => "connect()",
        Call::Listen { .. } => "listen()",
        Call::Accept { .. } | Call::AcceptWaiting { .. } => "accept()",
        Call::Disconnect { .. } => "connect(AF_UNSPEC)",
        Call::Close { .. } => "close()",
        Call::Est { .. } => "SYN-ACK",
        Call::Segment { .. } => "segment",
        Call::Rst { .. } => "RST",
        Call::TwFin { .. } => "FIN",
        Call::TwSegment { segment: TwSegment::Rst, .. } => "RST",
        Call::TwSegment { segment: TwSegment::Ack | TwSegment::OldAck, .. } => "ACK",
        Call::TwSegment { segment: TwSegment::Syn, .. } => "SYN",
        Call::Wall { .. } => "settimeofday()",
        Call::Advance { .. } => "sleep",
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

/// The call under the glass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    /// Number of this connect among those made by hand, from 1; `None` for other calls and for
    /// what was loaded.
    pub number: Option<u32>,
    /// What it is.
    pub kind: CallKind,
    /// What it returned; `None` while it's under way.
    pub ret: Option<Ret>,
    /// Port that the socket owns afterwards, or owned before a close; 0 for none.
    pub port: u16,
}

/// An event under the glass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventView {
    /// What happens.
    pub told: Told,
    /// Where the step stands in the call; none at the return.
    pub place: Option<StepPlace>,
}

/// Where a step stands that isn't a probe's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepPlace {
    /// Which stretch of the call it belongs to.
    pub part: Part,
    /// Number of the step in it, from 1.
    pub step: u32,
    /// How many steps that stretch has.
    pub steps: u32,
}

/// A stretch of a call without probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole of it: the call doesn't walk.
    Call,
    /// Before the first probe.
    Before,
    /// After the last one.
    After,
}

/// What a call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ret {
    /// It succeeded; a connect whose SYN went out counts as success.
    Ok,
    /// It failed with this errno.
    Errno(Errno),
    /// The model doesn't carry it out, for a reason of its own and not of Linux.
    Limit(Problem),
}

/// The error that the page is about.
pub const ERROR_99: Ret = Ret::Errno(Errno::EADDRNOTAVAIL);

impl Ret {
    /// The error of Linux, if it's one.
    pub fn errno(self) -> Option<Errno> {
        match self {
            Ret::Errno(errno) => Some(errno),
            Ret::Ok | Ret::Limit(_) => None,
        }
    }

    /// What strace prints behind the call; `zero` is what success returns.
    pub fn printed(self, zero: u32) -> String {
        match self {
            Ret::Ok => format!("= {zero}"),
            Ret::Errno(errno) => format!("= -1 {} ({})", errno.name(), errno.message()),
            Ret::Limit(problem) => format!("= ? (not modelled: {problem})"),
        }
    }
}

/// How many visited ports met which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Refused: the bucket belongs to bind().
    pub bind: u32,
    /// Passed: the port is reserved.
    pub reserved: u32,
    /// Refused: the same 4-tuple is alive.
    pub live: u32,
    /// Refused: TIME_WAIT without a stamp.
    pub no_stamp: u32,
    /// Refused: it is in FIN_WAIT2, which later releases leave alone.
    pub half_closed: u32,
    /// Refused: TIME_WAIT while `tcp_tw_reuse` is 0.
    pub reuse_off: u32,
    /// Refused: TIME_WAIT while `tcp_tw_reuse` is 2, away from loopback.
    pub loopback_only: u32,
    /// Refused: the stamp of the TIME_WAIT is too young.
    pub too_young: u32,
    /// Refused: TIME_WAIT for no longer than `tcp_tw_reuse_delay`.
    pub too_early: u32,
}

impl Tally {
    /// Refused for TIME_WAIT, whatever the reason.
    pub fn timewait(&self) -> u32 {
        let asked = self.no_stamp + self.half_closed + self.reuse_off + self.loopback_only;
        asked + self.too_young + self.too_early
    }

    /// All refused visits.
    pub fn refused(&self) -> u32 {
        self.bind + self.reserved + self.live + self.timewait()
    }
}

/// A port walk: where it starts, where it stands, how it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkView {
    /// The range as this call read it.
    pub low: u16,
    /// Its upper end, inclusive.
    pub high: u16,
    /// Which step visits which port.
    pub order: WalkOrder,
    /// The hash of source, destination and destination port.
    pub hash: u32,
    /// That hash was set by hand.
    pub hash_forced: bool,
    /// `hint` before the call.
    pub hint: u32,
    /// hint + hash, modulo 2^32.
    pub offset: u32,
    /// First port visited.
    pub start: u16,
    /// Where the walk would start if `hint` were 0.
    pub home: u16,
    /// Last port that a full walk visits.
    pub last: u16,
    /// The probe at which the highest port is met, if the walk goes on from there to the lowest.
    pub wrap: Option<u32>,
    /// Probes that the whole call makes.
    pub probes: u32,
    /// Probes that were decided by this moment.
    pub decided: u32,
    /// How those were decided.
    pub tally: Tally,
    /// Ports of the range that a failed walk never visited, because its counter wrapped at 2^32.
    pub missed: u32,
    /// How the whole walk ends.
    pub end: WalkEnd,
    /// The probe under the glass; `None` on the lines before the loop.
    pub probe: Option<ProbeView>,
    /// `hint` after the walk, once it has ended.
    pub hint_after: Option<u32>,
    /// The folded tape around the probe.
    pub tape: Vec<TapeItem>,
}

impl WalkView {
    /// Number of ports in the range.
    pub fn ports(&self) -> u32 {
        self.order.ports()
    }

    /// Steps of the whole walk, if none of them finds a port.
    pub fn steps(&self) -> u32 {
        self.order.steps()
    }

    /// Port of probe `i`, from 1.
    pub fn port_of(&self, i: u32) -> u16 {
        self.order.port_of(i)
    }

    /// Number of the probe under the glass; 0 before the first one.
    pub fn at(&self) -> u32 {
        self.probe.as_ref().map_or(0, |probe| probe.i)
    }

    /// Whether the walk has gone on from the top of the range at its bottom.
    pub fn has_wrapped(&self) -> bool {
        self.wrap.is_some_and(|wrap| self.at() > wrap)
    }
}

/// One visit to a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeView {
    /// Number of the visit, from 1.
    pub i: u32,
    /// The port.
    pub port: u16,
    /// Its bucket.
    pub bucket: u32,
    /// Chain entries compared.
    pub scanned: u32,
    /// `fastreuse` of the port's bucket; `None` when it has none.
    pub fastreuse: Option<i8>,
    /// How the visit ends.
    pub verdict: Verdict,
    /// Which of the visit's lines is lit, from 0.
    pub line: u8,
    /// How many lines the visit runs through.
    pub lines: u8,
}

/// One place on the tape, with what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapeItem {
    /// A port with its own cell.
    Cell {
        /// Number of the visit.
        i: u32,
        /// The port.
        port: u16,
        /// Its state.
        cell: PortCell,
        /// Time left, in milliseconds, for a TIME_WAIT.
        left_ms: Option<u64>,
        /// Whether the walk has been here.
        seen: Seen,
        /// Index of the port's bucket, and the length of its chain.
        bucket: (u32, u32),
    },
    /// Ports that are folded away.
    Fold {
        /// How many.
        count: u32,
        /// Whether the walk has been there.
        seen: Seen,
    },
    /// Between the highest and the lowest port.
    Wrap,
    /// Between two passes over the range.
    NextPass,
}

/// Where a port stands in the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Visited and refused.
    Refused,
    /// Under the glass, not decided yet.
    Now,
    /// Under the glass, and refused.
    NowRefused,
    /// Under the glass, and taken.
    Taken,
    /// Not reached.
    Ahead,
}

/// State of one port towards the destination that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortCell {
    /// Nobody has it.
    Free,
    /// Its bucket belongs to bind().
    Bind,
    /// The same 4-tuple is alive.
    Live,
    /// In use, but this 4-tuple is not: it can be shared.
    Shared,
    /// The same 4-tuple is in TIME_WAIT; 0 (just begun) to 5 (nearly over).
    Timewait(u8),
}

/// How many ages of a TIME_WAIT the page tells apart.
pub const AGES: u8 = 6;

/// How many ports are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Nobody has them.
    pub free: u32,
    /// Owned by bind().
    pub bind: u32,
    /// The same 4-tuple is alive.
    pub live: u32,
    /// Can be shared.
    pub shared: u32,
    /// The same 4-tuple is in TIME_WAIT.
    pub timewait: u32,
}

/// A bucket of the bind hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainView {
    /// Its index.
    pub index: u32,
    /// The port that is searched for.
    pub port: u16,
    /// What the port was masked with.
    pub mask: u32,
    /// The chain, searched from the front.
    pub chain: Vec<NodeView>,
    /// Entries compared; the last one is the match if `found`.
    pub scanned: u32,
    /// Whether the port has a bucket.
    pub found: bool,
}

/// An entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeView {
    /// Port of the entry.
    pub port: u16,
    /// Its `fastreuse`.
    pub fastreuse: i8,
    /// Entries in its list of owners.
    pub owners: u32,
    /// State towards the destination looked at, if the port is in the range.
    pub cell: Option<PortCell>,
}

/// What the established check looks for and finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckView {
    /// The 4-tuple that the connection would have.
    pub wanted: Tuple,
    /// Why the check isn't made at all for this port, or what it finds.
    pub found: Found,
    /// What was asked about a mini-socket that has it, in the kernel's order; empty if none has.
    pub questions: Vec<QuestionView>,
    /// What the check says about a socket with a port of its own; none on a walk.
    pub bound: Option<Verdict>,
}

/// A question about a mini-socket at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuestionView {
    /// The question.
    pub question: Question,
    /// The kernel's answer, or why it doesn't ask; none while it's on its way to it.
    pub answer: Option<Answer>,
    /// What the answer would be, asked or not, if there is anything to ask about.
    pub truth: Option<bool>,
}

/// What stands in the way of a 4-tuple.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Not asked yet: the kernel hasn't come to it.
    NotAskedYet,
    /// Not asked: the port has no bucket.
    NotAskedFree,
    /// Not asked: the bucket belongs to bind().
    NotAskedBind,
    /// Not asked: the port is reserved.
    NotAskedReserved,
    /// Nobody has this 4-tuple.
    Nobody,
    /// A live socket has it.
    Live {
        /// State of that socket.
        state: SocketState,
    },
    /// A TIME_WAIT mini-socket has it.
    Timewait {
        /// TIME_WAIT or FIN_WAIT2.
        substate: Substate,
        /// How long ago it began, in milliseconds.
        ago_ms: u64,
        /// When the calendar will end it, in milliseconds from now.
        left_ms: u64,
        /// `tcp_tw_reuse` at this moment.
        tw_reuse: i32,
        /// Age of the stamp in whole seconds, as the kernel computes it: unsigned.
        age_s: u64,
        /// Time in TIME_WAIT in milliseconds, by the clock of 6.14 and later.
        age_ms: u32,
        /// What `tcp_tw_reuse` says of this connection.
        reuse: Reuse,
    },
}

/// A line of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramLine {
    /// The call as strace prints it, without its result.
    pub call: String,
    /// The result; `None` while the call is under way.
    pub ret: Option<Ret>,
    /// What success returns: a new descriptor, or 0.
    pub zero: u32,
}

/// A call on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which call of the branch, from 0.
    pub call: u32,
    /// Number among the connects made by hand; 0 for other calls.
    pub number: u32,
    /// Whether it's a connect.
    pub connect: bool,
    /// What it returned.
    pub ret: Ret,
    /// Port chosen; 0 for none.
    pub port: u16,
    /// Probes made.
    pub probes: u32,
}
