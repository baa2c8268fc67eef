//! Questions to the kernel of a release: small machines are built, and what they answer is the
//! answer. No rule stands here.

use error99_kernel::{
    Addr, Call, CloseHow, Config, Errno, Kernel, PortState, Release, SocketName, Sysctl,
    SysctlValue, TimewaitRefusal, WalkOrder,
};

/// How long a TIME_WAIT has been there when it's asked about: old enough for every rule of age.
const OLD_MS: u64 = 5_000;

/// A machine that is asked, and what its knobs are set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whose rules.
    pub release: Release,
    /// `tcp_tw_reuse`, if it isn't what it is at boot.
    pub reuse: Option<i32>,
    /// `tcp_tw_recycle`, where there is one.
    pub recycle: Option<i32>,
    /// `tcp_timestamps`.
    pub timestamps: Option<i32>,
}

/// What becomes of a connect that meets its own 4-tuple in TIME_WAIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeOver {
    /// It is taken over once it is old enough.
    Yes,
    /// It isn't, and why.
    No(TimewaitRefusal),
    /// It has ended by itself within seconds.
    Gone,
}

impl Ask {
    /// A machine with the knobs of its boot.
    pub const fn of(release: Release) -> Ask {
        Ask { release, reuse: None, recycle: None, timestamps: None }
    }

    fn boot(&self, low: u16, high: u16, wire: bool) -> Option<Kernel> {
        let rules = self.release.rules();
        let range = (Sysctl::PortRange, SysctlValue::Two(low.into(), high.into()));
        let knobs = [
            (Sysctl::TwReuse, self.reuse),
            (Sysctl::TwRecycle, self.recycle),
            (Sysctl::Timestamps, self.timestamps),
        ];
        let knobs = knobs.into_iter().filter(|(sysctl, _)| rules.has(*sysctl));
        let knobs = knobs.filter_map(|(sysctl, value)| Some((sysctl, SysctlValue::One(value?))));
        let sysctl = std::iter::once(range).chain(knobs).collect();
        // Small tables: it is asked often, and they change no answer.
        let small =
            Config { ehash_size: 64, bhash_size: 64, perturb_seed: 0, ..Config::of(self.release) };
        Kernel::new(&Config { sysctl, loop_wire: wire, ..small }).ok()
    }

    /// What a connect makes of an old TIME_WAIT with the wanted 4-tuple, on the loopback or not,
    /// from a peer with timestamps.
    pub fn take_over(&self, loopback: bool) -> Option<TakeOver> {
        // The other end of a loopback connection isn't needed here.
        let mut kernel = self.boot(40_000, 40_000, true)?;
        let to = if loopback { Addr::LOOPBACK } else { Addr::new(10, 0, 0, 2) };
        let s = SocketName(0);
        kernel.apply(&Call::Socket { s });
        kernel.apply(&Call::connect(s, to, 80));
        kernel.apply(&Call::close(s, CloseHow::Active));
        kernel.apply(&Call::Advance { ms: OLD_MS });
        let source = kernel.route(to).ok()?.source;
        Some(match kernel.survey(40_000, 40_000, source, to, 80).next()? {
            PortState::Timewait { refusal: Some(refusal), .. } => TakeOver::No(refusal),
            PortState::Timewait { .. } => TakeOver::Yes,
            _ => TakeOver::Gone,
        })
    }

    /// How long a TIME_WAIT lasts, in ms.
    pub fn timewait_ms(&self) -> Option<u64> {
        let mut kernel = self.boot(40_000, 40_000, false)?;
        let s = SocketName(0);
        kernel.apply(&Call::Socket { s });
        kernel.apply(&Call::connect(s, Addr::new(10, 0, 0, 2), 80));
        kernel.apply(&Call::close(s, CloseHow::Active));
        kernel.timewaits().next().map(|mini| mini.ends_ms - mini.began_ms)
    }

    /// How many of 16 ports bind(address, 0) finds before it fails, with `SO_REUSEADDR` or not.
    pub fn binds_of_16(&self, reuse: bool) -> Option<u32> {
        let mut kernel = self.boot(40_000, 40_015, false)?;
        let bound = (0..20_u32).map(SocketName).filter(|&s| {
            kernel.apply(&Call::Socket { s });
            kernel.apply(&Call::Reuse { s, on: reuse });
            let call = Call::Bind { s, addr: Addr::new(10, 0, 0, 1), port: 0 };
            let fine = kernel.apply(&call).errno() != Some(Errno::EADDRINUSE);
            // A socket that listens shares its port with nobody.
            kernel.apply(&Call::Listen { s });
            fine
        });
        Some(bound.count() as u32)
    }

    /// Distance from the lowest port of those that come first, modulo 2: of connect, and of
    /// bind(address, 0); `None` where any comes first.
    pub fn first_parity(&self, binds: bool) -> Option<u16> {
        let mut kernel = self.boot(40_000, 40_031, false)?;
        let mut seen = [0_u32; 2];
        for s in (0..16).map(SocketName) {
            kernel.apply(&Call::Socket { s });
            let call = match binds {
                true => Call::Bind { s, addr: Addr::new(10, 0, 0, 1), port: 0 },
                false => Call::connect(s, Addr::new(10, 0, 0, 2), 80),
            };
            kernel.apply(&call);
            seen[usize::from(kernel.socket(s)?.num % 2)] += 1;
        }
        match seen {
            [_, 0] => Some(0),
            [0, _] => Some(1),
            _ => None,
        }
    }

    /// Whether a connect never gets to one port of a range.
    pub fn loses_a_port(&self, (low, high): (u16, u16)) -> bool {
        let order = self.release.rules().order;
        order.has_passes() && WalkOrder::two_passes(low, high, 0).unvisited() > 0
    }
}
