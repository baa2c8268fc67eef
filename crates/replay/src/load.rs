//! A load: many connections made by one client, stored as its parameters.
//!
//! A busy client is a hundred thousand calls. A scenario or a link holds only
//! what is needed to make them again: [`Load`]. [`LoadRun`] unrolls it into the
//! kernel's calls one at a time, looking at the kernel only through its views,
//! so the same load on the same kernel always gives the same calls.

use error99_kernel::{Addr, Call, CloseHow, Kernel, SocketName, SocketState};

/// Most connections that one load may try.
pub const CONNECTIONS_MAX: u32 = 1_000_000;
/// Fastest load, in connections a second.
pub const PER_SECOND_MAX: u32 = 100_000;
/// Longest time that a load's connection may be held, in milliseconds.
pub const HOLD_MS_MAX: u32 = 24 * 3_600_000;

/// A client that connects again and again to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Destination address.
    pub dst: Addr,
    /// Destination port.
    pub dport: u16,
    /// A second destination, which every other connection goes to.
    pub also: Option<(Addr, u16)>,
    /// How many connections are tried at most; 1 to [`CONNECTIONS_MAX`].
    pub connections: u32,
    /// Connections begun per second; 0 means back to back, without time passing.
    pub per_second: u32,
    /// How long each connection lives before it is closed, in milliseconds;
    /// `None` keeps every connection open.
    pub hold_ms: Option<u32>,
    /// Who closes, and how.
    pub close: LoadClose,
    /// One connection in so many stays open for good, unevenly spread; 0 means none does.
    pub keep_every: u32,
    /// Whether the load ends at the first `connect()` that fails.
    pub stop_at_error: bool,
    /// Name of the load's first socket; the others follow.
    pub first_socket: u32,
}

/// Who closes a load's connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadClose {
    /// The client closes first and keeps the TIME_WAIT.
    #[default]
    Active,
    /// The server closes first; nothing stays behind at the client.
    Passive,
    /// The client resets the connection (`SO_LINGER` with 0 seconds).
    Rst,
}

/// What is wrong with a load's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// `connections` is 0 or above [`CONNECTIONS_MAX`].
    Connections,
    /// `per_second` is above [`PER_SECOND_MAX`].
    PerSecond,
    /// `hold_ms` is above [`HOLD_MS_MAX`], or is given for a load without time.
    Hold,
    /// The sockets' names don't fit into 32 bits.
    FirstSocket,
}

impl Load {
    /// Back-to-back connects that stay open.
    pub fn burst(dst: Addr, dport: u16, connections: u32) -> Load {
        Load {
            dst,
            dport,
            also: None,
            connections,
            per_second: 0,
            hold_ms: None,
            close: LoadClose::Active,
            keep_every: 0,
            stop_at_error: false,
            first_socket: 0,
        }
    }

    /// Checks the limits.
    ///
    /// # Errors
    /// Names the parameter that is out of its range.
    pub fn check(&self) -> Result<(), LoadError> {
        if !(1..=CONNECTIONS_MAX).contains(&self.connections) {
            return Err(LoadError::Connections);
        }
        if self.per_second > PER_SECOND_MAX {
            return Err(LoadError::PerSecond);
        }
        match self.hold_ms {
            Some(ms) if ms > HOLD_MS_MAX || (ms > 0 && self.per_second == 0) => {
                return Err(LoadError::Hold);
            }
            _ => {}
        }
        if self.first_socket.checked_add(self.connections).is_none() {
            return Err(LoadError::FirstSocket);
        }
        Ok(())
    }

    /// How many calls the load makes at most: it opens, connects and closes each connection, and
    /// waits before opening and before closing it.
    pub(crate) fn calls_at_most(&self) -> u64 {
        let waits = u64::from(self.per_second > 0);
        let closes = u64::from(self.hold_ms.is_some());
        u64::from(self.connections) * (2 + waits + closes * (1 + waits))
    }

    /// When connection `n` (from 0) begins, in milliseconds from the load's start.
    fn begins_ms(&self, n: u32) -> u64 {
        match self.per_second {
            0 => 0,
            rate => u64::from(n) * 1000 / u64::from(rate),
        }
    }

    /// The calls of a load whose connections stay open, if nothing ends it early: each socket is
    /// waited for, opened, then connected.
    pub(crate) fn calls_without_hold(&self) -> impl Iterator<Item = Call> + '_ {
        (0..self.connections).flat_map(|n| {
            let (s, (dst, dport)) = (self.socket(n), self.destination(n));
            let ms = self.begins_ms(n) - self.begins_ms(n.saturating_sub(1));
            let wait = (ms > 0).then_some(Call::Advance { ms });
            wait.into_iter().chain([Call::Socket { s }, Call::connect(s, dst, dport)])
        })
    }

    fn keeps(&self, n: u32) -> bool {
        self.keep_every != 0 && scattered(n).is_multiple_of(self.keep_every)
    }

    /// Where connection `n` goes.
    fn destination(&self, n: u32) -> (Addr, u16) {
        self.also.filter(|_| n % 2 == 1).unwrap_or((self.dst, self.dport))
    }

    /// Whether it opens `s`.
    pub(crate) fn names(&self, s: SocketName) -> bool {
        s.0.checked_sub(self.first_socket).is_some_and(|nth| nth < self.connections)
    }

    fn socket(&self, n: u32) -> SocketName {
        SocketName(self.first_socket + n)
    }
}

