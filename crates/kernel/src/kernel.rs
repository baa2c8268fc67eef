//! The kernel as a whole, and the door to it: a call goes in, a reply and events come out.

use crate::call::{Call, Problem, Reply, SocketName};
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::connect::Target;
use crate::errno::Errno;
use crate::event::{Event, Sink, Trace};
use crate::listen::Incoming;
use crate::names::OpenNames;
use crate::peers::Peers;
use crate::route::Routes;
use crate::rules::Ruled;
use crate::socket::{Socket, SocketState};
use crate::start::Start;
use crate::sysctl::{Sysctl, Sysctls, WriteResult};
use crate::tables::Tables;
use crate::timers::Timers;
use crate::verdict::{BindRefusal, ListenRefusal};
use crate::world::World;

/// Most sockets and mini-sockets at a time. A kernel with so many takes about 25 MB, and whoever
/// travels in time keeps several.
pub const SOCKETS_MAX: usize = 1 << 17;

/// A machine: tables, clock and knobs. Cloning copies a few flat arrays.
///
/// The same calls on the same configuration always give the same replies and events.
#[derive(Clone, Debug)]
pub struct Kernel {
    pub(crate) rules: Ruled,
    pub(crate) tables: Tables,
    pub(crate) names: OpenNames,
    pub(crate) routes: Routes,
    pub(crate) sysctls: Sysctls,
    pub(crate) clock: Clock,
    pub(crate) timers: Timers,
    pub(crate) peers: Peers,
    pub(crate) start: Start,
    pub(crate) world: World,
    pub(crate) counters: Counters,
    /// Listeners in the order in which they began.
    pub(crate) listens_since: Vec<u32>,
    /// Connections that wait to be accepted, each behind its listener, longest first.
    pub(crate) waiting: Vec<(u32, u32)>,
}

/// What is counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    calls: u64,
    /// What the call under way has cost, beside itself; see [`Reply::work`].
    work: u64,
    recycled: u32,
    overflows: u32,
}

impl Counters {
    /// Calls carried out.
    pub(crate) const fn calls(&self) -> u64 {
        self.calls
    }

    /// The counter TIMEWAITRECYCLED.
    pub(crate) const fn recycled(&self) -> u32 {
        self.recycled
    }

    /// The counter TCPTIMEWAITOVERFLOW.
    pub(crate) const fn overflows(&self) -> u32 {
        self.overflows
    }

    /// Raises TCPTIMEWAITOVERFLOW.
    pub(crate) fn count_overflow(&mut self) {
        self.overflows = self.overflows.wrapping_add(1);
    }

    /// The call under way made so many more steps, or what costs as much.
    pub(crate) fn spend(&mut self, steps: u64) {
        self.work += steps;
    }

    /// Raises TIMEWAITRECYCLED.
    pub(crate) fn count_recycled(&mut self) {
        self.recycled = self.recycled.wrapping_add(1);
    }
}

impl Kernel {
    /// A booted kernel without the configuration's sysctls, forced range and forced offset.
    ///
    /// # Errors
    /// What [`Config::check`] finds.
    pub fn boot(config: &Config) -> Result<Kernel, ConfigError> {
        config.check()?;
        let rules = Ruled::by(config.release);
        Ok(Kernel {
            rules,
            tables: Tables::new(config, &rules),
            names: OpenNames::default(),
            routes: Routes::new(config),
            sysctls: Sysctls::new(rules, config.hz),
            clock: Clock::new(config),
            timers: Timers::new(rules.timers, config.hz),
            peers: Peers::default(),
            start: Start::new(config, rules.start),
            world: World::new(config),
            counters: Counters::default(),
            listens_since: Vec::new(),
            waiting: Vec::new(),
        })
    }

    /// A booted kernel with all of [`Config::pre_calls`] applied; what the sysctl handler
    /// refuses is as little an error as on a real host.
    ///
    /// # Errors
    /// What [`Config::check`] finds.
    pub fn new(config: &Config) -> Result<Kernel, ConfigError> {
        let mut kernel = Kernel::boot(config)?;
        for call in config.pre_calls() {
            kernel.apply(&call);
        }
        Ok(kernel)
    }

    /// Carries out a call.
    pub fn apply(&mut self, call: &Call) -> Reply {
        self.carry_out(call, &mut Trace::to_nobody())
    }

    /// Carries out a call and tells every step of it, in order.
    pub fn apply_traced(&mut self, call: &Call, sink: &mut dyn Sink) -> Reply {
        self.carry_out(call, &mut Trace::to(sink))
    }

    fn carry_out(&mut self, call: &Call, trace: &mut Trace<'_>) -> Reply {
        self.counters.work = 0;
        let mut reply = match self.dispatch(call, trace) {
            Ok(reply) => reply,
            Err(Stop::Errno(errno)) => errno.into(),
            Err(Stop::Problem(problem)) => {
                trace.event(|| Event::Problem(problem));
                Reply::problem(problem)
            }
        };
        let work = u32::try_from(self.counters.work).unwrap_or(u32::MAX);
        reply.work = reply.work.saturating_add(work);
        self.counters.calls += 1;
        self.debug_check();
        reply
    }

    fn dispatch(&mut self, call: &Call, trace: &mut Trace<'_>) -> Result<Reply, Stop> {
        match *call {
            Call::Socket { s } => {
                self.check_new(s)?;
                self.open(s, Socket::new(s, self.clock.tick().hz()));
            }
            Call::ReusePort { s, on } => {
                let socket = self.lookup(s, trace)?;
                self.option(self.rules.options.reuseport)?;
                self.tables.socket_mut(socket).reuseport = on;
            }
            Call::NoPort { s, on } => {
                let socket = self.lookup(s, trace)?;
                self.option(self.rules.options.no_port)?;
                self.tables.socket_mut(socket).no_port = on;
            }
            Call::Window { s, low, high } => {
                let socket = self.lookup(s, trace)?;
                self.option(self.rules.options.window)?;
                if low != 0 && high != 0 && low > high {
                    return Err(Errno::EINVAL.into());
                }
                self.tables.socket_mut(socket).window = (low, high);
            }
            Call::Reuse { s, on } => {
                let socket = self.lookup(s, trace)?;
                self.tables.socket_mut(socket).reuse = on;
            }
            Call::Bind { s, addr, port } => {
                let socket = self.lookup(s, trace)?;
                self.bind(socket, addr, port, trace).map_err(|refusal| {
                    trace.event(|| Event::BindRefused(refusal));
                    Stop::from(refusal)
                })?;
            }
            Call::Connect { s, dst, dport, establish, peer_ts, family, addr_len } => {
                let socket = self.lookup(s, trace)?;
                let target = Target { dst, dport, family, addr_len };
                let reply = self.connect(socket, &target, trace);
                if reply.errno() == Some(Errno::EINPROGRESS) {
                    if self.ends_here(socket) {
                        self.syn_to_ourselves(socket, trace)?;
                    } else if establish {
                        self.establish(socket, peer_ts, trace);
                    }
                }
                return Ok(reply);
            }
            Call::Est { s, peer_ts } => {
                let socket = self.lookup(s, trace)?;
                self.syn_ack(socket, peer_ts, trace)?;
            }
            Call::Segment { s } => {
                let socket = self.lookup(s, trace)?;
                self.segment(socket, trace)?;
            }
            Call::Rst { s } => {
                let socket = self.lookup(s, trace)?;
                self.reset(socket, trace);
            }
            Call::Listen { s } => {
                let socket = self.lookup(s, trace)?;
                self.listen(socket, trace).map_err(|refusal| {
                    trace.event(|| Event::ListenRefused(refusal));
                    Stop::from(refusal)
                })?;
            }
            Call::Accept { l, s, peer, peer_port, laddr, peer_ts } => {
                let listener = self.listener(l, trace)?;
                self.check_new(s)?;
                let incoming = Incoming { peer, peer_port, laddr, peer_ts };
                self.accept(listener, s, incoming, trace)?;
            }
            Call::AcceptWaiting { l, s } => {
                let listener = self.listener(l, trace)?;
                self.check_new(s)?;
                self.accept_waiting(listener, s, trace)?;
            }
            Call::Disconnect { s } => {
                let socket = self.lookup(s, trace)?;
                self.disconnect(socket, trace);
            }
            Call::Close { s, how, stamp_now } => {
                // A name that isn't open answers EINVAL here, as the reference does.
                let Some(socket) = self.names.get(s) else {
                    trace.event(|| Event::CloseRefused);
                    return Err(Errno::EINVAL.into());
                };
                self.close(socket, how, stamp_now, trace)?;
            }
            Call::TwFin { tuple } => self.timewait_fin(tuple, trace)?,
            Call::TwSegment { tuple, segment } => self.timewait_segment(tuple, segment, trace)?,
            Call::Advance { ms } => self.advance(ms, trace)?,
            Call::Wall { sec } => self.step_wall(sec, trace)?,
            Call::Sysctl { sysctl, value } => {
                let written = self.sysctls.write(sysctl, value);
                return Ok(self.tell_written(sysctl, written, trace));
            }
            Call::SysctlText { sysctl, ref text } => {
                let written = self.sysctls.write_text(sysctl, text);
                return Ok(self.tell_written(sysctl, written, trace));
            }
            Call::ForceRange { low: 0, .. } => return Err(Problem::RangeFromZero.into()),
            Call::ForceRange { low, high } => self.sysctls.force_range((low, high)),
            Call::Offset { v } => {
                self.start.force_hash(v);
                trace.event(|| Event::Rekeyed);
            }
            Call::Rekey { ref secret } => {
                self.start.rekey(secret);
                trace.event(|| Event::Rekeyed);
            }
            Call::Cap { v } => self.world.set_privilege(v),
            Call::FailTb { v } => self.world.fail_bucket(v),
            Call::FailTb2 { v } => self.world.fail_address(v),
            Call::FailSyn { v } => self.world.fail_one_syn(v),
            Call::FailTcpConnect { v: Some(Errno::EINPROGRESS) } => {
                return Err(Problem::SynFailsWithSuccess.into());
            }
            Call::FailTcpConnect { v } => self.world.fail_syn(v),
            Call::Dump => {}
        }
        Ok(Reply::OK)
    }