/// Maps the numbers of connections to numbers without a visible pattern, the same every time
/// (an integer hash of the xor-multiply kind).
fn scattered(n: u32) -> u32 {
    let mut x = n;
    for (shift, factor) in [(16, 0x7feb_352d_u32), (15, 0x846c_a68b)] {
        x = (x ^ (x >> shift)).wrapping_mul(factor);
    }
    x ^ (x >> 16)
}

/// What comes next in a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Open,
    Connect,
    Decide,
    Over,
}

/// A load on its way; as cheap to clone as a number, for checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadRun {
    /// Connections begun so far.
    begun: u32,
    /// Connections whose turn to be closed has come and gone.
    settled: u32,
    /// Milliseconds since the load's start.
    elapsed_ms: u64,
    next: Next,
}

impl Default for LoadRun {
    fn default() -> Self {
        LoadRun { begun: 0, settled: 0, elapsed_ms: 0, next: Next::Open }
    }
}

impl LoadRun {
    /// Share of the load that has run, as connections begun.
    pub fn begun(&self) -> u32 {
        self.begun
    }

    /// Milliseconds since the load's start.
    pub fn elapsed_ms(&self) -> u64 {
        self.elapsed_ms
    }

    /// The load's next call, or `None` when it is over.
    ///
    /// The caller applies each call to `kernel` before asking for the next one.
    pub fn next_call(&mut self, load: &Load, kernel: &Kernel) -> Option<Call> {
        match self.next {
            Next::Open => {
                let s = load.socket(self.begun);
                // A socket that is somebody else's, or that the model has no room for, ends the
                // load: nothing is done with it.
                let taken = kernel.socket(s).is_some();
                self.next = if taken { Next::Over } else { Next::Connect };
                Some(Call::Socket { s })
            }
            Next::Connect => {
                let s = load.socket(self.begun);
                if kernel.socket(s).is_none() {
                    self.next = Next::Over;
                    return None;
                }
                self.begun += 1;
                self.next = Next::Decide;
                let (dst, dport) = load.destination(self.begun - 1);
                Some(Call::connect(s, dst, dport))
            }
            Next::Decide => self.decide(load, kernel),
            Next::Over => None,
        }
    }

    fn decide(&mut self, load: &Load, kernel: &Kernel) -> Option<Call> {
        if load.stop_at_error && self.last_failed(load, kernel) {
            self.next = Next::Over;
            return None;
        }
        self.skip_kept(load);
        let close_ms = self.next_close_ms(load);
        let open_ms = (self.begun < load.connections).then(|| load.begins_ms(self.begun));
        let due_ms = match (close_ms, open_ms) {
            (Some(close), Some(open)) => close.min(open),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => {
                self.next = Next::Over;
                return None;
            }
        };
        if due_ms > self.elapsed_ms {
            let ms = due_ms - self.elapsed_ms;
            self.elapsed_ms = due_ms;
            return Some(Call::Advance { ms });
        }
        if close_ms == Some(due_ms) {
            let s = load.socket(self.settled);
            self.settled += 1;
            return Some(Call::close(s, close_how(load.close, kernel, s)));
        }
        self.next = Next::Open;
        self.next_call(load, kernel)
    }

    fn last_failed(&self, load: &Load, kernel: &Kernel) -> bool {
        self.begun > self.settled
            && kernel
                .socket(load.socket(self.begun - 1))
                .is_some_and(|socket| socket.state == SocketState::Close)
    }

    fn skip_kept(&mut self, load: &Load) {
        while self.settled < self.begun && load.keeps(self.settled) {
            self.settled += 1;
        }
    }

    fn next_close_ms(&self, load: &Load) -> Option<u64> {
        let hold_ms = load.hold_ms?;
        (self.settled < self.begun).then(|| load.begins_ms(self.settled) + u64::from(hold_ms))
    }
}

/// A connection that never came up is closed plainly, whatever the load says.
fn close_how(close: LoadClose, kernel: &Kernel, s: SocketName) -> CloseHow {
    let established =
        kernel.socket(s).is_some_and(|socket| socket.state == SocketState::Established);
    match (established, close) {
        (false, _) => CloseHow::Plain,
        (true, LoadClose::Active) => CloseHow::Active,
        (true, LoadClose::Passive) => CloseHow::Passive,
        (true, LoadClose::Rst) => CloseHow::Rst,
    }
}