    /// The socket of a name, or EBADF.
    fn lookup(&self, s: SocketName, trace: &mut Trace<'_>) -> Result<u32, Errno> {
        self.names.get(s).ok_or_else(|| {
            trace.event(|| Event::NoSuchSocket { s });
            Errno::EBADF
        })
    }

    /// The listening socket of a name, or EINVAL.
    fn listener(&self, l: SocketName, trace: &mut Trace<'_>) -> Result<u32, Errno> {
        let listens = |id: &u32| self.tables.socket(*id).state == SocketState::Listen;
        self.names.get(l).filter(listens).ok_or_else(|| {
            trace.event(|| Event::AcceptRefused);
            Errno::EINVAL
        })
    }

    /// Whether there is such a socket option.
    fn option(&self, exists: bool) -> Result<(), Errno> {
        if exists { Ok(()) } else { Err(Errno::ENOPROTOOPT) }
    }

    /// Whether a socket of that name can be made.
    fn check_new(&self, s: SocketName) -> Result<(), Problem> {
        self.names.check(s)?;
        self.check_room()
    }

    /// Whether there is room for another socket.
    pub(crate) fn check_room(&self) -> Result<(), Problem> {
        let full = self.tables.entries() >= SOCKETS_MAX;
        if full { Err(Problem::TooManySockets) } else { Ok(()) }
    }

    /// Bytes that the kernel's tables take, about; a copy takes as much.
    pub fn bytes(&self) -> usize {
        let rest = self.names.bytes() + self.timers.bytes() + self.start.bytes();
        self.tables.bytes() + rest
    }

    /// Stores a socket under its name.
    #[inline]
    pub(crate) fn open(&mut self, s: SocketName, socket: Socket) -> u32 {
        let id = self.tables.add_socket(socket);
        self.names.open(s, id);
        id
    }

    /// A closed socket's name is free, even if its connection goes on.
    pub(crate) fn forget_name(&mut self, socket: u32) {
        if let Some(name) = self.tables.socket_mut(socket).take_name() {
            self.names.close(name);
        }
    }

    /// What a write to `/proc/sys/net/ipv4` answers: the bytes taken, the line's end included.
    fn tell_written(
        &self,
        sysctl: Sysctl,
        (outcome, taken): WriteResult,
        trace: &mut Trace<'_>,
    ) -> Reply {
        trace.event(|| Event::SysctlWritten { sysctl, now: self.sysctls.read(sysctl), outcome });
        outcome.errno().map_or(Reply::of(taken), Reply::from)
    }
}

/// Why a call ended early.
pub(crate) enum Stop {
    Errno(Errno),
    Problem(Problem),
}

impl From<Errno> for Stop {
    fn from(errno: Errno) -> Stop {
        Stop::Errno(errno)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Stop {
        Stop::Problem(problem)
    }
}

impl From<BindRefusal> for Stop {
    fn from(refusal: BindRefusal) -> Stop {
        match refusal {
            BindRefusal::EmptyRange => Stop::Problem(Problem::EmptyRange),
            _ => Stop::Errno(refusal.errno()),
        }
    }
}

impl From<ListenRefusal> for Stop {
    fn from(refusal: ListenRefusal) -> Stop {
        match refusal {
            ListenRefusal::State => Stop::Errno(Errno::EINVAL),
            ListenRefusal::Port(refusal) => refusal.into(),
        }
    }
}
